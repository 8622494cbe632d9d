//! Written questions: the form, and one question from its asking to what came of it, with a permit for the person.

use axum::extract::{FromRequestParts, Query, State as Shared};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use care::advice::attachment::together;
use care::advice::moment::WRITTEN;
use care::advice::refer::{Decided, refer};
use care::advice::{
    Advice, Answer, Attachment, AttachmentRefused, Command, Kind, Line, Outcome, Question, Refusal, Stands,
};
use care::age::Age;
use care::clock::Moment;
use care::views::advice as questions;
use record::identity::Identity;
use record::summary::{Record, record, root};
use store::{Blob, Refused, Write};
use uuid::Uuid;

use super::super::ask::clocks;
use super::super::ask::team::refused;
use super::super::person::{banner, capital, href};
use super::super::record::{Opened, closed, open, unseen};
use super::super::seal::holder_words;
use super::{form_id, journey, only_clinicians, question_tag, said, sent_id, sent_journey, specialty_name, team_of};
use crate::app::{State, Trouble};
use crate::layout::{Section, Shell};
use crate::live;
use crate::pages::advice::{May, Message, Question as View, Write as FormView};
use crate::session::{Fields, Id, Who};
use crate::upload::{File, SentWithFiles};
use crate::words::{age_years, london_date, uk_date};

/// A person and a specialty in an address.
pub(crate) struct About(Uuid, String);

impl FromRequestParts<State> for About {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Trouble> {
        let axum::extract::Path((person, specialty)) =
            axum::extract::Path::from_request_parts(parts, state).await.map_err(|_| Trouble::NotFound)?;
        Ok(Self(person, specialty))
    }
}

async fn form(
    state: &State,
    who: &Who,
    (person, specialty): (Uuid, &str),
    fields: &Fields,
    error: Option<String>,
) -> Result<Response, Trouble> {
    only_clinicians(who)?;
    if state.parts().advice.specialties.get(specialty).is_none() {
        return Err(Trouble::NotFound);
    }
    let rest = format!("/advice/{specialty}");
    let Opened { shell, .. } = match open(state, who, person, "Ask in writing", &rest).await {
        Ok(opened) => opened,
        Err(other) => return other,
    };
    let chosen = Kind::from_word(fields.get("kind")).unwrap_or(Kind::Management);
    let kind = |one: &Kind| (one.word().to_owned(), one.said().to_owned(), *one == chosen);
    let id = sent_id(fields).unwrap_or_else(|_| form_id(state));
    let view = FormView {
        shell,
        specialty: specialty_name(state, specialty),
        action: format!("{}/advice/{specialty}", href(person)),
        back: format!("{}/advice", href(person)),
        id: id.to_string(),
        journey: sent_journey(fields),
        kinds: Kind::ALL.iter().map(kind).collect(),
        question: fields.get("question").to_owned(),
        tried: fields.get("tried").to_owned(),
        agreed: fields.get("agreed") == "yes",
        error,
    };
    Ok(Html(view.to_string()).into_response())
}

/// The form of a question.
pub(crate) async fn write(
    Shared(state): Shared<State>,
    who: Who,
    About(person, specialty): About,
    Query(fields): Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    // Of what an address says, the journey alone: nothing that is typed ever stands in one.
    let fields = Fields(fields.into_iter().filter(|(name, _)| name == "journey").collect());
    form(&state, &who, (person, &specialty), &fields, None).await
}

/// A question is sent.
pub(crate) async fn send(
    Shared(state): Shared<State>,
    About(person, specialty): About,
    SentWithFiles { who, fields, files }: SentWithFiles,
) -> Result<Response, Trouble> {
    only_clinicians(&who)?;
    let id = sent_id(&fields)?;
    let Some(line) = state.parts().advice.specialties.get(&specialty).cloned() else { return Err(Trouble::NotFound) };
    if state.read(move |tx| root(tx, person)).await? != Some(person) {
        return Err(super::super::record::nobody(&state, &who, access::Action::ReadRecord, person).await);
    }
    let permit = state.parts().gate.make_ask(&who.asking(), person).await.map_err(|no| closed(&who, person, no))?;
    let (attachments, blobs) = match attached(files) {
        Ok(taken) => taken,
        Err(refused) => {
            let wrong = again(&refused);
            return form(&state, &who, (person, &specialty), &fields, Some(wrong)).await;
        }
    };
    let question = Question {
        by: who.subject.clone(),
        team: team_of(&who)?,
        specialty: specialty.clone(),
        to: line.team,
        person: permit.person(),
        kind: Kind::from_word(fields.get("kind")).unwrap_or(Kind::Management),
        question: fields.get("question").to_owned(),
        tried: fields.get("tried").to_owned(),
        attachments,
        conversion_agreed: fields.get("agreed") == "yes",
        journey: journey(&state, &fields, person).await?,
    };
    match command(&state, &who, id, Command::Ask(question), blobs).await {
        Ok(()) | Err(Refused::Rules(Refusal::AskedAlready)) => {
            Ok(Redirect::to(&format!("/advice/questions/{id}")).into_response())
        }
        Err(Refused::Rules(refusal)) => {
            form(&state, &who, (person, &specialty), &fields, Some(capital(&refusal.to_string()))).await
        }
        Err(Refused::Store(error)) => Err(error.into()),
    }
}

