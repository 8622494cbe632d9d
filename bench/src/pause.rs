//! Waiting until a moment: the one thing that a measurement does with the clock besides reading it.

use std::time::{Duration, Instant};

/// Waits so long.
pub(crate) fn pause(time: Duration) {
    until(Instant::now() + time);
}

/// Waits until then; at once if it has passed.
pub(crate) fn until(moment: Instant) {
    // Parking may end early, so ask again.
    while let Some(left) = moment.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) {
        std::thread::park_timeout(left);
    }
}
