//! Sets up what the tests need and cargo does not bring: PostgreSQL, Chromium, the solver that proves the policies, the npm
//! packages, the Python clients of FHIR.
//! Installs only what is missing, only from the machine's own registries, and never inside the source tree
//! but for the ignored `node_modules`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;

use crate::outcome::Outcome;
use crate::{say, shell, toolbox};

/// Everything at once. What cannot be installed is named in one sentence, with what to do about it.
pub(crate) fn everything(root: &Path) -> anyhow::Result<Outcome> {
    let mut missing = Vec::new();
    system_packages(&mut missing)?;
    npm_packages(root, &mut missing)?;
    if !shell::exists("cargo-nextest") {
        say::line("cargo-nextest is not installed; `cargo test` stands in for it, slower.");
        say::line("To have it: cargo install --locked cargo-nextest");
    }
    if missing.is_empty() { Ok(Outcome::Done) } else { Ok(Outcome::NotRun(missing.join("\n"))) }
}

fn system_packages(missing: &mut Vec<String>) -> anyhow::Result<()> {
    let mut wanted = Vec::new();
    if toolbox::postgres_programs().is_none() {
        wanted.push("postgresql");
    }
    if toolbox::chromium().is_none() {
        wanted.extend(["chromium", "fonts-liberation"]);
    }
    if !shell::exists("npm") {
        wanted.extend(["nodejs", "npm"]);
    }
    if !toolbox::python_makes_environments() {
        wanted.extend(["python3", "python3-venv"]);
    }
    if toolbox::cvc5().is_none() {
        wanted.push("cvc5");
    }
    if wanted.is_empty() {
        say::line("PostgreSQL, Chromium, Node, Python and cvc5 are here.");
        return Ok(());
    }
    if !toolbox::is_root() || !shell::exists("apt-get") {
        missing.push(format!(
            "Please install these with your system's package manager, then run this again: {}. \
             (On Debian or Ubuntu: sudo apt-get install {})",
            wanted.join(", "),
            wanted.join(" ")
        ));
        return Ok(());
    }
    let update = shell::run(apt().arg("update"))?;
    let installed = shell::run(apt().args(["install", "-y", "--no-install-recommends"]).args(&wanted))?;
    if !installed {
        let hint = if update { "" } else { " (its list of packages could not be fetched: is the network up?)" };
        missing.push(format!("apt-get could not install {}{hint}.", wanted.join(", ")));
    }
    Ok(())
}

fn apt() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive").args(["-q", "-o", "Acquire::Retries=3"]);
    command
}

/// Folders with a manifest and a lock of npm: the pages' and browser tests' packages, and FHIR's definitions.
const NPM: &[&str] = &["", "crates/fhir"];

/// The npm packages of the lock files, unless they are already there. Install scripts never run.
pub(crate) fn npm_packages(root: &Path, missing: &mut Vec<String>) -> anyhow::Result<()> {
    for folder in NPM.iter().map(|folder| root.join(folder)) {
        npm_packages_of(&folder, missing)?;
    }
    Ok(())
}

fn npm_packages_of(folder: &Path, missing: &mut Vec<String>) -> anyhow::Result<()> {
    let lock = folder.join("package-lock.json");
    if !lock.is_file() {
        missing.push(format!("There is no {}, so its npm packages cannot be installed.", lock.display()));
        return Ok(());
    }
    if is_fresh(&lock, &folder.join("node_modules/.package-lock.json")) {
        say::line("The npm packages are here.");
        return Ok(());
    }
    let install = || {
        let mut npm = Command::new("npm");
        npm.current_dir(folder).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
        shell::run(&mut npm)
    };
    // Once more on failure: registries have hiccups.
    if !install().context("npm")? && !install().context("npm")? {
        missing.push(format!("`npm ci` failed twice in {}; its own message is above.", folder.display()));
    }
    Ok(())
}

/// The Python clients of FHIR in an environment of their own under the target folder, unless they are there already; the
/// Python that has them. Each package is held against its hash.
pub(crate) fn python_clients(root: &Path, missing: &mut Vec<String>) -> anyhow::Result<Option<PathBuf>> {
    if !toolbox::python_makes_environments() {
        missing.push(
            "There is no Python 3 that can make environments (on Debian: apt-get install python3 python3-venv), so the \
             journeys of the Python clients cannot run."
                .to_owned(),
        );
        return Ok(None);
    }
    let wanted = root.join("tests/clients/requirements.txt");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |folder| root.join(folder));
    let environment = target.join("clients");
    let (python, done) = (environment.join("bin/python"), environment.join("installed"));
    // What was installed is kept beside it, so that another list makes it anew.
    if python.is_file() && std::fs::read(&done).ok() == Some(std::fs::read(&wanted)?) {
        say::line("The Python clients are here.");
        return Ok(Some(python));
    }
    let install = || -> anyhow::Result<bool> {
        if !shell::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment))? {
            return Ok(false);
        }
        let mut pip = Command::new(&python);
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:"]);
        shell::run(pip.args(["--require-hashes", "-r"]).arg(&wanted))
    };
    // Once more on failure: registries have hiccups.
    if install()? || install()? {
        std::fs::copy(&wanted, &done)?;
        return Ok(Some(python));
    }
    missing.push("The Python clients could not be installed; pip's own message is above.".to_owned());
    Ok(None)
}

/// True if `made` was written after `source` last changed.
fn is_fresh(source: &Path, made: &Path) -> bool {
    let time = |path: &Path| std::fs::metadata(path).and_then(|file| file.modified()).ok();
    match (time(source), time(made)) {
        (Some(source), Some(made)) => made >= source,
        _ => false,
    }
}
