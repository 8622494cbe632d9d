//! The rows: what each Patient resource says of who somebody is, in the words that are compared, and by what it is found.

use identity::desk::{Found, found};
use identity::roll::Claim;
use store::{Param, Resource, Result, Row, Sql, Tx};
use uuid::Uuid;

use crate::patient::Demographics;

static PUT: Sql = Sql::both(
    "INSERT INTO linkage_row (id, leaf, restricted, given, surname, sex, birth, nhs, address, postcode, home)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
);
static TAKE: Sql = Sql::both("DELETE FROM linkage_row WHERE id = $1");
static PUT_KEY: Sql = Sql::both("INSERT INTO linkage_key (key, id) VALUES ($1, $2)");
static TAKE_KEY: Sql = Sql::both("DELETE FROM linkage_key WHERE key = $1 AND id = $2");
static ROW_OF: Sql = Sql::both(
    "SELECT r.leaf, p.root, r.restricted, r.given, r.surname, r.sex, r.birth, r.nhs, r.address, r.postcode, r.id
     FROM linkage_row AS r JOIN person AS p ON p.id = r.leaf WHERE r.leaf = $1 ORDER BY r.id LIMIT 1",
);
static NEAR: Sql = Sql::both(
    "SELECT DISTINCT r.leaf, p.root, r.restricted, r.given, r.surname, r.sex, r.birth, r.nhs, r.address, r.postcode, r.id
     FROM linkage_key AS k JOIN linkage_row AS r ON r.id = k.id JOIN person AS p ON p.id = r.leaf
     WHERE k.key IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) ORDER BY r.id LIMIT $18",
);
static ALL: Sql = Sql::both(
    "SELECT r.leaf, p.root, r.restricted, r.given, r.surname, r.sex, r.birth, r.nhs, r.address, r.postcode, r.id
     FROM linkage_row AS r JOIN person AS p ON p.id = r.leaf WHERE r.id > $1 ORDER BY r.id LIMIT $2",
);
static AT_HOME: Sql = Sql::both(
    "SELECT DISTINCT p.root FROM linkage_row AS r JOIN person AS p ON p.id = r.leaf WHERE r.home = $1 ORDER BY 1 LIMIT $2",
);

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[&PUT, &TAKE, &PUT_KEY, &TAKE_KEY, &ROW_OF, &NEAR, &ALL, &AT_HOME];

/// A row as it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) id: Uuid,
    pub(crate) leaf: Uuid,
    pub(crate) root: Uuid,
    pub(crate) restricted: bool,
    pub(crate) given: String,
    pub(crate) surname: String,
    pub(crate) sex: String,
    pub(crate) birth: String,
    pub(crate) nhs: String,
    pub(crate) address: String,
    pub(crate) postcode: String,
}

impl Kept {
    /// Of what a source says; `None` where it names nobody, as of a pseudonym.
    pub(crate) fn of(id: Uuid, leaf: Uuid, words: &Demographics) -> Option<Self> {
        let name = words.name();
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let home = words.address().filter(|_| !words.restricted);
        let row = Self {
            id,
            leaf,
            root: leaf,
            restricted: words.restricted,
            given: text(name.and_then(|name| name.first_given())),
            surname: text(name.and_then(|name| name.family.as_deref())),
            sex: text(words.gender.as_deref()),
            birth: words.birth_date.map(|date| date.to_string()).unwrap_or_default(),
            nhs: words.nhs_number.map(|number| number.as_str().to_owned()).unwrap_or_default(),
            address: home.map(|home| home.lines.join(" ")).unwrap_or_default(),
            postcode: text(home.and_then(|home| home.postcode.as_deref())),
        };
        let named = !row.given.is_empty() || !row.surname.is_empty() || !row.nhs.is_empty();
        named.then_some(row)
    }

