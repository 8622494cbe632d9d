//! Reading asks: ids by themselves, lines with a permit. Must not show a word of an ask to whom the policies show less.

use access::{Class, Item, Level, Permit, Scope, Seal, Sealed, Sensitivity, Sight, Ties, WorklistPermit};
use jiff::Timestamp;
use store::{Entry, Param, Result, Row, Sql, Tx};
use uuid::Uuid;

use super::WHENEVER;
use crate::ask::{Ending, Kind, State, Urgency};
use crate::hop;
use crate::team::Team;
use crate::triage::Level as Need;

macro_rules! selected {
    ($rest:literal) => {
        Sql::both(concat!(
            "SELECT id, person, described, kind, urgency, state, owner, sender, asker, happened, submitted, due, received,
             worker, offered, offered_at, decision, level, scheduled, ending, answered, answer, closed, alternative, answerable,
             redirected, author, neighbour, neighbour_by FROM ask WHERE ",
            $rest
        ))
    };
}

static BY_ID: Sql = selected!("id = $1");
static OF_PERSON: Sql = selected!("person = $1 ORDER BY submitted DESC, id DESC LIMIT $2");
static OWNED: Sql = selected!("owner = $1 AND closed IS NULL AND due < $2 ORDER BY due, id LIMIT $3");
static WORKED: Sql = selected!("worker = $1 AND closed IS NULL AND due < $2 ORDER BY due, id LIMIT $3");
static OFFERED: Sql =
    selected!("offered = $1 AND offered IS NOT NULL AND offered_at < $2 ORDER BY offered_at, id LIMIT $3");
static WAITS: Sql =
    selected!("owner = $1 AND offered IS NOT NULL AND offered_at < $2 ORDER BY offered_at, id LIMIT $3");
static NEIGHBOUR: Sql =
    selected!("owner = $1 AND neighbour IS NOT NULL AND neighbour_by < $2 ORDER BY neighbour_by, id LIMIT $3");
static ASKED: Sql =
    selected!("sender = $1 AND sender <> '' AND submitted < $2 AND answered IS NULL ORDER BY submitted, id LIMIT $3");
static QUESTIONED: Sql = selected!(
    "sender = $1 AND sender <> '' AND submitted < $2 AND state = 'more-info-asked' ORDER BY submitted, id LIMIT $3"
);
static WRITTEN: Sql = selected!("author = $1 AND submitted < $2 ORDER BY submitted DESC, id DESC LIMIT $3");
static COUNT_OWNED: Sql = Sql::both("SELECT count(*) FROM ask WHERE owner = $1 AND closed IS NULL AND due < $2");
static COUNT_WORKED: Sql = Sql::both("SELECT count(*) FROM ask WHERE worker = $1 AND closed IS NULL AND due < $2");
static COUNT_OFFERED: Sql =
    Sql::both("SELECT count(*) FROM ask WHERE offered = $1 AND offered IS NOT NULL AND offered_at < $2");
static COUNT_WAITS: Sql =
    Sql::both("SELECT count(*) FROM ask WHERE owner = $1 AND offered IS NOT NULL AND offered_at < $2");
static COUNT_NEIGHBOUR: Sql =
    Sql::both("SELECT count(*) FROM ask WHERE owner = $1 AND neighbour IS NOT NULL AND neighbour_by < $2");
static COUNT_ASKED: Sql =
    Sql::both("SELECT count(*) FROM ask WHERE sender = $1 AND sender <> '' AND submitted < $2 AND answered IS NULL");
static COUNT_QUESTIONED: Sql = Sql::both(
    "SELECT count(*) FROM ask WHERE sender = $1 AND sender <> '' AND submitted < $2 AND state = 'more-info-asked'",
);
static COUNT_WRITTEN: Sql = Sql::both("SELECT count(*) FROM ask WHERE author = $1 AND submitted < $2");
static IDS: Sql = Sql::both("SELECT id FROM ask WHERE person = $1 ORDER BY submitted, id LIMIT $2");
static WHOSE: Sql = Sql::both("SELECT person FROM ask WHERE id = $1");

