//! What pseudonymised rows are made of: people in a few words, and of what happened the kind, the code and the time. Gives
//! nothing out of the crate: [`crate::pseudonym`] makes rows of it, without whatever could tell who it is.

use std::collections::BTreeSet;

use access::{Seal, Sensitivity};
use store::{Result, Sql, Tx};
use uuid::Uuid;

use super::person::root;
use crate::fact::Kind;

static PEOPLE: Sql = Sql::both(
    "SELECT p.root, d.birth_date, d.sex, d.practice, d.restricted FROM demographic AS d JOIN person AS p ON p.id = d.person
     WHERE d.family_key IS NOT NULL OR d.nhs_number IS NOT NULL
     ORDER BY p.root, d.nhs_verified DESC, d.as_of DESC, d.arrived DESC, d.feed DESC, d.id DESC",
);
static IDS: Sql = Sql::both("SELECT id, root FROM person ORDER BY id");
static ENTRIES: Sql = Sql::both(
    "SELECT f.kind, f.code, f.happened, f.sensitivity,
            coalesce((SELECT max(s.level) FROM seal AS s WHERE s.resource = f.id), 0)
     FROM person AS p JOIN fact AS f ON f.person = p.id WHERE p.root = $1",
);

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[&PEOPLE, &IDS, &ENTRIES];

/// A person in a few words, as the source that the banner shows has them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stated {
    pub(crate) born: Option<String>,
    pub(crate) sex: Option<String>,
    pub(crate) practice: String,
    /// Any source asks that where they live be told to nobody.
    pub(crate) restricted: bool,
}

/// Every person whom a source has named, once, by their root.
pub(crate) fn people(tx: &mut dyn Tx, each: &mut dyn FnMut(Uuid, &Stated)) -> Result<()> {
    let mut current: Option<(Uuid, Stated)> = None;
    tx.query(&PEOPLE, &[], &mut |row| {
        let (root, restricted) = (row.uuid(0)?, row.int(4)? != 0);
        match &mut current {
            // The first row is the one that counts, but one source asking for silence is enough.
            Some((of, stated)) if *of == root => stated.restricted |= restricted,
            _ => {
                let stated = Stated {
                    born: row.string_or_null(1)?,
                    sex: row.string_or_null(2)?,
                    practice: row.string_or_null(3)?.unwrap_or_default(),
                    restricted,
                };
                if let Some((of, stated)) = current.replace((root, stated)) {
                    each(of, &stated);
                }
            }
        }
        Ok(())
    })?;
    if let Some((of, stated)) = current {
        each(of, &stated);
    }
    Ok(())
}

/// Every id that anybody goes or has gone by, with their root.
pub(crate) fn ids(tx: &mut dyn Tx, each: &mut dyn FnMut(Uuid, Uuid)) -> Result<()> {
    tx.query(&IDS, &[], &mut |row| {
        each(row.uuid(0)?, row.uuid(1)?);
        Ok(())
    })
}

/// One thing that happened, as far as a row may say it.
pub(crate) struct Entry {
    pub(crate) kind: Kind,
    pub(crate) code: Option<String>,
    pub(crate) when: Option<String>,
    pub(crate) sensitivity: Sensitivity,
    /// Sealed by anybody: an analyst has no team whose seal is none to them.
    pub(crate) seal: Seal,
}

/// What happened to one person.
pub(crate) fn entries(tx: &mut dyn Tx, person: Uuid, each: &mut dyn FnMut(Entry)) -> Result<()> {
    tx.query(&ENTRIES, &[person.into()], &mut |row| {
        // A kind that this Weft does not know is left out.
        let Some(kind) = Kind::from_word(row.text(0)?) else { return Ok(()) };
        each(Entry {
            kind,
            code: row.string_or_null(1)?,
            when: row.string_or_null(2)?,
            sensitivity: Sensitivity::from_number(row.int(3)?),
            seal: match row.int(4)? {
                0 => Seal::None,
                1 => Seal::Shown,
                _ => Seal::Hidden,
            },
        });
        Ok(())
    })
}

/// Who has chosen what counts here, by their roots as they are now.
#[derive(Debug, Default)]
pub(crate) struct Chosen {
    /// Refuse the use for planning.
    pub(crate) refused: BTreeSet<Uuid>,
    /// Object to sharing.
    pub(crate) objected: BTreeSet<Uuid>,
}

/// Everybody's choices that count here.
pub(crate) fn choices(tx: &mut dyn Tx) -> Result<Chosen> {
    let mut chosen = Chosen::default();
    for person in access::views::sharing::planning_refused(tx)? {
        chosen.refused.insert(root(tx, person)?);
    }
    for person in access::views::sharing::objected(tx)? {
        chosen.objected.insert(root(tx, person)?);
    }
    Ok(chosen)
}
