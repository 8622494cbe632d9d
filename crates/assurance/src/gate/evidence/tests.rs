//! The evidence held against values worked out by another program, and against a slow and obvious version of itself.

use super::*;
use crate::gate::grid::Memory;

/// `gate_expected` of the shared data, where it is at hand (`WEFT_SHARED_DATA`).
#[test]
fn the_evidence_is_that_of_another_program_to_a_hundred_millionth() {
    let Some(shared) = std::env::var_os("WEFT_SHARED_DATA") else {
        eprintln!("NOT RUN: WEFT_SHARED_DATA names no folder, so only the paths in the repository were compared");
        return;
    };
    let folder = std::path::Path::new(&shared).join("assurance/gate_expected");
    let text = std::fs::read_to_string(folder.join("eprocess_paths.json")).unwrap();
    let expected: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut compared = 0;
    for world in ["null", "minus10"] {
        for trend in [0, 1] {
            let design = Design::new(36, 0, 24, &[]).unwrap();
            let design = if trend == 1 { design.with_trend() } else { design };
            for (key, steps, grid) in [
                ("logE_grid19", "est_at_bestV", Grid::plain()),
                ("logE_identityV", "est_identityV", Grid::independent()),
            ] {
                let evidence = Evidence::new(design.clone(), grid, Direction::Fall).unwrap();
                for path in 0..3 {
                    let figures = log_differences(&folder.join(format!("{world}_{path}.csv")));
                    let found = evidence.looks(&figures);
                    assert_eq!(found.len(), 24);
                    let of = |key: &str| expected[format!("{world}_trend{trend}")][key][path].clone();
                    for (at, finding) in found.iter().enumerate() {
                        let log_e = of(key)[at].as_f64().unwrap();
                        assert!(
                            (finding.log_e - log_e).abs() < 1e-8,
                            "{world} {trend} {key} {path} {at}: {finding:?} {log_e}"
                        );
                        let step = of(steps)[at].as_f64().unwrap();
                        assert!(
                            (finding.step - step).abs() < 1e-8,
                            "{world} {trend} {steps} {path} {at}: {finding:?} {step}"
                        );
                        compared += 1;
                    }
                }
            }
        }
    }
    assert_eq!(compared, 2 * 2 * 2 * 3 * 24);
}

fn log_differences(file: &std::path::Path) -> Vec<f64> {
    let mut reader = csv::Reader::from_path(file).unwrap();
    let at = reader.headers().unwrap().iter().position(|name| name == "logdiff").unwrap();
    reader.records().map(|record| record.unwrap()[at].parse().unwrap()).collect()
}

/// The formulas as they are written down, by whole matrices, one look at a time.
fn slow_log_e(design: &Design, memories: &[Memory], y: &[f64], look: usize, sign: f64) -> f64 {
    let n = design.rows_at(look);
    let p = design.columns();
    let nu = (n - p) as f64;
    let (mut best, mut terms) = (f64::NEG_INFINITY, Vec::new());
    for memory in memories {
        let months = &design.months()[..n];
        let w = crate::gate::linear::whitener(&memory.matrix(months, design.start()), n).unwrap();
        let times = |column: &dyn Fn(usize) -> f64| -> Vec<f64> {
            (0..n).map(|i| (0..=i).map(|j| w[i * n + j] * column(j)).sum()).collect()
        };
        // Gram-Schmidt, twice over.
        let mut q: Vec<Vec<f64>> = Vec::new();
        let mut log_r = 0.0;
        for k in 0..p {
            let mut column = times(&|row| design.row(row)[k]);
            for _ in 0..2 {
                for other in &q {
                    let along = dot(other, &column);
                    column.iter_mut().zip(other).for_each(|(to, from)| *to -= along * from);
                }
            }
            let length = dot(&column, &column).sqrt();
            log_r += length.ln();
            q.push(column.iter().map(|value| value / length).collect());
        }
        let clear = |mut column: Vec<f64>| {
            for _ in 0..2 {
                for other in &q {
                    let along = dot(other, &column);
                    column.iter_mut().zip(other).for_each(|(to, from)| *to -= along * from);
                }
            }
            column
        };
        let wy = clear(times(&|row| y[row]));
        let rss0 = dot(&wy, &wy);
        let log_w: f64 = (0..n).map(|i| w[i * n + i].ln()).sum();
        let m0 = log_w - log_r - nu / 2.0 * rss0.ln();
        best = best.max(m0);
        for shape in design.shapes() {
            if memory.weight == 0.0 {
                continue;
            }
            let x = clear(times(&|row| shape[row]));
            let (s, r) = (dot(&x, &x), sign * dot(&x, &wy));
            let denominator = s + 1.0 / PRIOR;
            let rss1 = rss0 - r * r / denominator;
            let t = -(r / denominator) / (rss1 / nu / denominator).sqrt();
            let degrees = u32::try_from(n - p).unwrap();
            terms.push(
                memory.weight.ln() + m0 - 0.5 * (PRIOR * s).ln_1p() - nu / 2.0 * (rss1 / rss0).ln()
                    + 2.0_f64.ln()
                    + crate::gate::student::log_cdf(t, degrees),
            );
        }
    }
    let sum: f64 = terms.iter().map(|term| (term - best).exp()).sum();
    let weights: f64 = memories.iter().map(|memory| memory.weight).sum();
    (sum / (weights * design.shapes().len() as f64)).ln()
}

