//! The post between a service and the record: each message that a service would write goes through here once, is late,
//! repeated or broken by the seed, and is written only if some arrival of it lies in the window. Must not look into messages.

use std::collections::BTreeMap;

use jiff::Span;
use jiff::civil::DateTime;

use super::calendar::{instant, later};
use super::chance::Chance;
use super::identity::Identity;
use super::{Breakage, Delivery, KnownAs, Message, Numbers, Odd, Oddity, Services, Window, rates};
use crate::person::Person;

/// A message as a service wrote it.
pub(super) struct Written {
    /// What it calls itself.
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
}

/// The post of one person in one window.
pub(super) struct Post<'a> {
    pub(super) services: &'a Services,
    pub(super) person: &'a Person,
    pub(super) window: Window,
    numbers: &'a Numbers<'a>,
    from: DateTime,
    until: DateTime,
    identities: BTreeMap<&'static str, std::rc::Rc<Identity<'a>>>,
    out: Delivery,
}

/// How a message fares.
struct Fate {
    late_days: i64,
    repeated_after: Option<i64>,
    broken: Option<Chance>,
    mended_after: Option<i64>,
}

impl Fate {
    fn of(draw: Chance, prompt: bool) -> Self {
        let late = !prompt && draw.and("late").happens(rates::LATE);
        let broken = draw.and("broken").happens(rates::BROKEN).then(|| draw.and("breakage"));
        let repeated = broken.is_none() && draw.and("repeated").happens(rates::REPEATED);
        let mended = broken.is_some() && draw.and("mended").happens(rates::MENDED);
        let hours = if prompt { 60 * draw.and("hours").between(1, 4) } else { 60 * draw.and("hours").between(20, 44) };
        Self {
            late_days: if late { draw.and("days").between(1, 6) } else { 0 },
            repeated_after: repeated.then(|| draw.and("again").between(1, 59)),
            broken,
            mended_after: mended.then_some(hours),
        }
    }
}

impl<'a> Post<'a> {
    pub(super) fn of(services: &'a Services, person: &'a Person, window: Window, numbers: &'a Numbers<'a>) -> Self {
        let (from, until) = window.bounds(services);
        Self { services, person, window, numbers, from, until, identities: BTreeMap::new(), out: Delivery::default() }
    }

    /// A draw of this person's.
    pub(super) fn chance(&self, about: &str) -> Chance {
        Chance::of(self.services.settings.seed, about).with(u64::from(self.person.number))
    }

    /// Who a feed believes the person to be.
    pub(super) fn identity(&mut self, feed: &'static str) -> std::rc::Rc<Identity<'a>> {
        let (person, seed, numbers) = (self.person, self.services.settings.seed, self.numbers);
        self.identities.entry(feed).or_insert_with(|| Identity::of(feed, person, seed, numbers).into()).clone()
    }

    /// Sends a message at a time; `key` tells it from every other of the feed.
    pub(super) fn send(&mut self, feed: &'static str, key: Chance, at: DateTime, write: impl FnOnce() -> Written) {
        self.put(feed, at, Fate::of(key.and("fate"), false), write);
    }

    /// Sends a message of the first load: never late, and mended within hours.
    pub(super) fn send_promptly(
        &mut self,
        feed: &'static str,
        key: Chance,
        at: DateTime,
        write: impl FnOnce() -> Written,
    ) {
        self.put(feed, at, Fate::of(key.and("fate"), true), write);
    }

    fn put(&mut self, feed: &'static str, at: DateTime, fate: Fate, write: impl FnOnce() -> Written) {
        let within = |at: &DateTime| self.from <= *at && *at < self.until;
        let first = later(at, Span::new().days(fate.late_days));
        let after = |minutes: i64| later(first, Span::new().minutes(minutes));
        let again = fate.repeated_after.map(after).filter(within);
        let mended = fate.mended_after.map(after).filter(within);
        let first = Some(first).filter(within);
        if first.is_none() && again.is_none() && mended.is_none() {
            return;
        }
        let Written { name, bytes } = write();
        if let Some(first) = first {
            if fate.late_days > 0 {
                self.tell(feed, &name, first, Oddity::Late(u8::try_from(fate.late_days).unwrap_or(u8::MAX)));
            }
            match fate.broken {
                None => self.deliver(feed, first, bytes.clone()),
                Some(draw) => {
                    let (kind, broken) = Breakage::of(feed, draw, &bytes);
                    self.tell(feed, &name, first, Oddity::Broken(kind));
                    self.deliver(feed, first, broken);
                }
            }
        }
        for (when, oddity) in [(again, Oddity::Repeated), (mended, Oddity::Mended)] {
            if let Some(when) = when {
                self.tell(feed, &name, when, oddity);
                self.deliver(feed, when, bytes.clone());
            }
        }
    }

    fn deliver(&mut self, feed: &'static str, at: DateTime, bytes: Vec<u8>) {
        let sent = instant(at, &self.services.zone);
        self.out.messages.push(Message { feed, sent, person: Some(self.person.number), bytes });
    }

    fn tell(&mut self, feed: &'static str, name: &str, at: DateTime, oddity: Oddity) {
        let sent = instant(at, &self.services.zone);
        self.out.odd.push(Odd { feed, name: name.to_owned(), person: self.person.number, sent, oddity });
    }

    /// Tells the truth of something that should have been sent at a time, and is not.
    pub(super) fn left_open(&mut self, feed: &'static str, name: &str, at: DateTime) {
        if self.from <= at && at < self.until {
            self.tell(feed, name, at, Oddity::LeftOpen);
        }
    }

    /// Tells the truth of an id, once the feed has sent something.
    pub(super) fn known(&mut self, known: KnownAs) {
        self.out.known.push(known);
    }

    /// What arrives, in its order, with the truth about every id in it.
    pub(super) fn delivered(mut self) -> Delivery {
        for (feed, identity) in &self.identities {
            if self.out.messages.iter().any(|message| message.feed == *feed) {
                self.out.known.push(KnownAs {
                    feed,
                    local: identity.local.clone(),
                    person: self.person.number,
                    held: identity.held,
                    naming: identity.naming,
                    birth_swapped: identity.born != self.person.born,
                    merged_into: None,
                });
            }
        }
        self.out.messages.sort_by_key(|message| message.sent);
        self.out.odd.sort_by_key(|odd| odd.sent);
        self.out
    }
}
