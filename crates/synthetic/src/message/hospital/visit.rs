//! Attendances, stays and clinics as the messages of a patient administration system: A01 A02 A03 A04 A08 A11 A13.

use jiff::civil::DateTime;

use crate::event::{Admission, Event, Held, Operation, Reason, What};
use crate::message::calendar::{hl7, later, minutes};
use crate::message::chance::Chance;
use crate::message::coding;
use crate::message::hl7::{Hl7, text};
use crate::message::post::Post;
use crate::message::staff::member;
use crate::person::Condition;

use super::patient::Registration;
use super::{Notice, letter};

/// A visit as PV1 states it.
struct Visit {
    /// PV1-19.
    number: String,
    /// `I`, `E` or `O`.
    class: &'static str,
    ward: String,
    how: &'static str,
    specialty: String,
    clinician: String,
    from: DateTime,
    until: Option<DateTime>,
    outcome: &'static str,
}

const HOME: &str = "01^Usual place of residence";
const DIED: &str = "04^Died";
const STAYS_ON: &str = "06^Admitted";

/// The number of a visit.
pub(super) fn number(event: u64) -> String {
    format!("V{event:X}")
}

/// The messages of one event, where it is one of the hospital's visits.
pub(super) fn write(post: &mut Post<'_>, registration: &Registration<'_>, event: &Event) {
    match event.what {
        What::Attendance { until, reason, stay } => {
            attendance(post, registration, event, until, reason, stay.is_some());
        }
        What::Stay { how, until, reason, .. } => stay(post, registration, event, how, until, reason),
        What::Outpatient { specialty, held } => clinic(post, registration, event, specialty, held),
        _ => {}
    }
}

fn attendance(
    post: &mut Post<'_>,
    registration: &Registration<'_>,
    event: &Event,
    until: DateTime,
    reason: Reason,
    admitted: bool,
) {
    let key = post.chance("attendance").with(event.number);
    let clinician = member(key.and("clinician").with(0).and("emergency"));
    let mut visit = Visit {
        number: number(event.number),
        class: "E",
        ward: format!(
            "ED^{}^Cubicle {}^Demo Hospital",
            key.and("area").pick(&["Majors", "Minors", "Minors"]),
            1 + key.below(14)
        ),
        how: "E^Emergency^HL70007",
        specialty: "180^Emergency medicine".to_owned(),
        clinician: clinician.hl7(),
        from: event.at,
        until: None,
        outcome: "",
    };
    let coded = coding::reason(reason);
    if event.at >= post.services.recent() {
        let rest = |message: &mut Hl7| {
            visit.write(message);
            message.segment("PV2", &[(3, &format!("^{}", text(coded.1)))]);
            registration.allergies(message);
        };
        Notice { system: "PAS", kind: "ADT^A04^ADT_A01", at: minutes(event.at, 9), key: key.and("A04"), rest: &rest }
            .send(post, registration);
    }
    visit.until = Some(until);
    visit.outcome = if admitted { STAYS_ON } else { outcome(post, until) };
    let rest = |message: &mut Hl7| {
        visit.write(message);
        message.segment("PV2", &[(3, &format!("^{}", text(coded.1)))]);
        Registration::diagnosis(message, coded, event.at, "F");
    };
    Notice { system: "PAS", kind: "ADT^A03^ADT_A03", at: minutes(until, 4), key: key.and("A03"), rest: &rest }
        .send(post, registration);
}

