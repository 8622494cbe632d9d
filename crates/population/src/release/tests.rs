//! Lists out of invented releases: the identifiers have right check digits and mean nothing.

use proptest::prelude::*;

use super::*;
use crate::code::with_check_digit;
use crate::library::Library;

/// The invented concept of a number.
fn id(number: u64) -> u64 {
    with_check_digit(&format!("{}10", 100_000 + number)).parse().unwrap()
}

const CONCEPTS: &str = "id\teffectiveTime\tactive\tmoduleId\tdefinitionStatusId\r\n";
const RELATIONSHIPS: &str = "id\teffectiveTime\tactive\tmoduleId\tsourceId\tdestinationId\trelationshipGroup\ttypeId\tcharacteristicTypeId\tmodifierId\r\n";
const MEMBERS: &str = "id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId\r\n";

fn is_a(child: u64, parent: u64, active: u8, way: u64) -> String {
    format!("1\t20260101\t{active}\t1\t{}\t{}\t0\t{IS_A}\t{way}\t1\r\n", id(child), id(parent))
}

fn inferred(child: u64, parent: u64) -> String {
    is_a(child, parent, 1, 900_000_000_000_011_006)
}

fn member(refset: u64, of: u64, active: u8) -> String {
    format!("aa\t20260101\t{active}\t1\t{}\t{}\r\n", id(refset), id(of))
}

fn release(relationships: &[String], members: &[String], concepts: u64) -> Release {
    let mut release = Release::default();
    let rows: String = (0..concepts).map(|number| format!("{}\t20260101\t1\t1\t1\r\n", id(number))).collect();
    let tables = [
        (format!("{CONCEPTS}{rows}"), Table::Concepts),
        (format!("{RELATIONSHIPS}{}", relationships.concat()), Table::Relationships),
        (format!("{MEMBERS}{}", members.concat()), Table::Members),
    ];
    for (text, table) in tables {
        assert_eq!(release.take("table.txt", text.as_bytes()).unwrap().0, table);
    }
    release
}

fn wanted(text: &str) -> Wanted {
    Wanted::read("wanted.toml", text).unwrap()
}

fn faults(text: &str, release: &Release) -> String {
    match Wanted::read("wanted.toml", text) {
        Err(faults) => faults.to_string(),
        Ok(wanted) => release.lists(&wanted).unwrap_err().to_string(),
    }
}

#[test]
fn a_list_is_members_and_what_stands_beneath_less_what_is_taken_off() {
    let relationships = [
        inferred(2, 1),
        inferred(3, 1),
        inferred(4, 2),
        inferred(5, 3),
        inferred(5, 2),
        is_a(6, 1, 0, 900_000_000_000_011_006),
        is_a(7, 1, 1, STATED),
    ];
    let members = [member(50, 8, 1), member(50, 9, 0), member(51, 4, 1)];
    let release = release(&relationships, &members, 60);
    let text = format!(
        "[[list]]\nname = \"place/one\"\nrefsets = [\"{}\"]\nbeneath = [\"{}\"]\ncodes = [\"{}\"]\nwithout_beneath = [\"{}\"]\nwithout = [\"{}\"]\n",
        id(50),
        id(1),
        id(20),
        id(3),
        id(2)
    );
    let made = release.lists(&wanted(&text)).unwrap();
    let codes: Vec<u64> = made[0].codes.keys().copied().collect();
    assert_eq!(
        codes,
        [id(1), id(4), id(8), id(20)],
        "5 stands beneath 3 too, 6 and 9 are over, 7 is as authors wrote it"
    );
    assert_eq!(made[0].codes[&id(4)], format!("beneath {}", id(1)));
    assert_eq!(made[0].codes[&id(8)], format!("reference set {}", id(50)));
}

