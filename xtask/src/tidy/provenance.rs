//! Nothing of one machine and nothing of somebody else's source is committed: what is needed comes by lock file.

use super::Violation;
use super::tree::Tree;

/// Folders of particular machines. Put together here so that this file does not break its own rule.
const MACHINES: &[&str] = &[concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/fa", "rm/")];

const THIRD_PARTY: &[&str] = &["node_modules", "vendor", "third_party", "bower_components"];

/// Absolute paths of somebody's machine.
pub(crate) fn machine_paths(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in &tree.files {
        for (line, text) in file.lines() {
            if let Some(found) = MACHINES.iter().find(|path| holds_absolute(text, path)) {
                let message =
                    format!("`{found}` is a folder of one machine: nobody else has it. Use a path from the repository");
                violations.push(Violation::new(&file.path, line, message));
            }
        }
    }
    violations
}

/// True if the path stands there from the root on: not as the tail of a longer path or address.
fn holds_absolute(text: &str, path: &str) -> bool {
    text.match_indices(path).any(|(at, _)| {
        let before = text.get(..at).and_then(|head| head.chars().next_back());
        !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | '}' | '~' | '*' | '>'))
    })
}

/// Source that others wrote.
pub(crate) fn third_party(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in &tree.files {
        let folder = file.path.split('/').find(|part| THIRD_PARTY.contains(part));
        let is_minified = file.path.ends_with(".min.js") || file.path.ends_with(".min.css");
        let is_font = [".woff", ".woff2", ".ttf", ".otf"].iter().any(|ending| file.path.ends_with(ending));
        if folder.is_some() || is_minified || is_font {
            let message =
                "third-party source is never committed: name it in package.json or Cargo.toml and its lock file";
            violations.push(Violation::new(&file.path, 1, message));
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_a_machine_are_found() {
        let path = MACHINES.first().copied().unwrap();
        let text = format!("a\nread(\"{path}main/x\")\nhttps://weft.example{path}x\n");
        let found = machine_paths(&Tree::of(&[("crates/web/src/a.rs", &text)]));
        assert_eq!(found.iter().map(|v| v.line).collect::<Vec<_>>(), [2]);
    }

    #[test]
    fn committed_packages_are_found() {
        let tree = Tree::of(&[("node_modules/x/index.js", ""), ("assets/htmx.min.js", ""), ("assets/weft.css", "")]);
        assert_eq!(third_party(&tree).len(), 2);
    }
}
