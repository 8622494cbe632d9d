//! Made-up requests to go back from pseudonyms, on each of the desks that have to do with them.

use super::shell;
use crate::components::Colour;
use crate::layout::{Section, Shell};
use crate::pages::ask::decision::{Field, Kind, Offered};
use crate::pages::back;
use crate::pages::deed::{Came, Deed, Deeds};

fn deed(word: &str, heading: &str, fields: Vec<Field>) -> Deed {
    let deed = Deed::new(word, heading, "What follows from it stands here.", "Write it down").asking(fields);
    Deed { action: "/handed/sample".to_owned(), token: "t0k3n".to_owned(), ..deed }
}

fn offered(options: &[&str]) -> Vec<Offered> {
    options.iter().map(|one| Offered { value: one.to_lowercase(), text: (*one).to_owned(), hint: None }).collect()
}

fn line(href: &str, about: &str, mark: &str, colour: Colour, words: &str) -> back::Line {
    back::Line {
        href: href.to_owned(),
        asked: "3 March 2026".to_owned(),
        about: about.to_owned(),
        offer: "A nurse visits each of them within a fortnight and looks at what would help".to_owned(),
        mark: mark.to_owned(),
        colour: Some(colour),
        words: words.to_owned(),
    }
}

pub(super) fn asked() -> back::Asked {
    let about = "Marple, 12 pseudonyms";
    let ask = vec![
        Field::new("pseudonyms", "Which pseudonyms?", Kind::Lines(6)).helped("One on each line; at most 50"),
        Field::new("purpose", "What is it for?", Kind::Radios(offered(&["Their own care", "Anything else"]))),
        Field::new("offer", "What will the team offer them?", Kind::Lines(2)),
    ];
    back::Asked {
        shell: shell("Ask that people be offered help", Section::None),
        came: Came { done: Some("Your request waits for a privacy officer.".to_owned()), refused: None },
        lines: vec![
            line("", about, "Waits", Colour::Yellow, "For an answer, until 31 March 2026."),
            line(
                "",
                about,
                "Allowed",
                Colour::Blue,
                "By Helen Invent on 4 March 2026. The team can open it until 18 March 2026.",
            ),
            line("", about, "Team told", Colour::Green, "Of about 10 people, on 5 March 2026."),
            line(
                "",
                about,
                "Refused",
                Colour::Red,
                "By Helen Invent on 4 March 2026: \u{201c}Their practice has offered them this\u{201d}",
            ),
            line("", about, "Lapsed", Colour::Grey, "Nobody answered until 28 February 2026."),
        ],
        deeds: Deeds { deeds: vec![Deed { open: true, ..deed("ask", "Ask that a team be told", ask) }] },
    }
}

pub(super) fn asked_wrong() -> back::Asked {
    let refused = Some("Ask for at most 50 people at once: a team has to be able to speak to each of them.".to_owned());
    back::Asked { came: Came { done: None, refused }, lines: Vec::new(), ..asked() }
}

fn officers(title: &str) -> Shell {
    let mut shell = shell(title, Section::Privacy);
    if let Some(who) = &mut shell.signed_in {
        who.reviews_looks = true;
    }
    shell
}

pub(super) fn waiting() -> back::Waiting {
    let who = "Jonah Invent, borough intelligence team";
    let page = "/privacy/requests/sample";
    back::Waiting {
        shell: officers("Requests to go back from pseudonyms"),
        came: Came::default(),
        waiting: vec![line(page, who, "Waits", Colour::Yellow, "For an answer, until 31 March 2026.")],
        others: vec![line(
            page,
            who,
            "Expired",
            Colour::Grey,
            "Allowed, and the team did not open it. Nobody was told.",
        )],
    }
}

