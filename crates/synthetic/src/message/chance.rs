//! Chance without memory: what a draw gives follows from the seed and the words it was asked with, so that any message can
//! be made alone and comes out the same. Must not be used for anything that has to be hard to guess.

/// A draw.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chance(u64);

impl Chance {
    /// The draw for a seed and what it is about.
    pub(super) fn of(seed: u64, about: &str) -> Self {
        Self(mixed(seed)).and(about)
    }

    /// A further draw, named by a word.
    pub(super) fn and(self, word: &str) -> Self {
        let hash = word
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        self.with(hash)
    }

    /// A further draw, named by a number.
    pub(super) fn with(self, number: u64) -> Self {
        Self(mixed(self.0 ^ mixed(number.wrapping_add(0x9e37_79b9_7f4a_7c15))))
    }

    /// The draw as a number.
    pub(super) fn number(self) -> u64 {
        self.0
    }

    /// A number from 0 to one less than `most`; 0 where `most` is 0.
    pub(super) fn below(self, most: u64) -> u64 {
        self.0.checked_rem(most).unwrap_or(0)
    }

    /// A number from `least` to `most`, both included.
    pub(super) fn between(self, least: i64, most: i64) -> i64 {
        least + self.below(u64::try_from(most - least + 1).unwrap_or(1)).cast_signed()
    }

    /// True in this share of all draws.
    pub(super) fn happens(self, share: f64) -> bool {
        // 53 bits are as many as a float tells apart.
        ((self.0 >> 11) as f64) < share * (1_u64 << 53) as f64
    }

    /// One of some things.
    pub(super) fn pick<T: Copy, const N: usize>(self, from: &[T; N]) -> T {
        from[self.below(N as u64) as usize]
    }

    /// One of a list, where it has any.
    pub(super) fn choose<T>(self, from: &[T]) -> Option<&T> {
        from.get(self.below(from.len() as u64) as usize)
    }
}

/// The finishing step of the SplitMix64 generator: every bit of the input moves every bit of the output.
fn mixed(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::Chance;

    #[test]
    fn shares_come_out_and_words_matter() {
        let hits = (0..100_000).filter(|n| Chance::of(1, "late").with(*n).happens(0.02)).count();
        assert!((1_800..2_200).contains(&hits), "{hits}");
        assert_ne!(Chance::of(1, "late").number(), Chance::of(2, "late").number());
        assert_ne!(Chance::of(1, "late").number(), Chance::of(1, "early").number());
        assert_eq!(Chance::of(1, "late").with(7).below(10), Chance::of(1, "late").with(7).below(10));
    }

    #[test]
    fn bounds_hold() {
        for n in 0..1000 {
            let draw = Chance::of(3, "bounds").with(n);
            assert!((-3..=4).contains(&draw.between(-3, 4)));
            assert!(draw.below(7) < 7);
            assert_eq!(draw.below(0), 0);
        }
    }
}
