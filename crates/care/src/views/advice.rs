//! Written questions as a table: with whom each is and since when; and the lines that advice has promised, of calls and of
//! questions alike. Must not hold what was asked or answered: that is read from the log, with a permit for the person.

use access::{Class, DeskPermit, Level, Permit, WorklistPermit};
use jiff::Timestamp;
use jiff::civil::Date;
use store::table::{Index, Table, Type, column};
use store::{Aggregate as _, Entry, Param, Result, Row, Sql, Tx, View, aggregate};
use uuid::Uuid;

use crate::advice::{Advice, Attachment, Event, Line, Question, Stands};
use crate::call::{self, Call};

static QUESTION: Table = Table {
    name: "advice_question",
    columns: &[
        column("id", Type::Uuid),
        column("journey", Type::Uuid),
        column("specialty", Type::Text),
        column("answers", Type::Text),
        column("asker", Type::Text),
        column("team", Type::Text),
        column("person", Type::Uuid),
        column("asked", Type::Int),
        column("state", Type::Text),
        column("since", Type::Int),
        column("messages", Type::Int),
        column("authorised", Type::Int),
        column("answered", Type::Int),
        column("outcome", Type::Text),
    ],
    key: &["id"],
    clustered: false,
    indexes: &[
        Index { name: "advice_question_team", columns: &["team", "state", "asked", "id"], unique: false, only: "" },
        Index {
            name: "advice_question_answers",
            columns: &["answers", "state", "asked", "id"],
            unique: false,
            only: "",
        },
        Index { name: "advice_question_journey", columns: &["journey", "asked", "id"], unique: false, only: "" },
        Index { name: "advice_question_asked", columns: &["specialty", "asked", "id"], unique: false, only: "" },
    ],
};
/// What advice has promised; `source` is the call or the question.
static LINE: Table = Table {
    name: "advice_line",
    columns: &[
        column("source", Type::Uuid),
        column("number", Type::Int),
        column("person", Type::Uuid),
        column("what", Type::Text),
        column("owner", Type::Text),
        column("due", Type::Text),
        column("promised", Type::Int),
    ],
    key: &["source", "number"],
    clustered: true,
    indexes: &[Index { name: "advice_line_person", columns: &["person", "promised"], unique: false, only: "" }],
};
static TABLES: &[&Table] = &[&QUESTION, &LINE];

static ASK: Sql = Sql::both(
    "INSERT INTO advice_question (id, journey, specialty, answers, asker, team, person, asked, state, since, messages,
       authorised, answered, outcome)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'with-specialty', $8, 1, $9, 0, '')",
);
static AUTHORITY: Sql = Sql::both("UPDATE advice_question SET authorised = $2 WHERE id = $1");
static MESSAGE: Sql = Sql::both(
    "UPDATE advice_question SET messages = messages + 1, since = CASE WHEN state = $2 THEN since ELSE CAST($3 AS BIGINT) END,
       state = $2 WHERE id = $1",
);
static ANSWER: Sql = Sql::both(
    "UPDATE advice_question SET state = 'answered', since = $2, answered = $2, messages = messages + 1 WHERE id = $1",
);
static CONVERT: Sql = Sql::both("UPDATE advice_question SET state = 'converted', since = $2 WHERE id = $1");
static CLOSE: Sql = Sql::both("UPDATE advice_question SET state = 'closed', since = $2, outcome = $3 WHERE id = $1");
static PROMISED: Sql = Sql::both("SELECT count(*) FROM advice_line WHERE source = $1");
static PROMISE: Sql = Sql::both(
    "INSERT INTO advice_line (source, number, person, what, owner, due, promised) VALUES ($1, $2, $3, $4, $5, $6, $7)",
);
static OF_TEAM: Sql = Sql::both(
    "SELECT id, journey, specialty, person, asked, state, since, messages, authorised, answered FROM advice_question
     WHERE team = $1 AND state = $2 ORDER BY asked, id LIMIT $3",
);
static TO_TEAM: Sql = Sql::both(
    "SELECT id, journey, specialty, person, asked, state, since, messages, authorised, answered FROM advice_question
     WHERE answers = $1 AND state = $2 ORDER BY asked, id LIMIT $3",
);
static ABOUT: Sql = Sql::both("SELECT person FROM advice_question WHERE id = $1");
static OF_JOURNEY: Sql = Sql::both("SELECT id FROM advice_question WHERE journey = $1 ORDER BY asked, id LIMIT 50");
static LINES: Sql = Sql::both(
    "SELECT source, what, owner, due, promised FROM advice_line WHERE person = $1 ORDER BY promised, source, number",
);
static COUNTS: Sql = Sql::both(
    "SELECT state, count(*), CAST(sum(messages) AS BIGINT) FROM advice_question
     WHERE specialty = $1 AND asked >= $2 AND asked < $3 GROUP BY state ORDER BY state",
);
static CALL_PERSON: Sql = Sql::both("SELECT person FROM advice_call WHERE id = $1");

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[
    &ASK,
    &AUTHORITY,
    &MESSAGE,
    &ANSWER,
    &CONVERT,
    &CLOSE,
    &PROMISED,
    &PROMISE,
    &OF_TEAM,
    &OF_JOURNEY,
    &TO_TEAM,
    &ABOUT,
    &LINES,
    &COUNTS,
    &CALL_PERSON,
];

