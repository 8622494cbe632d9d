//! Person banner: whose record this is. On every page about a person, and it cannot scroll away: acting on the wrong
//! person is the worst thing a page can let happen. Must not hold anything that the reader may not see.

use askama::Template;
use askama::filters::HtmlSafe;

/// The mark that tells one person's pages from another's at a glance: a colour, a shape and the words for both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Band(u8);

impl Band {
    /// How many different marks there are.
    pub const COUNT: u8 = 8;

    /// The mark of any number: the remainder decides. Give it something opaque, never a number people know.
    #[must_use]
    pub fn of(number: u64) -> Self {
        Self(u8::try_from(number % u64::from(Self::COUNT)).unwrap_or_default())
    }

    /// 0 to 7.
    #[must_use]
    pub fn index(self) -> u8 {
        self.0
    }

    fn words(self) -> &'static str {
        match self.0 {
            0 => "Blue circle",
            1 => "Green triangle",
            2 => "Purple square",
            3 => "Pink diamond",
            4 => "Brown bar",
            5 => "Teal cross",
            6 => "Grey arrow",
            _ => "Red hexagon",
        }
    }

    /// The outline of the shape in a box of 16 by 16.
    fn outline(self) -> &'static str {
        match self.0 {
            0 => "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1z",
            1 => "M8 1l7 13H1z",
            2 => "M2 2h12v12H2z",
            3 => "M8 0l8 8-8 8-8-8z",
            4 => "M1 5h14v6H1z",
            5 => "M6 1h4v5h5v4h-5v5H6v-5H1V6h5z",
            6 => "M1 6h7V1l7 7-7 7v-5H1z",
            _ => "M4 1h8l4 7-4 7H4L0 8z",
        }
    }
}

/// Whose record this is.
#[derive(Debug, Clone, Template)]
#[template(path = "components/person_banner.html")]
pub struct PersonBanner {
    /// The page of the record.
    pub href: String,
    /// Name as the record has it: family name last.
    pub name: String,
    /// `14 March 1938 (88 years)`; `Date of birth not known`.
    pub born: String,
    /// Spaced 3-3-4; `None` reads "No NHS number".
    pub nhs_number: Option<String>,
    /// `Female`, `Male`, or what the record says.
    pub sex: Option<String>,
    /// On one line.
    pub address: Option<String>,
    /// The practice's name.
    pub practice: Option<String>,
    /// The neighbourhood's name.
    pub neighbourhood: Option<String>,
    /// What must be known before anything else, a few words each.
    pub alerts: Vec<String>,
    /// `Died on 3 March 2026`, if they have died.
    pub died: Option<String>,
    /// Address of a photograph that the reader may see.
    pub photo: Option<String>,
    /// The mark of this person.
    pub band: Band,
}

impl HtmlSafe for PersonBanner {}

impl PersonBanner {
    /// Initials for the photo slot when there is no photograph.
    fn initials(&self) -> String {
        let words: Vec<&str> = self.name.split_whitespace().collect();
        let first = words.first().and_then(|word| word.chars().next());
        let last = words.last().filter(|_| words.len() > 1).and_then(|word| word.chars().next());
        first.into_iter().chain(last).collect()
    }

    /// Address, practice and neighbourhood: shown in a row on a wide screen, behind a press on a phone.
    fn place(&self) -> [(&'static str, &str); 3] {
        [("Address", &self.address), ("Practice", &self.practice), ("Neighbourhood", &self.neighbourhood)]
            .map(|(name, value)| (name, value.as_deref().filter(|text| !text.is_empty()).unwrap_or("Not known")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn marks_differ_in_words_and_in_shape() {
        let bands: Vec<Band> = (0..u64::from(Band::COUNT)).map(Band::of).collect();
        assert_eq!(bands.iter().map(|band| band.words()).collect::<BTreeSet<_>>().len(), usize::from(Band::COUNT));
        assert_eq!(bands.iter().map(|band| band.outline()).collect::<BTreeSet<_>>().len(), usize::from(Band::COUNT));
        assert_eq!(Band::of(u64::MAX).index(), 7);
    }

    #[test]
    fn what_is_not_known_is_said() {
        let banner = PersonBanner {
            href: "/people/x".to_owned(),
            name: "Ada".to_owned(),
            born: "Date of birth not known".to_owned(),
            nhs_number: None,
            sex: None,
            address: Some(String::new()),
            practice: None,
            neighbourhood: None,
            alerts: Vec::new(),
            died: None,
            photo: None,
            band: Band::of(0),
        };
        assert_eq!(banner.initials(), "A");
        let markup = banner.to_string();
        assert!(markup.contains("No NHS number") && markup.contains("<dt>Address</dt> <dd>Not known</dd>"));
        assert!(!markup.contains("Alert"));
    }
}
