//! What one kind of reader may see for one action and purpose, as conditions on the entry and its person. Written by hand for
//! now; the Cedar policies take its place and are held against an independent statement of the same rules.

use std::sync::Arc;

use crate::decide::Level;
use crate::filter::{Filter, Test};
use crate::item::{Item, Seal, Sensitivity};
use crate::look::Subject;
use crate::relationship::{Tie, Ties};
use crate::role::{Action, Class, Purpose, Role};

/// The conditions on which a reader sees an entry at each level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// All of it.
    pub full: Filter,
    /// That there is something and when. Includes `full`.
    pub masked: Filter,
    /// That there is something. Includes `masked`.
    pub existence: Filter,
}

impl Rules {
    /// Nothing at all.
    #[must_use]
    pub const fn nothing() -> Self {
        Self { full: Filter::Never, masked: Filter::Never, existence: Filter::Never }
    }

    /// The most that may ever be seen of an ordinary entry of a class, whatever the relationship: what can be offered at all.
    #[must_use]
    pub fn most(&self, class: Class) -> Level {
        let item = Item::of(class);
        let both = |ties: Ties| self.level(&item, &ties).max(self.level(&Item { ours: true, ..item }, &ties));
        crate::decide::every_way().map(both).max().unwrap_or(Level::Hidden)
    }

    /// How much of an entry of a person with these ties may be seen.
    #[must_use]
    pub fn level(&self, item: &Item, ties: &Ties) -> Level {
        if self.full.holds(item, ties) {
            Level::Full
        } else if self.masked.holds(item, ties) {
            Level::Masked
        } else if self.existence.holds(item, ties) {
            Level::ExistenceOnly
        } else {
            Level::Hidden
        }
    }
}

/// The rules for somebody who does something for a purpose.
#[must_use]
pub fn of(reader: &Subject, action: Action, purpose: Purpose) -> Arc<Rules> {
    Arc::new(if reader.assured { by_hand(reader.role, action, purpose) } else { Rules::nothing() })
}

const CLINICAL: [Role; 4] = [Role::Gp, Role::Consultant, Role::DistrictNurse, Role::Therapist];
const TO_CARE: [Tie; 7] =
    [Tie::Registration, Tie::Neighbourhood, Tie::Episode, Tie::Ask, Tie::Caseload, Tie::Booking, Tie::Glass];

fn is(test: Test) -> Filter {
    Filter::Is(test)
}

fn not(test: Test) -> Filter {
    Filter::Not(Box::new(is(test)))
}

fn classes(of: impl IntoIterator<Item = Class>) -> Filter {
    Filter::Any(of.into_iter().map(|class| is(Test::Class(class))).collect())
}

fn ties(of: impl IntoIterator<Item = Tie>) -> Filter {
    Filter::Any(of.into_iter().map(|tie| is(Test::Tie(tie))).collect())
}

fn entries() -> impl Iterator<Item = Class> {
    Class::ALL.into_iter().filter(|class| !matches!(class, Class::Message | Class::Looks | Class::Booking))
}

