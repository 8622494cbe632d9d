//! From a code to the rows that have it. Made in two passes of counting, each over few enough places that the processor's cache
//! holds them: going straight to the place of each code is several times slower, since every row then misses the cache.

/// The rows of each code, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Index {
    starts: Vec<u32>,
    rows: Vec<u32>,
}

const LOW: u32 = 8;

impl Index {
    /// Of a column of codes, all below `codes`.
    pub(crate) fn of(column: &[u32], codes: usize) -> Self {
        let buckets = (codes >> LOW) + 1;
        let mut starts = vec![0u32; (buckets << LOW) + 1];
        for code in column {
            starts[*code as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        // First by the upper part of the code; what is left of it goes along in a byte.
        let mut cursors: Vec<u32> = (0..buckets).map(|bucket| starts[bucket << LOW]).collect();
        let mut rows = vec![0u32; column.len()];
        let mut low = vec![0u8; column.len()];
        for (row, code) in (0u32..).zip(column) {
            let cursor = &mut cursors[(code >> LOW) as usize];
            rows[*cursor as usize] = row;
            low[*cursor as usize] = (code & 0xff) as u8;
            *cursor += 1;
        }
        // Then each bucket by the rest. Both passes keep the order of rows.
        let mut before = Vec::new();
        for bucket in 0..buckets {
            let first = bucket << LOW;
            let span = starts[first] as usize..starts[first + (1 << LOW)] as usize;
            before.clear();
            before.extend_from_slice(&rows[span.clone()]);
            let mut cursors = [0u32; 1 << LOW];
            cursors.copy_from_slice(&starts[first..first + (1 << LOW)]);
            for (row, low) in before.iter().zip(&low[span]) {
                let cursor = &mut cursors[usize::from(*low)];
                rows[*cursor as usize] = *row;
                *cursor += 1;
            }
        }
        Self { starts, rows }
    }

    /// The rows of a code, in order; none for a code that came later.
    pub(crate) fn rows(&self, code: u32) -> &[u32] {
        match self.starts.get(code as usize..code as usize + 2) {
            Some([from, until]) => &self.rows[*from as usize..*until as usize],
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_row_stands_under_its_code_and_no_other(column in prop::collection::vec(0u32..1_500, 0..3_000)) {
            let index = Index::of(&column, 1_500);
            for code in 0..1_500u32 {
                let rows: Vec<u32> = (0u32..).zip(&column).filter(|(_, found)| **found == code).map(|(row, _)| row).collect();
                prop_assert_eq!(index.rows(code), &rows[..]);
            }
            prop_assert!(index.rows(5_000).is_empty());
        }
    }
}
