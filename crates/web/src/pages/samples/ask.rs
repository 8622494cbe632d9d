//! Made-up asks: a fall in the Heatons, from the one door to its close.

use super::person::banner;
use super::shell;
use crate::components::{Colour, Tag};
use crate::layout::{Section, Shell};
use crate::pages::ask::clock::{ClockLine, Standing};
use crate::pages::ask::decision::{Field, Kind, Offered};
use crate::pages::ask::{self, board, decision, intake, list, triage};

fn about(title: &str) -> Shell {
    Shell { person: Some(banner()), ..shell(title, Section::Asks) }
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn two_hours(standing: Standing, words: &str, gone: u8) -> ClockLine {
    ClockLine {
        name: "Somebody there within 2 hours".to_owned(),
        words: words.to_owned(),
        standing,
        gone,
        policy: "Two-hour crisis response, rules of 2026".to_owned(),
        unverified: true,
    }
}

fn said() -> Vec<(String, String)> {
    pairs(&[
        ("What happened", "Fell in the kitchen and cannot get up; no head injury"),
        ("What worries you", "Alone, and on the floor since 09:20"),
        ("Without help", "An ambulance, probably the emergency department"),
    ])
}

pub(super) fn thread() -> ask::View {
    let step = |when: &str, what: &str, who: &str, words: Option<&str>| ask::Step {
        when: when.to_owned(),
        what: what.to_owned(),
        who: who.to_owned(),
        words: words.map(str::to_owned),
        seen: Vec::new(),
    };
    let mut decided = step(
        "Today at 09:56",
        "Crisis response at home was chosen",
        "Nia Sample, triage nurse",
        Some("Can stand with help"),
    );
    decided.seen = vec![
        "Crisis response: 2 of 5 responders free, seen 4 minutes ago".to_owned(),
        "Active recovery beds: 7 of 9 free, seen 3 hours ago".to_owned(),
    ];
    ask::View {
        shell: about("An ask for help"),
        back: ("Asks".to_owned(), "/asks".to_owned()),
        heading: "Somebody on the floor".to_owned(),
        number: "7F3A 22B1".to_owned(),
        state: Some(Tag::new("Offered").coloured(Colour::Yellow)),
        owner: "The single point of access has it now.".to_owned(),
        next: "Crisis response was asked to take it at 09:56 and has not answered yet.".to_owned(),
        alarm: Some(
            "Crisis response has not answered for 15 minutes. Ring them, or offer it to somebody else.".to_owned(),
        ),
        clocks: vec![
            two_hours(Standing::Running, "1 hour 15 minutes left, until 11:56 today", 38),
            two_hours(Standing::Met, "Came after 45 minutes, at 10:41 today", 38),
        ],
        said: said(),
        facts: pairs(&[("Asked by", "A pendant alarm service, by telephone"), ("How soon", "Within two hours")]),
        ways: vec![
            ask::Way { text: "Accept it".to_owned(), href: "/asks/a-1/accept".to_owned() },
            ask::Way { text: "Give it back".to_owned(), href: "/asks/a-1/return".to_owned() },
        ],
        steps: vec![decided, step("Today at 09:52", "It was received", "Tom Sample, call handler", None)],
        ..ask::View::default()
    }
}

pub(super) fn thread_unknown() -> ask::View {
    ask::View {
        shell: shell("An ask for help", Section::Asks),
        described: Some(
            "Nobody knows their name. A man of about 70, grey coat, at the bus station in Mersey Square.".to_owned(),
        ),
        done: Some("Sent. The single point of access has it now, and you get the answer.".to_owned()),
        alarm: None,
        clocks: Vec::new(),
        ways: Vec::new(),
        ..thread()
    }
}

fn options(words: &[(&str, &str)]) -> Vec<Offered> {
    words
        .iter()
        .map(|(value, text)| Offered { value: (*value).to_owned(), text: (*text).to_owned(), hint: None })
        .collect()
}

pub(super) fn decline() -> decision::View {
    decision::View {
        back_text: None,
        shell: about("Decline an ask"),
        back_href: "/asks/a-1".to_owned(),
        heading: "Decline it".to_owned(),
        lead: "Nobody is turned away with nothing: say what instead, and who has it from now on.".to_owned(),
        facts: pairs(&[("Who has it now", "Crisis response")]),
        note: Some("The referrer reads these words.".to_owned()),
        action: "/asks/a-1/decline".to_owned(),
        hidden: pairs(&[("version", "4")]),
        fields: vec![
            Field {
                error: Some("Say what instead".to_owned()),
                ..Field::new("alternative", "What instead?", Kind::Lines(3))
                    .helped("What the person can have, where, and from when")
            },
            Field {
                values: vec!["ods:P88002".to_owned()],
                ..Field::new(
                    "team",
                    "Who has it from now on?",
                    Kind::Select(options(&[("", "Choose a team"), ("ods:P88002", "Their practice")])),
                )
            },
            Field::new("name", "Who there, by name?", Kind::Line),
            Field::new("telephone", "On which number?", Kind::Telephone),
            Field::new(
                "told",
                "Who has been told?",
                Kind::Checks(options(&[("person", "The person"), ("asker", "Whoever asked")])),
            ),
            Field {
                values: vec!["yes".to_owned()],
                ..Field::new("agreed", "Have they agreed?", Kind::Radios(options(&[("yes", "Yes"), ("no", "Not yet")])))
            },
        ],
        button: "Decline with this alternative".to_owned(),
        error: Some("Somebody else changed this ask a moment ago. Read it again before you decide.".to_owned()),
    }
}

pub(super) fn form() -> intake::View {
    intake::View {
        shell: about("Ask for help"),
        action: "/asks/new/form".to_owned(),
        id: "a-1".to_owned(),
        person: "p-7f3a".to_owned(),
        begun: "10:14".to_owned(),
        kept: Some("Your draft was kept at 10:16.".to_owned()),
        known: pairs(&[("Allergies", "Penicillin"), ("Alerts", "Dog in the house"), ("At home", "Lives alone")]),
        what: vec![
            Field::new("happened", "What happened?", Kind::Line).helped("One line"),
            Field::new(
                "urgency",
                "How soon is help needed?",
                Kind::Radios(options(&[("two-hours", "Within two hours"), ("same-day", "Today")])),
            ),
        ],
        asker: vec![Field::new("call_back", "On which number can we call you back?", Kind::Telephone)],
        ..intake::View::default()
    }
}

pub(super) fn form_unknown() -> intake::View {
    intake::View {
        shell: shell("Ask for help", Section::Asks),
        person: String::new(),
        kept: None,
        known: Vec::new(),
        note: Some(
            "Nobody was found, so the record says nothing. Check for allergies and alerts when their name is known."
                .to_owned(),
        ),
        who: vec![Field {
            error: Some("Describe them so that whoever goes there finds the right person".to_owned()),
            ..Field::new("described", "Who is it?", Kind::Lines(2))
        }],
        ..form()
    }
}

fn row(name: &str, standing: Standing, clock: &str, gone: u8) -> list::Row {
    list::Row {
        href: "/asks/a-1".to_owned(),
        name: name.to_owned(),
        born: "Born 14 March 1938 (88 years)".to_owned(),
        what: "Somebody on the floor, within two hours".to_owned(),
        detail: Some("Fell in the kitchen and cannot get up".to_owned()),
        state: Some(Tag::new("Offered").coloured(Colour::Yellow)),
        owner: "The single point of access has it".to_owned(),
        clock: clock.to_owned(),
        standing,
        gone,
    }
}

fn sheet(id: &str, title: &str, rows: Vec<list::Row>) -> list::Sheet {
    list::Sheet {
        id: id.to_owned(),
        title: title.to_owned(),
        count: rows.len().to_string(),
        rows,
        empty: "Nothing is offered to you. When somebody hands you an ask it stands here until you take it or give it back.".to_owned(),
    }
}

pub(super) fn lists() -> list::View {
    let late = row("Fictive Sample", Standing::Late, "8 minutes late", 100);
    let resting = row("Wren Sample", Standing::Resting, "Rests until 08:00 tomorrow", 20);
    list::View {
        shell: Shell { live: "/live/asks/0a1b?since=2c-412".to_owned(), ..shell("Asks", Section::Asks) },
        heading: "Asks".to_owned(),
        lead: "Single point of access · Friday 20 November 2026, 10:14".to_owned(),
        begin: Some(("Ask for help for somebody".to_owned(), "/asks/new".to_owned())),
        also: vec![("Stays".to_owned(), "/stays".to_owned())],
        sheets: vec![
            sheet("offered", "Offered to us", Vec::new()),
            sheet("ours", "Ours", vec![late, row("Ada Sample", Standing::Soon, "12 minutes left", 90), resting]),
        ],
        ..list::View::default()
    }
}

pub(super) fn own_list() -> list::View {
    let own = list::Row { name: String::new(), born: String::new(), detail: None, ..row("", Standing::Met, "", 0) };
    list::View {
        shell: shell("Asks for you", Section::Asks),
        back: Some(("My record".to_owned(), "/me".to_owned())),
        heading: "Asks for you".to_owned(),
        lead: "Each time somebody asked for help for you, and where it is now.".to_owned(),
        begin: None,
        also: Vec::new(),
        sheets: vec![sheet("open", "On their way", vec![own])],
    }
}

fn offer(rank: usize, name: &str) -> triage::Offer {
    triage::Offer {
        rank,
        service: name.to_lowercase().replace(' ', "-"),
        name: name.to_owned(),
        level: "Care at home, seven days a week".to_owned(),
        free: "2 of 5 responders free, seen 4 minutes ago".to_owned(),
        travel: "About 9 minutes away (estimate)".to_owned(),
        clock: "1 hour 15 minutes of two hours left".to_owned(),
        why: vec!["It takes people who have fallen.".to_owned()],
        action: "/asks/a-1/triage".to_owned(),
        token: "form-token".to_owned(),
        seen: "s-1".to_owned(),
        at_level: "home".to_owned(),
        ..triage::Offer::default()
    }
}

pub(super) fn triage_page() -> triage::View {
    let reasons = pairs(&[("person-wishes", "The person wishes it"), ("known-there", "They are known there")]);
    triage::View {
        notice: None,
        shell: about("Find the right care"),
        back_href: "/asks/a-1".to_owned(),
        said: said(),
        known: pairs(&[("Allergies", "Penicillin")]),
        clock: Some((Tag::new("In time").coloured(Colour::Blue), "1 hour 15 minutes left of two hours".to_owned())),
        level: Field {
            values: vec!["home".to_owned()],
            ..Field::new(
                "level",
                "Level of need",
                Kind::Radios(options(&[("home", "Care at home, seven days a week"), ("hospital", "Hospital")])),
            )
        },
        level_action: "/asks/a-1/triage".to_owned(),
        offers: vec![
            offer(1, "Crisis response"),
            triage::Offer {
                stale: true,
                old: true,
                reasons: reasons.clone(),
                error: Some("Say why this one and not the first".to_owned()),
                why: vec!["Its figure is five hours old.".to_owned()],
                ..offer(2, "Recovery at home")
            },
            triage::Offer {
                closed: true,
                why: vec!["It takes nobody before 08:00.".to_owned()],
                ..offer(3, "Day unit")
            },
        ],
        other: pairs(&[("Advice is enough", "/asks/a-1/advice"), ("Ask for more", "/asks/a-1/more")]),
        method: "Ordered by whether they take such people, then by free places whose figure is fresh, then by travel."
            .to_owned(),
    }
}

pub(super) fn crisis_board() -> board::View {
    let row = |left: &str, standing, gone, floor: Option<&str>| board::Row {
        href: "/asks/a-1".to_owned(),
        left: left.to_owned(),
        standing,
        gone,
        name: "Ada Sample".to_owned(),
        where_: "84, Heatons".to_owned(),
        condition: "Fall without serious injury".to_owned(),
        floor: floor.map(str::to_owned),
        state: Some(Tag::new("En route").coloured(Colour::Blue)),
        responder: "Ruth Sample, nurse".to_owned(),
    };
    board::View {
        shell: shell("Crisis board", Section::Asks),
        heading: "Crisis board".to_owned(),
        now: "Friday 20 November 2026, 10:14".to_owned(),
        first: "Time left".to_owned(),
        rules: vec![board::Rule { name: "crisis-response@2026-1".to_owned(), unverified: true }],
        sheets: vec![
            board::Sheet {
                title: "Waiting for somebody to come".to_owned(),
                order: "least time left first".to_owned(),
                rows: vec![
                    row("8 min late", Standing::Late, 100, None),
                    row("12 min", Standing::Soon, 90, Some("On the floor since 09:20, 54 minutes")),
                ],
                empty: String::new(),
            },
            board::Sheet {
                title: "With us now".to_owned(),
                empty: "Nobody is with the crisis team.".to_owned(),
                ..board::Sheet::default()
            },
        ],
        other: ("Falls".to_owned(), "/board/falls".to_owned()),
    }
}
