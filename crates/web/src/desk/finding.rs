//! A neighbourhood team's lists: which there are, one with everybody on it and why, looking again. Whom a list shows, the gate is
//! asked for, and each has it on their page of who looked. One person's decision is in the module beneath. Must not find anybody
//! itself, nor decide who may see whom.

mod by;
pub(crate) mod case;

use access::{Class, Level, Tie, WorklistPermit};
use axum::extract::{Query, State as Shared};
use axum::response::{Html, IntoResponse, Redirect, Response};
use finding::effect::{self, CAVEAT, Effect, Group};
use finding::list::{Because, CaseList, Command, Definition};
use finding::run::{NotRun, finds};
use finding::views::list::{self as rows, Line, Listed, State as Stands};
use jiff::civil::Date;
use population::rule::Kind;
use record::fact::Fact;
use record::identity::Identity;
use record::views::fact::Line as Entry;
use uuid::Uuid;

use super::Page;
use super::deed::{came, line, lines, new_id, one_of, ready, written};
use super::feeds::thousands;
use super::person::{born, capital, full_name};
use super::score::{day, reads};
use crate::app::{State, Trouble};
use crate::layout::Section;
use crate::pages::deed::{Came, Deed};
use crate::pages::finding::{Home, List, Person, Row, being_built};
use crate::session::{Fields, Id, Sent, Who};
use crate::words::{london_date, uk_date};

type Asked = Query<Vec<(String, String)>>;

/// How the word of a neighbourhood's team begins.
const TEAM: &str = "neighbourhood:";
/// The most entries that a reason names.
const NAMED: usize = 3;

/// Whether somebody's team has lists: those who give care in a neighbourhood.
pub(crate) fn has(who: &Who) -> bool {
    reads(who) && who.subject.teams.iter().any(|team| team.starts_with(TEAM))
}

/// The neighbourhoods whose teams somebody is of: short name, name.
fn neighbourhoods(state: &State, who: &Who) -> Vec<(String, String)> {
    let ids = who.subject.teams.iter().filter_map(|team| team.strip_prefix(TEAM));
    let named = ids.filter_map(|id| state.parts().place.neighbourhood(id));
    named.map(|one| (one.id.to_string(), one.name.clone())).collect()
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

/// What a rule is called, and whether it needs a limit.
type Rule = (String, String, bool);

async fn front(state: &State, who: &Who, sent: Option<&Fields>) -> Result<Home, Trouble> {
    let hoods = neighbourhoods(state, who);
    let ids: Vec<String> = hoods.iter().map(|(id, _)| id.clone()).collect();
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
            let rule = |set: &population::rule::RuleSet| (set.id.clone(), set.title.clone(), set.kind == Kind::Score);
            let rules: Vec<Rule> = held.plan.sets().filter(|set| finds(set)).map(rule).collect();
            let left = held.left.iter().map(|(reason, count)| (reason.words(), count)).collect::<Vec<_>>();
            (rules, left)
        })
        .await?;
    let building = known.is_none();
    let (rules, left) = known.unwrap_or_default();
    let name = |id: &str| hoods.iter().find(|(known, _)| known == id).map_or("", |(_, name)| name.as_str()).to_owned();
    let row = |list: &Line| Row {
        href: format!("/finding/{}", list.id),
        title: list.title.clone(),
        neighbourhood: name(&list.neighbourhood),
        looked: list.as_of.map_or_else(|| "Not yet".to_owned(), uk_date),
    };
    let deeds = if rules.is_empty() { Vec::new() } else { vec![beginning(&hoods, &rules, by::offered(&cohorts))] };
    Ok(Home {
        building,
        rows: lists.iter().map(row).collect(),
        left: left.into_iter().map(|(why, count)| (why, thousands(i64::try_from(count).unwrap_or(i64::MAX)))).collect(),
        deeds: ready(deeds, "/finding", who, sent),
        shell: who.shell("Case finding", Section::Finding),
        ..Home::default()
    })
}

