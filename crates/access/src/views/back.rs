//! Requests to go back from pseudonyms to people, and whom a team was told of. No pseudonym stands in these tables: whoever reads
//! them cannot lay one beside a person. Must not say where a request stands now; that follows from the clock ([`crate::back::stage`]).

use jiff::Timestamp;
use store::table::{Index, Table, Type, column, optional};
use store::{Entry, Result, Row, Sql, Tx, View, aggregate};
use uuid::Uuid;

use crate::back::{Back, Decision, Event, Stage, State, stage, team};
use crate::permit::BackPermit;
use crate::role::Action;

static REQUEST: Table = Table {
    name: "back_request",
    columns: &[
        column("id", Type::Uuid),
        column("asked", Type::Int),
        column("asker", Type::Text),
        column("name", Type::Text),
        column("organisation", Type::Text),
        column("neighbourhood", Type::Text),
        column("count", Type::Int),
        column("offer", Type::Text),
        column("reason", Type::Text),
        column("state", Type::Text),
        column("until", Type::Int),
        optional("answered", Type::Int),
        column("officer", Type::Text),
        column("words", Type::Text),
        optional("handed", Type::Int),
        column("receiver", Type::Text),
        column("told", Type::Int),
        column("not_told", Type::Int),
    ],
    key: &["id"],
    clustered: false,
    indexes: &[
        Index { name: "back_request_asker", columns: &["asker", "asked"], unique: false, only: "" },
        Index { name: "back_request_state", columns: &["state", "asked"], unique: false, only: "" },
        Index { name: "back_request_team", columns: &["neighbourhood", "state", "until"], unique: false, only: "" },
    ],
};
static PERSON: Table = Table {
    name: "back_person",
    columns: &[
        column("request", Type::Uuid),
        column("person", Type::Uuid),
        optional("decided", Type::Int),
        column("name", Type::Text),
        column("taken_on", Type::Int),
        column("words", Type::Text),
    ],
    key: &["request", "person"],
    clustered: true,
    indexes: &[],
};
static TABLES: &[&Table] = &[&REQUEST, &PERSON];

static PUT: Sql = Sql::both(
    "INSERT INTO back_request (id, asked, asker, name, organisation, neighbourhood, count, offer, reason, state, until, answered,
       officer, words, handed, receiver, told, not_told)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL, '', '', NULL, '', 0, 0)",
);
static ANSWER: Sql =
    Sql::both("UPDATE back_request SET state = $2, until = $3, answered = $4, officer = $5, words = $6 WHERE id = $1");
static REFUSE: Sql =
    Sql::both("UPDATE back_request SET state = $2, answered = $3, officer = $4, words = $5 WHERE id = $1");
static WITHDRAW: Sql = Sql::both("UPDATE back_request SET state = $2 WHERE id = $1");
static HAND: Sql = Sql::both(
    "UPDATE back_request SET state = $2, until = $3, handed = $4, receiver = $5, told = $6, not_told = $7 WHERE id = $1",
);
static PUT_PERSON: Sql = Sql::both(
    "INSERT INTO back_person (request, person, decided, name, taken_on, words) VALUES ($1, $2, NULL, '', 0, '')",
);
static DECIDE: Sql = Sql::both(
    "UPDATE back_person SET decided = $3, name = $4, taken_on = $5, words = $6 WHERE request = $1 AND person = $2",
);
static ONE: Sql = Sql::both(
    "SELECT id, asked, name, organisation, neighbourhood, count, offer, reason, state, until, answered, officer, words, handed,
       receiver, told, not_told, asker FROM back_request WHERE id = $1",
);
static OF_ASKER: Sql = Sql::both(
    "SELECT id, asked, name, organisation, neighbourhood, count, offer, reason, state, until, answered, officer, words, handed,
       receiver, told, not_told, asker FROM back_request WHERE asker = $1 ORDER BY asked DESC, id LIMIT $2",
);
static WAITING: Sql = Sql::both(
    "SELECT id, asked, name, organisation, neighbourhood, count, offer, reason, state, until, answered, officer, words, handed,
       receiver, told, not_told, asker FROM back_request WHERE state = 'asked' AND until > $1 ORDER BY asked, id LIMIT $2",
);
static LATEST: Sql = Sql::both(
    "SELECT id, asked, name, organisation, neighbourhood, count, offer, reason, state, until, answered, officer, words, handed,
       receiver, told, not_told, asker FROM back_request WHERE state <> 'asked' OR until <= $1
     ORDER BY asked DESC, id LIMIT $2",
);
static OF_TEAM: Sql = Sql::both(
    "SELECT id, asked, name, organisation, neighbourhood, count, offer, reason, state, until, answered, officer, words, handed,
       receiver, told, not_told, asker FROM back_request
     WHERE neighbourhood = $1 AND state IN ('allowed', 'handed') AND until > $2 ORDER BY asked, id",
);
static COUNT_OF_ASKER: Sql =
    Sql::both("SELECT count(*) FROM back_request WHERE asker = $1 AND state = 'asked' AND until > $2");
