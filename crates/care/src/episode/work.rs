//! What a service does with a stay: taken with the ask, let go with it, and worked by the people of the service, with leave. Must not
//! decide what a stay allows; that is its own rules'.

use access::{AskPermit, Role, Subject};
use jiff::Timestamp;
use store::{Refused, Troubled, Write};
use uuid::Uuid;

use super::{Cap, Command, Episode, Refusal};
use crate::ask::{self, Act, Ask, Contact, State};
use crate::service::Step;
use crate::team::Team;
use crate::views;
use crate::words::Words;

/// Why something was not done with a stay.
#[derive(Debug, Clone, thiserror::Error)]
pub enum NotDone {
    /// The leave is for something else, or somebody else.
    #[error("this needs leave to work this person\u{2019}s asks; open the stay again from your list")]
    NoLeave,
    /// Another service has them.
    #[error("only somebody of the service that has this stay can do this")]
    NotYours,
    /// The role gives no care.
    #[error("your role does not do this; a clinician or a social worker of the service does")]
    NotYourRole,
    /// The stay's own no.
    #[error(transparent)]
    Rules(Refusal),
    /// The ask it answers says no.
    #[error("the ask that this stay answers says no: {0}")]
    Ask(ask::Refusal),
    /// The store could not.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl NotDone {
    /// The team that it names, for whoever says it with that team's own name.
    #[must_use]
    pub const fn team(&self) -> Option<&crate::team::Team> {
        match self {
            Self::Ask(refusal) => refusal.team(),
            _ => None,
        }
    }
}

