//! What people have chosen about their own records: objections, planning, and whom they let see what. One range of rows a
//! person, and one a reader who was let in. Must not say what a choice opens; that is the policy's.

use jiff::Timestamp;
use store::table::{Index, Table, Type, column};
use store::{Entry, Result, Row, Sql, Tx, View, aggregate};
use uuid::Uuid;

use crate::look::Subject;
use crate::own::OwnPermit;
use crate::relationship::Classes;
use crate::role::Role;
use crate::sharing::{Event, Sharing, stream};

static CHOICE: Table = Table {
    name: "choice",
    columns: &[
        column("stream", Type::Uuid),
        column("what", Type::Text),
        column("person", Type::Uuid),
        column("since", Type::Int),
        column("words", Type::Text),
    ],
    key: &["stream", "what"],
    clustered: true,
    indexes: &[Index { name: "choice_what", columns: &["what", "person"], unique: false, only: "" }],
};
static PROXY: Table = Table {
    name: "proxy",
    columns: &[
        column("stream", Type::Uuid),
        column("reader", Type::Text),
        column("person", Type::Uuid),
        column("whose", Type::Text),
        column("name", Type::Text),
        column("classes", Type::Int),
        column("since", Type::Int),
        column("until", Type::Int),
    ],
    key: &["stream", "reader"],
    clustered: true,
    indexes: &[Index { name: "proxy_reader", columns: &["reader", "stream"], unique: false, only: "" }],
};
static TABLES: &[&Table] = &[&CHOICE, &PROXY];

static CHOOSE: Sql = Sql::both(
    "INSERT INTO choice (stream, what, person, since, words) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (stream, what) DO UPDATE SET person = excluded.person, since = excluded.since, words = excluded.words",
);
static TAKE_BACK: Sql = Sql::both("DELETE FROM choice WHERE stream = $1 AND what = $2");
static ALLOW: Sql = Sql::both(
    "INSERT INTO proxy (stream, reader, person, whose, name, classes, since, until)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (stream, reader) DO UPDATE SET person = excluded.person, whose = excluded.whose, name = excluded.name,
       classes = excluded.classes, since = excluded.since, until = excluded.until",
);
static END: Sql = Sql::both("DELETE FROM proxy WHERE stream = $1 AND reader = $2");
static CHOSEN: Sql = Sql::both("SELECT what, since, words FROM choice WHERE stream = $1");
static PROXIES: Sql = Sql::both(
    "SELECT reader, person, whose, name, classes, since, until FROM proxy WHERE stream = $1 ORDER BY name, reader",
);
static LET_IN: Sql = Sql::both(
    "SELECT reader, person, whose, name, classes, since, until FROM proxy WHERE reader = $1 AND until > $2
     ORDER BY whose, stream",
);
static WHO_CHOSE: Sql = Sql::both("SELECT person FROM choice WHERE what = $1 ORDER BY person");

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[&CHOOSE, &TAKE_BACK, &ALLOW, &END, &CHOSEN, &PROXIES, &LET_IN, &WHO_CHOSE];

/// Words of the column `what`.
const OBJECTION: &str = "objection";
const PLANNING: &str = "planning";

/// Keeps the tables of choices.
pub struct Choices;

impl View for Choices {
    fn name(&self) -> &'static str {
        "choices"
    }

    fn version(&self) -> u32 {
        2
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn on_event(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
        if entry.kind != <Sharing as store::Aggregate>::KIND {
            return Ok(());
        }
        let stream = entry.stream;
        let choose = |tx: &mut dyn Tx, what: &str, person: &Uuid, words: &str| {
            let since = entry.at.as_microsecond();
            tx.execute(&CHOOSE, &[stream.into(), what.into(), (*person).into(), since.into(), words.into()])
        };
        let take_back = |tx: &mut dyn Tx, what: &str| tx.execute(&TAKE_BACK, &[stream.into(), what.into()]);
        match &aggregate::read::<Sharing>(entry)? {
            Event::Objected { person, words, .. } => choose(tx, OBJECTION, person, words)?,
            Event::ObjectionWithdrawn { .. } => take_back(tx, OBJECTION)?,
            Event::PlanningRefused { person, .. } => choose(tx, PLANNING, person, "")?,
            Event::PlanningAllowed { .. } => take_back(tx, PLANNING)?,
            Event::HiddenFromProxies { .. } | Event::ShownToProxies { .. } => 0,
            Event::ProxyAllowed { by, person, proxy_reader, name, classes, until } => tx.execute(
                &ALLOW,
                &[
                    stream.into(),
                    proxy_reader.into(),
                    (*person).into(),
                    (&by.name).into(),
                    name.into(),
                    classes.number().into(),
                    entry.at.as_microsecond().into(),
                    until.as_microsecond().into(),
                ],
            )?,
            Event::ProxyEnded { proxy_reader, .. } => tx.execute(&END, &[stream.into(), proxy_reader.into()])?,
        };
        Ok(())
    }
}

