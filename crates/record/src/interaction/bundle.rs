//! A transaction or batch Bundle, read as tasks: which entry asks for what, of which resource. Only the outside is parsed;
//! each resource is read once from its own slice of the text. It must not judge resources or look anything up.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use fhir::issue::{Code, Issue};
use fhir::query::Limits;

use super::body::{self, Body};
use super::target::{self, Target};
use super::{Do, Failed, MOST_ENTRIES, Refusal, Request, Task, Which};

/// The outside of a Bundle. Every element R4 knows, so that any other is named.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Outside<'a> {
    resource_type: String,
    #[serde(rename = "type", default)]
    bundle_type: String,
    #[serde(borrow, default)]
    entry: Vec<&'a RawValue>,
    #[serde(default, rename = "id")]
    _id: IgnoredAny,
    #[serde(default, rename = "meta")]
    _meta: IgnoredAny,
    #[serde(default, rename = "language")]
    _language: IgnoredAny,
    #[serde(default, rename = "identifier")]
    _identifier: IgnoredAny,
    #[serde(default, rename = "timestamp")]
    _timestamp: IgnoredAny,
    #[serde(default, rename = "total")]
    _total: IgnoredAny,
    #[serde(default, rename = "link")]
    _link: IgnoredAny,
    #[serde(default, rename = "signature")]
    _signature: IgnoredAny,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Entry<'a> {
    full_url: Option<String>,
    #[serde(borrow)]
    resource: Option<&'a RawValue>,
    request: Option<Asked>,
    #[serde(default, rename = "id")]
    _id: IgnoredAny,
    #[serde(default, rename = "link")]
    _link: IgnoredAny,
    #[serde(default, rename = "extension")]
    _extension: IgnoredAny,
    #[serde(default, rename = "search")]
    _search: IgnoredAny,
    #[serde(default, rename = "response")]
    _response: IgnoredAny,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Asked {
    method: String,
    url: String,
    if_none_match: Option<String>,
    if_modified_since: Option<String>,
    if_match: Option<String>,
    if_none_exist: Option<String>,
    #[serde(default, rename = "id")]
    _id: IgnoredAny,
    #[serde(default, rename = "extension")]
    _extension: IgnoredAny,
}

/// Reads a Bundle.
pub(super) fn read(raw: &[u8], reading: &Limits<'_>) -> Result<Request, Failed> {
    let text = std::str::from_utf8(raw.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(raw)).map_err(|error| {
        let line = 1 + raw.iter().take(error.valid_up_to()).filter(|byte| **byte == b'\n').count();
        Failed::refused(
            400,
            Code::Structure,
            format!("line {line} has bytes that are not UTF-8 text, which JSON must be"),
        )
    })?;
    let outside: Outside<'_> = serde_json::from_str(text).map_err(|error| body::unreadable(&error).within("Bundle"))?;
    if outside.resource_type != "Bundle" {
        return Err(Failed::refused(
            400,
            Code::Structure,
            "only a Bundle can be sent here; send a resource to its own type",
        ));
    }
    let whole = match outside.bundle_type.as_str() {
        "transaction" => true,
        "batch" => false,
        _ => {
            let issue = Issue::error(Code::Value, "a Bundle sent here must be of type transaction or batch");
            return Err(Refusal { status: 400, issues: vec![issue.at("Bundle.type")] }.into());
        }
    };
    if outside.entry.len() > MOST_ENTRIES {
        let words = format!(
            "a Bundle may hold at most {MOST_ENTRIES} entries and this one has {}; send several",
            outside.entry.len()
        );
        return Err(Failed::refused(413, Code::TooLong, words));
    }
    let tasks: Vec<Result<Task, Refusal>> = outside.entry.iter().map(|entry| task(entry.get(), reading)).collect();
    if whole {
        all_or_first(&tasks)?;
    }
    Ok(Request { raw: raw.to_vec(), whole, bundle: true, tasks })
}

/// A transaction with anything wrong is refused at once, with all that is wrong in all its entries.
pub(super) fn all_or_first<T>(tasks: &[Result<T, Refusal>]) -> Result<(), Failed> {
    let mut bad = tasks.iter().enumerate().filter_map(|(at, task)| task.as_ref().err().map(|refusal| (at, refusal)));
    let Some((first, refusal)) = bad.next() else { return Ok(()) };
    let mut whole = refusal.clone().within(&place(first));
    for (at, refusal) in bad {
        whole.issues.extend(refusal.clone().within(&place(at)).issues);
    }
    Err(Failed::Refused { task: Some(first), refusal: whole.bounded() })
}

