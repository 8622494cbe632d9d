//! The engine against a slow and obvious one: for every person and rule, every event is looked at again, lists are compared code by
//! code, and nothing is shared or remembered. Random people, random events, random rules.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::code::{Codes, System};
use crate::columns::Event;
use crate::dispute::{Dispute, Ground};
use crate::library::{Library, Matching};
use crate::people::Sex;
use crate::plan::Asked;
use crate::rule::{Condition, Counting, Pick, RuleSet};
use crate::words::Words;

const AS_OF: Day = Day(46_000);
const UNITS: [&str; 3] = ["g/L", "g/dL", "mmol/L"];

/// A rule set in words, from random numbers.
fn rules(seed: &[u8], set: usize) -> String {
    let scores: Vec<usize> = (0..set).filter(|other| rules(seed, *other).contains("kind = \"score\"")).collect();
    let mut numbers = seed.iter().copied().cycle().skip(set * 7);
    let mut draw = move |below: u8| numbers.next().unwrap_or(0) % below;
    let condition = |draw: &mut dyn FnMut(u8) -> u8| leaf(draw);
    let within = if draw(2) == 0 { "within = \"3y\"\n" } else { "" };
    let head = format!("id = \"s{set}\"\nversion = \"1\"\ntitle = \"t\"\nsource = \"s\"\nlicence = \"l\"\n{within}");
    match draw(3) {
        0 => format!("{head}kind = \"register\"\nwhen = {}\n", tree(&mut draw, 2, set, &scores)),
        1 => {
            let parts: String = (0..4)
                .map(|part| {
                    let unless = if part > 0 && draw(2) == 0 {
                        format!("unless = [\"p{}\"]\n", draw(part))
                    } else {
                        String::new()
                    };
                    format!(
                        "[[parts]]\nid = \"p{part}\"\npoints = {}.{}\nwhen = {}\n{unless}",
                        i32::from(draw(7)) - 3,
                        draw(10),
                        tree(&mut draw, 1, set, &scores)
                    )
                })
                .collect();
            let floor = if draw(2) == 0 { "floor = 0\n" } else { "" };
            format!(
                "{head}kind = \"score\"\n{floor}denominator = 4\nneeds = [{{ label = \"n\", when = {} }}]\n{parts}",
                condition(&mut draw)
            )
        }
        _ => {
            let parts: String = (0..3)
                .map(|part| format!("[[parts]]\nid = \"p{part}\"\nwhen = {}\n", tree(&mut draw, 1, set, &scores)))
                .collect();
            format!("{head}kind = \"segments\"\n{parts}")
        }
    }
}

fn tree(draw: &mut dyn FnMut(u8) -> u8, depth: u8, set: usize, scores: &[usize]) -> String {
    if depth == 0 {
        return leaf(draw);
    }
    match draw(6) {
        0 => format!("{{ all = [{}, {}] }}", tree(draw, depth - 1, set, scores), tree(draw, depth - 1, set, scores)),
        1 => format!("{{ any = [{}, {}] }}", tree(draw, depth - 1, set, scores), tree(draw, depth - 1, set, scores)),
        2 => format!("{{ not = {} }}", tree(draw, depth - 1, set, scores)),
        3 if set > 0 => format!("{{ set = \"s{}\" }}", draw(set as u8)),
        4 if !scores.is_empty() => {
            format!("{{ score = \"s{}\", above = 0.5 }}", scores[usize::from(draw(scores.len() as u8))])
        }
        _ => leaf(draw),
    }
}

fn leaf(draw: &mut dyn FnMut(u8) -> u8) -> String {
    let list = ["l/a", "l/b", "m/c", "l/d"][usize::from(draw(4))];
    let within = ["", ", within = \"400d\"", ", within = \"2y\""][usize::from(draw(3))];
    match draw(8) {
        0 => "{ age = { from = 40, below = 70 } }".into(),
        1 => "{ sex = \"female\" }".into(),
        2 => format!(
            "{{ list = \"{list}\"{within}, value = {{ below = {}, unit = \"g/L\" }} }}",
            5 + u32::from(draw(4)) * 10
        ),
        3 => format!(
            "{{ list = \"{list}\"{within}, pick = \"{}\", value = {{ at_least = {}, unit = \"g/L\" }} }}",
            ["latest", "latest-two"][usize::from(draw(2))],
            5 + u32::from(draw(4)) * 10
        ),
        4 => format!(
            "{{ list = \"{list}\"{within}, at_least = {}, counting = \"{}\"{} }}",
            1 + draw(3),
            ["events", "days", "codes"][usize::from(draw(3))],
            if !within.is_empty() && draw(2) == 0 { ", pick = \"first\"" } else { "" }
        ),
        6 => {
            let resolved = ["", ", resolved_by = \"l/d\""][usize::from(draw(2))];
            format!("{{ list = \"{list}\"{within}, until_over = true{resolved} }}")
        }
        5 => format!("{{ list = \"{list}\"{within}, resolved_by = \"l/d\", at_least = {} }}", 1 + draw(2)),
        _ => format!("{{ list = \"{list}\"{within} }}"),
    }
}

