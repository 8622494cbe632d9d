//! Made-up view models of the pages about feeds, the quarantine and places.

use super::shell;
use crate::components::{Colour, Pagination, Tag};
use crate::layout::Section;
use crate::pages::{feeds, neighbourhoods, quarantine};

pub(super) fn feeds_page(balanced: bool) -> feeds::View {
    let row = |name: &str, numbers: [&str; 4], ago: &str, at: &str, state: Tag, waits: bool| feeds::Row {
        name: name.to_owned(),
        organisation: "Example NHS Foundation Trust".to_owned(),
        ago: ago.to_owned(),
        at: at.to_owned(),
        received: numbers[0].to_owned(),
        applied: numbers[1].to_owned(),
        duplicates: numbers[2].to_owned(),
        quarantined: numbers[3].to_owned(),
        promise: "promised every 15 minutes".to_owned(),
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

pub(super) fn quarantine_list() -> quarantine::List {
    let row = |id: &str, kind: &str, reason: &str, location: &str| quarantine::Waiting {
        href: Some(format!("/quarantine/{id}")),
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

pub(super) fn message() -> quarantine::Message {
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

pub(super) fn message_still_waiting() -> quarantine::Message {
    quarantine::Message {
        replayed: Some(quarantine::Replayed::StillWaiting(
            "The date of birth 19381431 is not a date (PID-7, line 3).".to_owned(),
        )),
        note_error: Some("Say what you changed and how you know it is right".to_owned()),
        ..message()
    }
}

pub(super) fn message_applied() -> quarantine::Message {
    quarantine::Message {
        replayed: Some(quarantine::Replayed::Applied("One person and one encounter changed.".to_owned())),
        ..message()
    }
}

pub(super) fn neighbourhoods_list() -> neighbourhoods::List {
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

pub(super) fn neighbourhood() -> neighbourhoods::One {
    let three = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
    neighbourhoods::One {
        shell: shell("Marple", Section::Neighbourhoods),
        name: "Marple".to_owned(),
        sentence: "3 practices with 38,210 people on their lists, and 2 care homes.".to_owned(),
        practices: vec![
            three("Example Medical Practice", "P00001", "12,480"),
            three("Madeup Surgery", "P00002", "9,120"),
        ],
        homes: vec![("Invented House".to_owned(), "Example Medical Practice".to_owned())],
        deciles: (1..=10).map(|tenth: u8| (tenth.to_string(), (tenth * 2).to_string(), tenth * 10)).collect(),
        sources: "Open data; matching is our assumption.".to_owned(),
    }
}
