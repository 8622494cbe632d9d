//! Made-up view models for snapshots and previews. Tests only; nobody in them exists, and the numbers are of the range
//! that is kept for tests.

mod advice;
mod ask;
mod back;
mod finding;
mod home;
mod opened;
mod own;
mod person;
mod population;
mod rota;
mod sources;
mod stay;
mod watch;

use super::{
    about, api, ask as asks, feeds, find, glass, home as homes, me, neighbourhoods, privacy, problem, proxy, pseudonym,
    quarantine, question, record, rules, seal, sessions, sharing, sign_in, status, timeline, who_looked,
};
use crate::components::{Colour, Tag};
use crate::layout::{Section, Shell, SignedIn};
use home::{home_list, home_page, my_looks, my_page};
use person::{looks, record_empty, record_full, record_long, timeline_page};
use sources::{
    feeds_page, message, message_applied, message_still_waiting, neighbourhood, neighbourhoods_list, quarantine_list,
};

/// Every page under its name.
pub(crate) fn pages() -> Vec<(&'static str, String)> {
    vec![
        ("sign_in", sign_in::render(&sign_in_page())),
        ("advice", advice::home().to_string()),
        ("advice_empty", advice::home_empty().to_string()),
        ("advice_ask", advice::ask().to_string()),
        ("advice_general", advice::general().to_string()),
        ("rota", rota::rota().to_string()),
        ("rota_home", rota::home().to_string()),
        ("advice_ringing", advice::ringing().to_string()),
        ("advice_spoken", advice::spoken().to_string()),
        ("advice_unanswered", advice::unanswered().to_string()),
        ("advice_write", advice::write().to_string()),
        ("advice_question", advice::question().to_string()),
        ("advice_to_answer", advice::to_answer().to_string()),
        ("api", api::render(&api_page())),
        ("api_closed", api::render(&api::View { demo: false, people: Vec::new(), ..api_page() })),
        ("ask", asks::render(&ask::thread())),
        ("ask_unknown", asks::render(&ask::thread_unknown())),
        ("ask_decline", asks::decision::render(&ask::decline())),
        ("ask_form", asks::intake::render(&ask::form())),
        ("ask_form_unknown", asks::intake::render(&ask::form_unknown())),
        ("ask_lists", asks::list::render(&ask::lists())),
        ("ask_lists_own", asks::list::render(&ask::own_list())),
        ("ask_triage", asks::triage::render(&ask::triage_page())),
        ("crisis_board", asks::board::render(&ask::crisis_board())),
        ("services", stay::services().to_string()),
        ("service", stay::service().to_string()),
        ("service_former", stay::former().to_string()),
        ("stay", stay::stay().to_string()),
        ("finding", finding::home().to_string()),
        ("finding_building", finding::home_building().to_string()),
        ("finding_list", finding::list().to_string()),
        ("finding_practice", finding::home_practice().to_string()),
        ("finding_list_practice", finding::list_practice().to_string()),
        ("finding_case", finding::case().to_string()),
        ("back_asked", back::asked().to_string()),
        ("back_asked_wrong", back::asked_wrong().to_string()),
        ("back_waiting", back::waiting().to_string()),
        (
            "back_waiting_empty",
            super::back::Waiting { waiting: Vec::new(), others: Vec::new(), ..back::waiting() }.to_string(),
        ),
        ("back_request", back::request().to_string()),
        ("back_desk", back::desk().to_string()),
        ("back_desk_empty", super::back::Desk { lines: Vec::new(), ..back::desk() }.to_string()),
        ("back_closed", back::closed().to_string()),
        ("back_handed", back::handed().to_string()),
        ("back_handed_nobody", super::back::Handed { people: Vec::new(), ..back::handed() }.to_string()),
        ("back_lead", back::lead().to_string()),
        ("back_lead_nowhere", back::lead_nowhere().to_string()),
        ("finding_case_practice", finding::case_practice().to_string()),
        ("scores", finding::scores().to_string()),
        ("score", finding::score().to_string()),
        ("slots", stay::board().to_string()),
        (
            "slots_empty",
            crate::pages::slot::Board { shell: shell("Same-day places", Section::Asks), ..Default::default() }
                .to_string(),
        ),
        ("slots_taken", stay::just_taken().to_string()),
        ("slots_publish", stay::publish().to_string()),
        ("slot_visit", stay::visit().to_string()),
        (
            "find_empty",
            find::render(&find::View { shell: shell("Find a person", Section::People), ..Default::default() }),
        ),
        ("find_errors", find::render(&find_with_errors())),
        ("find_found", find::render(&find_found())),
        ("find_no_one", find::render(&find::View { outcome: find::Outcome::NoOne, ..find_found() })),
        ("find_too_many", find::render(&find_too_many())),
        ("home", homes::render(&home_page())),
        (
            "home_empty",
            homes::render(&homes::View { sheets: Vec::new(), yet: Vec::new(), ways: Vec::new(), ..home_page() }),
        ),
        ("home_list", homes::render_list(&home_list())),
        ("me", me::render(&my_page())),
        (
            "me_empty",
            me::render(&me::View {
                groups: Vec::new(),
                services: Vec::new(),
                looks: Vec::new(),
                differ: None,
                ..my_page()
            }),
        ),
        ("me_looks", me::render_looks(&my_looks())),
        ("me_looks_wrong", me::render_looks(&own::looks_wrong())),
        ("sharing", sharing::render(&own::sharing_empty())),
        ("sharing_chosen", sharing::render(&own::sharing_chosen())),
        ("sharing_wrong", sharing::render(&own::sharing_wrong())),
        ("proxy_list", proxy::render_list(&own::proxy_list())),
        ("proxy_list_empty", proxy::render_list(&proxy::List { people: Vec::new(), ..own::proxy_list() })),
        ("proxy", proxy::render(&own::proxy_page())),
        ("proxy_empty", proxy::render(&proxy::View { groups: Vec::new(), ..own::proxy_page() })),
        ("questions", question::render_list(&own::questions())),
        (
            "questions_empty",
            question::render_list(&question::List { waiting: Vec::new(), answered: Vec::new(), ..own::questions() }),
        ),
        ("question", question::render(&own::question_page())),
        ("question_done", question::render(&own::question_done())),
        ("pseudonyms", pseudonym::render(&own::pseudonyms())),
        (
            "pseudonyms_empty",
            pseudonym::render(&pseudonym::View { rows: Vec::new(), ages: Vec::new(), ..own::pseudonyms() }),
        ),
        ("rules", rules::render(&watch::rules())),
        ("sessions", sessions::render(&watch::sessions())),
        ("record", record::render(&record_full())),
        ("record_long", record::render(&record_long())),
        ("record_empty", record::render(&record_empty())),
        ("timeline", timeline::render(&timeline_page())),
        (
            "timeline_empty",
            timeline::render(&timeline::View { months: Vec::new(), pagination: None, ..timeline_page() }),
        ),
        ("feeds", feeds::render(&feeds_page(true))),
        ("feeds_unbalanced", feeds::render(&feeds_page(false))),
        ("feeds_empty", feeds::render(&feeds::View { rows: Vec::new(), ..feeds_page(true) })),
        ("quarantine", quarantine::render_list(&quarantine_list())),
        (
            "quarantine_empty",
            quarantine::render_list(&quarantine::List {
                shell: shell("Quarantine", Section::Quarantine),
                ..Default::default()
            }),
        ),
        ("quarantine_message", quarantine::render_message(&message())),
        ("quarantine_still", quarantine::render_message(&message_still_waiting())),
        ("quarantine_applied", quarantine::render_message(&message_applied())),
        ("neighbourhoods", neighbourhoods::render_list(&neighbourhoods_list())),
        ("neighbourhood", neighbourhoods::render_one(&neighbourhood())),
        ("who_looked", who_looked::render(&looks())),
        (
            "problem_forbidden",
            problem::render(&problem::View::forbidden("Your role may see this only for people on your own list.")),
        ),
        ("problem_not_found", problem::render(&problem::View::not_found())),
        (
            "problem_bad_request",
            problem::render(&problem::View::bad_request("The form was sent without one of its fields.")),
        ),
        ("problem_unavailable", problem::render(&problem::View::unavailable("The disk of the service is full."))),
        ("problem_broken", problem::render(&problem::View::broken("0198f0c2-77aa"))),
        (
            "problem_closed",
            problem::render(&problem::View::closed("No relationship is known.", Some("/people/p-7f3a/glass"))),
        ),
        ("glass_break", glass::render_break(&opened::glass_break())),
        ("glass_break_errors", glass::render_break(&opened::glass_break_errors())),
        ("glass_register", glass::render_register(&opened::glass_register())),
        ("glass_entry", glass::render_entry(&opened::glass_entry())),
        ("seal", seal::render(&opened::seal_page())),
        ("privacy_home", privacy::render_home(&watch::home())),
        ("privacy_home_empty", privacy::render_home(&watch::home_empty())),
        ("privacy_looks", privacy::render_looks(&watch::looks())),
        ("privacy_looks_wrong", privacy::render_looks(&watch::looks_wrong())),
        ("privacy_pattern", privacy::render_pattern(&watch::pattern())),
        ("privacy_pattern_done", privacy::render_pattern(&watch::pattern_done())),
        ("population", population::explorer().to_string()),
        ("population_wrong", population::explorer_wrong().to_string()),
        ("population_equity", population::equity().to_string()),
        ("population_equity_found", population::equity_found().to_string()),
        ("population_absent", population::absent().to_string()),
        ("about", about::render(&about_page())),
        ("status", status::render(&status_page())),
    ]
}

