//! How a person's record is shared: whether between organisations, whether for planning, with whom they share it themselves.
//! Each choice says what it does before it is made, and can be taken back on the same page.

use crate::components::{
    BackLink, Button, ButtonKind, Choice, Choices, ErrorSummary, Html, Input, Label, Legend, NotificationBanner,
    Problem, Tag, Textarea,
};
use crate::layout::Shell;
use askama::Template;

/// Somebody who was let in.
#[derive(Debug, Clone, Default)]
pub struct Proxy {
    /// What the form sends to end it.
    pub reader: String,
    /// Their name.
    pub name: String,
    /// What they may see, line by line.
    pub sees: Vec<String>,
    /// `From 3 March 2026 until the end of 3 September 2026.`
    pub when: String,
    /// Its time is over.
    pub over: bool,
}

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "sharing/page.html")]
pub struct View {
    /// Shell, with the person.
    pub shell: Shell,
    /// What was done just now.
    pub done: Option<String>,
    /// What is wrong: the id of the field, and the words.
    pub wrong: Option<(String, String)>,
    /// Since when they object; `None`: they do not.
    pub objected: Option<String>,
    /// Why, in their words; empty where they did not say.
    pub because: String,
    /// Since when they refuse planning.
    pub planning_refused: Option<String>,
    /// Whom they let in.
    pub proxies: Vec<Proxy>,
    /// They are between eleven and sixteen: a sentence.
    pub review: Option<String>,
    /// Whom they can let in: value, name. Empty where people are named by their code.
    pub people: Vec<(String, String)>,
    /// The lines of the consent list: word, words, chosen.
    pub parts: Vec<(String, String, bool)>,
    /// What was typed: the value chosen, the name, the code, how long.
    pub typed: Typed,
}

/// What was typed before.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// Whom.
    pub reader: String,
    /// Their name.
    pub name: String,
    /// For how many months.
    pub months: String,
}

/// For how long somebody can be let in: months, words.
pub const LENGTHS: [(&str, &str); 4] = [("1", "1 month"), ("3", "3 months"), ("6", "6 months"), ("12", "1 year")];

impl View {
    fn back(&self) -> BackLink {
        BackLink::to("My record", "/me")
    }

    fn banner(&self) -> Option<NotificationBanner> {
        self.done.as_deref().map(NotificationBanner::success)
    }

    fn summary(&self) -> Option<ErrorSummary> {
        self.wrong.as_ref().map(|(id, text)| ErrorSummary::new(vec![Problem::at(id, text)]))
    }

    fn error(&self, id: &str) -> Html {
        self.wrong.as_ref().filter(|(at, _)| at == id).map_or_else(Html::default, |(_, text)| text.as_str().into())
    }

    fn objection_words(&self) -> Textarea {
        Textarea {
            hint: "You do not have to say. What you write here can be read by you and by the privacy officer".into(),
            error: self.error("words"),
            rows: 3,
            ..Textarea::new("words", Label::new("Why? (optional)"))
        }
    }

    fn choose(text: &str, choice: &str, kind: ButtonKind) -> Button {
        Button { kind, name_value: Some(("choice".to_owned(), choice.to_owned())), ..Button::submit(text) }
    }

    fn object(&self) -> Button {
        Self::choose("Stop sharing between organisations", "object", ButtonKind::Secondary)
    }

    fn withdraw(&self) -> Button {
        Self::choose("Share between organisations again", "withdraw", ButtonKind::Secondary)
    }

    fn refuse_planning(&self) -> Button {
        Self::choose("Do not use my record for planning", "refuse-planning", ButtonKind::Secondary)
    }

    fn allow_planning(&self) -> Button {
        Self::choose("Let my record be used for planning again", "allow-planning", ButtonKind::Secondary)
    }

    fn end(&self, proxy: &Proxy) -> Button {
        let text = format!("End what {} can see", proxy.name);
        Button { small: true, ..Self::choose(&text, "end", ButtonKind::Secondary) }
    }

    fn over(&self) -> Tag {
        Tag::new("Over").coloured(crate::components::Colour::Grey)
    }

    fn who_choices(&self) -> Choices {
        let choice = |(value, name): &(String, String)| Choice::new(value, name, *value == self.typed.reader);
        let mut choices = Choices::radios("reader", Legend::new("Who?"), self.people.iter().map(choice).collect());
        choices.error = self.error("reader");
        choices
    }

    fn code_field(&self) -> Input {
        Input {
            hint: "They find it on their own page “Others’ records”, and give it to you themselves".into(),
            error: self.error("reader"),
            value: (!self.typed.reader.is_empty()).then(|| self.typed.reader.clone()),
            autocomplete: Some("off".to_owned()),
            ..Input::new("reader", Label::new("Their code"))
        }
    }

    fn name_field(&self) -> Input {
        Input {
            error: self.error("name"),
            value: (!self.typed.name.is_empty()).then(|| self.typed.name.clone()),
            autocomplete: Some("off".to_owned()),
            ..Input::new("name", Label::new("Their name"))
        }
    }

    fn part_choices(&self) -> Choices {
        let all = Choice {
            hint: "Everything below, and nothing that is sealed or marked as sensitive".into(),
            ..Choice::new("everything", "Everything", false)
        };
        let parts = self.parts.iter().map(|(word, said, chosen)| Choice::new(word, said, *chosen));
        let mut choices =
            Choices::checkboxes("sees", Legend::new("What may they see?"), std::iter::once(all).chain(parts).collect());
        choices.error = self.error("sees");
        choices.hint = "They see your name, birth date, NHS number and address with it".into();
        choices
    }

    fn length_choices(&self) -> Choices {
        let choice = |(value, text): &(&str, &str)| Choice::new(value, text, *value == self.typed.months);
        let mut choices = Choices::radios("months", Legend::new("For how long?"), LENGTHS.iter().map(choice).collect());
        choices.error = self.error("months");
        choices.hint = "It ends by itself. You can end it earlier, here, at any time".into();
        choices
    }

    fn allow(&self) -> Button {
        Button::submit("Let them see")
    }
}

/// The page as HTML.
#[must_use]
pub fn render(view: &View) -> String {
    view.to_string()
}
