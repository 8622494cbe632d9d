//! An interrupted time series' table: either a design that somebody made (columns from `step` on, the outcome in `log_y` or `y`), or
//! the months' counts and comparators, of which the design is made here. One line for each method and term.

use jiff::civil::Date;

use super::{Column, Sheet, SheetError, written};
use crate::its::{Design, Fit, FitError, LABEL, Month, autoregressive, design, newey_west, ordinary, poisson};

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The first month after the change; not needed where the sheet has its own design.
    pub interruption: Option<Date>,
    /// Lags for Newey and West's errors.
    pub lags: Vec<usize>,
    /// Let the trend change with the step.
    pub slope: bool,
}

/// What was read.
struct Series {
    design: Design,
    /// The counts themselves, where the sheet has them: for the regressions of counts.
    counts: Option<Vec<f64>>,
}

/// The table of estimates.
///
/// # Errors
/// [`SheetError`], naming the cell or the row.
pub fn estimates(sheet: &Sheet, asked: &Asked) -> Result<Sheet, SheetError> {
    let Series { design, counts } = match sheet.column(&["step"]) {
        Some(step) => given(sheet, step)?,
        None => made(sheet, asked)?,
    };
    let mut out =
        Sheet::with_header(["method", "lags", "corrected", "term", "estimate", "se", "statistic", "p", "status"]);
    let complain = |error: FitError| match sheet.rows().first() {
        Some(first) => sheet.refuse_row(first, error),
        None => SheetError::Empty { file: String::new() },
    };
    push(&mut out, "ols", None, &ordinary(&design).map_err(complain)?);
    for lags in &asked.lags {
        for corrected in [false, true] {
            let fit = newey_west(&design, *lags, corrected).map_err(complain)?;
            push(&mut out, "newey_west", Some((*lags, corrected)), &fit);
        }
    }
    push(&mut out, "gls_ar1", None, &autoregressive(&design).map_err(complain)?);
    if let Some(counts) = counts {
        push(&mut out, "poisson", None, &poisson(&design, &counts, false).map_err(complain)?);
        push(&mut out, "quasi_poisson", None, &poisson(&design, &counts, true).map_err(complain)?);
    }
    Ok(out)
}

fn push(out: &mut Sheet, method: &str, lags: Option<(usize, bool)>, fit: &Fit) {
    let lags = [
        lags.map_or("NA".to_owned(), |(lags, _)| lags.to_string()),
        super::yes_no(lags.map(|(_, corrected)| corrected)),
    ];
    let mut line = |term: &str, numbers: [Option<f64>; 4]| {
        let mut cells = vec![method.to_owned()];
        cells.extend(lags.clone());
        cells.push(term.to_owned());
        cells.extend(numbers.map(written));
        cells.push(LABEL.to_owned());
        out.push(cells);
    };
    for each in &fit.coefficients {
        line(&each.term, [Some(each.estimate), Some(each.error), Some(each.estimate / each.error), Some(each.p)]);
    }
    for (term, value) in [("durbin_watson", fit.durbin_watson), ("rho", fit.rho), ("dispersion", fit.dispersion)] {
        if value.is_some() {
            line(term, [value, None, None, None]);
        }
    }
}

/// The design of the columns from `step` on.
fn given(sheet: &Sheet, step: Column) -> Result<Series, SheetError> {
    let outcome = sheet.need(&["log_y", "logdiff", "y"])?;
    let terms: Vec<Column> =
        sheet.others(&[]).into_iter().filter(|column| *column >= step && *column != outcome).collect();
    let read = |column: Column| sheet.rows().iter().map(|row| sheet.needed(row, column)).collect::<Result<Vec<_>, _>>();
    let columns = terms
        .iter()
        .map(|column| Ok((sheet.name(*column).to_owned(), read(*column)?)))
        .collect::<Result<Vec<_>, SheetError>>()?;
    let count = sheet.column(&["admissions", "count", "events"]);
    let counts = count.map(read).transpose()?;
    let design = Design::of(read(outcome)?, columns).map_err(|error| match sheet.rows().first() {
        Some(first) => sheet.refuse_row(first, error),
        None => SheetError::Empty { file: String::new() },
    })?;
    Ok(Series { design, counts })
}

/// The design made of months, counts and every other column as a comparator.
fn made(sheet: &Sheet, asked: &Asked) -> Result<Series, SheetError> {
    let period = sheet.need(&["period", "month", "date", "x"])?;
    let count = sheet.need(&["y", "count", "admissions", "events"])?;
    let comparators: Vec<Column> = sheet.others(&[Some(period), Some(count), sheet.column(&["logdiff"])]);
    let mut months = Vec::with_capacity(sheet.rows().len());
    for row in sheet.rows() {
        months.push(Month {
            at: sheet.date(row, period)?,
            count: sheet.needed(row, count)?,
            comparators: comparators.iter().map(|column| sheet.number(row, *column)).collect::<Result<_, _>>()?,
        });
    }
    let first = sheet.rows().first();
    let Some(interruption) = asked.interruption else {
        return Err(match first {
            Some(first) => sheet.refuse_row(first, "say which month is the first after the change with --interruption"),
            None => SheetError::Empty { file: String::new() },
        });
    };
    let design = design(&months, interruption, asked.slope).map_err(|error| {
        let about = sheet.rows().iter().zip(&months).find(|(_, month)| Some(month.at) == error.month());
        match (about.map(|(row, _)| row), first) {
            (Some(row), _) => sheet.refuse_row(row, error),
            (None, Some(first)) => sheet.refuse_row(first, error),
            (None, None) => SheetError::Empty { file: String::new() },
        }
    })?;
    // With comparators the outcome is a difference of logarithms, which has no counts of its own.
    let counts = comparators.is_empty().then(|| months.iter().map(|month| month.count).collect());
    Ok(Series { design, counts })
}
