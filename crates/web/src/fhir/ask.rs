//! Asks for help as FHIR: `ServiceRequest`, `Task` and `Communication`, made of the log each time and never stored. They stand
//! beside what other systems sent of the same types. A search that is narrowed to a person or an ask looks among both, the
//! asks first; any other says in its answer that it did not look among asks. Conditions are those of every search: the same index of
//! the same parameters, held against each resource in memory, which is small because it is one person's.

pub(super) mod person;

use access::{Action, Scope, Sealed, Standing as _};
use axum::http::{StatusCode, header};
use care::ask::fhir::{KINDS, ask_of, resources};
use care::views::ask::{Whole, ids_of, whole};
use fhir::entry::{half, parameter};
use fhir::issue::{Code, Issue, Severity};
use fhir::query::oracle::{Held, matches};
use fhir::query::{Filter, Query, Summary};
use jiff::Timestamp;
use place::Place;
use record::oversight::{patient, whose};
use record::search::Found;
use serde_json::Value;
use store::Tx;
use uuid::Uuid;

use super::address::Interaction;
use super::answer::{Answer, Refusal, told};
use super::asked::{Asked, Part};
use super::bundle::{Bundle, Entry, Search};
use super::search;
use super::wish::{etag, has_it, http_date};

/// The most asks that one search goes through.
const MOST: usize = 200;
/// How the cursor of a page of asks begins; every other is the record's.
const CURSOR: &str = "ask.";
/// The cursor of a page that begins behind the last ask.
const BEHIND: &str = "ask.end";

/// What the CapabilityStatement says of these types beside what it says of every type.
pub(super) const NOTE: &str = "Also every ask for help that the caller may read: a ServiceRequest, a Task for the work on it and one for each time it \
    was handed on, a Communication for each question and answer. Made of the log, so read only; made and changed on pages and by \
    $process-message. Searched by patient, subject, _id, identifier, or a reference to one of them (based-on, focus, part-of), with every other \
    parameter beside, without a chain, an include or an order; asks come first. Part of Patient/$everything, behind what the record \
    holds; not of a history or of what a Bundle reads.";

/// Whether a type is one of those in which asks are told.
pub(super) fn is_of(kind: &str) -> bool {
    KINDS.contains(&kind)
}

/// One resource of an ask.
pub(super) struct Told {
    person: Uuid,
    /// Its place in the order: when the ask was sent, which ask, which of its resources.
    place: (i64, Uuid, usize),
    kind: String,
    id: String,
    version: i64,
    changed: Timestamp,
    value: Value,
}

/// What an ask says to a read of it, or to somebody who tries to change it as if it were a resource; `None` where there is no such
/// ask for this caller: then it is the record's to answer.
pub(super) async fn answer(asked: &Asked<'_>, interaction: &Interaction) -> Result<Option<Answer>, Refusal> {
    use Interaction as I;
    let (kind, id, reads) = match interaction {
        I::Read(kind, id) => (kind, id, true),
        I::Update(kind, id) | I::Patch(kind, id) | I::Delete(kind, id) => (kind, id, false),
        _ => return Ok(None),
    };
    let Some(ask) = ask_of(kind, id) else { return Ok(None) };
    let (of, named) = (kind.clone(), id.clone());
    let sealed = some(asked, move |_| Ok(vec![ask])).await?;
    let sealed = sealed.part(|all| {
        let one = all.into_iter().find(|one| one.kind == of && one.id == named);
        (one.iter().map(|one| one.person).collect(), one)
    });
    let Some(found) = asked.open(Action::ReadRecord, sealed).await? else { return Ok(None) };
    if !reads {
        let words = "This is an ask for help, which is not changed as a resource: whoever has it works it on its page, and whoever sent it \
                     by message adds to it or takes it back with $process-message.";
        return Err(Refusal::new(StatusCode::METHOD_NOT_ALLOWED, Issue::error(Code::NotSupported, words))
            .header(header::ALLOW, "GET, HEAD"));
    }
    asked.only_parameters(&["_summary", "_elements"])?;
    let headed = |answer: Answer| {
        answer.header(header::ETAG, &etag(found.version)).header(header::LAST_MODIFIED, &http_date(found.changed))
    };
    if has_it(asked.headers, found.version, found.changed) {
        return Ok(Some(headed(Answer::with(StatusCode::NOT_MODIFIED, String::new()))));
    }
    Ok(Some(headed(Answer::of(asked.part()?.of_text(found.value.to_string())))))
}

