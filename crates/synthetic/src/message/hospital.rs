//! The hospital's feed: attendances, stays, clinics, results and letters as HL7 v2.4, each event in the message that a
//! patient administration system would send for it. Some people it has registered twice, and finds some of them.

mod laboratory;
mod letter;
mod patient;
mod visit;

use jiff::civil::{DateTime, Time};

use super::calendar::{self, days, minutes};
use super::hl7::{Header, Hl7};
use super::post::{Post, Written};
use super::{HOSPITAL, Held, KnownAs, Naming, chance::Chance, rates};
use crate::event::Event;
use patient::Registration;

/// What is sent about one person.
pub(super) fn write(post: &mut Post<'_>, events: &[Event]) {
    let identity = post.identity(HOSPITAL);
    let registration = Registration::of(post, &identity);
    registered_twice(post, &registration);
    moved(post, &registration);
    for event in events {
        visit::write(post, &registration, event);
    }
    laboratory::write(post, &registration, events);
}

/// One message: its trigger event, when, and what stands after PID and PD1.
struct Notice<'n> {
    system: &'static str,
    /// `ADT^A01^ADT_A01`.
    kind: &'static str,
    at: DateTime,
    key: Chance,
    rest: &'n dyn Fn(&mut Hl7),
}

impl Notice<'_> {
    fn written(&self, registration: &Registration<'_>) -> Written {
        let control = format!("W{:012X}", self.key.number() >> 16);
        let mut message = Hl7::begin(&Header { system: self.system, kind: self.kind, control: &control, at: self.at });
        let event = self.kind.split('^').nth(1).unwrap_or_default();
        if self.kind != "ORU^R01^ORU_R01" {
            message.segment("EVN", &[(1, event), (2, &calendar::hl7(self.at))]);
        }
        registration.write(&mut message, self.at);
        (self.rest)(&mut message);
        Written { name: control, bytes: message.end() }
    }

    fn send(&self, post: &mut Post<'_>, registration: &Registration<'_>) {
        post.send(HOSPITAL, self.key, self.at, || self.written(registration));
    }
}

/// A second registration made at a busy desk without an NHS number; most are found and merged.
fn registered_twice(post: &mut Post<'_>, registration: &Registration<'_>) {
    let Some(second) = &registration.second else { return };
    let first = Notice {
        system: "PAS",
        kind: "ADT^A28^ADT_A05",
        at: second.from,
        key: post.chance("hospital-second"),
        rest: &|_| {},
    };
    first.send(post, registration);
    if let Some(merged) = second.merged {
        let prior = format!("{}^^^RWJ^MR", second.local);
        let key = post.chance("hospital-merge");
        let rest = |message: &mut Hl7| message.segment("MRG", &[(1, &prior)]);
        Notice { system: "PAS", kind: "ADT^A40^ADT_A39", at: merged, key, rest: &rest }.send(post, registration);
    }
    post.known(KnownAs {
        feed: HOSPITAL,
        local: second.local.clone(),
        person: post.person.number,
        held: Held::Missing,
        naming: Naming::AsRegistered,
        birth_swapped: registration.identity.born != post.person.born,
        merged_into: second.merged.map(|_| registration.identity.local.clone()),
    });
}

/// The hospital learns of a move or a new name, for half of those who have one.
fn moved(post: &mut Post<'_>, registration: &Registration<'_>) {
    for learned in registration.identity.learns().into_iter().flatten() {
        let key = post.chance("hospital-learns").and(&learned.to_string());
        if key.happens(0.5) {
            let at = minutes(learned.to_datetime(Time::constant(8, 0, 0, 0)), key.and("minute").between(0, 600));
            Notice { system: "PAS", kind: "ADT^A31^ADT_A05", at, key, rest: &|_| {} }.send(post, registration);
        }
    }
}

/// When the second registration of a person begins, and its merge.
fn second_begins(post: &Post<'_>) -> Option<(DateTime, Option<DateTime>)> {
    let draw = post.chance("registered-twice");
    if !draw.happens(rates::REGISTERED_TWICE) {
        return None;
    }
    let begins = days(post.services.settings.today, draw.and("begins").between(-300, 60));
    let from = minutes(begins.to_datetime(Time::midnight()), draw.and("minute").between(0, 1439));
    let merged = draw.and("merged").happens(rates::MERGED).then(|| {
        let day = days(begins, draw.and("found").between(7, 90));
        minutes(day.to_datetime(Time::constant(9, 0, 0, 0)), draw.and("office").between(0, 420))
    });
    Some((from, merged))
}
