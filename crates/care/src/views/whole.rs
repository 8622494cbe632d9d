//! What was done here for everybody that is worked with in counting and in finding: urgent responses and falls. It asks for no
//! permit, because nothing of it is shown; whoever shows what follows from it asks for one. Must not be read by a page.

use jiff::Timestamp;
use store::{Result, Sql, Tx};
use uuid::Uuid;

static RESPONSES: Sql = Sql::both(
    "SELECT id, received FROM crisis WHERE person = $1
     AND ending NOT IN ('inappropriate', 'withdrawn-before-contact', 'admitted-before-contact', 'died') ORDER BY received, id",
);
static FALLS: Sql = Sql::both("SELECT id, reported, minutes FROM fall WHERE person = $1 ORDER BY reported, id");
static WHOSE: Sql = Sql::both(
    "SELECT id, person FROM crisis WHERE id = $1 OR ask = $1 UNION ALL SELECT id, person FROM fall WHERE id = $1 OR ask = $1
     ORDER BY 1",
);

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[&RESPONSES, &FALLS, &WHOSE];

/// The two-hour responses of a person, by the root: which, and when it was asked for. What came to nothing is not among them.
///
/// # Errors
/// What the database says.
pub fn responses(tx: &mut dyn Tx, person: Uuid) -> Result<Vec<(Uuid, Timestamp)>> {
    tx.all(&RESPONSES, &[person.into()], |row| Ok((row.uuid(0)?, row.time(1)?)))
}

/// A fall that was told here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fallen {
    /// Its history in the log.
    pub id: Uuid,
    /// When it was told.
    pub reported: Timestamp,
    /// How long they lay on the floor, where that is known.
    pub minutes: Option<i64>,
}

/// The falls of a person, by the root.
///
/// # Errors
/// What the database says.
pub fn falls(tx: &mut dyn Tx, person: Uuid) -> Result<Vec<Fallen>> {
    tx.all(&FALLS, &[person.into()], |row| {
        Ok(Fallen { id: row.uuid(0)?, reported: row.time(1)?, minutes: row.int_or_null(2)? })
    })
}

/// The responses and falls of this id, or that answer the ask of this id, each with whose it is now.
///
/// # Errors
/// What the database says.
pub fn whose(tx: &mut dyn Tx, id: Uuid) -> Result<Vec<(Uuid, Uuid)>> {
    tx.all(&WHOSE, &[id.into()], |row| Ok((row.uuid(0)?, row.uuid(1)?)))
}
