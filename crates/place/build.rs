//! Writes a table of the files of `places/stockport`, so that the binary carries its place and runs without the folder.
//! Must not read or judge what the files say: that is the reader's work, and the same for a folder on disk.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or("cargo sets CARGO_MANIFEST_DIR")?);
    let root = here.join("../../places/stockport").canonicalize()?;
    let mut names = Vec::new();
    gather(&root, "", &mut names)?;
    names.sort();
    let mut table = String::from("pub(super) const FILES: &[(&str, &str)] = &[\n");
    for name in &names {
        let path = root.join(name);
        writeln!(table, "    ({name:?}, include_str!({:?})),", path.display().to_string())?;
    }
    table.push_str("];\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    fs::write(out.join("built_in.rs"), table)?;
    Ok(())
}

/// Every file below `folder` by its name from the root, with `/` between folders; hidden ones are left out.
fn gather(folder: &Path, prefix: &str, names: &mut Vec<String>) -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().into_string().map_err(|name| format!("{} is not UTF-8", name.display()))?;
        if name.starts_with('.') {
            continue;
        }
        let full = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        if entry.file_type()?.is_dir() {
            gather(&entry.path(), &full, names)?;
        } else {
            names.push(full);
        }
    }
    Ok(())
}