static PEOPLE: Sql =
    Sql::both("SELECT person, decided, name, taken_on, words FROM back_person WHERE request = $1 ORDER BY person");

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[
    &PUT,
    &ANSWER,
    &REFUSE,
    &WITHDRAW,
    &HAND,
    &PUT_PERSON,
    &DECIDE,
    &ONE,
    &OF_ASKER,
    &WAITING,
    &LATEST,
    &OF_TEAM,
    &COUNT_OF_ASKER,
    &PEOPLE,
];

/// Keeps the tables of requests.
pub struct Requests;

impl View for Requests {
    fn name(&self) -> &'static str {
        "back"
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn on_event(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
        if entry.kind != <Back as store::Aggregate>::KIND {
            return Ok(());
        }
        let (id, at) = (entry.stream, entry.at.as_microsecond());
        match aggregate::read::<Back>(entry)? {
            Event::BackAsked { by, pseudonyms, neighbourhood, offer, reason, until, .. } => {
                let count = i64::try_from(pseudonyms.len()).unwrap_or(i64::MAX);
                tx.execute(
                    &PUT,
                    &[
                        id.into(),
                        at.into(),
                        (&by.id).into(),
                        (&by.name).into(),
                        (&by.organisation).into(),
                        (&neighbourhood).into(),
                        count.into(),
                        (&offer).into(),
                        (&reason).into(),
                        State::Asked.word().into(),
                        until.as_microsecond().into(),
                    ],
                )?;
            }
            Event::BackAllowed { by, words, until } => {
                let (state, until) = (State::Allowed.word(), until.as_microsecond());
                let row = [id.into(), state.into(), until.into(), at.into(), (&by.name).into(), (&words).into()];
                tx.execute(&ANSWER, &row)?;
            }
            Event::BackRefused { by, words } => {
                let state = State::Refused.word();
                tx.execute(&REFUSE, &[id.into(), state.into(), at.into(), (&by.name).into(), (&words).into()])?;
            }
            Event::BackWithdrawn { .. } => {
                tx.execute(&WITHDRAW, &[id.into(), State::Withdrawn.word().into()])?;
            }
            Event::BackHandedOver { by, people, left, until } => {
                let told = i64::try_from(people.len()).unwrap_or(i64::MAX);
                let (state, until) = (State::Handed.word(), until.as_microsecond());
                let by = (&by.name).into();
                tx.execute(&HAND, &[id.into(), state.into(), until.into(), at.into(), by, told.into(), left.into()])?;
                for person in people {
                    tx.execute(&PUT_PERSON, &[id.into(), person.into()])?;
                }
            }
            Event::BackDecided { by, person, decision } => {
                let (taken_on, words) = match &decision {
                    Decision::TakenOn { .. } => (1, ""),
                    Decision::NotTakenOn { reason } => (0, reason.as_str()),
                };
                let row = [id.into(), person.into(), at.into(), (&by.name).into(), taken_on.into(), words.into()];
                tx.execute(&DECIDE, &row)?;
            }
        }
        Ok(())
    }
}

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its history in the log.
    pub id: Uuid,
    /// When it was asked.
    pub asked: Timestamp,
    /// Who asked, by name.
    pub name: String,
    /// For which organisation.
    pub organisation: String,
    /// The neighbourhood whose team is to be told.
    pub neighbourhood: String,
    /// How many pseudonyms.
    pub count: i64,
    /// What the team will offer.
    pub offer: String,
    /// Why.
    pub reason: String,
    /// What happened last.
    pub state: State,
    /// Until when that holds.
    pub until: Timestamp,
    /// When it was answered.
    pub answered: Option<Timestamp>,
    /// By whom.
    pub officer: String,
    /// In which words.
    pub words: String,
    /// When the team was told.
    pub handed: Option<Timestamp>,
    /// Who of the team opened it.
    pub receiver: String,
    /// Of how many people; not yet fit to be shown.
    pub told: i64,
    /// For how many pseudonyms nobody was told; not yet fit to be shown.
    pub not_told: i64,
    /// Who asked, by their id.
    pub asker: String,
}

impl Request {
    /// Where it stands.
    #[must_use]
    pub fn stage(&self, now: Timestamp) -> Stage {
        stage(self.state, self.until, now)
    }
}

fn request(row: &dyn Row) -> Result<Request> {
    Ok(Request {
        id: row.uuid(0)?,
        asked: row.time(1)?,
        name: row.string(2)?,
        organisation: row.string(3)?,
        neighbourhood: row.string(4)?,
        count: row.int(5)?,
        offer: row.string(6)?,
        reason: row.string(7)?,
        // What is no state opens nothing.
        state: State::from_word(row.text(8)?).unwrap_or(State::Withdrawn),
        until: row.time(9)?,
        answered: row.time_or_null(10)?,
        officer: row.string(11)?,
        words: row.string(12)?,
        handed: row.time_or_null(13)?,
        receiver: row.string(14)?,
        told: row.int(15)?,
        not_told: row.int(16)?,
        asker: row.string(17)?,
    })
}

