//! The crisis team's pages: the board, one response, and what can be done with it. Opening one opens the ask it answers: it takes
//! the same permit, the look is written down first, and whoever may not open the ask is not told that there is a response.

pub(crate) mod board;
mod deed;

use access::Action;
use axum::extract::{Path, Query, State as Shared};
use axum::response::{Html, IntoResponse, Redirect, Response as Answer};
use care::crisis::{self, Act, Measure, Refusal, Response, Stage};
use care::fall::Fall;
use care::views::crisis::{answers, full};
use care::views::fall::full as full_fall;
use care::views::listed::Told;
use jiff::Timestamp;
use place::Place;
use store::{Refused, Write};
use uuid::Uuid;

use super::Page;
use super::ask::form::{Form, written_down};
use super::ask::{Opened, clocks, open, team, words};
use super::person::capital;
use super::record::nobody;
use crate::app::{State, Trouble};
use crate::components::{Colour, Tag};
use crate::pages::ask::decision::{self, Field};
use crate::pages::ask::{Step, View, Way, render};
use crate::personas::role_words;
use crate::session::{Id, Sent, Who};
use deed::Deed;

/// The boards, for pages that lead there: words, address.
pub(super) fn boards() -> Vec<(String, String)> {
    [("Crisis board", "/board/crisis"), ("Falls", "/board/falls")]
        .map(|(text, href)| (text.to_owned(), href.to_owned()))
        .to_vec()
}

/// What a page about one response begins with.
struct One {
    id: Uuid,
    opened: Opened,
    response: Response,
    told: Vec<Told>,
    fall: Option<Fall>,
}

/// Finds the response an address names and opens the ask it answers.
async fn one(state: &State, who: &Who, id: Uuid, title: &str) -> Result<One, Trouble> {
    let Some(ask) = state.read(move |tx| answers(tx, id)).await? else {
        return Err(nobody(state, who, Action::ReadRecord, id).await);
    };
    let opened = open(state, who, ask, title).await?;
    let (permit, fall) = (opened.permit.clone(), opened.fall);
    let found = state
        .read(move |tx| {
            let Some((response, told)) = full(tx, &permit, id)? else { return Ok(None) };
            let fall = match fall {
                Some(fall) => full_fall(tx, &permit, fall)?.map(|full| full.fall),
                None => None,
            };
            Ok(Some((response, told, fall)))
        })
        .await?;
    let (response, told, fall) = found.ok_or(Trouble::NotFound)?;
    Ok(One { id, opened, response, told, fall })
}

/// Whether somebody acts for the team that has an ask, in a role that works with asks.
pub(super) fn is_theirs(opened: &Opened, who: &Who) -> bool {
    let owner = opened.ask.owner().map_or("", |owner| owner.word());
    who.may(Action::WorkAsk) && who.subject.is_of(owner)
}

/// How far a response has come, for the eye.
fn tag(stage: Stage) -> Tag {
    let (words, colour) = match stage {
        Stage::None => ("Not taken", Colour::Grey),
        Stage::Accepted => ("Nobody goes yet", Colour::Red),
        Stage::Assigned => ("Assigned", Colour::Orange),
        Stage::EnRoute => ("On the way", Colour::Blue),
        Stage::Arrived => ("There", Colour::Blue),
        Stage::Stabilising => ("Being made safe", Colour::Blue),
        Stage::Stepped => ("Going on", Colour::Blue),
        Stage::Closed => ("Closed", Colour::Green),
    };
    Tag::new(words).coloured(colour)
}

/// What comes next.
fn next(one: &One) -> String {
    let waits = one.fall.as_ref().and_then(|fall| fall.may_be_visited().err());
    match (one.response.stage(), waits) {
        (Stage::None | Stage::Accepted, Some(refusal)) => format!("Next, before anybody is sent: {refusal}."),
        (Stage::None | Stage::Accepted, None) => "Next, say who goes.".to_owned(),
        (Stage::Assigned, _) => "Next, they set off.".to_owned(),
        (Stage::EnRoute, _) => "Next, they arrive, and the two-hour clock stops.".to_owned(),
        (Stage::Arrived, _) => "Next, the plan to make things safe within 72 hours.".to_owned(),
        (Stage::Stabilising, _) => "Next, somebody of the neighbourhood has them, by name.".to_owned(),
        (Stage::Stepped, _) => "Next, somebody by name has them.".to_owned(),
        (Stage::Closed, _) => match one.response.handed() {
            Some((team, name)) => format!("It is closed: {name} of {team} has them."),
            None => "It is closed: nobody went, or the person has died.".to_owned(),
        },
    }
}

