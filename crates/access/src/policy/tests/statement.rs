//! The rules once more, as plain prose in Rust, by somebody who has not seen the policies. Slow and obvious. Must not use
//! anything of the policies but the words.

use crate::decide::Level::{self, ExistenceOnly, Full, Hidden, Masked};
use crate::item::{Item, Seal, Sensitivity};
use crate::relationship::{Tie, Ties};
use crate::role::{Action, Class, Purpose, Role};

/// How much of this entry somebody sees.
pub(super) fn level(role: Role, action: Action, purpose: Purpose, item: &Item, ties: &Ties) -> Level {
    let tied = |tie| ties.has(tie, item.class);
    if matches!(action, Action::MakeAsk | Action::WorkAsk) {
        return if item.class == Class::Ask && asks(role, action, purpose, item, ties) { Full } else { Hidden };
    }
    if matches!(action, Action::KeepMeasures | Action::Govern | Action::RunChallenge | Action::CountPeople) {
        let allowed = purpose == Purpose::Planning && item.class == Class::Nobody && assures(role, action);
        let closed = item.sensitivity == Sensitivity::Restricted && !item.ours
            || role == Role::Coordinator && !is_ordinary(item);
        return if allowed && !closed { Full } else { Hidden };
    }
    // That a team be told of some people is asked by one and allowed by another, and neither sees anybody.
    if matches!(action, Action::AskBack | Action::AllowBack) {
        let theirs = match action {
            Action::AskBack => (Role::Analyst, Purpose::Planning),
            _ => (Role::PrivacyOfficer, Purpose::Privacy),
        };
        let closed = item.sensitivity == Sensitivity::Restricted && !item.ours;
        return if (role, purpose) == theirs && item.class == Class::Nobody && !closed { Full } else { Hidden };
    }
    match (role, purpose) {
        (
            Role::Gp | Role::Consultant | Role::DistrictNurse | Role::Therapist | Role::SocialWorker,
            Purpose::DirectCare,
        ) => carer(role, action, item, ties),
        (Role::Coordinator, Purpose::DirectCare) => coordinator(action, item, ties),
        (Role::Receptionist, Purpose::Administration) => receptionist(action, item, ties),
        (Role::CareHomeManager, Purpose::DirectCare) => care_home_manager(action, item, ties),
        (Role::RecordsOfficer, Purpose::DataQuality) => match action {
            Action::ReadMessage | Action::MendMessage if item.class == Class::Message => Full,
            _ => Hidden,
        },
        (Role::IdentitySteward, Purpose::DataQuality)
            if action == Action::JudgeIdentity && item.class == Class::Identity =>
        {
            Full
        }
        (Role::PrivacyOfficer, Purpose::Privacy) => match (action, item.class) {
            (Action::FindPeople, Class::Identity) => Full,
            (Action::SeeLooks | Action::ReviewLooks, Class::Identity | Class::Looks) => Full,
            (Action::SeeWorklist, Class::Looks) => Full,
            _ => Hidden,
        },
        (Role::Citizen, Purpose::OwnRecord) => match action {
            Action::ReadRecord => citizen_reads(item, ties),
            Action::SeeLooks | Action::AskWhy | Action::ChooseSharing
                if tied(Tie::Own) && matches!(item.class, Class::Identity | Class::Looks) =>
            {
                Full
            }
            _ => Hidden,
        },
        (Role::Analyst, Purpose::Planning) if action == Action::ReadPseudonyms => match item.class {
            Class::Identity | Class::Contact | Class::Document | Class::Message | Class::Looks => Hidden,
            Class::Booking | Class::Ask => Hidden,
            Class::Directory => Full,
            _ if is_plain(item, ties) => Full,
            _ => Hidden,
        },
        _ => Hidden,
    }
}

/// Who keeps figures, who decides with them, who tries something out, who counts.
fn assures(role: Role, action: Action) -> bool {
    match action {
        Action::KeepMeasures => role == Role::Analyst,
        Action::CountPeople => matches!(role, Role::Analyst | Role::Commissioner),
        Action::Govern => matches!(role, Role::Commissioner | Role::Provider),
        Action::RunChallenge => !matches!(
            role,
            Role::Receptionist
                | Role::CareHomeManager
                | Role::RecordsOfficer
                | Role::IdentitySteward
                | Role::PrivacyOfficer
                | Role::Citizen
        ),
        _ => false,
    }
}

/// Nothing about it is special.
fn is_plain(item: &Item, ties: &Ties) -> bool {
    is_ordinary(item) && !ties.objected
}

/// Neither sealed nor sensitive.
fn is_ordinary(item: &Item) -> bool {
    item.seal == Seal::None && item.sensitivity == Sensitivity::Ordinary
}

/// Asking for help, and working what was asked.
fn asks(role: Role, action: Action, purpose: Purpose, item: &Item, ties: &Ties) -> bool {
    let tied = |tie| ties.has(tie, item.class);
    let ordinary = is_ordinary(item);
    match (role, purpose) {
        (
            Role::Gp | Role::Consultant | Role::DistrictNurse | Role::Therapist | Role::SocialWorker,
            Purpose::DirectCare,
        ) => {
            (action == Action::MakeAsk || tied(Tie::Ask)) && (item.ours || item.sensitivity != Sensitivity::Restricted)
        }
        (Role::Coordinator, Purpose::DirectCare) => (action == Action::MakeAsk || tied(Tie::Ask)) && ordinary,
        (Role::CareHomeManager, Purpose::DirectCare) => action == Action::MakeAsk && tied(Tie::Residence) && ordinary,
        (Role::Citizen, Purpose::OwnRecord) => {
            action == Action::MakeAsk && (tied(Tie::Own) || tied(Tie::Proxy) && ordinary)
        }
        _ => false,
    }
}

