//! One person whom a list has found: why, and the team's decision. It opens their record, with a look, like every page about a
//! person. Must not decide: `finding::case` does.

use access::{Class, Level, Tie};
use axum::extract::{FromRequestParts, State as Shared};
use axum::http::request::Parts;
use axum::response::{Html, IntoResponse, Redirect, Response};
use finding::case::{Decider, Decision, Refusal, decide};
use finding::views::list::{self as rows, Listed, State as Stands};
use jiff::civil::Date;
use store::{Refused, Write};
use uuid::Uuid;

use super::reason::{Reason, decided, reasons};
use super::{Theirs, of_theirs};
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
async fn found(state: &State, who: &Who, ids: &Ids) -> Result<(Theirs, Listed), Trouble> {
    let theirs = of_theirs(state, who, ids.0).await?;
    let (list, person) = (theirs.line.clone(), ids.1);
    let all = state.read(move |tx| rows::entries(tx, &list)).await?;
    let listed = all.into_iter().find(|one| one.found == person).ok_or(Trouble::NotFound)?;
    Ok((theirs, listed))
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
    let (Theirs { definition, own, .. }, listed) = found(state, who, ids).await?;
    let opened = match open(state, who, listed.person, "Why somebody is on a list", "").await {
        Ok(opened) => opened,
        Err(Ok(redirect)) => return Ok(redirect),
        // Whom they may not open is not on the list for them.
        Err(Err(Trouble::Closed { .. })) => return Err(Trouble::NotFound),
        Err(Err(other)) => return Err(other),
    };
    let record = &opened.record;
    if record.identity.address_withheld {
        return Err(Trouble::NotFound);
    }
    let find = |id: Uuid| record.lines.iter().find(|line| line.id == id).map(|line| &line.fact);
    let done_here = record.level(Class::Ask) == Level::Full;
    let base = href(record.identity.person);
    let entry =
        |reason: Reason| (reason.dated(), reason.entry.map(|id| format!("{base}/timeline?entry={id}#entry-{id}")));
    let is_at = |code: &String| who.subject.is_of(&format!("ods:{code}"));
    let registered = record.identity.practice.as_ref().is_some_and(is_at);
    let deeds = if own || registered { deeds(&listed, own) } else { Vec::new() };
    let view = Case {
        came: Came { done: None, refused },
        back: format!("/finding/{}", ids.0),
        list: definition.title.clone(),
        reasons: reasons(&listed.because, find, done_here).into_iter().map(entry).collect(),
        score_href: format!("{base}/scores/{}", definition.instrument),
        decided: decided(&listed).map(|words| format!("{words}.")),
        offer: definition.offer.clone(),
        ask_href: (!own).then(|| format!("{base}/asks/new")),
        deeds: ready(deeds, &format!("/finding/{}/{}", ids.0, ids.1), who, sent),
        shell: opened.shell,
    };
    Ok(Html(view.to_string()).into_response())
}

fn deeds(listed: &Listed, own: bool) -> Vec<Deed> {
    if listed.state == Stands::Accepted {
        return Vec::new();
    }
    let accept = "They come onto your team\u{2019}s caseload for half a year, and can read on their own page that you look at \
        their record because of it. Ask them first.";
    let mut deeds = vec![
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
    ];
    if !own {
        deeds.remove(0);
    }
    deeds
}

pub(crate) async fn press(
    Shared(state): Shared<State>,
    ids: Ids,
    Sent { who, fields }: Sent,
) -> Result<Response, Trouble> {
    let (_, listed) = found(&state, &who, &ids).await?;
    // Who may not open the record decides nothing about the person; the look is written down.
    let permit = state.parts().gate.record(&who.asking(), listed.person).await;
    let permit = permit.map_err(crate::desk::record::unseen)?;
    let registered = permit.sight().ties().has(Tie::Registration, Class::Identity);
    let record = state.read(move |tx| record::summary::record(tx, &permit)).await?;
    if record.is_none_or(|record| record.identity.address_withheld) {
        return Err(Trouble::NotFound);
    }
    let outcome = match decision(&fields) {
        Err(why) => Err(why.to_owned()),
        Ok(decision) => {
            let (by, list, about) = (who.subject.clone(), ids.0, (listed.person, listed.found));
            let (today, at) = (london_date(who.at), who.at);
            let writing = move |write: &mut Write<'_>| {
                let decider = Decider { by: &by, registered };
                decide(write, (decider, list), about, &decision, today, at)
            };
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
