//! Button: a press that does something (a form), or a link that looks like one.

use super::classes;
use askama::Template;
use askama::filters::HtmlSafe;

/// How much a button stands out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// The one main press of a page.
    #[default]
    Primary,
    /// A lesser press.
    Secondary,
    /// The same on a filled background.
    SecondarySolid,
    /// On a dark background.
    Reverse,
    /// Sign in.
    Login,
    /// A press that cannot be taken back.
    Warning,
}

/// A button. With `href` it is a link.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "components/button.html")]
pub struct Button {
    /// What it does, in words.
    pub text: String,
    /// How much it stands out.
    pub kind: ButtonKind,
    /// Smaller, beside a table row or in a card.
    pub small: bool,
    /// Shown, but does nothing.
    pub disabled: bool,
    /// Where it leads, if it is a link.
    pub href: Option<String>,
    /// Field name and value sent with the form when this button is pressed.
    pub name_value: Option<(String, String)>,
    /// True: a second press within a second is dropped by the browser; `None` leaves the attribute out.
    pub prevent_double_click: Option<bool>,
}

impl HtmlSafe for Button {}

impl Button {
    /// A main button that sends its form once.
    #[must_use]
    pub fn submit(text: &str) -> Self {
        Self { text: text.to_owned(), prevent_double_click: Some(true), ..Self::default() }
    }

    /// A lesser button that sends its form once.
    #[must_use]
    pub fn secondary(text: &str) -> Self {
        Self { kind: ButtonKind::Secondary, small: true, ..Self::submit(text) }
    }

    fn classes(&self) -> String {
        let kind = match self.kind {
            ButtonKind::Primary => "",
            ButtonKind::Secondary => "nhsuk-button--secondary",
            ButtonKind::SecondarySolid => "nhsuk-button--secondary-solid",
            ButtonKind::Reverse => "nhsuk-button--reverse",
            ButtonKind::Login => "nhsuk-button--login",
            ButtonKind::Warning => "nhsuk-button--warning",
        };
        classes("nhsuk-button", &[(self.small, "nhsuk-button--small")], kind)
    }
}
