//! Asking a consultant: the desk's page of advice, and whom to ask about somebody. Everything about a person is behind a permit;
//! while a call rings, its page says nothing of whom it is about.

pub(crate) mod call;
pub(crate) mod written;

use std::collections::BTreeMap;

use access::{Action, Role};
use axum::extract::State as Shared;
use axum::response::{Html, IntoResponse, Redirect, Response};
use care::advice::{Stands, may_ask};
use care::call::{Call, Command, End, Settled, Start};
use care::team::Team;
use care::views::{advice as questions, call as calls, rota};
use jiff::{SignedDuration, Timestamp};
use record::identity::Identity;
use store::Refused;
use uuid::Uuid;

use super::Page;
use super::person::{capital, full_name, href};
use super::record::{Opened, open};
use crate::app::{State, Trouble};
use crate::components::{Colour, Tag};
use crate::layout::{Section, Shell};
use crate::live;
use crate::pages::advice::{Ask, Home, Line, Month, Offer};
use crate::session::{Fields, Id, Sent, Who};
use crate::words::{ago, day_begins, london_date, uk_datetime, uk_month, uk_time};

/// How far back a desk's lists go.
const BACK: SignedDuration = SignedDuration::from_hours(24 * 30);
/// From how far back "usually answers in" is taken.
const USUALLY: SignedDuration = SignedDuration::from_hours(24 * 90);
/// The most lines of one list.
const MOST: i64 = 200;

/// The name of a specialty by its short name.
pub(super) fn specialty_name(state: &State, id: &str) -> String {
    state.parts().advice.specialties.get(id).map_or_else(|| id.to_owned(), |one| one.name.clone())
}

/// The team in whose name a reader asks: the first of theirs.
pub(super) fn team_of(who: &Who) -> Result<Team, Trouble> {
    let teams = who.subject.teams.iter().cloned();
    teams
        .filter_map(|team| Team::try_from(team).ok())
        .next()
        .ok_or(Trouble::Forbidden("you act for no team, and advice is asked for one"))
}

fn ago_of(who: &Who, by: SignedDuration) -> Timestamp {
    who.at.checked_sub(by).unwrap_or(Timestamp::MIN)
}

/// Only those who ask or answer; anybody else's desk has no such page.
pub(super) fn only_clinicians(who: &Who) -> Result<(), Trouble> {
    if may_ask(&who.subject) { Ok(()) } else { Err(Trouble::Forbidden("only clinicians ask consultants for advice")) }
}

/// What a call's line says of how its ends stand.
fn call_tag(settled: Settled) -> Tag {
    match settled {
        Settled::Neither => Tag::new("Say what came of it").coloured(Colour::Blue),
        Settled::Waits(_) => Tag::new("The other end has said it").coloured(Colour::Blue),
        Settled::Missing(..) => Tag::new("Late: an end is missing").coloured(Colour::Red),
        Settled::Agreed(_) => Tag::new("Both agree").coloured(Colour::Green),
        Settled::Disagreed { .. } => Tag::new("The ends differ").coloured(Colour::Yellow),
    }
}

/// What a question's line says of how it stands.
pub(super) fn question_tag(stands: Stands) -> &'static str {
    match stands {
        Stands::NotAsked => "Not asked",
        Stands::WithSpecialty => "With the specialty",
        Stands::WithAsker => "With whoever asked",
        Stands::Answered => "Answered",
        Stands::Converted => "Referred",
        Stands::Closed => "Closed",
    }
}

