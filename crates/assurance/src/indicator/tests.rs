//! Definitions that are whole, lives without skipped steps, claims that do not say more than the figures.

use jiff::Timestamp;
use jiff::civil::date;
use place::files::{BuiltIn, Files};
use proptest::prelude::*;
use store::Aggregate;

use super::*;
use crate::measure::{Estimate, Interval};

const WHOLE: &str = r#"
id = "falls"
edition = 1
title = "Falls"
domain = "quality"
why = "They hurt."
numerator = "Falls that were reported."
denominator = "People registered."
population = "Registered with a practice of the place."
statistic = "rate"
multiplier = 1000.0
standardisation = "direct"
polarity = "less"
owner = "council"
splits = ["age", "sex"]
source = "Made up."

[age]
to = "the European Standard Population of 2013"
bands = [{ group = "Under 75", standard = 91000 }, { group = "75 and over", standard = 9000 }]
"#;

#[test]
fn the_places_own_definitions_are_whole() {
    let names: Vec<String> = BuiltIn.names().into_iter().filter(|name| name.starts_with("indicators/")).collect();
    assert!(names.len() >= 6, "{names:?}");
    let mut national = 0;
    for name in names {
        let definition = read(&name, &BuiltIn.text(&name).unwrap()).unwrap_or_else(|error| panic!("{error}"));
        national += usize::from(definition.national);
    }
    assert!(national >= 3, "national targets stand beside the local ones");
}

#[test]
fn a_definition_that_is_not_whole_is_refused_by_its_field() {
    assert!(read("indicators/falls.toml", WHOLE).is_ok());
    let with = |from: &str, to: &str| read("falls.toml", &WHOLE.replace(from, to)).unwrap_err().to_string();
    assert!(read("other.toml", WHOLE).unwrap_err().to_string().contains("called as the indicator is"));
    assert!(
        with("[\"age\", \"sex\"]", "[\"sex\"]")
            .contains("falls.toml, splits: every indicator of people is also shown by age")
    );
    assert!(with("statistic", "counts = \"services\"\nstatistic").contains("services have no age"));
    let services = WHOLE.replace("splits = [\"age\", \"sex\"]", "counts = \"services\"");
    assert!(read("falls.toml", &services).unwrap_err().to_string().contains("only a count is of services"));
    assert!(with("statistic = \"rate\"", "statistic = \"count\"").contains("denominator"));
    assert!(with("statistic = \"rate\"", "statistic = \"mean\"").contains("only a rate or a ratio"));
    assert!(with("polarity", "national = true\npolarity").contains("here for its target"));
    assert!(
        with("polarity = \"less\"", "polarity = \"neither\"\ntarget = { value = 1.0 }").contains("nothing to reach")
    );
    assert!(
        with("edition = 1", "edition = 1\nbaseline = [\"2016-04-01\", \"2016-03-31\"]").contains("before the first")
    );
    assert!(with("owner = ", "ownr = ").contains("ownr"), "an unknown field is told");
    let bands = WHOLE.find("[age]").unwrap();
    assert!(read("falls.toml", &WHOLE[..bands]).unwrap_err().to_string().contains("by which bands of age"));
    assert!(with("standardisation = \"direct\"", "standardisation = \"none\"").contains("only a standardised rate"));
    assert!(with("standardisation = \"direct\"", "standardisation = \"indirect\"").contains("`reference`"));
    assert!(with("standard = 9000 ", "standard = 0 ").contains("above zero"));
    assert!(with("\"75 and over\"", "\"Under 75\"").contains("each once"));
    assert!(with("to = \"the European Standard Population of 2013\"", "to = \" \"").contains("name the standard"));
}

fn step(stage: Stage) -> Event {
    let (group, body, why) = ("Frailty".to_owned(), "Board".to_owned(), "It matters.".to_owned());
    match stage {
        Stage::Unlisted | Stage::LongListed => {
            Event::LongListed { indicator: "falls".to_owned(), edition: 1, national: false, group, why }
        }
        Stage::ShortListed => Event::ShortListed { group, why },
        Stage::Adopted => Event::Adopted { body },
        Stage::Baselined => Event::Baselined { from: date(2016, 4, 1), until: date(2017, 3, 31), value: 12.0 },
        Stage::GoodAgreed => Event::GoodAgreed { target: Target { value: 10.0, by: None }, body },
        Stage::Retired => Event::Retired { body, why },
    }
}

const STAGES: [Stage; 6] =
    [Stage::LongListed, Stage::ShortListed, Stage::Adopted, Stage::Baselined, Stage::GoodAgreed, Stage::Retired];

