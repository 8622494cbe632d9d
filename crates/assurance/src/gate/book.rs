//! The figures, as they were known at each moment: a month that was reported otherwise later is kept in both forms, so that any
//! look can be made again as it was then, and as it would be now. Must not judge what a figure means.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::month::Month;
use crate::known::{Known, Said};

/// One month of one series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// Which series, by its code.
    pub series: String,
    /// Which month.
    pub month: Month,
    /// How many.
    pub count: i64,
    /// How much of the month had arrived, in thousandths.
    pub complete: u32,
}

/// What cannot be taken in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// Zero or below.
    #[error(
        "{series}, {month}: a count of {count} cannot be used; counts must be above zero. If the month is missing, leave it out; where \
         there are so few, put months together to quarters before you register"
    )]
    Count {
        /// The series.
        series: String,
        /// The month.
        month: Month,
        /// The count.
        count: i64,
    },
    /// More than a thousand thousandths.
    #[error("{series}, {month}: {complete} thousandths complete is more than all; give 0 to 1000")]
    Complete {
        /// The series.
        series: String,
        /// The month.
        month: Month,
        /// As given.
        complete: u32,
    },
    /// Twice, and not the same.
    #[error("{series}, {month}: given twice in one report; give it once")]
    Twice {
        /// The series.
        series: String,
        /// The month.
        month: Month,
    },
    /// Not part of the protocol.
    #[error("{series}: the protocol has no such series; it was not counted")]
    Unknown {
        /// The series.
        series: String,
    },
    /// Not over.
    #[error("{series}, {month}: the month is not over yet")]
    NotOver {
        /// The series.
        series: String,
        /// The month.
        month: Month,
    },
}

/// A figure that was reported otherwise before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// As it was.
    pub was: Figure,
    /// As it is.
    pub is: Figure,
}

/// All figures, in every form they have had.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Book {
    /// For each series and month, the count and how complete it was.
    known: Known<(String, Month), (i64, u32)>,
}

impl Book {
    /// How many reports have been taken in.
    #[must_use]
    pub fn revision(&self) -> u32 {
        self.known.revision()
    }

    /// Takes a report in.
    pub fn take(&mut self, figures: &[Figure]) {
        let one = |figure: &Figure| ((figure.series.clone(), figure.month), (figure.count, figure.complete));
        self.known.take(figures.iter().map(one));
    }

    /// A figure as it was known after so many reports.
    #[must_use]
    pub fn at(&self, series: &str, month: Month, revision: u32) -> Option<(i64, u32)> {
        self.known.at(&(series.to_owned(), month), revision).copied()
    }

    /// What of a report is new, and what changes something that was known; what says the same as before is neither.
    ///
    /// # Errors
    /// The first figure that cannot be used.
    pub fn sorted(&self, figures: &[Figure]) -> Result<(Vec<Figure>, Vec<Change>), Unusable> {
        let (mut new, mut changed) = (Vec::new(), Vec::new());
        let mut seen = BTreeMap::new();
        for figure in figures {
            let (series, month) = (figure.series.clone(), figure.month);
            if figure.count <= 0 {
                return Err(Unusable::Count { series, month, count: figure.count });
            }
            if figure.complete > 1_000 {
                return Err(Unusable::Complete { series, month, complete: figure.complete });
            }
            if seen.insert((series.clone(), month), ()).is_some() {
                return Err(Unusable::Twice { series, month });
            }
            match self.known.beside(&(series.clone(), month), &(figure.count, figure.complete)) {
                Said::New => new.push(figure.clone()),
                Said::Same => {}
                Said::Changed((count, complete)) => {
                    let was = Figure { series, month, count, complete };
                    changed.push(Change { was, is: figure.clone() });
                }
            }
        }
        Ok((new, changed))
    }

    /// The months from one to another that a series lacks, or that are less complete than they must be.
    #[must_use]
    pub fn lacking(&self, series: &str, months: &[Month], least: u32, revision: u32) -> (Vec<Month>, Vec<Month>) {
        let (mut missing, mut incomplete) = (Vec::new(), Vec::new());
        for month in months {
            match self.at(series, *month, revision) {
                None => missing.push(*month),
                Some((_, complete)) if complete < least => incomplete.push(*month),
                Some(_) => {}
            }
        }
        (missing, incomplete)
    }

    /// The logarithm of a series less the mean of others', for the months given; `None` where any is missing.
    #[must_use]
    pub fn compared(&self, area: &str, comparators: &[&str], months: &[Month], revision: u32) -> Option<Vec<f64>> {
        let log = |series: &str, month: Month| self.at(series, month, revision).map(|(count, _)| (count as f64).ln());
        let one = |month: &Month| {
            let mut sum = 0.0;
            for comparator in comparators {
                sum += log(comparator, *month)?;
            }
            Some(log(area, *month)? - sum / comparators.len().max(1) as f64)
        };
        months.iter().map(one).collect()
    }

    /// Everything that a look rests on, as one text with one meaning, for its hash.
    #[must_use]
    pub fn words(&self, revision: u32) -> String {
        let mut words = String::new();
        for (series, month) in self.known.keys() {
            if let Some((count, complete)) = self.at(series, *month, revision) {
                words.push_str(&format!("{series}\t{month}\t{count}\t{complete}\n"));
            }
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(month: &str, count: i64) -> Figure {
        Figure { series: "A".to_owned(), month: month.parse().unwrap(), count, complete: 1_000 }
    }

    #[test]
    fn a_restated_month_is_known_both_ways() {
        let mut book = Book::default();
        book.take(&[figure("2026-04", 100), figure("2026-05", 110)]);
        let then = book.words(book.revision());
        let (new, changed) =
            book.sorted(&[figure("2026-04", 90), figure("2026-05", 110), figure("2026-06", 1)]).unwrap();
        assert_eq!((new.len(), changed.len()), (1, 1));
        assert_eq!((changed[0].was.count, changed[0].is.count), (100, 90));
        book.take(&[changed[0].is.clone()]);
        let april = "2026-04".parse().unwrap();
        assert_eq!(book.at("A", april, 1), Some((100, 1_000)));
        assert_eq!(book.at("A", april, 2), Some((90, 1_000)));
        assert_eq!(book.words(1), then);
        assert_ne!(book.words(2), then);
    }

    #[test]
    fn what_cannot_be_used_is_refused_whole_and_says_why() {
        let book = Book::default();
        let said = |figures: &[Figure]| book.sorted(figures).unwrap_err().to_string();
        assert!(said(&[figure("2026-04", 0)]).contains("above zero"));
        assert!(said(&[figure("2026-04", -4)]).contains("-4"));
        assert!(said(&[figure("2026-04", 4), figure("2026-04", 5)]).contains("twice"));
        assert!(said(&[Figure { complete: 1_001, ..figure("2026-04", 4) }]).contains("1001"));
    }

    #[test]
    fn a_gap_and_an_early_end_are_named() {
        let mut book = Book::default();
        book.take(&[figure("2026-04", 4), Figure { complete: 900, ..figure("2026-06", 5) }]);
        let months: Vec<Month> = (0..4).map(|at| "2026-04".parse::<Month>().unwrap().plus(at)).collect();
        let (missing, incomplete) = book.lacking("A", &months, 980, 1);
        assert_eq!(missing.iter().map(Month::to_string).collect::<Vec<_>>(), ["2026-05", "2026-07"]);
        assert_eq!(incomplete, [months[2]]);
        assert_eq!(book.compared("A", &[], &months, 1), None);
    }
}
