//! Finding: whom a list's rule holds for in its neighbourhood, each with the entries that say why. Nobody is found by their age or
//! sex alone, by an entry that is sensitive or sealed, after they have died, or where they object to sharing. Must not decide.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use population::bits::Bits;
use population::code::System;
use population::day::Day;
use population::decimal::Decimal;
use population::everyone::Standing;
use population::explore::{How, Term, Unanswered};
use population::instrument::{Evidence, Explained};
use population::plan::Asked;
use population::rule::{Kind, RuleSet};
use uuid::Uuid;

use crate::coded::{UNDATED, local};
use crate::held::{Held, NotHeld};
use crate::list::{Because, By, Definition, Found, MOST, Run};

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
    /// What a cohort asks cannot be answered any more.
    #[error(transparent)]
    Unanswered(#[from] Unanswered),
    /// The columns cannot be read.
    #[error(transparent)]
    NotHeld(#[from] NotHeld),
}

/// Whether people can be found by a rule at all: a register, a list, or a score.
#[must_use]
pub fn finds(set: &RuleSet) -> bool {
    matches!(set.kind, Kind::Register | Kind::Score) && set.logistic.is_none()
}

/// Whom the rules of a list hold for, of everybody.
struct Sought {
    whom: Bits,
    /// The rule sets by which somebody is sought, by their place in the plan, and who has each: what is explained. A rule by which
    /// nobody is to be in it has nothing to explain.
    why: BTreeMap<usize, Bits>,
    /// Every rule set of it, by its place.
    rules: Vec<usize>,
}

impl Held {
    fn sought(&self, by: &By, standing: &Standing) -> Result<Sought, NotRun> {
        match by {
            By::Rule { instrument: id, least, .. } => {
                let no_rule = || NotRun::NoRule(id.clone());
                let set = self.plan.sets().find(|set| set.id == *id && finds(set)).ok_or_else(no_rule)?;
                let at = self.plan.find(id).ok_or_else(no_rule)?;
                let answer = standing.find(id).ok_or_else(no_rule)?;
                let mut whom = answer.members.clone();
                if set.kind == Kind::Score {
                    let least = least.as_deref().and_then(Decimal::read).ok_or_else(|| NotRun::NoLimit(id.clone()))?;
                    let least = least.0.saturating_mul(i64::from(set.denominator.unwrap_or(1)));
                    for number in answer.members.iter() {
                        let points = answer.points.get(number as usize).copied().unwrap_or_default();
                        whom.put(number, points >= least);
                    }
                }
                Ok(Sought { why: BTreeMap::from([(at, whom.clone())]), whom, rules: vec![at] })
            }
            By::Cohort { cohort } => {
                let question = cohort.asked.question();
                let mut whom = self.plan.cohort(standing, &question, self.people.len())?;
                for (number, person) in (0u32..).zip(&self.people.list) {
                    if !question.among.has(person) {
                        whom.put(number, false);
                    }
                }
                let (mut why, mut rules) = (BTreeMap::<usize, Bits>::new(), Vec::new());
                for (term, how) in &question.terms {
                    let (at, members) = self.term(standing, term)?;
                    rules.push(at);
                    if *how != How::Not {
                        why.entry(at).and_modify(|known| known.or(&members)).or_insert(members);
                    }
                }
                rules.sort_unstable();
                rules.dedup();
                Ok(Sought { whom, why, rules })
            }
        }
    }

    /// A term's rule set, by its place in the plan, and who is in it.
    fn term(&self, standing: &Standing, term: &Term) -> Result<(usize, Bits), Unanswered> {
        let found = self.plan.find(&term.set).zip(self.plan.members(standing, term));
        found.ok_or_else(|| Unanswered::Unknown(term.clone()))
    }

    /// Runs a list as of a day. `neighbourhood`: its name, as the columns have it.
    ///
    /// # Errors
    /// [`NotRun`].
    pub fn find(&self, definition: &Definition, neighbourhood: &str, as_of: Day) -> Result<Run, NotRun> {
        let name = self.people.neighbourhoods.find(neighbourhood).filter(|_| !neighbourhood.is_empty());
        let (standing, frame) = (self.standing(as_of), self.plan.on(Asked { as_of, has_days: true }));
        let disputes = self.disputes(|root| self.number(root));
        let Sought { whom, why, rules } = self.sought(&definition.by, &standing)?;
        let mut found: Vec<(Found, Day)> = Vec::new();
        let mut by_age_alone = 0u32;
        for number in whom.iter() {
            let Some(person) = self.people.list.get(number as usize) else { continue };
            if name != Some(u32::from(person.neighbourhood)) || !self.lives(number) {
                continue;
            }
            let Some(root) = self.root(number).filter(|root| !self.objects(*root)) else { continue };
            let apart = self.plan.apart(&self.events, person, number, &frame, &disputes);
            let theirs = why.iter().filter(|(_, members)| members.has(number));
            let explained = theirs.map(|(at, _)| apart.explain(*at, &[])).collect::<Result<Vec<_>, _>>();
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
        let sets: Vec<&RuleSet> = self.plan.sets().collect();
        let named: Vec<String> =
            rules.iter().filter_map(|at| sets.get(*at)).map(|set| format!("{}@{}", set.id, set.version)).collect();
        let hashes: Vec<&str> = rules.iter().map(|at| self.plan.lists_hash(*at)).collect();
        Ok(Run {
            as_of: as_of.date().unwrap_or_default(),
            instrument: named.join(" "),
            lists_hash: hashes.join(" "),
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

/// The entries that count: the latest of each rule, then the others, each of both the latest first. So whoever reads but the first
/// few reads something of everything by which somebody was sought.
fn because(explained: &[Explained]) -> Vec<Because> {
    let mut entries: Vec<(bool, Day, Uuid, bool)> = Vec::new();
    for one in explained {
        let counted = one.parts.iter().filter(|part| part.counts).flat_map(|part| &part.evidence);
        let entry = |one: &Evidence| (one.day, Uuid::from_u128(one.record), one.source == crate::SOURCE);
        let mut theirs: Vec<(Day, Uuid, bool)> = counted.map(entry).collect();
        theirs.sort_unstable_by_key(|entry| Reverse(*entry));
        entries.extend(theirs.into_iter().enumerate().map(|(at, (day, id, here))| (at == 0, day, id, here)));
    }
    entries.sort_unstable_by_key(|entry| Reverse(*entry));
    let mut kept: Vec<Because> = Vec::new();
    for (_, day, record, done_here) in entries {
        if kept.len() < REASONS && kept.iter().all(|known| known.record != record) {
            kept.push(Because { record, day: day.date().filter(|_| day != UNDATED), done_here });
        }
    }
    kept
}

#[cfg(test)]
mod tests;
