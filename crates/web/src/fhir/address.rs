//! What an address of the API asks for: the interactions of FHIR's RESTful API, told by method and path alone. Pure, and
//! must not know who asks or what is stored; which types there are is an argument.

use axum::http::Method;
use fhir::issue::{Code, Issue};

use super::form::decoded;

/// An interaction. Types are ones that there are; ids have FHIR's form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Interaction {
    /// `GET /fhir/metadata`.
    Capabilities,
    /// `POST /fhir`.
    Bundle,
    /// `GET /fhir`, `POST /fhir/_search`: across types, which is not offered.
    SearchAll,
    /// `GET /fhir/_history`: across types, which is not offered.
    HistoryAll,
    /// `GET /fhir/{type}`.
    Search(String),
    /// `POST /fhir/{type}/_search`.
    SearchForm(String),
    /// `POST /fhir/{type}`.
    Create(String),
    /// `PUT /fhir/{type}?...`.
    UpdateWhere(String),
    /// `PATCH /fhir/{type}?...`.
    PatchWhere(String),
    /// `DELETE /fhir/{type}?...`.
    DeleteWhere(String),
    /// `GET /fhir/{type}/_history`.
    HistoryOf(String),
    /// `GET /fhir/{type}/{id}`.
    Read(String, String),
    /// `PUT /fhir/{type}/{id}`.
    Update(String, String),
    /// `PATCH /fhir/{type}/{id}`.
    Patch(String, String),
    /// `DELETE /fhir/{type}/{id}`.
    Delete(String, String),
    /// `GET /fhir/{type}/{id}/_history`.
    History(String, String),
    /// `GET /fhir/{type}/{id}/_history/{version}`.
    Version(String, String, String),
    /// `GET /fhir/Patient/{id}/$everything`.
    Everything(String),
    /// `POST /fhir/Patient/{id}/$everything`, its parameters in the body.
    EverythingForm(String),
    /// `POST /fhir/{type}/$validate`, `POST /fhir/{type}/{id}/$validate`.
    Validate(String, Option<String>),
    /// `GET /fhir/{type}/{id}/$validate`: what is stored.
    ValidateStored(String, String),
    /// `POST /fhir/Patient/$match`.
    Match,
    /// `POST /fhir/$process-message`.
    Message,
}

impl Interaction {
    /// True for what looks through the record for people or resources.
    pub(super) fn is_search(&self) -> bool {
        matches!(self, Self::Search(_) | Self::SearchForm(_) | Self::HistoryOf(_) | Self::Match | Self::Message)
    }

    /// FHIR's word for it, for the log: nothing of the request itself.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::Capabilities => "capabilities",
            Self::Bundle => "transaction or batch",
            Self::SearchAll => "search-system",
            Self::HistoryAll => "history-system",
            Self::Search(_) | Self::SearchForm(_) => "search-type",
            Self::Create(_) => "create",
            Self::Update(..) | Self::UpdateWhere(_) => "update",
            Self::Patch(..) | Self::PatchWhere(_) => "patch",
            Self::Delete(..) | Self::DeleteWhere(_) => "delete",
            Self::HistoryOf(_) => "history-type",
            Self::Read(..) => "read",
            Self::Version(..) => "vread",
            Self::History(..) => "history-instance",
            Self::Everything(_) | Self::EverythingForm(_) => "$everything",
            Self::Validate(..) | Self::ValidateStored(..) => "$validate",
            Self::Match => "$match",
            Self::Message => "$process-message",
        }
    }
}

/// Why an address asks for nothing here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Nothing {
    /// No such address.
    NotHere(Issue),
    /// There is, but not by this method: the ones there are.
    OtherMethod(&'static str),
    /// The address cannot be read.
    Unreadable(Issue),
}

/// Every address of the API, for the tests that walk them: method, address.
pub const ADDRESSES: &[(&str, &str)] = &[
    ("GET", "/fhir/metadata"),
    ("POST", "/fhir"),
    ("GET", "/fhir/{type}"),
    ("POST", "/fhir/{type}/_search"),
    ("POST", "/fhir/{type}"),
    ("PUT", "/fhir/{type}"),
    ("PATCH", "/fhir/{type}"),
    ("DELETE", "/fhir/{type}"),
    ("GET", "/fhir/{type}/_history"),
    ("GET", "/fhir/{type}/{id}"),
    ("PUT", "/fhir/{type}/{id}"),
    ("PATCH", "/fhir/{type}/{id}"),
    ("DELETE", "/fhir/{type}/{id}"),
    ("GET", "/fhir/{type}/{id}/_history"),
    ("GET", "/fhir/{type}/{id}/_history/{version}"),
    ("GET", "/fhir/Patient/{id}/$everything"),
    ("POST", "/fhir/Patient/{id}/$everything"),
    ("POST", "/fhir/{type}/$validate"),
    ("GET", "/fhir/{type}/{id}/$validate"),
    ("POST", "/fhir/{type}/{id}/$validate"),
    ("POST", "/fhir/Patient/$match"),
    ("POST", "/fhir/$process-message"),
];

