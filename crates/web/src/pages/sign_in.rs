//! Sign in: the providers to go to; in the demonstration, one of its invented people to be. There are no passwords here. And the
//! pages on the way: a role to choose, a page that leads on, the page after a sign-out.

use crate::components::{Button, ButtonKind};
use crate::layout::{Section, Shell};
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
    /// Word and name of each provider.
    pub providers: Vec<(String, String)>,
    /// Whom one can be, in the demonstration.
    pub personas: Vec<Persona>,
    /// Why the last try failed, or that the session has ended.
    pub notice: Option<String>,
}

impl View {
    fn way(&self, provider: &(String, String)) -> Button {
        Button {
            kind: ButtonKind::Login,
            href: Some(format!("/sign-in/{}", provider.0)),
            text: format!("Sign in with {}", provider.1),
            ..Button::default()
        }
    }

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

/// The page on which somebody with several roles chooses one for this session.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "sign_in/roles.html")]
pub struct Roles {
    /// Shell.
    pub shell: Shell,
    /// What is sent, and the role and organisation in words.
    pub roles: Vec<(String, String)>,
}

impl Roles {
    fn button(&self, role: &(String, String)) -> Button {
        Button { name_value: Some(("role".to_owned(), role.0.clone())), ..Button::submit(&role.1) }
    }
}

/// The page to choose a role on as HTML.
#[must_use]
pub fn render_roles(view: &Roles) -> String {
    view.to_string()
}

/// A page between two places, which leads on by itself, and by a link where a browser does not.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "sign_in/onward.html")]
pub struct Onward {
    /// Shell.
    pub shell: Shell,
    /// What has happened.
    pub heading: String,
    /// What comes next.
    pub sentence: String,
    /// Where it leads, and the words of the link.
    pub to: String,
    /// The link's words.
    pub link: String,
    /// True: it leads on by itself.
    pub by_itself: bool,
}

impl Onward {
    /// Signed in.
    #[must_use]
    pub fn signed_in() -> Self {
        Self {
            shell: Shell::new("Signed in", Section::None),
            heading: "You are signed in".to_owned(),
            sentence: "Your first page opens by itself.".to_owned(),
            to: "/".to_owned(),
            link: "Open it now".to_owned(),
            by_itself: true,
        }
    }

    /// Signed out here; on to the provider.
    #[must_use]
    pub fn signed_out(provider: &str, address: &str) -> Self {
        Self {
            shell: Shell::new("Signed out", Section::None),
            heading: "You have been signed out here".to_owned(),
            sentence: format!("Next comes {provider}, to sign you out there as well."),
            to: address.to_owned(),
            link: "Go on".to_owned(),
            by_itself: true,
        }
    }

    /// Signed out.
    #[must_use]
    pub fn gone() -> Self {
        Self {
            shell: Shell::new("Signed out", Section::None),
            heading: "You have been signed out".to_owned(),
            sentence: "On a shared computer, close the browser as well.".to_owned(),
            to: "/".to_owned(),
            link: "Sign in again".to_owned(),
            by_itself: false,
        }
    }
}

/// A page that leads on as HTML.
#[must_use]
pub fn render_onward(view: &Onward) -> String {
    view.to_string()
}
