//! How people stand to those who care for them: one row a relationship, with who holds it and from when until when, so that
//! the gate learns by one range of rows what ties a person to a reader, and a search learns it inside its own statement. Must
//! not decide what a relationship opens.

use std::collections::BTreeMap;

use access::glass::Glass;
use access::sharing::Sharing;
use access::tie::Relationship;
use access::{Class, Classes, Tie};
use jiff::Timestamp;
use place::{CareHome, OdsCode, Place};
use sha2::{Digest, Sha256};
use store::table::{Index, Table, Type, column};
use store::{Aggregate, Entry, Resource, Result, Sql, Tx, View, aggregate};
use uuid::Uuid;

use super::belonging::placed_of;
use super::demographic::is_withheld;
use super::person::root;
use crate::person::{Event, Person};
use crate::resource::{ODS_CODE, each, text};
use crate::standing::span::{self, FAR, Span};
use crate::standing::{organisation, practice, senders};
use crate::worklist::lives_in;

static STANDING: Table = Table {
    name: "standing",
    columns: &[
        column("person", Type::Uuid),
        column("tie", Type::Text),
        column("holder", Type::Text),
        column("source", Type::Uuid),
        column("classes", Type::Int),
        column("since", Type::Int),
        column("until", Type::Int),
        column("leaf", Type::Uuid),
    ],
    key: &["person", "tie", "holder", "source"],
    clustered: true,
    indexes: &[
        Index { name: "standing_holder", columns: &["holder", "person"], unique: false, only: "" },
        Index { name: "standing_glass", columns: &["source"], unique: false, only: "tie = 'glass'" },
    ],
};
static TABLES: &[&Table] = &[&STANDING];

static PUT: Sql = Sql::both(
    "INSERT INTO standing (person, tie, holder, source, classes, since, until, leaf) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (person, tie, holder, source) DO UPDATE
     SET classes = excluded.classes, since = excluded.since, until = excluded.until, leaf = excluded.leaf",
);
static TAKE: Sql = Sql::both("DELETE FROM standing WHERE person = $1 AND source = $2");
static TAKE_TIE: Sql = Sql::both("DELETE FROM standing WHERE person = $1 AND tie = $2");
static TAKE_HOLDER: Sql = Sql::both("DELETE FROM standing WHERE person = $1 AND tie = $2 AND holder = $3");
static TAKE_GLASS: Sql = Sql::both("DELETE FROM standing WHERE source = $1 AND tie = 'glass'");
static MOVE: Sql = Sql::both("UPDATE standing SET person = $1 WHERE person = $2");
static GIVE_BACK: Sql = Sql::both("UPDATE standing SET person = $1 WHERE person = $2 AND leaf = $3");
static AT: Sql =
    Sql::both("SELECT tie, holder, classes FROM standing WHERE person = $1 AND since <= $2 AND until > $2");

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[&PUT, &TAKE, &TAKE_TIE, &TAKE_HOLDER, &TAKE_GLASS, &MOVE, &GIVE_BACK, &AT];

/// The word in the column `tie` of what is no tie: the person has objected to sharing.
pub(crate) const OBJECTION: &str = "objection";
/// The same: a source asks that nobody who does not know the person finds them (a sensitive record).
pub(crate) const WITHHELD: &str = "withheld";

/// Raised when the same words would now give other rows.
const VERSION: u32 = 2;

/// The source of what follows from all that is said of somebody's practice and home, and not from one resource.
const BELONGING: Uuid = Uuid::nil();

/// Keeps the table of relationships. Hears of things after the people and where they belong, which it asks.
#[derive(Debug)]
pub struct StandingView {
    /// The holder of a feed's relationships.
    senders: BTreeMap<String, String>,
    /// The holder of a practice's neighbourhood, by the practice's code.
    neighbourhoods: BTreeMap<String, String>,
    /// The homes at a postcode.
    homes: BTreeMap<String, Vec<CareHome>>,
    /// The holder of what is asked of an organisation, by its code and those of its sites.
    organisations: BTreeMap<String, String>,
    version: u32,
}

impl StandingView {
    /// For the organisations of a place.
    #[must_use]
    pub fn of(place: &Place) -> Self {
        let neighbourhood = |practice: &place::Practice| {
            (practice.code.to_string(), access::back::team(practice.neighbourhood.as_str()))
        };
        let mut homes: BTreeMap<String, Vec<CareHome>> = BTreeMap::new();
        for home in place.care_homes() {
            homes.entry(home.postcode.as_str().to_owned()).or_default().push(home.clone());
        }
        let codes = |one: &place::Organisation| -> Vec<(String, String)> {
            let codes = one.sites.iter().filter_map(|site| site.ods.as_ref()).chain(&one.ods);
            codes.map(|code: &OdsCode| (code.to_string(), organisation(&one.id))).collect()
        };
        let practices = place.practices().iter().map(|one| (one.code.to_string(), practice(one.code.as_str())));
        let mut view = Self {
            senders: senders(place),
            neighbourhoods: place.practices().iter().map(neighbourhood).collect(),
            homes,
            organisations: place.organisations().iter().flat_map(codes).chain(practices).collect(),
            version: 0,
        };
        view.version = view.hash();
        view
    }

