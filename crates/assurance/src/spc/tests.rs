//! The chart against NHSRplotthedots' own output, and what cannot be drawn.

use std::path::{Path, PathBuf};

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::sheet::Sheet;

/// What a file's name says of its options.
fn asked(name: &str) -> Asked {
    let improvement = match name.strip_prefix("rand_").map(|number| number[..2].parse::<u32>().unwrap() % 3) {
        Some(0) => Improvement::Increase,
        Some(1) => Improvement::Neutral,
        Some(_) => Improvement::Decrease,
        None if name.contains("_dec_") => Improvement::Decrease,
        None => Improvement::Increase,
    };
    Asked {
        fix_after: name.contains("_fix12").then_some(12),
        rebase: if name.contains("_rebase") { vec![date(2017, 4, 1), date(2018, 4, 1)] } else { Vec::new() },
        screening: !name.contains("_noscreen"),
        target: name.contains("_target95").then_some(0.95),
        ..Asked::of(improvement)
    }
}

/// Every cell of a file against ours: text exactly, numbers to 1e-9.
fn compare(path: &Path) {
    let name = path.file_stem().unwrap().to_str().unwrap();
    let wanted = Sheet::read(name, &std::fs::read(path).unwrap()).unwrap();
    let asked = asked(name);
    let (chart, got) = crate::sheet::spc::spc(&wanted, &asked).unwrap();
    assert_eq!(got.header(), wanted.header(), "{name}");
    assert_eq!(got.rows().len(), wanted.rows().len(), "{name}");
    for (row, expected) in got.rows().iter().zip(wanted.rows()) {
        for column in wanted.others(&[]) {
            let (one, other) = (row.text(column), expected.text(column));
            let other = if other == "NaN" { "NA" } else { other };
            let same = match (one.parse::<f64>(), other.parse::<f64>()) {
                (Ok(one), Ok(other)) => (one - other).abs() <= 1e-9 * other.abs().max(1.0),
                _ => one == other,
            };
            assert!(same, "{name}, line {}, {}: {one} is not {other}", expected.line, wanted.name(column));
        }
    }
    if asked.target == Some(0.95) {
        assert_eq!(chart.assurance, Some(Assurance::ConsistentFail), "{name}");
    }
}

