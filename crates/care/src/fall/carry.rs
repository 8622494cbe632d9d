//! What somebody does about a fall, with leave to work the asks of the person. Must not decide what a fall allows; the fall does.

use access::AskPermit;
use jiff::Timestamp;
use jiff::civil::Date;
use store::{Aggregate, Refused, Write};
use uuid::Uuid;

use super::{About, Care, Command, Fall, Finding, Known, Refusal, Route, Screen, needs_assessment};
use crate::ask::{self, State, worked};
use crate::words::Words;

/// What somebody does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Answer the five questions. Without a red flag the crisis team goes; with one, somebody has to say who.
    Screen(Screen),
    /// Say who goes.
    Route {
        /// Who.
        route: Route,
        /// Why.
        because: Words,
        /// Where somebody goes although a red flag calls for 999: which clinician has decided so, and why.
        despite: Option<Words>,
    },
    /// They are off the floor.
    HelpUp {
        /// When.
        at: Timestamp,
        /// How much was done.
        care: Care,
    },
    /// Say what is known of them, and so whether a full assessment is needed, and why.
    Need(About),
    /// It was made.
    Assess {
        /// When.
        at: Timestamp,
        /// What was found.
        findings: Vec<Finding>,
    },
    /// The home will be looked at.
    BookHazardVisit(Date),
    /// A place in a class.
    BookStrength {
        /// From when.
        on: Date,
        /// Where.
        place: Words,
    },
    /// Thirty days on, how they are.
    LookIn {
        /// When somebody asked.
        at: Timestamp,
        /// Whether they have fallen again.
        again: Known,
        /// How they are, and what is done about it.
        words: Words,
    },
    /// A year later.
    FollowUp {
        /// When.
        at: Timestamp,
        /// How it is.
        words: Words,
    },
}

/// Does something about a fall.
///
/// # Errors
/// [`Refused::Rules`] with words for whoever tried, or [`Refused::Store`].
pub fn act(
    write: &mut Write<'_>,
    permit: &AskPermit,
    id: Uuid,
    act: Act,
    at: Timestamp,
) -> Result<Fall, Refused<Refusal>> {
    let history = store::log::stream(write.tx(), id)?;
    if history.first().is_none_or(|first| first.kind != Fall::KIND) {
        return Err(Refused::Rules(Refusal::NotReported));
    }
    let (mut fall, _) = store::aggregate::load::<Fall>(&history)?;
    leave(write, permit, &fall)?;
    let actor = permit.by().actor();
    for command in commands(&fall, act).map_err(Refused::Rules)? {
        fall = write.execute::<Fall>(id, command, &actor, at)?;
    }
    Ok(fall)
}

/// Leave for the person of the ask that the fall belongs to. While the ask is open, somebody of the team that has it; afterwards,
/// whoever works asks for the person: classes and visits come later.
fn leave(write: &mut Write<'_>, permit: &AskPermit, fall: &Fall) -> Result<(), Refused<Refusal>> {
    let no = |refusal: ask::Refusal| Refused::Rules(Refusal::Ask(Box::new(refusal)));
    let id = fall.ask().ok_or_else(|| no(ask::Refusal::NoLeave))?;
    let ask = match worked(write, permit, id) {
        Ok(ask) => ask,
        Err(Refused::Rules(refusal)) => return Err(no(refusal)),
        Err(Refused::Store(error)) => return Err(error.into()),
    };
    if ask.state() == State::Closed { Ok(()) } else { ask.must_be_with(permit.by()).map_err(no) }
}

fn commands(fall: &Fall, act: Act) -> Result<Vec<Command>, Refusal> {
    Ok(match act {
        Act::Screen(screen) => {
            let because = Words::try_from("No red flag").ok().filter(|_| screen.red_flags().is_empty());
            let route = because.map(|because| Command::Route { route: Route::Visit, because, despite: None });
            // Sent twice, it is answered once.
            if fall.screen() == Some(screen) && fall.route().is_some() {
                return Ok(Vec::new());
            }
            std::iter::once(Command::Screen(screen)).chain(route).collect()
        }
        Act::Route { route, because, despite } => vec![Command::Route { route, because, despite }],
        Act::HelpUp { at, care } => vec![Command::HelpUp { at, care }],
        Act::Need(about) => {
            let screen = fall.screen().ok_or(Refusal::NotScreened)?;
            vec![Command::AskAssessment(needs_assessment(&about, &screen))]
        }
        Act::Assess { at, findings } => vec![Command::Assess { at, findings }],
        Act::BookHazardVisit(on) => vec![Command::BookHazardVisit(on)],
        Act::BookStrength { on, place } => vec![Command::BookStrength { on, place }],
        Act::LookIn { at, again, words } => vec![Command::LookIn { at, again, words }],
        Act::FollowUp { at, words } => vec![Command::FollowUp { at, words }],
    })
}
