//! The clock that everything in the house goes by: the real one, or in a demonstration the real one moved by some days, so
//! that a borough can be shown on any day of its life. Must not be asked by the rules; they are told the time.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;

use crate::house::now;

/// A clock that may be ahead of the real one, or behind it.
#[derive(Debug, Default)]
pub(crate) struct Clock(AtomicI64);

impl Clock {
    /// The time by this clock.
    pub(crate) fn now(&self) -> Timestamp {
        let real = now();
        let moved = real.as_microsecond().saturating_add(self.0.load(Ordering::Acquire));
        Timestamp::from_microsecond(moved).unwrap_or(real)
    }

    /// From now on this clock shows `at` and goes on from there.
    pub(crate) fn set(&self, at: Timestamp) {
        self.0.store(at.as_microsecond().saturating_sub(now().as_microsecond()), Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::Clock;
    use crate::house::now;

    #[test]
    fn it_goes_on_from_where_it_is_set() {
        let clock = Clock::default();
        assert!(clock.now().duration_since(now()).abs().as_secs() < 5);
        let then = "2031-03-04T05:06:07Z".parse().unwrap();
        clock.set(then);
        let shown = clock.now().duration_since(then);
        assert!(shown.as_secs() >= 0 && shown.as_secs() < 5);
    }
}