/// Keeps the tables of questions and of lines. Hears of a call after [`super::call::Calls`] does.
pub struct Questions;

impl View for Questions {
    fn name(&self) -> &'static str {
        "advice questions"
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn keeps(&self, entry: &Entry) -> Result<Vec<[u8; 32]>> {
        if entry.kind != Advice::KIND {
            return Ok(Vec::new());
        }
        let attachments = match aggregate::read::<Advice>(entry)? {
            Event::AdviceAsked { question, .. } => question.attachments,
            Event::AdviceReplied { said } | Event::AdviceAskedBack { said } => said.attachments,
            _ => Vec::new(),
        };
        Ok(attachments.iter().filter_map(Attachment::digest).collect())
    }

    fn on_event(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
        if entry.kind == Call::KIND {
            return called(tx, entry);
        }
        if entry.kind != Advice::KIND {
            return Ok(());
        }
        let id: Param<'_> = entry.stream.into();
        let at = entry.at.as_microsecond();
        match &aggregate::read::<Advice>(entry)? {
            Event::AdviceAsked { question, .. } => ask(tx, entry.stream, question, at),
            Event::AdviceAuthorised { .. } => changed(tx, &AUTHORITY, &[id, 1_i64.into()]),
            Event::AdviceAuthorityWithdrawn { .. } => changed(tx, &AUTHORITY, &[id, 0_i64.into()]),
            Event::AdviceAskedBack { .. } => changed(tx, &MESSAGE, &[id, Stands::WithAsker.word().into(), at.into()]),
            Event::AdviceReplied { .. } => changed(tx, &MESSAGE, &[id, Stands::WithSpecialty.word().into(), at.into()]),
            Event::AdviceAnswered { answer, .. } => {
                changed(tx, &ANSWER, &[id, at.into()])?;
                let person = tx.first(&ABOUT, &[entry.stream.into()], |row| row.uuid(0))?;
                promise(tx, entry.stream, person, &answer.lines, at)
            }
            Event::AdviceConverted { .. } => changed(tx, &CONVERT, &[id, at.into()]),
            Event::AdviceClosed { outcome, .. } => changed(tx, &CLOSE, &[id, at.into(), outcome.word().into()]),
        }
    }
}