impl Troubled for NotDone {
    fn trouble(&self) -> Option<&store::Error> {
        match self {
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

impl From<Refused<Refusal>> for NotDone {
    fn from(refused: Refused<Refusal>) -> Self {
        match refused {
            Refused::Rules(refusal) => Self::Rules(refusal),
            Refused::Store(error) => Self::Store(error),
        }
    }
}

/// The id of the stay that begins when a service takes an ask before which so many have been taken for it.
#[must_use]
pub fn id_of(ask: Uuid, service: &str, before: usize) -> Uuid {
    let before = u64::try_from(before).unwrap_or(u64::MAX).to_le_bytes();
    ask::derived(&[b"weft-stay-1", ask.as_bytes(), service.as_bytes(), &before])
}

/// Takes a stay with an ask: the person is expected from now on. `before`: how many were taken for this ask already.
///
/// # Errors
/// As [`Refusal`], or the store's trouble.
pub fn take(
    write: &mut Write<'_>,
    by: &Subject,
    id: Uuid,
    ask: &Ask,
    service: &str,
    before: usize,
    at: Timestamp,
) -> Result<(), Refused<Refusal>> {
    let stream = id_of(id, service, before);
    let down = ask.request().is_some_and(|request| request.kind == ask::Kind::LeavingHospital);
    let step = if down { Step::Down } else { Step::Up };
    let command = Command::Take { ask: id, person: ask.person(), service: service.to_owned(), step };
    write.execute::<Episode>(stream, command, &by.actor(), at).map(|_| ())
}

/// Lets a stay go before the person came.
///
/// # Errors
/// As [`Refusal`], or the store's trouble.
pub fn let_go(
    write: &mut Write<'_>,
    by: &Subject,
    stay: Uuid,
    because: Words,
    at: Timestamp,
) -> Result<(), Refused<Refusal>> {
    write.execute::<Episode>(stay, Command::LetGo(because), &by.actor(), at).map(|_| ())
}

/// Somebody who gives care in the service that has the stay, with leave for the person.
fn may(write: &mut Write<'_>, permit: &AskPermit, stay: Uuid) -> Result<Episode, NotDone> {
    let (episode, _) = store::aggregate::load::<Episode>(&store::log::stream(write.tx(), stay)?)?;
    if episode.step().is_none() {
        return Err(NotDone::Rules(Refusal::NotStarted));
    }
    if !permit.works() || views::ask::root(write.tx(), episode.person())? != permit.person() {
        return Err(NotDone::NoLeave);
    }
    if !is_of(permit.by(), episode.service()) {
        return Err(NotDone::NotYours);
    }
    let cares = matches!(
        permit.by().role,
        Role::Gp | Role::Consultant | Role::DistrictNurse | Role::Therapist | Role::SocialWorker
    );
    if cares { Ok(episode) } else { Err(NotDone::NotYourRole) }
}

/// Whether somebody acts for a service.
pub(crate) fn is_of(by: &Subject, service: &str) -> bool {
    by.is_of(&format!("service:{service}"))
}

/// How somebody is admitted.
#[derive(Debug, Clone, PartialEq)]
pub struct Admission {
    /// Up or down.
    pub step: Step,
    /// At least one, in the person's words where there are any.
    pub goals: Vec<Words>,
    /// When they were there, or somebody was with them.
    pub at: Timestamp,
    /// The length it may have.
    pub cap: Cap,
    /// How the first contact was made: in the service's place, or at home.
    pub contact: Contact,
}

/// Admits somebody who is expected, and tells the ask that somebody has seen them and that care goes on: both, or neither.
///
/// # Errors
/// [`NotDone`].
pub fn admit(
    write: &mut Write<'_>,
    permit: &AskPermit,
    stay: Uuid,
    how: Admission,
    now: Timestamp,
) -> Result<Episode, NotDone> {
    may(write, permit, stay)?;
    carry_admission(write, permit.by(), stay, how, now)
}

/// The same for callers that have seen to the leave.
///
/// # Errors
/// [`NotDone`].
pub fn carry_admission(
    write: &mut Write<'_>,
    by: &Subject,
    stay: Uuid,
    how: Admission,
    now: Timestamp,
) -> Result<Episode, NotDone> {
    let (before, _) = store::aggregate::load::<Episode>(&store::log::stream(write.tx(), stay)?)?;
    let Admission { step, goals, at, cap, contact } = how;
    let (ask, person) = (before.ask(), before.person());
    let service = before.service().to_owned();
    let command = Command::Start { ask, person, service: service.clone(), step, goals, at, cap };
    let episode = write.execute::<Episode>(stay, command, &by.actor(), now)?;
    if let Some(id) = ask {
        let (ask, _) = store::aggregate::load::<Ask>(&store::log::stream(write.tx(), id)?)?;
        let theirs = ask.owner().is_some_and(|owner| owner.parts() == ("service", service.as_str()));
        if theirs && matches!(ask.state(), State::Decided | State::Scheduled) {
            for act in [Act::StartContact { when: at, contact }, Act::EndContact { when: at, goes_on: true }] {
                told(write, by, id, act, now)?;
            }
        }
    }
    Ok(episode)
}

fn told(write: &mut Write<'_>, by: &Subject, ask: Uuid, act: Act, now: Timestamp) -> Result<(), NotDone> {
    match ask::carry(write, ask, ask::Command { by: by.clone(), act }, now) {
        Ok(_) => Ok(()),
        Err(Refused::Rules(refusal)) => Err(NotDone::Ask(refusal)),
        Err(Refused::Store(error)) => Err(NotDone::Store(error)),
    }
}

/// Does something else with a stay: goals, reviews, a longer length, an interruption, the end.
///
/// # Errors
/// [`NotDone`]; [`NotDone::NoLeave`] also for what is not done this way: taking, beginning and finding follow the ask.
pub fn act(
    write: &mut Write<'_>,
    permit: &AskPermit,
    stay: Uuid,
    command: Command,
    now: Timestamp,
) -> Result<Episode, NotDone> {
    if matches!(command, Command::Take { .. } | Command::Start { .. } | Command::Find(_)) {
        return Err(NotDone::NoLeave);
    }
    may(write, permit, stay)?;
    Ok(write.execute::<Episode>(stay, command, &permit.by().actor(), now)?)
}

/// The service that has taken an ask for good: it was decided for that service, it owns it, and nobody else is asked to.
pub(crate) fn taken_by(ask: &Ask) -> Option<&str> {
    let owner = ask.owner()?;
    let decided = match &ask.triage()?.decision {
        crate::triage::Decision::Accepted { service, .. } => service == owner,
        _ => false,
    };
    let under_way = matches!(
        ask.state(),
        State::Decided | State::Scheduled | State::Attended | State::InTreatment | State::CannotContact
    );
    let service: &Team = owner;
    match service.parts() {
        ("service", name) if decided && under_way && ask.open_hop().is_none() => Some(name),
        _ => None,
    }
}
