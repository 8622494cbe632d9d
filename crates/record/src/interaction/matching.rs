//! `Patient/$match`: who in the record a set of demographics may be: by weights once something has been learnt, by the exact rules
//! until then. `certain` needs the NHS number with what agrees beside it, and nobody else near: a caller is told of those they may
//! see, so without the number another whom they may not see could be as near.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use access::{Scope, Sealed};
use serde_json::Value;
use store::{Resource, Tx};
use uuid::Uuid;

use super::{Failed, withheld};
use crate::patient::Demographics;
use crate::person::PersonIndex;
use crate::person::candidate::Candidates;
use crate::sight::Sight;
use crate::views;
use crate::views::demographic::{self, Known};

/// How sure (FHIR's match-grade).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// It may be; somebody has to look.
    Possible,
    /// Very likely, and not to be acted on without asking.
    Probable,
    /// As sure as a join of two records has to be.
    Certain,
}

impl Grade {
    /// FHIR's word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Possible => "possible",
            Self::Probable => "probable",
            Self::Certain => "certain",
        }
    }
}

/// One person who may be meant: their best-matching Patient resource.
#[derive(Debug, Clone)]
pub struct Match {
    /// The Patient.
    pub resource: Resource,
    /// From 0 to 1, in hundredths: `97` is 0.97.
    pub score: u8,
    /// In FHIR's words.
    pub grade: Grade,
}

/// The people that a Patient's demographics may mean, the likeliest first, each once. A Patient whom the caller may not see is
/// not compared: how well somebody agrees would tell what stands there.
///
/// # Errors
/// What the database says.
pub fn matching(
    tx: &mut dyn Tx,
    index: &dyn PersonIndex,
    scope: &Scope,
    patient: &Value,
    only_certain: bool,
    count: u32,
) -> Result<Sealed<Vec<Match>>, Failed> {
    let mut sight = Sight::of(scope);
    let claimed = Demographics::from_patient(patient);
    // One line a person: the best of what their sources say.
    let best = match index.candidates(tx, &claimed)? {
        Some(found) => weighed(tx, &mut sight, &found)?,
        None => exact(tx, &mut sight, &claimed)?,
    };
    let mut ranked: Vec<_> =
        best.into_iter().filter(|(_, (_, grade, _))| !only_certain || *grade == Grade::Certain).collect();
    ranked.sort_by_key(|(root, (score, ..))| (Reverse(*score), *root));
    ranked.truncate(usize::try_from(count).unwrap_or(usize::MAX));
    let (mut people, mut matches) = (Vec::new(), Vec::new());
    for (root, (score, grade, mut resource)) in ranked {
        withheld::one(tx, &mut resource)?;
        people.push(root);
        matches.push(Match { resource, score, grade });
    }
    Ok(Sealed::new(people, matches))
}

/// By the root, how well each person agrees and the Patient that shows it.
type Best = BTreeMap<Uuid, (u8, Grade, Resource)>;

fn weighed(tx: &mut dyn Tx, sight: &mut Sight<'_>, found: &Candidates) -> Result<Best, Failed> {
    let mut seen: BTreeMap<Uuid, Resource> = BTreeMap::new();
    for record in &found.records {
        if let Some(resource) = views::interaction::patient_of(tx, record.leaf)?
            && sight.sees(tx, &resource)?.is_some()
        {
            seen.insert(record.leaf, resource);
        }
    }
    let people = found.people(|leaf| seen.contains_key(&leaf));
    let joined = found.joined(&people).map(|one| one.root);
    let mut best = Best::new();
    for one in &people {
        let grade = if joined == Some(one.root) && one.same_number {
            Grade::Certain
        } else if found.is_likely(one) && !one.forbidden {
            Grade::Probable
        } else {
            Grade::Possible
        };
        if let Some(resource) = seen.remove(&one.leaf) {
            best.insert(one.root, (one.in_a_hundred(), grade, resource));
        }
    }
    Ok(best)
}

fn exact(tx: &mut dyn Tx, sight: &mut Sight<'_>, claimed: &Demographics) -> Result<Best, Failed> {
    let asked = Known::claimed(Uuid::nil(), super::FEED, claimed);
    let mut best = Best::new();
    for (_, one) in candidates(tx, &asked)? {
        let Some((score, grade)) = judged(&asked, &one) else { continue };
        let Some(resource) = views::interaction::patient_of(tx, one.person)? else { continue };
        let Some(root) = sight.sees(tx, &resource)? else { continue };
        if best.get(&root).is_none_or(|(standing, ..)| *standing < score) {
            best.insert(root, (score, grade, resource));
        }
    }
    Ok(best)
}

