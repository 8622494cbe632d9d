//! The privacy officer's area: search of the looks, the patterns worth a look, and what was found when somebody looked into
//! them. Everything shown here was written down as a look of the officer's own before it was read.

pub(super) mod csv;
pub(crate) mod sought;

use std::collections::HashMap;

use access::pattern::{Kind, Pattern};
use access::review::{Review, Unreviewed};
use access::views::audit::{self, AuditRow, Cursor, Page as Found, Query, Size};
use access::views::review::{self as reviews, Review as Told};
use access::{Action, AuditPermit, ReviewPermit, Sealed};
use axum::extract::{Query as Address, State as Shared};
use axum::http::header;
use axum::response::{Html, IntoResponse, Redirect, Response};
use record::identity::Identity;
use record::oversight;
use uuid::Uuid;

use super::Page;
use super::feeds::thousands;
use super::person::{capital, full_name, href, identity_banner};
use crate::app::{State, Trouble};
use crate::layout::Section;
use crate::pages::privacy::{
    Home, Look, Looks, Pattern as PatternView, Reviewed, Worth, render_home, render_looks, render_pattern,
};
use crate::session::{Fields, Id, Sent, Who};
use crate::words::{uk_date, uk_datetime, uk_time};
use sought::Sought;

/// Looks on a page, and people named of each.
const PAGE: Size = Size { rows: 50, people: 3 };
/// Looks behind a pattern that are shown.
const BEHIND: Size = Size { rows: 200, people: 3 };
/// Organisations to choose from.
const ORGANISATIONS: i64 = 500;
/// Reviews on the home page.
const REVIEWS: i64 = 10;

type Names = HashMap<Uuid, Identity>;

/// Opens what was found, once the officer's own look at it is on the disk, and reads who the people in it are.
async fn opened<T>(state: &State, who: &Who, found: Sealed<T>) -> Result<(T, Names), Trouble> {
    let (permit, content): (ReviewPermit, T) = state.parts().gate.review(&who.asking(), found).await?;
    Ok((content, state.read(move |tx| oversight::names(tx, &permit)).await?))
}

async fn permit(state: &State, who: &Who) -> Result<AuditPermit, Trouble> {
    Ok(state.parts().gate.audit(&who.asking()).await?)
}

pub(crate) async fn home(Shared(state): Shared<State>, who: Who) -> Page {
    let permit = permit(&state, &who).await?;
    let now = who.at;
    let (patterns, told, organisations) = state
        .read(move |tx| {
            Ok((
                oversight::patterns(tx, &permit, now)?,
                reviews::recent(tx, &permit, REVIEWS)?,
                audit::organisations(tx, &permit, ORGANISATIONS)?,
            ))
        })
        .await?;
    let reviewed: Vec<Uuid> = told.iter().filter_map(|review| review.person).collect();
    let (patterns, names) = opened(&state, &who, patterns.about(reviewed)).await?;
    let view = Home {
        shell: who.shell("Privacy", Section::Privacy),
        alarm: super::about::heads(&state).err(),
        ways: ways(),
        patterns: patterns.iter().map(|pattern| worth(pattern, &names)).collect(),
        reviews: told.iter().map(|review| reviewed_words(review, &names)).collect(),
        form: Sought::default().form(organisations),
    };
    Ok(Html(render_home(&view)))
}

/// The officer's other lists, as far as there are pages of them.
fn ways() -> Vec<(String, String)> {
    [
        ("Closed records that were opened, to review", "/privacy/glass"),
        ("Questions that people have asked", "/privacy/questions"),
        ("Requests to go back from pseudonyms, to answer", "/privacy/requests"),
        ("The rules: who may see what, and why", "/privacy/rules"),
    ]
    .into_iter()
    .filter(|(_, href)| crate::route::ROUTES.iter().any(|(method, path, _)| *method == "GET" && path == href))
    .map(|(words, href)| (words.to_owned(), href.to_owned()))
    .collect()
}

/// `POST /privacy/looks`: what was asked is kept in the session.
pub(crate) async fn ask(Shared(state): Shared<State>, Sent { who, fields }: Sent) -> Result<Redirect, Trouble> {
    permit(&state, &who).await?;
    state.sessions().remember_looks(&who, Sought::of(&fields));
    Ok(Redirect::to("/privacy/looks"))
}

/// What was asked: one person's looks by the address, or what the session remembers.
fn asked(who: &Who, fields: &Fields) -> Sought {
    match fields.get("person") {
        "" => who.looks.clone().unwrap_or_default(),
        person => Sought::about(person),
    }
}

