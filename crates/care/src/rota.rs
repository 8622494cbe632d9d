//! Rotas: who answers a specialty's line, when, and in which order. A rota with a gap in the hours that it promises cannot be
//! published; a published version never changes, a change is a new version. Must not know any telephone number: people are
//! rung by what they are on the rota, and only the exchange knows where they are.

pub mod gap;
pub mod hours;
pub mod pattern;

use std::collections::{BTreeMap, BTreeSet};

use access::Subject;
use jiff::Timestamp;
use jiff::civil::Date;
use place::{BeyondCalendar, Calendar};
use serde::{Deserialize, Serialize};
use store::Aggregate;
use uuid::Uuid;

use crate::team::Team;
pub use gap::Gap;
pub use hours::Covered;

/// The longest time that one rota is for, in days.
pub const LONGEST: i32 = 370;
/// The most entries of one rota.
pub const MOST: usize = 4_000;

/// Somebody on the rota.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Who: the id of their sign-in.
    pub reader: String,
    /// Their name, as a caller reads it while it rings.
    pub name: String,
    /// From this moment.
    pub from: Timestamp,
    /// Up to this moment, which is not in it.
    pub until: Timestamp,
    /// Whom to ring first, by the smallest number, among those who are on at one time.
    pub order: u32,
}

impl Entry {
    fn is_on(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.until
    }
}

/// A rota as somebody wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The specialty's short name.
    pub specialty: String,
    /// Its first day.
    pub from: Date,
    /// Its last day.
    pub until: Date,
    /// The hours that are promised to callers.
    pub covered: Vec<Covered>,
    /// Who is on.
    pub entries: Vec<Entry>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// Somebody wrote a rota, or wrote it anew. Nobody is rung by it yet.
    Drafted {
        /// Who.
        by: Subject,
        /// What they wrote.
        draft: Draft,
    },
    /// What was written last is in force for its days, before every earlier version.
    Published {
        /// Who.
        by: Subject,
        /// Which version of the specialty's rota: 1, 2, 3.
        version: u32,
        /// The rota, whole.
        draft: Draft,
        /// The bank holidays in its days, as they were known then.
        holidays: BTreeSet<Date>,
    },
}

/// What can be asked.
#[derive(Debug, Clone)]
pub enum Command {
    /// Write a rota, or write it anew.
    Draft {
        /// Who.
        by: Subject,
        /// The team whose line it is.
        team: Team,
        /// What.
        draft: Draft,
    },
    /// Put what was written last in force.
    Publish {
        /// Who.
        by: Subject,
        /// The team whose line it is.
        team: Team,
        /// The bank holidays of the place.
        calendar: Box<Calendar>,
    },
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not theirs.
    #[error("only somebody of {0} writes or publishes this rota, signed in with two factors")]
    NotTheirs(String),
    /// What is wrong with what was written, a sentence each.
    #[error("{}", .0.join("; "))]
    Unfit(Vec<String>),
    /// Hours that are promised and in which nobody would answer.
    #[error("nobody is on in hours that are promised, so the rota is not published: {}", gap::told(.0))]
    Gaps(Vec<Gap>),
    /// There is nothing new.
    #[error("there is no new draft of this rota to publish")]
    NothingNew,
    /// Days that are over.
    #[error("the rota begins on a day that is over; let it begin today or later")]
    Over,
    /// Bank holidays are not known so far ahead.
    #[error("{0}")]
    Beyond(#[from] BeyondCalendar),
}

/// The rota of one specialty, with all its versions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rota {
    draft: Option<Draft>,
    fresh: bool,
    versions: Vec<Draft>,
}

impl Rota {
    /// What was written last, published or not.
    #[must_use]
    pub fn draft(&self) -> Option<&Draft> {
        self.draft.as_ref()
    }

    /// Whether what was written last waits to be published.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.fresh
    }

    /// The published versions, the first first.
    #[must_use]
    pub fn versions(&self) -> &[Draft] {
        &self.versions
    }

    /// Who is on at a moment, in the order in which they are rung: by the latest version whose days the moment is in.
    #[must_use]
    pub fn on(&self, at: Timestamp) -> Vec<&Entry> {
        let in_force = self.versions.iter().rev().find(|draft| draft.period().is_some_and(|days| days.contains(&at)));
        let mut on: Vec<&Entry> =
            in_force.into_iter().flat_map(|draft| &draft.entries).filter(|entry| entry.is_on(at)).collect();
        on.sort_by_key(|entry| entry.order);
        on
    }
}

impl Draft {
    /// The days it is for, as moments; `None` where there are no such days.
    #[must_use]
    pub fn period(&self) -> Option<std::ops::Range<Timestamp>> {
        let ends = hours::midnight(self.until.tomorrow().ok()?);
        let begins = hours::midnight(self.from);
        (begins < ends).then_some(begins..ends)
    }

