//! Indicators as tables: how far each has come, and every step of its life with who took it. Figures are read from their own
//! history, in which every form that a month has had is kept.

use jiff::Timestamp;
use store::table::{Table, Type, column};
use store::{Aggregate as _, Entry, Result, Sql, Tx, View, aggregate};
use uuid::Uuid;

use crate::indicator::{Event, Figures, Life};

static INDICATOR: Table = Table {
    name: "indicator",
    columns: &[
        column("id", Type::Uuid),
        column("name", Type::Text),
        column("edition", Type::Int),
        column("national", Type::Int),
        column("stage", Type::Text),
        column("at", Type::Int),
    ],
    key: &["id"],
    clustered: true,
    indexes: &[],
};

static STEP: Table = Table {
    name: "indicator_step",
    columns: &[
        column("id", Type::Uuid),
        column("number", Type::Int),
        column("at", Type::Int),
        column("who", Type::Text),
        column("body", Type::Text),
    ],
    key: &["id", "number"],
    clustered: true,
    indexes: &[],
};

static TABLES: &[&Table] = &[&INDICATOR, &STEP];

static LIST: Sql =
    Sql::both("INSERT INTO indicator (id, name, edition, national, stage, at) VALUES ($1, $2, $3, $4, $5, $6)");
static MOVE: Sql = Sql::both("UPDATE indicator SET stage = $1, at = $2 WHERE id = $3");
static KEEP: Sql = Sql::both("INSERT INTO indicator_step (id, number, at, who, body) VALUES ($1, $2, $3, $4, $5)");
static ALL: Sql = Sql::both("SELECT id, name, edition, national, stage, at FROM indicator ORDER BY name, edition");
static STEPS: Sql = Sql::both("SELECT at, who, body FROM indicator_step WHERE id = $1 ORDER BY number");

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[&LIST, &MOVE, &KEEP, &ALL, &STEPS];

/// Keeps the tables of indicators.
pub struct Indicators;

impl View for Indicators {
    fn name(&self) -> &'static str {
        "indicators"
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn on_event(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
        if entry.kind != Life::KIND {
            return Ok(());
        }
        let (id, at) = (entry.stream, entry.at.as_microsecond());
        let event = aggregate::read::<Life>(entry)?;
        let stage = event.stage().words();
        match &event {
            Event::LongListed { indicator, edition, national, .. } => {
                let values = [
                    id.into(),
                    indicator.into(),
                    i64::from(*edition).into(),
                    i64::from(*national).into(),
                    stage.into(),
                    at.into(),
                ];
                tx.execute(&LIST, &values)?;
            }
            _ => {
                tx.execute(&MOVE, &[stage.into(), at.into(), id.into()])?;
            }
        }
        tx.execute(&KEEP, &[id.into(), entry.version.into(), at.into(), (&entry.actor).into(), (&entry.body).into()])?;
        Ok(())
    }
}

/// How far an indicator has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndicatorRow {
    /// The stream of its life.
    pub id: Uuid,
    /// Its short name.
    pub name: String,
    /// Which edition of the definition.
    pub edition: i64,
    /// Set by the nation.
    pub national: bool,
    /// How far, in words.
    pub stage: String,
    /// Since when.
    pub at: Timestamp,
}

/// A step of its life.
#[derive(Debug, Clone, PartialEq)]
pub struct StepRow {
    /// When.
    pub at: Timestamp,
    /// Who wrote it down, as the log names them.
    pub who: String,
    /// What happened.
    pub event: Event,
}

/// Every indicator that has been listed, by name.
///
/// # Errors
/// What the database says.
pub fn all(tx: &mut dyn Tx) -> Result<Vec<IndicatorRow>> {
    tx.all(&ALL, &[], |row| {
        Ok(IndicatorRow {
            id: row.uuid(0)?,
            name: row.string(1)?,
            edition: row.int(2)?,
            national: row.int(3)? == 1,
            stage: row.string(4)?,
            at: row.time(5)?,
        })
    })
}

/// The life of an edition of an indicator so far, step by step, and where that has brought it.
///
/// # Errors
/// What the database says, or a step that cannot be read.
pub fn life(tx: &mut dyn Tx, name: &str, edition: u32) -> Result<(Life, Vec<StepRow>)> {
    let steps: Vec<StepRow> = tx.all(&STEPS, &[life_stream(name, edition).into()], |row| {
        let event = serde_json::from_str(row.text(2)?)
            .map_err(|error| store::Error::Corrupt(format!("a step of an indicator cannot be read: {error}")))?;
        Ok(StepRow { at: row.time(0)?, who: row.string(1)?, event })
    })?;
    let mut life = Life::default();
    for step in &steps {
        store::Aggregate::apply(&mut life, &step.event);
    }
    Ok((life, steps))
}

/// The figures of an edition of an indicator, in every form they have had.
///
/// # Errors
/// What the database says.
pub fn figures(tx: &mut dyn Tx, name: &str, edition: u32) -> Result<Figures> {
    Ok(aggregate::load::<Figures>(&store::log::stream(tx, figures_stream(name, edition))?)?.0)
}

/// The stream of the life of an edition of an indicator.
#[must_use]
pub fn life_stream(name: &str, edition: u32) -> Uuid {
    super::named("weft-indicator-1", &format!("{name} {edition}"))
}

/// The stream of its figures. Figures of two editions are not one series.
#[must_use]
pub fn figures_stream(name: &str, edition: u32) -> Uuid {
    super::named("weft-indicator-figures-1", &format!("{name} {edition}"))
}
