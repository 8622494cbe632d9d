use assurance::gate::*;
fn main() {
    let started = std::time::Instant::now();
    let mut battery = prove::Battery::standard();
    let mut spread = 1.0;
    for argument in std::env::args().skip(1) {
        let (key, value) = argument.split_once('=').unwrap();
        match key {
            "base" => battery.baseline = value.parse().unwrap(),
            "paths" => battery.plan.paths = value.parse().unwrap(),
            "seed" => battery.seed = value.parse().unwrap(),
            "spread" => spread = value.parse().unwrap(),
            "wash" => battery.wash_out = value.parse().unwrap(),
            "worlds" => battery.worlds = value.parse().unwrap(),
            "w" => { let ws: Vec<f64> = value.split(",").map(|v| v.parse().unwrap()).collect(); let m = battery.grid.memories().iter().map(|m| grid::Memory { weight: ws[if m.psi == 0.0 {0} else if m.psi == 0.25 {1} else {2}] * if m.phi == 0.95 { ws[3] } else { 1.0 }, ..*m }).collect(); battery.grid = grid::Grid::new(m).unwrap(); }
            "grid" => battery.grid = if value == "bounded" { grid::Grid::bounded(0.5) } else { grid::Grid::read(&std::fs::read_to_string(value).unwrap()).unwrap() },
            _ => panic!(),
        }
    }
    let proof = prove::prove(&battery, &world::BATTERY.iter().filter(|s| s.kind == world::Kind::Power || s.name.contains("memory") || s.name.contains("wander") || s.name.contains("trend") || s.kind == world::Kind::Passing).map(|s| world::Scenario { spread: s.spread * spread, ..*s }).collect::<Vec<_>>(), 2).unwrap();
    println!("{:.3} {:?}", proof.calibration.log_threshold.exp(), proof.calibration.quantiles.iter().map(|q| (q.exp() * 100.0).round() / 100.0).collect::<Vec<_>>());
    for o in &proof.outcomes {
        let p = |v: f64| format!("{:5.1}", v * 100.0);
        println!("{:40} {} | {} | {}", o.scenario, p(o.evidence), o.passed_gently.map(p).join(" "), o.passed.map(p).join(" "));
    }
    println!("{:?}", started.elapsed());
}