fn stay(
    post: &mut Post<'_>,
    registration: &Registration<'_>,
    event: &Event,
    how: Admission,
    until: DateTime,
    reason: Reason,
) {
    let key = post.chance("stay").with(event.number);
    let (code, specialty, ward) = specialty(how, reason);
    let coded = coding::reason(reason);
    let bay = |key: Chance| format!("Bay {}^Bed {:02}^Demo Hospital", 1 + key.below(6), 1 + key.and("bed").below(24));
    let clinician = member(Chance::of(post.services.settings.seed, "consultant").and(code).with(key.and("c").below(5)));
    let mut visit = Visit {
        number: number(event.number),
        class: "I",
        ward: format!("{ward}^{}", bay(key.and("bay"))),
        how: match how {
            Admission::Emergency => "E^Emergency^HL70007",
            Admission::Planned => "R^Planned^HL70007",
            Admission::Maternity => "L^Labour and delivery^HL70007",
        },
        specialty: format!("{code}^{specialty}"),
        clinician: clinician.hl7(),
        from: event.at,
        until: None,
        outcome: "",
    };
    let recent = event.at >= post.services.recent();
    let hours = event.at.duration_until(until).as_hours();
    let notice = |post: &mut Post<'_>, kind: &'static str, at: DateTime, name: &str, visit: &Visit, diagnosis: &str| {
        let rest = |message: &mut Hl7| {
            visit.write(message);
            if diagnosis == "A" {
                registration.allergies(message);
            }
            Registration::diagnosis(message, coded, event.at, diagnosis);
            if let (Reason::Operation(operation), "F") = (reason, diagnosis) {
                procedure(message, operation, event.at, clinician.hl7());
            }
        };
        Notice { system: "PAS", kind, at, key: key.and(name), rest: &rest }.send(post, registration);
    };
    if recent {
        notice(post, "ADT^A01^ADT_A01", minutes(event.at, 15), "A01", &visit, "A");
        if how == Admission::Planned && key.and("cancelled").happens(0.01) {
            notice(post, "ADT^A11^ADT_A09", minutes(event.at, 95), "A11", &visit, "A");
            return;
        }
        if hours > 6 && key.and("updated").happens(0.03) {
            notice(post, "ADT^A08^ADT_A01", later(event.at, jiff::Span::new().hours(5)), "A08", &visit, "W");
        }
        if hours > 20 && key.and("moved").happens(0.35) {
            visit.ward =
                format!("{}^{}", key.and("other").pick(&["A14", "B3", "C3", "D2"]), bay(key.and("second bay")));
            notice(post, "ADT^A02^ADT_A02", later(event.at, jiff::Span::new().hours(hours / 3)), "A02", &visit, "W");
        }
        if hours > 12 && key.and("stayed on").happens(0.01) {
            let early = later(until, jiff::Span::new().hours(-4));
            visit.until = Some(early);
            visit.outcome = HOME;
            notice(post, "ADT^A03^ADT_A03", minutes(early, 10), "early A03", &visit, "F");
            visit.until = None;
            visit.outcome = "";
            notice(post, "ADT^A13^ADT_A01", minutes(early, 70), "A13", &visit, "W");
        }
    }
    visit.until = Some(until);
    visit.outcome = outcome(post, until);
    notice(post, "ADT^A03^ADT_A03", minutes(until, 10), "A03", &visit, "F");
    // Of old stays only the letters of emergencies come with the first load.
    if how == Admission::Emergency || (recent && key.and("letter").happens(0.8)) {
        letter::write(post, registration, event, until, reason, clinician);
    }
}

/// A clinic that was kept, or not. Only those of late come with the first load.
fn clinic(post: &mut Post<'_>, registration: &Registration<'_>, event: &Event, specialty: &'static str, held: Held) {
    if event.at < post.services.recent() {
        return;
    }
    let key = post.chance("clinic").with(event.number);
    let clinician = member(Chance::of(post.services.settings.seed, "clinic").and(specialty).with(key.below(4)));
    let length = key.and("length").between(10, 40);
    let seen = held == Held::Seen;
    let visit = Visit {
        number: number(event.number),
        class: "O",
        ward: format!("OPD^Clinic {}^^Demo Hospital", 1 + key.and("room").below(20)),
        how: "",
        specialty: format!("^{}", text(specialty)),
        clinician: clinician.hl7(),
        from: event.at,
        until: seen.then(|| minutes(event.at, length)),
        outcome: "",
    };
    let (kind, after) = if seen { ("ADT^A03^ADT_A03", length + 5) } else { ("ADT^A11^ADT_A09", 75) };
    let rest = |message: &mut Hl7| visit.write(message);
    Notice { system: "PAS", kind, at: minutes(event.at, after), key: key.and("notice"), rest: &rest }
        .send(post, registration);
}

fn outcome(post: &Post<'_>, until: DateTime) -> &'static str {
    if post.person.died == Some(until.date()) { DIED } else { HOME }
}

fn procedure(message: &mut Hl7, operation: Operation, admitted: DateTime, surgeon: String) {
    let (code, words) = coding::operation(operation);
    let done = hl7(minutes(admitted, 180));
    message.segment("PR1", &[(1, "1"), (3, &format!("{code}^{}^O4", text(words))), (5, &done), (11, &surgeon)]);
}

/// The specialty that a stay is under (its code, our words) and the ward.
fn specialty(how: Admission, reason: Reason) -> (&'static str, &'static str, &'static str) {
    match reason {
        _ if how == Admission::Maternity => ("501", "Obstetrics", "M1"),
        Reason::Birth => ("501", "Obstetrics", "M1"),
        Reason::Operation(Operation::Cataract) => ("130", "Eye surgery", "DSU"),
        Reason::Operation(Operation::Hernia | Operation::Endoscopy) => ("100", "General surgery", "DSU"),
        Reason::Operation(_) | Reason::Fall(_) => ("110", "Trauma and orthopaedics", "C3"),
        Reason::FeverOfAChild => ("420", "Children's medicine", "TH"),
        Reason::AbdominalPain => ("100", "General surgery", "B3"),
        Reason::ChestPain | Reason::Worsening(Condition::CoronaryHeartDisease | Condition::HeartFailure) => {
            ("320", "Heart medicine", "D2")
        }
        Reason::Pneumonia | Reason::Worsening(Condition::Copd | Condition::Asthma) => {
            ("340", "Respiratory medicine", "B1")
        }
        _ => ("300", "General internal medicine", "A14"),
    }
}

impl Visit {
    fn write(&self, message: &mut Hl7) {
        message.segment(
            "PV1",
            &[
                (1, "1"),
                (2, self.class),
                (3, &self.ward),
                (4, self.how),
                (7, &self.clinician),
                (10, &self.specialty),
                (19, &self.number),
                (36, self.outcome),
                (44, &hl7(self.from)),
                (45, &self.until.map(hl7).unwrap_or_default()),
            ],
        );
    }
}