/// One rule set of one person, the slow way: no plan, no index, no lists by number.
struct Slow<'a> {
    library: &'a Library,
    events: &'a [Event],
    codes: &'a Codes,
    person: &'a Person,
    disputes: &'a [Dispute],
    asked: Asked,
}

impl Slow<'_> {
    fn in_list(&self, event: &Event, list: &str) -> bool {
        let (system, code) = self.codes.get(event.code).unwrap();
        self.lists(list, system, code)
    }

    /// Whether an event says of a code of the list that it is over.
    fn ends(&self, event: &Event, list: &str) -> bool {
        let (system, code) = self.codes.get(event.code).unwrap();
        let said = code.strip_prefix("over:").filter(|_| system == System::Local).and_then(|rest| rest.split_once(':'));
        said.is_some_and(|(system, code)| self.lists(list, System::named(system).unwrap(), code))
    }

    fn lists(&self, list: &str, system: System, code: &str) -> bool {
        self.library.list(list).unwrap().codes.iter().any(|(of, matching, listed)| {
            *of == system
                && match matching {
                    Matching::Exact => code == listed,
                    Matching::Prefix => code.starts_with(listed.as_str()),
                    Matching::Whole => true,
                }
        })
    }

    fn known(&self, list: &str) -> Vec<&Event> {
        self.events.iter().filter(|event| event.day <= self.asked.as_of && self.in_list(event, list)).collect()
    }

    fn within(&self, list: &str, within: Option<crate::day::Span>) -> Vec<&Event> {
        let after = within.filter(|_| self.asked.has_days).map(|span| self.asked.as_of.before(span));
        self.known(list).into_iter().filter(|event| after.is_none_or(|after| event.day > after)).collect()
    }

    fn holds(&self, condition: &Condition) -> bool {
        match condition {
            Condition::Coded(coded) => {
                let found = self.within(&coded.list, coded.within);
                let count = match coded.counting {
                    Counting::Events => found.len(),
                    Counting::Days => found.iter().map(|event| event.day).collect::<BTreeSet<_>>().len(),
                    Counting::Codes => found.iter().map(|event| event.code).collect::<BTreeSet<_>>().len(),
                };
                let latest = self.known(&coded.list).iter().map(|event| event.day).max().unwrap_or_default();
                let is_over = coded
                    .resolved_by
                    .as_ref()
                    .is_some_and(|list| self.known(list).iter().any(|event| event.day > latest));
                let known = self.events.iter().filter(|event| event.day <= self.asked.as_of && event.day > latest);
                let is_over =
                    is_over || coded.until_over && known.into_iter().any(|event| self.ends(event, &coded.list));
                let is_old = coded.first && found.len() < self.known(&coded.list).len();
                count >= coded.at_least as usize && !is_over && !is_old
            }
            Condition::Measured(measured) => {
                let in_grams = |event: &&Event| {
                    let factor = match event.unit {
                        0 => 1.0,
                        1 => 10.0,
                        _ => return None,
                    };
                    Some((event.day, f64::from(event.value?) * factor))
                };
                let mut found: Vec<(Day, f64)> =
                    self.within(&measured.list, measured.within).iter().filter_map(in_grams).collect();
                let days: BTreeSet<Day> = found.iter().map(|(day, _)| *day).collect();
                let many = match measured.pick {
                    Pick::Any => days.len(),
                    Pick::Latest => 1,
                    Pick::LatestTwo => 2,
                };
                let picked: Vec<Day> = days.into_iter().rev().take(many).collect();
                found.retain(|(day, _)| picked.contains(day));
                // Values of the test are halves and the limits are fives, so that a floating number holds them exactly.
                let limits = &measured.limits;
                let is_within = |(_, value): &(Day, f64)| {
                    limits.below.is_none_or(|limit| *value < limit.as_f64())
                        && limits.at_least.is_none_or(|limit| *value >= limit.as_f64())
                };
                match measured.pick {
                    Pick::LatestTwo => !found.is_empty() && found.iter().all(is_within),
                    Pick::Any | Pick::Latest => found.iter().any(is_within),
                }
            }
            Condition::Age { from, below } => people::age(self.person.birth, self.asked.as_of)
                .is_some_and(|age| age >= *from && below.is_none_or(|below| age < below)),
            Condition::Sex(sex) => self.person.sex == *sex,
            Condition::InSet(id) => self.set(self.library.set(id).unwrap()).0,
            Condition::Scored { set, limits } => {
                let set = self.library.set(set).unwrap();
                let (is_in, points) = self.set(set);
                let share = points as f64 / 1e9 / f64::from(set.denominator.unwrap_or(1));
                is_in && limits.above.is_none_or(|limit| share > limit.as_f64())
            }
            Condition::All(inner) => inner.iter().all(|inner| self.holds(inner)),
            Condition::Any(inner) => inner.iter().any(|inner| self.holds(inner)),
            Condition::Not(inner) => !self.holds(inner),
        }
    }

    /// Whether somebody is in it, and the points.
    fn set(&self, set: &RuleSet) -> (bool, i64) {
        let is_disputed =
            |part: &str| self.disputes.iter().any(|dispute| dispute.set == set.id && dispute.part == part);
        let present: Vec<bool> =
            set.parts.iter().map(|part| !is_disputed(&part.id) && self.holds(&part.when)).collect();
        match set.kind {
            Kind::Register => (present[0], 0),
            Kind::Segments => {
                present.iter().position(|there| *there).map_or((false, 0), |at| (true, at as i64 * 1_000_000_000))
            }
            Kind::Score => {
                let counts = |at: usize| present[at] && !set.parts[at].unless.iter().any(|other| present[*other]);
                let sum: i64 = (0..present.len()).filter(|at| counts(*at)).map(|at| set.parts[at].points.0).sum();
                let sum = set.floor.map_or(sum, |floor| sum.max(floor.0));
                (set.needs.iter().all(|need| self.holds(&need.when)), sum)
            }
        }
    }
}