/// Since when somebody lies on the floor, as every page says it.
pub(super) fn on_floor(since: Option<Timestamp>, reported: Option<Timestamp>, now: Timestamp) -> String {
    let minutes = |from: Timestamp| now.duration_since(from).as_mins().max(0);
    match (since, reported) {
        (Some(since), _) => {
            let long = if now.duration_since(since) > care::fall::LONG_LIE { ": a long lie" } else { "" };
            format!("On the floor since {}, {} minutes{long}", crate::words::uk_time(since), minutes(since))
        }
        (None, Some(reported)) => {
            format!("On the floor, nobody knows since when; reported {} minutes ago", minutes(reported))
        }
        (None, None) => "On the floor, nobody knows since when".to_owned(),
    }
}

/// Things that happened, the latest first, as a page shows them.
pub(super) fn steps(told: &[Told], now: Timestamp) -> Vec<Step> {
    let step = |told: &Told| Step {
        when: words::when(told.at, now),
        what: told.words.clone(),
        who: told.role.map(|role| role_words(role).to_owned()).unwrap_or_default(),
        ..Step::default()
    };
    told.iter().rev().map(step).collect()
}

fn condition(place: &Place, id: Option<&str>) -> (String, String) {
    match id.and_then(|id| place.conditions().iter().find(|one| one.id == *id)) {
        Some(one) => (one.name.clone(), one.meaning.clone()),
        None => ("Not said yet".to_owned(), String::new()),
    }
}

fn facts(place: &Place, one: &One) -> Vec<(String, String)> {
    let response = &one.response;
    let (name, meaning) = condition(place, response.condition());
    let goes = response.responder().map_or("Nobody yet".to_owned(), |(responder, equipment)| match equipment {
        Some(equipment) => format!("{responder}, with: {equipment}"),
        None => responder.to_string(),
    });
    let mut rows = vec![("Condition".to_owned(), name)];
    if !meaning.is_empty() {
        rows.push(("That is".to_owned(), meaning));
    }
    rows.push(("Who goes".to_owned(), goes));
    rows.extend(response.plan().map(|plan| ("Plan".to_owned(), plan.to_string())));
    for measure in Measure::ALL {
        let figures: Vec<String> = response
            .measured()
            .iter()
            .filter(|(one, ..)| *one == measure)
            .map(|(_, value, at)| format!("{value} at {}", crate::words::uk_time(*at)))
            .collect();
        if !figures.is_empty() {
            rows.push((capital(measure.said()), figures.join(", then ")));
        }
    }
    rows.push((
        "Who has the ask".to_owned(),
        one.opened.ask.owner().map(|owner| team::name(place, owner)).unwrap_or_default(),
    ));
    rows.extend(one.opened.known.iter().cloned());
    rows
}

/// The page of one response.
pub(crate) async fn page(
    Shared(state): Shared<State>,
    who: Who,
    Id(id): Id,
    Query(fields): Query<Vec<(String, String)>>,
) -> Page {
    let one = one(&state, &who, id, "A crisis response").await?;
    let place = &state.parts().place;
    let theirs = is_theirs(&one.opened, &who);
    let deeds = Deed::ALL.into_iter().filter(|deed| theirs && deed.is_open(&one.response, who.at));
    let link = |text: &str, href: String| Way { text: text.to_owned(), href };
    let fall = one.opened.fall.map(|fall| link("The fall: questions, help up, assessment", format!("/falls/{fall}")));
    let ask = link("The ask it answers", format!("/asks/{}", one.opened.id));
    let floor = one.fall.as_ref().filter(|fall| fall.is_on_floor());
    let view = View {
        files: Vec::new(),
        shell: one.opened.shell.clone(),
        back: ("Crisis board".to_owned(), "/board/crisis".to_owned()),
        heading: "Crisis response".to_owned(),
        number: words::number(one.opened.id),
        described: one.opened.line.described.as_ref().map(|words| format!("Nobody in the record yet: {words}")),
        state: Some(tag(one.response.stage())),
        owner: format!("{}.", condition(place, one.response.condition()).0),
        next: next(&one),
        done: written_down(fields),
        alarm: floor.map(|fall| on_floor(fall.since(), None, who.at)),
        clocks: clocks::of_crisis(place, one.response.moments(), who.at)?,
        said: one.opened.ask.request().map(words::said).unwrap_or_default(),
        about: "About this response".to_owned(),
        facts: facts(place, &one),
        ways: deeds
            .map(|deed| link(deed.said().1, format!("/crisis/{id}/{}", deed.said().0)))
            .chain(fall)
            .chain([ask])
            .collect(),
        steps: steps(&one.told, who.at),
    };
    Ok(Html(render(&view)))
}

