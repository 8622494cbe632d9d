//! Cohorts by question: which registers, lists, bands of scores and segments, put together how, among whom. A question can be written
//! into an address, and holds nothing of anybody. Gives sets of people to count and never says who is in them.

use std::sync::Arc;

use place::rounding::Rounded;

use crate::bits::Bits;
use crate::cohort::{Base, Grid, Slice};
use crate::day::Day;
use crate::decimal::Decimal;
use crate::equity::{self, Gap, Told};
use crate::everyone::Standing;
use crate::library::{Among, Expected};
use crate::people::{People, age};
use crate::plan::Plan;
use crate::rule::{Kind, RuleSet};

/// More terms than this nobody puts together, and each one more would narrow a cohort further towards one person.
pub const MOST: usize = 8;

/// A register, a list, a band of a score or a segment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Term {
    /// The rule set.
    pub set: String,
    /// The band or segment, by its name in small letters with dashes; none for a register.
    pub band: Option<String>,
}

impl Term {
    /// Reads `register-copd` or `hfrs~high`.
    #[must_use]
    pub fn read(text: &str) -> Self {
        match text.split_once('~') {
            None => Self { set: text.to_owned(), band: None },
            Some((set, band)) => Self { set: set.to_owned(), band: Some(band.to_owned()) },
        }
    }
}

impl std::fmt::Display for Term {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.band {
            None => f.write_str(&self.set),
            Some(band) => write!(f, "{}~{band}", self.set),
        }
    }
}

/// How a term is put together with the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// Everybody in the cohort is in it.
    All,
    /// Everybody in the cohort is in at least one such term.
    Any,
    /// Nobody in the cohort is in it.
    Not,
}

/// A question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Its terms, each with how it is put together.
    pub terms: Vec<(Term, How)>,
    /// Among whom.
    pub among: Among,
}

/// Why a question cannot be answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unanswered {
    /// Nobody knows a term.
    #[error("there is no register, list, band or segment `{0}`, or its lists of codes are not here")]
    Unknown(Term),
    /// More than [`MOST`] terms.
    #[error("a question has at most {MOST} parts, and this one has {0}")]
    TooMany(usize),
}

/// What a term can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// A disease register.
    Register,
    /// A list of people in a situation: carers, homeless people.
    List,
    /// A band of a score.
    Band,
    /// A segment.
    Segment,
}

/// A term that somebody can choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The term.
    pub term: Term,
    /// What it is.
    pub group: Group,
    /// In words.
    pub title: String,
    /// The rule set and its version: `hfrs@1`.
    pub instrument: String,
    /// From which age on it says something, where it says so. It keeps nobody out.
    pub age_from: Option<u8>,
    /// What of it nobody has held against its source.
    pub unverified: Option<String>,
}

/// A name as it stands in an address.
#[must_use]
pub fn slug(name: &str) -> String {
    let dashed: String =
        name.to_lowercase().chars().map(|letter| if letter.is_alphanumeric() { letter } else { '-' }).collect();
    dashed.split('-').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}

/// Names of the bands or segments that a cohort can be asked for: none where the points alone do not tell the band.
fn bands(set: &RuleSet) -> Vec<&str> {
    match set.kind {
        Kind::Register => Vec::new(),
        Kind::Segments => set.parts.iter().map(|part| part.label.as_str()).collect(),
        Kind::Score if set.logistic.is_some() || set.bands.iter().any(|band| band.any_part.is_some()) => Vec::new(),
        Kind::Score => set.bands.iter().map(|band| band.name.as_str()).collect(),
    }
}

