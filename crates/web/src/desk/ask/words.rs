//! Asks in words: how one stands, who has it, what comes next, and each thing that happened. Every sentence about an ask that more
//! than one page says stands here.

use access::Subject;
use care::Team;
use care::ask::{Consent, Request, State};
use care::views::ask::Shown;
use care::views::episode::OfAsk;
use care::views::slot;
use care::views::step::Step;
use care::worklist::List;
use jiff::Timestamp;
use place::Place;
use uuid::Uuid;

use super::{Opened, team};
use crate::components::{Colour, Tag};
use crate::desk::person::capital;
use crate::pages::ask::{Step as Told, Way};
use crate::words::{ago, london_date, uk_datetime, uk_time};

/// The lists of a desk in their order, each with its title and what would stand there.
pub(in crate::desk) const LISTS: [(List, &str, &str); 9] = [
    (
        List::Offered,
        "Offered to us",
        "Nothing is offered to you. When another team hands you an ask, it stands here until you take it or give it back.",
    ),
    (List::Questions, "Questions to us", "Nobody has asked you anything about an ask of yours."),
    (List::Late, "Late", "Nothing of yours is late."),
    (List::Mine, "Mine", "You have picked nothing up. What you take stands here until it is closed."),
    (List::Team, "My team’s", "Your team has no open ask."),
    (List::Unanswered, "Offered by us, not answered", "You have offered nothing that waits for an answer."),
    (
        List::Neighbour,
        "Asked of a neighbour borough",
        "No neighbour borough owes you an answer. What your team asks of one stands here until they have said yes or no.",
    ),
    (
        List::Waiting,
        "Waiting for an answer",
        "You wait for no answer. What your team asks of others stands here until they have told you what came of it.",
    ),
    (List::Sent, "Sent by me", "You have sent no ask."),
];

/// The lists that go with the asks: what a service has taken on, and what can be offered.
pub(super) const ALSO: [(&str, &str); 3] =
    [("Stays", "/stays"), ("Same-day places", "/slots"), ("Services and free places", "/services")];

/// Other ways to decide, beneath the services: words, and the deed's word in addresses.
pub(in crate::desk) const OTHER_WAYS: [(&str, &str); 5] = [
    ("Advice is enough", "advise"),
    ("Somebody else is right for it", "redirect"),
    ("Not this, but something else", "decline"),
    ("Ask whoever asked", "more"),
    ("Hand it on to another team", "hand-on"),
];

/// The title of a list and what would stand there.
pub(in crate::desk) fn list(list: List) -> (&'static str, &'static str) {
    LISTS.into_iter().find(|(one, ..)| *one == list).map_or(("Asks", "Nothing."), |(_, title, empty)| (title, empty))
}

/// A number to say on the telephone: the end of the id, which is random.
pub(in crate::desk) fn number(id: Uuid) -> String {
    let hex = id.simple().to_string().to_uppercase();
    let end = hex.get(24..).unwrap_or_default();
    format!("{} {}", end.get(..4).unwrap_or_default(), end.get(4..).unwrap_or_default())
}

/// How it stands, for the eye.
pub(in crate::desk) fn tag(line: &Shown) -> Tag {
    if line.offered.is_some() {
        return Tag::new("Offered").coloured(Colour::Yellow);
    }
    let (words, colour) = match line.place.state {
        State::New | State::Draft => ("Draft", Colour::Grey),
        State::Submitted => ("Sent", Colour::Yellow),
        State::Received => ("Picked up", Colour::Blue),
        State::Triaging => ("Being decided", Colour::Blue),
        State::MoreInfoAsked => ("Question asked", Colour::Orange),
        State::Decided => ("Decided", Colour::Blue),
        State::Scheduled => ("Arranged", Colour::Blue),
        State::Attended => ("Seen", Colour::Blue),
        State::InTreatment => ("In care", Colour::Blue),
        State::OutcomeRecorded => ("To be answered", Colour::Orange),
        State::Closed => ("Closed", Colour::Green),
        State::Withdrawn => ("Taken back", Colour::Grey),
        State::CannotContact => ("Not reached", Colour::Red),
        State::Died => ("Died", Colour::Grey),
    };
    Tag::new(words).coloured(colour)
}

