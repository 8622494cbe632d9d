//! Whom a resource names as the one it is about, by the rules of the feeds but for two: a Patient at another address is
//! never taken for one here, whatever their id; and where R4 lets the element be absent, a resource without it is nobody's.
//! Pure: whether the Patient is here is asked by [`super::whose`].

use fhir::issue::{Code, Issue};
use serde_json::{Value, json};

use super::Refusal;
use crate::feed::fhir::subject::{self, Neighbours};
use crate::feed::fhir::types::{Whose, whose};
use crate::feed::{Reason, Subject};
use crate::resource::{each, literal, text};

/// Whose a resource says it is. Its references are in the API's words already.
///
/// # Errors
/// 422 where that cannot be followed, with the element.
pub(super) fn of(kind: &str, logical: &str, value: &Value) -> Result<Subject, Refusal> {
    let follow = |value: &Value| {
        subject::of(kind, logical, value, &Neighbours::default(), "").or_else(|reason| match reason.code.as_str() {
            "no-subject" => Ok(Subject::Nobody),
            _ => Err(said(&reason)),
        })
    };
    match whose(kind) {
        Some(Whose::Must(element) | Whose::May(element)) => {
            // An Account may have several: it is the first one's.
            for reference in each(value, element) {
                if is_elsewhere(reference) {
                    let words = "this names a patient at another address, whose record is not here; create the Patient here and \
                                 refer to it";
                    return Err(refused(words, format!("{element}.reference")));
                }
                if text(reference, "reference").is_none() && reference.get("identifier").is_none() {
                    let words = "a name alone does not say which patient it is; write Patient/id, or give the NHS number as the \
                                 identifier";
                    return Err(refused(words, element.to_owned()));
                }
                let found = follow(&json!({ element: reference, "contained": value.get("contained") }))?;
                if found != Subject::Nobody {
                    return Ok(found);
                }
            }
            Ok(Subject::Nobody)
        }
        Some(Whose::Among(list, element)) => {
            let here = |item: &&Value| !item.get(element).is_some_and(is_elsewhere);
            let items: Vec<&Value> = each(value, list).filter(here).collect();
            let found = follow(&json!({ list: items, "contained": value.get("contained") }))?;
            if kind == "Person" && found == Subject::Nobody {
                // Who somebody is may not stand here without a record whose reader is written down.
                let words = "it links to no Patient who is here; create the Patient first and link to it";
                return Err(refused(words, format!("{list}.{element}")));
            }
            Ok(found)
        }
        Some(Whose::Own | Whose::Nobody) | None => follow(value),
    }
}

/// True for a reference to a Patient at an address that is not this API's.
fn is_elsewhere(reference: &Value) -> bool {
    text(reference, "reference")
        .is_some_and(|written| written.contains(':') && literal(written).is_some_and(|(kind, _)| kind == "Patient"))
}

fn refused(words: &str, at: String) -> Refusal {
    Refusal { status: 422, issues: vec![Issue::error(Code::Value, words).at(at)] }
}

/// What the rules of the feeds say, in words for a client of the API.
fn said(reason: &Reason) -> Refusal {
    let at = reason.location.clone().unwrap_or_default();
    let words = match reason.code.as_str() {
        "unresolvable-reference" => {
            "this does not name a patient in a way that can be followed; write Patient/id, or give the NHS number as the identifier"
        }
        _ => reason.sentence.as_str(),
    };
    refused(words, at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn observation(subject: &Value) -> Result<Subject, String> {
        let value = json!({"resourceType": "Observation", "subject": subject});
        of("Observation", "o", &value).map_err(|refusal| refusal.issues[0].at.clone().unwrap_or_default())
    }

    #[test]
    fn a_patient_elsewhere_is_never_one_here() {
        assert_eq!(observation(&json!({"reference": "Patient/1"})), Ok(Subject::Person("1".to_owned())));
        for elsewhere in
            ["http://else.example/fhir/Patient/1", "https://x.example/Patient/1/_history/2", "ftp://x/Patient/1"]
        {
            assert_eq!(
                observation(&json!({"reference": elsewhere})),
                Err("subject.reference".to_owned()),
                "{elsewhere}"
            );
        }
        assert_eq!(observation(&json!({"reference": "http://else.example/fhir/Group/1"})), Ok(Subject::Nobody));
    }

    #[test]
    fn absent_is_nobodys_and_a_name_alone_is_refused() {
        assert_eq!(of("Observation", "o", &json!({})), Ok(Subject::Nobody));
        assert_eq!(observation(&json!({"display": "Margaret"})), Err("subject".to_owned()));
    }

    #[test]
    fn among_many_the_one_who_is_here_counts() {
        let elsewhere = json!({"actor": {"reference": "http://else.example/fhir/Patient/1"}});
        let here = json!({"actor": {"reference": "Patient/2"}});
        let booked = |items: &[&Value]| of("Appointment", "a", &json!({"participant": items}));
        assert_eq!(booked(&[&elsewhere, &here]), Ok(Subject::Person("2".to_owned())));
        assert_eq!(booked(&[&elsewhere]), Ok(Subject::Nobody));
        let linked = json!({"link": [{"target": {"reference": "http://else.example/fhir/Patient/1"}}]});
        assert!(of("Person", "p", &linked).is_err());
    }
}
