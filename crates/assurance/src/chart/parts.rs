//! Groups side by side: a bar for each, and a line for the whole. Groups whose value is not shown keep their place and say so.

use super::scale::Scale;
use super::{BOTTOM, Block, Drawing, HEIGHT, LEFT, Label, Line, RIGHT, TOP, WIDTH, spoken};
use crate::sheet::Sheet;

/// A part and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// What people call it.
    pub name: String,
    /// Its value; `None` where it is not shown.
    pub value: Option<f64>,
}

/// Names longer than this would run into one another.
const LONGEST: usize = 14;

/// The drawing of groups beside one another, and of the whole as a line where it has a value.
#[must_use]
pub fn part_chart(groups: &[Part], whole: Option<f64>, title: &str, unit: &str) -> Drawing {
    let values = groups.iter().filter_map(|group| group.value).chain(whole).chain([0.0]);
    let up = Scale::holding(values, HEIGHT - BOTTOM, TOP);
    let width = (WIDTH - RIGHT - LEFT) / groups.len().max(1) as f64;
    let (mut bars, mut across) = (Vec::new(), Vec::new());
    let mut table = Sheet::with_header(["group", "value"]);
    for (at, group) in groups.iter().enumerate() {
        let left = LEFT + width * at as f64;
        let said = group.value.map_or_else(|| "not shown".to_owned(), |value| format!("{} {unit}", spoken(value, 1)));
        if let Some(value) = group.value {
            let (top, foot) = (up.at(value), up.at(0.0));
            let words = format!("{}: {said}", group.name);
            bars.push(Block { x: left + width * 0.15, y: top, width: width * 0.7, height: foot - top, words });
        }
        let (x, y) = (left + width / 2.0, HEIGHT - BOTTOM + 20.0);
        across.push(Label { x, y, text: shortened(&group.name) });
        table.push(vec![group.name.clone(), said]);
    }
    let steps: Vec<String> = groups
        .iter()
        .map(|group| {
            let value = group.value.map_or_else(|| "not shown".to_owned(), |value| spoken(value, 1));
            format!("{} {value}", group.name)
        })
        .collect();
    let of_whole = whole.map_or_else(String::new, |whole| format!(" The whole: {}.", spoken(whole, 1)));
    Drawing {
        title: title.to_owned(),
        alternative: format!("{title}, {unit}: {}.{of_whole}", steps.join(", ")),
        bars,
        lines: whole
            .map(|whole| Line { kind: "mean", points: vec![(LEFT, up.at(whole)), (WIDTH - RIGHT, up.at(whole))] })
            .into_iter()
            .collect(),
        marks: Vec::new(),
        across,
        up: up.ticks().into_iter().map(|(number, y)| Label { x: LEFT - 8.0, y, text: spoken(number, 3) }).collect(),
        names: whole
            .map(|whole| Label { x: WIDTH - RIGHT + 8.0, y: up.at(whole), text: format!("whole {}", spoken(whole, 1)) })
            .into_iter()
            .collect(),
        icons: Vec::new(),
        table,
    }
}

/// A name that fits under its bar; the whole of it stands in the table and in the words.
fn shortened(name: &str) -> String {
    if name.chars().count() <= LONGEST {
        return name.to_owned();
    }
    let kept: String = name.chars().take(LONGEST - 1).collect();
    format!("{}\u{2026}", kept.trim_end())
}