    /// The promised hours in which nobody is on, by the bank holidays of the place.
    ///
    /// # Errors
    /// [`BeyondCalendar`] where its bank holidays are not known.
    pub fn gaps(&self, calendar: &Calendar) -> Result<Vec<Gap>, BeyondCalendar> {
        Ok(gap::gaps(self, &hours::holidays(self, calendar)?))
    }

    /// What is wrong with it as it is written, a sentence each. A gap is not among them: a draft may have gaps.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        match self.from.until(self.until).map(|span| span.get_days()) {
            Ok(days) if (0..LONGEST).contains(&days) => {}
            Ok(days) if days < 0 => problems.push("the last day is before the first".to_owned()),
            _ => problems.push(format!("a rota is for at most {LONGEST} days")),
        }
        if self.covered.is_empty() {
            problems.push("say which hours are promised: without them no gap can be seen".to_owned());
        }
        if self.entries.len() > MOST {
            problems.push(format!("a rota has at most {MOST} entries"));
            return problems;
        }
        for entry in &self.entries {
            if entry.reader.trim().is_empty() || entry.name.trim().is_empty() {
                problems.push(format!("the entry from {} names nobody", hours::said(entry.from)));
            }
            if entry.name.chars().filter(char::is_ascii_digit).count() > 5 {
                problems.push("a name holds a number: a rota names people; only the exchange knows numbers".to_owned());
            }
            if entry.until <= entry.from {
                problems.push(format!("{}: ends at {}, before it begins", entry.name, hours::said(entry.until)));
            }
        }
        problems.extend(self.clashes());
        problems
    }

    /// Two entries that are on at one time and are one person, or have one place in the order.
    fn clashes(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let mut of_person: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
        let mut of_order: BTreeMap<u32, Vec<&Entry>> = BTreeMap::new();
        for entry in &self.entries {
            of_person.entry(&entry.reader).or_default().push(entry);
            of_order.entry(entry.order).or_default().push(entry);
        }
        for entries in of_person.values_mut() {
            for (one, other) in overlaps(entries) {
                let from = hours::said(one.from.max(other.from));
                problems.push(format!("{} is on twice from {from}", one.name));
            }
        }
        for (order, entries) in &mut of_order {
            for (one, other) in overlaps(entries) {
                let from = hours::said(one.from.max(other.from));
                problems.push(format!("{} and {} both have place {order} from {from}", one.name, other.name));
            }
        }
        problems
    }
}

/// Neighbours in time that overlap.
fn overlaps<'a>(entries: &mut [&'a Entry]) -> Vec<(&'a Entry, &'a Entry)> {
    entries.sort_by_key(|entry| (entry.from, entry.until));
    let mut found = Vec::new();
    let mut last: Option<&Entry> = None;
    for entry in entries.iter() {
        if let Some(before) = last.filter(|before| entry.from < before.until) {
            found.push((before, *entry));
        }
        // The one that ends last is the one that the next may run into.
        last = Some(last.filter(|before| before.until > entry.until).unwrap_or(entry));
    }
    found
}

impl Aggregate for Rota {
    const KIND: &'static str = "rota";
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: Command, at: Timestamp) -> Result<Vec<Event>, Refusal> {
        let theirs = |by: &Subject, team: &Team| {
            let holds = by.assured && by.holders().any(|one| one == team.word());
            if holds { Ok(()) } else { Err(Refusal::NotTheirs(team.word().to_owned())) }
        };
        match command {
            Command::Draft { by, team, draft } => {
                theirs(&by, &team)?;
                let problems = draft.problems();
                if !problems.is_empty() {
                    return Err(Refusal::Unfit(problems));
                }
                if self.draft.as_ref() == Some(&draft) {
                    return Ok(Vec::new());
                }
                Ok(vec![Event::Drafted { by, draft }])
            }
            Command::Publish { by, team, calendar } => {
                theirs(&by, &team)?;
                let draft = self.draft.clone().filter(|_| self.fresh).ok_or(Refusal::NothingNew)?;
                if draft.from < hours::day(at) {
                    return Err(Refusal::Over);
                }
                let holidays = hours::holidays(&draft, &calendar)?;
                let gaps = gap::gaps(&draft, &holidays);
                if !gaps.is_empty() {
                    return Err(Refusal::Gaps(gaps));
                }
                let version = u32::try_from(self.versions.len()).unwrap_or(u32::MAX).saturating_add(1);
                Ok(vec![Event::Published { by, version, draft, holidays }])
            }
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Drafted { draft, .. } => {
                self.draft = Some(draft.clone());
                self.fresh = true;
            }
            Event::Published { draft, .. } => {
                self.versions.push(draft.clone());
                self.fresh = false;
            }
        }
    }
}

/// The stream of a specialty's rota: it follows from the short name, so that there are never two.
#[must_use]
pub fn stream(specialty: &str) -> Uuid {
    crate::advice::derived("weft-rota-1", specialty)
}

#[cfg(test)]
mod tests;
