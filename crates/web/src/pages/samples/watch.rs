//! Made-up view models of who looks, for the privacy officer's pages.

use super::shell;
use crate::layout::Section;
use crate::pages::privacy::{Form, Home, Look, Looks, Pattern, Reviewed, Worth};
use crate::pages::{rules, sessions};

fn form() -> Form {
    let choice = |value: &str, text: &str, chosen| (value.to_owned(), text.to_owned(), chosen);
    Form {
        reader: "Sample".to_owned(),
        roles: vec![choice("gp", "GP", true), choice("receptionist", "Receptionist", false)],
        organisations: vec![choice("Examplethwaite Surgery", "Examplethwaite Surgery", false)],
        actions: vec![choice("read-record", "Opened a record", false)],
        purposes: vec![choice("direct-care", "To give care", false)],
        outcomes: vec![choice("allowed", "Allowed", false), choice("refused", "Refused", false)],
        from: ["1", "3", "2026"].map(str::to_owned),
        ..Form::default()
    }
}

fn worth() -> Worth {
    Worth {
        sentence: "Dr Ada Sample, a GP (Examplethwaite Surgery), opened the record of Ben Sample, who has the same family name."
            .to_owned(),
        why: "They may be related, or share a common name.".to_owned(),
        href: "/privacy/patterns/p-41".to_owned(),
    }
}

fn reviewed() -> Reviewed {
    Reviewed {
        sentence: "Helen Example looked into reception outside its hours, Tuesday 3 March 2026 at 10:14.".to_owned(),
        words: "The surgery was open late for vaccinations.".to_owned(),
    }
}

fn look() -> Look {
    Look {
        when: "Tuesday 3 March 2026 at 10:14".to_owned(),
        name: "Dr Ada Sample".to_owned(),
        role: "GP, Examplethwaite Surgery".to_owned(),
        did: "Opened a record to give care".to_owned(),
        because: "You are registered with the practice they work for".to_owned(),
        people: vec![("Ben Sample".to_owned(), "/people/p-7f3a/access".to_owned())],
        more: 2,
    }
}

pub(super) fn home() -> Home {
    Home {
        shell: shell("Privacy", Section::Privacy),
        alarm: Some("They are kept nowhere else.".to_owned()),
        ways: vec![("Questions that people have asked".to_owned(), "/privacy/questions".to_owned())],
        patterns: vec![worth()],
        reviews: vec![reviewed()],
        form: form(),
    }
}

pub(super) fn home_empty() -> Home {
    Home { alarm: None, ways: Vec::new(), patterns: Vec::new(), reviews: Vec::new(), form: Form::default(), ..home() }
}

pub(super) fn looks() -> Looks {
    Looks {
        shell: shell("Looks", Section::Privacy),
        form: Form { person: Some(("p-7f3a".to_owned(), "Ben Sample".to_owned())), ..form() },
        asked: "Looks since 1 March 2026, the newest first.".to_owned(),
        looks: vec![look()],
        older: Some("/privacy/looks?before=gfe-fe".to_owned()),
        export: "/privacy/looks.csv".to_owned(),
    }
}

pub(super) fn looks_wrong() -> Looks {
    let wrong = |words: &str| Some(words.to_owned());
    let form = Form {
        reader_error: wrong("Nobody of this name or id has looked at anything"),
        from_error: wrong("Type a real day, for example 22 11 2026"),
        ..form()
    };
    Looks { form, looks: Vec::new(), older: None, ..looks() }
}

pub(super) fn pattern() -> Pattern {
    Pattern {
        shell: shell("Worth a look", Section::Privacy),
        worth: Some(worth()),
        looks: vec![look()],
        count: "1 look is behind it.".to_owned(),
        action: "/privacy/patterns/p-41".to_owned(),
        words: "ok".to_owned(),
        error: Some("Say in a sentence what you found".to_owned()),
        reviews_it: true,
        reviews: vec![reviewed()],
    }
}

pub(super) fn pattern_done() -> Pattern {
    Pattern { worth: None, looks: Vec::new(), error: None, reviews_it: false, ..pattern() }
}

pub(super) fn rules() -> rules::View {
    let rule = |name: &str, because: &str, at: &str| rules::Rule {
        name: name.to_owned(),
        because: because.to_owned(),
        at: at.to_owned(),
    };
    rules::View {
        shell: shell("The rules", Section::Privacy),
        facts: vec![("Fingerprint".to_owned(), "0a1b2c3d 4e5f6071".to_owned())],
        opens: vec![rule("clinicians-find", "their role gives care", "clinicians.cedar, line 4")],
        closes: vec![rule("sealed", "it is sealed", "forbids.cedar, line 33")],
        files: vec![(
            "forbids.cedar".to_owned(),
            "forbid (principal, action, resource)\nunless { principal.assured };\n".to_owned(),
        )],
    }
}

pub(super) fn sessions() -> sessions::View {
    let one = |id: &str, title: &str, this| sessions::Session {
        id: id.to_owned(),
        title: title.to_owned(),
        since: "Since 3 March 2026 at 09:30; last used 2 minutes ago.".to_owned(),
        this,
    };
    sessions::View {
        shell: shell("Where you are signed in", Section::None),
        done: Some("Ended. Whoever used it has to sign in again.".to_owned()),
        sessions: vec![one("0198", "This one, as GP", true), one("0199", "A program, as GP", false)],
        idle: "15 minutes".to_owned(),
    }
}
