//! Whom a list finds: for a reason that somebody can read, in its own neighbourhood, alive.

use population::explore::Question;
use population::library::{Among, Library};
use population::people::Sex;
use proptest::prelude::*;
use record::whole::Choices;

use super::*;
use crate::coded::Coded;
use crate::cohort::Asked;
use crate::held::Gathered;
use crate::list::tests::{by_cohort, by_rule, definition};
use crate::make::{Counted, Made};

const AS_OF: Day = Day(46_000);

fn library(rule: &str) -> Library {
    let mut library = Library::default();
    let head = "version = \"1\"\nkind = \"register\"\nsource = \"ours\"\nlicence = \"ours\"\nnot_for = [\"judging\"]\n";
    library.add("rule.toml", &format!("id = \"rule\"\ntitle = \"Rule\"\n{head}when = {rule}\n")).unwrap();
    library.add("lists.csv", "list,system,code\nplace/fall,local,fall\n").unwrap();
    library
}

#[derive(Debug, Clone)]
struct Somebody {
    age: u16,
    fell: bool,
    lives: bool,
    marple: bool,
    objects: bool,
}

fn somebody() -> impl Strategy<Value = Somebody> {
    let bits = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (0u16..100, bits).prop_map(|(age, (fell, lives, marple, objects))| Somebody { age, fell, lives, marple, objects })
}

fn held(rule: &str, people: &[Somebody]) -> Held {
    let mut gathered = Gathered::default();
    let mut choices = Choices::default();
    for (number, one) in (1u128..).zip(people) {
        let root = Uuid::from_u128(number);
        let fall = Coded {
            system: System::Local,
            code: "fall".to_owned(),
            day: Day(AS_OF.0 - 10),
            value: None,
            unit: String::new(),
            source: "gp".to_owned(),
            record: Uuid::from_u128(1_000 + number),
        };
        let traits = Counted {
            birth: population::people::born_by(AS_OF, u8::try_from(one.age).unwrap()),
            sex: Sex::Female,
            neighbourhood: if one.marple { "Marple" } else { "Victoria" }.to_owned(),
            deceased: !one.lives,
            ..Counted::default()
        };
        let coded = if one.fell { vec![fall] } else { Vec::new() };
        gathered.take(root, Made { traits: Some(traits), coded, ..Made::default() }).unwrap();
        if one.objects {
            choices.objected.push(root);
        }
    }
    Held::of(gathered, library(rule), choices, Vec::new(), 1).unwrap()
}

fn found(rule: &str, people: &[Somebody]) -> Run {
    let definition = Definition { by: by_rule("rule", None), ..definition() };
    held(rule, people).find(&definition, "Marple", AS_OF).unwrap()
}

proptest! {
    #[test]
    fn a_list_finds_the_living_of_its_neighbourhood_who_do_not_object_and_nobody_for_their_age(
        people in prop::collection::vec(somebody(), 0..40)
    ) {
        // Everybody of eighty and over, and whoever has fallen.
        let run = found("{ any = [{ age = { from = 80 } }, { list = \"place/fall\" }] }", &people);
        let eligible = |one: &Somebody| one.lives && one.marple && !one.objects;
        let fell = people.iter().filter(|one| eligible(one) && one.fell).count();
        let old = people.iter().filter(|one| eligible(one) && !one.fell && one.age >= 80).count();
        prop_assert_eq!((run.found.len(), run.by_age_alone as usize), (fell.min(MOST), old));
        for one in &run.found {
            let somebody = &people[one.person.as_u128() as usize - 1];
            prop_assert!(eligible(somebody) && somebody.fell && !one.because.is_empty());
        }
    }

    #[test]
    fn a_rule_of_age_alone_finds_nobody(people in prop::collection::vec(somebody(), 0..20)) {
        let run = found("{ age = { from = 0 } }", &people);
        prop_assert!(run.found.is_empty());
    }
}

#[test]
fn a_rule_that_is_not_here_finds_nobody_and_says_so() {
    let definition = Definition { by: by_rule("other", None), ..definition() };
    let held = held("{ list = \"place/fall\" }", &[]);
    assert!(matches!(held.find(&definition, "Marple", AS_OF), Err(NotRun::NoRule(rule)) if rule == "other"));
}

/// The codes that somebody can have, each the only one of its register, and what it adds to the score.
const CODES: [(&str, i64); 4] = [("fall", 0), ("wheeze", 2), ("gloom", 3), ("stroke", 5)];
const BANDS: [(&str, i64, i64); 3] = [("none", 0, 1), ("some", 1, 5), ("much", 5, 99)];