/// Who has it now.
pub(in crate::desk) fn owner(place: &Place, line: &Shown) -> String {
    let name = team::name(place, &line.place.owner);
    if line.place.closed.is_some() { format!("{name} had it last.") } else { format!("{name} has it now.") }
}

/// What comes next.
pub(in crate::desk) fn next(place: &Place, line: &Shown, now: Timestamp) -> String {
    if let Some((to, since)) = &line.offered {
        let to = team::name(place, to);
        return format!("{to} was asked to take it {}, and has not answered yet.", when(*since, now));
    }
    let told = line.place.answered.is_some();
    match line.place.state {
        State::New | State::Draft => "It has not been sent.".to_owned(),
        State::Submitted => "Next, somebody there picks it up.".to_owned(),
        State::Received => "Next, a clinician decides.".to_owned(),
        State::Triaging => "A clinician is deciding.".to_owned(),
        State::MoreInfoAsked => "Next, whoever asked answers a question.".to_owned(),
        State::Decided => match line.decision.as_deref() {
            Some("accepted") => "Next, there is a time, or somebody comes.".to_owned(),
            _ => "Next, whoever asked is told, and what came of it is written down.".to_owned(),
        },
        State::Scheduled => line
            .place
            .scheduled
            .map_or_else(|| "There is a time.".to_owned(), |at| format!("Somebody sees the person {}.", when(at, now))),
        State::Attended | State::InTreatment => "Next, what came of it is written down.".to_owned(),
        State::OutcomeRecorded if told => "Next, it is closed.".to_owned(),
        State::OutcomeRecorded => "Next, whoever asked is told.".to_owned(),
        State::Closed => {
            line.ending.map_or_else(|| "It is closed.".to_owned(), |ending| format!("It is closed: {}.", ending.said()))
        }
        State::Withdrawn | State::CannotContact | State::Died => {
            "It stays open until there is an outcome and whoever asked is told.".to_owned()
        }
    }
}

/// Somebody by name, with the name of their team; a view keeps its word.
pub(super) fn somebody_of(place: &Place, kept: &str) -> String {
    let Some((named, word)) = kept.rsplit_once(", ") else { return kept.to_owned() };
    match Team::try_from(word.to_owned()) {
        Ok(team) => format!("{named} of {}", team::name(place, &team)),
        Err(_) => kept.to_owned(),
    }
}

/// An offer, or what a neighbour was asked, that nobody has answered for too long.
pub(in crate::desk) fn alarm(place: &Place, line: &Shown, now: Timestamp) -> Option<String> {
    if let Some((asked, _)) = line.neighbour.as_ref().filter(|(_, by)| *by <= now) {
        return Some(format!(
            "{} has not answered in time. Ring them, or write down who here takes it further.",
            somebody_of(place, asked)
        ));
    }
    let (to, since) = line.offered.as_ref().filter(|_| line.is_alarm(now))?;
    let to = team::name(place, to);
    Some(format!("{to} has not answered since {}. Ring them, or take the offer back.", uk_time(*since)))
}

