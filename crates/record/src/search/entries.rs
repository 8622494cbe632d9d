//! What the search index holds of a resource. It follows from the resource and the feed that brought it, and from nothing
//! else, so that it can be made again.

use fhir::entry::{Index, half};
use serde_json::Value;
use store::Resource;
use store::resource::resource_id;

use crate::interaction::{FEED, row_id};

/// Raised when the same resource would give other entries for a reason that lies in this program.
const READING: u32 = 1;

/// Changes when the same resource would give other entries: with the program, and with FHIR's definitions. The index is then
/// made again at the next start.
pub(crate) fn version() -> u32 {
    fhir::definitions::edition().wrapping_add(READING)
}

/// The entries of a resource.
pub(crate) fn entries(resource: &Resource, value: &Value) -> Index {
    let feed = resource.feed.as_str();
    let resolve = |kind: &str, id: &str| {
        // A feed's own reference is by its own ids; the API's is by the ids it shows.
        let row = if feed == FEED { row_id(kind, id) } else { resource_id(feed, kind, id) };
        half(row.into_bytes())
    };
    fhir::index::of(&resource.kind, value, &resolve)
}
