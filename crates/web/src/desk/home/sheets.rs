//! Which lists stand on the desk of which role, in which order, and from which feeds they come. Must not read anything:
//! it says what to ask.

use access::Role;
use jiff::{SignedDuration, Timestamp};
use place::{Feed, Format, OdsCode, Place};
use record::worklist::{Feeds, List, Question, Whose};

use crate::personas::Seat;
use crate::words::{day_begins, london_date};

/// What to ask for one list.
#[derive(Debug, Clone)]
pub(super) enum Ask {
    /// What stands on these lists; how many is decided later.
    Lists(Question),
    /// Who left hospital since then and has been seen by nobody.
    Unseen(Timestamp),
    /// Services with no review since then, of these practices' people.
    Unreviewed(Vec<String>, Timestamp),
    /// Falls that came to an emergency department since then, of these practices' people.
    Falls(Vec<String>, Timestamp),
    /// Who lives in the home.
    Residents(String),
}

/// Where a list comes from: kinds of feeds, so that another borough's own feeds are found as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// The hospital: what speaks HL7 v2.
    Hospital,
    /// The practices' own systems.
    Practices,
    /// Community services.
    Community,
    /// Social care.
    SocialCare,
}

impl Source {
    /// Whether a feed is one of this kind.
    pub(super) fn brings(self, feed: &Feed) -> bool {
        match self {
            Self::Hospital => feed.format == Format::Hl7v2,
            Self::Practices => feed.id.as_str() == "gp" || feed.id.as_str().starts_with("gp-"),
            Self::Community => feed.id.as_str() == "community",
            Self::SocialCare => feed.id.as_str() == "social-care",
        }
    }
}

/// One list of a desk.
#[derive(Debug, Clone)]
pub(super) struct Sheet {
    /// Its word in addresses.
    pub(super) word: &'static str,
    pub(super) title: &'static str,
    pub(super) ask: Ask,
    pub(super) from: &'static [Source],
    /// What would stand there.
    pub(super) empty: &'static str,
    /// The people are of more than one place, so each line says which.
    pub(super) wide: bool,
}

/// The codes of the practices whose people a desk is for; empty for the whole borough.
pub(super) fn practices(place: &Place, seat: Seat<'_>) -> Vec<String> {
    match seat {
        Seat::Practice(code) => vec![code.to_owned()],
        Seat::Neighbourhood(id) => place.practices_of(id).map(|practice| practice.code.to_string()).collect(),
        Seat::CareHome(_) | Seat::Borough => Vec::new(),
    }
}

/// Whose desk it is, in words.
pub(super) fn place_words(place: &Place, seat: Seat<'_>) -> String {
    let named = |name: Option<&str>, otherwise: &str| name.unwrap_or(otherwise).to_owned();
    match seat {
        Seat::Practice(code) => {
            let practice = OdsCode::parse(code).ok().and_then(|code| place.practice(&code));
            let hood = practice.and_then(|practice| place.neighbourhood(&practice.neighbourhood));
            match (practice, hood) {
                (Some(practice), Some(hood)) => format!("{}, {} neighbourhood", practice.name, hood.name),
                (practice, _) => named(practice.map(|practice| practice.name.as_str()), code),
            }
        }
        Seat::Neighbourhood(id) => {
            format!("{} neighbourhood", named(place.neighbourhood(id).map(|hood| hood.name.as_str()), id))
        }
        Seat::CareHome(id) => {
            let home = place.care_homes().iter().find(|home| home.id.as_str() == id);
            named(home.map(|home| home.name.as_str()), id)
        }
        Seat::Borough => place.about().name.clone(),
    }
}

/// Builds the lists of one desk at one moment.
struct Desk<'p> {
    place: &'p Place,
    practices: Vec<String>,
    now: Timestamp,
}

