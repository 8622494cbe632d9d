//! One list: everybody on it whom the reader may see, each with a reason in a sentence, where they stand, and what came after. Opening it
//! is a look at everybody it shows. Must not find anybody itself, nor decide who may see whom.

use access::{Class, Level, Tie, WorklistPermit};
use axum::extract::State as Shared;
use axum::response::{Html, IntoResponse, Redirect, Response};
use finding::cascade::Registered;
use finding::effect::{self, CAVEAT, Effect, Group};
use finding::elsewhere::{self, Elsewhere, Side};
use finding::list::{CaseList, Command, Definition};
use finding::run::NotRun;
use finding::views::list::{self as rows, Line, Listed, State as Stands};
use jiff::civil::Date;
use place::rounding::Rounded;
use population::cohort::Slice;
use population::rule::RuleSet;
use record::identity::Identity;
use record::views::fact::Line as Entry;
use uuid::Uuid;

use super::reason::{decided, reasons, sentence};
use super::{Asked, Theirs, of_theirs, rules, written};
use crate::app::{State, Trouble};
use crate::desk::Page;
use crate::desk::deed::{came, lines, ready};
use crate::desk::feeds::thousands;
use crate::desk::person::{born, capital, full_name};
use crate::desk::population::cascade;
use crate::desk::population::view::{said, share};
use crate::desk::score::day;
use crate::layout::Section;
use crate::pages::cascade::Cascade;
use crate::pages::deed::{Came, Deed};
use crate::pages::finding::{Beside, List, Person, being_built};
use crate::session::{Fields, Id, Sent, Who};
use crate::words::{london_date, uk_date};

const SAID: [(&str, &str); 4] = [
    ("look", "The list has looked at everybody of the neighbourhood."),
    ("accept", "Taken on: the person is on your team\u{2019}s caseload for half a year."),
    ("decline", "It is written down that they are not taken on, and why."),
    ("later", "It is put off."),
];

