//! Pages for when something is not possible. Each says what happened, whether anything was lost, and what to do; none
//! says anything about a person, a table or a file.

use crate::components::Html;
use crate::layout::{Section, Shell};
use askama::Template;

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "problem/page.html")]
pub struct View {
    /// Shell.
    pub shell: Shell,
    /// What happened, in a few words.
    pub heading: String,
    /// What it means.
    pub sentences: Vec<String>,
    /// What to do.
    pub advice: Vec<String>,
    /// A way on: its words and where it leads.
    pub way: Option<(String, String)>,
    /// Ask for help with this.
    pub error_id: Option<String>,
}

impl View {
    fn new(heading: &str, sentences: &[&str], advice: &[&str]) -> Self {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        Self {
            shell: Shell::new(heading, Section::None),
            heading: heading.to_owned(),
            sentences: owned(sentences),
            advice: owned(advice),
            way: None,
            error_id: None,
        }
    }

    /// 403: the reader may not; why, in a sentence that gives nothing away.
    #[must_use]
    pub fn forbidden(reason: &str) -> Self {
        Self::new(
            "You are not able to see this",
            &[reason, "That you asked has been written down, as every look is."],
            &["If you need it for the care of a person, ask whoever is in charge of access in your organisation."],
        )
    }

    /// 403: nothing ties the person to the reader. `glass` is where they may give a reason to open the record all the same.
    #[must_use]
    pub fn closed(reason: &str, glass: Option<&str>) -> Self {
        let advice = [
            "If the person is new to you, open their record once they are registered, booked or referred: it opens by itself.",
            "If you think that it should be open to you, ask whoever refers or books people to correct it.",
        ];
        let last = "If they need care now and you cannot wait, give your reason. The person and a privacy officer will read it.";
        Self {
            way: glass.map(|href| ("Give a reason to open this record".to_owned(), href.to_owned())),
            ..Self::new(
                "This record is closed to you",
                &[reason, "Nothing of the record was shown. That you asked has been written down, as every look is."],
                &advice.into_iter().chain(glass.map(|_| last)).collect::<Vec<_>>(),
            )
        }
    }

    /// 404: nothing is there, or the reader may not know that something is.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(
            "Page not found",
            &["There is no page at this address, or it is not one for you."],
            &[
                "If you typed the address, check it.",
                "If you followed a link, what it led to may have moved: start again from “Find a person”.",
            ],
        )
    }

    /// 400: the request made no sense; what about it, without repeating what was sent.
    #[must_use]
    pub fn bad_request(what: &str) -> Self {
        Self::new(
            "That could not be understood",
            &[what, "Nothing was changed."],
            &["Go back, check what you typed, and send it again."],
        )
    }

    /// 429: too often in a short time.
    #[must_use]
    pub fn too_fast() -> Self {
        Self::new(
            "That was too often",
            &["There is a limit on how often one person or one office may try this in a minute. Nothing is locked."],
            &["Wait a minute, and try again."],
        )
    }

    /// 503: it could not be saved (a full disk, a database that does not answer); why, in a sentence.
    #[must_use]
    pub fn unavailable(why: &str) -> Self {
        Self::new(
            "That is not possible at the moment",
            &[
                why,
                "Nothing was half saved: what you sent was not taken at all. No record is shown until the look can be written down.",
            ],
            &["Go back: what you typed is still there. Try again in a few minutes."],
        )
    }

    /// 500: our mistake; the id leads whoever runs the service to its cause.
    #[must_use]
    pub fn broken(error_id: &str) -> Self {
        Self {
            error_id: Some(error_id.to_owned()),
            ..Self::new(
                "Something went wrong here",
                &["The mistake is ours, not yours. Nothing that you sent was half saved."],
                &["Try again. If it happens again, tell whoever runs the service, with the number below."],
            )
        }
    }

    fn advice_list(&self) -> Html {
        Html::bullets(&self.advice.iter().map(String::as_str).collect::<Vec<_>>())
    }
}

/// The page as HTML.
#[must_use]
pub fn render(view: &View) -> String {
    view.to_string()
}
