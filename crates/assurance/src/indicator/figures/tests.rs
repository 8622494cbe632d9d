//! Figures that come late, twice, otherwise, with holes, or not at all.

use super::*;
use crate::indicator::read;

const FALLS: &str = r#"
id = "falls"
edition = 1
title = "Falls"
domain = "quality"
why = "They hurt."
numerator = "Falls that were reported."
denominator = "People registered."
population = "Registered with a practice of the place."
statistic = "proportion"
multiplier = 100.0
standardisation = "none"
polarity = "less"
owner = "council"
splits = ["age", "sex"]
source = "Made up."
"#;

fn month(at: i32) -> Month {
    "2026-01".parse::<Month>().unwrap().plus(at)
}

fn whole(at: i32, numerator: i64) -> Figure {
    Figure { month: month(at), slice: None, numerator, denominator: Some(1_000), complete: 1_000 }
}

fn report(figures: &[Figure], reason: Option<&str>) -> Report {
    Report {
        by: "analyst".to_owned(),
        definition: read("falls.toml", FALLS).unwrap(),
        figures: figures.to_vec(),
        reason: reason.map(str::to_owned),
    }
}

fn at(day: &str) -> Timestamp {
    format!("{day}T12:00:00Z").parse().unwrap()
}

fn tell(figures: &mut Figures, asked: Report, when: &str) -> Result<(), Refusal> {
    for event in figures.decide(asked, at(when))? {
        figures.apply(&event);
    }
    Ok(())
}

#[test]
fn a_restated_month_is_known_as_it_was_then_and_as_it_is_now() {
    let mut figures = Figures::default();
    tell(&mut figures, report(&[whole(0, 40), whole(1, 50)], None), "2026-03-10").unwrap();
    let without = tell(&mut figures, report(&[whole(1, 44)], None), "2026-04-10").unwrap_err();
    assert!(without.to_string().contains("2026-02: 50 of 1000 was reported before, now 44 of 1000"), "{without}");
    tell(&mut figures, report(&[whole(1, 44), whole(2, 30)], Some("late returns")), "2026-04-10").unwrap();

    let numerator = |when| figures.months(None, figures.revision_at(at(when)))[&month(1)].numerator;
    assert_eq!((numerator("2026-03-31"), numerator("2026-04-30")), (50, 44));
    assert!(figures.months(None, figures.revision_at(at("2026-01-31"))).is_empty());
    assert_eq!(figures.restated().len(), 1);
    assert_eq!(
        (figures.restated()[0].reason.as_str(), figures.restated()[0].changes[0].was.numerator),
        ("late returns", 50)
    );
    let again = tell(&mut figures, report(&[whole(1, 44)], Some("again")), "2026-04-11").unwrap_err();
    assert_eq!(again, Refusal::Nothing, "what says the same as before is no restatement");
}

#[test]
fn what_cannot_be_is_refused_whole_and_says_why() {
    let refused = |figures: &[Figure], when: &str| {
        let mut kept = Figures::default();
        tell(&mut kept, report(&[whole(0, 40)], None), "2026-02-10").unwrap();
        let refusal = tell(&mut kept, report(figures, None), when).unwrap_err().to_string();
        assert_eq!(kept.revision(), 1, "nothing partial");
        refusal
    };
    assert!(refused(&[whole(1, -1)], "2026-03-10").contains("below zero"));
    assert!(refused(&[whole(1, 1_001)], "2026-03-10").contains("more than all"));
    assert!(refused(&[Figure { denominator: None, ..whole(1, 1) }], "2026-03-10").contains("divided by"));
    assert!(refused(&[Figure { denominator: Some(0), ..whole(1, 1) }], "2026-03-10").contains("more than zero"));
    assert!(refused(&[Figure { complete: 1_001, ..whole(1, 1) }], "2026-03-10").contains("thousandths"));
    assert!(refused(&[whole(1, 4), whole(1, 5)], "2026-03-10").contains("twice"));
    assert!(refused(&[whole(1, 4)], "2026-02-28").contains("not over"));
    assert!(refused(&[whole(1, 4), whole(3, 4)], "2026-06-10").contains("2026-03 is missing"));
    let by = |by| Some(Slice { by, group: "75 to 84".to_owned() });
    assert!(refused(&[Figure { slice: by(Split::Deprivation), ..whole(1, 4) }], "2026-03-10").contains("split"));
    let mut kept = Figures::default();
    tell(&mut kept, report(&[whole(0, 0), Figure { slice: by(Split::Age), ..whole(0, 3) }], None), "2026-03-10")
        .unwrap();
    assert_eq!(kept.groups(Split::Age).len(), 1, "nobody in a month is a figure, and a slice is one");
}
