//! Written questions: the form, and one question from its asking to what came of it, with a permit for the person.

use axum::extract::{FromRequestParts, State as Shared};
use axum::http::request::Parts;
use axum::response::{Html, IntoResponse, Redirect, Response};
use care::advice::refer::{Decided, refer};
use care::advice::{Advice, Answer, Command, Kind, Line, Outcome, Question, Refusal, Stands};
use care::age::Age;
use care::views::advice as questions;
use record::identity::Identity;
use record::summary::{Record, record, root};
use store::{Refused, Write};
use uuid::Uuid;

use super::super::person::{banner, capital, href};
use super::super::record::{Opened, closed, open, unseen};
use super::super::seal::holder_words;
use super::{form_id, only_clinicians, question_tag, said, sent_id, specialty_name, team_of};
use crate::app::{State, Trouble};
use crate::layout::{Section, Shell};
use crate::live;
use crate::pages::advice::{May, Message, Question as View, Write as FormView};
use crate::session::{Fields, Id, Sent, Who};
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
) -> Result<Response, Trouble> {
    form(&state, &who, (person, &specialty), &Fields::default(), None).await
}

/// A question is sent.
pub(crate) async fn send(
    Shared(state): Shared<State>,
    About(person, specialty): About,
    Sent { who, fields }: Sent,
) -> Result<Response, Trouble> {
    only_clinicians(&who)?;
    let id = sent_id(&fields)?;
    let Some(line) = state.parts().advice.specialties.get(&specialty).cloned() else { return Err(Trouble::NotFound) };
    if state.read(move |tx| root(tx, person)).await? != Some(person) {
        return Err(super::super::record::nobody(&state, &who, access::Action::ReadRecord, person).await);
    }
    let permit = state.parts().gate.make_ask(&who.asking(), person).await.map_err(|no| closed(&who, person, no))?;
    let question = Question {
        by: who.subject.clone(),
        team: team_of(&who)?,
        specialty: specialty.clone(),
        to: line.team,
        person: permit.person(),
        kind: Kind::from_word(fields.get("kind")).unwrap_or(Kind::Management),
        question: fields.get("question").to_owned(),
        tried: fields.get("tried").to_owned(),
        attachments: Vec::new(),
        conversion_agreed: fields.get("agreed") == "yes",
        journey: form_id(&state),
    };
    match command(&state, &who, id, Command::Ask(question)).await {
        Ok(()) | Err(Refused::Rules(Refusal::AskedAlready)) => {
            Ok(Redirect::to(&format!("/advice/questions/{id}")).into_response())
        }
        Err(Refused::Rules(refusal)) => {
            form(&state, &who, (person, &specialty), &fields, Some(capital(&refusal.to_string()))).await
        }
        Err(Refused::Store(error)) => Err(error.into()),
    }
}

async fn command(state: &State, who: &Who, id: Uuid, command: Command) -> Result<(), Refused<Refusal>> {
    let (actor, at, by) = (who.actor(), who.at, who.subject.clone());
    let doing =
        move |write: &mut Write<'_>| care::advice::open::ask(write, id, command.clone(), &by, &actor, at).map(|_| ());
    state.parts().store.write_async(doing).await
}

/// A question that was opened: with the record it is about, as the permit shows it.
struct Read {
    advice: Advice,
    record: Record,
    person: Uuid,
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
    let (advice, record) =
        state.read(move |tx| Ok((questions::read(tx, &permit, &known_as, id)?, record(tx, &permit)?))).await?;
    let advice = advice.filter(|one| one.is_asker(&who.subject) || one.is_specialist(&who.subject));
    match (advice, record) {
        (Some(advice), Some(record)) => Ok(Read { advice, record, person }),
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
    Sent { who, fields }: Sent,
) -> Result<Response, Trouble> {
    let read = read(&state, &who, id).await?;
    let by = who.subject.clone();
    let words = |name: &str| fields.get(name).to_owned();
    let asked = match fields.get("do") {
        "reply" => Command::Reply { by, words: words("reply"), attachments: Vec::new() },
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
    match command(&state, &who, id, asked).await {
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
        Err(Refused::Rules(refusal)) => wrong(state, who, id, &read, fields, capital(&refusal.to_string())),
        Err(Refused::Store(error)) => Err(error.into()),
    }
}
