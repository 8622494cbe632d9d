//! What patterns are counted from: what each reader did in each hour, and whose records they opened in it. Counted as it
//! happens, so that the officer's page reads a week of counts and not a week of looks.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use store::table::{Table, Type, column};
use store::{Entry, Result, Sql, Tx, View};
use uuid::Uuid;

use super::audit::Reader;
use crate::audit::AuditPermit;
use crate::look::Event;
use crate::pattern::{self, HOUR, Hour, Kind, Pattern};
use crate::role::{Action, Role};
use crate::scope::Sealed;

static HOURS: Table = Table {
    name: "audit_hour",
    columns: &[
        column("hour", Type::Int),
        column("reader", Type::Text),
        column("role", Type::Text),
        column("looks", Type::Int),
        column("refused", Type::Int),
        column("glass", Type::Int),
        column("last", Type::Int),
    ],
    key: &["hour", "reader", "role"],
    clustered: true,
    indexes: &[],
};
static OPENED: Table = Table {
    name: "audit_opened",
    columns: &[
        column("hour", Type::Int),
        column("reader", Type::Text),
        column("role", Type::Text),
        column("person", Type::Uuid),
        column("last", Type::Int),
    ],
    key: &["hour", "reader", "role", "person"],
    clustered: true,
    indexes: &[],
};
static TABLES: &[&Table] = &[&HOURS, &OPENED];

static COUNT: Sql = Sql::both(
    "INSERT INTO audit_hour (hour, reader, role, looks, refused, glass, last) VALUES ($1, $2, $3, 1, $4, $5, $6)
     ON CONFLICT (hour, reader, role) DO UPDATE SET looks = audit_hour.looks + 1,
       refused = audit_hour.refused + excluded.refused, glass = audit_hour.glass + excluded.glass,
       last = CASE WHEN excluded.last > audit_hour.last THEN excluded.last ELSE audit_hour.last END",
);
static OPEN: Sql = Sql::both(
    "INSERT INTO audit_opened (hour, reader, role, person, last) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (hour, reader, role, person) DO UPDATE SET
       last = CASE WHEN excluded.last > audit_opened.last THEN excluded.last ELSE audit_opened.last END",
);
static OF_HOURS: Sql = Sql::both(
    "SELECT hour, reader, role, looks, refused, glass, last FROM audit_hour WHERE hour >= $1 ORDER BY hour, reader, role",
);
static OPENED_IN: Sql =
    Sql::both("SELECT hour, reader, role, count(*) FROM audit_opened WHERE hour >= $1 GROUP BY hour, reader, role");
static MANY_READERS: Sql = Sql::both(
    "SELECT person, count(DISTINCT reader), min(hour), max(hour), max(last) FROM audit_opened WHERE hour >= $1
     GROUP BY person HAVING count(DISTINCT reader) >= $2 ORDER BY 2 DESC, 1 LIMIT $3",
);
static NAMES: Sql =
    Sql::both("SELECT reader, role, organisation, name FROM audit_who ORDER BY reader, role, organisation, name");

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[&COUNT, &OPEN, &OF_HOURS, &OPENED_IN, &MANY_READERS, &NAMES];

/// The most records opened by many that are listed.
const MOST: i64 = 50;

/// Keeps the counts.
pub struct Patterns;

impl View for Patterns {
    fn name(&self) -> &'static str {
        "patterns"
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn on_event(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
        let Some(event) = crate::look::of(entry)? else { return Ok(()) };
        let at = entry.at.as_microsecond();
        let hour = at.div_euclid(HOUR);
        let (by, action, refused) = match &event {
            Event::Looked { by, action, .. } => (by, *action, false),
            Event::Refused { by, action, .. } => (by, *action, true),
        };
        let glass = !refused && action == Action::BreakGlass;
        let (reader, role) = (&by.id, by.role.word());
        tx.execute(&COUNT, &[hour.into(), reader.into(), role.into(), refused.into(), glass.into(), at.into()])?;
        if let Event::Looked { people, action: Action::ReadRecord | Action::WriteRecord, .. } = &event
            && by.role != Role::Citizen
        {
            for person in people {
                tx.execute(&OPEN, &[hour.into(), reader.into(), role.into(), (*person).into(), at.into()])?;
            }
        }
        Ok(())
    }
}

