//! `POST /fhir/$process-message`: a booking-and-referral message becomes an ask for help, or adds to one, or takes one back, in one
//! transaction with the message itself. A message of which nothing can be made is set aside with its reason, and its sender is
//! told field by field. What is read of a message is `care`'s, how it is kept is the record's, who may is the gate's.

use std::sync::Arc;

use access::{AskPermit, Denied};
use axum::http::StatusCode;
use care::Team;
use care::age::Age;
use care::ask::bars::answer::{Went, answer};
use care::ask::bars::envelope::{Envelope, Wish};
use care::ask::bars::{self, Referral};
use care::ask::{Act, Ask, nobody_of};
use care::views::ask::person_of;
use fhir::issue::{Code, Issue, Severity};
use jiff::Timestamp;
use record::feed::Reason;
use record::find::{Described, described};
use record::posted::{self, Became, Before, Posted};
use serde_json::Value;
use store::{Refused, Write};
use uuid::Uuid;

use super::answer::{Answer, Refusal, told};
use super::asked::Asked;
use super::wish::{Sent, sent};
use crate::words::{age_years, london_date};

/// The events that are a word of the standard, and so may stand on a page.
const EVENTS: [&str; 4] = ["servicerequest-request", "servicerequest-response", "booking-request", "booking-response"];

/// What somebody is told who asks for help for themselves, or for those of their home, and looks nobody else up.
const BY_FORM: &str = "A message says in words whom it is for, and who that is has to be looked up in the record; you do not look people up. \
                       Nothing was kept. Ask by the form on Weft\u{2019}s pages, under Asks: it goes to the same desk, with the same clocks";

/// Why nothing is made of a message.
#[derive(Debug, Clone)]
struct No {
    status: StatusCode,
    /// The word by which its reason is counted.
    code: &'static str,
    issues: Vec<Issue>,
}

impl No {
    fn one(status: StatusCode, code: &'static str, issue: Issue) -> Self {
        Self { status, code, issues: vec![issue] }
    }

    fn fields(code: &'static str, wrong: Vec<bars::NotRead>) -> Self {
        let issues = wrong.into_iter().map(|one| Issue::error(Code::Value, one.to_string()).at(one.place));
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, code, issues: issues.collect() }
    }

    /// As the list of what waits says it: the places, and no word of the message.
    fn reason(&self) -> Reason {
        let places: Vec<&str> = self.issues.iter().filter_map(|issue| issue.at.as_deref()).collect();
        let what = match self.code {
            "not-json" => "It is no JSON.".to_owned(),
            "id-used-before" => "Its id, or that of its referral, was used before for other words.".to_owned(),
            "no-such-referral" => "It is about a referral that has not come.".to_owned(),
            "refused-by-the-ask" => "The ask it is about does not allow it as it stands now.".to_owned(),
            _ if places.is_empty() => "It cannot be used.".to_owned(),
            _ => format!("This cannot be used: {}.", places.join(", ")),
        };
        let reason = Reason::new(self.code, format!("{what} Its sender was told, and can send it again."));
        match places.first() {
            Some(place) => reason.at(*place),
            None => reason,
        }
    }
}

/// What is to be done.
#[derive(Debug)]
enum Plan {
    /// Make the ask: for whom, whether they were found, how old they are.
    New { person: Uuid, found: bool, age: Age },
    /// Do this to the ask that there is.
    Then(Act),
}

/// A message on its way.
struct Message {
    client: String,
    value: Option<Value>,
    envelope: Envelope,
    posted: Posted,
    /// The ask it is about, as far as that can be told.
    ask: Option<Uuid>,
}

impl Message {
    fn of(client: String, raw: &[u8]) -> (Self, Option<No>) {
        let read = serde_json::from_slice::<Value>(raw);
        let wrong = read.as_ref().err().map(|error| {
            let words = format!("the message is not JSON (line {}, column {})", error.line(), error.column());
            No::one(StatusCode::BAD_REQUEST, "not-json", Issue::error(Code::Structure, words))
        });
        let value = read.ok();
        let envelope = value.as_ref().map(Envelope::of).unwrap_or_default();
        let kind = envelope.event.as_deref().filter(|event| EVENTS.contains(event)).unwrap_or_default();
        let posted = Posted::of(&client, envelope.id.as_deref(), kind, raw, value.as_ref());
        let ask = envelope.ask(&client);
        (Self { client, value, envelope, posted, ask }, wrong)
    }
}

