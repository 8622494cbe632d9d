//! AuditEvent: the looks of the log, as FHIR says them. Read and searched, never written: whoever could write one could also
//! leave one out. A privacy officer finds every look, a person the looks at themselves, everybody else none. What is found is a
//! look of the caller's own before it is sent.

use access::views::audit::{self, AuditRow, Cursor, Query, Size};
use access::{Action, LooksPermit, Role};
use axum::http::{StatusCode, header};
use fhir::issue::{Code, Issue};
use jiff::Timestamp;
use record::oversight::{self, Seen, audit_event, letter};
use serde_json::Value;
use uuid::Uuid;

use super::address::Interaction;
use super::answer::{Answer, Refusal};
use super::asked::Asked;
use super::bundle::{Bundle, Entry, Kind, Search};
use super::form::pairs;
use super::wish::{Sent, sent};

/// The type.
pub(super) const KIND: &str = "AuditEvent";

/// What can be asked of it: name, FHIR's type of parameter, what it means.
pub(super) const PARAMETERS: [(&str, &str, &str); 9] = [
    ("patient", "reference", "Looks at this person's record: Patient/{id}."),
    ("date", "date", "When. Prefixes: eq, ge, gt, le, lt, sa, eb; a second one bounds the other end."),
    ("agent-name", "string", "Who, by the beginning of any word of their name. Not for a person's own looks."),
    ("altid", "token", "Who, by the id they sign in with. Not for a person's own looks."),
    ("agent-role", "token", "Who, by their role in the words of Weft: gp, receptionist."),
    ("action", "token", "R, U or E."),
    ("subtype", "token", "What was done, in the words of Weft: read-record, break-glass."),
    ("outcome", "token", "0: allowed. 4: refused."),
    ("type", "token", "Always rest."),
];

const PAGE: usize = 20;
const MOST: u32 = 200;
/// People named in one event; the others are counted.
const PEOPLE: i64 = 50;
/// Readers one name may mean.
const READERS: usize = 20;

/// Whether an interaction is about this type.
pub(super) fn is_about(interaction: &Interaction) -> bool {
    use Interaction as I;
    match interaction {
        I::Search(kind)
        | I::SearchForm(kind)
        | I::Create(kind)
        | I::UpdateWhere(kind)
        | I::PatchWhere(kind)
        | I::DeleteWhere(kind)
        | I::HistoryOf(kind)
        | I::Read(kind, _)
        | I::Update(kind, _)
        | I::Patch(kind, _)
        | I::Delete(kind, _)
        | I::History(kind, _)
        | I::Version(kind, ..)
        | I::ValidateStored(kind, _) => kind == KIND,
        _ => false,
    }
}

/// Answers an interaction with this type.
pub(super) async fn answer(asked: Asked<'_>, interaction: Interaction) -> Result<Answer, Refusal> {
    match interaction {
        Interaction::Read(_, id) => read(asked, &id).await,
        Interaction::Search(_) => search(asked).await,
        Interaction::SearchForm(_) => {
            let mut asked = asked;
            if !asked.body.is_empty() {
                sent(asked.headers, Sent::Form)?;
                let text = std::str::from_utf8(&asked.body)
                    .map_err(|_| Refusal::bad(Code::Invalid, "The form is not UTF-8 text."))?;
                let form = pairs(text).map_err(|issue| Refusal::new(StatusCode::BAD_REQUEST, issue))?;
                asked.parameters.extend(form);
            }
            search(asked).await
        }
        Interaction::History(..) | Interaction::HistoryOf(_) | Interaction::Version(..) => Err(refused(
            "An AuditEvent has no history: it is written once, with the look itself, and never changes. Read it, or search for it.",
        )),
        _ => Err(refused(
            "An AuditEvent cannot be written, changed or deleted. Weft writes one for every look, in the log, before anything is shown; read them here.",
        )),
    }
}

fn refused(words: &'static str) -> Refusal {
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, Issue::error(Code::NotSupported, words)).header(header::ALLOW, "GET")
}

/// Who asks: an officer, or somebody about themselves.
enum Caller {
    Officer,
    Person(LooksPermit),
}

