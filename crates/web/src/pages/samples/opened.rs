//! Made-up pages of opened closed records and of seals.

use super::person::banner;
use super::shell;
use crate::components::{Colour, Column, GlassBanner, Table};
use crate::layout::{Section, Shell};
use crate::pages::{glass, seal};

fn chosen(choices: &[(&str, &str)], on: &str) -> Vec<glass::Chosen> {
    let each = |(value, text): &(&str, &str)| glass::Chosen {
        value: (*value).to_owned(),
        text: (*text).to_owned(),
        on: *value == on,
    };
    choices.iter().map(each).collect()
}

fn about(title: &str) -> Shell {
    Shell { person: Some(banner()), ..shell(title, Section::People) }
}

fn typed(errors: &[(&str, &str)]) -> Vec<(String, String)> {
    errors.iter().map(|(field, text)| ((*field).to_owned(), (*text).to_owned())).collect()
}

pub(super) fn glass_break() -> glass::Break {
    glass::Break {
        shell: about("Open a closed record"),
        action: "/people/p-7f3a/glass".to_owned(),
        why: chosen(&[("emergency", "An emergency"), ("other", "Another reason")], "emergency"),
        ..glass::Break::default()
    }
}

pub(super) fn glass_break_errors() -> glass::Break {
    glass::Break {
        reason: "urgent".to_owned(),
        secret: true,
        errors: typed(&[
            ("why", "Choose what sort of reason it is"),
            ("reason", "Say in at least 20 characters why you need this record now."),
            ("secret_because", "Say in at least 20 characters why."),
        ]),
        ..glass_break()
    }
}

pub(super) fn glass_register() -> glass::Register {
    let line = |state: &str, colour, clock: &str| glass::Line {
        href: "/privacy/glass/g-1".to_owned(),
        who: "Bram Fictive".to_owned(),
        role: "GP, Example Medical Practice".to_owned(),
        why: "An emergency".to_owned(),
        when: "Friday 20 November 2026 at 10:14".to_owned(),
        state: state.to_owned(),
        colour: Some(colour),
        clock: clock.to_owned(),
    };
    let columns = vec![Column::new("Held by"), Column::numeric("Entries")];
    glass::Register {
        shell: shell("Closed records that were opened", Section::Home),
        alerts: vec!["A GP of Example Medical Practice opened a closed record. The register has it.".to_owned()],
        waiting: vec![
            line("Overdue", Colour::Red, "was due by 13 November 2026"),
            line("Due", Colour::Yellow, "by 27 November 2026"),
        ],
        reviewed: vec![line("Appropriate", Colour::Green, "12 November 2026")],
        seals: Some(Table::new("Seals", columns, vec![vec!["Example Medical Practice".into(), "2".into()]])),
    }
}

pub(super) fn glass_entry() -> glass::Entry {
    glass::Entry {
        shell: about("A closed record that was opened"),
        action: "/privacy/glass/g-1".to_owned(),
        facts: typed(&[("Opened by", "Bram Fictive, GP"), ("In their words", "Found on the floor at home")]),
        looks_href: "/people/p-7f3a/access".to_owned(),
        outcome: chosen(&[("appropriate", "Appropriate"), ("not-appropriate", "Not appropriate")], ""),
        told: chosen(&[("yes", "Yes"), ("no", "No")], ""),
        errors: typed(&[("outcome", "Choose whether it was right"), ("words", "Say what you found")]),
        ..glass::Entry::default()
    }
}

pub(super) fn seal_page() -> seal::View {
    seal::View {
        shell: Shell {
            glass: Some(GlassBanner {
                sentence: "You opened this closed record at 10:14. It closes at 11:14.".to_owned(),
                action: "/people/p-7f3a/glass/close".to_owned(),
                token: "t0k3n".to_owned(),
            }),
            ..about("Seal an entry")
        },
        action: "/people/p-7f3a/seal/e-1".to_owned(),
        record_href: "/people/p-7f3a".to_owned(),
        facts: typed(&[("Entry", "Type 2 diabetes mellitus"), ("From", "Example Medical Practice")]),
        standing: vec![seal::Standing {
            id: "s-1".to_owned(),
            sentence: "Sealed by Example Medical Practice since 20 November 2026, at the person's wish.".to_owned(),
            lift: "Lift the seal".to_owned(),
        }],
        may_set: true,
        levels: chosen(&[("shown", "Others see that something is sealed"), ("hidden", "Others do not")], "shown"),
        whose: chosen(&[("person", "The person's")], ""),
        errors: typed(&[("whose", "Choose whose wish it is"), ("review", "Choose a day in the next year")]),
        ..seal::View::default()
    }
}
