//! Error summary: at the top of a form that could not be taken; each line leads to its field.

use super::Html;
use askama::Template;
use askama::filters::HtmlSafe;

/// One thing that is wrong.
#[derive(Debug, Clone, Default)]
pub struct Problem {
    /// What is wrong and what to do; the same words as beside the field.
    pub text: Html,
    /// The field: `#name`.
    pub href: Option<String>,
}

impl Problem {
    /// A problem with the field of this id.
    #[must_use]
    pub fn at(id: &str, text: &str) -> Self {
        Self { text: text.into(), href: Some(format!("#{id}")) }
    }
}

/// Everything that is wrong with a form.
#[derive(Debug, Clone, Template)]
#[template(path = "components/error_summary.html")]
pub struct ErrorSummary {
    /// "There is a problem".
    pub heading: String,
    /// A sentence under the heading.
    pub description: Option<String>,
    /// The problems, in the order of the fields.
    pub problems: Vec<Problem>,
    /// Whether the browser leaves the focus where it is; `None` leaves the attribute out.
    pub disable_auto_focus: Option<bool>,
}

impl HtmlSafe for ErrorSummary {}

impl ErrorSummary {
    /// The usual heading over these problems.
    #[must_use]
    pub fn new(problems: Vec<Problem>) -> Self {
        Self { heading: "There is a problem".to_owned(), description: None, problems, disable_auto_focus: None }
    }
}
