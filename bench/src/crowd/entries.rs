//! The resources of one invented person, FHIR R4 with UK Core's profiles named, each about as long as Synthea's are. Text
//! only: it knows nothing of how Weft reads it.

use super::{Entry, Person, Surgery, words};
use crate::random::Random;

/// The order in which kinds come, so that even the first few make a record with something of everything.
const ORDER: [Kind; 24] = [
    Kind::Encounter,
    Kind::Condition,
    Kind::Observation,
    Kind::MedicationRequest,
    Kind::Observation,
    Kind::AllergyIntolerance,
    Kind::Observation,
    Kind::Immunization,
    Kind::Encounter,
    Kind::Observation,
    Kind::Observation,
    Kind::MedicationRequest,
    Kind::DocumentReference,
    Kind::Observation,
    Kind::Condition,
    Kind::CarePlan,
    Kind::Encounter,
    Kind::Observation,
    Kind::MedicationRequest,
    Kind::Observation,
    Kind::Immunization,
    Kind::Encounter,
    Kind::Observation,
    Kind::Observation,
];

#[derive(Debug, Clone, Copy)]
enum Kind {
    Encounter,
    Condition,
    Observation,
    MedicationRequest,
    AllergyIntolerance,
    Immunization,
    DocumentReference,
    CarePlan,
}

/// Writes resources of one person.
pub(super) struct Entries<'p> {
    person: &'p Person,
    /// The last encounter, to which what follows belongs.
    encounter: String,
}

/// What every resource has: its own id, the person, a day, an author.
struct Frame {
    id: String,
    subject: String,
    day: String,
    author: &'static str,
    encounter: String,
}

impl Entries<'_> {
    /// The person themselves, then `count - 1` further resources.
    pub(super) fn of(person: &Person, random: &mut Random, count: usize) -> Vec<Entry> {
        let mut entries = Vec::with_capacity(count);
        entries.push(Entry { kind: "Patient", id: person.id.clone(), body: patient(person) });
        let mut writer = Entries { person, encounter: String::new() };
        for kind in ORDER.iter().cycle().take(count.saturating_sub(1)) {
            entries.push(writer.entry(*kind, random));
        }
        entries
    }

    /// The person themselves, a visit, a problem where they have one, and `each` measurements.
    pub(super) fn measured(person: &Person, random: &mut Random, each: usize, problem: bool) -> Vec<Entry> {
        let mut entries = Vec::with_capacity(each + 3);
        entries.push(Entry { kind: "Patient", id: person.id.clone(), body: patient(person) });
        let mut writer = Entries { person, encounter: String::new() };
        let once = [Kind::Encounter, Kind::Condition].into_iter().take(1 + usize::from(problem));
        for kind in once.chain(std::iter::repeat_n(Kind::Observation, each)) {
            entries.push(writer.entry(kind, random));
        }
        entries
    }

    fn entry(&mut self, kind: Kind, random: &mut Random) -> Entry {
        let frame = self.frame(random);
        let (kind, body) = match kind {
            Kind::Encounter => {
                self.encounter.clone_from(&frame.id);
                ("Encounter", encounter(&frame, self.person, random))
            }
            Kind::Condition => ("Condition", condition(&frame, random)),
            Kind::Observation => ("Observation", observation(&frame, random)),
            Kind::MedicationRequest => ("MedicationRequest", medication(&frame, random)),
            Kind::AllergyIntolerance => ("AllergyIntolerance", allergy(&frame, random)),
            Kind::Immunization => ("Immunization", immunization(&frame, self.person, random)),
            Kind::DocumentReference => ("DocumentReference", document(&frame, self.person, random)),
            Kind::CarePlan => ("CarePlan", care_plan(&frame, random)),
        };
        Entry { kind, id: frame.id, body }
    }

    fn frame(&self, random: &mut Random) -> Frame {
        let (year, month, day) = (2012 + random.below(14), 1 + random.below(12), 1 + random.below(28));
        let (hour, minute) = (8 + random.below(10), random.below(60));
        let person = self.person;
        Frame {
            id: random.id(),
            subject: format!(
                r#"{{"reference":"urn:uuid:{}","display":"{} {}"}}"#,
                person.id, person.given, person.family
            ),
            day: format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:00+00:00"),
            author: random.one(words::AUTHORS).copied().unwrap_or_default(),
            encounter: self.encounter.clone(),
        }
    }
}