/// The resources of some asks, as many as the caller may see, sealed with the people they are for.
async fn some(
    asked: &Asked<'_>,
    which: impl Fn(&mut dyn Tx) -> store::Result<Vec<Uuid>> + Send + 'static,
) -> Result<Sealed<Vec<Told>>, Refusal> {
    let (scope, mut ties, place) = (asked.scope()?, ties(asked), asked.state.parts().place.clone());
    let read = move |tx: &mut dyn Tx| {
        let mut told = Sealed::new(Vec::new(), Vec::new());
        for ask in which(tx)? {
            let more: Sealed<Vec<Told>> = one(tx, &scope, &mut ties, &place, ask)?;
            told = told.join(more).map(|(mut all, more)| {
                all.extend(more);
                all
            });
        }
        Ok::<_, store::Error>(told)
    };
    asked.read(false, read).await
}

type Ties<'t> = &'t mut dyn FnMut(&mut dyn Tx, Uuid) -> store::Result<access::Ties>;

/// How people stand to whoever asks.
pub(super) fn ties(
    asked: &Asked<'_>,
) -> impl FnMut(&mut dyn Tx, Uuid) -> store::Result<access::Ties> + Send + 'static + use<> {
    let (reader, at) = (asked.who.subject.clone(), asked.who.at);
    let standings = record::standing::Standings::of(&asked.state.parts().place);
    move |tx: &mut dyn Tx, person: Uuid| standings.of(tx, person, &reader, at)
}

fn one(tx: &mut dyn Tx, scope: &Scope, ties: Ties<'_>, place: &Place, ask: Uuid) -> store::Result<Sealed<Vec<Told>>> {
    let sealed = whole(tx, scope, ties, ask)?;
    let Some(person) = sealed.people().first().copied() else { return Ok(sealed.map(|_| Vec::new())) };
    let patient = patient(tx, person)?;
    sealed.map(|whole| whole.map_or_else(|| Ok(Vec::new()), |whole| of(&whole, patient.as_deref(), place))).transpose()
}

fn of(whole: &Whole, patient: Option<&str>, place: &Place) -> store::Result<Vec<Told>> {
    let changed = whole.history.last().map_or(whole.submitted, |entry| entry.at);
    let all = resources(whole.ask, patient, &whole.history, &|team| team.named(place))?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let each = all.into_iter().enumerate().map(|(number, value)| Told {
        person: whole.person,
        place: (whole.submitted.as_microsecond(), whole.ask, number),
        kind: text(&value["resourceType"]),
        id: text(&value["id"]),
        version: i64::try_from(whole.history.len()).unwrap_or(i64::MAX),
        changed,
        value,
    });
    Ok(each.collect())
}

/// What narrows a search: the people and the asks that it names.
#[derive(Debug, Default)]
struct Narrowed {
    patients: Vec<String>,
    asks: Vec<Uuid>,
}

/// What a search is narrowed to; `None` where it is narrowed to nobody, or asks for what is not offered among asks.
fn narrowed(query: &Query) -> Option<Narrowed> {
    if !query.sort.is_empty() || !query.include.is_empty() || !query.revinclude.is_empty() {
        return None;
    }
    if !query.filters.iter().all(is_plain) {
        return None;
    }
    let mut found = Narrowed::default();
    for filter in &query.filters {
        match filter {
            Filter::Ids(ids) => found.asks.extend(ids.iter().filter_map(|id| ask_of(&query.kind, id))),
            Filter::Link { parameter: of, any } => {
                let whom = ["patient", "subject"].map(|code| parameter(&query.kind, code));
                for (kind, id) in any {
                    match kind.as_str() {
                        "Patient" if whom.contains(of) => found.patients.push(id.clone()),
                        kind => found.asks.extend(ask_of(kind, id)),
                    }
                }
            }
            _ => {}
        }
    }
    let named = query.applied.iter().filter(|(name, _)| name == "identifier").flat_map(|(_, value)| value.split(','));
    let of_ask = |value: &str| value.strip_prefix(care::ask::fhir::ASK_ID)?.strip_prefix('|')?.parse::<Uuid>().ok();
    found.asks.extend(named.filter_map(of_ask));
    let by_id = query.filters.iter().any(|filter| matches!(filter, Filter::Ids(_)));
    (by_id || !found.patients.is_empty() || !found.asks.is_empty()).then_some(found)
}

