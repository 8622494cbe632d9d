//! What an indicator says: its value with an interval, its control chart with one sentence, and how it is for each group that it is
//! split by. Small counts are withheld from whoever may not see them, before anything is drawn. A chart says "look here"; nothing
//! here may be read as proof.

use std::collections::BTreeMap;

use place::suppression::{LEAST, Shown, suppress};

use super::definition::{Definition, Polarity, Split, Statistic};
use super::figures::{Figures, Slice, Value};
use super::standard::{bands, is_asked, standardised};
use crate::chart::{Bar, Drawing, Funnel, control_chart, funnel_chart, inequality_chart, spoken};
use crate::gate::month::Month;
use crate::measure::count::interval;
use crate::measure::funnel::{Point, Statistic as Drawn};
use crate::measure::inequality::{Asked as Gap, Group, Scale, Uncertainty, inequality};
use crate::measure::proportion::proportion;
use crate::measure::rate::rate;
use crate::measure::{Confidence, Estimate, MeasureError};
use crate::spc::{self, Chart, Improvement, Observation, SpecialCause};

/// How many of the latest months make the value for a group, and the present value.
pub const MONTHS: usize = 12;

/// Who reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// Whoever keeps the figures: every count.
    Analyst,
    /// Everybody else, signed in or not: no count under seven, nor what it could be worked out from.
    Anybody,
}

/// The control chart and what it says.
#[derive(Debug, Clone, PartialEq)]
pub struct Charted {
    /// The drawing.
    pub drawing: Drawing,
    /// What it says, in one sentence.
    pub sentence: String,
    /// How many months are left out of it because their count is small, or a small one could be worked out with it.
    pub withheld: usize,
    /// Why it is crude though the definition asks for age to be allowed for.
    pub crude: Option<String>,
}

/// A group of a split.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Which.
    pub group: String,
    /// Its count, as it may be shown.
    pub count: Shown,
    /// Its value; nothing where the count is withheld.
    pub value: Option<Estimate>,
}

/// A split.
#[derive(Debug, Clone, PartialEq)]
pub struct Parts {
    /// By what.
    pub by: Split,
    /// Its groups, in order; empty where nothing may be shown.
    pub parts: Vec<Part>,
    /// The drawing, where the split has one: deprivation from end to end, neighbourhoods in a funnel.
    pub drawing: Option<Drawing>,
    /// From which month to which.
    pub months: (Month, Month),
}

/// A value of an indicator from its counts, with its 95% interval. A mean has none: its spread is not in the counts.
///
/// # Errors
/// Counts that cannot be.
pub fn estimate(definition: &Definition, numerator: f64, denominator: Option<f64>) -> Result<Estimate, MeasureError> {
    let (times, sure) = (definition.multiplier, [Confidence::NINETY_FIVE]);
    match (definition.statistic, denominator) {
        (Statistic::Proportion, Some(base)) => proportion(numerator, base, times, &sure),
        (Statistic::Rate | Statistic::Ratio, Some(base)) => rate(numerator, base, times, &sure),
        (Statistic::Mean, Some(base)) => {
            let Estimate { value, .. } = rate(numerator, base, times, &[])?;
            Ok(Estimate { value, intervals: Vec::new() })
        }
        _ => Ok(Estimate { value: numerator, intervals: vec![interval(numerator, Confidence::NINETY_FIVE)?] }),
    }
}

/// What stands behind a value: `%`, `per 1,000`.
#[must_use]
pub fn unit(definition: &Definition) -> String {
    match definition.statistic {
        Statistic::Proportion if definition.multiplier == 100.0 => "%".to_owned(),
        Statistic::Rate => format!("per {}", crate::chart::spoken(definition.multiplier, 0)),
        Statistic::Ratio => "times what is expected".to_owned(),
        Statistic::Proportion | Statistic::Count | Statistic::Mean => String::new(),
    }
}

fn value(definition: &Definition, value: &Value) -> Result<Estimate, MeasureError> {
    estimate(definition, value.numerator as f64, value.denominator.map(|base| base as f64))
}

fn sum<'a>(values: impl Iterator<Item = &'a Value>) -> Option<Value> {
    values.copied().reduce(|sum, value| Value {
        numerator: sum.numerator.saturating_add(value.numerator),
        denominator: sum.denominator.zip(value.denominator).map(|(one, two)| one.saturating_add(two)),
        complete: sum.complete.min(value.complete),
    })
}

/// A month of the whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Dot {
    /// Which.
    pub month: Month,
    /// What was reported.
    pub known: Value,
    /// Its value with its interval, age allowed for where the series has that.
    pub value: Estimate,
    /// It rests on a count so small that only whoever keeps the figures may see it.
    pub small: bool,
}

