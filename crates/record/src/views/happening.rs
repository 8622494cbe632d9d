//! The desks' lists as rows: one row a happening, under its list and time, with the practice it belongs to, so that any
//! desk's list is one range of an index; and when each person was last seen outside hospital.

use access::Sensitivity;
use store::table::{Index, Table, Type, column, optional};
use store::{Aggregate, Entry, Param, Resource, Result, Row, Sql, Tx, View, aggregate};
use uuid::Uuid;

use super::belonging::practice_of;
use super::person::root;
use crate::happening::{self, Happening, List};
use crate::person::{Event, Person};

static HAPPENING: Table = Table {
    name: "happening",
    columns: &[
        column("list", Type::Text),
        column("at", Type::Int),
        column("id", Type::Uuid),
        column("person", Type::Uuid),
        column("practice", Type::Text),
        column("feed", Type::Text),
        column("timed", Type::Int),
        column("title", Type::Text),
        optional("reason", Type::Text),
        optional("whom", Type::Text),
        column("sensitivity", Type::Int),
        column("leaf", Type::Uuid),
    ],
    key: &["list", "at", "id"],
    clustered: true,
    indexes: &[
        Index { name: "happening_practice", columns: &["practice", "list", "at"], unique: false, only: "" },
        Index { name: "happening_person", columns: &["person", "list", "at"], unique: false, only: "" },
    ],
};
static CONTACT: Table = Table {
    name: "contact",
    columns: &[
        column("person", Type::Uuid),
        column("at", Type::Int),
        column("id", Type::Uuid),
        column("feed", Type::Text),
        column("leaf", Type::Uuid),
    ],
    key: &["person", "at", "id"],
    clustered: true,
    indexes: &[],
};
static TABLES: &[&Table] = &[&HAPPENING, &CONTACT];

static PUT: Sql = Sql::both(
    "INSERT INTO happening (list, at, id, person, practice, feed, timed, title, reason, whom, sensitivity, leaf)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
);
static TAKE: Sql = Sql::both("DELETE FROM happening WHERE list = $1 AND at = $2 AND id = $3");
static PUT_CONTACT: Sql = Sql::both("INSERT INTO contact (person, at, id, feed, leaf) VALUES ($1, $2, $3, $4, $5)");
static TAKE_CONTACT: Sql = Sql::both("DELETE FROM contact WHERE person = $1 AND at = $2 AND id = $3");
static MOVE: Sql = Sql::both("UPDATE happening SET person = $1 WHERE person = $2");
static MOVE_CONTACTS: Sql = Sql::both("UPDATE contact SET person = $1 WHERE person = $2");
static GIVE_BACK: Sql = Sql::both("UPDATE happening SET person = $1 WHERE person = $2 AND leaf = $3");
static GIVE_BACK_CONTACTS: Sql = Sql::both("UPDATE contact SET person = $1 WHERE person = $2 AND leaf = $3");
static REGISTER: Sql = Sql::both("UPDATE happening SET practice = $1 WHERE person = $2 AND practice <> $1");
static OLDEST: Sql = Sql::both(
    "SELECT id, person, list, at, feed, timed, title, reason, whom, practice, sensitivity FROM happening
     WHERE list = $1 AND at >= $2 AND at < $3 ORDER BY at, id LIMIT $4",
);
static NEWEST: Sql = Sql::both(
    "SELECT id, person, list, at, feed, timed, title, reason, whom, practice, sensitivity FROM happening
     WHERE list = $1 AND at >= $2 AND at < $3 ORDER BY at DESC, id DESC LIMIT $4",
);
static COUNT: Sql = Sql::both("SELECT count(*) FROM happening WHERE list = $1 AND at >= $2 AND at < $3");
static OLDEST_OF: Sql = Sql::both(
    "SELECT id, person, list, at, feed, timed, title, reason, whom, practice, sensitivity FROM happening
     WHERE practice = $1 AND list = $2 AND at >= $3 AND at < $4
     AND CASE WHEN feed IN ($5, $6) THEN 'in' ELSE 'out' END = $7 ORDER BY at, id LIMIT $8",
);
static NEWEST_OF: Sql = Sql::both(
    "SELECT id, person, list, at, feed, timed, title, reason, whom, practice, sensitivity FROM happening
     WHERE practice = $1 AND list = $2 AND at >= $3 AND at < $4
     AND CASE WHEN feed IN ($5, $6) THEN 'in' ELSE 'out' END = $7 ORDER BY at DESC, id DESC LIMIT $8",
);
static COUNT_OF: Sql = Sql::both(
    "SELECT count(*) FROM happening WHERE practice = $1 AND list = $2 AND at >= $3 AND at < $4
     AND CASE WHEN feed IN ($5, $6) THEN 'in' ELSE 'out' END = $7",
);
static OF_PERSON: Sql = Sql::both(
    "SELECT id, person, list, at, feed, timed, title, reason, whom, practice, sensitivity FROM happening
     WHERE person = $1 AND list = $2 AND at >= $3 AND at < $4 ORDER BY at, id LIMIT $5",
);
static SEEN_SINCE: Sql =
    Sql::both("SELECT count(*) FROM contact WHERE person = $1 AND at >= $2 AND at < $3 AND feed <> $4");

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[
    &PUT,
    &TAKE,
    &PUT_CONTACT,
    &TAKE_CONTACT,
    &MOVE,
    &MOVE_CONTACTS,
    &GIVE_BACK,
    &GIVE_BACK_CONTACTS,
    &REGISTER,
    &OLDEST,
    &NEWEST,
    &COUNT,
    &OLDEST_OF,
    &NEWEST_OF,
    &COUNT_OF,
    &OF_PERSON,
    &SEEN_SINCE,
];

