//! Who a source says a person is: the demographics of one FHIR Patient, read and put into comparable form. It must not
//! join two sources' words or decide who is who; that is the person index's work.

pub mod key;

pub(crate) use key::fold_all;
pub use key::{address_key, family_key, fold, given_key};

use jiff::civil::Date;
use place::NhsNumber;
use serde_json::Value;

use crate::resource::{FhirDate, NHS_NUMBER, ODS_CODE, each, has_code, text};

/// What stands behind the NHS number a source gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NhsNumberStatus {
    /// The source says the number was traced and verified (UK Core verification status 01).
    Verified,
    /// The source gives a valid number and says no more.
    Stated,
    /// The source gives none.
    #[default]
    Absent,
    /// The source gives something that is not an NHS number.
    Invalid,
}

/// A name as the source gives it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PersonName {
    /// FHIR's word for it: `official`, `usual`, `maiden`, `old`, ...
    pub used_as: Option<String>,
    /// Family name.
    pub family: Option<String>,
    /// Given names in order.
    pub given: Vec<String>,
    /// Titles.
    pub prefix: Vec<String>,
    /// The whole name, where the source writes it as one.
    pub text: Option<String>,
}

impl PersonName {
    /// The name as it is shown: `Margaret Ashworth`, without title.
    #[must_use]
    pub fn plain(&self) -> String {
        let words: Vec<&str> = self.given.iter().chain(&self.family).map(String::as_str).collect();
        if words.is_empty() { self.text.clone().unwrap_or_default() } else { words.join(" ") }
    }

    /// The first given name.
    #[must_use]
    pub fn first_given(&self) -> Option<&str> {
        self.given.first().map(String::as_str)
    }

    fn is_past(&self) -> bool {
        matches!(self.used_as.as_deref(), Some("old" | "maiden"))
    }
}

/// An address as the source gives it, its postcode in the usual form.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Address {
    /// FHIR's word for it: `home`, `temp`, `old`, ...
    pub used_as: Option<String>,
    /// Lines before the town.
    pub lines: Vec<String>,
    /// Town.
    pub city: Option<String>,
    /// Postcode, upper case with one space before its last three characters.
    pub postcode: Option<String>,
}

impl Address {
    /// On one line: `12 Cotton Weaver Row, Marple, SK6 6XX`.
    #[must_use]
    pub fn plain(&self) -> String {
        let words: Vec<&str> = self.lines.iter().chain(&self.city).chain(&self.postcode).map(String::as_str).collect();
        words.join(", ")
    }
}

/// What a source says of a person's death.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deceased {
    /// The source says outright that the person lives.
    No,
    /// The source says the person has died, not when.
    Yes,
    /// The FHIR date or time of death.
    On(String),
}

/// Who one source says a person is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Demographics {
    /// The NHS number, if there is a valid one.
    pub nhs_number: Option<NhsNumber>,
    /// What stands behind it.
    pub nhs_number_status: NhsNumberStatus,
    /// Names, the official one first, past ones last.
    pub names: Vec<PersonName>,
    /// Birth date, where the whole day is known.
    pub birth_date: Option<Date>,
    /// Birth date as written, also where only the year or month is known.
    pub birth_written: Option<String>,
    /// `male`, `female`, `other`, `unknown`.
    pub gender: Option<String>,
    /// Addresses, the home of today first, past ones last.
    pub addresses: Vec<Address>,
    /// A telephone number, mobile before home before others.
    pub phone: Option<String>,
    /// ODS code of the general practice.
    pub practice_ods: Option<String>,
    /// The practice's name as the source gives it.
    pub practice_name: Option<String>,
    /// Death, where the source speaks of it.
    pub deceased: Option<Deceased>,
    /// True if the source marks the person's details restricted: the address must be withheld.
    pub restricted: bool,
}

impl Demographics {
    /// Reads a Patient resource. What is missing or malformed stays empty; nothing is guessed.
    #[must_use]
    pub fn from_patient(patient: &Value) -> Self {
        let (nhs_number, nhs_number_status) = nhs_number(patient);
        let practice = practice(patient);
        let birth_written = text(patient, "birthDate").map(str::to_owned);
        Self {
            nhs_number,
            nhs_number_status,
            names: names(patient),
            birth_date: birth_written.as_deref().and_then(FhirDate::parse).and_then(|date| date.whole_day()),
            birth_written,
            gender: text(patient, "gender").map(str::to_lowercase),
            addresses: addresses(patient),
            phone: phone(patient),
            practice_ods: practice.0,
            practice_name: practice.1,
            deceased: deceased(patient),
            restricted: crate::sensitivity::withholds(patient),
        }
    }

    /// The name of today, if any is given.
    #[must_use]
    pub fn name(&self) -> Option<&PersonName> {
        self.names.first().filter(|name| !name.is_past()).or_else(|| self.names.first())
    }

    /// Names of today, for comparison with another source's.
    pub fn present_names(&self) -> impl Iterator<Item = &PersonName> {
        self.names.iter().filter(|name| !name.is_past())
    }

