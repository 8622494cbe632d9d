//! Every control in the hazard log is held by a test that exists: a promise without a proof is no control.

use super::Violation;
use super::tree::Tree;

const LOG: &str = "docs/clinical-safety/hazard-log.md";

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
        let named = named_tests(text);
        if named.is_empty() {
            violations.push(Violation::new(
                LOG,
                line,
                "this hazard names no test: name the function that proves its control",
            ));
        }
        for test in named.into_iter().filter(|test| !exists(tree, test)) {
            let message =
                format!("no test is called `{test}`: name the function that proves this control, or write it");
            violations.push(Violation::new(LOG, line, message));
        }
    }
    violations
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
