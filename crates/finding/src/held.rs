//! The population as it is held in the running server: columns, people, rules made ready, what stands disputed, and what could not
//! be used, all as of one entry of the log. Brought in step person by person. Whoever shows anything of one person from here has
//! a permit for them; counts are shown suppressed.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use place::Place;
use population::bits::Bits;
use population::columns::{ColumnsError, Event, Events};
use population::day::Day;
use population::dispute::{Dispute, Disputes, Ground};
use population::everyone::{Postings, Standing};
use population::explore::{self, Footing};
use population::fault::Faults;
use population::instrument::Explained;
use population::library::{Library, LibraryError};
use population::people::People;
use population::plan::{Asked, Plan};
use record::resource::date;
use record::whole::Choices;
use store::Head;
use uuid::Uuid;

use crate::left::LeftOut;
use crate::make::Made;
use crate::views::dispute::Standing as Said;

mod gathered;

pub(crate) use gathered::{Columns, Gathered};
use gathered::{numbered, person};

/// Why the population cannot be held.
#[derive(Debug, thiserror::Error)]
pub enum NotHeld {
    /// More than the columns can number.
    #[error(transparent)]
    Columns(#[from] ColumnsError),
    /// The rules, or the lists of the place, are wrong.
    #[error(transparent)]
    Library(#[from] LibraryError),
    /// The rules cannot be made ready.
    #[error(transparent)]
    Rules(#[from] Faults),
}

/// Everybody and what happened to them, from the record, as of one entry of the log.
#[derive(Debug)]
pub struct Held {
    /// What happened. The word of a source is the id of its feed, or `care`; a record is the resource, or the history in the log.
    pub events: Events,
    /// Everybody. A person's id is their root. Who was joined to another since stands here with nothing.
    pub people: People,
    /// The rules that come with Weft and the place's own, with their lists.
    pub library: Library,
    /// Every rule set whose lists are here.
    pub plan: Plan,
    /// What could not be used of everybody's record.
    pub left: LeftOut,
    /// Up to which entry of the log this is so.
    pub upto: i64,
    /// Another number whenever anything has changed.
    pub generation: u64,
    postings: Postings,
    numbers: HashMap<Uuid, u32>,
    /// Living people whom a source has named, by their numbers.
    living: Vec<bool>,
    left_of: HashMap<u32, LeftOut>,
    /// Whose something done here is.
    done: HashMap<Uuid, u32>,
    choices: Choices,
    disputes: Vec<Said>,
    /// The log as far as anything here can be of it: beside `upto`, what was read of people while more arrived.
    seen: Head,
    kept: Mutex<Vec<Kept>>,
}

/// What was worked out for a day, until something changes.
#[derive(Debug)]
struct Kept {
    day: Day,
    standing: Option<Arc<Standing>>,
    footing: Option<Arc<Footing>>,
}

/// The rules that come with Weft, and those under `finding/` of a place.
pub(crate) fn library(place: &Place) -> Result<Library, NotHeld> {
    let mut library = Library::shipped()?;
    let mut names: Vec<&str> = place.names().filter(|name| name.starts_with("finding/")).collect();
    names.sort_unstable();
    for name in names.into_iter().filter(|name| name.ends_with(".toml") || name.ends_with(".csv")) {
        library.add(name, place.file(name).unwrap_or_default())?;
    }
    Ok(library)
}

/// What makes two events the same, beside whose they are and which record says so.
type Key = (u32, Day, Option<u32>, u8, u16);

fn key(event: &Event) -> Key {
    (event.code, event.day, event.value.map(f32::to_bits), event.unit, event.source)
}

impl Held {
    /// Of everybody who was gathered, for tests.
    #[cfg(test)]
    pub(crate) fn of(
        gathered: Gathered,
        library: Library,
        choices: Choices,
        disputes: Vec<Said>,
        upto: i64,
    ) -> Result<Self, NotHeld> {
        Self::made(gathered.columns(upto, Head::default())?, library, &[], choices, disputes, 1)
    }

    /// Of columns; asked by every rule whose lists are here, or only by some.
    pub(crate) fn made(
        columns: Columns,
        library: Library,
        only: &[String],
        choices: Choices,
        disputes: Vec<Said>,
        threads: usize,
    ) -> Result<Self, NotHeld> {
        let Columns { people, events, living, left_of, done, upto, seen } = columns;
        let mut ids: Vec<&str> = only.iter().map(String::as_str).collect();
        if ids.is_empty() {
            ids = library.sets().filter(|set| library.missing(set).is_empty()).map(|set| set.id.as_str()).collect();
        }
        let plan = Plan::of(&library, &ids, &events.codes, &events.units)?;
        let postings = plan.gather_on(&events, threads);
        let mut left = LeftOut::default();
        left_of.values().for_each(|one| left.add(one));
        let numbers = (0u32..).zip(&people.list).map(|(number, person)| (Uuid::from_u128(person.id), number)).collect();
        Ok(Self {
            events,
            people,
            library,
            plan,
            left,
            upto,
            generation: 1,
            postings,
            numbers,
            living,
            left_of,
            done,
            choices,
            disputes,
            seen,
            kept: Mutex::default(),
        })
    }

    /// A copy of what is held, to be saved while this goes on.
    pub(crate) fn columns(&self) -> Columns {
        Columns {
            people: self.people.clone(),
            events: self.events.clone(),
            living: self.living.clone(),
            left_of: self.left_of.clone(),
            done: self.done.clone(),
            upto: self.upto,
            seen: self.seen,
        }
    }

    /// It is in step with the log up to here.
    pub(crate) fn is_at(&mut self, head: Head) {
        self.upto = head.seq;
        if head.seq > self.seen.seq {
            self.seen = head;
        }
    }

    fn has_changed(&mut self) {
        self.generation += 1;
        self.kept.get_mut().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Brings one person in step with what the store has now. Only what differs is touched.
    pub(crate) fn renew(&mut self, root: Uuid, mut made: Made) -> Result<(), NotHeld> {
        let known = self.numbers.get(&root).copied();
        if known.is_none() && made.traits.is_none() && made.left.is_empty() {
            return Ok(());
        }
        let number = known.unwrap_or(u32::try_from(self.people.len()).unwrap_or(u32::MAX));
        let at = number as usize;
        let now = person(&mut self.people, root, made.traits.as_ref());
        let lives = made.traits.as_ref().is_some_and(|traits| !traits.deceased);
        if known.is_none() {
            self.numbers.insert(root, number);
            self.people.list.push(now);
            self.living.push(lives);
            self.events.make_room(self.people.len());
            self.has_changed();
        } else if self.people.list.get(at) != Some(&now) || self.living.get(at) != Some(&lives) {
            if let Some(person) = self.people.list.get_mut(at) {
                *person = now;
            }
            if let Some(living) = self.living.get_mut(at) {
                *living = lives;
            }
            self.has_changed();
        }
        self.renew_events(number, &mut made)?;
        let was = self.left_of.remove(&number).unwrap_or_default();
        if was != made.left {
            self.left.take(&was);
            self.left.add(&made.left);
        }
        if !made.left.is_empty() {
            self.left_of.insert(number, made.left);
        }
        Ok(())
    }

    fn renew_events(&mut self, number: u32, made: &mut Made) -> Result<(), NotHeld> {
        let mut now: BTreeMap<u128, Vec<Event>> = BTreeMap::new();
        for coded in &made.coded {
            let Events { codes, units, sources, .. } = &mut self.events;
            let event = numbered(codes, units, sources, number, coded, &mut made.left);
            now.entry(event.record).or_default().push(event);
            if coded.source == crate::done::SOURCE {
                self.done.insert(coded.record, number);
            }
        }
        let was = self.records(number)?;
        let sorted = |events: &[Event]| {
            let mut keys: Vec<Key> = events.iter().map(key).collect();
            keys.sort_unstable();
            keys
        };
        let differs = |record: &u128| {
            let side = |side: &BTreeMap<u128, Vec<Event>>| side.get(record).map(|events| sorted(events));
            side(&was) != side(&now)
        };
        let records: BTreeSet<u128> = was.keys().chain(now.keys()).copied().collect();
        let mut changed = false;
        for record in records.into_iter().filter(differs) {
            changed = true;
            if was.contains_key(&record) {
                self.events.withdraw(number, record)?;
            }
            for event in now.get(&record).into_iter().flatten() {
                self.events.add(*event)?;
            }
        }
        if changed {
            self.plan.learn(&self.events.codes, &self.events.units);
            self.has_changed();
        }
        Ok(())
    }

    /// Everything of a person with its origin, by the record that says so.
    fn records(&self, number: u32) -> Result<BTreeMap<u128, Vec<Event>>, ColumnsError> {
        let mut records: BTreeMap<u128, Vec<Event>> = BTreeMap::new();
        for event in self.events.of_person(number)? {
            records.entry(event.record).or_default().push(event);
        }
        Ok(records)
    }

    /// What people have chosen about sharing, as it is now.
    pub(crate) fn choose(&mut self, choices: Choices) {
        if self.choices != choices {
            self.choices = choices;
            self.has_changed();
        }
    }

    /// What stands disputed now.
    pub(crate) fn dispute(&mut self, disputes: Vec<Said>) {
        if self.disputes != disputes {
            self.disputes = disputes;
            self.has_changed();
        }
    }

    /// Under whose root something done here stands now.
    pub(crate) fn had(&self, done: Uuid) -> Option<Uuid> {
        self.done.get(&done).and_then(|number| self.root(*number))
    }

    /// Follows another that was held: no generation comes twice.
    pub(crate) fn after(mut self, other: Option<&Self>) -> Self {
        self.generation = other.map_or(1, |other| other.generation + 1);
        self
    }

    /// Whether so much has come since the columns were made that they are better made anew.
    pub(crate) fn is_worn(&self) -> bool {
        let changed = self.events.changed().count();
        changed > 20_000.max(self.people.len() / 5)
    }

    /// A person's place in the columns, by the root.
    #[must_use]
    pub fn number(&self, root: Uuid) -> Option<u32> {
        self.numbers.get(&root).copied()
    }

    /// Whose place it is.
    #[must_use]
    pub fn root(&self, number: u32) -> Option<Uuid> {
        self.people.list.get(number as usize).map(|person| Uuid::from_u128(person.id))
    }

    /// Whether somebody is alive, as far as every source knows, and named by one.
    #[must_use]
    pub fn lives(&self, number: u32) -> bool {
        self.living.get(number as usize).copied().unwrap_or_default()
    }

    /// Who may be counted for planning: named, alive, and neither refusing the use for planning nor objecting to sharing.
    #[must_use]
    pub fn counted(&self) -> Bits {
        let mut bits = Bits::none(self.people.len());
        for number in (0..).zip(&self.living).filter(|(_, lives)| **lives).map(|(number, _)| number) {
            bits.set(number);
        }
        for number in self.opted().filter_map(|root| self.number(root)) {
            bits.put(number, false);
        }
        bits
    }

    fn opted(&self) -> impl Iterator<Item = Uuid> {
        self.choices.refused.iter().chain(&self.choices.objected).copied()
    }

    /// How many of the living and named refuse the use for planning or object to sharing.
    #[must_use]
    pub fn opted_out(&self) -> u64 {
        let numbers: BTreeSet<u32> =
            self.opted().filter_map(|root| self.number(root)).filter(|number| self.lives(*number)).collect();
        numbers.len() as u64
    }

    /// Whether somebody objects to sharing between organisations: no team finds them by what others say.
    #[must_use]
    pub fn objects(&self, root: Uuid) -> bool {
        self.choices.objected.contains(&root)
    }

    /// What is kept of a day, and of the day that was asked about before it: a question about the past does not take today's away.
    fn kept<T>(&self, day: Day, with: impl FnOnce(&mut Kept) -> T) -> T {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let known = kept.iter().position(|kept| kept.day == day).map(|at| kept.remove(at));
        let mut of_day = known.unwrap_or(Kept { day, standing: None, footing: None });
        let answer = with(&mut of_day);
        kept.insert(0, of_day);
        kept.truncate(2);
        answer
    }

    /// Everything of the plan asked of everybody as of a day, with the disputes that stand. Kept until something changes.
    #[must_use]
    pub fn standing(&self, as_of: Day) -> Arc<Standing> {
        let ask = || {
            let frame = self.plan.on(Asked { as_of, has_days: true });
            let disputes = self.disputes(|root| self.number(root));
            Arc::new(self.plan.everyone(&self.events, &self.postings, &self.people, &frame, &disputes))
        };
        self.kept(as_of, |kept| kept.standing.get_or_insert_with(ask).clone())
    }

    /// Who may be counted as of a day, and where everybody stands in every slice. Kept until something changes.
    #[must_use]
    pub fn footing(&self, as_of: Day) -> Arc<Footing> {
        let make = || Arc::new(Footing::of(&self.people, &self.counted(), as_of));
        self.kept(as_of, |kept| kept.footing.get_or_insert_with(make).clone())
    }

    /// What questions of a day stand on: what the rules say of everybody, and who may be counted.
    #[must_use]
    pub fn ground<'a>(&'a self, standing: &'a Standing, as_of: Day) -> explore::Ground<'a> {
        explore::Ground::on(&self.plan, standing, &self.people, self.footing(as_of))
    }

    /// How many events the rules here are about.
    #[must_use]
    pub fn gathered(&self) -> usize {
        self.postings.len()
    }

    /// The disputes that stand, of whoever has a number.
    pub(crate) fn disputes(&self, number: impl Fn(Uuid) -> Option<u32>) -> Disputes {
        let mut disputes = Vec::new();
        for said in &self.disputes {
            let (Some(person), Some(ground)) = (number(said.person), Ground::named(&said.ground)) else { continue };
            // One over a rule set or a deficit that is no longer here changes nothing, and is not shown with any.
            let stands = self
                .plan
                .sets()
                .any(|set| set.id == said.instrument && set.parts.iter().any(|part| part.id == said.part));
            let day = Day::of(date::london(said.at).date());
            if let (true, Some(day)) = (stands, day) {
                disputes.push(Dispute {
                    person,
                    set: said.instrument.clone(),
                    part: said.part.clone(),
                    ground,
                    reason: format!("{} ({})", said.reason, said.who),
                    day,
                });
            }
        }
        Disputes::of_plan(&self.plan, disputes).unwrap_or_else(|error| {
            tracing::error!(%error, "a dispute cannot be used");
            Disputes::default()
        })
    }

    /// The disputes about one person's score by an instrument, with what takes each back.
    #[must_use]
    pub fn disputed(&self, root: Uuid, instrument: &str) -> Vec<(Uuid, String)> {
        let of = self.disputes.iter().filter(|said| said.person == root && said.instrument == instrument);
        of.map(|said| (said.id, said.part.clone())).collect()
    }

    /// One person's scores by some rule sets as of a day, from those records of theirs that the reader may see: `seen` says of
    /// each (the record, and the word of its source) whether they do. Whoever calls this has a permit for the person.
    ///
    /// # Errors
    /// Where the columns cannot be read.
    pub fn explain(
        &self,
        root: Uuid,
        sets: &[&str],
        as_of: Day,
        seen: impl Fn(Uuid, &str) -> bool,
    ) -> Result<Vec<Explained>, NotHeld> {
        let Some(number) = self.number(root) else { return Ok(Vec::new()) };
        let Some(person) = self.people.list.get(number as usize) else { return Ok(Vec::new()) };
        let is_seen =
            |event: &Event| seen(Uuid::from_u128(event.record), self.events.sources.word(u32::from(event.source)));
        let theirs: Vec<Event> = self.records(number)?.into_values().flatten().filter(is_seen).collect();
        let theirs = theirs.into_iter().map(|event| Event { person: 0, ..event }).collect();
        let Events { codes, units, sources, .. } = &self.events;
        let events = Events::of(1, codes.clone(), units.clone(), sources.clone(), theirs)?;
        let frame = self.plan.on(Asked { as_of, has_days: true });
        let disputes = self.disputes(|other| (other == root).then_some(0));
        let mut explained = Vec::new();
        for set in sets.iter().filter_map(|id| self.plan.find(id)) {
            explained.push(self.plan.explain(set, &events, person, 0, &frame, &disputes, &[])?);
        }
        Ok(explained)
    }
}

#[cfg(test)]
pub(crate) mod tests;
