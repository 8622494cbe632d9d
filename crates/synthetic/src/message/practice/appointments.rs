//! Appointments as the practice's system has them: booked up to a week ahead, and again under the same id when they were
//! kept, missed or called off. What was over when the practice was connected is not sent. Must not say what anybody comes
//! for: reception reads it.

use jiff::civil::{DateTime, Time};
use serde_json::{Value, json};

use super::{author, subject, transaction};
use crate::event::{Event, Held, What};
use crate::message::calendar::{days, fhir, minutes};
use crate::message::chance::Chance;
use crate::message::identity::Identity;
use crate::message::post::Post;
use crate::message::{PRACTICE, Services};

/// An appointment, and when the practice's system knew what of it.
struct Booking<'e> {
    event: &'e Event,
    length: i64,
    nurse: bool,
    held: Held,
    /// When it was booked.
    booked: DateTime,
    /// When it was kept, missed or called off.
    closed: DateTime,
}

impl<'e> Booking<'e> {
    fn of(services: &Services, event: &'e Event) -> Option<Self> {
        let What::Appointment { minutes: length, nurse, held } = event.what else { return None };
        let draw = Chance::of(services.settings.seed, "booking").with(event.number);
        let (asked, opens) = (draw.and("ahead").between(0, 6), Time::constant(8, 0, 0, 0));
        let desk = services.desk_day(days(event.at.date(), -asked));
        // Whoever wants to come the same day rings as the desk opens.
        let latest = if desk == event.at.date() { 25 } else { 590 };
        let booked = minutes(desk.to_datetime(opens), draw.and("minute").between(0, latest));
        let length = i64::from(length);
        let closed = minutes(
            event.at,
            match held {
                Held::Seen => length,
                Held::Missed => length + 20,
                Held::Cancelled => -20,
            },
        );
        Some(Self { event, length, nurse, held, booked, closed })
    }

    fn resource(&self, services: &Services, identity: &Identity<'_>, status: &str) -> Value {
        let draw = Chance::of(services.settings.seed, "booked-with").with(self.event.number);
        let mut whom = subject(identity);
        if let Some(whom) = whom.as_object_mut() {
            whom.insert("display".to_owned(), identity.plain(self.booked).into());
        }
        json!({
            "resourceType": "Appointment", "id": format!("{}-appointment-{:X}", identity.local, self.event.number),
            "status": status,
            "description": if self.nurse { "Appointment with a nurse" } else { "Appointment with a doctor" },
            "start": fhir(self.event.at, &services.zone),
            "end": fhir(minutes(self.event.at, self.length), &services.zone),
            "created": fhir(self.booked, &services.zone),
            "participant": [
                { "actor": whom, "status": "accepted" },
                { "actor": author(services, &identity.person.practice, draw, self.nurse), "status": "accepted" },
            ],
        })
    }

    fn outcome(&self) -> &'static str {
        match self.held {
            Held::Seen => "fulfilled",
            Held::Missed => "noshow",
            Held::Cancelled => "cancelled",
        }
    }
}

/// What stands in the diary when the practice is connected.
pub(super) fn diary(services: &Services, identity: &Identity<'_>, events: &[Event], connected: DateTime) -> Vec<Value> {
    let bookings = events.iter().filter_map(|event| Booking::of(services, event));
    bookings
        .filter(|one| one.booked < connected && one.closed >= connected)
        .map(|one| one.resource(services, identity, "booked"))
        .collect()
}

/// What is booked and what becomes of it, from then on.
pub(super) fn write(post: &mut Post<'_>, events: &[Event], connected: DateTime) {
    let services = post.services;
    for booking in events.iter().filter_map(|event| Booking::of(services, event)) {
        let key = post.chance("appointment").with(booking.event.number);
        let identity = post.identity(PRACTICE);
        let moments = [(booking.booked, "booked", key.and("booked")), (booking.closed, booking.outcome(), key)];
        for (at, status, sending) in moments.into_iter().filter(|(at, ..)| *at >= connected) {
            post.send(PRACTICE, sending, at, || {
                let resources =
                    [super::patient::patient(services, &identity, at), booking.resource(services, &identity, status)];
                let name = format!("{}-{:X}-{status}", identity.local, booking.event.number);
                transaction(services, &name, at, &resources)
            });
        }
    }
}
