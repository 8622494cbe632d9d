//! How a request wants to be answered and what it sends: media types, `_format`, `_pretty`, `Prefer`, ETags and dates of its
//! conditions. JSON is all that is spoken here, and a request for anything else is told so. Pure.

use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use fhir::issue::{Code, Issue};
use jiff::Timestamp;
use jiff::fmt::rfc2822;

use super::answer::Refusal;

/// What to send back of something that was written (`Prefer: return=...`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Return {
    /// No body.
    Minimal,
    /// The resource as it now stands.
    #[default]
    Representation,
    /// What was done, as an OperationOutcome.
    Outcome,
}

/// How to answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Wish {
    /// `_pretty=true`.
    pub(super) pretty: bool,
    /// `Prefer: return=...`.
    pub(super) returning: Option<Return>,
    /// `Prefer: handling=lenient`, which nobody is given: the refusal of a search says so.
    pub(super) lenient: bool,
}

impl Wish {
    /// What the headers and the parameters say; takes `_format` and `_pretty` out of the parameters.
    pub(super) fn take(headers: &HeaderMap, parameters: &mut Vec<(String, String)>) -> Result<Self, Refusal> {
        let mut format = None;
        let mut pretty = None;
        parameters.retain_mut(|(name, value)| match name.as_str() {
            "_format" => {
                format = Some(std::mem::take(value));
                false
            }
            "_pretty" => {
                pretty = Some(std::mem::take(value));
                false
            }
            _ => true,
        });
        match &format {
            // A plus in an address is a blank, and `application/fhir+json` is rarely escaped.
            Some(format) if speaks(&format.replace(' ', "+")) => {}
            Some(_) => return Err(not_json("_format")),
            None => accepts(headers)?,
        }
        let pretty = match pretty.as_deref() {
            None | Some("false") => false,
            Some("true") => true,
            Some(_) => return Err(Refusal::bad(Code::Value, "_pretty is true or false.")),
        };
        let mut wish = Self { pretty, ..Self::default() };
        let preferences = headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok());
        for preference in preferences.flat_map(|value| value.split([',', ';'])) {
            let (name, value) = preference.split_once('=').unwrap_or((preference, ""));
            let value = value.trim().trim_matches('"');
            if name.trim().eq_ignore_ascii_case("return") {
                wish.returning = [
                    ("minimal", Return::Minimal),
                    ("representation", Return::Representation),
                    ("OperationOutcome", Return::Outcome),
                ]
                .into_iter()
                .find(|(word, _)| value.eq_ignore_ascii_case(word))
                .map(|(_, returning)| returning);
            } else if name.trim().eq_ignore_ascii_case("handling") {
                wish.lenient = value.eq_ignore_ascii_case("lenient");
            }
        }
        Ok(wish)
    }
}

/// Whether a media type, or FHIR's short word for it, is JSON of this version of FHIR.
fn speaks(media: &str) -> bool {
    let mut parts = media.split(';').map(str::trim);
    let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
    let json = matches!(
        kind.as_str(),
        "json" | "application/json" | "application/fhir+json" | "application/json+fhir" | "text/json"
    );
    json && parts.all(|part| match part.split_once('=') {
        Some((name, value)) if name.trim().eq_ignore_ascii_case("fhirversion") => {
            value.trim().trim_matches('"') == "4.0"
        }
        _ => true,
    })
}

fn accepts(headers: &HeaderMap) -> Result<(), Refusal> {
    let mut asked = false;
    for media in headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
    {
        let media = media.trim();
        if media.is_empty() {
            continue;
        }
        asked = true;
        let refused = media.split(';').skip(1).any(|part| {
            part.trim().strip_prefix("q=").is_some_and(|weight| weight.parse::<f32>().is_ok_and(|weight| weight <= 0.0))
        });
        let any = media.split(';').next().is_some_and(|kind| matches!(kind.trim(), "*/*" | "application/*"));
        if !refused && (any || speaks(media)) {
            return Ok(());
        }
    }
    if asked { Err(not_json("Accept")) } else { Ok(()) }
}

fn not_json(by: &str) -> Refusal {
    let words = format!(
        "{by} asks for something other than FHIR R4 as JSON, which is all that is spoken here: ask for application/fhir+json (or json)."
    );
    Refusal::new(StatusCode::NOT_ACCEPTABLE, Issue::error(Code::NotSupported, words))
}

/// What a body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sent {
    /// A resource.
    Json,
    /// A JSON Patch.
    Patch,
    /// A form.
    Form,
}

/// Holds the content type of a request against what is expected of it.
pub(super) fn sent(headers: &HeaderMap, expected: Sent) -> Result<(), Refusal> {
    let media = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let charset = media.split(';').skip(1).find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"').to_ascii_lowercase())
    });
    if charset.is_some_and(|charset| charset != "utf-8" && charset != "utf8") {
        return Err(other_media("Text is sent as UTF-8 only (charset=utf-8)."));
    }
    let fits = match expected {
        Sent::Json => speaks(media) && kind != "json",
        Sent::Patch => kind == "application/json-patch+json",
        Sent::Form => kind == "application/x-www-form-urlencoded",
    };
    if fits {
        return Ok(());
    }
    Err(other_media(match expected {
        Sent::Json => {
            "Send a resource as JSON of FHIR R4, with Content-Type: application/fhir+json (or application/json)."
        }
        Sent::Patch => {
            "Send a JSON Patch (RFC 6902), with Content-Type: application/json-patch+json. Other forms of patch are not offered."
        }
        Sent::Form => "Send the search as a form, with Content-Type: application/x-www-form-urlencoded.",
    }))
}

