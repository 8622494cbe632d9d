//! Breaking the glass: somebody who gives care opens, for an hour at most and with a reason that others will read, the record of
//! one person to whom they have no relationship. It is told to the privacy officer as it happens and reviewed afterwards by
//! somebody else. Must not decide what an open glass opens; that is the policy's, and it opens nothing that the law restricts.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use place::calendar::Calendar;
use serde::{Deserialize, Serialize};
use store::Aggregate;
use uuid::Uuid;

use crate::decide::Level;
use crate::item::Item;
use crate::look::Subject;
use crate::relationship::Ties;
use crate::role::{Action, Class, Purpose};

/// The longest a glass stays open. Nothing makes it longer.
pub const LONGEST: SignedDuration = SignedDuration::from_mins(60);
/// How fresh a sign-in has to be, where the session knows when it was.
pub const FRESH: SignedDuration = SignedDuration::from_mins(5);
/// Within how many working days of breaking it a glass is reviewed.
pub const REVIEWED_WITHIN: u32 = 5;
/// The fewest characters of a reason, and of the words of a review.
pub const SHORTEST: usize = 20;
/// The most characters of anything typed here.
pub const MOST_TYPED: usize = 1_000;

/// Why a glass is broken, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// Somebody is in danger.
    Emergency,
    /// The person is there and asks.
    PersonAsked,
    /// To keep somebody from harm by others.
    Safeguarding,
    /// Something else, which the words say.
    Other,
}

impl Why {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Emergency, Self::PersonAsked, Self::Safeguarding, Self::Other];

    /// Its word in forms, events and tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Emergency => "emergency",
            Self::PersonAsked => "person-asked",
            Self::Safeguarding => "safeguarding",
            Self::Other => "other",
        }
    }

    /// The reason of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|why| why.word() == word)
    }

    /// As a form and the register say it.
    #[must_use]
    pub const fn said(self) -> &'static str {
        match self {
            Self::Emergency => "An emergency",
            Self::PersonAsked => "The person asked for it",
            Self::Safeguarding => "To protect somebody from harm",
            Self::Other => "Another reason",
        }
    }

    /// As the person reads it among the looks at their record.
    #[must_use]
    pub const fn told(self) -> &'static str {
        match self {
            Self::Emergency => "they said it was an emergency",
            Self::PersonAsked => "they said that you asked them to",
            Self::Safeguarding => "they said it was to protect somebody from harm",
            Self::Other => "they gave a reason that a privacy officer checks",
        }
    }
}

/// What a review found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It was right to break it.
    Appropriate,
    /// It was not.
    NotAppropriate,
    /// It cannot be said yet; somebody has to ask further. It may be reviewed again.
    FollowUp,
}

impl Outcome {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Appropriate, Self::NotAppropriate, Self::FollowUp];

    /// Its word in forms, events and tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Appropriate => "appropriate",
            Self::NotAppropriate => "not-appropriate",
            Self::FollowUp => "follow-up",
        }
    }

    /// The outcome of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.word() == word)
    }

    /// As the register says it.
    #[must_use]
    pub const fn said(self) -> &'static str {
        match self {
            Self::Appropriate => "Appropriate",
            Self::NotAppropriate => "Not appropriate",
            Self::FollowUp => "Needs follow-up",
        }
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// Somebody opened a record that is closed to them.
    Broken {
        /// Who.
        by: Subject,
        /// Whose record, by the root at the time.
        person: Uuid,
        /// Why, in one word.
        reason_code: Why,
        /// Why, as it was typed.
        reason: String,
        /// When it closes by itself.
        until: Timestamp,
        /// True where the person must not be told of it for now.
        harm: bool,
        /// Why the person must not be told; empty where they are.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        harm_because: String,
    },
    /// The reader closed it before its time.
    Ended {
        /// Who.
        by: Subject,
    },
    /// A privacy officer reviewed it.
    Reviewed {
        /// Who.
        by: Subject,
        /// What they found.
        outcome: Outcome,
        /// In words.
        words: String,
        /// True where the person must not be told of it.
        #[serde(default)]
        harm: bool,
        /// Why the person must not be told; empty where they are.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        harm_because: String,
    },
}

/// What is needed to break a glass.
#[derive(Debug, Clone)]
pub struct Breaking {
    /// Who.
    pub by: Subject,
    /// For what.
    pub purpose: Purpose,
    /// Whose record: one person's.
    pub person: Uuid,
    /// Why, in one word.
    pub why: Why,
    /// Why, as it was typed.
    pub reason: String,
    /// Why the person must not be told of it; `None` where they are, which is the rule.
    pub harm: Option<String>,
    /// When they last proved who they are, where the session knows it.
    pub signed_in: Option<Timestamp>,
    /// How long ago that may be.
    pub fresh: SignedDuration,
    /// Until when a glass that the same reader broke for the same person stands open already.
    pub open_until: Option<Timestamp>,
    /// For how long; never longer than [`LONGEST`].
    pub length: SignedDuration,
}

