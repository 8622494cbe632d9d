//! The pairs that wait for somebody, and what stewards said of them.

use store::{Entry, Result, Row, Sql, Tx, aggregate};
use uuid::Uuid;

use crate::person::Weights;
use crate::person::pair::{Event, Pair, Verdict, Why};
use crate::views::person::root;

static PUT_WORD: Sql = Sql::both(
    "INSERT INTO linkage_word (one, other, pair, word) VALUES ($1, $2, $3, $4)
     ON CONFLICT (one, other, pair) DO UPDATE SET word = excluded.word",
);
static TAKE_WORD: Sql = Sql::both("DELETE FROM linkage_word WHERE pair = $1");
static PUT_PAIR: Sql = Sql::both(
    "INSERT INTO linkage_pair (id, one, other, why, odds, weights, state, raised, verdict, by_reader, first_reader, note, at)
     VALUES ($1, $2, $3, $4, $5, $6, 'open', $7, NULL, NULL, NULL, NULL, NULL)",
);
static CHANGE_PAIR: Sql = Sql::both(
    "UPDATE linkage_pair SET state = $2, verdict = $3, by_reader = $4, first_reader = $5, note = $6, at = $7 WHERE id = $1",
);
static REWEIGH_PAIR: Sql = Sql::both("UPDATE linkage_pair SET odds = $2, weights = $3 WHERE id = $1");
static WORDS: Sql = Sql::both("SELECT other, word FROM linkage_word WHERE one = $1 ORDER BY other, pair");
static KEPT_APART: Sql = Sql::both(
    "SELECT 1 FROM person AS a JOIN linkage_word AS w ON w.one = a.id JOIN person AS b ON b.id = w.other
     WHERE a.root = $1 AND b.root = $2 AND w.word = 'not-same' LIMIT 1",
);
static SAID_OF: Sql = Sql::both(
    "SELECT 1 FROM person AS a JOIN linkage_word AS w ON w.one = a.id JOIN person AS b ON b.id = w.other
     WHERE a.root = $1 AND b.root = $2 LIMIT 1",
);
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
    &PUT_WORD,
    &TAKE_WORD,
    &PUT_PAIR,
    &CHANGE_PAIR,
    &REWEIGH_PAIR,
    &WORDS,
    &KEPT_APART,
    &SAID_OF,
    &OPEN,
    &DECIDED,
    &ONE,
    &BANDS,
    &WEIGHT_OF,
];

/// What happened to a pair.
pub(super) fn happened(tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
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
