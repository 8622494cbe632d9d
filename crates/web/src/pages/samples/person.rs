//! Made-up view models of the pages about one person.

use super::shell;
use crate::components::{Band, Colour, Pagination, PersonBanner, Tag};
use crate::layout::{Section, Shell};
use crate::pages::entry::{Entry, status_tag};
use crate::pages::{record, timeline, who_looked};

pub(super) fn banner() -> PersonBanner {
    PersonBanner {
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
    }
}

fn person(title: &str) -> Shell {
    Shell {
        feed_sentences: vec!["The hospital has not sent anything since Tuesday 3 March 2026 at 06:02 (4 hours ago): what it did since then is missing here.".to_owned()],
        person: Some(banner()),
        ..shell(title, Section::People)
    }
}

fn entry(title: &str, value: Option<&str>, detail: Option<&str>, when: &str, status: Option<(&str, bool)>) -> Entry {
    Entry {
        sealed: None,
        seal: None,
        anchor: None,
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

pub(super) fn record_full() -> record::View {
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
        objected: None,
        shell: person("Record"),
        timeline_href: Some("/people/p-7f3a/timeline".to_owned()),
        access_href: Some("/people/p-7f3a/access".to_owned()),
        asks_href: Some("/people/p-7f3a/asks".to_owned()),
        scores_href: Some("/people/p-7f3a/scores".to_owned()),
        advice_href: Some("/people/p-7f3a/advice".to_owned()),
        reach: Vec::new(),
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

/// Texts as long as real ones get: nothing may run off the edge of a phone.
pub(super) fn record_long() -> record::View {
    let mut view = record_full();
    let long = "Pneumonoultramicroscopicsilicovolcanoconiosis-with-an-unbroken-tail-of-words";
    if let Some(banner) = view.shell.person.as_mut() {
        banner.name = format!("Wilhelmina Maximiliana {long}");
        banner.alerts = (1..=9).map(|number| format!("Alert number {number} of this person")).collect();
        banner.address = Some(long.to_owned());
    }
    for group in view.left.iter_mut().chain(&mut view.right) {
        for entry in &mut group.entries {
            entry.title = long.to_owned();
            entry.value = Some(long.to_owned());
            entry.detail = Some(long.to_owned());
            entry.source = long.to_owned();
        }
    }
    for side in view.disagreements.iter_mut().flat_map(|disagreement| &mut disagreement.sides) {
        side.says = long.to_owned();
    }
    view
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

pub(super) fn record_empty() -> record::View {
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
        timeline_href: Some("/people/p-1c90/timeline".to_owned()),
        access_href: Some("/people/p-1c90/access".to_owned()),
        reach: Vec::new(),
        left: vec![group("Allergies", "allergy", "No allergy is recorded. That is not the same as no allergy.")],
        right: vec![group("Contacts", "contact", "Nobody to contact is recorded.")],
        ..record::View::default()
    }
}

pub(super) fn timeline_page() -> timeline::View {
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

pub(super) fn looks() -> who_looked::View {
    let look = |sentence: &str, own: bool| who_looked::Look {
        sentence: sentence.to_owned(),
        when: "Tuesday 3 March 2026 at 10:14".to_owned(),
        own,
    };
    who_looked::View {
        back: "Back to the record".to_owned(),
        shell: person("Who looked"),
        record_href: "/people/p-7f3a".to_owned(),
        search_href: None,
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
