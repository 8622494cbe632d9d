//! Funnels: each area with its place against the limits for its size; or the limits themselves at a hundred sizes, to draw.

use super::estimate::{DENOMINATOR, NUMERATOR, plain};
use super::{Column, Row, Sheet, SheetError, written};
use crate::measure::direct::FEWEST;
use crate::measure::funnel::{Point, Statistic, Tail, average, axis, poisson_limit, proportion_limits, significance};

/// What is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Numerator of denominator.
    Proportion,
    /// Observed over expected, with limits of `observed/expected - 1`.
    RatioCount,
    /// Observed over expected, with limits in per cent of the expected.
    RatioStandardised,
    /// Events per population.
    CrudeRate,
    /// A directly standardised rate, in the column `rate`.
    StandardisedRate,
}

impl Kind {
    fn statistic(self) -> Statistic {
        match self {
            Self::Proportion => Statistic::Proportion,
            Self::RatioCount | Self::RatioStandardised => Statistic::Ratio,
            Self::CrudeRate | Self::StandardisedRate => Statistic::Rate,
        }
    }

    fn name(self, multiplier: f64) -> String {
        match self {
            Self::Proportion => "proportion".to_owned(),
            Self::RatioCount => "ratio (count)".to_owned(),
            Self::RatioStandardised => "ratio (isr)".to_owned(),
            Self::CrudeRate => format!("rate (crude per {})", plain(multiplier)),
            Self::StandardisedRate => format!("rate (dsr per {})", plain(multiplier)),
        }
    }
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Asked {
    /// What is drawn.
    pub kind: Kind,
    /// Rates per so many, proportions in so many.
    pub multiplier: f64,
    /// How many years the events are of.
    pub years: f64,
}

/// The sheet's areas. An area of a standardised rate without events has none: its population cannot be told from its rate.
struct Areas<'a> {
    x: Column,
    points: Vec<(&'a Row, Option<Point>)>,
    average: f64,
}

fn areas<'a>(sheet: &'a Sheet, asked: &Asked) -> Result<Areas<'a>, SheetError> {
    let x = sheet.need(NUMERATOR)?;
    let rates = matches!(asked.kind, Kind::CrudeRate | Kind::StandardisedRate);
    let rate = if rates { sheet.column(&["rate", "value", "dsr"]) } else { None };
    let n = match (rate, asked.kind) {
        (_, Kind::StandardisedRate) => {
            sheet.need(&["rate", "value", "dsr"])?;
            None
        }
        (Some(_), _) => sheet.column(DENOMINATOR),
        (None, _) => Some(sheet.need(DENOMINATOR)?),
    };
    let mut points = Vec::with_capacity(sheet.rows().len());
    for row in sheet.rows() {
        let events = sheet.needed(row, x)?;
        let base = match (n, rate) {
            (Some(n), _) => Some(sheet.needed(row, n)?),
            (None, Some(_)) if events == 0.0 && asked.kind == Kind::StandardisedRate => None,
            (None, Some(rate)) if events == 0.0 => {
                return Err(sheet.refuse(row, rate, "no events, so the population is needed in a column denominator"));
            }
            (None, Some(rate)) => {
                let found = sheet.needed(row, rate)?;
                if found <= 0.0 {
                    return Err(sheet.refuse(row, rate, "the rate of an area with events must be more than zero"));
                }
                Some(asked.multiplier * events / found)
            }
            (None, None) => None,
        };
        let point = base.map(|base| Point { events, base });
        if let Some(point) = point {
            // By itself first, so that a complaint names its own row.
            significance(asked.kind.statistic(), point, 0.5).map_err(|error| {
                sheet.refuse_measure(row, &error, &[("numerator", Some(x)), ("count", Some(x)), ("denominator", n)])
            })?;
        }
        points.push((row, point));
    }
    let known: Vec<Point> = points.iter().filter_map(|(_, point)| *point).collect();
    let average = average(&known).map_err(|error| match sheet.rows().first() {
        Some(first) => sheet.refuse_row(first, error),
        None => SheetError::Empty { file: String::new() },
    })?;
    Ok(Areas { x, points, average })
}

/// The four limits in the order of the tables: lower and upper inner, lower and upper outer; on the scale that is drawn.
fn limits(asked: &Asked, average: f64, point: Point) -> [f64; 4] {
    let both = |tail| match asked.kind.statistic() {
        Statistic::Proportion => {
            let (low, high) = proportion_limits(average, point.base, tail);
            (low.max(0.0) * asked.multiplier, high.min(1.0) * asked.multiplier)
        }
        Statistic::Ratio | Statistic::Rate => {
            let (high_mean, low_mean) =
                (poisson_limit(point.events, tail, true), poisson_limit(point.events, tail, false));
            let scaled = |mean: f64| {
                let ratio = point.events / mean;
                match asked.kind {
                    Kind::RatioCount => ratio - 1.0,
                    Kind::RatioStandardised => ratio * 100.0,
                    _ => ratio * average * asked.multiplier,
                }
            };
            (scaled(high_mean), scaled(low_mean))
        }
    };
    let (inner, outer) = (both(Tail::Inner), both(Tail::Outer));
    [inner.0, inner.1, outer.0, outer.1]
}

