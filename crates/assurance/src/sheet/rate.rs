//! Crude rates, proportions and means, a line each, or summed by columns.

use super::estimate::{DENOMINATOR, NUMERATOR, cells, header, keys, plain};
use super::{Row, Sheet, SheetError, written};
use crate::measure::count::Method;
use crate::measure::{Confidence, Estimate, MeasureError, mean, proportion, rate};

/// Which measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Events per so many, Byar or exact.
    Rate,
    /// A share, Wilson.
    Proportion,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// Which measure.
    pub kind: Kind,
    /// What to multiply by; `None` takes a column `multiplier` if there is one, else 100,000 for a rate and 1 for a proportion.
    pub multiplier: Option<f64>,
    /// How sure the intervals are to be.
    pub confidences: Vec<Confidence>,
    /// Sum over the rows that agree in these columns; none, and each row is its own.
    pub by: Vec<String>,
}

/// The table of rates or proportions. A row without a numerator or denominator has no value.
///
/// # Errors
/// [`SheetError`], naming the cell.
pub fn rates(sheet: &Sheet, asked: &Asked) -> Result<Sheet, SheetError> {
    let (x, n) = (sheet.need(NUMERATOR)?, sheet.need(DENOMINATOR)?);
    let multiplier_column = if asked.multiplier.is_none() { sheet.column(&["multiplier"]) } else { None };
    let mut names = header("", &asked.confidences);
    names.extend(["statistic".to_owned(), "method".to_owned(), "multiplier".to_owned()]);
    // What came along with the counts stays beside them, but for columns of the names that are about to be written.
    let kept: Vec<_> = keys(sheet, &asked.by, &[Some(x), Some(n)])?
        .into_iter()
        .filter(|column| !names.iter().any(|name| name.eq_ignore_ascii_case(sheet.name(*column))))
        .collect();
    let mut out =
        Sheet::with_header(kept.iter().chain([&x, &n]).map(|column| sheet.name(*column).to_owned()).chain(names));
    let groups: Vec<(Vec<&str>, Vec<&Row>)> = if asked.by.is_empty() {
        sheet.rows().iter().map(|row| (kept.iter().map(|column| row.text(*column)).collect(), vec![row])).collect()
    } else {
        sheet.groups(&kept)
    };
    for (key, rows) in groups {
        let Some(first) = rows.first() else { continue };
        let (numerator, denominator) = (sum(sheet, &rows, x)?, sum(sheet, &rows, n)?);
        let multiplier = match (asked.multiplier, multiplier_column) {
            (Some(multiplier), _) => multiplier,
            (None, Some(column)) => sheet.number(first, column)?.unwrap_or(asked.kind.usual()),
            (None, None) => asked.kind.usual(),
        };
        let estimate = match (numerator, denominator) {
            (Some(numerator), Some(denominator)) => {
                let columns = [("numerator", Some(x)), ("count", Some(x)), ("denominator", Some(n))];
                let estimate = asked.kind.estimate(numerator, denominator, multiplier, &asked.confidences);
                Some(estimate.map_err(|error| sheet.refuse_measure(first, &error, &columns))?)
            }
            _ => None,
        };
        let mut line: Vec<String> = key.iter().map(|text| (*text).to_owned()).collect();
        line.extend([written(numerator), written(denominator)]);
        line.extend(cells(estimate.as_ref(), &asked.confidences));
        line.extend([asked.kind.statistic(multiplier), asked.kind.method(numerator), plain(multiplier)]);
        out.push(line);
    }
    Ok(out)
}

/// The sum of a column over rows, or nothing where any is missing.
fn sum(sheet: &Sheet, rows: &[&Row], column: super::Column) -> Result<Option<f64>, SheetError> {
    let mut sum = Some(0.0);
    for row in rows {
        let number = sheet.number(row, column)?;
        if number.is_some_and(|number| number < 0.0) {
            return Err(sheet.refuse(row, column, "a count or population must be zero or more"));
        }
        sum = sum.zip(number).map(|(sum, number)| sum + number);
    }
    Ok(sum)
}

impl Kind {
    fn usual(self) -> f64 {
        match self {
            Self::Rate => 100_000.0,
            Self::Proportion => 1.0,
        }
    }

    fn estimate(self, x: f64, n: f64, multiplier: f64, confidences: &[Confidence]) -> Result<Estimate, MeasureError> {
        match self {
            Self::Rate => rate::rate(x, n, multiplier, confidences),
            Self::Proportion => proportion::proportion(x, n, multiplier, confidences),
        }
    }

    fn statistic(self, multiplier: f64) -> String {
        match self {
            Self::Rate => format!("rate per {}", plain(multiplier)),
            Self::Proportion if multiplier == 100.0 => "percentage".to_owned(),
            Self::Proportion => format!("proportion of {}", plain(multiplier)),
        }
    }

    fn method(self, numerator: Option<f64>) -> String {
        match self {
            Self::Rate => numerator.map_or("NA", |numerator| Method::of(numerator).name()).to_owned(),
            Self::Proportion => "Wilson".to_owned(),
        }
    }
}

/// Means of the column `x` (or `value`), by the columns asked for, or over all rows.
///
/// # Errors
/// [`SheetError`], naming the cell or the first row of a group that has too few.
pub fn means(sheet: &Sheet, by: &[String], confidences: &[Confidence]) -> Result<Sheet, SheetError> {
    let x = sheet.need(&["x", "value", "values", "y"])?;
    let keys = if by.is_empty() { Vec::new() } else { keys(sheet, by, &[])? };
    let mut names: Vec<String> = keys.iter().map(|column| sheet.name(*column).to_owned()).collect();
    names.extend(["value_sum", "value_count", "stdev"].map(str::to_owned));
    names.extend(header("", confidences));
    names.extend(["statistic", "method"].map(str::to_owned));
    let mut out = Sheet::with_header(names);
    for (key, rows) in sheet.groups(&keys) {
        let Some(first) = rows.first() else { continue };
        let values = rows.iter().map(|row| sheet.needed(row, x)).collect::<Result<Vec<_>, _>>()?;
        let estimate = mean::mean_of(&values, confidences).map_err(|error| sheet.refuse_row(first, error))?;
        let (count, sum) = (values.len() as f64, values.iter().sum::<f64>());
        let spread = (values.iter().map(|value| (value - sum / count).powi(2)).sum::<f64>() / (count - 1.0)).sqrt();
        let mut line: Vec<String> = key.iter().map(|text| (*text).to_owned()).collect();
        line.extend([written(Some(sum)), written(Some(count)), written(Some(spread))]);
        line.extend(cells(Some(&estimate), confidences));
        line.extend(["mean", "Student's t-distribution"].map(str::to_owned));
        out.push(line);
    }
    Ok(out)
}
