//! What a client of the FHIR API can ask of the record, in FHIR's own word for it: read, vread, history, create, update,
//! patch, delete, their conditional forms, transaction and batch, `$everything` and `$match`. A write goes by the same door
//! as a feed's message (the feed [`FEED`]): one entry in the log, the bytes kept, whole or not at all. It must not know HTTP
//! beyond the status that FHIR itself writes into a Bundle, and must not show anything that the caller's [`Scope`] hides.
//!
//! A request takes three steps, so that the one writer only writes:
//!
//! 1. [`Request::bundle`] or [`Request::one`]: what is asked, read and checked for its shape.
//! 2. [`Prepared::of`]: validated, ids given, references rewritten, hashed. Pure and most of the work: off the writer's thread.
//! 3. [`apply`] inside `Store::write`, or [`answer`] inside `Store::read` where [`Prepared::reads_only`].
//!
//! What a caller may not see does not exist for them: a read finds nothing (404), a search does not count it, a patch finds
//! nothing (404), and a deletion deletes nothing (204). An update to an id under which nothing stands for them is refused (405),
//! whether something hidden stands there or nothing at all; but where clients may give ids ([`Door::client_ids`]) the one is
//! refused (403) and the other created (201). Conditional operations look only at what the caller may see.

mod apply;
mod body;
mod bundle;
mod conditional;
mod everything;
mod history;
mod identity;
mod matching;
mod place;
mod prepare;
mod read;
mod reference;
mod session;
mod settle;
mod subject;
mod target;
mod whose;
pub(crate) mod withheld;

pub use apply::{answer, apply};
pub use body::Body;
pub use everything::{Everything, everything};
pub use history::{History, history};
pub(crate) use identity::written_for;
pub use identity::{FEED, is_api, logical_id, row_id, served, sound_id};
pub use matching::{Grade, Match, matching};
pub(crate) use matching::{candidates, judged};
pub use prepare::Prepared;
pub use read::{Read, read, vread};

use std::sync::Arc;

use access::{Purpose, Subject};
use fhir::issue::{Code, Issue, Severity};
use fhir::query::{Limits, Query};
use jiff::Timestamp;
use store::Resource;
use uuid::Uuid;

use crate::person::PersonIndex;
use crate::search::{self, Found};

/// The most entries one Bundle may hold.
pub const MOST_ENTRIES: usize = 5_000;

/// Who writes, when, and what a write needs from outside: time, chance and the judgement of who is who.
#[derive(Clone)]
pub struct Door {
    /// Who is signed in.
    pub subject: Subject,
    /// Why they write.
    pub purpose: Purpose,
    /// When.
    pub at: Timestamp,
    /// One random number for the whole request: the ids of what it creates follow from it.
    pub seed: Uuid,
    /// This API's own address without a slash at its end (`https://host/fhir`): a reference that begins with it is a local one.
    pub base: String,
    /// What a search within a Bundle may cost, and the key of its cursors: those of any other search.
    pub limits: search::Limits,
    /// Says whose a Patient is.
    pub index: Arc<dyn PersonIndex>,
    /// Whether a client may give an id to what is not there yet (FHIR's update as create). Where it may, an id that is hidden
    /// from it answers otherwise than one that is free.
    pub client_ids: bool,
}

impl Door {
    /// How searches in the request are read.
    pub(crate) fn reading(&self) -> Limits<'_> {
        Limits::new((!self.base.is_empty()).then_some(self.base.as_str()), self.at)
    }

    /// The name under which the log keeps the write: `gp:dr-shah`.
    #[must_use]
    pub fn actor(&self) -> String {
        self.subject.actor()
    }
}

/// Which resource is meant.
#[derive(Debug, Clone)]
pub enum Which {
    /// The one of this id.
    Id(String),
    /// The one that answers this search; more than one is an error.
    Matching(Box<Query>),
}

/// One interaction.
#[derive(Debug, Clone)]
pub enum Do {
    /// `POST Type`.
    Create {
        /// `If-None-Exist`: only if nothing answers this.
        if_none_exist: Option<Box<Query>>,
    },
    /// `PUT Type/id` or `PUT Type?…`.
    Update {
        /// Which.
        which: Which,
        /// `If-Match`: the version the client has seen.
        if_match: Option<i64>,
    },
    /// `PATCH Type/id` or `PATCH Type?…`.
    Patch {
        /// Which.
        which: Which,
        /// The JSON Patch.
        patch: Patch,
        /// `If-Match`.
        if_match: Option<i64>,
    },
    /// `DELETE Type/id` or `DELETE Type?…`.
    Delete {
        /// Which.
        which: Which,
        /// `If-Match`.
        if_match: Option<i64>,
    },
    /// `GET Type/id` or `GET Type/id/_history/version`.
    Read {
        /// Which.
        id: String,
        /// Which version; `None`: the current one.
        version: Option<i64>,
    },
    /// `GET Type?…`.
    Search {
        /// What is looked for.
        query: Box<Query>,
    },
}