/// The files that were sent, as the question names them and as they are kept; or what is wrong with one of them.
fn attached(files: Vec<File>) -> Result<(Vec<Attachment>, Vec<Blob>), AttachmentRefused> {
    let taken = files.iter().map(|file| Attachment::of(&file.name, &file.bytes)).collect::<Result<Vec<_>, _>>()?;
    let (attachments, blobs): (Vec<_>, Vec<_>) = taken.into_iter().unzip();
    together(attachments.iter())?;
    Ok((attachments, blobs))
}

/// What is wrong with a file, and that the others have to be chosen again: a page cannot fill that field in.
fn again(refused: &AttachmentRefused) -> String {
    format!("{}. Nothing was sent; what you typed is still here. Choose the files again", capital(&refused.to_string()))
}

/// Does something to a question; its files are kept with it, or neither is.
async fn command(
    state: &State,
    who: &Who,
    id: Uuid,
    command: Command,
    blobs: Vec<Blob>,
) -> Result<(), Refused<Refusal>> {
    let (actor, at, by) = (who.actor(), who.at, who.subject.clone());
    let doing = move |write: &mut Write<'_>| {
        care::advice::open::ask(write, id, command.clone(), &by, &actor, at)?;
        blobs.iter().try_for_each(|blob| write.put_blob(blob))?;
        Ok(())
    };
    state.parts().store.write_async(doing).await
}

/// A question that was opened: with the record it is about, as the permit shows it.
struct Read {
    advice: Advice,
    record: Record,
    person: Uuid,
    /// What its clock has heard.
    moments: Vec<Moment>,
}

/// Opens a question. What is not there and what is not theirs are answered alike.
async fn read(state: &State, who: &Who, id: Uuid) -> Result<Read, Trouble> {
    only_clinicians(who)?;
    let found = state
        .read(move |tx| {
            let Some(person) = questions::about(tx, id)? else { return Ok(None) };
            let person = root(tx, person)?.unwrap_or(person);
            Ok(Some((person, record::views::person::leaves(tx, person)?)))
        })
        .await?;
    let Some((person, known_as)) = found else { return Err(Trouble::NotFound) };
    let permit = state.parts().gate.record(&who.asking(), person).await.map_err(unseen)?;
    let (advice, record, moments) = state
        .read(move |tx| {
            Ok((questions::read(tx, &permit, &known_as, id)?, record(tx, &permit)?, questions::moments(tx, id)?))
        })
        .await?;
    let advice = advice.filter(|one| one.is_asker(&who.subject) || one.is_specialist(&who.subject));
    match (advice, record) {
        (Some(advice), Some(record)) => Ok(Read { advice, record, person, moments }),
        _ => Err(Trouble::NotFound),
    }
}

