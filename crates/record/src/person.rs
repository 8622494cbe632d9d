//! The person: every source's own person is a *leaf* with an id that never changes; leaves that are one person share a
//! *root*. A join moves the root and nothing else, so a split gives everything back: the earlier ids and all that is under them. Which leaves belong together is the
//! person index's judgement; this module holds what happened and the rules that always hold.

pub mod candidate;
pub mod exact;
pub mod learning;
pub mod pair;
pub mod weights;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::{Aggregate, Refused, Tx, Write};
use uuid::Uuid;

use crate::patient::Demographics;

use candidate::Candidates;
pub use weights::{Bar, Weights};

/// Why two leaves are taken for one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ground {
    /// The same NHS number, and an agreeing birth date or name.
    NhsNumber,
    /// The same names, birth date, sex and postcode.
    Demographics,
    /// The source itself says so (HL7 A40).
    Source,
    /// The weights say so (see `crate::linkage`).
    Weights,
    /// A steward says so.
    Steward,
}

impl Ground {
    /// Its word in the database.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::NhsNumber => "nhs-number",
            Self::Demographics => "demographics",
            Self::Source => "source",
            Self::Weights => "weights",
            Self::Steward => "steward",
        }
    }
}

/// What happened to a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// A feed speaks of somebody it calls by this id.
    Found {
        /// The feed.
        feed: String,
        /// Its own id for them.
        local: String,
    },
    /// Taken for the same person as another, who goes on.
    Joined {
        /// The root that goes on.
        into: Uuid,
        /// Why.
        ground: Ground,
        /// How the two compared, where that was weighed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        weights: Option<Weights>,
    },
    /// Taken apart from a person they had been joined to, with whoever had been joined to them: each goes by their own earlier
    /// id again.
    Parted {
        /// The root they stood under.
        from: Uuid,
        /// Every leaf that goes with them, their own among them, in order.
        with: Vec<Uuid>,
        /// Why.
        ground: Ground,
        /// How the two compare, where that was weighed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        weights: Option<Weights>,
    },
    /// Something says they are one and something says they are not; nothing was joined, and somebody has to look.
    Disputed {
        /// The other.
        with: Uuid,
        /// In a sentence.
        about: String,
    },
}

/// What can be asked.
#[derive(Debug, Clone)]
pub enum Command {
    /// Begin with a feed's own person.
    Find {
        /// The feed.
        feed: String,
        /// Its own id.
        local: String,
    },
    /// Join into another root.
    Join {
        /// The root that goes on.
        into: Uuid,
        /// Why.
        ground: Ground,
        /// How the two compared.
        weights: Option<Weights>,
    },
    /// Take apart from the root they stand under.
    Part {
        /// That root.
        from: Uuid,
        /// Every leaf that goes with them.
        with: Vec<Uuid>,
        /// Why.
        ground: Ground,
        /// How the two compare.
        weights: Option<Weights>,
    },
    /// Write down a dispute.
    Dispute {
        /// The other.
        with: Uuid,
        /// In a sentence.
        about: String,
    },
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A leaf begins once.
    #[error("this person is known already")]
    KnownAlready,
    /// Only a root can be joined.
    #[error("this person has been joined to another already")]
    JoinedAlready,
    /// Nobody is joined to themselves.
    #[error("a person cannot be joined to themselves")]
    Themselves,
    /// Only what was joined can be taken apart.
    #[error("this person is joined to nobody")]
    NotJoined,
    /// Whoever is taken apart goes themselves.
    #[error("nobody is taken apart without being among those who go")]
    NotAmongThem,
}

/// One leaf.
#[derive(Debug, Default)]
pub struct Person {
    id: Option<(String, String)>,
    joined: Option<Uuid>,
    disputes: Vec<(Uuid, String)>,
}

impl Aggregate for Person {
    const KIND: &'static str = "person";
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: Command, _at: Timestamp) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Find { .. } if self.id.is_some() => Err(Refusal::KnownAlready),
            Command::Find { feed, local } => Ok(vec![Event::Found { feed, local }]),
            Command::Join { .. } if self.joined.is_some() => Err(Refusal::JoinedAlready),
            Command::Join { into, ground, weights } => Ok(vec![Event::Joined { into, ground, weights }]),
            Command::Part { .. } if self.joined.is_none() => Err(Refusal::NotJoined),
            Command::Part { with, .. } if with.is_empty() => Err(Refusal::NotAmongThem),
            Command::Part { from, with, ground, weights } => Ok(vec![Event::Parted { from, with, ground, weights }]),
            Command::Dispute { with, about } if self.disputes.contains(&(with, about.clone())) => Ok(Vec::new()),
            Command::Dispute { with, about } => Ok(vec![Event::Disputed { with, about }]),
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Found { feed, local } => self.id = Some((feed.clone(), local.clone())),
            Event::Joined { into, .. } => self.joined = Some(*into),
            Event::Parted { .. } => self.joined = None,
            Event::Disputed { with, about } => self.disputes.push((*with, about.clone())),
        }
    }
}

