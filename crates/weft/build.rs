//! Puts the sample feeds of the repository into the binary, so that `weft demo` runs from the binary alone. Only names and
//! paths are written here; the bytes are included as they are.

use std::path::{Path, PathBuf};

fn main() {
    // Asked when it runs, not when it was compiled: a folder of builds that two checkouts share would name the other one.
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../../samples");
    let mut table = String::from("pub(crate) static SAMPLES: &[(&str, &[u8])] = &[\n");
    // In this order: who people are registered as comes before what others say of them.
    for folder in ["demo/gp", "demo/withheld", "demo", "hl7v2", "fhir", "hes", "broken"] {
        let folder_path = root.join(folder);
        println!("cargo::rerun-if-changed={}", folder_path.display());
        let found = files(&folder_path);
        if found.is_empty() {
            println!("cargo::error={} has no sample feeds: the demonstration would begin empty", folder_path.display());
        }
        for path in found {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let full = path.canonicalize().unwrap_or(path);
            table.push_str(&format!("    ({:?}, include_bytes!({:?})),\n", format!("{folder}/{name}"), full));
        }
    }
    table.push_str("];\n");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default()).join("samples.rs");
    if let Err(error) = std::fs::write(&out, table) {
        println!("cargo::error=cannot write {}: {error}", out.display());
    }
}

/// The feed files directly in a folder, in order of name; notes and licences are not feeds.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let feeds = ["json", "ndjson", "hl7", "csv"];
    let mut found: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| {
            path.is_file() && path.extension().is_some_and(|extension| feeds.iter().any(|known| extension == *known))
        })
        .collect();
    found.sort();
    found
}