impl Desk<'_> {
    fn whose(&self) -> Whose {
        if self.practices.is_empty() { Whose::Everybody } else { Whose::Practices(self.practices.clone()) }
    }

    fn days_ago(&self, days: i64) -> Timestamp {
        self.now.saturating_sub(SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MIN)
    }

    fn today(&self) -> Timestamp {
        day_begins(london_date(self.now))
    }

    fn tomorrow(&self) -> Timestamp {
        day_begins(london_date(self.now).tomorrow().unwrap_or(jiff::civil::Date::MAX))
    }

    /// What stands on some lists, the oldest first, from the beginning.
    fn all(&self, lists: &[List]) -> Question {
        Question {
            lists: lists.to_vec(),
            whose: self.whose(),
            from: None,
            until: None,
            newest_first: false,
            feeds: Feeds::All,
            skip: 0,
            most: 0,
        }
    }

    fn since(&self, lists: &[List], days: i64) -> Question {
        Question { from: Some(self.days_ago(days)), newest_first: true, ..self.all(lists) }
    }

    fn feeds(&self, source: Source) -> Vec<String> {
        self.place.feeds().iter().filter(|feed| source.brings(feed)).map(|feed| feed.id.to_string()).collect()
    }

    fn sheet(&self, word: &'static str, title: &'static str, ask: Question, from: &'static [Source]) -> Sheet {
        let wide = matches!(ask.whose, Whose::Everybody);
        Sheet { word, title, ask: Ask::Lists(ask), from, empty: "", wide }
    }
}

/// The lists of a role's desk, what needs somebody first.
pub(super) fn of(role: Role, seat: Seat<'_>, place: &Place, now: Timestamp) -> Vec<Sheet> {
    let desk = Desk { place, practices: practices(place, seat), now };
    // A desk of one place whose place is not known has no lists: it must not become a desk for everybody.
    if desk.practices.is_empty() && matches!(seat, Seat::Practice(_) | Seat::Neighbourhood(_)) {
        return Vec::new();
    }
    match role {
        Role::Gp => gp(&desk),
        Role::DistrictNurse => district_nurse(&desk),
        Role::Therapist => therapist(&desk),
        Role::SocialWorker => social_worker(&desk),
        Role::Consultant => consultant(&desk),
        Role::Coordinator => vec![Sheet {
            word: "unseen",
            title: "Left hospital in the last 3 days, seen by nobody since",
            ask: Ask::Unseen(desk.days_ago(3)),
            from: &[Source::Hospital, Source::Community],
            empty: "Nobody. Whoever leaves hospital and has had no visit, call or surgery contact since would stand here, \
                    the longest without first.",
            wide: true,
        }],
        Role::Receptionist => vec![Sheet {
            empty: "No appointment is known for today. Appointments that the practice's own system sends would stand \
                    here, by time.",
            ..desk.sheet(
                "appointments",
                "Appointments today",
                Question {
                    from: Some(desk.today()),
                    until: Some(desk.tomorrow()),
                    feeds: Feeds::Only(desk.feeds(Source::Practices)),
                    ..desk.all(&[List::Appointment])
                },
                &[Source::Practices],
            )
        }],
        Role::CareHomeManager => match seat {
            Seat::CareHome(home) => vec![Sheet {
                word: "residents",
                title: "Residents",
                ask: Ask::Residents(home.to_owned()),
                from: &[Source::Practices, Source::Hospital],
                empty: "Nobody is known to live here. People whose address, as their practice or the hospital has it, is \
                        the home's would stand here, those in hospital first.",
                wide: false,
            }],
            _ => Vec::new(),
        },
        Role::RecordsOfficer
        | Role::IdentitySteward
        | Role::PrivacyOfficer
        | Role::Analyst
        | Role::Commissioner
        | Role::Provider
        | Role::Citizen => Vec::new(),
    }
}

const HOSPITAL: &[Source] = &[Source::Hospital];
const COMMUNITY: &[Source] = &[Source::Community];
const COUNCIL: &[Source] = &[Source::SocialCare];

