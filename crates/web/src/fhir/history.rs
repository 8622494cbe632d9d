//! The history of one resource or of a type, as a Bundle: what each version was, and by which request it came about.

use access::Action;
use record::interaction::{self, History, logical_id, served};
use store::Resource;

use super::answer::{Answer, Refusal};
use super::asked::Asked;
use super::bundle::{Bundle, Entry, Kind, Response};

/// How many versions a page holds where it is not said.
const PAGE: u32 = 20;
/// The most a page holds; the `self` link says what was applied.
const MOST: u32 = 1_000;

/// `GET /fhir/{type}/{id}/_history` and `GET /fhir/{type}/_history`.
pub(super) async fn page(asked: Asked<'_>, kind: String, id: Option<String>) -> Result<Answer, Refusal> {
    asked.only_parameters(&["_count", "_since", "_cursor"])?;
    let count = asked.number("_count")?.unwrap_or(PAGE).min(MOST);
    let since = asked.instant("_since")?;
    let cursor = asked.parameter("_cursor")?.map(str::to_owned);
    let scope = asked.scope()?;
    let (of, one) = (kind.clone(), id.clone());
    let sealed = asked
        .read(false, move |tx| interaction::history(tx, &scope, &of, one.as_deref(), since, count, cursor.as_deref()))
        .await?;
    let Some(history) = asked.open(Action::ReadRecord, sealed).await? else { return Err(Refusal::not_found(&kind)) };
    let path = match &id {
        Some(id) => format!("{kind}/{id}/_history"),
        None => format!("{kind}/_history"),
    };
    let mut applied = vec![("_count".to_owned(), count.to_string())];
    applied.extend(since.map(|since| ("_since".to_owned(), since.to_string())));
    Ok(Answer::of(written(&asked, &path, &applied, &history)))
}

fn written(asked: &Asked<'_>, path: &str, applied: &[(String, String)], history: &History) -> String {
    let own = asked.parameters.iter().find(|(name, _)| name == "_cursor").map(|(_, value)| value.as_str());
    let this = asked.url(path, applied, own);
    let next = history.next.as_deref().map(|cursor| asked.url(path, applied, Some(cursor)));
    let mut links = vec![("self", this.as_str())];
    links.extend(next.as_deref().map(|next| ("next", next)));
    let mut bundle = Bundle::begin(Kind::History, asked.who.at, None, &links);
    for version in &history.versions {
        entry(asked, &mut bundle, version);
    }
    bundle.end()
}

fn entry(asked: &Asked<'_>, bundle: &mut Bundle, version: &Resource) {
    let id = logical_id(version);
    let (url, path) = (asked.url_of(&version.kind, &id), format!("{}/{id}", version.kind));
    let body = served(version);
    let (method, status) = match (version.is_deleted(), version.version) {
        (true, _) => ("DELETE", "204 No Content"),
        // How it came is the feed's own business; to a client, what comes first is made and what comes later replaces it.
        (false, 1) => ("PUT", "201 Created"),
        (false, _) => ("PUT", "200 OK"),
    };
    bundle.add(&Entry {
        full_url: Some(&url),
        resource: (!version.is_deleted()).then_some(body.as_str()),
        request: Some((method, &path)),
        response: Some(Response {
            status,
            version: Some(version.version),
            updated: Some(version.arrived),
            ..Response::default()
        }),
        ..Entry::default()
    });
}
