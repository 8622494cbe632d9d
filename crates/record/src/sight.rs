//! Whether a caller may see one resource: the resource in the words of the policy ([`access::Item`]), its person's ties to the
//! caller, and then the policy. Everything that reads by id asks here; and what a search has found is held against it once
//! more, which is why nothing here comes from the search index: class and sensitivity are read from the text itself.
//! Must not decide who may see what.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

use access::views::seal;
use access::{Class, Item, Scope, Ties};
use store::{Resource, Result, Tx};
use uuid::Uuid;

use crate::interaction::withheld;
use crate::search::class::is_directory;
use crate::views::person;

/// How often a search has found what its caller may not see.
static DISAGREED: AtomicU64 = AtomicU64::new(0);

/// How often, since the program was started, a search has found what its caller may not see, so that nothing was shown. Each is
/// a fault of the program and stands in the log.
#[must_use]
pub fn disagreements() -> u64 {
    DISAGREED.load(Ordering::Relaxed)
}

/// Tells of a resource that should not have been found.
pub(crate) fn alarm(resource: &Resource) {
    DISAGREED.fetch_add(1, Ordering::Relaxed);
    tracing::error!(resource = %resource.id, "a search found what its caller may not see; nothing was shown");
}

/// What one caller may see, as it stands in one transaction. Remembers whose is what and how they stand to the caller.
pub(crate) struct Sight<'s> {
    scope: &'s Scope,
    roots: HashMap<Uuid, Uuid>,
    ties: HashMap<Uuid, Ties>,
    seals: HashMap<Uuid, seal::Against>,
    /// Of people without a tie nothing may be seen; worked out once.
    only_tied: Option<bool>,
}

impl<'s> Sight<'s> {
    pub(crate) fn of(scope: &'s Scope) -> Self {
        Self { scope, roots: HashMap::new(), ties: HashMap::new(), seals: HashMap::new(), only_tied: None }
    }

    /// Forgets how people stand: something was written that may have changed it.
    pub(crate) fn forget(&mut self) {
        self.roots.clear();
        self.ties.clear();
    }

    /// The root of a leaf; nobody's is nobody's.
    pub(crate) fn root(&mut self, tx: &mut dyn Tx, leaf: Uuid) -> Result<Uuid> {
        if leaf.is_nil() {
            return Ok(leaf);
        }
        if let Some(root) = self.roots.get(&leaf) {
            return Ok(*root);
        }
        let root = person::root(tx, leaf)?;
        self.roots.insert(leaf, root);
        Ok(root)
    }

    /// How a person stands to the caller. Nobody has no ties.
    pub(crate) fn ties(&mut self, tx: &mut dyn Tx, root: Uuid) -> Result<Ties> {
        if root.is_nil() {
            return Ok(Ties::none());
        }
        if let Some(ties) = self.ties.get(&root) {
            return Ok(*ties);
        }
        let ties = crate::standing::ties(tx, root, self.scope.holders(), self.scope.own(), self.scope.at())?;
        self.ties.insert(root, ties);
        Ok(ties)
    }

    /// Looks up at once how these are sealed.
    pub(crate) fn expect(&mut self, tx: &mut dyn Tx, resources: &[Resource]) -> Result<()> {
        let ids: Vec<Uuid> = resources.iter().map(|resource| resource.id).collect();
        let mut found = seal::against(tx, &ids, self.scope.holders())?;
        self.seals.extend(ids.into_iter().map(|id| (id, found.remove(&id).unwrap_or_default())));
        Ok(())
    }

    /// How one is sealed.
    fn against(&mut self, tx: &mut dyn Tx, id: Uuid) -> Result<seal::Against> {
        match self.seals.get(&id) {
            Some(against) => Ok(*against),
            None => Ok(seal::against(tx, &[id], self.scope.holders())?.remove(&id).unwrap_or_default()),
        }
    }

