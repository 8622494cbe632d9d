//! A control chart: the values joined, the mean and limits of each group, the target, and the marks by what they mean.

use super::scale::Scale;
use super::{BOTTOM, Drawing, HEIGHT, Icon, LEFT, Label, Line, Mark, RIGHT, Shape, TOP, WIDTH, spoken};
use crate::sheet::Sheet;
use crate::spc::{Chart, Point, PointType, SpecialCause};

/// The drawing of a chart; `unit` names what is counted, such as "admissions".
#[must_use]
pub fn control_chart(chart: &Chart, title: &str, unit: &str, target: Option<f64>) -> Drawing {
    let points = &chart.points;
    let numbers = points
        .iter()
        .flat_map(|point| [Some(point.observation.value), point.limits.lower(), point.limits.upper()])
        .chain([target])
        .flatten();
    let up = Scale::holding(numbers, HEIGHT - BOTTOM, TOP);
    let across = Scale::between(0.0, (points.len().max(2) - 1) as f64, LEFT, WIDTH - RIGHT);
    let place = |index: usize| across.at(index as f64);
    let mut lines = Vec::new();
    for (from, group) in groups(points) {
        let Some(first) = group.first() else { continue };
        let (left, right) = (place(from), place(from + group.len() - 1));
        let mut level = |kind, number: Option<f64>| {
            if let Some(number) = number {
                lines.push(Line { kind, points: vec![(left, up.at(number)), (right, up.at(number))] });
            }
        };
        level("mean", Some(first.limits.mean));
        level("limit", first.limits.lower());
        level("limit", first.limits.upper());
        // Broken where the limits begin anew.
        let values =
            group.iter().enumerate().map(|(index, point)| (place(from + index), up.at(point.observation.value)));
        lines.push(Line { kind: "values", points: values.collect() });
    }
    if let Some(target) = target {
        let height = up.at(target);
        lines.push(Line { kind: "target", points: vec![(LEFT, height), (WIDTH - RIGHT, height)] });
    }
    let marks = points
        .iter()
        .enumerate()
        .map(|(index, point)| mark(point, &when(points, point), (place(index), up.at(point.observation.value)), unit));
    let last = points.last();
    let end = |words: &str, number: Option<f64>| {
        number.map(|number| Label {
            x: WIDTH - RIGHT + 8.0,
            y: up.at(number),
            text: format!("{words} {}", spoken(number, 1)),
        })
    };
    let names = [
        end("mean", last.map(|last| last.limits.mean)),
        end("upper", last.and_then(|last| last.limits.upper())),
        end("lower", last.and_then(|last| last.limits.lower())),
        end("target", target),
    ];
    let every = points.len().div_ceil(8).max(1);
    Drawing {
        title: title.to_owned(),
        alternative: alternative(chart, title, unit, target),
        bars: Vec::new(),
        marks: marks.collect(),
        across: points
            .iter()
            .enumerate()
            .step_by(every)
            .map(|(index, point)| Label {
                x: place(index),
                y: HEIGHT - BOTTOM + 20.0,
                text: point.observation.at.strftime(if monthly(points) { "%b %Y" } else { "%-d %b" }).to_string(),
            })
            .collect(),
        up: up.ticks().into_iter().map(|(number, y)| Label { x: LEFT - 8.0, y, text: spoken(number, 3) }).collect(),
        names: names.into_iter().flatten().collect(),
        icons: icons(chart),
        table: table(points),
        lines,
    }
}

/// The numbers for people; every column of the method is in [`crate::sheet::spc`].
fn table(points: &[Point]) -> Sheet {
    let mut out = Sheet::with_header(["when", "value", "mean", "lower limit", "upper limit", "marked"]);
    for point in points {
        out.push(vec![
            when(points, point),
            spoken(point.observation.value, 3),
            spoken(point.limits.mean, 1),
            point.limits.lower().map_or("none".to_owned(), |limit| spoken(limit, 1)),
            point.limits.upper().map_or("none".to_owned(), |limit| spoken(limit, 1)),
            point.cause.map_or("", reason).to_owned(),
        ]);
    }
    out
}