/// How an entry is called in an issue.
pub(super) fn place(entry: usize) -> String {
    format!("Bundle.entry[{entry}]")
}

fn bad(words: impl Into<String>, place: &str) -> Refusal {
    Refusal { status: 400, issues: vec![Issue::error(Code::Invalid, words).at(place)] }
}

fn task(text: &str, reading: &Limits<'_>) -> Result<Task, Refusal> {
    let entry: Entry<'_> = serde_json::from_str(text).map_err(|error| body::unreadable(&error))?;
    let Some(asked) = entry.request else {
        return Err(bad(
            "each entry needs its request (method and url): without it nothing says what to do",
            "request",
        ));
    };
    if asked.if_none_match.is_some() || asked.if_modified_since.is_some() {
        return Err(bad(
            "ifNoneMatch and ifModifiedSince are not supported inside a Bundle; leave them out",
            "request",
        ));
    }
    if asked.if_none_exist.is_some() && asked.method != "POST" {
        return Err(bad("ifNoneExist goes with a POST; for a PUT put the search into its url", "request.ifNoneExist"));
    }
    let if_match = asked
        .if_match
        .as_deref()
        .map(target::version)
        .transpose()
        .map_err(|refusal| refusal.within("request.ifMatch"))?;
    let target = target::read(&asked.url, reading).map_err(|refusal| refusal.within("request.url"))?;
    let method = asked.method.as_str();
    let resource = entry.resource.filter(|raw| raw.get() != "null");
    let takes_resource = matches!(method, "POST" | "PUT" | "PATCH");
    if resource.is_some() && !takes_resource {
        return Err(bad(format!("a {method} takes no resource; leave it out"), "resource"));
    }
    let sent = || {
        let raw = resource.ok_or_else(|| bad(format!("a {method} needs its resource"), "resource"))?;
        Body::of(raw.get()).map_err(|refusal| refusal.within("resource"))
    };
    let Target { kind, id, version, query } = target;
    let which = |id: Option<String>, query| match (id, query) {
        (Some(id), None) => Ok(Which::Id(id)),
        (None, Some(query)) => Ok(Which::Matching(query)),
        _ => Err(bad(format!("a {method} needs Type/id or Type?search in its url"), "request.url")),
    };
    let (interaction, body) = match (method, id, version, query) {
        ("POST", None, None, None) => {
            let if_none_exist = asked.if_none_exist.as_deref().map(|query| target::query(&kind, query, reading));
            let if_none_exist = if_none_exist.transpose().map_err(|refusal| refusal.within("request.ifNoneExist"))?;
            (Do::Create { if_none_exist }, Some(sent()?))
        }
        ("POST", ..) => {
            return Err(bad("a POST in a Bundle makes a resource: its url is the type alone", "request.url"));
        }
        ("PUT", id, None, query) => (Do::Update { which: which(id, query)?, if_match }, Some(sent()?)),
        ("PATCH", id, None, query) => {
            let patch = target::patch(sent()?.value()).map_err(|refusal| refusal.within("resource"))?;
            (Do::Patch { which: which(id, query)?, patch, if_match }, None)
        }
        ("DELETE", id, None, query) => (Do::Delete { which: which(id, query)?, if_match }, None),
        ("GET" | "HEAD", Some(id), version, None) => (Do::Read { id, version }, None),
        ("GET" | "HEAD", None, None, query) => {
            let query = query.map_or_else(|| target::query(&kind, "", reading), Ok);
            (Do::Search { query: query.map_err(|refusal| refusal.within("request.url"))? }, None)
        }
        ("GET" | "HEAD" | "PUT" | "PATCH" | "DELETE", ..) => {
            return Err(bad(format!("a {method} does not go with this url"), "request.url"));
        }
        _ => return Err(bad("the method must be one of GET, HEAD, POST, PUT, PATCH and DELETE", "request.method")),
    };
    Ok(Task { interaction, kind, body, full_url: entry.full_url })
}
