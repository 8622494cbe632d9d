//! The waterfall: from what stood before anything was compared, through each field's weight, to the sum, drawn by the server with
//! classes only. Colour is never alone: the side of a bar and a sign go with it, and the table has the numbers.

use askama::Template;
use askama::filters::HtmlSafe;

/// One step, in hundredths of a bit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Step {
    /// The field, or what else it is.
    pub name: String,
    /// How the two stand there.
    pub level: String,
    /// What it adds.
    pub weight: i32,
    /// The sum after it.
    pub after: i32,
}

/// The drawing.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "identity/waterfall.html")]
pub struct Waterfall {
    /// The steps in order; the last is the sum.
    pub steps: Vec<Step>,
}

impl HtmlSafe for Waterfall {}

/// A bar as it is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Bar {
    kind: &'static str,
    name: String,
    bits: String,
    x: i32,
    y: i32,
    width: i32,
    text_y: i32,
}

const WIDTH: i32 = 760;
const NAMES: i32 = 200;
const NUMBERS: i32 = 70;
const TOP: i32 = 24;
const ROW: i32 = 26;

/// Hundredths of a bit as people read them: `+7.2`, `−21.3`.
#[must_use]
pub fn bits(hundredths: i32) -> String {
    let tenths = (f64::from(hundredths) / 10.0).round() / 10.0;
    if tenths < 0.0 { format!("\u{2212}{:.1}", -tenths) } else { format!("+{tenths:.1}") }
}

impl Waterfall {
    fn width(&self) -> i32 {
        WIDTH
    }

    fn height(&self) -> i32 {
        TOP + ROW * i32::try_from(self.steps.len()).unwrap_or(0)
    }

    fn range(&self) -> (i32, i32) {
        let sums = || self.steps.iter().map(|step| step.after).chain([0]);
        (sums().min().unwrap_or(0), sums().max().unwrap_or(0))
    }

    fn at(&self, hundredths: i32) -> i32 {
        let (low, high) = self.range();
        let room = WIDTH - NAMES - NUMBERS;
        NAMES + (hundredths - low) * room / (high - low).max(1)
    }

    fn even(&self) -> i32 {
        self.at(0)
    }

    fn bars(&self) -> Vec<Bar> {
        let last = self.steps.len().saturating_sub(1);
        let mut bars = Vec::with_capacity(self.steps.len());
        let mut before = 0;
        for (y, (place, step)) in (0i32..).zip(self.steps.iter().enumerate()) {
            let (from, to, kind) = match place {
                0 => (0, step.after, "start"),
                place if place == last => (0, step.after, "sum"),
                _ if step.weight < 0 => (before, step.after, "against"),
                _ => (before, step.after, "for"),
            };
            let (left, right) = (self.at(from.min(to)), self.at(from.max(to)));
            bars.push(Bar {
                kind,
                name: step.name.clone(),
                bits: bits(if place == last { step.after } else { step.weight }),
                x: left,
                y: TOP + y * ROW,
                width: (right - left).max(1),
                text_y: TOP + y * ROW + 13,
            });
            before = step.after;
        }
        bars
    }

    fn description(&self) -> String {
        let said = self.steps.iter().map(|step| format!("{} {}", step.name, bits(step.weight)));
        format!("{}.", said.collect::<Vec<_>>().join(", "))
    }
}
