//! Every rule set asked of one person: their events are gone through once, and each code tells the questions that it matters to.

use std::ops::BitOr;

use crate::columns::{Events, Fact};
use crate::day::Day;
use crate::decimal::Decimal;
use crate::dispute::Disputes;
use crate::people::Person;
use crate::plan::{Asks, Frame, Leaf, Node, Plan, Planned};
use crate::rule::{Counting, Kind, Pick};

/// What one rule set says of one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outcome {
    /// In the register or in a segment; for a score, that everything it needs is known.
    pub is_in: bool,
    /// Points added up, before dividing; the segment's place for segments.
    pub points: Decimal,
    /// The parts that are there and not disputed, a bit each.
    pub present: u128,
    /// Those of them that count: not silenced by another.
    pub counted: u128,
    /// What it needs and is not known, a bit each.
    pub unmet: u128,
}

/// Room to work in, kept between people.
#[derive(Debug, Clone, Default)]
pub struct Scratch {
    states: Vec<State>,
    seen: Vec<(u32, u32)>,
}

#[derive(Debug, Clone, Copy, Default)]
struct State {
    count: u32,
    /// The earliest day of a code, one later than it is; 0 where there is none.
    earliest: u32,
    latest: u16,
    resolved: u16,
    holds: bool,
    /// The day of a value before the latest, and whether it was so on it.
    earlier: Option<(u16, bool)>,
}

impl State {
    /// Takes in what one value says on a day.
    fn measured(&mut self, pick: Pick, day: u16, holds: bool) {
        let begins = self.count == 0 || day > self.latest;
        match pick {
            Pick::Any => self.holds |= holds,
            // The first value of a later day begins anew.
            Pick::Latest if begins => (self.latest, self.holds) = (day, holds),
            Pick::Latest if day == self.latest => self.holds |= holds,
            Pick::Latest => {}
            Pick::LatestTwo if begins => {
                if self.count > 0 {
                    self.earlier = Some((self.latest, self.holds));
                }
                (self.latest, self.holds) = (day, holds);
            }
            Pick::LatestTwo if day == self.latest => self.holds &= holds,
            Pick::LatestTwo => match &mut self.earlier {
                Some((known, so)) if *known == day => *so &= holds,
                Some((known, _)) if *known > day => {}
                earlier => *earlier = Some((day, holds)),
            },
        }
        self.count += 1;
    }
}

/// What one value says to a leaf.
pub(crate) enum Said {
    /// It is within the limits, or not.
    Holds(bool),
    /// There is no value, or its unit cannot be turned into the rule's.
    Unusable,
}

/// A value against a leaf's limits.
pub(crate) fn says(leaf: &Leaf, fact: &Fact) -> Said {
    let Asks::Value { limits, .. } = &leaf.asks else { return Said::Unusable };
    match (fact.value, leaf.factor(fact.unit)) {
        (Some(value), Some(factor)) => Said::Holds(limits.hold_measured(value, factor)),
        _ => Said::Unusable,
    }
}

impl Plan {
    /// What every rule set of the plan says of one person, in the plan's order.
    pub fn one(
        &self,
        events: &Events,
        person: &Person,
        number: u32,
        frame: &Frame,
        disputes: &Disputes,
        scratch: &mut Scratch,
    ) -> Vec<Outcome> {
        scratch.states.clear();
        scratch.states.resize(self.leaves.len(), State::default());
        scratch.seen.clear();
        events.each(number, |fact| self.take(&fact, frame, scratch));
        let mut outcomes: Vec<Outcome> = Vec::with_capacity(self.sets.len());
        for planned in &self.sets {
            let asking = Asking { plan: self, person, frame, states: &scratch.states, outcomes: &outcomes };
            let disputed = disputes.of(number, &planned.set.id, frame.asked.as_of);
            let present = |at: usize, node: &Node| disputed >> at & 1 == 0 && asking.holds(node);
            let outcome = match planned.set.kind {
                // The first segment that is so; the others are not asked.
                Kind::Segments => {
                    let found = planned.parts.iter().enumerate().find(|(at, node)| present(*at, node));
                    found.map_or(Outcome::default(), |(at, _)| of_segment(at))
                }
                Kind::Register | Kind::Score => {
                    let held = planned.parts.iter().enumerate().filter(|(at, node)| present(*at, node));
                    let bits = held.map(|(at, _)| 1u128 << at).fold(0, BitOr::bitor);
                    let unmet = planned.needs.iter().enumerate().filter(|(_, need)| !asking.holds(need));
                    of_parts(planned, bits, unmet.map(|(at, _)| 1u128 << at).fold(0, BitOr::bitor))
                }
            };
            outcomes.push(outcome);
        }
        outcomes
    }

