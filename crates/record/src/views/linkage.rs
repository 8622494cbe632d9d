//! What the weights work on: for each Patient resource the words that are compared and the keys it is found by; what stewards
//! decided; which learning is in force; and the pairs that wait for somebody. Of somebody whose details are withheld no address
//! stands in any of it.

use identity::roll::Claim;
use store::table::{Index, Table, Type, column, optional};
use store::{Aggregate, Entry, Param, Resource, Result, Row, Sql, Tx, View, aggregate};
use uuid::Uuid;

use super::person::root;
use crate::patient::Demographics;
use crate::person::Weights;
use crate::person::learning::{Event as Learnt, Learning};
use crate::person::pair::{Event, Pair, Verdict, Why};

static ROW: Table = Table {
    name: "linkage_row",
    columns: &[
        column("id", Type::Uuid),
        column("leaf", Type::Uuid),
        column("restricted", Type::Int),
        column("given", Type::Text),
        column("surname", Type::Text),
        column("sex", Type::Text),
        column("birth", Type::Text),
        column("nhs", Type::Text),
        column("address", Type::Text),
        column("postcode", Type::Text),
    ],
    key: &["id"],
    clustered: true,
    indexes: &[Index { name: "linkage_row_leaf", columns: &["leaf", "id"], unique: false, only: "" }],
};
static KEY: Table = Table {
    name: "linkage_key",
    columns: &[column("key", Type::Int), column("id", Type::Uuid)],
    key: &["key", "id"],
    clustered: true,
    indexes: &[],
};
static WORD: Table = Table {
    name: "linkage_word",
    columns: &[
        column("one", Type::Uuid),
        column("other", Type::Uuid),
        column("pair", Type::Uuid),
        column("word", Type::Text),
    ],
    key: &["one", "other", "pair"],
    clustered: true,
    indexes: &[Index { name: "linkage_word_pair", columns: &["pair"], unique: false, only: "" }],
};
static MODEL: Table = Table {
    name: "linkage_model",
    columns: &[
        column("version", Type::Int),
        column("blob", Type::Text),
        column("rows_learnt", Type::Int),
        column("at", Type::Int),
    ],
    key: &["version"],
    clustered: true,
    indexes: &[],
};
static PAIR: Table = Table {
    name: "linkage_pair",
    columns: &[
        column("id", Type::Uuid),
        column("one", Type::Uuid),
        column("other", Type::Uuid),
        column("why", Type::Text),
        column("odds", Type::Int),
        column("weights", Type::Text),
        column("state", Type::Text),
        column("raised", Type::Int),
        optional("verdict", Type::Text),
        optional("by_reader", Type::Text),
        optional("first_reader", Type::Text),
        optional("note", Type::Text),
        optional("at", Type::Int),
    ],
    key: &["id"],
    clustered: true,
    indexes: &[
        Index { name: "linkage_pair_state", columns: &["state", "id"], unique: false, only: "" },
        Index { name: "linkage_pair_one", columns: &["one"], unique: false, only: "" },
        Index { name: "linkage_pair_other", columns: &["other"], unique: false, only: "" },
    ],
};
static TABLES: &[&Table] = &[&ROW, &KEY, &WORD, &MODEL, &PAIR];