fn shown(state: &State, who: &Who, id: Uuid, read: &Read) -> Result<View, Trouble> {
    let Read { advice, record, .. } = read;
    let Some((question, at)) = advice.question() else { return Err(Trouble::NotFound) };
    let (asker, specialist, stands) =
        (advice.is_asker(&who.subject), advice.is_specialist(&who.subject), advice.stands());
    let open = matches!(stands, Stands::WithSpecialty | Stands::WithAsker);
    let first = Message { by: format!("{}, {}", question.by.name, said(at)), words: question.question.clone() };
    let later = advice.said().iter();
    let later = later.map(|one| Message { by: format!("{}, {}", one.by.name, said(one.at)), words: one.words.clone() });
    let mut answer = Vec::new();
    if let Some((given, at)) = advice.answer() {
        answer.push(("What to do".to_owned(), given.plan.clone()));
        answer.push(("What to watch for".to_owned(), given.safety_net.clone()));
        let line = |line: &Line| format!("{} ({})", line.what, holder_words(&state.parts().place, line.owner.word()));
        if !given.lines.is_empty() {
            answer.push(("Promised".to_owned(), given.lines.iter().map(line).collect::<Vec<_>>().join("; ")));
        }
        answer.push(("Given".to_owned(), said(at)));
    }
    let mut facts = vec![("Kind of question".to_owned(), question.kind.said().to_owned())];
    if !question.tried.is_empty() {
        facts.push(("What has been tried".to_owned(), question.tried.clone()));
    }
    let leave = if advice.is_authorised() { "Yes: the person knows and agrees" } else { "No" };
    facts.push(("The specialist may refer".to_owned(), leave.to_owned()));
    if let Some(outcome) = advice.outcome() {
        facts.push(("What came of it".to_owned(), outcome.said().to_owned()));
    }
    if let Some(referral) = advice.referral() {
        facts.push(("Referred".to_owned(), format!("{}: {}", referral.decided_by.name, referral.because)));
    }
    Ok(View {
        shell: Shell {
            person: Some(banner(state, record, who.at)),
            ..who.shell("A question to a consultant", Section::People)
        },
        specialty: specialty_name(state, &question.specialty),
        action: format!("/advice/questions/{id}"),
        tag: question_tag(stands).to_owned(),
        facts,
        messages: std::iter::once(first).chain(later).collect(),
        answer,
        files: files(id, advice),
        clocks: clocks::of(&state.parts().place, &[WRITTEN], &read.moments, who.at)?,
        may: May {
            reply: asker && open,
            ask_back: specialist && stands == Stands::WithSpecialty,
            answer: specialist && open,
            refer: specialist && open && advice.may_be_converted() || asker && stands == Stands::Answered,
            close: asker && stands == Stands::Answered,
        },
        outcomes: Outcome::ALL.iter().map(|one| (one.word().to_owned(), one.said().to_owned())).collect(),
        ..View::default()
    })
}

/// A question as it stands.
pub(crate) async fn page(Shared(state): Shared<State>, who: Who, Id(id): Id) -> Result<Response, Trouble> {
    let live = live::address(&state, &who, live::Page::Question(id)).await;
    let read = read(&state, &who, id).await?;
    let mut view = shown(&state, &who, id, &read)?;
    view.shell.live = live;
    Ok(Html(view.to_string()).into_response())
}

/// The number of a file in an address.
pub(crate) struct Numbered(Uuid, usize);

impl FromRequestParts<State> for Numbered {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Trouble> {
        let axum::extract::Path((question, number)) =
            axum::extract::Path::from_request_parts(parts, state).await.map_err(|_| Trouble::NotFound)?;
        Ok(Self(question, number))
    }
}

/// A file of a question, to be kept by whoever opens it: no browser shows it as a page of ours.
pub(crate) async fn file(
    Shared(state): Shared<State>,
    who: Who,
    Numbered(id, number): Numbered,
) -> Result<Response, Trouble> {
    let read = read(&state, &who, id).await?;
    let found = number.checked_sub(1).and_then(|number| read.advice.attachments().nth(number)).cloned();
    let found = found.ok_or(Trouble::NotFound)?;
    let Some(hash) = found.digest() else { return Err(Trouble::Broken("a file without a hash".to_owned())) };
    let bytes = state.read(move |tx| store::blob::get(tx, &hash)).await?;
    let mut response = bytes.into_response();
    let head = response.headers_mut();
    // One of the four kinds that are taken, found in its own bytes.
    let media = HeaderValue::from_str(&found.media).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    head.insert(header::CONTENT_TYPE, media);
    if let Ok(saved) = HeaderValue::from_str(&saved_as(&found.name)) {
        head.insert(header::CONTENT_DISPOSITION, saved);
    }
    Ok(response)
}

