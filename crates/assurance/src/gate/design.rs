//! Which months are compared with which, and what is allowed for beside the effect: a level and the seasons always, a trend or a
//! known earlier step where the protocol says so. Fixed at registration; must not look at any figure.

use std::f64::consts::TAU;

/// The shapes in which an effect may come, by the months over which it grows to its full size; averaged, so that nobody has to
/// guess which it is.
pub const RAMPS: [u32; 3] = [1, 6, 12];

/// The rows and columns of the comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct Design {
    months: Vec<usize>,
    start: usize,
    change: usize,
    horizon: usize,
    trend: bool,
    steps: Vec<usize>,
}

/// Why there is nothing to compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DesignError {
    /// Too few months before.
    #[error("only {kept} months of the baseline are left to compare with; at least {least} are needed")]
    ShortBaseline {
        /// How many.
        kept: usize,
        /// How many there must be.
        least: usize,
    },
    /// None after.
    #[error("there is no month after the baseline to look at")]
    NothingAfter,
}

impl Design {
    /// A baseline of `baseline` months of which the last `wash_out` are left out, and `horizon` months after it. `left_out` are
    /// further months (from 0) that are not used: registered breaks in the data.
    ///
    /// # Errors
    /// Where too little is left to compare with.
    pub fn new(baseline: usize, wash_out: usize, horizon: usize, left_out: &[usize]) -> Result<Self, DesignError> {
        let kept = baseline.saturating_sub(wash_out);
        let months =
            (0..baseline + horizon).filter(|month| (*month < kept || *month >= baseline) && !left_out.contains(month));
        let design = Self {
            months: months.collect(),
            start: baseline,
            change: baseline,
            horizon,
            trend: false,
            steps: Vec::new(),
        };
        design.checked()
    }

    /// The same with a straight trend of the area's own, which costs most of the power.
    #[must_use]
    pub fn with_trend(mut self) -> Self {
        self.trend = true;
        self
    }

    /// The same data, asking about a later change: what the first one did is allowed for as a step of any size.
    ///
    /// # Errors
    /// Where no month is left after it.
    pub fn about_later(mut self, change: usize) -> Result<Self, DesignError> {
        let end = self.start + self.horizon;
        if change <= self.start || change >= end {
            return Err(DesignError::NothingAfter);
        }
        self.steps.push(self.change);
        self.change = change;
        self.horizon = end - change;
        self.checked()
    }

    fn checked(self) -> Result<Self, DesignError> {
        let kept = self.before();
        let least = self.columns() + 5;
        if kept < least {
            return Err(DesignError::ShortBaseline { kept, least });
        }
        if self.horizon == 0 || self.months.len() == kept {
            return Err(DesignError::NothingAfter);
        }
        Ok(self)
    }

    /// The months that are used, from 0, in order.
    #[must_use]
    pub fn months(&self) -> &[usize] {
        &self.months
    }

    /// The first month after the baseline, which drift is counted from.
    #[must_use]
    pub fn start(&self) -> usize {
        self.start
    }

    /// How many months after the change there are.
    #[must_use]
    pub fn horizon(&self) -> usize {
        self.horizon
    }

    /// How many rows come before the change.
    #[must_use]
    pub fn before(&self) -> usize {
        self.months.iter().filter(|month| **month < self.change).count()
    }

    /// How many rows there are at a look, `look` months after the change.
    #[must_use]
    pub fn rows_at(&self, look: usize) -> usize {
        self.months.iter().filter(|month| **month < self.change + look).count()
    }

    /// How many months after the change a row is, from 1; 0 before it.
    #[must_use]
    pub fn since(&self, row: usize) -> usize {
        self.months.get(row).map_or(0, |month| (month + 1).saturating_sub(self.change))
    }

    /// How many columns are allowed for.
    #[must_use]
    pub fn columns(&self) -> usize {
        5 + usize::from(self.trend) + self.steps.len()
    }

    /// What is allowed for in a row: level, two seasonal waves, and whatever was asked for.
    #[must_use]
    pub fn row(&self, row: usize) -> Vec<f64> {
        let month = self.months.get(row).copied().unwrap_or_default();
        let angle = TAU * (month % 12) as f64 / 12.0;
        let (once, twice) = (angle, 2.0 * angle);
        let mut values = vec![1.0, once.sin(), once.cos(), twice.sin(), twice.cos()];
        if self.trend {
            values.push((month as f64 - self.start as f64) / 12.0);
        }
        values.extend(self.steps.iter().map(|step| f64::from(u8::from(month >= *step))));
        values
    }

    /// The effect's shapes, one list a ramp, one value a row.
    #[must_use]
    pub fn shapes(&self) -> Vec<Vec<f64>> {
        let ramped =
            |ramp: u32| (0..self.months.len()).map(|row| (self.since(row) as f64 / f64::from(ramp)).min(1.0)).collect();
        RAMPS.iter().map(|ramp| ramped(*ramp)).collect()
    }
}