fn beginning(hoods: &[(String, String)], rules: &[Rule], cohorts: Vec<(String, String)>) -> Deed {
    let named = |(id, title, score): &Rule| {
        (id.clone(), if *score { format!("{title} (a score: say from how many points)") } else { title.clone() })
    };
    let rules: Vec<(String, String)> = cohorts.into_iter().chain(rules.iter().map(named)).collect();
    let rules: Vec<(&str, &str)> = rules.iter().map(|(id, title)| (id.as_str(), title.as_str())).collect();
    let places: Vec<(&str, &str)> = hoods.iter().map(|(id, name)| (id.as_str(), name.as_str())).collect();
    let mut fields = vec![
        line("title", "What is it called?", ""),
        one_of("rule", "By which rule or kept cohort are people found?", &rules),
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
    if !neighbourhoods(state, who).iter().any(|(id, _)| *id == hood) {
        return Ok(Err("Choose one of your own neighbourhoods.".to_owned()));
    }
    let owned = |name: &str| fields.get(name).to_owned();
    let chosen = by::chosen(state, fields.get("rule"), fields.get("least")).await?;
    Ok(chosen.map(|by| Definition {
        title: owned("title"),
        by,
        neighbourhood: hood,
        reason: owned("reason"),
        offer: owned("offer"),
        effect: owned("effect"),
    }))
}

/// A list of one of the reader's own teams; of another team, there is none for them.
async fn of_theirs(state: &State, who: &Who, id: Uuid) -> Result<(Line, Definition), Trouble> {
    let_in(state, who).await?;
    let found = state
        .read(move |tx| {
            let Some(list) = rows::one(tx, id)? else { return Ok(None) };
            let (state, _) = store::aggregate::load::<CaseList>(&store::log::stream(tx, id)?)?;
            Ok(state.definition().cloned().map(|definition| (list, definition)))
        })
        .await?;
    found.filter(|(_, definition)| who.subject.is_of(&definition.holder())).ok_or(Trouble::NotFound)
}

const SAID: [(&str, &str); 4] = [
    ("look", "The list has looked at everybody of the neighbourhood."),
    ("accept", "Taken on: the person is on your team\u{2019}s caseload for half a year."),
    ("decline", "It is written down that they are not taken on, and why."),
    ("later", "It is put off."),
];

pub(crate) async fn page(Shared(state): Shared<State>, who: Who, Id(id): Id, fields: Asked) -> Page {
    let mut view = shown(&state, &who, id, None).await?;
    view.came = came(&fields, &SAID);
    Ok(Html(view.to_string()))
}

/// Somebody on a list, opened: who they are, the entries that the reader may see, and whether the team has them already.
struct Opened {
    listed: Listed,
    identity: Identity,
    entries: Vec<Entry>,
    done_here: bool,
    on_caseload: bool,
}

async fn shown(state: &State, who: &Who, id: Uuid, sent: Option<&Fields>) -> Result<List, Trouble> {
    let (list, definition) = of_theirs(state, who, id).await?;
    let (of, by) = (list.clone(), definition.by.clone());
    let (all, since) = state.read(move |tx| Ok((rows::entries(tx, &of)?, by::since(tx, &by)?))).await?;
    // Who is not found any more and about whom nothing was decided is not on the list.
    let listed: Vec<Listed> = all.into_iter().filter(|one| one.now || one.decided.is_some()).collect();
    let people: Vec<Uuid> = listed.iter().map(|one| one.person).collect();
    let permit = state.parts().gate.worklist(&who.asking(), people).await?;
    let decided = listed.clone();
    let opened = state.read(move |tx| opened(tx, &permit, &listed)).await?;
    let today = london_date(who.at);
    let (by, as_of) = (definition.by.clone(), day(who.at));
    let known =
        state.population(move |held| (by::told(Some(&held.plan), &by), effect::of(held, &decided, as_of))).await?;
    let (told, effect) = known.unwrap_or_else(|| (by::told(None, &definition.by), Effect::default()));
    let row = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    let mut facts = told.facts;
    let group = |stands: Stands| -> Vec<Person> {
        let of = opened.iter().filter(|one| waiting(one, today) == stands);
        of.map(|one| person(id, one, who)).collect()
    };
    let looked = list.as_of.map_or_else(|| "Nobody has been looked for yet".to_owned(), uk_date);
    let groups = [
        (Stands::Open, "To decide", "Nobody waits for a decision."),
        (Stands::Later, "Later", "Nobody is put off."),
        (Stands::Accepted, "Taken on", "Nobody has been taken on from this list."),
        (Stands::Declined, "Not taken on", "Nobody has been declined."),
    ];
    facts.extend([
        row("Why", &definition.reason),
        row("What is offered", &definition.offer),
        row("What should change", &definition.effect),
        row("Last looked", &looked),
    ]);
    Ok(List {
        came: Came::default(),
        title: definition.title.clone(),
        facts,
        not_for: told.not_for,
        warning: told.warning,
        notes: since.into_iter().chain(notes(&list)).collect(),
        groups: groups
            .map(|(stands, heading, empty)| (heading.to_owned(), empty.to_owned(), group(stands)))
            .into_iter()
            .collect(),
        effect: effects(&effect),
        caveat: CAVEAT.to_owned(),
        deeds: ready(deeds(), &format!("/finding/{id}"), who, sent),
        shell: who.shell("A list", Section::Finding),
    })
}

/// Where somebody stands today: what was put off until a day that has come is to be decided.
fn waiting(one: &Opened, today: Date) -> Stands {
    let due = one.listed.words.parse::<Date>().is_ok_and(|until| until <= today);
    if one.listed.state == Stands::Later && due { Stands::Open } else { one.listed.state }
}

fn opened(tx: &mut dyn store::Tx, permit: &WorklistPermit, listed: &[Listed]) -> store::Result<Vec<Opened>> {
    let people: Vec<Uuid> = listed.iter().map(|one| one.person).collect();
    let mut named = record::worklist::named(tx, permit, &people)?;
    let mut opened = Vec::new();
    for one in listed {
        let (Some(sight), Some(identity)) = (permit.of(one.person), named.remove(&one.person)) else { continue };
        let ids: Vec<Uuid> = one.because.iter().map(|because| because.record).collect();
        let done_here = sight.level_of(Class::Ask) == Level::Full;
        let on_caseload = sight.ties().has(Tie::Caseload, Class::Identity);
        let entries = record::worklist::behind(tx, permit, one.person, &ids)?;
        opened.push(Opened { listed: one.clone(), identity, entries, done_here, on_caseload });
    }
    Ok(opened)
}

/// The reasons that the reader may see, the latest first: the words with the day, and the entry.
fn reasons<'e>(
    because: &[Because],
    find: impl Fn(Uuid) -> Option<&'e Fact>,
    done_here: bool,
) -> Vec<(String, Option<Uuid>)> {
    let told = |one: &Because| {
        let day = one.day.map_or_else(|| "no date given".to_owned(), uk_date);
        match find(one.record) {
            Some(fact) => Some((format!("{} ({day})", fact.title), Some(one.record))),
            None if one.done_here && done_here => {
                Some((format!("An urgent response or a fall, told here ({day})"), None))
            }
            None => None,
        }
    };
    because.iter().filter_map(told).collect()
}

