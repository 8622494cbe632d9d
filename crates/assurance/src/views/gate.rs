//! Decisions about beds as tables: how each stands, every look in every form it has had, what was restated, who signed, and what
//! was found of harm since. No row is about a person; members of a board are named as those who signed.

use jiff::Timestamp;
use store::table::{Index, Table, Type, column, optional};
use store::{Aggregate as _, Entry, Result, Row, Sql, Tx, View, aggregate};
use uuid::Uuid;

use crate::gate::decision::{Decision, Event, Party};
use crate::gate::look::Look;
use crate::gate::refusal::Stage;

static GATE: Table = Table {
    name: "gate",
    columns: &[
        column("id", Type::Uuid),
        column("title", Type::Text),
        column("beds", Type::Int),
        column("clock", Type::Int),
        column("registered", Type::Int),
        column("start", Type::Text),
        column("hash", Type::Text),
        column("stage", Type::Text),
        column("answer", Type::Text),
        column("released", Type::Int),
    ],
    key: &["id"],
    clustered: true,
    indexes: &[],
};

static LOOK: Table = Table {
    name: "gate_look",
    columns: &[
        column("id", Type::Uuid),
        column("number", Type::Int),
        column("at", Type::Int),
        column("clock", Type::Int),
        column("month", Type::Text),
        column("hash", Type::Text),
        optional("instead_of", Type::Text),
        optional("published", Type::Int),
        column("body", Type::Text),
    ],
    key: &["id", "number"],
    clustered: true,
    indexes: &[Index { name: "gate_look_hash", columns: &["id", "hash"], unique: false, only: "" }],
};

static RESTATED: Table = Table {
    name: "gate_restated",
    columns: &[
        column("id", Type::Uuid),
        column("number", Type::Int),
        column("line", Type::Int),
        column("at", Type::Int),
        column("who", Type::Text),
        column("reason", Type::Text),
        column("series", Type::Text),
        column("month", Type::Text),
        column("was", Type::Int),
        column("became", Type::Int),
    ],
    key: &["id", "number", "line"],
    clustered: true,
    indexes: &[],
};

static SIGNED: Table = Table {
    name: "gate_signed",
    columns: &[
        column("id", Type::Uuid),
        column("number", Type::Int),
        column("at", Type::Int),
        column("who", Type::Text),
        column("party", Type::Text),
        column("look", Type::Text),
    ],
    key: &["id", "number"],
    clustered: true,
    indexes: &[],
};

static HARM: Table = Table {
    name: "gate_harm",
    columns: &[
        column("id", Type::Uuid),
        column("month", Type::Text),
        column("at", Type::Int),
        column("log_e", Type::Text),
        column("reopened", Type::Int),
    ],
    key: &["id", "month"],
    clustered: true,
    indexes: &[],
};

static TABLES: &[&Table] = &[&GATE, &LOOK, &RESTATED, &SIGNED, &HARM];

static REGISTER: Sql = Sql::both(
    "INSERT INTO gate (id, title, beds, clock, registered, start, hash, stage, answer, released)
     VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8, 0)",
);
static AMEND: Sql = Sql::both(
    "UPDATE gate SET title = $1, beds = $2, clock = clock + 1, registered = $3, start = $4, hash = $5, stage = $6, answer = $7
     WHERE id = $8",
);
static STAND: Sql = Sql::both("UPDATE gate SET stage = $1, answer = $2 WHERE id = $3");
static STAGE: Sql = Sql::both("UPDATE gate SET stage = $1, answer = $2, released = $3 WHERE id = $4");
static KEEP: Sql = Sql::both(
    "INSERT INTO gate_look (id, number, at, clock, month, hash, instead_of, published, body)
     VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, $8)",
);
static PUBLISH: Sql = Sql::both("UPDATE gate_look SET published = $1 WHERE id = $2 AND hash = $3");
static RESTATE: Sql = Sql::both(
    "INSERT INTO gate_restated (id, number, line, at, who, reason, series, month, was, became)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
);
static SIGN: Sql =
    Sql::both("INSERT INTO gate_signed (id, number, at, who, party, look) VALUES ($1, $2, $3, $4, $5, $6)");