type Drawn = (u32, u32, u16, Option<i16>, u8);

fn event((person, code, days, value, unit): Drawn, record: u128) -> Event {
    let value = value.map(|halves| f32::from(halves) / 2.0);
    Event {
        person,
        code,
        day: Day(AS_OF.0 - 1_300 + days),
        value,
        unit: if value.is_some() { unit } else { NO_UNIT },
        source: 0,
        record,
    }
}

const PEOPLE: u32 = 23;

fn drawn(most: usize) -> impl Strategy<Value = Vec<Drawn>> {
    // Few codes and few days, so that they meet; some after the day that is asked about.
    let value = prop::option::of(0i16..100);
    prop::collection::vec((0..PEOPLE, 0u32..15, (0u16..40).prop_map(|day| day * 35), value, 0u8..3), 0..most)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn everybody_at_once_one_by_one_and_the_slow_way_say_the_same(
        seed in prop::collection::vec(any::<u8>(), 60..120),
        base in drawn(160),
        since in drawn(25),
        withdrawn in prop::collection::vec(0usize..160, 0..6),
        births in prop::collection::vec((0u16..40_000, 0usize..4), PEOPLE as usize),
        disputed in prop::collection::vec((0..PEOPLE, 0usize..5, 0usize..3), 0..5),
        has_days in any::<bool>(),
    ) {
        let mut library = Library::default();
        let head = "version = \"1\"\nsource = \"s\"\nlicence = \"l\"\n";
        library.add("l.toml", &format!("id = \"l\"\n{head}system = \"local\"\n[codes]\na = [\"x0\", \"x1\", \"x2\"]\nb = [\"x2\", \"x3\"]\nd = [\"x4\"]\n")).unwrap();
        library.add("m.toml", &format!("id = \"m\"\n{head}system = \"icd10\"\nmatch = \"prefix\"\n[codes]\nc = [\"I2\", \"J44\"]\n")).unwrap();
        for set in 0..5 {
            let text = rules(&seed, set);
            if let Err(faults) = library.add(&format!("s{set}.toml"), &text) { prop_assert!(false, "{faults}\n{text}"); }
        }
        let mut codes = Codes::default();
        for code in ["x0", "x1", "x2", "x3", "x4", "x5"] { codes.number(System::Local, code); }
        for code in ["I21", "I25", "I30", "J44", "J441"] { codes.number(System::Icd10, code); }
        for code in ["over:local:x0", "over:local:x2", "over:icd10:J441"] { codes.number(System::Local, code); }
        let first = codes.clone();
        // A code and two units that the plan has not seen when it is made.
        codes.number(System::Icd10, "I299");
        let asked = Asked { as_of: AS_OF, has_days };
        let base: Vec<Event> = (0u128..).zip(base).map(|(record, drawn)| event(drawn, record)).filter(|event| event.code < 14).collect();
        let since: Vec<Event> = (1_000u128..).zip(since).map(|(record, drawn)| event(drawn, record)).collect();
        let list = births.iter().map(|(birth, sex)| Person { birth: Day(*birth), sex: Sex::ALL[*sex], ..Person::default() }).collect();
        let people = People { list, ..People::default() };
        let units = Words::of(&UNITS.map(String::from));
        let mut events = Events::of(people.len(), first.clone(), units.clone(), Words::of(&["here".into()]), base.clone()).unwrap();
        let ids: Vec<String> = (0..5).map(|set| format!("s{set}")).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let mut plan = Plan::of(&library, &ids, &first, &Words::of(&UNITS[..1].iter().map(|unit| (*unit).into()).collect::<Vec<_>>())).unwrap();
        let mut all = base;
        for record in &withdrawn {
            if let Some(at) = all.iter().position(|event| event.record == *record as u128) {
                let gone = all.remove(at);
                prop_assert_eq!(events.withdraw(gone.person, gone.record).unwrap(), 1);
                prop_assert_eq!(events.withdraw(gone.person, gone.record).unwrap(), 0);
            }
        }
        events.codes = codes.clone();
        plan.learn(&codes, &units);
        for event in &since { events.add(*event).unwrap(); all.push(*event); }

        let disputes: Vec<Dispute> = disputed.iter().filter_map(|(person, set, part)| {
            let set = library.set(ids[*set]).unwrap();
            let part = set.parts.get(*part)?.id.clone();
            Some(Dispute { person: *person, set: set.id.clone(), part, ground: Ground::Miscoded, reason: "r".into(), day: Day(1) })
        }).collect();
        let standing_disputes = Disputes::of_plan(&plan, disputes.clone()).unwrap();
        let frame = plan.on(asked);
        let standing = plan.everyone(&events, &plan.gather(&events), &people, &frame, &standing_disputes);
        for threads in [2, 3, 40] {
            let again = plan.everyone(&events, &plan.gather_on(&events, threads), &people, &frame, &standing_disputes);
            prop_assert_eq!(&again, &standing, "{} threads", threads);
        }
        for (number, person) in (0u32..).zip(&people.list) {
            let own: Vec<Event> = all.iter().filter(|event| event.person == number).copied().collect();
            let own_disputes: Vec<Dispute> = disputes.iter().filter(|dispute| dispute.person == number).cloned().collect();
            let slow = Slow { library: &library, events: &own, codes: &codes, person, disputes: &own_disputes, asked };
            let one = plan.one(&events, person, number, &frame, &standing_disputes, &mut Scratch::default());
            for (at, set) in plan.sets().enumerate() {
                let expected = slow.set(set);
                let points = if set.kind == Kind::Register { 0 } else { one[at].points.0 };
                prop_assert_eq!((one[at].is_in, points), expected, "one by one, {} of {}: {:?}\n{}", set.id, number, own, rules(&seed, at));
                let answer = standing.find(&set.id).unwrap();
                let points = answer.points.get(number as usize).copied().unwrap_or(0);
                prop_assert_eq!((answer.members.has(number), points), expected, "at once, {} of {}", set.id, number);
            }
        }
        // What is kept and read back says the same of everybody.
        if has_days {
            let folder = tempfile::tempdir().unwrap();
            let place = folder.path().join("columns");
            crate::keep::save(&place, &events, &people, None).unwrap();
            let (people_again, again) = crate::keep::load(&place, 2).unwrap();
            prop_assert_eq!(&people_again, &people);
            let mut plan = Plan::of(&library, &ids, &again.codes, &again.units).unwrap();
            plan.learn(&again.codes, &again.units);
            let answers = plan.everyone(&again, &plan.gather(&again), &people_again, &plan.on(asked), &standing_disputes);
            prop_assert_eq!(&answers.answers, &standing.answers);
            prop_assert_eq!(again.changed().count(), 0);
        }
    }
}
