//! The population in counts, invented.

use assurance::chart::{Part as Bar, part_chart};

use super::super::ask::decision::{Field, Kind};
use super::super::cohort;
use super::super::deed::{Came, Deed, Deeds};
use super::super::population::{Absent, Answer, ByRule, Compared, Equity, Explorer, Group, Item, Line, Part, Slice};
use super::shell;
use crate::components::Chart;
use crate::layout::Section;
use crate::pages::cascade::Cascade;

fn item(term: &str, title: &str, note: &str, how: &str) -> Item {
    Item { term: term.to_owned(), title: title.to_owned(), note: note.to_owned(), how: how.to_owned() }
}

fn group(heading: &str, open: bool, items: Vec<Item>) -> Group {
    Group { heading: heading.to_owned(), open, items }
}

fn part(name: &str, count: &str, of: &str, shares: [&str; 3]) -> Part {
    let [crude, standardised, ratio] = shares.map(str::to_owned);
    Part { name: name.to_owned(), count: count.to_owned(), of: of.to_owned(), crude, standardised, ratio }
}

fn slices() -> Vec<Slice> {
    let bar = |name: &str, value| Bar { name: name.to_owned(), value };
    let hidden = ["Not shown"; 3];
    let ages = [bar("60 to 69", Some(2.1)), bar("70 to 79", Some(4.6)), bar("90 and over", None)];
    let hoods = [bar("Heatons", Some(2.4)), bar("Stepping Hill and Hazel Grove", Some(3.1)), bar("Marple", None)];
    let fifths = [bar("not known", Some(1.9)), bar("1", Some(4.0)), bar("5", Some(1.6))];
    let chart = |id: &str, bars: &[Bar], title: &str, unit: &str| {
        Some(Chart::new(id, part_chart(bars, Some(2.7), title, unit)))
    };
    vec![
        Slice {
            heading: "By age".to_owned(),
            of_ages: true,
            chart: chart("by-age", &ages, "By age", "in 100"),
            parts: vec![
                part("60 to 69", "720", "34,210", ["2.1", "Not shown", "Not shown"]),
                part("70 to 79", "1,150", "25,100", ["4.6", "Not shown", "Not shown"]),
                part("90 and over", "1 to 7", "3,005", hidden),
            ],
            note: String::new(),
        },
        Slice {
            heading: "By neighbourhood".to_owned(),
            of_ages: false,
            chart: chart("by-neighbourhood", &hoods, "By neighbourhood", "in 100, ages alike"),
            parts: vec![
                part("Heatons", "980", "40,100", ["2.4", "2.4", "0.89 (0.83 to 0.95)"]),
                part("Stepping Hill and Hazel Grove", "1,240", "38,415", ["3.2", "3.1", "1.15 (1.08 to 1.21)"]),
                part("Marple", "1 to 7", "25", hidden),
            ],
            note: String::new(),
        },
        Slice {
            heading: "By deprivation".to_owned(),
            of_ages: false,
            chart: chart("by-deprivation", &fifths, "By deprivation", "in 100, ages alike"),
            parts: vec![
                part("not known", "35", "2,130", ["1.6", "1.9", "0.70 (0.49 to 0.97)"]),
                part("1, most deprived", "1,105", "30,250", ["3.7", "4.0", "1.48 (1.39 to 1.57)"]),
                part("5, least deprived", "1,020", "61,400", ["1.7", "1.6", "0.60 (0.56 to 0.63)"]),
            ],
            note: String::new(),
        },
        Slice {
            heading: "By record system".to_owned(),
            note: "It is not known of anybody here.".to_owned(),
            ..Slice::default()
        },
    ]
}

fn answer() -> Answer {
    let row = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    Answer {
        sentence: "About 2,225 of about 292,300 people: 0.8 in 100.".to_owned(),
        asked: vec![
            row("Everybody has", "COPD, not resolved; Depression, 18 and over"),
            row("And not", "Palliative or end of life care"),
            row("Among", "Registered with a practice here"),
        ],
        unverified: vec!["segments@0.2: about half of the lists had not been published".to_owned()],
        slices: slices(),
    }
}

const LIVED: &str = "Deprivation is that of the small area of somebody\u{2019}s home: fifths of England by the Index of Multiple Deprivation 2025, \
     1 the most deprived. It is not known of people without a fixed address, or who ask that nobody be told where they live, or whose \
     postcode is not on the place\u{2019}s list; they are not counted as living in the borough.";