fn figures(seed: u64, many: usize) -> Vec<f64> {
    let mut state = seed;
    (0..many)
        .map(|at| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f64 / f64::from(1 << 24) * 0.1 + (at as f64 * 0.7).sin() * 0.05
        })
        .collect()
}

#[test]
fn the_recursive_residuals_say_what_the_written_formulas_say() {
    let designs = [
        Design::new(36, 4, 12, &[]).unwrap(),
        Design::new(40, 0, 12, &[3, 4, 5, 43]).unwrap().with_trend(),
        Design::new(36, 4, 20, &[]).unwrap().about_later(46).unwrap(),
    ];
    for (number, design) in designs.into_iter().enumerate() {
        for (direction, sign) in [(Direction::Fall, 1.0), (Direction::Rise, -1.0)] {
            let grid = Grid::robust(0.5);
            let evidence = Evidence::new(design.clone(), grid.clone(), direction).unwrap();
            let y = figures(number as u64, design.months().len());
            for finding in evidence.looks(&y) {
                let slow = slow_log_e(&design, grid.memories(), &y, finding.look, sign);
                assert!((finding.log_e - slow).abs() < 1e-9, "{number} {finding:?} {slow}");
            }
        }
    }
}

#[test]
fn leaving_a_month_out_is_a_design_without_it() {
    let whole = Evidence::new(Design::new(36, 4, 12, &[]).unwrap(), Grid::robust(0.5), Direction::Fall).unwrap();
    let y = figures(9, whole.design().months().len());
    for row in [0, 7, 31, 32, 40] {
        let month = whole.design().months()[row];
        let less =
            Evidence::new(Design::new(36, 4, 12, &[month]).unwrap(), Grid::robust(0.5), Direction::Fall).unwrap();
        let mut without = y.clone();
        without.remove(row);
        let expected = less.residuals(&without).look(12);
        let found = whole.residuals(&y).without(row).look(12);
        assert!((expected.log_e - found.log_e).abs() < 1e-9, "{row}: {expected:?} {found:?}");
        assert!((expected.step - found.step).abs() < 1e-9, "{row}: {expected:?} {found:?}");
    }
}

proptest::proptest! {
    /// What the invariance promises: neither the unit, nor the level, nor the seasons, change the evidence.
    #[test]
    fn neither_units_nor_level_nor_seasons_change_the_evidence(
        seed in 0_u64..1_000, scale in 0.01_f64..100.0, level in -5.0_f64..5.0, wave in -1.0_f64..1.0,
    ) {
        let design = Design::new(24, 4, 8, &[]).unwrap();
        let grid = Grid::new(Grid::robust(0.5).memories()[..6].to_vec()).unwrap();
        let evidence = Evidence::new(design.clone(), grid, Direction::Fall).unwrap();
        let y = figures(seed, design.months().len());
        let moved: Vec<f64> = y.iter().enumerate().map(|(row, value)| {
            let season = design.row(row);
            value * scale + level + wave * (season[1] - 0.5 * season[4])
        }).collect();
        for (a, b) in evidence.looks(&y).iter().zip(evidence.looks(&moved)) {
            proptest::prop_assert!((a.log_e - b.log_e).abs() < 1e-7, "{a:?} {b:?}");
        }
    }
}
