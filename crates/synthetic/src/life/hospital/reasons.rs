//! Why people come to hospital. Shares are assumptions of the right order, so that each kind of story occurs. Must not
//! decide how often.

use crate::draw::Draw;
use crate::event::{Injury, Operation, Reason};
use crate::person::{Condition as C, Person};

/// What a fall did to somebody of an age.
pub(super) fn injury(age: u8, draw: &mut Draw) -> Injury {
    let weights = if age >= 75 { [0.24, 0.1, 0.2, 0.46] } else { [0.1, 0.2, 0.25, 0.45] };
    [Injury::Hip, Injury::Wrist, Injury::Head, Injury::Bruise][draw.weighted(weights)]
}

/// Why somebody is admitted as an emergency, other than by a fall.
pub(super) fn emergency(person: &Person, age: u8, draw: &mut Draw) -> Reason {
    if age < 16 {
        return [Reason::FeverOfAChild, Reason::AbdominalPain, Reason::Worsening(C::Asthma), Reason::Other]
            [draw.weighted([0.5, 0.1, if person.has(C::Asthma) { 0.5 } else { 0.0 }, 0.4])];
    }
    let mut reasons = vec![
        (Reason::Pneumonia, 0.06 + 0.25 * person.frailty),
        (Reason::UrinaryInfection, 0.04 + 0.3 * person.frailty),
        (Reason::ChestPain, if age >= 35 { 0.12 } else { 0.04 }),
        (Reason::AbdominalPain, 0.12),
        (Reason::SelfHarm, if age < 50 { 0.05 } else { 0.01 }),
        (Reason::Other, 0.42),
    ];
    let worsening = [
        (C::Copd, 0.3),
        (C::HeartFailure, 0.3),
        (C::Asthma, 0.06),
        (C::Diabetes, 0.05),
        (C::Epilepsy, 0.15),
        (C::AtrialFibrillation, 0.07),
        (C::CoronaryHeartDisease, 0.08),
        (C::Stroke, 0.08),
        (C::Cancer, 0.08),
        (C::Dementia, 0.06),
        (C::PalliativeCare, 0.2),
    ];
    reasons.extend(worsening.into_iter().filter(|(c, _)| person.has(*c)).map(|(c, w)| (Reason::Worsening(c), w)));
    let place = draw.weighted(reasons.iter().map(|(_, weight)| *weight));
    reasons.get(place).map_or(Reason::Other, |(reason, _)| *reason)
}

/// Why somebody attends who goes home again.
pub(super) fn attendance(person: &Person, age: u8, draw: &mut Draw) -> Reason {
    let old = age >= 65;
    let choices = [
        (Reason::MinorInjury, if old { 0.25 } else { 0.48 }),
        (Reason::Fall(if old { injury(age, draw) } else { Injury::Wrist }), if old { 0.25 } else { 0.05 }),
        (Reason::FeverOfAChild, if age < 10 { 0.3 } else { 0.0 }),
        (Reason::ChestPain, if age >= 30 { 0.12 } else { 0.02 }),
        (Reason::AbdominalPain, 0.1),
        (Reason::SelfHarm, if (13..50).contains(&age) { 0.03 } else { 0.004 }),
        (Reason::Worsening(C::Asthma), if person.has(C::Asthma) { 0.06 } else { 0.0 }),
        (Reason::Other, 0.3),
    ];
    let reason = choices[draw.weighted(choices.map(|(_, weight)| weight))].0;
    // A broken hip does not go home.
    if reason == Reason::Fall(Injury::Hip) { Reason::Fall(Injury::Bruise) } else { reason }
}

/// A planned operation, or something that has no name here.
pub(super) fn operation(age: u8, draw: &mut Draw) -> Option<Operation> {
    let weights = match age {
        ..=17 => [0.0, 0.0, 0.0, 0.1, 0.1, 0.8],
        18..=49 => [0.01, 0.01, 0.01, 0.08, 0.34, 0.55],
        50..=69 => [0.06, 0.04, 0.05, 0.07, 0.36, 0.42],
        _ => [0.2, 0.05, 0.06, 0.05, 0.24, 0.4],
    };
    use Operation as O;
    let choices = [
        Some(O::Cataract),
        Some(O::HipReplacement),
        Some(O::KneeReplacement),
        Some(O::Hernia),
        Some(O::Endoscopy),
        None,
    ];
    choices[draw.weighted(weights)]
}

/// Nights of a planned stay; most are day cases.
pub(super) fn nights(operation: Option<Operation>, draw: &mut Draw) -> i64 {
    match operation {
        Some(Operation::HipReplacement | Operation::KneeReplacement) => {
            (3.0 * (0.4 * draw.normal()).exp()).round() as i64
        }
        Some(Operation::Hernia) => i64::from(draw.chance(0.15)),
        Some(_) => 0,
        None if draw.chance(0.28) => (2.2 * (0.7 * draw.normal()).exp()).round().min(20.0) as i64,
        None => 0,
    }
}

/// Whether good care outside hospital could have kept it out.
pub(super) fn avoidable(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::UrinaryInfection
            | Reason::Worsening(C::Copd | C::HeartFailure | C::Asthma | C::Diabetes | C::Epilepsy | C::Dementia)
    )
}
