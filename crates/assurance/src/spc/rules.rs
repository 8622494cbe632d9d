//! The four rules of Making Data Count, in their order of precedence, on one group of points. Must be to the letter, oddities
//! included: the chart is to agree with everybody else's.

use super::Limits;

/// Points in a row for a trend or a shift.
const RUN: usize = 7;

/// Why a point is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpecialCause {
    /// Beyond a limit; whether the upper.
    Outside {
        /// Above the upper limit, not below the lower.
        above: bool,
    },
    /// One of seven points each above the last, or each below.
    Trend {
        /// Whether they rise.
        rising: bool,
    },
    /// One of two in three near the same limit.
    TwoInThree {
        /// Whether above the mean.
        above: bool,
    },
    /// One of seven on the same side of the mean.
    Shift {
        /// Whether above.
        above: bool,
    },
}

impl SpecialCause {
    /// Whether it is of more rather than less.
    #[must_use]
    pub fn is_high(self) -> bool {
        match self {
            Self::Outside { above } | Self::TwoInThree { above } | Self::Shift { above } => above,
            Self::Trend { rising } => rising,
        }
    }

    /// The name in NHSRplotthedots' tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Outside { above: true } => "Above UCL",
            Self::Outside { above: false } => "Below LCL",
            Self::Trend { rising: true } => "7 Point Trend (Increasing)",
            Self::Trend { rising: false } => "7 Point Trend (Decreasing)",
            Self::TwoInThree { above: true } => "2 in 3 Above CL",
            Self::TwoInThree { above: false } => "2 in 3 Below CL",
            Self::Shift { above: true } => "7 Points Above CL",
            Self::Shift { above: false } => "7 Points Below CL",
        }
    }
}

/// The first rule that marks each value of a group.
pub(super) fn special_causes(values: &[f64], limits: Limits) -> Vec<Option<SpecialCause>> {
    let sides: Vec<i8> = values.iter().map(|value| limits.side(*value)).collect();
    let near: Vec<bool> = values.iter().map(|value| limits.near(*value) == Some(true)).collect();
    let steps: Vec<i8> =
        values.windows(2).map(|pair| i8::from(pair[1] > pair[0]) - i8::from(pair[1] < pair[0])).collect();
    let in_trend = in_windows(values.len(), RUN, |from| {
        let run = &steps[from..from + RUN - 1];
        run[0] != 0 && run.iter().all(|step| *step == run[0])
    });
    let in_shift = in_windows(values.len(), RUN, |from| {
        let run = &sides[from..from + RUN];
        run[0] != 0 && run.iter().all(|side| *side == run[0])
    });
    let two_in_three = in_windows(values.len(), 3, |from| {
        let (sides, near) = (&sides[from..from + 3], &near[from..from + 3]);
        sides[0] != 0 && sides.iter().all(|side| *side == sides[0]) && near.iter().filter(|near| **near).count() >= 2
    });
    (0..values.len())
        .map(|place| {
            let above = sides[place] > 0;
            if limits.outside(values[place]) == Some(true) {
                return Some(SpecialCause::Outside { above });
            }
            if in_trend[place] {
                // Where the next point is in a trend too, the step to it decides; else the step that led here. So a point that ends
                // one trend and begins another belongs to the other; and a level step between two trends counts as falling.
                let next = in_trend.get(place + 1).copied().unwrap_or(false);
                let step =
                    if next { steps.get(place) } else { place.checked_sub(1).and_then(|before| steps.get(before)) };
                return Some(SpecialCause::Trend { rising: step == Some(&1) });
            }
            if two_in_three[place] && near[place] {
                return Some(SpecialCause::TwoInThree { above });
            }
            in_shift[place].then_some(SpecialCause::Shift { above })
        })
        .collect()
}

/// Which places lie in any window of this width that qualifies.
fn in_windows(count: usize, width: usize, qualifies: impl Fn(usize) -> bool) -> Vec<bool> {
    let mut inside = vec![false; count];
    for from in 0..(count + 1).saturating_sub(width) {
        if qualifies(from) {
            inside[from..from + width].fill(true);
        }
    }
    inside
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(values: &[f64], limits: Limits) -> Vec<&'static str> {
        special_causes(values, limits).into_iter().map(|cause| cause.map_or("-", SpecialCause::name)).collect()
    }

    const WIDE: Limits = Limits { mean: 0.0, range: Some(1000.0) };

    #[test]
    fn six_steps_one_way_are_a_trend_and_five_are_not() {
        let up = [-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0];
        assert_eq!(names(&up, WIDE), ["7 Point Trend (Increasing)"; 7]);
        assert_eq!(names(&up[..6], WIDE), ["-"; 6]);
        let level = [-3.0, -2.0, -1.0, 0.0, 0.0, 1.0, 2.0, 3.0];
        assert_eq!(names(&level, WIDE), ["-"; 8], "a level step breaks a trend");
    }

    #[test]
    fn a_point_between_two_trends_belongs_to_the_second() {
        let peak: Vec<f64> = (-6..=6_i32).map(|i| f64::from(3 - i.abs())).collect();
        let names = names(&peak, WIDE);
        assert_eq!(&names[..6], ["7 Point Trend (Increasing)"; 6]);
        assert_eq!(&names[6..], ["7 Point Trend (Decreasing)"; 7]);
    }

    #[test]
    fn a_level_step_between_two_rises_reads_as_falling() {
        let mut steps: Vec<f64> = (0..7).map(f64::from).collect();
        steps.extend((0..7).map(|i| f64::from(6 + i)));
        let names = names(&steps, Limits { mean: 0.0, range: None });
        assert_eq!(names[6], "7 Point Trend (Decreasing)", "as the R has it");
        assert_eq!(names[5], "7 Point Trend (Increasing)");
        assert_eq!(names[7], "7 Point Trend (Increasing)");
    }

    #[test]
    fn a_point_on_the_mean_breaks_a_shift() {
        let above = [1.0; 7];
        assert_eq!(names(&above, WIDE), ["7 Points Above CL"; 7]);
        let broken = [1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0];
        assert_eq!(names(&broken, WIDE), ["-"; 7]);
    }

    #[test]
    fn two_in_three_marks_only_those_near_the_limit() {
        // Limits at ±2.66, near from ±1.7733.
        let limits = Limits { mean: 0.0, range: Some(1.0) };
        assert_eq!(names(&[2.0, 1.0, 2.0], limits), ["2 in 3 Above CL", "-", "2 in 3 Above CL"]);
        assert_eq!(names(&[2.0, -1.0, 2.0], limits), ["-"; 3], "all three on one side");
        assert_eq!(names(&[2.0, 3.0, 1.0], limits), ["-", "Above UCL", "-"], "outside is not near");
        assert_eq!(names(&[-2.0, -2.0], limits), ["-"; 2], "two are not three");
        assert_eq!(names(&[2.66, 0.0], limits), ["-"; 2], "on the limit is not beyond it");
    }

    #[test]
    fn precedence_is_outside_trend_two_in_three_shift() {
        let limits = Limits { mean: 0.0, range: Some(1.0) };
        let rising = [0.5, 0.6, 0.7, 0.8, 0.9, 2.0, 2.1, 3.0];
        let names = names(&rising, limits);
        assert_eq!(names[7], "Above UCL");
        assert_eq!(&names[..7], ["7 Point Trend (Increasing)"; 7]);
    }
}
