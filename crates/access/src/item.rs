//! What is looked at, as far as access goes: one entry of the record in the few words on which a decision may rest. They are
//! relative to the reader where that can be (`ours`, `sealed`), so that the policies name no organisation. Must not know what
//! the entry says.

use serde::{Deserialize, Serialize};

use crate::role::Class;

/// How sensitive an entry is, from the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sensitivity {
    /// As records are.
    #[default]
    Ordinary,
    /// Marked by its source or its codes as more sensitive than the rest (mental health in confidence, termination, abuse).
    Sensitive,
    /// The law restricts who may be told (assisted fertilisation, gender recognition, sexual health), and the source has
    /// marked that sharing it is lawful.
    Restricted,
}

impl Sensitivity {
    /// Every one, from the least.
    pub const ALL: [Self; 3] = [Self::Ordinary, Self::Sensitive, Self::Restricted];

    /// Its number in the tables: 0, 1, 2.
    #[must_use]
    pub const fn number(self) -> i64 {
        self as i64
    }

    /// The sensitivity of a number; what is none of them is taken for the most sensitive.
    #[must_use]
    pub const fn from_number(number: i64) -> Self {
        match number {
            0 => Self::Ordinary,
            1 => Self::Sensitive,
            _ => Self::Restricted,
        }
    }
}

/// How an entry is sealed against this reader. A seal that the reader's own team has set is none for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Seal {
    /// Not sealed.
    #[default]
    None,
    /// Sealed; that there is something may be known.
    Shown,
    /// Sealed; that there is something may not be known.
    Hidden,
}

impl Seal {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::None, Self::Shown, Self::Hidden];
}

/// One entry of a record, as far as access goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Item {
    /// What it is.
    pub class: Class,
    /// Written by an organisation that the reader works for.
    pub ours: bool,
    /// How sensitive.
    pub sensitivity: Sensitivity,
    /// Sealed against the reader.
    pub seal: Seal,
    /// Kept from the person, because reading it would do them serious harm.
    pub harmful: bool,
}

impl Item {
    /// An entry of which nothing is special: not ours, ordinary, not sealed.
    #[must_use]
    pub const fn of(class: Class) -> Self {
        Self { class, ours: false, sensitivity: Sensitivity::Ordinary, seal: Seal::None, harmful: false }
    }
}