fn carer(role: Role, action: Action, item: &Item, ties: &Ties) -> Level {
    let tied = |tie| ties.has(tie, item.class);
    let cares_for = tied(Tie::Registration)
        || tied(Tie::Neighbourhood)
        || tied(Tie::Episode)
        || tied(Tie::Ask)
        || tied(Tie::Caseload)
        || tied(Tie::Booking)
        || tied(Tie::Glass);
    match action {
        Action::FindPeople | Action::BreakGlass if item.class == Class::Identity => Full,
        Action::SeeLooks if cares_for && matches!(item.class, Class::Identity | Class::Looks) => Full,
        // Their practice's own; or their team's, and then nobody who has objected.
        Action::GoBack if item.class == Class::Identity && role != Role::Consultant => {
            let team = tied(Tie::Neighbourhood) || tied(Tie::Caseload);
            if tied(Tie::Registration) || team && !ties.objected { Full } else { Hidden }
        }
        Action::ReadRecord | Action::SeeWorklist => match item.class {
            Class::Directory => Full,
            Class::Nobody if item.ours => Full,
            Class::Message | Class::Looks | Class::Booking => Hidden,
            _ if !cares_for => Hidden,
            Class::Identity => Full,
            _ => carer_reads(role, item, ties),
        },
        // Written or not: there is no half of it.
        Action::WriteRecord => match carer(role, Action::ReadRecord, item, ties) {
            Full => Full,
            _ => Hidden,
        },
        Action::Seal if matches!(item.class, Class::Identity | Class::Directory | Class::Nobody) => Hidden,
        Action::Seal => carer(role, Action::WriteRecord, item, ties),
        _ => Hidden,
    }
}

/// Whether the person's objection keeps it from other organisations. Not an ask from whoever was asked.
fn objected(item: &Item, ties: &Ties) -> bool {
    ties.objected && !(item.class == Class::Ask && ties.has(Tie::Ask, item.class))
}

/// An entry of somebody they have a relationship with.
fn carer_reads(role: Role, item: &Item, ties: &Ties) -> Level {
    let glass = ties.has(Tie::Glass, item.class);
    if item.ours {
        return Full;
    }
    if item.sensitivity == Sensitivity::Restricted {
        return Hidden;
    }
    let not_for_social_care = role == Role::SocialWorker && matches!(item.class, Class::Result | Class::Document);
    if glass {
        return if not_for_social_care { ExistenceOnly } else { Full };
    }
    if objected(item, ties) || item.seal == Seal::Hidden {
        return Hidden;
    }
    let own_gp = role == Role::Gp && ties.has(Tie::Registration, item.class);
    let sensitive = item.sensitivity == Sensitivity::Sensitive && !own_gp;
    if not_for_social_care || sensitive || item.seal == Seal::Shown { ExistenceOnly } else { Full }
}

fn coordinator(action: Action, item: &Item, ties: &Ties) -> Level {
    match (action, item.class) {
        (Action::FindPeople, Class::Identity) => Full,
        (Action::ReadRecord | Action::SeeWorklist, class) => match class {
            Class::Identity | Class::Directory => Full,
            Class::Ask if ties.has(Tie::Ask, class) && is_ordinary(item) => Full,
            _ if !is_plain(item, ties) => Hidden,
            Class::Alert | Class::Contact => Full,
            Class::Encounter => Masked,
            Class::Plan => ExistenceOnly,
            _ => Hidden,
        },
        _ => Hidden,
    }
}

fn receptionist(action: Action, item: &Item, ties: &Ties) -> Level {
    let comes_here = ties.has(Tie::Registration, item.class) || ties.has(Tie::Booking, item.class);
    match (action, item.class) {
        (Action::FindPeople, Class::Identity) | (Action::ReadRecord | Action::SeeWorklist, Class::Directory) => Full,
        (Action::ReadRecord | Action::SeeWorklist, Class::Identity) if comes_here => Full,
        (Action::SeeWorklist, Class::Booking) if comes_here => match (item.ours, item.sensitivity, item.seal) {
            (true, ..) => Masked,
            (false, Sensitivity::Restricted, _) | (false, _, Seal::Hidden) => Hidden,
            (false, _, Seal::Shown) => ExistenceOnly,
            (false, _, Seal::None) => Masked,
        },
        _ => Hidden,
    }
}

fn care_home_manager(action: Action, item: &Item, ties: &Ties) -> Level {
    let resident = ties.has(Tie::Residence, item.class);
    match (action, item.class) {
        (Action::FindPeople, Class::Identity) => Full,
        (Action::ReadRecord | Action::SeeWorklist, class) => match class {
            Class::Directory => Full,
            Class::Message | Class::Looks | Class::Booking => Hidden,
            _ if !resident => Hidden,
            Class::Identity => Full,
            _ if !is_ordinary(item) || objected(item, ties) => Hidden,
            Class::Ask if item.ours => Full,
            Class::Alert | Class::Allergy | Class::Medicine | Class::Plan | Class::Contact => Full,
            Class::Encounter if action == Action::SeeWorklist => Masked,
            _ => ExistenceOnly,
        },
        _ => Hidden,
    }
}

fn citizen_reads(item: &Item, ties: &Ties) -> Level {
    match item.class {
        Class::Directory => return Full,
        Class::Message | Class::Looks | Class::Booking => return Hidden,
        _ => {}
    }
    if item.harmful {
        return Hidden;
    }
    let own = ties.has(Tie::Own, item.class);
    // A seal is kept from others, and an objection is to organisations: neither is from whom the person has named.
    let let_by_the_person =
        ties.has(Tie::Proxy, item.class) && item.seal == Seal::None && item.sensitivity == Sensitivity::Ordinary;
    if own || let_by_the_person { Full } else { Hidden }
}
