//! Rotas: gaps against a minute-by-minute count, versions, the nights when the clocks change.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use access::Role;
use jiff::civil::{DateTime, date, time};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::hours::{Days, Edge, moment};
use super::*;

fn consultant() -> Subject {
    Subject {
        id: "persona|consultant".to_owned(),
        name: "Dr Ewan Tarrant".to_owned(),
        role: Role::Consultant,
        organisation: "Stepping Hill Hospital".to_owned(),
        own: None,
        teams: vec!["organisation:stockport-ft".to_owned()],
        assured: true,
    }
}

fn team() -> Team {
    Team::try_from("organisation:stockport-ft".to_owned()).unwrap()
}

fn calendar() -> Calendar {
    static CALENDAR: LazyLock<Calendar> = LazyLock::new(|| place::Place::built_in().unwrap().calendar().clone());
    CALENDAR.clone()
}

fn entry(reader: &str, from: DateTime, until: DateTime, order: u32) -> Entry {
    let (from, until) = (moment(from, Edge::From), moment(until, Edge::Until));
    Entry { reader: reader.to_owned(), name: format!("Dr {reader}"), from, until, order }
}

fn office() -> Covered {
    Covered { days: Days::Weekdays, from: time(9, 0, 0, 0), until: time(17, 0, 0, 0), bank_holidays: false }
}

/// The week before Christmas 2026 up to the New Year: the 25th (Friday) and the 28th (Monday) are bank holidays.
fn christmas(entries: Vec<Entry>) -> Draft {
    Draft {
        specialty: "endocrinology".to_owned(),
        from: date(2026, 12, 21),
        until: date(2026, 12, 31),
        covered: vec![office()],
        entries,
    }
}

fn days(from: i8, until: i8, reader: &str, order: u32) -> Vec<Entry> {
    let on = |day| date(2026, 12, day);
    (from..=until).map(|day| entry(reader, on(day).at(9, 0, 0, 0), on(day).at(17, 0, 0, 0), order)).collect()
}

fn run(rota: &mut Rota, command: Command, at: Timestamp) -> Result<Vec<Event>, Refusal> {
    let events = rota.decide(command, at)?;
    for event in &events {
        rota.apply(event);
    }
    Ok(events)
}

fn draft(draft: Draft) -> Command {
    Command::Draft { by: consultant(), team: team(), draft }
}

fn publish() -> Command {
    Command::Publish { by: consultant(), team: team(), calendar: Box::new(calendar()) }
}

fn before() -> Timestamp {
    moment(date(2026, 12, 1).at(12, 0, 0, 0), Edge::From)
}

#[test]
fn a_gap_in_promised_hours_blocks_publication_and_is_told_in_words() {
    let mut rota = Rota::default();
    let mut entries = days(21, 24, "a", 1);
    entries[1].until = moment(date(2026, 12, 22).at(13, 0, 0, 0), Edge::Until);
    // Christmas Day and its Monday are no gaps: they are bank holidays, and nothing is promised on them.
    entries.extend(days(29, 31, "b", 1));
    run(&mut rota, draft(christmas(entries.clone())), before()).unwrap();
    let refused = run(&mut rota, publish(), before()).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "nobody is on in hours that are promised, so the rota is not published: from Tuesday 22 December 2026 13:00 to 17:00"
    );
    assert!(rota.versions().is_empty() && rota.waits(), "the draft is kept, and nobody is rung by it");
    entries.extend([entry("b", date(2026, 12, 22).at(12, 30, 0, 0), date(2026, 12, 22).at(17, 0, 0, 0), 2)]);
    run(&mut rota, draft(christmas(entries)), before()).unwrap();
    run(&mut rota, publish(), before()).unwrap();
    assert_eq!(rota.versions().len(), 1);
    let on = |rota: &Rota, hour, minute| {
        let at = moment(date(2026, 12, 22).at(hour, minute, 0, 0), Edge::From);
        rota.on(at).iter().map(|entry| entry.reader.clone()).collect::<Vec<_>>()
    };
    assert_eq!(on(&rota, 12, 45), ["a", "b"]);
    assert_eq!(on(&rota, 13, 0), ["b"]);
    assert_eq!(on(&rota, 8, 59), Vec::<String>::new());
    assert_eq!(run(&mut rota, publish(), before()), Err(Refusal::NothingNew));
}

