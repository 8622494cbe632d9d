//! The whole record of everybody, for what the house works out of it for itself: the columns of the population. It asks for no
//! permit, because nothing of it is shown: whoever shows what follows from it asks for one, by the person. Entries that are
//! sensitive, restricted or sealed are marked here, so that nobody can be found by them. Must not be read by a page.

use std::sync::Arc;

use access::Sensitivity;
use access::views::{seal, sharing};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;
use store::{Result, Tx};
use uuid::Uuid;

use crate::identity;
use crate::patient::Demographics;
use crate::resource::{code, concept_text, each, text};
use crate::views::demographic::Stated;
use crate::views::{person, whole as rows};

/// The text of what decides here what is said of somebody. Whoever keeps what was made of it makes it anew where this has changed: it
/// may mean something else.
pub const MEANING: &[&str] = &[
    include_str!("whole.rs"),
    include_str!("views/whole.rs"),
    include_str!("identity.rs"),
    include_str!("patient.rs"),
    include_str!("resource.rs"),
    include_str!("sensitivity.rs"),
    include_str!("worklist.rs"),
];

/// Everything that is worked with of one person.
#[derive(Debug, Clone)]
pub struct Whole {
    /// Who they are, in what can be counted; `None` where no source has named them.
    pub traits: Option<Traits>,
    /// What sources say of them.
    pub said: Vec<Said>,
}

/// What is counted by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Traits {
    /// Born, where the whole day is known.
    pub birth: Option<Date>,
    /// `male`, `female`, `other`, `unknown`.
    pub sex: Option<String>,
    /// The code of the practice; none where a source asks that nobody be told where they live.
    pub practice: Option<String>,
    /// The postcode of their home by the source of the banner; none where a source asks that nobody be told where they live.
    pub postcode: Option<String>,
    /// What feeds say of the practice they are registered with, each feed once, who spoke last first; none where a source asks that
    /// nobody be told where they live.
    pub registrations: Vec<Registration>,
    /// The category of ethnicity: the code of the data dictionary, else the source's word.
    pub ethnicity: Option<String>,
    /// Any source says that they have died.
    pub deceased: bool,
    /// A source asks that nobody be told where they live.
    pub is_withheld: bool,
}

/// What a feed says of the practice that somebody is registered with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Registration {
    /// The feed.
    pub feed: String,
    /// The code of the practice.
    pub practice: String,
}

/// One resource.
#[derive(Debug, Clone)]
pub struct Said {
    /// Its id.
    pub id: Uuid,
    /// `Condition`, …
    pub kind: String,
    /// The feed that says it.
    pub feed: String,
    /// When it arrived.
    pub arrived: Timestamp,
    /// What it says.
    pub value: Arc<Value>,
    /// Sensitive, restricted or sealed by anybody.
    pub guarded: bool,
}

/// People by their roots, in order, after one of them (nil: from the beginning): at most so many.
///
/// # Errors
/// What the database says.
pub fn people(tx: &mut dyn Tx, after: Uuid, most: i64) -> Result<Vec<Uuid>> {
    rows::people(tx, after, most)
}

/// Everything of a person, by the root. Somebody who was joined to another has nothing of their own.
///
/// # Errors
/// What the database says, or a resource that is not JSON.
pub fn of(tx: &mut dyn Tx, root: Uuid) -> Result<Whole> {
    let resources = rows::said(tx, root)?;
    let ids: Vec<Uuid> = resources.iter().map(|resource| resource.id).collect();
    let sealed = seal::against(tx, &ids, &[])?;
    let (mut stated, mut ethnicity, mut said) = (Vec::new(), None, Vec::new());
    for resource in resources {
        let value = resource.json()?;
        if resource.kind == "Patient" {
            let demographics = Demographics::from_patient(&value);
            ethnicity = self::ethnicity(&value).or(ethnicity);
            let (feed, as_of, arrived) = (resource.feed, resource.as_of, resource.arrived);
            stated.push(Stated { feed, as_of, arrived, demographics });
            continue;
        }
        let seal = sealed.get(&resource.id).is_some_and(|against| against.seal > access::Seal::None);
        let guarded = seal || crate::sensitivity::of(&resource.kind, &value) != Sensitivity::Ordinary;
        let (id, kind, feed, arrived) = (resource.id, resource.kind, resource.feed, resource.arrived);
        said.push(Said { id, kind, feed, arrived, value, guarded });
    }
    let named = |one: &Stated| !one.demographics.names.is_empty() || one.demographics.nhs_number.is_some();
    let traits = if stated.iter().any(named) { traits(root, &stated, ethnicity) } else { None };
    Ok(Whole { traits, said })
}

fn traits(root: Uuid, stated: &[Stated], ethnicity: Option<String>) -> Option<Traits> {
    let chosen = identity::chosen(root, stated)?;
    let (birth, sex, practice) = (chosen.birth_date, chosen.sex, chosen.practice);
    let home = identity::best(stated).and_then(|best| best.demographics.home()).filter(|_| !chosen.address_withheld);
    let postcode = home.and_then(|home| home.postcode.clone());
    let registrations = if chosen.address_withheld { Vec::new() } else { registrations(stated) };
    let (deceased, is_withheld) = (chosen.deceased, chosen.address_withheld);
    Some(Traits { birth, sex, practice, postcode, registrations, ethnicity, deceased, is_withheld })
}

fn registrations(stated: &[Stated]) -> Vec<Registration> {
    let mut newest: Vec<&Stated> = stated.iter().filter(|one| one.demographics.practice_ods.is_some()).collect();
    newest.sort_by_key(|one| std::cmp::Reverse((one.as_of, one.arrived)));
    let mut all: Vec<Registration> = Vec::new();
    for one in newest.into_iter().filter_map(|one| one.demographics.practice_ods.as_ref().zip(Some(&one.feed))) {
        let (practice, feed) = one;
        if all.iter().all(|known| known.feed != *feed) {
            all.push(Registration { feed: feed.clone(), practice: practice.clone() });
        }
    }
    all
}

/// The ethnic category that a Patient has by UK Core's extension.
fn ethnicity(patient: &Value) -> Option<String> {
    let mut extensions = each(patient, "extension");
    let found = extensions.find(|one| text(one, "url").is_some_and(|url| url.ends_with("UKCore-EthnicCategory")))?;
    let concept = found.get("valueCodeableConcept")?;
    code(concept).map(str::to_owned).or_else(|| concept_text(concept))
}

/// What people have chosen that bears on being counted, by their roots.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// Do not want their record used for planning.
    pub refused: Vec<Uuid>,
    /// Object to sharing.
    pub objected: Vec<Uuid>,
}

/// Everybody's choices.
///
/// # Errors
/// What the database says.
pub fn choices(tx: &mut dyn Tx) -> Result<Choices> {
    let mut choices = Choices::default();
    for chosen in sharing::planning_refused(tx)? {
        choices.refused.push(person::root(tx, chosen)?);
    }
    for chosen in sharing::objected(tx)? {
        choices.objected.push(person::root(tx, chosen)?);
    }
    Ok(choices)
}
