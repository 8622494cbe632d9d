//! Made-up stays, same-day places and figures of free places.

use super::person::banner;
use super::shell;
use crate::components::{Colour, Link, Tag};
use crate::layout::{Section, Shell};
use crate::pages::ask::clock::{ClockLine, Standing};
use crate::pages::ask::decision::{Field, Kind, Offered};
use crate::pages::ask::{Step, Way};
use crate::pages::{service, slot, stay};

fn about(title: &str) -> Shell {
    Shell { person: Some(banner()), ..shell(title, Section::Asks) }
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn ways(ways: &[(&str, &str)]) -> Vec<Way> {
    ways.iter().map(|(text, href)| Way { text: (*text).to_owned(), href: (*href).to_owned() }).collect()
}

pub(super) fn services() -> service::List {
    let row = |name: &str, free: &str, stale: bool, mine: bool| service::Row {
        href: "/services/sample".to_owned(),
        name: name.to_owned(),
        summary: "Beds with nurses day and night and daily therapy.".to_owned(),
        level: "Care nearby day and night, with less medical support".to_owned(),
        free: free.to_owned(),
        stale,
        mine,
    };
    service::List {
        shell: shell("Services", Section::Asks),
        rows: vec![
            row("Sample beds", "6 of 60 beds, seen 14 minutes ago", false, true),
            row("Old sample beds", "2 of 12 beds, seen 6 hours ago", true, false),
            row("Silent sample service", "Nobody has said", false, false),
        ],
        former: vec![("Sample rehabilitation beds".to_owned(), Link::new("Sample beds", "/services/sample"))],
        sources: "The catalogue is demonstration data.".to_owned(),
    }
}

pub(super) fn service() -> service::One {
    let mut free = Field::new("free", "Free now (beds)", Kind::Line).helped("A whole number; 0 if it is full");
    (free.values, free.error) =
        (vec!["61".to_owned()], Some("61 free of 60 cannot be; check the two numbers".to_owned()));
    let told = |when: &str, free: &str, told: &str| service::Told {
        when: when.to_owned(),
        free: free.to_owned(),
        who: "Ada Sample, sample beds".to_owned(),
        told: told.to_owned(),
    };
    service::One {
        shell: shell("Sample beds", Section::Asks),
        name: "Sample beds".to_owned(),
        summary: "Beds with nurses day and night and daily therapy.".to_owned(),
        free: "6 of 60 beds free, seen 5 hours ago by Ada Sample, sample beds.".to_owned(),
        stale: true,
        facts: pairs(&[("Run by", "Sample trust"), ("How sure this is", "This is invented for the demonstration.")]),
        action: "/services/sample".to_owned(),
        fields: vec![free],
        history: vec![told("today at 09:30", "6 of 60", ""), told("yesterday at 17:00", "9 of 60", "today at 08:10")],
        ..service::One::default()
    }
}

pub(super) fn former() -> service::One {
    service::One {
        shell: shell("Sample rehabilitation beds", Section::Asks),
        name: "Sample rehabilitation beds".to_owned(),
        became: Some(Link::new("Sample beds", "/services/sample")),
        facts: pairs(&[("Until", "31 March 2017")]),
        ..service::One::default()
    }
}

fn steps() -> Vec<Step> {
    let step = |when: &str, what: &str, words: Option<&str>| Step {
        when: when.to_owned(),
        what: what.to_owned(),
        who: "Occupational therapist".to_owned(),
        words: words.map(str::to_owned),
        seen: Vec::new(),
    };
    vec![
        step("today at 09:10", "Ada Sample looked at how it goes", Some("Up the stairs with one rail")),
        step("on Monday 9 November 2026 at 14:00", "They were admitted on Monday 9 November 2026 at 14:00", None),
    ]
}

pub(super) fn stay() -> stay::View {
    stay::View {
        shell: about("A stay"),
        heading: "Sample beds".to_owned(),
        state: Some(Tag::new("Over its length").coloured(Colour::Red)),
        lead: "Day 44, step-up: instead of going to hospital. It may last until 21 December 2026.".to_owned(),
        done: Some("Written down.".to_owned()),
        alarm: Some("Its length ended on 21 December 2026. Make it longer with a reason, or end it.".to_owned()),
        clock: Some(ClockLine {
            name: "Intermediate care ends in time".to_owned(),
            words: "1 day late".to_owned(),
            standing: Standing::Late,
            gone: 100,
            policy: "intermediate-stay@2026-1".to_owned(),
            unverified: true,
        }),
        goals: pairs(&[("Walk to the bus stop", "Reached in part"), ("Make her own breakfast", "Not judged yet")]),
        facts: pairs(&[("Service", "Sample beds"), ("By which rule", "intermediate-stay@2026-1")]),
        ways: ways(&[("Make it longer", "/stays/s-1/extend"), ("End the stay", "/stays/s-1/end")]),
        steps: steps(),
    }
}

pub(super) fn board() -> slot::Board {
    let row = |time: &str, state: Tag, who: Option<Link>, way: Option<Link>| slot::Row {
        time: time.to_owned(),
        place: "Chair 1".to_owned(),
        state: Some(state),
        who,
        way,
        past: time.starts_with("08"),
    };
    let person = Link::new("Ada Examplethwaite", "/slots/v-1");
    slot::Board {
        shell: shell("Same-day places", Section::Asks),
        clinic: "Sample unit".to_owned(),
        lead: "Tests and a decision on the same day. Beside the sample door.".to_owned(),
        day: "Sunday 22 November 2026".to_owned(),
        days: pairs(&[("The day before", "/slots?day=2026-11-21"), ("Today", "/slots")]),
        free: "1 place is free".to_owned(),
        done: Some("8 places are published.".to_owned()),
        publish: Some("/slots/new".to_owned()),
        rows: vec![
            row("08:30 to 09:00", Tag::new("Nobody").coloured(Colour::Grey), None, None),
            row("09:00 to 09:30", Tag::new("Arrived").coloured(Colour::Blue), Some(person), None),
            row("09:30 to 10:00", Tag::new("Taken").coloured(Colour::Grey), None, None),
            row(
                "10:00 to 10:30",
                Tag::new("Free").coloured(Colour::Green),
                None,
                Some(Link::new("Offer it no more", "/slots/v-3/withdraw")),
            ),
        ],
        caution: "This is invented for the demonstration.".to_owned(),
    }
}

fn offer(text: &str) -> slot::Offer {
    slot::Offer {
        slot: "v-3".to_owned(),
        text: text.to_owned(),
        action: "/asks/a-1/slots".to_owned(),
        token: "t".to_owned(),
    }
}

pub(super) fn just_taken() -> slot::Offers {
    slot::Offers {
        shell: about("Book a same-day place"),
        back_href: "/asks/a-1".to_owned(),
        clinic: "Sample unit: tests and a decision on the same day. Beside the sample door".to_owned(),
        lead: "One press books the place and asks the clinic to take the ask over.".to_owned(),
        error: Some("This was just taken. Nothing was booked.".to_owned()),
        instead: vec![offer("Sunday 22 November 2026, 10:30 to 11:00, Chair 2")],
        days: vec![(
            "Sunday 22 November 2026".to_owned(),
            vec![offer("10:30 to 11:00, Chair 2"), offer("11:00 to 11:30, Chair 1")],
        )],
    }
}

pub(super) fn publish() -> slot::Publish {
    let places =
        ["Chair 1", "Chair 2"].map(|name| Offered { value: name.to_owned(), text: name.to_owned(), hint: None });
    slot::Publish {
        shell: shell("Publish places", Section::Asks),
        clinic: "Sample unit".to_owned(),
        lead: "Each place is offered every 30 minutes, once.".to_owned(),
        action: "/slots/new".to_owned(),
        fields: vec![
            Field { values: vec!["23 11 2026".to_owned()], ..Field::new("day", "Which day?", Kind::Line) },
            Field {
                values: vec!["Chair 1".to_owned()],
                ..Field::new("places", "Which places?", Kind::Checks(places.to_vec()))
            },
        ],
        error: None,
    }
}

pub(super) fn visit() -> slot::Visit {
    slot::Visit {
        shell: about("A same-day visit"),
        heading: "Sample unit".to_owned(),
        state: Some(Tag::new("Arrived").coloured(Colour::Blue)),
        lead: "Their place is today at 09:00. Next, somebody takes a first look.".to_owned(),
        done: None,
        clocks: vec![ClockLine {
            name: "First look in ambulatory care".to_owned(),
            words: "6 minutes left, until today at 09:17".to_owned(),
            standing: Standing::Running,
            gone: 60,
            policy: "ambulatory-initial@2026-1".to_owned(),
            unverified: true,
        }],
        facts: pairs(&[("When", "Sunday 22 November 2026 at 09:00"), ("Where", "Beside the sample door")]),
        ways: ways(&[("First look done", "/slots/v-1/first"), ("The ask it answers", "/asks/a-1")]),
        steps: vec![Step { when: "today at 09:02".to_owned(), what: "They arrived".to_owned(), ..Step::default() }],
    }
}
