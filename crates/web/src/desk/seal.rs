//! Sealing an entry of a record, and lifting a seal. The entry's id in the address is its resource's, which says nothing.

use std::collections::BTreeMap;

use access::permit::Entry as Sealed;
use access::permit::NotSealed;
use access::seal::{Refusal, Wanted, may_seal};
use access::views::seal::{Against, SealRow, against, of_resource};
use access::{Classes, Item, Role, Seal, Subject, Tie, Ties};
use axum::extract::{FromRequestParts, State as Shared};
use axum::http::request::Parts;
use axum::response::{Html, IntoResponse, Redirect, Response};
use jiff::civil::Date;
use place::Place;
use record::views::fact::Line;
use uuid::Uuid;

use super::person::{href, short_name};
use super::record::{Opened, open};
use crate::app::{State, Trouble};
use crate::layout::Shell;
use crate::pages::glass::Chosen;
use crate::pages::seal::{Standing, View, render};
use crate::session::{Fields, Sent, Who};
use crate::words::{fhir_date, london_date, uk_date};

impl From<NotSealed> for Trouble {
    fn from(not: NotSealed) -> Self {
        match not {
            NotSealed::Store(error) => error.into(),
            NotSealed::Rules(Refusal::NotTheHolder) => {
                Self::Forbidden("only whoever holds a seal, or the person whose wish it was, lifts it")
            }
            NotSealed::Rules(Refusal::NotSealed) => Self::NotFound,
            NotSealed::Rules(_) => Self::Forbidden("your role or your relationship to the person does not seal this"),
        }
    }
}

/// The person and the entry in an address. What is no id leads nowhere.
pub(crate) struct Ids(Uuid, Uuid);

impl FromRequestParts<State> for Ids {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Trouble> {
        let axum::extract::Path((person, entry)) =
            axum::extract::Path::from_request_parts(parts, state).await.map_err(|_| Trouble::NotFound)?;
        Ok(Self(person, entry))
    }
}

/// Whether a role seals entries at all; for what is offered, not for what is done.
pub(crate) fn offered(who: &Who) -> bool {
    let (item, ties) = (Item { ours: true, ..Item::of(access::Class::Problem) }, Ties::none());
    Tie::ALL.into_iter().any(|tie| may_seal(&who.subject, who.purpose(), &item, &ties.with(tie, Classes::ALL)))
}

/// How the lines of a record are sealed, as far as it concerns this reader; nothing for whoever neither seals nor is the
/// person.
pub(crate) async fn marks(state: &State, who: &Who, lines: &[Line]) -> Result<BTreeMap<Uuid, Against>, Trouble> {
    if lines.is_empty() || (who.subject.role != Role::Citizen && !offered(who)) {
        return Ok(BTreeMap::new());
    }
    let ids: Vec<Uuid> = lines.iter().map(|line| line.id).collect();
    let holders: Vec<String> = who.subject.holders().collect();
    state.read(move |tx| against(tx, &ids, &holders)).await
}

/// The link at an entry: to seal it, or to lift what is theirs to lift.
pub(crate) fn mark(
    who: &Who,
    person: Uuid,
    line: &Line,
    marks: &BTreeMap<Uuid, Against>,
) -> (Option<String>, Option<(String, String)>) {
    let state = marks.get(&line.id).copied().unwrap_or_default();
    let address = format!("{}/seal/{}", href(person), line.id);
    if who.subject.role == Role::Citizen {
        let tag = state.wish.then(|| "Sealed, as you wished".to_owned());
        return (tag, state.wish.then(|| ("Lift the seal".to_owned(), address)));
    }
    let tag = match (state.held, state.harmful) {
        (true, _) => Some("Sealed".to_owned()),
        (false, true) => Some("Kept from the person".to_owned()),
        (false, false) => None,
    };
    let link = if tag.is_some() { "Change or lift" } else { "Seal" };
    (tag, offered(who).then(|| (link.to_owned(), address)))
}

/// A holder as people say it.
pub(crate) fn holder_words(place: &Place, holder: &str) -> String {
    let (kind, id) = holder.split_once(':').unwrap_or(("", holder));
    let named = match kind {
        "ods" => place::OdsCode::parse(id).ok().and_then(|code| place.practice(&code)).map(|one| one.name.clone()),
        "neighbourhood" => place.neighbourhood(id).map(|one| format!("{} neighbourhood team", one.name)),
        "organisation" => place.organisation(id).map(|one| one.name.clone()),
        "home" => place.care_homes().iter().find(|home| home.id.as_str() == id).map(|home| home.name.clone()),
        "reader" => Some("one reader alone".to_owned()),
        _ => None,
    };
    named.unwrap_or_else(|| "a team that is no longer here".to_owned())
}