impl Plan {
    /// Everything that a cohort can be put together from.
    #[must_use]
    pub fn choices(&self) -> Vec<Choice> {
        let mut choices = Vec::new();
        for set in self.sets() {
            let of = |band: Option<&str>, group, title: String| Choice {
                term: Term { set: set.id.clone(), band: band.map(slug) },
                group,
                title,
                instrument: format!("{}@{}", set.id, set.version),
                age_from: set.age_from,
                unverified: set.unverified.clone(),
            };
            match set.kind {
                Kind::Register if set.id.starts_with("list-") => choices.push(of(None, Group::List, set.title.clone())),
                Kind::Register => choices.push(of(None, Group::Register, set.title.clone())),
                Kind::Score | Kind::Segments => {
                    let group = if set.kind == Kind::Score { Group::Band } else { Group::Segment };
                    let named = |band: &str| of(Some(band), group, format!("{}: {band}", set.title));
                    choices.extend(bands(set).into_iter().map(named));
                }
            }
        }
        choices.sort_by(|a, b| (a.group, &a.term.set).cmp(&(b.group, &b.term.set)));
        choices
    }

    /// Who is in a term.
    #[must_use]
    pub fn members(&self, standing: &Standing, term: &Term) -> Option<Bits> {
        let at = self.find(&term.set)?;
        let (set, answer) = (&self.sets[at].set, standing.answers.get(at)?);
        let Some(band) = &term.band else {
            return (set.kind == Kind::Register).then(|| answer.members.clone());
        };
        let wanted = bands(set).iter().position(|name| slug(name) == *band)?;
        let denominator = set.denominator.unwrap_or(1);
        let is_in = |points: i64| match set.kind {
            Kind::Segments => points == i64::try_from(wanted).unwrap_or(i64::MAX).saturating_mul(Decimal::ONE.0),
            _ => {
                let found = set.bands.iter().position(|band| band.limits.hold_share(Decimal(points), denominator));
                found == Some(wanted)
            }
        };
        let mut bits = Bits::none(answer.members.len());
        for (person, points) in (0u32..).zip(&answer.points) {
            if is_in(*points) {
                bits.set(person);
            }
        }
        bits.and(&answer.members);
        Some(bits)
    }

    /// Whom a question is about, among everybody.
    pub fn cohort(&self, standing: &Standing, question: &Question, people: usize) -> Result<Bits, Unanswered> {
        if question.terms.len() > MOST {
            return Err(Unanswered::TooMany(question.terms.len()));
        }
        let mut cohort = Bits::all(people);
        let mut any: Option<Bits> = None;
        for (term, how) in &question.terms {
            let members = self.members(standing, term).ok_or_else(|| Unanswered::Unknown(term.clone()))?;
            match how {
                How::All => cohort.and(&members),
                How::Not => cohort.and_not(&members),
                How::Any => match &mut any {
                    Some(any) => any.or(&members),
                    None => any = Some(members),
                },
            }
        }
        any.iter().for_each(|any| cohort.and(any));
        Ok(cohort)
    }
}

/// Who may be counted, and where everybody stands in every slice: made once for a day, and the same for every question.
#[derive(Debug)]
pub struct Footing {
    as_of: Day,
    grid: Grid,
    registered: (Bits, Base),
    resident: (Bits, Base),
}

impl Footing {
    /// Of those who may be counted for planning: neither who refuses that nor whoever else must be left out.
    #[must_use]
    pub fn of(people: &People, counted: &Bits, as_of: Day) -> Self {
        let grid = Grid::of(people, as_of);
        let of = |among: Among| {
            let bits = among_whom(people, counted, among);
            let base = grid.base(&bits);
            (bits, base)
        };
        let (registered, resident) = (of(Among::Registered), of(Among::Resident));
        Self { as_of, grid, registered, resident }
    }

    fn base(&self, among: Among) -> &(Bits, Base) {
        match among {
            Among::Registered => &self.registered,
            Among::Resident => &self.resident,
        }
    }
}

fn among_whom(people: &People, counted: &Bits, among: Among) -> Bits {
    let mut bits = Bits::none(people.len());
    for (number, person) in (0u32..).zip(&people.list) {
        let is_one = match among {
            Among::Registered => person.is_registered,
            Among::Resident => person.is_resident,
        };
        if is_one && counted.has(number) {
            bits.set(number);
        }
    }
    bits
}

