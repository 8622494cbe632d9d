//! Who each source says its people are: one row a Patient resource, with the keys the person index and the search use.

use place::NhsNumber;
use serde_json::Value;
use store::table::{Index, Table, Type, column, optional};
use store::{Param, Resource, Result, Row, Sql, Tx, View};
use uuid::Uuid;

use crate::patient::{Demographics, NhsNumberStatus, address_key, family_key, given_key};

static DEMOGRAPHIC: Table = Table {
    name: "demographic",
    columns: &[
        column("id", Type::Uuid),
        column("person", Type::Uuid),
        column("feed", Type::Text),
        optional("nhs_number", Type::Text),
        column("nhs_verified", Type::Int),
        optional("family_key", Type::Text),
        optional("given_key", Type::Text),
        optional("birth_date", Type::Text),
        optional("sex", Type::Text),
        optional("postcode", Type::Text),
        optional("practice", Type::Text),
        optional("address", Type::Text),
        column("restricted", Type::Int),
        column("as_of", Type::Int),
        column("arrived", Type::Int),
    ],
    key: &["id"],
    clustered: true,
    indexes: &[
        Index { name: "demographic_person", columns: &["person"], unique: false, only: "" },
        Index { name: "demographic_nhs", columns: &["nhs_number"], unique: false, only: "nhs_number IS NOT NULL" },
        Index {
            name: "demographic_name",
            columns: &["family_key", "given_key", "birth_date"],
            unique: false,
            only: "",
        },
        Index { name: "demographic_given", columns: &["given_key", "family_key"], unique: false, only: "" },
        Index { name: "demographic_birth", columns: &["birth_date", "family_key"], unique: false, only: "" },
    ],
};
static TABLES: &[&Table] = &[&DEMOGRAPHIC];

static PUT: Sql = Sql::both(
    "INSERT INTO demographic (id, person, feed, nhs_number, nhs_verified, family_key, given_key, birth_date, sex, postcode,
     practice, address, restricted, as_of, arrived)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
);
static TAKE: Sql = Sql::both("DELETE FROM demographic WHERE id = $1");
static BY_NUMBER: Sql = Sql::both(
    "SELECT person, nhs_number, family_key, given_key, birth_date, sex, postcode, feed FROM demographic
     WHERE nhs_number = $1 ORDER BY arrived, id",
);
static BY_NAME: Sql = Sql::both(
    "SELECT person, nhs_number, family_key, given_key, birth_date, sex, postcode, feed FROM demographic
     WHERE family_key = $1 AND given_key = $2 AND birth_date = $3 ORDER BY arrived, id",
);
static PLACED: Sql = Sql::both(
    "SELECT d.practice, d.postcode, d.address, d.restricted FROM demographic AS d JOIN person AS p ON p.id = d.person
     WHERE p.root = $1 AND (d.family_key IS NOT NULL OR d.nhs_number IS NOT NULL)
     ORDER BY d.nhs_verified DESC, d.as_of DESC, d.arrived DESC, d.feed DESC, d.id DESC",
);
static NUMBERS: Sql = Sql::both(
    "SELECT DISTINCT d.nhs_number FROM demographic AS d JOIN person AS p ON p.id = d.person
     WHERE p.root = $1 AND d.nhs_number IS NOT NULL",
);
static PATIENTS: Sql = Sql::both(
    "SELECT r.feed, r.as_of, r.arrived, r.body, d.nhs_verified FROM demographic AS d
     JOIN person AS p ON p.id = d.person JOIN resource AS r ON r.id = d.id
     WHERE p.root = $1 ORDER BY r.feed, r.id",
);
static PATIENTS_OF_LEAF: Sql = Sql::both(
    "SELECT r.feed, r.as_of, r.arrived, r.body, d.nhs_verified FROM demographic AS d JOIN resource AS r ON r.id = d.id
     WHERE d.person = $1 ORDER BY r.feed, r.id",
);
static FIND_NUMBER: Sql = Sql::both(
    "SELECT DISTINCT p.root FROM demographic AS d JOIN person AS p ON p.id = d.person WHERE d.nhs_number = $1 LIMIT $2",
);
static FIND_NAME: Sql = Sql::both(
    "SELECT DISTINCT p.root FROM demographic AS d JOIN person AS p ON p.id = d.person
     WHERE d.family_key >= $1 AND d.family_key < $2 AND d.given_key >= $3 AND d.given_key < $4
     AND ($5 = '' OR d.birth_date = $5) LIMIT $6",
);
static FIND_FAMILY: Sql = Sql::both(
    "SELECT DISTINCT p.root FROM demographic AS d JOIN person AS p ON p.id = d.person
     WHERE d.family_key >= $1 AND d.family_key < $2 AND ($3 = '' OR d.birth_date = $3) LIMIT $4",
);
static FIND_GIVEN: Sql = Sql::both(
    "SELECT DISTINCT p.root FROM demographic AS d JOIN person AS p ON p.id = d.person
     WHERE d.given_key >= $1 AND d.given_key < $2 AND ($3 = '' OR d.birth_date = $3) LIMIT $4",
);
static FIND_BIRTH: Sql = Sql::both(
    "SELECT DISTINCT p.root FROM demographic AS d JOIN person AS p ON p.id = d.person WHERE d.birth_date = $1 LIMIT $2",
);

