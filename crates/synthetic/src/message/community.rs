//! The feed of community health services: a nightly extract, one row for each contact of late and for each entry of a
//! caseload. Contacts older than the recent past do not come with the first load; there would be hundreds of thousands.

use jiff::civil::{DateTime, Time};

use super::calendar::{days, minutes, month, slashed, slashed_time};
use super::chance::Chance;
use super::identity::Identity;
use super::post::{Post, Written};
use super::row::Row;
use super::staff::member;
use super::{COMMUNITY, coding};
use crate::event::{Event, Held, Medium, Team, What};

const COLUMNS: [&str; 24] = [
    "Row No",
    "Client ID",
    "NHS No",
    "Family Name",
    "Given Name",
    "Date Of Birth",
    "Gender",
    "Post Code",
    "GP Code",
    "Record Type",
    "Activity ID",
    "Service",
    "Team",
    "Start",
    "End",
    "Contact Method",
    "Location",
    "Reason",
    "Outcome",
    "Clinician",
    "Discipline",
    "Priority",
    "Discharge Reason",
    "Last Updated",
];

/// What is sent about one person.
pub(super) fn write(post: &mut Post<'_>, events: &[Event]) {
    for event in events {
        match event.what {
            What::Contact { team, minutes: length, medium, held } if event.at >= post.services.recent() => {
                contact(post, event, team, i64::from(length), medium, held);
            }
            What::Caseload { team, until } => {
                let key = post.chance("caseload").with(event.number);
                caseload(post, event, key, team, None);
                if let Some(until) = until {
                    let ended = until.to_datetime(Time::constant(12, 0, 0, 0));
                    caseload(post, event, key.and("ended"), team, Some(ended));
                }
            }
            _ => {}
        }
    }
}

/// When the extract of a day is sent: early the next morning.
pub(super) fn next_morning(at: DateTime, key: Chance) -> DateTime {
    minutes(days(at.date(), 1).to_datetime(Time::constant(5, 30, 0, 0)), key.and("row").between(0, 25))
}

fn contact(post: &mut Post<'_>, event: &Event, team: Team, length: i64, medium: Medium, held: Held) {
    let key = post.chance("contact").with(event.number);
    let identity = post.identity(COMMUNITY);
    let at = next_morning(event.at, key);
    post.send(COMMUNITY, key, at, || {
        let mut row = begun(&identity, at, team, key);
        let seen = held == Held::Seen;
        row.set("Record Type", "Contact").set("Activity ID", format!("ACT{:X}", event.number));
        row.set("Start", slashed_time(event.at));
        if seen {
            row.set("End", slashed_time(minutes(event.at, length)));
        }
        row.set(
            "Contact Method",
            match medium {
                Medium::Home => "Home visit",
                Medium::Clinic => "Clinic",
                Medium::Telephone => "Telephone",
                Medium::Video => "Video",
            },
        );
        row.set("Location", if medium == Medium::Home { "Own home" } else { "" });
        row.set("Reason", reason(team, key));
        row.set(
            "Outcome",
            match held {
                Held::Seen => "Seen",
                Held::Missed => "No access",
                Held::Cancelled => "Cancelled",
            },
        );
        Written { name: format!("ACT{:X}", event.number), bytes: row.message() }
    });
}

fn caseload(post: &mut Post<'_>, event: &Event, key: Chance, team: Team, ended: Option<DateTime>) {
    let identity = post.identity(COMMUNITY);
    let at = next_morning(ended.unwrap_or(event.at), key);
    post.send(COMMUNITY, key, at, || {
        let mut row = begun(&identity, at, team, key);
        row.set("Record Type", "Caseload").set("Activity ID", format!("CSL{:X}", event.number));
        row.set("Start", slashed(event.at.date()));
        if let Some(ended) = ended {
            row.set("End", slashed(ended.date()));
            row.set(
                "Discharge Reason",
                key.and("why").pick(&["Goals met", "Goals met", "Moved to self care", "Admitted"]),
            );
        }
        row.set("Reason", reason(team, key));
        row.set("Priority", (1 + key.and("priority").below(3)).to_string());
        Written { name: format!("CSL{:X}", event.number), bytes: row.message() }
    });
}

/// A row with what every row says: whom, which team, when it was last changed.
fn begun(identity: &Identity<'_>, at: DateTime, team: Team, key: Chance) -> Row {
    let mut row = Row::of(&COLUMNS);
    let born = identity.born;
    let home = identity.address(at);
    let (service, discipline) = coding::team(team);
    row.set("Row No", (1 + key.and("line").below(9_999)).to_string());
    row.set("Client ID", identity.local.as_str()).set("NHS No", identity.number.as_str());
    row.set("Family Name", identity.family(at)).set("Given Name", identity.first());
    row.set("Date Of Birth", format!("{:02}-{}-{:04}", born.day(), month(born), born.year()));
    row.set("Gender", identity.sex("Female", "Male"));
    row.set("Post Code", home.postcode.as_str()).set("GP Code", identity.person.practice.as_str());
    row.set("Service", service);
    let town = home.town.as_str();
    row.set("Team", if town.is_empty() { service.to_owned() } else { format!("{town} {}", service.to_lowercase()) });
    let clinician = member(Chance::of(0, service).and(town).with(key.and("clinician").below(6)));
    row.set("Clinician", clinician.plain()).set("Discipline", discipline);
    row.set("Last Updated", format!("{} {:02}:{:02}:00", at.date(), at.hour(), at.minute()));
    row
}

fn reason(team: Team, key: Chance) -> &'static str {
    let draw = key.and("reason");
    match team {
        Team::DistrictNursing => {
            draw.pick(&["Wound care", "Leg ulcer dressing", "Insulin", "Catheter care", "Injection"])
        }
        Team::Therapy => {
            draw.pick(&["Walking after an illness", "Home safety check", "Equipment", "Strength and balance"])
        }
        Team::HeartFailure => draw.pick(&["Weight and breathlessness", "Medicine titration"]),
        Team::Respiratory => draw.pick(&["Inhaler check", "After an admission", "Oxygen review"]),
        Team::Podiatry => draw.pick(&["Foot check", "Foot ulcer", "Nail surgery"]),
        Team::HealthVisiting => draw.pick(&["New baby visit", "Review at one year", "Feeding", "Review at two years"]),
        Team::Falls => draw.pick(&["Falls assessment", "Strength and balance class", "After a fall"]),
    }
}
