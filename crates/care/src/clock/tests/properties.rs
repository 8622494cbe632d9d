//! What holds for any history: the order of telling and what is unrelated make no difference, and a count of every single minute
//! gives the same.

use super::*;
use jiff::{SignedDuration, ToSpan};
use proptest::prelude::*;

/// The rules that are tried: each kind of hours, each kind of unit, with and without a pause.
const TRIED: [(&str, &str); 8] = [
    ("crisis-response", "2016"),
    ("crisis-response", "2026"),
    ("triage", "2026"),
    ("answer-to-referrer", "2016"),
    ("advice-written", "2026"),
    ("care-home-assessment", "2016"),
    ("intermediate-stay", "2026"),
    ("discharge", "2026"),
];

/// Nights on which clocks change, Easter, Christmas, and a plain day.
const AROUND: [&str; 6] = [
    "2026-10-24T12:00Z",
    "2027-03-27T12:00Z",
    "2027-03-25T20:00Z",
    "2026-12-24T06:00Z",
    "2026-06-16T06:00Z",
    "2016-03-26T20:00Z",
];

prop_compose! {
    /// Moments in whole minutes within four days, with every sort of word.
    fn history()(
        which in 0..TRIED.len(),
        around in 0..AROUND.len(),
        steps in prop::collection::vec((0_i64..5_760, 0_usize..7, 0_i64..600), 0..9),
        now in 0_i64..7_200,
    ) -> (usize, Vec<Moment>, Timestamp) {
        let base = at(AROUND[around]);
        let minutes = |count: i64| base.checked_add(count.minutes()).unwrap();
        let rule = CLOCKS.rule_in(TRIED[which].0, TRIED[which].1).unwrap().version;
        let word = |kind: usize| match kind {
            0 | 1 => Some(&rule.start),
            2 => Some(&rule.pause),
            3 => Some(&rule.resume),
            4 => Some(&rule.stop),
            5 => Some(&rule.void),
            _ => None,
        }.and_then(|words| words.first().map(ToString::to_string)).unwrap_or_else(|| "something-else".to_owned());
        let moments = steps.into_iter().map(|(minute, kind, delay)| {
            Moment::new(minutes(minute), word(kind)).told(minutes(minute + delay))
        }).collect();
        (which, moments, minutes(now))
    }
}

fn rule(which: usize) -> Rule<'static> {
    CLOCKS.rule_in(TRIED[which].0, TRIED[which].1).unwrap()
}

/// The same count, minute by minute and midnight by midnight, knowing nothing of stretches and windows.
fn slow(rule: &Rule<'_>, moments: &[Moment], now: Timestamp) -> i64 {
    let words = |words: &[place::Slug], moment: &Moment| words.iter().any(|word| *word == *moment.signal);
    let local = |at: Timestamp| at.to_zoned(CLOCKS.zone().clone()).datetime();
    let working = |day: jiff::civil::Date| CLOCKS.calendar.is_working_day(day).unwrap();
    let (mut running, mut started, mut ended, mut count) = (false, false, false, 0);
    let mut minute = moments.iter().map(|moment| moment.at).min().unwrap_or(now);
    while minute <= now {
        let next = minute.checked_add(1.minutes()).unwrap();
        // The midnight with which a day begins belongs to what ran before it.
        let day = local(minute);
        let begins = day.time() == jiff::civil::Time::midnight();
        let unit = rule.version.within.unit;
        if begins && running && unit.is_of_days() && (unit != place::Unit::WorkingDays || working(day.date())) {
            count += 1;
        }
        for does in 0..5 {
            for moment in moments.iter().filter(|moment| moment.at == minute) {
                let version = rule.version;
                match does {
                    _ if ended => {}
                    0 if words(&version.start, moment) && !started => (started, running) = (true, true),
                    1 if words(&version.pause, moment) => running = false,
                    2 if words(&version.resume, moment) && started => running = true,
                    3 if (words(&version.stop, moment) || words(&version.void, moment)) && started => {
                        (running, ended) = (false, true);
                    }
                    _ => {}
                }
            }
        }
        let open = rule.version.runs.between.is_none_or(|(from, until)| from <= day.time() && day.time() < until);
        if running && !unit.is_of_days() && open && minute < now {
            count += 60_000_000;
        }
        minute = next;
    }
    count
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_count_of_every_minute_gives_the_same((which, moments, now) in history()) {
        let span = rule(which).span(&moments, now).unwrap();
        prop_assert_eq!(span.elapsed.number(), slow(&rule(which), &moments, now), "{:?}", span);
        prop_assert_eq!(span.elapsed.number() + span.left.number(), Amount::of(rule(which).version.within).number());
    }

    #[test]
    fn counting_again_in_any_order_and_among_unrelated_words_gives_the_same(
        (which, moments, now) in history(),
        turn in 0_usize..9,
        unrelated in prop::collection::vec((0_i64..400_000, "[a-z]{3,8}-unrelated"), 0..5),
    ) {
        let first = rule(which).span(&moments, now).unwrap();
        let mut other = moments.clone();
        other.reverse();
        let len = other.len().max(1);
        other.rotate_left(turn % len);
        other.extend(unrelated.into_iter().map(|(seconds, word)| {
            Moment::new(now.checked_sub(SignedDuration::from_secs(seconds)).unwrap(), word)
        }));
        prop_assert_eq!(rule(which).span(&other, now).unwrap(), first);
    }

    #[test]
    fn time_is_up_when_it_is_due_and_not_before((which, moments, now) in history()) {
        let span = rule(which).span(&moments, now).unwrap();
        if let (Some(due), State::Running | State::OutOfHours) = (span.due, span.state) {
            let days = rule(which).version.within.unit.is_of_days();
            let past: Vec<Moment> = moments.iter().filter(|moment| moment.at <= now).cloned().collect();
            let when = |moved: i64| rule(which).span(&past, due.checked_add(SignedDuration::from_micros(moved)).unwrap());
            if !span.breached {
                prop_assert!(!when(-1).unwrap().breached);
                prop_assert_eq!(when(0).unwrap().breached, days);
                if days || rule(which).version.runs.between.is_none() {
                    prop_assert!(when(1).unwrap().breached);
                }
            }
        }
    }
}
