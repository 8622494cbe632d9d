//! Sessions: who signed in, how, when it was last used and why it ended, as events of the log; so they survive a restart, and
//! whoever reads the log can tell who was here. Of a session's secret only the SHA-256 is kept.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Aggregate, Refused, Write};
use uuid::Uuid;

use crate::look::Subject;
use crate::views;

/// How long a session lives in any case.
pub const WHOLE: SignedDuration = SignedDuration::from_hours(12);
/// A session's use is written down no more often than this.
pub const USED_EVERY: SignedDuration = SignedDuration::from_mins(5);
/// How many sessions that nobody came back to are ended beside the beginning of another.
const SWEPT: i64 = 20;

/// How somebody signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// By a provider, in a browser.
    Provider,
    /// As one of the demonstration's people, in a browser.
    Persona,
    /// As one of the demonstration's people, for a program that shows a token.
    Program,
}

impl How {
    /// Its word in a table.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Provider => "provider",
            Self::Persona => "persona",
            Self::Program => "program",
        }
    }

    /// The way of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Provider, Self::Persona, Self::Program].into_iter().find(|how| how.word() == word)
    }
}

/// Why a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// They signed out.
    SignedOut,
    /// It was not used for too long.
    Idle,
    /// It was twelve hours old.
    Absolute,
    /// The provider said that they signed out there.
    Provider,
    /// They signed in anew in the same browser.
    Replaced,
    /// They signed in anew in the same browser, in another role.
    RoleChanged,
    /// They ended it from another session of theirs.
    Elsewhere,
}

/// What happened to a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// Somebody signed in.
    Began {
        /// Who, in which role.
        by: Subject,
        /// How.
        how: How,
        /// By which provider, as the configuration calls it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        provider: Option<String>,
        /// The provider's own session.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sid: Option<String>,
        /// The SHA-256 of its secret, in hexadecimal digits.
        secret: String,
    },
    /// It was used, a while after it was last said to be.
    Used {},
    /// It ended.
    Ended {
        /// Why.
        why: Why,
    },
}

/// What can be asked of a session.
#[derive(Debug, Clone)]
pub enum Command {
    /// To begin.
    Begin(Box<Beginning>),
    /// To live on.
    Use,
    /// To end.
    End(Why),
}

/// A session about to begin.
#[derive(Debug, Clone)]
pub struct Beginning {
    /// Whose.
    pub by: Subject,
    /// How they signed in.
    pub how: How,
    /// By which provider.
    pub provider: Option<String>,
    /// The provider's own session.
    pub sid: Option<String>,
    /// The SHA-256 of its secret.
    pub secret: [u8; 32],
}

/// One session.
#[derive(Debug, Default)]
pub struct Session {
    begun: bool,
    ended: bool,
}

/// Why a session does not do that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It has not begun, or twice.
    #[error("a session begins once, before anything else")]
    NotBegun,
    /// It is over.
    #[error("the session has ended; sign in again")]
    Over,
    /// Nobody whose identity was not proved begins a session.
    #[error("nobody signs in without a proof of who they are")]
    NotAssured,
}

impl Aggregate for Session {
    const KIND: &'static str = "session";
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: Command, _at: Timestamp) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Begin(_) if self.begun => Err(Refusal::NotBegun),
            Command::Begin(beginning) if !beginning.by.assured => Err(Refusal::NotAssured),
            Command::Begin(beginning) => {
                let Beginning { by, how, provider, sid, secret } = *beginning;
                Ok(vec![Event::Began { by, how, provider, sid, secret: hex(&secret) }])
            }
            Command::Use | Command::End(_) if !self.begun => Err(Refusal::NotBegun),
            Command::Use | Command::End(_) if self.ended => Err(Refusal::Over),
            Command::Use => Ok(vec![Event::Used {}]),
            Command::End(why) => Ok(vec![Event::Ended { why }]),
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Began { .. } => self.begun = true,
            Event::Used {} => {}
            Event::Ended { .. } => self.ended = true,
        }
    }
}

