//! The record: the summary of one person, read with a permit.

use std::collections::BTreeMap;

use access::views::seal::Against;
use access::{Action, Class, Denied, Level, Role};
use axum::extract::State as Shared;
use axum::response::{Html, IntoResponse, Redirect, Response};
use record::disagreement::Disagreement;
use record::fact::allergy::none_known;
use record::fact::{Fact, Kind};
use record::summary::{Record, record, root};
use record::views::fact::Line;
use uuid::Uuid;

use super::person::{FeedState, address, banner, feed_sentences, href, practice, short_name};
use super::ribbon::ribbon;
use crate::app::{State, Trouble};
use crate::components::{Colour, PersonBanner, Tag};
use crate::layout::{Section, Shell};
use crate::pages::entry::{Entry, status_tag};
use crate::pages::record as page_of;
use crate::pages::record::{AsAt, Group, Side, TodayLine, View, render};
use crate::session::{Id, Who};
use crate::words::{ago, fhir_date, london_date, uk_date};

/// How lines are sealed, by their resource.
pub(crate) type Marks = BTreeMap<Uuid, Against>;

/// What a page about a person begins with: the record that a permit allowed, and the shell with the banner.
pub(crate) struct Opened {
    pub(crate) record: Record,
    pub(crate) shell: Shell,
    pub(crate) tallies: std::sync::Arc<Vec<record::views::message::Tally>>,
    /// How its lines are sealed, for whoever seals or lifts.
    pub(crate) marks: Marks,
}

/// Finds the person an address names, asks for the permit, reads. `Err(Ok(redirect))`: the person goes on under another id.
pub(crate) async fn open(
    state: &State,
    who: &Who,
    id: Uuid,
    title: &str,
    rest: &str,
) -> Result<Opened, Result<Response, Trouble>> {
    let Some(person) = state.read(move |tx| root(tx, id)).await.map_err(Err)? else {
        return Err(Err(nobody(state, who, Action::ReadRecord, id).await));
    };
    // Somebody who lives here is told nothing of an id that is not their own, not even that it is known by another.
    if person != id && who.subject.role == Role::Citizen {
        return Err(Err(nobody(state, who, Action::ReadRecord, id).await));
    }
    if person != id {
        return Err(Ok(Redirect::permanent(&format!("{}{rest}", href(person))).into_response()));
    }
    let permit = state.parts().gate.record(&who.asking(), person).await.map_err(|no| Err(closed(who, person, no)))?;
    let found = state.read(move |tx| record(tx, &permit)).await.map_err(Err)?;
    let record = found.ok_or(Err(Trouble::NotFound))?;
    let tallies = state.tallies().await.map_err(Err)?;
    let sentences = feed_sentences(&state.parts().place, &tallies, who.at);
    let person: PersonBanner = banner(state, &record, who.at);
    let glass = super::glass::banner(state, who, record.identity.person).await.map_err(Err)?;
    let shell = Shell { person: Some(person), glass, feed_sentences: sentences, ..who.shell(title, Section::People) };
    let marks = super::seal::marks(state, who, &record.lines).await.map_err(Err)?;
    Ok(Opened { record, shell, tallies, marks })
}

/// Why a permit for one person was not given, with the way on where there is one.
pub(crate) fn closed(who: &Who, person: Uuid, denied: Denied) -> Trouble {
    match Trouble::from(denied) {
        Trouble::Closed { reason, .. } => {
            let glass = who.may(Action::BreakGlass).then(|| format!("{}/glass", href(person)));
            Trouble::Closed { reason, glass }
        }
        other => other,
    }
}

/// The same for something about a person that has an id of its own, an ask or a question: whoever may not open it is told nothing,
/// not even whose it is. The refusal is written down all the same.
pub(crate) fn unseen(denied: Denied) -> Trouble {
    match Trouble::from(denied) {
        Trouble::Closed { .. } => Trouble::NotFound,
        other => other,
    }
}

