//! The gate on real figures where nothing was done: each area in turn is taken for the one where a change began on some arbitrary
//! day, and the gate should say of almost none that it did. Must not choose the day by what it finds.

use std::collections::BTreeMap;

use serde::Serialize;

use super::calibrate::{Calibration, Plan, calibrate, spread};
use super::design::Design;
use super::evidence::{Direction, Evidence};
use super::grid::Grid;
use super::month::Month;
use super::prove::Unproved;

/// How many areas of the nearest size each is compared with.
pub const NEAREST: usize = 10;
/// The fewest in any month that a comparison of logarithms can do with.
pub const LEAST_COUNT: f64 = 100.0;

/// Counts by area and month.
pub type Table = BTreeMap<String, BTreeMap<Month, f64>>;

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Placebo {
    /// After how many months the change is pretended to have begun.
    pub baseline: usize,
    /// How many months before it have nothing to say.
    pub wash_out: usize,
    /// The looks, alpha and simulation.
    pub plan: Plan,
    /// The covariances guarded against.
    pub grid: Grid,
}

impl Placebo {
    /// The reference's: 24 months before, looks at 9 to 12 after.
    #[must_use]
    pub fn standard() -> Self {
        let plan = Plan { first: 9, last: 12, alpha: 0.025, paths: super::calibrate::LEAST_PATHS, seed: 2_026 };
        Self { baseline: 24, wash_out: 4, plan, grid: Grid::robust(0.5) }
    }
}

/// What became of one area.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Area {
    /// Its code.
    pub area: String,
    /// The evidence at each look, as natural logarithms.
    pub log_e: Vec<f64>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The threshold.
    pub calibration: Calibration,
    /// Every area with complete figures, in order of its code.
    pub areas: Vec<Area>,
    /// Areas left out: a month is missing or has too few.
    pub incomplete: usize,
}

impl Report {
    /// The areas of which the gate would have said, at any look, that need had fallen.
    #[must_use]
    pub fn at_any_look(&self) -> Vec<&str> {
        self.flagged(|over| over.contains(&true))
    }

    /// The same at each of the last three looks.
    #[must_use]
    pub fn at_the_last_three(&self) -> Vec<&str> {
        self.flagged(|over| over.iter().rev().take(3).all(|over| *over))
    }

    /// The same at the last look alone.
    #[must_use]
    pub fn at_the_last(&self) -> Vec<&str> {
        self.flagged(|over| over.last() == Some(&true))
    }

    fn flagged(&self, is: impl Fn(&[bool]) -> bool) -> Vec<&str> {
        let over = |area: &Area| -> Vec<bool> {
            area.log_e.iter().map(|log_e| *log_e >= self.calibration.log_threshold).collect()
        };
        self.areas.iter().filter(|area| is(&over(area))).map(|area| area.area.as_str()).collect()
    }
}

/// Takes every area in turn, on so many threads.
///
/// # Errors
/// Where the design or the grid cannot be used.
pub fn placebo(ask: &Placebo, table: &Table, threads: usize) -> Result<Report, Unproved> {
    let last = ask.plan.last as usize;
    let design = Design::new(ask.baseline, ask.wash_out, last, &[])?;
    let evidence = Evidence::new(design, ask.grid.clone(), Direction::Fall)?;
    let calibration = calibrate(&evidence, ask.plan, threads)?;
    let first = table.values().filter_map(|months| months.keys().next()).min().copied();
    let whole = |months: &BTreeMap<Month, f64>| -> Option<Vec<f64>> {
        let at = |month: usize| first.map(|first| first.plus(i32::try_from(month).unwrap_or(i32::MAX)));
        (0..ask.baseline + last)
            .map(|month| months.get(&at(month)?).copied().filter(|count| *count >= LEAST_COUNT))
            .collect()
    };
    let complete: Vec<(&String, Vec<f64>)> =
        table.iter().filter_map(|(area, months)| whole(months).map(|counts| (area, counts))).collect();
    let size = |counts: &[f64]| counts[..ask.baseline].iter().sum::<f64>().ln();
    let areas = spread(complete.len(), threads, &|at| {
        let (area, counts) = &complete[at];
        let mut others: Vec<&Vec<f64>> =
            complete.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, (_, counts))| counts).collect();
        others.sort_by(|a, b| {
            let apart = |counts: &[f64]| (size(counts) - size(&complete[at].1)).abs();
            apart(a).total_cmp(&apart(b))
        });
        others.truncate(NEAREST);
        let compared = |month: &usize| {
            let mean = others.iter().map(|other| other[*month].ln()).sum::<f64>() / others.len().max(1) as f64;
            counts[*month].ln() - mean
        };
        let figures: Vec<f64> = evidence.design().months().iter().map(compared).collect();
        let residuals = evidence.residuals(&figures);
        let looks = ask.plan.first as usize..=last;
        Area { area: (*area).clone(), log_e: looks.map(|look| residuals.look(look).log_e).collect() }
    });
    Ok(Report { calibration, incomplete: table.len() - areas.len(), areas })
}

