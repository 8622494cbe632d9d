//! Everything of a request that can be done before the writer's turn: resources validated, ids given, references rewritten,
//! texts hashed. Pure: it knows no database, so what depends on one (a conditional operation) is left open for [`super::apply`].

use store::Blob;

use super::settle::Step;
use super::{Door, Failed, Refusal, Request};

/// A request ready to be written.
#[derive(Debug)]
pub struct Prepared {
    pub(super) blob: Blob,
    pub(super) size: u64,
    pub(super) kind: String,
    pub(super) whole: bool,
    pub(super) bundle: bool,
    pub(super) steps: Vec<Result<Step, Refusal>>,
}

impl Prepared {
    /// Prepares a request.
    ///
    /// # Errors
    /// For a transaction or a single task: everything that is wrong with it. What is wrong in a batch waits for its turn.
    pub fn of(request: Request, door: &Door) -> Result<Self, Failed> {
        let _ = (request, door);
        Err(Failed::Store(store::Error::Backend("not written yet".to_owned())))
    }

    /// True where nothing is asked to be written: [`super::answer`] serves it without the writer.
    #[must_use]
    pub fn reads_only(&self) -> bool {
        self.steps.iter().all(|step| !matches!(step, Ok(Step::Write(_))))
    }
}
