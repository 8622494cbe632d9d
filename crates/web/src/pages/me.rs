//! A person's own pages: what is kept about them in plain words, which services know them, who looked and why.

use crate::components::{BackLink, Details, ErrorSummary, Html, Pagination, Problem};
use crate::layout::Shell;
use crate::pages::question::{Ask, Told};
use crate::pages::record::Group;
use askama::Template;

/// Their record in their own words' order: what is coming, what keeps them safe, what they take, what they live with.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "me/page.html")]
pub struct View {
    /// Shell, with the person.
    pub shell: Shell,
    /// `Hello, Margaret Ashworth.`
    pub hello: String,
    /// What is known of who they are: name, value.
    pub who: Vec<(String, String)>,
    /// Sources disagree: a sentence, and where it stands side by side.
    pub differ: Option<(String, String)>,
    /// The sections of the record.
    pub groups: Vec<Group>,
    /// Everything, in order of time.
    pub timeline_href: String,
    /// The record as services see it.
    pub record_href: String,
    /// Which services know them: `Stepping Hill Hospital last wrote about you on 14 January 2026.`
    pub services: Vec<String>,
    /// The latest looks of others.
    pub looks: Vec<Look>,
    /// The rest of them, in words.
    pub more_looks: String,
}

impl View {
    fn wrong(&self) -> Details {
        let lines = [
            "Weft only shows what services have written; it cannot change their words. Ask the service named beside the line \
             to correct it. When it does, this page follows.",
            "If a line is about somebody else, tell your practice today, and say that you saw it here.",
        ];
        Details::new("Something here is wrong", Html::bullets(&lines))
    }

    fn who_list(&self) -> crate::components::SummaryList {
        let rows = self.who.iter().map(|(key, value)| crate::components::SummaryRow::new(key, value));
        crate::components::SummaryList::new(rows.collect())
    }
}

/// Their page as HTML.
#[must_use]
pub fn render(view: &View) -> String {
    view.to_string()
}

/// One look at them.
#[derive(Debug, Clone, Default)]
pub struct Look {
    /// "A district nurse (Ruth Oyelaran, Marple neighbourhood team) opened your record to give care."
    pub sentence: String,
    /// `Tuesday 3 March 2026 at 10:14`.
    pub when: String,
    /// Its number, by which it is asked about.
    pub number: String,
    /// What was asked about it, and answered.
    pub told: Vec<Told>,
    /// The form to ask; `None` where an answer is still to come, and where looks are only named.
    pub form: Option<Ask>,
}

impl Look {
    fn ask_why(&self) -> Option<Details> {
        let form = self.form.as_ref()?;
        let text = if self.told.is_empty() { "Ask why" } else { "Ask again" };
        Some(Details { open: form.error.is_some(), ..Details::new(text, Html::of(form)) })
    }
}

/// Who looked at them.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "me/looks.html")]
pub struct Looks {
    /// Shell, with the person.
    pub shell: Shell,
    /// `12 looks by 4 people.`
    pub count: String,
    /// How often they looked themselves, in a sentence.
    pub own: String,
    /// Newest first.
    pub looks: Vec<Look>,
    /// A question that could not be asked: its field, and what is wrong.
    pub problem: Option<(String, String)>,
    /// Other pages.
    pub pagination: Option<Pagination>,
}

impl Looks {
    fn summary(&self) -> Option<ErrorSummary> {
        self.problem.as_ref().map(|(id, text)| ErrorSummary::new(vec![Problem::at(id, text)]))
    }

    fn back(&self) -> BackLink {
        BackLink::to("My record", "/me")
    }
}

/// Who looked, as HTML.
#[must_use]
pub fn render_looks(view: &Looks) -> String {
    view.to_string()
}
