//! Looks as a privacy officer searches them: one row a look in the order of time, with who looked, so that any reader, role,
//! organisation, action, purpose and day can be asked for. Whose record it was stands in the table of looks ([`super::look`]).
//! What is found is sealed; must not show anything by itself.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use store::table::{Index, Table, Type, column};
use store::{Composed, Entry, Result, Row, Sql, Tx, View};
use uuid::Uuid;

use super::look::{ALLOWED, REFUSED, SITTING, word};
use crate::audit::AuditPermit;
use crate::look::Event;
use crate::permit::{LooksPermit, Permit};
use crate::role::{Action, Purpose, Role};
use crate::scope::Sealed;

static AUDIT: Table = Table {
    name: "audit",
    columns: &[
        column("seq", Type::Int),
        column("at", Type::Int),
        column("look", Type::Uuid),
        column("reader", Type::Text),
        column("name", Type::Text),
        column("role", Type::Text),
        column("organisation", Type::Text),
        column("action", Type::Text),
        column("purpose", Type::Text),
        column("allowed", Type::Int),
        column("people", Type::Int),
        column("because", Type::Text),
    ],
    key: &["seq"],
    clustered: false,
    indexes: &[
        Index { name: "audit_at", columns: &["at", "seq"], unique: false, only: "" },
        Index { name: "audit_reader", columns: &["reader", "at", "seq"], unique: false, only: "" },
    ],
};
static READER: Table = Table {
    name: "audit_who",
    columns: &[
        column("reader", Type::Text),
        column("role", Type::Text),
        column("organisation", Type::Text),
        column("name", Type::Text),
    ],
    key: &["reader", "role", "organisation", "name"],
    clustered: true,
    indexes: &[],
};
static TABLES: &[&Table] = &[&AUDIT, &READER];

static PUT: Sql = Sql::both(
    "INSERT INTO audit (seq, at, look, reader, name, role, organisation, action, purpose, allowed, people, because)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
);
static PUT_READER: Sql = Sql::both(
    "INSERT INTO audit_who (reader, role, organisation, name) VALUES ($1, $2, $3, $4)
     ON CONFLICT (reader, role, organisation, name) DO NOTHING",
);
static READERS: Sql = Sql::both("SELECT reader, role, organisation, name FROM audit_who ORDER BY name, reader");
static NAMED: Sql = Sql::both(
    "SELECT organisation, name FROM audit_who WHERE reader = $1 AND role = $2 ORDER BY organisation, name LIMIT 2",
);
static ORGANISATIONS: Sql = Sql::both("SELECT DISTINCT organisation FROM audit_who ORDER BY organisation LIMIT $1");
static PEOPLE: Sql = Sql::both("SELECT person FROM look WHERE seq = $1 ORDER BY person LIMIT $2");
static ONE: Sql = Sql::both(
    "SELECT seq, at, look, reader, name, role, organisation, action, purpose, allowed, people, because FROM audit
     WHERE seq = $1",
);

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[&PUT, &PUT_READER, &READERS, &NAMED, &ORGANISATIONS, &PEOPLE, &ONE];

/// Keeps the table that looks are searched in.
pub struct Audit;

impl View for Audit {
    fn name(&self) -> &'static str {
        "audit"
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn on_event(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
        let Some(event) = crate::look::of(entry)? else { return Ok(()) };
        let (by, action, purpose, people, because, allowed) = match &event {
            Event::Looked { by, action, purpose, people, because, sitting } => {
                (by, action, purpose, people, because, if *sitting { SITTING } else { ALLOWED })
            }
            Event::Refused { by, action, purpose, people, because } => (by, action, purpose, people, because, REFUSED),
        };
        let (action, purpose, role) = (word(action)?, word(purpose)?, by.role.word());
        tx.execute(
            &PUT,
            &[
                entry.seq.into(),
                entry.at.as_microsecond().into(),
                entry.stream.into(),
                (&by.id).into(),
                (&by.name).into(),
                role.into(),
                (&by.organisation).into(),
                (&action).into(),
                (&purpose).into(),
                allowed.into(),
                i64::try_from(people.len()).unwrap_or(i64::MAX).into(),
                because.into(),
            ],
        )?;
        tx.execute(&PUT_READER, &[(&by.id).into(), role.into(), (&by.organisation).into(), (&by.name).into()])?;
        Ok(())
    }
}

