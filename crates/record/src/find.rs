//! Finding people: by name, birth date and NHS number. Gives ids only; who they are takes a permit for the list, which is
//! written down before anybody sees it.

use jiff::civil::Date;
use place::NhsNumber;
use store::{Result, Tx};
use uuid::Uuid;

use access::{ListPermit, LooksPermit, SearchPermit};

use crate::identity::{self, Identity};
use crate::patient::{Demographics, family_key, given_key};
use crate::person::PersonIndex;
use crate::views;

/// The most people one search shows; more than that, and the question was too wide.
pub const MOST: usize = 25;

/// What was asked for. At least one part has to be there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Names as typed: `Ashworth`, `Margaret Ashworth`, `ASHWORTH, Margaret`.
    pub name: String,
    /// Birth date.
    pub birth_date: Option<Date>,
    /// NHS number.
    pub nhs_number: Option<NhsNumber>,
}

/// Who was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Their ids.
    pub people: Vec<Uuid>,
    /// True where there are more than are given.
    pub more: bool,
}

/// Looks for people.
///
/// # Errors
/// What the database says.
pub fn search(tx: &mut dyn Tx, _permit: &SearchPermit, query: &Query) -> Result<Found> {
    let most = i64::try_from(MOST).unwrap_or(i64::MAX) + 1;
    let mut people = match query.nhs_number {
        Some(number) => views::demographic::find_number(tx, number, most)?,
        None => by_name(tx, query, most)?,
    };
    people.sort_unstable();
    people.dedup();
    let more = people.len() > MOST;
    people.truncate(MOST);
    Ok(Found { people, more })
}

fn by_name(tx: &mut dyn Tx, query: &Query, most: i64) -> Result<Vec<Uuid>> {
    let birth = query.birth_date.map(|date| date.to_string()).unwrap_or_default();
    let words: Vec<&str> = query.name.split([' ', ',', '\t']).filter(|word| !word.is_empty()).collect();
    let (Some(first), rest) = (words.first(), words.get(1..).unwrap_or_default()) else {
        return views::demographic::find_name(tx, "", "", &birth, most);
    };
    if rest.is_empty() {
        let mut people = views::demographic::find_name(tx, &family_key(first), "", &birth, most)?;
        people.extend(views::demographic::find_name(tx, "", &given_key(first), &birth, most)?);
        return Ok(people);
    }
    // "Margaret Ashworth" and "Ashworth Margaret"; a double surname stays together either way.
    let mut people = views::demographic::find_name(tx, &family_key(&rest.concat()), &given_key(first), &birth, most)?;
    let last = words.last().copied().unwrap_or_default();
    let before = words.get(..words.len() - 1).unwrap_or_default().concat();
    people.extend(views::demographic::find_name(tx, &family_key(&before), &given_key(last), &birth, most)?);
    people.extend(views::demographic::find_name(tx, &family_key(last), &given_key(first), &birth, most)?);
    Ok(people)
}

/// Whom a program describes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Described {
    /// One person, by the root, with their birth date where a source says it.
    One(Uuid, Option<Date>),
    /// Nobody, or more than one who may be meant, or somebody of whom it is not sure enough: a person has to find out.
    Nobody,
}

/// Whom a program means by a FHIR Patient: as sure as a join of two records has to be, because nobody looks before the ask goes
/// on. By the weights, once something has been learnt: above the threshold, and nobody else near. Until then by the NHS number with an
/// agreeing birth date or whole name; or without a number by the whole name, birth date, postcode and sex. In doubt it is nobody.
///
/// # Errors
/// What the database says.
pub fn described(
    tx: &mut dyn Tx,
    index: &dyn PersonIndex,
    _permit: &SearchPermit,
    patient: &serde_json::Value,
) -> Result<Described> {
    let claimed = Demographics::from_patient(patient);
    let sure = match index.candidates(tx, &claimed)? {
        Some(found) => found.joined(&found.people(|_| true)).map(|one| one.root),
        None => exactly(tx, &claimed)?,
    };
    let Some(root) = sure else { return Ok(Described::Nobody) };
    Ok(Described::One(root, identity::of(tx, root)?.and_then(|who| who.birth_date)))
}

/// The one of whom the exact rules are sure.
fn exactly(tx: &mut dyn Tx, claimed: &Demographics) -> Result<Option<Uuid>> {
    let asked = views::demographic::Known::claimed(Uuid::nil(), "", claimed);
    let mut sure = std::collections::BTreeSet::new();
    for (root, known) in crate::interaction::candidates(tx, &asked)? {
        if crate::interaction::judged(&asked, &known)
            .is_some_and(|(_, grade)| grade >= crate::interaction::Grade::Probable)
        {
            sure.insert(root);
        }
    }
    Ok(sure.pop_first().filter(|_| sure.is_empty()))
}

/// Whose record somebody may read who has proved this NHS number to be theirs; for the door, before there is anybody to ask
/// a permit for. Gives an id and nothing else, and none where two people are known by the number: then nobody can say which.
///
/// # Errors
/// What the database says.
pub fn own(tx: &mut dyn Tx, number: NhsNumber) -> Result<Option<Uuid>> {
    let found = views::demographic::find_number(tx, number, 2)?;
    Ok(match found.as_slice() {
        [one] => Some(*one),
        _ => None,
    })
}

/// Whose record the looks are at.
///
/// # Errors
/// What the database says.
pub fn identity(tx: &mut dyn Tx, permit: &LooksPermit) -> Result<Option<Identity>> {
    identity::of(tx, permit.person())
}

/// Who the person is whose own choices these are.
///
/// # Errors
/// What the database says.
pub fn own_identity(tx: &mut dyn Tx, permit: &access::OwnPermit) -> Result<Option<Identity>> {
    identity::of(tx, permit.person())
}

/// Who somebody on a desk's list is, if the reader may know.
pub(crate) fn identity_of(tx: &mut dyn Tx, sight: &access::Sight) -> Result<Option<Identity>> {
    if sight.level_of(access::Class::Identity) == access::Level::Full {
        return identity::of(tx, sight.person());
    }
    Ok(None)
}

/// Who the people on a desk's list are; those of whom the permit does not show it are not among them.
///
/// # Errors
/// What the database says.
pub fn listed(tx: &mut dyn Tx, permit: &access::WorklistPermit, people: &[Uuid]) -> Result<Vec<Identity>> {
    let seen = people.iter().filter_map(|person| permit.of(*person));
    seen.filter_map(|sight| identity_of(tx, sight).transpose()).collect()
}

/// Who some people are.
///
/// # Errors
/// What the database says.
pub fn identities(tx: &mut dyn Tx, permit: &ListPermit) -> Result<Vec<Identity>> {
    permit.people().iter().filter_map(|person| identity::of(tx, *person).transpose()).collect()
}