/// A condition on a resource alone: no chain leads from an ask into the record, nor back.
fn is_plain(filter: &Filter) -> bool {
    match filter {
        Filter::Chain { .. } | Filter::Has { .. } | Filter::Whereabouts(_) => false,
        Filter::Any(filters) => filters.iter().all(is_plain),
        _ => true,
    }
}

/// A page of a search of one of these types.
pub(super) async fn page(asked: &Asked<'_>, query: &Query) -> Result<Answer, Refusal> {
    let Some(narrowed) = narrowed(query) else {
        let found = search::found(asked, query).await?;
        let mut bundle = search::begun(asked, query, found.next.as_deref(), found.total);
        search::put(asked, &mut bundle, query, &found);
        if query.summary != Summary::Count {
            let words = "Asks for help are not among these: they are searched by patient, subject, _id, identifier, or a reference to one of \
                         them, without a chain, an include or an order.";
            let issue =
                Issue { severity: Severity::Information, code: Code::Informational, words: words.to_owned(), at: None };
            let outcome = told(&[issue]);
            let search = Search { mode: "outcome", score: None, grade: None };
            bundle.add(&Entry { resource: Some(&outcome), search: Some(search), ..Entry::default() });
        }
        return Ok(Answer::of(bundle.end()));
    };
    let asks_over = query.cursor.as_deref().is_some_and(|cursor| cursor == BEHIND || !cursor.starts_with(CURSOR));
    let counts = query.summary == Summary::Count || query.count == Some(0);
    let wanted = if asks_over && !query.total && !counts { Vec::new() } else { sought(asked, query, narrowed).await? };
    let total = wanted.len();
    let limits = asked.state.limits();
    let size = usize::try_from(query.count.unwrap_or(limits.page).min(limits.largest_page)).unwrap_or(1);
    let after = after(query.cursor.as_deref())?;
    let mut shown: Vec<Told> = if asks_over {
        Vec::new()
    } else {
        wanted.into_iter().filter(|one| after.is_none_or(|last| one.place > last)).collect()
    };
    let more = shown.len() > size;
    shown.truncate(if counts { 0 } else { size });
    let left = size - shown.len();
    let own = query.cursor.clone().filter(|cursor| !cursor.starts_with(CURSOR));
    // The record's part: after the asks, as much as there is room for; of a page that is full of asks, its total alone.
    let mut found = Found::default();
    if counts || left > 0 || query.total {
        let count = if counts || left == 0 { Some(0) } else { u32::try_from(left).ok() };
        let rest = Query { count, cursor: own.filter(|_| left > 0), ..query.clone() };
        found = search::found(asked, &rest).await?;
    }
    let next = match shown.last() {
        _ if counts => None,
        Some(last) if more => Some(cursor(last.place)),
        Some(_) if left == 0 => Some(BEHIND.to_owned()),
        _ => found.next.clone(),
    };
    let total = found.total.map(|rest| rest + total as u64);
    let mut bundle = search::begun(asked, query, next.as_deref(), total);
    let part = Part { summary: query.summary, elements: query.elements.clone() };
    add(asked, &mut bundle, &shown, &part);
    search::put(asked, &mut bundle, query, &found);
    Ok(Answer::of(bundle.end()))
}

