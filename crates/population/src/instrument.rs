//! A score with everything that somebody needs before they believe it: what made it, by which records, as of when, what was not
//! known, what it must not be used for, and what has been disputed. A number alone is never given.

use crate::columns::{ColumnsError, Events, Fact};
use crate::day::Day;
use crate::decimal::Decimal;
use crate::dispute::Disputes;
use crate::fault::Faults;
use crate::one::{Outcome, Said, Scratch, is_counted, says};
use crate::people::{self, Person};
use crate::plan::{Asks, Frame, Node, Plan, Planned};
use crate::rule::{Kind, RuleSet};

/// A score, register or segment of one person, explained.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// The rule set and its version: `hfrs@1`.
    pub instrument: String,
    /// SHA-256 of the rule set's text.
    pub rules_hash: String,
    /// SHA-256 over its lists of codes.
    pub lists_hash: String,
    /// As of which day; none where the input has no days.
    pub as_of: Day,
    /// How far back it looks, in words.
    pub look_back: String,
    /// The score as it is shown; `None` where something that it needs is not known. For a register 1 or 0.
    pub value: Option<String>,
    /// Its band, or the segment.
    pub band: Option<String>,
    /// Whether the person is of those for whom it says something; `None` where their age is not known.
    pub applies: Option<bool>,
    /// What was not known, in words.
    pub missing: Vec<String>,
    /// What it must not be used for.
    pub not_for: Vec<String>,
    /// What of the instrument nobody has held against its source yet.
    pub unverified: Option<String>,
    /// What it rests on, and what would have counted.
    pub parts: Vec<Found>,
    /// A probability's calibration, in words.
    pub calibrated_on: Option<String>,
}

/// A deficit that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The part's id.
    pub part: String,
    /// In our words.
    pub label: String,
    /// What it adds.
    pub points: Decimal,
    /// False where another part silences it, or it is disputed.
    pub counts: bool,
    /// The dispute, where there is one: why, and in whose words.
    pub disputed: Option<String>,
    /// The records behind it.
    pub evidence: Vec<Evidence>,
}

/// One entry behind a deficit.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// System and code.
    pub code: String,
    /// When it was.
    pub day: Day,
    /// The value with its unit, where it is one.
    pub value: Option<String>,
    /// Who said so.
    pub source: String,
    /// The record that says so.
    pub record: u128,
}

/// What turns an old probability into one that holds here. Without it none is given.
#[derive(Debug, Clone, PartialEq)]
pub struct Recalibration {
    /// The rule set.
    pub set: String,
    /// Added to the slope times the published linear predictor.
    pub intercept: Decimal,
    /// See there.
    pub slope: Decimal,
    /// On whom, when and by whom it was fitted.
    pub fitted_on: String,
}

impl Recalibration {
    /// Reads one from TOML.
    pub fn read(file: &str, text: &str) -> Result<Self, Faults> {
        crate::library::recalibration(file, text)
    }
}

impl Plan {
    /// One rule set for one person, explained.
    #[expect(
        clippy::too_many_arguments,
        reason = "each is a different thing, and a struct of them would be made for one call"
    )]
    pub fn explain(
        &self,
        set: usize,
        events: &Events,
        person: &Person,
        number: u32,
        frame: &Frame,
        disputes: &Disputes,
        recalibrations: &[Recalibration],
    ) -> Result<Explained, ColumnsError> {
        self.apart(events, person, number, frame, disputes).explain(set, recalibrations)
    }

    /// Everything of one person asked once, for whoever wants several rule sets explained.
    #[must_use]
    pub fn apart<'a>(
        &'a self,
        events: &'a Events,
        person: &'a Person,
        number: u32,
        frame: &'a Frame,
        disputes: &'a Disputes,
    ) -> Apart<'a> {
        let outcomes = self.one(events, person, number, frame, disputes, &mut Scratch::default());
        // Again without disputes, so that what is disputed can be shown beside what is not.
        let undisputed = self.one(events, person, number, frame, &Disputes::default(), &mut Scratch::default());
        let mut facts = Vec::new();
        events.each(number, |fact| facts.push(fact));
        Apart { plan: self, events, person, number, frame, disputes, facts, outcomes, undisputed }
    }
}

/// The number as it is shown.
fn value(set: &RuleSet, outcome: &Outcome, age: Option<u8>, recalibration: Option<&Recalibration>) -> Option<String> {
    match set.kind {
        Kind::Register => return Some(u8::from(outcome.is_in).to_string()),
        Kind::Segments => return outcome.is_in.then(|| (outcome.counted.trailing_zeros() + 1).to_string()),
        Kind::Score if !outcome.is_in => return None,
        Kind::Score => {}
    }
    if let Some(logistic) = set.logistic {
        let (age, recalibration) = (f64::from(age?), recalibration?);
        let predictor =
            logistic.constant.as_f64() + outcome.points.as_f64() + logistic.age_squared.as_f64() * age * age;
        let predictor = recalibration.intercept.as_f64() + recalibration.slope.as_f64() * predictor;
        let probability = 1.0 / (1.0 + (-predictor).exp());
        return Some(format!("{probability:.places$}", places = usize::from(set.places)));
    }
    match set.denominator {
        None => Some(outcome.points.with_places(set.places)),
        Some(denominator) => {
            let share = Decimal(outcome.points.0 / i64::from(denominator.max(1)));
            Some(share.with_places(set.places))
        }
    }
}

