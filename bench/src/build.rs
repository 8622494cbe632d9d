//! Building: how long somebody waits after editing a page, and, where asked, for a release from nothing. A page is edited
//! by its time of change alone, so that the tree stays as it is.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use anyhow::Context;

use crate::figure::Figure;
use crate::import::seconds;
use crate::say::tell;
use crate::setting::Setting;

/// What somebody would edit.
const EDITED: [(&str, &str); 2] =
    [("a template", "crates/web/templates/record/page.html"), ("a page's code", "crates/web/src/pages/record.rs")];

/// The debug rebuilds, and the cold build where it was asked for.
pub(crate) fn measure(setting: &Setting) -> anyhow::Result<Vec<Figure>> {
    let mut figures = Vec::new();
    tell("a debug build, so that only the edit is left to build");
    let debug = ["build", "--package", "weft"];
    cargo(setting, &debug, &setting.target)?;
    for (what, file) in EDITED {
        tell(format!("building again after an edit of {file}"));
        touch(&setting.root.join(file))?;
        let taken = cargo(setting, &debug, &setting.target)?;
        let command = format!("touch {file}; cargo build -p weft");
        figures.push(
            Figure::new(format!("debug rebuild after an edit of {what}"), seconds(taken), "s", command).under(15.0),
        );
    }
    if setting.cold {
        tell("a release build from nothing");
        let scratch = setting.scratch("cold")?;
        let taken = cargo(setting, &["build", "--release", "--package", "weft"], scratch.path())?;
        let command = "CARGO_TARGET_DIR=EMPTY cargo build --release -p weft";
        figures.push(Figure::new("cold release build", seconds(taken), "s", command).under(600.0));
    }
    Ok(figures)
}

fn cargo(setting: &Setting, words: &[&str], target: &Path) -> anyhow::Result<Duration> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(words).arg("--quiet").current_dir(&setting.root).env("CARGO_TARGET_DIR", target).stdin(Stdio::null());
    // Cargo tells the program it runs about its own package; the build that it starts must not hear of it.
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(name.as_ref());
        }
    }
    let started = Instant::now();
    let status = command.status().context("cannot start cargo")?;
    anyhow::ensure!(status.success(), "cargo {} ended with {status}", words.join(" "));
    Ok(started.elapsed())
}

fn touch(file: &Path) -> anyhow::Result<()> {
    #[expect(clippy::disallowed_methods, reason = "an edit is known to cargo by the time of change")]
    let now = SystemTime::now();
    let opened = std::fs::OpenOptions::new().append(true).open(file);
    opened.and_then(|opened| opened.set_modified(now)).with_context(|| format!("cannot touch {}", file.display()))
}
