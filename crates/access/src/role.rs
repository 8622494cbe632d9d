//! Roles, purposes, actions and classes of item: the words in which access is decided. An unknown word is never guessed at.

use serde::{Deserialize, Serialize};

/// What somebody does in the borough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// A general practitioner.
    Gp,
    /// A hospital consultant.
    Consultant,
    /// A district nurse.
    DistrictNurse,
    /// An occupational therapist or physiotherapist.
    Therapist,
    /// A social worker.
    SocialWorker,
    /// A care coordinator of a neighbourhood team or the single point of access.
    Coordinator,
    /// A receptionist.
    Receptionist,
    /// The manager of a care home.
    CareHomeManager,
    /// Mends messages that could not be taken in.
    RecordsOfficer,
    /// Says of two records whether they are one person.
    IdentitySteward,
    /// Watches over who looked at what.
    PrivacyOfficer,
    /// Counts, and never sees a person.
    Analyst,
    /// Decides for those who commission services: an officer, or a councillor with a vote.
    Commissioner,
    /// Decides for a provider: a director of the hospital, of community services, of the federation of practices.
    Provider,
    /// Somebody who lives here, reading their own record and no other.
    Citizen,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 15] = [
        Self::Gp,
        Self::Consultant,
        Self::DistrictNurse,
        Self::Therapist,
        Self::SocialWorker,
        Self::Coordinator,
        Self::Receptionist,
        Self::CareHomeManager,
        Self::RecordsOfficer,
        Self::IdentitySteward,
        Self::PrivacyOfficer,
        Self::Analyst,
        Self::Commissioner,
        Self::Provider,
        Self::Citizen,
    ];

    /// The role's word in the database and in configuration.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Gp => "gp",
            Self::Consultant => "consultant",
            Self::DistrictNurse => "district-nurse",
            Self::Therapist => "therapist",
            Self::SocialWorker => "social-worker",
            Self::Coordinator => "coordinator",
            Self::Receptionist => "receptionist",
            Self::CareHomeManager => "care-home-manager",
            Self::RecordsOfficer => "records-officer",
            Self::IdentitySteward => "identity-steward",
            Self::PrivacyOfficer => "privacy-officer",
            Self::Analyst => "analyst",
            Self::Commissioner => "commissioner",
            Self::Provider => "provider",
            Self::Citizen => "citizen",
        }
    }

    /// The role of a word, or `None`: an unknown role sees nothing.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }

    /// The role as people say it, with its article: `a district nurse`.
    #[must_use]
    pub const fn said(self) -> &'static str {
        match self {
            Self::Gp => "a GP",
            Self::Consultant => "a hospital consultant",
            Self::DistrictNurse => "a district nurse",
            Self::Therapist => "a therapist",
            Self::SocialWorker => "a social worker",
            Self::Coordinator => "a care coordinator",
            Self::Receptionist => "a receptionist",
            Self::CareHomeManager => "a care home manager",
            Self::RecordsOfficer => "a records officer",
            Self::IdentitySteward => "an identity steward",
            Self::PrivacyOfficer => "a privacy officer",
            Self::Analyst => "an analyst",
            Self::Commissioner => "a commissioner",
            Self::Provider => "a provider\u{2019}s director",
            Self::Citizen => "the person themselves",
        }
    }
}

