//! Words as small numbers: each distinct text is kept once and is a `u32` from then on, so that a million rows fit in memory
//! and equal texts are compared as numbers. Number 0 is the empty text and means "not given".

/// A fast hash for our own tables; not for anything an opponent could gain by.
#[must_use]
pub fn hash_bytes(bytes: &[u8]) -> u64 {
    let mut hash = 0x9e37_79b9_7f4a_7c15_u64 ^ (bytes.len() as u64);
    let (whole, rest) = bytes.as_chunks::<8>();
    for chunk in whole {
        hash = mix(hash ^ u64::from_le_bytes(*chunk));
    }
    let mut last = [0u8; 8];
    last[..rest.len()].copy_from_slice(rest);
    mix(hash ^ u64::from_le_bytes(last))
}

/// Spreads the bits of a number (the finisher of SplitMix64, Steele and others 2014).
#[must_use]
pub fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// Texts by number, in one long string. Numbers are given in order of first sight and never change.
#[derive(Debug, Clone)]
pub struct Words {
    texts: String,
    ends: Vec<u32>,
    slots: Vec<u32>,
}

impl Default for Words {
    fn default() -> Self {
        Self { texts: String::new(), ends: vec![0], slots: vec![0; 64] }
    }
}

impl Words {
    /// How many numbers there are, the 0 of the empty text included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// True where nothing but the empty text is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.len() == 1
    }

    /// The text of a number; empty for 0 and for a number never given.
    #[must_use]
    pub fn text(&self, id: u32) -> &str {
        let Some(end) = self.ends.get(id as usize) else { return "" };
        let start = if id == 0 { 0 } else { self.ends[id as usize - 1] };
        &self.texts[start as usize..*end as usize]
    }

    /// The number of a text, if it has one.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<u32> {
        if text.is_empty() {
            return Some(0);
        }
        let slot = self.slots[self.slot_of(text)];
        (slot != 0).then_some(slot)
    }

    /// The number of a text, given now if it is new.
    ///
    /// Past four gigabytes of distinct text nothing new is kept and the answer is 0, "not given"; a reader that could meet
    /// so much asks [`Words::is_full`].
    pub fn number(&mut self, text: &str) -> u32 {
        if text.is_empty() {
            return 0;
        }
        let slot = self.slot_of(text);
        if self.slots[slot] != 0 {
            return self.slots[slot];
        }
        let (Ok(end), Ok(id)) = (u32::try_from(self.texts.len() + text.len()), u32::try_from(self.ends.len())) else {
            return 0;
        };
        self.texts.push_str(text);
        self.ends.push(end);
        self.slots[slot] = id;
        if self.ends.len() * 2 > self.slots.len() {
            self.grow();
        }
        id
    }

    /// True where the next text might not fit.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.texts.len() > (u32::MAX as usize) - (1 << 16)
    }

    fn slot_of(&self, text: &str) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = as_index(hash_bytes(text.as_bytes())) & mask;
        while self.slots[at] != 0 && self.text(self.slots[at]) != text {
            at = (at + 1) & mask;
        }
        at
    }

    fn grow(&mut self) {
        let mask = self.slots.len() * 2 - 1;
        let mut slots = vec![0u32; mask + 1];
        for id in self.slots.iter().copied().filter(|id| *id != 0) {
            let mut at = as_index(hash_bytes(self.text(id).as_bytes())) & mask;
            while slots[at] != 0 {
                at = (at + 1) & mask;
            }
            slots[at] = id;
        }
        self.slots = slots;
    }
}

/// The low bits of a hash as an index.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "only some bits of a hash are wanted")]
pub(crate) const fn as_index(hash: u64) -> usize {
    hash as usize
}

/// The low 32 bits of a hash.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "only some bits of a hash are wanted")]
pub(crate) const fn low(hash: u64) -> u32 {
    hash as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_text_keeps_its_number_and_a_number_its_text(texts in prop::collection::vec("[a-z]{0,4}", 0..200)) {
            let mut words = Words::default();
            let ids: Vec<u32> = texts.iter().map(|text| words.number(text)).collect();
            for (text, id) in texts.iter().zip(&ids) {
                prop_assert_eq!(words.text(*id), text);
                prop_assert_eq!(words.find(text), Some(*id));
            }
            let distinct: std::collections::BTreeSet<_> = texts.iter().filter(|text| !text.is_empty()).collect();
            prop_assert_eq!(words.len(), distinct.len() + 1);
        }
    }
}
