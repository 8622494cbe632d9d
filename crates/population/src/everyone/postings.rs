//! The index from codes to people: for each code that a plan names, whose it is and when, and what was measured where a value is asked.
//! Gathered in one pass over the columns, on several threads; six in a hundred events, so that the rest is never looked at again.

use std::ops::Range;

use crate::columns::{Events, NO_UNIT};
use crate::plan::{Asks, Plan};

/// Whose and when, by code.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Postings {
    /// For each list, its runs.
    lists: Vec<Vec<Run>>,
    person: Vec<u32>,
    day: Vec<u16>,
    value: Vec<(f32, u8)>,
}

/// The events of one code.
#[derive(Debug, Clone, PartialEq)]
struct Run {
    at: Range<usize>,
    /// Where its values begin, for a code of values.
    values: Option<usize>,
}

/// Whose, when, and what with which unit.
type Values<'a> = (&'a [u32], &'a [u16], &'a [(f32, u8)]);

/// The codes that a plan names: each has a slot.
struct Slots {
    /// A bit for each code: small enough to stay in the processor's first cache while everything else is passed over.
    named: Vec<u64>,
    of_code: Vec<u32>,
    /// For each slot, the lists that it is of, and whether values are asked for.
    lists: Vec<(Vec<usize>, bool)>,
}

impl Slots {
    fn of(plan: &Plan) -> Self {
        let known = plan.known_codes();
        let mut slots =
            Self { named: vec![0; known as usize / 64 + 1], of_code: vec![0; known as usize], lists: Vec::new() };
        let is_measured = |leaf: u32| matches!(plan.leaves[leaf as usize].asks, Asks::Value { .. });
        for code in 0..known {
            let touched = plan.touched(code);
            if touched.is_empty() {
                continue;
            }
            let mut lists: Vec<usize> = touched.iter().filter_map(|touch| plan.list_of(*touch)).collect();
            lists.sort_unstable();
            lists.dedup();
            slots.named[code as usize / 64] |= 1 << (code % 64);
            slots.of_code[code as usize] = u32::try_from(slots.lists.len()).unwrap_or(u32::MAX);
            slots.lists.push((lists, touched.iter().any(|touch| is_measured(touch.leaf))));
        }
        slots
    }

    /// The slot of a code; none for a code that no rule names, or that the plan has not seen.
    #[inline]
    fn get(&self, code: u32) -> Option<usize> {
        let word = self.named.get(code as usize / 64)?;
        (word >> (code % 64) & 1 == 1).then(|| self.of_code[code as usize] as usize)
    }
}

/// What one thread found, in the order of people.
#[derive(Default)]
struct Found {
    slot: Vec<u32>,
    person: Vec<u32>,
    day: Vec<u16>,
    /// Of the codes of values alone.
    value: Vec<(f32, u8)>,
}

impl Found {
    fn scan(&mut self, events: &Events, slots: &Slots, people: Range<u32>) {
        let mut person = people.start;
        let starts = &events.starts[..];
        let rows = events.range_of(people);
        let span = rows.start as usize..rows.end as usize;
        for ((row, code), day) in rows.zip(&events.code[span.clone()]).zip(&events.day[span]) {
            let Some(slot) = slots.get(*code) else { continue };
            while starts[person as usize + 1] <= row {
                person += 1;
            }
            self.slot.push(slot as u32);
            self.person.push(person);
            self.day.push(*day);
            if slots.lists[slot].1 {
                let (value, unit) = events.values.at(row);
                self.value.push(value.map_or((f32::NAN, NO_UNIT), |value| (value, unit)));
            }
        }
    }
}

impl Postings {
    pub(crate) fn of(plan: &Plan, events: &Events, threads: usize) -> Self {
        let slots = Slots::of(plan);
        let shares = shares(events, threads.max(1));
        let mut found: Vec<Found> = shares.iter().map(|_| Found::default()).collect();
        if let ([found], [share]) = (&mut found[..], &shares[..]) {
            found.scan(events, &slots, share.clone());
        } else {
            std::thread::scope(|scope| {
                for (found, share) in found.iter_mut().zip(&shares) {
                    let slots = &slots;
                    scope.spawn(move || found.scan(events, slots, share.clone()));
                }
            });
        }
        let lists = plan.leaves.iter().map(|leaf| leaf.list.max(leaf.resolved_by.unwrap_or(0)) + 1).max().unwrap_or(0);
        Self::put_together(&slots, lists, found)
    }

    /// Sorts what was found by slot; within one the order of people stays.
    fn put_together(slots: &Slots, lists: usize, found: Vec<Found>) -> Self {
        let mut counts = vec![0usize; slots.lists.len()];
        found.iter().flat_map(|found| &found.slot).for_each(|slot| counts[*slot as usize] += 1);
        let all: usize = counts.iter().sum();
        let measured: usize = counts.iter().zip(&slots.lists).filter(|(_, slot)| slot.1).map(|(count, _)| count).sum();
        let mut postings = Self {
            lists: vec![Vec::new(); lists],
            person: vec![0; all],
            day: vec![0; all],
            value: vec![(f32::NAN, NO_UNIT); measured],
        };
        let (mut next, mut next_value) = (0, 0);
        let mut cursors = Vec::with_capacity(counts.len());
        for (count, (of, is_measured)) in counts.iter().zip(&slots.lists) {
            cursors.push((next, next_value));
            let run = Run { at: next..next + count, values: is_measured.then_some(next_value) };
            of.iter().for_each(|list| postings.lists[*list].push(run.clone()));
            next += count;
            next_value += if *is_measured { *count } else { 0 };
        }
        for Found { slot, person, day, value } in found {
            let mut values = value.into_iter();
            for ((slot, person), day) in slot.into_iter().zip(person).zip(day) {
                let (at, at_value) = &mut cursors[slot as usize];
                (postings.person[*at], postings.day[*at]) = (person, day);
                *at += 1;
                if slots.lists[slot as usize].1
                    && let Some(value) = values.next()
                {
                    postings.value[*at_value] = value;
                    *at_value += 1;
                }
            }
        }
        postings
    }

    /// How many events were gathered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.person.len()
    }

    /// True where there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.person.is_empty()
    }

    /// Each code of a list: whose and when.
    pub(crate) fn of_list(&self, list: usize) -> impl Iterator<Item = (&[u32], &[u16])> {
        let runs = self.lists.get(list).into_iter().flatten();
        runs.map(|run| (&self.person[run.at.clone()], &self.day[run.at.clone()]))
    }

    /// Each code of a list of values.
    pub(crate) fn values_of_list(&self, list: usize) -> impl Iterator<Item = Values<'_>> {
        let runs = self.lists.get(list).into_iter().flatten();
        runs.filter_map(|run| {
            let values = run.values?;
            let span = values..values + run.at.len();
            Some((&self.person[run.at.clone()], &self.day[run.at.clone()], &self.value[span]))
        })
    }
}

/// People divided so that each share has about as many events.
fn shares(events: &Events, many: usize) -> Vec<Range<u32>> {
    let people = u32::try_from(events.people()).unwrap_or(u32::MAX);
    let mut shares = Vec::with_capacity(many);
    let mut from = 0u32;
    for share in 1..=many {
        let rows = events.rows() / many * share;
        let until = events.starts.partition_point(|start| (*start as usize) < rows);
        let until = if share == many { people } else { u32::try_from(until).unwrap_or(people).clamp(from, people) };
        shares.push(from..until);
        from = until;
    }
    shares
}
