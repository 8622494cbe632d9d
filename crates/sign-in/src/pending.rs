//! Sign-ins on their way: kept here and not in the browser, each for ten minutes and one use, bound to the browser that began it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

/// How long somebody may take at the provider.
pub(crate) const PATIENCE: SignedDuration = SignedDuration::from_mins(10);
/// More than can be on their way in a borough; the oldest makes room.
const MOST: usize = 10_000;

/// One sign-in on its way.
#[derive(Clone)]
pub(crate) struct Pending {
    pub(crate) provider: usize,
    pub(crate) nonce: String,
    pub(crate) verifier: String,
    pub(crate) browser: [u8; 32],
    pub(crate) at: Timestamp,
}

/// A secret as it is kept.
pub(crate) fn hashed(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// All of them, by the hash of their state.
#[derive(Default)]
pub(crate) struct Pendings(Mutex<HashMap<[u8; 32], Pending>>);

impl Pendings {
    pub(crate) fn put(&self, state: &str, pending: Pending) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = pending.at;
        all.retain(|_, other| lives(other, now));
        if all.len() >= MOST
            && let Some(oldest) = all.iter().min_by_key(|(_, other)| other.at).map(|(key, _)| *key)
        {
            all.remove(&oldest);
        }
        all.insert(hashed(state), pending);
    }

    /// Takes one away, so that no answer is used twice; `None` where none of this browser is on its way.
    pub(crate) fn take(&self, state: &str, browser: &str, now: Timestamp) -> Option<Pending> {
        let found = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&hashed(state))?;
        (lives(&found, now) && found.browser == hashed(browser)).then_some(found)
    }
}

fn lives(pending: &Pending, now: Timestamp) -> bool {
    let gone = now.duration_since(pending.at);
    !gone.is_negative() && gone < PATIENCE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pending(minute: i64) -> Pending {
        let at = Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute);
        Pending { provider: 0, nonce: String::new(), verifier: String::new(), browser: hashed("browser"), at }
    }

    #[test]
    fn an_answer_is_taken_once_in_its_browser_and_in_time() {
        let all = Pendings::default();
        let at = |minute: i64| Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute);
        all.put("a", pending(0));
        assert!(all.take("b", "browser", at(1)).is_none());
        assert!(all.take("a", "browser", at(9)).is_some());
        assert!(all.take("a", "browser", at(9)).is_none(), "once");
        all.put("a", pending(0));
        assert!(all.take("a", "another", at(1)).is_none());
        assert!(all.take("a", "browser", at(1)).is_none(), "whoever tried, it is gone");
        all.put("a", pending(0));
        assert!(all.take("a", "browser", at(10)).is_none(), "too late");
        all.put("a", pending(10));
        assert!(all.take("a", "browser", at(9)).is_none(), "a clock that was put back");
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let all = Pendings::default();
        for number in 0..MOST + 20 {
            all.put(&number.to_string(), pending(0));
        }
        assert_eq!(all.0.lock().unwrap().len(), MOST);
    }
}