/// The hour from which patterns are looked for.
#[must_use]
pub fn since(now: Timestamp) -> i64 {
    let from = now.saturating_sub(pattern::WINDOW).unwrap_or(Timestamp::UNIX_EPOCH);
    from.as_microsecond().div_euclid(HOUR)
}

fn hours(tx: &mut dyn Tx, since: i64) -> Result<Vec<Hour>> {
    let mut opened: HashMap<(i64, String, Role), i64> = HashMap::new();
    tx.query(&OPENED_IN, &[since.into()], &mut |row| {
        if let Some(role) = Role::from_word(row.text(2)?) {
            opened.insert((row.int(0)?, row.string(1)?, role), row.int(3)?);
        }
        Ok(())
    })?;
    let mut hours = Vec::new();
    tx.query(&OF_HOURS, &[since.into()], &mut |row| {
        let Some(role) = Role::from_word(row.text(2)?) else { return Ok(()) };
        let (hour, reader) = (row.int(0)?, row.string(1)?);
        let opened = opened.get(&(hour, reader.clone(), role)).copied().unwrap_or_default();
        hours.push(Hour {
            hour,
            reader,
            role,
            opened,
            looks: row.int(3)?,
            refused: row.int(4)?,
            glass: row.int(5)?,
            last: row.time(6)?,
        });
        Ok(())
    })?;
    Ok(hours)
}

/// The patterns that counts show, and the records that many have opened; those that were looked into are left out.
///
/// # Errors
/// What the database says.
pub fn found(tx: &mut dyn Tx, permit: &AuditPermit, now: Timestamp) -> Result<Sealed<Vec<Pattern>>> {
    let since = since(now);
    let reviewed = super::review::reviewed(tx, permit)?;
    let names = names(tx, permit)?;
    let who = |reader: &str, role: Role| {
        names.get(&(reader.to_owned(), role)).cloned().unwrap_or_else(|| Reader {
            reader: reader.to_owned(),
            role: Some(role),
            organisation: String::new(),
            name: String::new(),
        })
    };
    let mut patterns = pattern::of_hours(&hours(tx, since)?, &reviewed, &who);
    let many = tx.all(&MANY_READERS, &[since.into(), pattern::READERS.into(), MOST.into()], |row| {
        Ok((row.uuid(0)?, row.int(1)?, row.int(2)?, row.int(3)?, row.time(4)?))
    })?;
    patterns.extend(many.into_iter().filter_map(|(person, count, first, last, at)| {
        let seen = reviewed.get(&pattern::id(Kind::ManyReaders, None, Some(person)));
        seen.is_none_or(|seen| at > *seen).then(|| Pattern {
            kind: Kind::ManyReaders,
            reader: None,
            person: Some(person),
            count,
            usual: None,
            from: pattern::start(first),
            until: pattern::start(last + 1),
        })
    }));
    let people = patterns.iter().filter_map(|pattern| pattern.person).collect();
    Ok(Sealed::new(people, patterns))
}

/// Everybody who has looked, by id and role; where a name or organisation has changed, the last in the alphabet.
///
/// # Errors
/// What the database says.
pub fn names(tx: &mut dyn Tx, _permit: &AuditPermit) -> Result<BTreeMap<(String, Role), Reader>> {
    let mut names = BTreeMap::new();
    tx.query(&NAMES, &[], &mut |row| {
        if let Some(role) = Role::from_word(row.text(1)?) {
            let reader =
                Reader { reader: row.string(0)?, role: Some(role), organisation: row.string(2)?, name: row.string(3)? };
            names.insert((reader.reader.clone(), role), reader);
        }
        Ok(())
    })?;
    Ok(names)
}

/// How many readers have, in the hour of `now` or the one before, opened far more records than is usual for their role. A
/// number and nothing of anybody: for the log of whoever runs this.
///
/// # Errors
/// What the database says.
pub fn unusual(tx: &mut dyn Tx, now: Timestamp) -> Result<usize> {
    let who = |reader: &str, role: Role| Reader {
        reader: reader.to_owned(),
        role: Some(role),
        organisation: String::new(),
        name: String::new(),
    };
    let latest = pattern::start(now.as_microsecond().div_euclid(HOUR) - 1);
    let seen: HashMap<Uuid, Timestamp> = HashMap::new();
    let patterns = pattern::of_hours(&hours(tx, since(now))?, &seen, &who);
    Ok(patterns.iter().filter(|pattern| pattern.kind == Kind::ManyInAnHour && pattern.from >= latest).count())
}