    /// Another for every other place, so that a place that changes has its relationships made again.
    fn hash(&self) -> u32 {
        let homes: Vec<_> = self.homes.values().flatten().map(|one| (&one.id, &one.name, &one.address)).collect();
        let words = format!(
            "{VERSION} {:?} {:?} {:?} {homes:?} {:?}",
            self.senders,
            self.neighbourhoods,
            self.organisations,
            self.homes.keys()
        );
        let hash = Sha256::digest(words.as_bytes());
        hash.iter().take(4).fold(0, |number, byte| number << 8 | u32::from(*byte))
    }

    /// Brings what follows from practice and home in step with what the sources say now.
    fn settle(&self, tx: &mut dyn Tx, person: Uuid) -> Result<()> {
        tx.execute(&TAKE, &[person.into(), BELONGING.into()])?;
        let always = |tie: &'static str, holder: String| Row {
            person,
            tie,
            holder,
            source: BELONGING,
            classes: Classes::ALL,
            since: 0,
            until: FAR,
            leaf: person,
        };
        if let Some(placed) = placed_of(tx, person)? {
            if !placed.practice.is_empty() {
                put(tx, &always(Tie::Registration.word(), practice(&placed.practice)))?;
            }
            if let Some(neighbourhood) = self.neighbourhoods.get(&placed.practice) {
                put(tx, &always(Tie::Neighbourhood.word(), neighbourhood.clone()))?;
            }
            for home in self.homes.get(&placed.postcode).into_iter().flatten() {
                if lives_in(home, &placed.address) {
                    put(tx, &always(Tie::Residence.word(), format!("home:{}", home.id)))?;
                }
            }
        }
        if is_withheld(tx, person)? {
            put(tx, &always(WITHHELD, String::new()))?;
        }
        Ok(())
    }

    /// Who holds the tie that a resource of a feed opens.
    fn holders(&self, resource: &Resource, span: Span) -> Result<Vec<&String>> {
        let mut holders: Vec<&String> = self.senders.get(&resource.feed).into_iter().collect();
        if span.tie == Tie::Ask {
            // Whoever is asked, where they are named by a code of the national register.
            let value = resource.json()?;
            let asked = each(value.as_ref(), "performer").chain(each(value.as_ref(), "owner"));
            let codes = asked.filter_map(|one| one.get("identifier"));
            let codes = codes.filter(|one| text(one, "system") == Some(ODS_CODE)).filter_map(|one| text(one, "value"));
            holders.extend(codes.filter_map(|code| self.organisations.get(code)));
            holders.sort_unstable();
            holders.dedup();
        }
        Ok(holders)
    }
}

impl View for StandingView {
    fn name(&self) -> &'static str {
        "standing"
    }

    fn version(&self) -> u32 {
        self.version
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn on_event(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
        match entry.kind.as_str() {
            Person::KIND => match aggregate::read::<Person>(entry)? {
                Event::Joined { into, .. } => {
                    tx.execute(&TAKE, &[entry.stream.into(), BELONGING.into()])?;
                    tx.execute(&MOVE, &[into.into(), entry.stream.into()])?;
                    self.settle(tx, into)
                }
                Event::Parted { from, with, .. } => {
                    for leaf in with {
                        tx.execute(&GIVE_BACK, &[entry.stream.into(), from.into(), leaf.into()])?;
                    }
                    self.settle(tx, from)?;
                    self.settle(tx, entry.stream)
                }
                Event::Found { .. } | Event::Disputed { .. } => Ok(()),
            },
            Relationship::KIND => relationship(tx, entry),
            Glass::KIND => glass(tx, entry),
            Sharing::KIND => sharing(tx, entry),
            _ => Ok(()),
        }
    }

    fn on_resource(&self, tx: &mut dyn Tx, before: Option<&Resource>, now: &Resource) -> Result<()> {
        if now.kind == "Patient" {
            if let Some(before) = before.filter(|before| before.person != now.person) {
                let was = root(tx, before.person)?;
                self.settle(tx, was)?;
            }
            let is = root(tx, now.person)?;
            return self.settle(tx, is);
        }
        if !span::ties(&now.kind) {
            return Ok(());
        }
        if let Some(before) = before
            && derived(before)?.is_some()
        {
            let was = root(tx, before.person)?;
            tx.execute(&TAKE, &[was.into(), before.id.into()])?;
        }
        let Some(span) = derived(now)?.filter(|_| !now.person.is_nil()) else { return Ok(()) };
        let person = root(tx, now.person)?;
        for holder in self.holders(now, span)? {
            put(
                tx,
                &Row {
                    person,
                    tie: span.tie.word(),
                    holder: holder.clone(),
                    source: now.id,
                    classes: Classes::ALL,
                    since: span.since,
                    until: span.until,
                    leaf: now.person,
                },
            )?;
        }
        Ok(())
    }
}

