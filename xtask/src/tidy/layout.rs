//! Files: how long, how named, how they open. A file that a person can hold in mind is a file they can change.

use super::Violation;
use super::tree::{File, Tree};

const SIZED: &[&str] = &[".rs", ".html", ".css", ".mjs"];
const GROWING: usize = 500;
const TOO_LONG: usize = 800;
const EMPTY_NAMES: &[&str] = &["utils", "util", "helpers", "helper", "common", "manager", "misc"];

/// Files past the length at which one begins to think of splitting. A warning.
pub(crate) fn growing(tree: &Tree) -> Vec<Violation> {
    let long = lengths(tree).filter(|(_, length)| (GROWING + 1..=TOO_LONG).contains(length));
    long.map(|(file, length)| Violation::new(&file.path, length, format!("{length} lines; think of splitting it")))
        .collect()
}

/// Files past the length at which one does.
pub(crate) fn sizes(tree: &Tree) -> Vec<Violation> {
    let long = lengths(tree).filter(|(_, length)| *length > TOO_LONG);
    let message =
        |length| format!("{length} lines, over {TOO_LONG}: nobody holds that in mind. Split it by nouns of the domain");
    long.map(|(file, length)| Violation::new(&file.path, length, message(length))).collect()
}

fn lengths(tree: &Tree) -> impl Iterator<Item = (&File, usize)> {
    tree.ending(SIZED).map(|file| (file, file.text.lines().count()))
}

/// Names that say nothing, and `mod.rs`.
pub(crate) fn names(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in tree.ending(SIZED) {
        let stem = |part: &str| part.split('.').next().unwrap_or_default().to_lowercase();
        if let Some(part) = file.path.split('/').map(stem).find(|part| EMPTY_NAMES.contains(&part.as_str())) {
            let message = format!("`{part}` names no thing of the domain: name the file after what it holds");
            violations.push(Violation::new(&file.path, 1, message));
        }
        if file.name() == "mod.rs" {
            violations.push(Violation::new(
                &file.path,
                1,
                "write `noun.rs` beside the folder `noun/`, not `noun/mod.rs`",
            ));
        }
    }
    violations
}

/// Every Rust file opens with what it is for; every crate with a paragraph of it.
pub(crate) fn purposes(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in tree.ending(&[".rs"]) {
        let opening: Vec<&str> = file.text.lines().map_while(|line| line.strip_prefix("//!")).collect();
        if opening.is_empty() {
            let message = "no opening `//!`: say in a line or two what this file is for and what it must not do";
            violations.push(Violation::new(&file.path, 1, message));
        }
        let is_crate = file.path.starts_with("crates/")
            && (file.path.ends_with("src/lib.rs") || file.path.ends_with("src/main.rs"));
        let words =
            opening.iter().take_while(|line| !line.trim().is_empty()).flat_map(|line| line.split_whitespace()).count();
        let is_placeholder = opening.iter().any(|line| line.contains("opens in the first commits"));
        if is_crate && !opening.is_empty() && (words < 12 || is_placeholder) {
            let message = "a crate opens with its purpose: a paragraph that somebody new can stand on";
            violations.push(Violation::new(&file.path, 1, message));
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_files_are_warned_of_and_then_refused() {
        let lines = |count: usize| "//! x\n".repeat(count);
        let tree = Tree::of(&[
            ("a.rs", &lines(500)),
            ("b.html", &lines(501)),
            ("c.mjs", &lines(800)),
            ("d.css", &lines(801)),
            ("e.csv", &lines(9_000)),
        ]);
        assert_eq!(growing(&tree).iter().map(|v| v.path.as_str()).collect::<Vec<_>>(), ["b.html", "c.mjs"]);
        assert_eq!(sizes(&tree).iter().map(|v| v.path.as_str()).collect::<Vec<_>>(), ["d.css"]);
    }

    #[test]
    fn names_that_say_nothing_are_refused() {
        let tree = Tree::of(&[
            ("crates/web/src/utils.rs", ""),
            ("crates/web/src/common/date.rs", ""),
            ("crates/web/src/pages/mod.rs", ""),
            ("crates/care/src/ask.rs", ""),
            ("docs/common.md", ""),
        ]);
        assert_eq!(names(&tree).len(), 3);
    }

    #[test]
    fn a_file_or_crate_without_a_purpose_is_found() {
        let tree = Tree::of(&[
            ("crates/care/src/ask.rs", "use x;\n"),
            ("crates/care/src/lib.rs", "//! Care.\n"),
            (
                "crates/place/src/lib.rs",
                "//! The vocabulary of a place, for all who speak of it, and nothing that they do with it.\n",
            ),
            ("crates/place/src/ods.rs", "//! ODS codes.\n"),
        ]);
        let found: Vec<_> = purposes(&tree).into_iter().map(|v| v.path).collect();
        assert_eq!(found, ["crates/care/src/ask.rs", "crates/care/src/lib.rs"]);
    }
}