/// A citizen is refused every id but their own, written down, before it is looked up: whether there is anybody of it is not
/// theirs to know.
pub(crate) async fn only_own(state: &State, who: &Who, action: Action, id: Uuid) -> Result<(), Trouble> {
    if who.subject.role != Role::Citizen || who.subject.own == Some(id) {
        return Ok(());
    }
    Err(nobody(state, who, action, id).await)
}

/// Why there is nothing at an id of nobody: for a role that opens no records the same refusal as at anybody's, so that it
/// cannot be told who is known.
pub(crate) async fn nobody(state: &State, who: &Who, action: Action, id: Uuid) -> Trouble {
    let denied = match action {
        _ if who.may(action) && who.subject.role != Role::Citizen => None,
        Action::SeeLooks => state.parts().gate.looks(&who.asking(), id, Vec::new()).await.err(),
        _ => state.parts().gate.record(&who.asking(), id).await.err(),
    };
    denied.map_or(Trouble::NotFound, Trouble::from)
}

pub(crate) async fn page(Shared(state): Shared<State>, who: Who, Id(id): Id) -> Result<Response, Trouble> {
    let opened = match open(&state, &who, id, "Record", "").await {
        Ok(opened) => opened,
        Err(other) => return other,
    };
    let view = summary(&state, &who, opened);
    Ok(Html(render(&view)).into_response())
}

/// What a record says first where the person does not share it.
pub(crate) const OBJECTED: &str = "This person has chosen not to share their record between organisations. Only what your own \
    service has written is shown: ask the person before you rely on what is missing.";

/// What stands where, and how many at first.
const LEFT: [(Kind, usize); 6] = [
    (Kind::Allergy, 10),
    (Kind::Problem, 8),
    (Kind::Medicine, 8),
    (Kind::Result, 8),
    (Kind::Procedure, 4),
    (Kind::Immunisation, 4),
];
const RIGHT: [(Kind, usize); 6] = [
    (Kind::Plan, 5),
    (Kind::SocialCare, 5),
    (Kind::Contact, 6),
    (Kind::Encounter, 5),
    (Kind::Document, 4),
    (Kind::Other, 3),
];

fn summary(state: &State, who: &Who, opened: Opened) -> View {
    let Opened { record, shell, tallies, marks } = opened;
    let base = href(record.identity.person);
    let timeline = format!("{base}/timeline");
    let shown = |kinds: &[(Kind, usize)]| -> Vec<Group> {
        kinds.iter().filter_map(|(kind, most)| group(state, who, (&record, &marks), *kind, *most, &timeline)).collect()
    };
    let as_at = record.sources.iter().map(|(feed, (as_of, arrived))| {
        let tally = tallies.iter().find(|tally| tally.feed == *feed);
        let known = state.parts().place.feed(feed);
        AsAt {
            source: short_name(&state.parts().place, feed),
            ago: format!("{}, arrived {}", uk_date(london_date(*as_of)), ago(*arrived, who.at)),
            at: tally.map_or_else(String::new, |tally| ago(tally.last_received, who.at)),
            state: known.map_or(FeedState::NothingYet, |feed| FeedState::of(feed, tally, who.at)).tag(),
        }
    });
    let clinical = sees_care(&record);
    View {
        objected: record.objected.then(|| OBJECTED.to_owned()),
        today: today(&record, who),
        disagreements: record.disagreements.iter().map(|one| differing(state, one)).collect(),
        left: shown(&LEFT),
        right: shown(&RIGHT),
        ribbon: ribbon(state, &record, who.at),
        as_at: as_at.collect(),
        timeline_href: clinical.then_some(timeline),
        access_href: who.may(Action::SeeLooks).then(|| format!("{base}/access")),
        asks_href: who.may(Action::MakeAsk).then(|| format!("{base}/asks")),
        scores_href: super::score::reads(who).then(|| format!("{base}/scores")),
        advice_href: care::advice::may_ask(&who.subject).then(|| format!("{base}/advice")),
        reach: if clinical { Vec::new() } else { reach(state, &record) },
        shell,
    }
}

