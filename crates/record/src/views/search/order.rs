//! Answers in another order than that of arrival: the keys of each match are read from the index, put in order, and a page
//! goes on from the keys of the last one before it. What has no value for a key comes last, in either direction; ties go by
//! order of arrival.

use fhir::query::{By, Sort};
use store::{Composed, Result, Row, Tx};
use uuid::Uuid;

use super::clause::Visible;
use super::drive::{Plan, Source, Stretch};
use super::read;

/// One key of one resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Key {
    None,
    Int(i64),
    Text(String),
    Id(Uuid),
}

/// The columns of the keys; as many as may be sorted by at once.
const KEYS: [&str; 4] = ["k0", "k1", "k2", "k3"];

/// The most keys.
pub(crate) const MOST: usize = KEYS.len();

fn column(at: usize) -> &'static str {
    KEYS.get(at).copied().unwrap_or("k3")
}

/// Where a page begins: the keys of the resource before it, and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct After {
    pub(crate) keys: Vec<Key>,
    pub(crate) seq: i64,
}

/// A page in another order.
pub(crate) fn page(
    tx: &mut dyn Tx,
    plan: &Plan,
    sort: &[Sort],
    after: Option<&After>,
    most: i64,
) -> Result<Vec<(i64, Vec<Key>)>> {
    if plan.sources.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Composed::new();
    statement.sql("SELECT seq");
    for at in 0..sort.len() {
        statement.sql(", ").sql(column(at));
    }
    statement.sql(" FROM (");
    read::union(&mut statement, plan, |out, source| {
        out.sql("SELECT r0.seq AS seq");
        keys(out, sort);
        plan.write(out, source, Stretch::default());
    });
    statement.sql(") AS m");
    if let Some(after) = after {
        statement.sql(" WHERE ");
        beyond(&mut statement, sort, after);
    }
    statement.sql(" ORDER BY ");
    for (at, sort) in sort.iter().enumerate() {
        statement.sql("(").sql(column(at)).sql(" IS NULL), ").sql(column(at));
        statement.sql(if sort.descending { " DESC, " } else { ", " });
    }
    statement.sql("seq LIMIT ").int(most);
    tx.all(&statement.statement(), &statement.params(), |row| Ok((row.int(0)?, read_keys(row, sort)?)))
}

/// The keys of one resource as they are now; `None` where it is not in the index any more.
pub(crate) fn of(tx: &mut dyn Tx, plan: &Plan, sort: &[Sort], seq: i64) -> Result<Option<Vec<Key>>> {
    let alone = Plan {
        kind: plan.kind,
        visible: Visible::clone(&plan.visible),
        clauses: Vec::new(),
        sources: Vec::new(),
        driving: None,
    };
    let mut statement = Composed::new();
    statement.sql("SELECT r0.seq");
    keys(&mut statement, sort);
    alone.write(&mut statement, &Source::Among(vec![seq]), Stretch::default());
    tx.first(&statement.statement(), &statement.params(), |row| read_keys(row, sort))
}

fn keys(out: &mut Composed, sort: &[Sort]) {
    for (at, sort) in sort.iter().enumerate() {
        out.sql(", ");
        let (table, what, parameter) = match (&sort.by, sort.descending) {
            (By::Updated, _) => {
                out.sql("r0.updated AS ").sql(column(at));
                continue;
            }
            (By::Id, _) => {
                out.sql("(SELECT t.id FROM resource AS t WHERE t.seq = r0.seq) AS ").sql(column(at));
                continue;
            }
            (By::Date(parameter), false) => ("search_date", "min(t.low)", parameter),
            (By::Date(parameter), true) => ("search_date", "max(t.high)", parameter),
            (By::Number(parameter), false) => ("search_number", "min(t.low)", parameter),
            (By::Number(parameter), true) => ("search_number", "max(t.high)", parameter),
            (By::Text(parameter), false) => ("search_text", "min(t.text)", parameter),
            (By::Text(parameter), true) => ("search_text", "max(t.text)", parameter),
        };
        out.sql("(SELECT ").sql(what).sql(" FROM ").sql(table).sql(" AS t WHERE t.seq = r0.seq AND t.parameter = ");
        out.int(*parameter).sql(") AS ").sql(column(at));
    }
}

fn read_keys(row: &dyn Row, sort: &[Sort]) -> Result<Vec<Key>> {
    sort.iter()
        .enumerate()
        .map(|(at, sort)| {
            Ok(match sort.by {
                By::Id => row.uuid_or_null(at + 1)?.map_or(Key::None, Key::Id),
                By::Text(_) => row.string_or_null(at + 1)?.map_or(Key::None, Key::Text),
                By::Updated | By::Date(_) | By::Number(_) => row.int_or_null(at + 1)?.map_or(Key::None, Key::Int),
            })
        })
        .collect()
}

fn value(out: &mut Composed, key: &Key) {
    match key {
        Key::None => out.sql("NULL"),
        Key::Int(number) => out.int(*number),
        Key::Text(text) => out.text_value(text.as_str()),
        Key::Id(id) => out.uuid(*id),
    };
}

/// What comes after a resource: greater in one key and equal in all before it, or equal in all and later.
fn beyond(out: &mut Composed, sort: &[Sort], after: &After) {
    out.sql("(");
    for at in 0..=sort.len() {
        if at > 0 {
            out.sql(" OR ");
        }
        out.sql("(");
        for (before, key) in after.keys.iter().enumerate().take(at) {
            out.sql(column(before));
            if *key == Key::None {
                out.sql(" IS NULL AND ");
            } else {
                out.sql(" = ");
                value(out, key);
                out.sql(" AND ");
            }
        }
        match (sort.get(at), after.keys.get(at)) {
            // Nothing comes after no value.
            (Some(_), Some(Key::None) | None) => {
                out.sql("1 = 0");
            }
            (Some(sort), Some(key)) => {
                out.sql("(").sql(column(at)).sql(if sort.descending { " < " } else { " > " });
                value(out, key);
                out.sql(" OR ").sql(column(at)).sql(" IS NULL)");
            }
            (None, _) => {
                out.sql("seq > ").int(after.seq);
            }
        }
        out.sql(")");
    }
    out.sql(")");
}

impl Key {
    /// Its bytes, for the mark of a cursor.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let tagged = |tag: u8, bytes: &[u8]| [&[tag], bytes].concat();
        match self {
            Self::None => vec![0],
            Self::Int(number) => tagged(1, &number.to_le_bytes()),
            Self::Text(text) => tagged(2, text.as_bytes()),
            Self::Id(id) => tagged(3, id.as_bytes()),
        }
    }
}