#[test]
fn a_change_is_a_new_version_and_the_old_one_stands_as_it_was() {
    let mut rota = Rota::default();
    let full = |reader: &str| {
        let mut entries = days(21, 24, reader, 1);
        entries.extend(days(29, 31, reader, 1));
        christmas(entries)
    };
    run(&mut rota, draft(full("a")), before()).unwrap();
    run(&mut rota, publish(), before()).unwrap();
    let first = rota.versions()[0].clone();
    let change = Draft { from: date(2026, 12, 23), until: date(2026, 12, 24), ..full("b") };
    run(&mut rota, draft(change), before()).unwrap();
    run(&mut rota, publish(), before()).unwrap();
    assert_eq!(rota.versions()[0], first);
    let on = |day| rota.on(moment(date(2026, 12, day).at(10, 0, 0, 0), Edge::From))[0].reader.clone();
    assert_eq!((on(22), on(23), on(24), on(29)), ("a".into(), "b".into(), "b".into(), "a".into()));
    assert_eq!(
        run(&mut rota.clone(), draft(full("c")), before()).and_then(|_| {
            let late = moment(date(2026, 12, 22).at(8, 0, 0, 0), Edge::From);
            let mut rota = rota.clone();
            run(&mut rota, draft(full("c")), before())?;
            run(&mut rota, publish(), late)
        }),
        Err(Refusal::Over),
        "days that are over are not written anew"
    );
}

#[test]
fn only_the_team_of_the_line_writes_its_rota_and_only_for_years_whose_holidays_are_known() {
    let mut rota = Rota::default();
    let by = Subject { teams: vec!["ods:P88002".to_owned()], ..consultant() };
    let theirs = Command::Draft { by, team: team(), draft: christmas(days(21, 24, "a", 1)) };
    assert!(matches!(rota.decide(theirs, before()), Err(Refusal::NotTheirs(_))));
    let by = Subject { assured: false, ..consultant() };
    let unproved = Command::Draft { by, team: team(), draft: christmas(days(21, 24, "a", 1)) };
    assert!(matches!(rota.decide(unproved, before()), Err(Refusal::NotTheirs(_))));
    let far = Draft { from: date(2031, 1, 6), until: date(2031, 1, 6), ..christmas(Vec::new()) };
    run(&mut rota, draft(far), before()).unwrap();
    assert!(matches!(run(&mut rota, publish(), before()), Err(Refusal::Beyond(_))));
}

#[test]
fn what_cannot_be_rung_in_order_is_refused_in_words() {
    let told = |draft: Draft| draft.problems().join("; ");
    let mut twice = days(21, 21, "a", 1);
    twice.extend(days(21, 21, "a", 2));
    assert_eq!(told(christmas(twice)), "Dr a is on twice from Monday 21 December 2026 09:00");
    let mut same = days(21, 21, "a", 1);
    same.extend(days(21, 21, "b", 1));
    assert_eq!(told(christmas(same)), "Dr a and Dr b both have place 1 from Monday 21 December 2026 09:00");
    let mut number = days(21, 21, "a", 1);
    number[0].name = "07700 900123".to_owned();
    assert!(told(christmas(number)).contains("a rota names people"));
    let mut backwards = days(21, 21, "a", 1);
    backwards[0].until = backwards[0].from;
    assert!(told(christmas(backwards)).contains("before it begins"));
    assert!(told(Draft { until: date(2026, 12, 1), ..christmas(Vec::new()) }).contains("before the first"));
    assert!(told(Draft { until: date(2028, 12, 1), ..christmas(Vec::new()) }).contains("at most 370 days"));
    assert!(told(Draft { covered: Vec::new(), ..christmas(Vec::new()) }).contains("which hours are promised"));
}

