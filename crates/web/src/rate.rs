//! Limits on how fast anybody may sign in or search: a bucket of turns for each, refilled as time passes. Whoever has used
//! theirs up is told when to come back. Pure: the time is an argument. Must not know who is behind a key.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

/// How many turns a minute; zero is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates {
    /// Attempts to sign in, from one address.
    pub sign_in: u32,
    /// Searches by one session, on the pages and at the API.
    pub search: u32,
}

impl Default for Rates {
    /// What a person can do by hand, with room for an office behind one address.
    fn default() -> Self {
        Self { sign_in: 60, search: 600 }
    }
}

/// What is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Turn {
    /// To try to sign in.
    SignIn,
    /// To search.
    Search,
}

/// The most keys remembered; more, and those that are full again are forgotten.
const MOST: usize = 100_000;

/// Everybody's buckets.
#[derive(Debug)]
pub(crate) struct Buckets {
    rates: Rates,
    held: Mutex<HashMap<(Turn, [u8; 32]), Bucket>>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    /// Microseconds of refilling that are owed: full at nothing owed, empty at a minute.
    owed: i64,
    at: Timestamp,
}

const MINUTE: i64 = 60_000_000;

impl Buckets {
    pub(crate) fn new(rates: Rates) -> Self {
        Self { rates, held: Mutex::default() }
    }

    /// Takes a turn for a key.
    ///
    /// # Errors
    /// How long to wait, where there is none left.
    pub(crate) fn take(&self, turn: Turn, key: &[u8], now: Timestamp) -> Result<(), SignedDuration> {
        let rate = match turn {
            Turn::SignIn => self.rates.sign_in,
            Turn::Search => self.rates.search,
        };
        if rate == 0 {
            return Ok(());
        }
        // A turn costs as much refilling as lies between two of them.
        let cost = MINUTE / i64::from(rate);
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.len() >= MOST {
            held.retain(|_, bucket| bucket.owes(now) > 0);
            if held.len() >= MOST {
                held.clear();
            }
        }
        let bucket = held.entry((turn, store::blob::sha256(key))).or_insert(Bucket { owed: 0, at: now });
        let owed = bucket.owes(now) + cost;
        if owed > MINUTE {
            return Err(SignedDuration::from_micros(owed - MINUTE));
        }
        *bucket = Bucket { owed, at: now };
        Ok(())
    }
}

impl Bucket {
    /// What is owed by now. A clock that was put back refills nothing.
    fn owes(&self, now: Timestamp) -> i64 {
        let passed = now.duration_since(self.at).as_micros().max(0);
        self.owed.saturating_sub(i64::try_from(passed).unwrap_or(i64::MAX)).max(0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn buckets(search: u32) -> Buckets {
        Buckets::new(Rates { sign_in: 2, search })
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + seconds).unwrap()
    }

    #[test]
    fn a_minute_holds_its_turns_and_then_one_comes_back_at_a_time() {
        let buckets = buckets(6);
        for _ in 0..6 {
            assert_eq!(buckets.take(Turn::Search, b"one", at(0)), Ok(()));
        }
        assert_eq!(buckets.take(Turn::Search, b"one", at(0)), Err(SignedDuration::from_secs(10)));
        assert_eq!(buckets.take(Turn::Search, b"two", at(0)), Ok(()), "another key has its own");
        assert_eq!(buckets.take(Turn::SignIn, b"one", at(0)), Ok(()), "another kind, too");
        assert_eq!(buckets.take(Turn::Search, b"one", at(10)), Ok(()));
        assert!(buckets.take(Turn::Search, b"one", at(10)).is_err());
        assert!(buckets.take(Turn::Search, b"one", at(5)).is_err(), "a clock put back gives nothing");
    }

    #[test]
    fn none_is_no_limit() {
        let buckets = buckets(0);
        assert!((0..10_000).all(|_| buckets.take(Turn::Search, b"one", at(0)).is_ok()));
    }

    proptest! {
        /// However the turns are spread, no stretch of time gives more than a full bucket and what it refills.
        #[test]
        fn no_stretch_gives_more_than_it_may(rate in 1_u32..50, steps in prop::collection::vec(0_i64..20, 1..200)) {
            let buckets = buckets(rate);
            let (mut now, mut taken) = (0, Vec::new());
            for step in steps {
                now += step;
                if buckets.take(Turn::Search, b"one", at(now)).is_ok() {
                    taken.push(now);
                }
            }
            for (first, from) in taken.iter().enumerate() {
                for (last, until) in taken.iter().enumerate().skip(first) {
                    let most = i64::from(rate) + (until - from) * i64::from(rate) / 60 + 1;
                    prop_assert!(i64::try_from(last - first + 1).unwrap() <= most);
                }
            }
        }
    }
}
