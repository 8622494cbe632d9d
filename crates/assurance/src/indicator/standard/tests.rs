//! Age allowed for: by hand, against the slow way, and where it cannot be.

use jiff::Timestamp;
use proptest::prelude::*;
use store::Aggregate;

use super::*;
use crate::indicator::reading::{Reader, charted, of_a_year, series};
use crate::indicator::{Figure, Report, read};
use crate::measure::rate::rate;

const DIRECT: &str = r#"
id = "falls"
edition = 1
title = "Falls"
domain = "quality"
why = "They hurt."
numerator = "Falls that were reported."
denominator = "Person-years."
population = "Registered with a practice of the place."
statistic = "rate"
multiplier = 1000.0
standardisation = "direct"
polarity = "less"
owner = "council"
splits = ["age"]
source = "Made up."

[age]
to = "a standard"
bands = [{ group = "young", standard = 900 }, { group = "old", standard = 100 }]
"#;

fn definition(indirect: bool) -> Definition {
    let reference = DIRECT
        .replace("\"direct\"", "\"indirect\"")
        .replace("standard = 900", "reference = [90, 9000]")
        .replace("standard = 100", "reference = [50, 1000]");
    read("falls.toml", if indirect { &reference } else { DIRECT }).unwrap()
}

fn month(at: i32) -> Month {
    "2025-01".parse::<Month>().unwrap().plus(at)
}

/// A month of so many falls of so many people, young and old.
fn reported(at: i32, young: (i64, i64), old: (i64, i64)) -> Vec<Figure> {
    let figure = |group: Option<&str>, (numerator, denominator): (i64, i64)| Figure {
        month: month(at),
        slice: group.map(|group| Slice { by: Split::Age, group: group.to_owned() }),
        numerator,
        denominator: Some(denominator),
        complete: 1_000,
    };
    vec![figure(None, (young.0 + old.0, young.1 + old.1)), figure(Some("young"), young), figure(Some("old"), old)]
}

fn kept(definition: &Definition, figures: Vec<Figure>) -> Figures {
    let mut kept = Figures::default();
    let report = Report { by: "a".to_owned(), definition: definition.clone(), figures, reason: None };
    let at: Timestamp = "2027-06-01T09:00:00Z".parse().unwrap();
    for event in kept.decide(report, at).unwrap() {
        kept.apply(&event);
    }
    kept
}

#[test]
fn a_month_is_what_it_would_be_in_the_standard_population() {
    let definition = definition(false);
    // 20 of 1,000 young, 50 of 500 old: 20 and 100 in a thousand; nine parts young: 0.9 * 20 + 0.1 * 100.
    let figures = kept(&definition, reported(0, (20, 1_000), (50, 500)));
    let found = series(&definition, &figures, figures.revision()).unwrap();
    let value = &found.months[0].value;
    assert!((value.value - 28.0).abs() < 1e-9 && found.crude.is_none(), "{value:?}");
    let interval = value.intervals[0];
    assert!(interval.lower.unwrap() < 28.0 && interval.upper.unwrap() > 28.0);
    let chart = charted(&definition, &figures, figures.revision(), None, Reader::Analyst).unwrap();
    assert!(chart.drawing.title.ends_with("age allowed for"));
    let header = chart.drawing.table.header();
    assert!(["lower 95%", "upper 95%", "crude", "count", "of"].iter().all(|name| header.iter().any(|one| one == name)));
}

#[test]
fn by_a_reference_it_is_observed_over_expected_times_the_references_rate() {
    let definition = definition(true);
    // Expected: 1,000 at 10 in a thousand and 500 at 50; the reference's own rate is 140 in 10,000.
    let figures = kept(&definition, reported(0, (20, 1_000), (50, 500)));
    let found = series(&definition, &figures, figures.revision()).unwrap();
    assert!((found.months[0].value.value - 70.0 / 35.0 * 14.0).abs() < 1e-9, "{found:?}");
}

#[test]
fn no_crude_month_stands_among_standardised_ones_and_the_page_is_told_why() {
    let definition = definition(false);
    let mut figures = reported(0, (20, 1_000), (50, 500));
    figures.extend(reported(1, (22, 1_000), (40, 500)));
    figures.pop();
    let known = kept(&definition, figures.clone());
    let found = series(&definition, &known, known.revision()).unwrap();
    assert_eq!(found.crude.as_deref(), Some("2025-02 was not reported for the band \u{201c}old\u{201d}"));
    let crude = rate(70.0, 1_500.0, 1_000.0, &[]).unwrap().value;
    assert!((found.months[0].value.value - crude).abs() < 1e-9, "all of them are crude");
    figures.extend(reported(1, (22, 1_000), (39, 500)).pop());
    let known = kept(&definition, figures);
    let found = series(&definition, &known, known.revision()).unwrap();
    assert!(found.crude.unwrap().contains("the bands of 2025-02 add up to another count"));
    let few = kept(&definition, reported(0, (4, 1_000), (5, 500)));
    assert!(series(&definition, &few, few.revision()).unwrap().crude.unwrap().contains("fewer than 10 events"));
}

#[test]
fn a_small_band_is_not_told_by_the_standardised_month_it_is_part_of() {
    let definition = definition(false);
    let months = (0..14).flat_map(|at| reported(at, (if at == 2 { 5 } else { 20 }, 1_000), (50, 500)));
    let figures = kept(&definition, months.collect());
    let of = |reader| charted(&definition, &figures, figures.revision(), None, reader).unwrap();
    assert_eq!((of(Reader::Analyst).withheld, of(Reader::Anybody).withheld), (0, 1));
    let year = of_a_year(&definition, &figures).unwrap();
    assert!(year.crude.is_none() && (26.0..28.0).contains(&year.value.value), "{year:?}");
}

proptest! {
    // The slow way: people of the standard, one band after the other, each with its band's share of events.
    #[test]
    fn where_every_band_has_the_same_rate_it_is_that_rate(young in 1_i64..40, old in 1_i64..40, each in 5_i64..60) {
        let definition = definition(false);
        let figures = kept(&definition, reported(0, (young * each, young * 1_000), (old * each, old * 1_000)));
        let found = series(&definition, &figures, figures.revision()).unwrap();
        if found.crude.is_none() {
            prop_assert!((found.months[0].value.value - each as f64).abs() < 1e-9);
        } else {
            prop_assert!((young + old) * each < 10);
        }
    }
}
