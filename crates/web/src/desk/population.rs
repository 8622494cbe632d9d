//! The population in counts: the cohort explorer and the equity page, for whoever plans services. Each view is a look at nobody, written
//! down before anything is counted. Must not show a count that has not been made fit to be shown.

use access::Action;
use axum::extract::{Query, State as Shared};
use axum::response::{Html, IntoResponse, Redirect, Response};
use population::day::Day;
use population::library::Expected;

use super::Page;
use crate::app::{State, Trouble};
use crate::layout::Section;
use crate::pages::population::{Absent, Equity, Explorer};
use crate::session::{Fields, Who};
use crate::words::{london_date, uk_date};

pub(super) mod cascade;
mod lists;
pub(super) mod view;

use view::{compared, explored, left_out, lived, read, without_lists};

/// Where the place says how many there should be.
const EXPECTED: &str = "population/expected.toml";
const BEING_BUILT: &str =
    "The population is being read from the record. This takes a minute after a start; come back then.";

type Asked = Query<Vec<(String, String)>>;

/// Leave to count, and the day.
async fn leave(state: &State, who: &Who) -> Result<Day, Trouble> {
    state.parts().gate.assurance(&who.subject, Action::CountPeople, who.at).await?;
    Day::of(london_date(who.at)).ok_or_else(|| Trouble::Broken("today is outside 1900 to 2079".to_owned()))
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
    let as_of = leave(&state, &who).await?;
    let asked = read(&Fields(fields));
    let made = state.population(move |held| {
        let standing = held.standing(as_of);
        let ground = held.ground(&standing, as_of);
        let mut view = explored(&held.plan, &ground, &asked);
        view.left_out = left_out(held.opted_out());
        view.without_lists = without_lists(&held.library);
        view
    });
    let shell = who.shell("People in counts", Section::Population);
    let Some(view) = made.await? else {
        return Ok(Html(Absent { shell, why: BEING_BUILT.to_owned() }.to_string()).into_response());
    };
    let lived = lived(&state.parts().place);
    Ok(Html(Explorer { shell, as_of: said_day(&who), lived, ..view }.to_string()).into_response())
}

pub(crate) async fn equity(Shared(state): Shared<State>, who: Who, Query(fields): Asked) -> Page {
    let as_of = leave(&state, &who).await?;
    let expected = match state.parts().place.file(EXPECTED) {
        None => Vec::new(),
        Some(text) => Expected::read(EXPECTED, text).map_err(|faults| Trouble::Broken(faults.to_string()))?,
    };
    let fields = Fields(fields);
    let (of, finding) = (fields.get("of").to_owned(), fields.get("finding").to_owned());
    let lists = state.read(lists::all).await?;
    let made = state.population(move |held| {
        let standing = held.standing(as_of);
        let ground = held.ground(&standing, as_of);
        let mut view = compared(&held.plan, &ground, &expected, &of)?;
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
