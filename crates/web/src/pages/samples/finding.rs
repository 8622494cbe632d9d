//! Made-up lists that find people, and scores taken apart.

use super::person::banner;
use super::shell;
use crate::layout::{Section, Shell};
use crate::pages::ask::decision::Heap;
use crate::pages::ask::decision::{Field, Kind, Offered};
use crate::pages::cascade::{Cascade, Row, Slice};
use crate::pages::deed::{Came, Deed, Deeds};
use crate::pages::{finding, score};

fn about(title: &str) -> Shell {
    Shell { person: Some(banner()), ..shell(title, Section::People) }
}

fn working(title: &str) -> Shell {
    let mut shell = shell(title, Section::Finding);
    if let Some(who) = &mut shell.signed_in {
        who.finds_cases = true;
    }
    shell
}

fn deed(word: &str, heading: &str, fields: Vec<Field>) -> Deed {
    let deed = Deed::new(word, heading, "What follows from it stands here.", "Write it down").asking(fields);
    Deed { action: "/finding/sample".to_owned(), token: "t0k3n".to_owned(), ..deed }
}

fn choice(name: &str, label: &str, options: &[&str]) -> Field {
    let one = |text: &&str| Offered { value: text.to_lowercase(), text: (*text).to_owned(), hint: None };
    Field::new(name, label, Kind::Radios(options.iter().map(one).collect()))
}

pub(super) fn home() -> finding::Home {
    let row = |title: &str, looked: &str| finding::Row {
        href: "/finding/sample".to_owned(),
        title: title.to_owned(),
        neighbourhood: "Marple".to_owned(),
        looked: looked.to_owned(),
    };
    finding::Home {
        shell: working("Case finding"),
        begins: true,
        rows: vec![row("Two falls, and nobody has asked why", "22 November 2026"), row("Sample list", "Not yet")],
        missing: vec![(
            "Electronic frailty index".to_owned(),
            "Its lists of codes are not here: efi/anaemia, efi/falls, efi/foot-problems and 32 more".to_owned(),
        )],
        left: vec![("Words without a code".to_owned(), "1,204".to_owned()), ("No date".to_owned(), "3".to_owned())],
        deeds: Deeds {
            deeds: vec![deed(
                "begin",
                "Begin a list",
                vec![
                    Field::new("title", "What is it called?", Kind::Line),
                    Field::new("rule", "By which rule are people found?", Kind::Heaps(heaps())),
                ],
            )],
        },
        ..finding::Home::default()
    }
}

fn heaps() -> Vec<Heap> {
    let offered = |text: &str, hint: &str| Offered {
        value: text.to_lowercase(),
        text: text.to_owned(),
        hint: Some(hint.to_owned()),
    };
    let heap = |heading: &str, open: bool, offered: Vec<Offered>| Heap { heading: heading.to_owned(), open, offered };
    let depression = "Not for a diagnosis: it says what is recorded. Source: our own rule (register-depression@1).";
    let hfrs = "A score: say below from how many points on. It says something from 75, and is given to everybody. \
        Source: Gilbert and others 2018, Lancet 391:1775 (hfrs@1).";
    vec![
        heap("Mental health, memory and learning", true, vec![offered("Depression, 18 and over", depression)]),
        heap("Scores, from so many points on", false, vec![offered("Hospital Frailty Risk Score", hfrs)]),
    ]
}

/// As somebody of a practice in the neighbourhood sees it.
pub(super) fn home_practice() -> finding::Home {
    finding::Home {
        practice_of: vec!["Marple".to_owned()],
        begins: false,
        missing: Vec::new(),
        deeds: Deeds::default(),
        ..home()
    }
}

