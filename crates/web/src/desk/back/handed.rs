//! The neighbourhood team's desk of people of whom it is told: what it may open, whom it was told of, and what it decided. Opening is
//! the only moment at which pseudonyms become people, and each of them has it on their page of who looked. Must not find anybody
//! itself: `record` does, and the gate says of whom the reader may be told.

use access::back::Stage;
use access::views::back::{self as rows, Request, Told};
use access::{Action, BackPermit};
use axum::extract::{Query, State as Shared};
use axum::response::{Html, IntoResponse, Redirect, Response};
use record::identity::Identity;
use record::pseudonym::back::given;
use record::summary::root;
use uuid::Uuid;

use super::{about, day, facts, line};
use crate::app::{State, Trouble};
use crate::desk::deed::{came, lines, ready};
use crate::desk::person::{born, capital, full_name, href};
use crate::desk::{Page, finding};
use crate::layout::Section;
use crate::pages::ask::decision::{Field, Kind, Offered};
use crate::pages::back::{Desk, Handed, Person};
use crate::pages::deed::{Came, Deed};
use crate::session::{Fields, Id, Sent, Who};

const SAID: [(&str, &str); 3] = [
    ("open", "Your team is told. Each of them can read that on their own page."),
    ("take-on", "Taken on: the person is on your team\u{2019}s caseload for twelve weeks."),
    ("leave", "It is written down that they are not taken on, and why."),
];

/// Leave for whoever is of a neighbourhood's team; whoever's desk has no such lists, nothing is there for.
async fn let_in(state: &State, who: &Who) -> Result<BackPermit, Trouble> {
    let permit = state.parts().gate.back(&who.asking(), Action::GoBack).await?;
    if finding::begins(who) { Ok(permit) } else { Err(Trouble::NotFound) }
}

pub(crate) async fn home(Shared(state): Shared<State>, who: Who) -> Page {
    let permit = let_in(&state, &who).await?;
    let hoods: Vec<String> = state.parts().place.neighbourhoods().iter().map(|one| one.id.to_string()).collect();
    let at = who.at;
    let requests = state
        .read(move |tx| {
            let mut all = Vec::new();
            for hood in hoods.iter().filter(|hood| permit.by().is_of(&access::back::team(hood))) {
                all.extend(rows::of_team(tx, &permit, hood, at)?);
            }
            Ok::<_, store::Error>(all)
        })
        .await?;
    let row = |request: &Request| {
        let about = format!("{}, {}", request.name, request.organisation);
        line(request, &who, format!("/handed/{}", request.id), about)
    };
    let shell = who.shell("People your team is told of", Section::Finding);
    Ok(Html(Desk { shell, lines: requests.iter().map(row).collect() }.to_string()))
}

/// Somebody of whom the team was told, as they are now.
struct Opened {
    told: Told,
    identity: Identity,
}

/// A request that is open to the reader's team, or was opened by it and still stands.
async fn of_theirs(state: &State, who: &Who, id: Uuid) -> Result<(Request, Vec<Told>), Trouble> {
    let permit = let_in(state, who).await?;
    let found =
        state.read(move |tx| Ok::<_, store::Error>((rows::one(tx, &permit, id)?, rows::told(tx, &permit, id)?)));
    let (request, told) = found.await?;
    let request = request.filter(|request| matches!(request.stage(who.at), Stage::Allowed | Stage::Handed));
    Ok((request.ok_or(Trouble::NotFound)?, told))
}

async fn opened(state: &State, who: &Who, told: Vec<Told>) -> Result<Vec<Opened>, Trouble> {
    if told.is_empty() {
        return Ok(Vec::new());
    }
    let standing = state.read(move |tx| {
        let now = |one: &Told| Ok::<_, store::Error>((root(tx, one.person)?.unwrap_or(one.person), one.clone()));
        told.iter().map(now).collect::<store::Result<Vec<(Uuid, Told)>>>()
    });
    let standing = standing.await?;
    let people: Vec<Uuid> = standing.iter().map(|(person, _)| *person).collect();
    // Whoever is no patient of the team's any more is not on the list: the gate leaves them out.
    let permit = state.parts().gate.worklist(&who.asking(), people.clone()).await?;
    let mut named = state.read(move |tx| record::worklist::named(tx, &permit, &people)).await?;
    let mut opened: Vec<Opened> = standing
        .into_iter()
        .filter_map(|(person, told)| named.remove(&person).map(|identity| Opened { told, identity }))
        .collect();
    opened.sort_by_key(|one| (one.identity.family.to_lowercase(), one.identity.given.to_lowercase()));
    Ok(opened)
}

