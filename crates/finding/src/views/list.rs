//! Lists that find people: what each is, whom its runs found and why, and what the team has decided. Who somebody is now, the index
//! of people is asked at each reading.

use jiff::Timestamp;
use jiff::civil::Date;
use store::table::{Index, Table, Type, column, optional};
use store::{Aggregate, Entry, Result, Row, Sql, Tx, View, aggregate};
use uuid::Uuid;

use crate::case::{Case, Event as Decided, stream};
use crate::list::{Because, CaseList, Event, Found};

static LIST: Table = Table {
    name: "case_list",
    columns: &[
        column("id", Type::Uuid),
        column("neighbourhood", Type::Text),
        column("title", Type::Text),
        column("at", Type::Int),
        optional("run", Type::Int),
        optional("as_of", Type::Text),
        column("more", Type::Int),
        column("by_age_alone", Type::Int),
        optional("closed", Type::Int),
    ],
    key: &["id"],
    clustered: true,
    indexes: &[Index {
        name: "case_list_of",
        columns: &["neighbourhood", "at"],
        unique: false,
        only: "closed IS NULL",
    }],
};
static FOUND: Table = Table {
    name: "case_found",
    columns: &[
        column("list", Type::Uuid),
        column("named", Type::Uuid),
        column("case_id", Type::Uuid),
        column("run", Type::Int),
        column("place", Type::Int),
        column("because", Type::Text),
        column("state", Type::Text).checked("state IN ('open', 'accepted', 'declined', 'later')"),
        optional("decided", Type::Int),
        column("words", Type::Text),
        column("who", Type::Text),
    ],
    key: &["list", "named"],
    clustered: true,
    indexes: &[Index { name: "case_found_case", columns: &["case_id"], unique: true, only: "" }],
};
static TABLES: &[&Table] = &[&LIST, &FOUND];

static DEFINE: Sql = Sql::both(
    "INSERT INTO case_list (id, neighbourhood, title, at, run, as_of, more, by_age_alone, closed)
     VALUES ($1, $2, $3, $4, NULL, NULL, 0, 0, NULL)",
);
static RUN: Sql = Sql::both("UPDATE case_list SET run = $2, as_of = $3, more = $4, by_age_alone = $5 WHERE id = $1");
static CLOSE: Sql = Sql::both("UPDATE case_list SET closed = $2 WHERE id = $1");
static PUT: Sql = Sql::both(
    "INSERT INTO case_found (list, named, case_id, run, place, because, state, decided, words, who)
     VALUES ($1, $2, $3, $4, $5, $6, 'open', NULL, '', '')
     ON CONFLICT (list, named) DO UPDATE SET run = excluded.run, place = excluded.place, because = excluded.because",
);
static DECIDE: Sql =
    Sql::both("UPDATE case_found SET state = $2, decided = $3, words = $4, who = $5 WHERE case_id = $1");
static OF: Sql = Sql::both(
    "SELECT id, neighbourhood, title, at, run, as_of, more, by_age_alone FROM case_list
     WHERE neighbourhood = $1 AND closed IS NULL ORDER BY at, id",
);
static ONE: Sql = Sql::both(
    "SELECT id, neighbourhood, title, at, run, as_of, more, by_age_alone FROM case_list WHERE id = $1 AND closed IS NULL",
);
static ALL: Sql =
    Sql::both("SELECT id, neighbourhood, title, at, run, as_of, more, by_age_alone FROM case_list ORDER BY at, id");
static ENTRIES: Sql = Sql::both(
    "SELECT f.named, p.root, f.run, f.because, f.state, f.decided, f.words, f.who FROM case_found AS f
     JOIN person AS p ON p.id = f.named WHERE f.list = $1 ORDER BY f.place, f.named",
);
static HAS: Sql = Sql::both("SELECT 1 FROM case_found WHERE list = $1 AND named = $2");

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[&DEFINE, &RUN, &CLOSE, &PUT, &DECIDE, &OF, &ONE, &ALL, &ENTRIES, &HAS];

/// Keeps the tables of lists.
pub struct Lists;

impl View for Lists {
    fn name(&self) -> &'static str {
        "case-lists"
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn on_event(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
        match entry.kind.as_str() {
            CaseList::KIND => self::list(tx, entry),
            Case::KIND => case(tx, entry),
            _ => Ok(()),
        }
    }
}

fn list(tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
    let id = entry.stream;
    match aggregate::read::<CaseList>(entry)? {
        Event::ListDefined { definition, .. } => {
            let at = entry.at.as_microsecond();
            let params = [id.into(), (&definition.neighbourhood).into(), (&definition.title).into(), at.into()];
            tx.execute(&DEFINE, &params)?;
        }
        Event::ListRun { as_of, found, more, by_age_alone, .. } => {
            let day = as_of.to_string();
            let (more, alone) = (i64::from(more).into(), i64::from(by_age_alone).into());
            tx.execute(&RUN, &[id.into(), entry.seq.into(), (&day).into(), more, alone])?;
            for (place, Found { person, because }) in (0i64..).zip(found) {
                let case = stream(id, person);
                let because = serde_json::to_string(&because).map_err(|error| {
                    store::Error::Corrupt(format!("why somebody was found cannot be kept: {error}"))
                })?;
                let run = entry.seq.into();
                tx.execute(&PUT, &[id.into(), person.into(), case.into(), run, place.into(), (&because).into()])?;
            }
        }
        Event::ListClosed { .. } => {
            tx.execute(&CLOSE, &[id.into(), entry.at.as_microsecond().into()])?;
        }
    }
    Ok(())
}

