//! The writer's part of a request: what was prepared is put where it belongs, in FHIR's order, as one message of the feed
//! [`super::FEED`].

use access::{Scope, Sealed};
use store::{Tx, Write};

use super::{Done, Door, Failed, Prepared};

/// Does what was asked. May be run again after a lost connection: it changes nothing outside the transaction.
///
/// # Errors
/// [`Failed::Refused`]: a transaction or a single task could not be done, and nothing of it was. In a batch each task has its
/// own outcome.
pub fn apply(write: &mut Write<'_>, door: &Door, scope: &Scope, prepared: &Prepared) -> Result<Sealed<Vec<Done>>, Failed> {
    let _ = (write, door, scope, prepared);
    Err(Failed::Store(store::Error::Backend("not written yet".to_owned())))
}

/// Answers a request that [`Prepared::reads_only`].
///
/// # Errors
/// The same.
pub fn answer(tx: &mut dyn Tx, scope: &Scope, prepared: &Prepared) -> Result<Sealed<Vec<Done>>, Failed> {
    let _ = (tx, scope, prepared);
    Err(Failed::Store(store::Error::Backend("not written yet".to_owned())))
}