/// The name and the organisation of whoever the log knows as `role:id`, for whoever has leave to read the record in which they did
/// something: whoever did has looked at it before. `None` where nobody has looked in that role by that id, or under more than one name.
///
/// # Errors
/// What the database says.
pub fn named(tx: &mut dyn Tx, _leave: &Permit, actor: &str) -> Result<Option<(String, String)>> {
    let Some((role, reader)) = actor.split_once(':') else { return Ok(None) };
    let mut found = tx.all(&NAMED, &[reader.into(), role.into()], |row| Ok((row.string(1)?, row.string(0)?)))?;
    Ok(found.pop().filter(|_| found.is_empty()))
}

/// One look, with whom it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Its place in the log.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Its id.
    pub look: Uuid,
    /// Who, by the id of their sign-in.
    pub reader: String,
    /// Who, by name.
    pub name: String,
    /// Their role.
    pub role: Option<Role>,
    /// Their organisation.
    pub organisation: String,
    /// What they did.
    pub action: Option<Action>,
    /// Why they said they did.
    pub purpose: Option<Purpose>,
    /// Whether they might.
    pub allowed: bool,
    /// Whether it covers ten minutes from then on.
    pub sitting: bool,
    /// Whom it is about, as many of them as were asked for.
    pub people: Vec<Uuid>,
    /// How many it is about.
    pub count: i64,
    /// Why, or why not.
    pub because: String,
}

/// What is looked for. Empty: every look.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Looks by any of these; none named: anybody's.
    pub readers: Option<Vec<String>>,
    /// Looks at any of these (one person's ids); none named: at anybody, or at nobody.
    pub people: Option<Vec<Uuid>>,
    /// In this role.
    pub role: Option<Role>,
    /// For this organisation.
    pub organisation: Option<String>,
    /// What they did.
    pub actions: Vec<Action>,
    /// Why they said they did.
    pub purpose: Option<Purpose>,
    /// Allowed, or refused.
    pub allowed: Option<bool>,
    /// From this moment on.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
    /// Only looks that stand before this one: where the page before ended.
    pub before: Option<Cursor>,
}

/// The place of a look among the others, newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    at: i64,
    seq: i64,
}

impl Cursor {
    /// As it stands in an address; nothing of any person.
    #[must_use]
    pub fn word(self) -> String {
        format!("{}-{}", letters(self.at), letters(self.seq))
    }

    /// The cursor of a word; `None` where it is none.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        let (at, seq) = word.split_once('-')?;
        let at = number(at)?;
        Timestamp::from_microsecond(at).ok()?;
        Some(Self { at, seq: number(seq)? })
    }
}

/// A number in the letters from a to p: no address of Weft has a long number in it, which might be somebody's.
fn letters(number: i64) -> String {
    format!("{number:x}")
        .bytes()
        .map(|digit| char::from(b'a' + if digit < b'a' { digit - b'0' } else { digit - b'a' + 10 }))
        .collect()
}

fn number(letters: &str) -> Option<i64> {
    let whole = (1..=15).contains(&letters.len()) && letters.bytes().all(|letter| (b'a'..=b'p').contains(&letter));
    whole.then(|| letters.bytes().fold(0, |number, letter| number << 4 | i64::from(letter - b'a')))
}

/// A page of looks, the newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// The looks.
    pub rows: Vec<AuditRow>,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
}

/// How much of what is found is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Looks.
    pub rows: usize,
    /// People of each look; the others are counted.
    pub people: i64,
}

/// Searches the looks. Sealed with everybody whom the page names.
///
/// # Errors
/// What the database says.
pub fn search(tx: &mut dyn Tx, _permit: &AuditPermit, query: &Query, size: Size) -> Result<Sealed<Page>> {
    let page = page(tx, query, size)?;
    Ok(sealed(page))
}

/// The looks at one person, for the person: nobody else stands in what is found.
///
/// # Errors
/// What the database says.
pub fn own(tx: &mut dyn Tx, permit: &LooksPermit, query: &Query, rows: usize) -> Result<Page> {
    let ids: Vec<Uuid> = permit.ids().collect();
    let query = Query { people: Some(ids), ..query.clone() };
    // Looks through a glass of which the person is not told, because telling would put somebody at risk.
    let withheld = if permit.is_own() { super::glass::withheld(tx, permit)? } else { BTreeSet::new() };
    let mut page = page(tx, &query, Size { rows: rows.saturating_add(withheld.len()), people: 0 })?;
    page.rows.retain(|row| !withheld.contains(&row.seq));
    if page.rows.len() > rows {
        page.rows.truncate(rows);
        page.next = page.rows.last().map(|row| Cursor { at: row.at.as_microsecond(), seq: row.seq });
    }
    for row in &mut page.rows {
        (row.people, row.count) = (vec![permit.person()], 1);
    }
    Ok(page)
}

