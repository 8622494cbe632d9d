//! The words of roles, actions, purposes and classes in the policies. The same as in the log, which a test holds; one that
//! the schema does not know would be denied.

use crate::decide::Level;
use crate::role::{Action, Class, Purpose};

pub(super) const fn purpose(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::DirectCare => "direct-care",
        Purpose::Administration => "administration",
        Purpose::DataQuality => "data-quality",
        Purpose::Privacy => "privacy",
        Purpose::Operation => "operation",
        Purpose::OwnRecord => "own-record",
        Purpose::Planning => "planning",
    }
}

pub(super) const fn class(class: Class) -> &'static str {
    match class {
        Class::Identity => "identity",
        Class::Alert => "alert",
        Class::Problem => "problem",
        Class::Allergy => "allergy",
        Class::Medicine => "medicine",
        Class::Result => "result",
        Class::Encounter => "encounter",
        Class::Procedure => "procedure",
        Class::Document => "document",
        Class::SocialCare => "social-care",
        Class::Plan => "plan",
        Class::Contact => "contact",
        Class::Other => "other",
        Class::Directory => "directory",
        Class::Message => "message",
        Class::Looks => "looks",
        Class::Booking => "booking",
        Class::Nobody => "nobody",
        Class::Ask => "ask",
    }
}

/// The class of a word in a policy.
pub(super) fn class_of(word: &str) -> Option<Class> {
    Class::ALL.into_iter().find(|one| class(*one) == word)
}

/// The action of the policies by which an action shows this much; `None` where it has no such half measure.
pub(super) const fn action(action: Action, level: Level) -> Option<&'static str> {
    Some(match (action, level) {
        (_, Level::Hidden) => return None,
        (Action::ReadRecord, Level::Masked) => "read-record-when",
        (Action::ReadRecord, Level::ExistenceOnly) => "read-record-existence",
        (Action::SeeWorklist, Level::Masked) => "see-worklist-when",
        (Action::SeeWorklist, Level::ExistenceOnly) => "see-worklist-existence",
        (_, Level::Masked | Level::ExistenceOnly) => return None,
        (Action::FindPeople, Level::Full) => "find-people",
        (Action::ReadRecord, Level::Full) => "read-record",
        (Action::WriteRecord, Level::Full) => "write-record",
        (Action::SeeLooks, Level::Full) => "see-looks",
        (Action::ReadMessage, Level::Full) => "read-message",
        (Action::MendMessage, Level::Full) => "mend-message",
        (Action::SeeWorklist, Level::Full) => "see-worklist",
        (Action::BreakGlass, Level::Full) => "break-glass",
        (Action::Seal, Level::Full) => "seal",
        (Action::ReviewLooks, Level::Full) => "review-looks",
        (Action::ChooseSharing, Level::Full) => "choose-sharing",
        (Action::AskWhy, Level::Full) => "ask-why",
        (Action::ReadPseudonyms, Level::Full) => "read-pseudonyms",
        (Action::MakeAsk, Level::Full) => "make-ask",
        (Action::WorkAsk, Level::Full) => "work-ask",
        (Action::KeepMeasures, Level::Full) => "keep-measures",
        (Action::Govern, Level::Full) => "govern",
        (Action::RunChallenge, Level::Full) => "run-challenge",
        (Action::CountPeople, Level::Full) => "count-people",
        (Action::JudgeIdentity, Level::Full) => "judge-identity",
        (Action::AskBack, Level::Full) => "ask-back",
        (Action::AllowBack, Level::Full) => "allow-back",
        (Action::GoBack, Level::Full) => "go-back",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_policies_are_the_words_of_the_log() {
        let same = |value: serde_json::Value, word: &str| assert_eq!(value, serde_json::json!(word));
        for one in Purpose::ALL {
            same(serde_json::to_value(one).unwrap(), purpose(one));
        }
        for one in Class::ALL {
            same(serde_json::to_value(one).unwrap(), class(one));
            assert_eq!(class_of(class(one)), Some(one));
        }
        for one in Action::ALL {
            same(serde_json::to_value(one).unwrap(), action(one, Level::Full).unwrap());
        }
    }
}