fn gp(desk: &Desk<'_>) -> Vec<Sheet> {
    let own = Feeds::AllBut(desk.feeds(Source::Practices));
    vec![
        Sheet {
            empty: "Nobody on your list left hospital or came to A&E in the last 7 days, as far as the hospital has said.",
            ..desk.sheet(
                "hospital",
                "Left hospital or came to A&E, last 7 days",
                desk.since(&[List::LeftHospital, List::DiedInHospital, List::Emergency], 7),
                HOSPITAL,
            )
        },
        Sheet {
            empty: "No result or letter came for anybody on your list in the last 7 days. Those of your own practice's \
                    system are not repeated here.",
            ..desk.sheet(
                "news",
                "New results and letters, last 7 days",
                Question { feeds: own, ..desk.since(&[List::Report, List::Letter], 7) },
                HOSPITAL,
            )
        },
        Sheet {
            empty: "Nobody on your list is in hospital now.",
            ..desk.sheet("in-hospital", "In hospital now", desk.all(&[List::InHospital]), HOSPITAL)
        },
        Sheet {
            empty: "No request, assessment or review by social care is open for anybody on your list.",
            ..desk.sheet(
                "social-care",
                "Social care that is open",
                desk.all(&[List::CareRequest, List::CareAssessment, List::CareReview]),
                COUNCIL,
            )
        },
    ]
}

fn district_nurse(desk: &Desk<'_>) -> Vec<Sheet> {
    vec![
        Sheet {
            empty: "No nursing visit is planned for today, as far as the community system has said.",
            ..desk.sheet(
                "today",
                "Visits today",
                Question { from: Some(desk.today()), until: Some(desk.tomorrow()), ..desk.all(&[List::NursingVisit]) },
                COMMUNITY,
            )
        },
        Sheet {
            empty: "Nobody of the neighbourhood came home from hospital in the last 3 days.",
            ..desk.sheet("home", "Came home from hospital, last 3 days", desk.since(&[List::LeftHospital], 3), HOSPITAL)
        },
        Sheet {
            empty: "No nursing visit is planned after today.",
            ..desk.sheet(
                "next",
                "Next planned visits",
                Question { from: Some(desk.tomorrow()), ..desk.all(&[List::NursingVisit]) },
                COMMUNITY,
            )
        },
        Sheet {
            empty: "Nobody is on an open nursing caseload. Whoever the team takes on would stand here.",
            ..desk.sheet("caseload", "Open nursing caseload", desk.all(&[List::NursingCaseload]), COMMUNITY)
        },
    ]
}

fn therapist(desk: &Desk<'_>) -> Vec<Sheet> {
    vec![
        Sheet {
            empty: "No therapy visit is planned, as far as the community system has said.",
            ..desk.sheet(
                "visits",
                "Planned visits, today and after",
                Question { from: Some(desk.today()), ..desk.all(&[List::TherapyVisit]) },
                COMMUNITY,
            )
        },
        Sheet {
            word: "falls",
            title: "Came to A&E after a fall, last 7 days",
            ask: Ask::Falls(desk.practices.clone(), desk.days_ago(7)),
            from: HOSPITAL,
            empty: "Nobody of the neighbourhood came to A&E in the last 7 days with a fall as the reason given.",
            wide: false,
        },
        Sheet {
            empty: "Nobody of the neighbourhood left hospital in the last 7 days.",
            ..desk.sheet("home", "Left hospital, last 7 days", desk.since(&[List::LeftHospital], 7), HOSPITAL)
        },
        Sheet {
            empty: "Nobody is on an open therapy caseload. Whoever the team takes on would stand here.",
            ..desk.sheet("caseload", "Open therapy caseload", desk.all(&[List::TherapyCaseload]), COMMUNITY)
        },
    ]
}

fn social_worker(desk: &Desk<'_>) -> Vec<Sheet> {
    vec![
        Sheet {
            empty: "No request for social care is open in the neighbourhood.",
            ..desk.sheet("requests", "Open requests", desk.all(&[List::CareRequest]), COUNCIL)
        },
        Sheet {
            empty: "No assessment or review is open in the neighbourhood.",
            ..desk.sheet(
                "open",
                "Open assessments and reviews",
                desk.all(&[List::CareAssessment, List::CareReview]),
                COUNCIL,
            )
        },
        Sheet {
            word: "due",
            title: "Due for a yearly review",
            ask: Ask::Unreviewed(desk.practices.clone(), desk.days_ago(365)),
            from: COUNCIL,
            empty: "Nobody. Whoever has had a service for a year with no review in it would stand here, the longest \
                    first.",
            wide: false,
        },
        Sheet {
            empty: "Nobody of the neighbourhood is in hospital now.",
            ..desk.sheet("in-hospital", "In hospital now", desk.all(&[List::InHospital]), HOSPITAL)
        },
    ]
}