/// One look by its id, with at most `people` of those it is about.
///
/// # Errors
/// What the database says.
pub fn one(tx: &mut dyn Tx, _permit: &AuditPermit, look: Uuid, people: i64) -> Result<Sealed<Option<AuditRow>>> {
    let Some(mut row) = of_id(tx, look)? else { return Ok(Sealed::new(Vec::new(), None)) };
    row.people = tx.all(&PEOPLE, &[row.seq.into(), people.into()], |row| row.uuid(0))?;
    Ok(Sealed::new(row.people.clone(), Some(row)))
}

/// One look by its id, for the person it is about; `None` where it is about somebody else.
///
/// # Errors
/// What the database says.
pub fn own_one(tx: &mut dyn Tx, permit: &LooksPermit, look: Uuid) -> Result<Option<AuditRow>> {
    let Some(mut row) = of_id(tx, look)? else { return Ok(None) };
    if permit.is_own() && super::glass::withheld(tx, permit)?.contains(&row.seq) {
        return Ok(None);
    }
    let ids: Vec<Uuid> = permit.ids().collect();
    let about = tx.all(&PEOPLE, &[row.seq.into(), i64::MAX.into()], |row| row.uuid(0))?;
    if !about.iter().any(|person| ids.contains(person)) {
        return Ok(None);
    }
    (row.people, row.count) = (vec![permit.person()], 1);
    Ok(Some(row))
}

fn of_id(tx: &mut dyn Tx, look: Uuid) -> Result<Option<AuditRow>> {
    let entries = store::log::stream(tx, look)?;
    let Some(entry) = entries.first() else { return Ok(None) };
    if crate::look::of(entry)?.is_none() {
        return Ok(None);
    }
    tx.first(&ONE, &[entry.seq.into()], read)
}

/// Sealed with everybody who stands in it.
pub(super) fn sealed(page: Page) -> Sealed<Page> {
    Sealed::new(page.rows.iter().flat_map(|row| row.people.iter().copied()).collect(), page)
}

/// The looks that answer a query, the newest first.
pub(super) fn page(tx: &mut dyn Tx, query: &Query, size: Size) -> Result<Page> {
    let mut rows: BTreeMap<std::cmp::Reverse<Cursor>, AuditRow> = BTreeMap::new();
    let most = size.rows.saturating_add(1);
    // One range of an index for each reader or id; the newest of all of them together are the page.
    let readers: Vec<Option<&str>> = match &query.readers {
        None => vec![None],
        Some(readers) => readers.iter().map(|reader| Some(reader.as_str())).collect(),
    };
    let people: Vec<Option<Uuid>> = match &query.people {
        None => vec![None],
        Some(people) => people.iter().copied().map(Some).collect(),
    };
    for person in people {
        for reader in &readers {
            let statement = statement(query, *reader, person, most)?;
            let found = tx.all(&statement.statement(), &statement.params(), read)?;
            rows.extend(
                found
                    .into_iter()
                    .map(|row| (std::cmp::Reverse(Cursor { at: row.at.as_microsecond(), seq: row.seq }), row)),
            );
        }
    }
    let more = rows.len() > size.rows;
    let mut rows: Vec<AuditRow> = rows.into_values().take(size.rows).collect();
    let next = rows.last().filter(|_| more).map(|row| Cursor { at: row.at.as_microsecond(), seq: row.seq });
    if size.people > 0 {
        for row in &mut rows {
            row.people = tx.all(&PEOPLE, &[row.seq.into(), size.people.into()], |row| row.uuid(0))?;
        }
    }
    Ok(Page { rows, next })
}

