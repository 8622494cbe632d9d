//! Keys of pseudonyms: one file a project in the data folder, made at first use and readable by nobody but whoever runs Weft.
//! Never written to a log or an answer. Whoever has the key and the record could find out whose pseudonym one is; without the
//! file, no new row can be laid beside the old ones.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context, bail};
use record::pseudonym::Key;

/// The one project there is so far: planning of services in the borough.
pub(crate) const PLANNING: &str = "planning";

/// The key of a project, made if there is none yet.
pub(crate) fn of_project(data: &Path, project: &str, draw: impl Fn(&mut [u8])) -> anyhow::Result<Key> {
    let folder = data.join("keys");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let path = folder.join(format!("pseudonyms-{project}.key"));
    if !path.exists() {
        let mut bytes = [0; 32];
        draw(&mut bytes);
        make(&path, &bytes).with_context(|| format!("cannot make the key {}", path.display()))?;
    }
    closed(&path)?;
    let bytes = fs::read(&path).with_context(|| format!("cannot read the key {}", path.display()))?;
    let Ok(bytes) = <[u8; 32]>::try_from(bytes.as_slice()) else {
        bail!(
            "{} is not a key of 32 bytes; put the right file back, or take it away to have another made (the pseudonyms are \
             then others)",
            path.display()
        );
    };
    Ok(Key::new(bytes))
}

/// Under another name first, so that a crash leaves no half key.
fn make(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let beside = path.with_extension(format!("new-{}", std::process::id()));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    // A link is made or refused, never written over: of two who start at once, both go on with the first one's key.
    let linked = fs::hard_link(&beside, path);
    fs::remove_file(&beside)?;
    match linked {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Refuses a key that others on the machine can read.
fn closed(path: &Path) -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode =
            fs::metadata(path).with_context(|| format!("cannot look at {}", path.display()))?.permissions().mode();
        if mode & 0o077 != 0 {
            bail!("others can read the key {0}; close it with: chmod 600 {0}", path.display());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_key_is_made_once_and_closed_to_others() {
        let folder = tempfile::tempdir().unwrap();
        let person = Uuid::from_u128(1);
        let first = of_project(folder.path(), "a", |bytes| bytes.fill(7)).unwrap().pseudonym(person);
        let again = of_project(folder.path(), "a", |bytes| bytes.fill(8)).unwrap().pseudonym(person);
        let other = of_project(folder.path(), "b", |bytes| bytes.fill(8)).unwrap().pseudonym(person);
        assert_eq!(first, again);
        assert_ne!(first, other, "a project, a key");
        let path = folder.path().join("keys/pseudonyms-a.key");
        assert_eq!(fs::read_dir(folder.path().join("keys")).unwrap().count(), 2, "nothing is left beside them");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
            fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
            let refused = of_project(folder.path(), "a", |_| {}).unwrap_err().to_string();
            assert!(refused.contains("chmod 600"), "{refused}");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        }
        fs::write(&path, b"short").unwrap();
        assert!(of_project(folder.path(), "a", |_| {}).is_err());
    }
}
