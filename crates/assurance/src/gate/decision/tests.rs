//! A decision from its protocol to the way back, and everything that goes wrong on the way.

use super::super::protocol::Side;
use super::super::refusal::{Gate, Stage, State};
use super::*;
use crate::gate::beds::{Demand, Reserve};
use crate::gate::calibrate::Plan;
use crate::gate::capacity::Line;
use crate::gate::draw::Draw;
use crate::gate::grid::Grid;
use crate::gate::look::NoLook;
use crate::gate::protocol::{Balancing, Compared};
use crate::gate::refusal::Standing;

const BASELINE: i32 = 60;

fn month(at: i32) -> Month {
    "2022-04".parse::<Month>().unwrap().plus(at)
}

/// A moment on a day of the month after one, when that one is over.
fn after(at: i32, days: i64) -> Timestamp {
    let day = month(at).plus(1).first_day().to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp();
    day + jiff::SignedDuration::from_hours(24 * days + 12)
}

fn names(letter: &str, many: usize) -> Vec<String> {
    (0..many).map(|at| format!("{letter}{at:02}")).collect()
}

fn protocol() -> Protocol {
    let compared = |name: &str, letter: &str, many| Compared {
        name: name.to_owned(),
        area: format!("{letter}-area"),
        comparators: names(letter, many),
    };
    Protocol {
        title: "Twenty beds".to_owned(),
        beds: 20,
        beds_now: 380,
        population: "registered with the borough's practices".to_owned(),
        outcome: compared("admissions", "A", 8),
        second: compared("bed-days", "B", 3),
        placebos: names("P", 39),
        baseline: month(0),
        start: month(BASELINE),
        wash_out: 4,
        breaks: Vec::new(),
        grid: Grid::robust(0.5),
        plan: Plan { first: 12, last: 24, alpha: 0.025, paths: 20_000, seed: 1 },
        latest: 2.5,
        in_a_row: 3,
        completeness: 980,
        capacity: vec![Line { role: "nurses".to_owned(), people: 2, wte_hundredths: 180 }],
        demand: (1..=12).map(|month| Demand { month, mean: 320.0, high: 360.0, share: 0.75 }).collect(),
        reserves: vec![Reserve { name: "Healthier Together".to_owned(), beds: 5 }],
        balancing: vec![Balancing { name: "readmission".to_owned(), margin: 1.0 }],
        commissioners: Side { members: names("c", 3), quorum: 2 },
        providers: Side { members: names("p", 3), quorum: 2 },
        publication_days: 28,
        reopen_at: 20.0,
    }
}

fn calibration(protocol: &Protocol) -> Calibration {
    let quantiles = vec![0.65; protocol.grid.memories().len()];
    Calibration { plan: protocol.plan, log_threshold: 0.65, quantiles }
}

/// Figures of every series for some months: the area falls by a share from the start, and again changes from `later` on.
fn figures(months: std::ops::Range<i32>, fall: f64, later: (i32, f64)) -> Vec<Figure> {
    let protocol = protocol();
    let mut all = Vec::new();
    let mut seen = Vec::new();
    for series in protocol.series() {
        if seen.contains(&series) {
            continue;
        }
        seen.push(series);
        let mut draw = Draw::new(77, 3, seen.len() as u64);
        for at in 0..BASELINE + 60 {
            let mut mean = 2_500.0 * (1.0 + 0.02 * draw.normal());
            if series.ends_with("-area") && at >= BASELINE {
                mean *= 1.0 - fall;
            }
            if *series == protocol.outcome.area && at >= later.0 {
                mean *= 1.0 + later.1;
            }
            let count = draw.count(mean) as i64;
            if months.contains(&at) {
                all.push(Figure { series: series.clone(), month: month(at), count, complete: 1_000 });
            }
        }
    }
    all
}

