//! Files of rules that are right and wrong, and what comes with Weft.

use super::*;
use crate::code::Codes;
use crate::plan::Plan;
use crate::rule::Condition;
use crate::words::Words;

const HEAD: &str = "id = \"x\"\nversion = \"1\"\ntitle = \"t\"\nsource = \"s\"\nlicence = \"l\"\n";

fn fault(text: &str) -> String {
    Library::default().add("x.toml", text).unwrap_err().to_string()
}

#[test]
fn everything_shipped_can_be_read_and_says_where_it_is_from_and_what_it_is_not_for() {
    let library = Library::shipped().unwrap();
    assert!(library.sets().count() >= 35);
    for set in library.sets() {
        for text in [&set.title, &set.source, &set.licence, &set.version] {
            assert!(!text.trim().is_empty(), "{}", set.id);
        }
        assert!(!set.not_for.is_empty(), "{} says nothing of what it is not for", set.id);
        assert_eq!(set.hash.len(), 64);
    }
}

#[test]
fn nothing_shipped_gives_a_number_to_falling() {
    let library = Library::shipped().unwrap();
    for set in library.sets().filter(|set| set.kind == crate::rule::Kind::Score) {
        let says = format!("{} {}", set.id, set.title).to_lowercase();
        assert!(!says.contains("fall"), "{} scores falling, which NICE NG249 forbids", set.id);
    }
    let falls = library.set("list-falls").unwrap();
    assert_eq!(falls.kind, crate::rule::Kind::Register);
    assert!(falls.not_for[0].contains("NG249") && falls.bands.is_empty());
}

/// Everything that a condition is made of, itself first.
fn within(condition: &Condition) -> Vec<&Condition> {
    let mut found = vec![condition];
    let mut at = 0;
    while at < found.len() {
        match found[at] {
            Condition::All(inner) | Condition::Any(inner) => found.extend(inner),
            Condition::Not(inner) => found.push(inner),
            _ => {}
        }
        at += 1;
    }
    found
}

#[test]
fn no_shipped_rule_tells_one_adult_from_another_by_age() {
    let library = Library::shipped().unwrap();
    let mut asked = 0;
    for set in library.sets() {
        let conditions = set.parts.iter().map(|part| &part.when).chain(set.needs.iter().map(|need| &need.when));
        for condition in conditions.flat_map(within) {
            if let Condition::Age { from, below } = condition {
                asked += 1;
                let is_of_children = below.is_none_or(|below| below <= 18);
                assert!(*from <= 18 && is_of_children, "{} asks for ages from {from} to {below:?}", set.id);
            }
        }
    }
    assert!(asked > 0, "nothing was looked at");
}

#[test]
fn whatever_puts_registers_together_has_a_place_for_mental_health() {
    let library = Library::shipped().unwrap();
    let mut looked = Vec::new();
    for set in library.sets() {
        let named: Vec<&str> = set
            .names
            .iter()
            .filter_map(|(name, _)| match name {
                Name::Set(set) if set.starts_with("register-") => Some(set.as_str()),
                _ => None,
            })
            .collect();
        if named.len() < 3 {
            continue;
        }
        looked.push(set.id.as_str());
        for wanted in ["register-severe-mental-illness", "register-depression"] {
            assert!(named.contains(&wanted), "{} has no place for {wanted}", set.id);
        }
    }
    assert_eq!(looked, ["list-frequent-contact", "segments"]);
}

#[test]
fn what_has_not_been_held_against_its_source_says_so_and_nothing_else_does() {
    let library = Library::shipped().unwrap();
    let unverified: Vec<&str> =
        library.sets().filter(|set| set.unverified.is_some()).map(|set| set.id.as_str()).collect();
    assert_eq!(unverified, ["parr-30", "segments"]);
    let register = "kind = \"register\"\nwhen = { everyone = true }\n";
    let early = HEAD.replace("version = \"1\"", "version = \"0.3\"");
    for (text, is_right) in [
        (format!("{HEAD}{register}"), true),
        (format!("{early}{register}"), false),
        (format!("{HEAD}unverified = \"all\"\n{register}"), false),
        (format!("{early}unverified = \"all\"\n{register}"), true),
    ] {
        assert_eq!(Library::default().add("x.toml", &text).is_ok(), is_right, "{text}");
    }
    assert!(fault(&format!("{early}{register}")).contains("`unverified`"));
}

