//! The population in counts: the cohort explorer and the equity page, for whoever plans services, and kept cohorts, for teams that find
//! people as well. Each count is a look at nobody, written down before anything is counted. Must not show a count that has not been
//! made fit to be shown.

use access::{Action, may_assure};
use axum::extract::{Query, State as Shared};
use axum::response::{Html, IntoResponse, Redirect, Response};
use finding::Held;
use population::day::Day;
use population::explore::Ground;
use population::library::Expected;

use super::Page;
use super::finding as cases;
use crate::app::{State, Trouble};
use crate::layout::{Section, Shell};
use crate::pages::population::{Absent, Equity, Explorer};
use crate::session::{Fields, Who};
use crate::words::{london_date, uk_date};

pub(super) mod cascade;
pub(crate) mod cohort;
mod lists;
pub(super) mod view;

pub(crate) use view::{called, in_words};
use view::{compared, explored, left_out, lived, read, without_lists};

/// Where the place says how many there should be.
const EXPECTED: &str = "population/expected.toml";
const BEING_BUILT: &str =
    "The population is being read from the record. This takes a minute after a start; come back then.";

type Asked = Query<Vec<(String, String)>>;

/// What somebody may do here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Leave {
    /// Count people.
    Counts,
    /// Put cohorts together for their neighbourhood's team, and see no count.
    Team,
}

/// Leave to count, which is written down; or to put cohorts together, which shows nobody and no count.
async fn leave(state: &State, who: &Who) -> Result<Leave, Trouble> {
    if !may_assure(&who.subject, Action::CountPeople) && cases::begins(who) {
        cases::let_in(state, who).await?;
        return Ok(Leave::Team);
    }
    state.parts().gate.assurance(&who.subject, Action::CountPeople, who.at).await?;
    Ok(Leave::Counts)
}

fn today(who: &Who) -> Result<Day, Trouble> {
    Day::of(london_date(who.at)).ok_or_else(|| Trouble::Broken("today is outside 1900 to 2079".to_owned()))
}

/// What is asked of everybody who may be counted; of nobody, for whoever does not count.
fn on_ground<T>(held: &Held, leave: Leave, as_of: Day, with: impl FnOnce(Option<&Ground<'_>>) -> T) -> T {
    if leave == Leave::Team {
        return with(None);
    }
    let standing = held.standing(as_of);
    with(Some(&held.ground(&standing, as_of)))
}

fn shell(who: &Who, leave: Leave, title: &str) -> Shell {
    who.shell(title, if leave == Leave::Counts { Section::Population } else { Section::Finding })
}

pub(crate) async fn explorer(
    Shared(state): Shared<State>,
    who: Who,
    Query(fields): Asked,
) -> Result<Response, Trouble> {
    // A form sends everything that was left alone, too; the address that is kept holds the question alone.
    if fields.iter().any(|(_, value)| value.is_empty()) {
        return Ok(Redirect::to(&address(&fields)).into_response());
    }
    let leave = leave(&state, &who).await?;
    shown(&state, &who, leave, Fields(fields), None).await
}

/// The explorer with a question. `refused`: what was sent to keep it, and why it was not kept.
async fn shown(
    state: &State,
    who: &Who,
    leave: Leave,
    fields: Fields,
    refused: Option<(&Fields, String)>,
) -> Result<Response, Trouble> {
    let as_of = today(who)?;
    let kept = cohort::asked_for(state, &fields).await?;
    let mut asked = read(&fields);
    let known = kept.as_ref().and_then(|(_, kept)| kept.asked()).cloned();
    if let (Some(known), [_]) = (&known, fields.0.as_slice()) {
        asked.question = known.question();
    }
    let question = asked.question.clone();
    let made = state.population(move |held| {
        let mut view = on_ground(held, leave, as_of, |ground| explored(&held.plan, ground, &asked));
        view.left_out = if leave == Leave::Counts { left_out(held.opted_out()) } else { String::new() };
        view.without_lists = without_lists(&held.library);
        view.drifted = known.map(|known| cohort::drifted(&known, &held.plan)).unwrap_or_default();
        view
    });
    let title = if leave == Leave::Counts { "People in counts" } else { "Put a cohort together" };
    let shell = shell(who, leave, title);
    let Some(mut view) = made.await? else {
        return Ok(Html(Absent { shell, why: BEING_BUILT.to_owned() }.to_string()).into_response());
    };
    if view.answer.is_some() {
        view.deeds = cohort::keeping(who, &question, kept.as_ref(), refused.as_ref().map(|(sent, _)| *sent));
    }
    view.came.refused = refused.map(|(_, why)| why);
    view.cohort = kept.map(|(id, kept)| (id.to_string(), kept.name().to_owned()));
    let lived = if leave == Leave::Counts { lived(&state.parts().place) } else { String::new() };
    Ok(Html(Explorer { shell, as_of: said_day(who), lived, ..view }.to_string()).into_response())
}

pub(crate) async fn equity(Shared(state): Shared<State>, who: Who, Query(fields): Asked) -> Page {
    state.parts().gate.assurance(&who.subject, Action::CountPeople, who.at).await?;
    let as_of = today(&who)?;
    let expected = match state.parts().place.file(EXPECTED) {
        None => Vec::new(),
        Some(text) => Expected::read(EXPECTED, text).map_err(|faults| Trouble::Broken(faults.to_string()))?,
    };
    let fields = Fields(fields);
    let (of, finding) = (fields.get("of").to_owned(), fields.get("finding").to_owned());
    let lists = state.read(lists::all).await?;
    let made = state.population(move |held| {
        let mut view = on_ground(held, Leave::Counts, as_of, |ground| compared(&held.plan, ground?, &expected, &of))?;
        lists::shown(&mut view, held, &lists, &finding, as_of)?;
        Some(Equity { left_out: left_out(held.opted_out()), ..view })
    });
    let shell = who.shell("Equity", Section::Population);
    let Some(view) = made.await? else {
        return Ok(Html(Absent { shell, why: BEING_BUILT.to_owned() }.to_string()));
    };
    let view = view.ok_or(Trouble::NotFound)?;
    let lived = lived(&state.parts().place);
    Ok(Html(Equity { shell, as_of: said_day(&who), lived, ..view }.to_string()))
}

fn said_day(who: &Who) -> String {
    uk_date(london_date(who.at))
}

/// The address of a question, without what was left alone.
fn address(fields: &[(String, String)]) -> String {
    let kept: Vec<String> = fields
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| format!("{}={}", in_address(key), in_address(value)))
        .collect();
    if kept.is_empty() { "/population".to_owned() } else { format!("/population?{}", kept.join("&")) }
}

/// Only what the names of terms are made of: a question has no other letters.
fn in_address(text: &str) -> String {
    text.chars().filter(|letter| letter.is_ascii_alphanumeric() || "-~_".contains(*letter)).collect()
}

#[cfg(test)]
mod tests;
