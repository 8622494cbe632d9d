//! Publishing a clinic's slots, booking one for an ask, and the visit. A booking and the ask's way to the clinic are one transaction:
//! nobody has a place without the clinic being asked, and nobody is sent to a clinic for a place that was just taken. Must not rank
//! clinics, nor choose for anybody.

use access::{AskPermit, Role, Subject};
use jiff::Timestamp;
use store::{Refused, Troubled, Write};
use uuid::Uuid;

use super::{Clinic, Command, Disposition, Holder, NotHeld, Refusal, Slot, Step, hold, open};
use crate::ask::{self, Act, Ask, Contact, State, Urgency};
use crate::episode::is_of;
use crate::team::Team;
use crate::triage::{Decision, Level, Offer, Triage};
use crate::views;
use crate::views::slot as rows;
use crate::words::Words;

/// Why nothing was booked, or a visit did not go on.
#[derive(Debug, Clone, thiserror::Error)]
pub enum NotBooked {
    /// The leave is for something else, or somebody else.
    #[error("this needs leave to work this person\u{2019}s asks; open the ask again from your list")]
    NoLeave,
    /// They do not act for the clinic.
    #[error("only somebody of the clinic can do this")]
    NotTheirs,
    /// It has a place already.
    #[error("a place is booked for this ask already; give that back first")]
    Already,
    /// No such clinic any more.
    #[error("this clinic is not in the catalogue any more")]
    NoClinic,
    /// The slot says no.
    #[error(transparent)]
    Slot(#[from] NotHeld),
    /// The ask says no.
    #[error(transparent)]
    Ask(ask::Refusal),
}

impl NotBooked {
    /// The team that it names, for whoever says it with that team's own name.
    #[must_use]
    pub const fn team(&self) -> Option<&crate::team::Team> {
        match self {
            Self::Ask(refusal) => refusal.team(),
            _ => None,
        }
    }
}

impl Troubled for NotBooked {
    fn trouble(&self) -> Option<&store::Error> {
        match self {
            Self::Slot(not_held) => not_held.trouble(),
            _ => None,
        }
    }
}

impl From<store::Error> for NotBooked {
    fn from(error: store::Error) -> Self {
        Self::Slot(NotHeld::Store(error))
    }
}

impl From<Refused<Refusal>> for NotBooked {
    fn from(refused: Refused<Refusal>) -> Self {
        match refused {
            Refused::Rules(refusal) => Self::Slot(NotHeld::Rules(refusal)),
            Refused::Store(error) => Self::Slot(NotHeld::Store(error)),
        }
    }
}

const fn works(role: Role) -> bool {
    matches!(
        role,
        Role::Gp | Role::Consultant | Role::DistrictNurse | Role::Therapist | Role::SocialWorker | Role::Coordinator
    )
}

/// What came of publishing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Published {
    /// So many are offered now that were not.
    pub new: usize,
    /// So many stood there already and stay as they are.
    pub there: usize,
}

/// Offers slots of a clinic: each place at each time, once. What is offered already stays as it is.
///
/// # Errors
/// [`NotBooked::NotTheirs`] for anybody who is not of the clinic; [`Refusal::Past`] for a time that has come.
pub fn publish(
    write: &mut Write<'_>,
    by: &Subject,
    clinic: &Clinic,
    times: &[(Timestamp, Timestamp)],
    places: &[String],
    at: Timestamp,
) -> Result<Published, NotBooked> {
    if !is_of(by, &clinic.id) || !works(by.role) || !by.assured {
        return Err(NotBooked::NotTheirs);
    }
    let mut published = Published::default();
    for (starts, ends) in times {
        if *starts <= at {
            return Err(NotHeld::Rules(Refusal::Past).into());
        }
        for place in places {
            let service = clinic.id.to_string();
            match open(
                write,
                Command::Open { service, place: place.clone(), starts: *starts, ends: *ends },
                &by.actor(),
                at,
            ) {
                Ok(_) => published.new += 1,
                Err(NotHeld::Rules(Refusal::AlreadyOffered)) => published.there += 1,
                Err(other) => return Err(other.into()),
            }
        }
    }
    Ok(published)
}