fn posts() -> Vec<Post> {
    let post = |person: &str| Post {
        person: person.to_owned(),
        role: "nurses".to_owned(),
        employer: "Trust".to_owned(),
        wte_hundredths: 100,
        from: month(BASELINE - 6).first_day(),
        until: None,
        on_duty: true,
        from_hospital: false,
    };
    vec![post("one"), post("two")]
}

fn me() -> String {
    "analyst".to_owned()
}

fn tell(decision: &mut Decision, command: Command, at: Timestamp) -> Result<Vec<Event>, Refusal> {
    let events = decision.decide(command, at)?;
    events.iter().for_each(|event| decision.apply(event));
    Ok(events)
}

fn registered() -> Decision {
    let mut decision = Decision::default();
    let protocol = protocol();
    let calibration = calibration(&protocol);
    let register = Command::Register { by: me(), protocol: Box::new(protocol), calibration };
    tell(&mut decision, register, after(BASELINE - 3, 0)).unwrap();
    decision
}

/// Everything reported up to a month after the start, nothing looked at yet.
fn reported(upto: i32, fall: f64, later: (i32, f64)) -> Decision {
    let mut decision = registered();
    let end = BASELINE + upto;
    let figures = figures(0..end, fall, later);
    tell(&mut decision, Command::Report { by: me(), figures, reason: None }, after(end - 1, 1)).unwrap();
    for at in (BASELINE - 3..BASELINE).chain(end - 3..end) {
        let count = Command::CountCapacity { by: me(), month: month(at), posts: posts() };
        tell(&mut decision, count, after(end - 1, 1)).unwrap();
    }
    let name = "readmission".to_owned();
    let balance = Command::ReportBalance { by: me(), name, month: month(end - 1), worst: 0.4 };
    tell(&mut decision, balance, after(end - 1, 1)).unwrap();
    decision
}

fn look(decision: &mut Decision, upto: i32) -> Look {
    let at = month(BASELINE + upto - 1);
    tell(decision, Command::Look { by: me(), month: at }, after(BASELINE + upto - 1, 2)).unwrap();
    decision.looks().last().unwrap().0.clone()
}

fn standing(look: &Look, gate: Gate) -> Standing {
    look.states.iter().find(|state| state.gate == gate).unwrap().standing
}

const NEVER: (i32, f64) = (10_000, 0.0);

#[test]
fn a_large_lasting_fall_with_people_publication_and_both_sides_lets_beds_go_and_nothing_less_does() {
    let mut decision = reported(15, 0.25, NEVER);
    let look = look(&mut decision, 15);
    let open: Vec<&State> = look.states.iter().filter(|state| !state.is_met()).collect();
    assert!(open.is_empty(), "{open:#?} {:#?}", look.found);
    let found = look.found.clone().unwrap();
    assert_eq!(found.rank, (1, 40));
    assert!(found.proven.unwrap() > 0.05 && found.proven.unwrap() < 0.30, "{found:?}");
    assert!(look.states.iter().all(|state| state.would_change.is_none()));

    let now = after(BASELINE + 14, 3);
    let later = after(BASELINE + 14, 33);
    // Not before it is public, not before 28 days, not by one side, not by too few, not by others.
    assert!(!decision.answer(now).0);
    let sign = |by: &str, party| Command::Sign { by: by.to_owned(), party };
    let release = |beds| Command::Release { by: me(), beds };
    assert!(matches!(tell(&mut decision, release(20), later), Err(Refusal::AnswerIsNo(_))));
    let early = tell(&mut decision, sign("c00", Party::Commissioners), later);
    assert_eq!(early, Err(Refusal::NotPublicYet { days: 28, left: 28 }));
    tell(&mut decision, Command::Publish { by: me() }, now).unwrap();
    let early = tell(&mut decision, sign("c00", Party::Commissioners), after(BASELINE + 14, 30));
    assert_eq!(early, Err(Refusal::NotPublicYet { days: 28, left: 1 }));
    assert_eq!(tell(&mut decision, sign("p00", Party::Commissioners), later), Err(Refusal::NoVote("p00".to_owned())));
    for by in ["c00", "c01"] {
        tell(&mut decision, sign(by, Party::Commissioners), later).unwrap();
    }
    assert_eq!(tell(&mut decision, sign("c00", Party::Commissioners), later), Err(Refusal::Signed("c00".to_owned())));
    tell(&mut decision, sign("p00", Party::Providers), later).unwrap();
    assert!(!decision.answer(later).0 && decision.answer(later).1.contains("1 of at least 2 providers"));
    assert!(matches!(tell(&mut decision, release(20), later), Err(Refusal::AnswerIsNo(_))));
    let last = tell(&mut decision, sign("p02", Party::Providers), later).unwrap();
    assert!(matches!(last.as_slice(), [Event::SignedOff { .. }, Event::Agreed { .. }]));
    assert_eq!(decision.stage(later), Stage::Signed);
    assert_eq!(tell(&mut decision, release(21), later), Err(Refusal::TooManyBeds { asked: 21, most: 20 }));
    tell(&mut decision, release(20), later).unwrap();
    assert_eq!(decision.stage(later), Stage::Released);
    assert_eq!(tell(&mut decision, release(1), later), Err(Refusal::Released));
}

