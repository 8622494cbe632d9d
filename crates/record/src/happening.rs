//! Happenings: what of a resource belongs on a desk's list (somebody is in hospital, has come home, is to be visited), told
//! apart by list and time. Derived from the resource alone; must not know whose list it will stand on, or what day it is.

use jiff::Timestamp;
use serde_json::Value;

use crate::resource::{KIND_TAG, concept_text, each, has_code, instant, text};

/// The lists that a happening can stand on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum List {
    /// In hospital now; its time is the admission.
    InHospital,
    /// Left hospital; its time is the discharge.
    LeftHospital,
    /// Died in hospital; its time is the end of the stay.
    DiedInHospital,
    /// Came to an emergency department; its time is the arrival.
    Emergency,
    /// A visit that is planned, by nurses.
    NursingVisit,
    /// A visit that is planned, by therapists.
    TherapyVisit,
    /// A visit that is planned, by others.
    Visit,
    /// A booked appointment.
    Appointment,
    /// On a caseload of nurses; its time is the beginning.
    NursingCaseload,
    /// On a caseload of therapists.
    TherapyCaseload,
    /// On another caseload.
    Caseload,
    /// A request for social care that is open.
    CareRequest,
    /// An assessment by social care that is open.
    CareAssessment,
    /// A service of social care that runs.
    CareService,
    /// A review by social care that is open.
    CareReview,
    /// A review by social care that was held; its time is when.
    CareReviewed,
    /// A report of results; its time is the source's own.
    Report,
    /// A letter or another document; its time is the source's own.
    Letter,
}

impl List {
    /// Every list.
    pub const ALL: [Self; 18] = [
        Self::InHospital,
        Self::LeftHospital,
        Self::DiedInHospital,
        Self::Emergency,
        Self::NursingVisit,
        Self::TherapyVisit,
        Self::Visit,
        Self::Appointment,
        Self::NursingCaseload,
        Self::TherapyCaseload,
        Self::Caseload,
        Self::CareRequest,
        Self::CareAssessment,
        Self::CareService,
        Self::CareReview,
        Self::CareReviewed,
        Self::Report,
        Self::Letter,
    ];

    /// The word in the database.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::InHospital => "in-hospital",
            Self::LeftHospital => "left-hospital",
            Self::DiedInHospital => "died-in-hospital",
            Self::Emergency => "emergency",
            Self::NursingVisit => "nursing-visit",
            Self::TherapyVisit => "therapy-visit",
            Self::Visit => "visit",
            Self::Appointment => "appointment",
            Self::NursingCaseload => "nursing-caseload",
            Self::TherapyCaseload => "therapy-caseload",
            Self::Caseload => "caseload",
            Self::CareRequest => "care-request",
            Self::CareAssessment => "care-assessment",
            Self::CareService => "care-service",
            Self::CareReview => "care-review",
            Self::CareReviewed => "care-reviewed",
            Self::Report => "report",
            Self::Letter => "letter",
        }
    }

    /// The list of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|list| list.word() == word)
    }
}

/// What a resource means to the desks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    /// It stands on a list.
    Listed(Listed),
    /// Somebody saw or spoke to the person outside hospital, at this moment (microseconds since 1970 UTC).
    Contact(i64),
}

/// A line of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Which list.
    pub list: List,
    /// Its time on that list, in microseconds since 1970 UTC.
    pub at: i64,
    /// Whether the time of day is known, or only the day.
    pub timed: bool,
    /// What it is, in the source's words.
    pub title: String,
    /// Why, where the source says.
    pub reason: Option<String>,
    /// Where or by whom: ward, team, provider, clinician.
    pub by: Option<String>,
}

/// What a resource means to the desks, if anything. `as_of` is the source's own time for it.
#[must_use]
pub fn derive(resource_type: &str, value: &Value, as_of: Timestamp) -> Option<Happening> {
    match resource_type {
        "Encounter" => encounter(value, as_of),
        "Appointment" => appointment(value),
        "EpisodeOfCare" => episode(value),
        "ServiceRequest" | "Task" if is_social_care(value) => social_care(resource_type, value),
        "DiagnosticReport" => news(List::Report, value, as_of, &["cancelled", "entered-in-error"]),
        "DocumentReference" | "Composition" => news(List::Letter, value, as_of, &["superseded", "entered-in-error"]),
        _ => None,
    }
}

