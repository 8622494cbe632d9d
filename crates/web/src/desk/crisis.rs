//! The crisis team's pages: the board, one response, and what can be done with it. Opening one opens the ask it answers: it takes
//! the same permit, the look is written down first, and whoever may not open the ask is not told that there is a response.

pub(crate) mod board;
mod deed;

use access::Action;
use axum::extract::{Query, State as Shared};
use axum::response::{Html, Response as Answer};
use care::crisis::{self, Act, Measure, Refusal, Response, Stage};
use care::fall::Fall;
use care::views::crisis::{answers, full};
use care::views::fall::full as full_fall;
use care::views::step::Step;
use jiff::Timestamp;
use place::Place;
use store::{Refused, Write};
use uuid::Uuid;

use super::Page;
use super::ask::beside::{self, Address, Beside, Came};
use super::ask::form::{Form, written_down};
use super::ask::team::refused;
use super::ask::{Opened, clocks, open, team, words};
use super::person::capital;
use super::record::nobody;
use crate::app::{State, Trouble};
use crate::components::{Colour, Tag};
use crate::layout::Shell;
use crate::live;
use crate::pages::ask::decision::Field;
use crate::pages::ask::{View, Way, render};
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
    steps: Vec<Step>,
    fall: Option<Fall>,
    /// Where the page follows what it shows.
    live: String,
}

/// Finds the response an address names and opens the ask it answers.
async fn one(state: &State, who: &Who, id: Uuid, title: &str) -> Result<One, Trouble> {
    let Some(ask) = state.read(move |tx| answers(tx, id)).await? else {
        return Err(nobody(state, who, Action::ReadRecord, id).await);
    };
    let live = live::address(state, who, live::Page::Ask(ask)).await;
    let opened = open(state, who, ask, title).await?;
    let (permit, fall, place) = (opened.permit.clone(), opened.fall, state.parts().place.clone());
    let found = state
        .read(move |tx| {
            let Some((response, steps)) = full(tx, &permit, id, &|team| team.named(&place))? else { return Ok(None) };
            let fall = match fall {
                Some(fall) => full_fall(tx, &permit, fall)?.map(|full| full.fall),
                None => None,
            };
            Ok(Some((response, steps, fall)))
        })
        .await?;
    let (response, steps, fall) = found.ok_or(Trouble::NotFound)?;
    Ok(One { id, opened, response, steps, fall, live })
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
fn next(place: &Place, one: &One) -> String {
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
            Some((to, name)) => format!("It is closed: {name} of {} has them.", team::name(place, to)),
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
pub(super) fn told(steps: &[Step], now: Timestamp) -> Vec<crate::pages::ask::Step> {
    steps.iter().rev().map(|step| words::step(step, now)).collect()
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
    let link = |text: &str, href: String| Way { text: text.to_owned(), href };
    let fall = one.opened.fall.map(|fall| link("The fall: questions, help up, assessment", format!("/falls/{fall}")));
    let ask = link("The ask it answers", format!("/asks/{}", one.opened.id));
    let floor = one.fall.as_ref().filter(|fall| fall.is_on_floor());
    let view = View {
        files: Vec::new(),
        shell: Shell { live: one.live.clone(), ..one.opened.shell.clone() },
        back: ("Crisis board".to_owned(), "/board/crisis".to_owned()),
        heading: "Crisis response".to_owned(),
        number: words::number(one.opened.id),
        described: one.opened.line.described.as_ref().map(|words| format!("Nobody in the record yet: {words}")),
        state: Some(tag(one.response.stage())),
        owner: format!("{}.", condition(place, one.response.condition()).0),
        next: next(place, &one),
        done: written_down(fields),
        alarm: floor.map(|fall| on_floor(fall.since(), None, who.at)),
        clocks: clocks::of_crisis(place, one.response.moments(), who.at)?,
        said: one.opened.ask.request().map(words::said).unwrap_or_default(),
        about: "About this response".to_owned(),
        facts: facts(place, &one),
        ways: beside::ways(&one, &who).into_iter().chain(fall).chain([ask]).collect(),
        steps: told(&one.steps, who.at),
    };
    Ok(Html(render(&view)))
}

impl Beside for One {
    type Deed = Deed;
    type Act = Act;
    const FOLDER: &'static str = "/crisis";
    const BACK: &'static str = "Back to the response";

    async fn open(state: &State, who: &Who, id: Uuid, title: &str) -> Result<Self, Trouble> {
        one(state, who, id, title).await
    }

    fn id(&self) -> Uuid {
        self.id
    }

    fn opened(&self) -> &Opened {
        &self.opened
    }

    fn offers(&self, deed: Deed, who: &Who) -> bool {
        is_theirs(&self.opened, who) && deed.is_open(&self.response, who.at)
    }

    fn next(&self, place: &Place) -> String {
        next(place, self)
    }

    fn before(&self, _: Deed, place: &Place, now: Timestamp) -> (Vec<(String, String)>, Option<String>) {
        let facts = vec![
            ("Condition".to_owned(), condition(place, self.response.condition()).0),
            ("What happened".to_owned(), self.opened.line.happened.clone()),
        ];
        let floor = self.fall.as_ref().filter(|fall| fall.is_on_floor());
        (facts, floor.map(|fall| on_floor(fall.since(), None, now)))
    }

    fn fields(&self, deed: Deed, place: &Place, now: Timestamp) -> Vec<Field> {
        deed.fields(place, &self.response, &self.opened.ask, now)
    }

    fn read(&self, deed: Deed, form: &mut Form<'_>, now: Timestamp) -> Option<Act> {
        deed.read(form, now)
    }

    async fn act(&self, state: &State, who: &Who, act: Act) -> Result<Came, Trouble> {
        // Of somebody to whom nobody goes, what becomes of the ask is the next question.
        let ends = matches!(act, Act::Void { .. });
        let permit = state.parts().gate.work_ask(&who.asking(), self.opened.person).await?;
        let (id, at, place) = (self.id, who.at, state.parts().place.clone());
        let writing = move |write: &mut Write<'_>| crisis::act(write, &place, &permit, id, act.clone(), at).map(|_| ());
        match state.parts().store.write_async(writing).await {
            Ok(()) if ends => Ok(Ok(format!("/asks/{}?done=yes", self.opened.id))),
            Ok(()) => Ok(Ok(format!("/crisis/{}?done=yes", self.id))),
            Err(Refused::Rules(refusal)) => {
                Ok(Err((refused(&state.parts().place, &refusal, refusal.team()), at_field(&refusal))))
            }
            Err(Refused::Store(error)) => Err(error.into()),
        }
    }
}

/// The question of a deed.
pub(crate) async fn question(Shared(state): Shared<State>, who: Who, address: Address) -> Page {
    beside::question::<One>(state, who, address).await
}

/// The answer to it.
pub(crate) async fn answer(Shared(state): Shared<State>, address: Address, sent: Sent) -> Result<Answer, Trouble> {
    beside::answer::<One>(state, address, sent).await
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
