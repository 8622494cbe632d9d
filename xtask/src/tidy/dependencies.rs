//! Few dependencies, and a reason for each: they are other people's code in our process.

use super::Violation;
use super::manifest;
use super::tree::{File, Tree};

/// docs/adr/0009 says why it is no longer 250, and 0015 why 450 became 465: Parquet.
const MOST_PACKAGES: usize = 465;
const REASONS: &str = "docs/adr/0002-dependencies.md";
const MANIFESTS: &[&str] = &["Cargo.toml", "package.json", "crates/fhir/package.json"];

/// The whole tree of packages, ours among them.
pub(crate) fn lock_size(tree: &Tree) -> Vec<Violation> {
    let Some(lock) = tree.file("Cargo.lock") else {
        return vec![Violation::new("Cargo.lock", 1, "is missing: a build must be repeatable. Commit it")];
    };
    let count = lock.text.lines().filter(|line| *line == "[[package]]").count();
    if count <= MOST_PACKAGES {
        return Vec::new();
    }
    let message = format!(
        "{count} packages, over {MOST_PACKAGES}: find what brought so many with `cargo tree --duplicates` and do without"
    );
    vec![Violation::new(&lock.path, 1, message)]
}

/// Every direct dependency has its line of reasons.
pub(crate) fn reasons(tree: &Tree) -> Vec<Violation> {
    let Some(document) = tree.file(REASONS) else {
        return vec![Violation::new(REASONS, 1, "is missing: each direct dependency needs its line of reasons there")];
    };
    let mut violations = Vec::new();
    for file in MANIFESTS.iter().filter_map(|path| tree.file(path)) {
        for (name, line) in direct(file) {
            if !document.text.lines().any(|text| text.starts_with("| `") && text.contains(&format!("`{name}`"))) {
                let message = format!(
                    "`{name}` has no line in {REASONS}: say what for, why this one, what we would do without it"
                );
                violations.push(Violation::new(&file.path, line, message));
            }
        }
    }
    violations
}

/// The names of other people's packages that a manifest asks for.
fn direct(file: &File) -> Vec<(String, usize)> {
    if file.name() == "Cargo.toml" {
        let found = manifest::dependencies(file).into_iter().filter(|dependency| !dependency.is_path);
        return found.map(|dependency| (dependency.name.to_owned(), dependency.line)).collect();
    }
    let Ok(package) = serde_json::from_str::<serde_json::Value>(&file.text) else { return Vec::new() };
    let tables = ["dependencies", "devDependencies"].into_iter().filter_map(|table| package.get(table)?.as_object());
    let line =
        |name: &str| file.lines().find(|(_, text)| text.contains(&format!("\"{name}\""))).map_or(1, |(line, _)| line);
    tables.flat_map(|table| table.keys()).map(|name| (name.clone(), line(name))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heavy_tree_is_found() {
        assert!(lock_size(&Tree::of(&[("Cargo.lock", &"[[package]]\n".repeat(MOST_PACKAGES))])).is_empty());
        assert_eq!(lock_size(&Tree::of(&[("Cargo.lock", &"[[package]]\n".repeat(MOST_PACKAGES + 1))])).len(), 1);
        assert_eq!(lock_size(&Tree::of(&[])).len(), 1);
    }

    #[test]
    fn a_dependency_without_reasons_is_found_in_both_manifests() {
        let tree = Tree::of(&[
            (
                "Cargo.toml",
                "[workspace.dependencies]\nplace = { path = \"crates/place\" }\njiff = \"1\"\nserde = \"1\"\n",
            ),
            ("package.json", "{\n\"devDependencies\": {\n\"axe-core\": \"4\"\n}\n}\n"),
            ("crates/fhir/package.json", "{\n\"dependencies\": {\n\"hl7\": \"4\"\n}\n}\n"),
            (REASONS, "We also thought of `serde`.\n| `jiff` | time |\n"),
        ]);
        let found: Vec<_> = reasons(&tree).into_iter().map(|v| (v.path, v.line)).collect();
        assert_eq!(
            found,
            [("Cargo.toml".to_owned(), 4), ("package.json".to_owned(), 3), ("crates/fhir/package.json".to_owned(), 3)]
        );
    }
}
