//! What an indicator says, and to whom it says nothing.

use jiff::Timestamp;
use store::Aggregate;

use super::*;
use crate::indicator::{Figure, Report, read};

const FALLS: &str = r#"
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
standardisation = "none"
polarity = "less"
owner = "council"
splits = ["age", "deprivation", "neighbourhood"]
source = "Made up."
"#;

fn month(at: i32) -> Month {
    "2025-01".parse::<Month>().unwrap().plus(at)
}

fn kept(figures: Vec<Figure>) -> (Definition, Figures) {
    let definition = read("falls.toml", FALLS).unwrap();
    let mut kept = Figures::default();
    let report = Report { by: "a".to_owned(), definition: definition.clone(), figures, reason: None };
    let at: Timestamp = "2027-06-01T09:00:00Z".parse().unwrap();
    for event in kept.decide(report, at).unwrap() {
        kept.apply(&event);
    }
    (definition, kept)
}

fn whole(at: i32, numerator: i64) -> Figure {
    Figure { month: month(at), slice: None, numerator, denominator: Some(1_000), complete: 1_000 }
}

fn part(by: Split, group: &str, numerator: i64) -> Figure {
    Figure { slice: Some(Slice { by, group: group.to_owned() }), ..whole(11, numerator) }
}

#[test]
fn the_sentence_says_since_when_and_promises_nothing() {
    let before = (0..14).map(|at| whole(at, 50 + i64::from(at % 3)));
    let after = (14..22).map(|at| whole(at, 40 + i64::from(at % 2)));
    let (definition, figures) = kept(before.chain(after).collect());
    let said = charted(&definition, &figures, figures.revision(), Some(30.0), Reader::Anybody).unwrap();
    assert!(
        said.sentence.starts_with("Lower than its mean since March 2026; unlikely to be chance."),
        "{}",
        said.sentence
    );
    assert_eq!(said.drawing.icons.len(), 2, "variation and assurance");
    let (definition, few) = kept((0..5).map(|at| whole(at, 50 + i64::from(at))).collect());
    let said = charted(&definition, &few, few.revision(), None, Reader::Anybody).unwrap();
    assert!(said.sentence.contains("too few points"), "{}", said.sentence);
    assert!(charted(&definition, &few, 0, None, Reader::Anybody).unwrap_err().contains("No figures"));
}

#[test]
fn small_months_are_drawn_for_nobody_but_who_keeps_them() {
    let (definition, figures) = kept((0..14).map(|at| whole(at, if at == 5 { 6 } else { 50 })).collect());
    let of = |reader| charted(&definition, &figures, figures.revision(), None, reader).unwrap();
    // The small one, and one more of the latest twelve, from whose sum it could be worked out.
    assert_eq!((of(Reader::Analyst).withheld, of(Reader::Anybody).withheld), (0, 2));
    assert_eq!(of(Reader::Anybody).drawing.table.rows().len(), 12);
    assert!(!of(Reader::Anybody).drawing.marks.iter().any(|mark| mark.words.contains("June 2025")));
    let (definition, small) = kept(vec![whole(0, 3)]);
    assert!(latest(&definition, &small, Reader::Anybody).is_none());
    assert!(latest(&definition, &small, Reader::Analyst).is_some());
    assert!(charted(&definition, &small, 1, None, Reader::Anybody).unwrap_err().contains("too small"));
}

#[test]
fn a_small_group_takes_the_next_with_it_and_neither_is_drawn() {
    let groups =
        [("Marple", 120), ("Bramhall", 3), ("Heatons", 40)].map(|(name, n)| part(Split::Neighbourhood, name, n));
    let (definition, figures) = kept(groups.to_vec());
    let shown = parts(&definition, &figures, Split::Neighbourhood, Reader::Anybody).unwrap();
    let counts: Vec<(&str, Shown)> = shown.parts.iter().map(|part| (part.group.as_str(), part.count)).collect();
    assert_eq!(counts, [("Bramhall", Shown::Few), ("Heatons", Shown::Withheld), ("Marple", Shown::Count(120))]);
    assert_eq!(shown.parts.iter().filter(|part| part.value.is_some()).count(), 1);
    assert_eq!(shown.drawing.unwrap().marks.len(), 1);
    let whole = parts(&definition, &figures, Split::Neighbourhood, Reader::Analyst).unwrap();
    assert_eq!(whole.drawing.unwrap().marks.len(), 3);
    let (definition, one) = kept(vec![part(Split::Age, "85 and over", 4)]);
    let none = parts(&definition, &one, Split::Age, Reader::Anybody).unwrap();
    assert!(none.parts.is_empty(), "the total would be the cell");
    assert!(parts(&definition, &one, Split::Deprivation, Reader::Anybody).is_none());
}

#[test]
fn deprivation_is_told_from_end_to_end() {
    let fifths = (1..=5).map(|fifth| part(Split::Deprivation, &format!("fifth {fifth}"), 120 - 10 * fifth));
    let (definition, figures) = kept(fifths.collect());
    let shown = parts(&definition, &figures, Split::Deprivation, Reader::Anybody).unwrap();
    let drawing = shown.drawing.unwrap();
    assert_eq!(drawing.bars.len(), 5);
    assert!(drawing.alternative.contains("the line changes by -50"), "{}", drawing.alternative);
}

#[test]
fn a_claim_is_judged_by_twelve_months_and_not_by_fewer() {
    let (definition, eleven) = kept((0..11).map(|at| whole(at, 50)).collect());
    assert_eq!(of_a_year(&definition, &eleven), None);
    let (definition, more) = kept((0..13).map(|at| whole(at, if at == 0 { 500 } else { 50 })).collect());
    let year = of_a_year(&definition, &more).unwrap().value;
    assert!((year.value - 50.0).abs() < 1e-12, "the latest twelve alone: {}", year.value);
}

#[test]
fn a_count_of_a_year_is_the_mean_of_its_months() {
    let (_, figures) = kept((0..12).map(|at| whole(at, 24)).collect());
    let mut definition = read("falls.toml", FALLS).unwrap();
    (definition.statistic, definition.denominator) = (Statistic::Count, None);
    let year = of_a_year(&definition, &figures).unwrap().value;
    assert!((year.value - 24.0).abs() < 1e-12, "{}", year.value);
    let interval = year.intervals[0];
    assert!(interval.lower.unwrap() > 21.0 && interval.upper.unwrap() < 27.0, "{interval:?}");
}

#[test]
fn a_month_that_is_left_out_cannot_be_worked_out_from_the_year() {
    // The groups of the twelve months tell their sum; with one month left out alone, it would be told too.
    let (definition, figures) =
        kept((0..12).map(|at| whole(at, if at == 5 { 4 } else { 50 + i64::from(at) })).collect());
    let said = charted(&definition, &figures, figures.revision(), None, Reader::Anybody).unwrap();
    assert_eq!(said.withheld, 2);
    assert!(!said.drawing.table.header().contains(&"count".to_owned()));
    let all = charted(&definition, &figures, figures.revision(), None, Reader::Analyst).unwrap();
    assert!(all.drawing.table.header().contains(&"count".to_owned()));
    assert_eq!(all.drawing.table.rows().len(), 12);
}
