//! The definition of an indicator as a TOML file under a place's `indicators/`. Must be complete before anybody counts: what is on
//! top, what below, who belongs to it, which way is better, who answers for it.

use jiff::civil::Date;
use place::Slug;
use serde::{Deserialize, Serialize};

/// Which of the programme's aims it tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Domain {
    /// Healthier people.
    HealthierPeople,
    /// Quality of care.
    Quality,
    /// Services that can go on.
    Sustainable,
}

/// What kind of number it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Statistic {
    /// Events as they are counted.
    Count,
    /// Events per so many people.
    Rate,
    /// Some of all.
    Proportion,
    /// Observed over expected.
    Ratio,
    /// An average.
    Mean,
}

/// How age is allowed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standardisation {
    /// Not at all.
    None,
    /// By a standard population.
    Direct,
    /// By a reference's rates.
    Indirect,
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Polarity {
    /// More.
    More,
    /// Less.
    Less,
    /// Neither.
    Neither,
}

/// What an indicator counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Counts {
    /// People, or what happens to them: shown by age at least.
    #[default]
    People,
    /// Services, sites, organisations: nobody's age is in it.
    Services,
}

/// By what an indicator is also shown, so that nobody is left behind unseen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Split {
    /// Bands of age. Every indicator of people has it: older people are not to be discriminated against.
    Age,
    /// Sex.
    Sex,
    /// Ethnic group.
    Ethnicity,
    /// Fifths of deprivation.
    Deprivation,
    /// Neighbourhood.
    Neighbourhood,
}

/// One band of age, and what it counts with.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Its group in the split by age, to the letter.
    pub group: String,
    /// People of the standard population in it, where the rate is directly standardised.
    pub standard: Option<f64>,
    /// Events and people of the reference in it, where the rate is indirectly standardised.
    pub reference: Option<[f64; 2]>,
}

/// How a standardised rate allows for age.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bands {
    /// The standard population, or the reference, by its name.
    pub to: String,
    /// Its bands, from the youngest.
    pub bands: Vec<Band>,
}

/// What is to be reached.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// The value, in the indicator's own unit.
    pub value: f64,
    /// By when; `None` for always.
    pub by: Option<Date>,
}

/// An indicator.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Short name: `emergency-admissions-65`.
    pub id: Slug,
    /// Which edition of the definition this is, from 1. A changed definition is a new edition; figures of two are not one series.
    pub edition: u32,
    /// As people call it.
    pub title: String,
    /// Which aim it tells of.
    pub domain: Domain,
    /// Why it is looked at.
    pub why: String,
    /// What is counted, in a sentence that settles doubtful cases.
    pub numerator: String,
    /// What it is divided by; a count has none.
    pub denominator: Option<String>,
    /// Who belongs to it: registered with a practice of the place, or living there.
    pub population: String,
    /// What it counts; people, where the file does not say.
    #[serde(default)]
    pub counts: Counts,
    /// What kind of number it is.
    pub statistic: Statistic,
    /// Per so many.
    #[serde(default = "one")]
    pub multiplier: f64,
    /// How age is allowed for.
    pub standardisation: Standardisation,
    /// Which way is better.
    pub polarity: Polarity,
    /// The organisation that answers for it.
    pub owner: Slug,
    /// First and last day of the baseline; `None` until one is agreed.
    pub baseline: Option<[Date; 2]>,
    /// What good looks like; `None` until it is agreed.
    pub target: Option<Target>,
    /// Set by the nation: read here, never changed here.
    #[serde(default)]
    pub national: bool,
    /// By what it is also shown; nothing, where services are counted.
    #[serde(default)]
    pub splits: Vec<Split>,
    /// The bands of age by which a standardised rate allows for age; nothing for every other indicator.
    #[serde(default)]
    pub age: Option<Bands>,
    /// Where the definition comes from, and how sure that is.
    pub source: String,
}

impl Split {
    /// As people say it: "by age".
    #[must_use]
    pub fn said(self) -> &'static str {
        match self {
            Self::Age => "age",
            Self::Sex => "sex",
            Self::Ethnicity => "ethnic group",
            Self::Deprivation => "deprivation",
            Self::Neighbourhood => "neighbourhood",
        }
    }

    /// Its word in files and addresses.
    #[must_use]
    pub fn word(self) -> &'static str {
        if self == Self::Ethnicity { "ethnicity" } else { self.said() }
    }

    /// The split of a word in a file.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        let all = [Self::Age, Self::Sex, Self::Ethnicity, Self::Deprivation, Self::Neighbourhood];
        all.into_iter().find(|split| split.word() == word)
    }
}

fn one() -> f64 {
    1.0
}

