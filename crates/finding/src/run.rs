//! Finding: whom a list's rule holds for in its neighbourhood, each with the entries that say why. Nobody is found by their age or
//! sex alone, by an entry that is sensitive or sealed, after they have died, or where they object to sharing. Must not decide.

use population::code::System;
use population::day::Day;
use population::decimal::Decimal;
use population::instrument::{Evidence, Explained};
use population::plan::Asked;
use population::rule::{Kind, RuleSet};
use uuid::Uuid;

use crate::coded::{UNDATED, local};
use crate::held::{Held, NotHeld};
use crate::list::{Because, Definition, Found, MOST, Run};

/// The most entries that are kept of why somebody was found.
const REASONS: usize = 12;

/// Why nobody can be looked for.
#[derive(Debug, thiserror::Error)]
pub enum NotRun {
    /// The rule is not among those that can be used here.
    #[error("the rule `{0}` is not here, or a list of codes that it needs is not")]
    NoRule(String),
    /// A score without a limit finds everybody.
    #[error("the rule `{0}` is a score: a list needs to say from how many points on")]
    NoLimit(String),
    /// The columns cannot be read.
    #[error(transparent)]
    NotHeld(#[from] NotHeld),
}

/// Whether people can be found by a rule at all: a register, a list, or a score.
#[must_use]
pub fn finds(set: &RuleSet) -> bool {
    matches!(set.kind, Kind::Register | Kind::Score) && set.logistic.is_none()
}

impl Held {
    /// Runs a list as of a day. `neighbourhood`: its name, as the columns have it.
    ///
    /// # Errors
    /// [`NotRun`].
    pub fn find(&self, definition: &Definition, neighbourhood: &str, as_of: Day) -> Result<Run, NotRun> {
        let id = &definition.instrument;
        let set = self.plan.sets().find(|set| set.id == *id && finds(set)).ok_or_else(|| NotRun::NoRule(id.clone()))?;
        let least = match set.kind {
            Kind::Score => {
                let least = definition.least.as_deref().and_then(Decimal::read);
                Some(least.ok_or_else(|| NotRun::NoLimit(id.clone()))?)
            }
            Kind::Register | Kind::Segments => None,
        };
        let name = self.people.neighbourhoods.find(neighbourhood).filter(|_| !neighbourhood.is_empty());
        let at = self.plan.find(id).ok_or_else(|| NotRun::NoRule(id.clone()))?;
        let (standing, frame) = (self.standing(as_of), self.plan.on(Asked { as_of, has_days: true }));
        let disputes = self.disputes(|root| self.number(root));
        let answer = standing.find(id).ok_or_else(|| NotRun::NoRule(id.clone()))?;
        let mut found: Vec<(Found, Day)> = Vec::new();
        let mut by_age_alone = 0u32;
        for number in answer.members.iter() {
            let Some(person) = self.people.list.get(number as usize) else { continue };
            if name != Some(u32::from(person.neighbourhood)) || !self.lives(number) {
                continue;
            }
            let points = Decimal(answer.points.get(number as usize).copied().unwrap_or_default());
            if least.is_some_and(|least| points.0 < least.0.saturating_mul(i64::from(set.denominator.unwrap_or(1)))) {
                continue;
            }
            let Some(root) = self.root(number).filter(|root| !self.objects(*root)) else { continue };
            let explained = self.plan.explain(at, &self.events, person, number, &frame, &disputes, &[]);
            let because = because(&explained.map_err(NotHeld::from)?);
            match because.first() {
                Some(first) => {
                    let latest = first.day.and_then(Day::of).unwrap_or(UNDATED);
                    found.push((Found { person: root, because }, latest));
                }
                None => by_age_alone += 1,
            }
        }
        // What happened last comes first: a list is for deciding soon, and no number puts one person above another.
        found.sort_by(|(one, day), (other, later)| later.cmp(day).then(one.person.cmp(&other.person)));
        let more = u32::try_from(found.len().saturating_sub(MOST)).unwrap_or(u32::MAX);
        found.truncate(MOST);
        Ok(Run {
            as_of: as_of.date().unwrap_or_default(),
            instrument: format!("{}@{}", set.id, set.version),
            lists_hash: self.plan.lists_hash(at).to_owned(),
            found: found.into_iter().map(|(found, _)| found).collect(),
            more,
            by_age_alone,
        })
    }

    /// On how many days somebody had an urgent contact, after one day and up to and with another.
    #[must_use]
    pub fn urgent_days(&self, root: Uuid, after: Day, upto: Day) -> usize {
        let Some(number) = self.number(root) else { return 0 };
        let mut days = Vec::new();
        self.events.each(number, |fact| {
            let is_urgent = self.events.codes.get(fact.code) == Some((System::Local, local::URGENT_CONTACT));
            if is_urgent && fact.day > after && fact.day <= upto && !days.contains(&fact.day) {
                days.push(fact.day);
            }
        });
        days.len()
    }
}

/// The entries that count, the latest first.
fn because(explained: &Explained) -> Vec<Because> {
    let counted = explained.parts.iter().filter(|part| part.counts);
    let one = |evidence: &Evidence| (evidence.day, Uuid::from_u128(evidence.record), evidence.source == crate::SOURCE);
    let mut entries: Vec<(Day, Uuid, bool)> = counted.flat_map(|part| &part.evidence).map(one).collect();
    entries.sort_unstable_by(|one, other| other.cmp(one));
    entries.dedup_by_key(|(_, record, _)| *record);
    entries.truncate(REASONS);
    let one = |(day, record, done_here): (Day, Uuid, bool)| Because {
        record,
        day: day.date().filter(|_| day != UNDATED),
        done_here,
    };
    entries.into_iter().map(one).collect()
}

#[cfg(test)]
mod tests;
