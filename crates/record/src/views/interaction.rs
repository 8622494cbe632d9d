//! What the API reads of the store's own tables beyond one resource: all of a person, some by their ids, the versions of a
//! type. It owns no table.

use store::{Composed, Resource, Result, Sql, Tx, resource::resource};
use uuid::Uuid;

use super::search::visible::Visible;

static OF_PERSON: Sql = Sql::both(
    "SELECT r.id, r.version, r.person, r.type, r.feed, r.source_id, r.as_of, r.arrived, r.message, r.body, r.hash, r.seq
     FROM person AS p JOIN resource AS r ON r.person = p.id WHERE p.root = $1 AND r.seq > $2",
);
/// How many ids [`OF_IDS`] asks for at once.
const AT_ONCE: usize = 16;
static OF_IDS: Sql = Sql::both(
    "SELECT id, version, person, type, feed, source_id, as_of, arrived, message, body, hash, seq FROM resource
     WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
);
static OTHERS: Sql = Sql::both("SELECT count(*) FROM resource WHERE person = $1 AND id <> $2 AND body <> ''");
static KNOWN: Sql = Sql::both(
    "SELECT 1 FROM person AS mine CROSS JOIN person AS p CROSS JOIN resource AS r
     WHERE mine.id = $1 AND p.root = mine.root AND r.person = p.id AND r.id <> $2 LIMIT 1",
);
static PATIENT: Sql = Sql::both(
    "SELECT id, version, person, type, feed, source_id, as_of, arrived, message, body, hash, seq FROM resource
     WHERE person = $1 AND type = 'Patient' AND body <> '' ORDER BY seq LIMIT 1",
);
/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[&OF_PERSON, &OF_IDS, &OTHERS, &KNOWN, &PATIENT];

/// The current resources of all that every feed calls this person, after a place in the order of arrival, in that order.
pub(crate) fn of_person(tx: &mut dyn Tx, root: Uuid, after: i64) -> Result<Vec<Resource>> {
    let mut found = tx.all(&OF_PERSON, &[root.into(), after.into()], resource)?;
    // Sorted here: the database would carry the texts through its sort.
    found.sort_unstable_by_key(|one| one.seq);
    Ok(found)
}

/// The current resources of these ids, in order of arrival.
pub(crate) fn of_ids(tx: &mut dyn Tx, ids: &[Uuid]) -> Result<Vec<Resource>> {
    let mut found = Vec::with_capacity(ids.len());
    for some in ids.chunks(AT_ONCE) {
        let mut params = [Uuid::nil().into(); AT_ONCE];
        params.iter_mut().zip(some).for_each(|(param, id)| *param = (*id).into());
        found.extend(tx.all(&OF_IDS, &params, resource)?);
    }
    found.sort_unstable_by_key(|one| one.seq);
    Ok(found)
}

/// How many resources of a leaf there are besides one.
pub(crate) fn others_of(tx: &mut dyn Tx, leaf: Uuid, besides: Uuid) -> Result<i64> {
    Ok(tx.first(&OTHERS, &[leaf.into(), besides.into()], |row| row.int(0))?.unwrap_or_default())
}

/// Whether anything is or was ever here of the person of a leaf besides one resource.
pub(crate) fn is_known(tx: &mut dyn Tx, leaf: Uuid, besides: Uuid) -> Result<bool> {
    Ok(tx.first(&KNOWN, &[leaf.into(), besides.into()], |_| Ok(()))?.is_some())
}

/// The Patient resource of a leaf.
pub(crate) fn patient_of(tx: &mut dyn Tx, leaf: Uuid) -> Result<Option<Resource>> {
    tx.first(&PATIENT, &[leaf.into()], resource)
}

/// Versions of a type, current or not, the latest arrival first: those that arrived at `since` or later and stand behind
/// `after` (arrival, id, version) in that order, of nobody or of people of whom the caller may see anything at all. `few`: there
/// are no more of these people than these.
pub(crate) fn of_type(
    tx: &mut dyn Tx,
    kind: &str,
    since: i64,
    after: (i64, Uuid, i64),
    most: usize,
    visible: &Visible,
    few: Option<&[Uuid]>,
) -> Result<Vec<Resource>> {
    if few.is_some_and(<[Uuid]>::is_empty) {
        return Ok(Vec::new());
    }
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let (arrived, id, version) = after;
    let mut statement = Composed::new();
    for (index, table) in ["resource", "resource_history"].into_iter().enumerate() {
        statement.sql(if index > 0 { " UNION ALL " } else { "" });
        statement.sql(
            "SELECT * FROM (SELECT r0.id, r0.version, r0.person, r0.type, r0.feed, r0.source_id, r0.as_of, r0.arrived,
             r0.message, r0.body, r0.hash, r0.seq FROM ",
        );
        match few {
            Some(people) => {
                statement.sql("person AS p CROSS JOIN ").sql(table).sql(" AS r0 WHERE p.root IN (");
                statement.uuids(people.iter().copied()).sql(") AND r0.person = p.id AND r0.type = ");
            }
            None => {
                statement.sql(table).sql(" AS r0 WHERE r0.type = ");
            }
        }
        statement.text_value(kind).sql(" AND r0.arrived >= ").int(since).sql(" AND r0.arrived <= ").int(arrived);
        statement.sql(" AND (r0.arrived, r0.id, r0.version) < (").int(arrived).sql(", ").uuid(id).sql(", ");
        statement.int(version).sql(")");
        if few.is_none() {
            visible.and_person(&mut statement, kind);
        }
        statement.sql(" ORDER BY r0.arrived DESC, r0.id DESC, r0.version DESC LIMIT ").int(most).sql(") AS t");
        statement.sql(if index > 0 { "b" } else { "a" });
    }
    statement.sql(" ORDER BY 8 DESC, 1 DESC, 2 DESC LIMIT ").int(most);
    tx.all(&statement.statement(), &statement.params(), resource)
}