async fn caller(asked: &Asked<'_>) -> Result<Caller, Refusal> {
    let gate = &asked.state.parts().gate;
    let (Role::Citizen, Some(own)) = (asked.who.subject.role, asked.who.subject.own) else {
        gate.audit(&asked.who.asking()).await?;
        return Ok(Caller::Officer);
    };
    let (own, known_as) = asked
        .read(true, move |tx| {
            let own = record::views::person::root(tx, own)?;
            Ok::<_, store::Error>((own, record::views::person::leaves(tx, own)?))
        })
        .await?;
    let subject = access::Subject { own: Some(own), ..asked.who.subject.clone() };
    let asking = access::Asking { subject: &subject, ..asked.who.asking() };
    Ok(Caller::Person(gate.looks(&asking, own, known_as).await?))
}

async fn read(asked: Asked<'_>, id: &str) -> Result<Answer, Refusal> {
    asked.only_parameters(&[])?;
    let nothing = || Refusal::not_found(KIND);
    let look: Option<Uuid> = id.parse().ok();
    let event = match caller(&asked).await? {
        Caller::Officer => {
            let permit = asked.state.parts().gate.audit(&asked.who.asking()).await?;
            let look = look.ok_or_else(nothing)?;
            let found = asked.read(true, move |tx| audit::one(tx, &permit, look, PEOPLE)).await?;
            let (permit, row) = asked.state.parts().gate.review(&asked.who.asking(), found).await?;
            let row = row.ok_or_else(nothing)?;
            let patients = asked.read(true, move |tx| oversight::patients(tx, &permit)).await?;
            audit_event(&row, &patients, Seen::ByOfficer)
        }
        Caller::Person(permit) => {
            let look = look.ok_or_else(nothing)?;
            let (row, patients) = asked
                .read(true, move |tx| {
                    Ok::<_, store::Error>((audit::own_one(tx, &permit, look)?, oversight::own_patient(tx, &permit)?))
                })
                .await?;
            audit_event(&row.ok_or_else(nothing)?, &patients, Seen::ByPerson)
        }
    };
    Ok(Answer::of(event.to_string()))
}

/// What a search asks, as far as it can be read without the log.
#[derive(Debug, Default, PartialEq, Eq)]
struct Wanted {
    query: Query,
    name: Option<String>,
    patient: Option<String>,
    count: usize,
    /// Something was asked that no look can be.
    nothing: bool,
}

fn wanted(asked: &Asked<'_>) -> Result<Wanted, Refusal> {
    let known: Vec<&str> = PARAMETERS.iter().map(|(name, ..)| *name).chain(["_count", "_cursor"]).collect();
    asked.only_parameters(&known)?;
    let count = asked.number("_count")?.map_or(PAGE, |count| usize::try_from(count.min(MOST)).unwrap_or(PAGE));
    let mut wanted = Wanted { count, ..Wanted::default() };
    for (_, value) in asked.parameters.iter().filter(|(name, _)| name == "date") {
        within(&mut wanted.query, value)?;
    }
    wanted.name = asked.parameter("agent-name")?.map(str::to_owned);
    wanted.patient = match asked.parameter("patient")? {
        Some(patient) => {
            let local = patient.strip_prefix(&format!("{}/", asked.base)).unwrap_or(patient);
            Some(local.strip_prefix("Patient/").unwrap_or(local).to_owned())
        }
        None => None,
    };
    if let Some(id) = asked.parameter("altid")? {
        wanted.query.readers = Some(vec![code(id, "").to_owned()]);
    }
    if let Some(role) = asked.parameter("agent-role")? {
        wanted.query.role = Role::from_word(code(role, "https://weft.example/role"));
        wanted.nothing |= wanted.query.role.is_none();
    }
    if let Some(kind) = asked.parameter("type")? {
        wanted.nothing |= code(kind, "http://terminology.hl7.org/CodeSystem/audit-event-type") != "rest";
    }
    let letters = asked.parameter("action")?;
    let word = asked.parameter("subtype")?.map(|word| code(word, "https://weft.example/action"));
    if letters.is_some() || word.is_some() {
        let asks = |action: &Action| {
            let by_letter = letters.is_none_or(|asked| {
                asked.split(',').any(|one| code(one, "http://hl7.org/fhir/audit-event-action") == letter(*action))
            });
            let by_word = word.is_none_or(|word| serde_json::to_value(action).is_ok_and(|own| own == *word));
            by_letter && by_word
        };
        wanted.query.actions = Action::ALL.into_iter().filter(asks).collect();
        wanted.nothing |= wanted.query.actions.is_empty();
    }
    if let Some(outcome) = asked.parameter("outcome")? {
        let has =
            |word: &str| outcome.split(',').any(|one| code(one, "http://hl7.org/fhir/audit-event-outcome") == word);
        match (has("0"), has("4")) {
            (true, true) => {}
            (false, false) => wanted.nothing = true,
            (allowed, _) => wanted.query.allowed = Some(allowed),
        }
    }
    if let Some(word) = asked.parameter("_cursor")? {
        let cursor = Cursor::from_word(word).ok_or_else(|| {
            Refusal::bad(Code::Value, "_cursor is one of a page that was given here; ask without it.")
        })?;
        wanted.query.before = Some(cursor);
    }
    Ok(wanted)
}

