//! A folder for the data of one measurement, gone when it ends. On the disk of `WEFT_BENCH_DIR`, or the system's own folder
//! for temporary files: it should be a real disk, since a synced commit into memory costs nothing.

use std::path::{Path, PathBuf};

use anyhow::Context;

/// A folder that goes away.
#[derive(Debug)]
pub(crate) struct Scratch(PathBuf);

/// Where scratch folders are made.
pub(crate) fn home() -> PathBuf {
    std::env::var_os("WEFT_BENCH_DIR").map_or_else(std::env::temp_dir, PathBuf::from)
}

impl Scratch {
    /// Makes an empty folder.
    pub(crate) fn new(name: &str) -> anyhow::Result<Self> {
        let folder = home().join(format!("weft-bench-{}-{name}", std::process::id()));
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Self(folder))
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}
