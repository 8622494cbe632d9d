//! What was known when: values by a key, each in every form it has had, so that anything worked out from them can be worked out
//! again as it was then and as it would be now. Must not judge what a value means.

use std::collections::BTreeMap;

/// All values, in every form they have had. A revision is a report that was taken in, counted from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known<K, V> {
    /// For each key, what was known from which revision on.
    known: BTreeMap<K, Vec<(u32, V)>>,
    revision: u32,
}

/// What a report says of a key, beside what was known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said<V> {
    /// Nothing was known.
    New,
    /// The same as before.
    Same,
    /// Otherwise than before; this was known.
    Changed(V),
}

impl<K, V> Default for Known<K, V> {
    fn default() -> Self {
        Self { known: BTreeMap::new(), revision: 0 }
    }
}

impl<K: Ord, V: Clone + PartialEq> Known<K, V> {
    /// How many reports have been taken in.
    #[must_use]
    pub fn revision(&self) -> u32 {
        self.revision
    }

    /// Takes a report in.
    pub fn take(&mut self, report: impl IntoIterator<Item = (K, V)>) {
        self.revision += 1;
        for (key, value) in report {
            self.known.entry(key).or_default().push((self.revision, value));
        }
    }

    /// A value as it was known after so many reports.
    #[must_use]
    pub fn at(&self, key: &K, revision: u32) -> Option<&V> {
        let known = self.known.get(key)?;
        known.iter().rev().find(|(from, _)| *from <= revision).map(|(_, value)| value)
    }

    /// What a value would be beside what is known now.
    #[must_use]
    pub fn beside(&self, key: &K, value: &V) -> Said<V> {
        match self.at(key, self.revision) {
            None => Said::New,
            Some(known) if known == value => Said::Same,
            Some(known) => Said::Changed(known.clone()),
        }
    }

    /// Every key of which anything was ever known, in order.
    pub fn keys(&self) -> impl Iterator<Item = &K> {
        self.known.keys()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        // The slow way: keep every report and read them through from the first to the one asked for.
        #[test]
        fn what_was_known_then_is_what_the_reports_up_to_then_said(
            reports in prop::collection::vec(prop::collection::btree_map(0u8..6, 0i32..9, 0..5), 0..12)
        ) {
            let mut known = Known::default();
            for report in &reports {
                known.take(report.clone());
            }
            for revision in 0..=reports.len() {
                for key in 0..6 {
                    let slow = reports[..revision].iter().filter_map(|report| report.get(&key)).next_back();
                    prop_assert_eq!(known.at(&key, u32::try_from(revision).unwrap()), slow);
                }
            }
        }
    }
}