/// Runs of points of one group, with the place of the first.
fn groups(points: &[Point]) -> Vec<(usize, &[Point])> {
    let mut at = 0;
    points
        .chunk_by(|one, two| one.group == two.group)
        .map(|group| {
            let from = at;
            at += group.len();
            (from, group)
        })
        .collect()
}

fn mark(point: &Point, at: &str, (x, y): (f64, f64), unit: &str) -> Mark {
    let (shape, kind) = match point.kind {
        PointType::CommonCause => (Shape::Circle, "common"),
        PointType::Improvement => (Shape::Triangle, "improvement"),
        PointType::Concern => (Shape::Diamond, "concern"),
        PointType::NeutralHigh | PointType::NeutralLow => (Shape::Square, "neutral"),
    };
    let why = point.cause.map_or(String::new(), |cause| format!(", {}", reason(cause)));
    Mark { x, y, shape, kind, words: format!("{at}: {}{why}", counted(point.observation.value, unit)) }
}

/// Whether each point stands for a month: all are of the first of one.
fn monthly(points: &[Point]) -> bool {
    points.iter().all(|point| point.observation.at.day() == 1)
}

fn when(points: &[Point], point: &Point) -> String {
    point.observation.at.strftime(if monthly(points) { "%B %Y" } else { "%-d %B %Y" }).to_string()
}

/// A value with its unit: `40 falls`, `3.5%`, `12`.
fn counted(value: f64, unit: &str) -> String {
    let gap = if unit.is_empty() || unit.starts_with('%') { "" } else { " " };
    format!("{}{gap}{unit}", spoken(value, 2))
}

/// A rule in words.
fn reason(cause: SpecialCause) -> &'static str {
    match cause {
        SpecialCause::Outside { above: true } => "above the upper limit",
        SpecialCause::Outside { above: false } => "below the lower limit",
        SpecialCause::Trend { rising: true } => "one of seven rising in a row",
        SpecialCause::Trend { rising: false } => "one of seven falling in a row",
        SpecialCause::TwoInThree { above: true } => "one of two in three near the upper limit",
        SpecialCause::TwoInThree { above: false } => "one of two in three near the lower limit",
        SpecialCause::Shift { above: true } => "one of seven in a row above the mean",
        SpecialCause::Shift { above: false } => "one of seven in a row below the mean",
    }
}

fn icons(chart: &Chart) -> Vec<Icon> {
    let variation = chart.variation;
    let variation = Icon { kind: variation.name(), letter: variation.letter(), words: variation.words() };
    let assurance = chart.assurance.map(|assurance| Icon {
        kind: assurance.name(),
        letter: Some(assurance.letter()),
        words: assurance.words(),
    });
    std::iter::once(variation).chain(assurance).collect()
}

fn alternative(chart: &Chart, title: &str, unit: &str, target: Option<f64>) -> String {
    let (Some(first), Some(last)) = (chart.points.first(), chart.points.last()) else { return title.to_owned() };
    let month = |point: &Point| when(&chart.points, point);
    let marked = chart.points.iter().filter(|point| point.cause.is_some()).count();
    let mut words = format!(
        "{title}: {} points from {} to {}. The last is {}; the mean is {}",
        chart.points.len(),
        month(first),
        month(last),
        counted(last.observation.value, unit),
        spoken(last.limits.mean, 1),
    );
    match (last.limits.lower(), last.limits.upper()) {
        (Some(lower), Some(upper)) => {
            words.push_str(&format!(", with limits from {} to {}. ", spoken(lower, 1), spoken(upper, 1)));
        }
        _ => words.push_str(", and there are no limits. "),
    }
    words.push_str(&match marked {
        0 => "No point is marked. ".to_owned(),
        1 => "One point is marked. ".to_owned(),
        count => format!("{count} points are marked. "),
    });
    match last.group - first.group {
        0 => {}
        1 => words.push_str("The limits begin anew once. "),
        times => words.push_str(&format!("The limits begin anew {times} times. ")),
    }
    words.push_str(chart.variation.words());
    words.push('.');
    if let (Some(assurance), Some(target)) = (chart.assurance, target) {
        words.push_str(&format!(" The target is {}. {}.", spoken(target, 3), assurance.words()));
    }
    words
}
