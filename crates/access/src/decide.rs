//! The decision: the one place where it is said whether somebody may do something to one person's record, and why or why not.
//! Everything that gives out a permit asks here, whatever it is a permit for; how much of each entry may then be seen, the same
//! rules say. Must not know how a relationship came about.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::item::Item;
use crate::look::Subject;
use crate::relationship::{Classes, Tie, Ties};
use crate::role::{Action, Class, Purpose, Role};
use crate::rules::{self, Rules};
use crate::standing::Feeds;

/// How much may be seen, from nothing to everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Leaves no trace.
    Hidden,
    /// That there is something may be known, and nothing of it.
    ExistenceOnly,
    /// That there is something and when; not what.
    Masked,
    /// All of it.
    Full,
}

/// A level and why, in words for the person who asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// How much.
    pub level: Level,
    /// Why.
    pub reason: &'static str,
    /// The name of the policy that opened it, or that closed more; empty where none did.
    pub policy: &'static str,
}

/// Why not, in words for the person who asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Not {
    /// Whoever it is about: the role or the purpose does not include it.
    Ever(&'static str),
    /// Not for this person: nothing ties them to the reader.
    Here(&'static str),
}

impl Not {
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Ever(words) | Self::Here(words) => words,
        }
    }
}

/// What can be sealed.
const SEALED: [Class; 12] = [
    Class::Alert,
    Class::Problem,
    Class::Allergy,
    Class::Medicine,
    Class::Result,
    Class::Encounter,
    Class::Procedure,
    Class::Document,
    Class::SocialCare,
    Class::Plan,
    Class::Contact,
    Class::Other,
];

/// What an action has to be able to see whole, at least one of them, to be worth anything: mostly, who the person is.
const fn needed(action: Action) -> &'static [Class] {
    match action {
        Action::ReadMessage | Action::MendMessage => &[Class::Message],
        Action::SeeLooks | Action::ReviewLooks => &[Class::Looks],
        Action::SeeWorklist => &[Class::Identity, Class::Looks],
        Action::Seal => &SEALED,
        Action::ReadPseudonyms => &[Class::Problem, Class::Encounter],
        Action::MakeAsk | Action::WorkAsk => &[Class::Ask],
        Action::KeepMeasures
        | Action::Govern
        | Action::RunChallenge
        | Action::CountPeople
        | Action::AskBack
        | Action::AllowBack => &[Class::Nobody],
        _ => &[Class::Identity],
    }
}

fn opens(rules: &Rules, action: Action, ties: &Ties) -> bool {
    needed(action).iter().any(|class| rules.level(&Item::of(*class), ties) == Level::Full)
}

/// Whether somebody may do an action for a purpose, to anybody at all.
///
/// # Errors
/// The reason why not.
pub(crate) fn ever(by: &Subject, action: Action, purpose: Purpose) -> Result<Arc<Rules>, Not> {
    let rules = rules::of(by, action, purpose);
    if needed(action).iter().any(|class| rules.most(*class) == Level::Full) {
        return Ok(rules);
    }
    Err(Not::Ever(match (by.assured, by.role) {
        (false, _) => "who you are has not been proved well enough to see people's records; sign in with two factors",
        (_, Role::Analyst) => "an analyst works with counts and never sees a person",
        (_, Role::Commissioner | Role::Provider) => {
            "whoever decides for a board works with counts and never sees a person"
        }
        (_, Role::RecordsOfficer) => "a records officer sees the messages that need mending, not people's records",
        (_, Role::IdentitySteward) => "an identity steward sees who two records are about, not what is in them",
        (_, Role::PrivacyOfficer) => "a privacy officer sees who looked, not what is in the record",
        (_, Role::Citizen) => NOT_OWN,
        _ => "your role does not include this",
    }))
}

const NOT_OWN: &str = "you may read your own record and no other";

/// Whether somebody may do an action for a purpose to anybody at all: what a page may offer them. Whether they may do it to one
/// person, only the gate says.
#[must_use]
pub fn may(by: &Subject, action: Action, purpose: Purpose) -> bool {
    ever(by, action, purpose).is_ok()
}