/// What became of a message: its id and time here, and the ask, or why not.
struct Settled {
    message: Uuid,
    at: Timestamp,
    ended: Result<Uuid, No>,
}

/// `POST /fhir/$process-message`.
pub(super) async fn process(asked: Asked<'_>) -> Result<Answer, Refusal> {
    asked.only_parameters(&[])?;
    sent(asked.headers, Sent::Json)?;
    if asked.body.trim_ascii().is_empty() {
        return Err(Refusal::bad(Code::Required, "There is no message in the body. Send a Bundle of type message."));
    }
    let gate = &asked.state.parts().gate;
    // Whoever asks for nobody at all has nothing to say here, and nothing of theirs is kept.
    gate.draft(&asked.who.asking()).await?;
    // Nor does whoever may not look up whom a message describes: that it was found, or was not, would tell who is in the record.
    match gate.search(&asked.who.asking()).await {
        Err(denied @ (Denied::Policy(_) | Denied::Closed(_))) => {
            let mut refusal = Refusal::from(denied);
            let words = BY_FORM.to_owned();
            refusal.issues.push(Issue { severity: Severity::Information, code: Code::Informational, words, at: None });
            return Err(refusal);
        }
        other => {
            other?;
        }
    }
    let client = asked.who.subject.actor();
    let raw = asked.body.clone();
    let fault = |_| Refusal::broken("reading a message stopped on a fault of the program");
    let (message, wrong) = tokio::task::spawn_blocking(move || Message::of(client, &raw)).await.map_err(fault)?;
    let (plan, permit) = match wrong {
        Some(no) => (Err(no), None),
        None => planned(&asked, &message).await?,
    };
    let (at, team) = (asked.who.at, team(&asked));
    // A time is kept to the microsecond; what is answered twice has to be the same.
    let at = Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at);
    let message = Arc::new(message);
    let (writing, plan) = (message.clone(), Arc::new(plan));
    let done = asked
        .state
        .parts()
        .store
        .write_async(move |write| settle(write, &writing, &plan, permit.as_ref(), team.as_ref(), at))
        .await?;
    Ok(said(&asked, &message, &done))
}

/// The team in whose name the client sends, as on the pages: the first it acts for. It has the ask until the door has taken it, and
/// follows it by that.
fn team(asked: &Asked<'_>) -> Option<Team> {
    asked.who.subject.teams.iter().find_map(|word| Team::try_from(word.clone()).ok())
}

type Planned = (Result<Plan, No>, Option<AskPermit>);

/// What is to be done, with leave for whom it is for: that is written down before anything of it is.
async fn planned(asked: &Asked<'_>, message: &Message) -> Result<Planned, Refusal> {
    let gate = &asked.state.parts().gate;
    let wish = match message.envelope.wish() {
        Ok(wish) => wish,
        Err(wrong) => return Ok((Err(No::fields("not-taken-here", wrong)), None)),
    };
    let referral = match (&message.value, wish) {
        (Some(value), Wish::New | Wish::Update) => match bars::read(value, asked.who.at) {
            Ok(referral) => Some(referral),
            Err(wrong) => return Ok((Err(No::fields("referral-incomplete", wrong)), None)),
        },
        _ => None,
    };
    let Some(ask) = message.ask else {
        let wrong = bars::NotRead { place: "MessageHeader.focus", why: "does not say which referral it is".to_owned() };
        return Ok((Err(No::fields("referral-incomplete", vec![wrong])), None));
    };
    let stands = asked.read(true, move |tx| person_of(tx, ask)).await?;
    if let (Wish::Update | Wish::Cancel, None) = (wish, stands) {
        let words = "there is no ask for help from this referral: you have not sent it, or not under this identifier and sender";
        let issue = Issue::error(Code::NotFound, words).at("ServiceRequest.identifier");
        return Ok((Err(No::one(StatusCode::UNPROCESSABLE_ENTITY, "no-such-referral", issue)), None));
    }
    let plan = match (wish, &referral) {
        (Wish::Cancel, _) => {
            let because = message.envelope.taken_back();
            let because = because.ok_or_else(|| Refusal::broken("a referral was taken back without a word"))?;
            Plan::Then(Act::Withdraw { because })
        }
        (Wish::Update, Some(referral)) => Plan::Then(Act::AddWords { words: referral.added() }),
        (_, Some(referral)) => who(asked, message, referral, ask, stands).await?,
        // Every other wish was read above.
        (_, None) => return Err(Refusal::broken("a message was read and has no referral")),
    };
    let person = match &plan {
        Plan::New { person, .. } => *person,
        Plan::Then(_) => stands.unwrap_or(ask),
    };
    let permit = gate.make_ask(&asked.who.asking(), person).await?;
    Ok((Ok(plan), Some(permit)))
}

