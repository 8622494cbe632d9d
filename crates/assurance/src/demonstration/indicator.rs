//! Invented indicators: three years of months for some, their groups, their lives, one month that was restated.

use jiff::Timestamp;
use store::Write;

use super::{INVENTED, SEED, after, latest, tell};
use crate::gate::draw::Draw;
use crate::gate::month::Month;
use crate::indicator::{Definition, Event, Figure, Figures, Life, Report, Slice, Split, Statistic, Target, reading};
use crate::views::indicator::{figures_stream, life_stream};

/// How many months there are.
const MONTHS: i32 = 36;
/// How many make the baseline.
const BASELINE: i32 = 12;
const BY: &str = "persona|analyst";

/// How an indicator's figures come about.
struct Model {
    id: &'static str,
    /// On top, in a month.
    mean: f64,
    /// Below, in a month; nothing for a count.
    base: Option<f64>,
    /// How much winter adds, as a share.
    winter: f64,
    /// The change from eight months before the end, as a share.
    change: f64,
    /// What good looks like, where it is agreed here.
    good: Option<f64>,
}

const MODELS: [Model; 9] = [
    Model {
        id: "emergency-admissions",
        mean: 2_600.0,
        base: Some(25_400.0),
        winter: 0.05,
        change: -0.03,
        good: Some(95.0),
    },
    Model {
        id: "emergency-admissions-65-and-over",
        mean: 1_050.0,
        base: Some(4_800.0),
        winter: 0.03,
        change: -0.14,
        good: Some(200.0),
    },
    Model { id: "admissions-from-care-homes", mean: 96.0, base: Some(160.0), winter: 0.02, change: -0.22, good: None },
    Model { id: "four-hours", mean: 6_900.0, base: Some(7_800.0), winter: -0.04, change: 0.0, good: None },
    Model { id: "eighteen-weeks", mean: 18_450.0, base: Some(20_000.0), winter: 0.0, change: 0.0, good: None },
    Model { id: "dementia-diagnosis", mean: 2_560.0, base: Some(3_700.0), winter: 0.0, change: 0.03, good: None },
    Model { id: "delayed-transfers", mean: 690.0, base: Some(16_500.0), winter: 0.06, change: 0.0, good: None },
    Model {
        id: "emergency-admissions-beside-others",
        mean: 2_600.0,
        base: Some(1_930.0),
        winter: 0.0,
        change: -0.03,
        good: None,
    },
    Model { id: "intermediate-tier-services", mean: 19.0, base: None, winter: 0.0, change: -0.5, good: Some(6.0) },
];

pub(super) fn begin(
    write: &mut Write<'_>,
    definitions: &[Definition],
    neighbourhoods: &[String],
    now: Timestamp,
) -> store::Result<()> {
    let until = latest(now);
    for (number, definition) in (0..).zip(definitions) {
        let model = MODELS.iter().find(|model| *definition.id == *model.id);
        let figures = model.map_or_else(Vec::new, |model| figures(model, definition, neighbourhoods, until, number));
        if !figures.is_empty() {
            report(write, definition, figures, until)?;
        }
        life(write, definition, model, until)?;
    }
    Ok(())
}

/// The whole, month by month, and its groups, which add up to it.
fn figures(
    model: &Model,
    definition: &Definition,
    neighbourhoods: &[String],
    until: Month,
    number: u64,
) -> Vec<Figure> {
    let mut draw = Draw::new(SEED, 12, number);
    let mut all = Vec::new();
    for at in 0..MONTHS {
        let month = until.plus(at + 1 - MONTHS);
        let winter = 1.0 + if month.is_winter() { model.winter } else { 0.0 };
        let changed = 1.0 + if at >= MONTHS - 8 { model.change } else { 0.0 };
        let mean = model.mean * winter * changed;
        let numerator = match (definition.statistic, model.base) {
            // What is counted on one day hardly moves.
            (Statistic::Count, _) => mean.round(),
            (Statistic::Proportion, Some(base)) => {
                (mean + (mean * (1.0 - mean / base)).sqrt() * 2.0 * draw.normal()).round().clamp(0.0, base)
            }
            _ => {
                let level = mean * (1.0 + 0.015 * draw.normal());
                draw.count(level)
            }
        } as i64;
        let denominator = model.base.map(|base| base.round() as i64);
        let whole = Figure { month, slice: None, numerator, denominator, complete: 1_000 };
        for by in &definition.splits {
            let groups = groups(definition, *by, neighbourhoods);
            let tops = apportioned(numerator, groups.iter().map(|group| group.1));
            let bases = denominator.map(|base| apportioned(base, groups.iter().map(|group| group.2)));
            for (at, (group, ..)) in groups.iter().enumerate() {
                let denominator = bases.as_ref().and_then(|bases| bases.get(at).copied());
                let most = if definition.statistic == Statistic::Proportion { denominator } else { None };
                let top = tops.get(at).copied().unwrap_or_default();
                all.push(Figure {
                    slice: Some(Slice { by: *by, group: group.clone() }),
                    numerator: most.map_or(top, |most| top.min(most)),
                    denominator,
                    ..whole.clone()
                });
            }
        }
        all.push(whole);
    }
    all
}

