//! How much is looked, day by day: counts by role, whose record is opened most, and every refusal, for whoever watches over
//! it. Counted as it happens, so that the page costs the same however much is looked.

use jiff::Timestamp;
use store::table::{Index, Table, Type, column};
use store::{Entry, Result, Sql, Tx, View, aggregate};
use uuid::Uuid;

use super::look::word;
use crate::decide::Level;
use crate::look::{Event, Look};
use crate::role::{Action, Class, Role};
use crate::worklist::DeskPermit;

static DAY: Table = Table {
    name: "look_day",
    columns: &[
        column("day", Type::Text),
        column("role", Type::Text),
        column("opened", Type::Int),
        column("listed", Type::Int),
        column("refused", Type::Int),
    ],
    key: &["day", "role"],
    clustered: true,
    indexes: &[],
};
static OPENED: Table = Table {
    name: "look_opened",
    columns: &[column("day", Type::Text), column("person", Type::Uuid), column("times", Type::Int)],
    key: &["day", "person"],
    clustered: true,
    indexes: &[Index { name: "look_opened_most", columns: &["day", "times"], unique: false, only: "" }],
};
static REFUSAL: Table = Table {
    name: "look_refused",
    columns: &[
        column("at", Type::Int),
        column("seq", Type::Int),
        column("name", Type::Text),
        column("role", Type::Text),
        column("organisation", Type::Text),
        column("action", Type::Text),
        column("because", Type::Text),
    ],
    key: &["at", "seq"],
    clustered: true,
    indexes: &[],
};
static TABLES: &[&Table] = &[&DAY, &OPENED, &REFUSAL];

static COUNT: Sql = Sql::both(
    "INSERT INTO look_day (day, role, opened, listed, refused) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (day, role) DO UPDATE SET opened = look_day.opened + excluded.opened,
       listed = look_day.listed + excluded.listed, refused = look_day.refused + excluded.refused",
);
static COUNT_PERSON: Sql = Sql::both(
    "INSERT INTO look_opened (day, person, times) VALUES ($1, $2, 1)
     ON CONFLICT (day, person) DO UPDATE SET times = look_opened.times + 1",
);
static REFUSE: Sql = Sql::both(
    "INSERT INTO look_refused (at, seq, name, role, organisation, action, because) VALUES ($1, $2, $3, $4, $5, $6, $7)",
);
static BY_ROLE: Sql = Sql::both("SELECT role, opened, listed, refused FROM look_day WHERE day = $1 ORDER BY role");
static MOST: Sql =
    Sql::both("SELECT person, times FROM look_opened WHERE day = $1 ORDER BY times DESC, person DESC LIMIT $2");
static REFUSED: Sql = Sql::both(
    "SELECT at, name, role, organisation, action, because FROM look_refused WHERE at >= $1 ORDER BY at DESC, seq DESC LIMIT $2",
);

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[&COUNT, &COUNT_PERSON, &REFUSE, &BY_ROLE, &MOST, &REFUSED];

/// Keeps the counts of looks.
pub struct Oversight;

impl View for Oversight {
    fn name(&self) -> &'static str {
        "oversight"
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn on_event(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
        if entry.kind != <Look as store::Aggregate>::KIND {
            return Ok(());
        }
        let day = day(entry.at);
        match aggregate::read::<Look>(entry)? {
            Event::Looked { by, action, people, .. } => {
                let opened = action == Action::ReadRecord;
                let counts = if opened { [1, 0, 0] } else { [0, 1, 0] };
                count(tx, &day, by.role, counts)?;
                // Whose own record it is may open it as often as they like; that is no sign of anything.
                if opened && by.role != Role::Citizen {
                    for person in people {
                        tx.execute(&COUNT_PERSON, &[(&day).into(), person.into()])?;
                    }
                }
            }
            Event::Refused { by, action, because, .. } => {
                count(tx, &day, by.role, [0, 0, 1])?;
                tx.execute(
                    &REFUSE,
                    &[
                        entry.at.as_microsecond().into(),
                        entry.seq.into(),
                        (&by.name).into(),
                        by.role.word().into(),
                        (&by.organisation).into(),
                        (&word(&action)?).into(),
                        (&because).into(),
                    ],
                )?;
            }
        }
        Ok(())
    }
}

fn count(tx: &mut dyn Tx, day: &str, role: Role, [opened, listed, refused]: [i64; 3]) -> Result<()> {
    tx.execute(&COUNT, &[day.into(), role.word().into(), opened.into(), listed.into(), refused.into()]).map(|_| ())
}

/// The day in England on which a moment falls.
fn day(at: Timestamp) -> String {
    at.in_tz("Europe/London").map_or_else(|_| at.strftime("%F").to_string(), |zoned| zoned.date().to_string())
}

/// How much one role has looked in a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleDay {
    /// The role.
    pub role: Option<Role>,
    /// Records opened.
    pub opened: i64,
    /// Searches, lists, and other looks.
    pub listed: i64,
    /// Refused.
    pub refused: i64,
}

/// One refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// When.
    pub at: Timestamp,
    /// Who, by name.
    pub name: String,
    /// Their role.
    pub role: Option<Role>,
    /// Their organisation.
    pub organisation: String,
    /// What they tried.
    pub action: Option<Action>,
    /// Why they might not.
    pub because: String,
}

/// How much was looked on one day, and what was refused since a moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Watched {
    /// By role.
    pub roles: Vec<RoleDay>,
    /// Whose record was opened most, with how often, the most first.
    pub most: Vec<(Uuid, i64)>,
    /// Refusals, the latest first.
    pub refusals: Vec<Refusal>,
}

/// What an officer watches: the day of `at`, refusals since `since`, at most `most` of each. Nothing for anybody else's desk.
///
/// # Errors
/// What the database says.
pub fn watched(tx: &mut dyn Tx, permit: &DeskPermit, at: Timestamp, since: Timestamp, most: i64) -> Result<Watched> {
    if permit.level(Class::Looks) != Level::Full {
        return Ok(Watched::default());
    }
    let day = day(at);
    Ok(Watched {
        roles: tx.all(&BY_ROLE, &[(&day).into()], |row| {
            Ok(RoleDay {
                role: Role::from_word(row.text(0)?),
                opened: row.int(1)?,
                listed: row.int(2)?,
                refused: row.int(3)?,
            })
        })?,
        most: tx.all(&MOST, &[(&day).into(), most.into()], |row| Ok((row.uuid(0)?, row.int(1)?)))?,
        refusals: tx.all(&REFUSED, &[since.as_microsecond().into(), most.into()], |row| {
            Ok(Refusal {
                at: row.time(0)?,
                name: row.string(1)?,
                role: Role::from_word(row.text(2)?),
                organisation: row.string(3)?,
                action: serde_json::from_value(row.text(4)?.into()).ok(),
                because: row.string(5)?,
            })
        })?,
    })
}