fn other_media(words: &str) -> Refusal {
    Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, Issue::error(Code::NotSupported, words))
}

/// The ETag of a version.
pub(super) fn etag(version: i64) -> String {
    format!("W/\"{version}\"")
}

/// The version that `If-Match` names.
pub(super) fn if_match(headers: &HeaderMap) -> Result<Option<i64>, Refusal> {
    let Some(text) = word(headers, &header::IF_MATCH) else { return Ok(None) };
    version(text).map(Some)
}

/// The version in an ETag: `W/"3"`, or `"3"`.
pub(super) fn version(text: &str) -> Result<i64, Refusal> {
    let inner = text.trim().strip_prefix("W/").unwrap_or(text.trim());
    let inner = inner.strip_prefix('"').and_then(|inner| inner.strip_suffix('"'));
    inner
        .and_then(|inner| inner.parse().ok())
        .filter(|version| *version > 0)
        .ok_or_else(|| Refusal::bad(Code::Value, "If-Match names one version, as the ETag of a read does: W/\"3\"."))
}

/// Whether the caller has this version already, by `If-None-Match` or else `If-Modified-Since`.
pub(super) fn has_it(headers: &HeaderMap, version: i64, updated: Timestamp) -> bool {
    if let Some(tags) = word(headers, &header::IF_NONE_MATCH) {
        let number = version.to_string();
        return tags.split(',').any(|tag| {
            let tag = tag.trim();
            tag == "*" || tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"') == number
        });
    }
    let since = word(headers, &header::IF_MODIFIED_SINCE)
        .and_then(|text| rfc2822::DateTimeParser::new().parse_timestamp(text).ok());
    since.is_some_and(|since| updated.as_second() <= since.as_second())
}

/// A time as HTTP's headers write it.
pub(super) fn http_date(time: Timestamp) -> String {
    rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&time).unwrap_or_default()
}

fn word<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().unwrap())])
    }

    fn wish(accept: &str, parameters: &[(&str, &str)]) -> Result<Wish, Refusal> {
        let mut pairs = parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Wish::take(&with(header::ACCEPT, accept), &mut pairs)
    }

    #[test]
    fn json_is_spoken_and_nothing_else() {
        for accept in [
            "*/*",
            "application/fhir+json",
            "application/json;q=0.9",
            "text/html,application/xhtml+xml,*/*;q=0.8",
            "application/fhir+json; fhirVersion=4.0",
            "application/fhir+xml, application/fhir+json;q=0.5",
        ] {
            assert!(wish(accept, &[]).is_ok(), "{accept}");
        }
        for accept in
            ["application/fhir+xml", "text/turtle", "application/json;q=0", "application/fhir+json; fhirVersion=5.0"]
        {
            assert_eq!(wish(accept, &[]).unwrap_err().status, StatusCode::NOT_ACCEPTABLE, "{accept}");
        }
        assert!(wish("application/fhir+xml", &[("_format", "json")]).is_ok(), "the address has the last word");
        assert!(wish("*/*", &[("_format", "application/fhir json")]).is_ok());
        assert!(wish("*/*", &[("_format", "xml")]).is_err() && wish("*/*", &[("_pretty", "yes")]).is_err());
    }

    #[test]
    fn a_body_is_what_it_says() {
        let of = |media: &str, expected| sent(&with(header::CONTENT_TYPE, media), expected).is_ok();
        assert!(of("application/fhir+json; charset=UTF-8", Sent::Json) && of("application/json", Sent::Json));
        assert!(!of("application/fhir+xml", Sent::Json) && !of("application/json; charset=latin1", Sent::Json));
        assert!(of("application/json-patch+json", Sent::Patch) && !of("application/json", Sent::Patch));
        assert!(of("application/x-www-form-urlencoded", Sent::Form) && !of("multipart/form-data", Sent::Form));
        assert!(sent(&HeaderMap::new(), Sent::Json).is_err());
    }

    #[test]
    fn preferences_are_read() {
        let prefer = |text: &str| Wish::take(&with(HeaderName::from_static("prefer"), text), &mut Vec::new()).unwrap();
        assert_eq!(prefer("return=minimal").returning, Some(Return::Minimal));
        assert_eq!(prefer("respond-async, return=OperationOutcome").returning, Some(Return::Outcome));
        assert_eq!(prefer("return=nothing").returning, None);
        assert!(prefer("handling=lenient").lenient && !prefer("handling=strict").lenient);
    }

    #[test]
    fn conditions_name_a_version_or_a_time() {
        assert_eq!(if_match(&with(header::IF_MATCH, "W/\"3\"")).unwrap(), Some(3));
        assert_eq!(if_match(&with(header::IF_MATCH, "\"12\"")).unwrap(), Some(12));
        for bad in ["3", "W/3", "*", "W/\"x\"", "W/\"-1\"", "\""] {
            assert!(if_match(&with(header::IF_MATCH, bad)).is_err(), "{bad}");
        }
        let at: Timestamp = "2026-11-22T09:30:00.5Z".parse().unwrap();
        assert_eq!(http_date(at), "Sun, 22 Nov 2026 09:30:00 GMT");
        assert!(has_it(&with(header::IF_NONE_MATCH, "W/\"2\", W/\"3\""), 3, at));
        assert!(!has_it(&with(header::IF_NONE_MATCH, "W/\"2\""), 3, at));
        assert!(has_it(&with(header::IF_MODIFIED_SINCE, "Sun, 22 Nov 2026 09:30:00 GMT"), 3, at));
        assert!(!has_it(&with(header::IF_MODIFIED_SINCE, "Sun, 22 Nov 2026 09:29:59 GMT"), 3, at));
        assert!(!has_it(&HeaderMap::new(), 3, at));
    }
}