#[test]
fn what_is_wrong_in_a_file_of_rules_is_told_with_its_line() {
    let when = "when = { codes = [\"I21\"], system = \"icd10\" }";
    for (text, line, what) in [
        ("id = \"x\"\nversion\n", 2, ""),
        ("id = \"x\"\n", 1, "`version` is missing"),
        (&format!("{HEAD}kind = \"guess\"\n{when}\n"), 1, "write score, register or segments"),
        (&format!("{HEAD}kind = \"register\"\n{when}\nwithin_years = 2\n"), 8, "`within_years` means nothing"),
        (&format!("{HEAD}kind = \"register\"\nwithin = \"soon\"\n{when}\n"), 1, "write 30d, 12m or 2y"),
        (&format!("{HEAD}kind = \"register\"\nwhen = {{ codes = [\"I21\"] }}\n"), 7, "needs a `system`"),
        (
            &format!("{HEAD}kind = \"register\"\nwhen = {{ codes = [\"I21\", \"heart\"], system = \"icd10\" }}\n"),
            7,
            "`heart` is no icd10 code",
        ),
        (
            &format!("{HEAD}kind = \"register\"\nwhen = {{ codes = [\"I21\"], system = \"icd9\" }}\n"),
            7,
            "no system of codes",
        ),
        (&format!("{HEAD}kind = \"register\"\nwhen = {{ list = \"a\", set = \"b\" }}\n"), 7, "exactly one of"),
        (
            &format!("{HEAD}kind = \"register\"\nwhen = {{ list = \"a\", at_leest = 2 }}\n"),
            7,
            "`at_leest` means nothing",
        ),
        (&format!("{HEAD}kind = \"register\"\nwhen = {{ list = \"a\", at_least = 0 }}\n"), 7, "always so"),
        (
            &format!("{HEAD}kind = \"register\"\nwhen = {{ list = \"a\", value = {{ below = 115 }} }}\n"),
            7,
            "`unit` is missing",
        ),
        (
            &format!(
                "{HEAD}kind = \"register\"\nwhen = {{ list = \"a\", value = {{ below = 115, unit = \"stone\" }} }}\n"
            ),
            7,
            "no unit that is known",
        ),
        (&format!("{HEAD}kind = \"register\"\nwhen = {{ any = [] }}\n"), 7, "has no condition"),
        (&format!("{HEAD}kind = \"register\"\nwhen = {{ list = \"a\", pick = \"first\" }}\n"), 7, "needs a `within`"),
        (
            &format!("{HEAD}kind = \"register\"\nwhen = {{ list = \"a\", within = \"1y\", pick = \"last\" }}\n"),
            7,
            "write any or first",
        ),
        (&format!("{HEAD}kind = \"score\"\n\n[[parts]]\nid = \"a\"\n{when}\n"), 8, "has no `points`"),
        (
            &format!("{HEAD}kind = \"score\"\n\n[[parts]]\nid = \"a\"\npoints = 1\n{when}\nunless = [\"b\"]\n"),
            12,
            "names `b`",
        ),
        (
            &format!("{HEAD}kind = \"score\"\ndenominator = 0\n[[parts]]\nid = \"a\"\npoints = 1\n{when}\n"),
            1,
            "`denominator` is 0",
        ),
        (&format!("{HEAD}system = \"icd10\"\n[codes]\na = [\"I21\"]\nb = \"I22\"\n"), 9, "`b` is a list"),
    ] {
        let told = fault(text);
        assert!(
            told.lines().any(|told| told.starts_with(&format!("x.toml:{line}: ")) && told.contains(what)),
            "{told}\n--\n{text}"
        );
    }
}

