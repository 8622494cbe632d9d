//! Searches as people write them: understood, refused with words, and the same when read again.

mod examples;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::oracle::{Held, found};
use super::*;
use crate::entry;
use crate::issue::Issue;

fn limits() -> Limits<'static> {
    Limits::new(Some("https://here.example/fhir"), "2024-06-01T00:00:00Z".parse().unwrap())
}

fn pairs(written: &str) -> Vec<(String, String)> {
    let pair = |pair: &str| pair.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
    written.split('&').filter_map(pair).collect()
}

fn ask(written: &str) -> Result<Query, Vec<Issue>> {
    let (kind, rest) = written.split_once('?').unwrap();
    parse(kind, &pairs(rest), &limits())
}

fn refusal(written: &str) -> String {
    let issues = ask(written).unwrap_err();
    issues.iter().map(|issue| issue.words.as_str()).collect::<Vec<_>>().join(" / ")
}

#[test]
fn what_is_not_understood_is_refused_with_what_there_is() {
    for (written, words) in [
        ("Observation?cod=1", "Did you mean `code`?"),
        ("Observations?code=1", "Did you mean `Observation`?"),
        ("Patient?name:exat=a", "Did you mean `exact`? There are: exact, contains, missing."),
        ("Observation?code:text=a", "`:text` is R4's but is not answered here"),
        ("Observation?code:above=a", "`:above` is R4's"),
        ("Patient?birthdate:exact=2000", "is a date and has no modifier"),
        ("Patient?birthdate=xx2000", "`xx` is no prefix: there are eq, ne, gt, lt, ge, le, sa, eb, ap"),
        ("Patient?birthdate=2023-02-31", "is no date"),
        ("Patient?_lastUpdated=2024-01-01T00:00:00 01:00", "%2B"),
        ("Observation?value-quantity=five", "`five` is no prefix"),
        ("Observation?value-quantity=gt5.", "is no number"),
        ("Observation?value-quantity=5|mg", "5.4||mg"),
        ("Observation?code-value-quantity=a$5", "composite"),
        ("Observation?subject=Practitioner/1", "not at `Practitioner`"),
        ("Observation?patient=Group/1", "points at Patient"),
        ("Observation?subject=a b", "is no reference"),
        ("Observation?subject.nothing=1", "no search parameter `nothing`"),
        ("Observation?subject:Practitioner.name=1", "does not point at `Practitioner`"),
        ("Observation?code.x=1", "not a reference"),
        ("Patient?_has:Observation=1", "_has:Type:reference:parameter"),
        ("Patient?_has:Observation:encounter:code=1", "does not point at Patient"),
        ("Patient?_has:AuditEvent:patient:date=2024", "Search AuditEvent by itself"),
        ("Patient?_has:Provenance:target:_has:AuditEvent:entity:date=2024", "Search AuditEvent by itself"),
        ("Provenance?target:AuditEvent.date=2024", "Search AuditEvent by itself"),
        ("Patient?_revinclude=AuditEvent:patient", "Search AuditEvent by itself"),
        ("Patient?_revinclude:iterate=AuditEvent:*", "Search AuditEvent by itself"),
        ("Patient?gender=", "has no value"),
        ("Patient?gender=male,,female", "empty one between commas"),
        ("Patient?gender=|", "is no token"),
        ("Patient?gender:missing=maybe", "true or false"),
        ("Patient?_id=a_b", "cannot be an id"),
        ("Patient?_text=a", "whole text"),
        ("Patient?_filter=a", "`_filter`"),
        ("Patient?_count=ten", "whole number"),
        ("Patient?_count=1&_count=2", "twice"),
        ("Patient?_sort=gender", "cannot be put in order by `gender`"),
        ("Patient?_sort=family,-family", "twice"),
        ("Patient?_summary=yes", "`_summary` is"),
        ("Patient?_elements=nam", "Did you mean `name`?"),
        ("Patient?_elements=name&_summary=true", "use one of them"),
        ("Patient?_total=some", "none, estimate or accurate"),
        ("Patient?_format=xml", "json"),
        ("Patient?_include=Observation:subject", "this search is of Patient"),
        ("Patient?_include=Patient:name", "is no reference"),
        ("Patient?_include:all=*", "There is: iterate"),
        ("Patient?_revinclude=Observation:encounter", "does not point at Patient"),
        ("Patient?_revinclude=*", "name a type"),
        ("Location?near=1|2", "distance"),
        ("Patient?phonetic=smith", "alike"),
        ("Patient?name:exact.given=1", "not a reference"),
    ] {
        let said = refusal(written);
        assert!(said.contains(words), "{written}: {said}");
    }
    assert_eq!(ask("Patient?cod=1&birthdate=x&_count=y").unwrap_err().len(), 3, "all of it at once");
}

