//! Slope and relative index of inequality: a row for each group of the social scale, a line for each area.

use super::estimate::{DENOMINATOR, NUMERATOR, cells, header, keys, plain};
use super::{Sheet, SheetError, written};
use crate::measure::inequality::{Asked, Group, Scale, Uncertainty, inequality};
use crate::measure::{Confidence, proportion, rate};

/// The table of indices. The value stands in `value`, its certainty in `se` or in `lowercl` and `uppercl` (95%); or both are worked
/// out from a numerator, for a rate or a proportion. Groups are taken from the most deprived (the lowest number) up.
///
/// # Errors
/// [`SheetError`], naming the cell or the first row of an area.
pub fn indices(sheet: &Sheet, asked: &Asked, by: &[String]) -> Result<Sheet, SheetError> {
    let quantile = sheet.need(&["quantile", "decile", "quintile", "imd_decile", "group"])?;
    let n = sheet.need(DENOMINATOR)?;
    let (value, x) = (sheet.column(&["value"]), sheet.column(NUMERATOR));
    let error = sheet.column(&["se", "standarderror", "standard_error"]);
    let limits = (
        sheet.column(&["lowercl", "lower_cl", "lower", "lower95_0cl"]),
        sheet.column(&["uppercl", "upper_cl", "upper", "upper95_0cl"]),
    );
    if value.is_none() && (x.is_none() || asked.scale == Scale::Other) {
        sheet.need(&["value"])?;
    }
    let keys = keys(sheet, by, &[Some(quantile), Some(n), value, x, error, limits.0, limits.1])?;
    let mut names: Vec<String> = keys.iter().map(|column| sheet.name(*column).to_owned()).collect();
    names.extend(header("sii_", &asked.confidences));
    names.extend(header("rii_", &asked.confidences));
    names.extend(["intercept", "indicator_type", "multiplier", "method"].map(str::to_owned));
    let mut out = Sheet::with_header(names);
    for (key, rows) in sheet.groups(&keys) {
        let mut groups = Vec::with_capacity(rows.len());
        for row in &rows {
            let population = sheet.needed(row, n)?;
            let counted = |column| {
                let numerator = sheet.needed(row, column)?;
                let confidence = &[Confidence::NINETY_FIVE];
                let estimate = match asked.scale {
                    Scale::Rate => rate::rate(numerator, population, 1.0, confidence),
                    Scale::Proportion | Scale::Other => proportion::proportion(numerator, population, 1.0, confidence),
                };
                estimate
                    .map_err(|error| sheet.refuse_measure(row, &error, &[("numerator", x), ("denominator", Some(n))]))
            };
            let estimate = match (value, x) {
                (None, Some(column)) => Some(counted(column)?),
                _ => None,
            };
            let found = match (value, &estimate) {
                (Some(column), _) => sheet.needed(row, column)?,
                (None, Some(estimate)) => estimate.value,
                (None, None) => return Err(sheet.refuse_row(row, "there is neither a value nor a numerator")),
            };
            let interval = estimate.as_ref().and_then(|estimate| estimate.intervals.first());
            let uncertainty = match (error, limits, interval) {
                (Some(error), _, _) => Uncertainty::StandardError(sheet.needed(row, error)?),
                (None, (Some(lower), Some(upper)), _) => {
                    Uncertainty::Limits(sheet.needed(row, lower)?, sheet.needed(row, upper)?)
                }
                (None, _, Some(interval)) => {
                    Uncertainty::Limits(interval.lower.unwrap_or(0.0), interval.upper.unwrap_or(f64::NAN))
                }
                (None, _, None) => {
                    sheet.need(&["se", "lowercl and uppercl"])?;
                    continue;
                }
            };
            // Groups are numbered; the order of the rows is not trusted.
            groups.push((sheet.needed(row, quantile)?, Group { population, value: found, uncertainty }));
        }
        groups.sort_by(|one, two| one.0.total_cmp(&two.0));
        let Some(first) = rows.first() else { continue };
        if let Some(pair) = groups.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            return Err(sheet.refuse_row(
                first,
                format!("the area that begins here has the group {} twice; name the columns that tell areas apart with --by", pair[0].0),
            ));
        }
        let groups: Vec<Group> = groups.into_iter().map(|(_, group)| group).collect();
        let columns = [
            ("population", Some(n)),
            ("value", value.or(x)),
            ("standard error", error),
            ("lower limit", limits.0),
            ("upper limit", limits.1),
        ];
        let found = inequality(&groups, asked).map_err(|error| {
            let column = columns.iter().find(|(name, _)| error.to_string().contains(name));
            column.map_or_else(|| sheet.refuse_row(first, &error), |_| sheet.refuse_measure(first, &error, &columns))
        })?;
        let mut line: Vec<String> = key.iter().map(|text| (*text).to_owned()).collect();
        line.extend(cells(Some(&found.slope), &asked.confidences));
        line.extend(cells(Some(&found.relative), &asked.confidences));
        line.extend([
            written(Some(found.intercept)),
            asked.scale.name().to_owned(),
            plain(asked.multiplier),
            format!("simulation {} reps, seed {}", asked.repetitions, asked.seed),
        ]);
        out.push(line);
    }
    Ok(out)
}