/// The first band that the score is in.
#[must_use]
pub fn band(set: &RuleSet, outcome: &Outcome) -> Option<String> {
    if set.kind == Kind::Segments {
        return outcome
            .is_in
            .then(|| set.parts.get(outcome.counted.trailing_zeros() as usize).map(|part| part.label.clone()))?;
    }
    if set.logistic.is_some() || set.kind == Kind::Score && !outcome.is_in {
        return None;
    }
    let denominator = set.denominator.unwrap_or(1);
    let largest = set
        .parts
        .iter()
        .enumerate()
        .filter(|(at, _)| outcome.counted >> at & 1 == 1)
        .map(|(_, part)| part.points)
        .max();
    let is_in = |band: &&crate::rule::Band| {
        band.limits.hold_share(outcome.points, denominator)
            && band.any_part.is_none_or(|least| largest.is_some_and(|largest| largest >= least))
    };
    set.bands.iter().find(is_in).map(|band| band.name.clone())
}

fn look_back(set: &RuleSet, frame: &Frame) -> String {
    match set.within {
        _ if !frame.asked.has_days => "not applied: the input has no days".into(),
        Some(span) => span.to_string(),
        None => "ever, unless a part says otherwise".into(),
    }
}

/// One person taken apart: what every rule set says of them, with and without disputes, and everything that happened to them.
#[derive(Debug)]
pub struct Apart<'a> {
    plan: &'a Plan,
    events: &'a Events,
    person: &'a Person,
    number: u32,
    frame: &'a Frame,
    disputes: &'a Disputes,
    facts: Vec<Fact>,
    outcomes: Vec<Outcome>,
    undisputed: Vec<Outcome>,
}