async fn shown(state: &State, who: &Who, id: Uuid, sent: Option<&Fields>) -> Result<Handed, Trouble> {
    let (request, told) = of_theirs(state, who, id).await?;
    let is_open = request.stage(who.at) == Stage::Handed;
    let people = opened(state, who, told).await?;
    let mut facts = facts(state, &request, who);
    if is_open {
        let by = format!("{}; they stand here until {}", request.receiver, day(request.until));
        facts.push(("Opened by".to_owned(), by));
    }
    let left = format!(
        "{} of the people asked about could not be given. Nobody is told of people who have refused the use for planning, object to \
         sharing, have died, have an address that is withheld or are registered elsewhere. Which of these it was is not said.",
        capital(&about(request.not_told))
    );
    Ok(Handed {
        came: Came::default(),
        facts,
        is_open,
        people: people.iter().map(|one| person(one, who)).collect(),
        left,
        deeds: ready(deeds(is_open, &people, who), &format!("/handed/{id}"), who, sent),
        shell: who.shell("People your team is told of", Section::Finding),
    })
}

fn person(one: &Opened, who: &Who) -> Person {
    let decided = match &one.told.decided {
        None => "Nothing yet".to_owned(),
        Some((at, by, true, _)) => format!("Taken on by {by} on {}", day(*at)),
        Some((at, by, false, words)) => format!("Not taken on, {by}, {}: {words}", day(*at)),
    };
    Person {
        href: href(one.identity.person),
        name: full_name(&one.identity),
        born: born(&one.identity, who.at),
        decided,
    }
}

fn deeds(is_open: bool, people: &[Opened], who: &Who) -> Vec<Deed> {
    if !is_open {
        let lead = "Each of them can read on their own page that your team was told, what it is to offer, who asked and who \
                    allowed it. Open it only if you can offer that.";
        return vec![Deed::new("open", "Be told who they are", lead, "Open it")];
    }
    let of = |name: &str| {
        let one = |one: &Opened| Offered {
            value: one.told.person.to_string(),
            text: format!("{}, {}", full_name(&one.identity), born(&one.identity, who.at)),
            hint: None,
        };
        let left = people.iter().filter(|one| !one.told.decided.as_ref().is_some_and(|(_, _, taken_on, _)| *taken_on));
        let none = Offered { value: String::new(), text: "Choose who".to_owned(), hint: None };
        Field::new(name, "Who?", Kind::Select(std::iter::once(none).chain(left.map(one)).collect()))
    };
    if people.is_empty() {
        return Vec::new();
    }
    let take_on = "They come onto your team\u{2019}s caseload for twelve weeks, and can read that you look at their record because \
                   of it. Ask them first.";
    vec![
        Deed::new("take-on", "Take somebody on", take_on, "Take them on").asking(vec![of("whom")]),
        Deed::new("leave", "Do not take somebody on", "The reason stands here, for your team.", "Write it down")
            .asking(vec![of("person"), lines("reason", "Why not?", 2)]),
    ]
}

pub(crate) async fn page(
    Shared(state): Shared<State>,
    who: Who,
    Id(id): Id,
    fields: Query<Vec<(String, String)>>,
) -> Page {
    let mut view = shown(&state, &who, id, None).await?;
    view.came = came(&fields, &SAID);
    Ok(Html(view.to_string()))
}

/// Finds out whose the pseudonyms are, and tells the team.
async fn open(state: &State, who: &Who, id: Uuid) -> Result<Result<(), String>, Trouble> {
    let permit = let_in(state, who).await?;
    let (place, key, at) = (state.parts().place.clone(), state.parts().pseudonyms.clone(), who.at);
    let found = state
        .read(move |tx| match rows::to_open(tx, &permit, id, at)? {
            Some((pseudonyms, hood)) => given(tx, &permit, (&key, &place), &pseudonyms, &hood).map(Some),
            None => Ok(None),
        })
        .await?;
    let Some(found) = found else { return Err(Trouble::NotFound) };
    super::came(state.parts().gate.hand_over(&who.asking(), id, found).await)
}

async fn decide(
    state: &State,
    who: &Who,
    id: Uuid,
    (person, reason): (&str, Option<String>),
) -> Result<Result<(), String>, Trouble> {
    of_theirs(state, who, id).await?;
    let Ok(told) = person.parse::<Uuid>() else { return Ok(Err("Choose whom it is about.".to_owned())) };
    let person = state.read(move |tx| root(tx, told)).await?.unwrap_or(told);
    super::came(state.parts().gate.decide_back(&who.asking(), id, (told, person), reason).await)
}

pub(crate) async fn press(
    Shared(state): Shared<State>,
    Id(id): Id,
    Sent { who, fields }: Sent,
) -> Result<Response, Trouble> {
    let outcome = match fields.get("do") {
        "open" => open(&state, &who, id).await?,
        "take-on" => decide(&state, &who, id, (fields.get("whom"), None)).await?,
        "leave" => decide(&state, &who, id, (fields.get("person"), Some(fields.get("reason").to_owned()))).await?,
        _ => Err("The form does not say what is to be done.".to_owned()),
    };
    match outcome {
        Ok(()) => Ok(Redirect::to(&format!("/handed/{id}?done={}", fields.get("do"))).into_response()),
        Err(why) => {
            let mut view = shown(&state, &who, id, Some(&fields)).await?;
            view.came = Came { done: None, refused: Some(why) };
            Ok(Html(view.to_string()).into_response())
        }
    }
}
