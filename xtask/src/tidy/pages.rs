//! Templates: text is escaped, and a page holds no script or style of its own, so that the content security policy
//! can forbid both. Looks at template files and at template text inside Rust.

use super::Violation;
use super::rust_text::RustText;
use super::tree::{File, Tree};

const TEMPLATES: &[&str] = &[".html", ".svg"];

/// `|safe` outside the components, whose output the design system's own fixtures vouch for.
pub(crate) fn escaping(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (file, line, text) in template_text(tree) {
        let squeezed: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let is_component = file.path.contains("templates/components/") || file.path.contains("/components/");
        if !is_component && (squeezed.contains("|safe") || squeezed.contains("escape=\"none\"")) {
            let message = "`|safe` turns escaping off, and what people type reaches pages: pass a component, which may";
            violations.push(Violation::new(&file.path, line, message));
        }
    }
    violations
}

/// Style attributes, scripts in the page, handlers in attributes.
pub(crate) fn inline(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (file, line, text) in template_text(tree) {
        let lower = text.to_lowercase();
        let mut say = |what: &str| {
            let message = format!("{what}: the content security policy forbids it. Use a class, or a file in `assets`");
            violations.push(Violation::new(&file.path, line, message));
        };
        if attributes(&lower).any(|name| name == "style") {
            say("a `style=` attribute");
        }
        if let Some(name) = attributes(&lower).find(|name| is_handler(name)) {
            say(&format!("an `{name}=` handler"));
        }
        if lower.contains("<script") && !lower.contains("src=") {
            say("a script in the page");
        }
        if lower.contains("<style") {
            say("a `<style>` element");
        }
    }
    violations
}

/// Names that are followed by `="`: enough for templates, where attributes are quoted.
fn attributes(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("=\"").map(|(at, _)| {
        let before = text.get(..at).unwrap_or_default();
        let start =
            before.rfind(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != ':' && c != '_').map_or(0, |i| i + 1);
        before.get(start..).unwrap_or_default()
    })
}

fn is_handler(name: &str) -> bool {
    name.strip_prefix("on").is_some_and(|rest| rest.len() > 2 && rest.chars().all(|c| c.is_ascii_lowercase()))
}

/// Every line of a template file, and every string of `web` that holds a tag or a template expression.
fn template_text(tree: &Tree) -> Vec<(&File, usize, String)> {
    let mut found = Vec::new();
    for file in tree.ending(TEMPLATES) {
        found.extend(file.lines().map(|(line, text)| (file, line, text.to_owned())));
    }
    for file in tree.ending(&[".rs"]).filter(|file| file.path.starts_with("crates/web/src/") && !file.is_test_code()) {
        let text = RustText::of(&file.text);
        let tests = text.first_test_line();
        for (line, string) in text.strings {
            if line < tests && (string.contains("</") || string.contains("{{") || string.contains("\\\">")) {
                found.push((file, line, string.replace("\\\"", "\"")));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "crates/web/templates/record.html";

    #[test]
    fn safe_is_for_components() {
        let tree = Tree::of(&[
            (PAGE, "<p>\n{{ note | safe }}</p>\n"),
            ("crates/web/templates/components/tag.html", "{{ html|safe }}"),
            ("crates/web/src/pages/record.rs", "#[template(source = \"<p>{{ a|safe }}</p>\")]"),
        ]);
        let found: Vec<_> = escaping(&tree).into_iter().map(|v| (v.path, v.line)).collect();
        assert_eq!(found, [(PAGE.to_owned(), 2), ("crates/web/src/pages/record.rs".to_owned(), 1)]);
    }

    #[test]
    fn inline_style_script_and_handlers_are_found() {
        let bad = |text| inline(&Tree::of(&[(PAGE, text)])).len();
        assert_eq!(bad("<p style=\"color: red\">"), 1);
        assert_eq!(bad("<button onclick=\"go()\">"), 1);
        assert_eq!(bad("<script>go()</script>"), 1);
        assert_eq!(bad("<style>p { }</style>"), 1);
        assert_eq!(bad("<script src=\"/assets/weft.js\" defer></script>"), 0);
        assert_eq!(bad("<p class=\"style\" data-style=\"x\" name=\"one\">"), 0);
    }
}
