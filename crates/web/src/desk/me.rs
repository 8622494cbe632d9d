//! A person's own pages. They open with the same permits as anybody's and are written down like any other look; the gate
//! gives them for the one person who is signed in and for nobody else.

use access::views::look::{LookRow, by_others};
use access::views::question::QuestionRow;
use access::{Action, Role};
use axum::extract::State as Shared;
use axum::response::{Html, IntoResponse, Response};
use record::fact::Kind;
use record::find::identity;
use record::identity::Identity;
use uuid::Uuid;

use super::Page;
use super::person::{address, born, capital, full_name, href, identity_banner, practice, short_name};
use super::questions::told;
use super::record::{Opened, group, open};
use crate::app::{State, Trouble};
use crate::layout::{Section, Shell};
use crate::pages::me::{Look, Looks, View, render, render_looks};
use crate::pages::question::Ask;
use crate::session::Who;
use crate::words::{london_date, uk_date, uk_datetime};

/// Looks on the first page, and on the page of looks.
const FIRST: usize = 5;
const MOST: i64 = 200;

/// What a person reads about themselves, in the order in which it helps, with how many lines at first.
pub(super) const SECTIONS: [(Kind, &str, usize); 12] = [
    (Kind::Alert, "What everybody must know about you", 6),
    (Kind::Allergy, "What you must not be given", 10),
    (Kind::Medicine, "What you take", 8),
    (Kind::Problem, "What you live with", 8),
    (Kind::Plan, "Your plans and wishes", 5),
    (Kind::Encounter, "Visits, stays and appointments", 5),
    (Kind::Result, "Your latest results", 6),
    (Kind::SocialCare, "Social care", 5),
    (Kind::Contact, "People around you", 6),
    (Kind::Document, "Letters about you", 4),
    (Kind::Procedure, "Operations and procedures", 4),
    (Kind::Immunisation, "Vaccinations", 4),
];

/// Whose pages these are; refused to everybody who is here for their work.
pub(super) fn own(who: &Who) -> Result<Uuid, Trouble> {
    match (who.subject.role, who.subject.own) {
        (Role::Citizen, Some(own)) => Ok(own),
        (Role::Citizen, None) => Err(Trouble::Forbidden("your own record is not here")),
        _ => Err(Trouble::Forbidden("these pages are for the person whose record it is")),
    }
}

pub(crate) async fn page(Shared(state): Shared<State>, who: Who) -> Result<Response, Trouble> {
    let own = own(&who)?;
    let Opened { record, shell, marks, .. } = match open(&state, &who, own, "My record", "").await {
        Ok(opened) => opened,
        Err(other) => return other,
    };
    let rows = looked(&state, &who, own).await?.rows;
    let place = &state.parts().place;
    let base = href(own);
    let timeline = format!("{base}/timeline");
    let groups = SECTIONS.iter().filter_map(|(kind, title, most)| {
        let shown = group(&state, &who, (&record, &marks), *kind, *most, &timeline)?;
        // What is seldom there needs no empty heading; what keeps somebody safe does.
        let needed = !matches!(kind, Kind::Alert | Kind::Document | Kind::SocialCare | Kind::Contact);
        (needed || !shown.entries.is_empty()).then(|| crate::pages::record::Group {
            title: (*title).to_owned(),
            empty: nothing(*kind).to_owned(),
            ..shown
        })
    });
    let services = record.sources.iter().map(|(feed, (as_of, _))| {
        format!("{} last wrote about you on {}.", short_name(place, feed), uk_date(london_date(*as_of)))
    });
    let (surgery, hood) = practice(place, &record.identity);
    let known = |text: Option<String>| text.unwrap_or_else(|| "Not known".to_owned());
    let rest = rows.len().saturating_sub(FIRST);
    let view = View {
        hello: format!("Hello, {}", full_name(&record.identity)),
        who: [
            ("Born", born(&record.identity, who.at)),
            ("NHS number", known(record.identity.nhs_number.map(|number| number.to_string()))),
            ("Address", address(&record.identity)),
            ("Practice", known(surgery)),
            ("Neighbourhood", known(hood)),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec(),
        differ: (!record.disagreements.is_empty()).then(|| {
            let things = if record.disagreements.len() == 1 { "1 thing" } else { "some things" };
            (format!("Services say different things about {things}. Nothing was merged."), format!("{base}#differ"))
        }),
        groups: groups.collect(),
        timeline_href: timeline.clone(),
        record_href: base.clone(),
        services: services.collect(),
        looks: rows.iter().take(FIRST).map(look).collect(),
        more_looks: match rest {
            0 => "Ask why somebody looked".to_owned(),
            1 => "1 more look, and how to ask why".to_owned(),
            rest => format!("{rest} more looks, and how to ask why"),
        },
        shell: Shell { section: Section::Home, ..shell },
    };
    Ok(Html(render(&view)).into_response())
}

/// What an empty section says to the person themselves.
fn nothing(kind: Kind) -> &'static str {
    match kind {
        Kind::Allergy => {
            "No service has written that you are allergic to anything, or that you are not. Tell whoever treats you."
        }
        Kind::Medicine => "No medicine is written down. What your practice prescribes would stand here.",
        Kind::Problem => "No condition is written down. What a doctor has found would stand here.",
        Kind::Plan => "No plan or wish of yours is written down. You can ask your practice to write one with you.",
        Kind::Encounter => "No visit, stay or appointment is written down.",
        Kind::Result => "No result is written down. Blood tests and measurements would stand here.",
        Kind::Procedure => "No operation or procedure is written down.",
        Kind::Immunisation => "No vaccination is written down.",
        _ => "Nothing is written down.",
    }
}

pub(crate) async fn looks(Shared(state): Shared<State>, who: Who) -> Page {
    looks_page(&state, &who, None).await
}

