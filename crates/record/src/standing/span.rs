//! From when until when a resource ties its person to whoever sent it: a stay, an appointment, a request, a caseload. Derived
//! from the resource alone; must not know whose tie it is, or what day it is.

use access::Tie;
use jiff::Timestamp;
use serde_json::Value;

use crate::resource::{date, instant, period, text};

/// How long a stay, a contact or a caseload goes on tying after its end, in days.
const AFTER_CARE: i64 = 30;
/// How long one that has no end yet ties, in days: a source that says nothing for a year has forgotten it.
const UNFINISHED: i64 = 366;
/// How long a booking ties after its end, in days.
const AFTER_BOOKING: i64 = 7;
/// How long a request ties after the source last said that it is open, in days.
const ASKED: i64 = 180;
/// The end of what has none: the year 9999, which every clock and both databases can hold.
pub(crate) const FAR: i64 = 253_370_764_800_000_000;

/// A tie with its beginning and its end, in microseconds since 1970 UTC. The end is no part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) tie: Tie,
    pub(crate) since: i64,
    pub(crate) until: i64,
}

/// The types of resource that tie.
pub(crate) fn ties(resource_type: &str) -> bool {
    matches!(resource_type, "Encounter" | "Appointment" | "ServiceRequest" | "Task" | "EpisodeOfCare" | "CareTeam")
}

/// What a resource opens; `None` where it opens nothing: it is of another sort, was never held, is over or was a mistake.
/// `as_of` is the source's own time for it.
pub(crate) fn derive(resource_type: &str, value: &Value, as_of: Timestamp) -> Option<Span> {
    let said = as_of.as_microsecond();
    let status = text(value, "status");
    let within = |key: &str| {
        let (start, end) = period(value, key);
        (start.and_then(instant), end.and_then(instant))
    };
    match resource_type {
        "Encounter" => {
            let (start, end) = within("period");
            let since = start.unwrap_or(said);
            let until = match (status?, end) {
                ("planned" | "cancelled" | "entered-in-error", _) => return None,
                (_, Some(end)) => through(end.max(since), AFTER_CARE),
                ("finished", None) => through(since, AFTER_CARE),
                (_, None) => through(since, UNFINISHED),
            };
            Some(Span { tie: Tie::Episode, since, until })
        }
        "Appointment" => {
            let held = matches!(status?, "booked" | "pending" | "arrived" | "checked-in" | "fulfilled");
            let time = |key: &str| text(value, key).and_then(instant);
            let end = time("end").or_else(|| time("start")).unwrap_or(said);
            held.then(|| Span { tie: Tie::Booking, since: said, until: through(end.max(said), AFTER_BOOKING) })
        }
        "ServiceRequest" | "Task" => {
            let open = matches!(
                status?,
                "active" | "requested" | "received" | "accepted" | "ready" | "in-progress" | "on-hold"
            );
            let key = if resource_type == "Task" { "executionPeriod" } else { "occurrencePeriod" };
            let begun = text(value, "authoredOn").and_then(instant).or(within(key).0);
            let since = begun.unwrap_or(said).min(said);
            open.then(|| Span { tie: Tie::Ask, since, until: through(said, ASKED) })
        }
        "EpisodeOfCare" | "CareTeam" => {
            let (start, end) = within("period");
            let since = start.unwrap_or(said);
            let until = match (status.unwrap_or("active"), end) {
                ("active" | "onhold" | "finished" | "inactive", Some(end)) => through(end.max(since), AFTER_CARE),
                ("active" | "onhold", None) => FAR,
                ("finished" | "inactive", None) => through(said.max(since), AFTER_CARE),
                _ => return None,
            };
            Some(Span { tie: Tie::Caseload, since, until })
        }
        _ => None,
    }
}

