//! Views: ordinary tables shaped for the screens that read them, made from the log and the record and nothing else. They
//! can be thrown away and made again; `verify` makes them again beside the standing ones and compares.

use std::sync::Arc;

use crate::error::Result;
use crate::log::Entry;
use crate::resource::Resource;
use crate::table::Table;
use crate::tx::Tx;

/// What keeps some tables in step with the log and the record, inside the transaction that changes those.
pub trait View: Send + Sync {
    /// A short name, kept in the database beside the version.
    fn name(&self) -> &'static str;

    /// Raised when the same events would now give other rows; the tables are then made again at the next start.
    fn version(&self) -> u32 {
        1
    }

    /// The tables it owns. Nobody else writes to them.
    fn tables(&self) -> &'static [&'static Table];

    /// Something happened.
    ///
    /// # Errors
    /// What the database says; the whole write is then undone.
    fn on_event(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
        let _ = (tx, entry);
        Ok(())
    }

    /// The SHA-256 of each kept message that an entry speaks of; `verify` sees that they are all there.
    ///
    /// # Errors
    /// Where the entry cannot be read.
    fn keeps(&self, entry: &Entry) -> Result<Vec<[u8; 32]>> {
        let _ = entry;
        Ok(Vec::new())
    }

    /// A resource has become the current version of itself; `before` is the version it takes the place of.
    ///
    /// # Errors
    /// What the database says; the whole write is then undone.
    fn on_resource(&self, tx: &mut dyn Tx, before: Option<&Resource>, now: &Resource) -> Result<()> {
        let _ = (tx, before, now);
        Ok(())
    }
}

/// All views of a store, in the order in which they hear of things.
pub type Views = Arc<[Box<dyn View>]>;

/// The tables of all views.
pub(crate) fn tables(views: &Views) -> impl Iterator<Item = &'static Table> {
    views.iter().flat_map(|view| view.tables().iter().copied())
}

/// Makes all views again from the log and the record that `source` holds, into the (empty) tables of `target`.
pub(crate) fn rebuild(source: &mut dyn Tx, target: &mut dyn Tx, views: &[&dyn View]) -> Result<()> {
    crate::log::walk(source, 1, &mut |_, entry| {
        for view in views {
            view.on_event(target, &entry)?;
        }
        Ok(())
    })?;
    crate::resource::walk_current(source, &mut |resource| {
        for view in views {
            view.on_resource(target, None, &resource)?;
        }
        Ok(())
    })
}
