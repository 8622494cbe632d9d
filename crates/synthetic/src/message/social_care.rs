//! The council's feed: a nightly extract in the shape of the Client Level Data collection, one row for each event.

use jiff::civil::{Date, DateTime};

use super::SOCIAL_CARE;
use super::calendar::{days, slashed};
use super::chance::Chance;
use super::community::next_morning;
use super::ending::Ending;
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

/// What is sent about one person: an event when it begins, and again under the same reference when it ends.
pub(super) fn write(post: &mut Post<'_>, events: &[Event]) {
    for event in events {
        let What::SocialCare { support, until } = event.what else { continue };
        let key = post.chance("social-care").with(event.number);
        let service =
            matches!(support, Support::HomeCare | Support::DayCare | Support::DirectPayment | Support::CareHome);
        let began = event.at.date();
        let usual = || days(began, key.and("length").between(1, 20));
        let ending = Ending::of(post, SOCIAL_CARE, key, if service { until } else { until.or_else(|| Some(usual())) });
        let told = ending.and_then(Ending::told);
        // What is no service is told of as open where it still was so on the first day; what ended before comes once.
        let first = days(post.services.settings.today, -1);
        if service || told.is_none_or(|told| told.date() >= first && told.date() > began) {
            row(post, event, key, support, None);
        }
        match ending {
            Some(Ending::LeftOpen(at)) => {
                post.left_open(SOCIAL_CARE, &reference(event), next_morning(at, key.and("ended")));
            }
            Some(ending) => row(post, event, key, support, Some(ending)),
            None => {}
        }
    }
}

fn reference(event: &Event) -> String {
    format!("EV{:X}", event.number)
}

fn row(post: &mut Post<'_>, event: &Event, key: Chance, support: Support, ending: Option<Ending>) {
    let identity = post.identity(SOCIAL_CARE);
    let sending = if ending.is_some() { key.and("ended") } else { key };
    let at = next_morning(ending.and_then(Ending::told).unwrap_or(event.at), sending);
    let home_name =
        identity.address(at).care_home.as_ref().and_then(|home| post.services.home_name(home)).map(str::to_owned);
    post.send(SOCIAL_CARE, sending, at, || {
        let mut row = begun(&identity, at);
        let name = reference(event);
        row.set("Event Reference", name.as_str());
        row.set("Event Start Date", slashed(event.at.date()));
        described(&mut row, support, home_name.as_deref(), key);
        match ending {
            Some(Ending::Due(until)) => {
                row.set("Event End Date", slashed(until)).set("Event Outcome", outcome(support));
            }
            Some(Ending::Died(died, _)) => {
                row.set("Event End Date", slashed(died)).set("Event Outcome", "NFA - Deceased");
            }
            Some(Ending::LeftOpen(_)) | None => {}
        }
        if support == Support::Review && matches!(ending, Some(Ending::Due(_))) {
            row.set("Review Outcomes Achieved", key.and("met").pick(&["Fully", "Partly"]));
        }
        Written { name, bytes: row.message() }
    });
}

/// What an event that ends in its course leads to.
fn outcome(support: Support) -> &'static str {
    match support {
        Support::Request => "Progress to assessment, review or reassessment",
        Support::Assessment => "Progress to support planning or services",
        Support::Review => "No change to package",
        Support::HomeCare | Support::DayCare | Support::DirectPayment | Support::CareHome => "Service ended as planned",
    }
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
        }
        Support::Assessment => {
            row.set("Event Type", "Assessment").set("Assessment Type", "Long term assessment");
        }
        Support::Review => {
            row.set("Event Type", "Review").set("Review Reason", "Planned");
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
