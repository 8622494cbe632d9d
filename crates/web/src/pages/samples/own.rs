//! Made-up view models of a person's own choices and questions, and of who was let in.

use super::home::{answered_question, my_looks, own, waiting_question};
use super::person::record_full;
use super::shell;
use crate::layout::{Section, Shell, SignedIn};
use crate::pages::{me, proxy, pseudonym, question, sharing};

pub(super) fn looks_wrong() -> me::Looks {
    let mut view = my_looks();
    if let Some(form) = view.looks.first_mut().and_then(|look| look.form.as_mut()) {
        form.error = Some("Write a few words".to_owned());
    }
    me::Looks { problem: Some(("why-41".to_owned(), "Write a few words".to_owned())), ..view }
}

pub(super) fn sharing_empty() -> sharing::View {
    let parts = [("medicines", "Medicines and allergies"), ("results", "Results and measurements")];
    sharing::View {
        shell: own("How your record is shared", Section::Sharing),
        people: vec![("persona|carer".to_owned(), "Ruth Examplethwaite".to_owned())],
        parts: parts.iter().map(|(word, said)| ((*word).to_owned(), (*said).to_owned(), false)).collect(),
        ..sharing::View::default()
    }
}

pub(super) fn sharing_chosen() -> sharing::View {
    let proxy = |over| sharing::Proxy {
        reader: "reader:persona|carer".to_owned(),
        name: "Ruth Examplethwaite".to_owned(),
        sees: vec!["Medicines and allergies".to_owned()],
        when: "From 3 March 2026 until the end of 3 September 2026.".to_owned(),
        over,
    };
    sharing::View {
        done: Some("They can see what you chose, from now on.".to_owned()),
        objected: Some("1 March 2026".to_owned()),
        because: "A neighbour works at the hospital.".to_owned(),
        planning_refused: Some("1 March 2026".to_owned()),
        proxies: vec![proxy(false), proxy(true)],
        review: Some("You are old enough to have your own say.".to_owned()),
        ..sharing_empty()
    }
}

pub(super) fn sharing_wrong() -> sharing::View {
    sharing::View {
        people: Vec::new(),
        wrong: Some(("sees".to_owned(), "Choose at least one thing that they may see".to_owned())),
        typed: sharing::Typed { reader: "7065".to_owned(), name: "Ruth".to_owned(), months: "3".to_owned() },
        ..sharing_empty()
    }
}

fn carer(title: &str) -> Shell {
    let signed_in = SignedIn { name: "Ruth Examplethwaite".to_owned(), citizen: true, ..SignedIn::default() };
    Shell { signed_in: Some(signed_in), ..shell(title, Section::Proxy) }
}

pub(super) fn proxy_list() -> proxy::List {
    proxy::List {
        shell: carer("Others’ records"),
        people: vec![proxy::Person {
            href: "/me/proxy/p-7f3a".to_owned(),
            name: "Margaret Examplethwaite".to_owned(),
            until: "You may see this until the end of 3 September 2026.".to_owned(),
            sees: vec!["Medicines and allergies".to_owned()],
        }],
        code: Some("7065 7273 6f6e".to_owned()),
    }
}

pub(super) fn proxy_page() -> proxy::View {
    let why = "This is the record of Margaret Examplethwaite, not yours.";
    proxy::View {
        shell: Shell { person: own("", Section::Proxy).person, ..carer("Somebody else’s record") },
        why: why.to_owned(),
        groups: record_full().left.into_iter().take(2).collect(),
    }
}

pub(super) fn questions() -> question::List {
    let line = |number: u32, clock| question::Line {
        href: format!("/privacy/questions/q-{number}"),
        asked: "3 March 2026".to_owned(),
        clock,
    };
    question::List {
        shell: shell("Questions about looks", Section::None),
        count: "3 questions wait.".to_owned(),
        waiting: vec![
            line(1, question::Clock::Overdue("17 March 2026".to_owned())),
            line(2, question::Clock::Due("24 March 2026".to_owned())),
            line(3, question::Clock::Unknown),
        ],
        answered: vec![line(4, question::Clock::Answered("4 March 2026".to_owned()))],
    }
}

pub(super) fn question_page() -> question::View {
    question::View {
        shell: Shell { person: own("", Section::None).person, ..shell("A question about a look", Section::None) },
        action: "/privacy/questions/q-1".to_owned(),
        look: "A receptionist (Cy Invented) found you in a search.".to_owned(),
        when: "Tuesday 3 March 2026 at 10:14".to_owned(),
        number: "35".to_owned(),
        access_href: "/people/p-7f3a/access".to_owned(),
        told: vec![waiting_question()],
        open: true,
        error: Some("Write a few words".to_owned()),
        ..question::View::default()
    }
}

pub(super) fn question_done() -> question::View {
    question::View { told: vec![answered_question()], open: false, error: None, done: true, ..question_page() }
}

pub(super) fn pseudonyms() -> pseudonym::View {
    let row =
        |hood: &str, code: &str| ["0f3e", "80 to 89", "female", hood, "problem", code, "2026-03"].map(str::to_owned);
    pseudonym::View {
        shell: shell("Rows under pseudonyms", Section::None),
        ages: vec![("80 to 89".to_owned(), "120".to_owned()), ("90 and over".to_owned(), "Fewer than 7".to_owned())],
        part: "Part 1 of 3".to_owned(),
        file: "/pseudonyms.csv?page=1".to_owned(),
        rows: vec![row("Marple", "http://snomed.info/sct|84114007"), row("withheld", "")],
        pagination: crate::components::Pagination::of(1, 3, |page| format!("/pseudonyms?page={page}")),
    }
}
