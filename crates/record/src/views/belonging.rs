//! Where each person belongs: practice and home, in the words of the one source that the banner shows, so that a list made
//! by place and the record never tell two stories. Moves with the person when two are found to be one.

use place::OdsCode;
use store::table::{Index, Table, Type, column};
use store::{Aggregate, Entry, Resource, Result, Sql, Tx, View, aggregate};
use uuid::Uuid;

use super::demographic::{Placed, placed};
use super::person::root;
use crate::person::{Event, Person};

static BELONGING: Table = Table {
    name: "belonging",
    columns: &[
        column("person", Type::Uuid),
        column("practice", Type::Text),
        column("postcode", Type::Text),
        column("address", Type::Text),
    ],
    key: &["person"],
    clustered: true,
    indexes: &[Index { name: "belonging_home", columns: &["postcode"], unique: false, only: "postcode <> ''" }],
};
static COUNTED: Table = Table {
    name: "belonging_count",
    columns: &[column("practice", Type::Text), column("people", Type::Int)],
    key: &["practice"],
    clustered: true,
    indexes: &[],
};
static TABLES: &[&Table] = &[&BELONGING, &COUNTED];

static OF: Sql = Sql::both("SELECT practice, postcode, address FROM belonging WHERE person = $1");
static PUT: Sql = Sql::both(
    "INSERT INTO belonging (person, practice, postcode, address) VALUES ($1, $2, $3, $4)
     ON CONFLICT (person) DO UPDATE SET practice = excluded.practice, postcode = excluded.postcode, address = excluded.address",
);
static TAKE: Sql = Sql::both("DELETE FROM belonging WHERE person = $1");
static COUNT: Sql = Sql::both(
    "INSERT INTO belonging_count (practice, people) VALUES ($1, $2)
     ON CONFLICT (practice) DO UPDATE SET people = belonging_count.people + excluded.people",
);
static UNCOUNT: Sql = Sql::both("DELETE FROM belonging_count WHERE practice = $1 AND people = 0");
static COUNTS: Sql = Sql::both("SELECT practice, people FROM belonging_count ORDER BY practice");
static AT_POSTCODE: Sql =
    Sql::both("SELECT person, address FROM belonging WHERE postcode = $1 AND postcode <> '' ORDER BY person LIMIT $2");

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[&OF, &PUT, &TAKE, &COUNT, &UNCOUNT, &COUNTS, &AT_POSTCODE];

/// Keeps the tables of where people belong. Hears of things after the people and the demographics, which it asks.
pub struct Belongings;

impl View for Belongings {
    fn name(&self) -> &'static str {
        "belongings"
    }

    fn version(&self) -> u32 {
        2
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn on_event(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
        if entry.kind != Person::KIND {
            return Ok(());
        }
        match aggregate::read::<Person>(entry)? {
            Event::Joined { into: other, .. } | Event::Parted { from: other, .. } => {
                settle(tx, entry.stream)?;
                settle(tx, other)
            }
            Event::Found { .. } | Event::Disputed { .. } => Ok(()),
        }
    }

    fn on_resource(&self, tx: &mut dyn Tx, before: Option<&Resource>, now: &Resource) -> Result<()> {
        if now.kind != "Patient" {
            return Ok(());
        }
        if let Some(before) = before.filter(|before| before.person != now.person) {
            let was = root(tx, before.person)?;
            settle(tx, was)?;
        }
        let is = root(tx, now.person)?;
        settle(tx, is)
    }
}

/// Brings a person's row in step with what the sources say now. Somebody joined to another has no sources left and no row.
fn settle(tx: &mut dyn Tx, person: Uuid) -> Result<()> {
    let was = of(tx, person)?;
    let is = placed(tx, person)?;
    if was == is {
        return Ok(());
    }
    match &is {
        Some(is) => {
            tx.execute(&PUT, &[person.into(), (&is.practice).into(), (&is.postcode).into(), (&is.address).into()])?
        }
        None => tx.execute(&TAKE, &[person.into()])?,
    };
    let (was, is) = (was.map(|was| was.practice), is.map(|is| is.practice));
    if was != is {
        for (practice, change) in [(was, -1), (is, 1)] {
            if let Some(practice) = practice {
                tx.execute(&COUNT, &[(&practice).into(), change.into()])?;
                tx.execute(&UNCOUNT, &[(&practice).into()])?;
            }
        }
    }
    Ok(())
}

/// Where a person belongs, as the row has it.
pub(crate) fn placed_of(tx: &mut dyn Tx, person: Uuid) -> Result<Option<Placed>> {
    of(tx, person)
}

fn of(tx: &mut dyn Tx, person: Uuid) -> Result<Option<Placed>> {
    tx.first(&OF, &[person.into()], |row| {
        Ok(Placed { practice: row.string(0)?, postcode: row.string(1)?, address: row.string(2)? })
    })
}

/// The code of a person's practice; empty where none is known.
pub(crate) fn practice_of(tx: &mut dyn Tx, person: Uuid) -> Result<String> {
    Ok(of(tx, person)?.map(|placed| placed.practice).unwrap_or_default())
}

/// Who lives at a postcode, with the key of the address, at most `most`. Never anybody whose address is withheld.
pub(crate) fn at_postcode(tx: &mut dyn Tx, postcode: &str, most: i64) -> Result<Vec<(Uuid, String)>> {
    tx.all(&AT_POSTCODE, &[postcode.into(), most.into()], |row| Ok((row.uuid(0)?, row.string(1)?)))
}

/// How many people belong to each practice; no practice for those of whom none is known. Counts only, and not yet fit to
/// be shown: see [`place::suppression`].
///
/// # Errors
/// What the database says.
pub fn counts(tx: &mut dyn Tx) -> Result<Vec<(Option<OdsCode>, i64)>> {
    tx.all(&COUNTS, &[], |row| Ok((row.text(0)?.parse().ok(), row.int(1)?)))
}