/// A register for each code, one by age, a score with its bands, and segments.
fn registers() -> Library {
    let mut library = Library::default();
    let head = "version = \"1\"\nsource = \"ours\"\nlicence = \"ours\"\nnot_for = [\"judging\"]\n";
    let mut add = |id: &str, rest: &str| {
        library.add(&format!("{id}.toml"), &format!("id = \"{id}\"\ntitle = \"{id}\"\n{head}{rest}\n")).unwrap();
    };
    let (mut lists, mut parts, mut segments) = ("list,system,code\n".to_owned(), String::new(), String::new());
    for (code, points) in CODES {
        add(&format!("register-{code}"), &format!("kind = \"register\"\nwhen = {{ list = \"place/{code}\" }}"));
        lists.push_str(&format!("place/{code},local,{code}\n"));
        let when = format!("when = {{ list = \"place/{code}\" }}\n");
        segments.push_str(&format!("[[parts]]\nid = \"{code}\"\nlabel = \"{code}\"\n{when}"));
        if points > 0 {
            parts.push_str(&format!("[[parts]]\nid = \"{code}\"\npoints = {points}\n{when}"));
        }
    }
    add("register-old", "kind = \"register\"\nwhen = { age = { from = 65 } }");
    let band =
        |(name, from, below): (&str, i64, i64)| format!("{{ name = \"{name}\", at_least = {from}, below = {below} }}");
    add("score", &format!("kind = \"score\"\nbands = [{}]\n{parts}", BANDS.map(band).join(", ")));
    add("segments", &format!("kind = \"segments\"\n{segments}"));
    library.add("lists.csv", &lists).unwrap();
    library
}

/// Somebody with entries: which code, how many days ago.
#[derive(Debug, Clone)]
struct One {
    who: Somebody,
    entries: Vec<(usize, u16)>,
    registered: bool,
}

fn one() -> impl Strategy<Value = One> {
    let entries = prop::collection::vec((0..CODES.len(), 0u16..400), 0..6);
    (somebody(), entries, any::<bool>()).prop_map(|(who, entries, registered)| One { who, entries, registered })
}

/// The record of an entry: each has its own.
fn record(person: u128, entry: usize) -> Uuid {
    Uuid::from_u128(1_000 + person * 100 + entry as u128)
}

fn population(people: &[One]) -> Held {
    let (mut gathered, mut choices) = (Gathered::default(), Choices::default());
    for (number, one) in (1u128..).zip(people) {
        let coded = |(at, (code, ago)): (usize, &(usize, u16))| Coded {
            system: System::Local,
            code: CODES[*code].0.to_owned(),
            day: Day(AS_OF.0 - ago),
            value: None,
            unit: String::new(),
            source: "gp".to_owned(),
            record: record(number, at),
        };
        let traits = Counted {
            birth: population::people::born_by(AS_OF, u8::try_from(one.who.age).unwrap()),
            neighbourhood: if one.who.marple { "Marple" } else { "Victoria" }.to_owned(),
            is_registered: one.registered,
            deceased: !one.who.lives,
            ..Counted::default()
        };
        let coded = one.entries.iter().enumerate().map(coded).collect();
        gathered.take(Uuid::from_u128(number), Made { traits: Some(traits), coded, ..Made::default() }).unwrap();
        if one.who.objects {
            choices.objected.push(Uuid::from_u128(number));
        }
    }
    Held::of(gathered, registers(), choices, Vec::new(), 1).unwrap()
}

/// Everything that can be asked for.
fn terms() -> Vec<String> {
    let registers = CODES.iter().map(|(code, _)| format!("register-{code}")).chain(["register-old".to_owned()]);
    let bands = BANDS.iter().map(|(band, ..)| format!("score~{band}"));
    let segments = CODES.iter().map(|(code, _)| format!("segments~{code}"));
    registers.chain(bands).chain(segments).collect()
}

fn question() -> impl Strategy<Value = Question> {
    let how = prop_oneof![Just(How::All), Just(How::Any), Just(How::Any), Just(How::Not)];
    let parts = prop::sample::subsequence(terms(), 1..5).prop_flat_map(move |terms| {
        let hows = prop::collection::vec(how.clone(), terms.len());
        hows.prop_map(move |hows| terms.iter().map(|term| Term::read(term)).zip(hows).collect::<Vec<_>>())
    });
    // Only of those registered: the columns of a record have nobody who lives here alone.
    parts.prop_map(|terms| Question { terms, among: Among::Registered })
}

