//! Somebody whom a provider has signed in and who has several roles: what they may choose from, for ten minutes and one use,
//! until they have chosen. Nobody is signed in meanwhile.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use access::Subject;
use jiff::{SignedDuration, Timestamp};

use crate::session::hashed;

const PATIENCE: SignedDuration = SignedDuration::from_mins(10);
const MOST: usize = 10_000;

/// What somebody may choose from.
#[derive(Clone)]
pub(crate) struct Choice {
    pub(crate) subjects: Vec<Subject>,
    pub(crate) provider: String,
    pub(crate) sid: Option<String>,
    pub(crate) at: Timestamp,
}

/// Everybody who is choosing, by the SHA-256 of what their browser keeps.
#[derive(Default)]
pub(crate) struct Choices(Mutex<HashMap<[u8; 32], Choice>>);

impl Choices {
    pub(crate) fn put(&self, secret: &str, choice: Choice) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = choice.at;
        all.retain(|_, other| lives(other, now));
        if all.len() < MOST {
            all.insert(hashed(secret), choice);
        }
    }

    /// Whoever signed out at the provider meanwhile chooses no more.
    pub(crate) fn forget(&self, reader: Option<&str>, sid: Option<&str>) {
        let gone = |choice: &Choice| {
            let same = choice.subjects.iter().any(|subject| Some(subject.id.as_str()) == reader);
            same || (sid.is_some() && choice.sid.as_deref() == sid)
        };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|_, choice| !gone(choice));
    }

    /// Takes one away: a role is chosen once.
    pub(crate) fn take(&self, secret: &str, now: Timestamp) -> Option<Choice> {
        let found = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&hashed(secret))?;
        lives(&found, now).then_some(found)
    }
}

fn lives(choice: &Choice, now: Timestamp) -> bool {
    let gone = now.duration_since(choice.at);
    !gone.is_negative() && gone < PATIENCE
}