fn case(tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
    let (state, words, by) = match aggregate::read::<Case>(entry)? {
        Decided::CaseAccepted { by, .. } => ("accepted", String::new(), by),
        Decided::CaseDeclined { by, reason, .. } => ("declined", reason, by),
        Decided::CasePutOff { by, until, .. } => ("later", until.to_string(), by),
    };
    let at = entry.at.as_microsecond();
    let params = [entry.stream.into(), state.into(), at.into(), (&words).into(), (&by.name).into()];
    tx.execute(&DECIDE, &params).map(|_| ())
}

/// A list of a neighbourhood. Says nothing of anybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its history in the log.
    pub id: Uuid,
    /// The neighbourhood's short name.
    pub neighbourhood: String,
    /// What it is called.
    pub title: String,
    /// When it was defined.
    pub at: Timestamp,
    /// The last run: its entry of the log.
    pub run: Option<i64>,
    /// As of which day that was.
    pub as_of: Option<Date>,
    /// How many more that run would have found.
    pub more: i64,
    /// How many it would have found by age or sex alone.
    pub by_age_alone: i64,
}

fn line(row: &dyn Row) -> Result<Line> {
    Ok(Line {
        id: row.uuid(0)?,
        neighbourhood: row.string(1)?,
        title: row.string(2)?,
        at: row.time(3)?,
        run: row.int_or_null(4)?,
        as_of: row.string_or_null(5)?.and_then(|day| day.parse().ok()),
        more: row.int(6)?,
        by_age_alone: row.int(7)?,
    })
}

/// The open lists of a neighbourhood.
///
/// # Errors
/// What the database says.
pub fn of(tx: &mut dyn Tx, neighbourhood: &str) -> Result<Vec<Line>> {
    tx.all(&OF, &[neighbourhood.into()], line)
}

/// One open list.
///
/// # Errors
/// What the database says.
pub fn one(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Line>> {
    tx.first(&ONE, &[id.into()], line)
}

/// Every list of every neighbourhood, closed ones too: for counting what came of them.
///
/// # Errors
/// What the database says.
pub fn all(tx: &mut dyn Tx) -> Result<Vec<Line>> {
    tx.all(&ALL, &[], line)
}

/// Where somebody on a list stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Nobody has decided.
    Open,
    /// Put off until a day.
    Later,
    /// Taken on.
    Accepted,
    /// Not taken on.
    Declined,
}

/// Somebody on a list. Nothing of it is shown without a permit for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Under which root the list has found them.
    pub found: Uuid,
    /// The root as it is now.
    pub person: Uuid,
    /// The last run had them on it.
    pub now: bool,
    /// The entries that say why.
    pub because: Vec<Because>,
    /// Where they stand.
    pub state: State,
    /// When that was decided.
    pub decided: Option<Timestamp>,
    /// Why not, or until when.
    pub words: String,
    /// Who decided.
    pub who: String,
}

impl Listed {
    /// Whether they are on the list: who is not found any more and about whom nothing was decided is not.
    #[must_use]
    pub fn stands(&self) -> bool {
        self.now || self.decided.is_some()
    }
}

/// Everybody whom a list has found, once under each root of today, in the order of the last run.
///
/// # Errors
/// What the database says.
pub fn entries(tx: &mut dyn Tx, list: &Line) -> Result<Vec<Listed>> {
    let mut all: Vec<Listed> = tx.all(&ENTRIES, &[list.id.into()], |row| {
        let because = serde_json::from_str(row.text(3)?)
            .map_err(|error| store::Error::Corrupt(format!("why somebody was found cannot be read: {error}")))?;
        let state = match row.text(4)? {
            "accepted" => State::Accepted,
            "declined" => State::Declined,
            "later" => State::Later,
            _ => State::Open,
        };
        Ok(Listed {
            found: row.uuid(0)?,
            person: row.uuid(1)?,
            now: Some(row.int(2)?) == list.run,
            because,
            state,
            decided: row.time_or_null(5)?,
            words: row.string(6)?,
            who: row.string(7)?,
        })
    })?;
    // Two who were found to be one: the one about whom something was decided stands for both.
    let mut kept: Vec<Listed> = Vec::new();
    for one in all.drain(..) {
        match kept.iter_mut().find(|known| known.person == one.person) {
            Some(known) if known.decided < one.decided => *known = one,
            Some(_) => {}
            None => kept.push(one),
        }
    }
    Ok(kept)
}

/// Whether a list has found somebody, by the root at the time.
pub(crate) fn has(tx: &mut dyn Tx, list: Uuid, found: Uuid) -> Result<bool> {
    Ok(tx.first(&HAS, &[list.into(), found.into()], |_| Ok(()))?.is_some())
}