#[test]
fn without_an_effect_the_answer_is_no_and_says_what_would_change_it() {
    let mut decision = reported(15, 0.0, NEVER);
    let look = look(&mut decision, 15);
    for gate in [Gate::G3, Gate::G5, Gate::G6, Gate::G7] {
        assert_eq!(standing(&look, gate), Standing::Unmet, "{gate}");
    }
    for state in look.states.iter().filter(|state| !state.is_met()) {
        assert!(state.would_change.as_ref().is_some_and(|change| change.len() > 10), "{state:?}");
    }
    assert!(look.answer.starts_with("NO: It is not proved"), "{}", look.answer);
    assert_eq!(look.stage, Stage::Accruing);
    tell(&mut decision, Command::Publish { by: me() }, after(BASELINE + 14, 3)).unwrap();
    let sign = Command::Sign { by: "c00".to_owned(), party: Party::Commissioners };
    assert!(matches!(tell(&mut decision, sign, after(BASELINE + 14, 40)), Err(Refusal::AnswerIsNo(_))));
}

#[test]
fn a_month_is_never_enough() {
    for upto in [1, 4, 11] {
        let mut decision = reported(upto, 0.4, NEVER);
        let look = look(&mut decision, upto);
        assert_eq!(standing(&look, Gate::G3), Standing::NotYet, "{upto}");
        assert_eq!(standing(&look, Gate::G4), Standing::NotYet, "{upto}");
        assert!(look.answer.starts_with("NO"));
    }
}

#[test]
fn a_restated_month_makes_every_later_look_again_and_both_are_kept() {
    let mut decision = reported(14, 0.25, NEVER);
    let before = look(&mut decision, 14);
    let hash = decision.looks().last().unwrap().1.clone();
    let at = after(BASELINE + 13, 5);
    let mut changed = figures(BASELINE + 12..BASELINE + 13, 0.25, NEVER);
    changed.retain(|figure| figure.series == "A-area");
    changed[0].count += 900;
    let report = |reason: Option<&str>| Command::Report {
        by: me(),
        figures: changed.clone(),
        reason: reason.map(str::to_owned),
    };
    assert!(matches!(tell(&mut decision, report(None), at), Err(Refusal::Restatement { .. })));
    assert_eq!(tell(&mut decision, report(Some("  ")), at), Err(Refusal::NoReason));
    let events = tell(&mut decision, report(Some("late returns")), at).unwrap();
    let [Event::Restated { changes, .. }, Event::LookedAgain { before: replaced, look: again, .. }] = events.as_slice()
    else {
        panic!("{events:?}")
    };
    assert_eq!((changes[0].is.count - changes[0].was.count, replaced), (900, &hash));
    assert_ne!(again.inputs, before.inputs);
    assert!(again.found.as_ref().unwrap().log_e < before.found.as_ref().unwrap().log_e);
    assert_eq!((again.month, again.revision), (before.month, before.revision + 1));
    // The same again changes nothing.
    assert_eq!(tell(&mut decision, report(None), at).unwrap(), []);
}