/// Why somebody is on a list, in a sentence.
fn sentence(reasons: &[(String, Option<Uuid>)]) -> String {
    if reasons.is_empty() {
        return "For reasons in entries that you are not able to see.".to_owned();
    }
    let named: Vec<&str> = reasons.iter().take(NAMED).map(|(words, _)| words.as_str()).collect();
    let more = reasons.len().saturating_sub(NAMED);
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    format!("{}{more}.", capital(&named.join("; ")))
}

fn person(list: Uuid, one: &Opened, who: &Who) -> Person {
    let find = |id: Uuid| one.entries.iter().find(|line| line.id == id).map(|line| &line.fact);
    let mut place = Vec::new();
    if one.on_caseload {
        place.push("On your team\u{2019}s caseload".to_owned());
    }
    place.extend(decided(&one.listed));
    if !one.listed.now {
        place.push("Not found any more when the list last looked".to_owned());
    }
    if place.is_empty() {
        place.push("Nothing that this list knows of".to_owned());
    }
    Person {
        href: format!("/finding/{list}/{}", one.listed.found),
        name: full_name(&one.identity),
        born: born(&one.identity, who.at),
        why: sentence(&reasons(&one.listed.because, find, one.done_here)),
        place: place.join(". "),
    }
}

/// What was decided, in words.
fn decided(listed: &Listed) -> Option<String> {
    let when = listed.decided.map(|at| uk_date(london_date(at)))?;
    let (who, words) = (&listed.who, listed.words.trim_end_matches('.'));
    Some(match listed.state {
        Stands::Accepted => format!("Taken on by {who} on {when}"),
        Stands::Declined => format!("Not taken on, {who}, {when}: {words}"),
        Stands::Later => {
            let until = listed.words.parse().map_or_else(|_| words.to_owned(), uk_date);
            format!("Put off until {until} by {who}")
        }
        Stands::Open => return None,
    })
}

