//! Which lists a code is in.

use std::collections::{BTreeMap, HashMap};

use crate::code::System;
use crate::library::{CodeList, Matching};

/// Lists by number, and what finds them by code.
#[derive(Debug, Clone, Default)]
pub(crate) struct Matcher {
    names: BTreeMap<String, usize>,
    exact: HashMap<(System, String), Vec<usize>>,
    prefixes: HashMap<(System, String), Vec<usize>>,
    whole: Vec<(System, usize)>,
    /// How long prefixes are.
    lengths: Vec<usize>,
}

impl Matcher {
    /// The number of a list, new or known.
    pub(crate) fn add(&mut self, name: &str, list: Option<&CodeList>) -> usize {
        if let Some(known) = self.names.get(name) {
            return *known;
        }
        let number = self.names.len();
        self.names.insert(name.to_owned(), number);
        for (system, matching, code) in list.iter().flat_map(|list| &list.codes) {
            match matching {
                Matching::Exact => self.exact.entry((*system, code.clone())).or_default().push(number),
                Matching::Prefix => self.prefixes.entry((*system, code.clone())).or_default().push(number),
                Matching::Whole => self.whole.push((*system, number)),
            }
        }
        number
    }

    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    /// After the last list.
    pub(crate) fn ready(&mut self) {
        self.lengths = self.prefixes.keys().map(|(_, prefix)| prefix.len()).collect();
        self.lengths.sort_unstable();
        self.lengths.dedup();
    }

    /// The lists that a code is in, each once.
    pub(crate) fn lists_of(&self, system: System, code: &str, lists: &mut Vec<usize>) {
        lists.clear();
        lists.extend(self.exact.get(&(system, code.to_owned())).into_iter().flatten());
        for length in &self.lengths {
            if let Some(prefix) = code.get(..*length) {
                lists.extend(self.prefixes.get(&(system, prefix.to_owned())).into_iter().flatten());
            }
        }
        lists.extend(self.whole.iter().filter(|(of, _)| *of == system).map(|(_, list)| *list));
        lists.sort_unstable();
        lists.dedup();
    }
}
