use assurance::gate::placebo::*;
fn main() {
    let table = read(&std::fs::read_to_string("/work/shared/data/assurance/NHSRdatasets_ae_attendances.csv").unwrap()).unwrap();
    for wash in [0, 4] {
        let ask = Placebo { wash_out: wash, ..Placebo::standard() };
        let r = placebo(&ask, &table, 2).unwrap();
        println!("wash {wash} c {:.2} areas {} incomplete {} any {:?} last3 {:?} last {:?} RWJ {:?}", r.calibration.log_threshold.exp(), r.areas.len(), r.incomplete, r.at_any_look(), r.at_the_last_three(), r.at_the_last(), r.areas.iter().find(|a| a.area == "RWJ").map(|a| a.log_e.iter().map(|e| e.exp()).collect::<Vec<_>>()));
        let ask = Placebo { grid: assurance::gate::grid::Grid::new(ask.grid.memories().iter().map(|m| assurance::gate::grid::Memory { weight: 1.0, ..*m }).collect()).unwrap(), ..ask };
        let r = placebo(&ask, &table, 2).unwrap();
        println!("equal wash {wash} c {:.2} any {:?} last3 {:?} last {:?}", r.calibration.log_threshold.exp(), r.at_any_look(), r.at_the_last_three(), r.at_the_last());
    }
}