static SEEK_HARM: Sql = Sql::both("INSERT INTO gate_harm (id, month, at, log_e, reopened) VALUES ($1, $2, $3, $4, 0)");
static REOPEN: Sql = Sql::both("UPDATE gate_harm SET reopened = 1 WHERE id = $1 AND month = $2");
static ALL: Sql = Sql::both(
    "SELECT id, title, beds, clock, registered, start, hash, stage, answer, released FROM gate ORDER BY registered, id",
);
static ONE: Sql = Sql::both(
    "SELECT id, title, beds, clock, registered, start, hash, stage, answer, released FROM gate WHERE id = $1",
);
static LOOKS: Sql = Sql::both(
    "SELECT number, at, clock, month, hash, instead_of, published, body FROM gate_look WHERE id = $1 ORDER BY number",
);
static RESTATEMENTS: Sql = Sql::both(
    "SELECT at, who, reason, series, month, was, became FROM gate_restated WHERE id = $1 ORDER BY number, line",
);
static SIGNATURES: Sql = Sql::both("SELECT at, who, party, look FROM gate_signed WHERE id = $1 ORDER BY number");
static HARMS: Sql = Sql::both("SELECT month, at, log_e, reopened FROM gate_harm WHERE id = $1 ORDER BY month");

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[
    &REGISTER,
    &AMEND,
    &STAND,
    &STAGE,
    &KEEP,
    &PUBLISH,
    &RESTATE,
    &SIGN,
    &SEEK_HARM,
    &REOPEN,
    &ALL,
    &ONE,
    &LOOKS,
    &RESTATEMENTS,
    &SIGNATURES,
    &HARMS,
];

/// Keeps the tables of decisions about beds.
pub struct Gates;

impl View for Gates {
    fn name(&self) -> &'static str {
        "gates"
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn on_event(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
        if entry.kind != Decision::KIND {
            return Ok(());
        }
        let (id, at) = (entry.stream, entry.at.as_microsecond());
        match &aggregate::read::<Decision>(entry)? {
            Event::Registered { protocol, hash, .. } => {
                let start = protocol.start.to_string();
                tx.execute(
                    &REGISTER,
                    &[
                        id.into(),
                        (&protocol.title).into(),
                        i64::from(protocol.beds).into(),
                        at.into(),
                        (&start).into(),
                        hash.into(),
                        Stage::NotStarted.word().into(),
                        NOTHING_YET.into(),
                    ],
                )?;
            }
            Event::Amended { protocol, hash, .. } => {
                let start = protocol.start.to_string();
                tx.execute(
                    &AMEND,
                    &[
                        (&protocol.title).into(),
                        i64::from(protocol.beds).into(),
                        at.into(),
                        (&start).into(),
                        hash.into(),
                        Stage::NotStarted.word().into(),
                        NOTHING_YET.into(),
                        id.into(),
                    ],
                )?;
            }
            Event::LookedAt { look, hash, .. } => keep(tx, entry, look, hash, None)?,
            Event::LookedAgain { before, look, hash } => keep(tx, entry, look, hash, Some(before))?,
            Event::Restated { by, reason, changes } => {
                for (line, change) in changes.iter().enumerate() {
                    let month = change.is.month.to_string();
                    tx.execute(
                        &RESTATE,
                        &[
                            id.into(),
                            entry.version.into(),
                            i64::try_from(line).unwrap_or(i64::MAX).into(),
                            at.into(),
                            by.into(),
                            reason.into(),
                            (&change.is.series).into(),
                            (&month).into(),
                            change.was.count.into(),
                            change.is.count.into(),
                        ],
                    )?;
                }
            }
            Event::Published { look, .. } => {
                tx.execute(&PUBLISH, &[at.into(), id.into(), look.into()])?;
            }
            Event::SignedOff { by, party, look } => {
                let party = word(*party);
                tx.execute(&SIGN, &[id.into(), entry.version.into(), at.into(), by.into(), party.into(), look.into()])?;
            }
            Event::Agreed { .. } => {
                let yes = "YES: every condition is met.";
                tx.execute(&STAND, &[Stage::Signed.word().into(), yes.into(), id.into()])?;
            }
            Event::Released { beds, .. } => {
                let answer = format!("{beds} beds have gone; harm is looked for every month.");
                tx.execute(
                    &STAGE,
                    &[Stage::Released.word().into(), (&answer).into(), i64::from(*beds).into(), id.into()],
                )?;
            }
            Event::HarmLookedFor { month, log_e, .. } => {
                let (month, log_e) = (month.to_string(), format!("{log_e:.6}"));
                tx.execute(&SEEK_HARM, &[id.into(), (&month).into(), at.into(), (&log_e).into()])?;
                let beds = tx.first(&ONE, &[id.into()], gate)?.map_or(0, |row| row.released);
                let answer = format!("{beds} beds have gone; no harm of it was seen up to {month}.");
                tx.execute(&STAGE, &[Stage::Monitored.word().into(), (&answer).into(), beds.into(), id.into()])?;
            }
            Event::Reversed { month, beds } => {
                let month = month.to_string();
                tx.execute(&REOPEN, &[id.into(), (&month).into()])?;
                let answer = format!("NO: harm was seen in {month}; the {beds} beds are to open again.");
                tx.execute(&STAGE, &[Stage::Reversed.word().into(), (&answer).into(), 0.into(), id.into()])?;
            }
            Event::Reported { .. }
            | Event::CapacityCounted { .. }
            | Event::BalanceReported { .. }
            | Event::RecordingChanged { .. } => {}
        }
        Ok(())
    }
}

