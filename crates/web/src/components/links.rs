//! Links that have a place and a look of their own: skip link, back link, breadcrumbs, action link.

use super::{Html, Icon};
use askama::Template;
use askama::filters::HtmlSafe;

/// Words and where they lead.
#[derive(Debug, Clone, Default, PartialEq, Eq, Template)]
#[template(source = r#"<a class="nhsuk-link" href="{{ href }}">{{ text }}</a>"#, ext = "html")]
pub struct Link {
    /// The words.
    pub text: String,
    /// The address.
    pub href: String,
    /// The page we are on.
    pub current: bool,
}

impl HtmlSafe for Link {}

impl Link {
    /// A link to another page.
    #[must_use]
    pub fn new(text: &str, href: &str) -> Self {
        Self { text: text.to_owned(), href: href.to_owned(), current: false }
    }
}

/// First on the page: past the header to the content.
#[derive(Debug, Clone, Template)]
#[template(
    source = r#"<a class="nhsuk-skip-link" data-module="nhsuk-skip-link" href="{{ href }}">{{ text }}</a>"#,
    ext = "html"
)]
pub struct SkipLink {
    /// The words.
    pub text: String,
    /// The content: `#maincontent`.
    pub href: String,
}

impl HtmlSafe for SkipLink {}

impl Default for SkipLink {
    fn default() -> Self {
        Self { text: "Skip to main content".to_owned(), href: "#maincontent".to_owned() }
    }
}

/// Back to the page before.
#[derive(Debug, Clone, Template)]
#[template(
    source = r#"<a class="nhsuk-back-link{% if reverse %} nhsuk-back-link--reverse{% endif %}" href="{{ href }}">{{ text }}</a>"#,
    ext = "html"
)]
pub struct BackLink {
    /// The words; "Back" says the least.
    pub text: String,
    /// The address.
    pub href: String,
    /// On a dark background.
    pub reverse: bool,
}

impl HtmlSafe for BackLink {}

impl BackLink {
    /// A link back to a page that has a name.
    #[must_use]
    pub fn to(text: &str, href: &str) -> Self {
        Self { text: text.to_owned(), href: href.to_owned(), reverse: false }
    }
}

/// The way from the top to here; on a phone only the last step, as a back link.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "components/breadcrumbs.html")]
pub struct Breadcrumbs {
    /// The steps, outermost first; the page itself is not one of them.
    pub links: Vec<Link>,
    /// On a dark background.
    pub reverse: bool,
}

impl HtmlSafe for Breadcrumbs {}

impl Breadcrumbs {
    fn last(&self) -> Option<&Link> {
        self.links.last()
    }
}

/// The one thing to do next, with an arrow.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "components/action_link.html")]
pub struct ActionLink {
    /// The words.
    pub text: Html,
    /// The address.
    pub href: String,
    /// On a dark background.
    pub reverse: bool,
}

impl HtmlSafe for ActionLink {}

impl ActionLink {
    /// An action in words.
    #[must_use]
    pub fn new(text: &str, href: &str) -> Self {
        Self { text: text.into(), href: href.to_owned(), reverse: false }
    }

    fn icon(&self) -> Icon {
        Icon::ARROW_RIGHT_CIRCLE
    }
}
