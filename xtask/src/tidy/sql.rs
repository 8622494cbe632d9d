//! Where SQL may stand: in `store`, in the `views` of the crate that owns the tables, and in migrations.

use super::Violation;
use super::rust_text::RustText;
use super::tree::{File, Tree};

/// How a statement opens: its first word, and a word that must follow somewhere in it.
const STATEMENTS: &[(&str, &str)] = &[
    ("SELECT ", ""),
    ("INSERT ", "INTO"),
    ("UPDATE ", "SET"),
    ("DELETE ", "FROM"),
    ("WITH ", "SELECT"),
    ("CREATE ", "TABLE"),
    ("CREATE ", "INDEX"),
    ("DROP ", "TABLE"),
    ("ALTER ", "TABLE"),
    ("PRAGMA ", ""),
];

/// SQL text anywhere else.
pub(crate) fn in_its_place(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in tree.ending(&[".rs"]).filter(|file| !may_hold_sql(file)) {
        let text = RustText::of(&file.text);
        let tests = text.first_test_line();
        for (line, string) in text.strings.iter().filter(|(line, string)| *line < tests && is_sql(string)) {
            let start: String = string.trim_start().chars().take(24).collect();
            let message = format!(
                "SQL (`{start}...`) outside `store` and `views/`: rules must not know tables. Put the statement in the \
                 `views` of the crate that owns the table, behind a function named for what it answers"
            );
            violations.push(Violation::new(&file.path, *line, message));
        }
    }
    for file in tree.ending(&[".sql"]).filter(|file| !file.path.contains("/migrations/") && !may_hold_sql(file)) {
        violations.push(Violation::new(&file.path, 1, "an SQL file belongs in a `migrations` or `views` folder"));
    }
    violations
}

fn may_hold_sql(file: &File) -> bool {
    file.package() == "store" || file.is_test_code() || file.path.contains("/views/") || file.name() == "views.rs"
}

fn is_sql(string: &str) -> bool {
    // An escaped line break at the start of a long literal is no text.
    let text = string.trim_start_matches(|c: char| c.is_whitespace() || c == '\\');
    STATEMENTS.iter().any(|(first, later)| text.starts_with(first) && text.contains(later))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_outside_its_place_is_found_with_its_line() {
        let source = "//! x\nfn f() {\n    db.query(\"SELECT id FROM person\");\n    say(\"Select a person\");\n}\n";
        let tree = Tree::of(&[
            ("crates/web/src/pages/find.rs", source),
            ("crates/record/src/views/person.rs", source),
            ("crates/record/src/views.rs", source),
            ("crates/store/src/log.rs", source),
            ("crates/record/src/person/tests.rs", source),
        ]);
        let found = in_its_place(&tree);
        assert_eq!(found.len(), 1);
        assert_eq!(found.first().map(|v| (v.path.as_str(), v.line)), Some(("crates/web/src/pages/find.rs", 3)));
    }

    #[test]
    fn raw_strings_and_long_strings_are_read_too() {
        assert!(is_sql("\n    INSERT INTO log (at) VALUES (?1)"));
        assert!(is_sql("\\\n  CREATE UNIQUE INDEX x ON y (z)"));
        assert!(!is_sql("UPDATE available"));
        assert!(!is_sql("DELETE"));
    }

    #[test]
    fn an_sql_file_belongs_to_migrations() {
        let tree = Tree::of(&[("crates/care/src/a.sql", ""), ("crates/care/migrations/1.sql", "")]);
        assert_eq!(in_its_place(&tree).len(), 1);
    }
}