fn facts() -> Vec<(String, String)> {
    [
        ("Asked by", "Jonah Invent, borough intelligence team, on 3 March 2026"),
        ("To be told", "The neighbourhood team of Marple"),
        ("How many", "12 pseudonyms"),
        ("What for", "The people\u{2019}s own care, and nothing else"),
        ("What they are offered", "A nurse visits each of them within a fortnight and looks at what would help"),
        ("Why these people", "They came to hospital three times in a month, and no service writes that it visits them"),
        ("Where it stands", "Waits. For an answer, until 31 March 2026."),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}

pub(super) fn request() -> back::Request {
    back::Request {
        shell: officers("A request to go back from pseudonyms"),
        came: Came::default(),
        facts: facts(),
        deeds: Deeds {
            deeds: vec![
                deed("allow", "Allow it", vec![Field::new("why", "Why is it right?", Kind::Lines(2))]),
                deed("refuse", "Refuse it", vec![Field::new("because", "Why not?", Kind::Lines(2))]),
            ],
        },
    }
}

fn working(title: &str) -> Shell {
    let mut shell = shell(title, Section::Finding);
    if let Some(who) = &mut shell.signed_in {
        who.finds_cases = true;
    }
    shell
}

pub(super) fn desk() -> back::Desk {
    let who = "Jonah Invent, borough intelligence team";
    let until = "By Helen Invent on 4 March 2026. The team can open it until 18 March 2026.";
    back::Desk {
        shell: working("People your team is told of"),
        lines: vec![
            line("/handed/sample", who, "Allowed", Colour::Blue, until),
            line("/handed/sample", who, "Team told", Colour::Green, "Of about 10 people, on 5 March 2026."),
        ],
    }
}

/// What the team reads: not how many were asked for, nor that an answer is waited for.
fn team_facts(stands: &str) -> Vec<(String, String)> {
    let mut facts = facts();
    facts.retain(|(name, _)| name != "How many");
    if let Some((_, value)) = facts.last_mut() {
        *value = stands.to_owned();
    }
    facts
}

pub(super) fn closed() -> back::Handed {
    back::Handed {
        shell: working("People your team is told of"),
        facts: team_facts("Allowed. By Helen Invent on 4 March 2026. The team can open it until 18 March 2026."),
        deeds: Deeds { deeds: vec![deed("open", "Be told who they are", Vec::new())] },
        ..back::Handed::default()
    }
}

pub(super) fn handed() -> back::Handed {
    let person = |name: &str, decided: &str| back::Person {
        href: "/people/p-7f3a".to_owned(),
        name: name.to_owned(),
        born: "14 March 1938 (87 years)".to_owned(),
        decided: decided.to_owned(),
    };
    let whom = || Kind::Select(offered(&["Margaret Examplethwaite", "Marguerite Example"]));
    back::Handed {
        came: Came { done: Some("It is written down that they are not taken on, and why.".to_owned()), refused: None },
        facts: team_facts("Team told. Of about 10 people, on 5 March 2026."),
        is_open: true,
        people: vec![
            person("Margaret Examplethwaite", "Taken on by Ada Sample on 6 March 2026"),
            person(
                "Marguerite Example",
                "Not taken on, Ada Sample, 6 March 2026: a nurse visits her every week already",
            ),
            person("Bram Fictive", "Nothing yet"),
        ],
        left: "Fewer than 8 of the people asked about could not be given. Which of these it was is not said."
            .to_owned(),
        deeds: Deeds {
            deeds: vec![
                deed("take-on", "Take somebody on", vec![Field::new("whom", "Who?", whom())]),
                Deed {
                    open: true,
                    ..deed(
                        "leave",
                        "Do not take somebody on",
                        vec![Field::new("person", "Who?", whom()), Field::new("reason", "Why not?", Kind::Lines(2))],
                    )
                },
            ],
        },
        ..closed()
    }
}

pub(super) fn lead() -> back::Lead {
    let fields = vec![
        Field::new("pseudonym", "The pseudonym", Kind::Line),
        Field::new("reason", "Why do you need to know whose it is?", Kind::Lines(2)).helped("The person can read this"),
    ];
    let deed = Deed::new("lead", "From a pseudonym to a person", "", "Go to the person").asking(fields);
    back::Lead {
        shell: shell("From a pseudonym to a person", Section::People),
        came: Came::default(),
        form: Deed { action: "/back".to_owned(), token: "t0k3n".to_owned(), ..deed },
    }
}

pub(super) fn lead_nowhere() -> back::Lead {
    let refused = "This pseudonym leads you to nobody. It may be nobody\u{2019}s, or of somebody whose record your own work does \
                   not open. That you tried is written down.";
    back::Lead { came: Came { done: None, refused: Some(refused.to_owned()) }, ..lead() }
}
