//! The feed of community health services: a nightly extract, one row for each contact of late and for each entry of a
//! caseload. Contacts older than the recent past do not come with the first load; there would be hundreds of thousands.
//! A visit that is planned comes first as planned, and again under the same id when it was held or not.

use jiff::civil::{DateTime, Time};

use super::calendar::{days, minutes, month, slashed, slashed_time};
use super::chance::Chance;
use super::ending::Ending;
use super::identity::Identity;
use super::post::{Post, Written};
use super::row::Row;
use super::staff::member;
use super::{COMMUNITY, LOOK_AHEAD, coding, rates};
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
                let visit = Visit { event, team, length: i64::from(length), medium };
                planned(post, visit);
                let key = visit.key(post);
                contact(post, visit, Some(held), next_morning(event.at, key), key);
            }
            What::Caseload { team, until } => {
                let key = post.chance("caseload").with(event.number);
                let ending = Ending::of(post, COMMUNITY, key, until);
                caseload(post, event, key, team, None);
                match ending {
                    Some(Ending::LeftOpen(at)) => {
                        let at = next_morning(at, key.and("ended"));
                        post.left_open(COMMUNITY, &format!("CSL{:X}", event.number), at);
                    }
                    Some(ending) => caseload(post, event, key, team, Some(ending)),
                    None => {}
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

/// A contact, whether or not it has come yet.
#[derive(Clone, Copy)]
struct Visit<'e> {
    event: &'e Event,
    team: Team,
    length: i64,
    medium: Medium,
}

impl Visit<'_> {
    fn key(self, post: &Post<'_>) -> Chance {
        post.chance("contact").with(self.event.number)
    }
}

/// Announces a visit or a clinic, in the extract of a day before it. What was over before the first day is not announced.
fn planned(post: &mut Post<'_>, visit: Visit<'_>) {
    let day = visit.event.at.date();
    let key = visit.key(post).and("planned");
    let over = day < days(post.services.settings.today, -1);
    if over || visit.medium == Medium::Telephone || !key.happens(rates::PLANNED) {
        return;
    }
    let decided = days(day, -key.and("ahead").between(2, LOOK_AHEAD - 1)).to_datetime(Time::constant(16, 0, 0, 0));
    contact(post, visit, None, next_morning(decided, key), key);
}

/// One row of a contact; `held` is not known while it is planned, and `sending` tells this row from the other.
fn contact(post: &mut Post<'_>, visit: Visit<'_>, held: Option<Held>, at: DateTime, sending: Chance) {
    let key = visit.key(post);
    let identity = post.identity(COMMUNITY);
    let Visit { event, team, length, medium } = visit;
    post.send(COMMUNITY, sending, at, || {
        let mut row = begun(&identity, at, team, key);
        row.set("Record Type", "Contact").set("Activity ID", format!("ACT{:X}", event.number));
        row.set("Start", slashed_time(event.at));
        if held == Some(Held::Seen) {
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
                None => "Planned",
                Some(Held::Seen) => "Seen",
                Some(Held::Missed) => "No access",
                Some(Held::Cancelled) => "Cancelled",
            },
        );
        Written { name: format!("ACT{:X}", event.number), bytes: row.message() }
    });
}

fn caseload(post: &mut Post<'_>, event: &Event, key: Chance, team: Team, ending: Option<Ending>) {
    let identity = post.identity(COMMUNITY);
    let sending = if ending.is_some() { key.and("ended") } else { key };
    let at = next_morning(ending.and_then(Ending::told).unwrap_or(event.at), sending);
    post.send(COMMUNITY, sending, at, || {
        let mut row = begun(&identity, at, team, key);
        row.set("Record Type", "Caseload").set("Activity ID", format!("CSL{:X}", event.number));
        row.set("Start", slashed(event.at.date()));
        match ending {
            Some(Ending::Due(until)) => {
                let why = key.and("why").pick(&["Goals met", "Goals met", "Moved to self care", "Admitted"]);
                row.set("End", slashed(until)).set("Discharge Reason", why);
            }
            Some(Ending::Died(died, _)) => {
                row.set("End", slashed(died)).set("Discharge Reason", "Died");
            }
            Some(Ending::LeftOpen(_)) | None => {}
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
