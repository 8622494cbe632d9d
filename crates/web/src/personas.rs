//! The people of the demonstration: anybody may sign in as one of them, and only where the demonstration's sign-in is
//! switched on. They are invented; real sign-in is by the organisations' own providers.

use access::{Role, Subject};

/// Somebody to sign in as.
#[derive(Debug)]
pub(crate) struct Persona {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) role: Role,
    pub(crate) organisation: &'static str,
    pub(crate) sees: &'static str,
}

impl Persona {
    pub(crate) fn subject(&self) -> Subject {
        Subject {
            id: format!("persona|{}", self.id),
            name: self.name.to_owned(),
            role: self.role,
            organisation: self.organisation.to_owned(),
        }
    }
}

/// A role as a heading says it.
pub(crate) fn role_words(role: Role) -> &'static str {
    match role {
        Role::Gp => "GP",
        Role::Consultant => "Consultant",
        Role::DistrictNurse => "District nurse",
        Role::Therapist => "Occupational therapist",
        Role::SocialWorker => "Social worker",
        Role::Coordinator => "Care coordinator",
        Role::Receptionist => "Receptionist",
        Role::CareHomeManager => "Care home manager",
        Role::RecordsOfficer => "Records officer",
        Role::PrivacyOfficer => "Privacy officer",
        Role::Analyst => "Analyst",
    }
}

pub(crate) static ALL: &[Persona] = &[
    Persona {
        id: "gp",
        name: "Dr Priya Nair",
        role: Role::Gp,
        organisation: "a practice in Marple",
        sees: "The whole record.",
    },
    Persona {
        id: "district-nurse",
        name: "Ruth Oyelaran",
        role: Role::DistrictNurse,
        organisation: "Marple neighbourhood team",
        sees: "The whole record.",
    },
    Persona {
        id: "social-worker",
        name: "Callum Wray",
        role: Role::SocialWorker,
        organisation: "Stockport Council",
        sees: "The record; of results and letters, only that there are some.",
    },
    Persona {
        id: "consultant",
        name: "Dr Ewan Tarrant",
        role: Role::Consultant,
        organisation: "Stepping Hill Hospital",
        sees: "The whole record.",
    },
    Persona {
        id: "therapist",
        name: "Megan Holroyd",
        role: Role::Therapist,
        organisation: "intermediate tier",
        sees: "The whole record.",
    },
    Persona {
        id: "coordinator",
        name: "Yasmin Pell",
        role: Role::Coordinator,
        organisation: "single point of access",
        sees: "The whole record.",
    },
    Persona {
        id: "care-home-manager",
        name: "Olu Fenwick",
        role: Role::CareHomeManager,
        organisation: "a care home in Bramhall",
        sees: "Alerts, allergies, medicines, plans and contacts; of the rest, only that it is there.",
    },
    Persona {
        id: "receptionist",
        name: "Denise Garside",
        role: Role::Receptionist,
        organisation: "a practice in Marple",
        sees: "Who somebody is and how to reach them. Nothing clinical.",
    },
    Persona {
        id: "records-officer",
        name: "Tom Ibbotson",
        role: Role::RecordsOfficer,
        organisation: "shared record team",
        sees: "Messages that could not be taken in, to mend them.",
    },
    Persona {
        id: "privacy-officer",
        name: "Helen Marchbank",
        role: Role::PrivacyOfficer,
        organisation: "shared record team",
        sees: "Who has looked at a record, not what is in it.",
    },
    Persona {
        id: "analyst",
        name: "Jonah Speight",
        role: Role::Analyst,
        organisation: "borough intelligence team",
        sees: "Feeds and neighbourhoods. No person.",
    },
];