const NOTHING_YET: &str = "NO: no month has been looked at yet.";

fn word(party: Party) -> &'static str {
    match party {
        Party::Commissioners => "commissioners",
        Party::Providers => "providers",
    }
}

fn keep(tx: &mut dyn Tx, entry: &Entry, look: &Look, hash: &str, instead_of: Option<&String>) -> Result<()> {
    let month = look.month.to_string();
    let body = serde_json::to_string(look)
        .map_err(|error| store::Error::Event { kind: entry.kind.clone(), why: error.to_string() })?;
    tx.execute(
        &KEEP,
        &[
            entry.stream.into(),
            entry.version.into(),
            entry.at.as_microsecond().into(),
            i64::from(look.clock).into(),
            (&month).into(),
            hash.into(),
            instead_of.into(),
            (&body).into(),
        ],
    )?;
    // Publication and signatures are for the very look; a new one has neither, whatever its figures say.
    let stage = look.stage.min(Stage::QuantityOk).word();
    let answer = if look.stage < Stage::Signed { look.answer.as_str() } else { UNSIGNED };
    tx.execute(&STAND, &[stage.into(), answer.into(), entry.stream.into()])?;
    Ok(())
}

const UNSIGNED: &str = "NO: the figures allow it; the look is to be made public and signed by both sides.";

/// How a decision stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateRow {
    /// Its stream.
    pub id: Uuid,
    /// In words.
    pub title: String,
    /// How many beds are asked for.
    pub beds: i64,
    /// Which clock.
    pub clock: i64,
    /// When the present protocol was registered.
    pub registered: Timestamp,
    /// The first month that counts.
    pub start: String,
    /// The protocol's hash.
    pub hash: String,
    /// How far it has come, in a word of [`Stage`].
    pub stage: String,
    /// The answer at the last event.
    pub answer: String,
    /// Beds that have gone, and not come back.
    pub released: i64,
}

/// A look as it was made.
#[derive(Debug, Clone, PartialEq)]
pub struct LookRow {
    /// Its place among what happened to the decision.
    pub number: i64,
    /// When it was made.
    pub at: Timestamp,
    /// Which clock.
    pub clock: i64,
    /// Which month.
    pub month: String,
    /// Its hash.
    pub hash: String,
    /// The hash of the look that it was made instead of, because a month was restated.
    pub instead_of: Option<String>,
    /// When it was made public.
    pub published: Option<Timestamp>,
    /// What was found.
    pub look: Look,
}

