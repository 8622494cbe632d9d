//! The privacy officer's desk of requests to go back: what waits, one request with all that was said, and the answer. Nobody is shown
//! on it, and no pseudonym. Must not decide: `access::back` does, and that nobody answers their own.

use access::Action;
use access::back::Stage;
use access::views::back::{self as rows, Request as Row};
use axum::extract::{Query, State as Shared};
use axum::response::{Html, IntoResponse, Redirect, Response};
use uuid::Uuid;

use super::{facts, line, pseudonyms};
use crate::app::{State, Trouble};
use crate::desk::Page;
use crate::desk::deed::{came, lines, ready};
use crate::layout::Section;
use crate::pages::back::{Line, Request, Waiting};
use crate::pages::deed::{Came, Deed};
use crate::session::{Fields, Id, Sent, Who};

/// Requests of each part of the list.
const SHOWN: i64 = 100;

const SAID: [(&str, &str); 2] = [
    ("allow", "Allowed. The team can open it for two weeks."),
    ("refuse", "Refused. Whoever asked reads your reason."),
];

/// What waits and what does not any more.
pub(in crate::desk) async fn listed(state: &State, who: &Who, most: i64) -> Result<(Vec<Line>, Vec<Line>), Trouble> {
    let permit = state.parts().gate.back(&who.asking(), Action::AllowBack).await?;
    let now = who.at;
    let (waiting, others) = state.read(move |tx| rows::listed(tx, &permit, now, most)).await?;
    let row = |request: &Row| {
        let about = format!("{}, {}", request.name, request.organisation);
        line(request, who, format!("/privacy/requests/{}", request.id), about)
    };
    Ok((waiting.iter().map(row).collect(), others.iter().map(row).collect()))
}

pub(crate) async fn list(Shared(state): Shared<State>, who: Who, fields: Query<Vec<(String, String)>>) -> Page {
    let (waiting, others) = listed(&state, &who, SHOWN).await?;
    let shell = who.shell("Requests to go back from pseudonyms", Section::Privacy);
    Ok(Html(Waiting { shell, came: came(&fields, &SAID), waiting, others }.to_string()))
}

async fn shown(state: &State, who: &Who, id: Uuid, sent: Option<&Fields>) -> Result<Request, Trouble> {
    let permit = state.parts().gate.back(&who.asking(), Action::AllowBack).await?;
    let request = state.read(move |tx| rows::one(tx, &permit, id)).await?.ok_or(Trouble::NotFound)?;
    let waits = request.stage(who.at) == Stage::Waiting;
    let deeds = if waits && request.asker != who.subject.id { deeds() } else { Vec::new() };
    let mut facts = facts(state, &request, who);
    facts.insert(2, ("How many".to_owned(), pseudonyms(request.count)));
    Ok(Request {
        came: Came::default(),
        facts,
        deeds: ready(deeds, &format!("/privacy/requests/{id}"), who, sent),
        shell: who.shell("A request to go back from pseudonyms", Section::Privacy),
    })
}

fn deeds() -> Vec<Deed> {
    vec![
        Deed::new(
            "allow",
            "Allow it",
            "The team is told who they are when it opens the request, within two weeks. The people read your name beside it.",
            "Allow it",
        )
        .asking(vec![lines("why", "Why is it right that this team is told?", 2)]),
        Deed::new("refuse", "Refuse it", "Nobody is told of anybody. Whoever asked reads your reason.", "Refuse it")
            .asking(vec![lines("because", "Why not?", 2)]),
    ]
}

pub(crate) async fn page(Shared(state): Shared<State>, who: Who, Id(id): Id) -> Page {
    Ok(Html(shown(&state, &who, id, None).await?.to_string()))
}

pub(crate) async fn press(
    Shared(state): Shared<State>,
    Id(id): Id,
    Sent { who, fields }: Sent,
) -> Result<Response, Trouble> {
    let said = match fields.get("do") {
        "allow" => Some((true, fields.get("why").to_owned())),
        "refuse" => Some((false, fields.get("because").to_owned())),
        _ => None,
    };
    let outcome = match said {
        Some((allowed, words)) => super::came(state.parts().gate.answer_back(&who.asking(), id, allowed, words).await)?,
        None => Err("The form does not say what is to be done.".to_owned()),
    };
    match outcome {
        Ok(()) => Ok(Redirect::to(&format!("/privacy/requests?done={}", fields.get("do"))).into_response()),
        Err(why) => {
            let mut view = shown(&state, &who, id, Some(&fields)).await?;
            view.came = Came { done: None, refused: Some(why) };
            Ok(Html(view.to_string()).into_response())
        }
    }
}