/// What a feed claims about one of its people.
#[derive(Debug)]
pub struct Claim<'a> {
    /// The feed.
    pub feed: &'a str,
    /// Its own id for them.
    pub local: &'a str,
    /// Who it says they are.
    pub demographics: &'a Demographics,
    /// True where the feed's people are pseudonyms, never joined to anybody.
    pub pseudonymous: bool,
    /// Who writes this down.
    pub actor: &'a str,
    /// When.
    pub at: Timestamp,
}

/// The judgement of who is who: by exact agreement until a model has been learnt, by weights from then on.
pub trait PersonIndex: Send + Sync {
    /// The leaf of a feed's own person, made if need be, joined to others where the claim allows it.
    ///
    /// # Errors
    /// What the database says.
    fn resolve(&self, write: &mut Write<'_>, claim: &Claim<'_>) -> store::Result<Uuid>;

    /// Whose these leaves are, now that all that was claimed of them, or decided, is stored. An index that judged in
    /// [`Self::resolve`] has nothing to add.
    ///
    /// # Errors
    /// What the database says.
    fn settle(
        &self,
        _write: &mut Write<'_>,
        _leaves: &[Uuid],
        _ground: Ground,
        _actor: &str,
        _at: Timestamp,
    ) -> store::Result<()> {
        Ok(())
    }

    /// How two leaves compare by what is in force; `None` where nothing has been learnt.
    ///
    /// # Errors
    /// What the database says.
    fn compare(&self, _tx: &mut dyn Tx, _one: Uuid, _other: Uuid) -> store::Result<Option<Weights>> {
        Ok(None)
    }

    /// Who a claim may be of that is not taken in; `None` where nothing has been learnt and the exact rules say it.
    ///
    /// # Errors
    /// What the database says.
    fn candidates(&self, _tx: &mut dyn Tx, _claimed: &Demographics) -> store::Result<Option<Candidates>> {
        Ok(None)
    }
}

/// Finds the leaf that a feed calls by this id, or begins it.
///
/// # Errors
/// What the database says.
pub fn leaf(write: &mut Write<'_>, feed: &str, local: &str, actor: &str, at: Timestamp) -> store::Result<(Uuid, bool)> {
    if let Some(known) = crate::views::person::leaf(write.tx(), feed, local)? {
        return Ok((known, false));
    }
    let id = write.new_id(at);
    let begin = Command::Find { feed: feed.to_owned(), local: local.to_owned() };
    done(write.begin::<Person>(id, begin, None, actor, at))?;
    Ok((id, true))
}

/// Joins the root of one leaf into the root of another. Nothing happens where they are one already.
///
/// # Errors
/// What the database says.
pub fn join(
    write: &mut Write<'_>,
    prior: Uuid,
    surviving: Uuid,
    ground: Ground,
    actor: &str,
    at: Timestamp,
) -> store::Result<()> {
    join_weighed(write, prior, surviving, (ground, None), actor, at)
}

/// The same, with how the two compared.
pub(crate) fn join_weighed(
    write: &mut Write<'_>,
    prior: Uuid,
    surviving: Uuid,
    (ground, weights): (Ground, Option<Weights>),
    actor: &str,
    at: Timestamp,
) -> store::Result<()> {
    let prior = crate::views::person::root(write.tx(), prior)?;
    let into = crate::views::person::root(write.tx(), surviving)?;
    if prior == into {
        return Ok(());
    }
    done(write.execute::<Person>(prior, Command::Join { into, ground, weights }, actor, at))
}

/// Takes a leaf apart from the root it stands under, with every leaf that had been joined to it; all of them go by its id, as
/// before. Nothing happens where it is joined to nobody.
///
/// # Errors
/// What the database says.
pub(crate) fn part(
    write: &mut Write<'_>,
    leaf: Uuid,
    (ground, weights): (Ground, Option<Weights>),
    actor: &str,
    at: Timestamp,
) -> store::Result<()> {
    let from = crate::views::person::root(write.tx(), leaf)?;
    if from == leaf {
        return Ok(());
    }
    let with = crate::views::person::branch(write.tx(), from, leaf)?;
    done(write.execute::<Person>(leaf, Command::Part { from, with, ground, weights }, actor, at))
}

/// Writes a dispute down on both sides.
///
/// # Errors
/// What the database says.
pub fn dispute(
    write: &mut Write<'_>,
    one: Uuid,
    other: Uuid,
    about: &str,
    actor: &str,
    at: Timestamp,
) -> store::Result<()> {
    for (id, with) in [(one, other), (other, one)] {
        done(write.execute::<Person>(id, Command::Dispute { with, about: about.to_owned() }, actor, at))?;
    }
    Ok(())
}

fn done<A, R: std::error::Error>(outcome: Result<A, Refused<R>>) -> store::Result<()> {
    match outcome {
        Ok(_) => Ok(()),
        Err(Refused::Store(error)) => Err(error),
        // The views said it could be done; a refusal means that they and the log have come apart.
        Err(Refused::Rules(refusal)) => {
            Err(store::Error::Corrupt(format!("the log and the index of people disagree: {refusal}")))
        }
    }
}
