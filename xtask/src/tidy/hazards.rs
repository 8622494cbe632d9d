//! Every control in the hazard log and every requirement that we say holds is held by a test that exists, and in a whole run
//! one that ran and passed: a promise without a proof is no control.

use std::collections::BTreeSet;

use super::Violation;
use super::tree::Tree;

const LOG: &str = "docs/clinical-safety/hazard-log.md";
/// The rows of the OWASP Application Security Verification Standard 5.0: `| v5.0.0-1.2.1 | level | what | status | how | tests |`.
const ASVS: &str = "docs/assurance/asvs.md";

/// Hazards without a proof, or with one that is not there.
pub(crate) fn proofs(tree: &Tree) -> Vec<Violation> {
    let Some(log) = tree.file(LOG) else {
        return vec![Violation::new(
            LOG,
            1,
            "is missing: the hazards of the platform and what controls them stand there",
        )];
    };
    let mut violations = Vec::new();
    for (line, text) in log.lines().filter(|(_, text)| is_hazard(text)) {
        if named_tests(text).is_empty() {
            violations.push(Violation::new(
                LOG,
                line,
                "this hazard names no test: name the function that proves its control",
            ));
        }
    }
    violations.extend(promised(tree).filter(|(_, _, test)| !exists(tree, test)).map(|(path, line, test)| {
        let message = format!("no test is called `{test}`: name the function that proves this, or write it");
        Violation::new(path, line, message)
    }));
    violations.sort_by_key(|violation| violation.line);
    violations
}

/// Requirements whose status is none of the honest ones, or that hold by no test.
pub(crate) fn requirements(tree: &Tree) -> Vec<Violation> {
    let Some(rows) = tree.file(ASVS) else {
        return vec![Violation::new(ASVS, 1, "is missing: what we hold to, and what is open")];
    };
    let mut violations = Vec::new();
    for (line, text) in rows.lines().filter(|(_, text)| is_requirement(text)) {
        let columns: Vec<&str> = text.trim().trim_matches('|').split('|').map(str::trim).collect();
        let status = columns.get(3).copied().unwrap_or_default();
        let proved = !named_tests(text).is_empty();
        let message = match status {
            "holds" if !proved => "says that it holds and names no test",
            "holds" | "open" | "the deployer must supply" | "does not apply" => continue,
            _ => "has a status that is none of: holds, open, the deployer must supply, does not apply",
        };
        violations.push(Violation::new(ASVS, line, message));
    }
    violations
}

/// Proofs that did not run and pass in a whole run whose passed tests are these.
pub(crate) fn that_did_not_run(tree: &Tree, passed: &BTreeSet<String>) -> Vec<Violation> {
    promised(tree)
        .filter(|(_, _, test)| !passed.contains(*test))
        .map(|(path, line, test)| Violation::new(path, line, format!("`{test}` proves this, and did not run and pass")))
        .collect()
}

/// Every test that a document promises, with where.
fn promised(tree: &Tree) -> impl Iterator<Item = (&'static str, usize, &str)> {
    /// A document, and what its rows begin with.
    type Document = (&'static str, fn(&str) -> bool);
    let documents: [Document; 2] = [(LOG, is_hazard), (ASVS, is_requirement)];
    documents.into_iter().filter_map(|(path, is_row)| Some((path, is_row, tree.file(path)?))).flat_map(
        |(path, is_row, file)| {
            let rows = file.lines().filter(move |(_, text)| is_row(text));
            rows.flat_map(move |(line, text)| named_tests(text).into_iter().map(move |test| (path, line, test)))
        },
    )
}

/// `| v5.0.0-1.2.1 | ...`
fn is_requirement(line: &str) -> bool {
    line.starts_with("| v5.0.0-")
}

/// `| H1 | ...`
fn is_hazard(line: &str) -> bool {
    let number = line.strip_prefix("| H").map(|rest| rest.chars().take_while(char::is_ascii_digit).count());
    number.is_some_and(|digits| digits > 0)
}

/// What stands in backticks in the last column.
fn named_tests(line: &str) -> Vec<&str> {
    let column = line.trim().trim_end_matches('|').rsplit('|').next().unwrap_or_default();
    column.split('`').skip(1).step_by(2).collect()
}

fn exists(tree: &Tree, test: &str) -> bool {
    let stories = [format!("test(\"{test}\""), format!("test('{test}'")];
    tree.ending(&[".rs"]).any(|file| has_test(&file.text, test))
        || tree.ending(&[".test.mjs"]).any(|file| stories.iter().any(|story| file.text.contains(story)))
}

/// True if a function of this name stands there under a `#[test]` of some kind.
fn has_test(text: &str, test: &str) -> bool {
    let function = format!("fn {test}(");
    if !text.contains(&function) {
        return false;
    }
    let lines: Vec<&str> = text.lines().map(str::trim_start).collect();
    lines.iter().enumerate().filter(|(_, line)| line.contains(&function)).any(|(at, _)| {
        let above = lines.iter().take(at).rev();
        above.take_while(|line| line.starts_with('#') || line.starts_with("//")).any(|line| line.contains("test]"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_requirement_that_holds_names_a_test_and_nothing_is_said_but_four_things() {
        let rows = "| v5.0.0-1.1.1 | 2 | a | holds | so | `it_holds` |\n| v5.0.0-1.1.2 | 1 | b | holds | so | |\n\
                    | v5.0.0-1.1.3 | 1 | c | open | later | |\n| v5.0.0-1.1.4 | 1 | d | mostly | | `it_holds` |\n";
        let tree = Tree::of(&[(ASVS, rows), ("crates/a/src/lib.rs", "#[test]\nfn it_holds() {}\n"), (LOG, "")]);
        assert_eq!(requirements(&tree).iter().map(|v| v.line).collect::<Vec<_>>(), [2, 4]);
        assert!(proofs(&tree).is_empty());
        let passed = BTreeSet::from(["it_holds".to_owned()]);
        assert!(that_did_not_run(&tree, &passed).is_empty());
        assert_eq!(that_did_not_run(&tree, &BTreeSet::new()).len(), 2, "a test that was passed over proves nothing");
    }

    #[test]
    fn a_hazard_needs_a_test_that_exists() {
        let log = "| no | hazard | test |\n|---|---|---|\n| H1 | `lost` | `nothing_is_lost` |\n| H2 | late | `no_such_test` |\n\
                   | H3 | hidden | later |\n| H4 | phone | `it fits a phone` |\n| H5 | no test | `only_a_function` |\n";
        let tree = Tree::of(&[
            (LOG, log),
            ("crates/store/src/log/tests.rs", "#[test]\n// why\nfn nothing_is_lost() {}\n\nfn only_a_function() {}\n"),
            ("tests/browser/phone.test.mjs", "test(\"it fits a phone\", async () => {});\n"),
        ]);
        assert_eq!(proofs(&tree).iter().map(|v| v.line).collect::<Vec<_>>(), [4, 5, 7]);
    }
}