/// One search on its way.
struct Searched {
    view: Looks,
    query: Query,
}

/// Reads what was asked, and whose looks it means. Shows nobody yet.
async fn searched(state: &State, who: &Who, sought: &Sought) -> Result<Searched, Trouble> {
    let permit = permit(state, who).await?;
    let (typed, person) = (sought.reader.clone(), sought.person.parse::<Uuid>().ok());
    let (readers, people, organisations) = state
        .read(move |tx| {
            let readers = if typed.is_empty() { None } else { Some(audit::readers(tx, &permit, &typed)?) };
            let people = person.map(|person| oversight::known_as(tx, &permit, person)).transpose()?;
            Ok((readers, people, audit::organisations(tx, &permit, ORGANISATIONS)?))
        })
        .await?;
    let mut form = sought.form(organisations);
    let query = Query { people, ..sought.query(&mut form, readers, who.at) };
    form.person = person.map(|person| (person.to_string(), ending(person)));
    let view =
        Looks { shell: who.shell("Looks", Section::Privacy), asked: Sought::said(&query), form, ..Looks::default() };
    Ok(Searched { view, query })
}

pub(crate) async fn looks(
    Shared(state): Shared<State>,
    who: Who,
    Address(fields): Address<Vec<(String, String)>>,
) -> Page {
    let fields = Fields(fields);
    let sought = asked(&who, &fields);
    let Searched { mut view, mut query } = searched(&state, &who, &sought).await?;
    if view.form.wrong() {
        return Ok(Html(render_looks(&view)));
    }
    query.before = Cursor::from_word(fields.get("before"));
    let permit = permit(&state, &who).await?;
    let person = query.people.as_ref().and(sought.person.parse::<Uuid>().ok());
    let found = state.read(move |tx| audit::search(tx, &permit, &query, PAGE)).await?;
    let (found, names) = opened(&state, &who, found.about(person.into_iter().collect())).await?;
    if let (Some(person), Some((_, name))) = (person, view.form.person.as_mut()) {
        *name = said(person, &names);
        view.shell.person = names.get(&person).map(|identity| identity_banner(&state, identity, who.at));
    }
    let kept = fields.get("person");
    let own = if kept.is_empty() { String::new() } else { format!("person={}", person.unwrap_or_default()) };
    let join = |more: &str| match (own.as_str(), more) {
        ("", "") => String::new(),
        ("", more) => format!("?{more}"),
        (own, "") => format!("?{own}"),
        (own, more) => format!("?{own}&{more}"),
    };
    view.older = found.next.map(|next| format!("/privacy/looks{}", join(&format!("before={}", next.word()))));
    view.export = format!("/privacy/looks.csv{}", join(""));
    view.looks = found.rows.iter().map(|row| look(row, &names)).collect();
    Ok(Html(render_looks(&view)))
}

/// `GET /privacy/looks.csv`: the same, as a file.
pub(crate) async fn export(
    Shared(state): Shared<State>,
    who: Who,
    Address(fields): Address<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let sought = asked(&who, &Fields(fields));
    let Searched { view, query } = searched(&state, &who, &sought).await?;
    if view.form.wrong() {
        return Err(Trouble::BadRequest("What was asked for cannot be read. Open the page of looks and ask again."));
    }
    let permit = permit(&state, &who).await?;
    let size = Size { rows: csv::MOST, people: csv::PEOPLE };
    let found = state.read(move |tx| audit::search(tx, &permit, &query, size)).await?;
    let (_, found): (ReviewPermit, Found) = state.parts().gate.review(&who.asking(), found).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"looks.csv\""),
    ];
    Ok((headers, csv::file(&found.rows)).into_response())
}