static PUT: Sql = Sql::both(
    "INSERT INTO linkage_row (id, leaf, restricted, given, surname, sex, birth, nhs, address, postcode)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
);
static TAKE: Sql = Sql::both("DELETE FROM linkage_row WHERE id = $1");
static PUT_KEY: Sql = Sql::both("INSERT INTO linkage_key (key, id) VALUES ($1, $2)");
static TAKE_KEY: Sql = Sql::both("DELETE FROM linkage_key WHERE key = $1 AND id = $2");
static PUT_WORD: Sql = Sql::both(
    "INSERT INTO linkage_word (one, other, pair, word) VALUES ($1, $2, $3, $4)
     ON CONFLICT (one, other, pair) DO UPDATE SET word = excluded.word",
);
static TAKE_WORD: Sql = Sql::both("DELETE FROM linkage_word WHERE pair = $1");
static PUT_MODEL: Sql = Sql::both("INSERT INTO linkage_model (version, blob, rows_learnt, at) VALUES ($1, $2, $3, $4)");
static PUT_PAIR: Sql = Sql::both(
    "INSERT INTO linkage_pair (id, one, other, why, odds, weights, state, raised, verdict, by_reader, first_reader, note, at)
     VALUES ($1, $2, $3, $4, $5, $6, 'open', $7, NULL, NULL, NULL, NULL, NULL)",
);
static CHANGE_PAIR: Sql = Sql::both(
    "UPDATE linkage_pair SET state = $2, verdict = $3, by_reader = $4, first_reader = $5, note = $6, at = $7 WHERE id = $1",
);
static REWEIGH_PAIR: Sql = Sql::both("UPDATE linkage_pair SET odds = $2, weights = $3 WHERE id = $1");
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
static WORDS: Sql = Sql::both("SELECT other, word FROM linkage_word WHERE one = $1 ORDER BY other, pair");
static KEPT_APART: Sql = Sql::both(
    "SELECT 1 FROM person AS a JOIN linkage_word AS w ON w.one = a.id JOIN person AS b ON b.id = w.other
     WHERE a.root = $1 AND b.root = $2 AND w.word = 'not-same' LIMIT 1",
);
static SAID_OF: Sql = Sql::both(
    "SELECT 1 FROM person AS a JOIN linkage_word AS w ON w.one = a.id JOIN person AS b ON b.id = w.other
     WHERE a.root = $1 AND b.root = $2 LIMIT 1",
);
static IN_FORCE: Sql = Sql::both("SELECT version, blob FROM linkage_model ORDER BY version DESC LIMIT 1");
static OPEN: Sql = Sql::both(
    "SELECT q.id, q.one, q.other, q.why, q.odds, q.weights, q.state, q.raised, q.verdict, q.by_reader, q.first_reader, q.note,
     q.at, a.root, b.root FROM linkage_pair AS q JOIN person AS a ON a.id = q.one JOIN person AS b ON b.id = q.other
     WHERE q.state = $1 AND a.root <> b.root ORDER BY q.id LIMIT $2",
);
static DECIDED: Sql = Sql::both(
    "SELECT q.id, q.one, q.other, q.why, q.odds, q.weights, q.state, q.raised, q.verdict, q.by_reader, q.first_reader, q.note,
     q.at, a.root, b.root FROM linkage_pair AS q JOIN person AS a ON a.id = q.one JOIN person AS b ON b.id = q.other
     WHERE q.state = 'decided' ORDER BY q.at DESC, q.id LIMIT $1",
);
static ONE: Sql = Sql::both(
    "SELECT q.id, q.one, q.other, q.why, q.odds, q.weights, q.state, q.raised, q.verdict, q.by_reader, q.first_reader, q.note,
     q.at, a.root, b.root FROM linkage_pair AS q JOIN person AS a ON a.id = q.one JOIN person AS b ON b.id = q.other
     WHERE q.id = $1",
);
static BANDS: Sql = Sql::both(
    "SELECT CAST(CASE WHEN odds < -100 THEN 0 WHEN odds < 0 THEN 1 WHEN odds < 332 THEN 2 WHEN odds < 664 THEN 3 ELSE 4 END AS BIGINT),
     sum(CASE WHEN verdict = 'same' THEN 1 ELSE 0 END), sum(CASE WHEN verdict = 'not-same' THEN 1 ELSE 0 END)
     FROM linkage_pair WHERE state = 'decided' AND verdict <> 'not-sure' GROUP BY 1 ORDER BY 1",
);
static WEIGHT_OF: Sql = Sql::both(
    "SELECT count(*), sum(CASE WHEN f.kind IN ('allergy', 'alert') THEN 1 ELSE 0 END)
     FROM person AS p JOIN fact AS f ON f.person = p.id WHERE p.root = $1",
);

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[
    &PUT,
    &TAKE,
    &PUT_KEY,
    &TAKE_KEY,
    &PUT_WORD,
    &TAKE_WORD,
    &PUT_MODEL,
    &PUT_PAIR,
    &CHANGE_PAIR,
    &REWEIGH_PAIR,
    &ROW_OF,
    &NEAR,
    &ALL,
    &WORDS,
    &KEPT_APART,
    &SAID_OF,
    &IN_FORCE,
    &OPEN,
    &DECIDED,
    &ONE,
    &BANDS,
    &WEIGHT_OF,
];

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

    /// True where the two say the same of who somebody is.
    pub(crate) fn says_as(&self, other: &Self) -> bool {
        Self { id: self.id, leaf: self.leaf, root: self.root, ..other.clone() } == *self
    }
}

/// Keeps the tables of linkage.
pub struct Linkage;

/// Raised when the same words would give other rows.
const VERSION: u32 = 1;

