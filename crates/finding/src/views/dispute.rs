//! The disputes that stand. Whose each is, is asked of the index of people at each reading, so that a join or a split moves it.

use jiff::Timestamp;
use store::table::{Table, Type, column};
use store::{Aggregate, Entry, Result, Sql, Tx, View, aggregate};
use uuid::Uuid;

use crate::dispute::{Dispute, Event};

static DISPUTE: Table = Table {
    name: "score_dispute",
    columns: &[
        column("id", Type::Uuid),
        column("named", Type::Uuid),
        column("instrument", Type::Text),
        column("part", Type::Text),
        column("ground", Type::Text),
        column("reason", Type::Text),
        column("who", Type::Text),
        column("at", Type::Int),
    ],
    key: &["id"],
    clustered: true,
    indexes: &[],
};
static TABLES: &[&Table] = &[&DISPUTE];

static PUT: Sql = Sql::both(
    "INSERT INTO score_dispute (id, named, instrument, part, ground, reason, who, at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
);
static TAKE: Sql = Sql::both("DELETE FROM score_dispute WHERE id = $1");
static ALL: Sql = Sql::both(
    "SELECT d.id, p.root, d.instrument, d.part, d.ground, d.reason, d.who, d.at FROM score_dispute AS d
     JOIN person AS p ON p.id = d.named ORDER BY d.at, d.id",
);

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[&PUT, &TAKE, &ALL];

/// Keeps the table of disputes.
pub struct Disputes;

impl View for Disputes {
    fn name(&self) -> &'static str {
        "score-disputes"
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn on_event(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
        if entry.kind != Dispute::KIND {
            return Ok(());
        }
        match aggregate::read::<Dispute>(entry)? {
            Event::DeficitDisputed { by, person, instrument, part, ground, reason } => tx.execute(
                &PUT,
                &[
                    entry.stream.into(),
                    person.into(),
                    (&instrument).into(),
                    (&part).into(),
                    (&ground).into(),
                    (&reason).into(),
                    (&by.name).into(),
                    entry.at.as_microsecond().into(),
                ],
            )?,
            Event::DisputeWithdrawn { .. } => tx.execute(&TAKE, &[entry.stream.into()])?,
        };
        Ok(())
    }
}

/// A dispute that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Its history in the log.
    pub id: Uuid,
    /// Whose, by the root as it is now.
    pub person: Uuid,
    /// The rule set.
    pub instrument: String,
    /// The deficit.
    pub part: String,
    /// The ground's word.
    pub ground: String,
    /// Why.
    pub reason: String,
    /// Who said so.
    pub who: String,
    /// When.
    pub at: Timestamp,
}

/// Every dispute that stands, for the population; a page shows one through the score that it is about.
///
/// # Errors
/// What the database says.
pub(crate) fn all(tx: &mut dyn Tx) -> Result<Vec<Standing>> {
    tx.all(&ALL, &[], |row| {
        Ok(Standing {
            id: row.uuid(0)?,
            person: row.uuid(1)?,
            instrument: row.string(2)?,
            part: row.string(3)?,
            ground: row.string(4)?,
            reason: row.string(5)?,
            who: row.string(6)?,
            at: row.time(7)?,
        })
    })
}