/// Offers a free slot no more.
///
/// # Errors
/// [`NotBooked`].
pub fn withdraw(
    write: &mut Write<'_>,
    by: &Subject,
    slot: Uuid,
    because: Words,
    at: Timestamp,
) -> Result<Slot, NotBooked> {
    let (service, _) = rows::one(write.tx(), slot)?.ok_or(NotHeld::Rules(Refusal::NotOffered))?;
    if !is_of(by, &service) || !works(by.role) || !by.assured {
        return Err(NotBooked::NotTheirs);
    }
    Ok(write.execute::<Slot>(slot, Command::Withdraw(because), &by.actor(), at)?)
}

/// What was booked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booked {
    /// From when.
    pub starts: Timestamp,
    /// Where.
    pub place: String,
}

/// Books a slot for an ask: it is taken, and the clinic is asked to take the ask over, or has it and a time is arranged. All of it,
/// or nothing.
///
/// # Errors
/// [`NotBooked`]; [`NotHeld::Gone`] within it has the nearest that are free.
pub fn book(
    write: &mut Write<'_>,
    permit: &AskPermit,
    clinic: &Clinic,
    (id, slot): (Uuid, Uuid),
    at: Timestamp,
) -> Result<Booked, NotBooked> {
    let by = permit.by();
    let (ask, _) = store::aggregate::load::<Ask>(&store::log::stream(write.tx(), id)?)?;
    let mine = ask.owner().is_some_and(|owner| by.is_of(owner.word()));
    if !permit.works() || !mine || views::ask::root(write.tx(), ask.person())? != permit.person() {
        return Err(NotBooked::NoLeave);
    }
    carry_booking(write, by, clinic, (id, slot), at)
}

/// The same for callers that have seen to the leave.
///
/// # Errors
/// As [`book`].
pub fn carry_booking(
    write: &mut Write<'_>,
    by: &Subject,
    clinic: &Clinic,
    (id, slot): (Uuid, Uuid),
    at: Timestamp,
) -> Result<Booked, NotBooked> {
    let (ask, _) = store::aggregate::load::<Ask>(&store::log::stream(write.tx(), id)?)?;
    let team = clinic.team().ok_or(NotBooked::NoClinic)?;
    let before = rows::of_ask(write.tx(), id)?.filter(|booked| booked.ended.is_none());
    if let Some(booked) = before {
        // Pressed twice: it is theirs.
        return if booked.id == slot {
            Ok(Booked { starts: booked.starts, place: booked.place })
        } else {
            Err(NotBooked::Already)
        };
    }
    let holder = Holder { by: by.id.clone(), ask: Some(id), person: Some(ask.person()) };
    let room = rows::free(write.tx(), &clinic.id, at)?;
    hold(write, slot, holder.clone(), at)?;
    write.execute::<Slot>(slot, Command::Take(holder), &by.actor(), at)?;
    let booked = rows::of_ask(write.tx(), id)?.ok_or(NotHeld::Rules(Refusal::NotTaken))?;
    if *booked.service != *clinic.id {
        return Err(NotBooked::NoClinic);
    }
    for act in way(&ask, by, &team, clinic, room.len(), &booked, at)? {
        match ask::carry(write, id, ask::Command { by: by.clone(), act }, at) {
            Ok(_) => {}
            Err(Refused::Rules(refusal)) => return Err(NotBooked::Ask(refusal)),
            Err(Refused::Store(error)) => return Err(error.into()),
        }
    }
    Ok(Booked { starts: booked.starts, place: booked.place })
}

