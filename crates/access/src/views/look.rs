//! Who looked at whom: one row a person and look, so that a person's list is one range of rows.

use std::collections::BTreeSet;

use store::table::{Index, Table, Type, column, optional};
use store::{Entry, Result, Row, Sql, Tx, View, aggregate};

use crate::look::{Event, Look};
use crate::permit::LooksPermit;

static LOOK: Table = Table {
    name: "look",
    columns: &[
        column("person", Type::Uuid),
        column("seq", Type::Int),
        column("at", Type::Int),
        column("name", Type::Text),
        column("role", Type::Text),
        column("organisation", Type::Text),
        column("action", Type::Text),
        column("purpose", Type::Text),
        column("allowed", Type::Int),
        column("because", Type::Text),
        column("own", Type::Int),
        // Who, where it was another citizen: they may be told when they looked themselves.
        optional("reader", Type::Text),
    ],
    key: &["person", "seq"],
    clustered: true,
    indexes: &[Index { name: "look_seq", columns: &["seq", "person"], unique: true, only: "" }],
};

static TABLES: &[&Table] = &[&LOOK];

static PUT: Sql = Sql::both(
    "INSERT INTO look (person, seq, at, name, role, organisation, action, purpose, allowed, because, own, reader)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
);
static OF_PERSON: Sql = Sql::both(
    "SELECT at, name, role, organisation, action, purpose, allowed, because, seq, own FROM look WHERE person = $1 ORDER BY seq DESC LIMIT $2",
);
static OF_PERSON_BY_OTHERS: Sql = Sql::both(
    "SELECT at, name, role, organisation, action, purpose, allowed, because, seq, own FROM look
     WHERE person = $1 AND own = 0 ORDER BY seq DESC LIMIT $2",
);
static COUNT_OWN: Sql =
    Sql::both("SELECT count(*) FROM look WHERE person = $1 AND own = 1 AND action = 'read-record' AND allowed = 1");

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[&PUT, &OF_PERSON, &OF_PERSON_BY_OTHERS, &COUNT_OWN];

/// What the column `allowed` holds.
pub(super) const REFUSED: i64 = 0;
pub(super) const ALLOWED: i64 = 1;
/// Allowed, and it covers a sitting.
pub(super) const SITTING: i64 = 2;

/// Keeps the table of looks.
pub struct Looks;

impl View for Looks {
    fn name(&self) -> &'static str {
        "looks"
    }

    fn version(&self) -> u32 {
        2
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn on_event(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
        if entry.kind != <Look as store::Aggregate>::KIND {
            return Ok(());
        }
        let event = aggregate::read::<Look>(entry)?;
        let (by, action, purpose, people, because, allowed) = match &event {
            Event::Looked { by, action, purpose, people, because, sitting } => {
                (by, action, purpose, people, because, if *sitting { SITTING } else { ALLOWED })
            }
            Event::Refused { by, action, purpose, people, because } => (by, action, purpose, people, because, REFUSED),
        };
        let (action, purpose) = (word(action)?, word(purpose)?);
        for person in people {
            tx.execute(
                &PUT,
                &[
                    (*person).into(),
                    entry.seq.into(),
                    entry.at.as_microsecond().into(),
                    (&by.name).into(),
                    by.role.word().into(),
                    (&by.organisation).into(),
                    (&action).into(),
                    (&purpose).into(),
                    allowed.into(),
                    because.into(),
                    // Somebody they let in is another citizen, and is on the person's list as everybody else is.
                    (by.own == Some(*person)).into(),
                    Some(&by.id).filter(|_| by.role == crate::Role::Citizen && by.own != Some(*person)).into(),
                ],
            )?;
        }
        Ok(())
    }
}

pub(super) fn word<T: serde::Serialize>(value: &T) -> Result<String> {
    let json = serde_json::to_string(value)
        .map_err(|error| store::Error::Event { kind: "look".to_owned(), why: error.to_string() })?;
    Ok(json.trim_matches('"').to_owned())
}

/// One look, in the words of the table.
#[derive(Debug, Clone)]
pub struct LookRow {
    /// Its place in the log.
    pub seq: i64,
    /// When.
    pub at: jiff::Timestamp,
    /// Who, by name.
    pub name: String,
    /// Their role.
    pub role: Option<crate::Role>,
    /// Their organisation.
    pub organisation: String,
    /// What they did.
    pub action: Option<crate::Action>,
    /// Why they said they did.
    pub purpose: Option<crate::Purpose>,
    /// Whether they might.
    pub allowed: bool,
    /// Whether it covers a sitting: everything the same reader saw for the same reason in the ten minutes from then on.
    pub sitting: bool,
    /// Why, or why not.
    pub because: String,
    /// Whether it was the person themselves.
    pub own: bool,
}

impl LookRow {
    /// Who it was, as people say it, with the article. Another citizen is somebody the person let in, or tried to be.
    #[must_use]
    pub fn who(&self) -> &'static str {
        match self.role {
            Some(crate::Role::Citizen) if !self.own && self.allowed => "somebody who was let see this record",
            Some(crate::Role::Citizen) if !self.own => "somebody from outside the services",
            Some(role) => role.said(),
            None => "somebody",
        }
    }
}

/// The looks at a person's record, the latest first, at most `most`.
///
/// # Errors
/// What the database says.
pub fn of_person(tx: &mut dyn Tx, permit: &LooksPermit, most: i64) -> Result<Vec<LookRow>> {
    latest(tx, &OF_PERSON, permit, most)
}

/// The looks of everybody but the person themselves, the latest first, at most `most`; and how often
/// they have opened their record themselves.
///
/// # Errors
/// What the database says.
pub fn by_others(tx: &mut dyn Tx, permit: &LooksPermit, most: i64) -> Result<(Vec<LookRow>, i64)> {
    let mut own = 0;
    for id in permit.ids() {
        own += tx.first(&COUNT_OWN, &[id.into()], |row| row.int(0))?.unwrap_or_default();
    }
    Ok((latest(tx, &OF_PERSON_BY_OTHERS, permit, most)?, own))
}

fn latest(tx: &mut dyn Tx, sql: &Sql, permit: &LooksPermit, most: i64) -> Result<Vec<LookRow>> {
    // Looks through a glass of which the person is not told, because telling would put somebody at risk.
    let withheld = if permit.is_own() { super::glass::withheld(tx, permit)? } else { BTreeSet::new() };
    let asked = most.saturating_add(i64::try_from(withheld.len()).unwrap_or_default());
    let mut looks = Vec::new();
    for id in permit.ids() {
        looks.extend(tx.all(sql, &[id.into(), asked.into()], look)?);
    }
    looks.retain(|look| !withheld.contains(&look.seq));
    looks.sort_by_key(|look| std::cmp::Reverse(look.seq));
    looks.truncate(usize::try_from(most).unwrap_or_default());
    Ok(looks)
}

pub(super) fn look(row: &dyn Row) -> Result<LookRow> {
    Ok(LookRow {
        seq: row.int(8)?,
        at: row.time(0)?,
        name: row.string(1)?,
        role: crate::Role::from_word(row.text(2)?),
        organisation: row.string(3)?,
        action: serde_json::from_value(row.text(4)?.into()).ok(),
        purpose: serde_json::from_value(row.text(5)?.into()).ok(),
        allowed: row.int(6)? != REFUSED,
        sitting: row.int(6)? == SITTING,
        because: row.string(7)?,
        own: row.int(9)? != 0,
    })
}
