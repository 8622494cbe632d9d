//! What the weights work on: for each Patient resource the words that are compared and the keys it is found by; what stewards
//! decided; which learning is in force; and the pairs that wait for somebody. Of somebody whose details are withheld no address
//! stands in any of it.

mod pair;
mod row;

use store::table::{Index, Table, Type, column, optional};
use store::{Aggregate, Entry, Resource, Result, Sql, Tx, View, aggregate};

use crate::person::learning::{Event as Learnt, Learning};
use crate::person::pair::Pair;

pub(crate) use pair::{Standing, bands, decided, in_state, kept_apart, one, said_of, weight_of, words};
pub(crate) use row::{Kept, after, at_home, near, row_of};

static ROW: Table = Table {
    name: "linkage_row",
    columns: &[
        column("id", Type::Uuid),
        column("leaf", Type::Uuid),
        column("restricted", Type::Int),
        column("given", Type::Text),
        column("surname", Type::Text),
        column("sex", Type::Text),
        column("birth", Type::Text),
        column("nhs", Type::Text),
        column("address", Type::Text),
        column("postcode", Type::Text),
        optional("home", Type::Int),
    ],
    key: &["id"],
    clustered: true,
    indexes: &[
        Index { name: "linkage_row_leaf", columns: &["leaf", "id"], unique: false, only: "" },
        Index { name: "linkage_row_home", columns: &["home"], unique: false, only: "home IS NOT NULL" },
    ],
};
static KEY: Table = Table {
    name: "linkage_key",
    columns: &[column("key", Type::Int), column("id", Type::Uuid)],
    key: &["key", "id"],
    clustered: true,
    indexes: &[],
};
static WORD: Table = Table {
    name: "linkage_word",
    columns: &[
        column("one", Type::Uuid),
        column("other", Type::Uuid),
        column("pair", Type::Uuid),
        column("word", Type::Text),
    ],
    key: &["one", "other", "pair"],
    clustered: true,
    indexes: &[Index { name: "linkage_word_pair", columns: &["pair"], unique: false, only: "" }],
};
static MODEL: Table = Table {
    name: "linkage_model",
    columns: &[
        column("version", Type::Int),
        column("blob", Type::Text),
        column("rows_learnt", Type::Int),
        column("at", Type::Int),
    ],
    key: &["version"],
    clustered: true,
    indexes: &[],
};
static PAIR: Table = Table {
    name: "linkage_pair",
    columns: &[
        column("id", Type::Uuid),
        column("one", Type::Uuid),
        column("other", Type::Uuid),
        column("why", Type::Text),
        column("odds", Type::Int),
        column("weights", Type::Text),
        column("state", Type::Text),
        column("raised", Type::Int),
        optional("verdict", Type::Text),
        optional("by_reader", Type::Text),
        optional("first_reader", Type::Text),
        optional("note", Type::Text),
        optional("at", Type::Int),
    ],
    key: &["id"],
    clustered: true,
    indexes: &[
        Index { name: "linkage_pair_state", columns: &["state", "id"], unique: false, only: "" },
        Index { name: "linkage_pair_one", columns: &["one"], unique: false, only: "" },
        Index { name: "linkage_pair_other", columns: &["other"], unique: false, only: "" },
    ],
};
static TABLES: &[&Table] = &[&ROW, &KEY, &WORD, &MODEL, &PAIR];

static PUT_MODEL: Sql = Sql::both("INSERT INTO linkage_model (version, blob, rows_learnt, at) VALUES ($1, $2, $3, $4)");
static IN_FORCE: Sql = Sql::both("SELECT version, blob FROM linkage_model ORDER BY version DESC LIMIT 1");

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[&PUT_MODEL, &IN_FORCE];
pub use pair::STATEMENTS as OF_PAIRS;
pub use row::STATEMENTS as OF_ROWS;

/// Keeps the tables of linkage.
pub struct Linkage;

/// Raised when the same words would give other rows.
const VERSION: u32 = 2;

impl View for Linkage {
    fn name(&self) -> &'static str {
        "linkage"
    }

    fn version(&self) -> u32 {
        VERSION * 1_000 + identity::blocking::STABLE_KEYS
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn keeps(&self, entry: &Entry) -> Result<Vec<[u8; 32]>> {
        if entry.kind != Learning::KIND {
            return Ok(Vec::new());
        }
        let Learnt::Adopted { blob, .. } = aggregate::read::<Learning>(entry)?;
        Ok(vec![hash(&blob)?])
    }

    fn on_event(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
        match entry.kind.as_str() {
            Learning::KIND => {
                let Learnt::Adopted { version, blob, rows } = aggregate::read::<Learning>(entry)?;
                let at = entry.at.as_microsecond();
                tx.execute(&PUT_MODEL, &[i64::from(version).into(), (&blob).into(), i64::from(rows).into(), at.into()])
                    .map(|_| ())
            }
            Pair::KIND => pair::happened(tx, entry),
            _ => Ok(()),
        }
    }

    fn on_resource(&self, tx: &mut dyn Tx, before: Option<&Resource>, now: &Resource) -> Result<()> {
        row::changed(tx, before, now)
    }
}

fn hash(hex: &str) -> Result<[u8; 32]> {
    let digit = |at: usize| hex.get(at * 2..at * 2 + 2).and_then(|two| u8::from_str_radix(two, 16).ok());
    let mut bytes = [0; 32];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = digit(at).ok_or_else(|| store::Error::Corrupt("a learning's blob has no hash".to_owned()))?;
    }
    Ok(bytes)
}

/// The learning in force: its number and its blob.
pub(crate) fn in_force(tx: &mut dyn Tx) -> Result<Option<(u32, [u8; 32])>> {
    let found = tx.first(&IN_FORCE, &[], |row| Ok((row.int(0)?, row.string(1)?)))?;
    found.map(|(version, blob)| Ok((u32::try_from(version).unwrap_or_default(), hash(&blob)?))).transpose()
}
