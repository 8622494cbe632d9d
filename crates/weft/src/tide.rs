//! Time in the borough: as its clock moves on, the messages that fall due are taken in, whether an hour passes while somebody
//! looks or a fortnight is skipped at the terminal.

use std::collections::{HashSet, VecDeque};
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use synthetic::message::{KnownAs, Odd};
use synthetic::{Arrivals, Borough, Message};

use crate::borough::{Kept, london, midnight};
use crate::house::House;
use crate::intake::Intake;
use crate::settings::Settings;
use crate::terminal::FeedBars;
use crate::truth;

/// How often a running demonstration looks what has fallen due.
const EVERY: Duration = Duration::from_secs(20);
/// How far time moves in one step when it is skipped; what arrives in a step is received at its end.
const STEP: SignedDuration = SignedDuration::from_hours(1);
/// Connections for the hospital: what falls due is little.
const CONNECTIONS: usize = 4;

/// The messages still to come.
pub(crate) struct Tide<'h> {
    house: &'h House,
    data: &'h Path,
    borough: &'h Borough,
    kept: Kept,
    /// The day that is under way, and what is still to come of it.
    day: Date,
    messages: VecDeque<Message>,
    known: Vec<KnownAs>,
    odd: VecDeque<Odd>,
}

impl<'h> Tide<'h> {
    /// The tide of a borough from where its time has come.
    pub(crate) fn of(house: &'h House, data: &'h Path, borough: &'h Borough, kept: &Kept) -> Self {
        let day = kept.reached.to_zoned(london()).date();
        let mut tide = Self {
            house,
            data,
            borough,
            kept: kept.clone(),
            day,
            messages: VecDeque::new(),
            known: Vec::new(),
            odd: VecDeque::new(),
        };
        tide.begin(day);
        let fed = tide.kept.reached;
        // Midnight itself has not been fed when a borough begins at it.
        if fed > midnight(day) {
            tide.messages.retain(|message| message.sent > fed);
            tide.odd.retain(|odd| odd.sent > fed);
        }
        tide
    }

    fn begin(&mut self, day: Date) {
        let arrivals = Arrivals::of(self.borough).day(day);
        (self.day, self.known) = (day, arrivals.known);
        self.messages = arrivals.messages.into();
        self.odd = arrivals.odd.into();
    }

    /// Takes in everything that arrives until a moment, and gives how many messages that was. The door is opened if it is
    /// needed, and stays open for the next time.
    fn rise(&mut self, until: Timestamp, door: &mut Option<Intake<'h>>) -> anyhow::Result<u64> {
        let mut due = Vec::new();
        let mut known = Vec::new();
        let mut odd = Vec::new();
        loop {
            let first = due.len();
            while self.messages.front().is_some_and(|message| message.sent <= until) {
                due.extend(self.messages.pop_front());
            }
            while self.odd.front().is_some_and(|odd| odd.sent <= until) {
                odd.extend(self.odd.pop_front());
            }
            let told = due.get(first..).unwrap_or_default().iter();
            let told: HashSet<(&str, Option<u32>)> = told.map(|one: &Message| (one.feed, one.person)).collect();
            let of = |known: &&KnownAs| told.contains(&(known.feed, Some(known.person)));
            known.extend(self.known.iter().filter(of).cloned());
            if until.to_zoned(london()).date() <= self.day {
                break;
            }
            let Ok(next) = self.day.tomorrow() else { break };
            self.begin(next);
        }
        let count = due.len() as u64;
        if count > 0 {
            let intake = match door {
                Some(intake) => intake,
                None => door.insert(Intake::begin(self.house, CONNECTIONS, FeedBars::none())?),
            };
            for message in due {
                intake.take(message)?;
            }
            intake.settle()?;
            let mut truth = truth::append(self.data)?;
            truth.delivery(&synthetic::Delivery { messages: Vec::new(), known, odd })?;
            truth.flush()?;
        }
        self.kept.reached = until.max(self.kept.reached);
        self.kept.save(self.data)?;
        Ok(count)
    }

    /// Moves the borough's clock to a moment in steps, taking in what arrives on the way.
    pub(crate) fn skip(&mut self, to: Timestamp, mut stepped: impl FnMut(Timestamp, u64)) -> anyhow::Result<u64> {
        let (mut count, mut door) = (0, None);
        while self.kept.reached < to {
            let step = self.kept.reached.checked_add(STEP).unwrap_or(to).min(to);
            self.house.clock.set(step);
            count += self.rise(step, &mut door)?;
            stepped(step, count);
        }
        self.house.clock.set(to);
        Ok(count)
    }

    /// Where time has come.
    pub(crate) fn kept(&self) -> &Kept {
        &self.kept
    }
}

/// Time moving in a demonstration that runs, on a thread of its own, until it is dropped.
pub(crate) struct Flow {
    going_on: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Flow {
    /// Lets time move from where it has come.
    pub(crate) fn begin(house: House, settings: &Settings, kept: Kept) -> std::io::Result<Self> {
        let data = settings.data.clone();
        let (going_on, ended) = channel();
        let thread =
            std::thread::Builder::new().name("tide".to_owned()).spawn(move || flow(&house, &data, &kept, &ended))?;
        Ok(Self { going_on: Some(going_on), thread: Some(thread) })
    }
}

impl Drop for Flow {
    fn drop(&mut self) {
        drop(self.going_on.take());
        drop(self.thread.take().map(JoinHandle::join));
    }
}

fn flow(house: &House, data: &Path, kept: &Kept, ended: &Receiver<()>) {
    let borough = match Borough::of(&house.place, kept.settings()) {
        Ok(borough) => borough,
        Err(error) => {
            tracing::error!(%error, "no more messages will come from the borough");
            return;
        }
    };
    let mut tide = Tide::of(house, data, &borough, kept);
    loop {
        if let Err(error) = tide.rise(house.clock.now(), &mut None) {
            tracing::error!(%error, "what arrived could not be taken in; it is tried again at the next start");
            return;
        }
        if ended.recv_timeout(EVERY) != Err(RecvTimeoutError::Timeout) {
            return;
        }
    }
}