    /// As the library reads it; `blind` leaves out where they live.
    pub(crate) fn claim(&self, blind: bool) -> Claim<'_> {
        Claim {
            nhs_number: &self.nhs,
            given_name: &self.given,
            surname: &self.surname,
            sex: &self.sex,
            dob: &self.birth,
            address: &self.address,
            postcode: &self.postcode,
            withheld: blind || self.restricted,
            ..Claim::default()
        }
    }

    /// The home it names, as the weights know it.
    pub(crate) fn home(&self) -> Option<u64> {
        found(&self.claim(false)).home
    }

    /// True where the two say the same of who somebody is.
    pub(crate) fn says_as(&self, other: &Self) -> bool {
        Self { id: self.id, leaf: self.leaf, root: self.root, ..other.clone() } == *self
    }
}

/// Brings the row of a Patient in step with what it says now.
pub(super) fn changed(tx: &mut dyn Tx, before: Option<&Resource>, now: &Resource) -> Result<()> {
    if now.kind != "Patient" {
        return Ok(());
    }
    if let Some(was) = before.map(said).transpose()?.flatten() {
        tx.execute(&TAKE, &[now.id.into()])?;
        for key in found(&was.claim(false)).keys {
            tx.execute(&TAKE_KEY, &[key.cast_signed().into(), now.id.into()])?;
        }
    }
    let Some(is) = said(now)? else { return Ok(()) };
    let Found { keys, home } = found(&is.claim(false));
    tx.execute(
        &PUT,
        &[
            is.id.into(),
            is.leaf.into(),
            is.restricted.into(),
            (&is.given).into(),
            (&is.surname).into(),
            (&is.sex).into(),
            (&is.birth).into(),
            (&is.nhs).into(),
            (&is.address).into(),
            (&is.postcode).into(),
            home.map(u64::cast_signed).into(),
        ],
    )?;
    for key in keys {
        tx.execute(&PUT_KEY, &[key.cast_signed().into(), is.id.into()])?;
    }
    Ok(())
}

fn said(resource: &Resource) -> Result<Option<Kept>> {
    if resource.is_deleted() || resource.person.is_nil() {
        return Ok(None);
    }
    let words = Demographics::from_patient(resource.json()?.as_ref());
    Ok(Kept::of(resource.id, resource.person, &words))
}

fn kept(row: &dyn Row) -> Result<Kept> {
    Ok(Kept {
        leaf: row.uuid(0)?,
        root: row.uuid(1)?,
        restricted: row.int(2)? != 0,
        given: row.string(3)?,
        surname: row.string(4)?,
        sex: row.string(5)?,
        birth: row.string(6)?,
        nhs: row.string(7)?,
        address: row.string(8)?,
        postcode: row.string(9)?,
        id: row.uuid(10)?,
    })
}

/// What is compared of a leaf.
pub(crate) fn row_of(tx: &mut dyn Tx, leaf: Uuid) -> Result<Option<Kept>> {
    tx.first(&ROW_OF, &[leaf.into()], kept)
}

/// Every row that shares one of these keys, at most `most`.
pub(crate) fn near(tx: &mut dyn Tx, keys: &[u64], most: i64) -> Result<Vec<Kept>> {
    let Some(first) = keys.first() else { return Ok(Vec::new()) };
    let mut params: Vec<Param<'_>> = keys.iter().map(|key| key.cast_signed().into()).collect();
    params.resize(identity::blocking::MOST_STABLE_KEYS, first.cast_signed().into());
    params.push(most.into());
    tx.all(&NEAR, &params, kept)
}

/// Some rows in order of their ids, after one.
pub(crate) fn after(tx: &mut dyn Tx, id: Uuid, most: i64) -> Result<Vec<Kept>> {
    tx.all(&ALL, &[id.into(), most.into()], kept)
}

/// The people of a home, in order of their ids, at most `most`.
pub(crate) fn at_home(tx: &mut dyn Tx, home: u64, most: i64) -> Result<Vec<Uuid>> {
    tx.all(&AT_HOME, &[home.cast_signed().into(), most.into()], |row| row.uuid(0))
}
