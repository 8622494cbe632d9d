//! Facts: the small, flat line a page shows for one resource (kind, when, title, value, author). Derived from the
//! resource alone, so that they can be thrown away and made again; a fact never says more than its resource does.

mod alert;
pub mod allergy;
mod contact;
mod derive;
mod document;
mod draft;
mod encounter;
mod medicine;
mod other;
mod plan;
mod problem;
mod procedure;
mod reference;
mod result;

pub use derive::derive;
pub(crate) use derive::tagged;
pub use reference::reference_name;

use serde::{Deserialize, Serialize};

/// What sort of fact, in the order the summary shows them. The words in the database and in addresses are `word()`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A safety alert or flag (FHIR Flag): shown in the banner.
    Alert,
    /// A problem or diagnosis (Condition).
    Problem,
    /// An allergy or intolerance, or the statement that none is known.
    Allergy,
    /// A medicine ordered, stated or dispensed.
    Medicine,
    /// A result, report or measurement (Observation, DiagnosticReport).
    Result,
    /// A stay, attendance or appointment (Encounter, Appointment, EpisodeOfCare).
    Encounter,
    /// A procedure or operation.
    Procedure,
    /// An immunisation.
    Immunisation,
    /// A letter or other document.
    Document,
    /// Social care: requests, assessments, services, reviews.
    SocialCare,
    /// A plan and its goals (CarePlan, Goal, advance care plan).
    Plan,
    /// A person to contact: next of kin, carer, care team member.
    Contact,
    /// Anything else that came, so that nothing is lost: claims, images, unknown types.
    Other,
}

impl Kind {
    /// All kinds, in the order the summary shows them.
    pub const ALL: [Self; 13] = [
        Self::Alert,
        Self::Problem,
        Self::Allergy,
        Self::Medicine,
        Self::Result,
        Self::Encounter,
        Self::Procedure,
        Self::Immunisation,
        Self::Document,
        Self::SocialCare,
        Self::Plan,
        Self::Contact,
        Self::Other,
    ];

    /// The word in the database and in addresses.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Alert => "alert",
            Self::Problem => "problem",
            Self::Allergy => "allergy",
            Self::Medicine => "medicine",
            Self::Result => "result",
            Self::Encounter => "encounter",
            Self::Procedure => "procedure",
            Self::Immunisation => "immunisation",
            Self::Document => "document",
            Self::SocialCare => "social-care",
            Self::Plan => "plan",
            Self::Contact => "contact",
            Self::Other => "other",
        }
    }

    /// The kind of a word; `None` if it is none.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// A heading in plain English.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Alert => "Alerts",
            Self::Problem => "Problems",
            Self::Allergy => "Allergies",
            Self::Medicine => "Medicines",
            Self::Result => "Results",
            Self::Encounter => "Visits and stays",
            Self::Procedure => "Procedures",
            Self::Immunisation => "Immunisations",
            Self::Document => "Documents",
            Self::SocialCare => "Social care",
            Self::Plan => "Plans",
            Self::Contact => "Contacts",
            Self::Other => "Other",
        }
    }
}

/// One line about a person, derived from one resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// Its sort.
    pub kind: Kind,
    /// When it happened, as the source wrote it, to the source's own precision (`2011`, `2011-05`, `2011-05-31`, a FHIR dateTime).
    pub when: Option<String>,
    /// The same as microseconds since 1970 UTC, for ordering only; `None` sorts last.
    pub sort: Option<i64>,
    /// What it is, in the source's words: the text, else the display, else the code.
    pub title: String,
    /// A value with its unit, for results: `161.7 cm`. Digits as they came.
    pub value: Option<String>,
    /// A second line: dose, reason, severity, place, period.
    pub detail: Option<String>,
    /// The source's status word in plain English: `active`, `resolved`, `finished`.
    pub status: Option<String>,
    /// True if it stands today (an active problem, a current medicine, an open episode).
    pub active: bool,
    /// `system|code` of the first coding, to compare what two sources say of the same thing.
    pub code: Option<String>,
    /// Who wrote it, where the resource names them in words.
    pub author: Option<String>,
    /// Who wrote it, as a reference within the same feed: (`Practitioner`, source id).
    pub author_reference: Option<(String, String)>,
}

#[cfg(test)]
mod tests;
