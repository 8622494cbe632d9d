//! The live board: who waits for the crisis team, by the time that is left and not by who came first. Must not hide anybody whose
//! clock cannot be counted: they stand at the top.

use jiff::Timestamp;

use super::{RESPONSE, STABILISE};
use crate::clock::{Clocks, Moment, Span};
use crate::views::crisis::Line;

/// A line of the board with the clock that counts for it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The line.
    pub line: Line,
    /// Until somebody comes the two hours, from then on the 72; `None` where nothing can be counted.
    pub span: Option<Span>,
}

impl Waiting {
    /// Whole minutes left, below nought where the time is up.
    #[must_use]
    pub fn minutes_left(&self) -> Option<i64> {
        self.span.as_ref().and_then(|span| span.left.number().checked_div_euclid(60_000_000))
    }
}

/// Those for whom nobody has come before those for whom somebody has, each by the time left; first of each whose time cannot be
/// counted.
#[must_use]
pub fn by_time_left(lines: Vec<Line>, clocks: &Clocks, now: Timestamp) -> Vec<Waiting> {
    let with_clock = |line: Line| {
        let span = match line.arrived {
            None => clocks.span(RESPONSE, &[Moment::new(line.received, "crisis-referral-received")], now),
            Some(arrived) => {
                // Up or down, from then on somebody else's clock runs.
                let stepped = line.stepped.map(|at| Moment::new(at, "stepped-down"));
                let moments: Vec<Moment> = [Moment::new(arrived, "first-contact")].into_iter().chain(stepped).collect();
                clocks.span(STABILISE, &moments, now)
            }
        };
        Waiting { span: span.ok().flatten(), line }
    };
    let mut waiting: Vec<Waiting> = lines.into_iter().map(with_clock).collect();
    waiting.sort_by_key(|one| {
        let left = one.span.as_ref().map(|span| span.left.number());
        (one.line.arrived.is_some(), left, one.line.received, one.line.id)
    });
    waiting
}
