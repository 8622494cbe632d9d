//! Every rule set asked of everybody at once: only the events whose codes some rule names are touched, code by code through the
//! index, and conditions are sets of people put together bit by bit. It must say of everybody what `one` says of each.

mod postings;

use crate::bits::Bits;
use crate::columns::{Events, Fact, NO_UNIT, Place};
use crate::day::Day;
use crate::decimal::Decimal;
use crate::dispute::Disputes;
use crate::one::{self, Outcome, Said, Scratch};
use crate::people::{self, People, Person};
use crate::plan::{Asks, Frame, Leaf, Node, Plan};
use crate::rule::{Counting, Kind, Pick};
pub use postings::Postings;

/// What one rule set says of everybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The rule set.
    pub id: String,
    /// In the register, in a segment, or given a score.
    pub members: Bits,
    /// Points of everybody before dividing, in billionths, or the place of their segment; empty for a register.
    pub points: Vec<i64>,
}

/// What the rule sets of a plan say of everybody, and how many values could not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// In the order of the plan.
    pub answers: Vec<Answer>,
    /// Values without a number, or in a unit that the rule cannot turn into its own.
    pub unusable: u64,
}

impl Standing {
    /// What a rule set says.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Answer> {
        self.answers.iter().find(|answer| answer.id == id)
    }

    /// Takes in what is now so of one person.
    pub fn update(&mut self, person: u32, outcomes: &[Outcome]) {
        for (answer, outcome) in self.answers.iter_mut().zip(outcomes) {
            answer.members.put(person, outcome.is_in);
            if let Some(points) = answer.points.get_mut(person as usize) {
                *points = outcome.points.0;
            }
        }
    }
}

impl Plan {
    /// Gathers from the columns what the plan's codes are about. To be done again when the columns or the plan change.
    #[must_use]
    pub fn gather(&self, events: &Events) -> Postings {
        Postings::of(self, events, 1)
    }

    /// The same on so many threads.
    #[must_use]
    pub fn gather_on(&self, events: &Events, threads: usize) -> Postings {
        Postings::of(self, events, threads)
    }

    /// Everybody, as of a day. Those to whom something came since the columns were made, and those about whom something is
    /// disputed, are asked one by one.
    #[must_use]
    pub fn everyone(
        &self,
        events: &Events,
        postings: &Postings,
        people: &People,
        frame: &Frame,
        disputes: &Disputes,
    ) -> Standing {
        let mut work = Work { plan: self, postings, people: &people.list, frame, len: events.people(), unusable: 0 };
        let leaves: Vec<Bits> =
            self.leaves.iter().zip(&frame.from).map(|(leaf, from)| work.leaf(leaf, *from)).collect();
        let mut answers: Vec<Answer> = Vec::with_capacity(self.sets.len());
        for at in 0..self.sets.len() {
            let answer = work.set(at, &leaves, &answers);
            answers.push(answer);
        }
        let mut standing = Standing { answers, unusable: work.unusable };
        let mut scratch = Scratch::default();
        let mut special: Vec<u32> = events.changed().chain(disputes.people()).collect();
        special.sort_unstable();
        special.dedup();
        for number in special {
            if let Some(person) = people.list.get(number as usize) {
                standing.update(number, &self.one(events, person, number, frame, disputes, &mut scratch));
            }
        }
        standing
    }
}

struct Work<'a> {
    plan: &'a Plan,
    postings: &'a Postings,
    people: &'a [Person],
    frame: &'a Frame,
    len: usize,
    unusable: u64,
}

