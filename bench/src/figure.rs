//! A figure: what was asked for, what was measured, whether that is met, and what was run to see it. Prints one table and
//! keeps one line of JSON for each. Must not measure anything itself.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use anyhow::Context;
use serde_json::{Map, Value, json};

use crate::machine::Machine;
use crate::say::say;

/// One figure.
#[derive(Debug, Clone)]
pub(crate) struct Figure {
    /// What it is.
    pub(crate) name: String,
    /// What was asked for; empty where nothing was and the number is for information.
    pub(crate) goal: String,
    /// The number.
    pub(crate) value: f64,
    /// Its unit.
    pub(crate) unit: &'static str,
    /// Whether the goal is met; `None` without a goal.
    pub(crate) met: Option<bool>,
    /// What was run.
    pub(crate) command: String,
    /// Further numbers of the same run, by name.
    pub(crate) detail: Map<String, Value>,
}

impl Figure {
    /// A number for information.
    pub(crate) fn new(name: impl Into<String>, value: f64, unit: &'static str, command: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            goal: String::new(),
            value,
            unit,
            met: None,
            command: command.into(),
            detail: Map::new(),
        }
    }

    /// It should be at least this.
    pub(crate) fn at_least(mut self, goal: f64) -> Self {
        self.goal = format!("at least {}", number(goal));
        self.met = Some(self.value >= goal);
        self
    }

    /// It should be under this.
    pub(crate) fn under(mut self, goal: f64) -> Self {
        self.goal = format!("under {}", number(goal));
        self.met = Some(self.value < goal);
        self
    }

    /// Adds a number of the same run.
    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.detail.insert(name.to_owned(), value.into());
        self
    }

    fn cells(&self) -> [String; 5] {
        let met = match self.met {
            None => "",
            Some(true) => "met",
            Some(false) => "NOT MET",
        };
        let measured = format!("{} {}", number(self.value), self.unit);
        [self.name.clone(), self.goal.clone(), measured, met.to_owned(), self.command.clone()]
    }
}

/// A number as people read it: thousands apart, as many decimals as help.
fn number(value: f64) -> String {
    if value.abs() < 10.0 && value.fract() != 0.0 {
        return format!("{value:.2}");
    }
    if value.abs() < 100.0 && value.fract() != 0.0 {
        return format!("{value:.1}");
    }
    let digits = format!("{:.0}", value.abs());
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if value < 0.0 { format!("-{text}") } else { text }
}

/// Prints the table, in Markdown, so that it can be kept as it stands.
pub(crate) fn print(machine: &Machine, figures: &[Figure]) {
    say("");
    say(machine.sentence());
    say("");
    let head = ["figure", "goal", "measured", "", "command"].map(str::to_owned);
    let rows: Vec<[String; 5]> = std::iter::once(head).chain(figures.iter().map(Figure::cells)).collect();
    let mut widths = [0; 5];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    for (index, row) in rows.iter().enumerate() {
        let cells: Vec<String> = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        say(format!("| {} |", cells.join(" | ")));
        if index == 0 {
            let rules: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
            say(format!("| {} |", rules.join(" | ")));
        }
    }
    let missed = figures.iter().filter(|figure| figure.met == Some(false)).count();
    let asked = figures.iter().filter(|figure| figure.met.is_some()).count();
    say("");
    say(format!("{} of {asked} goals are met.", asked - missed));
}

/// Appends a line of JSON for each figure to a file, making folder and file where they are missing.
pub(crate) fn save(file: &Path, machine: &Machine, figures: &[Figure]) -> anyhow::Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    let mut out = OpenOptions::new()
        .create(true)
        .append(true)
        .open(file)
        .with_context(|| format!("cannot write {}", file.display()))?;
    for figure in figures {
        let line = json!({
            "figure": figure.name, "goal": figure.goal, "measured": figure.value, "unit": figure.unit,
            "met": figure.met, "command": figure.command, "detail": figure.detail, "machine": machine.json(),
        });
        writeln!(out, "{line}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(number(1_234_567.8), "1,234,568");
        assert_eq!(number(5_000.0), "5,000");
        assert_eq!(number(4.567), "4.57");
        assert_eq!(number(45.67), "45.7");
        assert_eq!(number(5.0), "5");
    }

    #[test]
    fn a_goal_is_met_or_not() {
        let figure = |value| Figure::new("x", value, "ms", "y");
        assert_eq!(figure(4.9).under(5.0).met, Some(true));
        assert_eq!(figure(5.0).under(5.0).met, Some(false));
        assert_eq!(figure(5_000.0).at_least(5_000.0).met, Some(true));
        assert_eq!(figure(4_999.0).at_least(5_000.0).met, Some(false));
        assert_eq!(figure(1.0).met, None);
    }
}
