//! Life expectancy, and healthy life expectancy where there is health: a row for each band in, the same rows with years out. An area
//! whose table cannot be made keeps its rows, without values and with the reason.

use super::estimate::{BAND, DENOMINATOR, cells, header, keys};
use super::{Row, Sheet, SheetError, written};
use crate::measure::Confidence;
use crate::measure::life_table::{Band, Expectation, first_age, life_table};

/// The table of expectations, at the ages asked for, or at all.
///
/// # Errors
/// [`SheetError`], naming the cell.
pub fn expectations(
    sheet: &Sheet,
    by: &[String],
    ages: &[u32],
    confidences: &[Confidence],
) -> Result<Sheet, SheetError> {
    let (age, n) = (sheet.need(BAND)?, sheet.need(DENOMINATOR)?);
    let deaths = sheet.need(&["deaths", "count", "x"])?;
    let healthy = sheet.column(&["healthy", "good_health", "healthy_proportion"]);
    let asked = sheet.column(&["respondents", "sample", "asked"]);
    if let Some(healthy) = healthy.filter(|_| asked.is_none()) {
        let first = sheet.rows().first().cloned().unwrap_or(Row { line: 1, cells: Vec::new() });
        return Err(sheet.refuse(
            &first,
            healthy,
            "a share in good health needs a column respondents: how many were asked",
        ));
    }
    let keys = keys(sheet, by, &[Some(age), Some(n), Some(deaths), healthy, asked])?;
    let mut names: Vec<String> =
        keys.iter().chain([&age, &n, &deaths]).map(|column| sheet.name(*column).to_owned()).collect();
    names.extend(header("", confidences));
    if healthy.is_some() {
        names.extend(header("healthy_", confidences));
    }
    names.extend(["statistic", "method", "note"].map(str::to_owned));
    let mut out = Sheet::with_header(names);
    for (key, rows) in sheet.groups(&keys) {
        let mut bands = Vec::with_capacity(rows.len());
        for row in &rows {
            let first_age = first_age(row.text(age)).map_err(|error| sheet.refuse(row, age, error.to_string()))?;
            let health = match (healthy, asked) {
                (Some(healthy), Some(asked)) => Some((sheet.needed(row, healthy)?, sheet.needed(row, asked)?)),
                _ => None,
            };
            bands.push(Band {
                first_age,
                deaths: sheet.needed(row, deaths)?,
                population: sheet.needed(row, n)?,
                healthy: health,
            });
        }
        let table = life_table(&bands, confidences);
        let note = table.as_ref().err().map_or(String::new(), ToString::to_string);
        let table: Vec<Expectation> = table.unwrap_or_default();
        for (row, band) in rows.iter().zip(&bands) {
            if !ages.is_empty() && !ages.contains(&band.first_age) {
                continue;
            }
            let found = table.iter().find(|expectation| expectation.age == band.first_age);
            let mut line: Vec<String> = key.iter().map(|text| (*text).to_owned()).collect();
            line.extend([row.text(age).to_owned(), written(Some(band.population)), written(Some(band.deaths))]);
            line.extend(cells(found.map(|found| &found.life), confidences));
            if healthy.is_some() {
                line.extend(cells(found.and_then(|found| found.healthy.as_ref()), confidences));
            }
            line.extend([
                format!("life expectancy at {}", row.text(age)),
                "Chiang, using Silcocks et al for confidence limits".to_owned(),
                note.clone(),
            ]);
            out.push(line);
        }
    }
    Ok(out)
}
