//! How estimates stand in a table's columns: `value`, then for each confidence `lower95_0cl` and `upper95_0cl`, as in Fingertips'
//! own tables. Must not round: what is shown to people is rounded where it is shown.

use super::{Column, Sheet, SheetError, written};
use crate::measure::{Confidence, Estimate, Interval};

/// Names that a numerator goes by.
pub(super) const NUMERATOR: &[&str] = &["numerator", "count", "x", "obs", "observed", "events", "deaths", "cases"];
/// Names that a denominator goes by.
pub(super) const DENOMINATOR: &[&str] = &["denominator", "population", "pop", "pops", "n", "expected"];
/// Names that a band of age goes by.
pub(super) const BAND: &[&str] = &["ageband", "age band", "age_band", "startage", "age", "band"];

/// The names of an estimate's columns, with `before` put before each.
pub(super) fn header(before: &str, confidences: &[Confidence]) -> Vec<String> {
    let limits = confidences.iter().flat_map(|confidence| {
        let label = confidence.label();
        [format!("{before}lower{label}cl"), format!("{before}upper{label}cl")]
    });
    let value = if before.is_empty() { "value" } else { before.trim_end_matches('_') };
    std::iter::once(value.to_owned()).chain(limits).collect()
}

/// An estimate's cells, or `NA` in each.
pub(super) fn cells(estimate: Option<&Estimate>, confidences: &[Confidence]) -> Vec<String> {
    let mut cells = vec![written(estimate.map(|estimate| estimate.value))];
    for place in 0..confidences.len() {
        let interval = estimate.and_then(|estimate| estimate.intervals.get(place));
        let Interval { lower, upper } = interval.copied().unwrap_or(Interval { lower: None, upper: None });
        cells.extend([written(lower), written(upper)]);
    }
    cells
}

/// The columns of a group: those that were asked for, or else all that have no other meaning.
pub(super) fn keys(sheet: &Sheet, by: &[String], meant: &[Option<Column>]) -> Result<Vec<Column>, SheetError> {
    if by.is_empty() {
        return Ok(sheet.others(meant));
    }
    by.iter().map(|name| sheet.need(&[name.as_str()])).collect()
}

/// A multiplier as people write it: 100000, not 1e5.
pub(super) fn plain(multiplier: f64) -> String {
    format!("{multiplier}")
}