fn changed(tx: &mut dyn Tx, sql: &Sql, params: &[Param<'_>]) -> Result<()> {
    tx.execute(sql, params).map(|_| ())
}

fn ask(tx: &mut dyn Tx, id: Uuid, question: &Question, at: i64) -> Result<()> {
    let params = [
        id.into(),
        question.journey.into(),
        (&question.specialty).into(),
        question.to.word().into(),
        (&question.by.id).into(),
        question.team.word().into(),
        question.person.into(),
        at.into(),
        i64::from(question.conversion_agreed).into(),
    ];
    changed(tx, &ASK, &params)
}

/// What an end of a call has promised.
fn called(tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
    let (call::Event::CallOutcomeGp { lines, .. } | call::Event::CallOutcomeConsultant { lines, .. }) =
        aggregate::read::<Call>(entry)?
    else {
        return Ok(());
    };
    let person = tx.first(&CALL_PERSON, &[entry.stream.into()], |row| row.uuid(0))?;
    promise(tx, entry.stream, person, &lines, entry.at.as_microsecond())
}

/// Lines about somebody; advice about nobody in particular promises nothing in anybody's plan.
fn promise(tx: &mut dyn Tx, source: Uuid, person: Option<Uuid>, lines: &[Line], at: i64) -> Result<()> {
    let Some(person) = person.filter(|person| !person.is_nil()) else { return Ok(()) };
    let before = tx.first(&PROMISED, &[source.into()], |row| row.int(0))?.unwrap_or_default();
    for (number, line) in (before..).zip(lines) {
        let due = line.by.map(|day| day.to_string()).unwrap_or_default();
        let params = [
            source.into(),
            number.into(),
            person.into(),
            (&line.what).into(),
            line.owner.word().into(),
            (&due).into(),
            at.into(),
        ];
        changed(tx, &PROMISE, &params)?;
    }
    Ok(())
}

/// One question on a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionRow {
    /// Its id.
    pub id: Uuid,
    /// The journey it belongs to.
    pub journey: Uuid,
    /// The specialty's short name.
    pub specialty: String,
    /// Whom it is about.
    pub person: Uuid,
    /// When it was asked.
    pub asked: Timestamp,
    /// With whom it is.
    pub stands: Stands,
    /// Since when.
    pub since: Timestamp,
    /// How many messages it has taken.
    pub messages: i64,
    /// Whether leave to refer stands.
    pub authorised: bool,
    /// When it was answered.
    pub answered: Option<Timestamp>,
}

/// Questions on a list, shut until there is a permit to see whom they are about.
#[derive(Debug, Clone, Default)]
pub struct Listed {
    rows: Vec<QuestionRow>,
}

impl Listed {
    /// The people they are about, for the permit.
    pub fn people(&self) -> impl Iterator<Item = Uuid> {
        self.rows.iter().map(|row| row.person)
    }

    /// The questions that the permit covers.
    #[must_use]
    pub fn open(self, permit: &WorklistPermit) -> Vec<QuestionRow> {
        self.rows.into_iter().filter(|row| permit.of(row.person).is_some()).collect()
    }
}

/// The questions that a reader's teams have asked and that stand in one of these ways, the longest asked first.
///
/// # Errors
/// What the database says.
pub fn of_teams(
    tx: &mut dyn Tx,
    permit: &DeskPermit,
    teams: &[String],
    stands: &[Stands],
    most: i64,
) -> Result<Listed> {
    listed(tx, &OF_TEAM, permit, teams, stands, most)
}

/// The questions that a reader's teams are to answer and that stand in one of these ways, the longest asked first.
///
/// # Errors
/// What the database says.
pub fn to_teams(
    tx: &mut dyn Tx,
    permit: &DeskPermit,
    teams: &[String],
    stands: &[Stands],
    most: i64,
) -> Result<Listed> {
    listed(tx, &TO_TEAM, permit, teams, stands, most)
}

fn listed(
    tx: &mut dyn Tx,
    sql: &Sql,
    permit: &DeskPermit,
    teams: &[String],
    stands: &[Stands],
    most: i64,
) -> Result<Listed> {
    let mut rows = Vec::new();
    if permit.level(Class::Encounter) == Level::Hidden {
        return Ok(Listed { rows });
    }
    for team in teams {
        for state in stands {
            rows.extend(tx.all(sql, &[team.into(), state.word().into(), most.into()], question)?);
        }
    }
    rows.sort_by_key(|row: &QuestionRow| (row.asked, row.id));
    Ok(Listed { rows })
}

fn question(row: &dyn Row) -> Result<QuestionRow> {
    let answered = row.int(9)?;
    let state = row.text(5)?;
    Ok(QuestionRow {
        id: row.uuid(0)?,
        journey: row.uuid(1)?,
        specialty: row.string(2)?,
        person: row.uuid(3)?,
        asked: row.time(4)?,
        stands: Stands::from_word(state)
            .ok_or_else(|| store::Error::Corrupt(format!("a question stands in no known way: {state}")))?,
        since: row.time(6)?,
        messages: row.int(7)?,
        authorised: row.int(8)? != 0,
        answered: if answered > 0 { Some(row.time(9)?) } else { None },
    })
}

