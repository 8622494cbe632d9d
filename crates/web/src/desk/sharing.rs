//! How a person's record is shared: their own choices, shown and made. The rules are `access`'s; this only asks and tells.

use access::consent::{PARTS, classes, everything, said};
use access::sharing::{Choice, Command, Refusal, choose, to_review};
use access::views::sharing::{Chosen, ProxyRow, chosen};
use access::{Action, Classes};
use axum::extract::{Query, State as Shared};
use axum::response::{Html, IntoResponse, Redirect, Response};
use jiff::{Timestamp, ToSpan};
use record::identity::Identity;
use store::{Refused, Write};
use uuid::Uuid;

use super::Page;
use super::me::own;
use super::person::identity_banner;
use crate::app::{State, Trouble};
use crate::layout::{Section, Shell};
use crate::pages::sharing::{LENGTHS, Proxy, Typed, View, render};
use crate::personas;
use crate::session::{Fields, Sent, Who};
use crate::words::{london_date, uk_date};

/// What stands, and what is known of the person.
struct Known {
    chosen: Chosen,
    identity: Option<Identity>,
}

async fn known(state: &State, who: &Who, own: Uuid) -> Result<Known, Trouble> {
    let known_as = state.read(move |tx| record::views::person::leaves(tx, own)).await?;
    let permit = state.parts().gate.own(&who.asking(), Action::ChooseSharing, own, known_as).await?;
    let at = who.at;
    state
        .read(move |tx| {
            Ok(Known { chosen: chosen(tx, &permit, at)?, identity: record::find::own_identity(tx, &permit)? })
        })
        .await
}

pub(crate) async fn page(Shared(state): Shared<State>, who: Who, Query(fields): Query<Vec<(String, String)>>) -> Page {
    let own = own(&who)?;
    let known = known(&state, &who, own).await?;
    let mut view = shown(&state, &who, &known);
    view.done = done(Fields(fields).get("done")).map(str::to_owned);
    Ok(Html(render(&view)))
}

/// What was done, in a sentence; the word comes from an address and says nothing of anybody.
fn done(word: &str) -> Option<&'static str> {
    Some(match word {
        "object" => "Your record is no longer shared between organisations.",
        "withdraw" => "Your record is shared between organisations again.",
        "refuse-planning" => "Your record is no longer used for planning.",
        "allow-planning" => "Your record may be used for planning again.",
        "end" => "They can no longer see your record.",
        "let-in" => "They can see what you chose, from now on.",
        _ => return None,
    })
}

fn shown(state: &State, who: &Who, known: &Known) -> View {
    let Known { chosen, identity } = known;
    let since = |at: Timestamp| uk_date(london_date(at));
    let now = chosen.proxies.iter().map(|row| proxy(row, false));
    let over = chosen.over.iter().map(|row| proxy(row, true));
    let born = identity.as_ref().and_then(|identity| identity.birth_date);
    let review = !chosen.proxies.is_empty() && to_review(born, who.at);
    let demo = state.parts().demo_sign_in;
    View {
        shell: Shell {
            person: identity.as_ref().map(|identity| identity_banner(state, identity, who.at)),
            ..who.shell("How your record is shared", Section::Sharing)
        },
        objected: chosen.objection.as_ref().map(|(at, _)| since(*at)),
        because: chosen.objection.as_ref().map(|(_, words)| words.clone()).unwrap_or_default(),
        planning_refused: chosen.planning_refused.map(since),
        proxies: now.chain(over).collect(),
        review: review.then(|| {
            "You are old enough to have your own say. Look at who can see your record and end what you do not want. On your \
             16th birthday all of it ends by itself."
                .to_owned()
        }),
        people: if demo { personas::others(&who.subject) } else { Vec::new() },
        parts: PARTS.iter().map(|part| (part.word.to_owned(), part.said.to_owned(), false)).collect(),
        ..View::default()
    }
}

fn proxy(row: &ProxyRow, over: bool) -> Proxy {
    Proxy {
        reader: row.reader.clone(),
        name: row.name.clone(),
        sees: said(row.classes).into_iter().map(str::to_owned).collect(),
        when: format!("From {} until {}.", uk_date(london_date(row.since)), last_day(row.until)),
        over,
    }
}

/// The last day of something that ends with a day.
pub(super) fn last_day(until: Timestamp) -> String {
    format!("the end of {}", uk_date(london_date(until - jiff::SignedDuration::from_secs(1))))
}

