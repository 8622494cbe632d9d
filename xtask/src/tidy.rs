//! The architecture's own rules, as code: each file under `tidy/` holds one family of them as plain functions from
//! the tree to its violations. They run in `cargo xtask tidy` and, as a test, wherever the tests run.
//! A rule here says what is deliberately absent; ARCHITECTURE.md says why in prose.

mod boundaries;
mod dependencies;
mod hazards;
mod layout;
mod manifest;
mod pages;
mod place_data;
mod provenance;
mod purity;
mod rust_text;
mod sql;
mod tree;

use std::collections::BTreeSet;
use std::path::Path;

use crate::outcome::Outcome;
use crate::say;
use tree::Tree;

/// One place where a rule is broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Violation {
    /// The file, from the root of the repository.
    pub(crate) path: String,
    /// The line, from 1.
    pub(crate) line: usize,
    /// What is there, why it may not be, and what to do, in one sentence or two.
    pub(crate) message: String,
}

impl Violation {
    fn new(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, message: message.into() }
    }
}

impl std::fmt::Display for Violation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.message)
    }
}

type Rule = fn(&Tree) -> Vec<Violation>;

const RULES: &[(&str, Rule)] = &[
    ("dependency direction", boundaries::direction),
    ("who may use which library", boundaries::libraries),
    ("file sizes", layout::sizes),
    ("module names", layout::names),
    ("files open with their purpose", layout::purposes),
    ("SQL in its place", sql::in_its_place),
    ("no clock or randomness in the rules", purity::clock_and_randomness),
    ("no unfinished work", purity::unfinished),
    ("escaping in templates", pages::escaping),
    ("no inline script or style", pages::inline),
    ("nobody's machine", provenance::machine_paths),
    ("no third-party source", provenance::third_party),
    ("few packages", dependencies::lock_size),
    ("dependencies with reasons", dependencies::reasons),
    ("hazards with proofs", hazards::proofs),
    ("requirements with proofs", hazards::requirements),
    ("no telephone numbers", place_data::telephones),
];

/// After a whole run: every test that a document names as a proof ran and passed.
pub(crate) fn proofs_ran(root: &Path, passed: &BTreeSet<String>) -> anyhow::Result<Outcome> {
    let missing = hazards::that_did_not_run(&Tree::read(root)?, passed);
    for violation in &missing {
        say::line(&violation.to_string());
    }
    Ok(match missing.len() {
        0 => Outcome::Done,
        count => Outcome::Failed(format!("{count} proofs that the documents name did not run and pass")),
    })
}

/// The `tidy` step.
pub(crate) fn step(root: &Path) -> anyhow::Result<Outcome> {
    let tree = Tree::read(root)?;
    for warning in layout::growing(&tree) {
        say::line(&format!("warning: {warning}"));
    }
    let mut found = 0;
    for (name, rule) in RULES {
        for violation in rule(&tree) {
            say::line(&format!("{violation} [{name}]"));
            found += 1;
        }
    }
    say::line(&format!("{} files, {} rules, {found} violations", tree.files.len(), RULES.len()));
    Ok(if found == 0 {
        Outcome::Done
    } else {
        Outcome::Failed(format!("{found} violations of the architecture's rules"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_is_tidy() {
        let tree = Tree::read(&crate::shell::root().unwrap()).unwrap();
        let violations: Vec<String> = RULES
            .iter()
            .flat_map(|(name, rule)| rule(&tree).into_iter().map(move |v| format!("{v} [{name}]")))
            .collect();
        assert!(violations.is_empty(), "\n{}", violations.join("\n"));
    }

    #[test]
    fn a_violation_reads_as_a_compiler_would_say_it() {
        let violation = Violation::new("crates/care/src/ask.rs", 7, "what, why, what to do");
        assert_eq!(violation.to_string(), "crates/care/src/ask.rs:7: what, why, what to do");
    }
}
