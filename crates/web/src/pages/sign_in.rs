//! Sign in: pick one of the invented people of the demonstration. No password, because there is nothing real to guard.

use crate::components::Button;
use crate::layout::Shell;
use askama::Template;

/// Somebody to sign in as.
#[derive(Debug, Clone, Default)]
pub struct Persona {
    /// Sent with the form.
    pub id: String,
    /// Name.
    pub name: String,
    /// Role: `Community nurse`.
    pub role: String,
    /// Organisation and place.
    pub organisation: String,
    /// One sentence on what they may see.
    pub sees: String,
}

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "sign_in/page.html")]
pub struct View {
    /// Shell, with the token of the form.
    pub shell: Shell,
    /// Whom one can be.
    pub personas: Vec<Persona>,
    /// Why the last try failed, or that the session has ended.
    pub notice: Option<String>,
}

impl View {
    fn button(&self, persona: &Persona) -> Button {
        let text = format!("Sign in as {}", persona.name);
        Button { name_value: Some(("persona".to_owned(), persona.id.clone())), small: true, ..Button::submit(&text) }
    }
}

/// The page as HTML.
#[must_use]
pub fn render(view: &View) -> String {
    view.to_string()
}