impl View for Linkage {
    fn name(&self) -> &'static str {
        "linkage"
    }

    fn version(&self) -> u32 {
        VERSION * 1_000 + identity::blocking::STABLE_KEYS
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn keeps(&self, entry: &Entry) -> Result<Vec<[u8; 32]>> {
        if entry.kind != Learning::KIND {
            return Ok(Vec::new());
        }
        let Learnt::Adopted { blob, .. } = aggregate::read::<Learning>(entry)?;
        Ok(vec![hash(&blob)?])
    }

    fn on_event(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
        match entry.kind.as_str() {
            Learning::KIND => {
                let Learnt::Adopted { version, blob, rows } = aggregate::read::<Learning>(entry)?;
                let at = entry.at.as_microsecond();
                tx.execute(&PUT_MODEL, &[i64::from(version).into(), (&blob).into(), i64::from(rows).into(), at.into()])
                    .map(|_| ())
            }
            Pair::KIND => pair(tx, entry),
            _ => Ok(()),
        }
    }

    fn on_resource(&self, tx: &mut dyn Tx, before: Option<&Resource>, now: &Resource) -> Result<()> {
        if now.kind != "Patient" {
            return Ok(());
        }
        if let Some(was) = before.map(said).transpose()?.flatten() {
            tx.execute(&TAKE, &[now.id.into()])?;
            for key in identity::desk::keys(&was.claim(false)) {
                tx.execute(&TAKE_KEY, &[key.cast_signed().into(), now.id.into()])?;
            }
        }
        let Some(is) = said(now)? else { return Ok(()) };
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
            ],
        )?;
        for key in identity::desk::keys(&is.claim(false)) {
            tx.execute(&PUT_KEY, &[key.cast_signed().into(), is.id.into()])?;
        }
        Ok(())
    }
}

fn said(resource: &Resource) -> Result<Option<Kept>> {
    if resource.is_deleted() || resource.person.is_nil() {
        return Ok(None);
    }
    let words = Demographics::from_patient(resource.json()?.as_ref());
    Ok(Kept::of(resource.id, resource.person, &words))
}

fn pair(tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
    let (id, at) = (entry.stream, entry.at.as_microsecond());
    let change = |tx: &mut dyn Tx, state: &str, row: [Option<&str>; 4], at: Option<i64>| {
        let [verdict, by, first, note] = row;
        let params = [id.into(), state.into(), verdict.into(), by.into(), first.into(), note.into(), at.into()];
        tx.execute(&CHANGE_PAIR, &params).map(|_| ())
    };
    match aggregate::read::<Pair>(entry)? {
        Event::Raised { why, weights } => {
            let odds = i64::from(weights.odds);
            let text = written(&weights)?;
            let params = [
                id.into(),
                weights.one.into(),
                weights.other.into(),
                why.word().into(),
                odds.into(),
                (&text).into(),
                at.into(),
            ];
            tx.execute(&PUT_PAIR, &params).map(|_| ())
        }
        Event::Proposed { by, note, weights, .. } => {
            tx.execute(&REWEIGH_PAIR, &[id.into(), i64::from(weights.odds).into(), (&written(&weights)?).into()])?;
            change(tx, "proposed", [None, None, Some(&by), Some(&note)], Some(at))
        }
        Event::Decided { verdict, by, first, note, weights, mut pairs, .. } => {
            pairs.push((weights.one, weights.other));
            for (one, other) in pairs.iter().copied().chain(pairs.iter().map(|(one, other)| (*other, *one))) {
                tx.execute(&PUT_WORD, &[one.into(), other.into(), id.into(), verdict.word().into()])?;
            }
            tx.execute(&REWEIGH_PAIR, &[id.into(), i64::from(weights.odds).into(), (&written(&weights)?).into()])?;
            change(tx, "decided", [Some(verdict.word()), Some(&by), first.as_deref(), Some(&note)], Some(at))
        }
        Event::Undone { .. } => {
            tx.execute(&TAKE_WORD, &[id.into()])?;
            change(tx, "open", [None; 4], None)
        }
    }
}

fn written(weights: &Weights) -> Result<String> {
    serde_json::to_string(weights)
        .map_err(|error| store::Error::Corrupt(format!("weights cannot be written ({error})")))
}

