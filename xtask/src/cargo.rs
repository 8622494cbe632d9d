//! The steps that cargo runs: formatting, lints, tests, dependencies; and the counting of what the runners say.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;

use crate::outcome::{Counts, Outcome, in_ci};
use crate::postgres::Server;
use crate::{say, shell};

/// Tests whose path has this module run alone, in the `faults` step: they kill processes and fill disks.
const FAULTS: &str = "faults::";

/// Is every file formatted?
pub(crate) fn fmt(root: &Path) -> anyhow::Result<Outcome> {
    let clean = shell::run(cargo(root).args(["fmt", "--all", "--check"]))?;
    Ok(passed_or(clean, "some files are not formatted. Run `cargo fmt --all`."))
}

/// The lints, on all code, tests and benchmarks too.
pub(crate) fn clippy(root: &Path) -> anyhow::Result<Outcome> {
    let clean = shell::run(cargo(root).args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    Ok(passed_or(clean, "clippy found something to mend; see above."))
}

/// Licences, banned packages, sources. Advisories need a list from outside the registries and are left to a person.
pub(crate) fn deny(root: &Path) -> anyhow::Result<Outcome> {
    if !shell::exists("cargo-deny") {
        let reason = "cargo-deny is not installed, so licences, bans and sources were NOT checked";
        say::line(&format!("{reason}. To have it: cargo install --locked cargo-deny"));
        return Ok(Outcome::LeftOut(reason.to_owned()));
    }
    let clean = shell::run(cargo(root).args(["deny", "--offline", "check", "bans", "licenses", "sources"]))?;
    Ok(passed_or(clean, "a dependency breaks deny.toml; see above."))
}

/// Every test but the fault tests and the browser's.
pub(crate) fn unit(root: &Path, server: Option<&Server>, arguments: &[String]) -> anyhow::Result<Outcome> {
    let mut command = cargo(root);
    let names_package = arguments.iter().any(|word| word.starts_with("-p") || word.starts_with("--package"));
    let all = if names_package { None } else { Some("--workspace") };
    if shell::exists("cargo-nextest") {
        command.args(["nextest", "run", "--no-fail-fast"]).args(all).args(arguments);
    } else {
        command.args(["test", "--no-fail-fast", "--lib", "--bins", "--tests"]).args(all).args(arguments);
        command.args(["--", "--skip", FAULTS]);
    }
    run_tests(command, server)
}

/// The examples in the documentation comments.
pub(crate) fn doc_tests(root: &Path) -> anyhow::Result<Outcome> {
    let finished = shell::run_and_read(cargo(root).args(["test", "--workspace", "--doc", "--no-fail-fast"]))?;
    let counts = read_libtest(&finished.text).named(&finished.text);
    if counts == Counts::default() {
        return Ok(passed_or(finished.success, "the documentation's examples do not build; see above."));
    }
    Ok(settle(finished.success, counts))
}

/// The fault tests, one after another, against the real binary.
pub(crate) fn faults(root: &Path, server: Option<&Server>) -> anyhow::Result<Outcome> {
    let binary = build_binary(root)?;
    let mut command = cargo(root);
    command.env("WEFT_BIN", binary);
    if shell::exists("cargo-nextest") {
        command.args(["nextest", "run", "--package", "weft-tests", "--profile", "faults", "--no-fail-fast"]);
    } else {
        command.args(["test", "--package", "weft-tests", "--no-fail-fast", FAULTS, "--", "--test-threads=1"]);
    }
    run_tests(command, server)
}

/// Builds the binary as the tests use it (debug) and says where it is.
pub(crate) fn build_binary(root: &Path) -> anyhow::Result<PathBuf> {
    say::line("$ cargo build --package weft");
    let output = cargo(root)
        .args(["build", "--quiet", "--package", "weft", "--message-format=json-render-diagnostics"])
        .stderr(std::process::Stdio::inherit())
        .output()
        .context("Starting cargo")?;
    anyhow::ensure!(output.status.success(), "The binary does not build; see above.");
    let messages = String::from_utf8_lossy(&output.stdout);
    let executable = messages.lines().rev().find_map(|line| {
        let message: serde_json::Value = serde_json::from_str(line).ok()?;
        let is_weft = message.pointer("/target/name").and_then(serde_json::Value::as_str) == Some("weft");
        is_weft.then(|| message.get("executable")?.as_str().map(PathBuf::from))?
    });
    executable.context("cargo built `weft` but did not say where it put it")
}

/// Cargo, as it was called for us.
pub(crate) fn cargo(root: &Path) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(program);
    command.current_dir(root);
    // What cargo set for this program is not for the builds it starts: it would make them stale.
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(name.as_ref());
        }
    }
    command
}

