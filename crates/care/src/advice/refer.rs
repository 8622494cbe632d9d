//! From advice to a referral in one press and one transaction: the question is converted, and the ask is sent with all that was
//! written already. Its id is the journey's, so that door to door it is one thing with one number; where the journey has an open
//! ask already, the referral is a hop of that ask and not a second one. Nobody types anything again. Must not decide whether there may be a referral; the question's own rules do.

use access::Subject;
use jiff::Timestamp;
use store::{Aggregate as _, Refused, Write};
use uuid::Uuid;

use super::{Advice, Command, Referral, Refusal};
use crate::age::Age;
use crate::ask::{self, Act, Ask, Asker, Consent, Kind, Otherwise, Request, State, Urgency, Visit, Whom};
use crate::team::Team;
use crate::words::Words;

/// Why there is no referral.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotReferred {
    /// The question says no.
    #[error("{0}")]
    Advice(Refusal),
    /// The ask says no.
    #[error("the referral could not be sent: {0}")]
    Ask(Box<ask::Refusal>),
    /// The journey's ask is with others, who alone can hand it on.
    #[error("the question belongs to an ask that {0} has; tell them to hand it on, or answer with the advice to refer")]
    WithOthers(Team),
}

impl NotReferred {
    /// The team that it names, for whoever says it with that team's own name.
    #[must_use]
    pub const fn team(&self) -> Option<&Team> {
        match self {
            Self::Ask(refusal) => refusal.team(),
            Self::WithOthers(team) => Some(team),
            Self::Advice(_) => None,
        }
    }
}

/// Who turns a question into a referral, and why.
#[derive(Debug, Clone)]
pub struct Decided {
    /// Who.
    pub by: Subject,
    /// Why.
    pub because: String,
    /// How old the person is, as the record says.
    pub age: Age,
    /// The person as they are known now; their question may be from before two records were found to be theirs.
    pub person: Uuid,
}

/// Turns a question into a referral. All of it happens or nothing. The caller holds leave for the person.
///
/// # Errors
/// [`Refused::Rules`] with words, or [`Refused::Store`].
pub fn refer(
    write: &mut Write<'_>,
    id: Uuid,
    decided: Decided,
    at: Timestamp,
) -> Result<(Advice, Ask), Refused<NotReferred>> {
    let Decided { by, because, age, person } = decided;
    let actor = by.actor();
    let convert = Command::Convert { by, because };
    let advice = write.execute::<Advice>(id, convert, &actor, at).map_err(|refused| match refused {
        Refused::Rules(refusal) => Refused::Rules(NotReferred::Advice(refusal)),
        Refused::Store(error) => Refused::Store(error),
    })?;
    let Some(referral) = advice.referral() else {
        return Err(Refused::Rules(NotReferred::Advice(Refusal::NotAsked)));
    };
    let (journey, command) = command(write, id, referral, person, age)?;
    let ask = ask::carry(write, journey, command, at).map_err(|refused| match refused {
        Refused::Rules(refusal) => Refused::Rules(NotReferred::Ask(Box::new(refusal))),
        Refused::Store(error) => Refused::Store(error),
    })?;
    Ok((advice, ask))
}

/// What is done to which ask: the journey's own goes on to the specialty; where there is none yet, one begins with the journey's id.
fn command(
    write: &mut Write<'_>,
    id: Uuid,
    referral: &Referral,
    person: Uuid,
    age: Age,
) -> Result<(Uuid, ask::Command), Refused<NotReferred>> {
    let no = |why| Refused::Rules(NotReferred::Advice(why));
    // In the asker's name: they gave leave, the answer goes to them, and they have it until the specialty has taken it.
    let begin = |id| {
        let act = Act::Submit(Box::new(request(referral, person, age).map_err(no)?));
        Ok((id, ask::Command { by: referral.asked_by.clone(), act }))
    };
    let history = store::log::stream(write.tx(), referral.journey)?;
    if history.first().is_none_or(|first| first.kind != Ask::KIND) {
        return begin(referral.journey);
    }
    let (ask, _) = store::aggregate::load::<Ask>(&history)?;
    if !ask.state().is_open() && ask.state() != State::Closed {
        return begin(referral.journey);
    }
    // An ask that is closed does not open again, and nothing of one person goes into the ask of another.
    let theirs = crate::views::ask::root(write.tx(), ask.person())? == crate::views::ask::root(write.tx(), person)?;
    if ask.state() == State::Closed || !theirs {
        return begin(super::derived("weft-referral-1", &id.to_string()));
    }
    let Some(owner) = ask.owner() else { return begin(referral.journey) };
    let holds = |by: &Subject| by.holders().any(|one| one == owner.word());
    let by = [&referral.decided_by, &referral.asked_by].into_iter().find(|by| holds(by));
    let Some(by) = by.cloned() else { return Err(Refused::Rules(NotReferred::WithOthers(owner.clone()))) };
    let note: String =
        format!("{}\n{}", referral.because, referral.question).chars().take(crate::words::MOST).collect();
    let note = Words::try_from(note.as_str()).map_err(|_| no(Refusal::NoWords))?;
    let act = if *owner == referral.to {
        Act::AddWords { words: note }
    } else {
        Act::OfferHop { to: referral.to.clone(), note, warm: false }
    };
    Ok((referral.journey, ask::Command { by, act }))
}

/// The ask that a referral is, from what was written.
///
/// # Errors
/// Where something that an ask needs was never written.
pub fn request(referral: &Referral, person: Uuid, age: Age) -> Result<Request, Refusal> {
    let words = |text: &str| Words::try_from(text).map_err(|_| Refusal::NoWords);
    // The rest stands in the question, whose journey it is; an ask says in one line what happened and what worries.
    let worries = [&referral.because, &referral.tried, referral.advice.as_ref().unwrap_or(&String::new())]
        .into_iter()
        .filter(|part| !part.is_empty())
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join("\n");
    let worries: String = worries.chars().take(crate::words::MOST).collect();
    let because = || words("The referral follows from written advice; whoever asked decided it");
    Ok(Request {
        whom: Whom { person, described: None, age },
        kind: Kind::Referral,
        asked_by: Asker {
            name: words(&referral.asked_by.name)?,
            relation: words(referral.asked_by.role.said())?,
            call_back: words("in Weft, on this ask")?,
            team: Some(referral.asked_for.clone()),
        },
        asked_for: referral.to.clone(),
        urgency: Urgency::Routine,
        happened: words(&referral.question)?,
        worries: words(&worries)?,
        otherwise: Otherwise::Unsure,
        consent: if referral.authorised.is_some() {
            Consent::Agrees {}
        } else {
            Consent::NotAsked { because: because()? }
        },
        visit: Visit::default(),
    })
}
