//! Finds HL7's definitions, by the first of: `WEFT_DEFINITIONS_DIR`; `node_modules/` beside this crate's manifest, if its
//! version is the locked one; `npm ci` inside `OUT_DIR` from copies of `package.json` and the lock (npm checks the hash).
//! Must not change the source tree.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const PACKAGE: &str = "hl7.fhir.r4.examples";

/// Where the package is.
pub(crate) struct Found {
    /// The folder with the package's `package.json`.
    pub(crate) dir: PathBuf,
    /// A file whose change means that the package may be another one.
    pub(crate) watch: Option<PathBuf>,
}

/// Climbs the ladder; the error is the one sentence a newcomer needs.
pub(crate) fn find(manifest: &Path, out_dir: &Path) -> Result<Found, String> {
    let wanted = locked(&manifest.join("package-lock.json"))?;
    if let Some(given) = std::env::var_os("WEFT_DEFINITIONS_DIR").map(PathBuf::from) {
        let dir = if given.join(PACKAGE).is_dir() { given.join(PACKAGE) } else { given };
        return match version(&dir) {
            Some(have) if have == wanted => Ok(Found { watch: Some(dir.join("package.json")), dir }),
            Some(have) => Err(format!(
                "WEFT_DEFINITIONS_DIR holds {have}, but crates/fhir/package-lock.json asks for {PACKAGE} {wanted}: unpack that one there"
            )),
            None => Err(format!(
                "WEFT_DEFINITIONS_DIR ({}) holds no npm package: point it at the unpacked {PACKAGE}, or unset it",
                dir.display()
            )),
        };
    }
    let beside = manifest.join("node_modules").join(PACKAGE);
    if version(&beside).is_some_and(|have| have == wanted) {
        return Ok(Found { watch: Some(beside.join("package.json")), dir: beside });
    }
    let own = out_dir.join("npm");
    let dir = own.join("node_modules").join(PACKAGE);
    if version(&dir).is_none_or(|have| have != wanted) {
        install(manifest, &own, &wanted)?;
    }
    Ok(Found { dir, watch: None })
}

fn install(manifest: &Path, own: &Path, wanted: &str) -> Result<(), String> {
    fs::create_dir_all(own).map_err(|error| format!("cannot make {}: {error}", own.display()))?;
    for name in ["package.json", "package-lock.json"] {
        fs::copy(manifest.join(name), own.join(name)).map_err(|error| format!("cannot copy {name}: {error}"))?;
    }
    let advice = format!(
        "install Node.js with npm, or run `npm ci` in crates/fhir, or set WEFT_DEFINITIONS_DIR to an unpacked {PACKAGE} {wanted}"
    );
    let output = Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
        .current_dir(own)
        .output()
        .map_err(|error| format!("FHIR's definitions come from npm, which cannot be started ({error}): {advice}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("it gave no reason");
    Err(format!("FHIR's definitions come from npm and `npm ci` failed ({}): {advice}", last.trim()))
}

fn locked(lock: &Path) -> Result<String, String> {
    let json = super::source::read(lock)?;
    json.get("packages")
        .and_then(|packages| packages.get(format!("node_modules/{PACKAGE}")))
        .and_then(|package| package.get("version"))
        .and_then(serde_json::Value::as_str)
        .map(str::to_owned)
        .ok_or_else(|| {
            format!(
                "crates/fhir/package-lock.json does not name {PACKAGE}: run `npm install` there and commit the lock"
            )
        })
}

fn version(package: &Path) -> Option<String> {
    let json = super::source::read(&package.join("package.json")).ok()?;
    let is = |key: &str| json.get(key).and_then(serde_json::Value::as_str);
    (is("name") == Some(PACKAGE)).then(|| is("version").map(str::to_owned)).flatten()
}