pub(crate) async fn home(Shared(state): Shared<State>, who: Who) -> Page {
    let desk = state.parts().gate.desk(&who.asking()).await?;
    only_clinicians(&who)?;
    let live = live::address(&state, &who, live::Page::Advice).await;
    let (reader, teams) = (who.subject.id.clone(), who.subject.teams.clone());
    let (since, answers) = (ago_of(&who, BACK), who.subject.role == Role::Consultant);
    let (rung, asked_calls, answered_calls, asked, to_answer) = state
        .read(move |tx| {
            let open = [Stands::WithSpecialty, Stands::WithAsker, Stands::Answered];
            let theirs: &[Stands] = if answers { &[Stands::WithSpecialty] } else { &[] };
            Ok((
                calls::rings_at(tx, &reader)?,
                calls::of_teams(tx, &desk, &teams, since, MOST)?,
                calls::of_consultant(tx, &desk, &reader, since, MOST)?,
                questions::of_teams(tx, &desk, &teams, &open, MOST)?,
                questions::to_teams(tx, &desk, &teams, theirs, MOST)?,
            ))
        })
        .await?;
    let people: Vec<Uuid> =
        asked_calls.people().chain(answered_calls.people()).chain(asked.people()).chain(to_answer.people()).collect();
    let permit = state.parts().gate.worklist(&who.asking(), people.clone()).await?;
    let asked_calls = asked_calls.open(&permit);
    let answered_calls = answered_calls.open(&permit);
    let (asked, to_answer) = (asked.open(&permit), to_answer.open(&permit));
    let named = state.read(move |tx| record::find::listed(tx, &permit, &people)).await?;
    let names: BTreeMap<Uuid, String> = named.iter().map(|one: &Identity| (one.person, full_name(one))).collect();
    let name = |person: Option<Uuid>| match person {
        None => "A general question".to_owned(),
        Some(person) => names.get(&person).cloned().unwrap_or_else(|| "Somebody".to_owned()),
    };
    let call_line = |row: &calls::CallRow| Line {
        who: name(row.person),
        what: format!("{}, {}", specialty_name(&state, &row.specialty), row.consultant),
        when: uk_datetime(row.started),
        tag: call_tag(row.settled),
        href: format!("/advice/calls/{}", row.id),
    };
    let mut open_calls: Vec<Line> = asked_calls.iter().filter(|row| row.waits_for(End::Gp)).map(call_line).collect();
    open_calls.extend(answered_calls.iter().filter(|row| row.waits_for(End::Consultant)).map(call_line));
    let question_line = |row: &questions::QuestionRow| Line {
        who: name(Some(row.person)),
        what: specialty_name(&state, &row.specialty),
        when: format!("{}, {}", uk_datetime(row.asked), ago(row.asked, who.at)),
        tag: Tag::new(question_tag(row.stands)),
        href: format!("/advice/questions/{}", row.id),
    };
    let view = Home {
        shell: Shell { live, ..who.shell("Advice from consultants", Section::None) },
        rung: rung.map(|id| format!("/advice/calls/{id}")),
        calls: open_calls,
        asked: asked.iter().map(question_line).collect(),
        to_answer: to_answer.iter().map(question_line).collect(),
        answers,
        ..lines(&state, &who).await?
    };
    Ok(Html(view.to_string()))
}

/// What the page says of the lines themselves: counts, and who is on. Nobody's record.
async fn lines(state: &State, who: &Who) -> Result<Home, Trouble> {
    let specialties: Vec<(String, String)> =
        state.parts().advice.specialties.all().iter().map(|one| (one.id.to_string(), one.name.clone())).collect();
    let (now, reader) = (who.at, who.subject.id.clone());
    let today = london_date(now);
    let first = day_begins(today.first_of_month());
    let numbers = &state.parts().advice;
    let asked = specialties.clone();
    let (shifts, found) = state
        .read(move |tx| {
            let shifts = rota::mine(tx, &reader, now)?;
            let mut found = Vec::new();
            for (id, _) in &asked {
                found.push((
                    rota::on(tx, id, now)?,
                    calls::report(tx, id, first, now)?,
                    questions::report(tx, id, first, now)?,
                ));
            }
            Ok((shifts, found))
        })
        .await?;
    let mut home = Home { month: uk_month(today), ..Home::default() };
    for ((id, name), (on, report, asked)) in specialties.into_iter().zip(found) {
        let on: Vec<String> = on.into_iter().map(|who| who.name).collect();
        let on = if on.is_empty() { "Nobody now".to_owned() } else { on.join(", ") };
        let number = numbers.numbers.get(&id).cloned().unwrap_or_else(|| "By this page alone".to_owned());
        home.lines.push((name.clone(), on, number));
        let share = report.share_answered().map(|share| format!("{}%", (share + 5) / 10));
        home.months.push(Month {
            name,
            cells: vec![
                report.calls.to_string(),
                share.unwrap_or_else(|| "–".to_owned()),
                report.connect.map_or_else(|| "–".to_owned(), seconds),
                report.advised.to_string(),
                report.referred.to_string(),
                report.disagreed.to_string(),
                (report.one_end + report.neither).to_string(),
                asked.questions.to_string(),
            ],
        });
    }
    let shift = |shift: &rota::Shift| {
        let name = specialty_name(state, &shift.specialty);
        format!("{name}: {} to {}", uk_datetime(shift.from), uk_datetime(shift.until))
    };
    home.shifts = shifts.iter().take(20).map(shift).collect();
    Ok(home)
}

/// A time to an answer in words.
pub(super) fn seconds(time: SignedDuration) -> String {
    let seconds = time.as_secs();
    if seconds == 1 { "1 second".to_owned() } else { format!("{seconds} seconds") }
}

