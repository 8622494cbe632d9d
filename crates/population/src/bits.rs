//! Sets of people as one bit each, by their place in the columns.

/// A set of people.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bits {
    words: Vec<u64>,
    len: usize,
}

impl Bits {
    /// Nobody, of so many.
    #[must_use]
    pub fn none(len: usize) -> Self {
        Self { words: vec![0; len.div_ceil(64)], len }
    }

    /// Everybody.
    #[must_use]
    pub fn all(len: usize) -> Self {
        Self::none(len).negated()
    }

    /// How many there could be.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// True where there is nobody to be in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Puts one in. Who is not there cannot be put in.
    #[inline]
    pub fn set(&mut self, at: u32) {
        debug_assert!((at as usize) < self.len);
        if let Some(word) = self.words.get_mut((at >> 6) as usize) {
            *word |= 1 << (at & 63);
        }
    }

    /// Puts one in or takes one out.
    pub fn put(&mut self, at: u32, is_in: bool) {
        if let Some(word) = self.words.get_mut((at >> 6) as usize) {
            *word = *word & !(1 << (at & 63)) | u64::from(is_in) << (at & 63);
        }
    }

    /// Whether somebody is in it.
    #[inline]
    #[must_use]
    pub fn has(&self, at: u32) -> bool {
        self.words.get((at >> 6) as usize).is_some_and(|word| word >> (at & 63) & 1 == 1)
    }

    /// How many are in it.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.words.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// How many are in both.
    #[must_use]
    pub fn count_with(&self, other: &Self) -> u64 {
        self.words.iter().zip(&other.words).map(|(a, b)| u64::from((a & b).count_ones())).sum()
    }

    /// Those who are in both stay.
    pub fn and(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a &= b);
    }

    /// Those of the other come in too.
    pub fn or(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a |= b);
    }

    /// Those of the other go out.
    pub fn and_not(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a &= !b);
    }

    /// Those who are not in it.
    #[must_use]
    pub fn negated(mut self) -> Self {
        self.words.iter_mut().for_each(|word| *word = !*word);
        let over = self.words.len() * 64 - self.len;
        if let Some(last) = self.words.last_mut() {
            *last &= u64::MAX >> over;
        }
        self
    }

    /// Those who are in it, in order.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        (0u32..).zip(&self.words).flat_map(|(at, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                (left != 0).then(|| {
                    let bit = left.trailing_zeros();
                    left &= left - 1;
                    at * 64 + bit
                })
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn a_set_of_bits_is_a_set(len in 1usize..300, a in prop::collection::btree_set(0u32..300, 0..80), b in prop::collection::btree_set(0u32..300, 0..80)) {
            let keep = |set: BTreeSet<u32>| set.into_iter().filter(|at| (*at as usize) < len).collect::<BTreeSet<_>>();
            let (a, b) = (keep(a), keep(b));
            let of = |set: &BTreeSet<u32>| { let mut bits = Bits::none(len); set.iter().for_each(|at| bits.set(*at)); bits };
            let back = |bits: &Bits| bits.iter().collect::<BTreeSet<_>>();
            let (x, y) = (of(&a), of(&b));
            prop_assert_eq!(back(&x), a.clone());
            prop_assert_eq!(x.count_with(&y), a.intersection(&b).count() as u64);
            let mut both = x.clone(); both.and(&y);
            prop_assert_eq!(back(&both), &a & &b);
            let mut either = x.clone(); either.or(&y);
            prop_assert_eq!(back(&either), &a | &b);
            let mut less = x.clone(); less.and_not(&y);
            prop_assert_eq!(back(&less), &a - &b);
            let others = x.clone().negated();
            prop_assert_eq!(others.count() + x.count(), len as u64);
            prop_assert!(a.iter().all(|at| !others.has(*at)));
        }
    }
}