/// How a browser is told to keep a file and not to show it (RFC 6266): plain letters for old ones, every letter for others.
fn saved_as(name: &str) -> String {
    let plain: String = name.chars().map(|one| if one.is_ascii() && one != '"' { one } else { '_' }).collect();
    let kept = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    let all: String = name
        .bytes()
        .map(|byte| if kept(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{all}")
}

/// The files of a question: words, where each is had.
pub(in crate::desk) fn files(id: Uuid, advice: &Advice) -> Vec<(String, String)> {
    let link = |(number, file): (usize, &Attachment)| {
        let words = format!("{} ({}, {})", file.name, media_said(&file.media), size(file.size));
        (words, format!("/advice/questions/{id}/files/{number}"))
    };
    (1..).zip(advice.attachments()).map(link).collect()
}

/// How large a file is, in words.
fn size(bytes: u64) -> String {
    if bytes < 1_000_000 {
        format!("{} KB", bytes.div_ceil(1_000))
    } else {
        format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000)
    }
}

/// What a file is, in a word.
fn media_said(media: &str) -> &'static str {
    match media {
        "image/jpeg" | "image/png" => "picture",
        "application/pdf" => "PDF",
        _ => "text",
    }
}

/// How old somebody is, by their record.
fn age(identity: &Identity, who: &Who) -> Age {
    let years = identity.birth_date.map(|birth| age_years(birth, london_date(who.at)));
    match years.and_then(|years| u8::try_from(years).ok()) {
        Some(years) => Age::Known { years, source: format!("the record on {}", uk_date(london_date(who.at))) },
        None => Age::Unknown {},
    }
}

/// A press on a question's page.
pub(crate) async fn press(
    Shared(state): Shared<State>,
    Id(id): Id,
    SentWithFiles { who, fields, files }: SentWithFiles,
) -> Result<Response, Trouble> {
    let read = read(&state, &who, id).await?;
    let (attachments, blobs) = match attached(files) {
        Ok(taken) => taken,
        Err(refused) => return wrong(&state, &who, id, &read, &fields, again(&refused)),
    };
    let by = who.subject.clone();
    let words = |name: &str| fields.get(name).to_owned();
    let asked = match fields.get("do") {
        "reply" => Command::Reply { by, words: words("reply"), attachments },
        "back" => Command::AskBack { by, words: words("back") },
        "answer" => {
            let Some((question, _)) = read.advice.question() else { return Err(Trouble::NotFound) };
            let promised = fields.get("promised").lines().map(str::trim).filter(|line| !line.is_empty());
            let line = |what: &str| Line { what: what.to_owned(), owner: question.team.clone(), by: None };
            let lines = promised.map(line).collect();
            let (plan, safety_net) = (words("plan"), words("safety"));
            Command::Answer { by, answer: Answer { plan, safety_net, lines, in_practice: true } }
        }
        "close" => match Outcome::from_word(fields.get("outcome")) {
            Some(outcome) => Command::Close { by, outcome },
            None => return wrong(&state, &who, id, &read, &fields, "Choose what came of it".to_owned()),
        },
        "refer" => return referred(&state, &who, id, read, &fields).await,
        _ => return Err(Trouble::BadRequest("The form was not complete. Open the page again.")),
    };
    match command(&state, &who, id, asked, blobs).await {
        Ok(()) => Ok(Redirect::to(&format!("/advice/questions/{id}")).into_response()),
        Err(Refused::Rules(refusal)) => wrong(&state, &who, id, &read, &fields, capital(&refusal.to_string())),
        Err(Refused::Store(error)) => Err(error.into()),
    }
}

fn wrong(state: &State, who: &Who, id: Uuid, read: &Read, fields: &Fields, error: String) -> Result<Response, Trouble> {
    let view = View { error: Some(error), words: fields.get("plan").to_owned(), ..shown(state, who, id, read)? };
    Ok(Html(view.to_string()).into_response())
}

async fn referred(state: &State, who: &Who, id: Uuid, read: Read, fields: &Fields) -> Result<Response, Trouble> {
    let decided = Decided {
        by: who.subject.clone(),
        because: fields.get("because").to_owned(),
        age: age(&read.record.identity, who),
        person: read.person,
    };
    let at = who.at;
    let writing = move |write: &mut Write<'_>| refer(write, id, decided.clone(), at).map(|_| ());
    match state.parts().store.write_async(writing).await {
        Ok(()) => Ok(Redirect::to(&format!("/advice/questions/{id}")).into_response()),
        Err(Refused::Rules(refusal)) => {
            wrong(state, who, id, &read, fields, refused(&state.parts().place, &refusal, refusal.team()))
        }
        Err(Refused::Store(error)) => Err(error.into()),
    }
}