/// Begins a session; ends the one it takes the place of (by the SHA-256 of that one's secret), and some that nobody came
/// back to for longer than `idle`. The ids of the new one and of those that ended.
///
/// # Errors
/// The refusal, or what the database says.
pub fn begin(
    write: &mut Write<'_>,
    beginning: &Beginning,
    replaces: Option<[u8; 32]>,
    idle: SignedDuration,
    at: Timestamp,
) -> Result<(Uuid, Vec<Uuid>), store::Error> {
    let mut ended = Vec::new();
    if let Some(old) = replaces
        && let Some(row) = views::session::of_secret(write.tx(), &old)?
    {
        let same = row.by.id == beginning.by.id && row.by.role != beginning.by.role;
        end(write, row.id, if same { Why::RoleChanged } else { Why::Replaced }, "sign-in", at)?;
        ended.push(row.id);
    }
    for id in views::session::unused_since(write.tx(), at - idle, SWEPT)? {
        end(write, id, Why::Idle, "system", at)?;
        ended.push(id);
    }
    let id = write.new_id(at);
    let actor = beginning.by.actor();
    match write.begin::<Session>(id, Command::Begin(Box::new(beginning.clone())), None, &actor, at) {
        Ok(_) => Ok((id, ended)),
        Err(Refused::Store(error)) => Err(error),
        Err(Refused::Rules(refusal)) => Err(store::Error::Constraint(refusal.to_string())),
    }
}

/// Ends a session; one that has ended already stays so.
///
/// # Errors
/// What the database says.
pub fn end(write: &mut Write<'_>, id: Uuid, why: Why, actor: &str, at: Timestamp) -> Result<(), store::Error> {
    passed(write.execute::<Session>(id, Command::End(why), actor, at))
}

/// Writes down that a session is in use; of one that has ended, nothing.
///
/// # Errors
/// What the database says.
pub fn used(write: &mut Write<'_>, id: Uuid, actor: &str, at: Timestamp) -> Result<(), store::Error> {
    passed(write.execute::<Session>(id, Command::Use, actor, at))
}

fn passed(outcome: Result<Session, Refused<Refusal>>) -> Result<(), store::Error> {
    match outcome {
        Ok(_) | Err(Refused::Rules(_)) => Ok(()),
        Err(Refused::Store(error)) => Err(error),
    }
}

/// What the log keeps of a sign-in that was refused: by which provider and why, and nothing of whoever tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Turned {
    /// Somebody was turned away.
    Refused {
        /// The provider, as the configuration calls it.
        provider: String,
        /// Why, in a word.
        why: String,
    },
}

/// A sign-in that did not become a session.
#[derive(Debug, Default)]
pub struct Attempt {
    written: bool,
}

impl Aggregate for Attempt {
    const KIND: &'static str = "sign-in";
    type Command = Turned;
    type Event = Turned;
    type Refusal = Refusal;

    fn decide(&self, command: Turned, _at: Timestamp) -> Result<Vec<Turned>, Refusal> {
        if self.written { Err(Refusal::Over) } else { Ok(vec![command]) }
    }

    fn apply(&mut self, _event: &Turned) {
        self.written = true;
    }
}

/// Writes a refused sign-in down.
///
/// # Errors
/// What the database says.
pub fn refused(write: &mut Write<'_>, provider: &str, why: &str, at: Timestamp) -> Result<(), store::Error> {
    let id = write.new_id(at);
    let turned = Turned::Refused { provider: provider.to_owned(), why: why.to_owned() };
    match write.begin::<Attempt>(id, turned, None, "sign-in", at) {
        Ok(_) | Err(Refused::Rules(_)) => Ok(()),
        Err(Refused::Store(error)) => Err(error),
    }
}

/// Bytes in hexadecimal digits, as the log and the table keep a secret's hash.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Role;

    fn beginning(assured: bool) -> Command {
        let by = Subject {
            id: "https://a.example|1".to_owned(),
            name: "Dr Example".to_owned(),
            role: Role::Gp,
            organisation: String::new(),
            own: None,
            teams: Vec::new(),
            assured,
        };
        let (provider, sid) = (Some("a".to_owned()), None);
        Command::Begin(Box::new(Beginning { by, how: How::Provider, provider, sid, secret: [7; 32] }))
    }

    #[test]
    fn a_session_begins_once_and_ends_once() {
        let at = Timestamp::UNIX_EPOCH;
        let mut session = Session::default();
        assert_eq!(session.decide(Command::Use, at), Err(Refusal::NotBegun));
        assert_eq!(session.decide(beginning(false), at), Err(Refusal::NotAssured));
        for command in [beginning(true), Command::Use, Command::End(Why::Provider)] {
            for event in session.decide(command, at).unwrap() {
                let words = serde_json::to_string(&event).unwrap();
                assert_eq!(serde_json::from_str::<Event>(&words).unwrap(), event, "{words}");
                session.apply(&event);
            }
        }
        assert_eq!(session.decide(beginning(true), at), Err(Refusal::NotBegun));
        assert_eq!(session.decide(Command::Use, at), Err(Refusal::Over));
        assert_eq!(session.decide(Command::End(Why::Idle), at), Err(Refusal::Over));
    }
}