fn listed(list: List, when: &str, title: Option<String>, otherwise: &str) -> Option<Listed> {
    Some(Listed {
        list,
        at: instant(when)?,
        timed: when.contains('T'),
        title: title.unwrap_or_else(|| otherwise.to_owned()),
        reason: None,
        by: None,
    })
}

fn encounter(value: &Value, as_of: Timestamp) -> Option<Happening> {
    let (start, end) = crate::resource::period(value, "period");
    let class = value.get("class").and_then(|class| text(class, "code")).unwrap_or_default();
    let title = each(value, "type").find_map(concept_text);
    let service = value.get("serviceType").and_then(concept_text);
    let said = as_of.to_string();
    let line = |list, when: &str| -> Option<Happening> {
        let whom = each(value, "participant").find_map(|one| text(one.get("individual")?, "display"));
        let place = each(value, "location").find_map(|one| text(one.get("location")?, "display"));
        let provider = value.get("serviceProvider").and_then(|provider| text(provider, "display"));
        let planned = matches!(list, List::NursingVisit | List::TherapyVisit | List::Visit);
        let by = if planned { whom.or(provider) } else { place.or(provider) };
        let reason = each(value, "reasonCode").filter_map(concept_text).collect::<Vec<_>>().join(", ");
        let mut line = listed(list, when, title.clone().or_else(|| service.clone()), "Visit or stay")?;
        line.reason = (!reason.is_empty()).then_some(reason);
        line.by = by.map(str::to_owned);
        Some(Happening::Listed(line))
    };
    let stays = matches!(class, "IMP" | "ACUTE" | "NONAC" | "SS" | "OBSENC");
    match (text(value, "status")?, end) {
        // Nobody is sent to visit who has died; whoever cared for them is told.
        ("finished", Some(end)) if stays && died(value) => line(List::DiedInHospital, end),
        ("finished", Some(end)) if stays => line(List::LeftHospital, end),
        // A stay whose beginning nobody gave is still a stay: it stands at the time the source spoke of it.
        ("arrived" | "triaged" | "in-progress" | "onleave", _) if stays => {
            line(List::InHospital, start.unwrap_or(said.as_str()))
        }
        ("arrived" | "triaged" | "in-progress" | "onleave" | "finished", _) if class == "EMER" => {
            line(List::Emergency, start.unwrap_or(said.as_str()))
        }
        ("planned" | "arrived", _) if !stays && class != "EMER" && class != "PRENC" => {
            let who = each(value, "participant").find_map(|one| text(one.get("individual")?, "display"));
            let craft = Craft::of(service.as_deref().or(title.as_deref()), who);
            let list = craft.choose(List::NursingVisit, List::TherapyVisit, List::Visit);
            line(list, start?)
        }
        ("in-progress" | "finished", _) if !stays && class != "EMER" => Some(Happening::Contact(instant(start?)?)),
        _ => None,
    }
}

/// Whether a stay ended in death, by the words of its outcome, or HL7's own code for it.
fn died(value: &Value) -> bool {
    let Some(outcome) = value.get("hospitalization").and_then(|stay| stay.get("dischargeDisposition")) else {
        return false;
    };
    let words = concept_text(outcome).unwrap_or_default().to_lowercase();
    let mut words = words.split(|letter: char| !letter.is_alphabetic());
    has_code(outcome, "exp") || words.any(|word| matches!(word, "died" | "dead" | "deceased" | "death"))
}

fn appointment(value: &Value) -> Option<Happening> {
    if !matches!(text(value, "status")?, "proposed" | "pending" | "booked" | "arrived" | "checked-in") {
        return None;
    }
    let title = text(value, "description")
        .map(str::to_owned)
        .or_else(|| ["serviceType", "appointmentType"].iter().find_map(|key| each(value, key).find_map(concept_text)));
    let mut line = listed(List::Appointment, text(value, "start")?, title, "Appointment")?;
    line.by = each(value, "participant").find_map(|one| {
        let actor = one.get("actor")?;
        let patient = text(actor, "reference").is_some_and(|reference| reference.contains("Patient/"));
        text(actor, "display").filter(|_| !patient).map(str::to_owned)
    });
    Some(Happening::Listed(line))
}

