//! Standardised rates: a row for each band of an area, a line for each area. Bands are matched by their place within the area,
//! and where they have names, every area must name the same bands in the same order.

use super::estimate::{BAND, DENOMINATOR, NUMERATOR, cells, header, keys, plain};
use super::{Column, Row, Sheet, SheetError, written};
use crate::measure::Confidence;
use crate::measure::direct::{self, EUROPEAN_2013, FEWEST, LossBand, directly_standardised, years_of_life_lost};
use crate::measure::indirect::{self, Indirect};
use crate::measure::life_table::first_age;

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// Rates per so many people; for a ratio what stands for "as expected" (1 or 100).
    pub multiplier: f64,
    /// How sure the intervals are to be.
    pub confidences: Vec<Confidence>,
    /// The columns that make an area; none, and all that have no other meaning.
    pub by: Vec<String>,
    /// The column of the standard population; `None` takes `stdpop`, or the European standard of 2013 where there is none.
    pub standard: Option<String>,
}

/// The rows' columns and areas.
struct Areas<'a> {
    x: Column,
    n: Column,
    band: Option<Column>,
    keys: Vec<Column>,
    groups: Vec<(Vec<&'a str>, Vec<&'a Row>)>,
}

impl<'a> Areas<'a> {
    fn of(sheet: &'a Sheet, by: &[String], meant: &[Option<Column>]) -> Result<Self, SheetError> {
        let (x, n, band) = (sheet.need(NUMERATOR)?, sheet.need(DENOMINATOR)?, sheet.column(BAND));
        let meant: Vec<Option<Column>> = meant.iter().copied().chain([Some(x), Some(n), band]).collect();
        let keys = keys(sheet, by, &meant)?;
        let groups = sheet.groups(&keys);
        let names = |rows: &[&'a Row]| -> Vec<&'a str> {
            rows.iter().map(|row| band.map_or("", |band| row.text(band))).collect()
        };
        if let Some(((_, first), others)) = groups.split_first() {
            for (_, rows) in others {
                if let (Some(row), true) = (rows.first(), rows.len() != first.len() || names(rows) != names(first)) {
                    return Err(sheet.refuse_row(row, format!("the area that begins here has not the bands of the first, in their order: {} rows against {}", rows.len(), first.len())));
                }
            }
        }
        Ok(Self { x, n, band, keys, groups })
    }

    fn header(&self, sheet: &Sheet) -> Vec<String> {
        self.keys.iter().map(|column| sheet.name(*column).to_owned()).collect()
    }

    fn complain(
        &self,
        sheet: &Sheet,
        row: &Row,
        error: &crate::measure::MeasureError,
        more: &[(&str, Option<Column>)],
    ) -> SheetError {
        let mut columns =
            vec![("count", Some(self.x)), ("number of deaths", Some(self.x)), ("population", Some(self.n))];
        columns.extend_from_slice(more);
        sheet.refuse_measure(row, error, &columns)
    }
}

/// A line of text cells as a vector.
fn line(key: &[&str]) -> Vec<String> {
    key.iter().map(|text| (*text).to_owned()).collect()
}

/// The standard population of each row of an area.
fn standard(sheet: &Sheet, column: Option<Column>, rows: &[&Row]) -> Result<Vec<f64>, SheetError> {
    match (column, rows.first()) {
        (Some(column), _) => rows.iter().map(|row| sheet.needed(row, column)).collect(),
        (None, Some(first)) if rows.len() != EUROPEAN_2013.len() => Err(sheet.refuse_row(
            first,
            format!(
                "the area that begins here has {} bands, and the European standard population 19; give a column stdpop",
                rows.len()
            ),
        )),
        (None, _) => Ok(EUROPEAN_2013.to_vec()),
    }
}

fn standard_column(sheet: &Sheet, asked: &Asked) -> Result<Option<Column>, SheetError> {
    match &asked.standard {
        Some(name) => sheet.need(&[name.as_str()]).map(Some),
        None => Ok(sheet.column(&["stdpop", "standard", "esp2013", "esp1976"])),
    }
}

/// Directly standardised rates. An empty count is none; an empty population is refused. Columns `f1`, `f2`… say how many people had
/// one event, two…, where one person can have several.
///
/// # Errors
/// [`SheetError`], naming the cell.
pub fn direct(sheet: &Sheet, asked: &Asked) -> Result<Sheet, SheetError> {
    let stdpop = standard_column(sheet, asked)?;
    let repeats: Vec<Column> = (1..).map_while(|times| sheet.column(&[&format!("f{times}")])).collect();
    let meant: Vec<Option<Column>> = repeats.iter().copied().map(Some).chain([stdpop]).collect();
    let areas = Areas::of(sheet, &asked.by, &meant)?;
    let mut names = areas.header(sheet);
    names.extend(["total_count", "total_pop"].map(str::to_owned));
    names.extend(header("", &asked.confidences));
    names.extend(["statistic", "method"].map(str::to_owned));
    let mut out = Sheet::with_header(names);
    for (key, rows) in &areas.groups {
        let mut bands = Vec::with_capacity(rows.len());
        for (row, standard) in rows.iter().zip(standard(sheet, stdpop, rows)?) {
            let people = repeats
                .iter()
                .map(|column| Ok(sheet.number(row, *column)?.unwrap_or(0.0)))
                .collect::<Result<Vec<f64>, SheetError>>()?;
            let events = sheet.number(row, areas.x)?.unwrap_or(0.0);
            let told: f64 = people.iter().zip(1_u32..).map(|(people, times)| people * f64::from(times)).sum();
            if !repeats.is_empty() && (told - events).abs() > 1e-9 {
                return Err(sheet.refuse(row, areas.x, format!("{events} events, but f1, f2 and so on make {told}")));
            }
            let band = direct::Band {
                events,
                population: sheet.needed(row, areas.n)?,
                standard,
                people_by_events: (!repeats.is_empty()).then_some(people),
            };
            // One band by itself first, so that a complaint names its own row.
            let alone =
                directly_standardised(&[direct::Band { standard: standard.abs().max(1.0), ..band.clone() }], 1.0, &[]);
            alone.map_err(|error| areas.complain(sheet, row, &error, &[]))?;
            if standard < 0.0 {
                let why = "the standard population must be zero or more";
                return Err(stdpop.map_or_else(|| sheet.refuse_row(row, why), |column| sheet.refuse(row, column, why)));
            }
            bands.push(band);
        }
        let Some(first) = rows.first() else { continue };
        let found = directly_standardised(&bands, asked.multiplier, &asked.confidences)
            .map_err(|error| areas.complain(sheet, first, &error, &[]))?;
        let mut line = line(key);
        line.extend([written(Some(found.events)), written(Some(found.population))]);
        line.extend(cells(found.rate.as_ref(), &asked.confidences));
        line.push(if found.rate.is_some() {
            format!("dsr per {}", plain(asked.multiplier))
        } else {
            format!("dsr NA for total count < {FEWEST}")
        });
        line.push(if repeats.is_empty() {
            "Dobson".to_owned()
        } else {
            "Dobson, with confidence adjusted for non-independent events".to_owned()
        });
        out.push(line);
    }
    Ok(out)
}

/// Years of life lost, to an age (75 unless told) or by the column `years`, in all and directly standardised.
///
/// # Errors
/// [`SheetError`], naming the cell.
pub fn years_lost(sheet: &Sheet, asked: &Asked, to_age: f64) -> Result<Sheet, SheetError> {
    let stdpop = standard_column(sheet, asked)?;
    let years = sheet.column(&["years", "expectation", "life_expectancy"]);
    let areas = Areas::of(sheet, &asked.by, &[stdpop, years])?;
    let mut names = areas.header(sheet);
    names.extend(["years_lost", "deaths", "total_pop"].map(str::to_owned));
    names.extend(header("", &asked.confidences));
    names.extend(["statistic", "method"].map(str::to_owned));
    let mut out = Sheet::with_header(names);
    for (key, rows) in &areas.groups {
        let mut bands = Vec::with_capacity(rows.len());
        for ((place, row), standard) in rows.iter().enumerate().zip(standard(sheet, stdpop, rows)?) {
            let lost = match (years, areas.band) {
                (Some(years), _) => sheet.needed(row, years)?,
                (None, None) => {
                    return Err(sheet.refuse_row(row, "years of life lost need a column of age bands, or one of years"));
                }
                (None, Some(band)) => {
                    let age = |row: &Row| {
                        first_age(row.text(band))
                            .map(f64::from)
                            .map_err(|error| sheet.refuse(row, band, error.to_string()))
                    };
                    let from = age(row)?;
                    // The last band is open; it is taken to be as wide as the one before.
                    let width = match (rows.get(place + 1), place.checked_sub(1).and_then(|before| rows.get(before))) {
                        (Some(next), _) => age(next)? - from,
                        (None, Some(before)) => from - age(before)?,
                        (None, None) => 0.0,
                    };
                    if width <= 0.0 {
                        return Err(sheet.refuse(row, band, "the bands must be two or more, the youngest first"));
                    }
                    direct::years_to(to_age, from, width)
                }
            };
            let band = LossBand {
                deaths: sheet.number(row, areas.x)?.unwrap_or(0.0),
                population: sheet.needed(row, areas.n)?,
                standard,
                years: lost,
            };
            let alone = years_of_life_lost(&[LossBand { standard: standard.abs().max(1.0), ..band }], 1.0, &[]);
            alone.map_err(|error| areas.complain(sheet, row, &error, &[("number of years lost", years)]))?;
            bands.push(band);
        }
        let Some(first) = rows.first() else { continue };
        let (lost, found) = years_of_life_lost(&bands, asked.multiplier, &asked.confidences)
            .map_err(|error| areas.complain(sheet, first, &error, &[]))?;
        let mut line = line(key);
        line.extend([written(Some(lost)), written(Some(found.events)), written(Some(found.population))]);
        line.extend(cells(found.rate.as_ref(), &asked.confidences));
        line.push(match (found.rate.is_some(), years) {
            (false, _) => format!("NA for fewer than {FEWEST} deaths that took years"),
            (true, None) => format!("years of life lost to {} per {}", plain(to_age), plain(asked.multiplier)),
            (true, Some(_)) => format!("years of life lost per {}", plain(asked.multiplier)),
        });
        line.push("Dobson".to_owned());
        out.push(line);
    }
    Ok(out)
}

/// Whether a rate or a ratio is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Observed over expected at the reference's crude rate.
    Rate,
    /// Observed over expected.
    Ratio,
}

