//! The search index: a few narrow tables that say of every current resource what it can be found by. Written in the same
//! transaction as the resource, by the one writer, and made again from the resources alone like any other view.
//!
//! Rows are named by the resource's place in the order of arrival ([`Resource::seq`]), a small number that only grows: what
//! came last is written at the end, and an answer in this order needs no sorting. What is deleted has no rows. Whose a row is
//! stands in it by the person's root, because that is what every search asks of every row; a join moves them, and a split gives
//! them back by the leaf.

pub(crate) mod clause;
pub(crate) mod drive;
pub(crate) mod order;
pub(crate) mod read;
pub(crate) mod rows;
pub(crate) mod visible;
pub(crate) mod withheld;

use std::borrow::Cow;

use access::{Class, Classes};
use fhir::entry::{Entry, Index as Found};
use serde_json::Value;
use store::table::{Index, Table, Type, column};
use store::{Aggregate, Resource, Result, Sql, Tx, View, aggregate};

use crate::person::{Event, Person};
use crate::search::Ready;
use rows::{DATES, LINKS, NUMBERS, TERMS, TEXTS};

static RESOURCE: Table = Table {
    name: "search_resource",
    columns: &[
        column("kind", Type::Int),
        column("seq", Type::Int),
        column("half", Type::Int),
        column("person", Type::Uuid),
        column("class", Type::Int),
        column("sensitivity", Type::Int),
        column("feed", Type::Int),
        column("updated", Type::Int),
        column("present", Type::Int),
        column("leaf", Type::Uuid),
    ],
    key: &["kind", "seq"],
    clustered: true,
    indexes: &[
        Index { name: "search_resource_half", columns: &["half"], unique: false, only: "" },
        Index { name: "search_resource_person", columns: &["person"], unique: false, only: "" },
    ],
};
static TERM: Table = Table {
    name: "search_term",
    columns: &[column("term", Type::Int), column("seq", Type::Int)],
    key: &["term", "seq"],
    clustered: true,
    indexes: &[],
};
static TEXT: Table = Table {
    name: "search_text",
    columns: &[column("seq", Type::Int), column("parameter", Type::Int), column("text", Type::Text)],
    key: &["seq", "parameter", "text"],
    clustered: true,
    indexes: &[Index { name: "search_text_found", columns: &["parameter", "text", "seq"], unique: false, only: "" }],
};
static DATE: Table = Table {
    name: "search_date",
    columns: STRETCH,
    key: &["seq", "parameter", "low", "high"],
    clustered: true,
    indexes: &[
        Index { name: "search_date_low", columns: &["parameter", "low", "high", "seq"], unique: false, only: "" },
        Index { name: "search_date_high", columns: &["parameter", "high", "low", "seq"], unique: false, only: "" },
    ],
};
static NUMBER: Table = Table {
    name: "search_number",
    columns: STRETCH,
    key: &["seq", "parameter", "low", "high"],
    clustered: true,
    indexes: &[Index {
        name: "search_number_high",
        columns: &["parameter", "high", "low", "seq"],
        unique: false,
        only: "",
    }],
};
static LINK: Table = Table {
    name: "search_link",
    columns: &[column("seq", Type::Int), column("parameter", Type::Int), column("target", Type::Int)],
    key: &["seq", "parameter", "target"],
    clustered: true,
    indexes: &[Index { name: "search_link_to", columns: &["parameter", "target", "seq"], unique: false, only: "" }],
};
const STRETCH: &[store::table::Column] =
    &[column("seq", Type::Int), column("parameter", Type::Int), column("low", Type::Int), column("high", Type::Int)];
static TABLES: &[&Table] = &[&RESOURCE, &TERM, &TEXT, &DATE, &NUMBER, &LINK];

static PUT: Sql = Sql::both(
    "INSERT INTO search_resource (kind, seq, half, person, class, sensitivity, feed, updated, present, leaf)
     VALUES ($1, $2, $3, coalesce((SELECT p.root FROM person AS p WHERE p.id = $4), $4), $5, $6, $7, $8, $9, $4)",
);
static CHANGE: Sql = Sql::both(
    "UPDATE search_resource SET person = coalesce((SELECT p.root FROM person AS p WHERE p.id = $1), $1), leaf = $1,
     class = $2, sensitivity = $3, feed = $4, updated = $5, present = $6
     WHERE kind = $7 AND seq = $8",
);
static TAKE: Sql = Sql::both("DELETE FROM search_resource WHERE kind = $1 AND seq = $2");
static MOVE: Sql = Sql::both("UPDATE search_resource SET person = $1 WHERE person = $2");
static GIVE_BACK: Sql = Sql::both("UPDATE search_resource SET person = $1 WHERE person = $2 AND leaf = $3");

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[&PUT, &CHANGE, &TAKE, &MOVE, &GIVE_BACK];

/// What reads the entries of the index out of a resource (its feed, its type, its value); the reference targets among them are
/// halves of row ids.
pub type Extract = fn(&str, &str, &Value) -> Found;

