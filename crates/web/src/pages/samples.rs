//! Made-up view models for snapshots and previews. Tests only; nobody in them exists, and the numbers are of the range
//! that is kept for tests.

use super::entry::{Entry, status_tag};
use super::{about, feeds, find, neighbourhoods, problem, quarantine, record, sign_in, status, timeline, who_looked};
use crate::components::{Band, Colour, Pagination, PersonBanner, Tag};
use crate::layout::{Section, Shell, SignedIn};

/// Every page under its name.
pub(crate) fn pages() -> Vec<(&'static str, String)> {
    vec![
        ("sign_in", sign_in::render(&sign_in_page())),
        (
            "find_empty",
            find::render(&find::View { shell: shell("Find a person", Section::People), ..Default::default() }),
        ),
        ("find_errors", find::render(&find_with_errors())),
        ("find_found", find::render(&find_found())),
        ("find_no_one", find::render(&find::View { outcome: find::Outcome::NoOne, ..find_found() })),
        ("find_too_many", find::render(&find_too_many())),
        ("record", record::render(&record_full())),
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
        ("about", about::render(&about_page())),
        ("status", status::render(&status_page())),
    ]
}

fn shell(title: &str, section: Section) -> Shell {
    Shell {
        signed_in: Some(SignedIn { name: "Ada Sample".to_owned(), role: "community nurse".to_owned() }),
        token: "t0k3n".to_owned(),
        ..Shell::new(title, section)
    }
}

fn person(title: &str) -> Shell {
    Shell {
        feed_sentences: vec!["The hospital has not sent anything since Tuesday 3 March 2026 at 06:02 (4 hours ago): what it did since then is missing here.".to_owned()],
        person: Some(PersonBanner {
            href: "/people/p-7f3a".to_owned(),
            name: "Margaret Examplethwaite".to_owned(),
            born: "14 March 1938 (87 years)".to_owned(),
            nhs_number: Some("999 000 0018".to_owned()),
            sex: Some("Female".to_owned()),
            address: Some("12 Madeup Terrace, Marple, Stockport SK6 0ZZ".to_owned()),
            practice: Some("Marple Example Medical Practice".to_owned()),
            neighbourhood: Some("Marple".to_owned()),
            alerts: vec!["Falls risk".to_owned(), "Key safe: ask the office".to_owned()],
            died: None,
            photo: None,
            band: Band::of(3),
        }),
        ..shell(title, Section::People)
    }
}