fn run_tests(mut command: Command, server: Option<&Server>) -> anyhow::Result<Outcome> {
    Server::tell(server, &mut command);
    let finished = shell::run_and_read(&mut command)?;
    let counts = read_nextest(&finished.text).unwrap_or_else(|| read_libtest(&finished.text)).named(&finished.text);
    if server.is_none() && in_ci() {
        return Ok(Outcome::Failed("the tests that need PostgreSQL could not run".to_owned()));
    }
    Ok(settle(finished.success, counts))
}

/// A runner that failed without a failed test (it did not build, say) has failed all the same.
fn settle(success: bool, mut counts: Counts) -> Outcome {
    if !success && counts.passed == 0 && counts.failed == 0 {
        return Outcome::Failed("the tests did not build, did not start, or there were none; see above.".to_owned());
    }
    if !success && counts.failed == 0 {
        counts.failed = 1;
    }
    Outcome::Tests(counts)
}

fn passed_or(clean: bool, reason: &str) -> Outcome {
    if clean { Outcome::Done } else { Outcome::Failed(reason.to_owned()) }
}

/// Reads nextest's closing line: `Summary [ 1.2s] 12 tests run: 10 passed (1 slow), 1 failed, 1 timed out, 3 skipped`.
fn read_nextest(text: &str) -> Option<Counts> {
    let summary = text.lines().rev().find(|line| line.trim_start().starts_with("Summary ["))?;
    let (_, tail) = summary.split_once("run: ")?;
    let mut counts = Counts::default();
    for part in tail.split(',') {
        let mut words = part.split_whitespace();
        let number: u64 = words.next()?.parse().ok()?;
        match words.next()? {
            "passed" => counts.passed += number,
            "skipped" => {}
            _ => counts.failed += number,
        }
    }
    Some(counts)
}

/// Adds up every `test result: ok. 3 passed; 0 failed; ...` of the standard runner.
fn read_libtest(text: &str) -> Counts {
    let mut counts = Counts::default();
    for line in text.lines().filter(|line| line.trim_start().starts_with("test result:")) {
        let words: Vec<&str> = line.split_whitespace().collect();
        for pair in words.windows(2) {
            let [number, what] = pair else { continue };
            let Ok(number) = number.parse::<u64>() else { continue };
            match what.trim_end_matches(';') {
                "passed" => counts.passed += number,
                "failed" => counts.failed += number,
                _ => {}
            }
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nextest_is_read_with_its_slow_failed_and_timed_out_tests() {
        let text = "  PASS a\n------------\n     Summary [   0.123s] 14 tests run: 11 passed (2 slow), 2 failed, \
                    1 timed out, 3 skipped\n        FAIL b\n";
        assert_eq!(read_nextest(text), Some(Counts::of(11, 3)));
        assert_eq!(read_nextest("error: could not compile"), None);
    }

    #[test]
    fn the_standard_runner_is_added_up_over_its_binaries() {
        let text =
            "test result: ok. 3 passed; 0 failed; 0 ignored\n\ntest result: FAILED. 4 passed; 2 failed; 0 ignored\n";
        assert_eq!(read_libtest(text), Counts::of(7, 2));
    }

    #[test]
    fn a_build_that_broke_is_not_a_pass() {
        assert!(matches!(settle(false, Counts::default()), Outcome::Failed(_)));
        assert_eq!(settle(false, Counts::of(5, 0)), Outcome::Tests(Counts::of(5, 1)));
    }
}
