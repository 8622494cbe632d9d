use assurance::gate::*;
fn main() {
    let started = std::time::Instant::now();
    let proof = prove::prove(&prove::Battery::standard(), &world::BATTERY, 2).unwrap();
    println!("{:.3}", proof.calibration.log_threshold.exp());
    for o in &proof.outcomes {
        let cells: Vec<String> = o
            .passed
            .iter()
            .zip(&o.passed_gently)
            .map(|(s, g)| format!("{:.1} ({:.1})", s * 100.0, g * 100.0))
            .collect();
        println!("| {} | {:.1} | {} |", o.scenario, o.evidence * 100.0, cells.join(" | "));
    }
    println!("{:?} broken {:?}", started.elapsed(), proof.broken());
    let table =
        placebo::read(&std::fs::read_to_string("/work/shared/data/assurance/NHSRdatasets_ae_attendances.csv").unwrap())
            .unwrap();
    let r = placebo::placebo(&placebo::Placebo::standard(), &table, 2).unwrap();
    println!(
        "c {:.3} areas {} incomplete {} any {:?} last3 {:?} last {:?} RWJ {:?}",
        r.calibration.log_threshold.exp(),
        r.areas.len(),
        r.incomplete,
        r.at_any_look(),
        r.at_the_last_three(),
        r.at_the_last(),
        r.areas.iter().find(|a| a.area == "RWJ").map(|a| a.log_e.iter().map(|e| e.exp()).collect::<Vec<_>>())
    );
    println!("{:?}", started.elapsed());
}
