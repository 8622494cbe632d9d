//! Given names and surnames, which share one list because they change places in the forms people fill in. What can be known of
//! a name alone (how it sounds, its short forms, its parts) is worked out once for each distinct name, not once a row.

use crate::distance::{edits, jaro_winkler, within_one};
use crate::nickname::{self, Classes};
use crate::text::{Words, as_index, mix};

/// How two names stand to each other: the first that applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum NameLevel {
    /// One of them is not given.
    Missing = 0,
    /// The same.
    Same = 1,
    /// Forms of one name: *Bill* and *William*.
    Variant = 2,
    /// One slip of the pen apart (two in a long name), and one of the two is so rare beside the other that it is probably a slip.
    Slip = 3,
    /// They share a whole word: *Smith-Jones* and *Smith*.
    Part = 4,
    /// One is the other's first letter.
    Initial = 5,
    /// One slip apart though both are names in use (*Jon* and *Joan*), or very like where one is not.
    Close = 6,
    /// Somewhat like.
    Resembling = 7,
    /// Neither.
    Different = 8,
    /// Each name stands in the other's place. Given name and surname have this level together.
    Swapped = 9,
}

impl NameLevel {
    /// How many levels there are.
    pub const COUNT: usize = 10;

    /// By number, for what was kept in few bits; a number too large is [`NameLevel::Different`].
    #[must_use]
    pub const fn of(number: u8) -> Self {
        match number {
            0 => Self::Missing,
            1 => Self::Same,
            2 => Self::Variant,
            3 => Self::Slip,
            4 => Self::Part,
            5 => Self::Initial,
            6 => Self::Close,
            7 => Self::Resembling,
            9 => Self::Swapped,
            _ => Self::Different,
        }
    }
}

/// What is known of a name by itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known {
    /// How it sounds (American Soundex, packed); 0 where it has no Latin letter.
    pub sound: u32,
    /// The classes of short forms it stands in.
    pub classes: Classes,
    /// Its first and last word, by number; the last is 0 where there is only one.
    pub words: [u32; 2],
    /// How many rows have it as a given name, when the roll was last counted.
    pub as_given: u32,
    /// How many rows have it as a surname, then.
    pub as_surname: u32,
}

/// Every name of a roll.
#[derive(Debug, Clone)]
pub struct Names {
    words: Words,
    known: Vec<Known>,
}

impl Default for Names {
    fn default() -> Self {
        Self { words: Words::default(), known: vec![Known::default()] }
    }
}

impl Names {
    /// The number of a cleaned name, given now if it is new.
    pub fn number(&mut self, name: &str) -> u32 {
        let id = self.words.number(name);
        if (id as usize) < self.known.len() {
            return id;
        }
        let place = self.known.len();
        self.known.push(Known { sound: soundex(name), classes: nickname::classes(name), ..Known::default() });
        let words = match name.split_once(' ') {
            None => [id, 0],
            Some((first, rest)) => {
                let last = rest.rsplit(' ').next().unwrap_or(rest);
                // Two steps: numbering the words may itself add names.
                [self.number(first), self.number(last)]
            }
        };
        if let Some(known) = self.known.get_mut(place) {
            known.words = words;
            if words[1] != 0 && known.classes == Classes::default() {
                known.classes = nickname::classes(name.split(' ').next().unwrap_or_default());
            }
        }
        id
    }

    /// The text of a name.
    #[must_use]
    pub fn text(&self, id: u32) -> &str {
        self.words.text(id)
    }

    /// What is known of a name by itself; nothing for a number never given.
    #[must_use]
    pub fn known(&self, id: u32) -> Known {
        self.known.get(id as usize).copied().unwrap_or_default()
    }

