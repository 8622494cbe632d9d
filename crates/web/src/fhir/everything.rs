//! `Patient/{id}/$everything`: all that is known of one person, as far as the caller may see it, in pages where asked: what the record
//! holds, and behind it the asks for help.

use access::{Action, Scope, Sealed};
use axum::http::StatusCode;
use fhir::issue::{Code, Issue};
use jiff::Timestamp;
use jiff::civil::Date;
use record::interaction::{self, Everything, Failed, Read};
use record::search::Found;
use serde_json::Value;
use store::Tx;

use super::answer::{Answer, Refusal};
use super::ask;
use super::ask::person::{Asks, From, of_person};
use super::asked::{Asked, Part};
use super::bundle::{Bundle, Kind};
use super::search::add;
use super::wish::{Sent, sent};

const KNOWN: [&str; 6] = ["start", "end", "_since", "_type", "_count", "_cursor"];

/// The most on a page; the `self` link says what was applied.
const MOST: u32 = 5_000;

/// `GET`: the parameters in the address.
pub(super) async fn by_address(asked: Asked<'_>, id: String) -> Result<Answer, Refusal> {
    asked.only_parameters(&KNOWN)?;
    let count = asked.number("_count")?.map(|count| count.min(MOST));
    let ask = Everything {
        kinds: kinds(&asked)?,
        since: asked.instant("_since")?,
        within: within(&asked)?,
        count,
        cursor: asked.parameter("_cursor")?.map(str::to_owned),
    };
    let (scope, mut ties, from) = (asked.scope()?, ask::ties(&asked), From::read(ask.cursor.as_deref())?);
    let (one, place) = (id.clone(), asked.state.parts().place.clone());
    let read = move |tx: &mut dyn Tx| -> Result<Sealed<Option<(Found, Asks)>>, Failed> {
        let sealed = recorded(tx, &scope, &one, &ask, from)?;
        let Some(root) = sealed.people().first().copied() else { return Ok(sealed.map(|_| None)) };
        let (mut over, mut room) = (false, 0);
        let sealed = sealed.map(|found| {
            over = found.as_ref().is_some_and(|found| found.next.is_none());
            let held = found.as_ref().map_or(0, |found| found.resources.len());
            room = usize::try_from(ask.count.unwrap_or(MOST)).unwrap_or(1).saturating_sub(held);
            found
        });
        if !over {
            return Ok(sealed.map(|found| found.map(|found| (found, Asks::default()))));
        }
        let asks = of_person(tx, &scope, &mut ties, (&place, root), &ask, (from.unwrap_or(From::First), room))?;
        Ok(sealed.join(asks).map(|(found, asks)| found.map(|found| (found, asks))))
    };
    let sealed = asked.read(false, read).await?;
    let opened = asked.open(Action::ReadRecord, sealed).await?;
    let Some((found, asks)) = opened else { return Err(Refusal::not_found("Patient")) };
    let path = format!("Patient/{id}/$everything");
    let kept = asked.parameters.iter().filter(|(name, _)| !["_cursor", "_count"].contains(&name.as_str())).cloned();
    let applied: Vec<_> = kept.chain(count.map(|count| ("_count".to_owned(), count.to_string()))).collect();
    let this = asked.url(&path, &applied, asked.parameter("_cursor")?);
    let next = found.next.or(asks.next).map(|cursor| asked.url(&path, &applied, Some(&cursor)));
    let mut links = vec![("self", this.as_str())];
    links.extend(next.as_deref().map(|next| ("next", next)));
    let mut bundle = Bundle::begin(Kind::Searchset, asked.who.at, found.total, &links);
    add(&asked, &mut bundle, &found.resources, "match", &Part::default());
    ask::add(&asked, &mut bundle, &asks.told, &Part::default());
    add(&asked, &mut bundle, &found.included, "include", &Part::default());
    Ok(Answer::of(bundle.end()))
}

