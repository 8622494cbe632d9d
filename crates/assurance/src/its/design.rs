//! The table that a series is fitted to: a step at the interruption, a level, a trend by the year, two waves for the seasons.
//! Must refuse what a logarithm or a season cannot be taken of: a count that is not positive, a month that is missing, a
//! comparator that ends early.

use jiff::civil::Date;

/// An outcome and the terms it is fitted to.
#[derive(Debug, Clone, PartialEq)]
pub struct Design {
    outcome: Vec<f64>,
    terms: Vec<String>,
    columns: Vec<Vec<f64>>,
}

impl Design {
    /// From columns that somebody made: each a term and its values, as many as the outcome has.
    ///
    /// # Errors
    /// [`SeriesError::Lengths`].
    pub fn of(outcome: Vec<f64>, terms: Vec<(String, Vec<f64>)>) -> Result<Self, SeriesError> {
        if let Some((term, _)) = terms.iter().find(|(_, values)| values.len() != outcome.len()) {
            return Err(SeriesError::Lengths { term: term.clone() });
        }
        let (terms, columns) = terms.into_iter().unzip();
        Ok(Self { outcome, terms, columns })
    }

    /// What is explained.
    #[must_use]
    pub fn outcome(&self) -> &[f64] {
        &self.outcome
    }

    /// The names of the terms.
    #[must_use]
    pub fn terms(&self) -> &[String] {
        &self.terms
    }

    /// The values of each term.
    #[must_use]
    pub fn columns(&self) -> &[Vec<f64>] {
        &self.columns
    }
}

/// One month of a series and its comparators.
#[derive(Debug, Clone, PartialEq)]
pub struct Month {
    /// Its first day.
    pub at: Date,
    /// The count.
    pub count: f64,
    /// The comparators' counts, in one order for all months; `None` where one has none.
    pub comparators: Vec<Option<f64>>,
}

/// Why a series cannot be fitted. `month` is the one at fault.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SeriesError {
    /// A term of another length.
    #[error("the term {term} has not as many values as the outcome")]
    Lengths {
        /// The term.
        term: String,
    },
    /// No logarithm.
    #[error("the count of {month} is {count}, and its logarithm is needed: it must be more than zero")]
    NotPositive {
        /// The month.
        month: Date,
        /// The count.
        count: f64,
    },
    /// A missing month.
    #[error("{month} does not follow the month before it: the series must have every month, each once")]
    Gap {
        /// The month after the gap.
        month: Date,
    },
    /// A comparator without a count.
    #[error("a comparator has no count in {month}: leave that comparator out, or end the series before")]
    Comparator {
        /// The month.
        month: Date,
    },
    /// Before or after everything.
    #[error("the interruption on {at} leaves nothing before or after it")]
    Interruption {
        /// The first month after.
        at: Date,
    },
}

impl SeriesError {
    /// The month at fault.
    #[must_use]
    pub fn month(&self) -> Option<Date> {
        match self {
            Self::NotPositive { month, .. } | Self::Gap { month } | Self::Comparator { month } => Some(*month),
            Self::Lengths { .. } | Self::Interruption { .. } => None,
        }
    }
}

/// The design of a monthly series whose first month after the change is `interruption`: the logarithm of the count, less the mean
/// logarithm of the comparators where there are any; `slope` lets the trend change too.
///
/// # Errors
/// [`SeriesError`].
pub fn design(months: &[Month], interruption: Date, slope: bool) -> Result<Design, SeriesError> {
    let ordinal = |date: Date| i32::from(date.year()) * 12 + i32::from(date.month()) - 1;
    for pair in months.windows(2) {
        if let [one, two] = pair
            && ordinal(two.at) != ordinal(one.at) + 1
        {
            return Err(SeriesError::Gap { month: two.at });
        }
    }
    let begins = ordinal(interruption);
    let (before, after): (Vec<_>, Vec<_>) = months.iter().partition(|month| ordinal(month.at) < begins);
    if before.is_empty() || after.is_empty() {
        return Err(SeriesError::Interruption { at: interruption });
    }
    let logarithm = |month: &Month, count: f64| {
        if count.is_finite() && count > 0.0 {
            Ok(count.ln())
        } else {
            Err(SeriesError::NotPositive { month: month.at, count })
        }
    };
    let mut outcome = Vec::with_capacity(months.len());
    for month in months {
        let mut value = logarithm(month, month.count)?;
        for comparator in &month.comparators {
            let count = comparator.ok_or(SeriesError::Comparator { month: month.at })?;
            value -= logarithm(month, count)? / month.comparators.len() as f64;
        }
        outcome.push(value);
    }
    let term = |name: &str, of: &dyn Fn(i32) -> f64| {
        (name.to_owned(), months.iter().map(|month| of(ordinal(month.at))).collect::<Vec<f64>>())
    };
    let wave = |times: f64| move |month: i32| std::f64::consts::TAU * times * f64::from(month.rem_euclid(12)) / 12.0;
    let years = |month: i32| f64::from(month - begins) / 12.0;
    let mut terms = vec![
        term("step", &|month| f64::from(u8::from(month >= begins))),
        term("const", &|_| 1.0),
        term("trend_yr", &years),
        term("sin1", &|month| wave(1.0)(month).sin()),
        term("cos1", &|month| wave(1.0)(month).cos()),
        term("sin2", &|month| wave(2.0)(month).sin()),
        term("cos2", &|month| wave(2.0)(month).cos()),
    ];
    if slope {
        terms.push(term("trend_yr_after", &|month| years(month).max(0.0)));
    }
    Design::of(outcome, terms)
}