#[test]
fn a_signature_is_for_one_look_and_falls_with_it() {
    let mut decision = reported(15, 0.25, NEVER);
    look(&mut decision, 15);
    tell(&mut decision, Command::Publish { by: me() }, after(BASELINE + 14, 3)).unwrap();
    let late = after(BASELINE + 14, 40);
    for (by, party) in [
        ("c00", Party::Commissioners),
        ("c01", Party::Commissioners),
        ("p00", Party::Providers),
        ("p01", Party::Providers),
    ] {
        tell(&mut decision, Command::Sign { by: by.to_owned(), party }, late).unwrap();
    }
    assert!(decision.answer(late).0);
    let name = "readmission".to_owned();
    let worse = Command::ReportBalance { by: me(), name, month: month(BASELINE + 14), worst: 0.9 };
    tell(&mut decision, worse, late).unwrap();
    assert!(!decision.answer(late).0, "something was reported since");
    assert!(matches!(tell(&mut decision, Command::Release { by: me(), beds: 20 }, late), Err(Refusal::AnswerIsNo(_))));
    look(&mut decision, 15);
    assert!(decision.answer(late).1.contains("public"), "{}", decision.answer(late).1);
}

#[test]
fn people_who_are_not_there_and_figures_that_are_not_each_close_the_gate() {
    let mut decision = reported(15, 0.25, NEVER);
    let nobody = Command::CountCapacity { by: me(), month: month(BASELINE + 13), posts: posts()[..1].to_vec() };
    tell(&mut decision, nobody, after(BASELINE + 14, 1)).unwrap();
    let look_now = look(&mut decision, 15);
    assert_eq!(standing(&look_now, Gate::G1), Standing::Unmet);
    assert!(look_now.answer.contains("1 of 2 people"), "{}", look_now.answer);

    // A comparator that ends early.
    let mut decision = registered();
    let mut fewer = figures(0..BASELINE + 15, 0.25, NEVER);
    fewer.retain(|figure| !(figure.series == "A03" && figure.month >= month(BASELINE + 10)));
    tell(&mut decision, Command::Report { by: me(), figures: fewer, reason: None }, after(BASELINE + 14, 1)).unwrap();
    let look_now = look(&mut decision, 15);
    let quality = look_now.states.iter().find(|state| state.gate == Gate::G2).unwrap();
    assert_eq!(quality.standing, Standing::Unmet);
    assert!(quality.sentence.contains(&format!("A03 ends before {}", month(BASELINE + 10))), "{}", quality.sentence);
    assert_eq!(standing(&look_now, Gate::G3), Standing::Unmet);
    assert!(look_now.found.is_none());

    // What a series records has changed.
    let mut decision = reported(15, 0.25, NEVER);
    let declare = Command::DeclareChange {
        by: me(),
        series: "A-area".to_owned(),
        month: month(BASELINE + 3),
        what: "same-day emergency care no longer counted".to_owned(),
    };
    tell(&mut decision, declare, after(BASELINE + 14, 1)).unwrap();
    let look_now = look(&mut decision, 15);
    assert_eq!(standing(&look_now, Gate::G2), Standing::Unmet);
}