/// The page of looks; `wrong` is a question that could not be asked: the number of the look, the words, what is wrong.
pub(super) async fn looks_page(state: &State, who: &Who, wrong: Option<(i64, String, String)>) -> Page {
    let own = own(who)?;
    let Looked { rows, times, known, asked } = looked(state, who, own).await?;
    let people: std::collections::BTreeSet<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    let count = |number: usize, one: &str, many: &str| format!("{number} {}", if number == 1 { one } else { many });
    let all = rows.len() as i64 == MOST;
    let view = Looks {
        shell: Shell {
            person: known.map(|identity| identity_banner(state, &identity, who.at)),
            ..who.shell("Who looked at your record", Section::Looks)
        },
        count: format!(
            "{} by {}{}.",
            count(rows.len(), "look", "looks"),
            count(people.len(), "person", "people"),
            if all { ", the latest ones" } else { "" }
        ),
        own: match times {
            1 => "You have opened it once yourself. That is written down, too, and left out above.".to_owned(),
            times => {
                format!("You have opened it {times} times yourself. That is written down, too, and left out above.")
            }
        },
        looks: rows.iter().map(|row| with_questions(state, who, row, &asked, wrong.as_ref())).collect(),
        problem: wrong.map(|(seq, _, text)| (format!("why-{seq}"), text)),
        pagination: None,
    };
    Ok(Html(render_looks(&view)))
}

/// Who looked at somebody.
struct Looked {
    /// Besides the person, the latest first.
    rows: Vec<LookRow>,
    /// How often the person has.
    times: i64,
    known: Option<Identity>,
    /// What they have asked about looks.
    asked: Vec<QuestionRow>,
}

async fn looked(state: &State, who: &Who, own: Uuid) -> Result<Looked, Trouble> {
    let known_as = state.read(move |tx| record::views::person::leaves(tx, own)).await?;
    let permit = state.parts().gate.looks(&who.asking(), own, known_as).await?;
    state
        .read(move |tx| {
            let (rows, times) = by_others(tx, &permit, MOST)?;
            let asked = access::views::question::of_person(tx, &permit)?;
            Ok(Looked { rows, times, known: identity(tx, &permit)?, asked })
        })
        .await
}

fn look(row: &LookRow) -> Look {
    Look { sentence: sentence_of(row), when: uk_datetime(row.at), number: row.seq.to_string(), ..Look::default() }
}

/// A look with what was asked about it and, where nothing waits for an answer, the way to ask.
fn with_questions(
    state: &State,
    who: &Who,
    row: &LookRow,
    asked: &[QuestionRow],
    wrong: Option<&(i64, String, String)>,
) -> Look {
    let about: Vec<&QuestionRow> = asked.iter().filter(|question| question.look == row.seq).collect();
    let waits = about.last().is_some_and(|question| question.answer.is_none());
    let wrong = wrong.filter(|(seq, ..)| *seq == row.seq);
    let form = (!waits).then(|| Ask {
        token: who.token().to_owned(),
        look: row.seq.to_string(),
        words: wrong.map(|(_, words, _)| words.clone()).unwrap_or_default(),
        error: wrong.map(|(.., text)| text.clone()),
    });
    Look { told: about.into_iter().map(|question| told(state, question, who)).collect(), form, ..look(row) }
}

/// A look as it is told to the person it was at.
pub(super) fn sentence_of(row: &LookRow) -> String {
    if row.role == Some(Role::Citizen) && !row.own {
        // Another citizen: somebody whom the person let in, or somebody who tried without that.
        return if row.allowed {
            format!("{}, whom you let see your record, {} on their own page.", row.name, did(row.action))
        } else {
            format!(
                "{}, who works for no service, tried to open your record and was refused. Nothing of yours was shown.",
                row.name
            )
        };
    }
    let why = row.purpose.map_or("", access::Purpose::said);
    let who = capital(&format!("{} ({}, {})", row.who(), row.name, row.organisation));
    if row.allowed {
        format!("{who} {} {why}, because {}.", did(row.action), row.because)
    } else {
        format!("{who} tried and was refused, because {}. Nothing of yours was shown.", row.because)
    }
}

/// What somebody did, said to the person it was done to.
fn did(action: Option<Action>) -> &'static str {
    match action {
        Some(Action::FindPeople) => "found you in a search",
        Some(Action::ReadRecord) => "opened your record",
        Some(Action::WriteRecord) => "wrote into your record",
        Some(Action::SeeLooks) => "looked at who has opened your record",
        Some(Action::ReadMessage) => "read a message about you that could not be taken in",
        Some(Action::MendMessage) => "mended a message about you",
        Some(Action::SeeWorklist) => "saw you on a list of their desk",
        Some(Action::BreakGlass) => "gave a reason to open your record, which was closed to them",
        Some(Action::Seal) => "sealed an entry of your record, or lifted a seal",
        Some(Action::ReviewLooks) => "reviewed who has looked at your record",
        Some(Action::ChooseSharing) => "chose how your record is shared",
        Some(Action::AskWhy) => "asked why somebody looked at your record",
        Some(Action::ReadPseudonyms) => "worked with pseudonyms",
        Some(Action::MakeAsk) => "asked for help for you",
        Some(Action::JudgeIdentity) => "compared your record with another, to say whether they are one person",
        Some(Action::WorkAsk) => "worked on an ask for help for you",
        Some(Action::GoBack) => "was led to your record by a pseudonym",
        Some(
            action @ (Action::KeepMeasures
            | Action::Govern
            | Action::RunChallenge
            | Action::CountPeople
            | Action::AskBack
            | Action::AllowBack),
        ) => action.said(),
        None => "looked",
    }
}
