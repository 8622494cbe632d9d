//! Reading one resource by its id, as it stands or as it stood.

use access::{Scope, Sealed};
use jiff::Timestamp;
use store::{Resource, Result, Tx};
use uuid::Uuid;

use super::{row_id, withheld};
use crate::sight::Sight;

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
    let unknown = Ok((Read::Unknown, Uuid::nil()));
    let standing = store::resource::current(tx, id)?.filter(|standing| standing.kind == kind);
    let Some(standing) = standing else { return unknown };
    let mut sight = Sight::of(scope);
    let (resource, root) = match version {
        None => (Some(standing.clone()), sight.sees(tx, &standing)?),
        Some(version) => {
            let found = store::resource::versions(tx, id)?.into_iter().find(|one| one.version == version);
            let root = match &found {
                Some(found) => sight.sees_version(tx, &standing, found)?,
                None => None,
            };
            (found, root)
        }
    };
    let (Some(mut resource), Some(root)) = (resource, root) else { return unknown };
    withheld::version(tx, &mut resource)?;
    let read = if resource.is_deleted() {
        Read::Gone { version: resource.version, at: resource.arrived }
    } else {
        Read::Found(Box::new(resource))
    };
    Ok((read, root))
}
