//! Reading one resource by its id, as it stands or as it stood.

use access::{Scope, Sealed};
use jiff::Timestamp;
use store::{Resource, Result, Tx};

use super::{row_id, sight};

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
    let standing = store::resource::current(tx, row_id(kind, id))?;
    shown(tx, scope, kind, standing)
}

/// One version of a resource.
///
/// # Errors
/// What the database says.
pub fn vread(tx: &mut dyn Tx, scope: &Scope, kind: &str, id: &str, version: i64) -> Result<Sealed<Read>> {
    let versions = store::resource::versions(tx, row_id(kind, id))?;
    let asked = versions.into_iter().find(|one| one.version == version);
    shown(tx, scope, kind, asked)
}

fn shown(tx: &mut dyn Tx, scope: &Scope, kind: &str, resource: Option<Resource>) -> Result<Sealed<Read>> {
    let unknown = Ok(Sealed::new(Vec::new(), Read::Unknown));
    let Some(resource) = resource.filter(|resource| resource.kind == kind) else { return unknown };
    let Some(root) = sight::seen(tx, scope, &resource)? else { return unknown };
    let read = if resource.is_deleted() {
        Read::Gone { version: resource.version, at: resource.arrived }
    } else {
        Read::Found(Box::new(resource))
    };
    Ok(Sealed::new(vec![root], read))
}
