//! Questions about looks: asked by the person beside the look, answered by the privacy officer. Opening one shows who asked,
//! so that is a look, too.

use access::question::{Command, Question, Refusal, answer as answer_to, clock, stream};
use access::views::question::{QuestionRow, about, asked, listed, look_at};
use access::{Action, DeskPermit, LooksPermit, Role};
use axum::extract::{Query, State as Shared};
use axum::response::{Html, IntoResponse, Redirect, Response};
use record::find::identity;
use store::{Refused, Write};
use uuid::Uuid;

use super::Page;
use super::feeds::thousands;
use super::me::{own, sentence_of};
use super::person::{capital, href, identity_banner};
use crate::app::{State, Trouble};
use crate::layout::{Section, Shell};
use crate::pages::question::{Clock, Line, List, Told, View, render, render_list};
use crate::session::{Fields, Id, Sent, Who};
use crate::words::{london_date, uk_date, uk_datetime};

/// The most of each that one page shows.
const MOST: i64 = 200;

/// How a question stands, with the day in words.
pub(super) fn clock_of(state: &State, row: &QuestionRow, who: &Who) -> Clock {
    if let Some((at, ..)) = &row.answer {
        return Clock::Answered(uk_date(london_date(*at)));
    }
    match clock(row.asked, who.at, state.parts().place.calendar()) {
        access::question::Clock::Due(day) => Clock::Due(uk_date(day)),
        access::question::Clock::Overdue(day) => Clock::Overdue(uk_date(day)),
        access::question::Clock::Unknown => Clock::Unknown,
    }
}

/// A question as both of them read it.
pub(super) fn told(state: &State, row: &QuestionRow, who: &Who) -> Told {
    Told {
        words: row.words.clone(),
        asked: uk_date(london_date(row.asked)),
        clock: clock_of(state, row, who),
        answer: row.answer.as_ref().map(|(_, words, by)| (words.clone(), by.clone())),
    }
}

/// Asks why, beside the look. What is wrong is told there.
pub(crate) async fn ask(Shared(state): Shared<State>, Sent { who, fields }: Sent) -> Result<Response, Trouble> {
    let own = own(&who)?;
    let look_seq: i64 = fields.get("look").parse().map_err(|_| NO_SUCH_LOOK)?;
    let known_as = state.read(move |tx| record::views::person::leaves(tx, own)).await?;
    let permit = state.parts().gate.own(&who.asking(), Action::AskWhy, own, known_as.clone()).await?;
    let list = state.parts().gate.looks(&who.asking(), own, known_as).await?;
    let found = state.read(move |tx| look_at(tx, &list, look_seq)).await?;
    let Some((looked_at, look)) = found else { return Err(NO_SUCH_LOOK) };
    if look.own {
        return Err(Trouble::BadRequest("That was you yourself. You can ask about the looks of others."));
    }
    let words = fields.get("words").to_owned();
    let command =
        Command::Ask { by: who.subject.clone(), person: permit.person(), looked_at, look_seq, words: words.clone() };
    let (actor, at, id) = (who.actor(), who.at, stream(looked_at, look_seq));
    let outcome = state
        .parts()
        .store
        .write_async(move |write: &mut Write<'_>| {
            write.execute::<Question>(id, command.clone(), &actor, at).map(|_| ())
        })
        .await;
    match outcome {
        // Asked already: the page says how it stands.
        Ok(()) | Err(Refused::Rules(Refusal::AskedAlready)) => Ok(Redirect::to("/me/looks").into_response()),
        Err(Refused::Rules(refusal)) => {
            let wrong = (look_seq, words, capital(&refusal.to_string()));
            super::me::looks_page(&state, &who, Some(wrong)).await.map(IntoResponse::into_response)
        }
        Err(Refused::Store(error)) => Err(error.into()),
    }
}

const NO_SUCH_LOOK: Trouble =
    Trouble::BadRequest("There is no look of that number at your record. Open the page again.");

