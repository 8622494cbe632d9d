//! What privacy officers have looked into, and what they found.

use std::collections::HashMap;

use jiff::Timestamp;
use store::table::{Index, Table, Type, column, optional};
use store::{Aggregate as _, Entry, Result, Row, Sql, Tx, View, aggregate};
use uuid::Uuid;

use crate::audit::AuditPermit;
use crate::review::{Event, Reviewed};

static REVIEW: Table = Table {
    name: "audit_review",
    columns: &[
        column("pattern", Type::Uuid),
        column("seq", Type::Int),
        column("at", Type::Int),
        column("kind", Type::Text),
        column("name", Type::Text),
        optional("reader", Type::Text),
        optional("person", Type::Uuid),
        column("words", Type::Text),
    ],
    key: &["pattern", "seq"],
    clustered: true,
    indexes: &[Index { name: "audit_review_at", columns: &["at", "seq"], unique: false, only: "" }],
};
static TABLES: &[&Table] = &[&REVIEW];

static PUT: Sql = Sql::both(
    "INSERT INTO audit_review (pattern, seq, at, kind, name, reader, person, words) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
);
static LATEST: Sql = Sql::both("SELECT pattern, max(at) FROM audit_review GROUP BY pattern");
static OF_PATTERN: Sql = Sql::both(
    "SELECT pattern, at, kind, name, reader, person, words FROM audit_review WHERE pattern = $1 ORDER BY seq DESC",
);
static RECENT: Sql = Sql::both(
    "SELECT pattern, at, kind, name, reader, person, words FROM audit_review ORDER BY at DESC, seq DESC LIMIT $1",
);

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[&PUT, &LATEST, &OF_PATTERN, &RECENT];

/// Keeps the reviews.
pub struct Reviews;

impl View for Reviews {
    fn name(&self) -> &'static str {
        "reviews"
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn on_event(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
        if entry.kind != Reviewed::KIND {
            return Ok(());
        }
        let Event::Reviewed { by, pattern, reader, person, words } = aggregate::read::<Reviewed>(entry)?;
        tx.execute(
            &PUT,
            &[
                entry.stream.into(),
                entry.seq.into(),
                entry.at.as_microsecond().into(),
                (&pattern).into(),
                (&by.name).into(),
                reader.as_ref().into(),
                person.into(),
                (&words).into(),
            ],
        )?;
        Ok(())
    }
}

/// One review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// Of which pattern.
    pub pattern: Uuid,
    /// When.
    pub at: Timestamp,
    /// What kind of pattern.
    pub kind: Option<crate::pattern::Kind>,
    /// The officer, by name.
    pub name: String,
    /// Whose looks.
    pub reader: Option<String>,
    /// Whose record.
    pub person: Option<Uuid>,
    /// What they found.
    pub words: String,
}

/// When each pattern was last looked into.
///
/// # Errors
/// What the database says.
pub fn reviewed(tx: &mut dyn Tx, _permit: &AuditPermit) -> Result<HashMap<Uuid, Timestamp>> {
    Ok(tx.all(&LATEST, &[], |row| Ok((row.uuid(0)?, row.time(1)?)))?.into_iter().collect())
}

/// The reviews of one pattern, the latest first.
///
/// # Errors
/// What the database says.
pub fn of_pattern(tx: &mut dyn Tx, _permit: &AuditPermit, pattern: Uuid) -> Result<Vec<Review>> {
    tx.all(&OF_PATTERN, &[pattern.into()], read)
}

/// The latest reviews of any.
///
/// # Errors
/// What the database says.
pub fn recent(tx: &mut dyn Tx, _permit: &AuditPermit, most: i64) -> Result<Vec<Review>> {
    tx.all(&RECENT, &[most.into()], read)
}

fn read(row: &dyn Row) -> Result<Review> {
    Ok(Review {
        pattern: row.uuid(0)?,
        at: row.time(1)?,
        kind: crate::pattern::Kind::from_word(row.text(2)?),
        name: row.string(3)?,
        reader: row.string_or_null(4)?,
        person: row.uuid_or_null(5)?,
        words: row.string(6)?,
    })
}
