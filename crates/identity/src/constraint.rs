//! What a steward has decided of two rows. It outranks every weight and ruling and is no part of the model, so learning anew
//! changes nothing about it.

use std::collections::BTreeMap;

/// A steward's word on a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// They are one person.
    Same,
    /// They are two people.
    NotSame,
}

/// Every decision, by pair of rows.
#[derive(Debug, Clone, Default)]
pub struct Constraints {
    words: BTreeMap<(u32, u32), Word>,
    /// Each pair from both sides, to find a row's.
    sides: BTreeMap<u32, Vec<u32>>,
}

const fn pair(one: u32, other: u32) -> (u32, u32) {
    if one < other { (one, other) } else { (other, one) }
}

impl Constraints {
    /// Takes a decision; the last on a pair holds. Gives back what held before, so that it can be restored.
    pub fn decide(&mut self, one: u32, other: u32, word: Option<Word>) -> Option<Word> {
        let key = pair(one, other);
        let before = match word {
            Some(word) => self.words.insert(key, word),
            None => self.words.remove(&key),
        };
        for (side, with) in [(one, other), (other, one)] {
            let of = self.sides.entry(side).or_default();
            of.retain(|known| *known != with);
            if word.is_some() {
                of.push(with);
            }
        }
        before
    }

    /// True where nothing was decided.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// What was decided of a pair.
    #[must_use]
    pub fn on(&self, one: u32, other: u32) -> Option<Word> {
        if self.words.is_empty() { None } else { self.words.get(&pair(one, other)).copied() }
    }

    /// The rows that were decided to be one person with this one.
    pub fn same_as(&self, row: u32) -> impl Iterator<Item = u32> + '_ {
        let sides = self.sides.get(&row).into_iter().flatten().copied();
        sides.filter(move |other| self.on(row, *other) == Some(Word::Same))
    }

    /// Every pair decided to be one person.
    pub fn same(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.words.iter().filter(|(_, word)| **word == Word::Same).map(|(pair, _)| *pair)
    }
}
