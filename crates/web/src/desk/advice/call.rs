//! A call: while it rings, whom and in which round, for whoever asked and whoever is rung; then, with a permit for the person,
//! what came of it.

use axum::extract::State as Shared;
use axum::response::{Html, IntoResponse, Redirect, Response};
use care::advice::Line;
use care::call::{Call, Command, End, Outcome, Refusal, Settled, Stands, act};
use care::team::Team;
use care::views::call as calls;
use store::{Refused, Write};
use uuid::Uuid;

use super::super::person::{capital, href};
use super::super::record::{Opened, open};
use super::super::seal::holder_words;
use super::{only_clinicians, said, seconds, specialty_name};
use crate::app::{State, Trouble};
use crate::layout::Section;
use crate::live;
use crate::pages::advice::{Call as View, Stage};
use crate::session::{Fields, Id, Sent, Who};

/// Asks something of a call.
pub(super) async fn ask(state: &State, who: &Who, id: Uuid, command: Command) -> Result<Call, Refused<Refusal>> {
    let (actor, at) = (who.actor(), who.at);
    let asking = move |write: &mut Write<'_>| act::ask(write, id, command.clone(), &actor, at);
    state.parts().store.write_async(asking).await
}

/// The call of an address, for its two ends and whoever is being rung; for anybody else there is none.
async fn known(state: &State, who: &Who, id: Uuid) -> Result<Call, Trouble> {
    only_clinicians(who)?;
    let call = state.read(move |tx| calls::of(tx, id)).await?.ok_or(Trouble::NotFound)?;
    let rung = call.ringing().is_some_and(|(_, ring)| ring.who.reader == who.subject.id);
    if call.end_of(&who.subject).is_none() && !rung {
        return Err(Trouble::NotFound);
    }
    Ok(call)
}

fn stage(call: &Call) -> Stage {
    match (call.stands(), call.ringing()) {
        (Stands::Ringing, Some((_, ring))) => {
            let (people, rounds) = call.start().map_or((1, 1), |start| (start.on.len(), start.rounds));
            let place = (usize::try_from(call.rung()).unwrap_or(1).max(1) - 1) % people.max(1) + 1;
            let loops = format!("Number {place} of {people} on the rota, round {} of {rounds}.", call.round());
            Stage::Ringing(ring.who.name.clone(), loops)
        }
        (Stands::Unanswered, _) => Stage::Unanswered,
        (Stands::GivenUp, _) => Stage::GivenUp,
        _ => Stage::Spoken,
    }
}

fn facts(call: &Call) -> Vec<(String, String)> {
    let mut facts = Vec::new();
    let mut row = |key: &str, value: String| facts.push((key.to_owned(), value));
    if let Some((who, at)) = call.answered() {
        row("Answered", format!("{}, {}", who.name, said(at)));
    }
    if let Some(time) = call.connect() {
        row("It took", seconds(time));
    }
    if let Some(time) = call.talk() {
        row("They spoke for", format!("{} minutes {} seconds", time.as_secs() / 60, time.as_secs() % 60));
    }
    let says = |outcome: Outcome| outcome.said().to_owned();
    if let Some(keyed) = call.gp() {
        row("Who asked says", says(keyed.outcome));
    }
    if let Some(keyed) = call.consultant() {
        row("The consultant says", says(keyed.outcome));
    }
    let stands = match call.settled() {
        Settled::Agreed(_) => Some("Both ends say the same"),
        Settled::Disagreed { .. } => Some("The two ends say different things; both stand"),
        Settled::Missing(..) => Some("The other end is missing after 24 hours; it can still be said"),
        Settled::Waits(_) => Some("The other end has not said yet"),
        Settled::Neither => None,
    };
    if let Some(words) = stands {
        row("How it stands", words.to_owned());
    }
    let promised: Vec<&str> = call.lines().map(|line| line.what.as_str()).collect();
    if !promised.is_empty() {
        row("Promised", promised.join("; "));
    }
    facts
}