/// A JSON Patch (RFC 6902) as its own JSON.
pub type Patch = serde_json::Value;

/// One thing asked.
#[derive(Debug, Clone)]
pub struct Task {
    /// What.
    pub interaction: Do,
    /// Of which type.
    pub kind: String,
    /// The resource, for a create or an update.
    pub body: Option<Body>,
    /// What a Bundle calls it, so that its neighbours can refer to it.
    pub full_url: Option<String>,
}

/// Everything one request asks, read but not yet judged.
#[derive(Debug, Clone)]
pub struct Request {
    /// The bytes as they came: kept as the message.
    pub(crate) raw: Vec<u8>,
    /// True for a transaction: whole or not at all. False: each task stands or falls alone.
    pub(crate) whole: bool,
    /// True where it came as a Bundle, so that a place begins with `Bundle.entry[n]`.
    pub(crate) bundle: bool,
    /// What is asked, in order; in a batch one may be refused before the others are looked at.
    pub(crate) tasks: Vec<Result<Task, Refusal>>,
}

impl Request {
    /// A request for one thing. `raw` is its body as it came (empty for a read or a delete).
    #[must_use]
    pub fn one(task: Task, raw: &[u8]) -> Self {
        Self { raw: raw.to_vec(), whole: true, bundle: false, tasks: vec![Ok(task)] }
    }

    /// A transaction or a batch.
    ///
    /// # Errors
    /// Where it is no such Bundle; for a transaction also where any entry cannot be read.
    pub fn bundle(raw: &[u8], door: &Door) -> Result<Self, Failed> {
        bundle::read(raw, &door.reading())
    }

    /// True for a transaction, false for a batch.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.whole
    }
}

/// Why one thing was not done: the status FHIR has for it, and what is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// 400, 403, 404, 405, 409, 410, 412 or 422.
    pub status: u16,
    /// What is wrong, at least one line.
    pub issues: Vec<Issue>,
}

impl Refusal {
    pub(crate) fn new(status: u16, code: Code, words: impl Into<String>) -> Self {
        Self { status, issues: vec![Issue::error(code, words)] }
    }

    /// The same with no more issues than anybody reads; the last then says how many there are.
    pub(crate) fn bounded(mut self) -> Self {
        let more = self.issues.len().saturating_sub(fhir::validate::MOST_ISSUES);
        if more > 0 {
            self.issues.truncate(fhir::validate::MOST_ISSUES);
            let words = format!("{more} more issues are not listed: mend these and send it again");
            self.issues.push(Issue { severity: Severity::Information, code: Code::Informational, words, at: None });
        }
        self
    }

    /// The same, each issue's place set behind (or, where it has none, being) `place`.
    pub(crate) fn within(mut self, place: &str) -> Self {
        if !place.is_empty() {
            for issue in &mut self.issues {
                issue.at = Some(match issue.at.take() {
                    Some(at) => format!("{place}.{at}"),
                    None => place.to_owned(),
                });
            }
        }
        self
    }
}

/// What came of one task.
#[derive(Debug, Clone)]
pub struct Done {
    /// FHIR's status for it: 200, 201, 204, or why not.
    pub status: u16,
    /// The type it was about.
    pub kind: String,
    /// The id it has now, where there is one.
    pub id: Option<String>,
    /// Its version and when that came, where there is one.
    pub version: Option<(i64, Timestamp)>,
    /// What it shows.
    pub content: Content,
    /// True where it was asked for only to be read.
    pub was_read: bool,
    /// What was wrong, where it was not done.
    pub issues: Vec<Issue>,
}

/// What one task shows.
#[derive(Debug, Clone, Default)]
pub enum Content {
    /// Nothing.
    #[default]
    Nothing,
    /// A resource as it stands now: to be sent by [`served`].
    Resource(Box<Resource>),
    /// A page of a search.
    Page {
        /// What was asked, for its `self` link.
        query: Box<Query>,
        /// What answers.
        found: Box<Found>,
    },
}

/// Why a request did nothing at all.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Failed {
    /// It cannot be done as asked. Nothing of it was.
    #[error("the request was refused ({status})", status = refusal.status)]
    Refused {
        /// The entry (from 0) that is to blame, where it is one.
        task: Option<usize>,
        /// Why.
        refusal: Refusal,
    },
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Failed {
    pub(crate) fn refused(status: u16, code: Code, words: impl Into<String>) -> Self {
        Self::Refused { task: None, refusal: Refusal::new(status, code, words) }
    }
}

impl From<Refusal> for Failed {
    fn from(refusal: Refusal) -> Self {
        Self::Refused { task: None, refusal }
    }
}

impl store::Troubled for Failed {
    fn trouble(&self) -> Option<&store::Error> {
        match self {
            Self::Refused { .. } => None,
            Self::Store(error) => Some(error),
        }
    }
}
