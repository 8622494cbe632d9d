//! Asking the index: a page in the order of arrival, a count, what points where. Every function that names a resource takes
//! what is visible with it. Must not know what a query is, nor who asks.

use store::{Composed, Resource, Result, Sql, Tx, resource};
use uuid::Uuid;

use super::drive::{Plan, Source, Stretch};
use super::visible::Visible;
use super::withheld;

/// How many places are walked by one statement at first; the next one takes four times as many.
pub(crate) const WINDOW: i64 = 50_000;

static LAST: Sql = Sql::both("SELECT max(seq) FROM resource");

/// Every statement, for the test that prepares each against both databases.
pub(crate) static STATEMENTS: &[&Sql] = &[&LAST];

/// The last place that was given.
pub(super) fn end(tx: &mut dyn Tx) -> Result<i64> {
    Ok(tx.first(&LAST, &[], |row| row.int_or_null(0))?.flatten().unwrap_or_default())
}

/// A page: places in the order of arrival, after a place, at most `most`. `None` where more than about `reach` places would
/// have to be walked past to fill it.
pub(crate) fn page(
    tx: &mut dyn Tx,
    plan: &Plan,
    after: Option<i64>,
    most: i64,
    reach: i64,
) -> Result<Option<Vec<i64>>> {
    if !plan.walks() {
        return part(tx, plan, Stretch { after, last: None }, most).map(Some);
    }
    let first = after.unwrap_or_default();
    let end = end(tx)?;
    let (mut after, mut window) = (first, WINDOW);
    let mut found = Vec::new();
    loop {
        let last = after.saturating_add(window);
        let wanted = most.saturating_sub(i64::try_from(found.len()).unwrap_or(most));
        found.extend(part(tx, plan, Stretch { after: Some(after), last: Some(last) }, wanted)?);
        if last >= end || i64::try_from(found.len()).is_ok_and(|count| count >= most) {
            return Ok(Some(found));
        }
        if last.saturating_sub(first) >= reach {
            return Ok(None);
        }
        (after, window) = (last, window.saturating_mul(4).min(reach));
    }
}

fn part(tx: &mut dyn Tx, plan: &Plan, stretch: Stretch, most: i64) -> Result<Vec<i64>> {
    let mut statement = Composed::new();
    match plan.sources.as_slice() {
        [] => return Ok(Vec::new()),
        [source] => {
            statement.sql("SELECT r0.seq");
            plan.write(&mut statement, source, stretch);
            statement.sql(" ORDER BY ").sql(Plan::order(source)).sql(" LIMIT ").int(most);
        }
        _ => {
            union(&mut statement, plan, |out, source| {
                out.sql("SELECT * FROM (SELECT r0.seq AS seq");
                plan.write(out, source, stretch);
                out.sql(" ORDER BY ").sql(Plan::order(source)).sql(" LIMIT ").int(most).sql(") AS b");
            });
            statement.sql(" ORDER BY 1 LIMIT ").int(most);
        }
    }
    ints(tx, &statement)
}

/// One statement a source, each result once.
pub(super) fn union(out: &mut Composed, plan: &Plan, mut each: impl FnMut(&mut Composed, &Source)) {
    for (index, source) in plan.sources.iter().enumerate() {
        if index > 0 {
            out.sql(" UNION ");
        }
        each(out, source);
    }
}

/// How many match.
pub(crate) fn total(tx: &mut dyn Tx, plan: &Plan) -> Result<u64> {
    if plan.sources.is_empty() {
        return Ok(0);
    }
    let mut statement = Composed::new();
    statement.sql("SELECT count(*) FROM (");
    union(&mut statement, plan, |out, source| {
        out.sql("SELECT r0.seq");
        plan.write(out, source, Stretch::default());
    });
    statement.sql(") AS c");
    number(tx, &statement).map(|count| u64::try_from(count).unwrap_or_default())
}

/// How many of a type there are, counted up to `most`.
pub(crate) fn of_kind(tx: &mut dyn Tx, kind: i64, most: i64) -> Result<i64> {
    let mut statement = Composed::new();
    statement.sql("SELECT count(*) FROM (SELECT 1 FROM search_resource AS t WHERE t.kind = ").int(kind);
    statement.sql(" LIMIT ").int(most).sql(") AS c");
    number(tx, &statement)
}

/// The one number of an answer.
pub(super) fn number(tx: &mut dyn Tx, statement: &Composed) -> Result<i64> {
    Ok(tx.first(&statement.statement(), &statement.params(), |row| row.int(0))?.unwrap_or_default())
}

fn ints(tx: &mut dyn Tx, statement: &Composed) -> Result<Vec<i64>> {
    tx.all(&statement.statement(), &statement.params(), |row| row.int(0))
}

