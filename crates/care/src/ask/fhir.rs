//! An ask as FHIR R4 says it: a `ServiceRequest` (UK Core), a `Task` for the work on it and one for every hop, a `Communication`
//! for every question and answer. Made from the log each time and never stored; must not know HTTP, nor who may read it.
//!
//! FHIR has no word for "whoever asked has been told": here that is a `Communication` with the status `completed`.

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use store::{Entry, Result, aggregate};
use uuid::Uuid;

use super::{Answered, Ask, Event, Kind, Request, State, Urgency};
use crate::hop::Answer;
use crate::reciprocal::Reply;
use crate::team::Team;
use crate::triage::Decision;

const UK_CORE: &str = "https://fhir.hl7.org.uk/StructureDefinition/";
/// The system of an ask's own id.
pub const ASK_ID: &str = "https://weft.example/id/ask";
/// The system of a team's word.
pub const TEAM_ID: &str = "https://weft.example/id/team";
const ODS: &str = "https://fhir.nhs.uk/Id/ods-organization-code";
/// The system of the words of this module: state, kind, ending.
const WORDS: &str = "https://weft.example/code/ask";

/// The types of what an ask is in FHIR.
pub const KINDS: [&str; 3] = ["ServiceRequest", "Task", "Communication"];

/// The ask that one of these resources is of, by its type and id.
#[must_use]
pub fn ask_of(kind: &str, id: &str) -> Option<Uuid> {
    if !KINDS.contains(&kind) {
        return None;
    }
    let (ask, part) = id.split_at_checked(36)?;
    let ask: Uuid = ask.parse().ok().filter(|read: &Uuid| read.to_string() == ask)?;
    ((kind == "ServiceRequest") == part.is_empty() && (part.is_empty() || part.starts_with('.'))).then_some(ask)
}

/// Everything FHIR has to say of one ask, the `ServiceRequest` first; nothing of one that has not been sent. `patient` is the id of
/// the Patient whom it is for; `None` where nobody has been found yet, or no source says who they are. Teams are displayed by the names
/// that `named` knows.
///
/// # Errors
/// Where an entry of its history cannot be read.
pub fn resources(
    id: Uuid,
    patient: Option<&str>,
    history: &[Entry],
    named: &dyn Fn(&Team) -> String,
) -> Result<Vec<Value>> {
    let (ask, _) = aggregate::load::<Ask>(history)?;
    let Some(request) = ask.request() else { return Ok(Vec::new()) };
    let subject = match (patient, &request.whom.described) {
        (Some(patient), _) => json!({"reference": format!("Patient/{patient}")}),
        (None, Some(described)) => json!({"type": "Patient", "display": described.as_str()}),
        (None, None) => json!({"type": "Patient", "display": "somebody of whom no source says who they are"}),
    };
    let base = Base { id, subject, ask: &ask, named };
    let mut steps = Vec::new();
    for entry in history {
        steps.push((entry, aggregate::read::<Ask>(entry)?));
    }
    let changed = history.last().map_or(Timestamp::UNIX_EPOCH, |entry| entry.at);
    let mut all = vec![base.service_request(request, changed), base.work(changed)];
    all.extend(base.hops(&steps));
    all.extend(base.reciprocals(&steps));
    all.extend(base.communications(&steps));
    let version = history.len().to_string();
    for one in &mut all {
        if let Some(meta) = one["meta"].as_object_mut() {
            // Each is the ask as it stands: they change together.
            meta.insert("versionId".to_owned(), json!(version));
            meta.insert("lastUpdated".to_owned(), json!(changed.to_string()));
        }
    }
    Ok(all)
}