/// Whether the reader sees anything besides who the person is.
pub(crate) fn sees_care(record: &Record) -> bool {
    Kind::ALL.into_iter().any(|kind| record.level(record::summary::class(kind)) != Level::Hidden)
}

/// What reception needs: where the person lives, how to ring them, where they are registered.
fn reach(state: &State, record: &Record) -> Vec<(String, String)> {
    let identity = &record.identity;
    let known = |text: Option<String>| text.unwrap_or_else(|| "Not known".to_owned());
    let withheld = |text: Option<String>| if identity.address_withheld { "Withheld".to_owned() } else { known(text) };
    let (practice, neighbourhood) = practice(&state.parts().place, identity);
    let rows = [
        ("Telephone", withheld(identity.phone.clone())),
        ("Address", address(identity)),
        ("Practice", withheld(practice)),
        ("Neighbourhood", withheld(neighbourhood)),
    ];
    rows.map(|(name, text)| (name.to_owned(), text)).to_vec()
}

fn today(record: &Record, who: &Who) -> Vec<TodayLine> {
    let line = |label: &str, text: String, quiet| TodayLine { label: label.to_owned(), text, quiet };
    let mut lines = Vec::new();
    if !sees_care(record) {
        return lines;
    }
    let alert = record.lines.iter().any(|line| line.fact.kind == Kind::Alert && line.fact.active);
    // Alerts that there are stand in the banner, on every page.
    if record.level(Class::Alert) == Level::Full && !alert {
        lines.push(line("Alerts", "No alert is recorded. That is not the same as no risk.".to_owned(), true));
    }
    let coming = record
        .lines
        .iter()
        .filter(|line| {
            line.fact.kind == Kind::Encounter && line.fact.sort.is_some_and(|sort| sort > who.at.as_microsecond())
        })
        .min_by_key(|line| line.fact.sort);
    if record.level(Class::Encounter) == Level::Full {
        lines.push(match coming {
            Some(next) => {
                let when = next.fact.when.as_deref().map(fhir_date).unwrap_or_default();
                line("Next visit", format!("{} ({when})", next.fact.title), false)
            }
            None => line("Next visit", "No visit or appointment ahead is recorded.".to_owned(), true),
        });
    }
    lines
}

fn differing(state: &State, one: &Disagreement) -> page_of::Disagreement {
    page_of::Disagreement {
        about: one.about.clone(),
        sides: one
            .sides
            .iter()
            .map(|side| Side {
                source: short_name(&state.parts().place, &side.source),
                says: super::person::capital(&side.says),
                when: uk_date(london_date(side.as_of.unwrap_or(side.arrived))),
            })
            .collect(),
    }
}

pub(crate) fn group(
    state: &State,
    who: &Who,
    (record, marks): (&Record, &Marks),
    kind: Kind,
    most: usize,
    timeline: &str,
) -> Option<Group> {
    let person = record.identity.person;
    let title = kind.label().to_owned();
    let lines: Vec<&Line> = record.lines.iter().filter(|line| line.fact.kind == kind).collect();
    let withheld = record.withheld.get(&kind).map(|count| match (lines.is_empty(), count) {
        (true, 1) => "You are not able to see these. 1 entry is recorded.".to_owned(),
        (true, many) => format!("You are not able to see these. {many} entries are recorded."),
        (false, 1) => "1 more entry is recorded that you are not able to see.".to_owned(),
        (false, many) => format!("{many} more entries are recorded that you are not able to see."),
    });
    if withheld.is_some() && lines.is_empty() {
        return Some(Group { title, id: kind.word().to_owned(), withheld, ..Group::default() });
    }
    // What a role may not know of leaves no trace, not even an empty heading.
    if lines.is_empty() && record.level(record::summary::class(kind)) == Level::Hidden {
        return None;
    }
    if lines.is_empty() && matches!(kind, Kind::Other | Kind::Procedure | Kind::Immunisation) {
        return None;
    }
    let first = chosen(kind, &lines, most);
    let more = (lines.len() > first.len())
        .then(|| (format!("Show all {}", lines.len()), format!("{timeline}?kind={}", kind.word())));
    Some(Group {
        title,
        id: kind.word().to_owned(),
        entries: first.into_iter().map(|line| entry(state, who, (person, line, marks), false)).collect(),
        withheld,
        empty: empty(kind).to_owned(),
        more,
    })
}

