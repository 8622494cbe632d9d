//! The feed of mental health services: a nightly extract of referrals and contacts.

use jiff::civil::{DateTime, Time};

use super::MENTAL_HEALTH;
use super::chance::Chance;
use super::community::next_morning;
use super::identity::Identity;
use super::post::{Post, Written};
use super::row::Row;
use super::staff::member;
use crate::event::{Event, Held, Medium, What};

const COLUMNS: [&str; 25] = [
    "LocalPatientId",
    "NHSNumber",
    "NHSNumberStatus",
    "FamilyName",
    "GivenName",
    "PersonBirthDate",
    "GenderCode",
    "Postcode",
    "OrgIDGP",
    "RecordType",
    "RecordId",
    "ServiceTeam",
    "StartDate",
    "StartTime",
    "EndDate",
    "Priority",
    "ReferredBy",
    "Reason",
    "Medium",
    "Attendance",
    "Outcome",
    "CareProfessional",
    "PlanText",
    "ReviewDate",
    "RecordChanged",
];

/// What is sent about one person.
pub(super) fn write(post: &mut Post<'_>, events: &[Event]) {
    for event in events {
        let What::MentalHealth { first, medium, held } = event.what else { continue };
        let key = post.chance("mental-health").with(event.number);
        if first {
            referral(post, event, key.and("referral"));
        }
        // The first load has every referral of the year, and the contacts of late.
        if event.at >= post.services.recent() {
            contact(post, event, key, first, medium, held);
        }
    }
}

fn referral(post: &mut Post<'_>, event: &Event, key: Chance) {
    let identity = post.identity(MENTAL_HEALTH);
    let at = next_morning(event.at, key);
    post.send(MENTAL_HEALTH, key, at, || {
        let mut row = begun(&identity, at);
        let name = format!("MHR{:X}", event.number);
        row.set("RecordType", "Referral").set("RecordId", name.as_str());
        row.set("StartDate", event.at.date().to_string());
        row.set("Priority", key.and("priority").pick(&["Routine", "Routine", "Routine", "Urgent"]));
        row.set("ReferredBy", key.and("by").pick(&["GP practice", "GP practice", "Hospital", "Self"]));
        row.set("Reason", key.and("why").pick(&["Low mood", "Anxiety", "Hears voices", "Memory", "Not sleeping"]));
        Written { name, bytes: row.message() }
    });
}

fn contact(post: &mut Post<'_>, event: &Event, key: Chance, first: bool, medium: Medium, held: Held) {
    let identity = post.identity(MENTAL_HEALTH);
    let at = next_morning(event.at, key);
    post.send(MENTAL_HEALTH, key, at, || {
        let mut row = begun(&identity, at);
        let name = format!("MHC{:X}", event.number);
        let shown = super::calendar::shown(event.at);
        row.set("RecordType", "CareContact").set("RecordId", name.as_str());
        row.set("StartDate", event.at.date().to_string());
        row.set("StartTime", format!("{:02}:{:02}", shown.hour(), shown.minute()));
        row.set("Reason", if first { "First assessment" } else { "Follow-up" });
        row.set(
            "Medium",
            match medium {
                Medium::Home => "Home visit",
                Medium::Clinic => "Face to face",
                Medium::Telephone => "Telephone",
                Medium::Video => "Video",
            },
        );
        row.set(
            "Attendance",
            match held {
                Held::Seen => "Attended",
                Held::Missed => "Did not attend",
                Held::Cancelled => "Cancelled",
            },
        );
        Written { name, bytes: row.message() }
    });
}

/// A row with what every row says: whom, which team, when it was last changed.
fn begun(identity: &Identity<'_>, at: DateTime) -> Row {
    let mut row = Row::of(&COLUMNS);
    let home = identity.address(at);
    let young = identity.person.born.year() + 18 > at.year();
    let old = identity.person.born.year() + 65 < at.year();
    let team = match (young, old) {
        (true, _) => "Young people's mental health team",
        (_, true) => "Older people's mental health team",
        _ => "Community mental health team",
    };
    row.set("LocalPatientId", identity.local.as_str()).set("NHSNumber", identity.number.as_str());
    row.set("NHSNumberStatus", if identity.number.is_empty() { "07" } else { "02" });
    row.set("FamilyName", identity.family(at)).set("GivenName", identity.first());
    row.set("PersonBirthDate", identity.born.to_string());
    row.set("GenderCode", identity.sex("2", "1"));
    row.set("Postcode", home.postcode.as_str()).set("OrgIDGP", identity.person.practice.as_str());
    row.set("ServiceTeam", team);
    let draw = Chance::of(0, team).with(u64::from(identity.person.number) % 9);
    row.set("CareProfessional", member(draw).plain());
    let changed = at.date().to_datetime(Time::midnight());
    row.set("RecordChanged", format!("{}T{:02}:{:02}:00Z", changed.date(), at.hour(), at.minute()));
    row
}