impl Frame {
    /// How every resource opens.
    fn head(&self, kind: &str) -> String {
        let Self { id, day, .. } = self;
        format!(
            r#"{{"resourceType":"{kind}","id":"{id}","meta":{{"versionId":"1","lastUpdated":"{day}","profile":["https://fhir.hl7.org.uk/StructureDefinition/UKCore-{kind}"]}},"identifier":[{{"system":"https://practice.example/record-id","value":"{id}"}}],"#
        )
    }

    /// Author and encounter, with which a resource ends. `role` is the element for the author.
    fn tail(&self, role: &str) -> String {
        let Self { author, encounter, .. } = self;
        format!(
            r#""encounter":{{"reference":"urn:uuid:{encounter}"}},"{role}":{{"reference":"Practitioner/{}","display":"{author}"}}}}"#,
            author.replace(' ', "-").to_lowercase()
        )
    }
}

fn snomed(code: &str, words: &str) -> String {
    format!(
        r#"{{"coding":[{{"system":"http://snomed.info/sct","code":"{code}","display":"{words}"}}],"text":"{words}"}}"#
    )
}

fn hl7(system: &str, code: &str) -> String {
    format!(r#"{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/{system}","code":"{code}"}}]}}"#)
}

fn patient(person: &Person) -> String {
    let Person { id, nhs_number, family, given, house, birth_year, .. } = person;
    let Surgery { code, name: surgery, postcode } = person.surgery.as_ref();
    let (gender, prefix) = if person.female { ("female", "Ms") } else { ("male", "Mr") };
    let (month, day) = (1 + house % 12, 1 + house % 28);
    format!(
        r#"{{"resourceType":"Patient","id":"{id}","meta":{{"lastUpdated":"2025-10-01T06:00:00+00:00","profile":["https://fhir.hl7.org.uk/StructureDefinition/UKCore-Patient"]}},"identifier":[{{"extension":[{{"url":"https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus","valueCodeableConcept":{{"coding":[{{"system":"https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland","code":"01","display":"Number present and verified"}}]}}}}],"system":"https://fhir.nhs.uk/Id/nhs-number","value":"{}"}}],"active":true,"name":[{{"use":"official","family":"{family}","given":["{given}"],"prefix":["{prefix}"]}}],"gender":"{gender}","birthDate":"{birth_year}-{month:02}-{day:02}","address":[{{"use":"home","line":["{house} Invented Street"],"city":"Stockport","postalCode":"{postcode}"}}],"generalPractitioner":[{{"identifier":{{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"{code}"}},"display":"{surgery}"}}]}}"#,
        nhs_number.as_str()
    )
}

fn encounter(frame: &Frame, person: &Person, random: &mut Random) -> String {
    let (code, words, noted) = random.one(words::ENCOUNTERS).copied().unwrap_or_default();
    let Frame { subject, day, author, .. } = frame;
    let Surgery { code: ods, name: surgery, .. } = person.surgery.as_ref();
    format!(
        r#"{}"status":"finished","class":{{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB","display":"ambulatory"}},"type":[{}],"subject":{subject},"participant":[{{"individual":{{"display":"{author}"}}}}],"period":{{"start":"{day}","end":"{day}"}},"reasonCode":[{{"text":"{noted}"}}],"serviceProvider":{{"identifier":{{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"{ods}"}},"display":"{surgery}"}}}}"#,
        frame.head("Encounter"),
        snomed(code, words)
    )
}

fn condition(frame: &Frame, random: &mut Random) -> String {
    let (code, words) = random.one(words::PROBLEMS).copied().unwrap_or_default();
    let status = if random.below(4) == 0 { "resolved" } else { "active" };
    let Frame { subject, day, .. } = frame;
    format!(
        r#"{}"clinicalStatus":{},"verificationStatus":{},"category":[{}],"code":{},"subject":{subject},"onsetDateTime":"{day}","recordedDate":"{day}",{}"#,
        frame.head("Condition"),
        hl7("condition-clinical", status),
        hl7("condition-ver-status", "confirmed"),
        hl7("condition-category", "problem-list-item"),
        snomed(code, words),
        frame.tail("recorder")
    )
}

fn observation(frame: &Frame, random: &mut Random) -> String {
    let Some((code, words, unit, lowest, width)) = random.one(words::MEASUREMENTS) else { return String::new() };
    let tenths = lowest + random.below(*width);
    let (whole, tenth) = (tenths / 10, tenths % 10);
    let Frame { subject, day, encounter, author, .. } = frame;
    format!(
        r#"{}"status":"final","category":[{}],"code":{{"coding":[{{"system":"http://loinc.org","code":"{code}","display":"{words}"}}],"text":"{words}"}},"subject":{subject},"encounter":{{"reference":"urn:uuid:{encounter}"}},"effectiveDateTime":"{day}","issued":"{day}","performer":[{{"display":"{author}"}}],"valueQuantity":{{"value":{whole}.{tenth},"unit":"{unit}","system":"http://unitsofmeasure.org","code":"{unit}"}}}}"#,
        frame.head("Observation"),
        hl7("observation-category", "vital-signs")
    )
}

fn medication(frame: &Frame, random: &mut Random) -> String {
    let (name, how) = random.one(words::MEDICINES).copied().unwrap_or_default();
    let status = if random.below(3) == 0 { "completed" } else { "active" };
    let Frame { subject, day, .. } = frame;
    format!(
        r#"{}"status":"{status}","intent":"order","category":[{}],"medicationCodeableConcept":{{"text":"{name}"}},"subject":{subject},"authoredOn":"{day}","dosageInstruction":[{{"sequence":1,"text":"{how}","asNeededBoolean":false}}],"dispenseRequest":{{"numberOfRepeatsAllowed":5,"expectedSupplyDuration":{{"value":28,"unit":"day","system":"http://unitsofmeasure.org","code":"d"}}}},{}"#,
        frame.head("MedicationRequest"),
        hl7("medicationrequest-category", "community"),
        frame.tail("requester")
    )
}

fn allergy(frame: &Frame, random: &mut Random) -> String {
    let (code, words) = random.one(words::ALLERGIES).copied().unwrap_or_default();
    let Frame { subject, day, .. } = frame;
    format!(
        r#"{}"clinicalStatus":{},"verificationStatus":{},"type":"allergy","category":["medication"],"criticality":"high","code":{},"patient":{subject},"onsetDateTime":"{day}","recordedDate":"{day}","reaction":[{{"manifestation":[{{"text":"Rash over trunk and arms"}}],"severity":"moderate"}}],{}"#,
        frame.head("AllergyIntolerance"),
        hl7("allergyintolerance-clinical", "active"),
        hl7("allergyintolerance-verification", "confirmed"),
        snomed(code, words),
        frame.tail("recorder")
    )
}

fn immunization(frame: &Frame, person: &Person, random: &mut Random) -> String {
    let (code, words) = random.one(words::VACCINATIONS).copied().unwrap_or_default();
    let Frame { subject, day, encounter, author, .. } = frame;
    format!(
        r#"{}"status":"completed","vaccineCode":{},"patient":{subject},"encounter":{{"reference":"urn:uuid:{encounter}"}},"occurrenceDateTime":"{day}","primarySource":true,"location":{{"display":"{}"}},"performer":[{{"actor":{{"display":"{author}"}}}}],"note":[{{"text":"Given in the left upper arm; told what to expect and whom to call."}}]}}"#,
        frame.head("Immunization"),
        snomed(code, words),
        person.surgery.name
    )
}

fn document(frame: &Frame, person: &Person, random: &mut Random) -> String {
    let title = random.one(words::LETTERS).copied().unwrap_or_default();
    let Frame { id, subject, day, author, .. } = frame;
    format!(
        r#"{}"status":"current","docStatus":"final","type":{},"subject":{subject},"date":"{day}","author":[{{"display":"{author}"}}],"custodian":{{"display":"{}"}},"description":"{title}","content":[{{"attachment":{{"contentType":"application/pdf","url":"https://documents.example/letter/{id}","title":"{title}","creation":"{day}"}}}}]}}"#,
        frame.head("DocumentReference"),
        snomed("823691000000103", "Clinical letter"),
        person.surgery.name
    )
}

fn care_plan(frame: &Frame, random: &mut Random) -> String {
    let title = random.one(words::PLANS).copied().unwrap_or_default();
    let Frame { subject, day, .. } = frame;
    format!(
        r#"{}"status":"active","intent":"plan","category":[{}],"title":"{title}","description":"Agreed together: what matters, what to do when things get worse, and whom to call.","subject":{subject},"period":{{"start":"{day}"}},"created":"{day}","activity":[{{"detail":{{"status":"in-progress","description":"Review with the practice nurse every six months"}}}}],{}"#,
        frame.head("CarePlan"),
        snomed("734163000", "Care plan"),
        frame.tail("author")
    )
}
