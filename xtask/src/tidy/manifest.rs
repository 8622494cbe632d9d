//! The dependencies that a `Cargo.toml` names, with their lines. Reads only what this workspace writes:
//! one dependency a line under a `[...dependencies]` heading.

use super::tree::File;

/// One dependency of a manifest.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Dependency<'a> {
    /// As it is called in this workspace.
    pub(crate) name: &'a str,
    /// The line, from 1.
    pub(crate) line: usize,
    /// True if it is a member of this workspace by path.
    pub(crate) is_path: bool,
}

/// Every dependency, whatever it is for.
pub(crate) fn dependencies(manifest: &File) -> Vec<Dependency<'_>> {
    let mut found = Vec::new();
    let mut section = "";
    for (number, line) in manifest.lines() {
        let line = line.trim();
        if let Some(heading) = line.strip_prefix('[') {
            section = heading.split(']').next().unwrap_or_default();
            if let Some((_, name)) = section.split_once("dependencies.") {
                found.push(Dependency { name, line: number, is_path: false });
            }
        } else if section.ends_with("dependencies") && !line.is_empty() && !line.starts_with('#') {
            let name = line.split(['=', '.', ' ']).next().unwrap_or_default();
            found.push(Dependency { name: name.trim_matches('"'), line: number, is_path: line.contains("path =") });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_naming_a_dependency_is_read() {
        let text = "[package]\nname = \"x\"\n[dependencies]\nserde.workspace = true\n# a remark\n\n\
                    axum = { workspace = true }\n[dev-dependencies.tokio]\nfeatures = []\n[lints]\nworkspace = true\n";
        let manifest = File { path: "Cargo.toml".to_owned(), text: text.to_owned() };
        let names: Vec<_> = dependencies(&manifest).into_iter().map(|found| (found.name, found.line)).collect();
        assert_eq!(names, [("serde", 4), ("axum", 7), ("tokio", 8)]);
    }
}
