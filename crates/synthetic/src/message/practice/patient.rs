//! Who a practice says its patient is, and whom to ring.

use jiff::civil::DateTime;
use serde_json::{Map, Value, json};

use crate::message::Services;
use crate::message::chance::Chance;
use crate::message::identity::Identity;
use crate::message::staff;

use super::subject;

/// The Patient resource, as the practice has it at that time.
pub(super) fn patient(services: &Services, identity: &Identity<'_>, at: DateTime) -> Value {
    let person = identity.person;
    let mut out = Map::new();
    let mut put = |key: &str, value: Value| out.insert(key.to_owned(), value);
    put("resourceType", "Patient".into());
    put("id", identity.local.clone().into());
    put(
        "identifier",
        json!([{
            "extension": [{
                "url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus",
                "valueCodeableConcept": { "coding": [{
                    "system": "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland", "code": "01",
                }] },
            }],
            "system": "https://fhir.nhs.uk/Id/nhs-number", "value": identity.number,
        }]),
    );
    let died = identity.died(at);
    put("active", died.is_none().into());
    let mut name = json!({ "use": "official", "family": identity.family(at), "given": identity.given });
    if let (Some(name), false) = (name.as_object_mut(), person.title.is_empty()) {
        name.insert("prefix".to_owned(), json!([person.title]));
    }
    let former = identity.former(at).map(|family| json!({ "use": "old", "family": family, "given": identity.given }));
    put("name", [Some(name), former].into_iter().flatten().collect());
    if let Some(telephone) = &person.telephone {
        let used_as = if telephone.starts_with("07") { "mobile" } else { "home" };
        put("telecom", json!([{ "system": "phone", "use": used_as, "value": telephone }]));
    }
    put("gender", identity.sex("female", "male").into());
    put("birthDate", identity.born.to_string().into());
    if let Some(died) = died {
        put("deceasedDateTime", died.to_string().into());
    }
    let address = identity.address(at);
    put(
        "address",
        json!([{
            "use": "home", "line": [address.line], "city": address.town, "district": "Stockport", "postalCode": address.postcode,
        }]),
    );
    put(
        "generalPractitioner",
        json!([{
            "identifier": {
                "system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": person.practice.to_string(),
            },
            "display": services.practice_name(&person.practice),
        }]),
    );
    put(
        "extension",
        json!([{
            "url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-EthnicCategory",
            "valueCodeableConcept": { "text": person.ethnicity },
        }]),
    );
    Value::Object(out)
}

/// Somebody to ring, for most older people: a daughter, a son, a neighbour who is nobody else in the borough.
pub(super) fn contact(identity: &Identity<'_>) -> Option<Value> {
    let person = identity.person;
    let draw = Chance::of(u64::from(person.number), "contact");
    let share = if person.frailty > 0.2 || person.address.care_home.is_some() { 0.7 } else { 0.08 };
    if !draw.happens(share) {
        return None;
    }
    let relationship =
        draw.and("relationship").pick(&["Daughter", "Son", "Daughter", "Son", "Niece", "Neighbour", "Friend"]);
    let given = staff::given(draw.and("given"));
    let name = match relationship {
        "Daughter" | "Son" => json!({ "use": "official", "family": person.family, "given": [given] }),
        _ => json!({ "use": "official", "text": staff::member(draw.and("name")).plain() }),
    };
    Some(json!({
        "resourceType": "RelatedPerson", "id": format!("{}-contact-1", identity.local), "active": true,
        "patient": subject(identity),
        "relationship": [{ "text": relationship }],
        "name": [name],
        "telecom": [{ "system": "phone", "use": "mobile", "value": format!("07700 900{:03}", draw.and("phone").below(1000)) }],
    }))
}
