//! Who reads, by the name they look under, beside whose record it was: readers who share a name or a home with the person they
//! looked at. Reads the hours that `access` counts and the demographics of this crate; shows ids only, and those sealed.

use access::AuditPermit;
use access::pattern::{Kind, Pattern};
use access::views::audit::Reader;
use access::{ReviewPermit, Role};
use store::table::{Index, Table, Type, column, optional};
use store::{Entry, Result, Sql, Tx, View};
use uuid::Uuid;

use crate::interaction::is_api;
use crate::patient::{family_key, given_key};

static READER: Table = Table {
    name: "reader",
    columns: &[
        column("reader", Type::Text),
        column("organisation", Type::Text),
        column("family_key", Type::Text),
        column("given_key", Type::Text),
        optional("own", Type::Uuid),
    ],
    key: &["reader", "organisation", "family_key", "given_key"],
    clustered: true,
    indexes: &[Index {
        name: "reader_name",
        columns: &["family_key", "given_key", "organisation"],
        unique: false,
        only: "",
    }],
};
static TABLES: &[&Table] = &[&READER];

static PUT: Sql = Sql::both(
    "INSERT INTO reader (reader, organisation, family_key, given_key, own) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (reader, organisation, family_key, given_key) DO UPDATE SET own = COALESCE(excluded.own, reader.own)",
);
static OWN_RECORD: Sql = Sql::both(
    "SELECT o.reader, o.role, p.root, min(o.hour), max(o.hour), max(o.last), count(DISTINCT o.hour)
     FROM audit_opened AS o JOIN reader AS r ON r.reader = o.reader JOIN person AS own ON own.id = r.own
     JOIN person AS p ON p.id = o.person AND p.root = own.root
     WHERE o.hour >= $1 GROUP BY o.reader, o.role, p.root ORDER BY 6 DESC, 1, 3 LIMIT $2",
);
static HOUSEHOLD: Sql = Sql::both(
    "SELECT o.reader, o.role, p.root, min(o.hour), max(o.hour), max(o.last), count(DISTINCT o.hour)
     FROM audit_opened AS o JOIN reader AS r ON r.reader = o.reader JOIN person AS own ON own.id = r.own
     JOIN person AS p ON p.id = o.person AND p.root <> own.root
     WHERE o.hour >= $1 AND EXISTS (
       SELECT 1 FROM person AS mine JOIN demographic AS here ON here.person = mine.id
       JOIN demographic AS there ON there.postcode = here.postcode AND there.address = here.address
       JOIN person AS theirs ON theirs.id = there.person
       WHERE mine.root = own.root AND theirs.root = p.root)
     GROUP BY o.reader, o.role, p.root ORDER BY 6 DESC, 1, 3 LIMIT $2",
);
static SAME_NAME: Sql = Sql::both(
    "SELECT o.reader, o.role, p.root, min(o.hour), max(o.hour), max(o.last), count(DISTINCT o.hour)
     FROM audit_opened AS o JOIN person AS p ON p.id = o.person JOIN reader AS r ON r.reader = o.reader
     WHERE o.hour >= $1 AND EXISTS (
       SELECT 1 FROM person AS leaf JOIN demographic AS d ON d.person = leaf.id
       WHERE leaf.root = p.root AND d.family_key = r.family_key)
     GROUP BY o.reader, o.role, p.root ORDER BY 6 DESC, 1, 3 LIMIT $2",
);
static COLLEAGUE: Sql = Sql::both(
    "SELECT o.reader, o.role, p.root, min(o.hour), max(o.hour), max(o.last), count(DISTINCT o.hour)
     FROM audit_opened AS o JOIN person AS p ON p.id = o.person JOIN reader AS r ON r.reader = o.reader
     WHERE o.hour >= $1 AND EXISTS (
       SELECT 1 FROM person AS leaf JOIN demographic AS d ON d.person = leaf.id
       JOIN reader AS c ON c.family_key = d.family_key AND c.given_key = d.given_key AND c.organisation = r.organisation
       WHERE leaf.root = p.root AND c.reader <> o.reader)
     GROUP BY o.reader, o.role, p.root ORDER BY 6 DESC, 1, 3 LIMIT $2",
);
static PATIENT: Sql = Sql::both(
    "SELECT r.id, r.feed, r.source_id FROM demographic AS d JOIN person AS p ON p.id = d.person
     JOIN resource AS r ON r.id = d.id WHERE p.root = $1
     ORDER BY d.nhs_verified DESC, d.as_of DESC, d.arrived DESC, r.id LIMIT 1",
);
static WHOSE: Sql =
    Sql::both("SELECT p.root FROM demographic AS d JOIN person AS p ON p.id = d.person WHERE d.id = $1");

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[&PUT, &OWN_RECORD, &HOUSEHOLD, &SAME_NAME, &COLLEAGUE, &PATIENT, &WHOSE];