/// The lines a summary shows: what stands today first; of results, the newest of each sort.
fn chosen<'l>(kind: Kind, lines: &[&'l Line], most: usize) -> Vec<&'l Line> {
    let mut picked: Vec<&Line> = match kind {
        Kind::Result => {
            let mut seen = std::collections::BTreeSet::new();
            lines
                .iter()
                .copied()
                .filter(|line| seen.insert(line.fact.code.as_deref().unwrap_or(&line.fact.title)))
                .collect()
        }
        _ => lines.to_vec(),
    };
    // A stable sort: within each part the order by time stays. "No known allergies" never hides an allergy beneath it.
    picked.sort_by_key(|line| (!line.fact.active, kind == Kind::Allergy && none_known(&line.fact).is_some()));
    let allergies = kind == Kind::Allergy;
    picked.truncate(if allergies { picked.len() } else { most });
    picked
}

fn empty(kind: Kind) -> &'static str {
    match kind {
        Kind::Allergy => "No source has recorded an allergy, or that there is none. Ask before you prescribe.",
        Kind::Problem => {
            "No problem is recorded. Diagnoses from practices, hospital and other services would stand here."
        }
        Kind::Medicine => "No medicine is recorded. Prescriptions from the practice would stand here.",
        Kind::Result => "No result is recorded. Blood tests and measurements would stand here.",
        Kind::Plan => "No plan is recorded. Care plans, goals and wishes for the end of life would stand here.",
        Kind::SocialCare => "Social care has sent nothing about this person.",
        Kind::Contact => "Nobody to contact is recorded. Next of kin, carers and key workers would stand here.",
        Kind::Encounter => "No visit, stay or appointment is recorded.",
        Kind::Document => "No letter or document is recorded.",
        _ => "Nothing is recorded.",
    }
}

/// One line of the record as the pages show it.
pub(crate) fn entry(state: &State, who: &Who, (person, line, marks): (Uuid, &Line, &Marks), with_kind: bool) -> Entry {
    let fact = &line.fact;
    let (sealed, seal) = super::seal::mark(who, person, line, marks);
    Entry {
        title: fact.title.clone(),
        value: fact.value.clone(),
        detail: fact.detail.clone(),
        // On the timeline the day is the heading; a whole date says nothing more beneath it.
        when: fact.when.as_deref().filter(|_| !with_kind).map(when).unwrap_or_default(),
        status: fact
            .status
            .as_deref()
            .filter(|status| telling(fact, status))
            .map(|status| status_tag(status, fact.active)),
        kind: with_kind.then(|| fact.kind.label().to_owned()),
        source: short_name(&state.parts().place, &line.feed),
        author: fact.author.clone(),
        arrived: ago(line.arrived, who.at),
        sealed: sealed.map(|word| Tag::new(&word).coloured(Colour::Purple)),
        seal,
        anchor: None,
    }
}

/// Whether a status says more than that all is as usual: every result is final and every letter current.
fn telling(fact: &Fact, status: &str) -> bool {
    let usual: &[&str] = match fact.kind {
        Kind::Allergy if none_known(fact).is_some() => &["active"],
        Kind::Result => &["final"],
        Kind::Document | Kind::Contact => &["current", "active"],
        Kind::Encounter => &["finished"],
        Kind::Procedure | Kind::Immunisation => &["completed", "given", "done"],
        _ => &[],
    };
    !usual.iter().any(|word| status.eq_ignore_ascii_case(word))
}

/// A fact's date; the weekday and time only where they help, which on a summary they do not.
fn when(text: &str) -> String {
    match text.parse::<jiff::Timestamp>() {
        Ok(at) => uk_date(london_date(at)),
        Err(_) => fhir_date(text),
    }
}