    /// How many names there are, "not given" included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// True where there is no name.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.known.len() == 1
    }

    /// Every name that was counted, with how many rows have it as a given name and as a surname.
    pub(crate) fn counted(&self) -> impl Iterator<Item = (&str, [u32; 2])> {
        let all = (0u32..).zip(&self.known).filter(|(_, known)| known.as_given + known.as_surname > 0);
        all.map(|(id, known)| (self.text(id), [known.as_given, known.as_surname])).filter(|(name, _)| !name.is_empty())
    }

    /// Takes over a count that was kept.
    pub(crate) fn recall(&mut self, name: &str, [as_given, as_surname]: [u32; 2]) {
        let id = self.number(name);
        if let Some(known) = self.known.get_mut(id as usize) {
            (known.as_given, known.as_surname) = (as_given, as_surname);
        }
    }

    pub(crate) fn recount(&mut self, rows: impl Iterator<Item = (u32, u32)>) {
        for known in &mut self.known {
            (known.as_given, known.as_surname) = (0, 0);
        }
        for (given, surname) in rows {
            self.known[given as usize].as_given += 1;
            self.known[surname as usize].as_surname += 1;
        }
    }

    /// Compares two given names (`as_given`) or two surnames. `total` is the number of rows counted.
    #[must_use]
    pub fn compare(&self, one: u32, other: u32, as_given: bool, total: u32) -> NameLevel {
        if one == 0 || other == 0 {
            return NameLevel::Missing;
        }
        if one == other {
            return NameLevel::Same;
        }
        let (a, b) = (self.known(one), self.known(other));
        let (text_a, text_b) = (self.text(one), self.text(other));
        if as_given && nickname::share(&a.classes, &b.classes) {
            return NameLevel::Variant;
        }
        let shorter = text_a.len().min(text_b.len());
        let count = |known: &Known| if as_given { known.as_given } else { known.as_surname };
        let (rarer, commoner) = (count(&a).min(count(&b)), count(&a).max(count(&b)));
        // Two names that several rows have are two names, however like they are.
        let both_in_use = rarer > (total / 20_000).max(1);
        let one_slip = shorter >= 3 && within_one(text_a, text_b);
        if one_slip || (shorter >= 6 && edits(text_a, text_b, 2) <= 2) {
            if !both_in_use && (commoner >= rarer * 3 || shorter >= 6) {
                return NameLevel::Slip;
            }
            if one_slip {
                return NameLevel::Close;
            }
        }
        if a.words.iter().any(|word| *word != 0 && self.text(*word).len() > 1 && b.words.contains(word)) {
            return NameLevel::Part;
        }
        if shorter == 1 {
            return if text_a.chars().next() == text_b.chars().next() {
                NameLevel::Initial
            } else {
                NameLevel::Different
            };
        }
        let alike = jaro_winkler(text_a, text_b);
        if !both_in_use && (alike >= 0.92 || (alike >= 0.82 && a.sound != 0 && a.sound == b.sound)) {
            return NameLevel::Close;
        }
        if alike >= 0.76 { NameLevel::Resembling } else { NameLevel::Different }
    }
}

/// American Soundex (Russell and Odell 1918, as the US National Archives write it down): a letter and three digits, packed.
#[must_use]
pub fn soundex(name: &str) -> u32 {
    let code = |byte: u8| match byte {
        b'b' | b'f' | b'p' | b'v' => 1,
        b'c' | b'g' | b'j' | b'k' | b'q' | b's' | b'x' | b'z' => 2,
        b'd' | b't' => 3,
        b'l' => 4,
        b'm' | b'n' => 5,
        b'r' => 6,
        b'h' | b'w' => 8,
        _ => 0u32,
    };
    let mut letters = name.bytes().filter(u8::is_ascii_lowercase);
    let Some(first) = letters.next() else { return 0 };
    let (mut packed, mut last, mut count) = (u32::from(first), code(first), 0);
    for letter in letters {
        let digit = code(letter);
        if digit == 8 {
            continue;
        }
        if digit != 0 && digit != last && count < 3 {
            packed = packed * 10 + digit;
            count += 1;
        }
        last = digit;
    }
    while count < 3 {
        packed *= 10;
        count += 1;
    }
    packed
}