/// What a reader seals under: the first organisation or team they act for, and where there is none, they alone.
fn holder(subject: &Subject) -> String {
    subject.holders().next().unwrap_or_default()
}

/// The entry as the gate is asked about it.
fn asked(person: Uuid, line: &Line) -> Sealed {
    Sealed {
        person,
        resource: line.id,
        class: record::summary::class(line.fact.kind),
        feed: line.feed.clone(),
        sensitivity: line.sensitivity,
    }
}

/// The record with the entry in it that the address names.
async fn found(state: &State, who: &Who, ids: &Ids) -> Result<(Opened, Line, Vec<SealRow>), Result<Response, Trouble>> {
    let (person, entry) = (ids.0, ids.1);
    let opened = open(state, who, person, "Seal an entry", &format!("/seal/{entry}")).await?;
    let line = opened.record.lines.iter().find(|line| line.id == entry).cloned().ok_or(Err(Trouble::NotFound))?;
    let seals = state.read(move |tx| of_resource(tx, entry)).await.map_err(Err)?;
    Ok((opened, line, seals))
}

async fn view(
    state: &State,
    who: &Who,
    person: Uuid,
    line: &Line,
    seals: &[SealRow],
    shell: Shell,
) -> Result<View, Trouble> {
    let place = &state.parts().place;
    let (may_set, item) = state.parts().gate.may_seal(&who.asking(), &asked(person, line)).await?;
    let own = who.subject.role == Role::Citizen;
    let holders: Vec<String> = who.subject.holders().collect();
    let theirs =
        seals.iter().filter(|seal| if own { seal.wish && !seal.harmful } else { holders.contains(&seal.holder) });
    let standing = theirs.map(|seal| Standing {
        id: seal.source.to_string(),
        sentence: sentence(place, seal, own),
        lift: if seal.harmful { "Let the person read it" } else { "Lift the seal" }.to_owned(),
    });
    let told = |name: &str, text: String| (name.to_owned(), text);
    let mut facts = vec![
        told("Entry", line.fact.title.clone()),
        told("Kind", line.fact.kind.label().to_owned()),
        told("When", line.fact.when.as_deref().map(fhir_date).unwrap_or_default()),
        told("From", short_name(place, &line.feed)),
        told("Written by", line.fact.author.clone().unwrap_or_default()),
    ];
    facts.retain(|(_, text)| !text.is_empty());
    Ok(View {
        shell,
        action: format!("{}/seal/{}", href(person), line.id),
        record_href: href(person),
        facts,
        standing: standing.collect(),
        may_set,
        levels: levels(""),
        whose: whose("", item.ours),
        ..View::default()
    })
}

fn sentence(place: &Place, seal: &SealRow, own: bool) -> String {
    let since = uk_date(london_date(seal.at));
    let by = holder_words(place, &seal.holder);
    if seal.harmful {
        return format!("Kept from the person by {by} since {since}.");
    }
    let how = if seal.level == Seal::Hidden { "Sealed out of sight" } else { "Sealed" };
    let wish = match (seal.wish, own) {
        (true, true) => ", as you wished",
        (true, false) => ", at the person's wish",
        _ => "",
    };
    format!("{how} by {by} since {since}{wish}.")
}

fn chosen(choices: &[(&str, &str)], on: &str) -> Vec<Chosen> {
    let each = |(value, text): &(&str, &str)| Chosen {
        value: (*value).to_owned(),
        text: (*text).to_owned(),
        on: *value == on,
    };
    choices.iter().map(each).collect()
}

fn levels(on: &str) -> Vec<Chosen> {
    chosen(
        &[
            ("shown", "Others see that something is sealed here, and nothing of it"),
            ("hidden", "Others do not see that there is anything"),
            ("harmful", "Keep it from the person only, because reading it would do them serious harm"),
        ],
        on,
    )
}

/// The author's choice only where the reader's own organisation wrote it.
fn whose(on: &str, ours: bool) -> Vec<Chosen> {
    let all = [("person", "The person's"), ("author", "Ours: we wrote the entry")];
    chosen(all.get(..if ours { 2 } else { 1 }).unwrap_or_default(), on)
}