/// Who may be meant, by the root, in the words of each source.
pub(crate) fn candidates(tx: &mut dyn Tx, asked: &Known) -> store::Result<Vec<(Uuid, Known)>> {
    let mut known = Vec::new();
    if let Some(number) = &asked.nhs_number {
        known.extend(demographic::with_nhs_number(tx, number)?);
    }
    if let (Some(family), Some(given), Some(birth)) = (&asked.family_key, &asked.given_key, &asked.birth_date) {
        known.extend(demographic::with_name_and_birth(tx, family, given, birth)?);
    }
    let mut found = Vec::with_capacity(known.len());
    for mut one in known {
        let root = views::person::root(tx, one.person)?;
        if demographic::is_withheld(tx, root)? {
            // Neither does an address that agrees speak for somebody whose address is withheld.
            one.postcode = None;
        }
        found.push((root, one));
    }
    Ok(found)
}

fn agree<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> Option<bool> {
    one.zip(other).map(|(one, other)| one == other)
}

/// How well one source's words agree with what was asked; `None` where they are somebody else.
pub(crate) fn judged(asked: &Known, one: &Known) -> Option<(u8, Grade)> {
    let number = agree(asked.nhs_number.as_ref(), one.nhs_number.as_ref());
    let birth = agree(asked.birth_date.as_ref(), one.birth_date.as_ref()) == Some(true);
    let family = agree(asked.family_key.as_ref(), one.family_key.as_ref()) == Some(true);
    let given = agree(asked.given_key.as_ref(), one.given_key.as_ref()) == Some(true);
    let postcode = agree(asked.postcode.as_ref(), one.postcode.as_ref()) == Some(true);
    let sex = agree(asked.sex.as_ref(), one.sex.as_ref()) != Some(false);
    match number {
        // Two different numbers are two people, whatever else agrees.
        Some(false) => None,
        Some(true) if birth && given && family => Some((99, Grade::Certain)),
        Some(true) if birth && given => Some((97, Grade::Certain)),
        Some(true) if birth || (family && given) => Some((80, Grade::Probable)),
        Some(true) => Some((40, Grade::Possible)),
        None if birth && family && given && postcode && sex => Some((90, Grade::Probable)),
        None if birth && family && given && sex => Some((65, Grade::Possible)),
        None if birth && family && given => Some((50, Grade::Possible)),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(number: &str, family: &str, given: &str, birth: &str, postcode: &str) -> Known {
        let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Known {
            person: Uuid::nil(),
            feed: "gp".to_owned(),
            nhs_number: filled(number),
            family_key: filled(family),
            given_key: filled(given),
            birth_date: filled(birth),
            sex: None,
            postcode: filled(postcode),
        }
    }

    #[test]
    fn certain_needs_number_birth_date_and_given_name() {
        let asked = known("9990001006", "ashworth", "margaret", "1938-03-14", "SK6 6XX");
        let grade = |one: Known| judged(&asked, &one).map(|(_, grade)| grade);
        assert_eq!(grade(asked.clone()), Some(Grade::Certain));
        assert_eq!(
            grade(known("9990001006", "smith", "margaret", "1938-03-14", "")),
            Some(Grade::Certain),
            "a married name"
        );
        assert_eq!(
            grade(known("9990001006", "ashworth", "harold", "1938-03-14", "")),
            Some(Grade::Probable),
            "a twin?"
        );
        assert_eq!(grade(known("9990001006", "x", "y", "1950-01-01", "")), Some(Grade::Possible));
        assert_eq!(grade(known("9990002371", "ashworth", "margaret", "1938-03-14", "SK6 6XX")), None, "another number");
        assert_eq!(grade(known("", "ashworth", "margaret", "1938-03-14", "SK6 6XX")), Some(Grade::Probable));
        assert_eq!(grade(known("", "ashworth", "margaret", "1938-03-14", "M1 1AA")), Some(Grade::Possible));
        assert_eq!(grade(known("", "ashworth", "margaret", "1950-01-01", "SK6 6XX")), None);
    }
}