/// Remembers what two names compared to, for pairs of names repeat massively. One a thread.
#[derive(Debug)]
pub struct NameMemory {
    slots: Vec<(u32, u32)>,
}

const MEMORY: usize = 1 << 17;

impl Default for NameMemory {
    fn default() -> Self {
        Self { slots: vec![(0, 0); MEMORY] }
    }
}

impl NameMemory {
    /// The level of two names, from memory where it is there.
    pub fn compare(&mut self, names: &Names, one: u32, other: u32, as_given: bool, total: u32) -> NameLevel {
        if one == other || one == 0 || other == 0 {
            return if one == 0 || other == 0 { NameLevel::Missing } else { NameLevel::Same };
        }
        let (low, high) = (one.min(other), one.max(other));
        // 28 bits of the second name share their slot with the answer; a roll of more names does without.
        if high >= 1 << 27 {
            return names.compare(low, high, as_given, total);
        }
        let at = as_index(mix(u64::from(low) << 32 | u64::from(high) << 1 | u64::from(as_given))) % MEMORY;
        let tag = high << 5 | u32::from(as_given) << 4;
        let (kept_low, kept) = self.slots[at];
        if kept_low == low && kept & !15 == tag {
            return NameLevel::of((kept & 15) as u8);
        }
        let level = names.compare(low, high, as_given, total);
        self.slots[at] = (low, tag | level as u32);
        level
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn soundex_agrees_with_published_examples() {
        for (name, expected) in
            [("robert", 163), ("rupert", 163), ("ashcraft", 261), ("tymczak", 522), ("pfister", 236)]
        {
            let letter = u32::from(name.as_bytes()[0]);
            assert_eq!(soundex(name), letter * 1000 + expected, "{name}");
        }
        assert_eq!(soundex("李"), 0);
    }

    #[test]
    fn names_are_told_apart_by_how_they_differ() {
        let mut names = Names::default();
        let mut id = |name: &str| names.number(name);
        let all = ["william", "bill", "margaret", "margret", "jon", "joan", "smith jones", "smith", "w", "xavier"]
            .map(&mut id);
        let [william, bill, margaret, margret, jon, joan, double, smith, w, xavier] = all;
        let rows = std::iter::repeat_n((margaret, smith), 50)
            .chain([(margret, smith)])
            .chain(std::iter::repeat_n((jon, smith), 50))
            .chain(std::iter::repeat_n((joan, smith), 50));
        names.recount(rows);
        let level = |one, other| names.compare(one, other, true, 1000);
        assert_eq!(level(william, bill), NameLevel::Variant);
        assert_eq!(level(margaret, margret), NameLevel::Slip);
        assert_eq!(level(jon, joan), NameLevel::Close, "both are names in use");
        assert_eq!(level(w, william), NameLevel::Initial);
        assert_eq!(level(w, xavier), NameLevel::Different);
        assert_eq!(level(bill, xavier), NameLevel::Different);
        assert_eq!(names.compare(double, smith, false, 1000), NameLevel::Part);
        assert_eq!(names.compare(0, smith, false, 1000), NameLevel::Missing);
    }

    proptest! {
        #[test]
        fn comparing_is_symmetric_and_memory_changes_nothing(one in "[a-c]{0,6}( [a-c]{1,3})?", other in "[a-c]{0,6}", count in 0usize..9) {
            let mut names = Names::default();
            let (a, b) = (names.number(one.trim()), names.number(&other));
            names.recount(std::iter::repeat_n((a, b), count));
            let mut memory = NameMemory::default();
            for as_given in [true, false] {
                let level = names.compare(a, b, as_given, 100);
                prop_assert_eq!(level, names.compare(b, a, as_given, 100));
                for _ in 0..2 {
                    prop_assert_eq!(memory.compare(&names, b, a, as_given, 100), level);
                }
            }
        }
    }
}