/// A month that was reported otherwise than before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestatedRow {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub who: String,
    /// Why.
    pub reason: String,
    /// Which series.
    pub series: String,
    /// Which month.
    pub month: String,
    /// As it was.
    pub was: i64,
    /// As it is.
    pub became: i64,
}

/// A signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedRow {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub who: String,
    /// For whom.
    pub party: String,
    /// Under which look.
    pub look: String,
}

/// A look for harm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HarmRow {
    /// The latest month.
    pub month: String,
    /// When.
    pub at: Timestamp,
    /// The evidence, as a natural logarithm with six decimals.
    pub log_e: String,
    /// Whether the beds were opened again.
    pub reopened: bool,
}

/// Every decision, the oldest protocol first.
///
/// # Errors
/// What the database says.
pub fn all(tx: &mut dyn Tx) -> Result<Vec<GateRow>> {
    tx.all(&ALL, &[], gate)
}

/// One decision.
///
/// # Errors
/// What the database says.
pub fn one(tx: &mut dyn Tx, id: Uuid) -> Result<Option<GateRow>> {
    tx.first(&ONE, &[id.into()], gate)
}

/// Every look of a decision in every form it has had, in the order in which they were made.
///
/// # Errors
/// What the database says, or a look that cannot be read.
pub fn looks(tx: &mut dyn Tx, id: Uuid) -> Result<Vec<LookRow>> {
    tx.all(&LOOKS, &[id.into()], |row| {
        let look = serde_json::from_str(row.text(7)?)
            .map_err(|error| store::Error::Corrupt(format!("a look of the bed gate cannot be read: {error}")))?;
        Ok(LookRow {
            number: row.int(0)?,
            at: row.time(1)?,
            clock: row.int(2)?,
            month: row.string(3)?,
            hash: row.string(4)?,
            instead_of: row.string_or_null(5)?,
            published: row.time_or_null(6)?,
            look,
        })
    })
}

/// What was restated.
///
/// # Errors
/// What the database says.
pub fn restated(tx: &mut dyn Tx, id: Uuid) -> Result<Vec<RestatedRow>> {
    tx.all(&RESTATEMENTS, &[id.into()], |row| {
        Ok(RestatedRow {
            at: row.time(0)?,
            who: row.string(1)?,
            reason: row.string(2)?,
            series: row.string(3)?,
            month: row.string(4)?,
            was: row.int(5)?,
            became: row.int(6)?,
        })
    })
}

/// Who signed.
///
/// # Errors
/// What the database says.
pub fn signed(tx: &mut dyn Tx, id: Uuid) -> Result<Vec<SignedRow>> {
    tx.all(&SIGNATURES, &[id.into()], |row| {
        Ok(SignedRow { at: row.time(0)?, who: row.string(1)?, party: row.string(2)?, look: row.string(3)? })
    })
}

/// What was found of harm since beds went.
///
/// # Errors
/// What the database says.
pub fn harm(tx: &mut dyn Tx, id: Uuid) -> Result<Vec<HarmRow>> {
    tx.all(&HARMS, &[id.into()], |row| {
        Ok(HarmRow { month: row.string(0)?, at: row.time(1)?, log_e: row.string(2)?, reopened: row.int(3)? == 1 })
    })
}

fn gate(row: &dyn Row) -> Result<GateRow> {
    Ok(GateRow {
        id: row.uuid(0)?,
        title: row.string(1)?,
        beds: row.int(2)?,
        clock: row.int(3)?,
        registered: row.time(4)?,
        start: row.string(5)?,
        hash: row.string(6)?,
        stage: row.string(7)?,
        answer: row.string(8)?,
        released: row.int(9)?,
    })
}

/// The stream of a decision: it follows from its title, so that one cannot be begun twice under the same name.
#[must_use]
pub fn stream(title: &str) -> Uuid {
    super::named("weft-bed-gate-1", title)
}

#[cfg(test)]
mod tests;