fn shell(title: &str, section: Section) -> Shell {
    Shell {
        signed_in: Some(SignedIn {
            name: "Ada Sample".to_owned(),
            role: "community nurse".to_owned(),
            asks: true,
            finds_people: true,
            assures: false,
            counts: false,
            judges_identity: false,
            citizen: false,
            has_record: false,
            reviews_looks: false,
            finds_cases: false,
        }),
        token: "t0k3n".to_owned(),
        ..Shell::new(title, section)
    }
}

fn api_page() -> api::View {
    let person = |word: &str, role: &str, sees: &str| (word.to_owned(), role.to_owned(), sees.to_owned());
    api::View {
        shell: Shell::new("FHIR API", Section::None),
        base: "http://127.0.0.1:8080/fhir".to_owned(),
        demo: true,
        token: "curl -s http://127.0.0.1:8080/sign-in -H 'Accept: application/json' -d persona=gp".to_owned(),
        people: vec![person("gp", "GP", "The whole record."), person("analyst", "Analyst", "No person.")],
        examples: vec![(
            "Everything about one person".to_owned(),
            "curl -s 'http://127.0.0.1:8080/fhir/Patient/ID/$everything' -H \"Authorization: Bearer $TOKEN\""
                .to_owned(),
        )],
    }
}