pub(crate) static STATEMENTS: &[&Sql] = &[
    &BY_ID,
    &OF_PERSON,
    &OWNED,
    &WORKED,
    &OFFERED,
    &WAITS,
    &NEIGHBOUR,
    &COUNT_NEIGHBOUR,
    &ASKED,
    &QUESTIONED,
    &WRITTEN,
    &COUNT_OWNED,
    &COUNT_WORKED,
    &COUNT_OFFERED,
    &COUNT_WAITS,
    &COUNT_ASKED,
    &COUNT_QUESTIONED,
    &COUNT_WRITTEN,
    &IDS,
    &WHOSE,
];

/// One row, as found: whom it is about is known, and nothing of it is shown before there is a permit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) id: Uuid,
    pub(crate) person: Uuid,
    line: Shown,
}

/// Where an ask stands, by time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Where it is.
    pub state: State,
    /// Who has it.
    pub owner: Team,
    /// When it was sent.
    pub submitted: Timestamp,
    /// When somebody of the team that was asked had it.
    pub received: Option<Timestamp>,
    /// By when whoever asked can expect something; `None` where it can wait its turn. Not a clock: those have their own policies.
    pub due: Option<Timestamp>,
    /// When somebody will see the person.
    pub scheduled: Option<Timestamp>,
    /// When whoever asked was told, or it was written down that they cannot be.
    pub answered: Option<Timestamp>,
    /// Whether they were told; `false` where they could not be.
    pub told: Option<bool>,
    /// When it was closed.
    pub closed: Option<Timestamp>,
}

/// What a line shows of an ask to whom it shows it whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Where it stands.
    pub place: Place,
    /// What kind of help.
    pub kind: Kind,
    /// How soon: as decided, or as asked while nothing is.
    pub urgency: Urgency,
    /// Who is described, where nobody was found.
    pub described: Option<String>,
    /// The team that asked, where it is one of the borough.
    pub sender: Option<Team>,
    /// Who asked, and what they are to the person.
    pub asker: String,
    /// The id of the reader who sent it.
    pub author: String,
    /// What happened, in one line.
    pub happened: String,
    /// The id of the reader who took it last.
    pub worker: Option<String>,
    /// The team it is offered to, since when.
    pub offered: Option<(Team, Timestamp)>,
    /// The word of what was decided.
    pub decision: Option<String>,
    /// The level of need that was decided.
    pub level: Option<Need>,
    /// What instead, where it was declined.
    pub alternative: Option<String>,
    /// Who sees to that: the name, a comma, and the word of their team.
    pub answerable: Option<String>,
    /// Where it went on to.
    pub redirected: Option<String>,
    /// What came of it.
    pub ending: Option<Ending>,
    /// Who of the borough next door was asked and has not answered, as [`Shown::answerable`] says it, and the moment from which that is late.
    pub neighbour: Option<(String, Timestamp)>,
}

impl Shown {
    /// Whether it should be further by now.
    #[must_use]
    pub fn is_late(&self, now: Timestamp) -> bool {
        self.place.closed.is_none() && self.place.due.is_some_and(|due| due < now)
    }

    /// Whether it is offered to a team that has not answered for longer than is good.
    #[must_use]
    pub fn is_alarm(&self, now: Timestamp) -> bool {
        self.offered.as_ref().is_some_and(|(_, since)| hop::is_alarm(*since, self.urgency, now))
    }

    /// Who takes part in it, as holders of relationships.
    fn teams(&self) -> impl Iterator<Item = &Team> {
        let offered = self.offered.as_ref().map(|(team, _)| team);
        std::iter::once(&self.place.owner).chain(&self.sender).chain(offered)
    }

    /// What it is to the policies, for somebody who acts for these.
    fn item(&self, holders: &[String]) -> Item {
        let ours = self.teams().any(|team| holders.iter().any(|one| one == team.word()));
        Item { class: Class::Ask, ours, sensitivity: Sensitivity::Ordinary, seal: Seal::None, harmful: false }
    }
}

/// One ask on a list, with as much of it as the policies show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Which.
    pub id: Uuid,
    /// For whom, by the root.
    pub person: Uuid,
    /// All of it; `None` where only that there is one may be known.
    pub shown: Option<Shown>,
}