pub(crate) async fn page(Shared(state): Shared<State>, who: Who, Id(id): Id, fields: Asked) -> Page {
    let compares = fields.0.iter().any(|(name, value)| name == "compare" && value == "yes");
    let mut view = shown(&state, &who, id, compares, None).await?;
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

/// What only the list's own team is shown of it: counts, in which nobody is left out.
struct Counted {
    set: Option<RuleSet>,
    missing: Vec<String>,
    effect: Effect,
    cascade: Option<Cascade>,
    beside: Option<Beside>,
}

async fn shown(state: &State, who: &Who, id: Uuid, compares: bool, sent: Option<&Fields>) -> Result<List, Trouble> {
    let theirs = of_theirs(state, who, id).await?;
    let of = theirs.line.clone();
    let all = state.read(move |tx| rows::entries(tx, &of)).await?;
    let listed: Vec<Listed> = all.into_iter().filter(Listed::stands).collect();
    let people: Vec<Uuid> = listed.iter().map(|one| one.person).collect();
    let permit = state.parts().gate.worklist(&who.asking(), people).await?;
    let opened = state.read(move |tx| opened(tx, &permit, &listed)).await?;
    let counted = counted(state, who, &theirs, &opened, compares).await?;
    let Theirs { line: list, definition, own, .. } = theirs;
    let today = london_date(who.at);
    let row = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    let rule = format!("{}@{}", definition.instrument, definition.version);
    let limit = definition.least.as_ref().map_or_else(String::new, |least| format!(", from {least} points on"));
    let Counted { set, missing, effect, cascade, beside } = counted;
    let title = set.as_ref().map_or("a rule that is not here any more", |set| set.title.as_str());
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
    Ok(List {
        came: Came::default(),
        title: definition.title.clone(),
        own,
        facts: vec![
            row("Rule", &format!("{title} ({rule}{limit})")),
            row("Why", &definition.reason),
            row("What is offered", &definition.offer),
            row("What should change", &definition.effect),
            row("Last looked", &looked),
        ],
        warning: warning(set.as_ref(), &missing, &definition),
        not_for: set.map(|set| set.not_for).unwrap_or_default(),
        notes: notes(&list, own),
        groups: groups
            .map(|(stands, heading, empty)| (heading.to_owned(), empty.to_owned(), group(stands)))
            .into_iter()
            .collect(),
        effect: effects(&effect),
        caveat: CAVEAT.to_owned(),
        beside,
        compare: format!("/finding/{id}?compare=yes#beside"),
        cascade,
        deeds: ready(if own { deeds() } else { Vec::new() }, &format!("/finding/{id}"), who, sent),
        shell: who.shell("A list", Section::Finding),
    })
}

/// What the population says of the list: its rule, and, for its own team, counts. Of whom the reader may not see nothing is counted in
/// what came after.
async fn counted(
    state: &State,
    who: &Who,
    theirs: &Theirs,
    opened: &[Opened],
    compares: bool,
) -> Result<Counted, Trouble> {
    let place = &state.parts().place;
    let hood = &theirs.definition.neighbourhood;
    let name = place.neighbourhood(hood).map(|one| one.name.clone()).unwrap_or_default();
    let others = if compares && theirs.own { others(state, &theirs.definition).await? } else { Vec::new() };
    let seen: Vec<Listed> = opened.iter().map(|one| one.listed.clone()).collect();
    let (definition, first, own) = (theirs.definition.clone(), theirs.list.first_run(), theirs.own);
    let (as_of, has_looked) = (day(who.at), theirs.line.run.is_some());
    let known = state.population(move |held| {
        let rule = &definition.instrument;
        let set = held.plan.sets().find(|set| set.id == *rule).cloned();
        let missing = if set.is_none() { rules::missing(&held.library, rule) } else { Vec::new() };
        if !own {
            return Ok(Counted { set, missing, effect: Effect::default(), cascade: None, beside: None });
        }
        let registered = Registered::of(held, Some(&name), as_of);
        let cascade = has_looked.then(|| cascade::shown(&registered.cascade(&seen), &[Slice::Neighbourhood]));
        let beside = if compares {
            let beside = elsewhere::of(held, &definition, first, (&name, &others), as_of);
            Some(
                beside
                    .map_or_else(|why| in_a_sentence(&capital(&why.to_string())), |beside| set_beside(&beside, &name)),
            )
        } else {
            None
        };
        Ok::<_, Trouble>(Counted { set, missing, effect: effect::of(held, &seen, as_of), cascade, beside })
    });
    let nothing = Counted { set: None, missing: Vec::new(), effect: Effect::default(), cascade: None, beside: None };
    known.await?.unwrap_or(Ok(nothing))
}

/// The names of the neighbourhoods in which no list by the same rule has ever been begun.
async fn others(state: &State, definition: &Definition) -> Result<Vec<String>, Trouble> {
    let rule = definition.instrument.clone();
    let with = state
        .read(move |tx| {
            let mut with = Vec::new();
            for list in rows::all(tx)? {
                let (list, _) = store::aggregate::load::<CaseList>(&store::log::stream(tx, list.id)?)?;
                with.extend(
                    list.definition().filter(|one| one.instrument == rule).map(|one| one.neighbourhood.clone()),
                );
            }
            Ok(with)
        })
        .await?;
    let hoods = state.parts().place.neighbourhoods().iter();
    let without = hoods.filter(|hood| !with.iter().any(|id| hood.id == *id.as_str()));
    Ok(without.map(|hood| hood.name.clone()).collect())
}

fn in_a_sentence(words: &str) -> Beside {
    Beside { rows: Vec::new(), words: format!("{}.", words.trim_end_matches('.')) }
}

/// What came after, here and where no such list looks.
fn set_beside(beside: &Elsewhere, name: &str) -> Beside {
    let (from, here, there) = match beside {
        Elsewhere::Never => return in_a_sentence("Nothing to compare: the list has not looked yet"),
        Elsewhere::TooSoon(day) => {
            let words =
                format!("Nothing to compare before {}: 90 days have to pass from the first look", uk_date(*day));
            return in_a_sentence(&words);
        }
        Elsewhere::Everywhere => {
            let words = "There is no comparison: a list by this rule has been begun in every other neighbourhood";
            return in_a_sentence(words);
        }
        Elsewhere::TooFew => {
            let words =
                "There is no comparison: here or elsewhere the rule finds fewer than eight people as of the first look";
            return in_a_sentence(words);
        }
        Elsewhere::Beside { from, here, there } => (from, here, there),
    };
    let told = |side: &Side, days: Rounded| match side.to_a_hundred(days) {
        Some(rate) => format!("{} ({} to 100 people)", said(days), share(Some(rate))),
        None => said(days),
    };
    let row = |who: String, side: &Side| [who, said(side.people), told(side, side.before), told(side, side.after)];
    Beside {
        rows: vec![
            row(format!("{name}, where the list looks"), here),
            row("Neighbourhoods where no such list looks".to_owned(), there),
        ],
        words: format!("From {}, the day on which the list first looked. {}", uk_date(*from), elsewhere::CAVEAT),
    }
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
        // A neighbourhood's list says where somebody lives: whose address has come to be withheld is on none from then on.
        if identity.address_withheld {
            continue;
        }
        let ids: Vec<Uuid> = one.because.iter().map(|because| because.record).collect();
        let done_here = sight.level_of(Class::Ask) == Level::Full;
        let on_caseload = sight.ties().has(Tie::Caseload, Class::Identity);
        let entries = record::worklist::behind(tx, permit, one.person, &ids)?;
        opened.push(Opened { listed: one.clone(), identity, entries, done_here, on_caseload });
    }
    Ok(opened)
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

/// What to know before relying on the list: its lists of codes are gone, or its rule is another than the one it was defined by.
fn warning(set: Option<&RuleSet>, missing: &[String], definition: &Definition) -> Option<String> {
    let words = match set {
        None if !missing.is_empty() => {
            format!("{}. Nobody can be looked for until they are.", rules::without(missing))
        }
        Some(set) if set.hash == definition.rules_hash => return None,
        _ => "The rule is not the one by which this list was defined. Look at it again before you rely on the list."
            .to_owned(),
    };
    Some(words)
}

fn notes(list: &Line, own: bool) -> Vec<String> {
    let mut notes = Vec::new();
    if own && list.more > 0 {
        notes.push(format!("{} more people would come next. Decide about these first.", thousands(list.more)));
    }
    if own && list.by_age_alone > 0 {
        notes.push(format!(
            "{} people fit the rule by nothing but their age or sex. Nobody is put on a list for that.",
            thousands(list.by_age_alone)
        ));
    }
    let always = [
        "People who object to sharing, and whatever is marked as sensitive or sealed, are not looked at by any list.",
        "People whose address is withheld are on no list of any neighbourhood, because a list would tell where they live. Their own \
            practice knows them and is the one to think of them: it asks for help for them by an ask, from their record.",
    ];
    notes.extend(always.map(str::to_owned));
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
    let definition = of_theirs(&state, &who, id).await?.definition;
    let by = who.subject.clone();
    let outcome = match fields.get("do") {
        "look" => {
            let place = &state.parts().place;
            let name = place.neighbourhood(&definition.neighbourhood).map(|one| one.name.clone()).unwrap_or_default();
            let as_of = day(who.at);
            match state.population(move |held| held.find(&definition, &name, as_of)).await? {
                None => return Ok(Html(being_built(who.shell("A list", Section::Finding))).into_response()),
                Some(Ok(run)) => written(&state, &who, id, Command::Run { by, run }).await?,
                Some(Err(NotRun::NotHeld(error))) => return Err(Trouble::Broken(error.to_string())),
                Some(Err(why)) => Err(format!("{}.", capital(&why.to_string()))),
            }
        }
        "close" => {
            let reason = fields.get("reason").to_owned();
            match written(&state, &who, id, Command::Close { by, reason }).await? {
                Ok(()) => return Ok(Redirect::to("/finding?done=close").into_response()),
                refused => refused,
            }
        }
        _ => Err("The form does not say what is to be done.".to_owned()),
    };
    match outcome {
        Ok(()) => Ok(Redirect::to(&format!("/finding/{id}?done=look")).into_response()),
        Err(why) => {
            let mut view = shown(&state, &who, id, false, Some(&fields)).await?;
            view.came = Came { done: None, refused: Some(why) };
            Ok(Html(view.to_string()).into_response())
        }
    }
}
