//! Measured values beside the rows that have one: a bit for each row, and the values one after the other.

use super::NO_UNIT;

/// Rows for which the number of values before them is kept.
const STEP: usize = 512;

/// Values and units of the rows that have them.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Values {
    mask: Vec<u64>,
    before: Vec<u32>,
    value: Vec<f32>,
    unit: Vec<u8>,
}

impl Values {
    pub(crate) fn with_rows(rows: usize) -> Self {
        Self { mask: vec![0; rows.div_ceil(STEP) * (STEP / 64)], ..Self::default() }
    }

    /// The next value; rows must come in order.
    pub(crate) fn push(&mut self, row: usize, value: f32, unit: u8) {
        if let Some(word) = self.mask.get_mut(row / 64) {
            *word |= 1 << (row % 64);
            self.value.push(value);
            self.unit.push(unit);
        }
    }

    /// Values of the rows after those that are here. `from` is where those rows begin.
    pub(crate) fn append(&mut self, from: usize, rows: &[u32], values: &[f32], units: &[u8]) {
        for ((row, value), unit) in rows.iter().zip(values).zip(units) {
            self.push(from + *row as usize, *value, *unit);
        }
    }

    /// Counts, after the last value.
    pub(crate) fn finish(&mut self) {
        let mut sum = 0;
        self.before = self
            .mask
            .chunks(STEP / 64)
            .map(|words| {
                let before = sum;
                sum += words.iter().map(|word| word.count_ones()).sum::<u32>();
                before
            })
            .collect();
        self.value.shrink_to_fit();
        self.unit.shrink_to_fit();
    }

    /// Value and unit of a row.
    #[inline]
    pub(crate) fn at(&self, row: u32) -> (Option<f32>, u8) {
        let (word, bit) = (row as usize / 64, row % 64);
        let mask = self.mask.get(word).copied().unwrap_or_default();
        if mask >> bit & 1 == 0 {
            return (None, NO_UNIT);
        }
        let first = word / (STEP / 64) * (STEP / 64);
        let within: u32 = self.mask[first..word].iter().map(|word| word.count_ones()).sum();
        let at = (self.before[row as usize / STEP] + within + (mask & ((1 << bit) - 1)).count_ones()) as usize;
        (self.value.get(at).copied(), self.unit.get(at).copied().unwrap_or(NO_UNIT))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_row_has_its_own_value_or_none(column in prop::collection::vec(prop::option::of((-1e6f32..1e6, 0u8..9)), 0..2_000)) {
            let mut values = Values::with_rows(column.len());
            for (row, given) in column.iter().enumerate() {
                if let Some((value, unit)) = given { values.push(row, *value, *unit); }
            }
            values.finish();
            for (row, given) in (0u32..).zip(&column) {
                prop_assert_eq!(values.at(row), given.map_or((None, NO_UNIT), |(value, unit)| (Some(value), unit)));
            }
        }
    }
}
