//! Disagreements about who the person is.

use super::{Aspect, Claim, Disagreement, Told, weigh};
use crate::patient::{Address, Deceased, Demographics, PersonName, family_key, fold, given_key};
use crate::resource::{FhirDate, plain_date};

/// A name's keys: family, first given.
type NameKeys = Vec<(String, String)>;

pub(super) fn between(people: &[Told<'_, Demographics>]) -> Vec<Disagreement> {
    let alike = |about: Aspect, read: fn(&Demographics) -> Option<(String, String)>| {
        let claims = claims(people, read);
        weigh(about.label(), about, &claims, |a: &String, b| a == b)
    };
    [
        alike(Aspect::NhsNumber, |person| {
            person.nhs_number.map(|number| (number.to_string(), number.as_str().to_owned()))
        }),
        weigh(Aspect::Death.label(), Aspect::Death, &claims(people, death), deaths_agree),
        weigh(Aspect::Name.label(), Aspect::Name, &claims(people, name), names_agree),
        weigh(Aspect::BirthDate.label(), Aspect::BirthDate, &claims(people, birth), |a, b| dates_agree(a, b)),
        alike(Aspect::Sex, |person| {
            let gender = person.gender.clone().filter(|gender| gender != "unknown")?;
            Some((gender.clone(), gender))
        }),
        weigh(Aspect::Address.label(), Aspect::Address, &claims(people, address), addresses_agree),
        alike(Aspect::Practice, |person| {
            let code = person.practice_ods.clone()?;
            let shown = person.practice_name.as_ref().map_or_else(|| code.clone(), |name| format!("{name} ({code})"));
            Some((shown, code))
        }),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What each source says of one thing; sources that say nothing are left out.
fn claims<K>(people: &[Told<'_, Demographics>], read: fn(&Demographics) -> Option<(String, K)>) -> Vec<Claim<K>> {
    people.iter().filter_map(|told| read(told.says).map(|(says, key)| Claim::new(told, says, key))).collect()
}

fn name(person: &Demographics) -> Option<(String, NameKeys)> {
    let shown = person.present_names().next().map(PersonName::plain)?;
    let keys = person.present_names().map(|name| {
        let family = name.family.as_deref().map(family_key).unwrap_or_default();
        (family, name.first_given().map(given_key).unwrap_or_default())
    });
    let keys: NameKeys = keys.filter(|(family, given)| !family.is_empty() || !given.is_empty()).collect();
    (!keys.is_empty()).then_some((shown, keys))
}

/// Two sources agree if any name of one is compatible with any of the other: a missing part or an initial says less, not
/// otherwise.
fn names_agree(a: &NameKeys, b: &NameKeys) -> bool {
    let part = |a: &str, b: &str| a.is_empty() || b.is_empty() || a == b;
    let initial = |a: &str, b: &str| a.chars().count() == 1 && b.starts_with(a);
    a.iter().any(|(family, given)| {
        b.iter().any(|(other_family, other_given)| {
            part(family, other_family)
                && (part(given, other_given) || initial(given, other_given) || initial(other_given, given))
        })
    })
}

fn birth(person: &Demographics) -> Option<(String, String)> {
    let written = person.birth_written.clone().filter(|written| FhirDate::parse(written).is_some())?;
    Some((plain_date(&written), written))
}

/// Two dates agree as far as both are written.
fn dates_agree(a: &str, b: &str) -> bool {
    let (a, b) = (a.get(..10).unwrap_or(a), b.get(..10).unwrap_or(b));
    a.starts_with(b) || b.starts_with(a)
}

fn death(person: &Demographics) -> Option<(String, Deceased)> {
    let deceased = person.deceased.clone()?;
    let says = match &deceased {
        Deceased::No => "alive".to_owned(),
        Deceased::Yes => "has died".to_owned(),
        Deceased::On(when) => format!("died {}", plain_date(when)),
    };
    Some((says, deceased))
}

fn deaths_agree(a: &Deceased, b: &Deceased) -> bool {
    match (a, b) {
        (Deceased::No, Deceased::No) => true,
        (Deceased::No, _) | (_, Deceased::No) => false,
        (Deceased::On(a), Deceased::On(b)) => dates_agree(a, b),
        _ => true,
    }
}

/// An address by which it is compared: postcode, and the letters and digits of its first line.
fn address(person: &Demographics) -> Option<(String, (String, String))> {
    let address: &Address = person.address()?;
    let line = address.lines.first().map(|line| {
        let digits: String = line.chars().filter(char::is_ascii_digit).collect();
        format!("{digits}{}", fold(line))
    });
    let shown = if person.restricted { "an address that is withheld".to_owned() } else { address.plain() };
    let key = (address.postcode.clone().unwrap_or_default(), line.unwrap_or_default());
    (!key.0.is_empty() || !key.1.is_empty()).then_some((shown, key))
}

/// Within one postcode, lines are too freely written to tell homes apart, save by their numbers.
fn addresses_agree(a: &(String, String), b: &(String, String)) -> bool {
    let number = |line: &str| line.chars().take_while(char::is_ascii_digit).collect::<String>();
    if a.0.is_empty() || b.0.is_empty() {
        return a.1.is_empty() || b.1.is_empty() || a.1 == b.1;
    }
    let (one, other) = (number(&a.1), number(&b.1));
    a.0 == b.0 && (one.is_empty() || other.is_empty() || one == other)
}