/// What whoever asked said.
pub(in crate::desk) fn said(request: &Request) -> Vec<(String, String)> {
    let mut rows = vec![
        ("What happened", request.happened.to_string()),
        ("What worries them", request.worries.to_string()),
        ("Without help", capital(request.otherwise.said())),
    ];
    let visit = &request.visit;
    if let Some(since) = visit.on_floor_since {
        rows.push(("On the floor since", uk_datetime(since)));
    }
    let alone = visit.alone.map(|alone| if alone { "Yes" } else { "No" }.to_owned());
    let more = [
        ("Alone", alone),
        ("Where", visit.place.as_ref().map(ToString::to_string)),
        ("How to get in", visit.door.as_ref().map(ToString::to_string)),
        ("Dangers", visit.hazards.as_ref().map(ToString::to_string)),
    ];
    rows.extend(more.into_iter().filter_map(|(key, value)| value.map(|value| (key, value))));
    rows.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// What is known of the ask itself.
pub(in crate::desk) fn facts(place: &Place, request: &Request, line: &Shown) -> Vec<(String, String)> {
    let asker = &request.asked_by;
    let consent = match &request.consent {
        Consent::Agrees {} => "They know and agree".to_owned(),
        Consent::BestInterests { because } => format!("They cannot decide this now: {because}"),
        Consent::NotAsked { because } => format!("Not asked: {because}"),
    };
    let mut rows = vec![
        ("Asked by", format!("{}, {}", asker.name, asker.relation)),
        ("Answer goes to", asker.call_back.to_string()),
        ("Sent", uk_datetime(line.place.submitted)),
        ("How soon", capital(line.urgency.said())),
        ("Consent", consent),
    ];
    let optional = [
        ("Asked in the name of", asker.team.as_ref().map(|one| team::name(place, one))),
        ("Level of need", line.level.map(|level| capital(level.said()))),
        ("Instead", line.alternative.clone()),
        ("Who sees to that", line.answerable.as_deref().map(|kept| somebody_of(place, kept))),
        ("Goes on with", line.redirected.clone()),
        ("What came of it", line.ending.map(|ending| capital(ending.said()))),
    ];
    rows.extend(optional.into_iter().filter_map(|(key, value)| value.map(|value| (key, value))));
    rows.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// One thing that happened.
pub(in crate::desk) fn step(step: &Step, now: Timestamp) -> Told {
    Told { when: when(step.at, now), what: capital(&step.words), who: who(step), words: None, seen: Vec::new() }
}

/// Who did it: by name where that is known, in which role, of which organisation.
pub(in crate::desk) fn who(step: &Step) -> String {
    let role = step.role.map_or("somebody", |role| crate::personas::role_words(role));
    let parts = [step.who.as_str(), role, step.organisation.as_str()];
    capital(&parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "))
}

/// What was done just now, for the top of the page.
pub(in crate::desk) fn done(word: &str, opened: &Opened) -> Option<String> {
    match word {
        "sent" => Some(format!(
            "Sent. Say this number if you ring: {}. You see here who has it, and the answer comes to {}.",
            number(opened.id),
            opened.ask.request().map(|request| request.asked_by.call_back.to_string()).unwrap_or_default()
        )),
        "yes" => Some("Written down.".to_owned()),
        "booked" => Some(
            "The place is booked, and the clinic is asked to take this over. Tell the person when and where."
                .to_owned(),
        ),
        _ => None,
    }
}

/// What an ask began or has booked, each where it leads.
pub(super) fn hangs(place: &Place, stays: Vec<OfAsk>, slot: Option<slot::OfAsk>, now: Timestamp) -> Vec<Way> {
    let stay = |stay: OfAsk| {
        let name = place.service(&stay.service).map_or(stay.service.clone(), |service| service.name.clone());
        Way { text: format!("The stay: {name}"), href: format!("/stays/{}", stay.id) }
    };
    let slot = slot.map(|slot| Way {
        text: format!("The same-day place {}, {}", when(slot.starts, now), slot.place),
        href: format!("/slots/{}", slot.id),
    });
    slot.into_iter().chain(stays.into_iter().map(stay)).collect()
}

/// The teams somebody acts for.
pub(in crate::desk) fn teams(place: &Place, by: &Subject) -> String {
    let names: Vec<String> = by
        .teams
        .iter()
        .filter_map(|word| care::Team::try_from(word.clone()).ok())
        .map(|one| team::name(place, &one))
        .collect();
    if names.is_empty() { "No team".to_owned() } else { names.join(", ") }
}

/// `today at 09:56`, else the whole day.
pub(in crate::desk) fn when(at: Timestamp, now: Timestamp) -> String {
    if london_date(at) == london_date(now) {
        format!("today at {}", uk_time(at))
    } else {
        format!("on {}", uk_datetime(at))
    }
}

/// How long it has been so, for lists.
pub(in crate::desk) fn since(at: Timestamp, now: Timestamp) -> String {
    ago(at, now)
}