/// The code of a token, where its system is the one that is meant or none is said.
fn code<'a>(token: &'a str, system: &str) -> &'a str {
    match token.split_once('|') {
        Some((said, code)) if said == system || said.is_empty() => code,
        Some(_) => "",
        None => token,
    }
}

/// Narrows the time to a date of a search.
fn within(query: &mut Query, value: &str) -> Result<(), Refusal> {
    let words = || {
        Refusal::bad(
            Code::Value,
            "date is a date or time with eq, ge, gt, le, lt, sa or eb before it, such as ge2026-11-22.",
        )
    };
    let (prefix, written) = match value.get(..2) {
        Some(prefix) if prefix.bytes().all(|byte| byte.is_ascii_lowercase()) => (prefix, value.get(2..).unwrap_or("")),
        _ => ("eq", value),
    };
    let (first, after) = fhir::moment::stretch(&written.replace(' ', "+")).ok_or_else(words)?;
    let at = |micros: i64| Timestamp::from_microsecond(micros).map_err(|_| words());
    let (from, until) = match prefix {
        "eq" => (Some(at(first)?), Some(at(after)?)),
        "ge" => (Some(at(first)?), None),
        "gt" | "sa" => (Some(at(after)?), None),
        "le" => (None, Some(at(after)?)),
        "lt" | "eb" => (None, Some(at(first)?)),
        _ => return Err(words()),
    };
    query.from = query.from.max(from);
    query.until = match (query.until, until) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    };
    Ok(())
}

async fn search(asked: Asked<'_>) -> Result<Answer, Refusal> {
    let Wanted { mut query, name, patient, count, nothing } = wanted(&asked)?;
    let (rows, next, patients, seen) = match caller(&asked).await? {
        Caller::Officer => {
            let gate = &asked.state.parts().gate;
            let permit = gate.audit(&asked.who.asking()).await?;
            let found = asked
                .read(false, move |tx| {
                    let mut empty = nothing;
                    let mut query = query.clone();
                    if let Some(patient) = &patient {
                        query.people = match oversight::whose(tx, patient)? {
                            Some(person) => Some(oversight::known_as(tx, &permit, person)?),
                            None => Some(Vec::new()),
                        };
                    }
                    if let Some(name) = &name {
                        let typed = name.to_lowercase();
                        let mut ids: Vec<String> = audit::readers(tx, &permit, name)?
                            .into_iter()
                            .filter(|reader| {
                                let name = reader.name.to_lowercase();
                                name.starts_with(&typed) || name.split_whitespace().any(|word| word.starts_with(&typed))
                            })
                            .map(|reader| reader.reader)
                            .collect();
                        ids.sort();
                        ids.dedup();
                        if ids.len() > READERS {
                            return Ok(None);
                        }
                        // Both, where both are asked.
                        if let Some(own) = &query.readers {
                            ids.retain(|id| own.contains(id));
                        }
                        query.readers = Some(ids);
                    }
                    empty |= query.readers.as_ref().is_some_and(Vec::is_empty);
                    empty |= query.people.as_ref().is_some_and(Vec::is_empty);
                    let size = Size { rows: if empty { 0 } else { count }, people: PEOPLE };
                    if empty {
                        query.people = Some(Vec::new());
                    }
                    audit::search(tx, &permit, &query, size).map(Some)
                })
                .await?;
            let Some(found) = found else {
                let words = format!("agent-name means more than {READERS} readers; give more of the name, or altid.");
                return Err(Refusal::bad(Code::TooCostly, words));
            };
            let (permit, page) = gate.review(&asked.who.asking(), found).await?;
            let patients = asked.read(false, move |tx| oversight::patients(tx, &permit)).await?;
            (page.rows, page.next, patients, Seen::ByOfficer)
        }
        Caller::Person(permit) => {
            if name.is_some() || query.readers.is_some() {
                return Err(Refusal::bad(
                    Code::NotSupported,
                    "agent-name and altid are not for a person's own looks. Ask for all of them, or by date, role, action or outcome.",
                ));
            }
            query.people = None;
            let (page, patients) = asked
                .read(false, move |tx| {
                    let mut empty = nothing;
                    if let Some(patient) = &patient {
                        empty |= oversight::whose(tx, patient)? != Some(permit.person());
                    }
                    let page = if empty { audit::Page::default() } else { audit::own(tx, &permit, &query, count)? };
                    Ok::<_, store::Error>((page, oversight::own_patient(tx, &permit)?))
                })
                .await?;
            (page.rows, page.next, patients, Seen::ByPerson)
        }
    };
    let events: Vec<Value> = rows.iter().map(|row: &AuditRow| audit_event(row, &patients, seen)).collect();
    Ok(Answer::of(written(&asked, count, next, &events)))
}