/// For whom a new ask is: who it stands under where it has been made, else whom the record knows by this description, else
/// somebody nobody has found.
async fn who(
    asked: &Asked<'_>,
    message: &Message,
    referral: &Referral,
    ask: Uuid,
    stands: Option<Uuid>,
) -> Result<Plan, Refusal> {
    let years = |born| u8::try_from(age_years(born, london_date(asked.who.at))).ok();
    let known = |born: Option<jiff::civil::Date>, source: &str| match born.and_then(years) {
        Some(years) => Age::Known { years, source: source.to_owned() },
        None => Age::Unknown {},
    };
    let age = known(referral.person.born, "the sender\u{2019}s message");
    if let Some(person) = stands {
        return Ok(Plan::New { person, found: true, age });
    }
    let permit = asked.state.parts().gate.search(&asked.who.asking()).await?;
    let patient = message.value.as_ref().and_then(bars::patient_of).cloned().unwrap_or_default();
    let index = asked.state.parts().index.clone();
    let found = asked.read(false, move |tx| described(tx, index.as_ref(), &permit, &patient)).await?;
    Ok(match found {
        Described::One(person, born) => {
            Plan::New { person, found: true, age: if born.is_some() { known(born, "the record") } else { age } }
        }
        Described::Nobody => Plan::New { person: nobody_of(ask), found: false, age },
    })
}

/// The writer's part: what is planned is done and the message kept with what became of it, or the message is set aside. All of it
/// or nothing.
fn settle(
    write: &mut Write<'_>,
    message: &Message,
    plan: &Result<Plan, No>,
    permit: Option<&AskPermit>,
    team: Option<&Team>,
    at: Timestamp,
) -> store::Result<Settled> {
    let (posted, actor) = (&message.posted, message.client.as_str());
    let before = posted::before(write.tx(), posted)?;
    if let (Before::TakenIn(of, came), Some(ask)) = (before, message.ask) {
        posted::repeated(write, posted, of, actor, at)?;
        return Ok(Settled { message: of, at: came, ended: Ok(ask) });
    }
    let ended = match (plan, permit, message.ask) {
        (Err(no), ..) => Err(no.clone()),
        (Ok(_), ..) if posted.barred().is_some() => Err(barred()),
        (Ok(_), ..) if matches!(before, Before::IdUsed(_)) => Err(used("Bundle.id")),
        (Ok(plan), Some(permit), Some(ask)) => done(write, message, ask, plan, permit, team, at)?.map(|()| ask),
        (Ok(_), ..) => return Err(store::Error::Backend("a message was planned without leave".to_owned())),
    };
    let became = match &ended {
        Ok(ask) => {
            // Somebody who was only described is nobody of the record yet.
            let person = person_of(write.tx(), *ask)?;
            let known = person.map(|person| record::summary::root(write.tx(), person)).transpose()?.flatten();
            Became::Made(known.into_iter().collect())
        }
        Err(no) => Became::Waits(posted.barred().unwrap_or_else(|| no.reason())),
    };
    let kept = posted::keep(write, posted, before, became, actor, at)?;
    // The same words set aside twice are answered as they were the first time.
    let (id, at) = match (before, &ended) {
        (Before::SetAside(of, came) | Before::IdUsed(Some((of, came))), Err(_)) => (of, came),
        _ => (kept, at),
    };
    Ok(Settled { message: id, at, ended })
}

