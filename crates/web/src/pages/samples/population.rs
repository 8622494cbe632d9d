//! The population in counts, invented.

use assurance::chart::{Part as Bar, part_chart};

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
            row("Nobody has", "Palliative or end of life care"),
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
