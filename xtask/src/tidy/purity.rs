//! The rules of the domain take time and randomness as arguments, so that any day can be tested on any other;
//! and nothing is left half done behind a macro or an ignored test.

use super::Violation;
use super::rust_text::RustText;
use super::tree::{File, Tree};

const IMPURE: &[&str] = &[
    "Timestamp::now",
    "Zoned::now",
    "SystemTime::now",
    "Instant::now",
    "Uuid::new_v4",
    "Uuid::now_v7",
    "getrandom::",
    "rand::rng",
    "thread_rng",
];

/// Files and folders that may read the clock and draw randomness, besides tests and benchmarks.
const MAY: &[&str] = &["crates/weft/", "crates/web/src/session"];

/// The clock or randomness where it may not be.
pub(crate) fn clock_and_randomness(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in tree.ending(&[".rs"]).filter(|file| !may_be_impure(file)) {
        let text = RustText::of(&file.text);
        for (line, code) in text.lines_outside_tests() {
            if let Some(found) = IMPURE.iter().find(|impure| code.contains(**impure)) {
                let message = format!(
                    "`{found}` here makes this untestable: take `at: Timestamp` (or the randomness) as an argument"
                );
                violations.push(Violation::new(&file.path, line, message));
            }
        }
    }
    violations
}

fn may_be_impure(file: &File) -> bool {
    file.is_test_code() || file.name() == "build.rs" || MAY.iter().any(|prefix| file.path.starts_with(prefix))
}

/// Ignored tests, and macros and marks that stand for work not done.
pub(crate) fn unfinished(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in tree.ending(&[".rs"]) {
        let code = RustText::of(&file.text).code;
        for (index, line) in code.lines().enumerate() {
            for mark in ["#[ignore", "todo!", "unimplemented!"] {
                if line.contains(mark) {
                    violations.push(not_done(file, index + 1, mark));
                }
            }
        }
    }
    for file in tree.ending(&[".test.mjs"]) {
        for (line, text) in file.lines() {
            for mark in ["test.skip(", "test.todo(", "test.only(", "skip: true", "todo: true"] {
                if text.contains(mark) {
                    violations.push(not_done(file, line, mark));
                }
            }
        }
    }
    violations
}

fn not_done(file: &File, line: usize, mark: &str) -> Violation {
    Violation::new(
        &file.path,
        line,
        format!("`{mark}` hides work that is not done: finish it, or take it out and open an issue"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_is_found_in_rules_and_not_in_tests() {
        let source = "//! Timestamp::now is not for us.\nfn f() { jiff::Timestamp::now(); }\n#[cfg(test)]\nmod tests { fn g() { Instant::now(); } }\n";
        let tree = Tree::of(&[
            ("crates/care/src/clock.rs", source),
            ("crates/weft/src/main.rs", source),
            ("crates/web/src/session/cookie.rs", source),
            ("bench/src/lib.rs", source),
        ]);
        let found: Vec<_> = clock_and_randomness(&tree).into_iter().map(|v| (v.path, v.line)).collect();
        assert_eq!(found, [("crates/care/src/clock.rs".to_owned(), 2)]);
    }

    #[test]
    fn unfinished_work_is_found_in_both_languages() {
        let tree = Tree::of(&[
            ("crates/care/src/a.rs", "//! todo! is not for us\n#[ignore]\nfn f() { todo!() }\n"),
            ("tests/browser/a.test.mjs", "test.skip('x', () => {});\n"),
        ]);
        assert_eq!(unfinished(&tree).len(), 3);
    }
}