/// Keeps the tables of happenings. Hears of things after the people and where they belong, which it asks.
pub struct Happenings;

impl View for Happenings {
    fn name(&self) -> &'static str {
        "happenings"
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
            Event::Joined { into, .. } => {
                tx.execute(&MOVE, &[into.into(), entry.stream.into()])?;
                tx.execute(&MOVE_CONTACTS, &[into.into(), entry.stream.into()])?;
                register(tx, into)
            }
            Event::Parted { from, with, .. } => {
                for leaf in with {
                    tx.execute(&GIVE_BACK, &[entry.stream.into(), from.into(), leaf.into()])?;
                    tx.execute(&GIVE_BACK_CONTACTS, &[entry.stream.into(), from.into(), leaf.into()])?;
                }
                register(tx, from)?;
                register(tx, entry.stream)
            }
            Event::Found { .. } | Event::Disputed { .. } => Ok(()),
        }
    }

    fn on_resource(&self, tx: &mut dyn Tx, before: Option<&Resource>, now: &Resource) -> Result<()> {
        if now.kind == "Patient" {
            let person = root(tx, now.person)?;
            return register(tx, person);
        }
        if let Some(before) = before
            && let Some(happening) = derived(before)?
        {
            match happening {
                Happening::Listed(line) => {
                    tx.execute(&TAKE, &[line.list.word().into(), line.at.into(), before.id.into()])?
                }
                Happening::Contact(at) => {
                    let person = root(tx, before.person)?;
                    tx.execute(&TAKE_CONTACT, &[person.into(), at.into(), before.id.into()])?
                }
            };
        }
        let Some(happening) = derived(now)?.filter(|_| !now.person.is_nil()) else { return Ok(()) };
        let person = root(tx, now.person)?;
        match happening {
            Happening::Contact(at) => tx.execute(
                &PUT_CONTACT,
                &[person.into(), at.into(), now.id.into(), (&now.feed).into(), now.person.into()],
            )?,
            Happening::Listed(line) => {
                let practice = practice_of(tx, person)?;
                tx.execute(
                    &PUT,
                    &[
                        line.list.word().into(),
                        line.at.into(),
                        now.id.into(),
                        person.into(),
                        (&practice).into(),
                        (&now.feed).into(),
                        line.timed.into(),
                        (&line.title).into(),
                        line.reason.as_ref().into(),
                        line.by.as_ref().into(),
                        crate::sensitivity::of(&now.kind, now.json()?.as_ref()).number().into(),
                        now.person.into(),
                    ],
                )?
            }
        };
        Ok(())
    }
}

fn derived(resource: &Resource) -> Result<Option<Happening>> {
    if resource.is_deleted() {
        return Ok(None);
    }
    Ok(happening::derive(&resource.kind, resource.json()?.as_ref(), resource.as_of))
}

/// What happened to somebody goes with them when they change practice.
fn register(tx: &mut dyn Tx, person: Uuid) -> Result<()> {
    let practice = practice_of(tx, person)?;
    tx.execute(&REGISTER, &[(&practice).into(), person.into()]).map(|_| ())
}

