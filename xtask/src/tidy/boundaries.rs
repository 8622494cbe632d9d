//! Which crate may know of which other, and who may use the libraries of a floor.
//! Rust cannot import what the manifest does not name, so the manifests are all there is to look at.

use super::Violation;
use super::manifest::dependencies;
use super::tree::{File, Tree};

/// Each crate of ours and the ones it may name. Dependency runs one way; the four in the middle never meet.
const FLOORS: &[(&str, &[&str])] = &[
    ("place", &[]),
    ("fhir", &[]),
    ("identity", &["place"]),
    ("store", &["place"]),
    ("access", &["place", "store"]),
    ("record", &["place", "identity", "store", "access", "fhir"]),
    ("sign-in", &["place", "access"]),
    ("care", &["place", "store", "access"]),
    // Rules over columns: it is fed, and reads nothing.
    ("population", &["place"]),
    ("assurance", &["place", "store", "access"]),
    ("synthetic", &["place"]),
    // Above the four: it feeds the rules of the population from the record and from care, and keeps what follows.
    ("finding", &["place", "store", "access", "record", "care", "population"]),
    ("web", &["place", "fhir", "store", "access", "record", "sign-in", "care", "population", "finding", "assurance"]),
    (
        "weft",
        &[
            "place",
            "identity",
            "fhir",
            "store",
            "access",
            "record",
            "care",
            "population",
            "finding",
            "assurance",
            "synthetic",
            "sign-in",
            "web",
        ],
    ),
];

/// Packages that stand outside the house: they may name every crate, and no crate may name them.
const OUTSIDE: &[&str] = &["tests", "bench", "xtask"];

/// Libraries that belong to one floor.
const LIBRARIES: &[(&str, &[&str], &str)] = &[
    ("axum", &["web", "weft", "tests", "bench"], "HTTP is known only to `web` (and served by `weft`)"),
    ("askama", &["web", "weft"], "HTML is made only in `web`"),
    ("tower", &["web", "weft", "tests", "bench"], "HTTP is known only to `web`"),
    ("rusqlite", &["store", "tests", "bench"], "only `store` speaks to a database"),
    ("postgres", &["store", "tests", "bench"], "only `store` speaks to a database"),
    ("clap", &["weft"], "the command line is `weft`'s"),
    ("anyhow", &["weft", "xtask", "tests", "bench"], "below the binary an error is an enum that says what to do"),
    ("rand", &["synthetic", "tests", "bench"], "randomness is an argument of the rules"),
    ("cedar-policy", &["access", "tests", "bench"], "policies are `access`'s; everybody else asks it"),
    ("openidconnect", &["sign-in", "tests"], "who somebody is, is found out in `sign-in`"),
    ("parquet", &["population", "tests", "bench"], "columns on the disk are `population`'s"),
    ("ureq", &["sign-in", "weft", "tests", "bench"], "only signing in and the binary go out to another server"),
    ("getrandom", &["weft", "web"], "randomness is drawn by the binary and the session layer only"),
];

/// Dependency runs one way.
pub(crate) fn direction(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for manifest in members(tree) {
        let package = manifest.package();
        if OUTSIDE.contains(&package) {
            continue;
        }
        let Some((_, allowed)) = FLOORS.iter().find(|(name, _)| *name == package) else {
            violations.push(Violation::new(
                &manifest.path,
                1,
                format!("the crate `{package}` has no floor: say in xtask's tidy/boundaries.rs what it may depend on"),
            ));
            continue;
        };
        for dependency in dependencies(manifest) {
            let name = dependency.name.strip_prefix("weft-").unwrap_or(dependency.name);
            let is_ours = OUTSIDE.contains(&name) || FLOORS.iter().any(|(floor, _)| *floor == name);
            if is_ours && name != package && !allowed.contains(&name) {
                violations.push(Violation::new(
                    &manifest.path,
                    dependency.line,
                    format!(
                        "`{package}` may not depend on `{name}`: what one needs of another passes as an event or as a \
                         trait that the user of it defines and `weft` wires"
                    ),
                ));
            }
        }
    }
    violations
}

/// The libraries of a floor stay on it.
pub(crate) fn libraries(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for manifest in members(tree) {
        for dependency in dependencies(manifest) {
            for (library, allowed, why) in LIBRARIES {
                if dependency.name == *library && !allowed.contains(&manifest.package()) {
                    violations.push(Violation::new(
                        &manifest.path,
                        dependency.line,
                        format!("`{}` may not use `{library}`: {why}. Move what needs it there", manifest.package()),
                    ));
                }
            }
        }
    }
    violations
}

fn members(tree: &Tree) -> impl Iterator<Item = &File> {
    tree.ending(&["/Cargo.toml"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_floor_may_not_look_up_or_sideways() {
        let bad = |path, text| direction(&Tree::of(&[(path, text)])).len();
        assert_eq!(bad("crates/place/Cargo.toml", "[dependencies]\nstore.workspace = true\n"), 1);
        assert_eq!(bad("crates/care/Cargo.toml", "[dependencies]\nrecord.workspace = true\n"), 1);
        assert_eq!(bad("crates/synthetic/Cargo.toml", "[dev-dependencies]\nrecord.workspace = true\n"), 1);
        assert_eq!(bad("crates/web/Cargo.toml", "[dependencies]\nweft-bench.workspace = true\n"), 1);
        assert_eq!(
            bad("crates/web/Cargo.toml", "[dependencies]\nrecord.workspace = true\nserde.workspace = true\n"),
            0
        );
        assert_eq!(bad("tests/Cargo.toml", "[dependencies]\nweb.workspace = true\n"), 0);
    }

    #[test]
    fn a_crate_that_nobody_placed_is_found() {
        assert_eq!(direction(&Tree::of(&[("crates/misplaced/Cargo.toml", "[dependencies]\n")])).len(), 1);
    }

    #[test]
    fn a_library_stays_on_its_floor() {
        let tree = Tree::of(&[
            ("crates/record/Cargo.toml", "[dependencies]\naxum.workspace = true\n"),
            ("crates/web/Cargo.toml", "[dependencies]\naxum.workspace = true\nrusqlite.workspace = true\n"),
        ]);
        let found: Vec<_> = libraries(&tree).into_iter().map(|violation| (violation.path, violation.line)).collect();
        assert_eq!(found, [("crates/record/Cargo.toml".to_owned(), 2), ("crates/web/Cargo.toml".to_owned(), 3)]);
    }
}
