//! Drafts: an ask that somebody has begun to write. It has its id from the moment the form opens, is kept at every step, and is
//! nobody's but its author's. Must not ask for anything to be complete: a lost connection comes in the middle of a sentence.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The most characters of one field.
pub const MOST: usize = 8_000;

/// What there is of an ask so far: the fields of the form as they were typed, by the form's own names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// For whom, where somebody has been found.
    pub person: Option<Uuid>,
    /// The fields, each with what was typed; empty ones are left out.
    pub fields: std::collections::BTreeMap<String, String>,
}

impl Draft {
    /// Fields as they came from a form, without the empty ones.
    #[must_use]
    pub fn of(person: Option<Uuid>, fields: impl IntoIterator<Item = (String, String)>) -> Self {
        Self { person, fields: fields.into_iter().filter(|(_, typed)| !typed.trim().is_empty()).collect() }
    }

    /// The name of a field that holds more than [`MOST`] characters; `None` where all can be kept.
    #[must_use]
    pub fn too_long(&self) -> Option<&str> {
        self.fields.iter().find(|(_, typed)| typed.chars().count() > MOST).map(|(name, _)| name.as_str())
    }

    /// What was typed into a field; nothing where it was left empty.
    #[must_use]
    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// Whether nothing has been typed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.person.is_none() && self.fields.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_keeps_what_was_typed_and_nothing_that_was_not() {
        let typed = [("happened", "she fe"), ("worries", "  "), ("door", "é")];
        let draft = Draft::of(None, typed.map(|(name, typed)| (name.to_owned(), typed.to_owned())));
        assert_eq!(draft.field("happened"), "she fe");
        assert_eq!((draft.field("worries"), draft.fields.len()), ("", 2));
        assert!(!draft.is_empty() && Draft::default().is_empty());
        let long = |letters| Draft::of(None, [("happened".to_owned(), "é".repeat(letters))]);
        assert_eq!((long(MOST).too_long(), long(MOST + 1).too_long()), (None, Some("happened")));
    }
}
