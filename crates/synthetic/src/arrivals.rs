//! What arrives from a whole borough: the first load person by person, then day by day. Must not hold more than one person
//! for the first load, and one day's messages after it.

use jiff::civil::Date;
use place::NhsNumber;

use crate::borough::Borough;
use crate::message::{Delivery, Message, Services, Window};
use crate::person::Person;

/// The services of a borough, and what they send.
#[derive(Debug)]
pub struct Arrivals<'b> {
    borough: &'b Borough,
    services: Services,
}

impl<'b> Arrivals<'b> {
    /// The services of a borough.
    #[must_use]
    pub fn of(borough: &'b Borough) -> Self {
        Self { borough, services: Services::of(borough.place(), borough.settings()) }
    }

    /// What the practices say of themselves, before anything about a person.
    #[must_use]
    pub fn practices(&self) -> Vec<Message> {
        self.services.practices()
    }

    /// What the services hold of one person when they are first connected.
    #[must_use]
    pub fn first(&self, person: &Person) -> Delivery {
        self.about(person, Window::First)
    }

    /// What arrives on one day, the first or a later one, from everybody, in the order of its arrival.
    #[must_use]
    pub fn day(&self, day: Date) -> Delivery {
        let mut all = Delivery::default();
        for person in self.borough.people() {
            let mut one = self.about(&person, Window::Day(day));
            all.messages.append(&mut one.messages);
            all.known.append(&mut one.known);
            all.odd.append(&mut one.odd);
        }
        // Sorting keeps one person's messages of one moment in their order.
        all.messages.sort_by_key(|message| message.sent);
        all.odd.sort_by_key(|odd| odd.sent);
        all
    }

    fn about(&self, person: &Person, window: Window) -> Delivery {
        let events = self.borough.events(person, self.services.needed(person, window));
        let number = |other: u32| -> Option<NhsNumber> {
            (other < self.borough.settings().people).then(|| self.borough.person(other).nhs_number)
        };
        self.services.deliver(person, &events, window, &number)
    }
}