fn files(folder: PathBuf) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn charts_are_those_of_nhsrplotthedots() {
    let kept = files(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/spc"));
    assert_eq!(kept.len(), 8);
    kept.iter().for_each(|path| compare(path));
    let Some(shared) = std::env::var_os("WEFT_SHARED_DATA") else {
        eprintln!("NOT RUN: WEFT_SHARED_DATA names no folder, so only the charts in the repository were compared");
        return;
    };
    let all = files(Path::new(&shared).join("assurance/spc_expected"));
    assert!(all.len() >= 50, "{}", all.len());
    all.iter().for_each(|path| compare(path));
}

fn daily(values: &[f64]) -> Vec<Observation> {
    let first = date(2020, 1, 1);
    let at = |day: usize| first.checked_add(jiff::Span::new().days(day as i64)).unwrap();
    values.iter().enumerate().map(|(day, value)| Observation { at: at(day), value: *value }).collect()
}

fn monthly(months: &[(i16, i8)]) -> Vec<Observation> {
    months.iter().map(|(year, month)| Observation { at: date(*year, *month, 1), value: 1.0 }).collect()
}

#[test]
fn what_cannot_be_drawn_is_refused_with_its_day() {
    let ask = Asked::of(Improvement::Increase);
    assert_eq!(chart(&[], &ask), Err(SpcError::Nothing));
    assert!(matches!(chart(&daily(&[1.0, f64::NAN]), &ask), Err(SpcError::Value { .. })));
    let twice = [daily(&[1.0]), daily(&[2.0])].concat();
    assert_eq!(chart(&twice, &ask), Err(SpcError::Twice { at: date(2020, 1, 1) }));
    assert_eq!(
        chart(&daily(&[1.0]), &Asked { fix_after: Some(11), ..ask.clone() }),
        Err(SpcError::Baseline { points: 11 })
    );
    let elsewhere = Asked { rebase: vec![date(2021, 1, 1)], ..ask.clone() };
    assert_eq!(chart(&daily(&[1.0]), &elsewhere), Err(SpcError::NoSuchPoint { at: date(2021, 1, 1) }));
}

#[test]
fn a_missing_month_is_refused_unless_gaps_are_allowed() {
    let ask = Asked::of(Improvement::Increase);
    let gap = monthly(&[(2020, 11), (2020, 12), (2021, 2), (2021, 3)]);
    let error = chart(&gap, &ask).unwrap_err();
    assert_eq!(error, SpcError::Gap { after: date(2020, 12, 1), before: date(2021, 2, 1), step: "a month" });
    assert!(chart(&gap, &Asked { allow_gaps: true, ..ask.clone() }).is_ok());
    assert!(chart(&monthly(&[(2020, 1), (2020, 4), (2020, 7), (2020, 10), (2021, 1)]), &ask).is_ok(), "quarters");
    let ends = [date(2020, 1, 31), date(2020, 2, 29), date(2020, 3, 31)].map(|at| Observation { at, value: 1.0 });
    assert!(chart(&ends, &ask).is_ok(), "months by their last day");
    let weeks = [date(2020, 1, 6), date(2020, 1, 13), date(2020, 1, 27)].map(|at| Observation { at, value: 1.0 });
    assert!(matches!(chart(&weeks, &ask), Err(SpcError::Gap { step: "a week", .. })));
    let days = [date(2020, 1, 6), date(2020, 1, 7), date(2020, 1, 10)].map(|at| Observation { at, value: 1.0 });
    assert!(chart(&days, &ask).is_ok(), "days may be missing");
}

#[test]
fn icons_say_which_way_and_whether_the_target_will_be_met() {
    let mut values = vec![10.0, 11.0, 9.0, 10.0, 11.0, 9.0, 10.0, 11.0, 9.0, 10.0, 11.0, 9.0];
    let of = |values: &[f64], improvement, target| {
        let chart = chart(&daily(values), &Asked { target, ..Asked::of(improvement) }).unwrap();
        (chart.variation, chart.assurance)
    };
    assert_eq!(of(&values, Improvement::Increase, None), (Variation::CommonCause, None));
    assert_eq!(of(&values, Improvement::Increase, Some(20.0)).1, Some(Assurance::ConsistentFail));
    assert_eq!(of(&values, Improvement::Decrease, Some(20.0)).1, Some(Assurance::ConsistentPass));
    assert_eq!(of(&values, Improvement::Decrease, Some(10.0)).1, Some(Assurance::Inconsistent));
    assert_eq!(of(&values, Improvement::Neutral, Some(10.0)).1, None);
    values.push(30.0);
    assert_eq!(of(&values, Improvement::Increase, None).0, Variation::ImprovementHigh);
    assert_eq!(of(&values, Improvement::Decrease, None).0, Variation::ConcernHigh);
    assert_eq!(of(&values, Improvement::Neutral, None).0, Variation::NeutralHigh);
}

proptest! {
    // Turned upside down, what was better is worse, and nothing else changes.
    #[test]
    fn a_chart_turned_over_is_its_mirror(values in prop::collection::vec(-20i32..20, 1..40), fix in prop::option::of(12usize..20)) {
        let values: Vec<f64> = values.into_iter().map(f64::from).collect();
        let over: Vec<f64> = values.iter().map(|value| -value).collect();
        let ask = Asked { fix_after: fix, ..Asked::of(Improvement::Increase) };
        let (one, other) = (chart(&daily(&values), &ask).unwrap(), chart(&daily(&over), &Asked { improvement: Improvement::Decrease, ..ask }).unwrap());
        for (one, other) in one.points.iter().zip(&other.points) {
            prop_assert_eq!(one.side, -other.side);
            // A level step between two trends reads as falling whichever way up (see the rules).
            if !matches!(one.cause, Some(SpecialCause::Trend { .. })) {
                prop_assert_eq!(one.kind, other.kind);
                prop_assert_eq!(one.outside, other.outside);
            }
        }
    }

    // Points before a rebasing know nothing of those after it.
    #[test]
    fn a_rebasing_makes_two_charts(values in prop::collection::vec(-20i32..20, 4..40), cut in 1usize..3) {
        let values: Vec<f64> = values.into_iter().map(f64::from).collect();
        let all = daily(&values);
        let ask = Asked::of(Improvement::Increase);
        let whole = chart(&all, &Asked { rebase: vec![all[cut].at], ..ask.clone() }).unwrap();
        let (first, second) = (chart(&all[..cut], &ask).unwrap(), chart(&all[cut..], &ask).unwrap());
        for (one, other) in whole.points.iter().zip(first.points.iter().chain(&second.points)) {
            prop_assert_eq!((one.limits, one.cause), (other.limits, other.cause));
        }
    }
}