/// Why somebody looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// To care for this person.
    DirectCare,
    /// To book, register or answer the telephone.
    Administration,
    /// To keep the record right: to mend a message that could not be taken in, or to say whose a record is.
    DataQuality,
    /// To check who looked.
    Privacy,
    /// To work on the system from its own command line.
    Operation,
    /// To read what is kept about oneself, or about somebody who has let one.
    OwnRecord,
    /// To plan services, from counts and pseudonyms.
    Planning,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 7] = [
        Self::DirectCare,
        Self::Administration,
        Self::DataQuality,
        Self::Privacy,
        Self::Operation,
        Self::OwnRecord,
        Self::Planning,
    ];

    /// The purpose as people say it.
    #[must_use]
    pub const fn said(self) -> &'static str {
        match self {
            Self::DirectCare => "to give care",
            Self::Administration => "for administration",
            Self::DataQuality => "to keep the record right",
            Self::Privacy => "to check who has looked",
            Self::Operation => "to run the system",
            Self::OwnRecord => "to read their own record",
            Self::Planning => "to plan services",
        }
    }
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Find people by name, birth date or number, and see who they are.
    FindPeople,
    /// Open a person's record.
    ReadRecord,
    /// Write into a person's record.
    WriteRecord,
    /// See who looked at a person's record.
    SeeLooks,
    /// See a message that could not be taken in.
    ReadMessage,
    /// Mend and replay such a message.
    MendMessage,
    /// See the worklists of one's own desk.
    SeeWorklist,
    /// Open for an hour, with a reason, the record of somebody to whom one has no relationship.
    BreakGlass,
    /// Seal an entry of a record, or lift a seal.
    Seal,
    /// Watch over who looked: search the audit, review broken glass, answer questions.
    ReviewLooks,
    /// Choose how one's own record is shared, and with whom.
    ChooseSharing,
    /// Ask why somebody looked at one's own record.
    AskWhy,
    /// Work with pseudonyms, from which no person can be told.
    ReadPseudonyms,
    /// Ask for help for somebody.
    MakeAsk,
    /// Work an ask: pick it up, decide, hand it on, close it.
    WorkAsk,
    /// Keep the figures of indicators, look at a decision about beds, publish a look.
    KeepMeasures,
    /// Adopt indicators, agree what good looks like, sign for a side, let beds go.
    Govern,
    /// Run a 100-day challenge.
    RunChallenge,
    /// Count people by what is recorded of them: cohorts, equity. Nobody is named, and no small count is shown.
    CountPeople,
    /// Look at two records side by side and say whether they are one person.
    JudgeIdentity,
    /// Ask that a neighbourhood team be told who some pseudonyms are. Whoever asks is told nothing of them.
    AskBack,
    /// Say whether such a request is right. Nobody is seen.
    AllowBack,
    /// Go back from a pseudonym to a person, to give care.
    GoBack,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 23] = [
        Self::FindPeople,
        Self::ReadRecord,
        Self::WriteRecord,
        Self::SeeLooks,
        Self::ReadMessage,
        Self::MendMessage,
        Self::SeeWorklist,
        Self::BreakGlass,
        Self::Seal,
        Self::ReviewLooks,
        Self::ChooseSharing,
        Self::AskWhy,
        Self::ReadPseudonyms,
        Self::MakeAsk,
        Self::WorkAsk,
        Self::KeepMeasures,
        Self::Govern,
        Self::RunChallenge,
        Self::CountPeople,
        Self::JudgeIdentity,
        Self::AskBack,
        Self::AllowBack,
        Self::GoBack,
    ];

    /// The action as people say it, of what somebody did with "your record".
    #[must_use]
    pub const fn said(self) -> &'static str {
        match self {
            Self::FindPeople => "found this person in a search",
            Self::ReadRecord => "opened this record",
            Self::WriteRecord => "wrote into this record",
            Self::SeeLooks => "looked at who has opened this record",
            Self::ReadMessage => "read a message about this person that could not be taken in",
            Self::MendMessage => "mended a message about this person",
            Self::SeeWorklist => "saw this person on a list of their desk",
            Self::BreakGlass => "gave a reason to open this record, which was closed to them",
            Self::Seal => "sealed an entry of this record, or lifted a seal",
            Self::ReviewLooks => "reviewed who has looked at this record",
            Self::ChooseSharing => "chose how this record is shared",
            Self::AskWhy => "asked why somebody looked at this record",
            Self::ReadPseudonyms => "worked with pseudonyms",
            Self::MakeAsk => "asked for help for this person",
            Self::WorkAsk => "worked on an ask for help for this person",
            Self::KeepMeasures => "kept figures that are about nobody",
            Self::Govern => "decided about measures or beds",
            Self::RunChallenge => "worked on a 100-day challenge",
            Self::CountPeople => "counted people, without seeing anybody",
            Self::JudgeIdentity => "compared this record with another, to say whether they are one person",
            Self::AskBack => "asked that people\u{2019}s own team be told of them, without seeing anybody",
            Self::AllowBack => "said whether a team may be told of people, without seeing anybody",
            Self::GoBack => "was led to this record by a pseudonym",
        }
    }
}

/// What an item is, as far as access goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Who they are: name, birth date, number, address, practice.
    Identity,
    /// Safety alerts.
    Alert,
    /// Problems and diagnoses.
    Problem,
    /// Allergies.
    Allergy,
    /// Medicines.
    Medicine,
    /// Results and measurements.
    Result,
    /// Stays, attendances, appointments.
    Encounter,
    /// Procedures and immunisations.
    Procedure,
    /// Letters and documents.
    Document,
    /// Social care.
    SocialCare,
    /// Plans and goals.
    Plan,
    /// People to contact.
    Contact,
    /// Anything else that came.
    Other,
    /// Nobody's: organisations, the people who work in them, places, catalogues, definitions.
    Directory,
    /// The raw words of a message.
    Message,
    /// Who looked.
    Looks,
    /// That an appointment is booked and when; never with whom or why.
    Booking,
    /// About nobody and no directory either: a group without members, a list of nobody's, where something came from.
    Nobody,
    /// An ask for help: what was asked, where it is, what was answered.
    Ask,
}

impl Class {
    /// Every class.
    pub const ALL: [Self; 19] = [
        Self::Identity,
        Self::Alert,
        Self::Problem,
        Self::Allergy,
        Self::Medicine,
        Self::Result,
        Self::Encounter,
        Self::Procedure,
        Self::Document,
        Self::SocialCare,
        Self::Plan,
        Self::Contact,
        Self::Other,
        Self::Directory,
        Self::Message,
        Self::Looks,
        Self::Booking,
        Self::Nobody,
        Self::Ask,
    ];

    /// Its place in [`Class::ALL`], and its bit in a table. Never changed once given.
    #[must_use]
    pub const fn number(self) -> u32 {
        self as u32
    }
}
