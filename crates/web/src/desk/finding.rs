//! A neighbourhood team's lists: which there are, and beginning one. One list and one person on it are in the modules beneath. Whoever
//! works for a practice of the neighbourhood reads its lists and sees their own people on them; the list is the team's. Must not find
//! anybody itself, nor decide who may see whom: the gate is asked, person by person.

mod by;
pub(crate) mod case;
pub(crate) mod list;
mod reason;
mod rules;

use access::back::TEAM;
use axum::extract::{Query, State as Shared};
use axum::response::{Html, IntoResponse, Redirect, Response};
use finding::list::{CaseList, Command, Definition};
use finding::views::list::{self as rows, Line};
use place::OdsCode;
use uuid::Uuid;

use super::Page;
use super::deed::{came, line, lines, new_id, one_of, ready, written};
use super::feeds::thousands;
use super::score::reads;
use crate::app::{State, Trouble};
use crate::layout::Section;
use crate::pages::ask::decision::{Field, Heap, Kind as How};
use crate::pages::deed::{Came, Deed};
use crate::pages::finding::{Home, Row};
use crate::session::{Fields, Sent, Who};
use crate::words::uk_date;

type Asked = Query<Vec<(String, String)>>;

/// How the word of a practice begins.
const PRACTICE: &str = "ods:";

/// Whether somebody is shown lists: those who give care in a neighbourhood's team, or in a practice.
pub(crate) fn has(who: &Who) -> bool {
    let is_here = |team: &String| team.starts_with(TEAM) || team.starts_with(PRACTICE);
    reads(who) && who.subject.teams.iter().any(is_here)
}

/// Whether somebody is of a neighbourhood's team, and its lists are theirs to begin.
pub(crate) fn begins(who: &Who) -> bool {
    reads(who) && who.subject.teams.iter().any(|team| team.starts_with(TEAM))
}

/// A neighbourhood whose lists somebody reads.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Hood {
    id: String,
    name: String,
    /// They are of its team, and its lists are theirs; else they work for a practice in it.
    own: bool,
}

fn hoods(state: &State, who: &Who) -> Vec<Hood> {
    let place = &state.parts().place;
    let hood = |one: &place::Neighbourhood, own| Hood { id: one.id.to_string(), name: one.name.clone(), own };
    let mut hoods: Vec<Hood> = Vec::new();
    for team in &who.subject.teams {
        let found = match (team.strip_prefix(TEAM), team.strip_prefix(PRACTICE)) {
            (Some(id), _) => place.neighbourhood(id).map(|one| hood(one, true)),
            (None, Some(code)) => {
                let code: Option<OdsCode> = code.parse().ok();
                code.and_then(|code| place.neighbourhood_of_practice(&code)).map(|one| hood(one, false))
            }
            (None, None) => None,
        };
        let Some(found) = found else { continue };
        match hoods.iter_mut().find(|known| known.id == found.id) {
            Some(known) => known.own |= found.own,
            None => hoods.push(found),
        }
    }
    hoods
}

/// Whoever may not see worklists is refused by the gate; whoever's desk has no such lists, nothing is there for.
pub(crate) async fn let_in(state: &State, who: &Who) -> Result<(), Trouble> {
    state.parts().gate.desk(&who.asking()).await?;
    if has(who) { Ok(()) } else { Err(Trouble::NotFound) }
}

const BEGUN: [(&str, &str); 1] = [("close", "The list is closed. What was decided stays.")];

pub(crate) async fn home(Shared(state): Shared<State>, who: Who, fields: Asked) -> Page {
    let_in(&state, &who).await?;
    // From a cohort's page: the form stands open, with the cohort chosen.
    let from = fields.0.iter().find(|(name, _)| name == "cohort").map(|(_, id)| format!("{}{id}", by::COHORT));
    let from = from.map(|rule| Fields(vec![("do".to_owned(), "begin".to_owned()), ("rule".to_owned(), rule)]));
    let mut view = front(&state, &who, from.as_ref()).await?;
    view.came = came(&fields, &BEGUN);
    Ok(Html(view.to_string()))
}

