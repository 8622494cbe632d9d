//! Going back from pseudonyms to people, in three hands: who asks, who allows it, and the team that is told. What they have in
//! common: where a request stands, in words, and counts that are fit to be shown. Must not lead anybody anywhere itself.

pub(crate) mod answer;
pub(crate) mod asked;
pub(crate) mod handed;
pub(crate) mod lead;

use access::NotBack;
use access::back::{Refusal, Stage};
use access::views::back::Request;
use place::rounding::{FEW, Rounded};

use super::feeds::thousands;
use crate::app::{State, Trouble};
use crate::components::Colour;
use crate::pages::back::Line;
use crate::session::Who;
use crate::words::{london_date, uk_date};

/// Done; or why not, in words, where it is about what was typed or when; or no page at all.
fn came<T>(outcome: Result<T, NotBack>) -> Result<Result<T, String>, Trouble> {
    match outcome {
        Ok(done) => Ok(Ok(done)),
        Err(NotBack::Store(error)) => Err(error.into()),
        Err(NotBack::Denied(denied)) => Err(super::record::unseen(denied)),
        // What is not theirs is not there.
        Err(NotBack::Rules(Refusal::NotAsked | Refusal::NotTheirs | Refusal::NotTheirTeam)) => Err(Trouble::NotFound),
        Err(NotBack::Rules(refusal)) => Ok(Err(refusal.to_string())),
    }
}

/// A count as anybody may be told it. That there was nobody is not told either: whoever asks for one could tell what they chose.
fn about(count: i64) -> String {
    match Rounded::of(u64::try_from(count).unwrap_or_default()) {
        Rounded::Nought | Rounded::Few => format!("fewer than {}", FEW + 1),
        Rounded::About(about) => format!("about {}", thousands(i64::try_from(about).unwrap_or(i64::MAX))),
    }
}

/// How many pseudonyms a request has; that is its own words and nobody's count.
fn pseudonyms(count: i64) -> String {
    if count == 1 { "1 pseudonym".to_owned() } else { format!("{count} pseudonyms") }
}

/// The name of a neighbourhood.
fn hood(state: &State, id: &str) -> String {
    state.parts().place.neighbourhood(id).map_or_else(|| id.to_owned(), |one| one.name.clone())
}

fn day(at: jiff::Timestamp) -> String {
    uk_date(london_date(at))
}

/// Where a request stands: a word, its colour, and more.
fn stands(request: &Request, who: &Who) -> (&'static str, Colour, String) {
    let (until, officer) = (day(request.until), &request.officer);
    let answered = request.answered.map(day).unwrap_or_default();
    match request.stage(who.at) {
        Stage::Waiting => ("Waits", Colour::Yellow, format!("For an answer, until {until}.")),
        Stage::Lapsed => ("Lapsed", Colour::Grey, format!("Nobody answered until {until}.")),
        Stage::Allowed => {
            ("Allowed", Colour::Blue, format!("By {officer} on {answered}. The team can open it until {until}."))
        }
        Stage::Expired => (
            "Expired",
            Colour::Grey,
            format!("Allowed by {officer} on {answered}. The team did not open it until {until}, and nobody was told."),
        ),
        Stage::Refused => {
            ("Refused", Colour::Red, format!("By {officer} on {answered}: \u{201c}{}\u{201d}", request.words))
        }
        Stage::Withdrawn => ("Taken back", Colour::Grey, "By whoever asked. Nobody was told.".to_owned()),
        Stage::Handed | Stage::Closed => (
            "Team told",
            Colour::Green,
            format!("Of {} people, on {}.", about(request.told), request.handed.map(day).unwrap_or_default()),
        ),
    }
}

/// A request in a list.
fn line(request: &Request, who: &Who, href: String, about: String) -> Line {
    let (mark, colour, words) = stands(request, who);
    Line {
        href,
        asked: day(request.asked),
        about,
        offer: request.offer.clone(),
        mark: mark.to_owned(),
        colour: Some(colour),
        words,
    }
}

/// What a request is, for whoever answers it and for the team.
fn facts(state: &State, request: &Request, who: &Who) -> Vec<(String, String)> {
    let (mark, _, words) = stands(request, who);
    let mut facts = vec![
        ("Asked by", format!("{}, {}, on {}", request.name, request.organisation, day(request.asked))),
        ("To be told", format!("The neighbourhood team of {}", hood(state, &request.neighbourhood))),
        ("What for", "The people\u{2019}s own care, and nothing else".to_owned()),
        ("What they are offered", request.offer.clone()),
        ("Why these people", request.reason.clone()),
        ("Where it stands", format!("{mark}. {words}")),
    ];
    if !request.words.is_empty() {
        facts.push(("The officer\u{2019}s words", request.words.clone()));
    }
    facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
