//! Questions about looks: one row a question, under the look it is about, for the person who asked and for the officer who
//! answers. Must not hold what was looked at.

use jiff::Timestamp;
use store::table::{Index, Table, Type, column};
use store::{Entry, Result, Row, Sql, Tx, View, aggregate};
use uuid::Uuid;

use super::look::{LookRow, look};
use crate::decide::Level;
use crate::permit::LooksPermit;
use crate::question::{Event, Question};
use crate::role::Class;
use crate::worklist::DeskPermit;

static QUESTION: Table = Table {
    name: "question",
    columns: &[
        column("id", Type::Uuid),
        column("number", Type::Int),
        column("person", Type::Uuid),
        column("looked_at", Type::Uuid),
        column("look", Type::Int),
        column("asked", Type::Int),
        column("words", Type::Text),
        column("answered", Type::Int),
        column("answer", Type::Text),
        column("officer", Type::Text),
    ],
    key: &["id", "number"],
    clustered: true,
    indexes: &[
        Index { name: "question_open", columns: &["answered", "asked", "id"], unique: false, only: "" },
        Index { name: "question_look", columns: &["looked_at", "look"], unique: false, only: "" },
    ],
};
static TABLES: &[&Table] = &[&QUESTION];

static ASK: Sql = Sql::both(
    "INSERT INTO question (id, number, person, looked_at, look, asked, words, answered, answer, officer)
     VALUES ($1, $2, $3, $4, $5, $6, $7, 0, '', '')",
);
static ANSWER: Sql =
    Sql::both("UPDATE question SET answered = $1, answer = $2, officer = $3 WHERE id = $4 AND answered = 0");
static OPEN: Sql = Sql::both(
    "SELECT id, number, person, looked_at, look, asked, words, answered, answer, officer FROM question
     WHERE answered = 0 ORDER BY asked, id LIMIT $1",
);
static LATEST: Sql = Sql::both(
    "SELECT id, number, person, looked_at, look, asked, words, answered, answer, officer FROM question
     WHERE answered > 0 ORDER BY answered DESC, id LIMIT $1",
);
static COUNT: Sql = Sql::both("SELECT count(*) FROM question WHERE answered = 0");
static OF_LOOKED_AT: Sql = Sql::both(
    "SELECT id, number, person, looked_at, look, asked, words, answered, answer, officer FROM question
     WHERE looked_at = $1 ORDER BY look, number",
);
static ABOUT: Sql = Sql::both("SELECT person FROM question WHERE id = $1 ORDER BY number DESC LIMIT 1");
static OF_STREAM: Sql = Sql::both(
    "SELECT id, number, person, looked_at, look, asked, words, answered, answer, officer FROM question
     WHERE id = $1 ORDER BY number",
);
static READER: Sql =
    Sql::both("SELECT a.reader FROM question AS q JOIN audit AS a ON a.seq = q.look WHERE q.id = $1 LIMIT 1");
static LOOK: Sql = Sql::both(
    "SELECT at, name, role, organisation, action, purpose, allowed, because, seq, own FROM look
     WHERE person = $1 AND seq = $2",
);

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] =
    &[&ASK, &ANSWER, &OPEN, &LATEST, &COUNT, &OF_LOOKED_AT, &ABOUT, &OF_STREAM, &READER, &LOOK];

/// Keeps the table of questions.
pub struct Questions;

impl View for Questions {
    fn name(&self) -> &'static str {
        "questions"
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn on_event(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
        if entry.kind != <Question as store::Aggregate>::KIND {
            return Ok(());
        }
        let at = entry.at.as_microsecond();
        match &aggregate::read::<Question>(entry)? {
            Event::Asked { person, looked_at, look_seq, words, .. } => tx.execute(
                &ASK,
                &[
                    entry.stream.into(),
                    entry.version.into(),
                    (*person).into(),
                    (*looked_at).into(),
                    (*look_seq).into(),
                    at.into(),
                    words.into(),
                ],
            )?,
            Event::Answered { by, words } => {
                tx.execute(&ANSWER, &[at.into(), words.into(), (&by.name).into(), entry.stream.into()])?
            }
        };
        Ok(())
    }
}