async fn front(state: &State, who: &Who, sent: Option<&Fields>) -> Result<Home, Trouble> {
    let hoods = hoods(state, who);
    let ids: Vec<String> = hoods.iter().map(|hood| hood.id.clone()).collect();
    let (lists, cohorts) = state
        .read(move |tx| {
            let mut lists = Vec::new();
            for id in &ids {
                lists.extend(rows::of(tx, id)?);
            }
            Ok((lists, finding::views::cohort::all(tx)?))
        })
        .await?;
    let known = state
        .population(|held| {
            let left = held.left.iter().map(|(reason, count)| (reason.words(), count)).collect::<Vec<_>>();
            (rules::of(held), left)
        })
        .await?;
    let building = known.is_none();
    let (mut rules, left) = known.unwrap_or_default();
    if !rules.heaps.is_empty() {
        rules.heaps.extend(by::offered(&cohorts));
    }
    let name = |id: &str| hoods.iter().find(|hood| hood.id == id).map_or("", |hood| hood.name.as_str()).to_owned();
    let row = |list: &Line| Row {
        href: format!("/finding/{}", list.id),
        title: list.title.clone(),
        neighbourhood: name(&list.neighbourhood),
        looked: list.as_of.map_or_else(|| "Not yet".to_owned(), uk_date),
    };
    let own: Vec<&Hood> = hoods.iter().filter(|hood| hood.own).collect();
    let deeds = if rules.heaps.is_empty() || own.is_empty() { Vec::new() } else { vec![beginning(&own, rules.heaps)] };
    Ok(Home {
        building,
        practice_of: if own.is_empty() { hoods.iter().map(|hood| hood.name.clone()).collect() } else { Vec::new() },
        begins: !own.is_empty(),
        rows: lists.iter().map(row).collect(),
        missing: if own.is_empty() { Vec::new() } else { rules.missing },
        left: left.into_iter().map(|(why, count)| (why, thousands(i64::try_from(count).unwrap_or(i64::MAX)))).collect(),
        deeds: ready(deeds, "/finding", who, sent),
        shell: who.shell("Case finding", Section::Finding),
        ..Home::default()
    })
}

fn beginning(hoods: &[&Hood], rules: Vec<Heap>) -> Deed {
    let places: Vec<(&str, &str)> = hoods.iter().map(|hood| (hood.id.as_str(), hood.name.as_str())).collect();
    let mut fields = vec![
        line("title", "What is it called?", "")
            .helped("No name of anybody: whoever is on it can be told what it is called"),
        Field::new("rule", "By which rule or kept cohort are people found?", How::Heaps(rules)),
        line("least", "From how many points on, where the rule is a score?", ""),
    ];
    if places.len() > 1 {
        fields.push(one_of("neighbourhood", "Of which neighbourhood?", &places));
    }
    fields.extend([
        lines("reason", "Why do you look for them?", 2),
        lines("offer", "What will you offer to whoever you take on?", 2),
        lines("effect", "What should change by it, and how would you see it?", 2),
    ]);
    let mut deed = Deed::new(
        "begin",
        "Begin a list",
        "It belongs to the neighbourhood team. Nobody is looked for until you ask it to.",
        "Begin it",
    )
    .asking(fields);
    if let [(id, _)] = places.as_slice() {
        deed.hidden.push(("neighbourhood".to_owned(), (*id).to_owned()));
    }
    deed
}

pub(crate) async fn begin(Shared(state): Shared<State>, Sent { who, fields }: Sent) -> Result<Response, Trouble> {
    let_in(&state, &who).await?;
    let outcome = match definition(&state, &who, &fields).await? {
        Err(why) => Err(why),
        Ok(definition) => {
            let (id, by) = (new_id(&state, &who).await?, who.subject.clone());
            written::<CaseList>(&state, &who, id, Command::Define { by, definition }).await?.map(|()| id)
        }
    };
    match outcome {
        Ok(id) => Ok(Redirect::to(&format!("/finding/{id}")).into_response()),
        Err(why) => {
            let mut view = front(&state, &who, Some(&fields)).await?;
            view.came = Came { done: None, refused: Some(why) };
            Ok(Html(view.to_string()).into_response())
        }
    }
}

/// What was asked for, with the rules as they are now.
async fn definition(state: &State, who: &Who, fields: &Fields) -> Result<Result<Definition, String>, Trouble> {
    let hood = fields.get("neighbourhood").to_owned();
    if !hoods(state, who).iter().any(|known| known.own && known.id == hood) {
        return Ok(Err("Choose one of your own neighbourhoods.".to_owned()));
    }
    let owned = |name: &str| fields.get(name).to_owned();
    let chosen = by::chosen(state, fields.get("rule"), fields.get("least").trim()).await?;
    Ok(chosen.map(|by| Definition {
        title: owned("title"),
        by,
        neighbourhood: hood,
        reason: owned("reason"),
        offer: owned("offer"),
        effect: owned("effect"),
    }))
}

/// A list of a neighbourhood that somebody reads; of another there is none for them.
struct Theirs {
    line: Line,
    list: CaseList,
    definition: Definition,
    /// The list is their own team's.
    own: bool,
}

async fn of_theirs(state: &State, who: &Who, id: Uuid) -> Result<Theirs, Trouble> {
    let_in(state, who).await?;
    let found = state
        .read(move |tx| {
            let Some(line) = rows::one(tx, id)? else { return Ok(None) };
            let (list, _) = store::aggregate::load::<CaseList>(&store::log::stream(tx, id)?)?;
            Ok(list.definition().cloned().map(|definition| (line, list, definition)))
        })
        .await?;
    let (line, list, definition) = found.ok_or(Trouble::NotFound)?;
    let hoods = hoods(state, who);
    let hood = hoods.iter().find(|hood| hood.id == definition.neighbourhood).ok_or(Trouble::NotFound)?;
    Ok(Theirs { line, list, definition, own: hood.own })
}