fn cascade() -> Cascade {
    let row = |name: &str, counts: [&str; 5], ratios: [&str; 2]| {
        let [registered, found, share, decided, taken] = counts.map(str::to_owned);
        let [found_ratio, taken_ratio] = ratios.map(str::to_owned);
        Row { name: name.to_owned(), registered, found, share, found_ratio, decided, taken, taken_ratio }
    };
    Cascade {
        sentence: "Of about 34,000 people registered here: about 95 found, about 60 decided about, about 25 taken on."
            .to_owned(),
        fewer: vec![
            "Found less than their ages would lead one to expect, by deprivation: 1, the most deprived fifth."
                .to_owned(),
        ],
        slices: vec![
            Slice {
                heading: "By age".to_owned(),
                of_ages: true,
                rows: vec![row("70 to 79", ["4,100", "45", "1.1", "30", "15"], ["", ""])],
                note: String::new(),
            },
            Slice {
                heading: "By deprivation".to_owned(),
                rows: vec![
                    row(
                        "1, the most deprived fifth",
                        ["3,900", "10", "0.2", "1 to 7", "1 to 7"],
                        ["0.52 (0.25 to 0.96)", "Not shown"],
                    ),
                    row(
                        "5, the least deprived fifth",
                        ["9,120", "55", "0.4", "45", "20"],
                        ["1.21 (0.91 to 1.58)", "1.10 (0.67 to 1.70)"],
                    ),
                ],
                ..Slice::default()
            },
            Slice {
                heading: "By record system".to_owned(),
                note: "It is not known of anybody here.".to_owned(),
                ..Slice::default()
            },
        ],
        note: "To expected: 1.00 where as many are found as their ages would lead one to expect.".to_owned(),
    }
}

/// Early on, and for somebody of a practice.
pub(super) fn list_practice() -> finding::List {
    let list = list();
    finding::List {
        own: false,
        effect: Vec::new(),
        beside: None,
        cascade: None,
        warning: None,
        deeds: Deeds::default(),
        groups: list.groups.into_iter().take(1).collect(),
        ..self::list()
    }
}

pub(super) fn home_building() -> finding::Home {
    finding::Home { shell: working("Case finding"), building: true, ..finding::Home::default() }
}

pub(super) fn list() -> finding::List {
    let person = |name: &str, why: &str, place: &str| finding::Person {
        href: "/finding/sample/one".to_owned(),
        name: name.to_owned(),
        born: "14 March 1938 (88 years)".to_owned(),
        why: why.to_owned(),
        place: place.to_owned(),
    };
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    let fell = "Fell at home, 2 times: 3 November 2026 and 12 May 2026; frailty (1 April 2025); and 1 more.";
    finding::List {
        shell: working("A list"),
        came: Came { done: Some("The list has looked at everybody of the neighbourhood.".to_owned()), refused: None },
        title: "Two falls, and nobody has asked why".to_owned(),
        own: true,
        facts: vec![
            pair("Rule", "A fall with a stated reason (list-falls@1)"),
            pair("Why", "Falls come again where nobody looks why"),
            pair("What is offered", "A full assessment at home within two weeks"),
            pair("What should change", "Fewer urgent contacts in the three months after"),
            pair("Last looked", "22 November 2026"),
        ],
        not_for: vec!["predicting who will fall: this is a list of reasons, not a score".to_owned()],
        warning: Some(
            "The rule is not the one by which this list was defined. Look at it again before you rely on the list."
                .to_owned(),
        ),
        notes: vec!["12 more people would come next. Decide about these first.".to_owned()],
        groups: vec![
            (
                "To decide".to_owned(),
                String::new(),
                vec![
                    person("Margaret Examplethwaite", fell, "Nothing that this list knows of"),
                    person(
                        "Harold Examplethwaite",
                        "For reasons in entries that you are not able to see.",
                        "On your team’s caseload",
                    ),
                ],
            ),
            ("Later".to_owned(), "Nobody is put off.".to_owned(), Vec::new()),
        ],
        effect: vec![["Taken on", "8; 2 decided too lately", "19", "7"], ["Not taken on", "3", "4", "3"]]
            .into_iter()
            .map(|row| row.map(str::to_owned))
            .collect(),
        caveat: "These numbers do not say what the list achieved.".to_owned(),
        beside: Some(finding::Beside {
            rows: vec![
                ["Marple, where the list looks", "95", "120 (126.3 to 100 people)", "80 (84.2 to 100 people)"]
                    .map(str::to_owned),
                [
                    "Neighbourhoods where no such list looks",
                    "310",
                    "390 (125.8 to 100 people)",
                    "305 (98.4 to 100 people)",
                ]
                .map(str::to_owned),
            ],
            words: "From 3 August 2026, the day on which the list first looked.".to_owned(),
        }),
        compare: "/finding/sample?compare=yes#beside".to_owned(),
        cascade: Some(cascade()),
        deeds: Deeds { deeds: vec![deed("look", "Look again", Vec::new())] },
    }
}

