//! What a professional says is not so: a deficit of a person in a score, with the reason. It is taken in as data; while it stands,
//! the score is made without the deficit, and says so.

use std::collections::BTreeMap;

use crate::day::Day;
use crate::fault::{Fault, Faults};
use crate::plan::Plan;

/// Why a deficit is not so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// The record is of somebody else.
    WrongPerson,
    /// It was so and is no longer.
    Resolved,
    /// The code does not say what was meant.
    Miscoded,
}

impl Ground {
    /// The word in a file.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        match word.trim() {
            "wrong-person" => Some(Self::WrongPerson),
            "resolved" => Some(Self::Resolved),
            "miscoded" => Some(Self::Miscoded),
            _ => None,
        }
    }

    /// In words.
    #[must_use]
    pub fn wording(self) -> &'static str {
        match self {
            Self::WrongPerson => "the record is of somebody else",
            Self::Resolved => "it is no longer so",
            Self::Miscoded => "the code does not say what was meant",
        }
    }
}

/// One dispute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispute {
    /// The person's place in the columns.
    pub person: u32,
    /// The rule set.
    pub set: String,
    /// The part of it; `register` for a register.
    pub part: String,
    /// Why.
    pub ground: Ground,
    /// In the words of who said so.
    pub reason: String,
    /// From this day on.
    pub day: Day,
}

/// A dispute that names nothing there is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DisputeError {
    /// No such rule set is asked.
    #[error("a dispute names the rule set `{0}`, which is not asked here")]
    NoSet(String),
    /// No such part.
    #[error("a dispute names `{part}`, and `{set}` has no such part")]
    NoPart {
        /// The rule set.
        set: String,
        /// What was named.
        part: String,
    },
    /// No reason.
    #[error("a dispute of `{part}` gives no reason")]
    NoReason {
        /// What was disputed.
        part: String,
    },
}

/// Reads disputes from CSV: `id,instrument,part,ground,reason,date`. `number` finds whom an id names.
pub fn from_csv(file: &str, text: &str, number: impl Fn(&str) -> Option<u32>) -> Result<Vec<Dispute>, Faults> {
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let headers = reader.headers().map_err(|error| Fault::new(file, 1, error.to_string()))?.clone();
    let columns = ["id", "instrument", "part", "ground", "reason", "date"];
    if !headers.iter().map(str::trim).eq(columns) {
        return Err(Fault::new(file, 1, format!("a file of disputes has the columns {}", columns.join(","))).into());
    }
    let (mut disputes, mut faults) = (Vec::new(), Vec::new());
    for row in reader.records() {
        let row = row.map_err(|error| {
            Fault::new(file, error.position().map_or(1, |at| at.line() as usize), error.to_string())
        })?;
        let line = row.position().map_or(0, |position| position.line() as usize);
        let cell = |at: usize| row.get(at).unwrap_or_default().trim().to_owned();
        let (person, ground, day) = (number(&cell(0)), Ground::named(&cell(3)), cell(5).parse().ok().and_then(Day::of));
        match (person, ground, day) {
            (None, ..) => faults.push(Fault::new(file, line, "there is nobody of this id in the input")),
            (_, None, _) => faults.push(Fault::new(
                file,
                line,
                format!("`{}` is no ground; write wrong-person, resolved or miscoded", cell(3)),
            )),
            (.., None) => faults.push(Fault::new(file, line, format!("`{}` is no date; write 2026-11-22", cell(5)))),
            (Some(person), Some(ground), Some(day)) => {
                disputes.push(Dispute { person, set: cell(1), part: cell(2), ground, reason: cell(4), day });
            }
        }
    }
    if faults.is_empty() { Ok(disputes) } else { Err(Faults(faults)) }
}

/// Every dispute there is.
#[derive(Debug, Clone, Default)]
pub struct Disputes {
    by_person: BTreeMap<u32, Vec<(usize, Dispute)>>,
}

impl Disputes {
    /// Disputes over the rule sets of a plan. One that names nothing there is refused: it would change nothing, in silence.
    pub fn of_plan(plan: &Plan, disputes: Vec<Dispute>) -> Result<Self, DisputeError> {
        let mut by_person: BTreeMap<u32, Vec<(usize, Dispute)>> = BTreeMap::new();
        for dispute in disputes {
            let set = plan.sets().find(|set| set.id == dispute.set);
            let set = set.ok_or_else(|| DisputeError::NoSet(dispute.set.clone()))?;
            let part = set.parts.iter().position(|part| part.id == dispute.part);
            let part =
                part.ok_or_else(|| DisputeError::NoPart { set: dispute.set.clone(), part: dispute.part.clone() })?;
            if dispute.reason.trim().is_empty() {
                return Err(DisputeError::NoReason { part: dispute.part });
            }
            by_person.entry(dispute.person).or_default().push((part, dispute));
        }
        Ok(Self { by_person })
    }

    /// The parts of a rule set that are disputed for a person as of a day, a bit each.
    #[must_use]
    pub fn of(&self, person: u32, set: &str, as_of: Day) -> u128 {
        if self.by_person.is_empty() {
            return 0;
        }
        self.standing(person, set, as_of).fold(0, |mask, (part, _)| mask | 1 << part)
    }

    /// The disputes themselves, each with the place of its part.
    pub fn standing(&self, person: u32, set: &str, as_of: Day) -> impl Iterator<Item = (usize, &Dispute)> {
        let all = self.by_person.get(&person).into_iter().flatten();
        let standing = all.filter(move |(_, dispute)| dispute.set == set && dispute.day <= as_of);
        standing.map(|(part, dispute)| (*part, dispute))
    }

    /// Whom there are disputes about.
    pub fn people(&self) -> impl Iterator<Item = u32> {
        self.by_person.keys().copied()
    }
}
