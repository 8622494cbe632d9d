//! One target of the report, and when it is met.

/// What kind of number a target is; it decides the tolerance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Measure {
    /// A number of people.
    People,
    /// A number of events, which chance alone moves by its square root.
    Events,
    /// A share of so many people, from 0 to 1.
    Share {
        /// Of how many.
        of: f64,
    },
    /// A number that must be met exactly.
    Exact,
    /// One share over another, of so many people each.
    Ratio {
        /// Above.
        above: f64,
        /// Below.
        below: f64,
    },
}

/// On which scale the wanted number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// The published number times the people over the registered list of 2020.
    List,
    /// As published.
    AsItIs,
}

/// One target.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The heading it stands under.
    pub group: &'static str,
    /// What is counted.
    pub what: String,
    /// Where the wanted number comes from.
    pub source: String,
    /// What is wanted.
    pub wanted: f64,
    /// What there is.
    pub got: f64,
    /// The kind of number.
    pub measure: Measure,
    /// Why this is a comparison and not a target: two sources do not agree, and the other one is kept.
    pub note: Option<String>,
}

/// Chance stays within this many standard errors in 99 of 100 boroughs.
const NINETY_NINE: f64 = 2.576;

impl Line {
    /// What there is over what is wanted; 1 where both are nothing.
    #[must_use]
    pub fn ratio(&self) -> f64 {
        if self.wanted == 0.0 { if self.got == 0.0 { 1.0 } else { f64::INFINITY } } else { self.got / self.wanted }
    }

    /// How far `got` may be from `wanted`.
    #[must_use]
    pub fn tolerance(&self) -> f64 {
        let chance = NINETY_NINE * self.wanted.max(1.0).sqrt() + 0.5;
        match self.measure {
            Measure::People if self.wanted > 1000.0 => 0.02 * self.wanted,
            Measure::People => chance,
            Measure::Events => chance.max(0.02 * self.wanted),
            Measure::Share { of } => {
                let error = (self.wanted * (1.0 - self.wanted) / of.max(1.0)).sqrt();
                (NINETY_NINE * error).max(0.02 * self.wanted)
            }
            Measure::Exact => 0.0,
            Measure::Ratio { above, below } => {
                let error = self.wanted * (1.0 / above.max(1.0) + 1.0 / below.max(1.0)).sqrt();
                (NINETY_NINE * error).max(0.05)
            }
        }
    }

    /// Whether the target is met.
    #[must_use]
    pub fn within(&self) -> bool {
        (self.got - self.wanted).abs() <= self.tolerance()
    }

    /// A number as people read it.
    pub(super) fn shown(&self, number: f64) -> String {
        match self.measure {
            Measure::Share { .. } => format!("{:.1}%", number * 100.0),
            Measure::Ratio { .. } => format!("{number:.3}"),
            Measure::People | Measure::Events | Measure::Exact => format!("{number:.0}"),
        }
    }
}
