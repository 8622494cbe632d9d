//! A challenge from its charter to its learning pack, by its pages and files.

use access::Action;
use axum::http::{StatusCode, header};
use jiff::SignedDuration;

use crate::assurance::{challenge, deeds, holds};
use crate::house::House;

const CHARTER: [(&str, &str); 13] = [
    ("do", "charter"),
    ("title", "Fewer falls on ward B2"),
    ("aim", "From nine falls a week to four, by day 100"),
    ("reason", "People who fall stay for longer."),
    ("measure", "People who fell on the ward"),
    ("unit", ""),
    ("better", "less"),
    ("target", "4"),
    ("counts", "yes"),
    ("indicator", "emergency-admissions-65-and-over"),
    ("start", "2026-11-23"),
    ("team", "persona|district-nurse"),
    ("sponsor", "persona|commissioner"),
];

/// The charter with some fields otherwise, and a second of the team.
fn charter(but: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let mut all: Vec<_> = CHARTER
        .iter()
        .map(|(name, value)| *but.iter().find(|(other, _)| other == name).unwrap_or(&(*name, *value)))
        .collect();
    all.push(("team", "persona|therapist"));
    all
}

#[test]
fn a_charter_is_agreed_on_its_page_once_and_by_those_who_may() {
    let house = House::with_measures();
    let nurse = house.sign_in("district-nurse");
    holds("challenge_charter", &nurse.get("/challenges"));
    assert!(!house.sign_in("receptionist").get("/challenges").body.contains("Begin a challenge"));
    assert_eq!(house.sign_in("receptionist").send("/challenges", &charter(&[])).status, StatusCode::FORBIDDEN);
    assert_eq!(house.sign_in("receptionist").send("/challenges", &[("do", "charter")]).status, StatusCode::FORBIDDEN);
    for (but, why) in [
        ([("title", "")], "Say in a few words what it is about"),
        ([("aim", " ")], "Say by how much and by when"),
        ([("better", "")], "Say which way is better"),
        ([("target", "a few")], "Give the aim as a number"),
        ([("start", "soon")], "Give day 0 as a day"),
        ([("sponsor", "persona|therapist")], "a sponsor who is not among them"),
        ([("sponsor", "persona|citizen")], "Choose who is of the team"),
    ] {
        let answer = nurse.send("/challenges", &charter(&but));
        assert!(answer.body.contains(why), "{but:?}: {}", answer.body.split("<main").nth(1).unwrap());
        holds("challenge_charter_refused", &answer);
        assert!(answer.body.contains("People who fall stay for longer."), "what was typed stays");
    }
    let head = house.head();
    let made = nurse.send("/challenges", &charter(&[]));
    assert_eq!(made.status, StatusCode::SEE_OTHER);
    assert_eq!(deeds(&house, head), [Action::RunChallenge]);
    let page = nurse.get(made.location());
    holds("challenge_begun", &page);
    for words in ["The charter is agreed", "Begins on 23 November 2026", "Ruth Oyelaran", "To move in the end"] {
        assert!(page.body.contains(words), "{words}");
    }
    assert!(nurse.send("/challenges", &charter(&[])).body.contains("has a charter already"));
}

#[test]
fn weeks_of_few_people_are_told_to_nobody_without_signing_in() {
    let house = House::with_measures();
    let made = house.sign_in("district-nurse").send("/challenges", &charter(&[]));
    let address = made.location().split('?').next().unwrap().to_owned();
    house.pass(SignedDuration::from_hours(24 * 30));
    let nurse = house.sign_in("district-nurse");
    for (week, value) in [("2026-11-23", "9"), ("2026-11-30", "3"), ("2026-12-07", "8")] {
        let fields = [("do", "measure"), ("week", week), ("value", value), ("why", "")];
        assert_eq!(nurse.send(&address, &fields).status, StatusCode::SEE_OTHER, "{week}");
    }
    let gap = nurse.send(&address, &[("do", "measure"), ("week", "2026-11-09"), ("value", "5"), ("why", "")]);
    assert!(gap.body.contains("Monday") || gap.body.contains("week"), "a gap, or a week before it, is refused");
    let all = nurse.get(&format!("{address}/weeks.csv"));
    assert_eq!(all.body.lines().count(), 4, "{}", all.body);
    let open = house.anybody().get(&format!("/public{address}/weeks.csv"));
    assert_eq!(open.body.lines().count(), 3, "{}", open.body);
    let pack = house.anybody().get(&format!("/public{address}/pack.md"));
    assert_eq!(pack.headers[header::CONTENT_DISPOSITION], "attachment; filename=\"learning-pack.md\"");
    assert!(pack.headers.get(header::SET_COOKIE).is_none());
    assert!(
        pack.body.contains("| 30 November 2026 | fewer than seven |") && pack.body.contains("| 8 |"),
        "{}",
        pack.body
    );
    holds("public_challenge_small", &house.anybody().get(&format!("/public{address}")));
}

#[test]
fn the_learning_pack_tells_the_whole_story_in_one_file() {
    let house = House::with_measures();
    let address = challenge(&house, 0);
    let pack = house.anybody().get(&format!("/public{address}/pack.md")).body;
    for words in [
        "# Home by lunch",
        "The verdict:",
        "## The charter",
        "Predicted before it was tried",
        "What was learnt",
        "## Half-way",
        "| week of | value |",
        "invented",
    ] {
        assert!(pack.contains(words), "{words}: {pack}");
    }
    assert!(!pack.contains("persona|"), "no id of a sign-in");
    assert!(house.anybody().get(&format!("/public{address}")).body.contains("This learning pack as a file"));
    let nowhere = "/public/challenges/0198f0c2-77aa-7000-8000-000000000001";
    for file in ["pack.md", "weeks.csv"] {
        assert_eq!(house.anybody().get(&format!("{nowhere}/{file}")).status, StatusCode::NOT_FOUND);
    }
}