fn by_hand(role: Role, action: Action, purpose: Purpose) -> Rules {
    use {Action as A, Class as C, Purpose as P, Role as R};
    let directory = || is(Test::Class(C::Directory));
    // Not sealed, not objected to, not sensitive; or ours; or the glass is broken (which opens nothing that the law restricts).
    let open = |role: Role| {
        let sensitive = Filter::Any(vec![
            not(Test::Sensitive(Sensitivity::Sensitive)),
            if role == R::Gp { is(Test::Tie(Tie::Registration)) } else { Filter::Never },
        ]);
        let plain = Filter::All(vec![not(Test::Sealed(Seal::Shown)), not(Test::Objected), sensitive]);
        Filter::All(vec![
            Filter::Any(vec![is(Test::Ours), is(Test::Tie(Tie::Glass)), plain]),
            Filter::Any(vec![is(Test::Ours), not(Test::Sensitive(Sensitivity::Restricted))]),
        ])
    };
    // What may be known to be there: neither sealed out of sight, nor objected to, nor restricted.
    let known = || {
        Filter::All(vec![
            not(Test::Sealed(Seal::Hidden)),
            not(Test::Objected),
            not(Test::Sensitive(Sensitivity::Restricted)),
        ])
    };
    let rules = |full: Filter, masked: Filter, existence: Filter| Rules {
        masked: Filter::Any(vec![full.clone(), masked.clone()]),
        existence: Filter::Any(vec![full.clone(), masked, existence]),
        full,
    };
    let only = |class: Class| rules(is(Test::Class(class)), Filter::Never, Filter::Never);
    let both = |a: Filter, b: Filter| Filter::All(vec![a, b]);
    match (role, action, purpose) {
        (
            R::Gp
            | R::Consultant
            | R::DistrictNurse
            | R::Therapist
            | R::SocialWorker
            | R::Coordinator
            | R::CareHomeManager,
            A::FindPeople,
            P::DirectCare,
        )
        | (R::Receptionist, A::FindPeople, P::Administration)
        | (R::PrivacyOfficer, A::FindPeople, P::Privacy) => only(C::Identity),
        (R::Gp | R::Consultant | R::DistrictNurse | R::Therapist | R::SocialWorker, A::SeeLooks, P::DirectCare) => {
            rules(both(classes([C::Identity, C::Looks]), ties(TO_CARE)), Filter::Never, Filter::Never)
        }
        (R::PrivacyOfficer, A::SeeLooks | A::ReviewLooks, P::Privacy) => {
            rules(classes([C::Identity, C::Looks]), Filter::Never, Filter::Never)
        }
        (R::PrivacyOfficer, A::SeeWorklist, P::Privacy) => only(C::Looks),
        (R::RecordsOfficer, A::ReadMessage | A::MendMessage, P::DataQuality) => only(C::Message),
        (_, A::ReadRecord | A::SeeWorklist | A::WriteRecord | A::Seal, P::DirectCare) if CLINICAL.contains(&role) => {
            let mine = || both(classes(entries()), ties(TO_CARE));
            let full = Filter::Any(vec![
                directory(),
                both(is(Test::Class(C::Identity)), ties(TO_CARE)),
                both(mine(), open(role)),
            ]);
            rules(full, Filter::Never, both(mine(), known()))
        }
        (R::SocialWorker, A::ReadRecord | A::SeeWorklist | A::WriteRecord | A::Seal, P::DirectCare) => {
            let mine = || both(classes(entries()), ties(TO_CARE));
            let shared = Filter::Any(vec![is(Test::Ours), Filter::Not(Box::new(classes([C::Result, C::Document])))]);
            let full = Filter::Any(vec![
                directory(),
                both(is(Test::Class(C::Identity)), ties(TO_CARE)),
                Filter::All(vec![mine(), shared, open(role)]),
            ]);
            rules(full, Filter::Never, both(mine(), known()))
        }
        (R::Gp | R::Consultant | R::DistrictNurse | R::Therapist | R::SocialWorker, A::BreakGlass, P::DirectCare) => {
            only(C::Identity)
        }
        (R::Coordinator, A::ReadRecord | A::SeeWorklist, P::DirectCare) => {
            let open = || {
                Filter::All(vec![
                    not(Test::Sealed(Seal::Shown)),
                    not(Test::Objected),
                    not(Test::Sensitive(Sensitivity::Sensitive)),
                ])
            };
            let full =
                Filter::Any(vec![classes([C::Identity, C::Directory]), both(classes([C::Alert, C::Contact]), open())]);
            rules(full, both(is(Test::Class(C::Encounter)), open()), both(is(Test::Class(C::Plan)), open()))
        }
        (R::Receptionist, A::ReadRecord | A::SeeWorklist, P::Administration) => {
            let full = Filter::Any(vec![
                directory(),
                both(is(Test::Class(C::Identity)), ties([Tie::Registration, Tie::Booking])),
            ]);
            let masked = both(is(Test::Class(C::Booking)), ties([Tie::Registration, Tie::Booking]));
            rules(full, if action == A::SeeWorklist { masked } else { Filter::Never }, Filter::Never)
        }
        (R::CareHomeManager, A::ReadRecord | A::SeeWorklist, P::DirectCare) => {
            let open = || {
                Filter::All(vec![
                    is(Test::Tie(Tie::Residence)),
                    not(Test::Sealed(Seal::Shown)),
                    not(Test::Objected),
                    not(Test::Sensitive(Sensitivity::Sensitive)),
                ])
            };
            let full = Filter::Any(vec![
                directory(),
                both(is(Test::Class(C::Identity)), is(Test::Tie(Tie::Residence))),
                both(classes([C::Alert, C::Allergy, C::Medicine, C::Plan, C::Contact]), open()),
            ]);
            let masked =
                if action == A::SeeWorklist { both(is(Test::Class(C::Encounter)), open()) } else { Filter::Never };
            rules(full, masked, both(classes(entries()), open()))
        }
        (R::Citizen, A::ReadRecord, P::OwnRecord) => {
            let own = both(is(Test::Tie(Tie::Own)), not(Test::Harmful));
            let proxy = Filter::All(vec![
                is(Test::Tie(Tie::Proxy)),
                not(Test::Sealed(Seal::Shown)),
                not(Test::Sensitive(Sensitivity::Sensitive)),
                not(Test::Harmful),
            ]);
            let full = Filter::Any(vec![directory(), both(classes(entries()), Filter::Any(vec![own, proxy]))]);
            rules(full, Filter::Never, Filter::Never)
        }
        (R::Citizen, A::SeeLooks | A::AskWhy | A::ChooseSharing, P::OwnRecord) => {
            rules(both(classes([C::Identity, C::Looks]), is(Test::Tie(Tie::Own))), Filter::Never, Filter::Never)
        }
        // Pseudonyms: what kind of thing happened, never who; and nobody who has objected.
        (R::Analyst, A::ReadPseudonyms, P::Planning) => rules(
            Filter::All(vec![
                classes(entries().filter(|class| !matches!(class, C::Identity | C::Contact | C::Document))),
                not(Test::Objected),
                not(Test::Sealed(Seal::Shown)),
                not(Test::Sensitive(Sensitivity::Sensitive)),
            ]),
            Filter::Never,
            Filter::Never,
        ),
        _ => Rules::nothing(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(role: Role, action: Action, purpose: Purpose, item: Item, ties: Ties) -> Level {
        by_hand(role, action, purpose).level(&item, &ties)
    }

    #[test]
    fn without_a_relationship_a_record_is_closed_and_with_one_it_is_open() {
        let problem = Item::of(Class::Problem);
        let registered = Ties::none().with(Tie::Registration, crate::relationship::Classes::ALL);
        for role in CLINICAL {
            let at = |ties| level(role, Action::ReadRecord, Purpose::DirectCare, problem, ties);
            assert_eq!(at(Ties::none()), Level::Hidden);
            assert_eq!(at(registered), Level::Full);
            assert_eq!(at(registered.objecting()), Level::Hidden);
        }
    }
}
