//! What the search index holds of a resource. It follows from the resource and the feed that brought it, and from nothing
//! else, so that it can be made again.

use fhir::entry::{Index, half};
use serde_json::Value;
use store::Resource;
use store::resource::resource_id;
use uuid::Uuid;

/// Raised when the same resource would give other entries; the index is then made again at the next start.
pub(crate) const VERSION: u32 = 1;

/// The feed of what is written by the API, whose references name resources as the API shows them.
const API: &str = "api";

/// The entries of a resource.
pub(crate) fn entries(resource: &Resource, value: &Value) -> Index {
    let _ = (value, target(&resource.feed, "", ""));
    Index::default()
}

/// The half of the id of what a resource of a feed points at.
fn target(feed: &str, kind: &str, id: &str) -> i64 {
    let row = if feed == API { row_id(kind, id) } else { resource_id(feed, kind, id) };
    half(row.into_bytes())
}

/// The row that a logical id stands for: a UUID (hyphenated, lower case) is the row's own id; any other was given by a client.
pub(super) fn row_id(kind: &str, logical: &str) -> Uuid {
    let spelt = logical.len() == 36 && logical.bytes().all(|byte| !byte.is_ascii_uppercase());
    let own = if spelt { Uuid::try_parse(logical).ok() } else { None };
    own.unwrap_or_else(|| resource_id(API, kind, logical))
}
