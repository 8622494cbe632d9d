//! How the API names what is kept: the id a client sees, the row it stands for, and the text that is sent. It must not look
//! anything up: every id follows from the row alone.

use std::borrow::Cow;

use access::Subject;
use store::{Resource, resource::resource_id};
use uuid::Uuid;

use crate::resource::literal;

/// The feed of what is written by the API.
pub const FEED: &str = "api";

/// The feed of what is written by the API for one organisation, team or home: it is their own word ([`access::Test::Ours`]).
pub(crate) fn written_for(holder: &str) -> String {
    format!("{FEED}:{holder}")
}

/// The feed of what somebody writes by the API. Whoever acts for several writes for the first that is an organisation, a practice
/// or a home, else for the first; for whoever acts for none it is nobody's own.
pub(crate) fn feed_of(by: &Subject) -> String {
    let stands = |team: &&String| ["organisation:", "ods:", "home:"].iter().any(|kind| team.starts_with(kind));
    by.teams.iter().find(stands).or_else(|| by.teams.first()).map_or_else(|| FEED.to_owned(), |team| written_for(team))
}

/// True for what was written by the API, for whomever.
#[must_use]
pub fn is_api(feed: &str) -> bool {
    feed.strip_prefix(FEED).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
}

/// The longest id FHIR allows.
const LONGEST: usize = 64;

/// The row that a logical id stands for: a UUID (hyphenated, lower case) is the row's own id; any other was given by a client.
#[must_use]
pub fn row_id(kind: &str, logical: &str) -> Uuid {
    own_uuid(logical).unwrap_or_else(|| resource_id(FEED, kind, logical))
}

/// A UUID as the API writes it; other spellings of one are ordinary text.
fn own_uuid(logical: &str) -> Option<Uuid> {
    let spelt = logical.len() == 36
        && logical.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        });
    if spelt { Uuid::try_parse(logical).ok() } else { None }
}

/// The id by which the API knows a resource.
#[must_use]
pub fn logical_id(resource: &Resource) -> String {
    if is_api(&resource.feed) { resource.source_id.clone() } else { resource.id.hyphenated().to_string() }
}

/// True for what FHIR allows as an id: letters, digits, `-` and `.`, one to sixty-four of them.
#[must_use]
pub fn sound_id(id: &str) -> bool {
    (1..=LONGEST).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
}

/// A feed's own reference in the API's words; `None` where it stands as it is. References in what came by the API are the
/// API's already; addresses elsewhere, fragments and names (`urn:uuid:`) are nobody's to change.
#[must_use]
pub(crate) fn reference<'a>(feed: &str, written: &'a str) -> Option<Cow<'a, str>> {
    if is_api(feed) || written.contains(':') || written.starts_with('/') {
        return None;
    }
    let (kind, id) = literal(written)?;
    // Only `Type/id`: what has more before it is no reference of this feed.
    (written.starts_with(kind) && crate::feed::fhir::is_r4_type(kind))
        .then(|| Cow::Owned(format!("{kind}/{}", resource_id(feed, kind, id).hyphenated())))
}

/// The text that is sent: the body as it was kept, with its id, version and time, and a feed's own references in the API's
/// words. Nothing is parsed and no digit moves. Empty for a deletion.
#[must_use]
pub fn served(resource: &Resource) -> String {
    if resource.is_deleted() {
        return String::new();
    }
    let map = |written: &str| reference(&resource.feed, written).map(Cow::into_owned);
    fhir::splice::served(&resource.body, &logical_id(resource), resource.version, resource.arrived, &map)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_is_a_row_and_anything_else_is_a_clients_word() {
        let id = Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_00AB);
        assert_eq!(row_id("Patient", &id.hyphenated().to_string()), id);
        let shouted = id.hyphenated().to_string().to_uppercase();
        assert_ne!(row_id("Patient", &shouted), id, "FHIR ids are told apart by case");
        assert_eq!(row_id("Patient", &id.simple().to_string()), resource_id(FEED, "Patient", &id.simple().to_string()));
        assert_ne!(row_id("Patient", "example"), row_id("Observation", "example"));
    }

    #[test]
    fn only_a_feeds_own_references_are_rewritten() {
        let own = resource_id("gp", "Patient", "EM1").hyphenated().to_string();
        assert_eq!(reference("gp", "Patient/EM1").as_deref(), Some(format!("Patient/{own}").as_str()));
        assert_eq!(reference("gp", "Patient/EM1/_history/2").as_deref(), Some(format!("Patient/{own}").as_str()));
        for kept in
            ["#p1", "urn:uuid:1", "https://x.example/fhir/Patient/EM1", "Patient?identifier=a|b", "elsewhere/Patient/1"]
        {
            assert_eq!(reference("gp", kept), None, "{kept}");
        }
        assert_eq!(reference(FEED, "Patient/EM1"), None);
    }

    #[test]
    fn ids_are_what_fhir_allows() {
        assert!(sound_id("a-1.B") && sound_id(&"x".repeat(64)));
        for bad in ["", "a/b", "a b", "é", "a_b", &"x".repeat(65)] {
            assert!(!sound_id(bad), "{bad}");
        }
    }
}