fn barred() -> No {
    let words =
        "the message holds an entry that the law lets few people see: send the referral again without that entry";
    No::one(
        StatusCode::UNPROCESSABLE_ENTITY,
        record::ingest::LEGALLY_RESTRICTED,
        Issue::error(Code::BusinessRule, words),
    )
}

fn used(place: &'static str) -> No {
    let words = "this was sent before, with other words. Nothing of what was sent has changed: send an update of the referral, with an id of \
                 its own";
    No::one(StatusCode::CONFLICT, "id-used-before", Issue::error(Code::Duplicate, words).at(place))
}

/// Does what is planned. In a part of its own, so that a refusal half-way leaves nothing.
fn done(
    write: &mut Write<'_>,
    message: &Message,
    ask: Uuid,
    plan: &Plan,
    permit: &AskPermit,
    team: Option<&Team>,
    at: Timestamp,
) -> store::Result<Result<(), No>> {
    let act = match plan {
        Plan::Then(act) => act.clone(),
        Plan::New { person, found, age } => {
            let (standing, _) = store::aggregate::load::<Ask>(&store::log::stream(write.tx(), ask)?)?;
            if let (Some(request), Some(submitted)) = (standing.request(), standing.submitted()) {
                // Sent again in another message: what it says of how soon is read as of when it was sent.
                let whom = &request.whom;
                let again =
                    message.value.as_ref().and_then(|value| bars::read(value, submitted).ok()).map(|referral| {
                        let found = whom.described.is_none();
                        referral.request(whom.person, found, whom.age.clone(), request.asked_for.clone(), team.cloned())
                    });
                return Ok(if again.as_ref() == Some(request) {
                    Ok(())
                } else {
                    Err(used("ServiceRequest.identifier"))
                });
            }
            let Some(referral) = message.value.as_ref().and_then(|value| bars::read(value, at).ok()) else {
                return Err(store::Error::Backend("a message was read once and not twice".to_owned()));
            };
            let door = Team::single_point_of_access();
            Act::Submit(Box::new(referral.request(*person, *found, age.clone(), door, team.cloned())))
        }
    };
    match write.part(|write| care::ask::act(write, permit, ask, act, at)) {
        Ok(_) => Ok(Ok(())),
        Err(Refused::Store(error)) => Err(error),
        Err(Refused::Rules(refusal)) => Ok(Err(No::one(
            StatusCode::UNPROCESSABLE_ENTITY,
            "refused-by-the-ask",
            Issue::error(Code::BusinessRule, refusal.to_string()),
        ))),
    }
}

/// The answer: a message that answers a message; an OperationOutcome where what came was none.
fn said(asked: &Asked<'_>, message: &Message, done: &Settled) -> Answer {
    let (status, text, ask) = match &done.ended {
        Ok(ask) => {
            let words = format!(
                "the referral is an ask for help, offered to the single point of access. Follow it at ServiceRequest/{ask} and Task?focus=ServiceRequest/{ask}"
            );
            let issue = Issue { severity: Severity::Information, code: Code::Informational, words, at: None };
            (StatusCode::OK, told(&[issue]), Some(*ask))
        }
        Err(no) => {
            let mut issues = no.issues.clone();
            let words = format!(
                "nothing was made of the message, and nothing of it is lost: it was kept, as number {}. Mend it and send it again",
                done.message
            );
            issues.push(Issue { severity: Severity::Information, code: Code::Informational, words, at: None });
            (no.status, told(&issues), None)
        }
    };
    if !message.envelope.is_message() {
        return Answer::with(status, text);
    }
    let outcome: Value = serde_json::from_str(&text).unwrap_or_default();
    let endpoint = format!("{}/$process-message", asked.base);
    let went = Went { message: done.message, at: done.at, ask, outcome: &outcome, endpoint: &endpoint };
    Answer::with(status, answer(&message.envelope, &went).to_string())
}