static WITHHELD: Sql = Sql::both(
    "SELECT 1 FROM person AS p JOIN demographic AS d ON d.person = p.id WHERE p.root = $1 AND d.restricted <> 0 LIMIT 1",
);
static WITHHELD_SAID: Sql = Sql::both(
    "SELECT DISTINCT e.nhs_number, e.family_key, e.birth_date FROM demographic AS d JOIN person AS p ON p.id = d.person
     JOIN person AS l ON l.root = p.root JOIN demographic AS e ON e.person = l.id WHERE d.restricted <> 0",
);
static WITHHELD_LOCAL: Sql = Sql::both(
    "SELECT DISTINCT i.local FROM demographic AS d JOIN person AS p ON p.id = d.person
     JOIN person AS l ON l.root = p.root JOIN person_identity AS i ON i.person = l.id WHERE d.restricted <> 0 AND i.feed = $1",
);
static RELATED: Sql = Sql::both(
    "SELECT r.id FROM person AS p JOIN resource AS r ON r.person = p.id WHERE p.root = $1 AND r.type = 'RelatedPerson'",
);

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[
    &PUT,
    &TAKE,
    &BY_NUMBER,
    &BY_NAME,
    &PLACED,
    &NUMBERS,
    &PATIENTS,
    &PATIENTS_OF_LEAF,
    &FIND_NUMBER,
    &FIND_NAME,
    &FIND_FAMILY,
    &FIND_GIVEN,
    &FIND_BIRTH,
    &WITHHELD,
    &WITHHELD_SAID,
    &WITHHELD_LOCAL,
    &RELATED,
];

/// Keeps the table of demographics.
pub struct DemographicView;

impl View for DemographicView {
    fn name(&self) -> &'static str {
        "demographics"
    }

    fn version(&self) -> u32 {
        2
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn on_resource(&self, tx: &mut dyn Tx, before: Option<&Resource>, now: &Resource) -> Result<()> {
        if now.kind != "Patient" {
            return Ok(());
        }
        if before.is_some() {
            tx.execute(&TAKE, &[now.id.into()])?;
        }
        if now.is_deleted() {
            return Ok(());
        }
        let demographics = Demographics::from_patient(now.json()?.as_ref());
        let known = Known::claimed(now.person, &now.feed, &demographics);
        let verified = demographics.nhs_number_status == NhsNumberStatus::Verified;
        tx.execute(
            &PUT,
            &[
                now.id.into(),
                now.person.into(),
                (&now.feed).into(),
                known.nhs_number.as_ref().into(),
                verified.into(),
                known.family_key.as_ref().into(),
                known.given_key.as_ref().into(),
                known.birth_date.as_ref().into(),
                known.sex.as_ref().into(),
                known.postcode.as_ref().into(),
                demographics.practice_ods.as_ref().into(),
                demographics.address().and_then(|address| address_key(&address.lines)).as_ref().into(),
                demographics.restricted.into(),
                now.as_of.as_microsecond().into(),
                now.arrived.as_microsecond().into(),
            ],
        )?;
        Ok(())
    }
}