fn statement(query: &Query, reader: Option<&str>, person: Option<Uuid>, most: usize) -> Result<Composed> {
    let mut sql = Composed::new();
    sql.sql(
        "SELECT a.seq, a.at, a.look, a.reader, a.name, a.role, a.organisation, a.action, a.purpose, a.allowed, a.people,
         a.because FROM audit AS a",
    );
    match person {
        Some(person) => sql.sql(" JOIN look AS l ON l.seq = a.seq WHERE l.person = ").uuid(person),
        None => sql.sql(" WHERE 1 = 1"),
    };
    if let Some(reader) = reader {
        sql.sql(" AND a.reader = ").text_value(reader);
    }
    if let Some(role) = query.role {
        sql.sql(" AND a.role = ").text_value(role.word());
    }
    if let Some(organisation) = &query.organisation {
        sql.sql(" AND a.organisation = ").text_value(organisation);
    }
    if !query.actions.is_empty() {
        sql.sql(" AND (1 = 0");
        for action in &query.actions {
            sql.sql(" OR a.action = ").text_value(word(action)?);
        }
        sql.sql(")");
    }
    if let Some(purpose) = query.purpose {
        sql.sql(" AND a.purpose = ").text_value(word(&purpose)?);
    }
    match query.allowed {
        Some(true) => sql.sql(" AND a.allowed <> 0"),
        Some(false) => sql.sql(" AND a.allowed = 0"),
        None => &mut sql,
    };
    if let Some(from) = query.from {
        sql.sql(" AND a.at >= ").int(from.as_microsecond());
    }
    if let Some(until) = query.until {
        sql.sql(" AND a.at < ").int(until.as_microsecond());
    }
    if let Some(before) = query.before {
        sql.sql(" AND (a.at, a.seq) < (").int(before.at).sql(", ").int(before.seq).sql(")");
    }
    sql.sql(" ORDER BY a.at DESC, a.seq DESC LIMIT ").int(i64::try_from(most).unwrap_or(i64::MAX));
    Ok(sql)
}

fn read(row: &dyn Row) -> Result<AuditRow> {
    Ok(AuditRow {
        seq: row.int(0)?,
        at: row.time(1)?,
        look: row.uuid(2)?,
        reader: row.string(3)?,
        name: row.string(4)?,
        role: Role::from_word(row.text(5)?),
        organisation: row.string(6)?,
        action: serde_json::from_value(row.text(7)?.into()).ok(),
        purpose: serde_json::from_value(row.text(8)?.into()).ok(),
        allowed: row.int(9)? != REFUSED,
        sitting: row.int(9)? == SITTING,
        people: Vec::new(),
        count: row.int(10)?,
        because: row.string(11)?,
    })
}

/// Somebody who has looked, in one role for one organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    /// The id of their sign-in.
    pub reader: String,
    /// Their role.
    pub role: Option<Role>,
    /// Their organisation.
    pub organisation: String,
    /// Their name.
    pub name: String,
}

/// Those who have looked whose id is this word, or whose name has each of its words in it, whatever the case.
///
/// # Errors
/// What the database says.
pub fn readers(tx: &mut dyn Tx, _permit: &AuditPermit, typed: &str) -> Result<Vec<Reader>> {
    let words: Vec<String> = typed.split_whitespace().map(str::to_lowercase).collect();
    let mut found = Vec::new();
    tx.query(&READERS, &[], &mut |row| {
        let (id, name) = (row.text(0)?, row.text(3)?);
        let lower = name.to_lowercase();
        if id == typed.trim() || (!words.is_empty() && words.iter().all(|word| lower.contains(word.as_str()))) {
            found.push(Reader {
                reader: id.to_owned(),
                role: Role::from_word(row.text(1)?),
                organisation: row.string(2)?,
                name: name.to_owned(),
            });
        }
        Ok(())
    })?;
    Ok(found)
}

/// The organisations for which anybody has looked, at most `most`.
///
/// # Errors
/// What the database says.
pub fn organisations(tx: &mut dyn Tx, _permit: &AuditPermit, most: i64) -> Result<Vec<String>> {
    tx.all(&ORGANISATIONS, &[most.into()], |row| row.string(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written_and_nothing_else_is() {
        let cursor = Cursor { at: 1_795_000_000_000_000, seq: 42 };
        assert_eq!(Cursor::from_word(&cursor.word()), Some(cursor));
        assert!(cursor.word().bytes().all(|letter| !letter.is_ascii_digit()), "{}", cursor.word());
        for wrong in ["", "-", "b", "b-", "-b", "1-2", "b-c-d", "q-b", "bbbbbbbbbbbbbbbb-b", "ppppppppppppppp-b"] {
            assert_eq!(Cursor::from_word(wrong), None, "{wrong}");
        }
    }
}