pub(super) fn explorer() -> Explorer {
    let mind = vec![
        item("register-severe-mental-illness", "Severe mental illness", "register-severe-mental-illness@1", ""),
        item("register-depression", "Depression, 18 and over", "register-depression@1", "all"),
    ];
    let others = vec![item("register-copd", "COPD, not resolved", "register-copd@1", "all")];
    let note = "hfrs@1; says something from 75, and is given to everybody";
    let bands = vec![item("hfrs~high", "Hospital Frailty Risk Score: high", note, "")];
    Explorer {
        shell: shell("People in counts", Section::Population),
        counts: true,
        deeds: keeping(),
        as_of: "22 November 2026".to_owned(),
        among: "registered".to_owned(),
        groups: vec![
            group("Mental health, memory and learning", true, mind),
            group("Registers of diseases", true, others),
            group("Bands of scores", false, bands),
        ],
        answer: Some(answer()),
        left_out: "About 35 people are left out: they refuse planning or object to sharing.".to_owned(),
        lived: LIVED.to_owned(),
        without_lists: "Not offered, because their lists of codes are not here: Electronic frailty index.".to_owned(),
        ..Explorer::default()
    }
}

fn keeping() -> Deeds {
    let fields = vec![
        Field::new("name", "What is it called?", Kind::Line),
        Field::new("why", "Why is it kept?", Kind::Lines(2)),
    ];
    let lead = "Everybody who plans services or finds people in the borough can see it, with your name.";
    let keep = Deed::new("keep", "Keep this cohort", lead, "Keep it").asking(fields);
    let revise = Deed::new("revise", "Keep it as the next version of “COPD, and a low mood”", "", "Keep the version");
    let revise = revise.asking(vec![Field::new("reason", "Why does it ask otherwise?", Kind::Lines(2))]);
    let sent = |deed| Deed { action: "/population/cohorts".to_owned(), token: "t0k3n".to_owned(), open: true, ..deed };
    Deeds { deeds: vec![sent(keep), sent(revise)] }
}

/// As a neighbourhood's team has it: put together, not counted, and not kept yet because of its name.
pub(super) fn explorer_team() -> Explorer {
    let whole = explorer();
    let answer = answer();
    let sentence = "The cohort, as you have put it together".to_owned();
    Explorer {
        shell: shell("Put a cohort together", Section::Finding),
        counts: false,
        came: Came { done: None, refused: Some("Say in at least 10 characters what the cohort is called.".to_owned()) },
        cohort: Some(("sample".to_owned(), "COPD, and a low mood".to_owned())),
        drifted: drifted(),
        answer: Some(Answer { sentence, slices: Vec::new(), ..answer }),
        left_out: String::new(),
        lived: String::new(),
        ..whole
    }
}

fn drifted() -> Vec<String> {
    vec![
        "COPD, not resolved: kept as version 1, now version 2.".to_owned(),
        "list-housebound: it is not here any more, or its lists of codes are not.".to_owned(),
    ]
}

pub(super) fn cohorts() -> cohort::List {
    let row = |name: &str, why: &str, count: &str, version: &str, warning: &str| cohort::Row {
        href: "/population/cohorts/sample".to_owned(),
        name: name.to_owned(),
        why: why.to_owned(),
        asked: "Everybody has: COPD, not resolved; Depression, 18 and over. And not: Palliative or end of life care. \
            Among: Registered with a practice here."
            .to_owned(),
        kept: "Anna Rees, 3 November 2026".to_owned(),
        version: version.to_owned(),
        count: count.to_owned(),
        warning: warning.to_owned(),
    };
    cohort::List {
        shell: shell("Kept cohorts", Section::Population),
        counts: true,
        came: Came::default(),
        as_of: "22 November 2026".to_owned(),
        rows: vec![
            row("COPD, and a low mood", "They come to hospital more than others with COPD", "2,225", "", ""),
            row(
                "Housebound, with dementia",
                "Nobody has visited them for a year",
                "1 to 7",
                "Version 2, 5 November 2026",
                "Its rules have changed since it was kept.",
            ),
        ],
    }
}

pub(super) fn cohorts_of_none() -> cohort::List {
    cohort::List { shell: shell("Kept cohorts", Section::Finding), ..cohort::List::default() }
}

pub(super) fn cohort() -> cohort::View {
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    let asked = "Everybody has: COPD, not resolved. Among: Registered with a practice here.";
    let happened = [
        ["5 November 2026", "Anna Rees", "Called “COPD, and a low mood” from now on"],
        [
            "5 November 2026",
            "Anna Rees",
            "Version 2, because: the register has moved on. Everybody has: COPD, not resolved.",
        ],
        ["3 November 2026", "Anna Rees", asked],
    ];
    let deed = |word: &str, heading: &str| Deed {
        action: "/population/cohorts/sample".to_owned(),
        token: "t0k3n".to_owned(),
        ..Deed::new(word, heading, "Its history stays.", heading)
    };
    cohort::View {
        shell: shell("A kept cohort", Section::Population),
        came: Came { done: Some("The cohort is kept.".to_owned()), refused: None },
        name: "COPD, and a low mood".to_owned(),
        facts: vec![
            pair("Why it is kept", "They come to hospital more than others with COPD"),
            pair("Everybody has", "COPD, not resolved; Depression, 18 and over"),
            pair("And not", "Palliative or end of life care"),
            pair("Among", "Registered with a practice here"),
            pair("People now", "About 2,225 of about 292,300 people: 0.8 in 100."),
            pair("Version", "2"),
        ],
        drifted: drifted(),
        withdrawn: None,
        explorer: Some("/population?cohort=sample".to_owned()),
        begins: Some("/finding?cohort=sample".to_owned()),
        history: happened.map(|row| row.map(str::to_owned)).to_vec(),
        deeds: Deeds { deeds: vec![deed("rename", "Call it otherwise"), deed("withdraw", "Withdraw it")] },
    }
}

