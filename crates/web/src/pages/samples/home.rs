//! Made-up view models of the homes and of a person's own pages.

use super::person::{banner, record_full};
use super::shell;
use crate::components::Colour;
use crate::components::{Column, Pagination, Table, Tag};
use crate::layout::{Section, Shell, SignedIn};
use crate::pages::home::{Fresh, List, Row, Sheet, View};
use crate::pages::me;
use crate::pages::question::{Ask, Clock, Told};

fn row(id: &str, name: &str, what: &str, detail: Option<&str>, died: Option<&str>) -> Row {
    Row {
        href: Some(format!("/people/{id}")),
        name: name.to_owned(),
        born: "Born 14 March 1938 (87 years)".to_owned(),
        number: "NHS 999 000 0018".to_owned(),
        died: died.map(str::to_owned),
        what: what.to_owned(),
        detail: detail.map(str::to_owned),
        place: None,
    }
}

fn left() -> Sheet {
    Sheet {
        id: "hospital".to_owned(),
        title: "Left hospital or came to A&E, last 7 days".to_owned(),
        count: "34".to_owned(),
        fresh: vec![Fresh { text: "Example Hospital, last heard 12 minutes ago".to_owned(), late: None }],
        rows: vec![
            row(
                "p-1",
                "Margaret Examplethwaite",
                "Came to A&E 5 hours ago",
                Some("Tuesday 3 March 2026 at 05:02 · Fall"),
                None,
            ),
            row("p-2", "Bram Fictive", "Left hospital 2 days ago", None, Some("Died on 2 March 2026")),
        ],
        empty: "Nobody.".to_owned(),
        more: Some(("Show all 34".to_owned(), "/lists/hospital".to_owned())),
        ..Sheet::default()
    }
}

pub(super) fn home_page() -> View {
    let late = Tag::new("Down").coloured(Colour::Red);
    let columns = vec![Column::new("Neighbourhood"), Column::numeric("People")];
    let rows = vec![vec!["Marple".into(), "12".into()], vec!["Bramhall".into(), "Fewer than 7".into()]];
    View {
        shell: Shell {
            feed_sentences: vec![
                "The council has sent nothing since Sunday 1 March 2026 at 06:00 (2 days ago).".to_owned(),
            ],
            ..shell("Home", Section::Home)
        },
        place: "Example Medical Practice, Marple neighbourhood".to_owned(),
        now: "Tuesday 3 March 2026 at 10:14".to_owned(),
        finds: true,
        sheets: vec![
            left(),
            Sheet {
                id: "counts".to_owned(),
                title: "People, by neighbourhood".to_owned(),
                note: Some("A count below 7 reads \u{201c}fewer than 7\u{201d}.".to_owned()),
                tables: vec![Table { compact: true, ..Table::new("By neighbourhood", columns, rows) }],
                ..Sheet::default()
            },
            Sheet {
                id: "social-care".to_owned(),
                title: "Social care that is open".to_owned(),
                fresh: vec![Fresh { text: "The council, last heard 2 days ago".to_owned(), late: Some(late) }],
                empty: "No request, assessment or review by social care is open for anybody on your list.".to_owned(),
                ..Sheet::default()
            },
        ],
        yet: vec!["You cannot ask another service for help from here yet.".to_owned()],
        ways: vec![("How each feed stands".to_owned(), "/feeds".to_owned())],
    }
}

pub(super) fn home_list() -> List {
    List {
        shell: shell("Left hospital or came to A&E, last 7 days", Section::Home),
        place: "Example Medical Practice, Marple neighbourhood".to_owned(),
        sheet: left(),
        shown: "1 to 2 of 34.".to_owned(),
        pagination: Pagination::of(1, 17, |page| format!("/lists/hospital?page={page}")),
    }
}

pub(super) fn own(title: &str, section: Section) -> Shell {
    Shell {
        signed_in: Some(SignedIn {
            name: "Margaret Examplethwaite".to_owned(),
            citizen: true,
            has_record: true,
            ..SignedIn::default()
        }),
        person: Some(banner()),
        ..shell(title, section)
    }
}

fn look(sentence: &str, number: &str) -> me::Look {
    me::Look {
        sentence: sentence.to_owned(),
        when: "Tuesday 3 March 2026 at 10:14".to_owned(),
        number: number.to_owned(),
        ..me::Look::default()
    }
}

pub(super) fn my_page() -> me::View {
    me::View {
        shell: own("My record", Section::Home),
        hello: "Hello, Margaret Examplethwaite".to_owned(),
        who: vec![
            ("Born".to_owned(), "14 March 1938 (87 years)".to_owned()),
            ("Practice".to_owned(), "Marple Example Medical Practice".to_owned()),
        ],
        differ: Some((
            "Services say different things about 1 thing. Nothing was merged.".to_owned(),
            "/people/p-7f3a#differ".to_owned(),
        )),
        groups: record_full().left,
        timeline_href: "/people/p-7f3a/timeline".to_owned(),
        record_href: "/people/p-7f3a".to_owned(),
        services: vec!["Example Hospital last wrote about you on 14 January 2026.".to_owned()],
        looks: vec![look("A GP (Dr B Madeup, Marple Example Medical Practice) opened your record to give care.", "41")],
        more_looks: "3 more looks, and how to ask why".to_owned(),
    }
}

pub(super) fn my_looks() -> me::Looks {
    me::Looks {
        shell: own("Who looked at your record", Section::Looks),
        count: "1 look by 1 person.".to_owned(),
        own: "You have looked 4 times yourself.".to_owned(),
        looks: vec![
            me::Look {
                form: Some(ask()),
                ..look("A GP (Dr B Madeup, Marple Example Medical Practice) opened your record to give care.", "41")
            },
            me::Look { told: vec![waiting_question()], ..look("A therapist (Bo Invented) opened your record.", "38") },
            me::Look {
                told: vec![answered_question()],
                form: Some(Ask { look: "35".to_owned(), ..ask() }),
                ..look("A receptionist (Cy Invented) found you in a search.", "35")
            },
        ],
        problem: None,
        pagination: None,
    }
}

pub(super) fn ask() -> Ask {
    Ask { token: "t0k3n".to_owned(), look: "41".to_owned(), words: String::new(), error: None }
}

pub(super) fn waiting_question() -> Told {
    Told {
        words: "I do not know this person. Why did they look?".to_owned(),
        asked: "3 March 2026".to_owned(),
        clock: Clock::Overdue("17 March 2026".to_owned()),
        answer: None,
    }
}

pub(super) fn answered_question() -> Told {
    let answer = "They had the wrong Margaret. I have spoken to them, and to their manager.".to_owned();
    Told {
        clock: Clock::Answered("4 March 2026".to_owned()),
        answer: Some((answer, "Helen Invented".to_owned())),
        ..waiting_question()
    }
}