/// The end of the day in England so many days after a moment.
pub(crate) fn through(at: i64, days: i64) -> i64 {
    let ends = || {
        let day = date::london(Timestamp::from_microsecond(at).ok()?).date();
        let after = day.checked_add(jiff::Span::new().try_days(days + 1).ok()?).ok()?;
        Some(date::midnight(after)?.as_microsecond())
    };
    // A moment so late that no calendar holds it has no end either.
    ends().unwrap_or(FAR).min(FAR)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn micros(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_microsecond()
    }

    fn span(value: &Value) -> Option<(Tie, i64, i64)> {
        let as_of = "2026-06-10T12:00:00Z".parse().unwrap();
        derive(value["resourceType"].as_str().unwrap(), value, as_of).map(|span| (span.tie, span.since, span.until))
    }

    fn encounter(status: &str, start: &str, end: Option<&str>) -> Option<(Tie, i64, i64)> {
        span(&json!({"resourceType": "Encounter", "status": status, "period": {"start": start, "end": end}}))
    }

    #[test]
    fn a_stay_ties_until_thirty_days_after_its_end() {
        let since = micros("2026-03-01T09:00:00Z");
        let stay = |status, end| encounter(status, "2026-03-01T09:00:00Z", end);
        // The last day counts whole, and it is England's: summer time has begun.
        let after = micros("2026-04-03T23:00:00Z");
        assert_eq!(stay("finished", Some("2026-03-04T17:00:00Z")), Some((Tie::Episode, since, after)));
        assert_eq!(stay("finished", Some("2026-03-04")), Some((Tie::Episode, since, after)));
        assert_eq!(stay("finished", None), Some((Tie::Episode, since, micros("2026-03-31T23:00:00Z"))));
        assert_eq!(stay("in-progress", None), Some((Tie::Episode, since, micros("2027-03-03T00:00:00Z"))));
    }

    #[test]
    fn what_was_not_held_ties_nobody() {
        for status in ["planned", "cancelled", "entered-in-error"] {
            assert_eq!(encounter(status, "2026-03-01", Some("2026-03-02")), None, "{status}");
        }
        assert_eq!(span(&json!({"resourceType": "Encounter"})), None, "nobody said what became of it");
        for (kind, statuses) in [
            ("Appointment", vec!["cancelled", "noshow", "entered-in-error", "proposed", "waitlist"]),
            ("ServiceRequest", vec!["draft", "completed", "revoked", "entered-in-error"]),
            ("Task", vec!["draft", "rejected", "cancelled", "completed", "failed", "entered-in-error"]),
            ("EpisodeOfCare", vec!["planned", "waitlist", "cancelled", "entered-in-error"]),
            ("CareTeam", vec!["proposed", "suspended", "entered-in-error"]),
        ] {
            for status in statuses {
                let value = json!({"resourceType": kind, "status": status, "period": {"start": "2026-01-01"}});
                assert_eq!(span(&value), None, "{kind} {status}");
            }
        }
        assert_eq!(span(&json!({"resourceType": "Observation", "status": "final"})), None);
    }

    #[test]
    fn a_booking_ties_from_its_message_until_a_week_after_it() {
        let value = json!({"resourceType": "Appointment", "status": "booked",
            "start": "2026-07-01T09:00:00Z", "end": "2026-07-01T09:20:00Z"});
        let (since, until) = (micros("2026-06-10T12:00:00Z"), micros("2026-07-08T23:00:00Z"));
        assert_eq!(span(&value), Some((Tie::Booking, since, until)));
    }

    #[test]
    fn a_request_ties_for_half_a_year_after_it_was_last_said_to_be_open() {
        let value = json!({"resourceType": "ServiceRequest", "status": "active", "authoredOn": "2026-05-01"});
        let expected = (Tie::Ask, micros("2026-04-30T23:00:00Z"), micros("2026-12-08T00:00:00Z"));
        assert_eq!(span(&value), Some(expected));
    }

    #[test]
    fn a_caseload_ties_as_long_as_it_lasts() {
        let on = |kind: &str, status: &str, end: Option<&str>| {
            span(&json!({"resourceType": kind, "status": status, "period": {"start": "2026-01-01", "end": end}}))
        };
        let since = micros("2026-01-01T00:00:00Z");
        assert_eq!(on("EpisodeOfCare", "active", None), Some((Tie::Caseload, since, FAR)));
        assert_eq!(on("CareTeam", "active", None), Some((Tie::Caseload, since, FAR)));
        let until = micros("2026-03-03T00:00:00Z");
        assert_eq!(on("EpisodeOfCare", "finished", Some("2026-01-31")), Some((Tie::Caseload, since, until)));
    }

    #[test]
    fn no_date_is_too_late_for_the_tables() {
        for at in [i64::MIN, -1, 0, FAR, i64::MAX] {
            assert!(through(at, UNFINISHED) <= FAR);
        }
    }
}