fn sign_in_page() -> sign_in::View {
    let persona = |id: &str, name: &str, role: &str, organisation: &str, sees: &str| sign_in::Persona {
        id: id.to_owned(),
        name: name.to_owned(),
        role: role.to_owned(),
        organisation: organisation.to_owned(),
        sees: sees.to_owned(),
    };
    sign_in::View {
        shell: Shell { token: "t0k3n".to_owned(), ..Shell::new("Sign in", Section::None) },
        providers: Vec::new(),
        personas: vec![
            persona(
                "nurse",
                "Ada Sample",
                "Community nurse",
                "Marple neighbourhood team",
                "Sees the whole record of people on her caseload.",
            ),
            persona(
                "gp",
                "Bram Fictive",
                "General practitioner",
                "Example Medical Practice",
                "Sees the whole record of people on his practice's list.",
            ),
            persona(
                "reception",
                "Cleo Invent",
                "Receptionist",
                "Example Medical Practice",
                "Sees who a person is and how to reach them; no clinical facts.",
            ),
        ],
        notice: None,
    }
}

pub(crate) fn find_with_errors() -> find::View {
    find::View {
        shell: shell("Find a person", Section::People),
        day: "31".to_owned(),
        month: "2".to_owned(),
        year: "1980".to_owned(),
        nhs_number: "999 000 0019".to_owned(),
        birth_error: Some("There is no 31 February: check the day and the month".to_owned()),
        number_error: Some("The last digit does not agree with the others; one digit may be mistyped".to_owned()),
        ..find::View::default()
    }
}

fn find_found() -> find::View {
    let hit = |id: &str, name: &str, number: &str, died: Option<&str>| find::Hit {
        href: format!("/people/{id}"),
        name: name.to_owned(),
        born: "14 March 1938 (87 years)".to_owned(),
        nhs_number: number.to_owned(),
        address: "12 Madeup Terrace, Marple, Stockport SK6 0ZZ".to_owned(),
        practice: "Marple Example Medical Practice".to_owned(),
        neighbourhood: "Marple".to_owned(),
        died: died.map(str::to_owned),
    };
    find::View {
        shell: shell("Find a person", Section::People),
        name: "exam marg".to_owned(),
        year: "1938".to_owned(),
        outcome: find::Outcome::Found(vec![
            hit("p-7f3a", "Margaret Examplethwaite", "999 000 0018", None),
            hit("p-1c90", "Marguerite Example", "No NHS number", Some("Died on 2 January 2026")),
        ]),
        ..find::View::default()
    }
}

fn find_too_many() -> find::View {
    find::View { outcome: find::Outcome::TooMany("214 people fit “smith”.".to_owned()), ..find_found() }
}

fn about_page() -> about::View {
    about::View {
        shell: Shell::new("About Weft", Section::None),
        version: "Weft 0.1.0".to_owned(),
        data: vec![("Organisations and list sizes, NHS England".to_owned(), "Open Government Licence 3.0".to_owned())],
    }
}

fn status_page() -> status::View {
    let check = |name: &str, state: Tag, sentence: &str| status::Check {
        name: name.to_owned(),
        state,
        sentence: sentence.to_owned(),
    };
    status::View {
        shell: Shell::new("Service status", Section::None),
        answer: "Mostly: one feed is down.".to_owned(),
        as_at: "Tuesday 3 March 2026 at 10:14".to_owned(),
        checks: vec![
            check(
                "Database",
                Tag::new("Well").coloured(Colour::Green),
                "Answers in 1 ms; the last write was synced 4 seconds ago.",
            ),
            check(
                "Feeds",
                Tag::new("Look at it").coloured(Colour::Orange),
                "The hospital has been silent for 4 hours.",
            ),
        ],
    }
}