#[test]
fn the_night_with_twenty_five_hours_is_covered_whole_and_the_one_with_twenty_three_has_no_gap_in_it() {
    let night = Covered { days: Days::EveryDay, from: time(0, 0, 0, 0), until: time(0, 0, 0, 0), bank_holidays: true };
    let day = |from| Draft { from, until: from, covered: vec![night.clone()], ..christmas(Vec::new()) };
    let hours = |draft: &Draft| {
        let period = draft.period().unwrap();
        period.end.duration_since(period.start).as_hours()
    };
    let (autumn, spring) = (day(date(2026, 10, 25)), day(date(2027, 3, 28)));
    assert_eq!((hours(&autumn), hours(&spring)), (25, 23));
    // On until half past one of the second hour: what is left begins there, and the words say which half past one.
    let mut short = autumn.clone();
    let from = moment(date(2026, 10, 25).at(0, 0, 0, 0), Edge::From);
    short.entries = vec![Entry {
        reader: "a".to_owned(),
        name: "Dr a".to_owned(),
        from,
        until: moment(date(2026, 10, 25).at(1, 30, 0, 0), Edge::From),
        order: 1,
    }];
    let found = gap::gaps(&short, &BTreeSet::new());
    assert_eq!(gap::told(&found), "from Sunday 25 October 2026 01:30 BST to Monday 26 October 2026 00:00");
    short.entries[0].until = moment(date(2026, 10, 25).at(1, 30, 0, 0), Edge::Until);
    let found = gap::gaps(&short, &BTreeSet::new());
    assert_eq!(gap::told(&found), "from Sunday 25 October 2026 01:30 GMT to Monday 26 October 2026 00:00");
    // 01:30 does not come on the spring night: both edges are the moment at which the clocks go forward.
    let forward: Timestamp = "2027-03-28T01:00:00Z".parse().unwrap();
    for minute in [0, 30, 59] {
        let local = date(2027, 3, 28).at(1, minute, 0, 0);
        assert_eq!((moment(local, Edge::From), moment(local, Edge::Until)), (forward, forward));
    }
}

/// The gaps minute by minute: for every minute of the rota's days, is it promised, is somebody on? Knows nothing of offsets; what
/// the clock on the wall shows is asked anew for each minute.
fn slow_gaps(draft: &Draft, holidays: &BTreeSet<Date>) -> Vec<(Timestamp, Timestamp)> {
    let minute = SignedDuration::from_mins(1);
    let wall = |at: Timestamp| at.to_zoned(jiff::tz::TimeZone::get("Europe/London").unwrap()).datetime();
    let begin = "2026-01-01T00:00:00Z".parse::<Timestamp>().unwrap();
    let start = draft.from.to_datetime(time(0, 0, 0, 0)).to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp();
    let mut minutes = Vec::new();
    let mut at = (start - SignedDuration::from_hours(50)).max(begin);
    let end = draft.until.to_datetime(time(0, 0, 0, 0)).to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp()
        + SignedDuration::from_hours(50);
    while at < end {
        minutes.push((at, wall(at)));
        at += minute;
    }
    let in_days = |shown: DateTime| draft.from <= shown.date() && shown.date() <= draft.until;
    let mut promised = vec![false; minutes.len()];
    let mut day = draft.from.yesterday().unwrap();
    while day <= draft.until {
        for hours in &draft.covered {
            let weekend = matches!(day.weekday(), jiff::civil::Weekday::Saturday | jiff::civil::Weekday::Sunday);
            let fits = match hours.days {
                Days::EveryDay => true,
                Days::Weekdays => !weekend,
                Days::Weekends => weekend,
            };
            if !fits || (!hours.bank_holidays && holidays.contains(&day)) {
                continue;
            }
            let last = if hours.until > hours.from { day } else { day.tomorrow().unwrap() };
            let (from, until) = (day.to_datetime(hours.from), last.to_datetime(hours.until));
            // From the first minute that shows the beginning or later, to the last one that shows the end itself; where none
            // does, because the clocks went forward over it, to the last one that shows less.
            let Some(first) = minutes.iter().position(|(_, shown)| *shown >= from) else { continue };
            let end = minutes.iter().rposition(|(_, shown)| *shown == until);
            let Some(end) = end.or_else(|| minutes.iter().rposition(|(_, shown)| *shown < until).map(|last| last + 1))
            else {
                continue;
            };
            promised.iter_mut().take(end).skip(first).for_each(|minute| *minute = true);
        }
        day = day.tomorrow().unwrap();
    }
    let mut gaps: Vec<(Timestamp, Timestamp)> = Vec::new();
    for (index, (at, shown)) in minutes.iter().enumerate() {
        let on = draft.entries.iter().any(|entry| entry.from <= *at && *at < entry.until);
        if promised[index] && in_days(*shown) && !on {
            match gaps.last_mut() {
                Some(gap) if gap.1 == *at => gap.1 = *at + minute,
                _ => gaps.push((*at, *at + minute)),
            }
        }
    }
    gaps
}

