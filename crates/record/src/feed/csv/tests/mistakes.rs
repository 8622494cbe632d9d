//! Every mistake in a mapping file is told, with its file and line, in one go.

use super::super::Mapping;

fn told(text: &str) -> Vec<String> {
    let problems = Mapping::parse(text, "m.toml").unwrap_err();
    problems.0.iter().map(ToString::to_string).collect()
}

#[test]
fn all_mistakes_come_at_once_each_with_its_line() {
    let text = r#"title = 7
required = ["P", "Unused"]
colour = "red"
as_of = "When"

[person]
id = "P"
sex = { column = "S", values = { M = "male", m = "male" } }
birth_date = { column = "B", date = ["dd/mm/yy"] }

[[resource]]
type = "Spaceship"
kind = "nonsense"
id = ["P"]
when = { column = "P", equals = "a", filled = true }
[resource.fields]
"code..text" = "C"
"value" = { column = "V", constant = 1 }
"status" = { column = "V", numbr = true }
"note" = { text = "{V" }
"a.b" = "V"
"a" = "V"
"each" = "@each"
"#;
    let told = told(text);
    for (line, words) in [
        (1, "title of the mapping must be a text"),
        (2, "column `Unused` is required but neither mapped nor ignored"),
        (3, "the mapping has no key `colour`"),
        (4, "as_of needs"),
        (8, "`m` stands twice"),
        (9, "`dd/mm/yy` is not a date pattern"),
        (12, "`Spaceship` is not a type"),
        (13, "`nonsense` is not a kind of fact"),
        (15, "exactly one of filled"),
        (17, "`code..text` is not a path"),
        (18, "exactly one of column, constant, text, coding"),
        (19, "has no key `numbr`"),
        (20, "has no }"),
        (22, "`a` and `a.b` cannot both be filled"),
        (23, "@each and @n"),
    ] {
        let found = told.iter().any(|one| one.starts_with(&format!("m.toml:{line}: ")) && one.contains(words));
        assert!(found, "line {line} ({words}) is not in\n{}", told.join("\n"));
    }
    assert_eq!(told.len(), 15, "{}", told.join("\n"));
}

#[test]
fn broken_toml_says_where() {
    let told = told("title = \"a\"\nrequired = [\"P\"\n[person]\nid = \"P\"\n");
    assert!(told.iter().any(|one| one.contains("this is not TOML")), "{told:?}");
    assert!(told.iter().all(|one| one.starts_with("m.toml:")), "{told:?}");
}

#[test]
fn an_empty_mapping_names_all_it_needs() {
    let told = told("").join("\n");
    for need in ["title", "required", "[person]"] {
        assert!(told.contains(need), "{told}");
    }
}

#[test]
fn leaving_columns_out_needs_a_reason() {
    let text = "title = \"a\"\nrequired = [\"P\"]\nignore_others = true\nignored = [{ columns = [\"X\"] }]\n[person]\nid = \"P\"\nalone = true\n";
    let told = told(text);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("m.toml:3: ignore_others needs its reason"));
    assert!(told[1].contains("m.toml:4: [[ignored]] needs `reason"));
}

#[test]
fn a_repeated_template_tells_its_mistake_once() {
    let mut text = super::small("\"code.text\" = { column = \"@each\", form = \"roman\" }");
    text = text.replace("id = [\"P\"]\n[resource", "id = [\"P\"]\nfor_each = [\"D{1..20}\"]\n[resource");
    assert_eq!(told(&text).len(), 1, "{:?}", told(&text));
}
