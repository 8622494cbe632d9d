//! A funnel: areas by their size, between the curves that chance alone would keep them in.

use super::scale::Scale;
use super::{BOTTOM, Drawing, HEIGHT, LEFT, Label, Line, Mark, RIGHT, Shape, TOP, WIDTH, spoken};
use crate::measure::MeasureError;
use crate::measure::funnel::{
    Point, Significance, Statistic, Tail, average, poisson_limit, proportion_limits, significance,
};
use crate::sheet::{Sheet, written};

/// How many sizes the curves are drawn at.
const STEPS: u32 = 80;

/// What a funnel is of.
#[derive(Debug, Clone, Copy)]
pub struct Funnel<'a> {
    /// Its title.
    pub title: &'a str,
    /// Proportions or rates.
    pub statistic: Statistic,
    /// Values are shown as so many times the share or the rate: 100 for per cent.
    pub multiplier: f64,
    /// What stands behind a value: "%", " per 1,000".
    pub unit: &'a str,
}

impl Funnel<'_> {
    /// A limit as it is drawn: sizes and values, in the values' own unit.
    fn curve(&self, average: f64, (least, most): (f64, f64), tail: Tail, high: bool) -> Vec<(f64, f64)> {
        let step = |step: u32| (f64::from(step) / f64::from(STEPS)).powi(2);
        match self.statistic {
            Statistic::Proportion => (0..=STEPS)
                .map(|at| least + (most - least) * step(at))
                .map(|size| {
                    let (lower, upper) = proportion_limits(average, size, tail);
                    (size, if high { upper.min(1.0) } else { lower.max(0.0) } * self.multiplier)
                })
                .collect(),
            // A limit is known at each count: the size at which that count is just as many (or as few) as chance would have it.
            Statistic::Rate | Statistic::Ratio => {
                let (fewest, most_events) = (least * average * 0.25, most * average * 2.0 + 20.0);
                (0..=STEPS * 3)
                    .map(|at| fewest + (most_events - fewest) * (f64::from(at) / f64::from(STEPS * 3)).powi(2))
                    .filter(|events| *events >= 1.0)
                    .map(|events| (events, poisson_limit(events, tail, high)))
                    .map(|(events, mean)| (mean / average, events / mean * average * self.multiplier))
                    .filter(|(size, _)| (least..=most).contains(size))
                    .collect()
            }
        }
    }
}

/// The drawing of a funnel, each area with its name.
///
/// # Errors
/// [`MeasureError`] of an area that cannot be one.
pub fn funnel_chart(areas: &[(String, Point)], funnel: &Funnel<'_>) -> Result<Drawing, MeasureError> {
    let title = funnel.title;
    let points: Vec<Point> = areas.iter().map(|(_, point)| *point).collect();
    let average = average(&points)?;
    let most = points.iter().map(|point| point.base).fold(1.0, f64::max);
    let least = (points.iter().map(|point| point.base).fold(most, f64::min) * 0.8).max(1.0);
    let across = Scale::between(0.0, most * 1.05, LEFT, WIDTH - RIGHT);
    let share = |point: &Point| point.events / point.base * funnel.multiplier;
    let mean = average * funnel.multiplier;
    let limits: Vec<(&'static str, Vec<(f64, f64)>)> = [(Tail::Inner, "inner"), (Tail::Outer, "limit")]
        .into_iter()
        .flat_map(|(tail, kind)| {
            [true, false].map(|high| (kind, funnel.curve(average, (least, most * 1.05), tail, high)))
        })
        .collect();
    let drawn = limits.iter().flat_map(|(_, curve)| curve.iter().map(|(_, value)| *value));
    let up = Scale::holding(points.iter().map(share).chain(drawn).chain([mean]), HEIGHT - BOTTOM, TOP);
    let mut lines = vec![Line { kind: "mean", points: vec![(LEFT, up.at(mean)), (WIDTH - RIGHT, up.at(mean))] }];
    lines.extend(limits.iter().map(|(kind, curve)| Line {
        kind,
        points: curve.iter().map(|(size, value)| (across.at(*size), up.at(*value))).collect(),
    }));
    let mut marks = Vec::with_capacity(areas.len());
    let mut outside = Vec::new();
    let mut table = Sheet::with_header(["area", "numerator", "denominator", "value", "place"]);
    for (name, point) in areas {
        let place = significance(funnel.statistic, *point, average)?;
        let (shape, kind, words) = match place {
            Significance::None => (Shape::Circle, "common", "as chance alone would have it"),
            Significance::High2 => (Shape::Triangle, "high", "higher than chance alone would have it"),
            Significance::High3 => (Shape::Triangle, "high", "much higher than chance alone would have it"),
            Significance::Low2 => (Shape::Diamond, "low", "lower than chance alone would have it"),
            Significance::Low3 => (Shape::Diamond, "low", "much lower than chance alone would have it"),
        };
        if place != Significance::None {
            outside.push(format!("{name} ({words})"));
        }
        let words =
            format!("{name}: {}{}, of {}, {words}", spoken(share(point), 1), funnel.unit, spoken(point.base, 0));
        marks.push(Mark { x: across.at(point.base), y: up.at(share(point)), shape, kind, words });
        table.push(vec![
            name.clone(),
            written(Some(point.events)),
            written(Some(point.base)),
            spoken(share(point), 1),
            place.name().to_owned(),
        ]);
    }
    let beyond =
        if outside.is_empty() { "none lies outside".to_owned() } else { format!("outside lie {}", outside.join(", ")) };
    Ok(Drawing {
        title: title.to_owned(),
        alternative: format!(
            "{title}: {} areas around an average of {}{}; {beyond}.",
            areas.len(),
            spoken(mean, 1),
            funnel.unit
        ),
        bars: Vec::new(),
        lines,
        marks,
        across: across
            .ticks()
            .into_iter()
            .map(|(number, x)| Label { x, y: HEIGHT - BOTTOM + 20.0, text: spoken(number, 0) })
            .collect(),
        up: up.ticks().into_iter().map(|(number, y)| Label { x: LEFT - 8.0, y, text: spoken(number, 2) }).collect(),
        names: vec![Label { x: WIDTH - RIGHT + 8.0, y: up.at(mean), text: format!("average {}", spoken(mean, 1)) }],
        icons: Vec::new(),
        table,
    })
}
