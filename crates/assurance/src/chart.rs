//! Charts as geometry: lines, marks, ticks and words at places in a box, with a sentence that says the same and a table of the same
//! numbers. Must not know markup or colour; `web` draws it, by class names. A mark means something by its shape, so that nobody
//! has to tell colours apart.

mod control;
pub mod evidence;
mod funnel;
mod inequality;
mod parts;
mod scale;

pub use control::control_chart;
pub use funnel::{Funnel, funnel_chart};
pub use inequality::{Bar, inequality_chart};
pub use parts::{Part, part_chart};

use crate::sheet::Sheet;

/// The width of every drawing, in its own units.
pub const WIDTH: f64 = 960.0;
/// The height of every drawing.
pub const HEIGHT: f64 = 420.0;
/// Room for the labels of the vertical axis.
const LEFT: f64 = 72.0;
/// Room on the right, where limits are named.
const RIGHT: f64 = 96.0;
/// Room above.
const TOP: f64 = 24.0;
/// Room for the labels of the horizontal axis.
const BOTTOM: f64 = 48.0;

/// The shape of a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Nothing special.
    Circle,
    /// For the better.
    Triangle,
    /// For the worse.
    Diamond,
    /// Out of the ordinary, where neither way is better.
    Square,
}

/// What is marked.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Its middle, from the left.
    pub x: f64,
    /// Its middle, from above.
    pub y: f64,
    /// Its shape.
    pub shape: Shape,
    /// Its kind, as a class name.
    pub kind: &'static str,
    /// What it is, for whoever points at it or hears it read.
    pub words: String,
}

/// A line through points.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Its kind, as a class name; a kind also has its own dashes.
    pub kind: &'static str,
    /// From one to the next.
    pub points: Vec<(f64, f64)>,
}

/// A bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// Its left side.
    pub x: f64,
    /// Its top.
    pub y: f64,
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// What it is, for whoever points at it or hears it read.
    pub words: String,
}

/// A word at a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// Where, from the left.
    pub x: f64,
    /// Where, from above.
    pub y: f64,
    /// The word.
    pub text: String,
}

/// One of the two icons of a control chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Icon {
    /// Its kind, as a class name.
    pub kind: &'static str,
    /// The letter inside; none for common cause.
    pub letter: Option<char>,
    /// What it says.
    pub words: &'static str,
}

/// A drawing.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    /// What it is of.
    pub title: String,
    /// The same as the drawing, in sentences.
    pub alternative: String,
    /// Behind everything else.
    pub bars: Vec<Block>,
    /// Behind the marks.
    pub lines: Vec<Line>,
    /// In front.
    pub marks: Vec<Mark>,
    /// The words of the horizontal axis.
    pub across: Vec<Label>,
    /// The words of the vertical axis, and the height of its lines.
    pub up: Vec<Label>,
    /// Words at the ends of lines.
    pub names: Vec<Label>,
    /// The icons of a control chart.
    pub icons: Vec<Icon>,
    /// The numbers behind it.
    pub table: Sheet,
}

/// A number for people: as many digits as tell, no more than `places` after the point.
#[must_use]
pub fn spoken(number: f64, places: usize) -> String {
    let text = format!("{number:.places$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let (whole, rest) = digits.split_once('.').map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let sign = if grouped == "0" && rest.is_none() { "" } else { sign };
    rest.map_or_else(|| format!("{sign}{grouped}"), |rest| format!("{sign}{grouped}.{rest}"))
}

#[cfg(test)]
mod tests;
