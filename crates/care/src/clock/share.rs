//! How many of many were in time, by one rule. Must not add figures of two rules together: what was counted by another version is
//! another figure.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Named, Span, State};

/// So many of so many in time, by one rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Share {
    /// Stopped in time.
    pub in_time: u64,
    /// Stopped too late, or still going and over its time.
    pub late: u64,
    /// Still going and not late; in neither of the two.
    pub open: u64,
    /// Not counted, by the rule's own words.
    pub void: u64,
}

impl Share {
    /// In time of all that are decided, in hundredths rounded down; `None` where none is.
    #[must_use]
    pub fn percent(&self) -> Option<u64> {
        (self.in_time * 100).checked_div(self.in_time + self.late)
    }

    /// The shares of some spans, one for each rule that counted any of them.
    #[must_use]
    pub fn of<'s>(spans: impl IntoIterator<Item = &'s Span>) -> BTreeMap<Named, Self> {
        let mut shares: BTreeMap<Named, Self> = BTreeMap::new();
        for span in spans {
            let share = shares.entry(span.policy.clone()).or_default();
            match span.state {
                State::NotStarted => {}
                State::Void => share.void += 1,
                _ if span.breached => share.late += 1,
                State::Stopped => share.in_time += 1,
                State::Running | State::OutOfHours | State::Paused => share.open += 1,
            }
        }
        shares
    }
}