/// One question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionRow {
    /// The stream of the questions about this look.
    pub id: Uuid,
    /// Whose record: their root when they asked.
    pub person: Uuid,
    /// The id under which they were looked at.
    pub looked_at: Uuid,
    /// The look's place in the log.
    pub look: i64,
    /// When it was asked.
    pub asked: Timestamp,
    /// In the person's words.
    pub words: String,
    /// When it was answered, in which words, by whom.
    pub answer: Option<(Timestamp, String, String)>,
}

/// The questions a person has asked, by the look they are about.
///
/// # Errors
/// What the database says.
pub fn of_person(tx: &mut dyn Tx, permit: &LooksPermit) -> Result<Vec<QuestionRow>> {
    let mut questions = Vec::new();
    for id in permit.ids() {
        questions.extend(tx.all(&OF_LOOKED_AT, &[id.into()], question)?);
    }
    Ok(questions)
}

/// The look of a number on a person's list, with the id under which they were looked at: what they may ask about. A look that
/// they are not told of is not there.
///
/// # Errors
/// What the database says.
pub fn look_at(tx: &mut dyn Tx, permit: &LooksPermit, seq: i64) -> Result<Option<(Uuid, LookRow)>> {
    if permit.is_own() && super::glass::withheld(tx, permit)?.contains(&seq) {
        return Ok(None);
    }
    for id in permit.ids() {
        if let Some(row) = tx.first(&LOOK, &[id.into(), seq.into()], look)? {
            return Ok(Some((id, row)));
        }
    }
    Ok(None)
}

/// The questions that wait and, of those that were answered, the latest; at most `most` of each, and how many wait. Nothing
/// for a desk that does not watch over looks.
///
/// # Errors
/// What the database says.
pub fn listed(tx: &mut dyn Tx, permit: &DeskPermit, most: i64) -> Result<(Vec<QuestionRow>, Vec<QuestionRow>, i64)> {
    if permit.level(Class::Looks) != Level::Full {
        return Ok((Vec::new(), Vec::new(), 0));
    }
    let waiting = tx.first(&COUNT, &[], |row| row.int(0))?.unwrap_or_default();
    Ok((tx.all(&OPEN, &[most.into()], question)?, tx.all(&LATEST, &[most.into()], question)?, waiting))
}

/// Whose record the questions of this id are about, by their root when they asked; nothing else.
///
/// # Errors
/// What the database says.
pub fn about(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Uuid>> {
    tx.first(&ABOUT, &[id.into()], |row| row.uuid(0))
}

/// Whose look the questions of an id are about, by their id.
pub(crate) fn reader(tx: &mut dyn Tx, id: Uuid) -> Result<Option<String>> {
    tx.first(&READER, &[id.into()], |row| row.string(0))
}

/// The questions of an id with the look they are about, if the permit is for the person who asked.
///
/// # Errors
/// What the database says.
pub fn asked(tx: &mut dyn Tx, permit: &LooksPermit, id: Uuid) -> Result<Option<(Vec<QuestionRow>, LookRow)>> {
    let rows = tx.all(&OF_STREAM, &[id.into()], question)?;
    let Some(first) = rows.first() else { return Ok(None) };
    if !permit.ids().any(|known| known == first.looked_at) {
        return Ok(None);
    }
    Ok(look_at(tx, permit, first.look)?.map(|(_, look)| (rows, look)))
}

fn question(row: &dyn Row) -> Result<QuestionRow> {
    let answered = row.int(7)?;
    let answer = if answered > 0 { Some((row.time(7)?, row.string(8)?, row.string(9)?)) } else { None };
    Ok(QuestionRow {
        id: row.uuid(0)?,
        person: row.uuid(2)?,
        looked_at: row.uuid(3)?,
        look: row.int(4)?,
        asked: row.time(5)?,
        words: row.string(6)?,
        answer,
    })
}
