//! One's own sessions: seen and ended by whoever they are of, and by nobody else.

use access::session::{How, Why};
use access::views::session::{SessionRow, rows_of_reader};
use axum::extract::{Query, State as Shared};
use axum::response::{Html, Redirect};
use uuid::Uuid;

use super::Page;
use crate::app::{State, Trouble};
use crate::layout::Section;
use crate::pages::sessions::{Session, View, render};
use crate::personas::role_words;
use crate::session::{Fields, Sent, Who};
use crate::words::{ago, uk_datetime};

async fn rows(state: &State, who: &Who) -> Result<Vec<SessionRow>, Trouble> {
    let reader = who.subject.id.clone();
    let (now, idle) = (who.at, state.parts().door.idle);
    let mut rows = state.read(move |tx| rows_of_reader(tx, &reader)).await?;
    // Those that nobody came back to are over, whether that has been written down yet or not.
    let lives = |row: &SessionRow| row.id == who.session || now.duration_since(row.used) < idle;
    rows.retain(lives);
    Ok(rows)
}

fn told(row: &SessionRow, who: &Who) -> Session {
    let this = row.id == who.session;
    let kind = match (this, row.how) {
        (true, _) => "This one",
        (false, How::Program) => "A program",
        (false, _) => "A browser",
    };
    Session {
        id: row.id.to_string(),
        title: format!("{kind}, as {}", role_words(row.by.role)),
        since: format!("Since {}; last used {}.", uk_datetime(row.since), ago(row.used, who.at)),
        this,
    }
}

pub(crate) async fn page(Shared(state): Shared<State>, who: Who, Query(fields): Query<Vec<(String, String)>>) -> Page {
    let rows = rows(&state, &who).await?;
    let done = (Fields(fields).get("done") == "yes").then(|| "Ended. Whoever used it has to sign in again.".to_owned());
    let view = View {
        shell: who.shell("Where you are signed in", Section::None),
        done,
        sessions: rows.iter().map(|row| told(row, &who)).collect(),
        idle: format!("{} minutes", state.parts().door.idle.as_mins()),
    };
    Ok(Html(render(&view)))
}

pub(crate) async fn end(Shared(state): Shared<State>, Sent { who, fields }: Sent) -> Result<Redirect, Trouble> {
    let (others, one) = (fields.get("others") == "yes", fields.get("session").parse::<Uuid>().ok());
    let reader = who.subject.id.clone();
    let rows = state.read(move |tx| rows_of_reader(tx, &reader)).await?;
    // What is not theirs is not among them, and this one is ended by signing out.
    let meant = |row: &&SessionRow| row.id != who.session && (others || Some(row.id) == one);
    let ids: Vec<Uuid> = rows.iter().filter(meant).map(|row| row.id).collect();
    if ids.is_empty() {
        return Ok(Redirect::to("/sessions"));
    }
    state.sessions().end(ids, Why::Elsewhere, who.actor(), &state).await?;
    Ok(Redirect::to("/sessions?done=yes"))
}
