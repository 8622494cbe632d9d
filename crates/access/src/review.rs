//! Reviews: a privacy officer has looked into a pattern and says in words what they found. It then leaves the list until
//! something newer than the review falls under it. Must not judge anybody: a pattern is no finding, and its review is words.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::{Aggregate, Refused, Write};
use uuid::Uuid;

use crate::look::Subject;

/// The fewest letters of a review: less says nothing to whoever reads it in a year.
const LEAST: usize = 10;
/// The most.
pub const MOST: usize = 2_000;

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// Somebody has looked into a pattern.
    Reviewed {
        /// The officer.
        by: Subject,
        /// What kind of pattern, by its word.
        pattern: String,
        /// Whose looks, by their id, where they are one reader's.
        reader: Option<String>,
        /// Whose record, where it is one person's.
        person: Option<Uuid>,
        /// What they found.
        words: String,
    },
}

/// A review to be written down.
#[derive(Debug, Clone)]
pub struct Review {
    /// The officer.
    pub by: Subject,
    /// What kind of pattern, by its word.
    pub pattern: String,
    /// Whose looks.
    pub reader: Option<String>,
    /// Whose record.
    pub person: Option<Uuid>,
    /// What they found.
    pub words: String,
}

/// Why a review is not taken.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Unreviewed {
    /// Too few words.
    #[error("say in a sentence what you found")]
    TooShort,
    /// Too many.
    #[error("say it in at most {MOST} letters; keep the rest in the case file")]
    TooLong,
    /// They may not.
    #[error("only somebody who watches over who looks can mark a pattern as looked into")]
    NotTheirs,
    /// One's own looks are for a colleague to review.
    #[error("these are your own looks; ask a colleague to look into them")]
    OwnLooks,
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl store::Troubled for Unreviewed {
    fn trouble(&self) -> Option<&store::Error> {
        match self {
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

/// The reviews of one pattern.
#[derive(Debug, Default)]
pub(crate) struct Reviewed;

impl Aggregate for Reviewed {
    const KIND: &'static str = "review";
    type Command = Review;
    type Event = Event;
    type Refusal = Unreviewed;

    fn decide(&self, review: Review, _at: Timestamp) -> Result<Vec<Event>, Unreviewed> {
        let Review { by, pattern, reader, person, words } = review;
        let words = words.trim().to_owned();
        if !by.assured || by.role != crate::Role::PrivacyOfficer {
            return Err(Unreviewed::NotTheirs);
        }
        if reader.as_ref() == Some(&by.id) {
            return Err(Unreviewed::OwnLooks);
        }
        match words.chars().count() {
            0..LEAST => Err(Unreviewed::TooShort),
            count if count > MOST => Err(Unreviewed::TooLong),
            _ => Ok(vec![Event::Reviewed { by, pattern, reader, person, words }]),
        }
    }

    fn apply(&mut self, _event: &Event) {}
}

/// Writes a review down, for the pattern of this id.
///
/// # Errors
/// [`Unreviewed`], in words for the officer.
pub fn write(write: &mut Write<'_>, pattern: Uuid, review: Review, at: Timestamp) -> Result<(), Unreviewed> {
    let actor = review.by.actor();
    match write.execute::<Reviewed>(pattern, review, &actor, at) {
        Ok(_) => Ok(()),
        Err(Refused::Rules(why)) => Err(why),
        Err(Refused::Store(error)) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::role::Role;

    fn review(role: Role, reader: &str, words: &str) -> Review {
        let by = Subject {
            id: "officer".to_owned(),
            name: "Helen Example".to_owned(),
            role,
            organisation: String::new(),
            own: None,
            teams: Vec::new(),
            assured: true,
        };
        Review {
            by,
            pattern: "surname".to_owned(),
            reader: Some(reader.to_owned()),
            person: None,
            words: words.to_owned(),
        }
    }

    #[test]
    fn a_review_says_something_and_is_an_officers_own_words_about_somebody_else() {
        let decide = |review| Reviewed.decide(review, Timestamp::UNIX_EPOCH);
        let words = " A cousin of the same name; registered here. ";
        let Ok(events) = decide(review(Role::PrivacyOfficer, "gp", words)) else { panic!("taken") };
        assert!(matches!(events.as_slice(), [Event::Reviewed { words: kept, .. }] if kept == words.trim()));
        assert!(matches!(decide(review(Role::PrivacyOfficer, "gp", " ok ")), Err(Unreviewed::TooShort)));
        let long = "x".repeat(MOST + 1);
        assert!(matches!(decide(review(Role::PrivacyOfficer, "gp", &long)), Err(Unreviewed::TooLong)));
        assert!(matches!(decide(review(Role::PrivacyOfficer, "officer", words)), Err(Unreviewed::OwnLooks)));
        for role in Role::ALL.into_iter().filter(|role| *role != Role::PrivacyOfficer) {
            assert!(matches!(decide(review(role, "gp", words)), Err(Unreviewed::NotTheirs)), "{role:?}");
        }
        let unsure = Review {
            by: Subject { assured: false, ..review(Role::PrivacyOfficer, "a", "").by },
            ..review(Role::PrivacyOfficer, "gp", words)
        };
        assert!(matches!(decide(unsure), Err(Unreviewed::NotTheirs)));
    }
}