/// What is wrong with a definition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DefinitionError {
    /// It cannot be read.
    #[error("{file}: {why}")]
    Unreadable {
        /// The file.
        file: String,
        /// What and where.
        why: String,
    },
    /// It contradicts itself or leaves something out.
    #[error("{file}, {field}: {why}")]
    Field {
        /// The file.
        file: String,
        /// The field.
        field: &'static str,
        /// What is wrong and what to do.
        why: &'static str,
    },
}

/// The definitions of a place, by their names.
///
/// # Errors
/// [`DefinitionError`] of the first that is not whole.
pub fn of_place(place: &place::Place) -> Result<Vec<Definition>, DefinitionError> {
    let files = place.names().filter(|name| name.starts_with("indicators/"));
    files.map(|name| read(name, place.file(name).unwrap_or_default())).collect()
}

/// Reads a definition; `file` is named in complaints, and must be called as its id is.
///
/// # Errors
/// [`DefinitionError`].
pub fn read(file: &str, text: &str) -> Result<Definition, DefinitionError> {
    let definition: Definition = toml::from_str(text)
        .map_err(|error| DefinitionError::Unreadable { file: file.to_owned(), why: error.to_string() })?;
    let bad = |field, why| Err(DefinitionError::Field { file: file.to_owned(), field, why });
    let name = file.rsplit('/').next().unwrap_or(file);
    if name.strip_suffix(".toml") != Some(definition.id.as_str()) {
        return bad("id", "the file must be called as the indicator is, with .toml");
    }
    if [&definition.title, &definition.why, &definition.numerator, &definition.population, &definition.source]
        .iter()
        .any(|words| words.trim().is_empty())
    {
        return bad("title", "title, why, numerator, population and source must each say something");
    }
    if definition.edition == 0 {
        return bad("edition", "editions count from 1");
    }
    if (definition.statistic == Statistic::Count) != definition.denominator.is_none() {
        return bad("denominator", "a count has no denominator, and everything else has one");
    }
    if definition.multiplier.is_nan() || definition.multiplier <= 0.0 {
        return bad("multiplier", "it must be more than zero");
    }
    let standardised = definition.standardisation != Standardisation::None;
    if standardised && !matches!(definition.statistic, Statistic::Rate | Statistic::Ratio) {
        return bad("standardisation", "only a rate or a ratio can be standardised");
    }
    if let Some(why) = bands_fault(&definition) {
        return bad("age", why);
    }
    if definition.baseline.is_some_and(|[from, until]| until < from) {
        return bad("baseline", "the last day lies before the first");
    }
    if definition.national && definition.target.is_none() {
        return bad("target", "a national indicator is here for its target");
    }
    if definition.polarity == Polarity::Neither && definition.target.is_some() {
        return bad("target", "without a better way there is nothing to reach");
    }
    match definition.counts {
        Counts::People if !definition.splits.contains(&Split::Age) => {
            return bad(
                "splits",
                "every indicator of people is also shown by age: add \"age\", or say counts = \"services\"",
            );
        }
        Counts::Services if !definition.splits.is_empty() => {
            return bad("splits", "services have no age, sex or ethnic group: take them out");
        }
        Counts::Services if definition.statistic != Statistic::Count => {
            return bad("counts", "only a count is of services; everything else is of people");
        }
        Counts::People | Counts::Services => {}
    }
    Ok(definition)
}

/// Why a definition cannot allow for age as it says, if it cannot.
fn bands_fault(definition: &Definition) -> Option<&'static str> {
    let asked = definition.statistic == Statistic::Rate && definition.standardisation != Standardisation::None;
    let Some(age) = &definition.age else {
        return asked.then_some("a standardised rate says by which bands of age and to which standard or reference");
    };
    if !asked {
        return Some("only a standardised rate has bands of age");
    }
    if age.to.trim().is_empty() {
        return Some("name the standard population or the reference");
    }
    let names: std::collections::BTreeSet<&str> = age.bands.iter().map(|band| band.group.trim()).collect();
    if age.bands.len() < 2 || names.len() != age.bands.len() || names.contains("") {
        return Some("name two bands or more, each once");
    }
    let positive = |number: &f64| number.is_finite() && *number > 0.0;
    let whole = |band: &Band| match (definition.standardisation, &band.standard, &band.reference) {
        (Standardisation::Direct, Some(people), None) => positive(people),
        (Standardisation::Indirect, None, Some([events, people])) => {
            events.is_finite() && *events >= 0.0 && positive(people)
        }
        _ => false,
    };
    if !age.bands.iter().all(whole) {
        return Some(
            "each band of a directly standardised rate has `standard`, and of an indirectly standardised one `reference` = [events, people]; all above zero",
        );
    }
    None
}