fn notes(list: &Line) -> Vec<String> {
    let mut notes = Vec::new();
    if list.more > 0 {
        notes.push(format!("{} more people would come next. Decide about these first.", thousands(list.more)));
    }
    if list.by_age_alone > 0 {
        notes.push(format!(
            "{} people fit by nothing that an entry says, such as their age or sex. Nobody is put on a list for that.",
            thousands(list.by_age_alone)
        ));
    }
    notes.push(
        "People who object to sharing, and whatever is marked as sensitive or sealed, are not looked at by any list."
            .to_owned(),
    );
    notes
}

fn effects(effect: &Effect) -> Vec<[String; 4]> {
    let row = |name: &str, group: &Group| {
        let late = if group.too_soon > 0 { format!("; {} decided too lately", group.too_soon) } else { String::new() };
        [name.to_owned(), format!("{}{late}", group.people), group.before.to_string(), group.after.to_string()]
    };
    if effect == &Effect::default() {
        return Vec::new();
    }
    vec![row("Taken on", &effect.accepted), row("Not taken on", &effect.declined)]
}

fn deeds() -> Vec<Deed> {
    let lead = "The rule is asked of everybody of the neighbourhood as of today. What was decided before stays.";
    let close = "Nobody is looked for any more. What was decided stays in the log.";
    vec![
        Deed::new("look", "Look again", lead, "Look now"),
        Deed::new("close", "Close the list", close, "Close it").asking(vec![lines("reason", "Why is it closed?", 2)]),
    ]
}

pub(crate) async fn press(
    Shared(state): Shared<State>,
    Id(id): Id,
    Sent { who, fields }: Sent,
) -> Result<Response, Trouble> {
    let (_, definition) = of_theirs(&state, &who, id).await?;
    let by = who.subject.clone();
    let outcome = match fields.get("do") {
        "look" => {
            let place = &state.parts().place;
            let name = place.neighbourhood(&definition.neighbourhood).map(|one| one.name.clone()).unwrap_or_default();
            let as_of = day(who.at);
            match state.population(move |held| held.find(&definition, &name, as_of)).await? {
                None => return Ok(Html(being_built(who.shell("A list", Section::Finding))).into_response()),
                Some(Ok(run)) => written::<CaseList>(&state, &who, id, Command::Run { by, run }).await?,
                Some(Err(NotRun::NotHeld(error))) => return Err(Trouble::Broken(error.to_string())),
                Some(Err(why)) => Err(format!("{}.", capital(&why.to_string()))),
            }
        }
        "close" => {
            let reason = fields.get("reason").to_owned();
            match written::<CaseList>(&state, &who, id, Command::Close { by, reason }).await? {
                Ok(()) => return Ok(Redirect::to("/finding?done=close").into_response()),
                refused => refused,
            }
        }
        _ => Err("The form does not say what is to be done.".to_owned()),
    };
    match outcome {
        Ok(()) => Ok(Redirect::to(&format!("/finding/{id}?done=look")).into_response()),
        Err(why) => {
            let mut view = shown(&state, &who, id, Some(&fields)).await?;
            view.came = Came { done: None, refused: Some(why) };
            Ok(Html(view.to_string()).into_response())
        }
    }
}