/// Whether somebody may do an action to a person who stands to them like this, and why.
///
/// # Errors
/// The reason why not.
pub(crate) fn decide(by: &Subject, action: Action, rules: &Rules, ties: &Ties) -> Result<&'static str, Not> {
    if opens(rules, action, &Ties::none()) {
        return Ok(of_role(by.role, action));
    }
    if opens(rules, action, ties) {
        let alone = |tie: &Tie| opens(rules, action, &Ties::none().with(*tie, ties.classes(*tie)));
        // Of several, the one that the person should hear of first: that a glass was broken.
        let glass = ties.all().find(|tie| *tie == Tie::Glass);
        return Ok(glass.or_else(|| ties.all().find(alone)).map_or("the rules allow it", Tie::said));
    }
    Err(if by.role == Role::Citizen {
        Not::Ever(NOT_OWN)
    } else {
        Not::Here(
            "nothing ties this person to you: they are not registered with, in the care of, booked with or on the caseload of \
             an organisation or team you work for",
        )
    })
}

/// Why a role does what it does to people who are no patients of its own.
pub(crate) const fn of_role(role: Role, action: Action) -> &'static str {
    match (role, action) {
        (_, Action::KeepMeasures) => "their role keeps the figures",
        (_, Action::Govern) => "their role decides for commissioners or for a provider",
        (_, Action::RunChallenge) => "their role tries out changes to the services",
        (_, Action::CountPeople) => "their role plans services from counts, and sees nobody",
        (_, Action::AskBack) => "their role finds in pseudonyms who may need help, and is told nothing of who they are",
        (_, Action::AllowBack) => "their role says whether a team may be told, and is told nothing of who they are",
        (Role::RecordsOfficer, _) => "their role mends messages",
        (Role::IdentitySteward, _) => "their role says whether two records are one person",
        (Role::PrivacyOfficer, _) => "their role watches over who looks",
        (Role::Receptionist, _) => "their role books and registers people",
        (Role::Citizen, _) => "it is their own record",
        (Role::Analyst, _) => "their role plans services, without seeing a person",
        (_, Action::MakeAsk) => "their role asks for help for whoever needs it",
        (_, Action::FindPeople) => "their role gives care, and has to find the right person first",
        _ => "their role gives care",
    }
}

/// What one reader sees of one person, for one action and purpose: the rules, and how the person stands to them.
#[derive(Debug, Clone)]
pub struct Sight {
    person: Uuid,
    rules: Arc<Rules>,
    ties: Ties,
    reader: Arc<Reader>,
}

/// Who looks, as far as an entry can be theirs or sealed against them.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    pub(crate) holders: Vec<String>,
    pub(crate) feeds: Feeds,
}

impl Sight {
    pub(crate) fn new(person: Uuid, rules: Arc<Rules>, ties: Ties, reader: Arc<Reader>) -> Self {
        Self { person, rules, ties, reader }
    }

    /// Whose record.
    #[must_use]
    pub fn person(&self) -> Uuid {
        self.person
    }

    /// How much of an entry may be seen.
    #[must_use]
    pub fn level(&self, item: &Item) -> Level {
        self.rules.level(item, &self.ties)
    }

    /// How much may be seen of an ordinary entry of a class that somebody else has written.
    #[must_use]
    pub fn level_of(&self, class: Class) -> Level {
        self.level(&Item::of(class))
    }

    /// How much may be seen of an ordinary entry of a class, whoever has written it: what a page has room for.
    #[must_use]
    pub fn most_of(&self, class: Class) -> Level {
        self.level_of(class).max(self.level(&Item { ours: true, ..Item::of(class) }))
    }

    /// Whether an entry of a class that came by a feed is the reader's own organisations' ([`Item::ours`]).
    #[must_use]
    pub fn ours(&self, feed: &str, class: Class) -> bool {
        self.reader.feeds.ours(feed, &self.ties, class)
    }

    /// What relationships and seals of the reader's are held by.
    #[must_use]
    pub fn holders(&self) -> &[String] {
        &self.reader.holders
    }

    /// How the person stands to the reader.
    #[must_use]
    pub fn ties(&self) -> &Ties {
        &self.ties
    }
}

/// Ties that between them try every way in which rules can be satisfied: none, each alone, all.
pub(crate) fn every_way() -> impl Iterator<Item = Ties> {
    let all = Tie::ALL.into_iter().fold(Ties::none(), |ties, tie| ties.with(tie, Classes::ALL));
    let each = Tie::ALL.into_iter().map(|tie| Ties::none().with(tie, Classes::ALL));
    each.chain([Ties::none(), all])
}

#[cfg(test)]
mod tests;