pub(super) fn cohort_withdrawn() -> cohort::View {
    cohort::View {
        withdrawn: Some("Withdrawn by Anna Rees, 5 November 2026: the register has moved on".to_owned()),
        came: Came::default(),
        explorer: None,
        begins: None,
        drifted: Vec::new(),
        deeds: Deeds::default(),
        ..cohort()
    }
}

pub(super) fn explorer_wrong() -> Explorer {
    let wrong = "There is no register, list, band or segment `nobody`, or its lists of codes are not here.";
    Explorer { answer: None, wrong: Some(wrong.to_owned()), ..explorer() }
}

pub(super) fn equity() -> Equity {
    let line = |title: &str, set: &str, count: &str, percent: &str, gap: [&str; 3], fifths: &str| Line {
        title: title.to_owned(),
        href: format!("/population/equity?of={set}"),
        count: count.to_owned(),
        percent: percent.to_owned(),
        expected: gap[0].to_owned(),
        source: gap[1].to_owned(),
        found: gap[2].to_owned(),
        fifths: fifths.to_owned(),
    };
    let heap =
        |heading: &str, expects: bool, lines: Vec<Line>| Compared { heading: heading.to_owned(), expects, lines };
    let by_rule = |title: &str, id: &str, counts: [&str; 4]| {
        let [lists, found, decided, taken] = counts.map(str::to_owned);
        let href = format!("/population/equity?finding={id}");
        ByRule { title: title.to_owned(), href, lists, found, decided, taken }
    };
    let framework = "Quality and Outcomes Framework 2019/20, Stockport, 18 and over";
    Equity {
        shell: shell("Equity", Section::Population),
        as_of: "22 November 2026".to_owned(),
        title: "Carers".to_owned(),
        answer: Some(Answer { asked: Vec::new(), unverified: Vec::new(), ..answer() }),
        groups: vec![
            heap(
                "Mental health, memory and learning",
                true,
                vec![line(
                    "Depression, 18 and over",
                    "register-depression",
                    "36,400",
                    "12.5",
                    ["About 36,370", framework, "100"],
                    "15.1 and 9.8",
                )],
            ),
            heap(
                "Situations",
                true,
                vec![
                    line(
                        "Carers",
                        "list-carers",
                        "11,400",
                        "3.9",
                        ["About 26,205", "Census 2021", "44"],
                        "4.1 and 3.6",
                    ),
                    line("Homeless", "list-homeless", "1 to 7", "Not shown", ["Nothing is known", "", ""], "Not shown"),
                ],
            ),
            heap(
                "Bands of scores",
                false,
                vec![line(
                    "Hospital Frailty Risk Score: high",
                    "hfrs~high",
                    "5,120",
                    "1.8",
                    ["", "", ""],
                    "2.3 and 1.5",
                )],
            ),
        ],
        finding: vec![
            by_rule("All lists together", "all", ["3", "110", "60", "25"]),
            by_rule("Heart failure", "register-heart-failure", ["1", "1 to 7", "1 to 7", "0"]),
        ],
        cascade: None,
        left_out: "1 to 7 people are left out: they refuse planning or object to sharing.".to_owned(),
        lived: "Deprivation is not known, and nobody is counted as living in the borough, because the place has no list of postcodes."
            .to_owned(),
    }
}

/// With the steps of case finding, and few of them.
pub(super) fn equity_found() -> Equity {
    let cascade = Cascade {
        sentence: "Of about 292,300 people registered here: 1 to 7 found, 1 to 7 decided about, nobody taken on."
            .to_owned(),
        note: "Fewer than eight people have been found: too few to say whether any group is missed.".to_owned(),
        ..Cascade::default()
    };
    Equity { answer: None, cascade: Some(("Heart failure".to_owned(), cascade)), ..equity() }
}

pub(super) fn absent() -> Absent {
    Absent {
        shell: shell("People in counts", Section::Population),
        why: "The population is being read from the record.".to_owned(),
    }
}
