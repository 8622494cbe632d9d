use assurance::gate::*;
fn main() {
    let started = std::time::Instant::now();
    for (baseline, grid) in [(60, grid::Grid::robust(0.5))] {
        let design = design::Design::new(baseline, 4, 24, &[]).unwrap();
        let evidence = evidence::Evidence::new(design, grid, evidence::Direction::Fall).unwrap();
        let plan = calibrate::Plan { first: 12, last: 24, alpha: 0.025, paths: 20_000, seed: 1 };
        let found = calibrate::calibrate(&evidence, plan, 2).unwrap();
        println!("{baseline} {:.3} {:?} {:?}", found.log_threshold.exp(), found.quantiles.iter().map(|q| (q.exp() * 100.0).round() / 100.0).collect::<Vec<_>>(), started.elapsed());
    }
}
