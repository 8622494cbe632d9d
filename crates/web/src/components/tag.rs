//! Tag: a state in a word, with a colour that never stands alone.

use super::{Html, classes};
use askama::Template;
use askama::filters::HtmlSafe;

/// The colours of a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// White.
    White,
    /// Grey: of no weight now.
    Grey,
    /// Green: as it should be.
    Green,
    /// Aqua green.
    AquaGreen,
    /// Blue: going on.
    Blue,
    /// Purple.
    Purple,
    /// Pink.
    Pink,
    /// Red: needs somebody.
    Red,
    /// Orange: late.
    Orange,
    /// Yellow: look at it.
    Yellow,
}

impl Colour {
    fn word(self) -> &'static str {
        match self {
            Self::White => "white",
            Self::Grey => "grey",
            Self::Green => "green",
            Self::AquaGreen => "aqua-green",
            Self::Blue => "blue",
            Self::Purple => "purple",
            Self::Pink => "pink",
            Self::Red => "red",
            Self::Orange => "orange",
            Self::Yellow => "yellow",
        }
    }

    #[cfg(test)]
    pub(crate) fn all() -> [Self; 10] {
        use Colour::{AquaGreen, Blue, Green, Grey, Orange, Pink, Purple, Red, White, Yellow};
        [White, Grey, Green, AquaGreen, Blue, Purple, Pink, Red, Orange, Yellow]
    }

    #[cfg(test)]
    pub(crate) fn named(word: &str) -> Option<Self> {
        Self::all().into_iter().find(|colour| colour.word() == word)
    }
}

/// A state in a word.
#[derive(Debug, Clone, Default, Template)]
#[template(source = r#"<strong class="{{ self.classes() }}">{{ text }}</strong>"#, ext = "html")]
pub struct Tag {
    /// The word.
    pub text: Html,
    /// Its colour; none is the design system's own blue.
    pub colour: Option<Colour>,
    /// Without a line round it.
    pub borderless: bool,
}

impl HtmlSafe for Tag {}

impl Tag {
    /// A word.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// The same in this colour.
    #[must_use]
    pub fn coloured(self, colour: Colour) -> Self {
        Self { colour: Some(colour), ..self }
    }

    fn classes(&self) -> String {
        let colour = self.colour.map(|colour| format!("nhsuk-tag--{}", colour.word())).unwrap_or_default();
        classes("nhsuk-tag", &[(self.borderless, "nhsuk-tag--no-border")], &colour)
    }
}
