//! The NHS design system's components, as small structs with one template each. A component renders itself
//! (`{{ tag }}` in a template, `to_string()` in Rust) and escapes the text it is given. `conformance.rs` compares them
//! with the fixtures of nhsuk-frontend. Must not know what a person, a feed or a page is, except `person_banner`.

mod button;
mod card;
mod chart;
mod choices;
mod date_input;
mod details;
mod do_list;
mod error_summary;
mod field;
mod footer;
mod glass_banner;
mod header;
mod input;
mod links;
mod notices;
mod pagination;
mod person_banner;
mod select;
mod summary_list;
mod table;
mod tabs;
mod tag;
mod textarea;

#[cfg(test)]
mod conformance;

pub use button::{Button, ButtonKind};
pub use card::{Card, CardKind};
pub use chart::Chart;
pub use choices::{Choice, Choices};
pub use date_input::{DateInput, DatePart};
pub use details::Details;
pub use do_list::DoList;
pub use error_summary::{ErrorSummary, Problem};
pub use field::{ErrorMessage, Fieldset, Hint, Label, Legend};
pub use footer::Footer;
pub use glass_banner::GlassBanner;
pub use header::{Account, Header, SignOut};
pub use input::Input;
pub use links::{ActionLink, BackLink, Breadcrumbs, Link, SkipLink};
pub use notices::{InsetText, NotificationBanner, Panel, WarningCallout};
pub use pagination::{Page, Pagination};
pub use person_banner::{Band, PersonBanner};
pub use select::{Select, SelectOption};
pub use summary_list::{SummaryAction, SummaryList, SummaryRow};
pub use table::{Cell, Column, Table};
pub use tabs::{Tab, Tabs};
pub use tag::{Colour, Tag};
pub use textarea::Textarea;

use askama::Template;
use askama::filters::HtmlSafe;
use std::fmt;

/// Markup that is known to be well formed and escaped: it comes from text, which is escaped here, or from a component.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// A component's markup, to put inside another component.
    #[must_use]
    pub fn of<T: HtmlSafe>(component: &T) -> Self {
        Self(component.to_string())
    }

    /// Pieces one after another, with a space between them.
    #[must_use]
    pub fn join(pieces: &[Self]) -> Self {
        Self(pieces.iter().map(|piece| piece.0.as_str()).collect::<Vec<_>>().join(" "))
    }

    /// A paragraph of plain text.
    #[must_use]
    pub fn paragraph(text: &str) -> Self {
        Self(format!("<p>{}</p>", Self::from(text)))
    }

    /// Text to be heard and not seen.
    #[must_use]
    pub fn hidden(text: &str) -> Self {
        Self(format!("<span class=\"nhsuk-u-visually-hidden\">{}</span>", Self::from(text)))
    }

    /// A list of plain sentences with bullets.
    #[must_use]
    pub fn bullets(sentences: &[&str]) -> Self {
        let items: String = sentences.iter().map(|sentence| format!("<li>{}</li>", Self::from(*sentence))).collect();
        Self(format!("<ul class=\"nhsuk-list nhsuk-list--bullet\">{items}</ul>"))
    }

    /// Text, in a second and smaller line beneath the first.
    #[must_use]
    pub fn with_small(first: &str, second: &str) -> Self {
        Self(format!(
            "<span>{}<br><span class=\"weft-small weft-quiet\">{}</span></span>",
            Self::from(first),
            Self::from(second)
        ))
    }

    /// True if there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Markup of the package's fixtures.
    #[cfg(test)]
    pub(crate) fn trusted(markup: &str) -> Self {
        Self(markup.to_owned())
    }
}

impl From<&str> for Html {
    fn from(text: &str) -> Self {
        let mut safe = String::with_capacity(text.len());
        for character in text.chars() {
            match character {
                '&' => safe.push_str("&#38;"),
                '<' => safe.push_str("&#60;"),
                '>' => safe.push_str("&#62;"),
                '"' => safe.push_str("&#34;"),
                '\'' => safe.push_str("&#39;"),
                other => safe.push(other),
            }
        }
        Self(safe)
    }
}

impl From<String> for Html {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Html {}

/// Sizes of headings, labels and captions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// Small.
    S,
    /// Medium.
    M,
    /// Large.
    L,
    /// Extra large.
    Xl,
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::S => "s",
            Self::M => "m",
            Self::L => "l",
            Self::Xl => "xl",
        })
    }
}

/// An icon of the design system, drawn in line; decoration only, so that it is hidden from screen readers.
#[derive(Debug, Clone, Copy, Template)]
#[template(path = "components/icon.html")]
pub(crate) struct Icon {
    name: &'static str,
    outline: &'static str,
}

impl HtmlSafe for Icon {}

impl Icon {
    pub(crate) const ARROW_LEFT: Self = Self { name: "arrow-left", outline: crate::assets::outline::ARROW_LEFT };
    pub(crate) const ARROW_RIGHT: Self = Self { name: "arrow-right", outline: crate::assets::outline::ARROW_RIGHT };
    pub(crate) const ARROW_RIGHT_CIRCLE: Self =
        Self { name: "arrow-right-circle", outline: crate::assets::outline::ARROW_RIGHT_CIRCLE };
    pub(crate) const CROSS: Self = Self { name: "cross", outline: crate::assets::outline::CROSS };
    pub(crate) const TICK: Self = Self { name: "tick", outline: crate::assets::outline::TICK };
    pub(crate) const USER: Self = Self { name: "user", outline: crate::assets::outline::USER };
}

/// A class list: the base and those of the others that apply.
pub(crate) fn classes(base: &str, others: &[(bool, &str)], extra: &str) -> String {
    let mut list = base.to_owned();
    for (_, class) in others.iter().filter(|(applies, _)| *applies) {
        list.push(' ');
        list.push_str(class);
    }
    if !extra.is_empty() {
        list.push(' ');
        list.push_str(extra);
    }
    list
}