fn any_time() -> impl Strategy<Value = jiff::civil::Time> {
    (0..24_i8, prop_oneof![Just(0_i8), Just(15), Just(30), 0..60_i8])
        .prop_map(|(hour, minute)| time(hour, minute, 0, 0))
}

prop_compose! {
    fn any_draft()(
        // Round the two nights on which the clocks change, Christmas, and any other day.
        first in prop_oneof![
            (23..26_i8).prop_map(|day| date(2026, 10, day)),
            (25..29_i8).prop_map(|day| date(2027, 3, day)),
            (22..29_i8).prop_map(|day| date(2026, 12, day)),
            (1..28_i8).prop_map(|day| date(2027, 6, day)),
        ],
        length in 0..4_i32,
        covered in proptest::collection::vec(
            (
                prop_oneof![Just(Days::EveryDay), Just(Days::Weekdays), Just(Days::Weekends)],
                any_time(), any_time(), any::<bool>(),
            ),
            1..3,
        ),
        entries in proptest::collection::vec((0..5_i32, any_time(), 1..1_800_i64), 0..8),
    ) -> Draft {
        let on = |days: i32| first.checked_add(jiff::Span::new().days(days)).unwrap();
        let entries = entries.into_iter().enumerate().map(|(number, (day, from, minutes))| {
            let from = moment(on(day - 1).to_datetime(from), Edge::From);
            let reader = format!("r{number}");
            let until = from + SignedDuration::from_mins(minutes);
            Entry { name: reader.clone(), reader, from, until, order: number as u32 }
        });
        let covered = covered.into_iter();
        Draft {
            specialty: "endocrinology".to_owned(),
            from: first,
            until: on(length),
            covered: covered
                .map(|(days, from, until, bank_holidays)| Covered { days, from, until, bank_holidays })
                .collect(),
            entries: entries.collect(),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn gaps_are_those_that_a_minute_by_minute_count_finds(draft in any_draft()) {
        let holidays = hours::holidays(&draft, &calendar()).unwrap();
        let fast: Vec<_> = gap::gaps(&draft, &holidays).into_iter().map(|gap| (gap.from, gap.until)).collect();
        prop_assert_eq!(fast, slow_gaps(&draft, &holidays));
    }

    #[test]
    fn what_is_published_has_somebody_on_at_every_promised_minute(draft in any_draft(), pick in any::<prop::sample::Index>()) {
        prop_assume!(draft.problems().is_empty());
        let mut rota = Rota::default();
        let early: Timestamp = "2026-09-01T00:00:00Z".parse().unwrap();
        run(&mut rota, Command::Draft { by: consultant(), team: team(), draft: draft.clone() }, early).unwrap();
        let holidays = hours::holidays(&draft, &calendar()).unwrap();
        let promised = hours::promised(&draft, &holidays);
        match run(&mut rota, publish(), early) {
            Ok(_) if promised.is_empty() => {}
            Ok(_) => {
                let (from, until) = promised[pick.index(promised.len())];
                let minutes = until.duration_since(from).as_mins().max(1);
                let at = from + SignedDuration::from_mins(pick.index(usize::try_from(minutes).unwrap()) as i64);
                let on = rota.on(at);
                prop_assert!(!on.is_empty());
                prop_assert!(on.windows(2).all(|pair| pair[0].order < pair[1].order));
            }
            Err(refusal) => prop_assert!(matches!(refusal, Refusal::Gaps(_)), "{refusal}"),
        }
    }
}
