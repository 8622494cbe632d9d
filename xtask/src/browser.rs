//! The stories in a real browser: builds the binary, has Node run them, counts what it says.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;

use crate::outcome::{Counts, Outcome, in_ci};
use crate::{cargo, provision, shell, toolbox};

/// Runs the given story files (all, if none is given). With `screenshots`, draws `docs/images` anew on the way.
pub(crate) fn run(root: &Path, files: &[String], screenshots: bool) -> anyhow::Result<Outcome> {
    let Some(chromium) = toolbox::chromium() else {
        let reason =
            "There is no Chromium. Install it (on Debian: apt-get install chromium), or say where it is in CHROMIUM.";
        return Ok(Outcome::NotRun(reason.to_owned()));
    };
    let mut missing = Vec::new();
    provision::npm_packages(root, &mut missing)?;
    if !missing.is_empty() {
        return Ok(Outcome::NotRun(missing.join("\n")));
    }
    let stories = if files.is_empty() { stories(root)? } else { files.iter().map(PathBuf::from).collect() };
    let binary = cargo::build_binary(root)?;
    let mut node = Command::new("node");
    node.current_dir(root)
        .env("WEFT_BIN", binary)
        .env("CHROMIUM", chromium)
        // Ten minutes a file: a story that hangs is a failure, not a wait.
        .args(["--test", "--test-reporter=spec", "--test-concurrency=1", "--test-timeout=600000"])
        .args(stories);
    if screenshots {
        node.env("WEFT_SCREENSHOTS", "1");
    }
    let finished = shell::run_and_read(&mut node)?;
    let Some(mut counts) = read_node(&finished.text, in_ci()) else {
        return Ok(Outcome::Failed("Node did not say how many tests it ran; see above.".to_owned()));
    };
    if !finished.success && counts.failed == 0 {
        counts.failed = 1;
    }
    Ok(Outcome::Tests(counts.named(&finished.text)))
}

fn stories(root: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let folder = root.join("tests/browser");
    let entries = std::fs::read_dir(&folder).with_context(|| format!("Reading {}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.to_string_lossy().ends_with(".test.mjs"));
    files.sort();
    Ok(files)
}

/// Reads the totals of Node's own test runner. A skipped story is no failure on a desk, and one in CI.
pub(crate) fn read_node(text: &str, in_ci: bool) -> Option<Counts> {
    let total = |name: &str| -> Option<u64> {
        text.lines().rev().find_map(|line| {
            let line = line.trim().trim_start_matches(['ℹ', '#']).trim_start();
            line.strip_prefix(name)?.trim().parse().ok()
        })
    };
    let skipped = if in_ci { total("skipped ")? + total("todo ")? } else { 0 };
    Some(Counts::of(total("pass ")?, total("fail ")? + total("cancelled ")? + skipped))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOTALS: &str =
        "ℹ tests 9\nℹ suites 0\nℹ pass 5\nℹ fail 1\nℹ cancelled 1\nℹ skipped 2\nℹ todo 0\nℹ duration_ms 3\n";

    #[test]
    fn nodes_totals_are_read_and_what_was_cut_short_has_failed() {
        assert_eq!(read_node(TOTALS, false), Some(Counts::of(5, 2)));
        assert_eq!(read_node("a crash", false), None);
    }

    #[test]
    fn a_skipped_story_fails_in_ci() {
        assert_eq!(read_node(TOTALS, true), Some(Counts::of(5, 4)));
    }
}
