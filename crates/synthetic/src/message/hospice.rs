//! The hospice's feed: its end-of-life register, one row for each person, again when something changes.

use jiff::civil::{DateTime, Time};

use super::HOSPICE;
use super::calendar::{days, minutes, month, slashed, slashed_time};
use super::chance::Chance;
use super::identity::Identity;
use super::post::{Post, Written};
use super::row::Row;
use super::staff::member;
use crate::event::{Event, What};
use crate::person::Condition;

const COLUMNS: [&str; 28] = [
    "Register No",
    "NHS No",
    "Surname",
    "Forenames",
    "DOB",
    "Sex",
    "Postcode",
    "GP Practice",
    "Date Added",
    "Register Status",
    "Main Diagnosis",
    "Preferred Place Of Care",
    "Preferred Place Of Death",
    "CPR Decision",
    "CPR Decision Date",
    "CPR Decided By",
    "Anticipatory Medicines In Home",
    "What Matters",
    "Key Worker",
    "Key Worker Role",
    "Key Worker Organisation",
    "Key Worker Phone",
    "Main Carer",
    "Carer Relationship",
    "Carer Phone",
    "Last Review",
    "Next Review",
    "Record Updated",
];

/// What is sent about one person: the entry when it is made, and when they have died.
pub(super) fn write(post: &mut Post<'_>, events: &[Event]) {
    let Some(added) = events.iter().find(|event| matches!(event.what, What::Hospice)) else { return };
    let key = post.chance("hospice");
    entry(post, added, key, minutes(added.at, 90), "Active");
    if let Some(died) = post.person.died.filter(|died| *died >= added.at.date()) {
        let told = days(died, key.and("told").between(1, 4)).to_datetime(Time::constant(10, 0, 0, 0));
        entry(post, added, key.and("died"), minutes(told, key.and("minute").between(0, 300)), "Died");
    }
}

fn entry(post: &mut Post<'_>, added: &Event, key: Chance, at: DateTime, status: &str) {
    let identity = post.identity(HOSPICE);
    let wishes = post.chance("hospice-wishes");
    post.send(HOSPICE, key, at, || {
        let mut row = begun(&identity, at);
        row.set("Date Added", slashed(added.at.date())).set("Register Status", status);
        row.set("Main Diagnosis", diagnosis(&identity));
        let in_home = identity.address(at).care_home.is_some();
        let place =
            if in_home { "Care home" } else { wishes.and("place").pick(&["Home", "Home", "Hospice", "Not asked"]) };
        row.set("Preferred Place Of Care", place).set("Preferred Place Of Death", place);
        let decision = wishes.and("cpr").pick(&["Not for attempted CPR", "Not for attempted CPR", "Not discussed"]);
        row.set("CPR Decision", decision);
        let worker = member(Chance::of(0, "hospice").with(wishes.below(8)));
        if decision != "Not discussed" {
            row.set("CPR Decision Date", slashed(added.at.date()));
            row.set("CPR Decided By", format!("Dr {}, hospice doctor", member(wishes.and("doctor")).plain()));
        }
        row.set("Anticipatory Medicines In Home", wishes.and("medicines").pick(&["Yes", "No", "No"]));
        row.set(
            "What Matters",
            wishes.and("matters").pick(&[
                "The garden, and no more ambulances",
                "Family in the evening",
                "To be free of pain",
                "The dog on the bed",
                "Not to be alone at night",
            ]),
        );
        row.set("Key Worker", format!("Nurse {}", worker.plain())).set("Key Worker Role", "Community palliative nurse");
        row.set("Key Worker Organisation", "Hospice at home").set("Key Worker Phone", "0161 496 0101");
        row.set("Last Review", slashed(at.date())).set("Next Review", slashed(days(at.date(), 30)));
        Written { name: format!("{}-{}", identity.local, status), bytes: row.message() }
    });
}

/// A row with whom it is about and when it was last changed.
fn begun(identity: &Identity<'_>, at: DateTime) -> Row {
    let mut row = Row::of(&COLUMNS);
    let born = identity.born;
    row.set("Register No", identity.local.as_str()).set("NHS No", identity.number.as_str());
    row.set("Surname", identity.family(at)).set("Forenames", identity.given.join(" "));
    row.set("DOB", format!("{} {} {:04}", born.day(), month(born), born.year()));
    row.set("Sex", identity.sex("F", "M"));
    row.set("Postcode", identity.address(at).postcode.as_str());
    row.set("GP Practice", identity.person.practice.as_str());
    row.set("Record Updated", slashed_time(at));
    row
}

fn diagnosis(identity: &Identity<'_>) -> &'static str {
    let first = [
        (Condition::Cancer, "Cancer"),
        (Condition::HeartFailure, "Heart failure"),
        (Condition::Copd, "Chronic obstructive lung disease"),
        (Condition::Dementia, "Dementia"),
    ];
    let has = |wanted: Condition| identity.person.problems.iter().any(|problem| problem.condition == wanted);
    first.into_iter().find(|(condition, _)| has(*condition)).map_or("Frailty", |(_, words)| words)
}
