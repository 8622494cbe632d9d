//! What the clocks of asks and crisis responses have heard, one row a moment, so that a figure about a month is one range of an
//! index and can be taken apart into the asks behind it. Holds nobody's name and no words; must not say what a moment means to a
//! clock: that is the rule's.

use jiff::Timestamp;
use store::table::{Index, Table, Type, column};
use store::{Aggregate, Entry, Result, Sql, Tx, View, aggregate};
use uuid::Uuid;

use crate::ask::Ask;
use crate::clock::{Moment, heard};
use crate::crisis::{Event, Response};

static MOMENT: Table = Table {
    name: "clock_moment",
    columns: &[
        column("about", Type::Uuid),
        column("number", Type::Int),
        column("nth", Type::Int),
        column("ask", Type::Uuid),
        column("signal", Type::Text),
        column("at", Type::Int),
        column("told", Type::Int),
    ],
    key: &["about", "number", "nth"],
    clustered: true,
    indexes: &[Index { name: "clock_moment_signal", columns: &["signal", "at", "about"], unique: false, only: "" }],
};
static TABLES: &[&Table] = &[&MOMENT];

static PUT: Sql = Sql::both(
    "INSERT INTO clock_moment (about, number, nth, ask, signal, at, told) VALUES ($1, $2, $3, $4, $5, $6, $7)",
);
static ANSWERS: Sql = Sql::both("SELECT ask FROM clock_moment WHERE about = $1 ORDER BY number, nth LIMIT 1");
static STARTED: Sql = Sql::both(
    "SELECT about, ask, signal, at, told FROM clock_moment WHERE about IN
     (SELECT about FROM clock_moment WHERE signal = $1 AND at >= $2 AND at < $3) ORDER BY about, number, nth",
);

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[&PUT, &ANSWERS, &STARTED];

/// Keeps the moments.
#[derive(Debug)]
pub struct Moments;

impl View for Moments {
    fn name(&self) -> &'static str {
        "clock-moments"
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn on_event(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
        let (ask, moments) = if entry.kind == Ask::KIND {
            (entry.stream, heard(&aggregate::read::<Ask>(entry)?, entry.at))
        } else if entry.kind == Response::KIND {
            let event = aggregate::read::<Response>(entry)?;
            let ask = match &event {
                Event::ResponseAccepted { ask, .. } => Some(*ask),
                _ => tx.first(&ANSWERS, &[entry.stream.into()], |row| row.uuid(0))?,
            };
            // A response hears each event by itself.
            let mut one = Response::default();
            one.apply(&event);
            (ask.unwrap_or(entry.stream), one.moments().to_vec())
        } else {
            return Ok(());
        };
        for (nth, moment) in (0_i64..).zip(moments) {
            let row = [
                entry.stream.into(),
                entry.version.into(),
                nth.into(),
                ask.into(),
                (&moment.signal).into(),
                moment.at.as_microsecond().into(),
                moment.told.as_microsecond().into(),
            ];
            tx.execute(&PUT, &row)?;
        }
        Ok(())
    }
}

/// Something a clock counts, with all that its clocks have heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// What: an ask, or the response to one.
    pub about: Uuid,
    /// The ask, or the ask it answers.
    pub ask: Uuid,
    /// What was heard, in the order of the log.
    pub moments: Vec<Moment>,
}

/// Everything of which one of these words was said between two moments, the second not in it. About nobody by itself.
///
/// # Errors
/// What the database says.
pub fn started(tx: &mut dyn Tx, words: &[&str], from: Timestamp, until: Timestamp) -> Result<Vec<Heard>> {
    let mut all: Vec<Heard> = Vec::new();
    for word in words {
        let params = [(*word).into(), from.as_microsecond().into(), until.as_microsecond().into()];
        let rows = tx.all(&STARTED, &params, |row| {
            let moment = Moment::new(row.time(3)?, row.string(2)?).told(row.time(4)?);
            Ok((row.uuid(0)?, row.uuid(1)?, moment))
        })?;
        let mut of_word: Vec<Heard> = Vec::new();
        for (about, ask, moment) in rows {
            match of_word.last_mut().filter(|last| last.about == about) {
                Some(last) => last.moments.push(moment),
                None => of_word.push(Heard { about, ask, moments: vec![moment] }),
            }
        }
        of_word.retain(|one| all.iter().all(|known| known.about != one.about));
        all.extend(of_word);
    }
    Ok(all)
}
