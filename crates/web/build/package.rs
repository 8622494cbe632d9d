//! Finds nhsuk-frontend, by the first of: `WEFT_ASSETS_DIR`; `node_modules/` beside the root manifest, if its version is
//! the locked one; `npm ci` inside `OUT_DIR` from copies of the manifest and the lock (npm checks each file's hash).
//! Must not change the source tree.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the package is.
pub(crate) struct Found {
    /// The folder with the package's `package.json`.
    pub(crate) dir: PathBuf,
    /// A file whose change means that the package may be another one.
    pub(crate) watch: Option<PathBuf>,
}

/// Climbs the ladder; the error is the one sentence a newcomer needs.
pub(crate) fn find(root: &Path, out_dir: &Path) -> Result<Found, String> {
    let wanted = locked_version(&root.join("package-lock.json"))?;
    if let Some(given) = std::env::var_os("WEFT_ASSETS_DIR").map(PathBuf::from) {
        let dir = if given.join("nhsuk-frontend").is_dir() { given.join("nhsuk-frontend") } else { given };
        return match version(&dir) {
            Some(have) if have == wanted => Ok(Found { watch: Some(dir.join("package.json")), dir }),
            Some(have) => Err(format!(
                "WEFT_ASSETS_DIR holds nhsuk-frontend {have}, but package-lock.json asks for {wanted}: unpack that version there"
            )),
            None => Err(format!(
                "WEFT_ASSETS_DIR ({}) does not hold nhsuk-frontend: point it at the unpacked npm package, or unset it",
                dir.display()
            )),
        };
    }
    let beside = root.join("node_modules/nhsuk-frontend");
    if version(&beside).is_some_and(|have| have == wanted) {
        return Ok(Found { watch: Some(beside.join("package.json")), dir: beside });
    }
    let own = out_dir.join("npm");
    let dir = own.join("node_modules/nhsuk-frontend");
    if version(&dir).is_none_or(|have| have != wanted) {
        install(root, &own, &wanted)?;
    }
    Ok(Found { dir, watch: None })
}

fn install(root: &Path, own: &Path, wanted: &str) -> Result<(), String> {
    fs::create_dir_all(own).map_err(|error| format!("cannot make {}: {error}", own.display()))?;
    for name in ["package.json", "package-lock.json"] {
        fs::copy(root.join(name), own.join(name)).map_err(|error| format!("cannot copy {name}: {error}"))?;
    }
    let advice = format!(
        "install Node.js with npm, or run `npm ci` beside the root Cargo.toml, or set WEFT_ASSETS_DIR to an unpacked nhsuk-frontend {wanted}"
    );
    let output = Command::new("npm")
        .args(["ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
        .current_dir(own)
        .output()
        .map_err(|error| {
            format!("the pages need nhsuk-frontend {wanted} and npm cannot be started ({error}): {advice}")
        })?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("it gave no reason");
    Err(format!("the pages need nhsuk-frontend {wanted} and `npm ci` failed ({}): {advice}", last.trim()))
}

/// The version that the lock names; the lock is npm's, so the first `"version"` after the package's key is its own.
fn locked_version(lock: &Path) -> Result<String, String> {
    let text = fs::read_to_string(lock).map_err(|error| format!("cannot read {}: {error}", lock.display()))?;
    text.split_once("\"node_modules/nhsuk-frontend\"").and_then(|(_, after)| quoted_version(after)).ok_or_else(|| {
        "package-lock.json does not name nhsuk-frontend: run `npm install` and commit the lock".to_owned()
    })
}

fn version(package: &Path) -> Option<String> {
    quoted_version(&fs::read_to_string(package.join("package.json")).ok()?)
}

fn quoted_version(json: &str) -> Option<String> {
    let (_, after) = json.split_once("\"version\"")?;
    let mut parts = after.splitn(3, '"');
    parts.next();
    parts.next().map(str::to_owned)
}
