//! That what was decoded is what HL7 says.

use super::*;

#[test]
fn all_types_of_r4_are_there() {
    assert_eq!(resources().count(), 146);
    assert!(is_resource("Patient") && is_resource("Bundle") && is_resource("MedicinalProduct"));
    assert!(!is_resource("DomainResource") && !is_resource("HumanName") && !is_resource("SubscriptionStatus"));
    assert_eq!(find("code").unwrap().sort, Sort::Primitive);
    assert_eq!(find("Age").unwrap().base, Some("Quantity"));
    assert!(tables().shapes.iter().all(|shape| shape.elements.iter().all(|element| !element.types.is_empty())));
}

#[test]
fn elements_have_their_types_and_numbers() {
    let patient = shape("Patient").unwrap();
    let (gender, kind) = patient.find("gender").unwrap();
    assert_eq!((kind.form, gender.min, gender.is_list), (Form::Primitive(Primitive::Code), 0, false));
    assert!(gender.codes().unwrap().has("unknown") && !gender.codes().unwrap().has("Female"));
    let (contact, kind) = patient.find("contact").unwrap();
    assert!(contact.is_list);
    let contact = kind.form.shape().unwrap();
    assert_eq!(contact.path, "Patient.contact");
    assert_eq!(contact.find("organization").unwrap().1.targets, ["Organization"]);
    let (deceased, kind) = patient.find("deceasedDateTime").unwrap();
    assert_eq!((deceased.name, deceased.is_choice, kind.name), ("deceased", true, "dateTime"));
    assert!(patient.find("deceased").is_none() && patient.find("deceased[x]").is_none());
    let (id, kind) = patient.find("id").unwrap();
    assert_eq!((id.is_summary, kind.form), (true, Form::Primitive(Primitive::Id)));
}

#[test]
fn a_content_reference_leads_back_to_its_shape() {
    let bundle = shape("Bundle").unwrap();
    let entry = bundle.find("entry").unwrap().1.form.shape().unwrap();
    assert_eq!(entry.find("link").unwrap().1.form.shape().unwrap().path, "Bundle.link");
    assert_eq!(entry.find("resource").unwrap().1.form, Form::Resource);
}

#[test]
fn additions_of_others_are_not_there() {
    let meta = shape("Meta").unwrap();
    let names: Vec<_> = meta.elements.iter().map(|element| element.name).collect();
    assert_eq!(names, ["id", "extension", "versionId", "lastUpdated", "source", "profile", "security", "tag"]);
}

#[test]
fn the_compartment_of_a_patient() {
    assert_eq!(patient_compartment("Observation"), ["subject", "performer"]);
    assert_eq!(patient_compartment("Patient"), ["link"]);
    assert!(patient_compartment("Organization").is_empty());
    for kind in resources() {
        for code in patient_compartment(kind) {
            assert!(crate::parameter::find(kind, code).is_some(), "{kind} has no {code}");
        }
    }
}

#[test]
fn rules_come_with_those_of_the_base() {
    let keys: Vec<_> = constraints("Patient").map(|rule| (rule.path, rule.key)).collect();
    assert!(keys.contains(&("Patient.contact", "pat-1")));
    assert!(keys.contains(&("DomainResource", "dom-3")));
}

#[test]
fn shapes_fit_the_tables() {
    for shape in &tables().shapes {
        // The walk of a validation remembers in 128 bits which elements it saw; a place in a key table has eight.
        assert!(shape.elements.len() <= 128, "{}", shape.path);
        assert!(shape.elements.iter().map(|element| element.types.len()).sum::<usize>() < 255, "{}", shape.path);
        for element in &shape.elements {
            for allowed in &element.types {
                let (found, kind) = shape.find(allowed.key).unwrap();
                assert_eq!((found.name, kind.key), (element.name, allowed.key), "{}", shape.path);
            }
        }
    }
}

#[test]
fn required_codes_are_there_where_they_can_be_counted() {
    let bound =
        tables().shapes.iter().flat_map(|shape| &shape.elements).filter(|element| element.codes().is_some()).count();
    assert!(bound > 340, "only {bound} elements have their codes");
    let currency = shape("Money").unwrap().find("currency").unwrap().0;
    assert!(currency.codes().is_none(), "currencies are another standard's");
}
