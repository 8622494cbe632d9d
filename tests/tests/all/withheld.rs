//! People whose details are withheld (S-flag): found and read, and nowhere said where they live, how they are reached, who
//! looks after them or who is related to them; nor found by any of it.

use access::Role;
use record::interaction::{self, Content, Done, Read};
use record::search::Found;
use serde_json::{Value, json};
use weft_tests::api::{Api, id, refusal, sent};
use weft_tests::people::{MARGARET, Said, bundle};
use weft_tests::samples::{INDEX, reader, take};
use weft_tests::{Database, at, on_both};

/// Parts of what is withheld; each stands in what the sources sent.
const HINTS: [&str; 10] =
    ["Hidden", "Bobbin", "SK6", "Marple", "0161", "hidden@", "P88002", "Zebedee", "north-practice", "Pharmacy"];

/// Everybody who reads records to give care.
const ROLES: [Role; 7] = [
    Role::Gp,
    Role::Consultant,
    Role::DistrictNurse,
    Role::Therapist,
    Role::SocialWorker,
    Role::Coordinator,
    Role::CareHomeManager,
];

/// A Patient with everything that tells where somebody is.
fn located(said: &Said) -> Value {
    let mut patient = said.patient();
    let practice = format!("Organization/{}", "north-practice");
    patient["text"] =
        json!({"status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">4 Hidden Bobbin Yard</div>"});
    patient["telecom"] =
        json!([{"system": "phone", "value": "0161 496 0123"}, {"system": "email", "value": "hidden@example.org"}]);
    patient["address"][0]["use"] = json!("home");
    patient["contact"] =
        json!([{"name": {"text": "Zebedee Ashworth"}, "telecom": [{"system": "phone", "value": "0161 496 0999"}]}]);
    patient["generalPractitioner"] = json!([
        {"reference": practice, "identifier": {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "P88002"}},
    ]);
    patient["managingOrganization"] = json!({"reference": practice, "display": "Marple practice"});
    patient["extension"] = json!([
        {"url": "https://weft.example/nominated", "valueReference": {"display": "Marple Pharmacy"}},
        {"url": "https://weft.example/size", "valueInteger": 7},
    ]);
    patient["identifier"][0]["assigner"] = json!({"display": "Marple practice"});
    patient
}

struct World {
    api: Api,
    /// Ids of the Patients of the person who is withheld, and of the one who is not.
    hidden: Vec<String>,
    open: String,
    practice: String,
}

/// One message flags Margaret, another does not; the API has a copy of its own; Harold is not withheld and alike in all else.
fn world(database: &Database) -> World {
    let api = Api::of(database.open());
    let harold = Said { id: "h1", number: Some("9990002371"), given: "Harold", ..MARGARET };
    let practice = json!({"resourceType": "Organization", "id": "north-practice", "name": "Weir Lane"});
    let about = |kind: &str, id: &str, patient: &str, field: &str| json!({"resourceType": kind, "id": id, field: {"reference": format!("Patient/{patient}")}, "code": {"text": "Asthma"}});
    let related = |id: &str, patient: &str| {
        json!({
            "resourceType": "RelatedPerson", "id": id, "patient": {"reference": format!("Patient/{patient}")},
            "name": [{"text": "Zebedee Ashworth"}], "telecom": [{"system": "phone", "value": "0161 496 0999"}],
        })
    };
    let words = bundle(
        "1",
        &[
            practice,
            located(&MARGARET),
            located(&harold),
            about("Condition", "mc", "m1", "subject"),
            about("Condition", "hc", "h1", "subject"),
            related("mr", "m1"),
            related("hr", "h1"),
        ],
    );
    let _ = take(&api.store, &reader("gp"), &words, at(0));
    let flagged = Said { id: "c1", restricted: true, ..MARGARET };
    let received = take(&api.store, &reader("gp"), located(&flagged).to_string().as_bytes(), at(1));
    assert!(matches!(received.outcome, record::ingest::Outcome::Applied(_)), "{received:?}");
    let row = |feed: &str, kind: &str, id: &str| store::resource::resource_id(feed, kind, id).hyphenated().to_string();
    let practice = row("gp", "Organization", "north-practice");
    let mut own = located(&MARGARET);
    own["id"] = json!("own-m");
    own["generalPractitioner"][0]["reference"] = json!(format!("Organization/{practice}"));
    own["managingOrganization"]["reference"] = json!(format!("Organization/{practice}"));
    let done = api.put(&own, None).unwrap();
    silent("the answer to a write", &weft_tests::api::resource(&done).to_string());
    let hidden = vec![row("gp", "Patient", "m1"), row("gp", "Patient", "c1"), "own-m".to_owned()];
    World { api, hidden, open: row("gp", "Patient", "h1"), practice }
}

fn silent(place: &str, text: &str) {
    for hint in HINTS {
        assert!(!text.contains(hint), "{hint} in {place}: {text}");
    }
}

/// What a page of a search shows, as it is sent.
fn page(done: &Done) -> &Found {
    match &done.content {
        Content::Page { found, .. } => found,
        other => panic!("{other:?}"),
    }
}

fn search(api: &Api, url: &str) -> Done {
    let entry = json!({"request": {"method": "GET", "url": url}});
    let batch = json!({"resourceType": "Bundle", "type": "batch", "entry": [entry]});
    api.bundle(&batch).unwrap().remove(0)
}

#[test]
fn a_withheld_address_leaves_by_no_answer_of_the_api() {
    on_both(|database| {
        let World { api, hidden, open, .. } = world(database);
        let shown = api.shown("Patient", &open).to_string();
        for hint in ["Bobbin", "0161", "Zebedee", "Pharmacy"] {
            assert!(shown.contains(hint), "Harold's are told, so that this test can fail");
        }
        for role in ROLES {
            let api = Api::over(&api.store, role);
            let mut said = Vec::new();
            for patient in &hidden {
                if let Read::Found(resource) = api.read("Patient", patient) {
                    let sent = sent(&resource);
                    assert_eq!(sent["birthDate"], "1938-03-14", "they are found and read");
                    said.push(sent.to_string());
                }
                let version = api.look(|tx, scope| Ok(interaction::vread(tx, scope, "Patient", patient, 1)?)).unwrap();
                if let Read::Found(resource) = version {
                    said.push(sent(&resource).to_string());
                }
                let history = api.history("Patient", patient).into_iter().flat_map(|history| history.versions);
                said.extend(history.map(|version| sent(&version).to_string()));
                if let Some(found) = api.everything(patient) {
                    assert!(found.resources.iter().all(|one| one.kind != "RelatedPerson"));
                    said.extend(found.resources.iter().chain(&found.included).map(|one| sent(one).to_string()));
                }
            }
            let asked = Said { number: None, ..MARGARET }.patient();
            let matches = api.look(|tx, scope| interaction::matching(tx, &*INDEX, scope, &asked, false, 10)).unwrap();
            assert!(matches.iter().all(|one| one.score < 90), "a postcode that agrees does not count");
            said.extend(matches.iter().map(|one| sent(&one.resource).to_string()));
            for url in [
                "Patient?given=Margaret",
                "Patient?given=Margaret&_revinclude=RelatedPerson:patient&_include=*",
                "Patient?identifier=9990001006&_elements=address,telecom",
                "Condition?subject:Patient.given=Margaret&_include=Condition:subject&_include:iterate=Patient:*",
                "RelatedPerson?patient.given=Margaret",
            ] {
                let done = search(&api, url);
                if done.status == 200 {
                    let found = page(&done);
                    said.extend(found.resources.iter().chain(&found.included).map(|one| sent(one).to_string()));
                }
            }
            if role == Role::Gp {
                assert!(said.len() > 12, "there is something to be silent about: {}", said.len());
            }
            for text in said {
                silent(role.word(), &text);
                assert!(!text.contains("\"Weir Lane\""), "{text}");
            }
        }
        let own = api.shown("Patient", "own-m");
        assert_eq!(own["meta"]["security"][0]["code"], "REDACTED", "and it is said that something is left out");
        assert_eq!(own["extension"].as_array().unwrap().len(), 1, "what tells nothing stays");
        let flagged = api.shown("Patient", &hidden[1]);
        assert_eq!(flagged["meta"]["security"][0]["code"], "R", "its own label stays");
        // The relatives are not there by their ids either.
        let relative = store::resource::resource_id("gp", "RelatedPerson", "mr").hyphenated().to_string();
        assert!(matches!(api.read("RelatedPerson", &relative), Read::Unknown));
        assert!(api.history("RelatedPerson", &relative).is_none());
    });
}

#[test]
fn nobody_withheld_is_found_or_counted_by_where_they_live() {
    on_both(|database| {
        let World { api, hidden, open, practice } = world(database);
        // Each finds Harold, who is alike, and never Margaret; where it asks for both names, Margaret is not counted.
        for url in [
            "Patient?address-postalcode=SK6%206XX".to_owned(),
            "Patient?address=4%20Hidden".to_owned(),
            "Patient?address:contains=Bobbin".to_owned(),
            "Patient?address-city=Marple".to_owned(),
            "Patient?address-use=home".to_owned(),
            "Patient?phone=0161%20496%200123".to_owned(),
            "Patient?email=hidden@example.org".to_owned(),
            "Patient?telecom=0161%20496%200123".to_owned(),
            "Patient?phone:missing=false".to_owned(),
            "Patient?address:missing=false".to_owned(),
            format!("Patient?general-practitioner=Organization/{practice}"),
            format!("Patient?organization=Organization/{practice}"),
            "Patient?general-practitioner:Organization.name=Weir".to_owned(),
            "Patient?family=Ashworth&_sort=address".to_owned(),
            "Patient?family=Ashworth&_sort=-address-postalcode".to_owned(),
            "Patient?family=Ashworth&_include=Patient:general-practitioner".to_owned(),
            "Patient?_has:RelatedPerson:patient:name=Zebedee".to_owned(),
        ] {
            let done = search(&api, &format!("{url}{}_total=accurate", if url.contains('?') { "&" } else { "?" }));
            assert_eq!(done.status, 200, "{url}: {:?}", done.issues);
            let found = page(&done);
            let ids: Vec<String> = found.resources.iter().map(interaction::logical_id).collect();
            assert_eq!(ids.as_slice(), std::slice::from_ref(&open), "{url}");
            assert_eq!(found.total, Some(1), "{url}");
        }
        let total = |url: &str| {
            let done = search(&api, &format!("{url}&_total=accurate"));
            assert_eq!(done.status, 200, "{url}: {:?}", done.issues);
            page(&done).total.unwrap()
        };
        assert_eq!(total("Patient?given=Margaret"), 3, "by name they are found");
        assert_eq!(total("Condition?subject:Patient.address-postalcode=SK6%206XX"), 1);
        assert_eq!(total("Condition?subject:Patient.family=Ashworth"), 2);
        assert_eq!(total("Organization?_has:Patient:general-practitioner:given=Margaret"), 0);
        assert_eq!(total("Organization?_has:Patient:general-practitioner:given=Harold"), 1);
        assert_eq!(total("RelatedPerson?name=Zebedee"), 1);
        let found = search(&api, &format!("Organization?_id={practice}&_revinclude=Patient:general-practitioner"));
        let brought: Vec<String> = page(&found).included.iter().map(interaction::logical_id).collect();
        assert_eq!(brought, [open]);
        assert!(hidden.iter().all(|id| matches!(api.read("Patient", id), Read::Found(_))));
    });
}

#[test]
fn a_redacted_copy_put_back_loses_nothing_and_changes_nothing_that_is_withheld() {
    on_both(|database| {
        let World { api, practice, .. } = world(database);
        let kept = || {
            let row = interaction::row_id("Patient", "own-m");
            let value = api.store.read(|tx| store::resource::current(tx, row)).unwrap().unwrap().json().unwrap();
            assert_eq!(value["address"][0]["line"][0], "4 Hidden Bobbin Yard");
            assert_eq!(value["telecom"][0]["value"], "0161 496 0123");
            assert_eq!(value["contact"][0]["name"]["text"], "Zebedee Ashworth");
            assert_eq!(value["generalPractitioner"][0]["reference"], format!("Organization/{practice}"));
            assert_eq!(value["identifier"][0]["assigner"]["display"], "Marple practice");
            assert_eq!(value["extension"].as_array().unwrap().len(), 2);
            value
        };
        let read = api.shown("Patient", "own-m");
        let mut changed = read.clone();
        changed["gender"] = json!("other");
        let done = api.put(&changed, None).unwrap();
        silent("the answer to a put", &weft_tests::api::resource(&done).to_string());
        let now = kept();
        assert_eq!(now["gender"], "other");
        assert!(now.get("meta").is_none(), "the mark of what was left out is not kept: {now}");
        let mut moved = changed.clone();
        moved["address"] =
            json!([{"line": ["4 Hidden Bobbin Yard"], "city": "Marple", "postalCode": "SK6 6XX", "use": "home"}]);
        let (status, _, words) = refusal(api.put(&moved, None));
        assert_eq!(status, 403, "not even the right one, or it could be guessed: {words}");
        silent("a refusal", &words);
        // A test in a patch tells nothing: there is no address to be tested.
        for path in ["/address/0/postalCode", "/telecom/0/value"] {
            let guess = json!([{"op": "test", "path": path, "value": "SK6 6XX"}]);
            let (status, _, words) = refusal(api.patch("Patient", "own-m", &guess, None));
            assert_eq!(status, 422);
            silent("a refused patch", &words);
        }
        let patch = json!([{"op": "replace", "path": "/gender", "value": "female"}]);
        api.patch("Patient", "own-m", &patch, None).unwrap();
        assert_eq!(kept()["gender"], "female");
        let add = json!([{"op": "add", "path": "/address", "value": [{"postalCode": "M1 1AA"}]}]);
        assert_eq!(refusal(api.patch("Patient", "own-m", &add, None)).0, 403);
        let relative = json!({"resourceType": "RelatedPerson", "patient": {"reference": "Patient/own-m"}});
        assert_eq!(refusal(api.create(&relative)).0, 403);
        kept();
    });
}

#[test]
fn a_flag_cannot_be_taken_away_here_and_holds_for_what_was_deleted() {
    on_both(|database| {
        let api = Api::of(database.open());
        let plain = Said { id: "f-1", ..MARGARET };
        api.put(&located_here(&plain), None).unwrap();
        let done = api.put(&located_here(&Said { restricted: true, ..plain.clone() }), None).unwrap();
        silent("the flagged one", &weft_tests::api::resource(&done).to_string());
        let version = |number: i64| match api
            .look(|tx, scope| Ok(interaction::vread(tx, scope, "Patient", "f-1", number)?))
            .unwrap()
        {
            Read::Found(resource) => sent(&resource).to_string(),
            other => panic!("{other:?}"),
        };
        silent("the version before the flag", &version(1));
        let mut read = api.shown("Patient", "f-1");
        read.as_object_mut().unwrap().shift_remove("meta");
        assert_eq!(refusal(api.put(&read, None)).0, 403);
        let done = api.delete("Patient", "f-1", None).unwrap();
        assert_eq!((done.status, id(&done).as_str()), (204, "f-1"));
        silent("a version of what was deleted", &version(1));
        silent("a version of what was deleted", &version(2));
    });
}

/// The same without a reference to a practice, for a world that has none.
fn located_here(said: &Said) -> Value {
    let mut patient = located(said);
    patient["generalPractitioner"][0].as_object_mut().unwrap().shift_remove("reference");
    patient["managingOrganization"].as_object_mut().unwrap().shift_remove("reference");
    patient
}