/// The most patterns of one kind.
const MOST: i64 = 50;

/// Keeps the names of readers as keys, so that they can be held beside the names of people.
pub struct Readers;

impl View for Readers {
    fn name(&self) -> &'static str {
        "readers"
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn on_event(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
        let Some(event) = access::look::of(entry)? else { return Ok(()) };
        let by = event.by();
        if by.role == Role::Citizen {
            return Ok(());
        }
        let (given, family) = name(&by.name);
        if family.is_empty() {
            return Ok(());
        }
        let own = by.own.into();
        tx.execute(&PUT, &[(&by.id).into(), (&by.organisation).into(), (&family).into(), (&given).into(), own])?;
        Ok(())
    }
}

/// The keys of a name as somebody signs in with it: the first word that is no title, and the last.
fn name(written: &str) -> (String, String) {
    const TITLES: [&str; 12] =
        ["DR", "MR", "MRS", "MS", "MISS", "MX", "PROF", "PROFESSOR", "SISTER", "NURSE", "SIR", "REV"];
    let words: Vec<String> = written.split_whitespace().map(family_key).filter(|word| !word.is_empty()).collect();
    let words: Vec<&String> = words.iter().skip_while(|word| TITLES.contains(&word.as_str())).collect();
    match words.as_slice() {
        [] => Default::default(),
        [only] => (String::new(), (*only).clone()),
        [first, .., last] => (given_key(first), (*last).clone()),
    }
}

/// The patterns of one kind since an hour, with when each was last added to.
pub(crate) fn patterns(
    tx: &mut dyn Tx,
    _permit: &AuditPermit,
    kind: Kind,
    since: i64,
    who: &dyn Fn(&str, Role) -> Reader,
) -> Result<Vec<(Pattern, jiff::Timestamp)>> {
    let sql = match kind {
        Kind::OwnRecord => &OWN_RECORD,
        Kind::Household => &HOUSEHOLD,
        Kind::SameName => &SAME_NAME,
        Kind::Colleague => &COLLEAGUE,
        _ => return Ok(Vec::new()),
    };
    let found = tx.all(sql, &[since.into(), MOST.into()], |row| {
        let Some(role) = Role::from_word(row.text(1)?) else { return Ok(None) };
        let pattern = Pattern {
            kind,
            reader: Some(who(row.text(0)?, role)),
            person: Some(row.uuid(2)?),
            count: row.int(6)?,
            usual: None,
            from: access::pattern::start(row.int(3)?),
            until: access::pattern::start(row.int(4)? + 1),
        };
        Ok(Some((pattern, row.time(5)?)))
    })?;
    Ok(found.into_iter().flatten().collect())
}

/// The id of the Patient by which the API knows somebody (by the root): the one whose source verifies NHS numbers and spoke last.
///
/// # Errors
/// What the database says.
pub fn patient(tx: &mut dyn Tx, root: Uuid) -> Result<Option<String>> {
    tx.first(&PATIENT, &[root.into()], |row| {
        Ok(if is_api(row.text(1)?) { row.string(2)? } else { row.uuid(0)?.hyphenated().to_string() })
    })
}

/// Whom a Patient of the API is about; `None` where there is no such Patient.
///
/// # Errors
/// What the database says.
pub fn whose(tx: &mut dyn Tx, patient: &str) -> Result<Option<Uuid>> {
    tx.first(&WHOSE, &[crate::interaction::row_id("Patient", patient).into()], |row| row.uuid(0))
}

/// The ids of those a review may name, each with its root.
pub(crate) fn roots(tx: &mut dyn Tx, permit: &ReviewPermit) -> Result<Vec<(Uuid, Uuid)>> {
    permit.people().iter().map(|id| Ok((*id, super::person::root(tx, *id)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_its_first_word_that_is_no_title_and_its_last() {
        let of = |written: &str| {
            let (given, family) = name(written);
            format!("{given} {family}")
        };
        assert_eq!(of("Dr Priya Nair"), "PRIYA NAIR");
        assert_eq!(of("Professor Siân de la Cruz"), "SIAN CRUZ");
        assert_eq!(of("Nair"), " NAIR");
        assert_eq!(of("Dr"), " ");
        assert_eq!(of(""), " ");
        assert_eq!(of("Mary O'Neill"), "MARY ONEILL");
    }
}
