//! Answers in another order than that of arrival: the keys of each match are read from the index, put in order, and a page
//! goes on from the keys of the last one before it. What has no value for a key comes last, in either direction; ties go by
//! order of arrival.

use fhir::query::{By, Sort};
use store::{Composed, Result, Row, Tx};
use uuid::Uuid;

use super::drive::{Plan, Source, Stretch};
use super::read;
use super::visible::Visible;

/// One key of one resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Key {
    None,
    Int(i64),
    Text(String),
    Id(Uuid),
}

/// A page: places, each with its keys.
pub(crate) type Rows = Vec<(i64, Vec<Key>)>;

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
pub(crate) fn page(tx: &mut dyn Tx, plan: &Plan, sort: &[Sort], after: Option<&After>, most: i64) -> Result<Rows> {
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

/// A page of a whole type by one key whose index gives the order, so that nothing is put in order but what has equal keys:
/// first what has a value, then what has none. `None` where this cannot be done so.
pub(crate) fn walk(
    tx: &mut dyn Tx,
    plan: &Plan,
    word: &str,
    sort: &[Sort],
    after: Option<&After>,
    most: i64,
) -> Result<Option<Rows>> {
    let [sort] = sort else { return Ok(None) };
    // The way to the rows, the key, and what says that a row is not the one that decides its resource's place.
    let (from, key, decided, parameter) = match (&sort.by, sort.descending) {
        (By::Updated, _) => {
            (" FROM resource AS d CROSS JOIN search_resource AS r0 WHERE d.type = ", "d.arrived", "", 0)
        }
        (By::Date(parameter), false) => (FROM_DATE, "d.low", EARLIER, *parameter),
        (By::Date(parameter), true) => (FROM_DATE, "d.high", LATER, *parameter),
        (By::Text(parameter), false) => (FROM_TEXT, "d.text", BEFORE, *parameter),
        (By::Text(parameter), true) => (FROM_TEXT, "d.text", BEHIND, *parameter),
        (By::Id | By::Number(_), _) => return Ok(None),
    };
    if !matches!(plan.sources.as_slice(), [Source::Kind]) || !plan.clauses.is_empty() {
        return Ok(None);
    }
    let mut rows = Vec::new();
    let valueless = matches!(after.map(|after| after.keys.as_slice()), Some([Key::None]));
    if !valueless {
        let mut statement = Composed::new();
        statement.sql("SELECT d.seq, ").sql(key).sql(from);
        match sort.by {
            By::Updated => statement.text_value(word),
            _ => statement.int(parameter),
        };
        if let Some(After { keys, seq }) = after
            && let [last] = keys.as_slice()
        {
            let (beyond, at) = if sort.descending { (" < ", " <= ") } else { (" > ", " >= ") };
            statement.sql(" AND ").sql(key).sql(at);
            value(&mut statement, last);
            statement.sql(" AND (").sql(key).sql(beyond);
            value(&mut statement, last);
            statement.sql(" OR d.seq > ").int(*seq).sql(")");
        }
        statement.sql(" AND r0.kind = ").int(plan.kind).sql(" AND r0.seq = d.seq").sql(decided);
        plan.visible.and(&mut statement, 0);
        statement.sql(" ORDER BY ").sql(key).sql(if sort.descending { " DESC" } else { "" });
        statement.sql(", d.seq LIMIT ").int(most);
        let sorts = std::slice::from_ref(sort);
        rows = tx.all(&statement.statement(), &statement.params(), |row| Ok((row.int(0)?, read_keys(row, sorts)?)))?;
    }
    let left = most.saturating_sub(i64::try_from(rows.len()).unwrap_or(most));
    if left > 0 && sort.by != By::Updated {
        let mut statement = Composed::new();
        statement.sql("SELECT r0.seq FROM search_resource AS r0 WHERE r0.kind = ").int(plan.kind);
        if let Some(after) = after.filter(|_| valueless) {
            statement.sql(" AND r0.seq > ").int(after.seq);
        }
        statement.sql(match sort.by {
            By::Text(_) => " AND NOT EXISTS (SELECT 1 FROM search_text AS t WHERE t.seq = r0.seq AND +t.parameter = ",
            _ => " AND NOT EXISTS (SELECT 1 FROM search_date AS t WHERE t.seq = r0.seq AND +t.parameter = ",
        });
        statement.int(parameter).sql(")");
        plan.visible.and(&mut statement, 0);
        statement.sql(" ORDER BY r0.seq LIMIT ").int(left);
        rows.extend(tx.all(&statement.statement(), &statement.params(), |row| Ok((row.int(0)?, vec![Key::None])))?);
    }
    Ok(Some(rows))
}

const FROM_DATE: &str = " FROM search_date AS d CROSS JOIN search_resource AS r0 WHERE d.parameter = ";
const FROM_TEXT: &str = " FROM search_text AS d CROSS JOIN search_resource AS r0 WHERE d.parameter = ";
/// A resource with several values stands where the first of them is (or, downwards, the last), once.
const EARLIER: &str =
    " AND NOT EXISTS (SELECT 1 FROM search_date AS t WHERE t.seq = d.seq AND +t.parameter = d.parameter
    AND (t.low < d.low OR (t.low = d.low AND t.high < d.high)))";
const LATER: &str = " AND NOT EXISTS (SELECT 1 FROM search_date AS t WHERE t.seq = d.seq AND +t.parameter = d.parameter
    AND (t.high > d.high OR (t.high = d.high AND t.low > d.low)))";
const BEFORE: &str =
    " AND NOT EXISTS (SELECT 1 FROM search_text AS t WHERE t.seq = d.seq AND +t.parameter = d.parameter
    AND t.text < d.text)";
const BEHIND: &str =
    " AND NOT EXISTS (SELECT 1 FROM search_text AS t WHERE t.seq = d.seq AND +t.parameter = d.parameter
    AND t.text > d.text)";

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
            (By::Date(parameter), false) => ("search_date", "min(+t.low)", parameter),
            (By::Date(parameter), true) => ("search_date", "max(+t.high)", parameter),
            (By::Number(parameter), false) => ("search_number", "min(+t.low)", parameter),
            (By::Number(parameter), true) => ("search_number", "max(+t.high)", parameter),
            (By::Text(parameter), false) => ("search_text", "min(t.text || '')", parameter),
            (By::Text(parameter), true) => ("search_text", "max(t.text || '')", parameter),
        };
        out.sql("(SELECT ").sql(what).sql(" FROM ").sql(table).sql(" AS t WHERE t.seq = r0.seq AND +t.parameter = ");
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