/// Keeps the search index.
pub struct Search {
    extract: Extract,
}

impl Default for Search {
    fn default() -> Self {
        Self::reading(crate::search::entries)
    }
}

impl Search {
    /// An index of what `extract` reads: for tests; everybody else takes the default.
    #[must_use]
    pub fn reading(extract: Extract) -> Self {
        Self { extract }
    }

    /// What is written of a resource: as it was prepared, or worked out now.
    fn ready<'r>(&self, resource: &'r Resource) -> Result<Cow<'r, Ready>> {
        if let Some(ready) = resource.prepared.as_ref().and_then(|prepared| prepared.get::<Ready>()) {
            return Ok(Cow::Borrowed(ready));
        }
        let value = resource.json()?;
        let index = (self.extract)(&resource.feed, &resource.kind, value.as_ref());
        Ok(Cow::Owned(Ready::of(&resource.kind, value.as_ref(), index)))
    }
}

impl View for Search {
    fn name(&self) -> &'static str {
        "search"
    }

    fn version(&self) -> u32 {
        crate::search::version()
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn on_event(&self, tx: &mut dyn Tx, entry: &store::Entry) -> Result<()> {
        if entry.kind != Person::KIND {
            return Ok(());
        }
        match aggregate::read::<Person>(entry)? {
            Event::Joined { into, .. } => {
                tx.execute(&MOVE, &[into.into(), entry.stream.into()])?;
            }
            Event::Parted { from, with, .. } => {
                for leaf in with {
                    tx.execute(&GIVE_BACK, &[entry.stream.into(), from.into(), leaf.into()])?;
                }
            }
            Event::Found { .. } | Event::Disputed { .. } => {}
        }
        Ok(())
    }

    fn on_resource(&self, tx: &mut dyn Tx, before: Option<&Resource>, now: &Resource) -> Result<()> {
        let was = before.filter(|before| !before.is_deleted()).map(|before| self.ready(before)).transpose()?;
        let kind = kind(&now.kind);
        if now.is_deleted() {
            if let Some(was) = was {
                tx.execute(&TAKE, &[kind.into(), now.seq.into()])?;
                write(tx, now.seq, &was.index.entries, &[])?;
            }
            return Ok(());
        }
        let is = self.ready(now)?;
        let (class, sensitivity, feed) = (bit(is.class), is.sensitivity.number(), feed(&now.feed));
        let (updated, present) = (now.arrived.as_microsecond(), is.index.present);
        if let Some(was) = was {
            let row = [
                now.person.into(),
                class.into(),
                sensitivity.into(),
                feed.into(),
                updated.into(),
                present.into(),
                kind.into(),
                now.seq.into(),
            ];
            tx.execute(&CHANGE, &row)?;
            return write(tx, now.seq, &was.index.entries, &is.index.entries);
        }
        let half = fhir::entry::half(now.id.into_bytes());
        let row = [
            kind.into(),
            now.seq.into(),
            half.into(),
            now.person.into(),
            class.into(),
            sensitivity.into(),
            feed.into(),
            updated.into(),
            present.into(),
        ];
        tx.execute(&PUT, &row)?;
        write(tx, now.seq, &[], &is.index.entries)
    }
}

/// Brings the rows of a resource from what they were to what they are; both in order. What stays is not touched.
fn write(tx: &mut dyn Tx, seq: i64, was: &[Entry], is: &[Entry]) -> Result<()> {
    if !was.is_empty() {
        for entry in was.iter().filter(|entry| is.binary_search(entry).is_err()) {
            rows::take(tx, seq, entry)?;
        }
    }
    let (mut terms, mut texts, mut dates, mut numbers, mut links) =
        (Vec::with_capacity(is.len()), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for entry in is.iter().filter(|entry| was.is_empty() || was.binary_search(entry).is_err()) {
        match entry {
            Entry::Term(term) => terms.push([*term, seq]),
            Entry::Text { parameter, text } => texts.push((*parameter, text.as_str())),
            Entry::Date { parameter, low, high } => dates.push([seq, *parameter, *low, *high]),
            Entry::Number { parameter, low, high } => numbers.push([seq, *parameter, *low, *high]),
            Entry::Link { parameter, target } => links.push([seq, *parameter, *target]),
        }
    }
    TERMS.put(tx, &terms)?;
    DATES.put(tx, &dates)?;
    NUMBERS.put(tx, &numbers)?;
    LINKS.put(tx, &links)?;
    TEXTS.put_texts(tx, seq, &texts)
}

/// The number by which the tables know a type.
#[must_use]
pub(crate) fn kind(kind: &str) -> i64 {
    fhir::entry::term(kind, "", "kind", "")
}

/// The number by which the tables know a feed.
#[must_use]
pub(crate) fn feed(feed: &str) -> i64 {
    fhir::entry::term("", "", "feed", feed)
}

/// The number by which the tables know a class: one bit, so that several are one number.
pub(crate) fn bit(class: Class) -> i64 {
    Classes::of([class]).number()
}