impl Found {
    /// Its place on a list: the soonest due, the longest waiting, the oldest or the newest first.
    pub(crate) fn order(&self, range: Range) -> (i64, Uuid) {
        let due = self.line.place.due.map_or(WHENEVER, Timestamp::as_microsecond);
        let submitted = self.line.place.submitted.as_microsecond();
        let offered = self.line.offered.as_ref().map_or(0, |(_, at)| at.as_microsecond());
        let moment = match range {
            Range::Owned | Range::Worked => due,
            Range::Offered | Range::Waits => offered,
            Range::Neighbour => self.line.neighbour.as_ref().map_or(0, |(_, by)| by.as_microsecond()),
            Range::Asked | Range::Questioned => submitted,
            Range::Written => -submitted,
        };
        (moment, self.id)
    }

    /// Whether one of these teams takes part in it.
    pub(crate) fn is_of(&self, teams: &[String]) -> bool {
        self.line.teams().any(|team| teams.iter().any(|one| one == team.word()))
    }

    /// As much of it as somebody may see; `None` where they may not know of it.
    pub(crate) fn seen_by(self, sight: &Sight) -> Option<Line> {
        let shown = match sight.level(&self.line.item(sight.holders())) {
            Level::Hidden => return None,
            Level::Full => Some(self.line),
            Level::Masked | Level::ExistenceOnly => None,
        };
        Some(Line { id: self.id, person: self.person, shown })
    }
}

pub(crate) fn found(row: &dyn Row) -> Result<Found> {
    fn unknown(what: &'static str) -> impl FnOnce() -> store::Error {
        move || store::Error::Corrupt(format!("an ask has a {what} that is none"))
    }
    let team = |index: usize| -> Result<Option<Team>> {
        let word = row.text_or_null(index)?.filter(|word| !word.is_empty());
        word.map(|word| Team::try_from(word.to_owned()).map_err(|_| unknown("team")())).transpose()
    };
    let offered = team(14)?.zip(row.time_or_null(15)?);
    let place = Place {
        state: State::from_word(row.text(5)?).ok_or_else(unknown("state"))?,
        owner: team(6)?.ok_or_else(unknown("owner"))?,
        submitted: row.time(10)?,
        received: row.time_or_null(12)?,
        due: row.time_or_null(11)?.filter(|due| due.as_microsecond() < WHENEVER),
        scheduled: row.time_or_null(18)?,
        answered: row.time_or_null(20)?,
        told: row.text_or_null(21)?.map(|answer| answer == "sent"),
        closed: row.time_or_null(22)?,
    };
    let line = Shown {
        place,
        kind: Kind::from_word(row.text(3)?).ok_or_else(unknown("kind"))?,
        urgency: Urgency::from_word(row.text(4)?).ok_or_else(unknown("urgency"))?,
        described: row.string_or_null(2)?,
        sender: team(7)?,
        asker: row.string(8)?,
        author: row.string(26)?,
        happened: row.string(9)?,
        worker: row.string_or_null(13)?,
        offered,
        decision: row.string_or_null(16)?,
        level: row.text_or_null(17)?.and_then(Need::from_word),
        alternative: row.string_or_null(23)?,
        answerable: row.string_or_null(24)?,
        redirected: row.string_or_null(25)?,
        ending: row.text_or_null(19)?.and_then(Ending::from_word),
        neighbour: row.string_or_null(27)?.zip(row.time_or_null(28)?),
    };
    Ok(Found { id: row.uuid(0)?, person: row.uuid(1)?, line })
}

/// Which range of the table a list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Range {
    Owned,
    Worked,
    Offered,
    Waits,
    Neighbour,
    Asked,
    Questioned,
    Written,
}

/// A part of a list: what belongs to one team or reader, before a moment.
pub(crate) fn part(tx: &mut dyn Tx, range: Range, whose: &str, before: i64, most: i64) -> Result<Vec<Found>> {
    let sql = match range {
        Range::Owned => &OWNED,
        Range::Worked => &WORKED,
        Range::Offered => &OFFERED,
        Range::Waits => &WAITS,
        Range::Neighbour => &NEIGHBOUR,
        Range::Asked => &ASKED,
        Range::Questioned => &QUESTIONED,
        Range::Written => &WRITTEN,
    };
    tx.all(sql, &[whose.into(), before.into(), most.into()], found)
}

