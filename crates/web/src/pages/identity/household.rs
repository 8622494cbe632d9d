//! The home around a pair: who else lives there, and what they share with the two.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::components::{Column, Table};

/// Somebody of the home.
#[derive(Debug, Clone, Default)]
pub struct Member {
    /// Their name.
    pub name: String,
    /// When they were born, with their age; empty where it is not known.
    pub born: String,
    /// As their records say.
    pub sex: String,
    /// What they share with the two: `born on the same day as both records`. Empty where it is nothing.
    pub beside: String,
}

/// A home.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "identity/household.html")]
pub struct Home {
    /// Whose: `At the address of both records`.
    pub place: String,
    /// Where too many live there to be named, a sentence that says so.
    pub crowd: Option<String>,
    /// Everybody else who is.
    pub members: Vec<Member>,
}

impl HtmlSafe for Home {}

impl Home {
    fn table(&self) -> Table {
        let or = |text: &str, other: &str| if text.is_empty() { other.to_owned() } else { text.to_owned() };
        let rows = self.members.iter().map(|one| {
            let (born, sex) = (or(&one.born, "not given"), or(&one.sex, "not given"));
            let beside = or(&one.beside, "neither birth date nor given name");
            vec![one.name.as_str().into(), born.as_str().into(), sex.as_str().into(), beside.as_str().into()]
        });
        let columns = ["Who", "Born", "Sex", "Shares with the two"].map(Column::new).to_vec();
        Table { compact: true, ..Table::new(&self.place, columns, rows.collect()) }
    }
}