/// What a reviewer says.
#[derive(Debug, Clone)]
pub struct Reviewing {
    /// Who.
    pub by: Subject,
    /// For what.
    pub purpose: Purpose,
    /// What they found.
    pub outcome: Outcome,
    /// In words.
    pub words: String,
    /// Why the person must not be told of it; `None`: they are.
    pub harm: Option<String>,
}

/// What can be asked of a glass.
#[derive(Debug, Clone)]
pub enum Command {
    /// Break it.
    Break(Breaking),
    /// Close it before its time.
    End {
        /// Who.
        by: Subject,
    },
    /// Say whether it was right.
    Review(Reviewing),
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Who they are was not proved well enough.
    #[error("Sign in with two factors before you open a closed record.")]
    NotAssured,
    /// Their role breaks no glass for this purpose.
    #[error("Your role does not open closed records. Ask somebody who gives care, or ring the service yourself.")]
    NotYourRole,
    /// The sign-in is too old.
    #[error("You signed in a while ago. Sign in again, then open the record: it is asked for each time.")]
    SignInAgain,
    /// The reason is no reason.
    #[error("Say in at least 20 characters, in your own words, why you need this record now.")]
    ReasonTooShort,
    /// Too much was typed.
    #[error("Use 1,000 characters or fewer.")]
    TooLong,
    /// The person was not to be told, and nobody said why.
    #[error("Say in at least 20 characters why telling the person would put somebody at risk of serious harm.")]
    HarmWithoutReason,
    /// It is open already.
    #[error("You have opened this record already. It closes at {0}; opening it again makes it no longer.")]
    OpenAlready(Timestamp),
    /// The length is none.
    #[error("A closed record is opened for between one minute and an hour.")]
    NoLength,
    /// This one has been broken before.
    #[error("This was opened before. Open the record anew.")]
    BrokenAlready,
    /// There is no such glass.
    #[error("Nobody has opened a record here.")]
    NotBroken,
    /// Somebody else's.
    #[error("Only whoever opened the record closes it before its time.")]
    NotTheirs,
    /// It is closed.
    #[error("The record has closed already.")]
    Closed,
    /// Their role reviews nothing.
    #[error("Only a privacy officer reviews why a closed record was opened.")]
    NotAReviewer,
    /// Nobody reviews their own.
    #[error("You opened this record yourself. Somebody else has to review it.")]
    TheirOwn,
    /// It is still going on.
    #[error("The record is still open. Review it once it has closed, when all that was looked at is known.")]
    StillOpen,
    /// It has been reviewed.
    #[error("This has been reviewed already.")]
    ReviewedAlready,
    /// The review says nothing.
    #[error("Say in at least 20 characters what you found and how you know.")]
    WordsTooShort,
}

impl Refusal {
    /// Whether it is about who asks, and not about what they typed or when: such a refusal is written down.
    #[must_use]
    pub const fn about_the_reader(&self) -> bool {
        matches!(self, Self::NotAssured | Self::NotYourRole | Self::SignInAgain | Self::NotAReviewer | Self::TheirOwn)
    }
}

/// One glass, from its breaking to its review.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Glass {
    broken: Option<Broken>,
    ended: Option<()>,
    outcome: Option<Outcome>,
}

/// What is known of it once it is broken.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Broken {
    reader: String,
    until: Timestamp,
}

/// Whether words say anything: long enough even when blanks and repeated letters are left out, and of more than one word.
#[must_use]
pub fn tells(words: &str) -> bool {
    let mut kept = String::new();
    let mut run = 0;
    for letter in words.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        run = if kept.ends_with(letter) { run + 1 } else { 1 };
        if run <= 2 {
            kept.push(letter);
        }
    }
    let different: std::collections::BTreeSet<char> =
        kept.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    kept.chars().count() >= SHORTEST && kept.contains(' ') && different.len() >= 6
}

fn typed(words: &str, otherwise: Refusal) -> Result<String, Refusal> {
    let words = words.trim();
    if words.chars().count() > MOST_TYPED {
        return Err(Refusal::TooLong);
    }
    if tells(words) { Ok(words.to_owned()) } else { Err(otherwise) }
}

fn harm(because: Option<&str>) -> Result<(bool, String), Refusal> {
    because.map_or_else(
        || Ok((false, String::new())),
        |because| typed(because, Refusal::HarmWithoutReason).map(|because| (true, because)),
    )
}

/// Whether a role's rules allow an action that is about nobody's entry in particular.
fn allows(by: &Subject, action: Action, class: Class, purpose: Purpose) -> bool {
    crate::rules::of(by, action, purpose).level(&Item::of(class), &Ties::none()) == Level::Full
}

/// Whether somebody may see and review the register of broken glass.
#[must_use]
pub fn reviews(by: &Subject, purpose: Purpose) -> bool {
    by.assured && allows(by, Action::ReviewLooks, Class::Looks, purpose)
}