/// One row, as found: whom it is about is known, and nothing of it is shown before there is a permit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) id: Uuid,
    pub(crate) person: Uuid,
    pub(crate) list: List,
    pub(crate) at: i64,
    pub(crate) feed: String,
    pub(crate) timed: bool,
    pub(crate) title: String,
    pub(crate) reason: Option<String>,
    pub(crate) by: Option<String>,
    pub(crate) practice: String,
    pub(crate) sensitivity: Sensitivity,
}

fn found(row: &dyn Row) -> Result<Found> {
    let list = row.text(2)?;
    Ok(Found {
        id: row.uuid(0)?,
        person: row.uuid(1)?,
        list: List::from_word(list).ok_or_else(|| store::Error::Corrupt(format!("there is no list {list}")))?,
        at: row.int(3)?,
        feed: row.string(4)?,
        timed: row.int(5)? != 0,
        title: row.string(6)?,
        reason: row.string_or_null(7)?,
        by: row.string_or_null(8)?,
        practice: row.string(9)?,
        sensitivity: Sensitivity::from_number(row.int(10)?),
    })
}

/// A part of a list: from a moment up to another (microseconds), at most so many.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part {
    pub(crate) list: List,
    pub(crate) from: i64,
    pub(crate) until: i64,
    pub(crate) newest_first: bool,
    pub(crate) most: i64,
}

/// Whose words count: of every feed, of all but two, or of those two alone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Heard<'f> {
    #[default]
    All,
    Only([&'f str; 2]),
    AllBut([&'f str; 2]),
}

impl<'f> Heard<'f> {
    fn params(self) -> [Param<'f>; 3] {
        let ([one, other], side) = match self {
            Self::All => ([""; 2], "out"),
            Self::AllBut(feeds) => (feeds, "out"),
            Self::Only(feeds) => (feeds, "in"),
        };
        [one.into(), other.into(), side.into()]
    }
}

/// A part of a list in the whole borough.
pub(crate) fn part(tx: &mut dyn Tx, part: Part) -> Result<Vec<Found>> {
    let sql = if part.newest_first { &NEWEST } else { &OLDEST };
    let params = [part.list.word().into(), part.from.into(), part.until.into(), part.most.into()];
    tx.all(sql, &params, found)
}

/// How many stand in that part altogether.
pub(crate) fn count(tx: &mut dyn Tx, part: Part) -> Result<i64> {
    let params = [part.list.word().into(), part.from.into(), part.until.into()];
    Ok(tx.first(&COUNT, &params, |row| row.int(0))?.unwrap_or_default())
}

/// A part of a list for one practice.
pub(crate) fn part_of(tx: &mut dyn Tx, part: Part, practice: &str, heard: Heard<'_>) -> Result<Vec<Found>> {
    let sql = if part.newest_first { &NEWEST_OF } else { &OLDEST_OF };
    let [one, other, side] = heard.params();
    let (list, from, until) = (part.list.word().into(), part.from.into(), part.until.into());
    tx.all(sql, &[practice.into(), list, from, until, one, other, side, part.most.into()], found)
}

/// How many stand in that part altogether.
pub(crate) fn count_of(tx: &mut dyn Tx, part: Part, practice: &str, heard: Heard<'_>) -> Result<i64> {
    let [one, other, side] = heard.params();
    let (list, from, until) = (part.list.word().into(), part.from.into(), part.until.into());
    let params = [practice.into(), list, from, until, one, other, side];
    Ok(tx.first(&COUNT_OF, &params, |row| row.int(0))?.unwrap_or_default())
}

/// What of a list is about one person.
pub(crate) fn of_person(tx: &mut dyn Tx, person: Uuid, part: Part) -> Result<Vec<Found>> {
    let params = [person.into(), part.list.word().into(), part.from.into(), part.until.into(), part.most.into()];
    tx.all(&OF_PERSON, &params, found)
}

/// Whether anybody but `feed` has seen a person between two moments.
pub(crate) fn seen(tx: &mut dyn Tx, person: Uuid, from: i64, until: i64, feed: &str) -> Result<bool> {
    let params = [person.into(), from.into(), until.into(), feed.into()];
    Ok(tx.first(&SEEN_SINCE, &params, |row| row.int(0))?.unwrap_or_default() > 0)
}
