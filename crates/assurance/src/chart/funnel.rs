//! A funnel: areas by their size, between the curves that chance alone would keep them in.

use super::scale::Scale;
use super::{BOTTOM, Drawing, HEIGHT, LEFT, Label, Line, Mark, RIGHT, Shape, TOP, WIDTH, spoken};
use crate::measure::MeasureError;
use crate::measure::funnel::{Point, Significance, Statistic, Tail, average, proportion_limits, significance};
use crate::sheet::{Sheet, written};

/// How many sizes the curves are drawn at.
const STEPS: u32 = 80;

/// The drawing of a funnel of proportions, each area with its name; in per cent.
///
/// # Errors
/// [`MeasureError`] of an area that is no proportion.
pub fn funnel_chart(areas: &[(String, Point)], title: &str) -> Result<Drawing, MeasureError> {
    let points: Vec<Point> = areas.iter().map(|(_, point)| *point).collect();
    let average = average(&points)?;
    let most = points.iter().map(|point| point.base).fold(1.0, f64::max);
    let least = (points.iter().map(|point| point.base).fold(most, f64::min) * 0.8).max(1.0);
    let across = Scale::between(0.0, most * 1.05, LEFT, WIDTH - RIGHT);
    let share = |point: &Point| point.events / point.base * 100.0;
    let limits = |size: f64, tail| {
        let (low, high) = proportion_limits(average, size, tail);
        (low.clamp(0.0, 1.0) * 100.0, high.clamp(0.0, 1.0) * 100.0)
    };
    let widest = limits(least, Tail::Outer);
    let up = Scale::holding(points.iter().map(share).chain([widest.0, widest.1]), HEIGHT - BOTTOM, TOP);
    let sizes = || (0..=STEPS).map(|step| least + (most * 1.05 - least) * (f64::from(step) / f64::from(STEPS)).powi(2));
    let mut lines = vec![Line {
        kind: "mean",
        points: vec![(LEFT, up.at(average * 100.0)), (WIDTH - RIGHT, up.at(average * 100.0))],
    }];
    for (tail, kind) in [(Tail::Inner, "inner"), (Tail::Outer, "limit")] {
        let curve = |side: &dyn Fn((f64, f64)) -> f64| {
            sizes().map(|size| (across.at(size), up.at(side(limits(size, tail))))).collect()
        };
        lines.push(Line { kind, points: curve(&|both| both.0) });
        lines.push(Line { kind, points: curve(&|both| both.1) });
    }
    let mut marks = Vec::with_capacity(areas.len());
    let mut outside = Vec::new();
    let mut table = Sheet::with_header(["area", "numerator", "denominator", "per cent", "place"]);
    for (name, point) in areas {
        let place = significance(Statistic::Proportion, *point, average)?;
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
        let words = format!("{name}: {}% of {}, {words}", spoken(share(point), 1), spoken(point.base, 0));
        marks.push(Mark { x: across.at(point.base), y: up.at(share(point)), shape, kind, words });
        table.push(vec![
            name.clone(),
            written(Some(point.events)),
            written(Some(point.base)),
            written(Some(share(point))),
            place.name().to_owned(),
        ]);
    }
    let beyond =
        if outside.is_empty() { "none lies outside".to_owned() } else { format!("outside lie {}", outside.join(", ")) };
    Ok(Drawing {
        title: title.to_owned(),
        alternative: format!(
            "{title}: {} areas around an average of {}%; {beyond}.",
            areas.len(),
            spoken(average * 100.0, 1)
        ),
        bars: Vec::new(),
        lines,
        marks,
        across: across
            .ticks()
            .into_iter()
            .map(|(number, x)| Label { x, y: HEIGHT - BOTTOM + 20.0, text: spoken(number, 0) })
            .collect(),
        up: up
            .ticks()
            .into_iter()
            .map(|(number, y)| Label { x: LEFT - 8.0, y, text: format!("{}%", spoken(number, 2)) })
            .collect(),
        names: vec![Label {
            x: WIDTH - RIGHT + 8.0,
            y: up.at(average * 100.0),
            text: format!("average {}%", spoken(average * 100.0, 1)),
        }],
        icons: Vec::new(),
        table,
    })
}