/// Whether somebody may break a glass at all; for what is offered, not for what is opened.
#[must_use]
pub fn breaks(by: &Subject, purpose: Purpose) -> bool {
    by.assured && purpose == Purpose::DirectCare && allows(by, Action::BreakGlass, Class::Identity, purpose)
}

impl Glass {
    fn broken(breaking: Breaking, at: Timestamp) -> Result<Event, Refusal> {
        let Breaking { by, purpose, person, why, reason, harm: secret, signed_in, fresh, open_until, length } =
            breaking;
        if !by.assured {
            return Err(Refusal::NotAssured);
        }
        if !breaks(&by, purpose) {
            return Err(Refusal::NotYourRole);
        }
        // A sign-in of the future is no sign-in.
        if signed_in.is_some_and(|since| since > at || at.duration_since(since) > fresh) {
            return Err(Refusal::SignInAgain);
        }
        if let Some(until) = open_until.filter(|until| *until > at) {
            return Err(Refusal::OpenAlready(until));
        }
        if length < SignedDuration::from_mins(1) {
            return Err(Refusal::NoLength);
        }
        let reason = typed(&reason, Refusal::ReasonTooShort)?;
        let (harm, harm_because) = harm(secret.as_deref())?;
        let until = at.checked_add(length.min(LONGEST)).map_err(|_| Refusal::NoLength)?;
        Ok(Event::Broken { by, person, reason_code: why, reason, until, harm, harm_because })
    }

    fn reviewed(&self, broken: &Broken, reviewing: Reviewing, at: Timestamp) -> Result<Event, Refusal> {
        let Reviewing { by, purpose, outcome, words, harm: secret } = reviewing;
        if !reviews(&by, purpose) {
            return Err(Refusal::NotAReviewer);
        }
        if by.id == broken.reader {
            return Err(Refusal::TheirOwn);
        }
        if self.is_open(at) {
            return Err(Refusal::StillOpen);
        }
        if self.outcome.is_some_and(|outcome| outcome != Outcome::FollowUp) {
            return Err(Refusal::ReviewedAlready);
        }
        let words = typed(&words, Refusal::WordsTooShort)?;
        let (harm, harm_because) = harm(secret.as_deref())?;
        Ok(Event::Reviewed { by, outcome, words, harm, harm_because })
    }

    /// Whether the record is open by it.
    #[must_use]
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.ended.is_none() && self.broken.as_ref().is_some_and(|broken| at < broken.until)
    }
}

impl Aggregate for Glass {
    const KIND: &'static str = "glass";
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: Command, at: Timestamp) -> Result<Vec<Event>, Refusal> {
        let event = match (command, &self.broken) {
            (Command::Break(breaking), None) => Self::broken(breaking, at)?,
            (Command::Break(_), Some(_)) => return Err(Refusal::BrokenAlready),
            (_, None) => return Err(Refusal::NotBroken),
            (Command::End { by }, Some(broken)) if by.id != broken.reader => return Err(Refusal::NotTheirs),
            (Command::End { .. }, Some(_)) if !self.is_open(at) => return Err(Refusal::Closed),
            (Command::End { by }, Some(_)) => Event::Ended { by },
            (Command::Review(reviewing), Some(broken)) => self.reviewed(broken, reviewing, at)?,
        };
        Ok(vec![event])
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Broken { by, until, .. } => {
                self.broken = Some(Broken { reader: by.id.clone(), until: *until });
            }
            Event::Ended { .. } => self.ended = Some(()),
            Event::Reviewed { outcome, .. } => self.outcome = Some(*outcome),
        }
    }
}

/// Where a glass stands in the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Not reviewed, and its day has gone by.
    Overdue,
    /// Closed, and waits for its review.
    Due,
    /// Open now.
    Open,
    /// Reviewed.
    Reviewed,
}

/// The last day on which a glass may be reviewed: the fifth working day after the day, in England, on which it was broken.
/// Beyond the years whose bank holidays are listed only weekends are left out, which is never later than the true day.
#[must_use]
pub fn due(broken: Timestamp, calendar: &Calendar) -> Date {
    let day = london(broken);
    calendar.add_working_days(day, REVIEWED_WITHIN).unwrap_or_else(|_| {
        let bare = Calendar::new(i16::MIN..=i16::MAX, []);
        bare.add_working_days(day, REVIEWED_WITHIN).unwrap_or(day)
    })
}

/// Where a glass stands: from when it was broken, when it closed or will close, and whether it was reviewed.
#[must_use]
pub fn stage(broken: Timestamp, closes: Timestamp, reviewed: bool, calendar: &Calendar, now: Timestamp) -> Stage {
    if reviewed {
        Stage::Reviewed
    } else if now < closes {
        Stage::Open
    } else if london(now) > due(broken, calendar) {
        Stage::Overdue
    } else {
        Stage::Due
    }
}

/// The day in England on which a moment falls.
fn london(at: Timestamp) -> Date {
    at.in_tz("Europe/London").map_or_else(|_| jiff::tz::TimeZone::UTC.to_datetime(at).date(), |zoned| zoned.date())
}

#[cfg(test)]
mod tests;
