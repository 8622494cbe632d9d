//! Cohorts by question against asking each person, over an invented population.

use std::sync::OnceLock;

use proptest::prelude::*;

use super::*;
use crate::columns::Events;
use crate::dispute::Disputes;
use crate::instrument::band;
use crate::invented::{self, Wanted};
use crate::library::Library;
use crate::one::{Outcome, Scratch};
use crate::people::Person;
use crate::plan::Asked;

const HEAD: &str = "version = \"1\"\ntitle = \"T\"\nsource = \"s\"\nlicence = \"l\"\nnot_for = [\"n\"]\n";

struct Place {
    people: People,
    plan: Plan,
    standing: Standing,
    /// Everybody, one by one.
    outcomes: Vec<Vec<Outcome>>,
    as_of: Day,
}

fn place() -> &'static Place {
    static PLACE: OnceLock<Place> = OnceLock::new();
    PLACE.get_or_init(|| {
        let as_of = Day::of(jiff::civil::date(2026, 11, 22)).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let columns = folder.path().join("columns");
        let neighbourhoods = vec!["Here".into(), "There".into()];
        invented::build(&columns, &Wanted { people: 600, events: 60_000, seed: 5, today: as_of, neighbourhoods }, |_| ()).unwrap();
        let (people, events): (People, Events) = crate::keep::load(&columns, 1).unwrap();
        let mut library = Library::default();
        for (file, text) in invented::rules() {
            library.add(&file, &text).unwrap();
        }
        let part = |number: usize| {
            format!("[[parts]]\nid = \"p{number}\"\nlabel = \"Part {number}\"\npoints = 2\nwhen = {{ set = \"invented-{number:02}\" }}\n")
        };
        let parts: String = (0..6).map(part).collect();
        let bands = "bands = [{ name = \"low\", below = 3 }, { name = \"Very high!\", above = 7 }, { name = \"between\", at_least = 0 }]\n";
        library.add("score.toml", &format!("id = \"score\"\n{HEAD}kind = \"score\"\nage_from = 65\n{bands}{parts}")).unwrap();
        library.add("parted.toml", &format!("id = \"parted\"\n{HEAD}kind = \"segments\"\n{parts}")).unwrap();
        let worst = "bands = [{ name = \"bad\", at_most = 4, any_part = 3 }, { name = \"else\", at_least = 0 }]\n";
        library.add("chart.toml", &format!("id = \"chart\"\n{HEAD}kind = \"score\"\n{worst}{parts}")).unwrap();
        let ids: Vec<String> = library.sets().map(|set| set.id.clone()).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let plan = Plan::of(&library, &ids, &events.codes, &events.units).unwrap();
        let frame = plan.on(Asked { as_of, has_days: true });
        let none = Disputes::default();
        let standing = plan.everyone(&events, &plan.gather(&events), &people, &frame, &none);
        let mut scratch = Scratch::default();
        let outcomes = (0..).zip(&people.list).map(|(at, person)| plan.one(&events, person, at, &frame, &none, &mut scratch));
        Place { outcomes: outcomes.collect(), people, standing, as_of, plan }
    })
}

/// Whether somebody is in a term, asked of them alone.
fn is_in(place: &Place, person: usize, term: &Term) -> bool {
    let at = place.plan.find(&term.set).unwrap();
    let outcome = &place.outcomes[person][at];
    match &term.band {
        None => outcome.is_in,
        Some(wanted) => band(&place.plan.sets[at].set, outcome).is_some_and(|found| slug(&found) == *wanted),
    }
}

fn drawn() -> impl Strategy<Value = Question> {
    let terms =
        ["invented-00", "invented-03", "invented-11", "score~low", "score~very-high", "score~between", "parted~part-1"];
    let how = prop::sample::select(vec![How::All, How::Any, How::Not]);
    let term = prop::sample::select(terms.to_vec()).prop_map(Term::read);
    let among = prop::bool::ANY.prop_map(|registered| if registered { Among::Registered } else { Among::Resident });
    (prop::collection::vec((term, how), 0..5), among).prop_map(|(terms, among)| Question { terms, among })
}

