//! Whether a caller may see one resource: its class and its person against their scope. Everything of the API that reads by
//! id asks here; searches carry the same scope in their statements. It must not decide what a class is or who may see it.

use access::{Class, Scope};
use store::{Resource, Result, Tx};
use uuid::Uuid;

use super::withheld;
use crate::views::person;

/// The root of the person a resource is about (nil: nobody's), if the caller may see the resource; `None` if it does not
/// exist for them. What was deleted is as visible as its last words were.
pub(super) fn seen(tx: &mut dyn Tx, scope: &Scope, resource: &Resource) -> Result<Option<Uuid>> {
    let Some(root) = root(tx, scope, resource.person)? else { return Ok(None) };
    if withheld::is_relative(tx, resource, root)? {
        return Ok(None);
    }
    // Who may see only some people's records sees of what is nobody's the directory.
    let only_directory = root.is_nil() && scope.people().is_some();
    let visible = if only_directory {
        scope.reads(Class::Directory) && class(tx, resource)? == Class::Directory
    } else {
        reads_everything(scope) || scope.reads(class(tx, resource)?)
    };
    Ok(visible.then_some(root))
}

/// The root of a leaf, if the caller may see anything of that person.
pub(super) fn root(tx: &mut dyn Tx, scope: &Scope, leaf: Uuid) -> Result<Option<Uuid>> {
    let root = if leaf.is_nil() { leaf } else { person::root(tx, leaf)? };
    Ok((root.is_nil() || scope.people().is_none_or(|people| people.contains(&root))).then_some(root))
}

/// True for whom no class of resource is hidden: then nothing has to be parsed to know.
pub(super) fn reads_everything(scope: &Scope) -> bool {
    resource_classes().all(|class| scope.reads(class))
}

/// The same of writing.
pub(super) fn writes_everything(scope: &Scope) -> bool {
    resource_classes().all(|class| scope.writes(class))
}

/// Every class that a resource can have.
fn resource_classes() -> impl Iterator<Item = Class> {
    Class::ALL.into_iter().filter(|class| !matches!(class, Class::Message | Class::Looks))
}

/// The class of a resource; of a deleted one, that of its last words.
pub(super) fn class(tx: &mut dyn Tx, resource: &Resource) -> Result<Class> {
    if !resource.is_deleted() {
        return Ok(crate::search::class(&resource.kind, resource.json()?.as_ref()));
    }
    let spoken = store::resource::versions(tx, resource.id)?.into_iter().find(|version| !version.is_deleted());
    // Versions that are all deletions do not happen; what nobody can classify, few may see.
    spoken.map_or(Ok(Class::Other), |version| Ok(crate::search::class(&version.kind, version.json()?.as_ref())))
}
