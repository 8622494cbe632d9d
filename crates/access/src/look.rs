//! Looks: what the audit keeps of every read of person data. One entry in the hash chain each, written and synced before
//! the data leaves. Holds ids and words of role and purpose; never what was seen, and never what was typed into a search.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::Aggregate;
use uuid::Uuid;

use crate::role::{Action, Purpose, Role};

/// Who looks: somebody signed in, with the role they have taken for this session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Their id: `issuer|sub` of the sign-in; a persona's word in the demonstration.
    pub id: String,
    /// Their name, as the person will read it.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// Their organisation or team, in words.
    pub organisation: String,
    /// The one person whose record a citizen may read: themselves. `None` for everybody who works here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own: Option<Uuid>,
    /// The organisations and teams they act for, as holders of relationships: `ods:P88002` (a practice),
    /// `neighbourhood:marple`, `home:bowerfield-house`, `organisation:stockport-ft`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub teams: Vec<String>,
    /// Whether who they are was proved well enough to see person data: two factors for staff, a proved identity for
    /// citizens. Without it nothing is allowed.
    #[serde(default)]
    pub assured: bool,
}

impl Subject {
    /// Everything a relationship can be held by that is theirs: their teams and they themselves (`reader:` and their id).
    pub fn holders(&self) -> impl Iterator<Item = String> {
        self.teams.iter().cloned().chain(std::iter::once(format!("reader:{}", self.id)))
    }

    /// Whether they act for an organisation or a team, by its word: `service:crisis-response`.
    #[must_use]
    pub fn is_of(&self, team: &str) -> bool {
        self.teams.iter().any(|one| one == team)
    }

    /// Who did something, as the log has it: role and id.
    #[must_use]
    pub fn actor(&self) -> String {
        format!("{}:{}", self.role.word(), self.id)
    }
}

/// What happened: somebody looked, or was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// A look that was allowed. Written before anything was shown.
    Looked {
        /// Who.
        by: Subject,
        /// What they did.
        action: Action,
        /// Why they said they did.
        purpose: Purpose,
        /// Whose data was shown.
        people: Vec<Uuid>,
        /// Why they might.
        because: String,
        /// True where it covers a sitting: what the same reader sees of the same people for the same reason in the ten
        /// minutes from here on ([`crate::sitting::LENGTH`]) is written down by this one look.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        sitting: bool,
    },
    /// A look that was refused. Nothing was shown.
    Refused {
        /// Who.
        by: Subject,
        /// What they tried.
        action: Action,
        /// Why they said they did.
        purpose: Purpose,
        /// Whose data they asked for.
        people: Vec<Uuid>,
        /// Why they might not.
        because: String,
    },
}

impl Event {
    /// Who looked, or was refused.
    #[must_use]
    pub fn by(&self) -> &Subject {
        match self {
            Self::Looked { by, .. } | Self::Refused { by, .. } => by,
        }
    }
}

/// What an entry of the log says of a look; `None` where it is about something else.
///
/// # Errors
/// Where it is a look that cannot be read.
pub fn of(entry: &store::Entry) -> store::Result<Option<Event>> {
    (entry.kind == Look::KIND).then(|| store::aggregate::read::<Look>(entry)).transpose()
}

/// One look; its whole history is the one event.
#[derive(Debug, Default)]
pub(crate) struct Look {
    written: bool,
}

/// A look is written once.
#[derive(Debug, thiserror::Error)]
#[error("a look is written once and never again")]
pub(crate) struct AlreadyWritten;

impl Aggregate for Look {
    const KIND: &'static str = "look";
    type Command = Event;
    type Event = Event;
    type Refusal = AlreadyWritten;

    fn decide(&self, command: Event, _at: Timestamp) -> Result<Vec<Event>, AlreadyWritten> {
        if self.written { Err(AlreadyWritten) } else { Ok(vec![command]) }
    }

    fn apply(&mut self, _event: &Event) {
        self.written = true;
    }
}
