//! The workshop: `cargo xtask test` prepares a machine and runs every test Weft has; each step also runs alone.
//! Nothing here ships with Weft, and no test may depend on a thing that this command does not set up.

mod benchmark;
mod browser;
mod cargo;
mod clients;
mod outcome;
mod postgres;
mod provision;
mod say;
mod shell;
mod tidy;
mod toolbox;

use std::process::ExitCode;

use outcome::Report;

const HELP: &str = "\
Weft's workshop. Everything a change must pass, and the parts of it one by one.

    cargo xtask test          set up what the tests need, run every one, print a table

One step at a time:
    cargo xtask fmt           is every Rust file formatted (cargo fmt mends it)
    cargo xtask clippy        the lints, warnings counted as errors
    cargo xtask tidy          the architecture's own rules: who imports whom, file sizes, where SQL stands...
    cargo xtask deny          licences, banned packages and sources (needs cargo-deny)
    cargo xtask unit [ARG]..  unit, property, snapshot, API and database tests; arguments go to the test runner
    cargo xtask faults        kill, full disk and lost connection tests
    cargo xtask browser [FILE]..  stories in a real browser, with accessibility checks
    cargo xtask clients       FHIR clients that others wrote (fhirpy, fhirclient, fhir-kit-client) at the API
    cargo xtask screenshots   the same stories, drawing docs/images anew
    cargo xtask bench [ARG].. measure speed and size (release build; not part of test)
    cargo xtask postgres -- COMMAND [ARG]..
                              run a command with a private PostgreSQL up; its address is in WEFT_TEST_POSTGRES

What it reads from the environment:
    CI=true                   a test that cannot run is a failure, not a remark
    CHROMIUM=/path            the browser to use, if it is not in the usual place
    CARGO_TARGET_DIR          where cargo builds, as ever
";

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let name = words.next().unwrap_or_else(|| "--help".to_owned());
    let rest: Vec<String> = words.collect();
    match run(&name, &rest) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            say::warning(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// Runs one command of the workshop; true if all of it passed.
fn run(name: &str, rest: &[String]) -> anyhow::Result<bool> {
    let root = shell::root()?;
    let mut report = Report::default();
    match name {
        "test" => everything(&root, &mut report),
        "fmt" => report.step("fmt", || cargo::fmt(&root)),
        "clippy" => report.step("clippy", || cargo::clippy(&root)),
        "tidy" => report.step("tidy", || tidy::step(&root)),
        "deny" => report.step("deny", || cargo::deny(&root)),
        "unit" => {
            let server = database(&mut report);
            report.step("unit", || cargo::unit(&root, server.as_ref(), rest));
        }
        "faults" => {
            let server = database(&mut report);
            report.step("faults", || cargo::faults(&root, server.as_ref()));
        }
        "browser" => report.step("browser", || browser::run(&root, rest, false)),
        "clients" => report.step("clients", || clients::run(&root)),
        "screenshots" => report.step("screenshots", || browser::run(&root, rest, true)),
        "bench" => report.step("bench", || benchmark::run(&root, rest)),
        "postgres" => return postgres::run_with(rest),
        "help" | "--help" | "-h" => {
            say::line(HELP);
            return Ok(true);
        }
        other => anyhow::bail!("There is no step `{other}`. `cargo xtask --help` lists them all."),
    }
    report.print();
    Ok(report.passed())
}

/// Every test Weft has, cheapest first. A failed step does not stop the next: one run tells everything.
fn everything(root: &std::path::Path, report: &mut Report) {
    report.step("set up", || provision::everything(root));
    report.step("fmt", || cargo::fmt(root));
    report.step("tidy", || tidy::step(root));
    report.step("deny", || cargo::deny(root));
    report.step("clippy", || cargo::clippy(root));
    let server = database(report);
    report.step("unit", || cargo::unit(root, server.as_ref(), &[]));
    report.step("doc tests", || cargo::doc_tests(root));
    report.step("faults", || cargo::faults(root, server.as_ref()));
    report.step("clients", || clients::run(root));
    report.step("browser", || browser::run(root, &[], false));
    let passed = report.total().names;
    report.step("proofs ran", || tidy::proofs_ran(root, &passed));
}

/// A private PostgreSQL for the tests that follow. Without one they cannot all run, and the report says so.
fn database(report: &mut Report) -> Option<postgres::Server> {
    let mut server = None;
    report.step("postgresql", || {
        Ok(match postgres::Server::start() {
            Ok(started) => {
                server = Some(started);
                outcome::Outcome::Done
            }
            Err(error) => outcome::Outcome::NotRun(format!("the tests on PostgreSQL: {error:#}")),
        })
    });
    server
}
