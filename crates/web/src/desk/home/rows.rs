//! One line of a list in words: who, why they are on it, since when. Must not decide who is on it.

use jiff::Timestamp;
use place::Place;
use record::worklist::{Item, List};

use crate::desk::person::{born, died, full_name, href, practice};
use crate::pages::home::Row;
use crate::words::{ago, london_date, uk_date, uk_datetime, uk_time};

/// A line as the page shows it. `opens`: the reader's role opens records. `wide`: the list is of more than one place.
pub(super) fn row(place: &Place, item: &Item, opens: bool, wide: bool, now: Timestamp) -> Row {
    let identity = &item.identity;
    let (what, detail) = why(item, now);
    let (surgery, hood) = practice(place, identity);
    let belongs = if identity.address_withheld {
        "Address and practice withheld".to_owned()
    } else {
        let words: Vec<String> = surgery.into_iter().chain(hood).collect();
        if words.is_empty() { "Practice not known".to_owned() } else { words.join(", ") }
    };
    Row {
        href: opens.then(|| href(identity.person)),
        name: full_name(identity),
        born: format!("Born {}", born(identity, now)).replace("Born Date", "Date"),
        number: identity.nhs_number.map_or_else(|| "No NHS number".to_owned(), |number| format!("NHS {number}")),
        died: died(identity),
        what,
        detail,
        place: wide.then_some(belongs),
    }
}

fn moment(at: Timestamp, timed: bool) -> String {
    if timed { uk_datetime(at) } else { uk_date(london_date(at)) }
}

/// Whole nights between two moments, by the calendar of London.
fn nights(from: Timestamp, to: Timestamp) -> i32 {
    london_date(from).until(london_date(to)).map_or(0, |span| span.get_days()).max(0)
}

fn in_days(days: i32) -> String {
    match days {
        0 => "since today".to_owned(),
        1 => "for 1 night".to_owned(),
        days => format!("for {days} nights"),
    }
}

fn why(item: &Item, now: Timestamp) -> (String, Option<String>) {
    let Some(list) = item.list else {
        return match item.in_hospital {
            Some(since) => (
                format!("In hospital {}", in_days(nights(since, now))),
                Some(format!("Since {}", uk_date(london_date(since)))),
            ),
            None => ("Not in hospital, as far as it has said".to_owned(), None),
        };
    };
    let Some(at) = item.at else { return ("There is something that your role does not show".to_owned(), None) };
    let title = item.title.clone().unwrap_or_default();
    let when = moment(at, item.timed);
    let begun = format!("Since {}, {}", uk_date(london_date(at)), ago(at, now));
    // Of a list of today the day goes without saying.
    let today = item.timed && london_date(at) == london_date(now);
    let (what, parts) = match list {
        List::InHospital => (
            format!("In hospital {}", in_days(nights(at, now))),
            vec![Some(format!("Since {when}")), item.by.clone(), item.reason.clone()],
        ),
        List::LeftHospital => (format!("Left hospital {}", ago(at, now)), vec![Some(when), item.reason.clone()]),
        List::DiedInHospital => (format!("Died in hospital {}", ago(at, now)), vec![Some(when), item.reason.clone()]),
        List::Emergency => (format!("Came to A&E {}", ago(at, now)), vec![Some(when), item.reason.clone()]),
        List::NursingVisit | List::TherapyVisit | List::Visit | List::Appointment => {
            (if today { uk_time(at) } else { when }, vec![item.title.clone(), item.by.clone()])
        }
        List::Report | List::Letter => (title, vec![Some(format!("Sent {}", ago(at, now))), item.by.clone()]),
        List::NursingCaseload
        | List::TherapyCaseload
        | List::Caseload
        | List::CareRequest
        | List::CareAssessment
        | List::CareService
        | List::CareReview
        | List::CareReviewed => (title, vec![Some(begun), item.by.clone(), item.reason.clone()]),
    };
    let detail = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    (what, (!detail.is_empty()).then_some(detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nights_are_counted_by_the_calendar_and_not_by_hours() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        assert_eq!(nights(at("2026-11-21T23:50:00Z"), at("2026-11-22T00:10:00Z")), 1);
        assert_eq!(nights(at("2026-11-22T00:10:00Z"), at("2026-11-22T23:50:00Z")), 0);
        assert_eq!(nights(at("2026-10-24T12:00:00Z"), at("2026-11-22T12:00:00Z")), 29, "across the change of clocks");
        assert_eq!(nights(at("2026-12-01T12:00:00Z"), at("2026-11-22T12:00:00Z")), 0, "a source's wrong clock");
        assert_eq!([0, 1, 9].map(in_days), ["since today", "for 1 night", "for 9 nights"]);
    }
}