/// One ask, shut.
pub(crate) fn one(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Found>> {
    tx.first(&BY_ID, &[id.into()], found)
}

/// How many stand in that part altogether.
pub(crate) fn count(tx: &mut dyn Tx, range: Range, whose: &str, before: i64) -> Result<i64> {
    let sql = match range {
        Range::Owned => &COUNT_OWNED,
        Range::Worked => &COUNT_WORKED,
        Range::Offered => &COUNT_OFFERED,
        Range::Waits => &COUNT_WAITS,
        Range::Neighbour => &COUNT_NEIGHBOUR,
        Range::Asked => &COUNT_ASKED,
        Range::Questioned => &COUNT_QUESTIONED,
        Range::Written => &COUNT_WRITTEN,
    };
    Ok(tx.first(sql, &[whose.into(), before.into()], |row| row.int(0))?.unwrap_or_default())
}

/// For whom an ask is, by the root; nothing else of it. What a gate is asked about before anything is shown.
///
/// # Errors
/// What the database says.
pub fn person_of(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Uuid>> {
    tx.first(&WHOSE, &[id.into()], |row| row.uuid(0))
}

/// How whoever asked described somebody whom nobody has found, for a list; `None` where the permit does not cover the asks for them
/// whole, or they were found.
///
/// # Errors
/// What the database says.
pub fn described(tx: &mut dyn Tx, permit: &WorklistPermit, id: Uuid) -> Result<Option<String>> {
    let Some(line) = tx.first(&BY_ID, &[id.into()], found)? else { return Ok(None) };
    let line = permit.of(line.person).and_then(|sight| line.seen_by(sight));
    Ok(line.and_then(|line| line.shown).and_then(|shown| shown.described))
}

/// The ids of the asks for a person, the oldest first, at most so many; nothing else of them.
///
/// # Errors
/// What the database says.
pub fn ids_of(tx: &mut dyn Tx, person: Uuid, most: usize) -> Result<Vec<Uuid>> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    tx.all(&IDS, &[person.into(), most.into()], |row| row.uuid(0))
}

/// One ask with its history, for a program.
#[derive(Debug, Clone)]
pub struct Whole {
    /// Which.
    pub ask: Uuid,
    /// For whom, by the root.
    pub person: Uuid,
    /// When it was sent.
    pub submitted: Timestamp,
    /// All that has happened to it.
    pub history: Vec<Entry>,
}

/// One ask, sealed with the person it is for; nothing where this scope does not show it whole: anything less does not exist for a
/// program. `ties` are those of the person to whoever has the scope.
///
/// # Errors
/// What the database says.
pub fn whole(
    tx: &mut dyn Tx,
    scope: &Scope,
    ties: &mut dyn FnMut(&mut dyn Tx, Uuid) -> Result<Ties>,
    id: Uuid,
) -> Result<Sealed<Option<Whole>>> {
    let nothing = Ok(Sealed::new(Vec::new(), None));
    let Some(line) = tx.first(&BY_ID, &[id.into()], found)? else { return nothing };
    let ties = ties(tx, line.person)?;
    if !scope.may_read(&line.line.item(scope.holders()), &ties) {
        return nothing;
    }
    let history = store::log::stream(tx, id)?;
    let whole = Whole { ask: id, person: line.person, submitted: line.line.place.submitted, history };
    Ok(Sealed::new(vec![line.person], Some(whole)))
}

/// One ask, with as much of it as the permit covers; `None` where it is another person's, or may not be known of.
///
/// # Errors
/// What the database says.
pub fn of(tx: &mut dyn Tx, permit: &Permit, id: Uuid) -> Result<Option<Line>> {
    let line = tx.first(&BY_ID, &[id.into()], found)?.filter(|line| line.person == permit.person());
    Ok(line.and_then(|line| line.seen_by(permit.sight())))
}

/// The asks for one person, the newest first, at most so many.
///
/// # Errors
/// What the database says.
pub fn of_person(tx: &mut dyn Tx, permit: &Permit, most: usize) -> Result<Vec<Line>> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let params: [Param<'_>; 2] = [permit.person().into(), most.into()];
    let lines = tx.all(&OF_PERSON, &params, found)?;
    Ok(lines.into_iter().filter_map(|line| line.seen_by(permit.sight())).collect())
}
