//! Reading one resource by its id, as it stands or as it stood.

use access::{Scope, Sealed};
use jiff::Timestamp;
use store::{Resource, Result, Tx};
use uuid::Uuid;

use super::{row_id, sight, withheld};

/// What stands under an id.
#[derive(Debug, Clone)]
pub enum Read {
    /// This.
    Found(Box<Resource>),
    /// It was deleted.
    Gone {
        /// The version that is the deletion.
        version: i64,
        /// When.
        at: Timestamp,
    },
    /// Nothing that this caller may know of.
    Unknown,
}

/// The current version of a resource.
///
/// # Errors
/// What the database says.
pub fn read(tx: &mut dyn Tx, scope: &Scope, kind: &str, id: &str) -> Result<Sealed<Read>> {
    peek(tx, scope, kind, id, None).map(sealed)
}

/// One version of a resource.
///
/// # Errors
/// What the database says.
pub fn vread(tx: &mut dyn Tx, scope: &Scope, kind: &str, id: &str, version: i64) -> Result<Sealed<Read>> {
    peek(tx, scope, kind, id, Some(version)).map(sealed)
}

fn sealed((read, root): (Read, Uuid)) -> Sealed<Read> {
    Sealed::new(vec![root], read)
}

/// What stands under an id, with the root of the person it is about: only for what seals it itself.
pub(super) fn peek(tx: &mut dyn Tx, scope: &Scope, kind: &str, id: &str, version: Option<i64>) -> Result<(Read, Uuid)> {
    let id = row_id(kind, id);
    let resource = match version {
        None => store::resource::current(tx, id)?,
        Some(version) => store::resource::versions(tx, id)?.into_iter().find(|one| one.version == version),
    };
    let unknown = Ok((Read::Unknown, Uuid::nil()));
    let Some(mut resource) = resource.filter(|resource| resource.kind == kind) else { return unknown };
    let Some(root) = sight::seen(tx, scope, &resource)? else { return unknown };
    withheld::version(tx, &mut resource)?;
    let read = if resource.is_deleted() {
        Read::Gone { version: resource.version, at: resource.arrived }
    } else {
        Read::Found(Box::new(resource))
    };
    Ok((read, root))
}
