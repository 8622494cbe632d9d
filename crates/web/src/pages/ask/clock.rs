//! One clock of an ask: what is promised, how much is left, and by which policy. Drawn as a bar with its words beside it, so that
//! neither colour nor length says anything alone.

use crate::components::{Colour, Tag};
use askama::Template;
use askama::filters::HtmlSafe;

/// How a clock stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Standing {
    /// It runs, and there is time.
    #[default]
    Running,
    /// It runs, and most of the time is gone.
    Soon,
    /// It runs, and the time is over.
    Late,
    /// It rests: outside its hours, or paused.
    Resting,
    /// It stopped in time.
    Met,
    /// It stopped too late.
    Missed,
    /// It does not count any more.
    Void,
}

impl Standing {
    /// In a word, for the tag.
    const fn word(self) -> &'static str {
        match self {
            Self::Running => "In time",
            Self::Soon => "Soon due",
            Self::Late => "Late",
            Self::Resting => "Resting",
            Self::Met => "Met",
            Self::Missed => "Missed",
            Self::Void => "Does not count",
        }
    }

    const fn colour(self) -> Colour {
        match self {
            Self::Running | Self::Resting => Colour::Blue,
            Self::Soon => Colour::Orange,
            Self::Late | Self::Missed => Colour::Red,
            Self::Met => Colour::Green,
            Self::Void => Colour::Grey,
        }
    }

    /// The class of its bar.
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Running | Self::Met => "weft-clock__bar",
            Self::Soon => "weft-clock__bar weft-clock__bar--soon",
            Self::Late | Self::Missed => "weft-clock__bar weft-clock__bar--late",
            Self::Resting | Self::Void => "weft-clock__bar weft-clock__bar--rest",
        }
    }
}

/// A clock.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "ask/clock.html")]
pub struct ClockLine {
    /// What is promised: `Somebody there within 2 hours`.
    pub name: String,
    /// How it stands: `1 hour 12 minutes left, until 11:56 today`.
    pub words: String,
    /// How it stands, for the tag and the bar.
    pub standing: Standing,
    /// How much of the time is gone, of 100.
    pub gone: u8,
    /// By which policy: `Two-hour crisis response, version of 2026`.
    pub policy: String,
    /// The rule was not checked against its source.
    pub unverified: bool,
}

impl HtmlSafe for ClockLine {}

impl ClockLine {
    fn tag(&self) -> Tag {
        Tag::new(self.standing.word()).coloured(self.standing.colour())
    }

    fn left(&self) -> u8 {
        100 - self.gone.min(100)
    }

    fn bar(&self) -> &'static str {
        self.standing.class()
    }
}
