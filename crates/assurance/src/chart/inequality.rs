//! Inequality: a bar for each group of the social scale, as wide as its share of the people, and the fitted line from end to end.

use super::scale::Scale;
use super::{BOTTOM, Block, Drawing, HEIGHT, LEFT, Label, Line, RIGHT, TOP, WIDTH, spoken};
use crate::measure::inequality::Inequality;
use crate::sheet::{Sheet, written};

/// A group and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// What people call it: "most deprived fifth".
    pub name: String,
    /// People in it.
    pub population: f64,
    /// Its value.
    pub value: f64,
}

/// The drawing of groups, the most deprived first, and the line that was fitted to them.
#[must_use]
pub fn inequality_chart(groups: &[Bar], found: &Inequality, title: &str, unit: &str) -> Drawing {
    let all: f64 = groups.iter().map(|group| group.population).sum();
    let ends = (found.intercept, found.least);
    let up = Scale::holding(groups.iter().map(|group| group.value).chain([0.0, ends.0, ends.1]), HEIGHT - BOTTOM, TOP);
    let across = Scale::between(0.0, all, LEFT, WIDTH - RIGHT);
    let (mut before, mut bars, mut names) = (0.0, Vec::new(), Vec::new());
    let mut table = Sheet::with_header(["group", "population", "value"]);
    for group in groups {
        let (left, right) = (across.at(before), across.at(before + group.population));
        before += group.population;
        let (top, foot) = (up.at(group.value.max(0.0)), up.at(group.value.min(0.0)));
        let words = format!("{}: {} {unit}", group.name, spoken(group.value, 1));
        bars.push(Block { x: left, y: top, width: right - left, height: foot - top, words });
        names.push(Label { x: (left + right) / 2.0, y: HEIGHT - BOTTOM + 20.0, text: group.name.clone() });
        table.push(vec![group.name.clone(), written(Some(group.population)), written(Some(group.value))]);
    }
    let limits =
        found.slope.intervals.first().map_or(String::new(), |interval| match (interval.lower, interval.upper) {
            (Some(lower), Some(upper)) => format!(" (between {} and {})", spoken(lower, 1), spoken(upper, 1)),
            _ => String::new(),
        });
    let steps: Vec<String> = groups.iter().map(|group| format!("{} {}", group.name, spoken(group.value, 1))).collect();
    Drawing {
        title: title.to_owned(),
        alternative: format!(
            "{title}, {unit}: {}. From the most to the least deprived the line changes by {}{limits}.",
            steps.join(", "),
            spoken(found.slope.value, 1)
        ),
        bars,
        lines: vec![Line { kind: "slope", points: vec![(LEFT, up.at(ends.0)), (WIDTH - RIGHT, up.at(ends.1))] }],
        marks: Vec::new(),
        across: names,
        up: up.ticks().into_iter().map(|(number, y)| Label { x: LEFT - 8.0, y, text: spoken(number, 3) }).collect(),
        names: Vec::new(),
        icons: Vec::new(),
        table,
    }
}
