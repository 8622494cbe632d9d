//! How many beds the proven fall sets free. Proven that something fell is not proven that a ward may close: beds are counted from
//! the lower limit of the fall, in the month that sets free the fewest, less every reserve. Must not round up.

use serde::{Deserialize, Serialize};

/// What one month of the year asks of the beds in question: emergency patients of everybody, wherever they are registered.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Demand {
    /// Which month, January is 1.
    pub month: u32,
    /// Beds in use on an average day of it, before.
    pub mean: f64,
    /// Beds in use on its 95th of 100 days.
    pub high: f64,
    /// The share of those beds that the population measured fills; others (a quarter of a hospital's work, perhaps) stay.
    pub share: f64,
}

/// Beds that must be kept for something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reserve {
    /// For what.
    pub name: String,
    /// How many.
    pub beds: u32,
}

/// What a fall sets free.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Freed {
    /// Beds that could go, after every reserve; never above what the tightest month allows.
    pub beds: u32,
    /// Before reserves.
    pub before_reserves: u32,
    /// The month that sets free the fewest.
    pub tightest: u32,
}

impl Demand {
    /// The 95th-centile demand once the measured population's need has fallen by a share. The spread of a count shrinks as the
    /// root of its mean, so that the high days fall by less than the average.
    #[must_use]
    pub fn high_after(&self, reduction: f64) -> f64 {
        let left = self.left(reduction);
        self.mean * left + (self.high - self.mean) * left.sqrt()
    }

    fn left(&self, reduction: f64) -> f64 {
        (1.0 - self.share * reduction).clamp(0.0, 1.0)
    }

    /// How many of its own standard deviations of demand the beds stand above the mean: more is safer.
    #[must_use]
    pub fn margin(&self, beds: f64, reduction: f64) -> f64 {
        let left = self.left(reduction);
        let spread = (self.high - self.mean) * left.sqrt();
        if spread <= 0.0 { f64::INFINITY } else { (beds - self.mean * left) / spread }
    }
}

/// The beds that a proven reduction (a share, from its lower limit) sets free.
#[must_use]
pub fn freed(demand: &[Demand], reduction: f64, reserves: &[Reserve]) -> Freed {
    let mut fewest = Freed { beds: 0, before_reserves: u32::MAX, tightest: 0 };
    for month in demand {
        // Rounded down, and a hair more, so that rounding of the last digit never makes a bed.
        let beds = (month.high - month.high_after(reduction) - 1e-9).floor().clamp(0.0, f64::from(u32::MAX)) as u32;
        if beds < fewest.before_reserves {
            fewest = Freed { beds, before_reserves: beds, tightest: month.month };
        }
    }
    if fewest.before_reserves == u32::MAX {
        fewest.before_reserves = 0;
    }
    let kept: u32 = reserves.iter().map(|reserve| reserve.beds).fold(0, u32::saturating_add);
    Freed { beds: fewest.before_reserves.saturating_sub(kept), ..fewest }
}

/// The months in which an emergency would find a bed less often than before, were `released` of `beds` closed.
#[must_use]
pub fn tighter(demand: &[Demand], beds: u32, released: u32, reduction: f64) -> Vec<u32> {
    let after = f64::from(beds.saturating_sub(released));
    let is_tighter = |month: &&Demand| month.margin(after, reduction) < month.margin(f64::from(beds), 0.0);
    demand.iter().filter(is_tighter).map(|month| month.month).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn year(share: f64) -> Vec<Demand> {
        (1..=12)
            .map(|month| Demand {
                month,
                mean: 300.0 + 5.0 * f64::from(month),
                high: 340.0 + 5.0 * f64::from(month),
                share,
            })
            .collect()
    }

    #[test]
    fn the_tightest_month_counts_and_reserves_come_off() {
        // January: 345 high, 305 mean; a tenth of three quarters: 305 * .925 + 40 * sqrt(.925) = 320.6; 24 set free.
        let reserves = [Reserve { name: "Healthier Together".to_owned(), beds: 10 }];
        let freed = freed(&year(0.75), 0.10, &reserves);
        assert_eq!(freed, Freed { beds: 14, before_reserves: 24, tightest: 1 });
    }

    #[test]
    fn more_beds_closed_than_set_free_leaves_an_emergency_worse_off() {
        assert!(tighter(&year(0.75), 380, 20, 0.10).is_empty());
        assert!(!tighter(&year(0.75), 380, 60, 0.10).is_empty());
        assert_eq!(tighter(&year(0.75), 380, 1, 0.0).len(), 12);
    }

    proptest::proptest! {
        /// A larger fall never sets fewer beds free, and none sets none free.
        #[test]
        fn a_larger_fall_never_frees_fewer(share in 0.0_f64..1.0, small in 0.0_f64..0.4, more in 0.0_f64..0.4, kept in 0_u32..20) {
            let reserves = [Reserve { name: String::new(), beds: kept }];
            let (less, greater) = (freed(&year(share), small, &reserves), freed(&year(share), small + more, &reserves));
            proptest::prop_assert!(less.beds <= greater.beds);
            proptest::prop_assert_eq!(freed(&year(share), 0.0, &[]).beds, 0);
            proptest::prop_assert!(f64::from(less.before_reserves) <= 400.0 * share * small + 1.0);
        }
    }
}
