//! The lists of labels and codes, as data with a version. They hold codes and our own words for a list, no terms. Must not
//! know what a resource is.

use std::sync::LazyLock;

use access::Sensitivity;
use serde::Deserialize;

/// All lists.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lists {
    /// When they were last changed.
    #[serde(rename = "version")]
    _version: String,
    #[serde(rename = "label")]
    labels: Vec<Label>,
    #[serde(rename = "list")]
    lists: Vec<List>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Label {
    systems: Vec<String>,
    codes: Vec<String>,
    means: Means,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    #[serde(rename = "name")]
    _name: String,
    means: Means,
    /// The law or rule it comes from.
    #[serde(rename = "because")]
    _because: String,
    /// Whether somebody has held it against its source.
    #[serde(rename = "checked")]
    _checked: bool,
    codes: Vec<Codes>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Codes {
    systems: Vec<String>,
    /// Whole codes.
    #[serde(default)]
    are: Vec<String>,
    /// Beginnings of codes, without points.
    #[serde(default)]
    begin: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Means {
    Ordinary,
    Sensitive,
    Restricted,
}

impl From<Means> for Sensitivity {
    fn from(means: Means) -> Self {
        match means {
            Means::Ordinary => Self::Ordinary,
            Means::Sensitive => Self::Sensitive,
            Means::Restricted => Self::Restricted,
        }
    }
}

static BUILT_IN: LazyLock<Option<Lists>> = LazyLock::new(|| toml::from_str(include_str!("lists.toml")).ok());

/// SNOMED CT's system; editions and versions go behind it.
const SNOMED: &str = "http://snomed.info/sct";

impl Lists {
    /// The lists in the program; `None` if they cannot be read, and then nothing may be taken for harmless.
    pub(super) fn built_in() -> Option<&'static Self> {
        BUILT_IN.as_ref()
    }

    /// What a label means. One that is on no list is sensitive.
    pub(super) fn label(&self, system: &str, code: &str) -> Sensitivity {
        let known =
            self.labels.iter().find(|label| has(&label.systems, system) && label.codes.iter().any(|one| one == code));
        known.map_or(Sensitivity::Sensitive, |label| label.means.into())
    }

    /// What a code means. Without a system it is held against whole codes of every list, and against beginnings only where it
    /// names an illness or a procedure: elsewhere `B20` may be a ward.
    pub(super) fn code(&self, system: Option<&str>, code: &str, names: bool) -> Sensitivity {
        let mut most = Sensitivity::Ordinary;
        for list in &self.lists {
            let hit = list.codes.iter().any(|codes| match system {
                Some(system) => has(&codes.systems, system) && (codes.is(code) || codes.begins(code)),
                None => codes.is(code) || (names && codes.begins(code)),
            });
            if hit {
                most = most.max(list.means.into());
            }
        }
        most
    }

    #[cfg(test)]
    pub(super) fn read(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    /// Every system with a whole code or a beginning of one, and what it means.
    #[cfg(test)]
    pub(super) fn each(&self) -> Vec<(String, String, Sensitivity)> {
        let mut all = Vec::new();
        for list in &self.lists {
            for codes in &list.codes {
                for (system, code) in codes
                    .systems
                    .iter()
                    .flat_map(|system| codes.are.iter().chain(&codes.begin).map(move |code| (system, code)))
                {
                    all.push((system.clone(), code.clone(), list.means.into()));
                }
            }
        }
        all
    }
}

/// Whether a system is one of these, however its letters and its end are written.
fn has(systems: &[String], written: &str) -> bool {
    let plain = written.split('|').next().unwrap_or_default().trim().trim_end_matches('/');
    systems.iter().any(|known| {
        let rest = |text: &str| text.split_once("://").map(|(_, rest)| rest.to_owned());
        plain.eq_ignore_ascii_case(known)
            || (known == SNOMED && plain.len() > SNOMED.len() && plain.starts_with("http://snomed.info/sct/"))
            // Some write https where the system says http.
            || (plain.starts_with("https:") != known.starts_with("https:")
                && plain.len().abs_diff(known.len()) == 1
                && rest(plain).zip(rest(known)).is_some_and(|(one, other)| one.eq_ignore_ascii_case(&other)))
    })
}

impl Codes {
    /// Whether it is one of the whole codes, or an expression that holds one (SNOMED CT's postcoordination).
    fn is(&self, code: &str) -> bool {
        let code = code.trim();
        let holds = |one: &str| {
            !code.bytes().all(|byte| byte.is_ascii_digit())
                && code.split(|letter: char| !letter.is_ascii_digit()).any(|part| part == one)
        };
        self.are.iter().any(|one| one.eq_ignore_ascii_case(code) || (one.len() > 5 && holds(one)))
    }

    /// Whether it begins like one of these, points and small letters set aside.
    fn begins(&self, code: &str) -> bool {
        if self.begin.is_empty() {
            return false;
        }
        // Read codes tell capitals from small letters, but none of ours has a twin that is harmless.
        let plain: String =
            code.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()).collect();
        self.begin.iter().any(|begin| plain.starts_with(&begin.to_ascii_uppercase()))
    }
}
