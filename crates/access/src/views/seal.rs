//! Which entries are sealed, by whom, and which are kept from the person: one row a resource and holder, and one for the
//! keeping. Keyed by the resource, so that it moves with nothing. Holds no words: why something is sealed stays in the log.

use std::collections::BTreeMap;

use store::table::{Index, Table, Type, column};
use store::{Composed, Entry, Result, Row, Sql, Tx, View, aggregate};
use uuid::Uuid;

use crate::item::Seal;
use crate::seal::{Event, Sealing};
use crate::worklist::DeskPermit;

/// `half` is the last eight bytes of the resource's id, as the index of the record has them. `level`: 1 shown, 2 hidden, 0 for a
/// row that only keeps the entry from the person (`harmful` 1). A seal counts for everybody whose holders do not include
/// `holder`; a harmful row counts for the person.
static SEAL: Table = Table {
    name: "seal",
    columns: &[
        column("resource", Type::Uuid),
        column("half", Type::Int),
        column("person", Type::Uuid),
        column("holder", Type::Text),
        column("level", Type::Int),
        column("harmful", Type::Int),
        column("wish", Type::Int),
        column("at", Type::Int),
        column("source", Type::Uuid),
    ],
    key: &["resource", "holder", "harmful"],
    clustered: true,
    indexes: &[
        Index { name: "seal_source", columns: &["source"], unique: true, only: "" },
        Index { name: "seal_person", columns: &["person"], unique: false, only: "" },
        Index { name: "seal_half", columns: &["half"], unique: false, only: "" },
    ],
};
static TABLES: &[&Table] = &[&SEAL];

static PUT: Sql = Sql::both(
    "INSERT INTO seal (resource, half, person, holder, level, harmful, wish, at, source)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT (resource, holder, harmful) DO UPDATE SET level = excluded.level, wish = excluded.wish, at = excluded.at,
       source = excluded.source, person = excluded.person",
);
static LIFT: Sql = Sql::both("DELETE FROM seal WHERE source = $1");
static OF_RESOURCE: Sql = Sql::both(
    "SELECT resource, holder, level, harmful, wish, at, source FROM seal WHERE resource = $1 ORDER BY holder, harmful",
);
static BY_HOLDER: Sql = Sql::both(
    "SELECT holder, level, harmful, wish, count(*) FROM seal GROUP BY holder, level, harmful, wish
     ORDER BY holder, level, harmful, wish",
);

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[&PUT, &LIFT, &OF_RESOURCE, &BY_HOLDER];

/// Keeps the table of seals.
pub struct Seals;

/// The last eight bytes of a resource's id as a number, as the index of the record has it (`fhir::entry::half`).
#[must_use]
pub fn half(resource: Uuid) -> i64 {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&resource.as_bytes()[8..]);
    i64::from_le_bytes(bytes)
}

const fn number(level: Seal) -> i64 {
    match level {
        Seal::None => 0,
        Seal::Shown => 1,
        Seal::Hidden => 2,
    }
}

/// What is none of the numbers is taken for the closest.
const fn level(number: i64) -> Seal {
    match number {
        0 => Seal::None,
        1 => Seal::Shown,
        _ => Seal::Hidden,
    }
}

impl View for Seals {
    fn name(&self) -> &'static str {
        "seals"
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn on_event(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
        if entry.kind != <Sealing as store::Aggregate>::KIND {
            return Ok(());
        }
        match aggregate::read::<Sealing>(entry)? {
            Event::Set { person, resource, holder, level, wish, harmful, .. } => tx.execute(
                &PUT,
                &[
                    resource.into(),
                    half(resource).into(),
                    person.into(),
                    (&holder).into(),
                    number(level).into(),
                    i64::from(harmful).into(),
                    i64::from(wish).into(),
                    entry.at.as_microsecond().into(),
                    entry.stream.into(),
                ],
            )?,
            Event::Lifted { .. } => tx.execute(&LIFT, &[entry.stream.into()])?,
        };
        Ok(())
    }
}

/// One seal as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealRow {
    /// Of which entry.
    pub resource: Uuid,
    /// By whom.
    pub holder: String,
    /// How.
    pub level: Seal,
    /// Whether it keeps the entry from the person.
    pub harmful: bool,
    /// Whether it is the person's wish.
    pub wish: bool,
    /// Since when.
    pub at: jiff::Timestamp,
    /// Its history in the log.
    pub source: Uuid,
}

fn row(row: &dyn Row) -> Result<SealRow> {
    Ok(SealRow {
        resource: row.uuid(0)?,
        holder: row.string(1)?,
        level: level(row.int(2)?),
        harmful: row.int(3)? != 0,
        wish: row.int(4)? != 0,
        at: row.time(5)?,
        source: row.uuid(6)?,
    })
}

/// The seals of one entry.
///
/// # Errors
/// What the database says.
pub fn of_resource(tx: &mut dyn Tx, resource: Uuid) -> Result<Vec<SealRow>> {
    tx.all(&OF_RESOURCE, &[resource.into()], row)
}

/// How an entry is sealed against one reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Against {
    /// Sealed by somebody who is none of the reader's holders; the closest of all such seals.
    pub seal: Seal,
    /// Sealed by one of the reader's own holders.
    pub held: bool,
    /// Sealed at the person's wish, by anybody.
    pub wish: bool,
    /// Kept from the person.
    pub harmful: bool,
}

/// How entries are sealed against a reader with these holders; an entry that is not in the answer is not sealed at all.
///
/// # Errors
/// What the database says; nothing is then shown.
pub fn against(tx: &mut dyn Tx, resources: &[Uuid], holders: &[String]) -> Result<BTreeMap<Uuid, Against>> {
    let mut found: BTreeMap<Uuid, Against> = BTreeMap::new();
    // A database takes only so many values in one statement.
    for some in resources.chunks(200) {
        let mut sql = Composed::new();
        sql.sql("SELECT resource, holder, level, harmful, wish, at, source FROM seal WHERE resource IN (")
            .uuids(some.iter().copied())
            .sql(")");
        for seal in tx.all(&sql.statement(), &sql.params(), row)? {
            let state = found.entry(seal.resource).or_default();
            state.harmful |= seal.harmful;
            if seal.level > Seal::None {
                state.wish |= seal.wish;
                if holders.contains(&seal.holder) {
                    state.held = true;
                } else {
                    state.seal = state.seal.max(seal.level);
                }
            }
        }
    }
    Ok(found)
}

/// How many seals of one kind somebody holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Who holds them.
    pub holder: String,
    /// How they close.
    pub level: Seal,
    /// Whether they keep entries from the person.
    pub harmful: bool,
    /// Whether they are the persons' wishes.
    pub wish: bool,
    /// How many.
    pub count: i64,
}

/// How many seals stand, by holder and kind: for a privacy officer's desk and nobody else's, and nothing of what is sealed.
///
/// # Errors
/// What the database says.
pub fn register(tx: &mut dyn Tx, permit: &DeskPermit) -> Result<Vec<Held>> {
    if permit.level(crate::Class::Looks) != crate::Level::Full {
        return Ok(Vec::new());
    }
    tx.all(&BY_HOLDER, &[], |row| {
        Ok(Held {
            holder: row.string(0)?,
            level: level(row.int(1)?),
            harmful: row.int(2)? != 0,
            wish: row.int(3)? != 0,
            count: row.int(4)?,
        })
    })
}