#[test]
fn a_national_target_is_read_and_not_changed() {
    let mut life = Life::default();
    for stage in &STAGES[..5] {
        let mut event = step(*stage);
        if let Event::LongListed { national, .. } = &mut event {
            *national = true;
        }
        life.apply(&life.clone().decide(event, Timestamp::UNIX_EPOCH).unwrap()[0]);
    }
    assert_eq!(life.decide(step(Stage::GoodAgreed), Timestamp::UNIX_EPOCH), Err(Refusal::National));
    assert_eq!((life.baseline, life.target), (Some(12.0), Some(Target { value: 10.0, by: None })));
}

proptest! {
    // Whatever is asked in whatever order: an indicator only ever goes one step on, is agreed anew, or retires.
    #[test]
    fn no_step_is_skipped(asked in prop::collection::vec(0usize..6, 0..20)) {
        let mut life = Life::default();
        for place in asked {
            let before = life.stage;
            if let Ok(events) = life.decide(step(STAGES[place]), Timestamp::UNIX_EPOCH) {
                for event in events {
                    life.apply(&serde_json::from_str(&serde_json::to_string(&event).unwrap()).unwrap());
                }
                let on = life.stage as i32 - before as i32;
                prop_assert!(on == 1 || (on == 0 && life.stage == Stage::GoodAgreed) || (life.stage == Stage::Retired && before != Stage::Unlisted));
            } else {
                prop_assert_eq!(life.stage, before);
            }
        }
    }
}

#[test]
fn a_claim_holds_only_where_the_whole_interval_does() {
    let claim = |says| Claim {
        words: "10% fewer".to_owned(),
        document: "board.txt".to_owned(),
        said_in: "Board paper".to_owned(),
        indicator: "falls".to_owned(),
        says,
    };
    let estimate = |lower: f64, upper: f64| Estimate {
        value: f64::midpoint(lower, upper),
        intervals: vec![Interval { lower: Some(lower), upper: Some(upper) }],
    };
    let fewer = claim(Relation::FewerBy { share: 0.1 });
    assert_eq!(fewer.judge(&estimate(80.0, 90.0), Some(100.0)), Ok(Verdict::Holds));
    assert_eq!(fewer.judge(&estimate(85.0, 95.0), Some(100.0)), Ok(Verdict::CannotTell));
    assert_eq!(fewer.judge(&estimate(91.0, 99.0), Some(100.0)), Ok(Verdict::DoesNotHold));
    assert!(fewer.judge(&estimate(80.0, 90.0), None).is_err());
    assert!(fewer.judge(&Estimate { value: 1.0, intervals: Vec::new() }, Some(100.0)).is_err());
    assert_eq!(claim(Relation::AtLeast { value: 95.0 }).judge(&estimate(95.0, 97.0), None), Ok(Verdict::Holds));
    assert_eq!(
        claim(Relation::MoreBy { share: 0.5 }).judge(&estimate(95.0, 97.0), Some(100.0)),
        Ok(Verdict::DoesNotHold)
    );
}

/// The claims of the place, to the letter in the papers they are from.
#[test]
fn every_claim_is_bound_to_an_indicator_and_stands_in_its_paper() {
    let names = BuiltIn.names();
    let ids: Vec<String> = names
        .iter()
        .filter(|name| name.starts_with("indicators/"))
        .map(|name| read(name, &BuiltIn.text(name).unwrap()).unwrap().id.to_string())
        .collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let text = BuiltIn.text("claims.toml").unwrap();
    let found = claims(&text, &ids).unwrap();
    assert!(found.len() >= 5);
    assert!(claims(&text, &["falls"]).unwrap_err().contains("claim 1: there is no indicator"));
    assert!(claims(&text.replacen("share = 0.1", "share = 10.0", 1), &ids).unwrap_err().contains("from 0 to 1"));
    assert!(claims(&text.replacen("document = \"faqs.txt\"", "document = \" \"", 1), &ids).is_err());
    let Some(shared) = std::env::var_os("WEFT_SHARED_DATA") else {
        eprintln!("NOT RUN: WEFT_SHARED_DATA names no folder, so the claims were not held against their papers");
        return;
    };
    let papers = std::path::Path::new(&shared).join("../seeds");
    for claim in found {
        let paper = std::fs::read_to_string(papers.join(&claim.document)).unwrap();
        let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(one_line(&paper).contains(&one_line(&claim.words)), "{}", claim.words);
    }
}
