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
    pub(crate) seat: Seat<'static>,
    /// The organisations and teams they act for: what holds the relationships by which they see anybody.
    pub(crate) teams: &'static [&'static str],
    /// The NHS number that a citizen has proved to be theirs.
    pub(crate) number: Option<&'static str>,
}

/// Where somebody's desk stands: which part of the borough's people its lists are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seat<'a> {
    /// A practice, by its code.
    Practice(&'a str),
    /// A neighbourhood, by its short name.
    Neighbourhood(&'a str),
    /// A care home, by its short name.
    CareHome(&'a str),
    /// The whole borough.
    Borough,
}

/// Where the desk of somebody signed in stands: a persona's own, else the first of their teams that has people of its own.
pub(crate) fn seat(subject: &Subject) -> Seat<'_> {
    let persona = subject.id.strip_prefix("persona|");
    if let Some(one) = ALL.iter().find(|one| persona == Some(one.id)) {
        return one.seat;
    }
    fn of_team(team: &str) -> Option<Seat<'_>> {
        match team.split_once(':')? {
            ("ods", code) => Some(Seat::Practice(code)),
            ("neighbourhood", id) => Some(Seat::Neighbourhood(id)),
            ("home", id) => Some(Seat::CareHome(id)),
            _ => None,
        }
    }
    subject.teams.iter().find_map(|team| of_team(team)).unwrap_or(Seat::Borough)
}

impl Persona {
    /// Who signs in; `own` is whose record a citizen may read.
    pub(crate) fn subject(&self, own: Option<uuid::Uuid>) -> Subject {
        Subject {
            id: format!("persona|{}", self.id),
            name: self.name.to_owned(),
            role: self.role,
            organisation: self.organisation.to_owned(),
            own,
            teams: self.teams.iter().map(|team| (*team).to_owned()).collect(),
            assured: true,
        }
    }
}

/// The other citizens among them: the id of their sign-in, and their name. Whom somebody can let see their record.
pub(crate) fn others(subject: &Subject) -> Vec<(String, String)> {
    let id = |persona: &Persona| format!("persona|{}", persona.id);
    let others = ALL.iter().filter(|one| one.role == Role::Citizen && id(one) != subject.id);
    others.map(|one| (id(one), one.name.to_owned())).collect()
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
        Role::Citizen => "Citizen",
    }
}

pub(crate) static ALL: &[Persona] = &[
    Persona {
        id: "gp",
        name: "Dr Priya Nair",
        role: Role::Gp,
        organisation: "Marple Bridge Surgery",
        sees: "The whole record.",
        seat: Seat::Practice("P88002"),
        teams: &["ods:P88002"],
        number: None,
    },
    Persona {
        id: "district-nurse",
        name: "Ruth Oyelaran",
        role: Role::DistrictNurse,
        organisation: "Marple neighbourhood team",
        sees: "The whole record.",
        seat: Seat::Neighbourhood("marple"),
        teams: &["neighbourhood:marple"],
        number: None,
    },
    Persona {
        id: "social-worker",
        name: "Callum Wray",
        role: Role::SocialWorker,
        organisation: "Stockport Council, Marple neighbourhood",
        sees: "The record; of results and letters, only that there are some.",
        seat: Seat::Neighbourhood("marple"),
        teams: &["neighbourhood:marple", "organisation:stockport-council"],
        number: None,
    },
    Persona {
        id: "consultant",
        name: "Dr Ewan Tarrant",
        role: Role::Consultant,
        organisation: "Stepping Hill Hospital",
        sees: "The whole record.",
        seat: Seat::Borough,
        teams: &["organisation:stockport-ft"],
        number: None,
    },
    Persona {
        id: "therapist",
        name: "Megan Holroyd",
        role: Role::Therapist,
        organisation: "Marple neighbourhood therapy team",
        sees: "The whole record.",
        seat: Seat::Neighbourhood("marple"),
        teams: &["neighbourhood:marple"],
        number: None,
    },
    Persona {
        id: "coordinator",
        name: "Yasmin Pell",
        role: Role::Coordinator,
        organisation: "single point of access",
        sees: "Who somebody is, alerts, whom to call, that there is a plan; and the asks that come to the desk.",
        seat: Seat::Borough,
        teams: &["desk:single-point-of-access"],
        number: None,
    },
    Persona {
        id: "triage-nurse",
        name: "Nia Bowden",
        role: Role::DistrictNurse,
        organisation: "single point of access",
        sees: "The record of people for whom somebody has asked her desk.",
        seat: Seat::Borough,
        teams: &["desk:single-point-of-access"],
        number: None,
    },
    Persona {
        id: "crisis-responder",
        name: "Joel Harding",
        role: Role::Therapist,
        organisation: "crisis response",
        sees: "The record of people whom crisis response was asked to help.",
        seat: Seat::Borough,
        teams: &["service:crisis-response"],
        number: None,
    },
    Persona {
        id: "recovery-therapist",
        name: "Siobhan Keogh",
        role: Role::Therapist,
        organisation: "active recovery beds",
        sees: "The record of people whom the recovery beds were asked to take.",
        seat: Seat::Borough,
        teams: &["service:active-recovery-beds"],
        number: None,
    },
    Persona {
        id: "ambulatory-nurse",
        name: "Dana Whitlock",
        role: Role::DistrictNurse,
        organisation: "ambulatory care unit",
        sees: "The record of people for whom a same-day place is booked with her unit.",
        seat: Seat::Borough,
        teams: &["service:ambulatory-care"],
        number: None,
    },
    Persona {
        id: "care-home-manager",
        name: "Olu Fenwick",
        role: Role::CareHomeManager,
        organisation: "Bowerfield House, Disley",
        sees: "Alerts, allergies, medicines, plans and contacts; of the rest, only that it is there.",
        seat: Seat::CareHome("bowerfield-house"),
        teams: &["home:bowerfield-house"],
        number: None,
    },
    Persona {
        id: "receptionist",
        name: "Denise Garside",
        role: Role::Receptionist,
        organisation: "Marple Bridge Surgery",
        sees: "Who somebody is and how to reach them. Nothing clinical.",
        seat: Seat::Practice("P88002"),
        teams: &["ods:P88002"],
        number: None,
    },
    Persona {
        id: "records-officer",
        name: "Tom Ibbotson",
        role: Role::RecordsOfficer,
        organisation: "shared record team",
        sees: "Messages that could not be taken in, to mend them.",
        seat: Seat::Borough,
        teams: &[],
        number: None,
    },
    Persona {
        id: "privacy-officer",
        name: "Helen Marchbank",
        role: Role::PrivacyOfficer,
        organisation: "shared record team",
        sees: "Who has looked at a record, not what is in it.",
        seat: Seat::Borough,
        teams: &[],
        number: None,
    },
    Persona {
        id: "analyst",
        name: "Jonah Speight",
        role: Role::Analyst,
        organisation: "borough intelligence team",
        sees: "Feeds and neighbourhoods. No person.",
        seat: Seat::Borough,
        teams: &[],
        number: None,
    },
    Persona {
        id: "citizen",
        name: "Margaret Ashworth",
        role: Role::Citizen,
        organisation: "lives in Marple",
        sees: "Her own record, and who has looked at it. Nobody else's.",
        seat: Seat::Borough,
        teams: &[],
        number: Some("9990001006"),
    },
    Persona {
        id: "carer",
        name: "Ruth Ashworth",
        role: Role::Citizen,
        organisation: "Margaret Ashworth\u{2019}s daughter",
        sees: "What her mother has let her see. Nothing until she has.",
        seat: Seat::Borough,
        teams: &[],
        number: None,
    },
];
