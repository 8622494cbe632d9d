//! How people stand to those who care for them: one row a relationship, with who holds it and from when until when, so that
//! the gate learns by one range of rows what ties a person to a reader, and a search learns it inside its own statement. Must
//! not decide what a relationship opens.

use store::View;
use store::table::{Index, Table, Type, column};

pub(crate) static STANDING: Table = Table {
    name: "standing",
    columns: &[
        column("person", Type::Uuid),
        column("tie", Type::Text),
        column("holder", Type::Text),
        column("source", Type::Uuid),
        column("classes", Type::Int),
        column("since", Type::Int),
        column("until", Type::Int),
    ],
    key: &["person", "tie", "holder", "source"],
    clustered: true,
    indexes: &[Index { name: "standing_holder", columns: &["holder", "person"], unique: false, only: "" }],
};
static TABLES: &[&Table] = &[&STANDING];

/// Keeps the table of relationships. Hears of things after the people and where they belong, which it asks.
#[derive(Debug, Default)]
pub struct Standings;

impl Standings {
    /// For the organisations of a place.
    #[must_use]
    pub fn of(_place: &place::Place) -> Self {
        Self
    }
}

impl View for Standings {
    fn name(&self) -> &'static str {
        "standings"
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }
}
