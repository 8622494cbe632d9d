//! What is asked of the borough next door for somebody of theirs: of somebody by name, by a date. There is no such request without
//! both, and no "not our patient": whoever has the ask keeps it, and helps, until somebody there has said yes by name.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::team::Team;
use crate::triage::Owner;
use crate::words::Words;

/// What is asked of a neighbour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reciprocal {
    /// Which: `organisation:derbyshire-council`.
    pub neighbour: Team,
    /// Who there was asked, by name.
    pub named: Words,
    /// How they are reached.
    pub contact: Words,
    /// By which day they say yes or no.
    pub by: Date,
    /// What they are asked for.
    pub what: Words,
}

/// What the neighbour said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reply {
    /// Yes: somebody by name, from a day on.
    Accepted {
        /// Who.
        who: Words,
        /// From when.
        starts: Date,
    },
    /// No; then somebody here by name takes it further.
    Refused {
        /// Why, in their words.
        because: Words,
        /// Who takes it further.
        escalated: Owner,
    },
}

impl Reciprocal {
    /// The moment after which it is late: the end of its day here.
    #[must_use]
    pub fn late_from(&self) -> Timestamp {
        let here = TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC);
        let next = self.by.tomorrow().unwrap_or(self.by);
        next.to_zoned(here).map_or(Timestamp::MAX, |zoned| zoned.timestamp())
    }
}

/// The day it is here.
pub(crate) fn today(at: Timestamp) -> Date {
    let here = TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC);
    at.to_zoned(here).date()
}

/// How people say that somebody is another's. A reason that says no more is no reason.
const DISOWNS: [&str; 12] = [
    "not our patient",
    "not ours",
    "not one of ours",
    "not our responsibility",
    "not our area",
    "out of area",
    "out of our area",
    "outside our area",
    "outside the borough",
    "out of borough",
    "wrong borough",
    "not in our catchment",
];

/// Whether a reason is that somebody is another borough's.
#[must_use]
pub fn disowns(reason: &Words) -> bool {
    let plain: String =
        reason.as_str().to_lowercase().chars().map(|one| if one.is_alphanumeric() { one } else { ' ' }).collect();
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    DISOWNS.iter().any(|words| plain.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_our_patient_is_no_reason_however_it_is_written() {
        let said = |words: &str| disowns(&Words::try_from(words).unwrap());
        for disowning in ["Not our patient", "she is OUT-OF-AREA", "Lives outside  the borough.", "this is not  ours!"]
        {
            assert!(said(disowning), "{disowning}");
        }
        for reason in ["Needs a bed with nursing", "No responder tonight", "She would rather stay with her own team"] {
            assert!(!said(reason), "{reason}");
        }
    }

    #[test]
    fn a_day_is_over_when_it_is_over_here() {
        let asked = Reciprocal {
            neighbour: Team::try_from("organisation:derbyshire-council".to_owned()).unwrap(),
            named: Words::try_from("Ann Peel").unwrap(),
            contact: Words::try_from("her desk").unwrap(),
            by: jiff::civil::date(2026, 7, 1),
            what: Words::try_from("care at home").unwrap(),
        };
        assert_eq!(asked.late_from(), "2026-07-01T23:00:00Z".parse().unwrap(), "summer time");
        assert_eq!(today("2026-07-01T23:00:00Z".parse().unwrap()), jiff::civil::date(2026, 7, 2));
    }
}