/// Each area with what it is and how far out it lies.
///
/// # Errors
/// [`SheetError`], naming the cell.
pub fn points(sheet: &Sheet, asked: &Asked) -> Result<Sheet, SheetError> {
    let areas = areas(sheet, asked)?;
    let columns: Vec<Column> = sheet.others(&[
        sheet.column(&["significance"]),
        sheet.column(&["statistic"]),
        sheet.column(&["denominator_derived"]),
    ]);
    let mut names: Vec<String> = columns.iter().map(|column| sheet.name(*column).to_owned()).collect();
    names.extend(["denominator_derived", "average", "significance", "statistic"].map(str::to_owned));
    let mut out = Sheet::with_header(names);
    // A ratio is judged against what was expected, everything else against the average of all.
    let centre = if asked.kind.statistic() == Statistic::Ratio { 1.0 } else { areas.average };
    let scale = if asked.kind.statistic() == Statistic::Ratio { 1.0 } else { asked.multiplier };
    for (row, point) in &areas.points {
        let events = sheet.needed(row, areas.x)?;
        let unreliable = asked.kind == Kind::StandardisedRate && events < FEWEST;
        let place = match point {
            Some(point) if !unreliable => significance(asked.kind.statistic(), *point, centre)
                .map_err(|error| sheet.refuse_row(row, error))?
                .name(),
            _ => "Not applicable for events less than 10 for dsrs",
        };
        let mut line: Vec<String> = columns.iter().map(|column| row.text(*column).to_owned()).collect();
        let base = point.filter(|_| !unreliable).map(|point| point.base / asked.years);
        line.extend([
            written(base),
            written(Some(centre * scale)),
            place.to_owned(),
            asked.kind.name(asked.multiplier),
        ]);
        out.push(line);
    }
    Ok(out)
}

/// The limits at a hundred sizes from the smallest area to the largest.
///
/// # Errors
/// [`SheetError`], naming the cell.
pub fn limit_table(sheet: &Sheet, asked: &Asked) -> Result<Sheet, SheetError> {
    let areas = areas(sheet, asked)?;
    let known: Vec<Point> = areas.points.iter().filter_map(|(_, point)| *point).collect();
    let statistic = asked.kind.statistic();
    let mut header: Vec<&str> = match statistic {
        Statistic::Proportion => {
            vec!["Population", "lower_2s_limit", "upper_2s_limit", "lower_3s_limit", "upper_3s_limit", "baseline"]
        }
        Statistic::Ratio => vec![
            "Observed_events",
            "lower_2s_exp_events",
            "lower_2s_limit",
            "upper_2s_exp_events",
            "upper_2s_limit",
            "lower_3s_exp_events",
            "lower_3s_limit",
            "upper_3s_exp_events",
            "upper_3s_limit",
        ],
        Statistic::Rate => vec![
            "Events",
            "lower_2s_population_1_year",
            "lower_2s_limit",
            "upper_2s_population_1_year",
            "upper_2s_limit",
            "lower_3s_population_1_year",
            "lower_3s_limit",
            "upper_3s_population_1_year",
            "upper_3s_limit",
            "baseline",
        ],
    };
    header.push("statistic");
    let mut out = Sheet::with_header(header);
    for size in axis(statistic, &known, areas.average, asked.years) {
        let point = match statistic {
            Statistic::Proportion => Point { events: 0.0, base: size },
            Statistic::Ratio | Statistic::Rate => Point { events: size, base: 0.0 },
        };
        let drawn = limits(asked, areas.average, point);
        let mut line = vec![written(Some(size))];
        if statistic == Statistic::Proportion {
            line.extend(drawn.map(|limit| written(Some(limit))));
        } else {
            let sides = [(Tail::Inner, true), (Tail::Inner, false), (Tail::Outer, true), (Tail::Outer, false)];
            for ((tail, high), limit) in sides.into_iter().zip(drawn) {
                let mean = poisson_limit(size, tail, high);
                let at = if statistic == Statistic::Rate { mean / areas.average / asked.years } else { mean };
                line.extend([written(Some(at)), written(Some(limit))]);
            }
        }
        if statistic != Statistic::Ratio {
            line.push(written(Some(areas.average * asked.multiplier)));
        }
        line.push(asked.kind.name(asked.multiplier));
        out.push(line);
    }
    Ok(out)
}