impl Apart<'_> {
    /// One rule set of the plan, explained.
    ///
    /// # Errors
    /// Where the columns cannot be read.
    pub fn explain(&self, set: usize, recalibrations: &[Recalibration]) -> Result<Explained, ColumnsError> {
        let (planned, outcome, frame) = (&self.plan.sets[set], self.outcomes[set], self.frame);
        let of = &planned.set;
        let mut missing = self.missing(planned, &outcome);
        let present = self.undisputed[set].present;
        let mut parts = Vec::new();
        for (at, node) in planned.parts.iter().enumerate().filter(|(at, _)| present >> at & 1 == 1) {
            let mut evidence = Vec::new();
            self.evidence(node, &mut evidence)?;
            evidence.sort_by(|a, b| (a.day, &a.code, a.record).cmp(&(b.day, &b.code, b.record)));
            evidence.dedup();
            let dispute = self.disputes.standing(self.number, &of.id, frame.asked.as_of).find(|(part, _)| *part == at);
            parts.push(Found {
                part: of.parts[at].id.clone(),
                label: of.parts[at].label.clone(),
                points: of.parts[at].points,
                counts: outcome.counted >> at & 1 == 1,
                disputed: dispute.map(|(_, dispute)| format!("{}: {}", dispute.ground.wording(), dispute.reason)),
                evidence,
            });
        }
        let age = people::age(self.person.birth, frame.asked.as_of);
        let recalibration = recalibrations.iter().find(|recalibration| recalibration.set == of.id);
        if of.logistic.is_some() && recalibration.is_none() {
            missing.push("a recalibration on this place's own people: without one no probability is given".into());
        }
        let value = value(of, &outcome, age, recalibration);
        Ok(Explained {
            instrument: format!("{}@{}", of.id, of.version),
            rules_hash: of.hash.clone(),
            lists_hash: planned.lists_hash.clone(),
            as_of: if frame.asked.has_days { frame.asked.as_of } else { Day::NONE },
            look_back: look_back(of, frame),
            band: value.as_ref().and_then(|_| band(of, &outcome)),
            value,
            applies: match (of.age_from, age) {
                (None, _) => Some(true),
                (Some(from), age) => age.map(|age| age >= from),
            },
            missing,
            not_for: of.not_for.clone(),
            unverified: of.unverified.clone(),
            parts,
            calibrated_on: recalibration.filter(|_| of.logistic.is_some()).map(|found| found.fitted_on.clone()),
        })
    }

    /// Everything of a person that made a condition so. What is denied has no record.
    fn evidence(&self, node: &Node, evidence: &mut Vec<Evidence>) -> Result<(), ColumnsError> {
        match node {
            Node::Leaf(at) => self.of_leaf(*at, evidence)?,
            Node::All(inner) | Node::Any(inner) => {
                for node in inner {
                    self.evidence(node, evidence)?;
                }
            }
            Node::InSet(set) | Node::Scored(set, _) => {
                let Some(planned) = self.plan.sets.get(*set) else { return Ok(()) };
                let counted = self.undisputed[*set].counted;
                for (_, node) in planned.parts.iter().enumerate().filter(|(at, _)| counted >> at & 1 == 1) {
                    self.evidence(node, evidence)?;
                }
            }
            Node::Age { .. } | Node::Sex(_) | Node::Not(_) => {}
        }
        Ok(())
    }

    fn of_leaf(&self, at: usize, evidence: &mut Vec<Evidence>) -> Result<(), ColumnsError> {
        let (leaf, from, as_of) = (&self.plan.leaves[at], self.frame.from[at], self.frame.asked.as_of);
        let about = |fact: &&Fact| {
            let touches = self.plan.touched(fact.code);
            touches.iter().any(|touch| touch.leaf as usize == at && !touch.resolves)
                && is_counted(fact.day, from, as_of)
        };
        let counts = |fact: &&Fact| match &leaf.asks {
            Asks::Count { .. } => true,
            Asks::Value { .. } => matches!(says(leaf, fact), Said::Holds(true)),
        };
        for fact in self.facts.iter().filter(about).filter(counts) {
            evidence.push(self.entry(fact)?);
        }
        Ok(())
    }

    fn entry(&self, fact: &Fact) -> Result<Evidence, ColumnsError> {
        let origin = self.events.origin_of(self.number, fact.place)?;
        let (system, code) = self.events.codes.get(fact.code).map_or(("", ""), |(system, code)| (system.word(), code));
        let unit = self.events.units.word(u32::from(fact.unit));
        Ok(Evidence {
            code: format!("{system} {code}"),
            day: fact.day,
            value: fact.value.map(|value| format!("{value} {unit}").trim_end().to_owned()),
            source: self.events.sources.word(u32::from(origin.source)).to_owned(),
            record: origin.record,
        })
    }

    /// What was not known: needs that are not met, an age that is needed, and values that no rule could use.
    fn missing(&self, planned: &Planned, outcome: &Outcome) -> Vec<String> {
        let mut missing = Vec::new();
        let unmet = planned.set.needs.iter().enumerate().filter(|(at, _)| outcome.unmet >> at & 1 == 1);
        missing.extend(unmet.map(|(_, need)| need.label.clone()));
        let asks_age =
            planned.set.age_from.is_some() || planned.set.logistic.is_some() || planned.parts.iter().any(asks_age);
        if asks_age && self.person.birth == Day::NONE {
            missing.push("age".into());
        }
        let mut unusable = std::collections::BTreeSet::<(u32, String)>::new();
        let mut leaves = Vec::new();
        planned.parts.iter().chain(&planned.needs).for_each(|node| leaves_of(self.plan, node, &mut leaves));
        for at in leaves {
            let (leaf, from) = (&self.plan.leaves[at], self.frame.from[at]);
            if !matches!(leaf.asks, Asks::Value { .. }) {
                continue;
            }
            for fact in self.facts.iter().filter(|fact| is_counted(fact.day, from, self.frame.asked.as_of)) {
                let is_asked = self.plan.touched(fact.code).iter().any(|touch| touch.leaf as usize == at);
                if is_asked && matches!(says(leaf, fact), Said::Unusable) {
                    let why = match fact.value {
                        None => "without a value".to_owned(),
                        Some(_) if self.events.units.word(u32::from(fact.unit)).is_empty() => {
                            "without a unit".to_owned()
                        }
                        Some(_) => {
                            format!("in {}, which the rule cannot read", self.events.units.word(u32::from(fact.unit)))
                        }
                    };
                    unusable.insert((fact.code, why));
                }
            }
        }
        for (code, why) in &unusable {
            let code = self.events.codes.get(*code).map_or("", |(_, code)| code);
            missing.push(format!("{code} {why}"));
        }
        missing
    }
}

fn asks_age(node: &Node) -> bool {
    match node {
        Node::Age { .. } => true,
        Node::All(inner) | Node::Any(inner) => inner.iter().any(asks_age),
        Node::Not(inner) => asks_age(inner),
        _ => false,
    }
}

fn leaves_of(plan: &Plan, node: &Node, leaves: &mut Vec<usize>) {
    match node {
        Node::Leaf(at) if !leaves.contains(at) => leaves.push(*at),
        Node::All(inner) | Node::Any(inner) => inner.iter().for_each(|inner| leaves_of(plan, inner, leaves)),
        Node::Not(inner) => leaves_of(plan, inner, leaves),
        Node::InSet(set) | Node::Scored(set, _) => {
            plan.sets.get(*set).into_iter().flat_map(|set| &set.parts).for_each(|inner| leaves_of(plan, inner, leaves));
        }
        _ => {}
    }
}