/// The months of the whole, all of them by one method.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Its months, in order.
    pub months: Vec<Dot>,
    /// Why it is crude though the definition asks for age to be allowed for; nothing where it is as the definition asks.
    pub crude: Option<String>,
}

/// The months of the whole, as known after so many reports: standardised where the definition asks for it and the bands of every
/// month are there, crude otherwise, never a mixture.
///
/// # Errors
/// Counts that cannot be.
pub fn series(definition: &Definition, figures: &Figures, revision: u32) -> Result<Series, MeasureError> {
    let whole = figures.months(None, revision);
    let mut allowed = Vec::with_capacity(whole.len());
    let mut crude = None;
    if is_asked(definition) {
        for month in whole.keys() {
            let of = bands(definition, figures, revision, &[*month]);
            match of.and_then(|of| Ok((standardised(definition, &of)?, of.iter().any(|band| band.numerator < LEAST)))) {
                Ok(found) => allowed.push(found),
                Err(why) => {
                    crude = Some(why.to_string());
                    break;
                }
            }
        }
    }
    let by_age = is_asked(definition) && crude.is_none();
    let mut months = Vec::with_capacity(whole.len());
    for (at, (month, known)) in whole.into_iter().enumerate() {
        let (value, small_band) = match allowed.get(at).filter(|_| by_age) {
            Some(found) => found.clone(),
            None => (value(definition, &known)?, false),
        };
        months.push(Dot { month, known, value, small: small_band || known.numerator < LEAST });
    }
    hide(&mut months);
    Ok(Series { months, crude })
}

/// The groups of the latest twelve months add up to what those months do: of a month that is left out there must not be so few that it
/// could be worked out from the others.
fn hide(months: &mut [Dot]) {
    let from = months.len().saturating_sub(MONTHS);
    let year = &mut months[from..];
    let counts: Vec<i64> = year.iter().map(|dot| dot.known.numerator).collect();
    let shown = suppress(&counts);
    for (at, dot) in year.iter_mut().enumerate() {
        let is_shown = shown.as_ref().and_then(|shown| shown.get(at)).is_some_and(|one| matches!(one, Shown::Count(_)));
        dot.small |= !is_shown;
    }
}

/// The latest month, its value, and how complete it is; nothing where there is none, or it is too small to be shown.
#[must_use]
pub fn latest(definition: &Definition, figures: &Figures, reader: Reader) -> Option<(Month, Estimate, Value)> {
    let last = series(definition, figures, figures.revision()).ok()?.months.pop()?;
    (reader == Reader::Analyst || !last.small).then_some((last.month, last.value, last.known))
}

/// The value of some months together.
#[derive(Debug, Clone, PartialEq)]
pub struct Over {
    /// The value with its interval. Of a count it is the mean of a month.
    pub value: Estimate,
    /// Why age is not allowed for though the definition asks for it.
    pub crude: Option<String>,
}

/// The value of some months together, as known now; nothing where one of them is missing or the counts cannot be.
#[must_use]
pub fn over(definition: &Definition, figures: &Figures, months: &[Month]) -> Option<Over> {
    let known = figures.months(None, figures.revision());
    let of: Option<Vec<&Value>> = months.iter().map(|month| known.get(month)).collect();
    let sum = sum(of?.into_iter())?;
    let mut crude = None;
    if is_asked(definition) {
        let of = bands(definition, figures, figures.revision(), months);
        match of.and_then(|of| standardised(definition, &of)) {
            Ok(value) => return Some(Over { value, crude: None }),
            Err(why) => crude = Some(why.to_string()),
        }
    }
    let mut value = value(definition, &sum).ok()?;
    if definition.statistic == Statistic::Count {
        let many = months.len().max(1) as f64;
        value.value /= many;
        value.intervals = value.intervals.iter().map(|interval| interval.map(|all| all / many)).collect();
    }
    Some(Over { value, crude })
}

/// The value of the latest twelve months together, by which claims are judged; fewer months say too little.
#[must_use]
pub fn of_a_year(definition: &Definition, figures: &Figures) -> Option<Over> {
    let months: Vec<Month> = figures.months(None, figures.revision()).into_keys().collect();
    let latest = months.get(months.len().checked_sub(MONTHS)?..)?;
    over(definition, figures, latest)
}

