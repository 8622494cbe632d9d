//! How far two short texts are apart. All measures are symmetric, work on bytes of cleaned text and are bounded: a name of ten
//! thousand characters costs no more than one of sixty.

/// No text is looked at past this many bytes.
pub const LONGEST: usize = 60;

fn cut(text: &str) -> &[u8] {
    &text.as_bytes()[..text.len().min(LONGEST)]
}

/// True where one insertion, deletion, change or swap of neighbours makes one text of the other, or where they are equal.
#[must_use]
pub fn within_one(one: &str, other: &str) -> bool {
    let (one, other) = if one.len() <= other.len() { (cut(one), cut(other)) } else { (cut(other), cut(one)) };
    if other.len() - one.len() > 1 {
        return false;
    }
    let same = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    if one.len() < other.len() {
        return one[same..] == other[same + 1..];
    }
    if same == one.len() {
        return true;
    }
    if one[same + 1..] == other[same + 1..] {
        return true;
    }
    same + 1 < one.len()
        && one[same] == other[same + 1]
        && one[same + 1] == other[same]
        && one[same + 2..] == other[same + 2..]
}

/// The number of insertions, deletions, changes and swaps of neighbours between two texts (optimal string alignment), or one
/// more than the limit where there are more.
#[must_use]
pub fn edits(one: &str, other: &str, limit: usize) -> usize {
    let (one, other) = (cut(one), cut(other));
    if one.len().abs_diff(other.len()) > limit {
        return limit + 1;
    }
    let mut before = [0usize; LONGEST + 1];
    let mut last = [0usize; LONGEST + 1];
    let mut row = [0usize; LONGEST + 1];
    for (at, cell) in last.iter_mut().enumerate() {
        *cell = at;
    }
    for (i, a) in one.iter().enumerate() {
        row[0] = i + 1;
        let mut least = row[0];
        for (j, b) in other.iter().enumerate() {
            let mut best = (last[j] + usize::from(a != b)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && one[i - 1] == *b {
                best = best.min(before[j - 1] + 1);
            }
            row[j + 1] = best;
            least = least.min(best);
        }
        if least > limit {
            return limit + 1;
        }
        before = last;
        last = row;
    }
    last[other.len()].min(limit + 1)
}

/// Jaro and Winkler's likeness, 0 to 1 (Winkler 1990: a prefix of up to four letters counts 0.1 each).
#[must_use]
pub fn jaro_winkler(one: &str, other: &str) -> f32 {
    // Which letter is paired with which depends on the order of the two, so the order is fixed.
    let (one, other) = if one <= other { (cut(one), cut(other)) } else { (cut(other), cut(one)) };
    if one.is_empty() || other.is_empty() {
        return 0.0;
    }
    let window = (one.len().max(other.len()) / 2).saturating_sub(1);
    let (mut taken_one, mut taken_other) = (0u64, 0u64);
    let mut matches = 0u16;
    for (i, a) in one.iter().enumerate() {
        let from = i.saturating_sub(window);
        let to = (i + window + 1).min(other.len());
        for (j, b) in other.iter().enumerate().take(to).skip(from) {
            if a == b && taken_other & (1 << j) == 0 {
                taken_one |= 1 << i;
                taken_other |= 1 << j;
                matches += 1;
                break;
            }
        }
    }
    if matches == 0 {
        return 0.0;
    }
    let mut crossed = 0u16;
    let mut rest = taken_other;
    for (i, a) in one.iter().enumerate() {
        if taken_one & (1 << i) == 0 {
            continue;
        }
        let j = rest.trailing_zeros() as usize;
        rest &= rest - 1;
        crossed += u16::from(other.get(j) != Some(a));
    }
    let matches = f32::from(matches);
    let jaro = (matches / length(one) + matches / length(other) + (matches - f32::from(crossed / 2)) / matches) / 3.0;
    let prefix = one.iter().zip(other).take(4).take_while(|(a, b)| a == b).count();
    jaro + 0.1 * f32::from(u8::try_from(prefix).unwrap_or(0)) * (1.0 - jaro)
}

fn length(text: &[u8]) -> f32 {
    f32::from(u8::try_from(text.len()).unwrap_or(u8::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn likeness_agrees_with_published_examples() {
        for (one, other, expected) in
            [("martha", "marhta", 0.961), ("dixon", "dicksonx", 0.813), ("dwayne", "duane", 0.84), ("abc", "xyz", 0.0)]
        {
            assert!((jaro_winkler(one, other) - expected).abs() < 0.001, "{one} {other}");
        }
    }

    /// The textbook recursion, slow and obvious.
    fn slow(one: &[u8], other: &[u8]) -> usize {
        let (Some((a, one_rest)), Some((b, other_rest))) = (one.split_last(), other.split_last()) else {
            return one.len().max(other.len());
        };
        let mut best = (slow(one_rest, other_rest) + usize::from(a != b))
            .min(slow(one_rest, other) + 1)
            .min(slow(one, other_rest) + 1);
        if let (Some((c, one_more)), Some((d, other_more))) = (one_rest.split_last(), other_rest.split_last())
            && a == d
            && b == c
        {
            best = best.min(slow(one_more, other_more) + 1);
        }
        best
    }

    proptest! {
        #[test]
        fn edits_are_what_the_slow_count_says(one in "[ab]{0,6}", other in "[abc]{0,6}", limit in 0usize..4) {
            let expected = slow(one.as_bytes(), other.as_bytes());
            prop_assert_eq!(edits(&one, &other, limit), expected.min(limit + 1));
            prop_assert_eq!(within_one(&one, &other), expected <= 1);
        }

        #[test]
        fn every_measure_is_symmetric(one in "[a-d]{0,9}", other in "[a-d]{0,9}") {
            prop_assert!((jaro_winkler(&one, &other) - jaro_winkler(&other, &one)).abs() < 1e-6);
            prop_assert_eq!(edits(&one, &other, 3), edits(&other, &one, 3));
            prop_assert_eq!(within_one(&one, &other), within_one(&other, &one));
        }
    }

    #[test]
    fn a_very_long_name_is_cut() {
        let long = "a".repeat(10_000);
        assert_eq!(edits(&long, &long, 2), 0);
        assert!(jaro_winkler(&long, &long) > 0.99);
    }
}
