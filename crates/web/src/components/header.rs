//! Header: the service's name, who is signed in, and the way around. Weft is not an NHS organisation, so the NHS logo
//! of the design system's header is left out.

use super::{Icon, Link};
use askama::Template;
use askama::filters::HtmlSafe;

/// Signing out is a form, so that no link on another site can do it.
#[derive(Debug, Clone, Default)]
pub struct SignOut {
    /// The words on the button.
    pub text: String,
    /// Where the form goes.
    pub action: String,
    /// Hidden field of the form: name and value of the cross-site token.
    pub token: Option<(String, String)>,
}

/// Who is signed in.
#[derive(Debug, Clone, Default)]
pub struct Account {
    /// Name, and role where it helps.
    pub name: Option<String>,
    /// Where their own page is, if there is one.
    pub href: Option<String>,
    /// Other links: "Sign in".
    pub links: Vec<Link>,
    /// How to sign out.
    pub sign_out: Option<SignOut>,
}

/// The head of the page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "components/header.html")]
pub struct Header {
    /// The name of the service.
    pub service: String,
    /// Where its name leads.
    pub href: String,
    /// Who is signed in.
    pub account: Option<Account>,
    /// The way around; empty for nobody signed in.
    pub navigation: Vec<Link>,
    /// A white header instead of a blue one.
    pub white: bool,
}

impl HtmlSafe for Header {}

impl Header {
    fn user_icon(&self) -> Icon {
        Icon::USER
    }
}