/// What the index knows of one leaf, in comparable form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) person: Uuid,
    pub(crate) feed: String,
    pub(crate) nhs_number: Option<String>,
    pub(crate) family_key: Option<String>,
    pub(crate) given_key: Option<String>,
    pub(crate) birth_date: Option<String>,
    pub(crate) sex: Option<String>,
    pub(crate) postcode: Option<String>,
}

impl Known {
    pub(crate) fn claimed(person: Uuid, feed: &str, demographics: &Demographics) -> Self {
        let name = demographics.name();
        let filled = |text: String| if text.is_empty() { None } else { Some(text) };
        Self {
            person,
            feed: feed.to_owned(),
            nhs_number: demographics.nhs_number.map(|number| number.as_str().to_owned()),
            family_key: name.and_then(|name| name.family.as_deref()).map(family_key).and_then(filled),
            given_key: name.and_then(|name| name.first_given()).map(given_key).and_then(filled),
            birth_date: demographics.birth_date.map(|date| date.to_string()),
            sex: demographics.gender.clone().filter(|sex| sex != "unknown"),
            postcode: demographics.address().and_then(|address| address.postcode.clone()),
        }
    }
}

fn known(row: &dyn Row) -> Result<Known> {
    Ok(Known {
        person: row.uuid(0)?,
        nhs_number: row.string_or_null(1)?,
        family_key: row.string_or_null(2)?,
        given_key: row.string_or_null(3)?,
        birth_date: row.string_or_null(4)?,
        sex: row.string_or_null(5)?,
        postcode: row.string_or_null(6)?,
        feed: row.string(7)?,
    })
}

pub(crate) fn with_nhs_number(tx: &mut dyn Tx, number: &str) -> Result<Vec<Known>> {
    tx.all(&BY_NUMBER, &[number.into()], known)
}

pub(crate) fn with_name_and_birth(tx: &mut dyn Tx, family: &str, given: &str, birth: &str) -> Result<Vec<Known>> {
    tx.all(&BY_NAME, &[family.into(), given.into(), birth.into()], known)
}

pub(crate) fn nhs_numbers_of(tx: &mut dyn Tx, root: Uuid) -> Result<Vec<String>> {
    tx.all(&NUMBERS, &[root.into()], |row| row.string(0))
}

/// Where a person belongs, in comparable form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Placed {
    /// ODS code of the practice; empty where none is known.
    pub(crate) practice: String,
    /// Postcode; empty where none is known, or where any source asks for the address not to be shown.
    pub(crate) postcode: String,
    /// The address's key; empty likewise.
    pub(crate) address: String,
}

/// Where a person belongs, in the words of the source that `identity` chooses; `None` where no source says who this is.
/// A pseudonym has neither name nor number and belongs on nobody's list.
pub(crate) fn placed(tx: &mut dyn Tx, root: Uuid) -> Result<Option<Placed>> {
    let all = tx.all(&PLACED, &[root.into()], |row| {
        let text = |index| Ok::<_, store::Error>(row.string_or_null(index)?.unwrap_or_default());
        Ok((Placed { practice: text(0)?, postcode: text(1)?, address: text(2)? }, row.int(3)? != 0))
    })?;
    // One source asking for silence is enough, as everywhere.
    let restricted = all.iter().any(|(_, restricted)| *restricted);
    Ok(all.into_iter().next().map(|(placed, _)| match restricted {
        true => Placed { practice: placed.practice, ..Placed::default() },
        false => placed,
    }))
}

/// Whether any source asks that where this person lives and how they are reached be told to nobody.
pub(crate) fn is_withheld(tx: &mut dyn Tx, root: Uuid) -> Result<bool> {
    if root.is_nil() {
        return Ok(false);
    }
    Ok(tx.first(&WITHHELD, &[root.into()], |_| Ok(()))?.is_some())
}