impl Work<'_> {
    fn leaf(&mut self, leaf: &Leaf, from: u16) -> Bits {
        let as_of = self.frame.asked.as_of.0;
        match &leaf.asks {
            Asks::Count { at_least: 1, first: false, .. } if leaf.resolved_by.is_none() => {
                let mut bits = Bits::none(self.len);
                for (people, days) in self.postings.of_list(leaf.list) {
                    for (person, day) in people.iter().zip(days) {
                        if *day >= from && *day <= as_of {
                            bits.set(*person);
                        }
                    }
                }
                bits
            }
            Asks::Count { at_least, counting, first } => {
                let mut bits = self.counted(leaf, from, *at_least, *counting);
                if *first {
                    self.only_new(leaf.list, from, &mut bits);
                }
                bits
            }
            Asks::Value { pick: Pick::LatestTwo, .. } => self.measured_twice(leaf, from),
            Asks::Value { pick, .. } => self.measured(leaf, from, *pick == Pick::Latest),
        }
    }

    fn counted(&self, leaf: &Leaf, from: u16, at_least: u32, counting: Counting) -> Bits {
        let as_of = self.frame.asked.as_of.0;
        let mut counts = vec![0u16; self.len];
        let mut bits = Bits::none(self.len);
        let mut pairs = Vec::new();
        for (people, days) in self.postings.of_list(leaf.list) {
            let mut last = u32::MAX;
            for (person, day) in people.iter().zip(days).filter(|(_, day)| **day >= from && **day <= as_of) {
                match counting {
                    Counting::Events => add(&mut counts, *person),
                    // The rows of a code stand in the order of people.
                    Counting::Codes if *person != last => add(&mut counts, *person),
                    Counting::Codes => {}
                    Counting::Days => pairs.push(u64::from(*person) << 16 | u64::from(*day)),
                }
                last = *person;
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        pairs.iter().for_each(|pair| add(&mut counts, (pair >> 16) as u32));
        for (person, count) in (0u32..).zip(&counts) {
            if u32::from(*count) >= at_least {
                bits.set(person);
            }
        }
        if let Some(resolved) = leaf.resolved_by {
            let (latest, ended) = (self.latest(leaf.list), self.latest(resolved));
            for (person, (latest, ended)) in (0u32..).zip(latest.iter().zip(&ended)) {
                if ended > latest {
                    bits.put(person, false);
                }
            }
        }
        bits
    }

    /// Takes out whoever has a code of the list from before a day.
    fn only_new(&self, list: usize, from: u16, bits: &mut Bits) {
        for (people, days) in self.postings.of_list(list) {
            for (person, _) in people.iter().zip(days).filter(|(_, day)| **day < from) {
                bits.put(*person, false);
            }
        }
    }

    /// The latest day of a list for everybody; 0 for who has none.
    fn latest(&self, list: usize) -> Vec<u16> {
        let as_of = self.frame.asked.as_of.0;
        let mut latest = vec![0u16; self.len];
        for (people, days) in self.postings.of_list(list) {
            for (person, day) in people.iter().zip(days).filter(|(_, day)| **day <= as_of) {
                let known = &mut latest[*person as usize];
                *known = (*known).max(*day);
            }
        }
        latest
    }

    /// Tells each value of a leaf that can be used: whose it is, the day (one later than it is, so that 0 is none), and what it says.
    fn each_value(&mut self, leaf: &Leaf, from: u16, mut tell: impl FnMut(u32, u32, bool)) {
        let as_of = self.frame.asked.as_of.0;
        for (people, days, values) in self.postings.values_of_list(leaf.list) {
            for ((person, day), (value, unit)) in people.iter().zip(days).zip(values) {
                if *day < from || *day > as_of {
                    continue;
                }
                let value = if *unit == NO_UNIT && value.is_nan() { None } else { Some(*value) };
                let fact = Fact { code: 0, day: Day(*day), value, unit: *unit, place: Place::Row(0) };
                match one::says(leaf, &fact) {
                    Said::Holds(holds) => tell(*person, u32::from(*day) + 1, holds),
                    Said::Unusable => self.unusable += 1,
                }
            }
        }
    }

    fn measured(&mut self, leaf: &Leaf, from: u16, only_latest: bool) -> Bits {
        let mut bits = Bits::none(self.len);
        let mut latest = if only_latest { vec![0u32; self.len] } else { Vec::new() };
        self.each_value(leaf, from, |person, day, holds| match latest.get_mut(person as usize) {
            Some(known) if day > *known => {
                *known = day;
                bits.put(person, holds);
            }
            Some(known) if day < *known => {}
            _ if holds => bits.set(person),
            _ => {}
        });
        bits
    }

    /// Those of whom every value of the two latest days is within the limits.
    fn measured_twice(&mut self, leaf: &Leaf, from: u16) -> Bits {
        let (mut latest, mut earlier) = (vec![0u32; self.len], vec![0u32; self.len]);
        let (mut now, mut then) = (Bits::none(self.len), Bits::none(self.len));
        self.each_value(leaf, from, |person, day, holds| {
            let (latest, earlier) = (&mut latest[person as usize], &mut earlier[person as usize]);
            if day > *latest {
                (*earlier, *latest) = (*latest, day);
                then.put(person, now.has(person));
                now.put(person, holds);
            } else if day == *latest {
                now.put(person, now.has(person) && holds);
            } else if day > *earlier {
                *earlier = day;
                then.put(person, holds);
            } else if day == *earlier {
                then.put(person, then.has(person) && holds);
            }
        });
        for (person, _) in (0u32..).zip(&earlier).filter(|(_, earlier)| **earlier == 0) {
            then.set(person);
        }
        now.and(&then);
        now
    }

    fn set(&self, at: usize, leaves: &[Bits], answers: &[Answer]) -> Answer {
        let planned = &self.plan.sets[at];
        let held = |node: &Node| self.node(node, leaves, answers);
        let id = planned.set.id.clone();
        match planned.set.kind {
            Kind::Register => {
                Answer { id, members: planned.parts.first().map_or(Bits::none(self.len), held), points: Vec::new() }
            }
            Kind::Segments => {
                let mut points = vec![0; self.len];
                let mut members = Bits::none(self.len);
                for (place, node) in planned.parts.iter().enumerate() {
                    let mut of_this = held(node);
                    of_this.and_not(&members);
                    let number = one::of_segment(place).points.0;
                    of_this.iter().for_each(|person| points[person as usize] = number);
                    members.or(&of_this);
                }
                Answer { id, members, points }
            }
            Kind::Score => {
                let present: Vec<Bits> = planned.parts.iter().map(held).collect();
                let mut points = vec![0i64; self.len];
                for (place, bits) in present.iter().enumerate() {
                    let mut counted = bits.clone();
                    for other in (0..present.len()).filter(|other| planned.unless[place] >> other & 1 == 1) {
                        counted.and_not(&present[other]);
                    }
                    let adds = planned.set.parts[place].points.0;
                    counted.iter().for_each(|person| points[person as usize] += adds);
                }
                if let Some(Decimal(floor)) = planned.set.floor {
                    points.iter_mut().for_each(|points| *points = (*points).max(floor));
                }
                let mut members = Bits::all(self.len);
                planned.needs.iter().for_each(|need| members.and(&held(need)));
                Answer { id, members, points }
            }
        }
    }

    fn node(&self, node: &Node, leaves: &[Bits], answers: &[Answer]) -> Bits {
        match node {
            Node::Leaf(at) => leaves[*at].clone(),
            Node::Age { from, below } => {
                let as_of = self.frame.asked.as_of;
                let (latest, earliest) =
                    (people::born_by(as_of, *from), below.map(|below| people::born_by(as_of, below)));
                self.who(|person| {
                    person.birth != Day::NONE
                        && person.birth <= latest
                        && earliest.is_none_or(|earliest| person.birth > earliest)
                })
            }
            Node::Sex(sex) => self.who(|person| person.sex == *sex),
            Node::InSet(set) => answers.get(*set).map_or(Bits::none(self.len), |answer| answer.members.clone()),
            Node::Scored(set, limits) => {
                let Some(answer) = answers.get(*set) else { return Bits::none(self.len) };
                let denominator = self.plan.sets[*set].set.denominator.unwrap_or(1);
                let mut bits = Bits::none(self.len);
                for (person, points) in (0u32..).zip(&answer.points) {
                    if limits.hold_share(Decimal(*points), denominator) {
                        bits.set(person);
                    }
                }
                bits.and(&answer.members);
                bits
            }
            Node::All(inner) => self.together(inner, leaves, answers, Bits::all(self.len), Bits::and),
            Node::Any(inner) => self.together(inner, leaves, answers, Bits::none(self.len), Bits::or),
            Node::Not(inner) => self.node(inner, leaves, answers).negated(),
        }
    }

    fn together(
        &self,
        inner: &[Node],
        leaves: &[Bits],
        answers: &[Answer],
        mut bits: Bits,
        put: fn(&mut Bits, &Bits),
    ) -> Bits {
        for node in inner {
            match node {
                // The commonest, and no copy is needed.
                Node::Leaf(at) => put(&mut bits, &leaves[*at]),
                node => put(&mut bits, &self.node(node, leaves, answers)),
            }
        }
        bits
    }

    fn who(&self, is_so: impl Fn(&Person) -> bool) -> Bits {
        let mut bits = Bits::none(self.len);
        for (number, person) in (0u32..).zip(self.people) {
            if is_so(person) {
                bits.set(number);
            }
        }
        bits
    }
}

fn add(counts: &mut [u16], person: u32) {
    let count = &mut counts[person as usize];
    *count = count.saturating_add(1);
}

#[cfg(test)]
mod tests;
