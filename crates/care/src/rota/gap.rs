//! Gaps: promised hours in which nobody is on. Must not judge how many are enough; one is.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Draft, hours};

/// Promised hours in which nobody is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// From this moment.
    pub from: Timestamp,
    /// Up to this moment, which is not in it.
    pub until: Timestamp,
}

impl std::fmt::Display for Gap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "from {} ", hours::said(self.from))?;
        let (begins, ends) = (hours::local(self.from), hours::local(self.until));
        let plain = begins.date() == ends.date() && begins.offset() == ends.offset();
        if plain { write!(f, "to {}", ends.strftime("%H:%M")) } else { write!(f, "to {}", hours::said(self.until)) }
    }
}

/// How many gaps are told one by one.
const TOLD: usize = 12;

/// Gaps in words, the first of them and how many more there are.
#[must_use]
pub fn told(gaps: &[Gap]) -> String {
    let mut words: Vec<String> = gaps.iter().take(TOLD).map(ToString::to_string).collect();
    if gaps.len() > TOLD {
        words.push(format!("and {} more", gaps.len() - TOLD));
    }
    words.join("; ")
}

/// The gaps of a rota, in order.
#[must_use]
pub fn gaps(draft: &Draft, holidays: &BTreeSet<Date>) -> Vec<Gap> {
    let on = hours::joined(
        draft.entries.iter().filter(|entry| entry.from < entry.until).map(|entry| (entry.from, entry.until)).collect(),
    );
    let mut gaps = Vec::new();
    for (from, until) in hours::promised(draft, holidays) {
        let mut open = from;
        for (begins, ends) in on.iter().filter(|(begins, ends)| *begins < until && *ends > from) {
            if open < *begins {
                gaps.push(Gap { from: open, until: *begins });
            }
            open = open.max(*ends);
        }
        if open < until {
            gaps.push(Gap { from: open, until });
        }
    }
    gaps
}