/// Puts resources of asks into a searchset.
pub(super) fn add(asked: &Asked<'_>, bundle: &mut Bundle, told: &[Told], part: &Part) {
    for one in told {
        let url = asked.url_of(&one.kind, &one.id);
        let body = part.of_text(one.value.to_string());
        let search = Search { mode: "match", score: None, grade: None };
        bundle.add(&Entry { full_url: Some(&url), resource: Some(&body), search: Some(search), ..Entry::default() });
    }
}

/// Every resource of an ask that answers, in order; the look at whom they are for is on the disk.
async fn sought(asked: &Asked<'_>, query: &Query, narrowed: Narrowed) -> Result<Vec<Told>, Refusal> {
    let Narrowed { patients, asks } = narrowed;
    let sealed = some(asked, move |tx| {
        let mut all = asks.clone();
        for patient in &patients {
            if let Some(root) = whose(tx, patient)? {
                all.extend(ids_of(tx, root, MOST + 1)?);
            }
        }
        all.sort_unstable();
        all.dedup();
        all.truncate(MOST + 1);
        Ok(all)
    })
    .await?;
    // Whom a reference to a Patient means: each of their Patients is the same person.
    let named = query.filters.iter().filter_map(|filter| match filter {
        Filter::Link { any, .. } => Some(any.iter().filter(|(kind, _)| kind == "Patient").map(|(_, id)| id.clone())),
        _ => None,
    });
    let named: Vec<String> = named.flatten().collect();
    let people = asked
        .read(true, move |tx| {
            let each = named.iter().map(|id| Ok((id.clone(), whose(tx, id)?)));
            each.collect::<store::Result<Vec<_>>>()
        })
        .await?;
    let target = |kind: &str, id: &str| match people.iter().find(|(named, _)| kind == "Patient" && named == id) {
        Some((_, Some(root))) => half(*root.as_bytes()),
        _ => hashed(kind, id),
    };
    let mut many = 0;
    let sealed = sealed.part(|all| {
        let mut asks: Vec<Uuid> = all.iter().map(|one| one.place.1).collect();
        asks.dedup();
        many = asks.len();
        let mut kept: Vec<Told> = all.into_iter().filter(|one| fits(query, one, &target)).collect();
        kept.sort_by_key(|one| one.place);
        (kept.iter().map(|one| one.person).collect(), kept)
    });
    if many > MOST {
        let words = format!("There are more than {MOST} asks to look through; narrow the search by _id or identifier.");
        return Err(Refusal::bad(Code::TooCostly, words));
    }
    asked.open(Action::ReadRecord, sealed).await
}

fn hashed(kind: &str, id: &str) -> i64 {
    let digest = store::blob::sha256(format!("{kind}/{id}").as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(digest.get(..16).unwrap_or(&[0; 16]));
    half(bytes)
}

/// Whether one resource answers a search: the index that every resource has, held against the conditions of every search.
fn fits(query: &Query, one: &Told, target: &dyn Fn(&str, &str) -> i64) -> bool {
    if one.kind != query.kind {
        return false;
    }
    let resolve =
        |kind: &str, id: &str| if kind == "Patient" { half(*one.person.as_bytes()) } else { hashed(kind, id) };
    let held = Held {
        kind: one.kind.clone(),
        id: one.id.clone(),
        half: hashed(&one.kind, &one.id),
        updated: one.changed.as_microsecond(),
        index: fhir::index::of(&one.kind, &one.value, &resolve),
    };
    query.filters.iter().all(|filter| matches(filter, &held, &[], target))
}

/// The cursor of a page that begins behind this.
fn cursor((submitted, ask, number): (i64, Uuid, usize)) -> String {
    format!("{CURSOR}{submitted}.{}.{number}", ask.simple())
}

fn after(cursor: Option<&str>) -> Result<Option<(i64, Uuid, usize)>, Refusal> {
    let Some(words) = cursor.and_then(|cursor| cursor.strip_prefix(CURSOR)).filter(|words| *words != "end") else {
        return Ok(None);
    };
    let read = || {
        let mut parts = words.split('.');
        let place = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        parts.next().is_none().then_some(place)
    };
    let strange =
        || Refusal::bad(Code::Value, "_cursor is not one of this server's; follow the next link as it was given.");
    read().map(Some).ok_or_else(strange)
}