/// The lines of the officer's list and of their home.
pub(in crate::desk) async fn lines(
    state: &State,
    who: &Who,
    permit: DeskPermit,
    most: i64,
) -> Result<(Vec<Line>, Vec<Line>, i64), Trouble> {
    let (open, answered, count) = state.read(move |tx| listed(tx, &permit, most)).await?;
    let line = |row: &QuestionRow| Line {
        href: format!("/privacy/questions/{}", row.id),
        asked: uk_date(london_date(row.asked)),
        clock: clock_of(state, row, who),
    };
    Ok((open.iter().map(line).collect(), answered.iter().map(line).collect(), count))
}

fn officer(who: &Who) -> Result<(), Trouble> {
    if who.subject.role == Role::PrivacyOfficer {
        return Ok(());
    }
    Err(Trouble::Forbidden("questions about looks are answered by the privacy officer"))
}

pub(crate) async fn list(Shared(state): Shared<State>, who: Who) -> Page {
    let desk = state.parts().gate.desk(&who.asking()).await?;
    officer(&who)?;
    let (waiting, answered, count) = lines(&state, &who, desk, MOST).await?;
    let view = List {
        shell: who.shell("Questions about looks", Section::None),
        count: if count == 1 {
            "1 question waits.".to_owned()
        } else {
            format!("{} questions wait.", thousands(count))
        },
        waiting,
        answered,
    };
    Ok(Html(render_list(&view)))
}

/// What opening a question gives: the permit to see who looked at whoever asked. Where there is none it says so as it would
/// for any other id.
async fn opened(state: &State, who: &Who, id: Uuid) -> Result<(Uuid, LooksPermit), Trouble> {
    officer(who)?;
    let asked = state
        .read(move |tx| {
            let Some(person) = about(tx, id)? else { return Ok(None) };
            let person = record::views::person::root(tx, person)?;
            Ok(Some((person, record::views::person::leaves(tx, person)?)))
        })
        .await?;
    let Some((person, known_as)) = asked else { return Err(Trouble::NotFound) };
    Ok((person, state.parts().gate.looks(&who.asking(), person, known_as).await?))
}

async fn shown(state: &State, who: &Who, id: Uuid) -> Result<View, Trouble> {
    let (person, permit) = opened(state, who, id).await?;
    let (rows, identity) =
        state.read(move |tx| Ok::<_, store::Error>((asked(tx, &permit, id)?, identity(tx, &permit)?))).await?;
    let (rows, look) = rows.ok_or(Trouble::NotFound)?;
    Ok(View {
        shell: Shell {
            person: identity.map(|identity| identity_banner(state, &identity, who.at)),
            ..who.shell("A question about a look", Section::None)
        },
        action: format!("/privacy/questions/{id}"),
        look: sentence_of(&look),
        when: uk_datetime(look.at),
        number: look.seq.to_string(),
        access_href: format!("{}/access", href(person)),
        told: rows.iter().map(|row| told(state, row, who)).collect(),
        open: rows.last().is_some_and(|row| row.answer.is_none()),
        ..View::default()
    })
}

pub(crate) async fn page(
    Shared(state): Shared<State>,
    who: Who,
    Id(id): Id,
    Query(fields): Query<Vec<(String, String)>>,
) -> Page {
    let mut view = shown(&state, &who, id).await?;
    view.done = Fields(fields).get("done") == "yes" && !view.open;
    Ok(Html(render(&view)))
}

pub(crate) async fn answer(
    Shared(state): Shared<State>,
    Id(id): Id,
    Sent { who, fields }: Sent,
) -> Result<Response, Trouble> {
    let mut view = shown(&state, &who, id).await?;
    let words = fields.get("words").to_owned();
    let (by, said, at) = (who.subject.clone(), words.clone(), who.at);
    let outcome =
        state.parts().store.write_async(move |write: &mut Write<'_>| answer_to(write, id, by.clone(), &said, at)).await;
    match outcome {
        Ok(()) => Ok(Redirect::to(&format!("/privacy/questions/{id}?done=yes")).into_response()),
        Err(Refused::Rules(refusal)) => {
            view.words = words;
            view.error = Some(capital(&refusal.to_string()));
            Ok(Html(render(&view)).into_response())
        }
        Err(Refused::Store(error)) => Err(error.into()),
    }
}