fn entry(title: &str, value: Option<&str>, detail: Option<&str>, when: &str, status: Option<(&str, bool)>) -> Entry {
    Entry {
        title: title.to_owned(),
        value: value.map(str::to_owned),
        detail: detail.map(str::to_owned),
        when: when.to_owned(),
        status: status.map(|(word, active)| status_tag(word, active)),
        kind: None,
        source: "GP practice".to_owned(),
        author: Some("Dr B Madeup".to_owned()),
        arrived: "2 days ago".to_owned(),
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

fn record_full() -> record::View {
    let group = |title: &str, id: &str, entries: Vec<Entry>, more: bool| record::Group {
        title: title.to_owned(),
        id: id.to_owned(),
        entries,
        empty: format!("Nothing is recorded under {}.", title.to_lowercase()),
        more: more.then(|| ("Show all 12".to_owned(), format!("/people/p-7f3a/timeline?kind={id}"))),
        withheld: None,
    };
    let line = |label: &str, text: &str, quiet: bool| record::TodayLine {
        label: label.to_owned(),
        text: text.to_owned(),
        quiet,
    };
    let side = |source: &str, says: &str, when: &str| record::Side {
        source: source.to_owned(),
        says: says.to_owned(),
        when: when.to_owned(),
    };
    let as_at = |source: &str, ago: &str, at: &str, state: Tag| record::AsAt {
        source: source.to_owned(),
        ago: ago.to_owned(),
        at: at.to_owned(),
        state,
    };
    record::View {
        shell: person("Record"),
        timeline_href: "/people/p-7f3a/timeline".to_owned(),
        access_href: "/people/p-7f3a/access".to_owned(),
        today: vec![
            line("Alerts", "Falls risk; key safe: ask the office", false),
            line("Open requests", "No request is open that Weft knows of.", true),
            line("Next visit", "No visit is planned in any feed.", true),
        ],
        disagreements: vec![record::Disagreement {
            about: "Allergy to penicillin".to_owned(),
            sides: vec![
                side("GP practice", "Allergic: rash, mild", "May 2011"),
                side("Hospital", "No known allergies", "Monday 2 March 2026 at 09:20"),
            ],
        }],
        left: vec![
            group(
                "Problems",
                "problem",
                vec![
                    entry("Type 2 diabetes mellitus", None, None, "May 2011", Some(("active", true))),
                    entry(
                        "Chronic kidney disease stage 3",
                        None,
                        Some("Stage 3a at the last review"),
                        "2019",
                        Some(("active", true)),
                    ),
                    entry(
                        "Fracture of neck of femur",
                        None,
                        Some("Left; operated on"),
                        "31 May 2024",
                        Some(("resolved", false)),
                    ),
                ],
                true,
            ),
            group(
                "Allergies",
                "allergy",
                vec![entry("Penicillin", None, Some("Rash, mild"), "May 2011", Some(("active", true)))],
                false,
            ),
            group(
                "Medicines",
                "medicine",
                vec![entry(
                    "Metformin 500 mg tablets",
                    None,
                    Some("One, twice a day with food"),
                    "12 January 2026",
                    Some(("active", true)),
                )],
                true,
            ),
            group(
                "Results",
                "result",
                vec![
                    entry("HbA1c", Some("58 mmol/mol"), None, "Monday 2 March 2026 at 08:40", None),
                    entry(
                        "Estimated glomerular filtration rate",
                        Some("47 mL/min/1.73m²"),
                        None,
                        "Monday 2 March 2026 at 08:40",
                        None,
                    ),
                ],
                true,
            ),
        ],
        right: vec![
            group(
                "Plans",
                "plan",
                vec![entry(
                    "Advance care plan",
                    None,
                    Some("Wishes to be cared for at home"),
                    "3 February 2026",
                    Some(("active", true)),
                )],
                false,
            ),
            record::Group {
                withheld: Some(
                    "You are not able to see social care entries: your role does not include them.".to_owned(),
                ),
                ..group("Social care", "social-care", Vec::new(), false)
            },
            group(
                "Contacts",
                "contact",
                vec![entry("Peter Examplethwaite", None, Some("Son; next of kin"), "Date not given", None)],
                false,
            ),
            group(
                "Encounters",
                "encounter",
                vec![entry(
                    "Emergency admission",
                    None,
                    Some("Stepping Hill Hospital, general medicine"),
                    "Saturday 21 February 2026 at 23:10",
                    Some(("finished", false)),
                )],
                true,
            ),
            group("Documents", "document", Vec::new(), false),
        ],
        ribbon: Some(ribbon()),
        as_at: vec![
            as_at(
                "GP practice",
                "2 days ago",
                "Sunday 1 March 2026 at 22:00",
                Tag::new("Up to date").coloured(Colour::Green),
            ),
            as_at("Hospital", "4 hours ago", "Tuesday 3 March 2026 at 06:02", Tag::new("Down").coloured(Colour::Red)),
            as_at("Hospice", "never", "", Tag::new("Nothing yet").coloured(Colour::Grey)),
        ],
    }
}

fn ribbon() -> record::Ribbon {
    use record::{Mark, MarkKind, RibbonRow};
    let marks = |kind, places: &[(usize, u16)]| -> Vec<Mark> {
        places.iter().map(|(month, day)| Mark { kind, month: *month, day: *day }).collect()
    };
    let mut gp = marks(MarkKind::Result, &[(0, 4), (3, 20), (6, 2), (11, 1)]);
    gp.extend(marks(MarkKind::Medicine, &[(1, 12), (4, 12), (10, 12)]));
    let mut hospital = marks(MarkKind::Encounter, &[(5, 9), (10, 21)]);
    hospital.extend(marks(MarkKind::Document, &[(5, 14), (11, 2)]));
    record::Ribbon {
        months: ["Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar"]
            .map(str::to_owned)
            .to_vec(),
        rows: vec![
            RibbonRow { source: "GP practice".to_owned(), marks: gp },
            RibbonRow { source: "Hospital".to_owned(), marks: hospital },
            RibbonRow { source: "Adult social care extract".to_owned(), marks: marks(MarkKind::Other, &[(2, 3)]) },
        ],
        sentence: "12 entries from 3 sources; two stays in hospital.".to_owned(),
    }
}

fn record_empty() -> record::View {
    let mut shell = person("Record");
    shell.feed_sentences.clear();
    if let Some(banner) = shell.person.as_mut() {
        banner.nhs_number = None;
        banner.died = Some("Died on 2 January 2026".to_owned());
        banner.born = "14 March 1938 (died aged 87 years)".to_owned();
        banner.alerts.clear();
        banner.address = None;
        banner.band = Band::of(6);
    }
    let group = |title: &str, id: &str, empty: &str| record::Group {
        title: title.to_owned(),
        id: id.to_owned(),
        empty: empty.to_owned(),
        ..record::Group::default()
    };
    record::View {
        shell,
        timeline_href: "/people/p-1c90/timeline".to_owned(),
        access_href: "/people/p-1c90/access".to_owned(),
        left: vec![group("Allergies", "allergy", "No allergy is recorded. That is not the same as no allergy.")],
        right: vec![group("Contacts", "contact", "Nobody to contact is recorded.")],
        ..record::View::default()
    }
}

fn timeline_page() -> timeline::View {
    let filter =
        |value: &str, text: &str, on: bool| timeline::Filter { value: value.to_owned(), text: text.to_owned(), on };
    let kind = |word: &str, entry: Entry| Entry { kind: Some(word.to_owned()), ..entry };
    timeline::View {
        shell: person("Timeline"),
        href: "/people/p-7f3a/timeline".to_owned(),
        record_href: "/people/p-7f3a".to_owned(),
        sources: vec![filter("gp", "GP practice (188)", true), filter("hospital", "Hospital (97)", false)],
        kinds: vec![filter("result", "Results (141)", false), filter("encounter", "Encounters (44)", true)],
        count: "Showing 1 to 3 of 312 entries, newest first".to_owned(),
        months: vec![
            timeline::Month {
                title: "March 2026".to_owned(),
                days: vec![timeline::Day {
                    title: "Monday 2 March 2026".to_owned(),
                    entries: vec![
                        kind("Result", entry("HbA1c", Some("58 mmol/mol"), None, "Monday 2 March 2026 at 08:40", None)),
                        kind(
                            "Document",
                            entry(
                                "Discharge summary",
                                None,
                                Some("Two pages"),
                                "Monday 2 March 2026 at 16:05",
                                Some(("final", false)),
                            ),
                        ),
                    ],
                }],
            },
            timeline::Month {
                title: "Date not given".to_owned(),
                days: vec![timeline::Day {
                    title: "Day not given".to_owned(),
                    entries: vec![kind(
                        "Contact",
                        entry("Peter Examplethwaite", None, Some("Son; next of kin"), "Date not given", None),
                    )],
                }],
            },
        ],
        pagination: Pagination::of(2, 7, |page| format!("/people/p-7f3a/timeline?page={page}")),
        withheld: vec!["You are not able to see social care entries: your role does not include them.".to_owned()],
    }
}

fn feeds_page(balanced: bool) -> feeds::View {
    let row = |name: &str, numbers: [&str; 4], ago: &str, at: &str, state: Tag, waits: bool| feeds::Row {
        name: name.to_owned(),
        organisation: "Example NHS Foundation Trust".to_owned(),
        ago: ago.to_owned(),
        at: at.to_owned(),
        received: numbers[0].to_owned(),
        applied: numbers[1].to_owned(),
        duplicates: numbers[2].to_owned(),
        quarantined: numbers[3].to_owned(),
        promise: "every 15 minutes".to_owned(),
        state,
        quarantine_href: waits.then(|| "/quarantine?feed=hospital".to_owned()),
    };
    feeds::View {
        shell: shell("Feeds", Section::Feeds),
        as_at: "Tuesday 3 March 2026 at 10:14".to_owned(),
        rows: vec![
            row(
                "Hospital",
                ["8,120", "7,990", "101", "29"],
                "4 hours ago",
                "Tuesday 3 March 2026 at 06:02",
                Tag::new("Down").coloured(Colour::Red),
                true,
            ),
            row(
                "Community",
                ["1,400", "1,400", "0", "0"],
                "52 minutes ago",
                "Tuesday 3 March 2026 at 09:22",
                Tag::new("Late").coloured(Colour::Orange),
                false,
            ),
            row(
                "GP practice",
                ["2,960", "2,910", "49", "1"],
                "12 minutes ago",
                "Tuesday 3 March 2026 at 10:02",
                Tag::new("Up to date").coloured(Colour::Green),
                true,
            ),
            row("Hospice", ["0", "0", "0", "0"], "never", "", Tag::new("Nothing yet").coloured(Colour::Grey), false),
        ],
        total: row("", ["12,480", "12,300", "150", "30"], "", "", Tag::default(), false),
        equation: "12,480 received = 12,300 applied + 150 duplicates + 30 in quarantine".to_owned(),
        balanced,
    }
}

fn quarantine_list() -> quarantine::List {
    let row = |id: &str, kind: &str, reason: &str, location: &str| quarantine::Waiting {
        href: format!("/quarantine/{id}"),
        when: "Tuesday 3 March 2026 at 10:14".to_owned(),
        feed: "Hospital".to_owned(),
        kind: kind.to_owned(),
        reason: reason.to_owned(),
        location: location.to_owned(),
    };
    quarantine::List {
        shell: shell("Quarantine", Section::Quarantine),
        feeds: vec![
            ("hospital".to_owned(), "Hospital (29)".to_owned(), true),
            ("gp".to_owned(), "GP practice (1)".to_owned(), false),
        ],
        count: "29 messages wait, the oldest for 3 days".to_owned(),
        rows: vec![
            row("q-18", "ADT A08", "The date of birth 19381403 is not a date.", "PID-7, line 3"),
            row("q-19", "SIU S12", "Messages of this type are not handled yet.", "MSH-9, line 1"),
        ],
        pagination: Pagination::of(1, 3, |page| format!("/quarantine?page={page}")),
    }
}

fn message() -> quarantine::Message {
    let texts = [
        "MSH|^~\\&|PAS|EXAMPLE|WEFT|STOCKPORT|20260303101400||ADT^A08|MSG00042|P|2.4",
        "EVN|A08|20260303101400",
        "PID|1||9990000018^^^NHS||EXAMPLETHWAITE^MARGARET||19381403|F|||12 MADEUP TERRACE^^MARPLE^STOCKPORT^SK6 0ZZ",
    ];
    quarantine::Message {
        shell: shell("A message that waits", Section::Quarantine),
        action: "/quarantine/q-18".to_owned(),
        list_href: "/quarantine".to_owned(),
        feed: "Hospital".to_owned(),
        kind: "ADT A08".to_owned(),
        when: "Tuesday 3 March 2026 at 10:14".to_owned(),
        reason: "The date of birth 19381403 is not a date.".to_owned(),
        location: "PID-7, line 3".to_owned(),
        advice: Some("Dates in HL7 are written year, month, day. Day and month may be the wrong way round.".to_owned()),
        lines: texts
            .iter()
            .enumerate()
            .map(|(index, text)| quarantine::Line { number: index + 1, text: (*text).to_owned(), at_fault: index == 2 })
            .collect(),
        text: texts.join("\n"),
        ..quarantine::Message::default()
    }
}

fn message_still_waiting() -> quarantine::Message {
    quarantine::Message {
        replayed: Some(quarantine::Replayed::StillWaiting(
            "The date of birth 19381431 is not a date (PID-7, line 3).".to_owned(),
        )),
        note_error: Some("Say what you changed and how you know it is right".to_owned()),
        ..message()
    }
}

fn message_applied() -> quarantine::Message {
    quarantine::Message {
        replayed: Some(quarantine::Replayed::Applied("One person and one encounter changed.".to_owned())),
        ..message()
    }
}

fn neighbourhoods_list() -> neighbourhoods::List {
    let row = |name: &str, people: &str| neighbourhoods::Row {
        href: format!("/neighbourhoods/{}", name.to_lowercase().replace(' ', "-")),
        name: name.to_owned(),
        practices: "6".to_owned(),
        people: people.to_owned(),
        homes: "9".to_owned(),
        deprivation: "3 of 21 areas are among the most deprived tenth of England".to_owned(),
    };
    neighbourhoods::List {
        shell: shell("Neighbourhoods", Section::Neighbourhoods),
        borough: "Stockport".to_owned(),
        rows: ["Cheadle", "Bramhall", "Stepping Hill", "Victoria", "Heatons", "Tame Valley", "Marple", "Werneth"].map(|name| row(name, "38,210")).to_vec(),
        sources: "Practices and lists: open data of NHS England. Deprivation: English Indices of Deprivation. Matching is our assumption.".to_owned(),
    }
}

fn neighbourhood() -> neighbourhoods::One {
    let three = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
    neighbourhoods::One {
        shell: shell("Marple", Section::Neighbourhoods),
        name: "Marple".to_owned(),
        sentence: "3 practices with 38,210 people on their lists, and 2 care homes.".to_owned(),
        practices: vec![
            three("Example Medical Practice", "P00001", "12,480"),
            three("Madeup Surgery", "P00002", "9,120"),
        ],
        homes: vec![three("Invented House", "42", "Example Medical Practice")],
        deciles: (1..=10).map(|tenth: u8| (tenth.to_string(), (tenth * 2).to_string(), tenth * 10)).collect(),
        sources: "Open data; matching is our assumption.".to_owned(),
    }
}

fn looks() -> who_looked::View {
    let look = |sentence: &str, own: bool| who_looked::Look {
        sentence: sentence.to_owned(),
        when: "Tuesday 3 March 2026 at 10:14".to_owned(),
        own,
    };
    who_looked::View {
        shell: person("Who looked"),
        record_href: "/people/p-7f3a".to_owned(),
        count: "2 looks by 2 people since 1 January 2026".to_owned(),
        looks: vec![
            look(
                "A community nurse of the Marple neighbourhood team opened the summary because this person is on her caseload.",
                true,
            ),
            look("A receptionist of Example Medical Practice looked up who this person is, to book a visit.", false),
        ],
        pagination: None,
    }
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
        shell: Shell::new("Is it well?", Section::None),
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
