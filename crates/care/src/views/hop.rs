//! Hops: who offered an ask to whom, when, and what they said to it. One open hop an ask, which the database itself holds.

use access::Permit;
use jiff::Timestamp;
use store::table::{Index, Table, Type, column, optional};
use store::{Aggregate, Entry, Result, Sql, Tx, View, aggregate};
use uuid::Uuid;

use crate::ask::{Ask, Event};
use crate::hop::Answer;
use crate::team::Team;

static HOP: Table = Table {
    name: "hop",
    columns: &[
        column("ask", Type::Uuid),
        column("offered_at", Type::Int),
        column("number", Type::Int),
        column("source", Type::Text).checked("source <> target"),
        column("target", Type::Text),
        column("offered_by", Type::Text),
        column("note", Type::Text),
        column("warm", Type::Int),
        optional("answer", Type::Text).checked("answer IS NULL OR answer IN ('accepted', 'returned', 'taken-back')"),
        optional("answered_at", Type::Int).checked("(answered_at IS NULL) = (answer IS NULL)"),
        optional("answered_by", Type::Text),
        optional("because", Type::Text).checked("answer IS NULL OR answer = 'accepted' OR because IS NOT NULL"),
    ],
    key: &["ask", "number"],
    clustered: true,
    indexes: &[Index { name: "hop_open", columns: &["ask"], unique: true, only: "answer IS NULL" }],
};
static TABLES: &[&Table] = &[&HOP];

static PUT: Sql = Sql::both(
    "INSERT INTO hop (ask, offered_at, number, source, target, offered_by, note, warm) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
);
static ANSWER: Sql = Sql::both(
    "UPDATE hop SET answer = $2, answered_at = $3, answered_by = $4, because = $5 WHERE ask = $1 AND answer IS NULL",
);
static OF: Sql = Sql::both(
    "SELECT source, target, offered_at, offered_by, note, warm, answer, answered_at, answered_by, because FROM hop
     WHERE ask = $1 ORDER BY number",
);

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[&PUT, &ANSWER, &OF];

/// Keeps the table of hops.
#[derive(Debug)]
pub struct Hops;

impl View for Hops {
    fn name(&self) -> &'static str {
        "hops"
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn on_event(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
        if entry.kind != Ask::KIND || !entry.event.starts_with("Hop") {
            return Ok(());
        }
        let (id, at) = (entry.stream, entry.at.as_microsecond());
        let mut answer = |answer: Answer, by: &str, because: Option<&str>| {
            let params = [id.into(), answer.word().into(), at.into(), by.into(), because.into()];
            tx.execute(&ANSWER, &params).map(|_| ())
        };
        match aggregate::read::<Ask>(entry)? {
            Event::HopAccepted { by, .. } => answer(Answer::Accepted, &by.name, None),
            Event::HopReturned { by, because, .. } => answer(Answer::Returned, &by.name, Some(because.as_str())),
            Event::HopTakenBack { by, because, .. } => answer(Answer::TakenBack, &by.name, Some(because.as_str())),
            Event::HopOffered { by, from, to, note, warm } => {
                let params = [
                    id.into(),
                    at.into(),
                    entry.version.into(),
                    from.word().into(),
                    to.word().into(),
                    (&by.name).into(),
                    note.as_str().into(),
                    warm.into(),
                ];
                tx.execute(&PUT, &params).map(|_| ())
            }
            _ => Ok(()),
        }
    }
}

/// One hop, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Who had it.
    pub from: Team,
    /// To whom it was offered.
    pub to: Team,
    /// When, and by whom.
    pub offered: (Timestamp, String),
    /// What they were told.
    pub note: String,
    /// Whether somebody was on the line.
    pub warm: bool,
    /// What they said to it, when, and by whom; `None` while it waits.
    pub answer: Option<(Answer, Timestamp, String)>,
    /// Why, where it was not taken.
    pub because: Option<String>,
}

/// The hops of an ask, the first first; none where the permit does not cover the ask whole.
///
/// # Errors
/// What the database says.
pub fn of(tx: &mut dyn Tx, permit: &Permit, ask: Uuid) -> Result<Vec<Told>> {
    if super::ask::of(tx, permit, ask)?.is_none_or(|line| line.shown.is_none()) {
        return Ok(Vec::new());
    }
    tx.all(&OF, &[ask.into()], |row| {
        let team = |index| {
            let none = |_| store::Error::Corrupt("a hop has a team that is none".to_owned());
            Team::try_from(row.string(index)?).map_err(none)
        };
        let answer = row.text_or_null(6)?.and_then(Answer::from_word).zip(row.time_or_null(7)?);
        Ok(Told {
            from: team(0)?,
            to: team(1)?,
            offered: (row.time(2)?, row.string(3)?),
            note: row.string(4)?,
            warm: row.int(5)? != 0,
            answer: answer.zip(row.string_or_null(8)?).map(|((answer, at), by)| (answer, at, by)),
            because: row.string_or_null(9)?,
        })
    })
}