#[test]
fn what_is_asked_for_is_understood() {
    let query = ask("Observation?code=http://loinc.org|718-7,x&subject=Patient/1&date=ge2024-01&_count=5000&_total=estimate&_sort=-date,_id&_include=Observation:patient").unwrap();
    assert_eq!(query.filters.len(), 3);
    assert_eq!((query.count, query.total), (Some(1_000), true));
    assert!(query.applied.contains(&("_count".into(), "1000".into())));
    assert!(query.applied.contains(&("_total".into(), "accurate".into())));
    assert_eq!(query.sort[0], Sort { by: By::Date(entry::parameter("Observation", "date")), descending: true });
    let include =
        Include { kind: "Observation".into(), code: "subject".into(), target: Some("Patient".into()), iterate: false };
    assert_eq!(query.include, [include]);
    let count = ask("Patient?_count=0&_cursor=abc").unwrap();
    assert_eq!((count.summary, count.total, count.cursor.as_deref()), (Summary::Count, true, Some("abc")));
    assert_eq!(count.applied, [("_count".to_owned(), "0".to_owned())]);
    let own = ask("Observation?subject=https://here.example/fhir/Patient/1").unwrap();
    let link = |code| Filter::Link {
        parameter: entry::parameter("Observation", code),
        any: vec![("Patient".into(), "1".into())],
    };
    assert_eq!(own.filters, [link("subject")]);
    assert_eq!(ask("Observation?patient=1").unwrap().filters, [link("subject")], "patient is subject narrowed");
}

fn held() -> Vec<Held> {
    let one = |id: &str, body: Value| {
        let kind = body["resourceType"].as_str().unwrap().to_owned();
        let index = crate::index::of(&kind, &body, &row);
        Held { half: row(&kind, id), kind, id: id.to_owned(), updated: 1_700_000_000_000_000, index }
    };
    vec![
        one(
            "p1",
            json!({"resourceType": "Patient", "name": [{"family": "Ångström", "given": ["Ada"]}], "gender": "female", "birthDate": "1980-02-03", "identifier": [{"system": "n,h|s", "value": "9"}], "generalPractitioner": [{"reference": "Practitioner/g1"}]}),
        ),
        one(
            "p2",
            json!({"resourceType": "Patient", "name": [{"family": "Angelo"}], "birthDate": "1980", "deceasedBoolean": true, "link": [{"other": {"reference": "Patient/p1"}, "type": "seealso"}]}),
        ),
        one("g1", json!({"resourceType": "Practitioner", "name": [{"family": "Byrne"}]})),
        one(
            "o1",
            json!({"resourceType": "Observation", "status": "final", "code": {"coding": [{"system": "l", "code": "hb"}]}, "subject": {"reference": "Patient/p1"}, "effectivePeriod": {"start": "2024-01-10"}, "valueQuantity": {"value": 5.40, "system": "u", "code": "g"}}),
        ),
        one(
            "o2",
            json!({"resourceType": "Observation", "status": "preliminary", "code": {"text": "x"}, "component": [{"code": {"coding": [{"code": "HB"}]}, "valueQuantity": {"value": 7, "comparator": "<"}}], "subject": {"reference": "Patient/p2"}, "effectiveDateTime": "2024-03", "performer": [{"reference": "https://elsewhere.example/Practitioner/1"}]}),
        ),
    ]
}

fn row(kind: &str, id: &str) -> i64 {
    entry::term(kind, id, "row", "")
}

