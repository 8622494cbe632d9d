//! A clock's figures month by month: how many were in time of those that began in the month, each by the rule that held for it,
//! and what is behind a figure. Must not hold whose they are: what is behind a figure is named by ask, and opened with a permit.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use place::BeyondCalendar;
use uuid::Uuid;

use super::{Clocks, Named, Share, Span};
use crate::views::heard::Heard;

/// One thing that a clock counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// The ask it belongs to.
    pub ask: Uuid,
    /// What the clock says of it.
    pub span: Span,
}

/// The clock's figures: by the first day of the month in which something began, and by the rule that counted it.
pub type Months = BTreeMap<(Date, Named), Share>;

/// What a clock says of everything that has started it between two moments, the second not in it.
///
/// # Errors
/// [`BeyondCalendar`] where working days are counted in a year whose bank holidays are not listed.
pub fn counted(
    clocks: &Clocks,
    clock: &str,
    heard: &[Heard],
    (from, until): (Timestamp, Timestamp),
    now: Timestamp,
) -> Result<Vec<Counted>, BeyondCalendar> {
    let mut all = Vec::new();
    for one in heard {
        let Some(span) = clocks.span(clock, &one.moments, now)? else { continue };
        // The word may have been said again of something that began before.
        if span.started.is_some_and(|started| started >= from && started < until) {
            all.push(Counted { ask: one.ask, span });
        }
    }
    Ok(all)
}

/// The figures by month and rule.
#[must_use]
pub fn months(clocks: &Clocks, counted: &[Counted]) -> Months {
    let mut by_month: BTreeMap<Date, Vec<&Span>> = BTreeMap::new();
    for one in counted {
        if let Some(started) = one.span.started {
            let month = started.to_zoned(clocks.zone().clone()).date().first_of_month();
            by_month.entry(month).or_default().push(&one.span);
        }
    }
    let mut months = Months::new();
    for (month, spans) in by_month {
        for (rule, share) in Share::of(spans) {
            months.insert((month, rule), share);
        }
    }
    months
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Moment;
    use jiff::SignedDuration;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn response(number: u128, received: &str, minutes: Option<i64>) -> Heard {
        let received = at(received);
        let mut moments = vec![Moment::new(received, "crisis-referral-received")];
        moments.extend(minutes.map(|after| Moment::new(received + SignedDuration::from_mins(after), "first-contact")));
        Heard { about: Uuid::from_u128(number), ask: Uuid::from_u128(100 + number), moments }
    }

    #[test]
    fn a_figure_is_of_what_began_in_the_month_by_the_rule_of_its_day_and_names_what_is_behind_it() {
        let clocks = Clocks::of(&place::Place::built_in().unwrap()).unwrap();
        let heard = [
            response(1, "2026-03-30T10:00:00Z", Some(60)),
            response(2, "2026-04-02T10:00:00Z", Some(119)),
            response(3, "2026-04-03T10:00:00Z", Some(121)),
            response(4, "2026-04-30T22:59:00Z", None),
            // Half past midnight of the first of May in London.
            response(5, "2026-04-30T23:30:00Z", Some(30)),
        ];
        let between = (at("2026-03-01T00:00:00Z"), at("2026-05-01T00:00:00Z"));
        let now = at("2026-05-02T00:00:00Z");
        let all = counted(&clocks, "crisis-response", &heard, between, now).unwrap();
        assert_eq!(all.len(), 5);
        assert_eq!(all[1].ask, Uuid::from_u128(102));
        let found: Vec<(String, String, Share)> = months(&clocks, &all)
            .into_iter()
            .map(|((month, rule), share)| (month.to_string(), rule.to_string(), share))
            .collect();
        let share = |in_time, late| Share { in_time, late, ..Share::default() };
        assert_eq!(
            found,
            [
                ("2026-03-01".to_owned(), "crisis-response@2016-1".to_owned(), share(1, 0)),
                ("2026-04-01".to_owned(), "crisis-response@2026-1".to_owned(), share(1, 2)),
                ("2026-05-01".to_owned(), "crisis-response@2026-1".to_owned(), share(1, 0)),
            ]
        );
        let later = (at("2026-04-01T00:00:00Z"), at("2026-05-01T00:00:00Z"));
        assert_eq!(
            counted(&clocks, "crisis-response", &heard, later, now).unwrap().len(),
            4,
            "what began before is not"
        );
        assert!(counted(&clocks, "no-such-clock", &heard, between, now).unwrap().is_empty());
    }
}