/// The groups of a split: name, share of the events, share of the people.
fn groups(definition: &Definition, by: Split, neighbourhoods: &[String]) -> Vec<(String, f64, f64)> {
    let fixed = |groups: &[(&str, f64, f64)]| {
        groups.iter().map(|(name, top, base)| ((*name).to_owned(), *top, *base)).collect::<Vec<_>>()
    };
    match by {
        Split::Age if definition.age.is_some() => bands(definition),
        Split::Age => fixed(&[("Under 75", 0.30, 0.52), ("75 to 84", 0.38, 0.33), ("85 and over", 0.32, 0.15)]),
        Split::Sex => fixed(&[("Female", 0.54, 0.53), ("Male", 0.46, 0.47)]),
        Split::Ethnicity => Vec::new(),
        Split::Deprivation => fixed(&[
            ("1, most deprived", 0.27, 0.19),
            ("2", 0.22, 0.20),
            ("3", 0.19, 0.20),
            ("4", 0.17, 0.21),
            ("5, least deprived", 0.15, 0.20),
        ]),
        Split::Neighbourhood => {
            // Not all alike: one has more than its share, one so little that it is withheld.
            let share = |at: usize| [0.14, 0.17, 0.16, 0.15, 0.13, 0.12, 0.125, 0.005][at % 8];
            let people = |at: usize| [0.14, 0.13, 0.16, 0.15, 0.13, 0.12, 0.12, 0.05][at % 8];
            neighbourhoods.iter().enumerate().map(|(at, name)| (name.clone(), share(at), people(at))).collect()
        }
    }
}

/// The bands of a definition: older people are more than in the standard, and need more.
fn bands(definition: &Definition) -> Vec<(String, f64, f64)> {
    let of = definition.age.iter().flat_map(|age| &age.bands).enumerate();
    of.map(|(at, band)| {
        let step = at as f64;
        let people = band.standard.unwrap_or(1.0) * (1.0 + 0.15 * step);
        (band.group.clone(), people * (1.0 + 1.4 * step), people)
    })
    .collect()
}

/// A whole in parts of these weights, which add up to it.
fn apportioned(whole: i64, weights: impl Iterator<Item = f64> + Clone) -> Vec<i64> {
    let all: f64 = weights.clone().sum();
    let mut before = 0;
    let mut reached = 0.0;
    weights
        .map(|weight| {
            reached += weight;
            let upto = (whole as f64 * reached / all).round() as i64;
            let part = upto - before;
            before = upto;
            part
        })
        .collect()
}

/// Reported up to three months before the end, then to the end; one month was too low at first.
fn report(write: &mut Write<'_>, definition: &Definition, figures: Vec<Figure>, until: Month) -> store::Result<()> {
    let id = figures_stream(&definition.id, definition.edition);
    let (mut first, mut rest): (Vec<Figure>, Vec<Figure>) =
        figures.into_iter().partition(|figure| figure.month <= until.plus(-3));
    let mut reason = None;
    if *definition.id == *"emergency-admissions-65-and-over" {
        let late = until.plus(-4);
        // Missing from the whole, and from the first group of each split.
        let mut met = Vec::new();
        for figure in first.iter_mut().filter(|figure| figure.month == late) {
            let by = figure.slice.as_ref().map(|slice| slice.by);
            if met.contains(&by) {
                continue;
            }
            met.push(by);
            rest.push(figure.clone());
            figure.numerator -= 41;
            figure.complete = 958;
        }
        if !met.is_empty() {
            reason = Some(format!("Admissions to hospitals elsewhere were returned late {INVENTED}"));
        }
    }
    let asked = |figures, reason| Report { by: BY.to_owned(), definition: definition.clone(), figures, reason };
    tell::<Figures>(write, id, asked(first, None), after(until.plus(-3), 9))?;
    tell::<Figures>(write, id, asked(rest, reason), after(until, 9)).map(|_| ())
}

/// As far as it has come: those without figures are adopted and wait for them.
fn life(write: &mut Write<'_>, definition: &Definition, model: Option<&Model>, until: Month) -> store::Result<()> {
    let id = life_stream(&definition.id, definition.edition);
    let (group, board) =
        (format!("Expert reference group {INVENTED}"), format!("Integrated commissioning board {INVENTED}"));
    let first = until.plus(1 - MONTHS);
    let mut steps = vec![
        (
            after(first.plus(-9), 2),
            Event::LongListed {
                indicator: definition.id.to_string(),
                edition: definition.edition,
                national: definition.national,
                group: group.clone(),
                why: definition.why.clone(),
            },
        ),
        (after(first.plus(-7), 2), Event::ShortListed { group, why: "It can be counted as it is defined.".to_owned() }),
        (after(first.plus(-5), 2), Event::Adopted { body: board.clone() }),
    ];
    if let Some(model) = model {
        let last = first.plus(BASELINE - 1);
        let figures = crate::views::indicator::figures(write.tx(), &definition.id, definition.edition)?;
        let months: Vec<Month> = (0..BASELINE).map(|at| first.plus(at)).collect();
        let value = reading::over(definition, &figures, &months).map_or(0.0, |found| found.value.value);
        let baselined = Event::Baselined { from: first.first_day(), until: last.last_day(), value };
        steps.push((after(last, 20), baselined));
        let good = definition.target.clone().or(model.good.map(|value| Target { value, by: None }));
        if let Some(target) = good {
            steps.push((after(last, 60), Event::GoodAgreed { target, body: board }));
        }
    }
    for (at, step) in steps {
        tell::<Life>(write, id, step, at)?;
    }
    Ok(())
}
