//! The journeys of FHIR clients that others wrote: one server over the samples, and fhirpy, fhirclient (Python) and
//! fhir-kit-client (npm) each doing a day's work against it. They come from their registries, pinned by hash and lock file.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::Context;

use crate::outcome::{Counts, Outcome, in_ci};
use crate::{browser, cargo, provision, say, shell};

/// Runs every journey.
pub(crate) fn run(root: &Path) -> anyhow::Result<Outcome> {
    let mut missing = Vec::new();
    provision::npm_packages(root, &mut missing)?;
    let python = provision::python_clients(root, &mut missing)?;
    let Some(python) = python.filter(|_| missing.is_empty()) else {
        return Ok(Outcome::NotRun(missing.join("\n")));
    };
    let server = Server::start(&cargo::build_binary(root)?, root)?;
    let mut counts = Counts::default();

    let mut node = Command::new("node");
    node.current_dir(root)
        .env("WEFT_ADDRESS", &server.address)
        .args(["--test", "--test-reporter=spec", "--test-timeout=300000"])
        .arg("tests/clients/fhir-kit-client.test.mjs");
    let finished = shell::run_and_read(&mut node)?;
    counts += sure(browser::read_node(&finished.text, in_ci()), finished.success).named(&finished.text);

    let mut unittest = Command::new(python);
    unittest
        .current_dir(root.join("tests/clients"))
        .env("WEFT_ADDRESS", &server.address)
        // The samples' names are not only ASCII, and no bytecode is left in the source tree.
        .env("PYTHONUTF8", "1")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .args(["-m", "unittest", "--verbose", "fhirpy_journey", "fhirclient_journey"]);
    let finished = shell::run_and_read(&mut unittest)?;
    counts += sure(read_unittest(&finished.text), finished.success);
    counts += server.kept_quiet()?;
    Ok(Outcome::Tests(counts))
}

/// Names that the journeys put into addresses and bodies, and how a search names one: none may stand in a log.
const NAMES: [&str; 6] = ["Ashworth", "Searcher", "Chainlink", "Pagewell", "Matchwell", "family"];

/// A runner that failed, or did not say what it ran, counts as one failure at least.
fn sure(counts: Option<Counts>, success: bool) -> Counts {
    let mut counts = counts.unwrap_or(Counts::of(0, 1));
    if !success && counts.failed == 0 {
        counts.failed = 1;
    }
    counts
}

/// Reads the totals of Python's unittest: `Ran 7 tests in 1.2s`, then `OK` or `FAILED (failures=1, errors=2)`.
fn read_unittest(text: &str) -> Option<Counts> {
    let ran: u64 =
        text.lines().rev().find_map(|line| line.trim().strip_prefix("Ran ")?.split(' ').next()?.parse().ok())?;
    let last = text.lines().rev().find(|line| line.starts_with("OK") || line.starts_with("FAILED"))?;
    let inside = last.split_once('(').map_or("", |(_, rest)| rest.trim_end_matches(')'));
    let failed = inside.split(", ").filter_map(|part| part.split_once('=')?.1.parse::<u64>().ok()).sum();
    Some(Counts::of(ran.saturating_sub(failed), failed))
}

/// A server over the samples, in a folder that goes away with it.
struct Server {
    child: Child,
    address: String,
    data: PathBuf,
}

impl Server {
    fn start(binary: &Path, root: &Path) -> anyhow::Result<Self> {
        let data = std::env::temp_dir().join(format!("weft-clients-{}", std::process::id()));
        std::fs::create_dir_all(&data)?;
        let mut import = Command::new(binary);
        import.args(["import", "--data"]).arg(&data).arg(root.join("samples/demo/gp"));
        anyhow::ensure!(shell::run(&mut import)?, "The samples could not be imported; see above.");
        let mut child = Command::new(binary)
            .arg("serve")
            .arg("--data")
            .arg(&data)
            // Everything that any part of it has to say.
            .args(["--listen", "127.0.0.1:0", "--demo-sign-in", "--log", "trace"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(data.join("log"))?)
            .spawn()
            .context("Starting the server")?;
        let out = child.stdout.take();
        // Owned from here on, so that it is stopped whatever happens next.
        let mut server = Self { child, address: String::new(), data };
        let lines = BufReader::new(out.context("the server has no standard output")?).lines();
        let found =
            lines.map_while(Result::ok).find_map(|line| Some(line.split_once("Serving on ")?.1.trim().to_owned()));
        server.address = found.context("the server ended before it said where it serves")?;
        Ok(server)
    }

    /// One test more: what it logged on the way, at its most talkative, names nobody.
    fn kept_quiet(&self) -> anyhow::Result<Counts> {
        let log = std::fs::read_to_string(self.data.join("log"))?;
        let told: Vec<&str> = log.lines().filter(|line| NAMES.iter().any(|name| line.contains(name))).collect();
        if !log.contains("a FHIR request was answered") {
            say::warning("The server's log has no line about a request, so nothing can be said of what it logs.");
            return Ok(Counts::of(0, 1));
        }
        if let Some(line) = told.first() {
            say::warning(&format!("{} lines of the server's log name somebody; the first: {line}", told.len()));
            return Ok(Counts::of(0, 1));
        }
        say::line(&format!("The server's log ({} lines at trace) names nobody.", log.lines().count()));
        Ok(Counts::of(1, 0))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
        std::fs::remove_dir_all(&self.data).ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unittests_totals_are_read() {
        let of = |text: &str| read_unittest(text);
        assert_eq!(of("Ran 7 tests in 1.2s\n\nOK\n"), Some(Counts::of(7, 0)));
        assert_eq!(of("Ran 7 tests in 1.2s\n\nFAILED (failures=1, errors=2)\n"), Some(Counts::of(4, 3)));
        assert_eq!(of("Ran 3 tests in 1.2s\n\nOK (skipped=1)\n"), Some(Counts::of(2, 1)));
        assert_eq!(of("Traceback"), None);
        assert_eq!(sure(None, true), Counts::of(0, 1));
        assert_eq!(sure(Some(Counts::of(2, 0)), false), Counts::of(2, 1));
    }
}
