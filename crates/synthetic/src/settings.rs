//! What a borough is made from. Two equal settings are the same borough, to the byte.

use jiff::civil::Date;

/// Which truth the borough holds, for evaluations that must find it (or find nothing).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum World {
    /// Aligning a care home with one practice takes a tenth off its residents' emergency admissions.
    #[default]
    Effect,
    /// Alignment changes nothing.
    Null,
    /// Alignment adds 1.1 per cent.
    Harm,
}

/// What a borough is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// How many people. Everything calibrated is scaled by this over the registered list.
    pub people: u32,
    /// The seed.
    pub seed: u64,
    /// Which truth.
    pub world: World,
    /// The day the borough has reached when it is first fed: ages are as of this day, and history ends before it.
    pub today: Date,
    /// How many days of history the services send for the first feed.
    pub history_days: u16,
}

impl Settings {
    /// A borough of some people on a day, with a year of history and a true effect.
    #[must_use]
    pub fn new(people: u32, seed: u64, today: Date) -> Self {
        Self { people, seed, world: World::default(), today, history_days: 365 }
    }

    /// The first day of the history.
    #[must_use]
    pub fn history_start(&self) -> Date {
        self.today.saturating_sub(jiff::Span::new().days(i64::from(self.history_days)))
    }
}