fn written(asked: &Asked<'_>, count: usize, next: Option<Cursor>, events: &[Value]) -> String {
    let kept = asked.parameters.iter().filter(|(name, _)| !["_count", "_cursor"].contains(&name.as_str())).cloned();
    let applied: Vec<_> = kept.chain([("_count".to_owned(), count.to_string())]).collect();
    let own = asked.parameters.iter().find(|(name, _)| name == "_cursor").map(|(_, value)| value.as_str());
    let this = asked.url(KIND, &applied, own);
    let next = next.map(|cursor| asked.url(KIND, &applied, Some(&cursor.word())));
    let mut links = vec![("self", this.as_str())];
    links.extend(next.as_deref().map(|next| ("next", next)));
    let mut bundle = Bundle::begin(Kind::Searchset, asked.who.at, None, &links);
    for event in events {
        let url = asked.url_of(KIND, event.get("id").and_then(Value::as_str).unwrap_or_default());
        let search = Search { mode: "match", score: None, grade: None };
        let body = event.to_string();
        bundle.add(&Entry { full_url: Some(&url), resource: Some(&body), search: Some(search), ..Entry::default() });
    }
    bundle.end()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(values: &[&str]) -> Option<(Option<String>, Option<String>)> {
        let mut query = Query::default();
        for value in values {
            within(&mut query, value).ok()?;
        }
        let said = |at: Option<Timestamp>| at.map(|at| at.to_string());
        Some((said(query.from), said(query.until)))
    }

    #[test]
    fn a_date_is_the_stretch_of_time_that_it_names() {
        let some = |text: &str| Some(text.to_owned());
        let (first, after) = (some("2026-11-22T09:30:00Z"), some("2026-11-22T09:30:01Z"));
        assert_eq!(bounds(&["2026-11-22T09:30:00Z"]), Some((first.clone(), after.clone())));
        assert_eq!(bounds(&["ge2026-11-22T09:30:00Z"]), Some((first.clone(), None)));
        assert_eq!(bounds(&["gt2026-11-22T09:30:00Z"]), Some((after.clone(), None)));
        assert_eq!(bounds(&["lt2026-11-22T09:30:00Z"]), Some((None, first.clone())));
        assert_eq!(bounds(&["ge2026-11-22T09:30:00Z", "le2026-11-22T09:30:00Z"]), Some((first, after)));
        for wrong in ["", "ge", "ne2026", "yesterday", "2026-13-01"] {
            assert_eq!(bounds(&[wrong]), None, "{wrong}");
        }
    }

    #[test]
    fn a_token_of_another_system_is_no_word_of_ours() {
        assert_eq!(code("rest", "s"), "rest");
        assert_eq!(code("s|rest", "s"), "rest");
        assert_eq!(code("|rest", "s"), "rest");
        assert_eq!(code("t|rest", "s"), "");
    }
}
