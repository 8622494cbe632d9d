//! What the search parameters are.

use std::collections::HashSet;

use super::*;
use crate::definitions;

#[test]
fn every_resource_has_parameters_each_with_a_bit_of_its_own() {
    let mut types = 0;
    for kind in definitions::resources() {
        let all = of(kind);
        assert!(all.len() < 64, "{kind} has {}", all.len());
        assert!(all.iter().enumerate().all(|(at, parameter)| usize::from(parameter.bit) == at));
        let names: HashSet<_> = all.iter().map(|parameter| parameter.code).collect();
        assert_eq!(names.len(), all.len(), "{kind} has a name twice");
        let common: Vec<_> = all.iter().take(6).map(|parameter| parameter.code).collect();
        assert_eq!(common, ["_id", "_lastUpdated", "_profile", "_security", "_source", "_tag"], "{kind}");
        types += 1;
    }
    assert_eq!(types, 146);
}

#[test]
fn an_expression_speaks_of_one_type_only() {
    let date = find("Immunization", "date").unwrap();
    assert_eq!((date.kind, date.expression), (Kind::Date, "Immunization.occurrence"));
    let code = find("AllergyIntolerance", "code").unwrap();
    assert_eq!(code.expression, "AllergyIntolerance.code | AllergyIntolerance.reaction.substance");
    let deceased = find("Patient", "deceased").unwrap();
    assert_eq!(deceased.expression, "Patient.deceased.exists() and Patient.deceased != false");
    for kind in definitions::resources() {
        for parameter in of(kind) {
            let other = definitions::resources().find(|other| {
                *other != kind
                    && parameter
                        .expression
                        .split([' ', '(', '|'])
                        .any(|word| word.split_once('.').is_some_and(|(head, _)| head == *other))
            });
            assert_eq!(other, None, "{kind} {}: {}", parameter.code, parameter.expression);
        }
    }
}

#[test]
fn references_say_what_they_point_at() {
    let encounter = find("Observation", "encounter").unwrap();
    assert_eq!(encounter.targets, ["Encounter", "EpisodeOfCare"]);
    for kind in definitions::resources() {
        for parameter in of(kind).iter().filter(|parameter| parameter.kind == Kind::Reference) {
            for target in &parameter.targets {
                assert!(definitions::is_resource(target), "{kind} {} points at {target}", parameter.code);
            }
        }
    }
}

#[test]
fn a_composite_is_made_of_parameters_of_its_type() {
    let composite = find("Observation", "component-code-value-quantity").unwrap();
    assert_eq!(composite.expression, "Observation.component");
    assert_eq!(
        composite.components[1],
        Component { code: "component-value-quantity", expression: "value.as(Quantity)" }
    );
    assert!(!composite.multiple_or);
    for kind in definitions::resources() {
        for component in of(kind).iter().flat_map(|parameter| &parameter.components) {
            assert!(find(kind, component.code).is_some(), "{kind} has no {}", component.code);
        }
    }
}

#[test]
fn what_cannot_be_looked_up_is_not_offered() {
    for code in ["_text", "_content", "_query", "_filter", "age", "no-such"] {
        assert_eq!(find("Patient", code), None);
    }
    assert!(of("Nothing").is_empty());
    assert!(of("DomainResource").is_empty());
}