/// What the ask has to go through for the clinic to have it, from where it is.
fn way(
    ask: &Ask,
    by: &Subject,
    team: &Team,
    clinic: &Clinic,
    free: usize,
    booked: &rows::OfAsk,
    at: Timestamp,
) -> Result<Vec<Act>, NotBooked> {
    if ask.open_hop().is_some_and(|hop| hop.to == *team) {
        return Ok(Vec::new());
    }
    let said = |text: String| Words::try_from(text).map_err(|_| NotBooked::NoClinic);
    let schedule = Act::Schedule { when: booked.starts, what: said(booked.place.clone())? };
    let theirs = ask.owner() == Some(team);
    let clinical = by.role != Role::Coordinator;
    let because = said(format!("A place is booked in {}: {}", clinic.name, booked.place))?;
    let level = match clinic.level {
        place::Level::Home => Level::Home7Day,
        place::Level::Intermediate => Level::IntermediateNearby,
        place::Level::Hospital => Level::Hospital,
    };
    let mut acts = Vec::new();
    if clinical && matches!(ask.state(), State::Received | State::Triaging) {
        if ask.state() == State::Received {
            acts.push(Act::StartTriage);
        }
        let offer = Offer {
            service: team.clone(),
            level,
            fit: format!("{free} places free at that moment"),
            free: u32::try_from(free).ok(),
            observed_at: Some(at),
            travel_minutes: None,
            clock_left: None,
        };
        let triage = Triage {
            decision: Decision::Accepted { service: team.clone(), level },
            urgency: ask.request().map_or(Urgency::SameDay, |request| request.urgency),
            because,
            offers: vec![offer],
            overridden: None,
        };
        acts.push(Act::Decide { triage: Box::new(triage), warm: false });
        if theirs {
            acts.push(schedule);
        }
    } else if theirs {
        acts.push(schedule);
    } else {
        acts.push(Act::OfferHop { to: team.clone(), note: because, warm: false });
    }
    Ok(acts)
}

/// Somebody of the clinic, or where it is given back of the team that has the ask, says how a visit goes on; the ask hears of it.
///
/// # Errors
/// [`NotBooked`].
pub fn visit(
    write: &mut Write<'_>,
    permit: &AskPermit,
    slot: Uuid,
    command: Command,
    now: Timestamp,
) -> Result<Slot, NotBooked> {
    let by = permit.by();
    let (kept, _) = store::aggregate::load::<Slot>(&store::log::stream(write.tx(), slot)?)?;
    let Some(holder) = kept.holder(now).cloned() else { return Err(NotHeld::Rules(Refusal::NotTaken).into()) };
    let person = holder.person.ok_or(NotBooked::NoLeave)?;
    if !permit.works() || views::ask::root(write.tx(), person)? != permit.person() {
        return Err(NotBooked::NoLeave);
    }
    let ask = match holder.ask {
        Some(id) => store::aggregate::load::<Ask>(&store::log::stream(write.tx(), id)?)?.0,
        None => Ask::default(),
    };
    let has_ask = ask.owner().is_some_and(|owner| by.is_of(owner.word()));
    let allowed = match &command {
        Command::Free(_) => has_ask || is_of(by, kept.service()),
        Command::Visit { .. } => is_of(by, kept.service()),
        _ => return Err(NotBooked::NoLeave),
    };
    if !allowed || !works(by.role) {
        return Err(NotBooked::NotTheirs);
    }
    carry_visit(write, by, slot, command, now)
}

/// The same for callers that have seen to the leave.
///
/// # Errors
/// As [`visit`].
pub fn carry_visit(
    write: &mut Write<'_>,
    by: &Subject,
    slot: Uuid,
    command: Command,
    now: Timestamp,
) -> Result<Slot, NotBooked> {
    let (kept, _) = store::aggregate::load::<Slot>(&store::log::stream(write.tx(), slot)?)?;
    let id = kept.holder(now).and_then(|holder| holder.ask);
    let ask = match id {
        Some(id) => store::aggregate::load::<Ask>(&store::log::stream(write.tx(), id)?)?.0,
        None => Ask::default(),
    };
    let step = match &command {
        Command::Visit { step, at } => Some((*step, *at)),
        _ => None,
    };
    let slot = write.execute::<Slot>(slot, command, &by.actor(), now)?;
    let owns = ask.owner().is_some_and(|owner| owner.parts() == ("service", kept.service()));
    let accepted = crate::episode::taken_by(&ask).is_some();
    if let (Some(id), Some((step, at)), true) = (id, step, owns && accepted) {
        let act = match step {
            Step::Initial if matches!(ask.state(), State::Decided | State::Scheduled) => {
                Some(Act::StartContact { when: at, contact: Contact::Attendance })
            }
            Step::Disposed(to) if ask.state() == State::Attended => {
                Some(Act::EndContact { when: at, goes_on: to != Disposition::Home })
            }
            _ => None,
        };
        let carried = |act| ask::carry(write, id, ask::Command { by: by.clone(), act }, now);
        match act.map(carried) {
            None | Some(Ok(_)) => {}
            Some(Err(Refused::Rules(refusal))) => return Err(NotBooked::Ask(refusal)),
            Some(Err(Refused::Store(error))) => return Err(error.into()),
        }
    }
    Ok(slot)
}
