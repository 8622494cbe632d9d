//! Asking a consultant.

use super::shell;
use crate::components::{Colour, Tag};
use crate::layout::{Section, Shell};
use crate::pages::advice::{Ask, Call, Home, Line, May, Message, Month, Offer, Question, Stage, Write};
use crate::pages::ask::clock::{ClockLine, Standing};

fn pair(one: &str, other: &str) -> (String, String) {
    (one.to_owned(), other.to_owned())
}

fn line(who: &str, what: &str, tag: Tag, href: &str) -> Line {
    Line {
        who: who.to_owned(),
        what: what.to_owned(),
        when: "7 December 2026 at 10:00".to_owned(),
        tag,
        href: href.to_owned(),
    }
}

pub(super) fn home_empty() -> Home {
    Home { shell: shell("Advice from consultants", Section::None), ..Home::default() }
}

pub(super) fn home() -> Home {
    let cells = ["14", "86%", "25 seconds", "8", "3", "1", "0", "6"].map(str::to_owned).to_vec();
    Home {
        rung: Some("/advice/calls/c-1".to_owned()),
        calls: vec![line(
            "Margaret Ashworth",
            "Endocrinology, Dr Ewan Tarrant",
            Tag::new("The other end has said it").coloured(Colour::Blue),
            "/advice/calls/c-2",
        )],
        asked: vec![line("Harold Ashworth", "Haematology", Tag::new("With whoever asked"), "/advice/questions/q-1")],
        to_answer: vec![line("Olive Grant", "Endocrinology", Tag::new("With the specialty"), "/advice/questions/q-2")],
        answers: true,
        shifts: vec!["Endocrinology: 7 December 2026 at 09:00 to 7 December 2026 at 17:00".to_owned()],
        lines: vec![(
            "Endocrinology".to_owned(),
            "Dr Judith Marlowe, Dr Ewan Tarrant".to_owned(),
            "01632 960200".to_owned(),
        )],
        months: vec![Month { name: "Endocrinology".to_owned(), cells }],
        month: "December 2026".to_owned(),
        ..home_empty()
    }
}

pub(super) fn ask() -> Ask {
    let offer = |id: &str, name: &str, usually: &str, open| Offer {
        id: id.to_owned(),
        name: name.to_owned(),
        usually: usually.to_owned(),
        open,
        write: format!("/people/p-7f3a/advice/{id}"),
    };
    Ask {
        shell: shell("Ask a consultant", Section::People),
        action: "/people/p-7f3a/advice".to_owned(),
        record: "/people/p-7f3a".to_owned(),
        journey: "a-1".to_owned(),
        id: "c-3".to_owned(),
        offers: vec![
            offer("endocrinology", "Endocrinology", "Usually answers in 25 seconds.", true),
            offer(
                "haematology",
                "Haematology",
                "Nobody is on now; the line opens again on 8 December 2026 at 09:00.",
                false,
            ),
        ],
        error: None,
    }
}

pub(super) fn ringing() -> Call {
    Call {
        shell: shell("A call to a consultant", Section::None),
        specialty: "Endocrinology".to_owned(),
        action: "/advice/calls/c-3".to_owned(),
        stage: Stage::Ringing("Dr Judith Marlowe".to_owned(), "Number 1 of 3 on the rota, round 1 of 3.".to_owned()),
        may_stop: true,
        ..Call::default()
    }
}

pub(super) fn spoken() -> Call {
    Call {
        shell: Shell { section: Section::People, ..ringing().shell },
        stage: Stage::Spoken,
        facts: vec![pair("Answered", "Dr Ewan Tarrant, 7 December 2026, 10:00"), pair("It took", "24 seconds")],
        may_stop: false,
        to_key: true,
        outcomes: vec![pair("managed-in-practice", "Managed in practice"), pair("referred", "Referred")],
        owners: vec![pair("ods:P88002", "Marple Bridge Surgery"), pair("organisation:stockport-ft", "The hospital")],
        error: Some("Choose what came of it".to_owned()),
        record: Some("/people/p-7f3a".to_owned()),
        ..ringing()
    }
}

pub(super) fn unanswered() -> Call {
    let write = Some("/people/p-7f3a/advice/endocrinology".to_owned());
    Call { stage: Stage::Unanswered, may_stop: false, write, ..ringing() }
}

pub(super) fn write() -> Write {
    Write {
        shell: shell("Ask in writing", Section::People),
        specialty: "Endocrinology".to_owned(),
        action: "/people/p-7f3a/advice/endocrinology".to_owned(),
        back: "/people/p-7f3a/advice".to_owned(),
        journey: String::new(),
        id: "q-3".to_owned(),
        kinds: vec![
            ("diagnosis".to_owned(), "What is it?".to_owned(), false),
            ("management".to_owned(), "What shall we do?".to_owned(), true),
        ],
        question: String::new(),
        tried: "Salt and stockings".to_owned(),
        agreed: true,
        error: Some("Write a few words".to_owned()),
    }
}

pub(super) fn question() -> Question {
    Question {
        shell: shell("A question to a consultant", Section::People),
        specialty: "Endocrinology".to_owned(),
        action: "/advice/questions/q-1".to_owned(),
        tag: "Answered".to_owned(),
        facts: vec![pair("Kind of question", "What shall we do?"), pair("The specialist may refer", "No")],
        messages: vec![Message {
            by: "Dr Priya Nair, 7 December 2026, 10:00".to_owned(),
            words: "Her pressure falls by 40 on <standing>. What next?".to_owned(),
        }],
        files: vec![pair("rash 1.jpg (picture, 412 KB)", "/advice/questions/q-1/files/1")],
        clocks: vec![ClockLine {
            name: "Written advice".to_owned(),
            words: "4 working days left, until the end of 11 December 2026".to_owned(),
            standing: Standing::Running,
            gone: 20,
            policy: "advice-written 2026-1".to_owned(),
            unverified: true,
        }],
        answer: vec![pair("What to do", "Stop the doxazosin"), pair("What to watch for", "A fall: ring us")],
        may: May { close: true, refer: true, ..May::default() },
        outcomes: vec![pair("managed-in-practice", "Managed in practice"), pair("other-service", "Another service")],
        ..Question::default()
    }
}

/// Nobody in particular.
pub(super) fn general() -> Ask {
    let offers = ask().offers.into_iter().map(|offer| Offer { write: String::new(), ..offer }).collect();
    Ask { shell: shell("Ask a general question", Section::None), record: String::new(), offers, ..ask() }
}

pub(super) fn to_answer() -> Question {
    let may = May { answer: true, ask_back: true, refer: true, ..May::default() };
    Question { tag: "With the specialty".to_owned(), answer: Vec::new(), may, ..question() }
}
