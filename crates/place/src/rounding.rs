//! Counts for whoever may put any question: which can be shown so that nobody is found in the difference of two answers. NHS England's
//! rule for hospital statistics since September 2018 (HES and ECDS, below national level): nought stays nought, 1 to 7 is not shown, and
//! every other count is rounded to the nearest 5. Must not know what is counted.

/// The most that is not shown.
pub const FEW: u64 = 7;
/// Counts are rounded to multiples of this.
pub const STEP: u64 = 5;

/// A count as it may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rounded {
    /// Nobody: the rule shows it.
    Nought,
    /// 1 to [`FEW`].
    Few,
    /// More, to the nearest [`STEP`].
    About(u64),
}

impl Rounded {
    /// A count by the rule.
    #[must_use]
    pub const fn of(count: u64) -> Self {
        match count {
            0 => Self::Nought,
            1..=FEW => Self::Few,
            more => Self::About((more + STEP / 2) / STEP * STEP),
        }
    }

    /// The least and the most that it can stand for.
    #[must_use]
    pub const fn range(self) -> (u64, u64) {
        match self {
            Self::Nought => (0, 0),
            Self::Few => (1, FEW),
            Self::About(about) => {
                let least = about - STEP / 2;
                (if least > FEW { least } else { FEW + 1 }, about + STEP / 2)
            }
        }
    }

    /// A number to reckon with: shares are of rounded counts, so that they say no more than those do. `None` for few.
    #[must_use]
    pub const fn number(self) -> Option<u64> {
        match self {
            Self::Nought => Some(0),
            Self::Few => None,
            Self::About(about) => Some(about),
        }
    }
}

/// A row of counts whose total is shown beside them, each by the rule. `None` where they and the total would leave fewer than three
/// values that one of the few can have: seven and seven under a total of 15, say.
#[must_use]
pub fn row(cells: &[u64]) -> Option<Vec<Rounded>> {
    let shown: Vec<Rounded> = cells.iter().map(|count| Rounded::of(*count)).collect();
    let total = Rounded::of(cells.iter().sum()).range();
    let (least, most) = shown.iter().fold((0, 0), |sum, cell| (sum.0 + cell.range().0, sum.1 + cell.range().1));
    let is_told = shown.iter().any(|cell| {
        let own = cell.range();
        // The least it can be where all others are the most they can be, and the other way round.
        let from = total.0.saturating_sub(most - own.1).max(own.0);
        let until = total.1.saturating_sub(least - own.0).min(own.1);
        *cell == Rounded::Few && until.saturating_sub(from) < 2
    });
    (!is_told).then_some(shown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn nought_is_told_and_one_to_seven_are_not_and_the_rest_is_to_the_nearest_five() {
        let told = |count| match Rounded::of(count) {
            Rounded::Nought => "0".to_owned(),
            Rounded::Few => "few".to_owned(),
            Rounded::About(about) => about.to_string(),
        };
        for (count, said) in
            [(0, "0"), (1, "few"), (7, "few"), (8, "10"), (12, "10"), (13, "15"), (17, "15"), (18, "20")]
        {
            assert_eq!(told(count), said, "{count}");
        }
        assert_eq!(row(&[7, 7]), None, "under a total of 15 both are six or seven");
        assert_eq!(row(&[0, 7, 40]), Some(vec![Rounded::Nought, Rounded::Few, Rounded::About(40)]));
        assert_eq!(row(&[]), Some(Vec::new()));
    }

    /// Every count that could stand behind one that is shown, found by trying all.
    fn behind(shown: Rounded) -> impl Iterator<Item = u64> {
        (0..400).filter(move |count| Rounded::of(*count) == shown)
    }

    proptest! {
        #[test]
        fn a_count_is_within_the_range_of_what_is_shown(count in 0u64..300) {
            let all: Vec<u64> = behind(Rounded::of(count)).collect();
            let (least, most) = Rounded::of(count).range();
            prop_assert_eq!((all.first().copied(), all.last().copied()), (Some(least), Some(most)));
        }

        #[test]
        fn nobody_is_found_in_the_difference_of_two_answers(larger in 0u64..200, few in 1u64..=FEW) {
            // One question, and the same without a few people: how many those are, from both answers, by trying everything.
            let (with, without) = (Rounded::of(larger + few), Rounded::of(larger));
            let found: BTreeSet<u64> = behind(with)
                .flat_map(|one| behind(without).filter(move |other| *other <= one).map(move |other| one - other))
                .collect();
            prop_assert!(found.contains(&few) && found.len() >= 3, "{with:?} less {without:?} leaves {found:?}");
        }

        #[test]
        fn no_few_can_be_worked_out_from_a_row_and_its_total(cells in prop::collection::vec(0u64..16, 1..5)) {
            let Some(shown) = row(&cells) else {
                prop_assert!(cells.iter().any(|cell| Rounded::of(*cell) == Rounded::Few));
                return Ok(());
            };
            let total = Rounded::of(cells.iter().sum());
            let mut values = vec![BTreeSet::new(); cells.len()];
            let mut ways: Vec<Vec<u64>> = vec![Vec::new()];
            for cell in &shown {
                ways = ways.into_iter().flat_map(|way| behind(*cell).map(move |count| [&way[..], &[count]].concat())).collect();
            }
            for way in ways.iter().filter(|way| Rounded::of(way.iter().sum()) == total) {
                for (count, values) in way.iter().zip(&mut values) {
                    values.insert(*count);
                }
            }
            for ((cell, shown), values) in cells.iter().zip(&shown).zip(&values) {
                prop_assert!(values.contains(cell));
                prop_assert!(*shown != Rounded::Few || values.len() >= 3, "{cells:?}: {values:?}");
            }
        }
    }
}