/// Whom a question is about; nothing else of it.
///
/// # Errors
/// What the database says.
pub fn about(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Uuid>> {
    tx.first(&ABOUT, &[id.into()], |row| row.uuid(0))
}

/// A question whole, if the permit is for the person it is about under one of the ids they go by, and shows plans and letters
/// in full. `known_as` are those ids.
///
/// # Errors
/// What the database says.
pub fn read(tx: &mut dyn Tx, permit: &Permit, known_as: &[Uuid], id: Uuid) -> Result<Option<Advice>> {
    let Some(person) = about(tx, id)? else { return Ok(None) };
    let theirs = person == permit.person() || known_as.contains(&person);
    if !theirs || permit.level_of(Class::Document) != Level::Full {
        return Ok(None);
    }
    let (advice, _) = aggregate::load::<Advice>(&store::log::stream(tx, id)?)?;
    Ok(Some(advice))
}

/// What the clocks hear of a question: times and words, and of nobody.
///
/// # Errors
/// What the database says.
pub fn moments(tx: &mut dyn Tx, id: Uuid) -> Result<Vec<crate::clock::Moment>> {
    let events = store::log::stream(tx, id)?.iter().map(aggregate::read::<Advice>).collect::<Result<Vec<_>>>()?;
    let heard = crate::advice::moment::of_question(&events).into_iter();
    Ok(heard.map(|(at, word)| crate::clock::Moment::new(at, word)).collect())
}

/// The questions of a journey, as a permit for the person shows them; the first asked first.
///
/// # Errors
/// What the database says.
pub fn of_journey(tx: &mut dyn Tx, permit: &Permit, known_as: &[Uuid], journey: Uuid) -> Result<Vec<(Uuid, Advice)>> {
    let mut found = Vec::new();
    for id in tx.all(&OF_JOURNEY, &[journey.into()], |row| row.uuid(0))? {
        if let Some(advice) = read(tx, permit, known_as, id)? {
            found.push((id, advice));
        }
    }
    Ok(found)
}

/// A promised line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promised {
    /// The call or the question that promised it.
    pub source: Uuid,
    /// What.
    pub what: String,
    /// Who does it, as a team's word.
    pub owner: String,
    /// By which day.
    pub by: Option<Date>,
    /// Since when it stands.
    pub at: Timestamp,
}

/// What advice has promised for a person, under each of the ids they go by.
///
/// # Errors
/// What the database says.
pub fn promised(tx: &mut dyn Tx, permit: &Permit, known_as: &[Uuid]) -> Result<Vec<Promised>> {
    if permit.level_of(Class::Plan) != Level::Full {
        return Ok(Vec::new());
    }
    let mut ids = vec![permit.person()];
    ids.extend(known_as.iter().filter(|id| **id != permit.person()));
    let mut lines = Vec::new();
    for id in ids {
        lines.extend(tx.all(&LINES, &[id.into()], |row| {
            let (what, owner) = (row.string(1)?, row.string(2)?);
            Ok(Promised { source: row.uuid(0)?, what, owner, by: row.text(3)?.parse().ok(), at: row.time(4)? })
        })?);
    }
    lines.sort_by_key(|line| line.at);
    Ok(lines)
}

/// A time of one specialty's questions, in counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Report {
    /// Questions that were asked: each is one episode, however many messages it took.
    pub questions: i64,
    /// The messages in them; activity is never counted by these.
    pub messages: i64,
    /// Answered, closed or not.
    pub answered: i64,
    /// Turned into a referral.
    pub referred: i64,
    /// With the specialty or with whoever asked.
    pub open: i64,
}

/// What one specialty was asked in a time.
///
/// # Errors
/// What the database says.
pub fn report(tx: &mut dyn Tx, specialty: &str, from: Timestamp, until: Timestamp) -> Result<Report> {
    let params = [specialty.into(), from.as_microsecond().into(), until.as_microsecond().into()];
    let mut report = Report::default();
    tx.query(&COUNTS, &params, &mut |row| {
        let count = row.int(1)?;
        report.questions += count;
        report.messages += row.int(2)?;
        match Stands::from_word(row.text(0)?) {
            Some(Stands::Answered | Stands::Closed) => report.answered += count,
            Some(Stands::Converted) => report.referred += count,
            _ => report.open += count,
        }
        Ok(())
    })?;
    Ok(report)
}
