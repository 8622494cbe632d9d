//! Where the tools that cargo does not bring are on this machine. Looks, and installs nothing.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::shell;

/// The oldest PostgreSQL that Weft supports.
pub(crate) const OLDEST_POSTGRES: u32 = 15;

/// Chromium, for the browser tests: `CHROMIUM` if set, else the usual names.
pub(crate) fn chromium() -> Option<PathBuf> {
    if let Some(chosen) = std::env::var_os("CHROMIUM").map(PathBuf::from) {
        return chosen.is_file().then_some(chosen);
    }
    ["chromium", "chromium-browser", "google-chrome"].iter().find_map(|name| shell::find(name))
}

/// The solver that proves the policies: `CVC5` if set, as its library reads it, too; else on the PATH.
pub(crate) fn cvc5() -> Option<PathBuf> {
    match std::env::var_os("CVC5").map(PathBuf::from) {
        Some(chosen) => chosen.is_file().then_some(chosen),
        None => shell::find("cvc5"),
    }
}

/// The folder of PostgreSQL's own programs (`initdb`, `postgres`), newest supported version first.
pub(crate) fn postgres_programs() -> Option<PathBuf> {
    let mut versions = debian_versions(Path::new("/usr/lib/postgresql"));
    versions.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    let debian = versions.into_iter().filter(|(version, _)| *version >= OLDEST_POSTGRES).map(|(_, folder)| folder);
    let on_path = shell::find("initdb").and_then(|file| Some(file.canonicalize().ok()?.parent()?.to_path_buf()));
    debian.chain(on_path).find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

fn debian_versions(folder: &Path) -> Vec<(u32, PathBuf)> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let version = |path: &Path| path.file_name()?.to_str()?.parse().ok();
    entries.flatten().filter_map(|entry| Some((version(&entry.path())?, entry.path().join("bin")))).collect()
}

/// True if there is a Python 3 that can make environments with pip in them (Debian keeps that part apart).
pub(crate) fn python_makes_environments() -> bool {
    let asked = Command::new("python3").args(["-c", "import venv, ensurepip"]).stderr(Stdio::null()).status();
    asked.is_ok_and(|status| status.success())
}

/// A user and group of this machine, by the user's name.
pub(crate) fn user(name: &str) -> Option<(u32, u32)> {
    find_user(&std::fs::read_to_string("/etc/passwd").ok()?, name)
}

fn find_user(passwd: &str, name: &str) -> Option<(u32, u32)> {
    let fields = passwd.lines().map(|line| line.split(':').collect::<Vec<_>>());
    let found = fields.into_iter().find(|fields| fields.first() == Some(&name) && fields.len() >= 4)?;
    Some((found.get(2)?.parse().ok()?, found.get(3)?.parse().ok()?))
}

/// True if this process may do anything on the machine. (What a process may not do as root, PostgreSQL's server
/// among it, has to step down first.)
pub(crate) fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|file| file.uid() == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_found_by_whole_name() {
        let passwd = "root:x:0:0:root:/root:/bin/sh\npostgres:x:101:104:x:/var/lib/postgresql:/bin/bash\n";
        assert_eq!(find_user(passwd, "postgres"), Some((101, 104)));
        assert_eq!(find_user(passwd, "post"), None);
    }
}
