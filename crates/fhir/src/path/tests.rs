//! Expressions against small resources, and every search parameter of R4.

use serde_json::{Value, json};

use super::*;

fn found(expression: &str, resource: &Value) -> Vec<String> {
    let path = Path::parse(expression).unwrap();
    let items = path.of(resource).unwrap();
    items
        .iter()
        .map(|item| {
            let place = || item.node().map_or("?".into(), |node| node.value.to_string());
            operator::written(item).map_or_else(place, std::borrow::Cow::into_owned)
        })
        .collect()
}

fn patient() -> Value {
    json!({
        "resourceType": "Patient",
        "id": "p1",
        "name": [{"family": "Okafor", "given": ["Ada", "May"]}, {"family": "Okafor-Lee", "given": [null], "_given": [{"extension": [{"url": "u", "valueCode": "masked"}]}]}],
        "birthDate": "1980-02-03",
        "_birthDate": {"extension": [{"url": "time", "valueDateTime": "1980-02-03T10:00:00Z"}]},
        "deceasedBoolean": false,
        "telecom": [{"system": "phone", "value": "1"}, {"system": "email", "value": "a@b"}],
        "generalPractitioner": [{"reference": "Organization/o1"}, {"reference": "#c"}, {"reference": "https://x.example/Practitioner/9/_history/1"}, {"type": "Organization", "identifier": {"value": "P88002"}}],
        "contained": [{"resourceType": "Practitioner", "id": "c"}],
        "extension": [{"url": "a", "valueCanonical": "urn:c"}],
        "multipleBirthInteger": 2,
        "contact": [{"period": {"start": "2020", "end": "2020-05-01"}}]
    })
}

#[test]
fn walks_choices_and_references() {
    let patient = patient();
    for (expression, expected) in [
        ("Patient.name.given", vec!["Ada", "May", "null"]),
        ("name[1].family", vec!["Okafor-Lee"]),
        ("Patient.telecom.where(system='email').value", vec!["a@b"]),
        ("Observation.code | Patient.birthDate", vec!["1980-02-03"]),
        ("Patient.deceased.exists() and Patient.deceased != false", vec!["false"]),
        ("(Patient.deceased.ofType(boolean))", vec!["false"]),
        ("Patient.deceased.ofType(dateTime)", vec![]),
        ("extension.value.ofType(uri)", vec!["urn:c"]),
        ("extension.value.ofType(string)", vec![]),
        ("extension.value.first() is uri", vec!["true"]),
        ("(Patient.multipleBirth as integer)", vec!["2"]),
        (
            "Patient.generalPractitioner.where(resolve() is Practitioner).reference",
            vec!["#c", "https://x.example/Practitioner/9/_history/1"],
        ),
        ("Patient.generalPractitioner.where(resolve() is Organization).count()", vec!["2"]),
        ("birthDate.extension('time').value", vec!["1980-02-03T10:00:00Z"]),
        ("birthDate.extension.where(url = 'time').value.is(dateTime)", vec!["true"]),
        ("name.given.hasValue()", vec!["false"]),
        ("name.given.where(hasValue()).count()", vec!["2"]),
        ("name.given.extension.value", vec!["masked"]),
        ("Resource.id", vec!["p1"]),
        ("name.select(given.first() & ' ' & family)", vec!["Ada Okafor"]),
        ("telecom.value.combine('1' | 'x').isDistinct()", vec!["false"]),
        ("name.family.all($this.startsWith('Oka'))", vec!["true"]),
        ("iif(birthDate < '1990-01-01', 'older', 'younger')", vec!["older"]),
        ("{}.exists() or {}", vec![]),
        ("2 + 3 * 2 = 8 and 7 div 2 = 3 and -1 < 0", vec!["true"]),
        ("'p1' in (id | 'x')", vec!["true"]),
        ("contact.period.start <= contact.period.end", vec![]),
        ("%resource.id & id", vec!["p1p1"]),
        ("(telecom | telecom).count()", vec!["2"]),
        ("descendants().where($this = '#c').exists()", vec!["true"]),
    ] {
        if expression.contains("given.first()") {
            // The second name has no given name with a value: joining takes it as nothing.
            assert_eq!(found(expression, &patient)[..1], ["Ada Okafor"], "{expression}");
            continue;
        }
        assert_eq!(found(expression, &patient), expected, "{expression}");
    }
}

#[test]
fn an_unknown_function_or_broken_text_is_refused_with_its_place() {
    for (expression, at) in [
        ("name.frobnicate()", 16),
        ("name.", 5),
        ("name = 'x", 7),
        ("(name", 5),
        ("name name", 5),
        ("%nobody", 0),
        ("name[x]", 5),
    ] {
        let error = Path::parse(expression).unwrap_err();
        assert_eq!(error.at, at, "{error}");
    }
    assert!(Path::parse(&"(".repeat(10_000)).is_err());
}

#[test]
fn patterns_fit_whole_texts() {
    let fits = |written: &str, text: &str| pattern::Pattern::parse(written).unwrap().matches(text);
    assert_eq!(fits("[A-Z]([A-Za-z0-9_]){0,254}", "Name_1"), Some(true));
    assert_eq!(fits("[A-Z]([A-Za-z0-9_]){0,254}", "Name 1"), Some(false));
    assert_eq!(fits("[A-Z]([A-Za-z0-9_]){0,254}", "name"), Some(false));
    assert_eq!(fits("^http:\\/\\/a\\.b\\/[A-Z][a-z]+$", "http://a.b/Xy"), Some(true));
    assert_eq!(fits("(a|bc)*d?", "abcabcd"), Some(true));
    assert_eq!(fits("(a*)*", "aaab"), Some(false));
    assert_eq!(fits("\\d{3}", "12"), Some(false));
    assert_eq!(fits("(a|aa)+", &"a".repeat(5_000)), None, "gives up and says so, or answers: never hangs");
    assert!(pattern::Pattern::parse("(?=a)").is_none());
    assert_eq!(pattern::Pattern::parse("\\..*").unwrap().replace("a.b.c", "").unwrap(), "a");
}

#[test]
fn no_element_is_taken_for_a_choice_by_its_name() {
    use crate::definitions;
    let mut taken = std::collections::BTreeSet::new();
    let mut seen = std::collections::BTreeSet::new();
    let mut open: Vec<_> = definitions::resources().filter_map(definitions::shape).collect();
    while let Some(shape) = open.pop() {
        if !seen.insert(shape.path) {
            continue;
        }
        open.extend(
            shape.elements.iter().flat_map(|element| &element.types).filter_map(|allowed| allowed.form.shape()),
        );
        let keys =
            shape.elements.iter().flat_map(|element| element.types.iter().map(move |allowed| (element, allowed.key)));
        for (element, key) in keys {
            for other in &shape.elements {
                if member::choice_of(key, other.name).is_some() && other.name != element.name {
                    taken.insert(format!("{}: {key} for {}", shape.path, other.name));
                }
            }
            if element.is_choice {
                assert!(member::choice_of(key, element.name).is_some(), "{}: {key}", shape.path);
            }
        }
    }
    assert!(taken.is_empty(), "{taken:#?}");
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in "[a-z.()\\[\\]'|=<> $%0-9A-Z{}`\\\\]{0,60}") {
        let _ = Path::parse(&text);
    }
}