proptest! {
    #[test]
    fn a_cohort_holds_those_of_whom_the_question_is_so(question in drawn()) {
        let place = place();
        let cohort = place.plan.cohort(&place.standing, &question, place.people.len()).unwrap();
        for person in 0..place.people.len() {
            let so = |wanted: How| question.terms.iter().filter(move |(_, how)| *how == wanted).map(|(term, _)| is_in(place, person, term));
            let expected = so(How::All).all(|so| so) && !so(How::Not).any(|so| so) && (so(How::Any).count() == 0 || so(How::Any).any(|so| so));
            prop_assert_eq!(cohort.has(person as u32), expected, "{:?} of person {}", question, person);
        }
    }

    #[test]
    fn an_answer_counts_those_who_may_be_counted_and_no_other(question in drawn(), left_out in prop::collection::btree_set(0usize..600, 0..300)) {
        let place = place();
        let mut counted = Bits::all(place.people.len());
        left_out.iter().for_each(|person| counted.put(*person as u32, false));
        let ground = Ground::of(&place.plan, &place.standing, &place.people, &counted, place.as_of);
        let told = ground.answer(&question).unwrap();
        let cohort = place.plan.cohort(&place.standing, &question, place.people.len()).unwrap();
        let is_one = |person: &u32| {
            let one = &place.people.list[*person as usize];
            let is_among = if question.among == Among::Registered { one.is_registered } else { one.is_resident };
            is_among && !left_out.contains(&(*person as usize))
        };
        let of = (0..600u32).filter(is_one).count() as u64;
        let count = cohort.iter().filter(is_one).count() as u64;
        prop_assert_eq!((told.count, told.of), (Rounded::of(count), Rounded::of(of)));
    }
}

#[test]
fn terms_are_written_and_read_and_what_nobody_knows_is_refused() {
    for text in ["register-copd", "hfrs~high", "news2~low-medium"] {
        assert_eq!(Term::read(text).to_string(), text);
    }
    assert_eq!(slug(" Very  high! "), "very-high");
    let place = place();
    let ask = |terms: &[&str]| {
        let terms = terms.iter().map(|term| (Term::read(term), How::All)).collect();
        place.plan.cohort(&place.standing, &Question { terms, among: Among::Registered }, place.people.len()).map(drop)
    };
    for unknown in ["nobody", "score", "score~lowest", "invented-00~high", "parted", "chart~bad", ""] {
        assert_eq!(ask(&[unknown]), Err(Unanswered::Unknown(Term::read(unknown))), "{unknown}");
    }
    assert_eq!(ask(&["invented-00"; MOST]), Ok(()));
    assert_eq!(ask(&["invented-00"; MOST + 1]), Err(Unanswered::TooMany(MOST + 1)));
}

#[test]
fn everything_that_can_be_chosen_can_be_asked_for_and_an_age_is_told_and_keeps_nobody_out() {
    let place = place();
    let choices = place.plan.choices();
    for choice in &choices {
        assert!(place.plan.members(&place.standing, &choice.term).is_some(), "{}", choice.term);
    }
    let band = choices.iter().find(|choice| choice.term.to_string() == "score~low").unwrap();
    assert_eq!((band.group, band.age_from, band.title.as_str()), (Group::Band, Some(65), "T: low"));
    let low = place.plan.members(&place.standing, &band.term).unwrap();
    let young = |person: &u32| age(place.people.list[*person as usize].birth, place.as_of).unwrap() < 65;
    assert!(low.iter().any(|person| young(&person)), "a score is given whatever the age");
    assert!(!choices.iter().any(|choice| choice.term.set == "chart"), "its bands cannot be told from points");
}

#[test]
fn the_overview_sets_what_is_coded_beside_what_is_expected() {
    let place = place();
    let counted = Bits::all(place.people.len());
    let ground = Ground::of(&place.plan, &place.standing, &place.people, &counted, place.as_of);
    let expected = Expected {
        set: "invented-00".into(),
        share: 0.9,
        among: Among::Resident,
        age_from: 18,
        source: "a test".into(),
    };
    let lines = ground.overview(std::slice::from_ref(&expected));
    let of = |group: Group| lines.iter().filter(|line| line.group == group).count();
    assert_eq!(lines.len(), place.plan.choices().len(), "scores and segments are shared out like registers");
    assert!(of(Group::Register) == 64 && of(Group::Band) > 0);
    let line = lines.iter().find(|line| line.term == Term::read("invented-00")).unwrap();
    let adults = |person: &&Person| person.is_resident && age(person.birth, place.as_of).unwrap() >= 18;
    let of = place.people.list.iter().filter(adults).count() as f64;
    let gap = line.gap.as_ref().unwrap();
    let wanted = (Rounded::of(of as u64).number().unwrap() as f64 * 0.9).round() as u64;
    assert_eq!((gap.expected, line.expected.as_ref()), (Rounded::of(wanted), Some(&expected)));
    assert!(lines.iter().filter(|line| line.term != Term::read("invented-00")).all(|line| line.gap.is_none()));
}