/// Of the requests that there are, whether one may be read with a permit: by whoever asked, by who answers them, by the team.
fn reads(permit: &BackPermit, request: &Request) -> bool {
    match permit.action() {
        Action::AskBack => request.asker == permit.by().id,
        Action::AllowBack => true,
        _ => {
            matches!(request.state, State::Allowed | State::Handed) && permit.by().is_of(&team(&request.neighbourhood))
        }
    }
}

/// One request; `None` where it is not there, or not for whoever has the permit.
///
/// # Errors
/// What the database says.
pub fn one(tx: &mut dyn Tx, permit: &BackPermit, id: Uuid) -> Result<Option<Request>> {
    Ok(by_id(tx, id)?.filter(|request| reads(permit, request)))
}

pub(crate) fn by_id(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Request>> {
    tx.first(&ONE, &[id.into()], request)
}

/// The requests of whoever has the permit, the latest first. Nothing for who asks for none.
///
/// # Errors
/// What the database says.
pub fn own(tx: &mut dyn Tx, permit: &BackPermit, most: i64) -> Result<Vec<Request>> {
    match permit.action() {
        Action::AskBack => tx.all(&OF_ASKER, &[(&permit.by().id).into(), most.into()], request),
        _ => Ok(Vec::new()),
    }
}

/// Those that wait for an answer, the oldest first, and the others, the latest first. Nothing for who answers none.
///
/// # Errors
/// What the database says.
pub fn listed(tx: &mut dyn Tx, permit: &BackPermit, now: Timestamp, most: i64) -> Result<(Vec<Request>, Vec<Request>)> {
    if permit.action() != Action::AllowBack {
        return Ok((Vec::new(), Vec::new()));
    }
    let values = [now.as_microsecond().into(), most.into()];
    Ok((tx.all(&WAITING, &values, request)?, tx.all(&LATEST, &values, request)?))
}

/// What a team may open, and what it has opened and still stands on its desk; the oldest first.
///
/// # Errors
/// What the database says.
pub fn of_team(tx: &mut dyn Tx, permit: &BackPermit, neighbourhood: &str, now: Timestamp) -> Result<Vec<Request>> {
    let mut all = tx.all(&OF_TEAM, &[neighbourhood.into(), now.as_microsecond().into()], request)?;
    all.retain(|request| permit.action() == Action::GoBack && reads(permit, request));
    Ok(all)
}

/// How many requests of an analyst wait for an answer.
pub(crate) fn waiting_of(tx: &mut dyn Tx, asker: &str, now: Timestamp) -> Result<i64> {
    Ok(tx.first(&COUNT_OF_ASKER, &[asker.into(), now.as_microsecond().into()], |row| row.int(0))?.unwrap_or_default())
}

/// Somebody of whom a team was told, by an id that says nothing of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// By their root at the time.
    pub person: Uuid,
    /// What the team decided: when, who, whether they were taken on, and if not, why.
    pub decided: Option<(Timestamp, String, bool, String)>,
}

/// Whom a team was told of by a request of its own, for the gate; whoever asked is never told, nor who allowed it.
///
/// # Errors
/// What the database says.
pub fn told(tx: &mut dyn Tx, permit: &BackPermit, id: Uuid) -> Result<Vec<Told>> {
    let theirs = one(tx, permit, id)?.is_some_and(|request| request.state == State::Handed);
    if !theirs || permit.action() != Action::GoBack {
        return Ok(Vec::new());
    }
    tx.all(&PEOPLE, &[id.into()], |row| {
        let decided = match row.time_or_null(1)? {
            Some(at) => Some((at, row.string(2)?, row.int(3)? != 0, row.string(4)?)),
            None => None,
        };
        Ok(Told { person: row.uuid(0)?, decided })
    })
}

/// The pseudonyms that a team may be told of now, with its neighbourhood, for whoever finds out whose they are; `None` where the
/// request is not open to whoever has the permit.
///
/// # Errors
/// What the database says, or a request that cannot be read.
pub fn to_open(
    tx: &mut dyn Tx,
    permit: &BackPermit,
    id: Uuid,
    now: Timestamp,
) -> Result<Option<(Vec<String>, String)>> {
    if permit.action() != Action::GoBack || one(tx, permit, id)?.is_none() {
        return Ok(None);
    }
    let (back, _) = aggregate::load::<Back>(&store::log::stream(tx, id)?)?;
    Ok(back.open(now).map(|(pseudonyms, neighbourhood)| (pseudonyms.to_vec(), neighbourhood.to_owned())))
}