#[test]
fn what_is_found() {
    let held = held();
    for (written, expected) in [
        ("Patient?name=ang", "p1 p2"),
        ("Patient?name:exact=Ångström", "p1"),
        ("Patient?name:exact=Angstrom", ""),
        ("Patient?name:contains=ELO", "p2"),
        ("Patient?gender=female", "p1"),
        ("Patient?gender:not=female", "p2"),
        ("Patient?gender:missing=true", "p2"),
        ("Patient?deceased=true", "p2"),
        ("Patient?identifier=9", "p1"),
        (r"Patient?identifier=n\,h\|s|9", "p1"),
        (r"Patient?identifier=n\,h\|s|", "p1"),
        ("Patient?identifier=|9", ""),
        ("Patient?birthdate=1980", "p1 p2"),
        ("Patient?birthdate=1980-02-03", "p1"),
        ("Patient?birthdate=ne1980-02-03", "p2"),
        ("Patient?birthdate=gt1980-02-03", "p2"),
        ("Patient?birthdate=ge1980-02-03&birthdate=le1980-02-03", "p1 p2"),
        ("Patient?birthdate=sa1979&birthdate=eb1981", "p1 p2"),
        ("Patient?birthdate=ap1981", "p1 p2"),
        ("Patient?_id=p2,p3", "p2"),
        ("Patient?_lastUpdated=2023", "p1 p2"),
        ("Patient?general-practitioner:Practitioner.name=byr", "p1"),
        ("Patient?general-practitioner=Practitioner/g1", "p1"),
        ("Patient?link.general-practitioner:Practitioner.name=byr", "p2"),
        ("Patient?_has:Observation:patient:code=hb", "p1"),
        ("Patient?_has:Observation:subject:combo-code=hb", "p1 p2"),
        ("Patient?_has:Patient:link:_has:Observation:patient:status=preliminary", "p1"),
        ("Observation?code=l|hb", "o1"),
        ("Observation?combo-code=hb", "o1 o2"),
        ("Observation?combo-code:not=hb", ""),
        ("Observation?code:not=hb", "o2"),
        ("Observation?date=2024-03", "o2"),
        ("Observation?date=gt2024-03", "o1"),
        ("Observation?date=lt2024-02", "o1"),
        ("Observation?value-quantity=5.4", "o1"),
        ("Observation?value-quantity=5|u|g", "o1"),
        ("Observation?value-quantity=5.0", ""),
        ("Observation?value-quantity=gt5.4", ""),
        ("Observation?value-quantity=ge5.4||g", "o1"),
        ("Observation?value-quantity=ge5.4||mg", ""),
        ("Observation?component-value-quantity=lt7", "o2"),
        ("Observation?component-value-quantity=ge7", ""),
        ("Observation?combo-value-quantity=lt6", "o1 o2"),
        ("Observation?patient.name=ang", "o1 o2"),
        ("Observation?subject.name=ada", "o1"),
        ("Observation?patient._id=p1", "o1"),
        ("Observation?subject=p1,p2", "o1 o2"),
        ("Observation?performer=https://elsewhere.example/Practitioner/1", "o2"),
        ("Observation?status=final,preliminary&code=hb", "o1"),
    ] {
        let query = ask(written).unwrap_or_else(|issues| panic!("{written}: {issues:?}"));
        let ids: Vec<&str> = found(&query, &held, &row).iter().map(|one| one.id.as_str()).collect();
        assert_eq!(ids.join(" "), expected, "{written}");
    }
}

#[test]
fn no_search_is_worth_more_than_a_little_work() {
    for written in [
        format!("Task?{}zzz=1", "subject.".repeat(5)),
        format!("Task?{}zzz=1", "focus.".repeat(5)),
        format!("Task?{}code=1", "focus.".repeat(5)),
        format!("Patient?{}=1", "n".repeat(100_000)),
        format!("Patient?name={}", "a,".repeat(100_000)),
        format!("Patient?birthdate={}", "x".repeat(100_000)),
        (0..2_000).map(|_| "&name=a").collect::<String>().replacen('&', "Patient?", 1),
    ] {
        let at = std::time::Instant::now();
        let issues = ask(&written).unwrap_err();
        assert!(issues.iter().all(|issue| issue.words.len() < 10_000));
        assert!(at.elapsed().as_secs() < 5, "{}", &written[..40]);
    }
}

/// Names and values that are mostly right.
fn pair() -> impl Strategy<Value = (String, String)> {
    let name = prop::sample::select(vec![
        "code",
        "code:not",
        "status",
        "date",
        "value-quantity",
        "subject",
        "patient",
        "subject:Patient",
        "performer:identifier",
        "patient.name",
        "patient.birthdate",
        "subject:Patient.name:exact",
        "encounter:missing",
        "_id",
        "_lastUpdated",
        "_tag",
        "_count",
        "_sort",
        "_summary",
        "_elements",
        "_total",
        "_include",
        "_revinclude:iterate",
        "_has:Provenance:target:agent",
        "combo-code",
        "_profile",
        "method",
        "cod",
        "identifier",
        "_format",
        "note",
    ]);
    let value = prop_oneof![
        "[a-z]{1,6}(\\|[a-z]{0,3})?(,[a-z]{1,4})?",
        "(ge|lt|ap|sa)?20[0-9]{2}(-0[1-9])?",
        "-?[0-9]{1,3}(\\.[0-9]{1,3})?(\\|\\|mg)?",
        Just("true".to_owned()),
        Just("Patient/1".to_owned()),
        Just("Observation:subject".to_owned()),
        Just("-date,_id".to_owned()),
        r"[a-zé\\,|$%: /.#]{0,12}",
    ];
    (name.prop_map(str::to_owned), value)
}

proptest! {
    #[test]
    fn what_was_applied_is_the_same_search_again(pairs in prop::collection::vec(pair(), 0..4)) {
        let good: Vec<_> = pairs.into_iter().filter(|pair| parse("Observation", std::slice::from_ref(pair), &limits()).is_ok()).collect();
        if let Ok(query) = parse("Observation", &good, &limits()) {
            prop_assert_eq!(query.applied.len(), good.len());
            let again = parse("Observation", &query.applied, &limits()).unwrap();
            prop_assert_eq!(query, again);
        }
    }

    #[test]
    fn no_text_makes_it_panic(name in "\\PC{0,24}", value in "\\PC{0,24}") {
        let _ = parse("Observation", &[(name, value)], &limits());
    }
}
