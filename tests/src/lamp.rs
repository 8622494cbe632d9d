//! The smallest thing with a history, for tests of the store that want nothing of the domain: a lamp that is lit and put
//! out, and a view of which lamps are lit.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::table::{Table, Type, column};
use store::{Aggregate, Entry, Result, Sql, Tx, View, aggregate};

/// A lamp.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Lamp {
    /// How often it has been lit.
    pub lit: u32,
    /// Whether it burns.
    pub burns: bool,
}

/// What can be asked of a lamp.
#[derive(Debug, Clone, Copy)]
pub enum Ask {
    /// Light it.
    Light,
    /// Put it out.
    PutOut,
    /// Light it and put it out: two events at once.
    Flash,
}

/// What can have happened to one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Happened {
    /// It was lit.
    Lit {},
    /// It was put out.
    PutOut {},
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("it is so already")]
pub struct SoAlready;

impl Aggregate for Lamp {
    const KIND: &'static str = "lamp";
    type Command = Ask;
    type Event = Happened;
    type Refusal = SoAlready;

    fn decide(&self, command: Ask, _at: Timestamp) -> std::result::Result<Vec<Happened>, SoAlready> {
        match (command, self.burns) {
            (Ask::Light, false) => Ok(vec![Happened::Lit {}]),
            (Ask::PutOut, true) => Ok(vec![Happened::PutOut {}]),
            (Ask::Flash, false) => Ok(vec![Happened::Lit {}, Happened::PutOut {}]),
            _ => Err(SoAlready),
        }
    }

    fn apply(&mut self, event: &Happened) {
        self.burns = matches!(event, Happened::Lit {});
        self.lit += u32::from(self.burns);
    }
}

static LAMP: Table = Table {
    name: "lamp",
    columns: &[column("id", Type::Uuid), column("events", Type::Int)],
    key: &["id"],
    clustered: true,
    indexes: &[],
};
static WIDER: Table = Table {
    name: "lamp",
    columns: &[column("id", Type::Uuid), column("events", Type::Int), column("last", Type::Text)],
    key: &["id"],
    clustered: true,
    indexes: &[],
};
static NARROW: &[&Table] = &[&LAMP];
static WIDE: &[&Table] = &[&WIDER];

static SEEN: Sql = Sql::both(
    "INSERT INTO lamp (id, events) VALUES ($1, 1) ON CONFLICT (id) DO UPDATE SET events = lamp.events + excluded.events",
);
static SEEN_WIDER: Sql = Sql::both(
    "INSERT INTO lamp (id, events, last) VALUES ($1, 1, $2)
     ON CONFLICT (id) DO UPDATE SET events = lamp.events + excluded.events, last = excluded.last",
);

/// The view of lamps, as one release had it.
#[derive(Debug, Clone, Copy)]
pub struct Lamps {
    /// Its version.
    pub version: u32,
    /// Whether its table has the wider shape.
    pub wider: bool,
}

impl View for Lamps {
    fn name(&self) -> &'static str {
        "lamps"
    }

    fn version(&self) -> u32 {
        self.version
    }

    fn tables(&self) -> &'static [&'static Table] {
        if self.wider { WIDE } else { NARROW }
    }

    fn on_event(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
        if entry.kind != Lamp::KIND {
            return Ok(());
        }
        aggregate::read::<Lamp>(entry)?;
        if self.wider {
            tx.execute(&SEEN_WIDER, &[entry.stream.into(), (&entry.event).into()])?;
        } else {
            tx.execute(&SEEN, &[entry.stream.into()])?;
        }
        Ok(())
    }
}

/// The view as it stands today.
#[must_use]
pub fn lamps() -> Vec<Box<dyn View>> {
    vec![Box::new(Lamps { version: 1, wider: false })]
}
