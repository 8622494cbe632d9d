//! Bundles the NHS design system and our own style sheet, scripts and icon into the program: one generated table of
//! files with hashed addresses. The steps are in `build/`. Must not write anywhere but into `OUT_DIR`, and must not
//! run again for an edited template.

#[path = "build/bundle.rs"]
mod bundle;
#[path = "build/package.rs"]
mod package;
#[path = "build/stylesheet.rs"]
mod stylesheet;

use std::io::Write as _;
use std::path::PathBuf;

fn main() {
    let mut out = std::io::stdout().lock();
    let outcome = run().and_then(|lines| {
        for line in lines {
            writeln!(out, "{line}").map_err(|error| format!("the build script cannot speak to cargo: {error}"))?;
        }
        Ok(())
    });
    if let Err(reason) = outcome {
        // One line, and the exit status says the rest: a second failure here could not be reported anyway.
        let _ = writeln!(out, "cargo::error={}", reason.replace('\n', " "));
    }
}

/// Does everything and returns the lines that cargo reads.
fn run() -> Result<Vec<String>, String> {
    let crate_dir = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    let out_dir = PathBuf::from(variable("OUT_DIR")?);
    let root = crate_dir.join("../..");
    let found = package::find(&root, &out_dir)?;
    bundle::write(&found.dir, &crate_dir.join("assets"), &out_dir)?;
    let mut lines = vec![
        "cargo::rerun-if-env-changed=WEFT_ASSETS_DIR".to_owned(),
        format!("cargo::rerun-if-changed={}", root.join("package-lock.json").display()),
        format!("cargo::rerun-if-changed={}", crate_dir.join("assets").display()),
        format!("cargo::rustc-env=WEFT_NHSUK_DIR={}", found.dir.display()),
    ];
    lines.extend(found.watch.map(|file| format!("cargo::rerun-if-changed={}", file.display())));
    Ok(lines)
}

fn variable(name: &str) -> Result<String, String> {
    std::env::var(name).map_err(|error| format!("{name}: {error}"))
}