/// Reads a method and a path (`/fhir/Patient/1`), as it came: escapes and all. `is_type` knows the types there are.
pub(super) fn read(method: &Method, path: &str, is_type: fn(&str) -> bool) -> Result<Interaction, Nothing> {
    let path = path.strip_prefix("/fhir").unwrap_or(path);
    let path = path.strip_prefix('/').unwrap_or(path);
    let path = path.strip_suffix('/').unwrap_or(path);
    let parts: Vec<String> = match path {
        "" => Vec::new(),
        path => {
            path.split('/').map(|part| decoded(part, false)).collect::<Result<_, _>>().map_err(Nothing::Unreadable)?
        }
    };
    // What HEAD asks is what GET asks; only the answer's body is left out.
    let method = if method == Method::HEAD { &Method::GET } else { method };
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    interaction(method.as_str(), &parts, is_type)
}

fn interaction(method: &str, parts: &[&str], is_type: fn(&str) -> bool) -> Result<Interaction, Nothing> {
    use Interaction as I;
    let own = |text: &str| text.to_owned();
    let found = match (method, parts) {
        ("GET", ["metadata"]) => I::Capabilities,
        (_, ["metadata"]) => return Err(Nothing::OtherMethod("GET, HEAD")),
        ("POST", []) => I::Bundle,
        ("GET", []) | ("POST", ["_search"]) => I::SearchAll,
        (_, []) => return Err(Nothing::OtherMethod("GET, HEAD, POST")),
        ("GET", ["_history"]) => I::HistoryAll,
        ("POST", ["$process-message"]) => I::Message,
        (_, ["$process-message"]) => return Err(Nothing::OtherMethod("POST")),
        (_, [kind, ..]) if !is_type(kind) => return Err(Nothing::NotHere(no_type(kind))),
        ("GET", [kind]) => I::Search(own(kind)),
        ("POST", [kind]) => I::Create(own(kind)),
        ("PUT", [kind]) => I::UpdateWhere(own(kind)),
        ("PATCH", [kind]) => I::PatchWhere(own(kind)),
        ("DELETE", [kind]) => I::DeleteWhere(own(kind)),
        (_, [_]) => return Err(Nothing::OtherMethod("GET, HEAD, POST, PUT, PATCH, DELETE")),
        ("POST", [kind, "_search"]) => I::SearchForm(own(kind)),
        (_, [_, "_search"]) => return Err(Nothing::OtherMethod("POST")),
        ("GET", [kind, "_history"]) => I::HistoryOf(own(kind)),
        (_, [_, "_history"]) => return Err(Nothing::OtherMethod("GET, HEAD")),
        ("POST", [kind, "$validate"]) => I::Validate(own(kind), None),
        (_, [_, "$validate"]) | (_, ["Patient", "$match"]) if method != "POST" => {
            return Err(Nothing::OtherMethod("POST"));
        }
        ("POST", ["Patient", "$match"]) => I::Match,
        (_, [kind, operation]) if operation.starts_with('$') => {
            return Err(Nothing::NotHere(no_operation(kind, operation)));
        }
        (_, [_, id, ..]) if !is_id(id) => return Err(Nothing::NotHere(no_id(id))),
        ("GET", [kind, id]) => I::Read(own(kind), own(id)),
        ("PUT", [kind, id]) => I::Update(own(kind), own(id)),
        ("PATCH", [kind, id]) => I::Patch(own(kind), own(id)),
        ("DELETE", [kind, id]) => I::Delete(own(kind), own(id)),
        (_, [_, _]) => return Err(Nothing::OtherMethod("GET, HEAD, PUT, PATCH, DELETE")),
        ("GET", [kind, id, "_history"]) => I::History(own(kind), own(id)),
        ("GET", [kind, id, "_history", version]) => I::Version(own(kind), own(id), own(version)),
        (_, [_, _, "_history"] | [_, _, "_history", _]) => return Err(Nothing::OtherMethod("GET, HEAD")),
        ("GET", ["Patient", id, "$everything"]) => I::Everything(own(id)),
        ("POST", ["Patient", id, "$everything"]) => I::EverythingForm(own(id)),
        ("GET", [kind, id, "$validate"]) => I::ValidateStored(own(kind), own(id)),
        ("POST", [kind, id, "$validate"]) => I::Validate(own(kind), Some(own(id))),
        (_, ["Patient", _, "$everything"] | [_, _, "$validate"]) => {
            return Err(Nothing::OtherMethod("GET, HEAD, POST"));
        }
        (_, [kind, _, operation]) if operation.starts_with('$') => {
            return Err(Nothing::NotHere(no_operation(kind, operation)));
        }
        _ => {
            return Err(Nothing::NotHere(Issue::error(
                Code::NotFound,
                "There is nothing at this address. Addresses are /fhir/{type}, /fhir/{type}/{id} and what GET /fhir/metadata names.",
            )));
        }
    };
    Ok(found)
}