/// The control chart of the whole, as known after so many reports.
///
/// # Errors
/// Why there is none, in a sentence.
pub fn charted(
    definition: &Definition,
    figures: &Figures,
    revision: u32,
    target: Option<f64>,
    reader: Reader,
) -> Result<Charted, String> {
    let series = series(definition, figures, revision).map_err(|error| error.to_string())?;
    let shown: Vec<&Dot> = series.months.iter().filter(|dot| reader == Reader::Analyst || !dot.small).collect();
    let withheld = series.months.len() - shown.len();
    if shown.is_empty() {
        return Err(if withheld > 0 {
            "The counts are too small to be shown."
        } else {
            "No figures have been reported yet."
        }
        .to_owned());
    }
    let observation = |dot: &&Dot| Observation { at: dot.month.first_day(), value: dot.value.value };
    let observations: Vec<Observation> = shown.iter().map(observation).collect();
    let improvement = match definition.polarity {
        Polarity::More => Improvement::Increase,
        Polarity::Less => Improvement::Decrease,
        Polarity::Neither => Improvement::Neutral,
    };
    // Months that are withheld leave gaps that are no gaps; others are refused when they are reported.
    let asked = spc::Asked { target, allow_gaps: withheld > 0, ..spc::Asked::of(improvement) };
    let chart = spc::chart(&observations, &asked).map_err(|error| error.to_string())?;
    let by_age = is_asked(definition) && series.crude.is_none();
    let title = if by_age { format!("{}, age allowed for", definition.title) } else { definition.title.clone() };
    let mut drawing = control_chart(&chart, &title, &unit(definition), target);
    behind(&mut drawing, definition, &shown, by_age, reader);
    Ok(Charted { drawing, sentence: sentence(&chart), withheld, crude: series.crude })
}

/// The interval of each month, beside what is drawn; to whoever keeps the figures also what they were made from.
fn behind(drawing: &mut Drawing, definition: &Definition, shown: &[&Dot], by_age: bool, reader: Reader) {
    let limit = |of: fn(&crate::measure::Interval) -> Option<f64>| {
        let said =
            |dot: &&Dot| dot.value.intervals.first().and_then(of).map_or_else(|| "none".to_owned(), |at| spoken(at, 3));
        shown.iter().map(said).collect::<Vec<_>>()
    };
    drawing.table.widen("lower 95%", limit(|interval| interval.lower));
    drawing.table.widen("upper 95%", limit(|interval| interval.upper));
    if reader == Reader::Anybody {
        return;
    }
    if by_age {
        let crude =
            |dot: &&Dot| value(definition, &dot.known).map_or_else(|_| "none".to_owned(), |of| spoken(of.value, 3));
        drawing.table.widen("crude", shown.iter().map(crude).collect());
    }
    drawing.table.widen("count", shown.iter().map(|dot| dot.known.numerator.to_string()).collect());
    if definition.denominator.is_some() {
        let base = |dot: &&Dot| dot.known.denominator.map_or_else(String::new, |base| base.to_string());
        drawing.table.widen("of", shown.iter().map(base).collect());
    }
}

/// So many months in a row on one side of the mean are a shift.
const RUN: usize = 7;

/// What a chart says of its last point, in one sentence that promises nothing.
#[must_use]
pub fn sentence(chart: &Chart) -> String {
    let Some(last) = chart.points.last() else { return "There is nothing to say yet.".to_owned() };
    if last.short_group {
        return "There are too few points to tell a change from what it does by itself.".to_owned();
    }
    let Some(cause) = last.cause else {
        return "No sign of a change: it moves as it does by itself.".to_owned();
    };
    // Whatever marks the last point first, a long run on one side says since when.
    let run = chart.points.iter().rev().take_while(|point| point.side == last.side && last.side != 0).count();
    let cause = if run >= RUN { SpecialCause::Shift { above: last.side > 0 } } else { cause };
    let same = |point: &&spc::Point| match cause {
        SpecialCause::Shift { .. } => point.side == last.side,
        _ => point.cause.is_some_and(|other| other.is_high() == cause.is_high()),
    };
    let first = chart.points.iter().rev().take_while(same).last().unwrap_or(last);
    let since = first.observation.at.strftime("%B %Y");
    let chance = "unlikely to be chance. Why, and whether it lasts, a chart cannot say.";
    match cause {
        SpecialCause::Outside { above } => {
            let word = if above { "high" } else { "low" };
            format!("Unusually {word} in {}; {chance}", last.observation.at.strftime("%B %Y"))
        }
        SpecialCause::Trend { rising } => {
            format!("{} since {since}; {chance}", if rising { "Rising" } else { "Falling" })
        }
        SpecialCause::TwoInThree { above } => {
            let side = if above { "upper" } else { "lower" };
            format!("Near its {side} limit twice in three; {chance}")
        }
        SpecialCause::Shift { above } => {
            format!("{} than its mean since {since}; {chance}", if above { "Higher" } else { "Lower" })
        }
    }
}