/// The word of FHIR's `request-status` for an ask.
fn request_status(ask: &Ask) -> &'static str {
    let declined = matches!(ask.triage().map(|triage| &triage.decision), Some(Decision::Declined { .. }));
    match ask.state() {
        State::New | State::Draft => "draft",
        State::Withdrawn | State::Died => "revoked",
        State::OutcomeRecorded | State::Closed if ended_early(ask) || declined => "revoked",
        State::Closed => "completed",
        State::Decided if declined => "revoked",
        _ => "active",
    }
}

/// Taken back, or the person has died: there was nothing to complete.
fn ended_early(ask: &Ask) -> bool {
    use super::Ending;
    matches!(ask.ending(), Some(Ending::NotWanted | Ending::Died))
}

/// The word of FHIR's `task-status` for the work on an ask.
fn task_status(state: State) -> &'static str {
    match state {
        State::New | State::Draft => "draft",
        State::Submitted => "requested",
        State::Received => "received",
        State::MoreInfoAsked | State::CannotContact => "on-hold",
        State::Withdrawn | State::Died => "cancelled",
        State::Closed => "completed",
        State::Triaging
        | State::Decided
        | State::Scheduled
        | State::Attended
        | State::InTreatment
        | State::OutcomeRecorded => "in-progress",
    }
}

/// FHIR's `request-priority`. Its four words are relative; what was asked stands in words beside it.
fn priority(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::TwoHours => "stat",
        Urgency::SameDay => "asap",
        Urgency::TwoDays => "urgent",
        Urgency::Routine => "routine",
    }
}

fn concept(code: &str, said: &str) -> Value {
    json!({"coding": [{"system": WORDS, "code": code, "display": said}], "text": said})
}

fn text(said: impl std::fmt::Display) -> Value {
    json!({"text": said.to_string()})
}

/// What every resource of one ask shares.
struct Base<'a> {
    id: Uuid,
    subject: Value,
    ask: &'a Ask,
    named: &'a dyn Fn(&Team) -> String,
}

