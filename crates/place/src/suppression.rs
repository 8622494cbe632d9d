//! Small counts: which of a table's cells may be shown, so that nobody can be found in it. A count under seven is never
//! shown, nor may it be worked out from the others and their total. Must not know what is counted.

/// Below this a count is not shown.
pub const LEAST: i64 = 7;

/// A cell as it may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// The count itself.
    Count(i64),
    /// Fewer than [`LEAST`].
    Few,
    /// Enough, but with it another cell could be worked out.
    Withheld,
}

/// The cells of one row, whose total is shown beside them. Whoever reads them knows every cell that is shown, the total, and
/// that `Few` is 0 to 6 and `Withheld` is 7 or more; of no `Few` cell can they then tell fewer than three values apart
/// (or all that it could be, where the total leaves less). Where that cannot be reached, every cell is withheld from them:
/// `None`, and the total must not be shown either.
#[must_use]
pub fn suppress(cells: &[i64]) -> Option<Vec<Shown>> {
    let mut shown: Vec<Shown> =
        cells.iter().map(|count| if *count < LEAST { Shown::Few } else { Shown::Count(*count) }).collect();
    while tells(cells, &shown) {
        // The smallest that is shown goes next: the least is lost.
        let smallest =
            (0..cells.len()).filter(|index| matches!(shown[*index], Shown::Count(_))).min_by_key(|i| cells[*i]);
        shown[smallest?] = Shown::Withheld;
    }
    Some(shown)
}

/// Whether a `Few` cell can be narrowed to fewer than three values.
fn tells(cells: &[i64], shown: &[Shown]) -> bool {
    let of = |wanted: Shown| shown.iter().filter(move |shown| **shown == wanted).count() as i64;
    let (few, withheld) = (of(Shown::Few), of(Shown::Withheld));
    if few == 0 {
        return false;
    }
    let hidden: i64 =
        cells.iter().zip(shown).filter(|(_, shown)| !matches!(shown, Shown::Count(_))).map(|(c, _)| *c).sum();
    // One of the few: the most it can be when all others are least, and the least when all others are most.
    let most = (hidden - withheld * LEAST).min(LEAST - 1);
    let least = if withheld > 0 { 0 } else { (hidden - (few - 1) * (LEAST - 1)).max(0) };
    most - least < 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_small_cell_takes_the_next_with_it() {
        assert_eq!(suppress(&[100, 40, 3]), Some(vec![Shown::Count(100), Shown::Withheld, Shown::Few]));
        assert_eq!(suppress(&[100, 40]), Some(vec![Shown::Count(100), Shown::Count(40)]));
        assert_eq!(suppress(&[100, 3, 4]), Some(vec![Shown::Count(100), Shown::Few, Shown::Few]));
    }

    #[test]
    fn small_cells_whose_sum_gives_them_away_take_another() {
        assert_eq!(suppress(&[100, 6, 6]), Some(vec![Shown::Withheld, Shown::Few, Shown::Few]));
        assert_eq!(suppress(&[100, 0, 0]), Some(vec![Shown::Withheld, Shown::Few, Shown::Few]));
        assert_eq!(suppress(&[3]), None, "the total would be the cell");
        assert_eq!(suppress(&[]), Some(Vec::new()));
    }

    /// Every way in which the cells that are not shown could make up the same total; the values each small one takes.
    fn consistent(cells: &[i64], shown: &[Shown]) -> Vec<std::collections::BTreeSet<i64>> {
        let hidden: Vec<usize> = (0..cells.len()).filter(|i| !matches!(shown[*i], Shown::Count(_))).collect();
        let sum: i64 = hidden.iter().map(|i| cells[*i]).sum();
        let mut values = vec![std::collections::BTreeSet::new(); cells.len()];
        fn walk(at: usize, left: i64, hidden: &[usize], shown: &[Shown], path: &mut Vec<i64>, out: &mut Vec<Vec<i64>>) {
            if at == hidden.len() {
                if left == 0 {
                    out.push(path.clone());
                }
                return;
            }
            let range = if shown[hidden[at]] == Shown::Few { 0..=(LEAST - 1).min(left) } else { LEAST..=left };
            for value in range {
                path.push(value);
                walk(at + 1, left - value, hidden, shown, path, out);
                path.pop();
            }
        }
        let mut ways = Vec::new();
        walk(0, sum, &hidden, shown, &mut Vec::new(), &mut ways);
        for way in ways {
            for (index, value) in hidden.iter().zip(way) {
                values[*index].insert(value);
            }
        }
        values
    }

    proptest! {
        #[test]
        fn no_small_count_can_be_worked_out(cells in prop::collection::vec(0i64..24, 1..6)) {
            if let Some(shown) = suppress(&cells) {
                let values = consistent(&cells, &shown);
                for (index, cell) in cells.iter().enumerate() {
                    match shown[index] {
                        Shown::Count(count) => prop_assert!(count == *cell && count >= LEAST),
                        Shown::Withheld => prop_assert!(*cell >= LEAST),
                        Shown::Few => prop_assert!(*cell < LEAST && values[index].len() >= 3, "{cells:?} {shown:?}"),
                    }
                }
            } else {
                prop_assert!(cells.iter().any(|cell| *cell < LEAST));
            }
        }
    }
}
