//! Teams by their names: which an ask can be handed to, and what a team's word is called in this place. Must not know who works
//! there.

use care::Team;
use place::{Era, OrganisationKind, Place};

use crate::desk::person::capital;
use crate::pages::ask::decision::Offered;

/// Every team of the place that an ask can be handed to, with its name: the door, services of now, neighbourhoods, practices,
/// homes, organisations.
fn all(place: &Place) -> impl Iterator<Item = (String, String)> {
    let door = ("desk:single-point-of-access".to_owned(), "Single point of access".to_owned());
    let services = place
        .services()
        .iter()
        .filter(|service| service.era == Era::Present)
        .map(|service| (format!("service:{}", service.id), service.name.clone()));
    let neighbourhoods = place
        .neighbourhoods()
        .iter()
        .map(|one| (format!("neighbourhood:{}", one.id), format!("{} neighbourhood team", one.name)));
    let practices = place.practices().iter().map(|one| (format!("ods:{}", one.code), one.name.clone()));
    let homes = place.care_homes().iter().map(|one| (format!("home:{}", one.id), one.name.clone()));
    let organisations = place.organisations().iter().map(|one| (format!("organisation:{}", one.id), one.name.clone()));
    std::iter::once(door).chain(services).chain(neighbourhoods).chain(practices).chain(homes).chain(organisations)
}

/// The same as choices of a field, led by none.
pub(in crate::desk) fn choices(place: &Place) -> Vec<Offered> {
    let none = Offered { value: String::new(), text: "Choose a team".to_owned(), hint: None };
    std::iter::once(none).chain(all(place).map(|(value, text)| Offered { value, text, hint: None })).collect()
}

/// The boroughs next door as choices of a field, led by none.
pub(super) fn neighbours(place: &Place) -> Vec<Offered> {
    let none = Offered { value: String::new(), text: "Choose a borough".to_owned(), hint: None };
    let all = place.organisations().iter().filter(|one| one.kind == OrganisationKind::Neighbour);
    let each = all.map(|one| Offered { value: format!("organisation:{}", one.id), text: one.name.clone(), hint: None });
    std::iter::once(none).chain(each).collect()
}

/// Some team that is not this one.
pub(in crate::desk) fn other_than(place: &Place, owner: Option<&Team>) -> Option<Team> {
    all(place)
        .map(|(word, _)| word)
        .find(|word| owner.is_none_or(|owner| owner.word() != word))
        .and_then(|word| Team::try_from(word).ok())
}

/// What a team is called here.
pub(in crate::desk) fn name(place: &Place, team: &Team) -> String {
    team.named(place)
}

/// A refusal as a sentence, with the team that it names, if any, by its name here.
pub(in crate::desk) fn refused(place: &Place, refusal: &impl std::fmt::Display, team: Option<&Team>) -> String {
    let words = refusal.to_string();
    capital(&team.map_or_else(|| words.clone(), |team| words.replace(&team.said(), &name(place, team))))
}