impl Base<'_> {
    fn focus(&self) -> Value {
        json!({"reference": format!("ServiceRequest/{}", self.id)})
    }

    fn team(&self, team: &Team) -> Value {
        let (kind, name) = team.parts();
        let (system, value) = if kind == "ods" { (ODS, name) } else { (TEAM_ID, team.word()) };
        json!({"identifier": {"system": system, "value": value}, "display": (self.named)(team)})
    }

    fn other(&self, what: &str, number: i64) -> String {
        format!("{}.{what}-{number}", self.id)
    }

    fn service_request(&self, request: &Request, changed: Timestamp) -> Value {
        let mut made = json!({
            "resourceType": "ServiceRequest",
            "id": self.id.to_string(),
            "meta": {"lastUpdated": changed.to_string(), "profile": [format!("{UK_CORE}UKCore-ServiceRequest")]},
            "extension": [{
                "url": format!("{UK_CORE}Extension-UKCore-SourceOfServiceRequest"),
                "valueCodeableConcept": text(&request.asked_by.relation),
            }],
            "identifier": [{"system": ASK_ID, "value": self.id.to_string()}],
            "status": request_status(self.ask),
            // A question for advice proposes; everything else asks for something to be done.
            "intent": if request.kind == Kind::Advice { "proposal" } else { "order" },
            "category": [concept(request.kind.word(), request.kind.said())],
            "priority": priority(request.urgency),
            "_priority": {"extension": [{
                "url": format!("{UK_CORE}Extension-UKCore-PriorityReason"),
                "valueCodeableConcept": text(format!("Asked for {}. {}", request.urgency.said(), request.worries)),
            }]},
            "subject": self.subject,
            "requester": {"display": format!("{}, {}", request.asked_by.name, request.asked_by.relation)},
            "performer": [self.team(self.ask.owner().unwrap_or(&request.asked_for))],
            "reasonCode": [text(&request.happened)],
            "note": [
                {"text": format!("What worries whoever asked: {}", request.worries)},
                {"text": format!("Without help: {}", request.otherwise.said())},
            ],
        });
        if let Some(at) = self.ask.submitted() {
            set(&mut made, "authoredOn", json!(at.to_string()));
        }
        if let Some(by) = self.ask.submitted().and_then(|at| request.urgency.by(at).map(|by| (at, by))) {
            set(&mut made, "occurrencePeriod", json!({"start": by.0.to_string(), "end": by.1.to_string()}));
        }
        made
    }

    /// The work on the ask, whoever has it.
    fn work(&self, changed: Timestamp) -> Value {
        let mut made = json!({
            "resourceType": "Task",
            "id": self.other("work", 0),
            "meta": {"lastUpdated": changed.to_string(), "profile": [format!("{UK_CORE}UKCore-Task")]},
            "status": task_status(self.ask.state()),
            "businessStatus": concept(self.ask.state().word(), self.ask.state().said()),
            "intent": "order",
            "focus": self.focus(),
            "for": self.subject,
            "lastModified": changed.to_string(),
        });
        if let Some(owner) = self.ask.owner() {
            set(&mut made, "owner", self.team(owner));
        }
        if let Some(at) = self.ask.submitted() {
            set(&mut made, "authoredOn", json!(at.to_string()));
        }
        if let Some(ending) = self.ask.ending() {
            let output = json!({"type": concept("outcome", "outcome"), "valueCodeableConcept": concept(ending.word(), ending.said())});
            set(&mut made, "output", json!([output]));
        }
        made
    }

    /// A task for each hop: the new owner's to accept.
    fn hops(&self, steps: &[(&Entry, Event)]) -> Vec<Value> {
        let mut tasks: Vec<Value> = Vec::new();
        for (entry, event) in steps {
            let (answer, because) = match event {
                Event::HopOffered { from, to, note, .. } => {
                    tasks.push(json!({
                        "resourceType": "Task",
                        "id": self.other("hop", entry.version),
                        "meta": {"profile": [format!("{UK_CORE}UKCore-Task")]},
                        "partOf": [{"reference": format!("Task/{}", self.other("work", 0))}],
                        "status": "requested",
                        "intent": "order",
                        "focus": self.focus(),
                        "for": self.subject,
                        "requester": self.team(from),
                        "owner": self.team(to),
                        "authoredOn": entry.at.to_string(),
                        "lastModified": entry.at.to_string(),
                        "description": note.as_str(),
                    }));
                    continue;
                }
                Event::HopAccepted { .. } => (Answer::Accepted, None),
                Event::HopReturned { because, .. } => (Answer::Returned, Some(because)),
                Event::HopTakenBack { because, .. } => (Answer::TakenBack, Some(because)),
                _ => continue,
            };
            let Some(task) = tasks.last_mut() else { continue };
            let status = match answer {
                Answer::Accepted => "accepted",
                Answer::Returned => "rejected",
                Answer::TakenBack => "cancelled",
            };
            set(task, "status", json!(status));
            set(task, "lastModified", json!(entry.at.to_string()));
            if let Some(because) = because {
                set(task, "statusReason", text(because));
            }
        }
        if self.ask.state() == State::Closed {
            for task in tasks.iter_mut().filter(|task| task["status"] == "accepted") {
                set(task, "status", json!("completed"));
            }
        }
        tasks
    }

    /// A task for each thing that the borough next door was asked.
    fn reciprocals(&self, steps: &[(&Entry, Event)]) -> Vec<Value> {
        let mut tasks: Vec<Value> = Vec::new();
        for (entry, event) in steps {
            match event {
                Event::ReciprocalAsked { reciprocal, .. } => tasks.push(json!({
                    "resourceType": "Task",
                    "id": self.other("neighbour", entry.version),
                    "meta": {"profile": [format!("{UK_CORE}UKCore-Task")]},
                    "partOf": [{"reference": format!("Task/{}", self.other("work", 0))}],
                    "status": "requested",
                    "intent": "order",
                    "focus": self.focus(),
                    "for": self.subject,
                    "owner": {"display": format!("{}, {}", reciprocal.named, (self.named)(&reciprocal.neighbour))},
                    "authoredOn": entry.at.to_string(),
                    "lastModified": entry.at.to_string(),
                    "description": reciprocal.what.as_str(),
                    "restriction": {"period": {"end": reciprocal.by.to_string()}},
                })),
                Event::ReciprocalAnswered { reply, .. } => {
                    let Some(task) = tasks.last_mut() else { continue };
                    set(task, "lastModified", json!(entry.at.to_string()));
                    match reply {
                        Reply::Accepted { .. } => set(task, "status", json!("accepted")),
                        Reply::Refused { because, .. } => {
                            set(task, "status", json!("rejected"));
                            set(task, "statusReason", text(because));
                        }
                    }
                }
                _ => {}
            }
        }
        tasks
    }

    fn communication(&self, entry: &Entry, status: &str, words: &str) -> Value {
        let sent = if status == "completed" { json!({"sent": entry.at.to_string()}) } else { json!({}) };
        let mut made = json!({
            "resourceType": "Communication",
            "id": self.other("communication", entry.version),
            "meta": {"lastUpdated": entry.at.to_string(), "profile": [format!("{UK_CORE}UKCore-Communication")]},
            "basedOn": [self.focus()],
            "status": status,
            "subject": self.subject,
            "payload": [{"contentString": words}],
        });
        if let (Some(made), Value::Object(sent)) = (made.as_object_mut(), sent) {
            made.extend(sent);
        }
        made
    }

    /// What was asked back, what was answered, and what whoever asked was told.
    fn communications(&self, steps: &[(&Entry, Event)]) -> Vec<Value> {
        let mut all: Vec<Value> = Vec::new();
        let mut question: Option<String> = None;
        for (entry, event) in steps {
            match event {
                Event::MoreInfoAsked { question: words, .. } => {
                    let mut made = self.communication(entry, "completed", words.as_str());
                    set(&mut made, "topic", concept("question", "a question"));
                    question = made["id"].as_str().map(str::to_owned);
                    all.push(made);
                }
                Event::MoreInfoGiven { words, .. } => {
                    let mut made = self.communication(entry, "completed", words.as_str());
                    if let Some(question) = question.take() {
                        set(&mut made, "inResponseTo", json!([{"reference": format!("Communication/{question}")}]));
                    }
                    all.push(made);
                }
                Event::AnswerSent { to, how, words, .. } => {
                    let mut made = self.communication(entry, "completed", words.as_str());
                    set(&mut made, "topic", concept("answer", "the answer"));
                    set(&mut made, "recipient", json!([{"display": to.as_str()}]));
                    set(&mut made, "medium", json!([text(how)]));
                    all.push(made);
                }
                Event::AnswerNotSent { because, .. } => {
                    let mut made = self.communication(entry, "not-done", "The answer");
                    set(&mut made, "topic", concept("answer", "the answer"));
                    set(&mut made, "statusReason", text(because));
                    all.push(made);
                }
                // A decline carries its alternative, told or still to be told.
                Event::TriageDecided { triage, .. } => {
                    if let Decision::Declined { .. } = &triage.decision {
                        let told = self.ask.answered() == Some(Answered::Sent);
                        let status = if told { "completed" } else { "preparation" };
                        let mut made =
                            self.communication(entry, status, &super::decision_with(&triage.decision, self.named));
                        set(&mut made, "topic", concept("alternative", "what instead, and who sees to it"));
                        all.push(made);
                    }
                }
                _ => {}
            }
        }
        all
    }
}

fn set(resource: &mut Value, name: &str, value: Value) {
    if let Some(fields) = resource.as_object_mut() {
        let fields: &mut Map<String, Value> = fields;
        fields.insert(name.to_owned(), value);
    }
}

#[cfg(test)]
mod tests;
