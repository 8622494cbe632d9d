//! Where in a resource, as FHIRPath: `Patient.contact[1].gender`. A chain of steps back to the root, so that walking costs
//! nothing and only an issue pays for the words.

use std::fmt::{self, Display, Formatter};

/// A place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    before: Option<&'a Place<'a>>,
    step: Step<'a>,
}

#[derive(Debug, Clone, Copy)]
enum Step<'a> {
    /// The type of a root, or an element's name (of a choice without its type).
    Name(&'a str),
    /// In a list.
    At(usize),
}

impl<'a> Place<'a> {
    /// The beginning: a resource's type.
    pub(super) fn root(name: &'a str) -> Self {
        Self { before: None, step: Step::Name(name) }
    }

    /// An element here.
    pub(super) fn name(&'a self, name: &'a str) -> Place<'a> {
        Place { before: Some(self), step: Step::Name(name) }
    }

    /// One of a list here.
    pub(super) fn at(&'a self, index: usize) -> Place<'a> {
        Place { before: Some(self), step: Step::At(index) }
    }
}

impl Display for Place<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        if let Some(before) = self.before {
            before.fmt(out)?;
        }
        match self.step {
            Step::Name(name) => {
                if self.before.is_some() {
                    out.write_str(".")?;
                }
                named(out, name)
            }
            Step::At(index) => write!(out, "[{index}]"),
        }
    }
}

/// A name that FHIRPath can bear as it is, or within backticks, cut if somebody sends a novel.
pub(super) fn named(out: &mut dyn fmt::Write, name: &str) -> fmt::Result {
    let is_plain = !name.is_empty()
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        && name.len() <= 64;
    if is_plain {
        return out.write_str(name);
    }
    let shown: String = name.chars().map(|c| if c.is_control() || c == '`' { '?' } else { c }).take(40).collect();
    write!(out, "`{shown}`")
}
