//! Everything that is said of everybody, person by person, for what the house works out of the whole record. Gives nothing out of
//! the crate: [`crate::whole`] does, in the words that are needed.

use store::{Resource, Result, Sql, Tx};
use uuid::Uuid;

static PEOPLE: Sql = Sql::both("SELECT id FROM person WHERE root = id AND id > $1 ORDER BY id LIMIT $2");
static SAID: Sql = Sql::both(
    "SELECT r.id, r.version, r.person, r.type, r.feed, r.source_id, r.as_of, r.arrived, r.message, r.body, r.hash, r.seq
     FROM person AS p JOIN resource AS r ON r.person = p.id
     WHERE p.root = $1 AND r.body <> '' AND r.type IN ('Patient', 'Condition', 'Observation', 'MedicationRequest',
     'MedicationStatement', 'MedicationDispense', 'Procedure', 'Encounter', 'Flag', 'Immunization', 'DiagnosticReport',
     'EpisodeOfCare')
     ORDER BY r.seq",
);

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[&PEOPLE, &SAID];

/// People by their roots, in order, after one of them: at most so many.
pub(crate) fn people(tx: &mut dyn Tx, after: Uuid, most: i64) -> Result<Vec<Uuid>> {
    tx.all(&PEOPLE, &[after.into(), most.into()], |row| row.uuid(0))
}

/// What is said of a person by resources with codes, whoever says it, in the order in which it first came.
pub(crate) fn said(tx: &mut dyn Tx, root: Uuid) -> Result<Vec<Resource>> {
    tx.all(&SAID, &[root.into()], store::resource::resource)
}