fn derived(resource: &Resource) -> Result<Option<Span>> {
    if resource.is_deleted() {
        return Ok(None);
    }
    Ok(span::derive(&resource.kind, resource.json()?.as_ref(), resource.as_of))
}

/// A relationship that somebody here opened or closed.
fn relationship(tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
    match aggregate::read::<Relationship>(entry)? {
        access::tie::Event::Opened { person, tie, holder, until, .. } => {
            let (named, person) = (person, root(tx, person)?);
            put(tx, &begun(entry, (person, named), tie.word(), holder, Classes::ALL, until))
        }
        access::tie::Event::Closed { person, .. } => {
            let person = root(tx, person)?;
            tx.execute(&TAKE, &[person.into(), entry.stream.into()]).map(|_| ())
        }
    }
}

/// A glass that was broken, or closed before its time.
fn glass(tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
    match aggregate::read::<Glass>(entry)? {
        access::glass::Event::Broken { by, person, until, .. } => {
            let (named, person) = (person, root(tx, person)?);
            put(tx, &begun(entry, (person, named), Tie::Glass.word(), format!("reader:{}", by.id), Classes::ALL, until))
        }
        access::glass::Event::Ended { .. } => tx.execute(&TAKE_GLASS, &[entry.stream.into()]).map(|_| ()),
        access::glass::Event::Reviewed { .. } => Ok(()),
    }
}

/// What a person chose. What is taken back is taken back under every id that they have gone by.
fn sharing(tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
    use access::sharing::Event as Chosen;
    match aggregate::read::<Sharing>(entry)? {
        Chosen::Objected { person, .. } => {
            let (named, person) = (person, root(tx, person)?);
            let far = Timestamp::from_microsecond(FAR).unwrap_or(Timestamp::MAX);
            put(tx, &begun(entry, (person, named), OBJECTION, String::new(), Classes::ALL, far))
        }
        Chosen::ObjectionWithdrawn { person, .. } => {
            let person = root(tx, person)?;
            tx.execute(&TAKE_TIE, &[person.into(), OBJECTION.into()]).map(|_| ())
        }
        Chosen::ProxyAllowed { person, proxy_reader, classes, until, .. } => {
            let (named, person) = (person, root(tx, person)?);
            // Nobody can read of somebody without being told who they are.
            let classes = classes.and(Classes::of([Class::Identity]));
            // It takes the place of whatever they were allowed before, also under an id that was joined to this one.
            let params = [person.into(), Tie::Proxy.word().into(), (&proxy_reader).into()];
            tx.execute(&TAKE_HOLDER, &params)?;
            put(tx, &begun(entry, (person, named), Tie::Proxy.word(), proxy_reader, classes, until))
        }
        Chosen::ProxyEnded { person, proxy_reader, .. } => {
            let person = root(tx, person)?;
            let params = [person.into(), Tie::Proxy.word().into(), (&proxy_reader).into()];
            tx.execute(&TAKE_HOLDER, &params).map(|_| ())
        }
        Chosen::PlanningRefused { .. }
        | Chosen::PlanningAllowed { .. }
        | Chosen::HiddenFromProxies { .. }
        | Chosen::ShownToProxies { .. } => Ok(()),
    }
}

/// What began with an event and ends by itself.
fn begun(
    entry: &Entry,
    (person, leaf): (Uuid, Uuid),
    tie: &'static str,
    holder: String,
    classes: Classes,
    until: Timestamp,
) -> Row {
    let (since, until) = (entry.at.as_microsecond(), until.as_microsecond().min(FAR));
    Row { person, tie, holder, source: entry.stream, classes, since, until, leaf }
}

/// A row to put.
struct Row {
    person: Uuid,
    tie: &'static str,
    holder: String,
    source: Uuid,
    classes: Classes,
    since: i64,
    until: i64,
    /// Under which id it was said: a split gives it back to whoever that is.
    leaf: Uuid,
}

fn put(tx: &mut dyn Tx, row: &Row) -> Result<()> {
    let params = [
        row.person.into(),
        row.tie.into(),
        (&row.holder).into(),
        row.source.into(),
        row.classes.number().into(),
        row.since.into(),
        row.until.into(),
        row.leaf.into(),
    ];
    tx.execute(&PUT, &params).map(|_| ())
}

/// A row as it stands at a moment.
pub(crate) struct Held {
    pub(crate) tie: String,
    pub(crate) holder: String,
    pub(crate) classes: Classes,
}

/// Everything that stands of a person at a moment, whoever holds it.
pub(crate) fn at(tx: &mut dyn Tx, person: Uuid, at: Timestamp) -> Result<Vec<Held>> {
    tx.all(&AT, &[person.into(), at.as_microsecond().into()], |row| {
        Ok(Held { tie: row.string(0)?, holder: row.string(1)?, classes: Classes::from_number(row.int(2)?) })
    })
}
