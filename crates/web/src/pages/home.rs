//! The home of a role: what needs it now, list by list, with the age and the source of each; and what is not built yet, in
//! plain words. One list on a page of its own is the same list, longer.

use crate::components::{BackLink, Button, Input, Label, Pagination, Table, Tag};
use crate::layout::Shell;
use askama::Template;
use askama::filters::HtmlSafe;

/// One person on a list.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Their record, for a role that opens records.
    pub href: Option<String>,
    /// Name.
    pub name: String,
    /// `Born 14 March 1938 (88 years)`.
    pub born: String,
    /// NHS number, spaced; `No NHS number`.
    pub number: String,
    /// `Died on 3 March 2026`.
    pub died: Option<String>,
    /// Why they are on the list, in a few words: `Left hospital 2 days ago`.
    pub what: String,
    /// More of it: ward, reason, team.
    pub detail: Option<String>,
    /// Where they live or are registered, where the list is of more than one place.
    pub place: Option<String>,
}

/// How fresh one source of a list is.
#[derive(Debug, Clone, Default)]
pub struct Fresh {
    /// `Stepping Hill Hospital, last heard 12 minutes ago`.
    pub text: String,
    /// Set where the source is past its promise.
    pub late: Option<Tag>,
}

/// One list.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "home/sheet.html")]
pub struct Sheet {
    /// Its id on the page and its word in addresses.
    pub id: String,
    /// `Home from hospital, last 7 days`.
    pub title: String,
    /// `34`; empty where nobody is on it.
    pub count: String,
    /// Where it comes from, and how old that is.
    pub fresh: Vec<Fresh>,
    /// A sentence that must be read with it.
    pub note: Option<String>,
    /// Counts, above the people.
    pub tables: Vec<Table>,
    /// The people.
    pub rows: Vec<Row>,
    /// What would stand here, if nothing does.
    pub empty: String,
    /// The rest, in words, and where.
    pub more: Option<(String, String)>,
}

impl HtmlSafe for Sheet {}

/// The home of a role.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "home/page.html")]
pub struct View {
    /// Shell.
    pub shell: Shell,
    /// Whose desk it is: `Marple Bridge Surgery, Marple neighbourhood`.
    pub place: String,
    /// `Sunday 22 November 2026, 09:30`.
    pub now: String,
    /// The role finds people: a box to begin with.
    pub finds: bool,
    /// The lists, what needs somebody first.
    pub sheets: Vec<Sheet>,
    /// What is not built yet, and what to do until then.
    pub yet: Vec<String>,
    /// Where else to go: words, address.
    pub ways: Vec<(String, String)>,
}

impl View {
    fn name_field(&self) -> Input {
        Input {
            width: Some(20),
            autocomplete: Some("off".to_owned()),
            spellcheck: Some(false),
            ..Input::new("name", Label::new("Find a person by name"))
        }
    }

    fn button(&self) -> Button {
        Button { small: true, ..Button::secondary("Find") }
    }
}

/// The home as HTML.
#[must_use]
pub fn render(view: &View) -> String {
    view.to_string()
}

/// One list, whole.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "home/list.html")]
pub struct List {
    /// Shell.
    pub shell: Shell,
    /// Whose desk it is.
    pub place: String,
    /// The list.
    pub sheet: Sheet,
    /// `51 to 100 of 134`; empty where all are here.
    pub shown: String,
    /// Other pages.
    pub pagination: Option<Pagination>,
}

impl List {
    fn back(&self) -> BackLink {
        BackLink::to("Home", "/")
    }
}

/// One list as HTML.
#[must_use]
pub fn render_list(view: &List) -> String {
    view.to_string()
}
