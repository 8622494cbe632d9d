//! Compiles HL7's own FHIR R4 definitions into one table of text that the crate embeds: types, elements, codes, rules,
//! search parameters, the patient compartment. The steps are in `build/`. Must not write anywhere but into `OUT_DIR`.

#[path = "build/codes.rs"]
mod codes;
#[path = "build/package.rs"]
mod package;
#[path = "build/parameters.rs"]
mod parameters;
#[path = "build/source.rs"]
mod source;
#[path = "build/types.rs"]
mod types;

use std::fs;
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
    let found = package::find(&crate_dir, &out_dir)?;
    let source = source::Source::new(&found.dir);
    let mut table = String::new();
    let names = types::write(&source, &mut table)?;
    parameters::write(&source, &names, &mut table)?;
    let to = out_dir.join("definitions.tsv");
    fs::write(&to, table).map_err(|error| format!("cannot write {}: {error}", to.display()))?;
    let mut lines = vec![
        "cargo::rerun-if-env-changed=WEFT_DEFINITIONS_DIR".to_owned(),
        "cargo::rerun-if-changed=build.rs".to_owned(),
        "cargo::rerun-if-changed=build".to_owned(),
        "cargo::rerun-if-changed=package-lock.json".to_owned(),
        // The tests read HL7's examples from the same package.
        format!("cargo::rustc-env=WEFT_FHIR_EXAMPLES={}", found.dir.display()),
    ];
    lines.extend(found.watch.map(|file| format!("cargo::rerun-if-changed={}", file.display())));
    Ok(lines)
}

fn variable(name: &str) -> Result<String, String> {
    std::env::var(name).map_err(|error| format!("{name}: {error}"))
}
