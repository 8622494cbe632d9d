//! A rota from a week: who is first, second and third on each day of the week, for as many weeks as it is for. Everybody is on for
//! the hours that are promised on the day, neither more nor less. Must not leave out a day for which nobody is named: that is a gap,
//! and is shown as one.

use std::collections::BTreeSet;

use jiff::civil::Date;
use place::{BeyondCalendar, Calendar};

use super::hours::{Covered, Edge, holidays, moment};
use super::{Draft, Entry};
use crate::call::Who;

/// Who is on, from Monday to Sunday, each day in the order in which they are rung.
pub type Week = [Vec<Who>; 7];

/// The rota of these days.
///
/// # Errors
/// [`BeyondCalendar`] where its bank holidays are not known.
pub fn of_week(
    specialty: &str,
    (from, until): (Date, Date),
    covered: &[Covered],
    week: &Week,
    calendar: &Calendar,
) -> Result<Draft, BeyondCalendar> {
    let empty = Draft { specialty: specialty.to_owned(), from, until, covered: covered.to_vec(), entries: Vec::new() };
    let holidays: BTreeSet<Date> = holidays(&empty, calendar)?;
    let mut entries = Vec::new();
    // No rota is longer; one that is written longer is refused for that.
    let days = std::iter::successors(Some(from), |day| day.tomorrow().ok()).take(super::LONGEST as usize + 1);
    for day in days.take_while(|day| *day <= until) {
        let on = usize::try_from(day.weekday().to_monday_zero_offset()).ok().and_then(|day| week.get(day));
        for hours in covered.iter().filter(|hours| hours.begins_on(day, &holidays)) {
            let last = if hours.until > hours.from { day } else { day.tomorrow().unwrap_or(day) };
            let begins = moment(day.to_datetime(hours.from), Edge::From);
            let ends = moment(last.to_datetime(hours.until), Edge::Until);
            entries.extend((1..).zip(on.into_iter().flatten()).map(|(order, who)| Entry {
                reader: who.reader.clone(),
                name: who.name.clone(),
                from: begins,
                until: ends,
                order,
            }));
        }
    }
    Ok(Draft { entries, ..empty })
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;
    use crate::rota::hours::Days;

    fn who(name: &str) -> Who {
        Who { reader: format!("reader|{name}"), name: name.to_owned() }
    }

    #[test]
    fn a_week_is_a_rota_without_gaps_where_each_promised_day_names_somebody() {
        let place = place::Place::built_in().unwrap();
        let weekdays =
            Covered { days: Days::Weekdays, from: time(9, 0, 0, 0), until: time(17, 0, 0, 0), bank_holidays: false };
        // Over Christmas, whose Friday and Monday are bank holidays.
        let days = (date(2026, 12, 21), date(2027, 1, 3));
        let mut week: Week = std::array::from_fn(|_| vec![who("Dr A"), who("Dr B")]);
        let rota = |week: &Week| {
            of_week("endocrinology", days, std::slice::from_ref(&weekdays), week, place.calendar()).unwrap()
        };
        let whole = rota(&week);
        assert!(whole.problems().is_empty() && whole.gaps(place.calendar()).unwrap().is_empty());
        // Ten weekdays less Christmas Day, the Monday in place of Boxing Day, and New Year's Day; two people each.
        assert_eq!(whole.entries.len(), 2 * (10 - 3));
        week[1].clear();
        let gaps: Vec<String> = rota(&week).gaps(place.calendar()).unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(
            gaps,
            ["from Tuesday 22 December 2026 09:00 to 17:00", "from Tuesday 29 December 2026 09:00 to 17:00"]
        );
    }

    #[test]
    fn hours_over_midnight_end_on_the_next_day_and_hours_of_a_bank_holiday_are_kept_where_they_are_promised() {
        let place = place::Place::built_in().unwrap();
        let nights =
            Covered { days: Days::EveryDay, from: time(20, 0, 0, 0), until: time(8, 0, 0, 0), bank_holidays: true };
        let week: Week = std::array::from_fn(|_| vec![who("Dr N")]);
        let days = (date(2026, 12, 24), date(2026, 12, 26));
        let rota = of_week("paediatrics", days, &[nights], &week, place.calendar()).unwrap();
        assert_eq!(rota.entries.len(), 3);
        assert!(rota.entries.iter().all(|entry| entry.until.duration_since(entry.from).as_hours() == 12));
        assert!(of_week("paediatrics", (date(2099, 1, 1), date(2099, 1, 2)), &[], &week, place.calendar()).is_err());
    }
}