/// The specialties, as they can be asked about a person now.
async fn offers(state: &State, who: &Who, person: Uuid) -> Result<Vec<Offer>, Trouble> {
    let specialties: Vec<(String, String)> =
        state.parts().advice.specialties.all().iter().map(|one| (one.id.to_string(), one.name.clone())).collect();
    let (now, since) = (who.at, ago_of(who, USUALLY));
    state
        .read(move |tx| {
            let mut offers = Vec::new();
            for (id, name) in &specialties {
                let open = !rota::on(tx, id, now)?.is_empty();
                let usually = match (open, calls::usually(tx, id, since, now)?) {
                    (true, Some(time)) => format!("Usually answers in {}.", seconds(time)),
                    (true, None) => "Somebody is on now. Too few calls yet to say how long it takes.".to_owned(),
                    (false, _) => match rota::next(tx, id, now)? {
                        Some(next) => format!("Nobody is on now; the line opens again on {}.", uk_datetime(next)),
                        None => "Nobody is on now, and no rota says when.".to_owned(),
                    },
                };
                let write = format!("{}/advice/{id}", href(person));
                offers.push(Offer { id: id.clone(), name: name.clone(), usually, open, write });
            }
            Ok(offers)
        })
        .await
}

/// An id that a form carries, so that a double press does a thing once.
pub(super) fn form_id(state: &State) -> Uuid {
    let mut bytes = [0; 10];
    (state.parts().randomness)(&mut bytes);
    store::aggregate::uuid_v7(state.now(), bytes)
}

/// The id that a form carried.
pub(super) fn sent_id(fields: &Fields) -> Result<Uuid, Trouble> {
    fields.get("id").parse().map_err(|_| Trouble::BadRequest("The form was not complete. Open the page again."))
}

async fn ask_page(state: &State, who: &Who, id: Uuid, error: Option<String>) -> Result<Response, Trouble> {
    only_clinicians(who)?;
    let Opened { shell, .. } = match open(state, who, id, "Ask a consultant", "/advice").await {
        Ok(opened) => opened,
        Err(other) => return other,
    };
    let view = Ask {
        shell,
        action: format!("{}/advice", href(id)),
        record: href(id),
        id: form_id(state).to_string(),
        offers: offers(state, who, id).await?,
        error,
    };
    Ok(Html(view.to_string()).into_response())
}

/// Whom to ask about somebody.
pub(crate) async fn page(Shared(state): Shared<State>, who: Who, Id(id): Id) -> Result<Response, Trouble> {
    ask_page(&state, &who, id, None).await
}

/// Somebody pressed "ask now".
pub(crate) async fn begin(
    Shared(state): Shared<State>,
    Id(person): Id,
    Sent { who, fields }: Sent,
) -> Result<Response, Trouble> {
    only_clinicians(&who)?;
    let id = sent_id(&fields)?;
    let Some(specialty) = state.parts().advice.specialties.get(fields.get("specialty")).cloned() else {
        return Err(Trouble::BadRequest("There is no such line. Open the page again."));
    };
    let root = state.read(move |tx| record::summary::root(tx, person)).await?;
    if root != Some(person) {
        return Err(super::record::nobody(&state, &who, Action::ReadRecord, person).await);
    }
    // To ask for help for somebody is leave of its own, and written down before anybody is rung.
    let no = |denied| super::record::closed(&who, person, denied);
    let permit = state.parts().gate.make_ask(&who.asking(), person).await.map_err(no)?;
    let (at, name) = (who.at, specialty.id.to_string());
    let on = state.read(move |tx| rota::on(tx, &name, at)).await?;
    let start = Start {
        by: who.subject.clone(),
        team: team_of(&who)?,
        specialty: specialty.id.to_string(),
        person: Some(permit.person()),
        present: fields.get("present") == "yes",
        question: String::new(),
        journey: form_id(&state),
        on,
        ring_seconds: specialty.ring_seconds,
        rounds: specialty.rounds,
    };
    match call::ask(&state, &who, id, Command::Start(Box::new(start))).await {
        Ok(Call { .. }) | Err(Refused::Rules(care::call::Refusal::StartedAlready)) => {
            Ok(Redirect::to(&format!("/advice/calls/{id}")).into_response())
        }
        Err(Refused::Rules(refusal)) => ask_page(&state, &who, person, Some(capital(&refusal.to_string()))).await,
        Err(Refused::Store(error)) => Err(error.into()),
    }
}

/// A moment of a call in words.
pub(super) fn said(at: Timestamp) -> String {
    format!("{}, {}", crate::words::uk_date(london_date(at)), uk_time(at))
}
