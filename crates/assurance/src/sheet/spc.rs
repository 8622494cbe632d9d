//! A control chart's table: reads `x` and `y`, writes the columns of NHSRplotthedots' tables.

use jiff::civil::Date;

use super::{Sheet, SheetError, written, yes_no};
use crate::spc::{Asked, Chart, Observation, SpcError, chart};

const HEADER: [&str; 17] = [
    "y",
    "x",
    "f",
    "trajectory",
    "rebase_group",
    "short_group_warning",
    "fix_y",
    "mean_col",
    "lpl",
    "upl",
    "outside_limits",
    "relative_to_mean",
    "close_to_limits",
    "special_cause_type",
    "special_cause_flag",
    "point_type",
    "target",
];

/// The chart of a sheet's rows, and its table.
///
/// # Errors
/// [`SheetError`], naming the line of the observation that cannot be drawn.
pub fn spc(sheet: &Sheet, asked: &Asked) -> Result<(Chart, Sheet), SheetError> {
    let (x, y) = (sheet.need(&["x", "date", "period"])?, sheet.need(&["y", "value"])?);
    let mut observations = Vec::with_capacity(sheet.rows().len());
    for row in sheet.rows() {
        observations.push(Observation { at: sheet.date(row, x)?, value: sheet.needed(row, y)? });
    }
    let chart = chart(&observations, asked).map_err(|error| {
        let at: Option<Date> = match &error {
            SpcError::Value { at, .. } | SpcError::Twice { at } => Some(*at),
            SpcError::Gap { before, .. } => Some(*before),
            SpcError::Nothing | SpcError::Baseline { .. } | SpcError::NoSuchPoint { .. } => None,
        };
        // The last row of that day: the second of two, where there are two.
        let about = sheet.rows().iter().zip(&observations).rev().find(|(_, observation)| Some(observation.at) == at);
        match (about, sheet.rows().first()) {
            (Some((row, _)), _) => sheet.refuse(row, x, error.to_string()),
            (None, Some(first)) => sheet.refuse_row(first, error),
            (None, None) => SheetError::Empty { file: String::new() },
        }
    })?;
    let table = table(&chart, asked.target);
    Ok((chart, table))
}

/// A chart as a table.
#[must_use]
pub fn table(chart: &Chart, target: Option<f64>) -> Sheet {
    let mut out = Sheet::with_header(HEADER);
    for point in &chart.points {
        let value = written(Some(point.observation.value));
        out.push(vec![
            value.clone(),
            point.observation.at.to_string(),
            "no facet".to_owned(),
            written(None),
            point.group.to_string(),
            yes_no(Some(point.short_group)),
            if point.in_baseline { value } else { written(None) },
            written(Some(point.limits.mean)),
            written(point.limits.lower()),
            written(point.limits.upper()),
            yes_no(point.outside),
            point.side.to_string(),
            yes_no(point.near_limit),
            point.cause.map_or("Common Cause", crate::spc::SpecialCause::name).to_owned(),
            yes_no(Some(point.cause.is_some())),
            point.kind.name().to_owned(),
            written(target),
        ]);
    }
    out
}