#[test]
fn a_protocol_is_frozen_before_its_first_month_and_changing_it_begins_again() {
    let mut decision = Decision::default();
    let register = |protocol: Protocol| {
        let calibration = calibration(&protocol);
        Command::Register { by: me(), protocol: Box::new(protocol), calibration }
    };
    let late = tell(&mut decision, register(protocol()), after(BASELINE, 0));
    assert_eq!(late, Err(Refusal::StartHasPassed(month(BASELINE))));
    let unsound = tell(&mut decision, register(Protocol { placebos: names("P", 38), ..protocol() }), after(0, 0));
    assert!(unsound.unwrap_err().to_string().contains("39 other areas"));
    let mut cheap = calibration(&protocol());
    cheap.log_threshold = 0.1;
    let cheap = Command::Register { by: me(), protocol: Box::new(protocol()), calibration: cheap };
    assert!(matches!(tell(&mut decision, cheap, after(0, 0)), Err(Refusal::Calibration(_))));

    let mut decision = reported(13, 0.25, NEVER);
    let first = look(&mut decision, 13);
    let amend = |protocol: Protocol, reason: &str| {
        let calibration = calibration(&protocol);
        Command::Amend { by: me(), reason: reason.to_owned(), protocol: Box::new(protocol), calibration }
    };
    let now = after(BASELINE + 12, 5);
    let same_start = Protocol { beds: 10, ..protocol() };
    assert_eq!(tell(&mut decision, amend(same_start, "fewer"), now), Err(Refusal::StartHasPassed(month(BASELINE))));
    let later = Protocol { beds: 10, start: month(BASELINE + 15), ..protocol() };
    assert_eq!(tell(&mut decision, amend(later.clone(), " "), now), Err(Refusal::NoReason));
    tell(&mut decision, amend(later, "the board asks for fewer beds"), now).unwrap();
    assert_eq!(decision.frozen().unwrap().clock, first.clock + 1);
    assert!(decision.looks().is_empty());
    assert!(!decision.answer(now).0);
    let early = tell(&mut decision, Command::Look { by: me(), month: month(BASELINE + 12) }, now);
    assert!(matches!(early, Err(Refusal::Look(NoLook::Before { .. }))));
}

#[test]
fn what_cannot_be_taken_in_is_refused_whole() {
    let mut decision = registered();
    let at = after(BASELINE, 1);
    let mut report = |figures: Vec<Figure>| {
        tell(&mut decision, Command::Report { by: me(), figures, reason: None }, at).unwrap_err().to_string()
    };
    let good = figures(0..1, 0.0, NEVER);
    let with = |figure: Figure| [good.clone(), vec![figure]].concat();
    let figure = |series: &str, at: i32, count: i64| Figure {
        series: series.to_owned(),
        month: month(at),
        count,
        complete: 1_000,
    };
    assert!(report(with(figure("A00", 1, 0))).contains("above zero"));
    assert!(report(with(figure("A00", 1, -7))).contains("-7"));
    assert!(report(with(figure("Z99", 1, 10))).contains("Z99"));
    assert!(report(with(figure("A00", BASELINE + 1, 10))).contains("not over"));
    let not_over = Command::Look { by: me(), month: month(BASELINE + 1) };
    assert_eq!(tell(&mut decision, not_over, at), Err(Refusal::NotOver(month(BASELINE + 1))));
    assert_eq!(decision.book.revision(), 0, "nothing partial was kept");
}

#[test]
fn the_same_month_is_not_looked_at_twice_without_news_and_never_backwards() {
    let mut decision = reported(13, 0.1, NEVER);
    look(&mut decision, 13);
    let at = after(BASELINE + 12, 3);
    let again = |upto: i32| Command::Look { by: me(), month: month(BASELINE + upto - 1) };
    assert_eq!(tell(&mut decision, again(13), at), Err(Refusal::LookedAlready(month(BASELINE + 12))));
    assert_eq!(tell(&mut decision, again(12), at), Err(Refusal::Backwards(month(BASELINE + 12))));
}