/// One split over the latest twelve months; nothing where no figures of it were reported.
#[must_use]
pub fn parts(definition: &Definition, figures: &Figures, by: Split, reader: Reader) -> Option<Parts> {
    let groups = figures.groups(by);
    let known: Vec<(Slice, BTreeMap<Month, Value>)> =
        groups.into_iter().map(|slice| (slice.clone(), figures.months(Some(&slice), figures.revision()))).collect();
    let until = *known.iter().filter_map(|(_, months)| months.keys().next_back()).max()?;
    let from = until.plus(1 - i32::try_from(MONTHS).unwrap_or_default());
    let sums: Vec<(String, Value)> = known
        .iter()
        .filter_map(|(slice, months)| {
            Some((slice.group.clone(), sum(months.range(from..=until).map(|(_, value)| value))?))
        })
        .collect();
    let counts: Vec<i64> = sums.iter().map(|(_, sum)| sum.numerator).collect();
    let shown = match reader {
        Reader::Analyst => Some(counts.iter().map(|count| Shown::Count(*count)).collect()),
        Reader::Anybody => suppress(&counts),
    };
    let one = |((group, sum), count): (&(String, Value), Shown)| Part {
        group: group.clone(),
        count,
        value: if matches!(count, Shown::Count(_)) { value(definition, sum).ok() } else { None },
    };
    let parts: Vec<Part> = shown.map_or_else(Vec::new, |shown| sums.iter().zip(shown).map(one).collect());
    let open: Vec<(&String, &Value, &Estimate)> =
        sums.iter().zip(&parts).filter_map(|((group, sum), part)| Some((group, sum, part.value.as_ref()?))).collect();
    let drawing = match by {
        Split::Deprivation => slope(definition, &open),
        Split::Neighbourhood => funnel(definition, &open),
        Split::Age | Split::Sex | Split::Ethnicity => None,
    };
    Some(Parts { by, parts, drawing, months: (from, until) })
}

/// How many times each group's value is drawn, and from what: the same figures give the same interval, always.
const DRAWS: (usize, u64) = (10_000, 2016);

fn slope(definition: &Definition, groups: &[(&String, &Value, &Estimate)]) -> Option<Drawing> {
    let group = |(_, sum, estimate): &(&String, &Value, &Estimate)| {
        let interval = estimate.intervals.first()?;
        let uncertainty = Uncertainty::Limits(interval.lower?, interval.upper?);
        Some(Group { population: sum.denominator? as f64, value: estimate.value, uncertainty })
    };
    let of: Vec<Group> = groups.iter().map(group).collect::<Option<_>>()?;
    let scale = if definition.statistic == Statistic::Rate { Scale::Rate } else { Scale::Other };
    let asked = Gap {
        scale,
        transform: false,
        multiplier: 1.0,
        repetitions: DRAWS.0,
        seed: DRAWS.1,
        confidences: vec![Confidence::NINETY_FIVE],
    };
    let found = inequality(&of, &asked).ok()?;
    let bars: Vec<Bar> = groups
        .iter()
        .zip(&of)
        .map(|((name, ..), group)| Bar { name: (*name).clone(), population: group.population, value: group.value })
        .collect();
    let title = format!("{}, by deprivation", definition.title);
    Some(inequality_chart(&bars, &found, &title, &unit(definition)))
}

fn funnel(definition: &Definition, groups: &[(&String, &Value, &Estimate)]) -> Option<Drawing> {
    let statistic = match definition.statistic {
        Statistic::Proportion => Drawn::Proportion,
        Statistic::Rate => Drawn::Rate,
        Statistic::Count | Statistic::Ratio | Statistic::Mean => return None,
    };
    let area = |(name, sum, _): &(&String, &Value, &Estimate)| {
        Some(((*name).clone(), Point { events: sum.numerator as f64, base: sum.denominator? as f64 }))
    };
    let areas: Vec<(String, Point)> = groups.iter().map(area).collect::<Option<_>>()?;
    let (title, unit) = (format!("{}, by neighbourhood", definition.title), unit(definition));
    let unit = if unit.starts_with('%') { unit } else { format!(" {unit}") };
    let funnel = Funnel { title: &title, statistic, multiplier: definition.multiplier, unit: &unit };
    funnel_chart(&areas, &funnel).ok()
}

#[cfg(test)]
mod tests;