    #[inline]
    fn take(&self, fact: &Fact, frame: &Frame, scratch: &mut Scratch) {
        if fact.day > frame.asked.as_of {
            return;
        }
        for touch in self.touched(fact.code) {
            let at = touch.leaf as usize;
            let (leaf, state) = (&self.leaves[at], &mut scratch.states[at]);
            if touch.resolves {
                state.resolved = state.resolved.max(fact.day.0);
                continue;
            }
            let is_within = fact.day.0 >= frame.from[at];
            match &leaf.asks {
                Asks::Count { counting, .. } => {
                    state.latest = state.latest.max(fact.day.0);
                    let day = u32::from(fact.day.0) + 1;
                    state.earliest = if state.earliest == 0 { day } else { state.earliest.min(day) };
                    if is_within && is_new(*counting, touch.leaf, fact, &mut scratch.seen) {
                        state.count += 1;
                    }
                }
                Asks::Value { pick, .. } if is_within => {
                    if let Said::Holds(holds) = says(leaf, fact) {
                        state.measured(*pick, fact.day.0, holds);
                    }
                }
                Asks::Value { .. } => {}
            }
        }
    }
}

fn is_new(counting: Counting, leaf: u32, fact: &Fact, seen: &mut Vec<(u32, u32)>) -> bool {
    let key = match counting {
        Counting::Events => return true,
        Counting::Days => u32::from(fact.day.0),
        Counting::Codes => fact.code,
    };
    let is_new = !seen.contains(&(leaf, key));
    if is_new {
        seen.push((leaf, key));
    }
    is_new
}

/// A person in the segment of this place.
pub(crate) fn of_segment(at: usize) -> Outcome {
    let points = Decimal(i64::try_from(at).unwrap_or(0) * Decimal::ONE.0);
    Outcome { is_in: true, points, present: 1 << at, counted: 1 << at, unmet: 0 }
}

/// The sum of the parts that are there.
pub(crate) fn of_parts(planned: &Planned, present: u128, unmet: u128) -> Outcome {
    let (mut points, mut counted) = (Decimal::ZERO, 0u128);
    let mut left = present;
    while left != 0 {
        let at = left.trailing_zeros() as usize;
        left &= left - 1;
        if planned.unless[at] & present == 0 {
            counted |= 1 << at;
            points += planned.set.parts[at].points;
        }
    }
    if let Some(floor) = planned.set.floor {
        points = points.max(floor);
    }
    let is_in = if planned.is_score() { unmet == 0 } else { counted != 0 };
    Outcome { is_in, points, present, counted, unmet }
}

struct Asking<'a> {
    plan: &'a Plan,
    person: &'a Person,
    frame: &'a Frame,
    states: &'a [State],
    outcomes: &'a [Outcome],
}

impl Asking<'_> {
    fn holds(&self, node: &Node) -> bool {
        match node {
            Node::Leaf(at) => {
                let state = &self.states[*at];
                match &self.plan.leaves[*at].asks {
                    Asks::Count { at_least, first, .. } => {
                        let is_new = !first || state.earliest > u32::from(self.frame.from[*at]);
                        state.count >= *at_least && is_new && state.resolved <= state.latest
                    }
                    Asks::Value { .. } => state.holds && state.earlier.is_none_or(|(_, holds)| holds),
                }
            }
            Node::Age { from, below } => Node::is_of_age(self.person, self.frame.asked.as_of, *from, *below),
            Node::Sex(sex) => self.person.sex == *sex,
            Node::InSet(set) => self.outcomes.get(*set).is_some_and(|outcome| outcome.is_in),
            Node::Scored(set, limits) => self.outcomes.get(*set).is_some_and(|outcome| {
                let denominator = self.plan.sets[*set].set.denominator.unwrap_or(1);
                outcome.is_in && limits.hold_share(outcome.points, denominator)
            }),
            Node::All(inner) => inner.iter().all(|inner| self.holds(inner)),
            Node::Any(inner) => inner.iter().any(|inner| self.holds(inner)),
            Node::Not(inner) => !self.holds(inner),
        }
    }
}

/// A fact and the leaf it bears on, for whoever explains.
pub(crate) fn is_counted(day: Day, from: u16, as_of: Day) -> bool {
    day <= as_of && day.0 >= from
}