/// The deed an address names, on a response.
async fn named(state: &State, who: &Who, id: &str, word: &str) -> Result<(Deed, One), Trouble> {
    let deed = Deed::from_word(word).ok_or(Trouble::NotFound)?;
    let id: Uuid = id.parse().map_err(|_| Trouble::NotFound)?;
    Ok((deed, one(state, who, id, deed.said().2).await?))
}

fn question(place: &Place, one: &One, deed: Deed, fields: Vec<Field>, now: Timestamp) -> decision::View {
    let (_, _, heading, lead, button) = deed.said();
    let floor = one.fall.as_ref().filter(|fall| fall.is_on_floor());
    decision::View {
        shell: one.opened.shell.clone(),
        back_text: Some("Back to the response".to_owned()),
        back_href: format!("/crisis/{}", one.id),
        heading: heading.to_owned(),
        lead: lead.to_owned(),
        facts: vec![
            ("Condition".to_owned(), condition(place, one.response.condition()).0),
            ("What happened".to_owned(), one.opened.line.happened.clone()),
        ],
        note: floor.map(|fall| on_floor(fall.since(), None, now)),
        action: format!("/crisis/{}/{}", one.id, deed.said().0),
        hidden: Vec::new(),
        fields,
        button: button.to_owned(),
        error: None,
    }
}

/// The question of a deed.
pub(crate) async fn deed_page(
    Shared(state): Shared<State>,
    who: Who,
    Path((id, word)): Path<(String, String)>,
) -> Page {
    let (deed, one) = named(&state, &who, &id, &word).await?;
    let place = &state.parts().place;
    let mut view = question(place, &one, deed, deed.fields(place, &one.response, &one.opened.ask, who.at), who.at);
    if !is_theirs(&one.opened, &who) || !deed.is_open(&one.response, who.at) {
        view.error = Some(format!("This cannot be done now. {}", next(&one)));
    }
    Ok(Html(decision::render(&view)))
}

/// The answer to it.
pub(crate) async fn press(
    Shared(state): Shared<State>,
    Path((id, word)): Path<(String, String)>,
    Sent { who, fields }: Sent,
) -> Result<Answer, Trouble> {
    let (deed, one) = named(&state, &who, &id, &word).await?;
    let place = &state.parts().place;
    let empty = deed.fields(place, &one.response, &one.opened.ask, who.at);
    let mut form = Form::of(empty, &fields);
    let act = deed.read(&mut form, who.at).filter(|_| !form.is_wrong());
    let again = |form: Form<'_>, error: Option<String>| {
        let view = decision::View { error, ..question(place, &one, deed, form.into_fields(), who.at) };
        Ok(Html(decision::render(&view)).into_response())
    };
    let Some(act) = act else { return again(form, None) };
    let stays = matches!(act, Act::Void { .. });
    match carry_out(&state, &who, &one, act).await? {
        // What became of the ask is the next question.
        Ok(()) if stays => Ok(Redirect::to(&format!("/asks/{}?done=yes", one.opened.id)).into_response()),
        Ok(()) => Ok(Redirect::to(&format!("/crisis/{}?done=yes", one.id)).into_response()),
        Err(refusal) => {
            let sentence = capital(&refusal.to_string());
            if let Some(field) = at_field(&refusal) {
                form.wrong(field, &sentence);
                if form.is_wrong() {
                    return again(form, None);
                }
            }
            again(form, Some(sentence))
        }
    }
}

/// Does it, with leave to work the ask. The inner error is the rules' own no, for whoever tried.
async fn carry_out(state: &State, who: &Who, one: &One, act: Act) -> Result<Result<(), Refusal>, Trouble> {
    let permit = state.parts().gate.work_ask(&who.asking(), one.opened.person).await?;
    let (id, at, place) = (one.id, who.at, state.parts().place.clone());
    let writing = move |write: &mut Write<'_>| crisis::act(write, &place, &permit, id, act.clone(), at).map(|_| ());
    match state.parts().store.write_async(writing).await {
        Ok(()) => Ok(Ok(())),
        Err(Refused::Rules(refusal)) => Ok(Err(refusal)),
        Err(Refused::Store(error)) => Err(error.into()),
    }
}

/// The field that a refusal is about, where it is about one.
const fn at_field(refusal: &Refusal) -> Option<&'static str> {
    match refusal {
        Refusal::Time => Some("when"),
        Refusal::NotANeighbourhood => Some("team"),
        Refusal::NotTold => Some("told"),
        Refusal::NoCondition(_) | Refusal::NoConditionYet => Some("condition"),
        Refusal::NothingMeasured => Some("news2"),
        _ => None,
    }
}