pub(crate) async fn change(Shared(state): Shared<State>, Sent { who, fields }: Sent) -> Result<Response, Trouble> {
    let own = own(&who)?;
    let word = fields.get("choice");
    let choice = match word {
        "object" => Choice::Object(fields.get("words").to_owned()),
        "withdraw" => Choice::WithdrawObjection,
        "refuse-planning" => Choice::RefusePlanning,
        "allow-planning" => Choice::AllowPlanning,
        "end" => Choice::EndProxy(fields.get("reader").to_owned()),
        _ => return Err(Trouble::BadRequest("The form does not say what to choose. Open the page again.")),
    };
    let known = known(&state, &who, own).await?;
    match written(&state, &who, own, choice).await? {
        // What is so already is as they wanted it: a form that was sent twice is no mistake of theirs.
        Ok(()) | Err(Refusal::SoAlready) => Ok(Redirect::to(&format!("/me/sharing?done={word}")).into_response()),
        Err(refusal) => {
            let field = if word == "object" { "words" } else { "maincontent" };
            let mut view = shown(&state, &who, &known);
            view.wrong = Some((field.to_owned(), capital(&refusal.to_string())));
            Ok(Html(render(&view)).into_response())
        }
    }
}

pub(crate) async fn let_in(Shared(state): Shared<State>, Sent { who, fields }: Sent) -> Result<Response, Trouble> {
    let own = own(&who)?;
    let known = known(&state, &who, own).await?;
    let mut view = shown(&state, &who, &known);
    let (reader, months) = (fields.get("reader").to_owned(), fields.get("months").to_owned());
    let chosen: Vec<&str> = fields.all("sees").collect();
    for (word, _, ticked) in &mut view.parts {
        *ticked = chosen.contains(&word.as_str());
    }
    let sees: Classes = if chosen.contains(&"everything") { everything() } else { classes(chosen.iter().copied()) };
    // In the demonstration people are chosen by name; elsewhere they give their code.
    let (reader_id, name) = match view.people.iter().find(|(value, _)| *value == reader) {
        Some((value, name)) => (value.clone(), name.clone()),
        None if view.people.is_empty() => (of_code(&reader).unwrap_or_default(), fields.get("name").to_owned()),
        None => (String::new(), String::new()),
    };
    view.typed = Typed { reader, name: name.clone(), months: months.clone() };
    let length = LENGTHS.iter().find(|(value, _)| *value == months).and_then(|(value, _)| value.parse::<i32>().ok());
    let Some(length) = length else {
        view.wrong = Some(("months".to_owned(), "Choose for how long".to_owned()));
        return Ok(Html(render(&view)).into_response());
    };
    let until = london_date(who.at).saturating_add(length.months());
    let born = known.identity.as_ref().and_then(|identity| identity.birth_date);
    let choice = Choice::AllowProxy { reader: format!("reader:{reader_id}"), name, classes: sees, until, born };
    match written(&state, &who, own, choice).await? {
        Ok(()) => Ok(Redirect::to("/me/sharing?done=let-in").into_response()),
        Err(refusal) => {
            let field = match refusal {
                Refusal::NothingChosen | Refusal::CannotBeShared => "sees",
                Refusal::Past | Refusal::TooFar => "months",
                _ => "reader",
            };
            view.wrong = Some((field.to_owned(), capital(&refusal.to_string())));
            Ok(Html(render(&view)).into_response())
        }
    }
}

/// Writes a choice down; the inner error is the rules', in words.
async fn written(state: &State, who: &Who, own: Uuid, choice: Choice) -> Result<Result<(), Refusal>, Trouble> {
    let command = Command { by: who.subject.clone(), person: own, choice };
    let (actor, at) = (who.actor(), who.at);
    let outcome = state
        .parts()
        .store
        .write_async(move |write: &mut Write<'_>| {
            let known_as = record::views::person::leaves(write.tx(), own)?;
            choose(write, &command, &known_as, &actor, at)
        })
        .await;
    match outcome {
        Ok(()) => Ok(Ok(())),
        Err(Refused::Rules(refusal)) => Ok(Err(refusal)),
        Err(Refused::Store(error)) => Err(error.into()),
    }
}

fn capital(words: &str) -> String {
    super::person::capital(words)
}

/// The code of a reader's sign-in, for whoever wants to let them in: it can be read over the telephone and opens nothing.
pub(super) fn code_of(id: &str) -> String {
    let hex: String = id.bytes().map(|byte| format!("{byte:02x}")).collect();
    hex.as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four).into_owned()).collect::<Vec<_>>().join(" ")
}

/// The sign-in of a code; `None` for what is none.
fn of_code(code: &str) -> Option<String> {
    let digits: Vec<u8> = code.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'-').collect();
    let (pairs, rest) = digits.as_chunks::<2>();
    if !rest.is_empty() || pairs.is_empty() || pairs.len() > 400 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let bytes = pairs.iter().map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
    String::from_utf8(bytes.collect::<Option<Vec<u8>>>()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_leads_back_to_its_sign_in_and_anything_else_to_nobody() {
        for id in ["persona|carer", "https://id.example/|0f3e-ü"] {
            assert_eq!(of_code(&code_of(id)).as_deref(), Some(id));
            assert_eq!(of_code(&code_of(id).to_uppercase().replace(' ', "-")).as_deref(), Some(id));
        }
        for wrong in ["", "7", "zz", "+1+1", "ff"] {
            assert_eq!(of_code(wrong), None, "{wrong}");
        }
    }
}
