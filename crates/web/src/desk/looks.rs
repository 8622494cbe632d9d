//! Who looked at a record, and why, in sentences. Looking at this is a look, too.

use access::Action;
use access::views::look::{LookRow, of_person};
use axum::extract::State as Shared;
use axum::response::{Html, IntoResponse, Redirect, Response};
use record::find::identity;
use record::summary::root;

use super::person::{capital, href, identity_banner};
use super::record::{closed, nobody, only_own};
use crate::app::{State, Trouble};
use crate::layout::{Section, Shell};
use crate::pages::who_looked::{Look, View, render};
use crate::session::{Id, Who};
use crate::words::uk_datetime;

/// The most looks one page shows.
const MOST: i64 = 200;

pub(crate) async fn page(Shared(state): Shared<State>, who: Who, Id(id): Id) -> Result<Response, Trouble> {
    only_own(&state, &who, Action::SeeLooks, id).await?;
    let Some(person) = state.read(move |tx| root(tx, id)).await? else {
        return Err(nobody(&state, &who, Action::SeeLooks, id).await);
    };
    if person != id {
        return Ok(Redirect::permanent(&format!("{}/access", href(person))).into_response());
    }
    let known_as = state.read(move |tx| record::views::person::leaves(tx, person)).await?;
    let permit = state.parts().gate.looks(&who.asking(), person, known_as).await;
    let permit = permit.map_err(|denied| closed(&who, person, denied))?;
    let (rows, identity) =
        state.read(move |tx| Ok::<_, store::Error>((of_person(tx, &permit, MOST)?, identity(tx, &permit)?))).await?;
    let banner = identity.map(|identity| identity_banner(&state, &identity, who.at));
    let (back, record_href) = if who.may(Action::ReadRecord) {
        ("Back to the record", href(person))
    } else {
        ("Back to find a person", "/people".to_owned())
    };
    let people: std::collections::BTreeSet<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    let looks = if rows.len() == 1 { "1 look".to_owned() } else { format!("{} looks", rows.len()) };
    let by = if people.len() == 1 { "1 person".to_owned() } else { format!("{} people", people.len()) };
    let view = View {
        shell: Shell { person: banner, ..who.shell("Who looked at this record", Section::People) },
        back: back.to_owned(),
        record_href,
        count: format!("{looks} by {by}{}", if rows.len() as i64 == MOST { ", the latest ones" } else { "" }),
        looks: rows
            .iter()
            .map(|row| Look { sentence: sentence(row), when: uk_datetime(row.at), own: row.name == who.subject.name })
            .collect(),
        search_href: who.may(Action::ReviewLooks).then(|| format!("/privacy/looks?person={person}")),
        pagination: None,
    };
    Ok(Html(render(&view)).into_response())
}

fn sentence(row: &LookRow) -> String {
    let role = row.who();
    let because = access::relationship::of_others(&row.because);
    let did = row.action.map_or("looked", access::Action::said);
    let why = row.purpose.map_or("", access::Purpose::said);
    if row.allowed {
        capital(&format!("{role} ({}, {}) {did} {why}, because {because}.", row.name, row.organisation))
    } else {
        capital(&format!(
            "{role} ({}, {}) tried and was refused, because {because}. Nothing was shown.",
            row.name, row.organisation
        ))
    }
}