/// The ids of an answer.
pub(super) fn ids(tx: &mut dyn Tx, statement: &Composed) -> Result<Vec<Uuid>> {
    tx.all(&statement.statement(), &statement.params(), |row| row.uuid(0))
}

/// The most values in one list; longer ones are asked in parts.
const LIST: usize = 1_024;

/// The halves of the ids of resources of one type.
pub(crate) fn halves(tx: &mut dyn Tx, kind: i64, seqs: &[i64]) -> Result<Vec<i64>> {
    let mut all = Vec::with_capacity(seqs.len());
    for seqs in seqs.chunks(LIST) {
        let mut statement = Composed::new();
        statement.sql("SELECT t.half FROM search_resource AS t WHERE t.kind = ").int(kind);
        statement.sql(" AND t.seq IN (").padded(seqs).sql(")");
        all.extend(ints(tx, &statement)?);
    }
    Ok(all)
}

/// What resources point at, by one parameter or any: halves, each once.
pub(crate) fn targets(tx: &mut dyn Tx, seqs: &[i64], parameter: Option<i64>) -> Result<Vec<i64>> {
    let mut all = Vec::new();
    for seqs in seqs.chunks(LIST) {
        let mut statement = Composed::new();
        statement.sql("SELECT t.target FROM search_link AS t WHERE t.seq IN (").padded(seqs).sql(")");
        if let Some(parameter) = parameter {
            statement.sql(" AND t.parameter = ").int(parameter);
        }
        all.extend(ints(tx, &statement)?);
    }
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// The visible resources of these halves, of one type or any: places in order.
pub(crate) fn with_halves(tx: &mut dyn Tx, visible: &Visible, kind: Option<i64>, halves: &[i64]) -> Result<Vec<i64>> {
    let mut all = Vec::with_capacity(halves.len());
    for halves in halves.chunks(LIST) {
        let mut statement = Composed::new();
        statement.sql("SELECT r0.seq FROM search_resource AS r0 WHERE r0.half IN (").padded(halves).sql(")");
        if let Some(kind) = kind {
            statement.sql(" AND r0.kind = ").int(kind);
        }
        visible.and(&mut statement, 0);
        all.extend(ints(tx, &statement)?);
    }
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// The visible resources of a type that point at one of these by a parameter, at most `most`.
pub(crate) fn pointing(
    tx: &mut dyn Tx,
    visible: &Visible,
    kind: i64,
    parameter: i64,
    halves: &[i64],
    most: i64,
) -> Result<Vec<i64>> {
    let mut all = Vec::new();
    for halves in halves.chunks(LIST) {
        let mut statement = Composed::new();
        statement.sql("SELECT DISTINCT r0.seq FROM search_link AS t CROSS JOIN search_resource AS r0");
        statement.sql(" WHERE t.parameter = ").int(parameter).sql(" AND t.target IN (").padded(halves).sql(")");
        statement.sql(" AND r0.kind = ").int(kind).sql(" AND r0.seq = t.seq");
        visible.and(&mut statement, 0);
        if withheld::hides(parameter) {
            statement.sql(" AND ");
            withheld::told(&mut statement, 0);
        }
        statement.sql(" LIMIT ").int(most);
        all.extend(ints(tx, &statement)?);
    }
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// The places of resources of a type by their ids, whether they stand in the index or not.
pub(crate) fn places(tx: &mut dyn Tx, kind: &str, ids: &[Uuid]) -> Result<Vec<i64>> {
    let mut all = Vec::with_capacity(ids.len());
    for ids in ids.chunks(LIST) {
        let mut statement = Composed::new();
        statement.sql("SELECT seq FROM resource WHERE id IN (").uuids(ids.iter().copied()).sql(") AND type = ");
        statement.text_value(kind);
        all.extend(ints(tx, &statement)?);
    }
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// The resources at these places, in the order of the places.
pub(crate) fn resources(tx: &mut dyn Tx, seqs: &[i64]) -> Result<Vec<Resource>> {
    let mut all = Vec::with_capacity(seqs.len());
    for seqs in seqs.chunks(LIST) {
        let mut statement = Composed::new();
        statement.sql(
            "SELECT id, version, person, type, feed, source_id, as_of, arrived, message, body, hash, seq FROM resource
             WHERE seq IN (",
        );
        statement.padded(seqs).sql(")");
        all.extend(tx.all(&statement.statement(), &statement.params(), resource::resource)?);
    }
    let place: std::collections::HashMap<i64, usize> = seqs.iter().enumerate().map(|(at, seq)| (*seq, at)).collect();
    all.sort_by_key(|resource| place.get(&resource.seq).copied());
    Ok(all)
}
