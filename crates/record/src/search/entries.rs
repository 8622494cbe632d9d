//! What the search index holds of a resource. It follows from the resource and the feed that brought it, and from nothing
//! else, so that it can be made again.

use access::{Class, Sensitivity};
use fhir::entry::{Entry, Index, half};
use serde_json::Value;
use store::Prepared;
use store::resource::resource_id;

use super::class;
use crate::interaction::{is_api, row_id};

/// Raised when the same resource would give other entries for a reason that lies in this program.
const READING: u32 = 5;

/// Changes when the same resource would give other entries: with the program, and with FHIR's definitions. The index is then
/// made again at the next start.
pub(crate) fn version() -> u32 {
    fhir::definitions::edition().wrapping_add(READING)
}

/// The longest text that is looked up, in bytes: PostgreSQL's index takes no row over 2,700. What comes after is not found.
const LONGEST: usize = 1_000;

/// What the search index writes of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ready {
    /// The class it has for access.
    pub(crate) class: Class,
    /// How sensitive it is by its own words.
    pub(crate) sensitivity: Sensitivity,
    /// Its entries, sorted, each once, of a length that both databases take.
    pub(crate) index: Index,
}

impl Ready {
    /// Makes what was read fit for the tables.
    pub(crate) fn of(kind: &str, value: &Value, mut index: Index) -> Self {
        for entry in &mut index.entries {
            if let Entry::Text { text, .. } = entry {
                shorten(text);
            }
        }
        index.entries.sort_unstable();
        index.entries.dedup();
        Self { class: class(kind, value), sensitivity: crate::sensitivity::of(kind, value), index }
    }
}

/// Cuts text to what an index takes, and takes out the one letter that PostgreSQL's text cannot hold.
fn shorten(text: &mut String) {
    if text.len() > LONGEST {
        text.truncate((0..=LONGEST).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default());
    }
    if text.contains('\0') {
        text.retain(|letter| letter != '\0');
    }
}

/// The entries of a resource of a feed.
pub(crate) fn entries(feed: &str, kind: &str, value: &Value) -> Index {
    let resolve = |kind: &str, id: &str| {
        // A feed's own reference is by its own ids; the API's is by the ids it shows.
        let row = if is_api(feed) { row_id(kind, id) } else { resource_id(feed, kind, id) };
        half(row.into_bytes())
    };
    fhir::index::of(kind, value, &resolve)
}

/// All that the index will write, worked out before the writer has to.
pub(crate) fn prepared(feed: &str, kind: &str, value: &Value) -> Prepared {
    Prepared::new(Ready::of(kind, value, entries(feed, kind, value)))
}