fn episode(value: &Value) -> Option<Happening> {
    if !matches!(text(value, "status")?, "active" | "onhold" | "waitlist") {
        return None;
    }
    let start = crate::resource::period(value, "period").0?;
    let title = each(value, "type").find_map(concept_text);
    let team = value.get("managingOrganization").and_then(|one| text(one, "display"));
    let who = value.get("careManager").and_then(|one| text(one, "display"));
    let list = if is_social_care(value) {
        List::CareService
    } else {
        let craft = Craft::of(title.as_deref(), who);
        craft.choose(List::NursingCaseload, List::TherapyCaseload, List::Caseload)
    };
    let mut line = listed(list, start, title, "Under the care of a service")?;
    line.by = team.or(who).map(str::to_owned);
    Some(Happening::Listed(line))
}

/// Social care's requests, assessments and reviews, by the shapes that its mapping gives them: a request is a
/// `ServiceRequest`, the others a `Task` whose words begin with what it is.
fn social_care(resource_type: &str, value: &Value) -> Option<Happening> {
    let title = value.get("code").and_then(concept_text);
    let open = matches!(text(value, "status")?, "active" | "on-hold" | "requested" | "accepted" | "in-progress");
    let done = text(value, "status")? == "completed";
    let review = title.as_deref().is_some_and(|title| title.starts_with("Review"));
    let period = if resource_type == "Task" { "executionPeriod" } else { "occurrencePeriod" };
    let (start, end) = crate::resource::period(value, period);
    let (list, when) = match (resource_type, open, review) {
        ("ServiceRequest", true, _) => (List::CareRequest, start.or_else(|| text(value, "authoredOn"))),
        ("Task", true, true) => (List::CareReview, start),
        ("Task", true, false) => (List::CareAssessment, start),
        ("Task", false, true) if done => (List::CareReviewed, end.or(start)),
        _ => return None,
    };
    let mut line = listed(list, when?, title, "Social care")?;
    line.reason = each(value, "reasonCode").find_map(concept_text);
    Some(Happening::Listed(line))
}

fn news(list: List, value: &Value, as_of: Timestamp, void: &[&str]) -> Option<Happening> {
    if text(value, "status").is_some_and(|status| void.contains(&status)) {
        return None;
    }
    let own = ["description", "title"].iter().find_map(|key| text(value, key)).map(str::to_owned);
    let coded = ["code", "type"].iter().find_map(|key| value.get(key).and_then(concept_text));
    let otherwise = if list == List::Report { "A report" } else { "A document" };
    let by = ["performer", "author", "custodian"]
        .iter()
        .find_map(|key| each(value, key).find_map(|one| text(one, "display")));
    Some(Happening::Listed(Listed {
        list,
        at: as_of.as_microsecond(),
        timed: true,
        title: own.or(coded).unwrap_or_else(|| otherwise.to_owned()),
        reason: None,
        by: by.map(str::to_owned),
    }))
}

fn is_social_care(value: &Value) -> bool {
    let Some(meta) = value.get("meta") else { return false };
    each(meta, "tag").any(|tag| text(tag, "system") == Some(KIND_TAG) && text(tag, "code") == Some("social-care"))
}

/// Whose craft a visit or a caseload is. Extracts name services and disciplines in words and not in codes; the service's
/// own name decides, and where it says neither, the discipline of whoever has the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Craft {
    Nursing,
    Therapy,
    Other,
}

impl Craft {
    fn of(service: Option<&str>, who: Option<&str>) -> Self {
        let craft = |words: &str| {
            let words = words.to_lowercase();
            let says = |parts: &[&str]| parts.iter().any(|part| words.contains(part));
            if says(&["occupational therap", "physio", "speech and language", "therapy", "therapies team", "rehab"]) {
                Some(Self::Therapy)
            } else if says(&["nurs", "matron"]) {
                Some(Self::Nursing)
            } else {
                None
            }
        };
        service.and_then(craft).or_else(|| who.and_then(craft)).unwrap_or(Self::Other)
    }

    fn choose<T>(self, nursing: T, therapy: T, other: T) -> T {
        match self {
            Self::Nursing => nursing,
            Self::Therapy => therapy,
            Self::Other => other,
        }
    }
}

#[cfg(test)]
mod tests;
