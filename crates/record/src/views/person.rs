//! Who is who: every leaf with its root, the ids that feeds use for them, and the disputes that wait for somebody.

use store::table::{Index, Table, Type, column, optional};
use store::{Aggregate, Entry, Result, Sql, Tx, View, aggregate};
use uuid::Uuid;

use crate::person::{Event, Person};

static PERSON: Table = Table {
    name: "person",
    columns: &[
        column("id", Type::Uuid),
        column("root", Type::Uuid),
        column("since", Type::Int),
        optional("joined_to", Type::Uuid),
        optional("ground", Type::Text),
    ],
    key: &["id"],
    clustered: true,
    indexes: &[Index { name: "person_root", columns: &["root", "id"], unique: false, only: "" }],
};
static IDENTITY: Table = Table {
    name: "person_identity",
    columns: &[column("feed", Type::Text), column("local", Type::Text), column("person", Type::Uuid)],
    key: &["feed", "local"],
    clustered: true,
    indexes: &[],
};
static DISPUTE: Table = Table {
    name: "person_dispute",
    columns: &[column("person", Type::Uuid), column("other", Type::Uuid), column("about", Type::Text)],
    key: &["person", "other", "about"],
    clustered: true,
    indexes: &[],
};
static TABLES: &[&Table] = &[&PERSON, &IDENTITY, &DISPUTE];

static PUT: Sql = Sql::both("INSERT INTO person (id, root, since) VALUES ($1, $2, $3)");
static PUT_IDENTITY: Sql = Sql::both("INSERT INTO person_identity (feed, local, person) VALUES ($1, $2, $3)");
static PUT_DISPUTE: Sql = Sql::both("INSERT INTO person_dispute (person, other, about) VALUES ($1, $2, $3)");
static MOVE: Sql = Sql::both("UPDATE person SET root = $1 WHERE root = $2");
static HANG: Sql = Sql::both("UPDATE person SET joined_to = $2, ground = $3 WHERE id = $1");
static UNHANG: Sql = Sql::both("UPDATE person SET joined_to = NULL, ground = NULL WHERE id = $1");
static GIVE_BACK: Sql = Sql::both("UPDATE person SET root = $1 WHERE id = $2");
static TREE: Sql = Sql::both("SELECT id, since, joined_to, ground FROM person WHERE root = $1 ORDER BY id");
static LEAF: Sql = Sql::both("SELECT person FROM person_identity WHERE feed = $1 AND local = $2");
static ROOT: Sql = Sql::both("SELECT root FROM person WHERE id = $1");
static LEAVES: Sql = Sql::both("SELECT id FROM person WHERE root = $1 ORDER BY id");
static COUNT: Sql = Sql::both("SELECT count(*) FROM person WHERE root = id");
static DISPUTES: Sql = Sql::both(
    "SELECT DISTINCT theirs.root, d.about FROM person AS mine
     JOIN person_dispute AS d ON d.person = mine.id
     JOIN person AS theirs ON theirs.id = d.other
     WHERE mine.root = $1 AND theirs.root <> $1 ORDER BY 1, 2",
);

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[
    &PUT,
    &PUT_IDENTITY,
    &PUT_DISPUTE,
    &MOVE,
    &HANG,
    &UNHANG,
    &GIVE_BACK,
    &TREE,
    &LEAF,
    &ROOT,
    &LEAVES,
    &COUNT,
    &DISPUTES,
];

/// Keeps the tables of people.
pub struct People;

impl View for People {
    fn name(&self) -> &'static str {
        "people"
    }

    fn version(&self) -> u32 {
        2
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn on_event(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
        if entry.kind != Person::KIND {
            return Ok(());
        }
        match aggregate::read::<Person>(entry)? {
            Event::Found { feed, local } => {
                tx.execute(&PUT, &[entry.stream.into(), entry.stream.into(), entry.at.as_microsecond().into()])?;
                tx.execute(&PUT_IDENTITY, &[(&feed).into(), (&local).into(), entry.stream.into()])?;
            }
            Event::Joined { into, ground, .. } => {
                tx.execute(&MOVE, &[into.into(), entry.stream.into()])?;
                tx.execute(&HANG, &[entry.stream.into(), into.into(), ground.word().into()])?;
            }
            Event::Parted { with, .. } => {
                tx.execute(&UNHANG, &[entry.stream.into()])?;
                for leaf in with {
                    tx.execute(&GIVE_BACK, &[entry.stream.into(), leaf.into()])?;
                }
            }
            Event::Disputed { with, about } => {
                tx.execute(&PUT_DISPUTE, &[entry.stream.into(), with.into(), (&about).into()])?;
            }
        }
        Ok(())
    }
}

/// The leaf that a feed calls by this id.
pub(crate) fn leaf(tx: &mut dyn Tx, feed: &str, local: &str) -> Result<Option<Uuid>> {
    tx.first(&LEAF, &[feed.into(), local.into()], |row| row.uuid(0))
}

/// The root of a leaf; the id itself where nothing is known of it.
///
/// # Errors
/// What the database says.
pub fn root(tx: &mut dyn Tx, id: Uuid) -> Result<Uuid> {
    Ok(known_root(tx, id)?.unwrap_or(id))
}

/// The root of a leaf, or `None` where there is no such person.
///
/// # Errors
/// What the database says.
pub fn known_root(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Uuid>> {
    tx.first(&ROOT, &[id.into()], |row| row.uuid(0))
}

/// Every id that a person goes or has gone by, the root's own among them.
///
/// # Errors
/// What the database says.
pub fn leaves(tx: &mut dyn Tx, root: Uuid) -> Result<Vec<Uuid>> {
    tx.all(&LEAVES, &[root.into()], |row| row.uuid(0))
}

/// A leaf among those of its person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hanging {
    pub(crate) id: Uuid,
    /// When it began, in microseconds.
    pub(crate) since: i64,
    /// The leaf it was joined to, and the ground's word.
    pub(crate) joined_to: Option<(Uuid, String)>,
}

/// Every leaf of a person, each with what it hangs on.
pub(crate) fn tree(tx: &mut dyn Tx, root: Uuid) -> Result<Vec<Hanging>> {
    tx.all(&TREE, &[root.into()], |row| {
        let ground = row.string_or_null(3)?.unwrap_or_default();
        Ok(Hanging { id: row.uuid(0)?, since: row.int(1)?, joined_to: row.uuid_or_null(2)?.map(|to| (to, ground)) })
    })
}

/// A leaf and everybody who was joined to it, in order.
pub(crate) fn branch(tx: &mut dyn Tx, root: Uuid, leaf: Uuid) -> Result<Vec<Uuid>> {
    let tree = tree(tx, root)?;
    let mut branch = vec![leaf];
    let mut at = 0;
    while let Some(on) = branch.get(at).copied() {
        at += 1;
        let hang_on_it = tree.iter().filter(|one| one.joined_to.as_ref().is_some_and(|(to, _)| *to == on));
        branch.extend(hang_on_it.map(|one| one.id));
    }
    branch.sort_unstable();
    Ok(branch)
}

/// How many people there are, each counted once.
///
/// # Errors
/// What the database says.
pub fn count(tx: &mut dyn Tx) -> Result<i64> {
    Ok(tx.first(&COUNT, &[], |row| row.int(0))?.unwrap_or_default())
}

/// What is disputed about a person: the other root, and the sentence.
pub(crate) fn disputes(tx: &mut dyn Tx, root: Uuid) -> Result<Vec<(Uuid, String)>> {
    tx.all(&DISPUTES, &[root.into()], |row| Ok((row.uuid(0)?, row.string(1)?)))
}