/// One pattern, read for whoever opens it or reviews it.
async fn one(state: &State, who: &Who, id: Uuid) -> Result<(PatternView, Option<Pattern>), Trouble> {
    let permit = permit(state, who).await?;
    let now = who.at;
    let (sealed, told) = state
        .read(move |tx| Ok((oversight::pattern(tx, &permit, now, id)?, reviews::of_pattern(tx, &permit, id)?)))
        .await?;
    let about: Vec<Uuid> = told.iter().filter_map(|review| review.person).collect();
    let (pattern, mut names) = opened(state, who, sealed.about(about)).await?;
    if pattern.is_none() && told.is_empty() {
        return Err(Trouble::NotFound);
    }
    let mut view = PatternView {
        shell: who.shell("Worth a look", Section::Privacy),
        action: format!("/privacy/patterns/{id}"),
        reviews: told.iter().map(|review| reviewed_words(review, &names)).collect(),
        ..PatternView::default()
    };
    if let Some(pattern) = &pattern {
        let permit = self::permit(state, who).await?;
        let (query, person) = (pattern.behind(), pattern.person);
        let found = state
            .read(move |tx| {
                let people = person.map(|person| oversight::known_as(tx, &permit, person)).transpose()?;
                audit::search(tx, &permit, &Query { people, ..query.clone() }, BEHIND)
            })
            .await?;
        let (found, more) = opened(state, who, found).await?;
        names.extend(more);
        let identity = pattern.person.and_then(|person| names.get(&person));
        view.shell.person = identity.map(|identity| identity_banner(state, identity, who.at));
        view.worth = Some(worth(pattern, &names));
        view.count = match found.rows.len() {
            1 => "1 look is behind it.".to_owned(),
            count if found.next.is_some() => format!("More than {count} looks are behind it; these are the newest."),
            count => format!("{count} looks are behind it."),
        };
        view.looks = found.rows.iter().map(|row| look(row, &names)).collect();
        view.reviews_it = pattern.reader.as_ref().is_none_or(|reader| reader.reader != who.subject.id);
    }
    Ok((view, pattern))
}

pub(crate) async fn pattern(Shared(state): Shared<State>, who: Who, Id(id): Id) -> Page {
    Ok(Html(render_pattern(&one(&state, &who, id).await?.0)))
}

/// `POST /privacy/patterns/{id}`: somebody has looked into it.
pub(crate) async fn review(
    Shared(state): Shared<State>,
    Id(id): Id,
    Sent { who, fields }: Sent,
) -> Result<Response, Trouble> {
    let (mut view, pattern) = one(&state, &who, id).await?;
    let Some(pattern) = pattern else { return Ok(Redirect::to("/privacy").into_response()) };
    let words = fields.get("words").to_owned();
    let review = Review {
        by: who.subject.clone(),
        pattern: pattern.kind.word().to_owned(),
        reader: pattern.reader.map(|reader| reader.reader),
        person: pattern.person,
        words: words.clone(),
    };
    let at = who.at;
    let written =
        state.parts().store.write_async(move |write| access::review::write(write, id, review.clone(), at)).await;
    match written {
        Ok(()) => Ok(Redirect::to("/privacy").into_response()),
        Err(Unreviewed::Store(error)) => Err(error.into()),
        Err(why) => {
            view.error = Some(capital(&why.to_string()));
            view.words = words;
            Ok(Html(render_pattern(&view)).into_response())
        }
    }
}

/// How somebody is named where no source has said who they are.
fn ending(person: Uuid) -> String {
    // The end of an id is the part that chance made; its beginning is the day it was given.
    let id = person.simple().to_string();
    format!("Record ending {}", id.get(24..).unwrap_or(&id))
}

fn said(person: Uuid, names: &Names) -> String {
    names.get(&person).map_or_else(|| ending(person), full_name)
}

fn look(row: &AuditRow, names: &Names) -> Look {
    let role = row.role.map_or("A role that is no more", crate::personas::role_words);
    let why = row.purpose.map_or("", access::Purpose::said);
    let what = row.action.map_or("Looked", did);
    Look {
        when: uk_datetime(row.at),
        name: row.name.clone(),
        role: if row.organisation.is_empty() { role.to_owned() } else { format!("{role}, {}", row.organisation) },
        did: match (row.allowed, row.sitting) {
            (false, _) => format!("Refused: {}", lower(what)),
            (true, true) => format!("{what} {why}, in the ten minutes from then on"),
            (true, false) => format!("{what} {why}"),
        },
        because: capital(&row.because),
        people: row.people.iter().map(|person| (said(*person, names), format!("{}/access", href(*person)))).collect(),
        more: row.count.saturating_sub(i64::try_from(row.people.len()).unwrap_or(i64::MAX)),
    }
}

fn lower(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// What somebody did, in a few words.
fn did(action: Action) -> &'static str {
    match action {
        Action::FindPeople => "Found people in a search",
        Action::ReadRecord => "Opened a record",
        Action::WriteRecord => "Wrote into a record",
        Action::SeeLooks => "Saw who had looked",
        Action::ReadMessage => "Read a message",
        Action::MendMessage => "Mended a message",
        Action::SeeWorklist => "Saw the lists of a desk",
        Action::BreakGlass => "Opened a record that was closed to them",
        Action::Seal => "Sealed an entry, or lifted a seal",
        Action::ReviewLooks => "Reviewed looks",
        Action::ChooseSharing => "Chose how a record is shared",
        Action::AskWhy => "Asked why somebody looked",
        Action::ReadPseudonyms => "Worked with pseudonyms",
        Action::MakeAsk => "Asked for help for somebody",
        Action::WorkAsk => "Worked on an ask",
        Action::KeepMeasures => "Kept figures, which are about nobody",
        Action::Govern => "Decided about measures or beds",
        Action::RunChallenge => "Worked on a 100-day challenge",
        Action::CountPeople => "Counted people, and saw nobody",
        Action::JudgeIdentity => "Compared two records",
        Action::AskBack => "Asked that a team be told who pseudonyms are, and saw nobody",
        Action::AllowBack => "Answered whether a team is told, and saw nobody",
        Action::GoBack => "Was led to people by pseudonyms",
    }
}

