//! Invented asks for the demonstration, in every state they can be in, and what hangs on them: crisis responses, stays, same-day
//! places, and how much room services have. They go by the same commands as anybody's, at times that are told to them. Must not be
//! made where there is no invented borough.

mod acts;
mod scenes;

use access::{Role, Subject};
use jiff::{SignedDuration, Timestamp};
use store::Write;
use synthetic::Borough;
use uuid::Uuid;

use crate::borough::{Kept, london};
use crate::house::House;
use crate::terminal::say;

/// From this age on people are chosen: the services are for adults, and mostly for old ones.
const AGE: u8 = 66;
/// How many people the asks are for.
const PEOPLE: usize = 44;

/// Somebody for whom help is asked.
#[derive(Debug, Clone)]
struct Somebody {
    root: Uuid,
    years: u8,
    /// On the list of the demonstration's GP.
    of_the_gp: bool,
}

/// Who does it: the demonstration's own people, so that it stands on their lists.
struct Staff {
    gp: Subject,
    desk: Subject,
    nurse: Subject,
    crisis: Subject,
    beds: Subject,
    home: Subject,
    delirium: Subject,
    unit: Subject,
}

fn subject(id: &str, name: &str, role: Role, organisation: &str, team: &str) -> Subject {
    Subject {
        id: id.to_owned(),
        name: name.to_owned(),
        role,
        organisation: organisation.to_owned(),
        own: None,
        teams: vec![team.to_owned()],
        assured: true,
    }
}

impl Staff {
    fn new() -> Self {
        let door = "desk:single-point-of-access";
        Self {
            gp: subject("persona|gp", "Dr Priya Nair", Role::Gp, "Marple Bridge Surgery", "ods:P88002"),
            desk: subject("persona|coordinator", "Yasmin Pell", Role::Coordinator, "single point of access", door),
            nurse: subject("persona|triage-nurse", "Nia Bowden", Role::DistrictNurse, "single point of access", door),
            crisis: subject(
                "persona|crisis-responder",
                "Joel Harding",
                Role::Therapist,
                "crisis response",
                "service:crisis-response",
            ),
            beds: subject(
                "persona|recovery-therapist",
                "Siobhan Keogh",
                Role::Therapist,
                "active recovery beds",
                "service:active-recovery-beds",
            ),
            home: subject(
                "invented|home",
                "Paula Ansty",
                Role::Therapist,
                "recovery at home",
                "service:recovery-at-home",
            ),
            delirium: subject(
                "invented|delirium",
                "Marcus Oldroyd",
                Role::DistrictNurse,
                "delirium beds",
                "service:delirium-beds",
            ),
            unit: subject(
                "persona|ambulatory-nurse",
                "Dana Whitlock",
                Role::DistrictNurse,
                "ambulatory care unit",
                "service:ambulatory-care",
            ),
        }
    }
}

/// Begins them, once, in one transaction: all of them or none.
pub(super) fn begin(house: &House, kept: &Kept) -> anyhow::Result<()> {
    let first = acts::id(0);
    if !house.store.read(|tx| store::log::stream(tx, first))?.is_empty() {
        return Ok(());
    }
    let borough = Borough::of(&house.place, kept.settings())?;
    let people = chosen(house, &borough, kept)?;
    if people.is_empty() {
        return Ok(());
    }
    let (place, now) = (house.place.clone(), house.clock.now());
    let told = house.store.write(move |write: &mut Write<'_>| {
        let staff = Staff::new();
        scenes::play(&mut acts::Stage::new(write, &place, &staff, now), &people)
    });
    match told {
        Ok(count) => {
            say(format!("{count} asks for help are invented, each marked so: in every state, with stays and places."));
        }
        // The demonstration goes on without them: whoever looks finds empty lists that say what would stand there.
        Err(refused) => tracing::warn!(%refused, "the invented asks could not be made"),
    }
    Ok(())
}

/// People of the borough, older ones, spread over it by its seed; those of the demonstration's GP first.
fn chosen(house: &House, borough: &Borough, kept: &Kept) -> anyhow::Result<Vec<Somebody>> {
    let today = house.clock.now().to_zoned(london()).date();
    let many = kept.people;
    let from = u32::try_from(kept.seed % u64::from(many.max(1))).unwrap_or(0);
    // Coprime to most counts, so that all are met once and neighbours are not chosen together.
    let stride = 7_919 % many.max(1);
    let (mut theirs, mut others) = (Vec::new(), Vec::new());
    let enough =
        |theirs: &Vec<Somebody>, others: &Vec<Somebody>| theirs.len() >= 6 && theirs.len() + others.len() >= PEOPLE;
    for step in 0..many.min(4_000) {
        if enough(&theirs, &others) {
            break;
        }
        let number = from.wrapping_add(step.wrapping_mul(stride.max(1))) % many;
        let person = borough.person(number);
        let of_the_gp = person.practice.to_string() == "P88002";
        let wanted = if of_the_gp { theirs.len() < 6 } else { others.len() < PEOPLE };
        if !wanted || person.age_on(today) < AGE || !person.lives_on(today) {
            continue;
        }
        let found = house.store.read(|tx| record::find::own(tx, person.nhs_number))?;
        let met = |root: Uuid| theirs.iter().chain(&others).any(|one: &Somebody| one.root == root);
        if let Some(root) = found.filter(|root| !met(*root)) {
            let somebody = Somebody { root, years: person.age_on(today), of_the_gp };
            if of_the_gp { theirs.push(somebody) } else { others.push(somebody) }
        }
    }
    theirs.extend(others);
    Ok(theirs)
}

/// So many minutes before a moment.
fn ago(now: Timestamp, minutes: i64) -> Timestamp {
    now.checked_sub(SignedDuration::from_mins(minutes)).unwrap_or(now)
}

#[cfg(test)]
mod tests;
