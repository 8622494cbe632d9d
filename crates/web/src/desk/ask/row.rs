//! One ask on a list, in words. What may not be shown says that there is one, and no more.

use care::views::ask::{Line, Shown};
use jiff::{SignedDuration, Timestamp};
use place::Place;
use record::identity::Identity;

use super::{team, words};
use crate::desk::person::{born, capital, full_name};
use crate::pages::ask::clock::Standing;
use crate::pages::ask::list::Row;
use crate::words::london_date;

/// A line of a desk's list: by name.
pub(super) fn of_desk(place: &Place, line: &Line, identity: Option<&Identity>, now: Timestamp) -> Row {
    let row = of_person(place, line, now);
    let described = line.shown.as_ref().and_then(|shown| shown.described.clone());
    Row {
        name: identity.map(full_name).or(described).unwrap_or_else(|| "Somebody not shown".to_owned()),
        born: identity.map(|identity| format!("Born {}", born(identity, now))).unwrap_or_default(),
        ..row
    }
}

/// A line of a person's own list.
pub(super) fn of_person(place: &Place, line: &Line, now: Timestamp) -> Row {
    let Some(shown) = &line.shown else {
        return Row { what: "There is an ask that your role does not show".to_owned(), ..Row::default() };
    };
    let (clock, standing, gone) = clock(shown, now);
    let asked = shown.neighbour.as_ref().map(|(asked, by)| {
        let asked = words::somebody_of(place, asked);
        let day = london_date(*by - SignedDuration::from_secs(1)).strftime("%-d %B").to_string();
        let late = if *by <= now { ": late" } else { "" };
        format!("{}. Asked {asked} by {day}{late}", shown.happened)
    });
    Row {
        href: format!("/asks/{}", line.id),
        what: format!("{}, {}", capital(shown.kind.said()), shown.urgency.said()),
        detail: Some(asked.unwrap_or_else(|| shown.happened.clone())),
        state: Some(words::tag(shown)),
        owner: owner(place, shown, now),
        clock,
        standing,
        gone,
        ..Row::default()
    }
}

fn owner(place: &Place, shown: &Shown, now: Timestamp) -> String {
    match &shown.offered {
        Some((to, since)) => format!(
            "{} has it; offered to {} {}",
            team::name(place, &shown.place.owner),
            team::name(place, to),
            words::since(*since, now)
        ),
        None => words::owner(place, shown),
    }
}

/// How much is left of the time in which whoever asked can expect something.
fn clock(shown: &Shown, now: Timestamp) -> (String, Standing, u8) {
    let Some(due) = shown.place.due.filter(|_| shown.place.closed.is_none()) else {
        return (String::new(), Standing::Void, 100);
    };
    let whole = due.duration_since(shown.place.submitted).as_secs().max(1);
    let left = due.duration_since(now).as_secs();
    if left < 0 {
        return (format!("{} late", lasting(-left)), Standing::Late, 100);
    }
    let gone = u8::try_from(((whole - left).max(0) * 100 / whole).min(100)).unwrap_or(100);
    let standing = if gone >= 75 { Standing::Soon } else { Standing::Running };
    (format!("{} left", lasting(left)), standing, gone)
}

/// `12 minutes`, `3 hours 5 minutes`, `2 days`.
pub(in crate::desk) fn lasting(seconds: i64) -> String {
    let minutes = seconds / 60;
    let some = |count: i64, unit: &str| format!("{count} {unit}{}", if count == 1 { "" } else { "s" });
    match minutes {
        0..60 => some(minutes, "minute"),
        60..2_880 if minutes % 60 == 0 => some(minutes / 60, "hour"),
        60..2_880 => format!("{} {}", some(minutes / 60, "hour"), some(minutes % 60, "minute")),
        _ => some(minutes / 1_440, "day"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_said_in_the_unit_people_would_use() {
        assert_eq!(lasting(59), "0 minutes");
        assert_eq!(lasting(60), "1 minute");
        assert_eq!(lasting(3_600), "1 hour");
        assert_eq!(lasting(3_600 * 3 + 300), "3 hours 5 minutes");
        assert_eq!(lasting(86_400 * 3), "3 days");
    }
}