#[test]
fn what_a_release_does_not_have_is_told_with_its_line() {
    let release = release(&[inferred(2, 1)], &[member(50, 8, 1)], 10);
    let one = |asked: &str| faults(&format!("[[list]]\nname = \"a\"\n{asked}\n"), &release);
    assert!(one(&format!("refsets = [\"{}\"]", id(77))).starts_with("wanted.toml:3: no table of this release has"));
    assert!(one(&format!("beneath = [\"{}\"]", id(77))).contains("is not an active concept of this release"));
    assert!(one("codes = [\"73211008\"]").starts_with("wanted.toml:3: `73211008` is no identifier of SNOMED CT"));
    assert!(one("refset = []").contains("`refset` means nothing here"));
    assert!(one("").contains("`a` asks for nothing"));
    let both = format!("beneath = [\"{}\"]\nwithout_beneath = [\"{}\"]", id(1), id(1));
    assert!(one(&both).starts_with("wanted.toml:1: the list `a` comes to no code"), "{}", one(&both));
    assert!(faults("", &release).contains("no list is asked for"));
    let twice =
        format!("[[list]]\nname = \"a\"\ncodes = [\"{0}\"]\n[[list]]\nname = \"a\"\ncodes = [\"{0}\"]\n", id(1));
    assert!(faults(&twice, &release).contains("wanted.toml:4: the list `a` stands here twice"));
    let without = format!("[[list]]\nname = \"a\"\nbeneath = [\"{}\"]\n", id(1));
    assert!(faults(&without, &Release::default()).contains("no table of relationships"));
}

#[test]
fn a_table_that_cannot_be_read_is_told_with_its_line_and_other_tables_are_passed_over() {
    let mut release = Release::default();
    let torn = format!("{MEMBERS}{}bb\t20260101\t1\t1\tx\t{}\r\n", member(50, 8, 1), id(3));
    assert!(
        release.take("t.txt", torn.as_bytes()).unwrap_err().to_string().starts_with("t.txt:3: `x` is no identifier")
    );
    let short = format!("{MEMBERS}bb\t20260101\t1\r\n");
    let told = release.take("t.txt", short.as_bytes()).unwrap_err().to_string();
    assert_eq!(told, "t.txt:2: 3 columns, where the header has 6; is the file whole?");
    let terms =
        "id\teffectiveTime\tactive\tmoduleId\tconceptId\tlanguageCode\ttypeId\tterm\tcaseSignificanceId\r\nx\t\"y\r\n";
    assert_eq!(release.take("d.txt", terms.as_bytes()).unwrap(), (Table::Other, 0));
}

proptest! {
    // Beneath a concept stands whatever a slow search by repeated passes finds, cycles and all; and rules can read what is made.
    #[test]
    fn beneath_is_what_repeated_passes_find(edges in prop::collection::vec((0u64..12, 0u64..12), 1..30), top in 0u64..12) {
        let relationships: Vec<String> = edges.iter().map(|(child, parent)| inferred(*child, *parent)).collect();
        let release = release(&relationships, &[], 12);
        let mut slow = vec![id(top)];
        loop {
            let more: Vec<u64> = edges.iter().filter(|(child, parent)| slow.contains(&id(*parent)) && !slow.contains(&id(*child))).map(|(child, _)| id(*child)).collect();
            if more.is_empty() { break }
            slow.extend(more);
        }
        slow.sort_unstable();
        slow.dedup();
        let made = release.lists(&wanted(&format!("[[list]]\nname = \"place/x\"\nbeneath = [\"{}\"]\n", id(top)))).unwrap();
        prop_assert_eq!(made[0].codes.keys().copied().collect::<Vec<_>>(), slow.clone());
        let text: String = std::iter::once("list,system,code\n".to_owned()).chain(made[0].codes.keys().map(|code| format!("place/x,snomed,{code}\n"))).collect();
        let mut library = Library::default();
        library.add("x.csv", &text).unwrap();
        prop_assert_eq!(library.list("place/x").unwrap().codes.len(), slow.len());
    }
}
