//! The events that a plan's codes are about, gathered from the columns: for each code whose and when, and for codes of values what
//! was measured. Six in a hundred events, so that the rest is never looked at again.

use crate::columns::{Events, NO_UNIT};
use crate::plan::{Asks, Plan};

/// Rows for which the person of the first is kept, so that whose a row is needs no search.
const STEP: usize = 64;

/// Whose and when, by code.
#[derive(Debug, Clone, Default)]
pub struct Postings {
    /// For each list, its runs.
    lists: Vec<Vec<Run>>,
    person: Vec<u32>,
    day: Vec<u16>,
    value: Vec<(f32, u8)>,
}

/// The events of one code.
#[derive(Debug, Clone)]
struct Run {
    at: std::ops::Range<usize>,
    /// Where its values begin, for a code of values.
    values: Option<usize>,
}

/// Whose, when, and what with which unit.
type Values<'a> = (&'a [u32], &'a [u16], &'a [(f32, u8)]);

impl Postings {
    pub(crate) fn of(plan: &Plan, events: &Events) -> Self {
        let first_people = first_people(events);
        let lists = plan.leaves.iter().map(|leaf| leaf.list.max(leaf.resolved_by.unwrap_or(0)) + 1).max().unwrap_or(0);
        let mut postings = Self { lists: vec![Vec::new(); lists], ..Self::default() };
        for code in 0..plan.known_codes() {
            let touched = plan.touched(code);
            if touched.is_empty() {
                continue;
            }
            let begin = postings.person.len();
            for row in events.index.rows(code) {
                let mut person = first_people[*row as usize / STEP] as usize;
                while events.starts[person + 1] <= *row {
                    person += 1;
                }
                postings.person.push(u32::try_from(person).unwrap_or(u32::MAX));
                postings.day.push(events.day[*row as usize]);
            }
            let at = begin..postings.person.len();
            let is_measured = |leaf: u32| matches!(plan.leaves[leaf as usize].asks, Asks::Value { .. });
            let values = touched.iter().any(|touch| is_measured(touch.leaf)).then_some(postings.value.len());
            if values.is_some() {
                for row in events.index.rows(code) {
                    let (value, unit) = events.values.at(*row);
                    postings.value.push(value.map_or((f32::NAN, NO_UNIT), |value| (value, unit)));
                }
            }
            let mut lists: Vec<usize> = touched.iter().filter_map(|touch| plan.list_of(*touch)).collect();
            lists.sort_unstable();
            lists.dedup();
            for list in lists {
                postings.lists[list].push(Run { at: at.clone(), values });
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

/// Whose every 64th row is.
fn first_people(events: &Events) -> Vec<u32> {
    let mut people = Vec::with_capacity(events.rows() / STEP + 1);
    let mut person = 0u32;
    for row in (0..events.rows()).step_by(STEP) {
        while events.starts[person as usize + 1] as usize <= row {
            person += 1;
        }
        people.push(person);
    }
    people
}