/// Reads the table of monthly emergency activity as NHSRdatasets gives it: `period,org_code,type,…,admissions`, one row for each
/// organisation, month and type of department; admissions are added up.
///
/// # Errors
/// In words: the line and what is wrong with it.
pub fn read(text: &str) -> Result<Table, String> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|error| error.to_string())?.clone();
    let column = |name: &str| {
        headers.iter().position(|header| header == name).ok_or_else(|| format!("there is no column \"{name}\""))
    };
    let (period, area, count) = (column("period")?, column("org_code")?, column("admissions")?);
    let mut table = Table::new();
    for (at, record) in reader.records().enumerate() {
        let record = record.map_err(|error| error.to_string())?;
        let wrong = |what: &str| format!("line {}: {what}", at + 2);
        let cell = |column: usize| record.get(column).ok_or_else(|| wrong("it is too short"));
        let month = cell(period)?.get(..7).and_then(|month| month.parse().ok());
        let month: Month = month.ok_or_else(|| wrong("the period is no date such as 2017-03-01"))?;
        let count: f64 = cell(count)?.parse().map_err(|_| wrong("the admissions are no number"))?;
        if !count.is_finite() || count < 0.0 {
            return Err(wrong("the admissions are below zero, or no number"));
        }
        *table.entry(cell(area)?.to_owned()).or_default().entry(month).or_default() += count;
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::draw::Draw;

    #[test]
    fn of_areas_where_nothing_was_done_hardly_any_is_taken_for_one() {
        let start: Month = "2016-04".parse().unwrap();
        let mut table = Table::new();
        for area in 0..45_u64 {
            let mut draw = Draw::new(12, 0, area);
            let months = (0..36).map(|month| (start.plus(month), draw.count(1_000.0 + 20.0 * area as f64)));
            table.insert(format!("A{area:02}"), months.collect());
        }
        // One has a hole, and one truly fell by a third.
        table.get_mut("A03").unwrap().remove(&start.plus(20));
        let fallen = table.get_mut("A07").unwrap();
        fallen.iter_mut().filter(|(month, _)| month.since(start) >= 24).for_each(|(_, count)| *count *= 0.66);
        let standard = Placebo::standard();
        let ask = Placebo { plan: Plan { paths: 400, ..standard.plan }, ..standard };
        let report = placebo(&ask, &table, 2).unwrap();
        assert_eq!((report.areas.len(), report.incomplete), (44, 1));
        assert_eq!(report.at_the_last(), ["A07"]);
    }

    #[test]
    fn the_published_table_is_read_and_a_broken_one_says_where() {
        let text =
            "period,org_code,type,attendances,breaches,admissions\n2017-03-01,RF4,1,9,1,50.0\n2017-03-01,RF4,2,9,1,3\n";
        let table = read(text).unwrap();
        assert_eq!(table["RF4"][&"2017-03".parse().unwrap()], 53.0);
        assert!(read("period,org_code\n").unwrap_err().contains("admissions"));
        assert!(read(&text.replace("50.0", "many")).unwrap_err().contains("line 2"));
        assert!(read(&text.replace("2017-03-01,RF4,2", "March,RF4,2")).unwrap_err().contains("line 3"));
    }
}
