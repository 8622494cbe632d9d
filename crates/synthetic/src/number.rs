//! NHS numbers for invented people: from the 999 range that is kept for tests, each once, in an order that tells nothing.
//! Must not give a number that the samples of this repository use, so that a borough and the samples can share a record.

use place::NhsNumber;

use crate::draw::{Draw, Purpose};

/// The first nine digits run from here; those below are the samples'.
const FIRST: u32 = 999_002_000;
const LAST: u32 = 999_999_999;
/// Single numbers (without the check digit) that samples and documents use above that.
const KEPT: [u32; 8] =
    [999_123_456, 999_308_475, 999_367_953, 999_505_516, 999_757_635, 999_806_467, 999_999_999, 999_999_998];
const BLOCK: u32 = 100;

/// The numbers of one borough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Numbers {
    /// How many usable numbers come before each block of a hundred.
    before: Vec<u32>,
    count: u32,
    keys: [u64; 4],
}

impl Numbers {
    pub(crate) fn new(seed: u64) -> Self {
        let mut before = Vec::with_capacity(((LAST - FIRST) / BLOCK + 2) as usize);
        let mut count = 0;
        for start in (FIRST..=LAST).step_by(BLOCK as usize) {
            before.push(count);
            count += (start..start + BLOCK).filter(|stem| usable(*stem).is_some()).count() as u32;
        }
        let mut draw = Draw::new(seed, Purpose::Layout, 98);
        Self { before, count, keys: [draw.bits(), draw.bits(), draw.bits(), draw.bits()] }
    }

    /// How many people can be named.
    pub(crate) fn count(&self) -> u32 {
        self.count
    }

    /// The number of one person; no two people below [`Numbers::count`] share one.
    pub(crate) fn of(&self, person: u32) -> Option<NhsNumber> {
        if person >= self.count {
            return None;
        }
        let mut rank = person;
        // A shuffle of twenty bits, walked until it falls inside: still one to one on what is inside.
        loop {
            rank = self.shuffle(rank);
            if rank < self.count {
                break;
            }
        }
        let block = self.before.partition_point(|before| *before <= rank).checked_sub(1)?;
        let start = FIRST + block as u32 * BLOCK;
        let mut left = rank - self.before[block];
        for stem in start..start + BLOCK {
            if let Some(check) = usable(stem) {
                if left == 0 {
                    return NhsNumber::parse(&format!("{stem}{check}")).ok();
                }
                left -= 1;
            }
        }
        None
    }

    /// A Feistel network of four rounds on twice ten bits.
    fn shuffle(&self, value: u32) -> u32 {
        let (mut left, mut right) = (value >> 10, value & 1023);
        for key in self.keys {
            let mixed = (u64::from(right) ^ key).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            (left, right) = (right, left ^ (mixed >> 40) as u32 & 1023);
        }
        left << 10 | right
    }
}

/// The check digit of nine digits that may be used.
fn usable(stem: u32) -> Option<u32> {
    if KEPT.contains(&stem) {
        return None;
    }
    let mut rest = stem;
    let sum: u32 = (2..=10).map(|weight| (rest % 10 * weight, rest /= 10).0).sum();
    match 11 - sum % 11 {
        10 => None,
        11 => Some(0),
        digit => Some(digit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn numbers_are_many_valid_and_each_once() {
        let numbers = Numbers::new(7);
        assert!(numbers.count() > 900_000, "{}", numbers.count());
        let step = 37;
        let seen: BTreeSet<String> =
            (0..numbers.count()).step_by(step).map(|person| numbers.of(person).unwrap().as_str().to_owned()).collect();
        assert_eq!(seen.len(), (numbers.count() as usize).div_ceil(step));
        assert!(seen.iter().all(|number| number.starts_with("999")));
        assert!(numbers.of(numbers.count()).is_none());
        assert_ne!(numbers.of(0), Numbers::new(8).of(0));
    }

    #[test]
    fn no_number_of_the_samples_is_given_to_anybody() {
        let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples"))];
        let mut found = 0;
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let text = String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
                for word in text.split(|character: char| !character.is_ascii_digit()) {
                    if word.len() == 10 && word.starts_with("999") {
                        let stem: u32 = word[..9].parse().unwrap();
                        assert!(stem < FIRST || usable(stem).is_none(), "{word} is a sample's: keep it");
                        found += 1;
                    }
                }
            }
        }
        assert!(found > 20, "{found}");
    }

    #[test]
    fn all_numbers_of_a_small_borough_differ() {
        let numbers = Numbers::new(1);
        let seen: BTreeSet<_> = (0..50_000).map(|person| numbers.of(person)).collect();
        assert_eq!(seen.len(), 50_000);
    }
}
