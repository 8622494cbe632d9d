//! The policy as a condition on entries of the record: what remains of it once it is known who asks for what and why. The same
//! condition is asked of one entry here ([`Filter::holds`]) and of a million in the database, where the crate that owns the
//! tables writes it as SQL. Must not know a table.

use crate::item::{Item, Seal, Sensitivity};
use crate::relationship::{Tie, Ties};
use crate::role::Class;

/// One thing that can be asked of an entry and its person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Test {
    /// It is of this class.
    Class(Class),
    /// The person has this tie to the reader, for this class of entry.
    Tie(Tie),
    /// Written by an organisation of the reader's.
    Ours,
    /// At least this sensitive.
    Sensitive(Sensitivity),
    /// Sealed against the reader, at least like this.
    Sealed(Seal),
    /// Kept from the person.
    Harmful,
    /// The person has objected to sharing.
    Objected,
}

/// A condition.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Filter {
    /// Holds.
    Always,
    /// Does not hold; also what stands for anything that could not be understood.
    Never,
    /// All hold.
    All(Vec<Filter>),
    /// Any holds.
    Any(Vec<Filter>),
    /// Does not hold.
    Not(Box<Filter>),
    /// A test.
    Is(Test),
}

impl Filter {
    /// Whether it holds for an entry of a person with these ties.
    #[must_use]
    pub fn holds(&self, item: &Item, ties: &Ties) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::All(filters) => filters.iter().all(|filter| filter.holds(item, ties)),
            Self::Any(filters) => filters.iter().any(|filter| filter.holds(item, ties)),
            Self::Not(filter) => !filter.holds(item, ties),
            Self::Is(test) => match *test {
                Test::Class(class) => item.class == class,
                Test::Tie(tie) => ties.has(tie, item.class),
                Test::Ours => item.ours,
                Test::Sensitive(least) => item.sensitivity >= least,
                Test::Sealed(least) => item.seal >= least,
                Test::Harmful => item.harmful,
                Test::Objected => ties.objected,
            },
        }
    }
}
