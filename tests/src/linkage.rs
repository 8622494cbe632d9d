//! What tests of the index by weights begin with: a learning made from an invented borough, and rows of people as a feed sends them.

use std::sync::{Arc, LazyLock};

use identity::roll::{Claim, Roll};
use identity::schema::Schema;
use jiff::Timestamp;
use record::feed::RawMessage;
use record::ingest::{Arrival, Outcome, receive};
use record::linkage::{Learned, Weighed, adopt, from_roll};
use serde_json::json;
use store::Store;
use uuid::Uuid;

use crate::entropy::Seeded;
use crate::samples::{feeds, reader};

/// Given names of the invented borough.
pub const GIVEN: [&str; 16] = [
    "William",
    "Robert",
    "James",
    "Thomas",
    "George",
    "Edward",
    "Peter",
    "Samuel",
    "Margaret",
    "Elizabeth",
    "Susan",
    "Dorothy",
    "Rebecca",
    "Patricia",
    "Victoria",
    "Joan",
];

/// A row as a feed sends it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// The feed's own id.
    pub id: String,
    /// NHS number; empty: none.
    pub number: String,
    /// Given name.
    pub given: String,
    /// Family name.
    pub family: String,
    /// `YYYY-MM-DD`.
    pub birth: String,
    /// `male` or `female`.
    pub sex: String,
    /// Line of the address.
    pub line: String,
    /// Postcode.
    pub postcode: String,
    /// Whether the address must be withheld.
    pub restricted: bool,
    /// Code of the practice; empty: not said.
    pub practice: String,
}

impl Row {
    /// The Patient.
    #[must_use]
    pub fn patient(&self) -> serde_json::Value {
        let mut patient = json!({"resourceType": "Patient", "id": self.id, "gender": self.sex});
        patient["name"] = json!([{"use": "official", "family": self.family, "given": [self.given]}]);
        if !self.birth.is_empty() {
            patient["birthDate"] = json!(self.birth);
        }
        if !self.number.is_empty() {
            patient["identifier"] = json!([{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": self.number}]);
        }
        if !self.postcode.is_empty() {
            patient["address"] = json!([{"line": [self.line], "postalCode": self.postcode}]);
        }
        if !self.practice.is_empty() {
            let code = json!({"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": self.practice});
            patient["generalPractitioner"] = json!([{"identifier": code}]);
        }
        if self.restricted {
            let system = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
            patient["meta"] = json!({"security": [{"system": system, "code": "R"}]});
        }
        patient
    }

    /// The message that says so, under an id of its own, so that the same words said again are heard again.
    #[must_use]
    pub fn message(&self, id: &str) -> Vec<u8> {
        crate::people::bundle(id, &[self.patient()])
    }
}

/// Learnt from an invented borough of fourteen hundred people with one to three rows each, some with slips.
static LEARNED: LazyLock<Learned> = LazyLock::new(|| {
    let mut draw = Seeded::new(17);
    let mut roll = Roll::new(Schema::default(), true);
    let parts =
        ["Ash", "Bar", "Cald", "Dun", "Elm", "Fair", "Green", "Hol", "Ing", "Kirk", "Lang", "Mar", "Nor", "Oak"];
    let ends = ["worth", "ley", "ton", "den", "field", "bury", "croft", "well", "by", "ham", "wood", "shaw"];
    let mut pushed = 0;
    for home in 0..480 {
        let family = format!("{}{}", parts[draw.below(parts.len())], ends[draw.below(ends.len())]);
        let line = format!("{} {} Road", 1 + draw.below(90), parts[draw.below(parts.len())]);
        let postcode = format!("SK{} {}A{}", 1 + draw.below(8), 1 + draw.below(9), ["A", "B", "D", "E"][draw.below(4)]);
        for _ in 0..1 + draw.below(4) {
            let given = GIVEN[draw.below(GIVEN.len())];
            let born = format!("{}-{:02}-{:02}", 1930 + draw.below(85), 1 + draw.below(12), 1 + draw.below(28));
            let sex = if GIVEN.iter().position(|name| *name == given) < Some(8) { "male" } else { "female" };
            for row in 0..1 + draw.below(3) {
                let slip = row > 0 && draw.below(6) == 0;
                let moved = row > 0 && draw.below(8) == 0;
                let spelt = if slip { given.get(..given.len() - 1).unwrap_or(given) } else { given };
                let elsewhere = format!("{} Elsewhere Lane", home + 1);
                let claim = Claim {
                    given_name: spelt,
                    surname: &family,
                    sex,
                    dob: &born,
                    address: if moved { &elsewhere } else { &line },
                    postcode: &postcode,
                    ..Claim::default()
                };
                let (read, _) = roll.read(&claim);
                roll.push(read, pushed);
                pushed += 1;
            }
        }
    }
    from_roll(1, roll).expect("enough rows")
});

/// The index by weights, with what was learnt from the invented borough in force in this store.
#[must_use]
pub fn weighed(store: &Store, at: Timestamp) -> Arc<Weighed> {
    let learned = LEARNED.clone();
    store.write(move |write| adopt(write, &learned, "test", at)).expect("it is adopted");
    Arc::new(Weighed::of(&feeds()))
}

/// Takes a row in, and gives the feed's own person.
#[must_use]
pub fn hear(store: &Store, index: &Arc<Weighed>, feed: &str, row: &Row, at: Timestamp) -> Uuid {
    let arrival = Arrival::of(&reader(feed), &RawMessage { bytes: row.message(&at.to_string()), line: None }, at);
    let index = index.clone();
    match store.write(move |write| receive(write, &*index, &arrival)).expect("the message is kept").outcome {
        Outcome::Applied(brought) => brought.people[0],
        other => panic!("{other:?}"),
    }
}
