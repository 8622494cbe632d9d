//! Bundles, written as text: the resources in them are texts already and are put in place as they are, never parsed. Must
//! not know where they came from.

use std::fmt::Write as _;

use jiff::Timestamp;

/// What a Bundle is (FHIR BundleType).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Searchset,
    History,
    TransactionResponse,
    BatchResponse,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Searchset => "searchset",
            Self::History => "history",
            Self::TransactionResponse => "transaction-response",
            Self::BatchResponse => "batch-response",
        }
    }
}

/// A Bundle that is being written.
pub(super) struct Bundle {
    out: String,
    entries: usize,
}

/// One entry.
#[derive(Debug, Default)]
pub(super) struct Entry<'a> {
    pub(super) full_url: Option<&'a str>,
    /// JSON text of the resource.
    pub(super) resource: Option<&'a str>,
    pub(super) search: Option<Search<'a>>,
    /// Method and address, in a history.
    pub(super) request: Option<(&'a str, &'a str)>,
    pub(super) response: Option<Response<'a>>,
}

/// Why a resource is in a searchset.
#[derive(Debug)]
pub(super) struct Search<'a> {
    /// `match`, `include` or `outcome`.
    pub(super) mode: &'a str,
    pub(super) score: Option<f64>,
    /// `certain`, `probable`, `possible`: the answer of `$match`.
    pub(super) grade: Option<&'a str>,
}

/// What became of an entry.
#[derive(Debug, Default)]
pub(super) struct Response<'a> {
    /// `201 Created`.
    pub(super) status: &'a str,
    pub(super) location: Option<&'a str>,
    pub(super) version: Option<i64>,
    pub(super) updated: Option<Timestamp>,
    /// JSON text of an OperationOutcome.
    pub(super) outcome: Option<&'a str>,
}

impl Bundle {
    /// Begins one. `links` are relation and address.
    pub(super) fn begin(kind: Kind, at: Timestamp, total: Option<u64>, links: &[(&str, &str)]) -> Self {
        let mut out = String::with_capacity(4 * 1024);
        out.push_str(r#"{"resourceType":"Bundle","meta":{"lastUpdated":""#);
        instant(&mut out, at);
        out.push_str(r#""},"type":""#);
        out.push_str(kind.word());
        out.push('"');
        if let Some(total) = total {
            write!(out, r#","total":{total}"#).ok();
        }
        for (index, (relation, url)) in links.iter().enumerate() {
            out.push_str(if index == 0 { r#","link":[{"relation":"# } else { r#",{"relation":"# });
            quoted(&mut out, relation);
            out.push_str(r#","url":"#);
            quoted(&mut out, url);
            out.push('}');
        }
        if !links.is_empty() {
            out.push(']');
        }
        Self { out, entries: 0 }
    }

    /// Adds an entry.
    pub(super) fn add(&mut self, entry: &Entry<'_>) {
        let out = &mut self.out;
        out.push_str(if self.entries == 0 { r#","entry":[{"# } else { ",{" });
        self.entries += 1;
        let mut first = true;
        let mut member = |out: &mut String, name: &str| {
            if !first {
                out.push(',');
            }
            first = false;
            out.push('"');
            out.push_str(name);
            out.push_str("\":");
        };
        if let Some(url) = entry.full_url {
            member(out, "fullUrl");
            quoted(out, url);
        }
        if let Some(resource) = entry.resource {
            member(out, "resource");
            out.push_str(resource);
        }
        if let Some(search) = &entry.search {
            member(out, "search");
            out.push('{');
            if let Some(grade) = search.grade {
                out.push_str(
                    r#""extension":[{"url":"http://hl7.org/fhir/StructureDefinition/match-grade","valueCode":"#,
                );
                quoted(out, grade);
                out.push_str("}],");
            }
            out.push_str("\"mode\":");
            quoted(out, search.mode);
            if let Some(score) = search.score {
                write!(out, r#","score":{score}"#).ok();
            }
            out.push('}');
        }
        if let Some((method, url)) = entry.request {
            member(out, "request");
            write!(out, r#"{{"method":"{method}","url":"#).ok();
            quoted(out, url);
            out.push('}');
        }
        if let Some(response) = &entry.response {
            member(out, "response");
            response.write(out);
        }
        out.push('}');
    }

    /// Its text.
    pub(super) fn end(mut self) -> String {
        self.out.push_str(if self.entries == 0 { "}" } else { "]}" });
        self.out
    }
}

impl Response<'_> {
    fn write(&self, out: &mut String) {
        out.push_str("{\"status\":");
        quoted(out, self.status);
        if let Some(location) = self.location {
            out.push_str(",\"location\":");
            quoted(out, location);
        }
        if let Some(version) = self.version {
            write!(out, r#","etag":"W/\"{version}\"""#).ok();
        }
        if let Some(updated) = self.updated {
            out.push_str(r#","lastModified":""#);
            instant(out, updated);
            out.push('"');
        }
        if let Some(outcome) = self.outcome {
            out.push_str(",\"outcome\":");
            out.push_str(outcome);
        }
        out.push('}');
    }
}

/// A time as FHIR's instant, to the microsecond, as it is kept.
fn instant(out: &mut String, at: Timestamp) {
    write!(out, "{at:.6}").ok();
}

/// Text as a JSON string.
fn quoted(out: &mut String, text: &str) {
    if text.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\') {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else if let Ok(escaped) = serde_json::to_string(text) {
        out.push_str(&escaped);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn what_is_written_is_json_whatever_is_in_it() {
        let at = "2026-11-22T09:30:00Z".parse().unwrap();
        let links = [("self", "http://x/fhir/Patient?name=\"a\\b\""), ("next", "y")];
        let mut bundle = Bundle::begin(Kind::Searchset, at, Some(2), &links);
        let search = Search { mode: "match", score: Some(0.5), grade: Some("certain") };
        bundle.add(&Entry {
            full_url: Some("u"),
            resource: Some("{\"value\":1.50}"),
            search: Some(search),
            ..Entry::default()
        });
        let response = Response {
            status: "201 Created",
            location: Some("l"),
            version: Some(3),
            updated: Some(at),
            outcome: Some("{}"),
        };
        bundle.add(&Entry { request: Some(("PUT", "Patient/1")), response: Some(response), ..Entry::default() });
        let text = bundle.end();
        assert!(text.contains("1.50"), "digits stay");
        let read: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read["link"][0]["url"], "http://x/fhir/Patient?name=\"a\\b\"");
        assert_eq!(read["entry"][0]["search"]["mode"], "match");
        assert_eq!(
            read["entry"][1]["response"],
            json!({
                "status": "201 Created", "location": "l", "etag": "W/\"3\"", "lastModified": "2026-11-22T09:30:00.000000Z", "outcome": {}
            })
        );
        assert_eq!(read["meta"]["lastUpdated"], "2026-11-22T09:30:00.000000Z");
    }

    #[test]
    fn an_empty_bundle_has_no_entry() {
        let text = Bundle::begin(Kind::History, Timestamp::UNIX_EPOCH, None, &[]).end();
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap().as_object().unwrap().keys().count(), 3);
    }
}