#[test]
fn harm_after_the_release_opens_the_beds_again_and_none_does_not() {
    let release_at = BASELINE + 15;
    for (harm, reversed) in [(0.35, true), (0.0, false)] {
        let mut decision = reported(15, 0.25, (release_at + 1, harm));
        look(&mut decision, 15);
        decision.apply(&Event::Released { by: me(), beds: 20, month: month(release_at), look: String::new() });
        let upto = release_at + 13;
        let figures = figures(BASELINE + 15..upto, 0.25, (release_at + 1, harm));
        tell(&mut decision, Command::Report { by: me(), figures, reason: None }, after(upto, 0)).unwrap();
        let mut last = Vec::new();
        for at in release_at + 1..upto {
            let seek = Command::LookForHarm { by: me(), month: month(at) };
            last = tell(&mut decision, seek, after(upto, 0)).unwrap();
            if last.len() == 2 {
                break;
            }
        }
        assert_eq!(last.len() == 2, reversed, "{harm} {last:?}");
        let stage = decision.stage(after(upto, 1));
        assert_eq!(stage, if reversed { Stage::Reversed } else { Stage::Monitored });
    }
}

#[test]
fn a_look_made_again_from_the_log_is_the_same_look() {
    let mut decision = reported(15, 0.2, NEVER);
    let look = look(&mut decision, 15);
    let text = serde_json::to_string(&look).unwrap();
    let read: Look = serde_json::from_str(&text).unwrap();
    assert_eq!(read, look);
    let frozen = decision.frozen().unwrap();
    let again = decision.known(frozen).look(&frozen.protocol.evidence().unwrap(), look.month).unwrap();
    assert_eq!(again, look);
}

/// A whole decision, from its protocol to harm after the release, as commands in order; once harm is seen, the looks for it that are
/// left are refused. It is signed, and the beds go, on the first day of the second month after the look.
pub(crate) fn story() -> Vec<(Command, Timestamp)> {
    let protocol = protocol();
    let calibration = calibration(&protocol);
    let release_at = BASELINE + 16;
    let harm = (release_at + 1, 0.35);
    let now = after(BASELINE + 14, 1);
    let mut all = vec![
        (Command::Register { by: me(), protocol: Box::new(protocol), calibration }, after(BASELINE - 3, 0)),
        (Command::Report { by: me(), figures: figures(0..BASELINE + 15, 0.25, harm), reason: None }, now),
    ];
    for at in (BASELINE - 3..BASELINE).chain(BASELINE + 12..BASELINE + 15) {
        all.push((Command::CountCapacity { by: me(), month: month(at), posts: posts() }, now));
    }
    let name = "readmission".to_owned();
    all.push((Command::ReportBalance { by: me(), name, month: month(BASELINE + 14), worst: 0.4 }, now));
    all.push((Command::Look { by: me(), month: month(BASELINE + 14) }, now));
    let mut restated = figures(BASELINE + 12..BASELINE + 13, 0.25, harm);
    restated.retain(|figure| figure.series == "A-area");
    restated[0].count += 3;
    all.push((Command::Report { by: me(), figures: restated, reason: Some("late returns".to_owned()) }, now));
    all.push((Command::Publish { by: me() }, after(BASELINE + 14, 2)));
    let signed = after(BASELINE + 14, 31);
    for (by, party) in [
        ("c00", Party::Commissioners),
        ("c01", Party::Commissioners),
        ("p00", Party::Providers),
        ("p01", Party::Providers),
    ] {
        all.push((Command::Sign { by: by.to_owned(), party }, signed));
    }
    all.push((Command::Release { by: me(), beds: 20 }, signed));
    let upto = release_at + 14;
    let later = figures(BASELINE + 15..upto, 0.25, harm);
    all.push((Command::Report { by: me(), figures: later, reason: None }, after(upto, 0)));
    for at in release_at + 1..upto {
        all.push((Command::LookForHarm { by: me(), month: month(at) }, after(upto, 0)));
    }
    all
}