/// What is asked and whom: everybody who may be counted, and what the rules say of them.
#[derive(Debug)]
pub struct Ground<'a> {
    plan: &'a Plan,
    standing: &'a Standing,
    people: &'a People,
    footing: Arc<Footing>,
}

impl<'a> Ground<'a> {
    /// Of those who may be counted for planning, worked out here.
    #[must_use]
    pub fn of(plan: &'a Plan, standing: &'a Standing, people: &'a People, counted: &Bits, as_of: Day) -> Self {
        Self::on(plan, standing, people, Arc::new(Footing::of(people, counted, as_of)))
    }

    /// On a footing that was made before, of the same people.
    #[must_use]
    pub fn on(plan: &'a Plan, standing: &'a Standing, people: &'a People, footing: Arc<Footing>) -> Self {
        Self { plan, standing, people, footing }
    }

    /// Of whom a cohort can be, from an age on.
    fn aged(&self, among: Among, age_from: u8) -> Bits {
        let (mut bits, _) = self.footing.base(among).clone();
        if age_from > 0 {
            for (number, person) in (0u32..).zip(&self.people.list) {
                if age(person.birth, self.footing.as_of).is_none_or(|age| age < age_from) {
                    bits.put(number, false);
                }
            }
        }
        bits
    }

    /// How many of some people are registered here and may be counted.
    #[must_use]
    pub fn registered(&self, members: &Bits) -> Rounded {
        Rounded::of(members.count_with(&self.footing.base(Among::Registered).0))
    }

    /// A question, answered as it may be shown.
    pub fn answer(&self, question: &Question) -> Result<Told, Unanswered> {
        let cohort = self.plan.cohort(self.standing, question, self.people.len())?;
        let (_, base) = self.footing.base(question.among);
        Ok(equity::told(&self.footing.grid.slice(&cohort, base)))
    }

    /// Every register, list, band of a score and segment: how many, how it is shared out, and what is expected.
    #[must_use]
    pub fn overview(&self, expected: &[Expected]) -> Vec<Line> {
        let (_, base) = self.footing.base(Among::Registered);
        let of = |choice: &Choice| {
            let mut known = expected.iter().filter(|_| choice.term.band.is_none());
            known.find(|one| one.set == choice.term.set)
        };
        self.plan.choices().into_iter().filter_map(|choice| self.line(&choice, base, of(&choice))).collect()
    }

    fn line(&self, choice: &Choice, base: &Base, expected: Option<&Expected>) -> Option<Line> {
        let members = self.plan.members(self.standing, &choice.term)?;
        let told = equity::told(&self.footing.grid.slice(&members, base));
        let fifths =
            told.slices.iter().find(|(slice, _)| *slice == Slice::Deprivation).and_then(|(_, cells)| cells.as_ref());
        let fifth = |name: &str| -> Option<f64> { fifths?.iter().find(|cell| cell.name == name)?.standardised };
        let gap = expected.and_then(|expected| {
            let among = self.aged(expected.among, expected.age_from);
            equity::gap(members.count_with(&among), among.count(), expected.share)
        });
        Some(Line {
            term: choice.term.clone(),
            group: choice.group,
            title: choice.title.clone(),
            count: told.count,
            percent: told.percent,
            most_deprived: fifth("1"),
            least_deprived: fifth("5"),
            gap,
            expected: expected.cloned(),
        })
    }
}

/// A register, a list, a band or a segment in the overview.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Which.
    pub term: Term,
    /// What it is.
    pub group: Group,
    /// In words.
    pub title: String,
    /// How many are in it, of those registered.
    pub count: Rounded,
    /// In a hundred.
    pub percent: Option<f64>,
    /// In a hundred of the most deprived fifth, with the ages of the whole.
    pub most_deprived: Option<f64>,
    /// In a hundred of the least deprived fifth, likewise.
    pub least_deprived: Option<f64>,
    /// What is coded against what is known from elsewhere.
    pub gap: Option<Gap>,
    /// What is known from elsewhere.
    pub expected: Option<Expected>,
}

#[cfg(test)]
mod tests;