    /// The address of today.
    #[must_use]
    pub fn address(&self) -> Option<&Address> {
        self.addresses.first().filter(|address| address.used_as.as_deref() != Some("old"))
    }

    /// The address of today, where it is a home: said to be one, or not said to be anything else.
    #[must_use]
    pub fn home(&self) -> Option<&Address> {
        self.address().filter(|address| matches!(address.used_as.as_deref(), None | Some("home")))
    }
}

fn nhs_number(patient: &Value) -> (Option<NhsNumber>, NhsNumberStatus) {
    let mut best = (None, NhsNumberStatus::Absent);
    for identifier in each(patient, "identifier") {
        if text(identifier, "system") != Some(NHS_NUMBER) || text(identifier, "use") == Some("old") {
            continue;
        }
        let Some(written) = text(identifier, "value") else { continue };
        match NhsNumber::parse(written) {
            Ok(number) if verified(identifier) => return (Some(number), NhsNumberStatus::Verified),
            Ok(number) if best.0.is_none() => best = (Some(number), NhsNumberStatus::Stated),
            Ok(_) => {}
            Err(_) if best.0.is_none() => best.1 = NhsNumberStatus::Invalid,
            Err(_) => {}
        }
    }
    best
}

/// UK Core's extension, or Care Connect's before it, with the code for "present and verified".
fn verified(identifier: &Value) -> bool {
    each(identifier, "extension")
        .filter(|extension| text(extension, "url").is_some_and(|url| url.contains("NHSNumberVerificationStatus")))
        .filter_map(|extension| extension.get("valueCodeableConcept"))
        .any(|status| has_code(status, "01") || has_code(status, "number-present-and-verified"))
}

fn names(patient: &Value) -> Vec<PersonName> {
    let mut names: Vec<PersonName> = each(patient, "name")
        .map(|name| PersonName {
            used_as: text(name, "use").map(str::to_owned),
            family: text(name, "family").map(str::to_owned),
            given: texts(name, "given"),
            prefix: texts(name, "prefix"),
            text: text(name, "text").map(str::to_owned),
        })
        .filter(|name| !name.plain().is_empty())
        .collect();
    names.sort_by_key(|name| match name.used_as.as_deref() {
        Some("official") => 0,
        Some("usual") => 1,
        None => 2,
        Some("old" | "maiden") => 4,
        Some(_) => 3,
    });
    names
}

fn texts(value: &Value, key: &str) -> Vec<String> {
    let words = each(value, key).filter_map(Value::as_str).map(str::trim);
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn addresses(patient: &Value) -> Vec<Address> {
    let mut addresses: Vec<Address> = each(patient, "address")
        .map(|address| {
            let mut lines = texts(address, "line");
            if lines.is_empty() && text(address, "city").is_none() {
                lines.extend(text(address, "text").map(str::to_owned));
            }
            Address {
                used_as: text(address, "use").map(str::to_owned),
                lines,
                city: text(address, "city").map(str::to_owned),
                postcode: text(address, "postalCode").map(key::postcode),
            }
        })
        .filter(|address| !address.plain().is_empty())
        .collect();
    addresses.sort_by_key(|address| match address.used_as.as_deref() {
        Some("home") => 0,
        None => 1,
        Some("temp") => 2,
        Some("old") => 4,
        Some(_) => 3,
    });
    addresses
}

fn phone(patient: &Value) -> Option<String> {
    let phones = each(patient, "telecom").filter(|telecom| {
        matches!(text(telecom, "system"), Some("phone" | "sms")) && text(telecom, "use") != Some("old")
    });
    let best =
        phones.filter(|telecom| text(telecom, "value").is_some()).min_by_key(|telecom| match text(telecom, "use") {
            Some("mobile") => 0,
            Some("home") => 1,
            None => 2,
            Some(_) => 3,
        });
    best.and_then(|telecom| text(telecom, "value")).map(str::to_owned)
}

/// ODS code and name of the practice. A reference without an ODS code gives a name only.
fn practice(patient: &Value) -> (Option<String>, Option<String>) {
    let ods = |practice: &Value| {
        let identifier =
            practice.get("identifier").filter(|identifier| text(identifier, "system") == Some(ODS_CODE))?;
        text(identifier, "value").map(str::to_uppercase)
    };
    let named = |practice: &Value| text(practice, "display").map(str::to_owned);
    let practices = || each(patient, "generalPractitioner");
    match practices().find_map(|practice| Some((ods(practice)?, named(practice)))) {
        Some((code, name)) => (Some(code), name),
        None => (None, practices().find_map(named)),
    }
}

fn deceased(patient: &Value) -> Option<Deceased> {
    if let Some(when) = text(patient, "deceasedDateTime") {
        return Some(Deceased::On(when.to_owned()));
    }
    let dead = patient.get("deceasedBoolean")?.as_bool()?;
    Some(if dead { Deceased::Yes } else { Deceased::No })
}

#[cfg(test)]
mod tests;