/// FHIR's `id`.
fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.')
}

fn shown(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(64).collect()
}

fn no_type(kind: &str) -> Issue {
    let words = match kind {
        "_history" => "History across types is not offered; ask for /fhir/{type}/_history.".to_owned(),
        "_search" => "Search across types is not offered; ask for /fhir/{type}/_search.".to_owned(),
        operation if operation.starts_with('$') => return no_operation("the whole system", operation),
        kind => format!(
            "\u{201c}{}\u{201d} is no type of FHIR R4 that is kept here; GET /fhir/metadata lists those that are.",
            shown(kind)
        ),
    };
    Issue::error(Code::NotSupported, words)
}

fn no_operation(on: &str, operation: &str) -> Issue {
    Issue::error(
        Code::NotSupported,
        format!(
            "There is no operation {} on {on}. There are $process-message, Patient/[id]/$everything, Patient/$match, [type]/$validate and [type]/[id]/$validate.",
            shown(operation)
        ),
    )
}

fn no_id(id: &str) -> Issue {
    Issue::error(
        Code::Value,
        format!("\u{201c}{}\u{201d} is no id of FHIR: 1 to 64 letters, digits, hyphens and dots.", shown(id)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(method: &str, path: &str) -> Result<Interaction, Nothing> {
        read(&Method::from_bytes(method.as_bytes()).unwrap(), path, |kind| matches!(kind, "Patient" | "Observation"))
    }

    #[test]
    fn every_listed_address_is_an_interaction_of_its_own() {
        let mut seen = Vec::new();
        for (method, address) in ADDRESSES {
            let path = address.replace("{type}", "Observation").replace("{id}", "a-1").replace("{version}", "2");
            let found = of(method, &path).unwrap_or_else(|nothing| panic!("{method} {path}: {nothing:?}"));
            assert!(!seen.contains(&found), "{method} {path}");
            seen.push(found);
        }
    }

    #[test]
    fn a_known_address_by_another_method_names_its_methods() {
        assert_eq!(of("DELETE", "/fhir/metadata"), Err(Nothing::OtherMethod("GET, HEAD")));
        assert_eq!(of("POST", "/fhir/Patient/1"), Err(Nothing::OtherMethod("GET, HEAD, PUT, PATCH, DELETE")));
        assert_eq!(of("GET", "/fhir/Patient/_search"), Err(Nothing::OtherMethod("POST")));
        assert_eq!(of("GET", "/fhir/Patient/$match"), Err(Nothing::OtherMethod("POST")));
        assert_eq!(of("PUT", "/fhir"), Err(Nothing::OtherMethod("GET, HEAD, POST")));
    }

    #[test]
    fn escapes_and_a_last_slash_are_understood_and_ids_are_checked() {
        assert_eq!(of("GET", "/fhir/Patient/p/%24everything"), Ok(Interaction::Everything("p".to_owned())));
        assert_eq!(of("HEAD", "/fhir/Patient/p/"), Ok(Interaction::Read("Patient".to_owned(), "p".to_owned())));
        assert_eq!(of("GET", "/fhir/"), Ok(Interaction::SearchAll));
        for path in [
            "/fhir/Patient/a_b",
            "/fhir/Patient/%C3%A9",
            "/fhir/patient/1",
            "/fhir/Pateint/1",
            "/fhir/Patient/1/x",
            "/fhir/Patient/1/$graph",
            "/fhir/$export",
        ] {
            assert!(matches!(of("GET", path), Err(Nothing::NotHere(_))), "{path}");
        }
        assert!(matches!(of("GET", "/fhir/Patient/%"), Err(Nothing::Unreadable(_))));
        assert!(matches!(of("GET", &format!("/fhir/Patient/{}", "x".repeat(65))), Err(Nothing::NotHere(_))));
    }
}
