//! Search of a type, by its address or by a form. Strict: what the definitions do not know is refused with the names that
//! they do, and the `self` link says what was applied. A form keeps what was asked out of addresses and logs.

use access::Action;
use axum::http::StatusCode;
use fhir::issue::{Code, Issue, Severity};
use fhir::query::{Limits, Query, Summary};
use record::interaction::logical_id;
use record::search::Found;
use store::Resource;

use super::answer::{Answer, Refusal};
use super::ask;
use super::asked::{Asked, Part};
use super::bundle::{Bundle, Entry, Kind, Search};
use super::form::pairs;
use super::wish::{Sent, sent};

/// `GET /fhir/{type}`.
pub(super) async fn by_address(asked: Asked<'_>, kind: String) -> Result<Answer, Refusal> {
    let parameters = asked.parameters.clone();
    page(&asked, &kind, &parameters).await
}

/// `POST /fhir/{type}/_search`: the form's parameters, and those of the address.
pub(super) async fn by_form(mut asked: Asked<'_>, kind: String) -> Result<Answer, Refusal> {
    let mut parameters = std::mem::take(&mut asked.parameters);
    if !asked.body.is_empty() {
        sent(asked.headers, Sent::Form)?;
        let text =
            std::str::from_utf8(&asked.body).map_err(|_| Refusal::bad(Code::Invalid, "The form is not UTF-8 text."))?;
        let form = pairs(text).map_err(|issue| Refusal::new(StatusCode::BAD_REQUEST, issue))?;
        // How to answer may stand in a form as well.
        let mut form = form;
        let wish = super::wish::Wish::take(asked.headers, &mut form)?;
        asked.wish.pretty |= wish.pretty;
        parameters.extend(form);
    }
    page(&asked, &kind, &parameters).await
}

async fn page(asked: &Asked<'_>, kind: &str, parameters: &[(String, String)]) -> Result<Answer, Refusal> {
    let query = query(asked, kind, parameters)?;
    if ask::is_of(kind) {
        return ask::page(asked, &query).await;
    }
    let found = found(asked, &query).await?;
    Ok(Answer::of(written(asked, &query, &found)))
}

/// What the record has for a query.
pub(super) async fn found(asked: &Asked<'_>, query: &Query) -> Result<Found, Refusal> {
    let scope = asked.scope()?;
    let limits = asked.state.limits();
    let sought = query.clone();
    let sealed = asked.read(false, move |tx| record::search::search(tx, &scope, &sought, &limits)).await?;
    asked.open(Action::ReadRecord, sealed).await
}

/// The query that parameters ask, or everything that is wrong with them.
pub(super) fn query(asked: &Asked<'_>, kind: &str, parameters: &[(String, String)]) -> Result<Query, Refusal> {
    fhir::query::parse(kind, parameters, &Limits::new(Some(&asked.base), asked.who.at)).map_err(|mut issues| {
        if asked.wish.lenient {
            issues.push(Issue {
                severity: Severity::Information,
                code: Code::Informational,
                words: "Prefer: handling=lenient is not honoured here: a search that is understood in part is not answered, because its answer would look like one to the whole."
                    .to_owned(),
                at: None,
            });
        }
        Refusal::of(StatusCode::BAD_REQUEST, issues)
    })
}

/// The searchset.
pub(super) fn written(asked: &Asked<'_>, query: &Query, found: &Found) -> String {
    let mut bundle = begun(asked, query, found.next.as_deref(), found.total);
    put(asked, &mut bundle, query, found);
    bundle.end()
}

/// Begins a searchset.
pub(super) fn begun(asked: &Asked<'_>, query: &Query, next: Option<&str>, total: Option<u64>) -> Bundle {
    let this = asked.url(&query.kind, &query.applied, query.cursor.as_deref());
    let next = next.map(|cursor| asked.url(&query.kind, &query.applied, Some(cursor)));
    let mut links = vec![("self", this.as_str())];
    links.extend(next.as_deref().map(|next| ("next", next)));
    Bundle::begin(Kind::Searchset, asked.who.at, total, &links)
}

/// Puts what the record has into a searchset.
pub(super) fn put(asked: &Asked<'_>, bundle: &mut Bundle, query: &Query, found: &Found) {
    if query.summary != Summary::Count {
        let part = Part { summary: query.summary, elements: query.elements.clone() };
        add(asked, bundle, &found.resources, "match", &part);
        add(asked, bundle, &found.included, "include", &part);
    }
}

/// Adds resources, all for the same reason.
pub(super) fn add(asked: &Asked<'_>, bundle: &mut Bundle, resources: &[Resource], mode: &str, part: &Part) {
    for resource in resources {
        let url = asked.url_of(&resource.kind, &logical_id(resource));
        let body = part.of(resource);
        let search = Search { mode, score: None, grade: None };
        bundle.add(&Entry { full_url: Some(&url), resource: Some(&body), search: Some(search), ..Entry::default() });
    }
}