pub(super) fn case() -> finding::Case {
    finding::Case {
        shell: about("Why somebody is on a list"),
        came: Came { done: None, refused: Some("Choose a day after today and within a year.".to_owned()) },
        back: "/finding/sample".to_owned(),
        list: "Two falls, and nobody has asked why".to_owned(),
        reasons: vec![
            ("Fell at home (3 November 2026)".to_owned(), Some("/people/p-7f3a/timeline?entry=e#entry-e".to_owned())),
            ("An urgent response or a fall, told here (12 May 2026)".to_owned(), None),
        ],
        score_href: "/people/p-7f3a/scores/list-falls".to_owned(),
        decided: Some("Put off until 25 November 2026 by Ada Sample.".to_owned()),
        offer: "A full assessment at home within two weeks".to_owned(),
        ask_href: None,
        deeds: Deeds {
            deeds: vec![
                deed("accept", "Take them on", Vec::new()),
                deed("later", "Decide later", vec![Field::new("until", "Until which day?", Kind::Line)]),
            ],
        },
    }
}

pub(super) fn case_practice() -> finding::Case {
    let mut case =
        finding::Case { ask_href: Some("/people/p-7f3a/asks/new".to_owned()), came: Came::default(), ..case() };
    case.deeds.deeds.remove(0);
    case
}

pub(super) fn scores() -> score::List {
    let row = |title: &str, rests: &str, number: &str| score::Row {
        href: "/people/p-7f3a/scores/sample".to_owned(),
        title: title.to_owned(),
        rests: rests.to_owned(),
        number: number.to_owned(),
    };
    score::List {
        shell: about("Scores"),
        record_href: "/people/p-7f3a".to_owned(),
        withheld: true,
        rows: vec![
            row("Heart failure", "2 entries", "On this register."),
            row("Hospital Frailty Risk Score", "W19, R29, N39", "10.0, intermediate"),
        ],
        ..score::List::default()
    }
}

pub(super) fn score() -> score::View {
    let behind = |words: &str, code: &str, when: &str| score::Behind {
        words: words.to_owned(),
        code: code.to_owned(),
        when: when.to_owned(),
        source: "Stepping Hill Hospital".to_owned(),
        entry: Some("/people/p-7f3a/timeline?entry=e#entry-e".to_owned()),
        ..score::Behind::default()
    };
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    score::View {
        shell: about("A score taken apart"),
        back: "/people/p-7f3a/scores".to_owned(),
        title: "Hospital Frailty Risk Score".to_owned(),
        comes_to: "6.8, intermediate".to_owned(),
        deficits: vec![
            score::Deficit {
                label: "A fall".to_owned(),
                adds: "adds 3.2".to_owned(),
                counts: true,
                behind: vec![
                    behind("Fell at home", "icd10 W19", "3 November 2026"),
                    score::Behind {
                        value: Some("112 g/L".to_owned()),
                        ..behind("Haemoglobin", "loinc 718-7", "no date")
                    },
                ],
                ..score::Deficit::default()
            },
            score::Deficit {
                label: "Dementia".to_owned(),
                adds: "adds 7.1".to_owned(),
                disputed: Some("The code does not say what was meant: it was delirium (Ada Sample).".to_owned()),
                behind: vec![behind("Dementia", "icd10 F00", "12 May 2026")],
                ..score::Deficit::default()
            },
        ],
        missing: vec!["718-7 without a unit".to_owned()],
        not_for: vec!["people under 75".to_owned(), "deciding about one person’s care".to_owned()],
        made: vec![
            pair("Rule", "hfrs@1"),
            pair("Fingerprint of its lists of codes", "0123456789abcdef… (SHA-256)"),
            pair("As of", "22 November 2026"),
            pair("How far back it looks", "2y"),
        ],
        withheld: true,
        deeds: Deeds {
            deeds: vec![deed(
                "dispute",
                "This is wrong",
                vec![
                    choice("part", "Which of them?", &["A fall"]),
                    Field::new("reason", "How do you know?", Kind::Lines(3)),
                ],
            )],
        },
        ..score::View::default()
    }
}