/// Somebody who was let in, and what they may see of whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxyRow {
    /// `reader:` and the id of their sign-in.
    pub reader: String,
    /// Whose record: their root at the time; they may have been joined to another since.
    pub person: Uuid,
    /// The person's name, as they were signed in when they chose.
    pub whose: String,
    /// The name of whoever was let in, as the person wrote it.
    pub name: String,
    /// Which classes of entry.
    pub classes: Classes,
    /// Since when.
    pub since: Timestamp,
    /// Until when.
    pub until: Timestamp,
}

/// What one person has chosen, under every id they have gone by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chosen {
    /// Since when they object to sharing, and why, if they said.
    pub objection: Option<(Timestamp, String)>,
    /// Since when they refuse the use for planning.
    pub planning_refused: Option<Timestamp>,
    /// Whom they let in now.
    pub proxies: Vec<ProxyRow>,
    /// Whom they let in once, whose time is over; ending it again does nothing, letting in anew takes its place.
    pub over: Vec<ProxyRow>,
}

/// What a person has chosen.
///
/// # Errors
/// What the database says.
pub fn chosen(tx: &mut dyn Tx, permit: &OwnPermit, at: Timestamp) -> Result<Chosen> {
    let mut chosen = Chosen::default();
    for id in permit.ids() {
        let stream = stream(id);
        for (what, since, words) in tx.all(&CHOSEN, &[stream.into()], what)? {
            match what.as_str() {
                OBJECTION => chosen.objection = Some((since, words)),
                PLANNING => chosen.planning_refused = Some(since),
                _ => {}
            }
        }
        for row in tx.all(&PROXIES, &[stream.into()], proxy)? {
            if at < row.until { chosen.proxies.push(row) } else { chosen.over.push(row) }
        }
    }
    Ok(chosen)
}

/// Who has let this reader in, now: what they were told themselves, and nothing else of anybody's record. Nobody for anyone
/// but a citizen whose identity is proved.
///
/// # Errors
/// What the database says.
pub fn let_in(tx: &mut dyn Tx, reader: &Subject, at: Timestamp) -> Result<Vec<ProxyRow>> {
    if reader.role != Role::Citizen || !reader.assured {
        return Ok(Vec::new());
    }
    tx.all(&LET_IN, &[(&format!("reader:{}", reader.id)).into(), at.as_microsecond().into()], proxy)
}

/// Everybody who refuses the use for planning, by their root at the time; for leaving them out.
///
/// # Errors
/// What the database says.
pub fn planning_refused(tx: &mut dyn Tx) -> Result<Vec<Uuid>> {
    tx.all(&WHO_CHOSE, &[PLANNING.into()], |row| row.uuid(0))
}

/// Everybody who objects to sharing, by their root at the time; for leaving out what is not to be shared.
///
/// # Errors
/// What the database says.
pub fn objected(tx: &mut dyn Tx) -> Result<Vec<Uuid>> {
    tx.all(&WHO_CHOSE, &[OBJECTION.into()], |row| row.uuid(0))
}

fn what(row: &dyn Row) -> Result<(String, Timestamp, String)> {
    Ok((row.string(0)?, row.time(1)?, row.string(2)?))
}

fn proxy(row: &dyn Row) -> Result<ProxyRow> {
    Ok(ProxyRow {
        reader: row.string(0)?,
        person: row.uuid(1)?,
        whose: row.string(2)?,
        name: row.string(3)?,
        classes: Classes::from_number(row.int(4)?),
        since: row.time(5)?,
        until: row.time(6)?,
    })
}
