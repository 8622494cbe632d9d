//! Things that must be read: inset text, warning callout, notification banner, panel.

use super::{Card, CardKind, Html, Size};
use askama::Template;
use askama::filters::HtmlSafe;

/// A passage set apart from the text around it.
#[derive(Debug, Clone, Template)]
#[template(
    source = r#"<div class="nhsuk-inset-text"><span class="nhsuk-u-visually-hidden">Information: </span>{{ content }}</div>"#,
    ext = "html"
)]
pub struct InsetText {
    /// The passage.
    pub content: Html,
}

impl HtmlSafe for InsetText {}

impl InsetText {
    /// One plain sentence.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self { content: Html::paragraph(text) }
    }
}

/// A yellow box for what must not be missed.
#[derive(Debug, Clone, Template)]
#[template(source = "{{ self.card() }}", ext = "html")]
pub struct WarningCallout {
    /// Its heading; "Important" is put before it for screen readers unless it says so itself.
    pub heading: String,
    /// A sentence.
    pub text: Option<String>,
    /// Anything else.
    pub content: Html,
    /// Heading level; 3 unless said.
    pub level: u8,
}

impl HtmlSafe for WarningCallout {}

impl WarningCallout {
    /// A warning of one sentence.
    #[must_use]
    pub fn new(heading: &str, text: &str) -> Self {
        Self { heading: heading.to_owned(), text: Some(text.to_owned()), content: Html::default(), level: 3 }
    }

    fn card(&self) -> Card {
        let says_so = self.heading.to_lowercase().contains("important");
        Card {
            heading: Some(self.heading.clone()),
            prefix: (!says_so).then(|| "Important".to_owned()),
            level: self.level,
            kind: CardKind::Warning,
            description: self.text.clone(),
            content: self.content.clone(),
            ..Card::default()
        }
    }
}

/// What happened, or what is the matter, at the top of a page.
#[derive(Debug, Clone, Template)]
#[template(path = "components/notification_banner.html")]
pub struct NotificationBanner {
    /// "Important" or "Success", unless another title is given.
    pub title: Option<String>,
    /// The id of the title; the design system's own unless another banner of the page has that.
    pub title_id: Option<&'static str>,
    /// Something was done.
    pub success: bool,
    /// What, in a sentence.
    pub text: Option<String>,
    /// Anything else.
    pub content: Html,
}

impl HtmlSafe for NotificationBanner {}

impl NotificationBanner {
    /// Something was done.
    #[must_use]
    pub fn success(text: &str) -> Self {
        Self { title: None, title_id: None, success: true, text: Some(text.to_owned()), content: Html::default() }
    }

    /// Something is the matter.
    #[must_use]
    pub fn important(text: &str) -> Self {
        Self { success: false, ..Self::success(text) }
    }

    /// The same beside another banner of the page: no two things of a page have one id.
    #[must_use]
    pub fn beside(self, title_id: &'static str) -> Self {
        Self { title_id: Some(title_id), ..self }
    }

    fn title_name(&self) -> &str {
        self.title_id.unwrap_or("nhsuk-notification-banner-title")
    }

    fn title_words(&self) -> &str {
        self.title.as_deref().unwrap_or(if self.success { "Success" } else { "Important" })
    }
}

/// The end of a piece of work.
#[derive(Debug, Clone, Template)]
#[template(path = "components/panel.html")]
pub struct Panel {
    /// What is done.
    pub heading: String,
    /// Heading level; 1 unless said.
    pub level: u8,
    /// Heading size, if not the default.
    pub size: Option<Size>,
    /// What happens next.
    pub content: Html,
    /// `interruption` and the like; empty for none.
    pub variant: Option<String>,
}

impl HtmlSafe for Panel {}
