//! Fairness in numbers: what may be shown of small counts, how far a slice is from what its ages would lead one to expect, and how
//! far what is coded is from what is known from elsewhere. An absence of codes is not an absence of need.

use place::suppression::{Shown, suppress};

use crate::cohort::{Cell, Sliced};

/// A cell as it may be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownCell {
    /// Its name.
    pub name: String,
    /// The count, or that it is not shown.
    pub count: Shown,
    /// Of how many; not shown where the count is not, since with it and a share the count could be worked out.
    pub of: Option<u64>,
    /// Percent, not standardised.
    pub percent: Option<f64>,
    /// Percent with the ages of the whole.
    pub standardised: Option<f64>,
    /// Counted over expected for its ages, with the limits of 95 in 100.
    pub ratio: Option<Ratio>,
}

/// Observed over expected.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ratio {
    /// 1 where there are as many as expected.
    pub value: f64,
    /// Lower limit (Byar).
    pub lower: f64,
    /// Upper limit (Byar).
    pub upper: f64,
}

/// The cells of a slice as they may be shown: no count under seven, of the cohort or of those outside it, and none that could be
/// worked out from the others. `None` where nothing of the slice may be shown, its total included.
#[must_use]
pub fn shown(cells: &[Cell]) -> Option<Vec<ShownCell>> {
    // Cells without anybody say nothing about anybody.
    let filled: Vec<&Cell> = cells.iter().filter(|cell| cell.of > 0).collect();
    let counts: Vec<i64> = filled.iter().map(|cell| i64::try_from(cell.count).unwrap_or(i64::MAX)).collect();
    let others: Vec<i64> = filled.iter().map(|cell| i64::try_from(cell.of - cell.count).unwrap_or(i64::MAX)).collect();
    // Who is outside a cohort can be found as well as who is inside: all but three of a neighbourhood is three people.
    let (inside, outside) = (suppress(&counts)?, suppress(&others)?);
    let cell = |((cell, inside), outside): ((&&Cell, &Shown), &Shown)| {
        let is_shown = matches!((inside, outside), (Shown::Count(_), Shown::Count(_)));
        let count = match (inside, outside) {
            (Shown::Count(count), Shown::Count(_)) => Shown::Count(*count),
            (Shown::Count(_), _) => Shown::Withheld,
            (inside, _) => *inside,
        };
        ShownCell {
            name: cell.name.clone(),
            count,
            of: is_shown.then_some(cell.of),
            percent: is_shown.then(|| 100.0 * cell.count as f64 / cell.of as f64),
            standardised: cell.standardised.filter(|_| is_shown).map(|share| 100.0 * share),
            ratio: if is_shown { ratio(cell.count, cell.expected) } else { None },
        }
    };
    Some(filled.iter().zip(&inside).zip(&outside).map(cell).collect())
}

/// Observed over expected with Byar's limits; `None` where nothing was expected.
#[must_use]
pub fn ratio(observed: u64, expected: f64) -> Option<Ratio> {
    const Z: f64 = 1.959_963_984_540_054;
    if expected <= 0.0 {
        return None;
    }
    let count = observed as f64;
    let lower =
        if observed == 0 { 0.0 } else { count * (1.0 - 1.0 / (9.0 * count) - Z / (3.0 * count.sqrt())).powi(3) };
    let above = count + 1.0;
    let upper = above * (1.0 - 1.0 / (9.0 * above) + Z / (3.0 * above.sqrt())).powi(3);
    Some(Ratio { value: count / expected, lower: lower / expected, upper: upper / expected })
}

/// What is coded against what is known from elsewhere.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    /// How many are coded.
    pub coded: u64,
    /// Of how many.
    pub of: u64,
    /// The share that is expected, and who says so.
    pub expected_share: f64,
    /// Its source.
    pub source: String,
    /// How many more are expected than coded; 0 where there are more coded.
    pub not_coded: u64,
    /// Coded over expected.
    pub found: f64,
}

/// The gap between a cohort and a share known from elsewhere: carers by the census, say. `None` where the share is none.
#[must_use]
pub fn gap(sliced: &Sliced, expected_share: f64, source: &str) -> Option<Gap> {
    if !(expected_share > 0.0 && expected_share <= 1.0) || sliced.of == 0 {
        return None;
    }
    let expected = sliced.of as f64 * expected_share;
    let not_coded = (expected - sliced.count as f64).max(0.0).round();
    Some(Gap {
        coded: sliced.count,
        of: sliced.of,
        expected_share,
        source: source.to_owned(),
        not_coded: not_coded as u64,
        found: sliced.count as f64 / expected,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(name: &str, count: u64, of: u64) -> Cell {
        Cell { name: name.into(), count, of, expected: of as f64 / 10.0, standardised: Some(0.1) }
    }

    #[test]
    fn no_small_count_is_shown_nor_what_would_give_it_away() {
        let shown = shown(&[cell("a", 100, 900), cell("b", 3, 400), cell("c", 40, 500), cell("nobody", 0, 0)]).unwrap();
        assert_eq!(
            shown.iter().map(|cell| cell.count).collect::<Vec<_>>(),
            [Shown::Count(100), Shown::Few, Shown::Withheld]
        );
        assert!(shown.iter().skip(1).all(|cell| cell.of.is_none() && cell.percent.is_none() && cell.ratio.is_none()));
        assert_eq!(shown[0].percent, Some(100.0 * 100.0 / 900.0));
    }

    #[test]
    fn all_but_a_few_is_a_few() {
        let shown = shown(&[cell("a", 398, 400), cell("b", 100, 400), cell("c", 90, 500)]).unwrap();
        assert_eq!(shown[0].count, Shown::Withheld);
        assert!(shown[0].of.is_none());
    }

    #[test]
    fn byars_limits_are_those_of_the_textbook() {
        // Breslow and Day 1987, volume II, page 69 and after: 10 observed, 95 % from 4.79 to 18.39.
        let found = ratio(10, 1.0).unwrap();
        assert!((found.lower - 4.79).abs() < 0.01 && (found.upper - 18.39).abs() < 0.01, "{found:?}");
        assert_eq!(ratio(0, 2.0).unwrap().lower, 0.0);
        assert_eq!(ratio(3, 0.0), None);
    }

    #[test]
    fn carers_of_whom_four_in_ten_are_coded() {
        let sliced = Sliced { count: 3_930, of: 100_000, slices: Vec::new() };
        let gap = gap(&sliced, 0.094, "Census 2021").unwrap();
        assert_eq!(gap.not_coded, 5_470);
        assert!((gap.found - 0.418).abs() < 0.001);
        assert_eq!(super::gap(&sliced, 0.0, "nobody"), None);
    }
}