    /// A resource in the words of the policy; a deleted one by its last words.
    pub(crate) fn item(&mut self, tx: &mut dyn Tx, resource: &Resource) -> Result<Item> {
        let spoken;
        let worded = if resource.is_deleted() {
            spoken = store::resource::versions(tx, resource.id)?.into_iter().find(|version| !version.is_deleted());
            spoken.as_ref()
        } else {
            Some(resource)
        };
        let (class, sensitivity) = match worded {
            Some(worded) => {
                let value = worded.json()?;
                let class = match crate::search::class(&worded.kind, value.as_ref()) {
                    // Nobody's is what is about nobody, whatever its own words are.
                    Class::Nobody if !resource.person.is_nil() => Class::Other,
                    class => class,
                };
                (class, crate::sensitivity::of(&worded.kind, value.as_ref()))
            }
            // Versions that are all deletions do not happen; what nobody can classify, few may see.
            None => (Class::Other, access::Sensitivity::Restricted),
        };
        let against = self.against(tx, resource.id)?;
        let root = self.root(tx, resource.person)?;
        let ours = self.scope.feeds().ours(&resource.feed, &self.ties(tx, root)?, class);
        Ok(Item { class, ours, sensitivity, seal: against.seal, harmful: against.harmful })
    }

    /// The root of the person a resource is about (nil: nobody's), if the caller may see the resource; `None` if it does not
    /// exist for them.
    pub(crate) fn sees(&mut self, tx: &mut dyn Tx, resource: &Resource) -> Result<Option<Uuid>> {
        let root = self.root(tx, resource.person)?;
        let ties = self.ties(tx, root)?;
        let somebodys = !root.is_nil() && !is_directory(&resource.kind);
        if somebodys && ties == Ties::none() && self.is_only_tied() {
            return Ok(None);
        }
        if withheld::is_relative(tx, resource, root)? {
            return Ok(None);
        }
        let item = self.item(tx, resource)?;
        Ok(self.scope.may_read(&item, &ties).then_some(root))
    }

    /// The same of a version that may not be the one that stands: what stands now must be theirs to see, too. An entry that
    /// was marked as sensitive only later was so before.
    pub(crate) fn sees_version(
        &mut self,
        tx: &mut dyn Tx,
        standing: &Resource,
        version: &Resource,
    ) -> Result<Option<Uuid>> {
        if self.sees(tx, standing)?.is_none() {
            return Ok(None);
        }
        if version.version == standing.version { self.sees(tx, standing) } else { self.sees(tx, version) }
    }

    /// True where nothing of people without a tie may be seen: then nothing of theirs has to be read to know.
    fn is_only_tied(&mut self) -> bool {
        let scope = self.scope;
        *self.only_tied.get_or_insert_with(|| {
            let strangers = scope.read().of_strangers();
            let mut somebodys =
                Class::ALL.into_iter().filter(|class| !matches!(class, Class::Directory | Class::Nobody));
            somebodys.all(|class| strangers.of_class(class) == access::Filter::Never)
        })
    }

    /// The root of a leaf, if the caller may know who that is. Nobody's is nobody's.
    pub(crate) fn knows(&mut self, tx: &mut dyn Tx, leaf: Uuid) -> Result<Option<Uuid>> {
        let root = self.root(tx, leaf)?;
        let ties = self.ties(tx, root)?;
        Ok((root.is_nil() || self.scope.may_read(&Item::of(Class::Identity), &ties)).then_some(root))
    }

    /// Whether the caller may write what stands there.
    pub(crate) fn may_change(&mut self, tx: &mut dyn Tx, resource: &Resource) -> Result<bool> {
        let item = self.item(tx, resource)?;
        self.may_write(tx, resource.person, &item)
    }

    /// Whether the caller may write such an entry of a leaf's person.
    pub(crate) fn may_write(&mut self, tx: &mut dyn Tx, leaf: Uuid, item: &Item) -> Result<bool> {
        let root = self.root(tx, leaf)?;
        let ties = self.ties(tx, root)?;
        Ok(self.scope.may_write(item, &ties))
    }
}