/// What the record holds on a page: nothing on one that begins among the asks. `None` inside: there is no such Patient for this caller.
fn recorded(
    tx: &mut dyn Tx,
    scope: &Scope,
    id: &str,
    ask: &Everything,
    from: Option<From>,
) -> Result<Sealed<Option<Found>>, Failed> {
    if from.is_none() {
        return interaction::everything(tx, scope, id, ask);
    }
    let sealed = interaction::read(tx, scope, "Patient", id)?;
    Ok(sealed.map(|read| matches!(read, Read::Found(_)).then(Found::default)))
}

/// `POST`: the parameters in a Parameters resource, or none.
pub(super) async fn by_body(mut asked: Asked<'_>, id: String) -> Result<Answer, Refusal> {
    if !asked.body.is_empty() {
        sent(asked.headers, Sent::Json)?;
        let sent = interaction::Body::parse(&asked.body)?;
        let parameters = parameters(sent.value())?;
        asked.parameters.extend(parameters);
    }
    by_address(asked, id).await
}

/// Name and value of the primitive parameters of a Parameters resource.
fn parameters(sent: &Value) -> Result<Vec<(String, String)>, Refusal> {
    if sent.get("resourceType").and_then(Value::as_str) != Some("Parameters") {
        return Err(Refusal::bad(
            Code::Structure,
            "Send the parameters of $everything as a Parameters resource, or in the address.",
        ));
    }
    let items = sent.get("parameter").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let pairs = items.iter().enumerate().map(|(index, item)| {
        let name = item.get("name").and_then(Value::as_str)?;
        let value = item.as_object()?.iter().find(|(key, _)| key.starts_with("value"))?.1;
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        Some((index, name.to_owned(), text))
    });
    let mut read = Vec::new();
    for (index, pair) in pairs.enumerate() {
        let (_, name, text) = pair.ok_or_else(|| {
            let words = "Each parameter of $everything has a name and one simple value.";
            let place = format!("Parameters.parameter[{index}]");
            Refusal::new(StatusCode::BAD_REQUEST, Issue::error(Code::Structure, words).at(place))
        })?;
        read.push((name, text));
    }
    Ok(read)
}

fn kinds(asked: &Asked<'_>) -> Result<Vec<String>, Refusal> {
    let mut kinds = Vec::new();
    for (_, value) in asked.parameters.iter().filter(|(name, _)| name == "_type") {
        for kind in value.split(',').map(str::trim).filter(|kind| !kind.is_empty()) {
            if !fhir::definitions::is_resource(kind) {
                let shown: String = kind.chars().filter(|letter| !letter.is_control()).take(40).collect();
                return Err(Refusal::bad(
                    Code::Value,
                    format!("_type names \u{201c}{shown}\u{201d}, which is no type of FHIR R4."),
                ));
            }
            kinds.push(kind.to_owned());
        }
    }
    Ok(kinds)
}

/// `start` and `end`, days of the care, both included, in the time of this place.
fn within(asked: &Asked<'_>) -> Result<Option<(i64, i64)>, Refusal> {
    let day = |name: &str| -> Result<Option<Date>, Refusal> {
        let Some(text) = asked.parameter(name)? else { return Ok(None) };
        let parsed =
            text.parse().map_err(|_| Refusal::bad(Code::Value, format!("{name} is a day, such as 2026-11-22.")));
        parsed.map(Some)
    };
    let (start, end) = (day("start")?, day("end")?);
    if start.is_none() && end.is_none() {
        return Ok(None);
    }
    let moment = |day: Date| {
        day.in_tz("Europe/London").map(|zoned| zoned.timestamp()).unwrap_or(Timestamp::MAX).as_microsecond()
    };
    let from = start.map_or(i64::MIN, moment);
    let until = end.and_then(|day| day.tomorrow().ok()).map_or(i64::MAX, moment);
    if from >= until {
        return Err(Refusal::bad(Code::Value, "start is after end."));
    }
    Ok(Some((from, until)))
}
