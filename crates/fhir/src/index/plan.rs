//! What to look for in a resource of each type: its search parameters with their expressions read.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::definitions;
use crate::parameter::{self, Kind, Parameter};
use crate::path::{Path, PathError};

/// A search parameter, ready.
#[derive(Debug)]
pub(super) struct Planned {
    pub(super) code: &'static str,
    pub(super) kind: Kind,
    pub(super) bit: u8,
    /// [`crate::entry::parameter`].
    pub(super) id: i64,
    pub(super) path: Path,
    /// The element without which there is nothing to find.
    pub(super) needs: Option<&'static str>,
    /// Whether that is a choice, whose name goes on with its type.
    pub(super) is_choice: bool,
    /// False where another parameter's rows answer for it.
    pub(super) is_stored: bool,
    /// Present where one of these is; nought where it must be looked for.
    pub(super) of_bits: i64,
}

/// Where the rows of a parameter are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stored {
    /// Under these codes: one, but for `combo-`.
    pub(crate) codes: [Option<&'static str>; 2],
    /// Only those of this type, where another parameter's rows are used.
    pub(crate) target: Option<&'static str>,
}

#[derive(Debug, Default)]
struct Plans {
    by_kind: HashMap<&'static str, Vec<Planned>>,
    stored: HashMap<(&'static str, &'static str), Stored>,
    refused: Vec<PathError>,
}

static PLANS: LazyLock<Plans> = LazyLock::new(|| {
    let mut plans = Plans::default();
    for kind in definitions::resources() {
        plan(kind, &mut plans);
    }
    plans
});

/// The parameters of a type; `None` for what is no type.
pub(super) fn of(kind: &str) -> Option<&'static [Planned]> {
    PLANS.by_kind.get(kind).map(Vec::as_slice)
}

/// Where the rows of a parameter are.
pub(crate) fn stored(kind: &str, parameter: &'static Parameter) -> Stored {
    let own = Stored { codes: [Some(parameter.code), None], target: None };
    let found = definitions::find(kind).and_then(|found| PLANS.stored.get(&(found.name, parameter.code)));
    found.copied().unwrap_or(own)
}

/// The types that a reference's rows can point at: its own narrowing taken into account.
pub(crate) fn points_at(kind: &str, parameter: &'static Parameter) -> Vec<&'static str> {
    stored(kind, parameter).target.map_or_else(|| parameter.targets.clone(), |target| vec![target])
}

/// Expressions of search parameters that this engine cannot read. A test holds this empty.
#[cfg(test)]
pub(super) fn refused() -> &'static [PathError] {
    &PLANS.refused
}

fn plan(kind: &'static str, plans: &mut Plans) {
    let parameters = parameter::of(kind);
    let mut planned = Vec::new();
    for parameter in parameters {
        // The record has these itself.
        if matches!(parameter.code, "_id" | "_lastUpdated") || parameter.expression.is_empty() {
            continue;
        }
        let path = match Path::parse(parameter.expression) {
            Ok(path) => path,
            Err(error) => {
                plans.refused.push(error);
                continue;
            }
        };
        let Some(path) = path.for_kind(kind) else { continue };
        let elsewhere = combined(parameter, parameters).or_else(|| narrowed(kind, &path, parameter, parameters));
        if let Some(elsewhere) = elsewhere {
            plans.stored.insert((kind, parameter.code), elsewhere);
        }
        let needs =
            path.first().and_then(|first| definitions::shape(kind)?.elements.iter().find(|one| one.name == first));
        planned.push(Planned {
            code: parameter.code,
            kind: parameter.kind,
            bit: parameter.bit,
            id: crate::entry::parameter(kind, parameter.code),
            path,
            needs: needs.map(|element| element.name),
            is_choice: needs.is_some_and(|element| element.is_choice),
            is_stored: elsewhere.is_none(),
            of_bits: elsewhere.filter(|elsewhere| elsewhere.target.is_none()).map_or(0, |elsewhere| {
                let parts = parameters.iter().filter(|one| elsewhere.codes.contains(&Some(one.code)));
                parts.map(|one| 1_i64 << one.bit).sum()
            }),
        });
    }
    plans.by_kind.insert(kind, planned);
}

/// `combo-x`, where there are `x` and `component-x` of the same sort.
fn combined(parameter: &Parameter, all: &'static [Parameter]) -> Option<Stored> {
    let rest = parameter.code.strip_prefix("combo-")?;
    let find = |prefix: &str| {
        all.iter().find(|one| {
            one.kind == parameter.kind && one.code.strip_prefix(prefix) == Some(rest) && one.kind != Kind::Composite
        })
    };
    Some(Stored { codes: [Some(find("")?.code), Some(find("component-")?.code)], target: None })
}

/// A reference narrowed to one type, where a parameter with the whole of it exists.
fn narrowed(kind: &str, path: &Path, parameter: &Parameter, all: &'static [Parameter]) -> Option<Stored> {
    let (whole, target) = path.narrowed()?;
    let target = parameter.targets.iter().find(|known| **known == target)?;
    // Of two alike the first is taken, as its definition says the same.
    let other = all.iter().find(|other| {
        other.kind == Kind::Reference
            && other.code != parameter.code
            && other.targets.contains(target)
            && Path::parse(other.expression)
                .ok()
                .and_then(|path| path.for_kind(kind))
                .is_some_and(|path| path.is(&whole))
    })?;
    Some(Stored { codes: [Some(other.code), None], target: Some(target) })
}