fn reviewed_words(review: &Told, names: &Names) -> Reviewed {
    let what = match review.kind {
        Some(Kind::OwnRecord) => "somebody who opened their own record",
        Some(Kind::Household) => "somebody who opened a record of their own household",
        Some(Kind::SameName) => "somebody who opened the record of a person with their name",
        Some(Kind::Colleague) => "somebody who opened the record of a person named like a colleague",
        Some(Kind::ManyInAnHour | Kind::ManyInADay) => "somebody who opened many records",
        Some(Kind::Refusals) => "somebody who was often refused",
        Some(Kind::Glass) => "somebody who opened closed records often",
        Some(Kind::OutOfHours) => "reception outside its hours",
        Some(Kind::ManyReaders) => "a record that many opened",
        None => "something that this Weft does not know",
    };
    let whose = review.person.map(|person| format!(" ({})", said(person, names))).unwrap_or_default();
    Reviewed {
        sentence: format!("{} looked into {what}{whose}, {}.", review.name, uk_datetime(review.at)),
        words: review.words.clone(),
    }
}

/// A pattern in sentences: what was counted, and why it is worth a look. Neither says that anything was wrong.
fn worth(pattern: &Pattern, names: &Names) -> Worth {
    let reader = pattern.reader.as_ref().map_or_else(String::new, |reader| {
        let role = reader.role.map_or("a role that is no more", access::Role::said);
        match (reader.name.as_str(), reader.organisation.as_str()) {
            ("", _) => capital(role),
            (name, "") => format!("{name}, {role},"),
            (name, organisation) => format!("{name}, {role} ({organisation}),"),
        }
    });
    let person = pattern.person.map(|person| said(person, names)).unwrap_or_default();
    let count = thousands(pattern.count);
    let usual = pattern.usual.map(thousands).unwrap_or_default();
    let day = uk_date(crate::words::london_date(pattern.from));
    let hour = format!("between {} and {} on {day}", uk_time(pattern.from), uk_time(pattern.until));
    let (sentence, why) = match pattern.kind {
        Kind::OwnRecord => (
            format!("{reader} opened their own record."),
            "Staff read their own record on their own pages, like anybody who lives here.".to_owned(),
        ),
        Kind::Household => (
            format!("{reader} opened the record of {person}, who lives at the same address."),
            "Somebody of the same household is not usually one\u{2019}s patient.".to_owned(),
        ),
        Kind::SameName => (
            format!("{reader} opened the record of {person}, who has the same family name."),
            "They may be related, or share a common name.".to_owned(),
        ),
        Kind::Colleague => (
            format!("{reader} opened the record of {person}, which is also the name of a colleague."),
            "The colleague may be a patient, or only share the name.".to_owned(),
        ),
        Kind::ManyInAnHour => (
            format!("{reader} opened {count} records {hour}."),
            format!("The middle of what this role opens in an hour is {usual}."),
        ),
        Kind::ManyInADay => (
            format!("{reader} opened {count} records on {day}, each counted once an hour."),
            format!("The middle of what this role opens in a day is {usual}."),
        ),
        Kind::Refusals => (
            format!("{reader} was refused {count} times on {day}."),
            "Their work may need something that their role does not give.".to_owned(),
        ),
        Kind::Glass => (
            format!("{reader} opened {count} records that were closed to them within 7 days."),
            "A relationship that Weft does not know of may be missing.".to_owned(),
        ),
        Kind::OutOfHours => (
            format!("{reader} looked {count} times while practices are closed."),
            "Reception works from 7am to 8pm, Monday to Saturday.".to_owned(),
        ),
        Kind::ManyReaders => (
            format!("{count} different people opened the record of {person} within 7 days."),
            "Somebody who is very ill is seen by many; so is somebody who is talked about.".to_owned(),
        ),
    };
    Worth { sentence, why, href: format!("/privacy/patterns/{}", pattern.id()) }
}