/// Indirectly standardised rates or ratios. The reference stands in the columns `refcount` and `refpop`, or in a sheet of its own,
/// matched by band where both name bands, else by place. An empty count is none, and so is an empty population of a band
/// without events.
///
/// # Errors
/// [`SheetError`], naming the cell.
pub fn indirect(sheet: &Sheet, reference: Option<&Sheet>, form: Form, asked: &Asked) -> Result<Sheet, SheetError> {
    const COUNT: &[&str] = &["refcount", "reference_count", "x_ref"];
    const PEOPLE: &[&str] = &["refpop", "reference_population", "n_ref"];
    let meant = [sheet.column(COUNT), sheet.column(PEOPLE)];
    let areas = Areas::of(sheet, &asked.by, &meant)?;
    let mut names = areas.header(sheet);
    names.extend(["observed", "expected"].map(str::to_owned));
    if form == Form::Rate {
        names.push("ref_rate".to_owned());
    }
    names.extend(header("", &asked.confidences));
    names.extend(["statistic", "method"].map(str::to_owned));
    let mut out = Sheet::with_header(names);
    for (key, rows) in &areas.groups {
        let Some(first) = rows.first() else { continue };
        let references = match reference {
            Some(reference) => from(reference, sheet, areas.band, rows)?,
            None => {
                let (count, people) = (sheet.need(COUNT)?, sheet.need(PEOPLE)?);
                rows.iter()
                    .map(|row| Ok((sheet.number(row, count)?.unwrap_or(0.0), sheet.needed(row, people)?)))
                    .collect::<Result<_, SheetError>>()?
            }
        };
        let mut bands = Vec::with_capacity(rows.len());
        for (row, (reference_events, reference_population)) in rows.iter().zip(references) {
            let events = sheet.number(row, areas.x)?.unwrap_or(0.0);
            let population = match sheet.number(row, areas.n)? {
                None if events != 0.0 => return Err(sheet.refuse(row, areas.n, "events, but no population")),
                population => population.unwrap_or(0.0),
            };
            let band = indirect::Band { events, population, reference_events, reference_population };
            let checked = [
                ("count", events, Some(areas.x)),
                ("population", population, Some(areas.n)),
                ("reference count", reference_events, sheet.column(COUNT)),
            ];
            for (what, value, column) in checked {
                if value < 0.0 {
                    let why = format!("the {what} is {value}, and must be zero or more");
                    return Err(
                        column.map_or_else(|| sheet.refuse_row(row, &why), |column| sheet.refuse(row, column, &why))
                    );
                }
            }
            if reference_population <= 0.0 {
                return Err(sheet.refuse_row(
                    row,
                    format!("the reference population is {reference_population}, and must be more than zero"),
                ));
            }
            bands.push(band);
        }
        let found = Indirect::of(&bands).map_err(|error| sheet.refuse_row(first, error))?;
        let estimate = match form {
            Form::Rate => found.rate(asked.multiplier, &asked.confidences),
            Form::Ratio => found.ratio(asked.multiplier, &asked.confidences),
        };
        let estimate = estimate.map_err(|error| sheet.refuse_row(first, error))?;
        let mut line = line(key);
        line.extend([written(Some(found.observed)), written(Some(found.expected))]);
        if form == Form::Rate {
            line.push(written(Some(found.reference_rate * asked.multiplier)));
        }
        line.extend(cells(Some(&estimate), &asked.confidences));
        line.push(match form {
            Form::Rate => format!("indirectly standardised rate per {}", plain(asked.multiplier)),
            Form::Ratio => format!("indirectly standardised ratio x {}", plain(asked.multiplier)),
        });
        line.push(found.method().name().to_owned());
        out.push(line);
    }
    Ok(out)
}

/// The reference of each row, from a sheet of its own.
fn from(reference: &Sheet, sheet: &Sheet, band: Option<Column>, rows: &[&Row]) -> Result<Vec<(f64, f64)>, SheetError> {
    let count = reference.need(&["refcount", "reference_count", "count", "x"])?;
    let people = reference.need(&["refpop", "reference_population", "population", "pop", "n"])?;
    let of = |row: &Row| Ok((reference.number(row, count)?.unwrap_or(0.0), reference.needed(row, people)?));
    if let (Some(band), Some(named)) = (band, reference.column(BAND)) {
        return rows
            .iter()
            .map(|row| {
                let mut same = reference.rows().iter().filter(|other| other.text(named) == row.text(band));
                match (same.next(), same.next()) {
                    (Some(found), None) => of(found),
                    _ => Err(sheet.refuse(row, band, "the reference has no such band, or has it twice")),
                }
            })
            .collect();
    }
    match rows.first() {
        Some(first) if rows.len() != reference.rows().len() => Err(sheet.refuse_row(
            first,
            format!("the area that begins here has {} bands, and the reference {}", rows.len(), reference.rows().len()),
        )),
        _ => reference.rows().iter().map(of).collect(),
    }
}