fn consultant(desk: &Desk<'_>) -> Vec<Sheet> {
    vec![
        Sheet {
            empty: "Nobody is in hospital now, as far as the hospital has said.",
            ..desk.sheet("in-hospital", "In hospital now, longest first", desk.all(&[List::InHospital]), HOSPITAL)
        },
        Sheet {
            empty: "Nobody left hospital in the last 2 days.",
            ..desk.sheet(
                "left",
                "Left hospital, last 2 days",
                desk.since(&[List::LeftHospital, List::DiedInHospital], 2),
                HOSPITAL,
            )
        },
    ]
}

/// What a role would look for and not find, and what to do until it is built.
pub(super) fn not_yet(role: Role) -> &'static [&'static str] {
    match role {
        Role::Gp => &["Plans cannot be written here yet: the practice's own system stays the way."],
        Role::DistrictNurse => &[
            "Visits cannot be booked or written up here yet: the team's own system stays the way. Two-hour responses are under \
             Asks, on the crisis board.",
        ],
        Role::Therapist => &[
            "Visits cannot be booked here yet: the team's own system stays the way. Two-hour responses are under Asks, on the \
             crisis board.",
        ],
        Role::SocialWorker => &[
            "Requests cannot be answered, passed on or closed here yet: that is done in the council's own system, and this \
             page follows when it sends its extract.",
        ],
        Role::Consultant => {
            &["Boards for beds and discharge are not built yet. Questions from GPs and the rota are under Advice."]
        }
        Role::Coordinator => &[
            "Booking is not built yet: it goes on in each service's own system. Requests, triage and the two-hour board are \
             under Asks.",
        ],
        Role::Receptionist => &["Appointments cannot be booked or changed here yet: use the practice's own system."],
        Role::CareHomeManager => &["The weekly round and a resident's plan are not here yet: ring the practice."],
        Role::RecordsOfficer => &[
            "Corrections cannot be sent back to their source from here yet: tell the source yourself when you have mended a \
             message.",
        ],
        Role::IdentitySteward => &["There is no page yet of what was joined without anybody: the log has it."],
        Role::Analyst => &["Figures of indicators come from the command line, not from the record."],
        Role::Commissioner | Role::Provider => {
            &["Money, the portfolio of projects and the workforce are not here yet."]
        }
        Role::PrivacyOfficer => {
            &["Nothing is sent by post or e-mail from here: an answer stands on the person's own page alone."]
        }
        Role::Citizen => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_desk_has_its_lists_or_says_what_is_missing_and_none_is_for_everybody_by_mistake() {
        let place = Place::built_in().unwrap();
        let now: Timestamp = "2026-11-22T09:30:00Z".parse().unwrap();
        for persona in crate::personas::ALL {
            let sheets = of(persona.role, persona.seat, &place, now);
            let words: std::collections::BTreeSet<_> = sheets.iter().map(|sheet| sheet.word).collect();
            assert_eq!(words.len(), sheets.len(), "{}: each list has a word of its own", persona.id);
            assert!(sheets.iter().all(|sheet| !sheet.empty.is_empty()), "{}", persona.id);
            assert!(persona.role == Role::Citizen || !not_yet(persona.role).is_empty(), "{}", persona.id);
            for sheet in &sheets {
                if let Ask::Lists(question) = &sheet.ask {
                    let borough = persona.seat == Seat::Borough;
                    assert_eq!(question.whose == Whose::Everybody, borough, "{} {}", persona.id, sheet.word);
                }
                for source in sheet.from {
                    assert!(place.feeds().iter().any(|feed| source.brings(feed)), "{source:?}");
                }
            }
        }
        assert!(of(Role::Gp, Seat::Practice(""), &place, now).len() == 4);
        assert!(of(Role::DistrictNurse, Seat::Neighbourhood("nowhere"), &place, now).is_empty());
    }
}
