//! Signing in against other people's servers: a provider that others wrote (npm's `oidc-provider`) and one that lies in every
//! way that has been thought of. Each file of tests starts its own Weft over the samples.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::outcome::{Outcome, in_ci};
use crate::{browser, cargo, provision, shell};

/// Runs both.
pub(crate) fn run(root: &Path) -> anyhow::Result<Outcome> {
    let mut missing = Vec::new();
    provision::npm_packages(root, &mut missing)?;
    if !missing.is_empty() {
        return Ok(Outcome::NotRun(missing.join("\n")));
    }
    let binary = cargo::build_binary(root)?;
    let tests: Vec<PathBuf> = ["provider", "evil"].map(|name| format!("tests/sign-in/{name}.test.mjs").into()).into();
    let mut node = Command::new("node");
    node.current_dir(root)
        .env("WEFT_BIN", binary)
        .args(["--test", "--test-reporter=spec", "--test-concurrency=1", "--test-timeout=300000"])
        .args(tests);
    let finished = shell::run_and_read(&mut node)?;
    let Some(mut counts) = browser::read_node(&finished.text, in_ci()) else {
        return Ok(Outcome::Failed("Node did not say how many tests it ran; see above.".to_owned()));
    };
    if !finished.success && counts.failed == 0 {
        counts.failed = 1;
    }
    Ok(Outcome::Tests(counts.named(&finished.text)))
}
