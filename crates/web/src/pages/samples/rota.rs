//! Rotas of the advice lines.

use super::shell;
use crate::layout::Section;
use crate::pages::rota::{Choice, Day, Home, Line, View, Week};

pub(super) fn home() -> Home {
    let line = |name: &str, today: Vec<String>, stands: &str| Line {
        name: name.to_owned(),
        href: "/advice/rota/endocrinology".to_owned(),
        today,
        stands: stands.to_owned(),
    };
    Home {
        shell: shell("Rotas of the advice lines", Section::None),
        lines: vec![
            line("Endocrinology", on(), "Published until 31 December 2026."),
            line("Haematology", Vec::new(), "No rota is published. A draft waits to be published."),
        ],
    }
}

fn on() -> Vec<String> {
    ["1. Dr Judith Marlowe, 09:00 to 17:00", "2. Dr Ewan Tarrant, 09:00 to 17:00"].map(str::to_owned).to_vec()
}

pub(super) fn rota() -> View {
    let day = |name: &str, on: Vec<String>, gap: &str| Day {
        day: name.to_owned(),
        promised: "09:00 to 17:00".to_owned(),
        on,
        gaps: if gap.is_empty() { Vec::new() } else { vec![gap.to_owned()] },
    };
    let gap = "from Tuesday 8 December 2026 09:00 to 17:00";
    let shut = Day { promised: String::new(), ..day("Saturday 12 December 2026", Vec::new(), "") };
    View {
        shell: shell("The rota of an advice line", Section::None),
        name: "Endocrinology".to_owned(),
        action: "/advice/rota/endocrinology".to_owned(),
        today: on(),
        covered: vec!["Monday to Friday, 09:00 to 17:00, not on bank holidays".to_owned()],
        waits: true,
        shown: "The draft, not published yet".to_owned(),
        gaps: vec![format!("Nobody {gap}")],
        weeks: vec![Week {
            title: "Week of 7 December 2026".to_owned(),
            days: vec![day("Monday 7 December 2026", on(), ""), day("Tuesday 8 December 2026", Vec::new(), gap), shut],
        }],
        choices: [("Monday", "mon"), ("Tuesday", "tue")]
            .map(|(name, word)| Choice { day: name.to_owned(), word: word.to_owned(), chosen: vec!["r-1".to_owned()] })
            .to_vec(),
        people: vec![
            ("r-1".to_owned(), "Dr Ewan Tarrant".to_owned()),
            ("r-2".to_owned(), "Dr Judith Marlowe".to_owned()),
        ],
        days: ("7 12 2026".to_owned(), "31 12 2026".to_owned()),
        errors: vec!["Nobody is on in hours that are promised, so the rota is not published".to_owned()],
        ..View::default()
    }
}
