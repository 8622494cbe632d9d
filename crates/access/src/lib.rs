//! Who may see and do what, and who looked. [`decide`](decide::decide) is one pure function; [`Gate`] asks it, writes the
//! look into the hash chain, waits until it is on the disk, and only then gives out a [`Permit`], without which no function
//! that reads person data can be called. This crate must not know how anything is shown or stored.
//!
//! ```compile_fail
//! // A permit cannot be made anywhere else.
//! let permit = access::Permit { person: uuid::Uuid::nil() };
//! ```

pub mod ask;
mod assurance;
pub mod audit;
pub mod back;
pub mod consent;
pub mod decide;
pub mod demonstration;
pub mod filter;
pub mod glass;
pub mod item;
pub mod judge;
pub mod look;
pub mod own;
pub mod pattern;
pub mod permit;
pub mod policy;
pub mod pseudonym;
pub mod question;
pub mod relationship;
pub mod remainder;
pub mod review;
pub mod role;
pub mod rules;
pub mod scope;
pub mod seal;
pub mod session;
pub mod sharing;
pub mod sitting;
pub mod standing;
pub mod tie;
pub mod views;
pub mod worklist;

pub use ask::{AskPermit, DraftPermit};
pub use assurance::{AssurancePermit, may_assure};
pub use audit::{AuditPermit, ReviewPermit};
pub use decide::{Level, Sight, may};
pub use filter::{Filter, Test};
pub use item::{Item, Seal, Sensitivity};
pub use judge::judge;
pub use look::Subject;
pub use own::OwnPermit;
pub use permit::{
    Asking, BackPermit, Denied, Finding, Gate, GlassPermit, ListPermit, LooksPermit, MessagePermit, NotBack, NotDone,
    PairPermit, Permit, SearchPermit, Stated, Wanted,
};
pub use pseudonym::PseudonymPermit;
pub use relationship::{Classes, Tie, Ties};
pub use role::{Action, Class, Purpose, Role};
pub use rules::Rules;
pub use scope::{Scope, Sealed};
pub use standing::{Feeds, Standing};
pub use worklist::{DeskPermit, WorklistPermit};

/// The views to open a store with.
#[must_use]
pub fn views() -> Vec<Box<dyn store::View>> {
    vec![
        Box::new(views::look::Looks),
        Box::new(views::oversight::Oversight),
        Box::new(views::audit::Audit),
        Box::new(views::pattern::Patterns),
        Box::new(views::review::Reviews),
        Box::new(views::sharing::Choices),
        Box::new(views::question::Questions),
        Box::new(views::seal::Seals),
        Box::new(views::glass::Register),
        Box::new(views::session::Sessions),
        Box::new(views::back::Requests),
    ]
}

/// Every constant statement of this crate, for the test that prepares each against both databases.
#[must_use]
pub fn statements() -> Vec<&'static store::Sql> {
    [
        views::look::STATEMENTS,
        views::oversight::STATEMENTS,
        views::audit::STATEMENTS,
        views::pattern::STATEMENTS,
        views::review::STATEMENTS,
        views::sharing::STATEMENTS,
        views::question::STATEMENTS,
        views::seal::STATEMENTS,
        views::glass::STATEMENTS,
        views::session::STATEMENTS,
        views::back::STATEMENTS,
    ]
    .concat()
}
