//! The council's feed: a nightly extract in the shape of the Client Level Data collection, one row for each event.

use jiff::civil::{Date, DateTime};

use super::SOCIAL_CARE;
use super::calendar::{days, slashed};
use super::chance::Chance;
use super::community::next_morning;
use super::identity::Identity;
use super::post::{Post, Written};
use super::row::Row;
use crate::event::{Event, Support, What};

const COLUMNS: [&str; 35] = [
    "LA Code",
    "Reporting Period Start Date",
    "Reporting Period End Date",
    "Person Unique Identifier",
    "NHS Number",
    "First Name",
    "Last Name",
    "Date of Birth",
    "Date of Death",
    "Gender",
    "Ethnicity",
    "Address Line 1",
    "Town",
    "Postcode",
    "GP Practice Code",
    "Client Type",
    "Primary Support Reason",
    "Accommodation Status",
    "Event Type",
    "Event Reference",
    "Event Start Date",
    "Event End Date",
    "Event Description",
    "Event Outcome",
    "Route of Access",
    "Assessment Type",
    "Service Type",
    "Service Component",
    "Delivery Mechanism",
    "Provider Name",
    "Unit Cost",
    "Cost Frequency",
    "Planned Units Per Week",
    "Review Reason",
    "Review Outcomes Achieved",
];

/// What is sent about one person: an event when it begins, and again when it ends.
pub(super) fn write(post: &mut Post<'_>, events: &[Event]) {
    for event in events {
        let What::SocialCare { support, until } = event.what else { continue };
        let key = post.chance("social-care").with(event.number);
        let service =
            matches!(support, Support::HomeCare | Support::DayCare | Support::DirectPayment | Support::CareHome);
        // What is no service has ended when the extract tells of it: requests the same day, assessments in their time.
        match (service, until) {
            (true, None) => row(post, event, key, support, event.at, None),
            (true, Some(until)) => {
                row(post, event, key, support, event.at, None);
                row(post, event, key.and("ended"), support, until.at(12, 0, 0, 0), Some(until));
            }
            (false, until) => {
                let until = until.unwrap_or_else(|| days(event.at.date(), key.and("length").between(0, 20)));
                row(post, event, key, support, until.at(12, 0, 0, 0), Some(until));
            }
        }
    }
}

fn row(post: &mut Post<'_>, event: &Event, key: Chance, support: Support, told: DateTime, ended: Option<Date>) {
    let identity = post.identity(SOCIAL_CARE);
    let at = next_morning(told, key);
    let home_name =
        identity.address(at).care_home.as_ref().and_then(|home| post.services.home_name(home)).map(str::to_owned);
    post.send(SOCIAL_CARE, key, at, || {
        let mut row = begun(&identity, at);
        let name = format!("EV{:X}", event.number);
        row.set("Event Reference", name.as_str());
        row.set("Event Start Date", slashed(event.at.date()));
        if let Some(ended) = ended {
            row.set("Event End Date", slashed(ended));
        }
        described(&mut row, support, home_name.as_deref(), key);
        Written { name, bytes: row.message() }
    });
}

/// What kind of event it is, and its details.
fn described(row: &mut Row, support: Support, home: Option<&str>, key: Chance) {
    let provider = key.and("provider").pick(&[
        "Warp and Weft Homecare",
        "Bobbin Lane Care",
        "Shuttle Home Support",
        "Selvedge Care at Home",
        "Millbrow Helpers",
    ]);
    let mut service = |kind: &str, component: &str, provider: &str, cost: u64, units: u64| {
        row.set("Event Type", "Service").set("Service Type", kind).set("Service Component", component);
        row.set("Provider Name", provider).set("Delivery Mechanism", "CASSR managed budget");
        row.set("Unit Cost", format!("{cost}.00")).set("Cost Frequency", if units > 1 { "hours" } else { "weeks" });
        row.set("Planned Units Per Week", units.to_string());
    };
    match support {
        Support::HomeCare => {
            service("Long term support: Community", "Home support", provider, 21, 4 + key.and("hours").below(20));
        }
        Support::DayCare => {
            service("Long term support: Community", "Day support", "Heddle House day centre", 58, 1 + key.below(4));
        }
        Support::DirectPayment => {
            service("Long term support: Community", "Direct payment", "", 180 + key.below(250), 1);
            row.set("Delivery Mechanism", "Direct payment only");
        }
        Support::CareHome => {
            service(
                "Long term support: Residential care",
                "Residential care",
                home.unwrap_or(""),
                640 + key.below(300),
                1,
            );
        }
        Support::Request => {
            row.set("Event Type", "Request");
            row.set(
                "Event Description",
                key.and("asks").pick(&[
                    "Asks for help with washing and dressing",
                    "Family cannot go on as before",
                    "Needs help after a stay in hospital",
                    "Asks what help there is",
                ]),
            );
            row.set("Route of Access", key.and("route").pick(&["Community or other route", "Discharge from hospital"]));
            row.set("Event Outcome", "Progress to assessment, review or reassessment");
        }
        Support::Assessment => {
            row.set("Event Type", "Assessment").set("Assessment Type", "Long term assessment");
            row.set("Event Outcome", "Progress to support planning or services");
        }
        Support::Review => {
            row.set("Event Type", "Review").set("Event Outcome", "No change to package");
            row.set("Review Reason", "Planned")
                .set("Review Outcomes Achieved", key.and("met").pick(&["Fully", "Partly"]));
        }
    }
}

/// A row with what every row says: whom, where, of which quarter.
fn begun(identity: &Identity<'_>, at: DateTime) -> Row {
    let mut row = Row::of(&COLUMNS);
    let home = identity.address(at);
    let quarter = (at.month() - 1) / 3 * 3 + 1;
    let starts = Date::new(at.year(), quarter, 1).unwrap_or(at.date());
    row.set("LA Code", "E08000007");
    row.set("Reporting Period Start Date", slashed(starts)).set("Reporting Period End Date", slashed(at.date()));
    row.set("Person Unique Identifier", identity.local.as_str()).set("NHS Number", identity.number.as_str());
    row.set("First Name", identity.first()).set("Last Name", identity.family(at));
    row.set("Date of Birth", slashed(identity.born));
    if let Some(died) = identity.died(at) {
        row.set("Date of Death", slashed(died));
    }
    row.set("Gender", identity.sex("Female", "Male")).set("Ethnicity", identity.person.ethnicity);
    row.set("Address Line 1", home.line.as_str()).set("Town", home.town.as_str());
    row.set("Postcode", home.postcode.as_str()).set("GP Practice Code", identity.person.practice.as_str());
    row.set("Client Type", "Service User");
    row.set("Primary Support Reason", reason(identity));
    row.set("Accommodation Status", if home.care_home.is_some() { "Care home" } else { "Owner occupier or tenant" });
    row
}

fn reason(identity: &Identity<'_>) -> &'static str {
    use crate::person::Condition;
    let has = |condition: Condition| identity.person.problems.iter().any(|problem| problem.condition == condition);
    if has(Condition::LearningDisability) {
        "Learning disability support"
    } else if has(Condition::Dementia) {
        "Support with memory and cognition"
    } else if has(Condition::SevereMentalIllness) {
        "Mental health support"
    } else {
        "Physical support: Personal care support"
    }
}