async fn view(state: &State, who: &Who, id: Uuid, call: &Call) -> Result<View, Result<Response, Trouble>> {
    let Some(start) = call.start() else { return Err(Err(Trouble::NotFound)) };
    let end = call.end_of(&who.subject);
    let rings = call.ringing().is_some();
    // Whom it is about stands on no page that looks again every two seconds: each look would be written down.
    let shown = if rings && end == Some(End::Gp) { None } else { start.person };
    let shell = match shown {
        None => who.shell("A call to a consultant", Section::None),
        Some(person) => {
            let person = state.read(move |tx| record::summary::root(tx, person)).await.map_err(Err)?.unwrap_or(person);
            let Opened { shell, .. } = open(state, who, person, "A call to a consultant", "").await?;
            shell
        }
    };
    let keyed = match end {
        Some(End::Gp) => call.gp().is_some(),
        Some(End::Consultant) => call.consultant().is_some(),
        None => true,
    };
    let consultants = state.parts().advice.specialties.get(&start.specialty).map(|one| one.team.clone());
    let owner = |team: &Team| (team.word().to_owned(), holder_words(&state.parts().place, team.word()));
    let mut owners = vec![owner(&start.team)];
    owners.extend(consultants.iter().filter(|team| **team != start.team).map(owner));
    let over = matches!(call.stands(), Stands::Unanswered | Stands::GivenUp);
    Ok(View {
        shell,
        specialty: specialty_name(state, &start.specialty),
        action: format!("/advice/calls/{id}"),
        stage: stage(call),
        facts: facts(call),
        may_stop: rings && end == Some(End::Gp),
        to_key: call.answered().is_some() && !keyed,
        outcomes: Outcome::ALL.iter().map(|one| (one.word().to_owned(), one.said().to_owned())).collect(),
        owners,
        write: start.person.filter(|_| over).map(|person| format!("{}/advice/{}", href(person), start.specialty)),
        record: shown.map(href),
        ..View::default()
    })
}

/// A call as it stands.
pub(crate) async fn page(Shared(state): Shared<State>, who: Who, Id(id): Id) -> Result<Response, Trouble> {
    let live = live::address(&state, &who, live::Page::Call(id)).await;
    let call = known(&state, &who, id).await?;
    match view(&state, &who, id, &call).await {
        Ok(mut view) => {
            view.shell.live = live;
            Ok(Html(view.to_string()).into_response())
        }
        Err(other) => other,
    }
}

fn lines(fields: &Fields) -> Result<Vec<Line>, Trouble> {
    let typed: Vec<&str> = fields.get("promised").lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if typed.is_empty() {
        return Ok(Vec::new());
    }
    let no_owner = Trouble::BadRequest("Say who does what was promised.");
    let owner = Team::try_from(fields.get("owner").to_owned()).map_err(|_| no_owner)?;
    Ok(typed.into_iter().map(|what| Line { what: what.to_owned(), owner: owner.clone(), by: None }).collect())
}

/// A press on a call's page: stop ringing, or say what came of it.
pub(crate) async fn press(
    Shared(state): Shared<State>,
    Id(id): Id,
    Sent { who, fields }: Sent,
) -> Result<Response, Trouble> {
    let call = known(&state, &who, id).await?;
    let by = who.subject.clone();
    let command = match (fields.get("do"), Outcome::from_word(fields.get("outcome"))) {
        ("stop", _) => Some(Command::GiveUp { by }),
        ("key", Some(outcome)) => Some(Command::Key { by, outcome, lines: lines(&fields)? }),
        ("key", None) => None,
        _ => return Err(Trouble::BadRequest("The form was not complete. Open the page again.")),
    };
    let wrong = match command {
        None => "Choose what came of it".to_owned(),
        Some(command) => match ask(&state, &who, id, command).await {
            Ok(_) | Err(Refused::Rules(Refusal::Over)) => {
                return Ok(Redirect::to(&format!("/advice/calls/{id}")).into_response());
            }
            Err(Refused::Rules(refusal)) => capital(&refusal.to_string()),
            Err(Refused::Store(error)) => return Err(error.into()),
        },
    };
    match view(&state, &who, id, &call).await {
        Ok(view) => {
            let promised = fields.get("promised").to_owned();
            Ok(Html(View { error: Some(wrong), promised, ..view }.to_string()).into_response())
        }
        Err(other) => other,
    }
}
