//! Kept cohorts: which there are, one with its versions and whether its rules are what they were, keeping and changing one. Counts go
//! the explorer's way and no other. Must not say who is in one.

use axum::extract::{Query, State as Shared};
use axum::response::{Html, IntoResponse, Redirect, Response};
use finding::cohort::{Asked, Cohort, Command, Event, may_keep};
use finding::views::cohort::{self as rows, Line};
use jiff::Timestamp;
use population::explore::{Choice, Ground, Question};
use population::plan::Plan;
use uuid::Uuid;

use super::view::{COHORT, called, fields, in_words, read, said, sentence};
use super::{BEING_BUILT, Leave, cases, leave, on_ground, said_day, shell, today};
use crate::app::{State, Trouble};
use crate::desk::deed::{came, line, lines, new_id, ready, written};
use crate::desk::person::capital;
use crate::pages::cohort::{List, Row, View};
use crate::pages::deed::{Came, Deed, Deeds};
use crate::pages::population::Absent;
use crate::session::{Fields, Id, Sent, Who};
use crate::words::{london_date, uk_date};

type Sought = Query<Vec<(String, String)>>;

const KEPT: &str = "/population/cohorts";
/// The field of a form that holds a question, as its address would.
const QUESTION: &str = "question";

/// The kept cohort that an address asks for, where it is in use.
pub(super) async fn asked_for(state: &State, fields: &Fields) -> Result<Option<(Uuid, Cohort)>, Trouble> {
    let id: Uuid = match fields.get(COHORT) {
        "" => return Ok(None),
        id => id.parse().map_err(|_| Trouble::NotFound)?,
    };
    let told = state.read(move |tx| rows::told(tx, id)).await?;
    let (cohort, _) = told.filter(|(cohort, _)| cohort.is_open()).ok_or(Trouble::NotFound)?;
    Ok(Some((id, cohort)))
}

/// What of a kept question is not what it was, in words.
pub(super) fn drifted(asked: &Asked, plan: &Plan) -> Vec<String> {
    let choices = plan.choices();
    let one = |one: &finding::cohort::Drifted| {
        let what = called(&one.term, &choices);
        match &one.now {
            None => format!("{what}: it is not here any more, or its lists of codes are not."),
            Some(now) if *now != one.was => format!("{what}: kept as version {}, now version {now}.", one.was),
            Some(now) => format!("{what}: still version {now}, and its rule or its lists of codes are others."),
        }
    };
    asked.drifted(plan).iter().map(one).collect()
}