#[test]
fn a_rule_that_names_what_is_not_there_is_refused_and_so_is_a_circle() {
    let mut library = Library::default();
    let plan = |library: &Library, id: &str| Plan::of(library, &[id], &Codes::default(), &Words::default()).map(drop);
    let named = |id: &str, when: &str| {
        format!(
            "id = \"{id}\"\nversion = \"1\"\ntitle = \"t\"\nkind = \"register\"\nsource = \"s\"\nlicence = \"l\"\nwhen = {when}\n"
        )
    };
    library.add("a.toml", &named("a", "{ any = [{ set = \"b\" }] }")).unwrap();
    library.add("b.toml", &named("b", "{ list = \"nowhere\", resolved_by = \"nobody\" }")).unwrap();
    library.add("c.toml", &named("c", "{ set = \"d\" }")).unwrap();
    library.add("d.toml", &named("d", "{ not = { set = \"c\" } }")).unwrap();
    let told = plan(&library, "a").unwrap_err().to_string();
    assert!(told.contains("b.toml:7: `b` needs the list `nowhere`") && told.contains("`nobody`"), "{told}");
    assert!(plan(&library, "c").unwrap_err().to_string().contains("circle"));
    assert!(plan(&library, "z").is_err());
    library.add("e.toml", &named("e", "{ score = \"b\", above = 1 }")).unwrap();
    assert!(
        plan(&library, "e")
            .unwrap_err()
            .to_string()
            .contains("e.toml:7: `e` asks for the score of `b`, which makes none")
    );
    library.add("own.csv", "list,system,code\nnowhere,ICD-10,I21\nnobody,icd10,I22.0\n").unwrap();
    assert_eq!(plan(&library, "a"), Ok(()));
}

#[test]
fn lists_from_csv_are_told_by_line_and_never_taken_twice() {
    let add = |text: &str| Library::default().add("own.csv", text).unwrap_err().to_string();
    assert!(add("code,system\nI21,icd10\n").starts_with("own.csv:1: "));
    assert!(add("list,system,code\na,icd10,I21\na,icd11,I21\n").starts_with("own.csv:3: `icd11`"));
    assert!(add("list,system,code\na,snomed,I21\n").starts_with("own.csv:2: `I21` is no snomed code"));
    assert!(add("list,system,code,match\na,icd10,I21,fuzzy\n").starts_with("own.csv:2: `fuzzy`"));
    let mut library = Library::default();
    library.add("one.csv", "list,system,code\na,icd10,I21\n").unwrap();
    let told = library.add("two.csv", "list,system,code\na,icd10,I22\n").unwrap_err().to_string();
    assert!(told.contains("already in one.csv"), "{told}");
}

#[test]
fn the_hash_of_lists_changes_with_a_code_and_not_with_its_order() {
    let hash = |codes: &str| {
        let mut library = Library::default();
        library.add("x.toml", &format!("{HEAD}kind = \"register\"\nwhen = {{ list = \"a\" }}\n")).unwrap();
        library.add("own.csv", &format!("list,system,code\n{codes}")).unwrap();
        library.lists_hash(library.set("x").unwrap())
    };
    assert_eq!(hash("a,icd10,I21\na,icd10,I22\n"), hash("a,icd10,I22\na,icd10,I21\na,icd10,I21\n"));
    assert_ne!(hash("a,icd10,I21\n"), hash("a,icd10,I22\n"));
}

#[test]
fn until_over_is_true_or_not_there() {
    let text = "id = \"r\"\nversion = \"1\"\ntitle = \"t\"\nsource = \"s\"\nlicence = \"l\"\nkind = \"register\"\nwhen = { list = \"a\", until_over = \"yes\" }\n";
    let said = Library::default().add("r.toml", text).unwrap_err().to_string();
    assert_eq!(said, "r.toml:7: write `until_over = true`, or leave it away");
}
