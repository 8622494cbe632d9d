//! The versions of one resource or of a whole type, the latest first, deletions among them, in pages.

use access::{Scope, Sealed};
use fhir::issue::Code;
use jiff::Timestamp;
use store::{Resource, Tx};
use uuid::Uuid;

use super::{Failed, row_id, withheld};
use crate::sight::Sight;
use crate::views;
use crate::views::search::visible::Visible;

/// The most versions on one page.
const MOST: u32 = 1_000;

/// The most versions that are looked at for one page, of people of whom the caller may see anything.
const PASSED: usize = 20_000;

/// A page of versions.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// The latest first; one with an empty body is a deletion.
    pub versions: Vec<Resource>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

/// The history of one resource (`id`), or of every resource of a type. `since`: only versions that came at that time or
/// later. `None` inside: there is no such resource for this caller.
///
/// # Errors
/// A cursor that is none of ours (400), or what the database says.
pub fn history(
    tx: &mut dyn Tx,
    scope: &Scope,
    kind: &str,
    id: Option<&str>,
    since: Option<Timestamp>,
    count: u32,
    cursor: Option<&str>,
) -> Result<Sealed<Option<History>>, Failed> {
    let after = cursor.map(Place::read).transpose()?;
    let count = usize::try_from(count.clamp(1, MOST)).unwrap_or(1);
    let since = since.map_or(i64::MIN, Timestamp::as_microsecond);
    match id {
        Some(id) => of_one(tx, scope, kind, id, since, count, after),
        None => of_type(tx, scope, kind, since, count, after),
    }
}

fn of_one(
    tx: &mut dyn Tx,
    scope: &Scope,
    kind: &str,
    id: &str,
    since: i64,
    count: usize,
    after: Option<Place>,
) -> Result<Sealed<Option<History>>, Failed> {
    let id = row_id(kind, id);
    let Some(standing) = store::resource::current(tx, id)?.filter(|standing| standing.kind == kind) else {
        return Ok(Sealed::new(Vec::new(), None));
    };
    let mut sight = Sight::of(scope);
    let mut seen = Vec::new();
    let mut people = Vec::new();
    for mut version in store::resource::versions(tx, id)? {
        if version.kind == kind
            && let Some(root) = sight.sees_version(tx, &standing, &version)?
        {
            withheld::version(tx, &mut version)?;
            people.push(root);
            seen.push(version);
        }
    }
    if seen.is_empty() {
        return Ok(Sealed::new(Vec::new(), None));
    }
    seen.retain(|version| {
        version.arrived.as_microsecond() >= since && after.as_ref().is_none_or(|after| version.version < after.version)
    });
    Ok(Sealed::new(people, Some(page(seen, count))))
}

fn of_type(
    tx: &mut dyn Tx,
    scope: &Scope,
    kind: &str,
    since: i64,
    count: usize,
    after: Option<Place>,
) -> Result<Sealed<Option<History>>, Failed> {
    let visible = Visible::of(tx, scope)?;
    let few = visible.few(tx, kind)?;
    let mut sight = Sight::of(scope);
    let (mut kept, mut people) = (Vec::new(), Vec::new());
    let mut after = after.unwrap_or(Place { arrived: i64::MAX, id: Uuid::max(), version: i64::MAX });
    // What the caller may not see is passed over, so a page may need several looks into the table. Not for ever; and a page is
    // never cut short for it, which would tell how much there is, nor does a cursor name what they have not seen.
    let mut passed = 0;
    while kept.len() <= count {
        if passed >= PASSED {
            let words = "Too many versions would have to be looked through to fill this page; ask for the history of one \
                         resource, or of a later time (_since).";
            return Err(Failed::refused(400, Code::TooCostly, words));
        }
        let wanted = (count + 1 - kept.len()).max(64);
        let place = (after.arrived, after.id, after.version);
        let found = views::interaction::of_type(tx, kind, since, place, wanted, &visible, few.as_deref())?;
        let (last, ended) = (found.last().map(Place::of), found.len() < wanted);
        passed += found.len();
        for mut version in found {
            let Some(standing) = store::resource::current(tx, version.id)? else { continue };
            if let Some(root) = sight.sees_version(tx, &standing, &version)? {
                withheld::version(tx, &mut version)?;
                people.push(root);
                kept.push(version);
            }
        }
        match last {
            Some(last) if !ended => after = last,
            _ => break,
        }
    }
    let page = page(kept, count);
    people.truncate(page.versions.len());
    Ok(Sealed::new(people, Some(page)))
}

fn page(mut versions: Vec<Resource>, count: usize) -> History {
    let more = versions.len() > count;
    versions.truncate(count);
    let next = versions.last().filter(|_| more).map(|last| Place::of(last).written());
    History { versions, next }
}

/// Where a page ends: everything that came before this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    arrived: i64,
    id: Uuid,
    version: i64,
}

impl Place {
    fn of(version: &Resource) -> Self {
        Self { arrived: version.arrived.as_microsecond(), id: version.id, version: version.version }
    }

    fn written(self) -> String {
        format!("{}.{}.{}", self.arrived, self.id.simple(), self.version)
    }

    fn read(text: &str) -> Result<Self, Failed> {
        let mut parts = text.split('.');
        let place = (|| {
            let arrived = parts.next()?.parse().ok()?;
            let id = Uuid::try_parse(parts.next()?).ok()?;
            let version = parts.next()?.parse().ok()?;
            parts.next().is_none().then_some(Self { arrived, id, version })
        })();
        place.ok_or_else(|| {
            Failed::refused(
                400,
                Code::Value,
                "_cursor is not one of this server's; follow the next link as it was given",
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        let place = Place { arrived: -5, id: Uuid::from_u128(7), version: 3 };
        assert_eq!(Place::read(&place.written()).unwrap(), place);
        for bad in ["", "1", "1.2.3", "1.00000000000000000000000000000007.3.4", "x.00000000000000000000000000000007.3"]
        {
            assert!(Place::read(bad).is_err(), "{bad}");
        }
    }
}