fn text(question: &Question) -> String {
    fields(question).iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

/// The question in a form's field, as an address would have it.
fn asked(text: &str) -> Fields {
    let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    Fields(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}

/// Keeping what was asked: as a new cohort, or as the next version of the one whose question it was.
pub(super) fn keeping(who: &Who, question: &Question, kept: Option<&(Uuid, Cohort)>, sent: Option<&Fields>) -> Deeds {
    if !may_keep(&who.subject) {
        return Deeds::default();
    }
    let hidden = vec![(QUESTION.to_owned(), text(question))];
    let lead = "Everybody who plans services or finds people in the borough can see it, with your name. It holds what is asked, by \
        which rules, and nobody: write nobody\u{2019}s name.";
    let keep = Deed { hidden: hidden.clone(), ..Deed::new("keep", "Keep this cohort", lead, "Keep it") };
    let keep = keep.asking(vec![line("name", "What is it called?", ""), lines("why", "Why is it kept?", 2)]);
    let mut deeds = ready(vec![keep], KEPT, who, sent);
    if let Some((id, cohort)) = kept.filter(|(_, cohort)| cohort.is_theirs(&who.subject)) {
        let heading = format!("Keep it as the next version of \u{201c}{}\u{201d}", cohort.name());
        let revise = Deed { hidden, ..revising(&heading) };
        deeds.deeds.extend(ready(vec![revise], &format!("{KEPT}/{id}"), who, sent).deeds);
    }
    deeds
}

fn revising(heading: &str) -> Deed {
    let lead = "Lists that were begun from an earlier version go on with theirs.";
    Deed::new("revise", heading, lead, "Keep the version").asking(vec![lines(
        "reason",
        "Why does it ask otherwise?",
        2,
    )])
}

fn words(asked: &Asked, choices: &[Choice]) -> String {
    let words = in_words(&asked.question(), choices);
    let words: Vec<String> = words.into_iter().map(|(how, what)| format!("{how}: {what}.")).collect();
    words.join(" ")
}

pub(crate) async fn list(Shared(state): Shared<State>, who: Who, asked: Sought) -> Result<Response, Trouble> {
    let leave = leave(&state, &who).await?;
    let as_of = today(&who)?;
    let kept = state.read(rows::all).await?;
    let made = state.population(move |held| {
        let choices = held.plan.choices();
        on_ground(held, leave, as_of, |ground| {
            kept.iter().map(|one| row(one, &held.plan, &choices, ground)).collect::<Vec<Row>>()
        })
    });
    let shell = shell(&who, leave, "Kept cohorts");
    let Some(rows) = made.await? else {
        return Ok(Html(Absent { shell, why: BEING_BUILT.to_owned() }.to_string()).into_response());
    };
    let came = came(&asked, &[("withdraw", "The cohort is withdrawn. Lists that were begun from it go on.")]);
    let view = List { shell, counts: leave == Leave::Counts, came, as_of: said_day(&who), rows };
    Ok(Html(view.to_string()).into_response())
}

fn on(at: Timestamp) -> String {
    uk_date(london_date(at))
}

fn row(kept: &Line, plan: &Plan, choices: &[Choice], ground: Option<&Ground<'_>>) -> Row {
    let has_changed = !kept.asked.drifted(plan).is_empty();
    Row {
        href: format!("{KEPT}/{}", kept.id),
        name: kept.name.clone(),
        why: kept.why.clone(),
        asked: words(&kept.asked, choices),
        kept: format!("{}, {}", kept.who, on(kept.at)),
        version: if kept.version > 1 {
            format!("Version {}, {}", kept.version, on(kept.changed))
        } else {
            String::new()
        },
        count: ground.map_or_else(String::new, |ground| {
            ground
                .answer(&kept.asked.question())
                .map_or_else(|_| "Cannot be counted".to_owned(), |told| said(told.count))
        }),
        warning: if has_changed { "Its rules have changed since it was kept.".to_owned() } else { String::new() },
    }
}

const SAID: [(&str, &str); 3] = [
    ("keep", "The cohort is kept."),
    ("revise", "The version is kept. The one before stays in its history."),
    ("rename", "It has its new name."),
];

pub(crate) async fn page(
    Shared(state): Shared<State>,
    who: Who,
    Id(id): Id,
    asked: Sought,
) -> Result<Response, Trouble> {
    let leave = leave(&state, &who).await?;
    shown(&state, &who, leave, id, None, came(&asked, &SAID)).await
}

/// A cohort by its id, withdrawn or not.
async fn told(state: &State, id: Uuid) -> Result<(Cohort, Asked, Vec<(Timestamp, Event)>), Trouble> {
    let (cohort, events) = state.read(move |tx| rows::told(tx, id)).await?.ok_or(Trouble::NotFound)?;
    let asked = cohort.asked().cloned().ok_or(Trouble::NotFound)?;
    Ok((cohort, asked, events))
}

async fn shown(
    state: &State,
    who: &Who,
    leave: Leave,
    id: Uuid,
    sent: Option<&Fields>,
    came: Came,
) -> Result<Response, Trouble> {
    let (cohort, asked, events) = told(state, id).await?;
    let (as_of, now) = (today(who)?, asked.clone());
    let happened = events.clone();
    let made = state.population(move |held| {
        let choices = held.plan.choices();
        let count = on_ground(held, leave, as_of, |ground| {
            ground.map(|ground| {
                let cannot = |why: population::explore::Unanswered| format!("{}.", capital(&why.to_string()));
                ground.answer(&now.question()).map_or_else(cannot, |told| sentence(&told))
            })
        });
        let history = history(&happened, &choices);
        (in_words(&now.question(), &choices), count, drifted(&now, &held.plan), history)
    });
    let shell = shell(who, leave, "A kept cohort");
    let Some((words, count, drifted, history)) = made.await? else {
        return Ok(Html(Absent { shell, why: BEING_BUILT.to_owned() }.to_string()).into_response());
    };
    let pair = |key: &str, value: String| (key.to_owned(), value);
    let mut facts = vec![pair("Why it is kept", cohort.why().to_owned())];
    facts.extend(words);
    facts.extend(count.map(|count| pair("People now", count)));
    facts.push(pair("Version", cohort.version().to_string()));
    let withdrawn = events.iter().rev().find_map(|(at, event)| match event {
        Event::CohortWithdrawn { by, reason } => Some(format!("Withdrawn by {}, {}: {reason}", by.name, on(*at))),
        _ => None,
    });
    let address = format!("{KEPT}/{id}");
    let begins = cohort.is_open() && asked.seeks() && cases::begins(who);
    let view = View {
        came,
        name: cohort.name().to_owned(),
        facts,
        withdrawn,
        explorer: cohort.is_open().then(|| format!("/population?{COHORT}={id}")),
        begins: begins.then(|| format!("/finding?{COHORT}={id}")),
        history,
        deeds: ready(deeds(&cohort, &asked, !drifted.is_empty(), who), &address, who, sent),
        drifted,
        shell,
    };
    Ok(Html(view.to_string()).into_response())
}

fn history(events: &[(Timestamp, Event)], choices: &[Choice]) -> Vec<[String; 3]> {
    let mut version = 0;
    let mut one = |(at, event): &(Timestamp, Event)| {
        let what = match event {
            Event::CohortKept { name, asked, .. } => {
                version = 1;
                format!("Version 1, called \u{201c}{name}\u{201d}. {}", words(asked, choices))
            }
            Event::CohortRenamed { name, .. } => format!("Called \u{201c}{name}\u{201d} from now on"),
            Event::CohortRevised { asked, reason, .. } => {
                version += 1;
                format!("Version {version}, because: {reason}. {}", words(asked, choices))
            }
            Event::CohortWithdrawn { reason, .. } => format!("Withdrawn: {reason}"),
        };
        [on(*at), event.by().name.clone(), what]
    };
    let mut rows: Vec<[String; 3]> = events.iter().map(&mut one).collect();
    rows.reverse();
    rows
}

fn deeds(cohort: &Cohort, asked: &Asked, has_drifted: bool, who: &Who) -> Vec<Deed> {
    if !cohort.is_open() || !cohort.is_theirs(&who.subject) || !may_keep(&who.subject) {
        return Vec::new();
    }
    let rename = "Everybody finds it under its new name; its history has both.";
    let withdraw = "It is not offered any more. Its history stays, and lists that were begun from it go on.";
    let mut deeds = vec![Deed::new("rename", "Call it otherwise", rename, "Rename it").asking(vec![line(
        "name",
        "What is it called?",
        cohort.name(),
    )])];
    if has_drifted {
        let hidden = vec![(QUESTION.to_owned(), text(&asked.question()))];
        deeds.push(Deed { hidden, ..revising("Keep it again, by the rules as they are now") });
    }
    // A page has each field once: this one is called otherwise.
    let why = vec![lines("because", "Why is it withdrawn?", 2)];
    deeds.push(Deed::new("withdraw", "Withdraw it", withdraw, "Withdraw it").asking(why));
    deeds
}

/// A question that was sent to be kept, with the rules as they are now; or why it cannot be.
async fn question(state: &State, sent: &Fields) -> Result<Result<Asked, String>, Trouble> {
    let came = read(&asked(sent.get(QUESTION)));
    if let Some(wrong) = came.wrong {
        return Ok(Err(wrong));
    }
    let made = state.population(move |held| Asked::of(&came.question, &held.plan)).await?;
    Ok(match made {
        None => Err(BEING_BUILT.to_owned()),
        Some(made) => made.map_err(|why| format!("{}.", capital(&why.to_string()))),
    })
}

pub(crate) async fn keep(Shared(state): Shared<State>, Sent { who, fields }: Sent) -> Result<Response, Trouble> {
    let leave = leave(&state, &who).await?;
    let owned = |name: &str| fields.get(name).to_owned();
    let outcome = match question(&state, &fields).await? {
        Err(why) => Err(why),
        Ok(asked) => {
            let id = new_id(&state, &who).await?;
            let command = Command::Keep { by: who.subject.clone(), name: owned("name"), why: owned("why"), asked };
            written::<Cohort>(&state, &who, id, command).await?.map(|()| id)
        }
    };
    match outcome {
        Ok(id) => Ok(Redirect::to(&format!("{KEPT}/{id}?done=keep")).into_response()),
        Err(why) => super::shown(&state, &who, leave, asked(fields.get(QUESTION)), Some((&fields, why))).await,
    }
}

pub(crate) async fn press(
    Shared(state): Shared<State>,
    Id(id): Id,
    Sent { who, fields }: Sent,
) -> Result<Response, Trouble> {
    let leave = leave(&state, &who).await?;
    let (cohort, ..) = told(&state, id).await?;
    let (by, owned) = (who.subject.clone(), |name: &str| fields.get(name).to_owned());
    let command = match fields.get("do") {
        "rename" => Ok(Command::Rename { by, name: owned("name") }),
        "withdraw" => Ok(Command::Withdraw { by, reason: owned("because") }),
        "revise" => {
            let made = question(&state, &fields).await?;
            made.map(|asked| Command::Revise { by, asked, reason: owned("reason") })
        }
        _ => Err("The form does not say what is to be done.".to_owned()),
    };
    let outcome = match command {
        Err(why) => Err(why),
        Ok(command) => written::<Cohort>(&state, &who, id, command).await?,
    };
    match (outcome, fields.get("do")) {
        (Ok(()), "withdraw") => Ok(Redirect::to(&format!("{KEPT}?done=withdraw")).into_response()),
        (Ok(()), done) => Ok(Redirect::to(&format!("{KEPT}/{id}?done={done}")).into_response()),
        (Err(why), "revise") if cohort.is_open() => {
            let mut again = asked(fields.get(QUESTION));
            again.0.push((COHORT.to_owned(), id.to_string()));
            super::shown(&state, &who, leave, again, Some((&fields, why))).await
        }
        (Err(why), _) => shown(&state, &who, leave, id, Some(&fields), Came { done: None, refused: Some(why) }).await,
    }
}