fn hash(hex: &str) -> Result<[u8; 32]> {
    let digit = |at: usize| hex.get(at * 2..at * 2 + 2).and_then(|two| u8::from_str_radix(two, 16).ok());
    let mut bytes = [0; 32];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = digit(at).ok_or_else(|| store::Error::Corrupt("a learning's blob has no hash".to_owned()))?;
    }
    Ok(bytes)
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

/// What stewards said of a leaf and others.
pub(crate) fn words(tx: &mut dyn Tx, leaf: Uuid) -> Result<Vec<(Uuid, Verdict)>> {
    tx.all(&WORDS, &[leaf.into()], |row| {
        let word = row.text(1)?;
        let verdict = Verdict::from_word(word);
        Ok((row.uuid(0)?, verdict.ok_or_else(|| store::Error::Corrupt(format!("there is no verdict {word}")))?))
    })
}

/// Whether a steward keeps the people of two leaves apart.
pub(crate) fn kept_apart(tx: &mut dyn Tx, one: Uuid, other: Uuid) -> Result<bool> {
    let roots = [root(tx, one)?, root(tx, other)?];
    Ok(tx.first(&KEPT_APART, &[roots[0].into(), roots[1].into()], |_| Ok(()))?.is_some())
}

/// Whether a steward has said anything of these two people.
pub(crate) fn said_of(tx: &mut dyn Tx, one: Uuid, other: Uuid) -> Result<bool> {
    Ok(tx.first(&SAID_OF, &[one.into(), other.into()], |_| Ok(()))?.is_some())
}

/// The learning in force: its number and its blob.
pub(crate) fn in_force(tx: &mut dyn Tx) -> Result<Option<(u32, [u8; 32])>> {
    let found = tx.first(&IN_FORCE, &[], |row| Ok((row.int(0)?, row.string(1)?)))?;
    found.map(|(version, blob)| Ok((u32::try_from(version).unwrap_or_default(), hash(&blob)?))).transpose()
}

/// A pair as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) id: Uuid,
    pub(crate) one: Uuid,
    pub(crate) other: Uuid,
    pub(crate) why: Why,
    pub(crate) weights: Weights,
    pub(crate) state: String,
    pub(crate) verdict: Option<Verdict>,
    pub(crate) by: Option<String>,
    pub(crate) first: Option<String>,
    pub(crate) note: Option<String>,
    pub(crate) at: Option<i64>,
    pub(crate) roots: [Uuid; 2],
}

fn standing(row: &dyn Row) -> Result<Standing> {
    let why = row.text(3)?;
    let why = Why::from_word(why).ok_or_else(|| store::Error::Corrupt(format!("there is no reason {why}")))?;
    let weights = serde_json::from_str(row.text(5)?)
        .map_err(|error| store::Error::Corrupt(format!("weights cannot be read ({error})")))?;
    Ok(Standing {
        id: row.uuid(0)?,
        one: row.uuid(1)?,
        other: row.uuid(2)?,
        why,
        weights,
        state: row.string(6)?,
        verdict: row.string_or_null(8)?.as_deref().and_then(Verdict::from_word),
        by: row.string_or_null(9)?,
        first: row.string_or_null(10)?,
        note: row.string_or_null(11)?,
        at: row.int_or_null(12)?,
        roots: [row.uuid(13)?, row.uuid(14)?],
    })
}

/// The pairs in a state whose records are two people now.
pub(crate) fn in_state(tx: &mut dyn Tx, state: &str, most: i64) -> Result<Vec<Standing>> {
    tx.all(&OPEN, &[state.into(), most.into()], standing)
}

/// The last decisions.
pub(crate) fn decided(tx: &mut dyn Tx, most: i64) -> Result<Vec<Standing>> {
    tx.all(&DECIDED, &[most.into()], standing)
}

/// One pair.
pub(crate) fn one(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Standing>> {
    tx.first(&ONE, &[id.into()], standing)
}

/// How stewards decided, by band of odds: the band, how many were the same, how many were not.
pub(crate) fn bands(tx: &mut dyn Tx) -> Result<Vec<(i64, i64, i64)>> {
    tx.all(&BANDS, &[], |row| Ok((row.int(0)?, row.int(1)?, row.int(2)?)))
}

/// How many entries a person's record has, and how many of them are allergies and alerts.
pub(crate) fn weight_of(tx: &mut dyn Tx, root: Uuid) -> Result<(i64, i64)> {
    let found =
        tx.first(&WEIGHT_OF, &[root.into()], |row| Ok((row.int(0)?, row.int_or_null(1)?.unwrap_or_default())))?;
    Ok(found.unwrap_or_default())
}