/// The slow way: whether a term is so of somebody, and which of their entries say so.
fn slowly(one: &One, term: &Term) -> (bool, Vec<usize>) {
    let has = |wanted: &str| -> Vec<usize> {
        let is_it = |(_, (code, _)): &(usize, &(usize, u16))| CODES[*code].0 == wanted;
        one.entries.iter().enumerate().filter(is_it).map(|(at, _)| at).collect()
    };
    match (term.set.as_str(), term.band.as_deref()) {
        ("register-old", _) => (one.who.age >= 65, Vec::new()),
        ("score", Some(band)) => {
            let held: Vec<&(&str, i64)> = CODES.iter().filter(|(code, _)| !has(code).is_empty()).collect();
            let points: i64 = held.iter().map(|(_, points)| points).sum();
            let (_, from, below) = BANDS.iter().find(|(name, ..)| *name == band).unwrap();
            let behind = held.iter().filter(|(_, points)| *points > 0).flat_map(|(code, _)| has(code)).collect();
            ((*from..*below).contains(&points), behind)
        }
        ("segments", Some(segment)) => {
            let first = CODES.iter().find(|(code, _)| !has(code).is_empty());
            (first.is_some_and(|(code, _)| *code == segment), has(segment))
        }
        (register, _) => {
            let entries = has(register.strip_prefix("register-").unwrap());
            (!entries.is_empty(), entries)
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_list_from_a_cohort_finds_whom_the_slow_way_finds_and_says_why_by_the_same_entries(
        people in prop::collection::vec(one(), 0..30), question in question()
    ) {
        let held = population(&people);
        let asked = Asked::of(&question, &held.plan).unwrap();
        let list = Definition { by: by_cohort(asked), ..definition() };
        let run = held.find(&list, "Marple", AS_OF).unwrap();
        let (mut wanted, mut alone) = (Vec::new(), 0);
        for (number, one) in (1u128..).zip(&people) {
            let is_so = |how: How| question.terms.iter().filter(move |(_, with)| *with == how).map(|(term, _)| slowly(one, term).0);
            let any: Vec<bool> = is_so(How::Any).collect();
            let is_in = is_so(How::All).all(|so| so) && (any.is_empty() || any.contains(&true)) && !is_so(How::Not).any(|so| so);
            if !(is_in && one.registered && one.who.lives && one.who.marple && !one.who.objects) {
                continue;
            }
            let sought = question.terms.iter().filter(|(_, how)| *how != How::Not);
            let mut entries: Vec<usize> =
                sought.map(|(term, _)| slowly(one, term)).filter(|(so, _)| *so).flat_map(|(_, entries)| entries).collect();
            entries.sort_unstable();
            entries.dedup();
            if entries.is_empty() {
                alone += 1;
                continue;
            }
            let latest = entries.iter().map(|entry| one.entries[*entry].1).min().unwrap();
            let mut records: Vec<Uuid> = entries.into_iter().map(|entry| record(number, entry)).collect();
            records.sort_unstable();
            wanted.push((latest, Uuid::from_u128(number), records));
        }
        wanted.sort();
        let found: Vec<(u16, Uuid, Vec<Uuid>)> = run.found.iter().map(|one| {
            let latest = AS_OF.0 - Day::of(one.because[0].day.unwrap()).unwrap().0;
            let mut records: Vec<Uuid> = one.because.iter().map(|because| because.record).collect();
            records.sort_unstable();
            (latest, one.person, records)
        }).collect();
        prop_assert_eq!((found, run.by_age_alone), (wanted, alone));
    }

    #[test]
    fn a_rule_finds_whom_a_cohort_of_that_one_register_finds(people in prop::collection::vec(one(), 0..30)) {
        let people: Vec<One> = people.into_iter().map(|one| One { registered: true, ..one }).collect();
        let held = population(&people);
        let question = Question { terms: vec![(Term::read("register-gloom"), How::All)], among: Among::Registered };
        let find = |by| held.find(&Definition { by, ..definition() }, "Marple", AS_OF).unwrap();
        prop_assert_eq!(find(by_rule("register-gloom", None)), find(by_cohort(Asked::of(&question, &held.plan).unwrap())));
    }
}

#[test]
fn the_first_reasons_say_something_of_everything_that_was_asked_for() {
    let who = Somebody { age: 50, fell: false, lives: true, marple: true, objects: false };
    let often: Vec<(usize, u16)> = (1..20).map(|ago| (1, ago)).collect();
    let entries = [vec![(2, 300)], often].concat();
    let held = population(&[One { who, entries, registered: true }]);
    let terms = ["register-wheeze", "register-gloom"].map(|term| (Term::read(term), How::All)).to_vec();
    let asked = Asked::of(&Question { terms, among: Among::Registered }, &held.plan).unwrap();
    let run = held.find(&Definition { by: by_cohort(asked), ..definition() }, "Marple", AS_OF).unwrap();
    let because = &run.found[0].because;
    assert_eq!(because.len(), REASONS);
    assert_eq!([because[0].record, because[1].record, because[2].record], [1, 0, 2].map(|entry| record(1, entry)));
    assert_eq!(run.instrument, "register-gloom@1 register-wheeze@1");
}

#[test]
fn a_cohort_whose_rule_is_not_here_finds_nobody_and_says_so() {
    let asked = crate::cohort::tests::asked(&[("register-wheeze", How::All), ("register-other", How::Not)]);
    let found = population(&[]).find(&Definition { by: by_cohort(asked), ..definition() }, "Marple", AS_OF);
    assert!(matches!(found, Err(NotRun::Unanswered(why)) if why.to_string().contains("`register-other`")));
}