pub(crate) async fn page(Shared(state): Shared<State>, who: Who, ids: Ids) -> Result<Response, Trouble> {
    let (opened, line, seals) = match found(&state, &who, &ids).await {
        Ok(found) => found,
        Err(other) => return other,
    };
    let person = opened.record.identity.person;
    let view = view(&state, &who, person, &line, &seals, opened.shell).await?;
    if !view.may_set && view.standing.is_empty() {
        return Err(Trouble::Forbidden("your role or your relationship to the person does not seal this"));
    }
    Ok(Html(render(&view)).into_response())
}

pub(crate) async fn ask(
    Shared(state): Shared<State>,
    ids: Ids,
    Sent { who, fields }: Sent,
) -> Result<Response, Trouble> {
    let (opened, line, seals) = match found(&state, &who, &ids).await {
        Ok(found) => found,
        Err(other) => return other,
    };
    let person = opened.record.identity.person;
    let mut view = view(&state, &who, person, &line, &seals, opened.shell).await?;
    if !view.may_set && view.standing.is_empty() {
        return Err(Trouble::Forbidden("your role or your relationship to the person does not seal this"));
    }
    let lift = fields.get("lift");
    let outcome = if lift.is_empty() {
        set(&state, &who, person, &line, &fields, &mut view).await
    } else {
        view.lift_reason = fields.get("lift_reason").to_owned();
        let seal = seals.iter().find(|seal| seal.source.to_string() == lift).ok_or(Trouble::NotFound)?;
        let reason = view.lift_reason.clone();
        state
            .parts()
            .gate
            .lift_seal(&who.asking(), person, seal.source, reason)
            .await
            .map_err(|not| told(not, "lift_reason"))
    };
    match outcome {
        Ok(()) => Ok(Redirect::to(&href(person)).into_response()),
        Err(Not::Typed(field, text)) => {
            view.errors.push((field.to_owned(), text));
            Ok(Html(render(&view)).into_response())
        }
        Err(Not::Allowed(trouble)) => Err(trouble),
    }
}

/// Why nothing was done: what was typed, or who asked.
enum Not {
    Typed(&'static str, String),
    Allowed(Trouble),
}

fn told(not: NotSealed, reason: &'static str) -> Not {
    match not {
        NotSealed::Rules(refusal @ (Refusal::ReasonTooShort | Refusal::TooLong)) => {
            Not::Typed(reason, refusal.to_string())
        }
        NotSealed::Rules(refusal @ Refusal::NoReview) => Not::Typed("review", refusal.to_string()),
        NotSealed::Rules(refusal @ (Refusal::NoLevel | Refusal::AsItIs)) => Not::Typed("level", refusal.to_string()),
        NotSealed::Rules(refusal @ Refusal::NotTheAuthors) => Not::Typed("whose", refusal.to_string()),
        other => Not::Allowed(other.into()),
    }
}

async fn set(state: &State, who: &Who, person: Uuid, line: &Line, fields: &Fields, view: &mut View) -> Result<(), Not> {
    let (how, by) = (fields.get("level"), fields.get("whose"));
    view.levels = levels(how);
    view.whose.iter_mut().for_each(|one| one.on = one.value == by);
    view.reason = fields.get("reason").to_owned();
    view.review = ["day", "month", "year"].map(|name| fields.get(name).to_owned());
    let wish = by == "person";
    let wanted = match how {
        "harmful" => Wanted::KeptFromThem { review: day(&view.review).map_err(|text| Not::Typed("review", text))? },
        "shown" | "hidden" if by.is_empty() => {
            return Err(Not::Typed("whose", "Choose whose wish it is".to_owned()));
        }
        "shown" => Wanted::Sealed { level: Seal::Shown, wish },
        "hidden" => Wanted::Sealed { level: Seal::Hidden, wish },
        _ => return Err(Not::Typed("level", "Choose how it should be sealed".to_owned())),
    };
    let entry = asked(person, line);
    let (holder, reason, today) = (holder(&who.subject), view.reason.clone(), london_date(who.at));
    let done = state.parts().gate.seal(&who.asking(), entry, holder, wanted, reason, today).await;
    done.map_err(|not| told(not, "reason"))
}

fn day(parts: &[String; 3]) -> Result<Date, String> {
    let number = |text: &String| text.parse::<i16>().ok();
    let [day, month, year] = parts;
    let whole = |value: i16| i8::try_from(value).ok();
    let date = number(year)
        .and_then(|year| Date::new(year, number(month).and_then(whole)?, number(day).and_then(whole)?).ok());
    date.ok_or_else(|| Refusal::NoReview.to_string())
}
