//! Resources broken in one way each: where it is said, and in which words. The words are for a person who has to mend it,
//! so a change of them is read here.

use super::*;

/// A resource (or other text), the place, words that must be in the sentence.
const BROKEN: &[(&str, &str, &str)] = &[
    // Not JSON.
    ("", "", "line 1, letter 1: the text ends"),
    ("{\"resourceType\":\"Patient\"", "Patient", "a comma or } must be here"),
    ("{\"resourceType\":\"Patient\",\n\"active\":tru}", "Patient.active", "line 2, letter 10"),
    ("{\"resourceType\":\"Patient\"} {}", "Patient", "there is more after the end"),
    ("{\"resourceType\":\"Patient\",}", "Patient", "a name in quotation marks"),
    ("{\"a\":01}", "a", "not a number as JSON writes it"),
    ("{\"a\":\"\\ud800\"}", "a", "half of a pair"),
    ("{\"a\":\"b\nc\"}", "a", "a control character stands in a text"),
    (
        "{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"A\",\"family\":\"B\"}]}",
        "Patient.name[0].family",
        "stands twice",
    ),
    // Whole resources.
    ("[]", "Resource", "must be an object, not a list"),
    ("{}", "Resource.resourceType", "`resourceType` is missing"),
    (r#"{"resourceType":5}"#, "Resource.resourceType", "must be text such as \"Patient\", not the number 5"),
    (r#"{"resourceType":"Patent"}"#, "Patent.resourceType", "`Patent` is no type of resource in R4"),
    (r#"{"resourceType":"DomainResource"}"#, "DomainResource.resourceType", "no type of resource"),
    (r#"{"resourceType":"HumanName"}"#, "HumanName.resourceType", "no type of resource"),
    // Unknown elements.
    (r#"{"resourceType":"Patient","colour":"red"}"#, "Patient.colour", "take it out, or say it in an extension"),
    (r#"{"resourceType":"Patient","birthdate":"1950-01-01"}"#, "Patient.birthdate", "write `birthDate`"),
    (
        r#"{"resourceType":"Patient","deceased":true}"#,
        "Patient.deceased",
        "written as `deceasedBoolean` or `deceasedDateTime`",
    ),
    (
        r#"{"resourceType":"Patient","deceasedString":"x"}"#,
        "Patient.deceasedString",
        "`deceasedBoolean` or `deceasedDateTime`",
    ),
    (r#"{"resourceType":"Patient","a.b c":1}"#, "Patient.`a.b c`", "take it out"),
    (r#"{"resourceType":"Patient","meta":{"project":"x"}}"#, "Patient.meta.project", "Meta has no element project"),
    (
        r#"{"resourceType":"Patient","contact":[{"gender":"male"},{"sex":"male"}]}"#,
        "Patient.contact[1].sex",
        "Patient.contact has no element sex",
    ),
    // How many.
    (r#"{"resourceType":"Observation","code":{"text":"a"}}"#, "Observation.status", "`status` is missing"),
    (
        r#"{"resourceType":"Patient","communication":[{"preferred":true}]}"#,
        "Patient.communication[0].language",
        "`language` is missing",
    ),
    (
        r#"{"resourceType":"MedicationRequest","status":"active","intent":"order","subject":{"reference":"Patient/a"}}"#,
        "MedicationRequest.medication",
        "`medicationCodeableConcept` or `medicationReference` is missing",
    ),
    (r#"{"resourceType":"Patient","name":{"family":"A"}}"#, "Patient.name", "put it in square brackets"),
    (r#"{"resourceType":"Patient","birthDate":["1950-01-01"]}"#, "Patient.birthDate", "take the square brackets away"),
    (
        r#"{"resourceType":"Patient","maritalStatus":[{"text":"a"}]}"#,
        "Patient.maritalStatus",
        "take the square brackets away",
    ),
    (r#"{"resourceType":"Patient","name":[]}"#, "Patient.name", "the list is empty"),
    (r#"{"resourceType":"Patient","name":[{}]}"#, "Patient.name[0]", "the object is empty"),
    (
        r#"{"resourceType":"Patient","deceasedBoolean":true,"deceasedDateTime":"2020"}"#,
        "Patient.deceased",
        "said in two types",
    ),
    (r#"{"resourceType":"Patient","name":[null]}"#, "Patient.name[0]", "must be an object (HumanName), not null"),
    (r#"{"resourceType":"Patient","name":[{"given":["A",null]}]}"#, "Patient.name[0].given[1]", "null says nothing"),
    // JSON types.
    (
        r#"{"resourceType":"Patient","active":"true"}"#,
        "Patient.active",
        "true or false without quotation marks, not the text \"true\"",
    ),
    (
        r#"{"resourceType":"Patient","multipleBirthInteger":"2"}"#,
        "Patient.multipleBirth",
        "a number without quotation marks",
    ),
    (r#"{"resourceType":"Patient","multipleBirthInteger":2.5}"#, "Patient.multipleBirth", "must be a whole number"),
    (
        r#"{"resourceType":"Patient","multipleBirthInteger":2147483648}"#,
        "Patient.multipleBirth",
        "to 2147483647, not 2147483648",
    ),
    (
        r#"{"resourceType":"Patient","birthDate":1950}"#,
        "Patient.birthDate",
        "text in quotation marks, not the number 1950",
    ),
    (
        r#"{"resourceType":"Patient","maritalStatus":"M"}"#,
        "Patient.maritalStatus",
        "must be an object (CodeableConcept), not the text",
    ),
    (r#"{"resourceType":"Patient","telecom":[{"rank":0}]}"#, "Patient.telecom[0].rank", "from 1 to"),
    (
        r#"{"resourceType":"Observation","status":"final","code":{"text":"a"},"valueQuantity":{"value":1e999}}"#,
        "Observation.value.value",
        "too large to calculate with",
    ),
    (r#"{"resourceType":"Patient","active":null}"#, "Patient.active", "not null"),
    // Formats.
    (r#"{"resourceType":"Patient","id":"a b"}"#, "Patient.id", "must be 1 to 64 letters"),
    (r#"{"resourceType":"Patient","birthDate":"2023-02-29"}"#, "Patient.birthDate", "write a real day"),
    (r#"{"resourceType":"Patient","birthDate":"31/12/1950"}"#, "Patient.birthDate", "\"31/12/1950\": write a real day"),
    (r#"{"resourceType":"Patient","birthDate":"1950-1-1"}"#, "Patient.birthDate", "write a real day"),
    (r#"{"resourceType":"Patient","birthDate":"0000"}"#, "Patient.birthDate", "write a real day"),
    (
        r#"{"resourceType":"Patient","deceasedDateTime":"2020-02-03T10:00"}"#,
        "Patient.deceased",
        "needs seconds and a zone",
    ),
    (
        r#"{"resourceType":"Patient","deceasedDateTime":"2020-02-03T25:00:00Z"}"#,
        "Patient.deceased",
        "needs seconds and a zone",
    ),
    (
        r#"{"resourceType":"Patient","deceasedDateTime":"2020-02T10:00:00Z"}"#,
        "Patient.deceased",
        "needs seconds and a zone",
    ),
    (
        r#"{"resourceType":"Patient","meta":{"lastUpdated":"2020-02-03"}}"#,
        "Patient.meta.lastUpdated",
        "day, time, seconds and zone",
    ),
    (r#"{"resourceType":"Patient","photo":[{"data":"abc"}]}"#, "Patient.photo[0].data", "not Base64"),
    (r#"{"resourceType":"Patient","name":[{"family":""}]}"#, "Patient.name[0].family", "is empty"),
    (
        "{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"A\\u0000\"}]}",
        "Patient.name[0].family",
        "control character U+0000",
    ),
    (
        r#"{"resourceType":"Patient","identifier":[{"system":"http://a b"}]}"#,
        "Patient.identifier[0].system",
        "has a space in it",
    ),
    (
        r#"{"resourceType":"Patient","identifier":[{"system":"urn:uuid:1"}]}"#,
        "Patient.identifier[0].system",
        "begins like a UUID",
    ),
    (
        "{\"resourceType\":\"Patient\",\"identifier\":[{\"system\":\"http://a\u{202e}b\"}]}",
        "Patient.identifier[0].system",
        "U+202E, which cannot be seen",
    ),
    ("{\"resourceType\":\"Patient\",\"language\":\"e\u{200b}n\"}", "Patient.language", "U+200B, which cannot be seen"),
    (r#"{"resourceType":"Patient","language":" en"}"#, "Patient.language", "single spaces"),
    (
        r#"{"resourceType":"Patient","text":{"status":"generated","div":"hello"}}"#,
        "Patient.text.div",
        "XHTML within one <div>",
    ),
    (
        r#"{"resourceType":"Patient","text":{"status":"generated","div":"<div><script>x</script></div>"}}"#,
        "Patient.text.div",
        "<script>, which a narrative may not have",
    ),
    (
        r#"{"resourceType":"Patient","text":{"status":"generated","div":"<div><p onclick=\"x()\">a</p></div>"}}"#,
        "Patient.text.div",
        "could run a script",
    ),
    (
        r#"{"resourceType":"Patient","text":{"status":"generated","div":"<div><a href=\" JavaScript:x()\">a</a></div>"}}"#,
        "Patient.text.div",
        "could run a script",
    ),
    (
        r#"{"resourceType":"Patient","text":{"status":"generated","div":"<div><p>a</div></p></div>"}}"#,
        "Patient.text.div",
        "not the tag open there",
    ),
    // Codes.
    (r#"{"resourceType":"Patient","gender":"F"}"#, "Patient.gender", "use `male`, `female`, `other` or `unknown`"),
    (
        r#"{"resourceType":"Observation","status":"done","code":{"text":"a"}}"#,
        "Observation.status",
        "\"done\" is not a code for `status`",
    ),
    (
        r#"{"resourceType":"Condition","subject":{"reference":"Patient/a"},"clinicalStatus":{"coding":[{"system":"http://a.example","code":"active"}]}}"#,
        "Condition.clinicalStatus",
        "needs a coding of `http://terminology.hl7.org/CodeSystem/condition-clinical`: `active`",
    ),
    // References.
    (
        r#"{"resourceType":"Observation","status":"final","code":{"text":"a"},"subject":{"reference":"Patient"}}"#,
        "Observation.subject.reference",
        "write type and id as Patient/123",
    ),
    (
        r#"{"resourceType":"Observation","status":"final","code":{"text":"a"},"subject":{"reference":"Person/1"}}"#,
        "Observation.subject.reference",
        "points at a Person, but may only point at `Patient`, `Group`, `Device` or `Location`",
    ),
    (
        r#"{"resourceType":"Observation","status":"final","code":{"text":"a"},"subject":{"reference":"Patent/1"}}"#,
        "Observation.subject.reference",
        "`Patent` is no type of resource",
    ),
    (
        r#"{"resourceType":"Observation","status":"final","code":{"text":"a"},"subject":{"reference":"Patient/a b"}}"#,
        "Observation.subject.reference",
        "whose id is not",
    ),
    (
        r#"{"resourceType":"Observation","status":"final","code":{"text":"a"},"subject":{"reference":"http://a.example/fhir/Practitioner/1"}}"#,
        "Observation.subject.reference",
        "points at a Practitioner",
    ),
    (
        r#"{"resourceType":"Observation","status":"final","code":{"text":"a"},"subject":{"reference":"urn:uuid:zz"}}"#,
        "Observation.subject.reference",
        "write type and id as Patient/123",
    ),
    (
        r#"{"resourceType":"Observation","status":"final","code":{"text":"a"},"subject":{"reference":"Patient?identifier=1"}}"#,
        "Observation.subject.reference",
        "only within a transaction",
    ),
    (
        r#"{"resourceType":"Observation","status":"final","code":{"text":"a"},"subject":{"reference":"Patient/1","type":"Group"}}"#,
        "Observation.subject.type",
        "they must agree",
    ),
    (
        r##"{"resourceType":"Observation","status":"final","code":{"text":"a"},"subject":{"reference":"#p"}}"##,
        "Observation.subject.reference",
        "not there: add it to `contained`",
    ),
    // Contained resources.
    (
        r#"{"resourceType":"Patient","contained":[{"resourceType":"Organization","name":"A"}]}"#,
        "Patient.contained[0].id",
        "needs an id",
    ),
    (
        r#"{"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"o","name":"A"}]}"#,
        "Patient.contained[0]",
        "nothing points at the contained resource",
    ),
    (
        r##"{"resourceType":"Patient","managingOrganization":{"reference":"#o"},"contained":[{"resourceType":"Organization","id":"o","meta":{"versionId":"1"}}]}"##,
        "Patient.contained[0].meta.versionId",
        "no life of its own",
    ),
    (
        r##"{"resourceType":"Patient","managingOrganization":{"reference":"#o"},"contained":[{"resourceType":"Organization","id":"o","colour":"red"}]}"##,
        "Patient.contained[0].colour",
        "no element colour",
    ),
    (
        r##"{"resourceType":"Patient","managingOrganization":{"reference":"#o"},"contained":[{"resourceType":"Patient","id":"o"}]}"##,
        "Patient.managingOrganization.reference",
        "points at a Patient",
    ),
    // Extensions and companions.
    (
        r#"{"resourceType":"Patient","extension":[{"url":"http://a.example/x"}]}"#,
        "Patient.extension[0]",
        "the extension says nothing",
    ),
    (
        r#"{"resourceType":"Patient","extension":[{"url":"http://a.example/x","valueString":"a","extension":[{"url":"y","valueString":"b"}]}]}"#,
        "Patient.extension[0]",
        "not both",
    ),
    (r#"{"resourceType":"Patient","extension":[{"valueString":"a"}]}"#, "Patient.extension[0].url", "`url` is missing"),
    (
        r#"{"resourceType":"Patient","extension":[{"url":"x","valueString":"a"}]}"#,
        "Patient.extension[0].url",
        "must be an absolute address",
    ),
    (
        r#"{"resourceType":"Patient","extension":[{"url":"http://a.example/x","valueFoo":"a"}]}"#,
        "Patient.extension[0].valueFoo",
        "its `value` is written as",
    ),
    (r#"{"resourceType":"Patient","_birthDate":{}}"#, "Patient.birthDate", "the object is empty"),
    (r#"{"resourceType":"Patient","_birthDate":"x"}"#, "Patient.birthDate", "`_birthDate` must be an object"),
    (r#"{"resourceType":"Patient","_name":[{"id":"a"}]}"#, "Patient.name", "is for single values"),
    // Bundles.
    (
        r#"{"resourceType":"Bundle","type":"batch","entry":[{"resource":{"resourceType":"Patient"}},{"resource":{"resourceType":"Patient","birthDate":"x"}}]}"#,
        "Bundle.entry[1].resource.birthDate",
        "write a real day",
    ),
];

#[test]
fn each_is_found_at_its_place_in_its_words() {
    let mut wrong = Vec::new();
    for (text, place, words) in BROKEN {
        let issues = super::super::text(text).map_or_else(|issues| issues, |value| resource(&value));
        let said: Vec<_> =
            issues.iter().map(|issue| (issue.at.as_deref().unwrap_or_default(), issue.words.as_str())).collect();
        if !said.iter().any(|(at, sentence)| at == place && sentence.contains(words)) {
            wrong.push(format!("{text}\n    wanted {place}: {words}\n    found {said:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), BROKEN.len(), wrong.join("\n"));
}

#[test]
fn one_fault_is_told_once() {
    for (text, place, _) in BROKEN.iter().filter(|(_, place, _)| !place.contains("contained")) {
        let issues = super::super::text(text).map_or_else(|issues| issues, |value| resource(&value));
        assert_eq!(issues.len(), 1, "{place} in {text}: {issues:?}");
    }
}

#[test]
fn what_looks_odd_and_is_right_is_let_be() {
    for text in [
        r#"{"resourceType":"Patient"}"#,
        "\u{feff}{\"resourceType\":\"Patient\",\"active\":true}",
        r#"{"resourceType":"Patient","birthDate":"2024-02-29"}"#,
        r#"{"resourceType":"Patient","deceasedDateTime":"2016-12-31T23:59:60.123456789+14:00"}"#,
        r#"{"resourceType":"Patient","_birthDate":{"extension":[{"url":"http://a.example/x","valueCode":"unknown"}]}}"#,
        r#"{"resourceType":"Patient","name":[{"given":["A",null],"_given":[null,{"id":"g"}]}]}"#,
        r#"{"resourceType":"Patient","name":[{"family":"\u05d0\u202e\u0301 \ud83d\ude00"}]}"#,
        r#"{"resourceType":"Observation","_status":{"extension":[{"url":"http://a.example/x","valueCode":"unknown"}]},"code":{"text":"a"}}"#,
        r#"{"resourceType":"Patient","extension":[{"url":"http://a.example/x","extension":[{"url":"y","valueDecimal":1.50}]}]}"#,
        r#"{"resourceType":"Bundle","type":"transaction","entry":[{"request":{"method":"POST","url":"Observation"},"resource":{"resourceType":"Observation","status":"final","code":{"text":"a"},"subject":{"reference":"Patient?identifier=a|1"}}}]}"#,
        r##"{"resourceType":"Patient","contained":[{"resourceType":"Provenance","id":"p","target":[{"reference":"#"}],"recorded":"2020-01-01T00:00:00Z","agent":[{"who":{"display":"A"}}]}]}"##,
    ] {
        let value = super::super::text(text).unwrap();
        assert_eq!(resource(&value), [], "{text}");
    }
}

#[test]
fn depth_and_number_of_issues_are_bounded() {
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let issues = super::super::text(&deep).unwrap_err();
    assert!(issues[0].words.contains("more than 64 levels"), "{}", issues[0].words);
    let mut extension = serde_json::json!({"url": "http://a.example/x", "valueString": "a"});
    for _ in 0..60 {
        extension = serde_json::json!({"url": "http://a.example/x", "extension": [extension]});
    }
    let issues = resource(&serde_json::json!({"resourceType": "Patient", "extension": [extension]}));
    assert!(issues.iter().any(|issue| issue.words.contains("more than 64 levels")));
    let names: Vec<_> = (0..500).map(|_| serde_json::json!({"x": 1})).collect();
    let issues = resource(&serde_json::json!({"resourceType": "Patient", "name": names}));
    assert_eq!(issues.len(), MOST_ISSUES + 1);
    assert!(issues[MOST_ISSUES].words.contains("400 more issues"), "{}", issues[MOST_ISSUES].words);
}
