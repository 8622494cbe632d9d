//! One person whom a list has found: why, and the team's decision. It opens their record, with a look, like every page about a
//! person. Must not decide: `finding::case` does.

use axum::extract::{FromRequestParts, State as Shared};
use axum::http::request::Parts;
use axum::response::{Html, IntoResponse, Redirect, Response};
use finding::case::{Decision, Refusal, decide};
use finding::list::Definition;
use finding::views::list::{self as rows, Listed, State as Stands};
use jiff::civil::Date;
use store::{Refused, Write};
use uuid::Uuid;

use super::{by, decided, of_theirs, reasons};
use crate::app::{State, Trouble};
use crate::desk::deed::{line, lines, ready};
use crate::desk::person::{capital, href};
use crate::desk::record::open;
use crate::pages::deed::{Came, Deed};
use crate::pages::finding::Case;
use crate::session::{Fields, Sent, Who};
use crate::words::london_date;

/// The list and the person in an address; the person under the root by which the list has found them.
pub(crate) struct Ids(Uuid, Uuid);

impl FromRequestParts<State> for Ids {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Trouble> {
        let axum::extract::Path((list, person)) =
            axum::extract::Path::from_request_parts(parts, state).await.map_err(|_| Trouble::NotFound)?;
        Ok(Self(list, person))
    }
}

/// The list, and the person on it.
async fn found(state: &State, who: &Who, ids: &Ids) -> Result<(Definition, Listed), Trouble> {
    let (list, definition) = of_theirs(state, who, ids.0).await?;
    let person = ids.1;
    let all = state.read(move |tx| rows::entries(tx, &list)).await?;
    let listed = all.into_iter().find(|one| one.found == person).ok_or(Trouble::NotFound)?;
    Ok((definition, listed))
}

pub(crate) async fn page(Shared(state): Shared<State>, who: Who, ids: Ids) -> Result<Response, Trouble> {
    shown(&state, &who, &ids, None, None).await
}

async fn shown(
    state: &State,
    who: &Who,
    ids: &Ids,
    sent: Option<&Fields>,
    refused: Option<String>,
) -> Result<Response, Trouble> {
    let (definition, listed) = found(state, who, ids).await?;
    let opened = match open(state, who, listed.person, "Why somebody is on a list", "").await {
        Ok(opened) => opened,
        Err(Ok(redirect)) => return Ok(redirect),
        // Whom they may not open is not on the list for them.
        Err(Err(Trouble::Closed { .. })) => return Err(Trouble::NotFound),
        Err(Err(other)) => return Err(other),
    };
    let record = &opened.record;
    let find = |id: Uuid| record.lines.iter().find(|line| line.id == id).map(|line| &line.fact);
    let done_here = record.level(access::Class::Ask) == access::Level::Full;
    let base = href(record.identity.person);
    let (chosen, find_by) = (definition.by.clone(), &definition.by);
    let scores = state.population(move |held| by::scores(Some(&held.plan), &chosen)).await?;
    let scores = scores.unwrap_or_else(|| by::scores(None, find_by));
    let entry =
        |(words, id): (String, Option<Uuid>)| (words, id.map(|id| format!("{base}/timeline?entry={id}#entry-{id}")));
    let view = Case {
        came: Came { done: None, refused },
        back: format!("/finding/{}", ids.0),
        list: definition.title.clone(),
        reasons: reasons(&listed.because, find, done_here).into_iter().map(entry).collect(),
        scores: scores.into_iter().map(|(id, words)| (words, format!("{base}/scores/{id}"))).collect(),
        decided: decided(&listed).map(|words| format!("{words}.")),
        offer: definition.offer.clone(),
        deeds: ready(deeds(&listed), &format!("/finding/{}/{}", ids.0, ids.1), who, sent),
        shell: opened.shell,
    };
    Ok(Html(view.to_string()).into_response())
}

fn deeds(listed: &Listed) -> Vec<Deed> {
    if listed.state == Stands::Accepted {
        return Vec::new();
    }
    let accept = "They come onto your team\u{2019}s caseload for half a year, and can read on their own page that you look at \
        their record because of it. Ask them first.";
    vec![
        Deed::new("accept", "Take them on", accept, "Take them on"),
        Deed::new(
            "decline",
            "Do not take them on",
            "The reason stays with the list, for your team.",
            "Do not take them on",
        )
        .asking(vec![lines("reason", "Why not?", 2)]),
        Deed::new("later", "Decide later", "They stand under \u{201c}Later\u{201d} until that day.", "Put it off")
            .asking(vec![line("until", "Until which day?", "").helped("As 2026-12-24")]),
    ]
}

pub(crate) async fn press(
    Shared(state): Shared<State>,
    ids: Ids,
    Sent { who, fields }: Sent,
) -> Result<Response, Trouble> {
    let (_, listed) = found(&state, &who, &ids).await?;
    // Who may not open the record decides nothing about the person; the look is written down.
    let permit = state.parts().gate.record(&who.asking(), listed.person).await;
    permit.map_err(crate::desk::record::unseen)?;
    let outcome = match decision(&fields) {
        Err(why) => Err(why.to_owned()),
        Ok(decision) => {
            let (by, list, about) = (who.subject.clone(), ids.0, (listed.person, listed.found));
            let (today, at) = (london_date(who.at), who.at);
            let writing = move |write: &mut Write<'_>| decide(write, (&by, list), about, &decision, today, at);
            match state.parts().store.write_async(writing).await {
                Ok(()) => Ok(()),
                Err(Refused::Rules(Refusal::NotFound)) => return Err(Trouble::NotFound),
                Err(Refused::Rules(refusal)) => Err(format!("{}.", capital(&refusal.to_string()))),
                Err(Refused::Store(error)) => return Err(error.into()),
            }
        }
    };
    match outcome {
        Ok(()) => Ok(Redirect::to(&format!("/finding/{}?done={}", ids.0, fields.get("do"))).into_response()),
        Err(why) => shown(&state, &who, &ids, Some(&fields), Some(why)).await,
    }
}

fn decision(fields: &Fields) -> Result<Decision, &'static str> {
    Ok(match fields.get("do") {
        "accept" => Decision::Accept,
        "decline" => Decision::Decline(fields.get("reason").to_owned()),
        "later" => {
            let until: Date = fields.get("until").parse().map_err(|_| "Give the day as 2026-12-24.")?;
            Decision::Later(until)
        }
        _ => return Err("The form does not say what is to be done."),
    })
}