/// By what somebody whose details are withheld can be told in words.
pub(crate) struct Telling {
    pub(crate) nhs_number: Option<String>,
    pub(crate) family_key: Option<String>,
    pub(crate) birth_date: Option<String>,
}

/// By what everybody whose details are withheld can be told: as their sources say, and by a feed's own ids of them.
pub(crate) fn withheld(tx: &mut dyn Tx, feed: &str) -> Result<(Vec<Telling>, Vec<String>)> {
    let said = tx.all(&WITHHELD_SAID, &[], |row| {
        Ok(Telling {
            nhs_number: row.string_or_null(0)?,
            family_key: row.string_or_null(1)?,
            birth_date: row.string_or_null(2)?,
        })
    })?;
    Ok((said, tx.all(&WITHHELD_LOCAL, &[feed.into()], |row| row.string(0))?))
}

/// The RelatedPerson resources of a person: of somebody whose details are withheld they are shown to nobody.
pub(crate) fn related(tx: &mut dyn Tx, root: Uuid) -> Result<Vec<Uuid>> {
    tx.all(&RELATED, &[root.into()], |row| row.uuid(0))
}

/// What one source says of who a person is.
#[derive(Debug, Clone)]
pub struct Stated {
    /// The feed.
    pub feed: String,
    /// The source's time for it.
    pub as_of: jiff::Timestamp,
    /// When it arrived.
    pub arrived: jiff::Timestamp,
    /// What it says.
    pub demographics: Demographics,
}

/// Every source's words on who a person is.
pub(crate) fn stated(tx: &mut dyn Tx, root: Uuid) -> Result<Vec<Stated>> {
    said(tx, &PATIENTS, root)
}

/// The words of one feed's own person.
pub(crate) fn stated_by(tx: &mut dyn Tx, leaf: Uuid) -> Result<Vec<Stated>> {
    said(tx, &PATIENTS_OF_LEAF, leaf)
}

fn said(tx: &mut dyn Tx, sql: &'static Sql, of: Uuid) -> Result<Vec<Stated>> {
    tx.all(sql, &[of.into()], |row| {
        let patient: Value = serde_json::from_str(row.text(3)?)
            .map_err(|error| store::Error::Corrupt(format!("a Patient is not JSON ({error})")))?;
        Ok(Stated {
            feed: row.string(0)?,
            as_of: row.time(1)?,
            arrived: row.time(2)?,
            demographics: Demographics::from_patient(&patient),
        })
    })
}

/// The first text after every text that begins with `prefix`.
fn after(prefix: &str) -> String {
    format!("{prefix}\u{10FFFF}")
}

/// People by NHS number.
pub(crate) fn find_number(tx: &mut dyn Tx, number: NhsNumber, most: i64) -> Result<Vec<Uuid>> {
    tx.all(&FIND_NUMBER, &[number.as_str().into(), most.into()], |row| row.uuid(0))
}

/// People whose family name begins with one key and whose given name begins with the other; an empty key is no condition.
/// `birth` is `YYYY-MM-DD` or empty.
pub(crate) fn find_name(tx: &mut dyn Tx, family: &str, given: &str, birth: &str, most: i64) -> Result<Vec<Uuid>> {
    let (family_end, given_end) = (after(family), after(given));
    let (sql, params): (&Sql, Vec<Param<'_>>) = match (family.is_empty(), given.is_empty()) {
        (false, false) => (
            &FIND_NAME,
            vec![family.into(), (&family_end).into(), given.into(), (&given_end).into(), birth.into(), most.into()],
        ),
        (false, true) => (&FIND_FAMILY, vec![family.into(), (&family_end).into(), birth.into(), most.into()]),
        (true, false) => (&FIND_GIVEN, vec![given.into(), (&given_end).into(), birth.into(), most.into()]),
        (true, true) if !birth.is_empty() => (&FIND_BIRTH, vec![birth.into(), most.into()]),
        (true, true) => return Ok(Vec::new()),
    };
    tx.all(sql, &params, |row| row.uuid(0))
}
