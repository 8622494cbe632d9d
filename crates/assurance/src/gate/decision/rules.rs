//! What may follow from what. Must not write anything down itself.

use jiff::Timestamp;

use super::super::book::Unusable;
use super::super::look::NoLook;
use super::super::protocol::{self, Fault, day};
use super::super::prove::Unproved;
use super::super::refusal::answer;
use super::super::{canonical, capacity, harm};
use super::read::left_of;
use super::{Calibration, Command, Decision, Event, Figure, Frozen, Look, Month, Party, Protocol, Refusal};

impl Decision {
    pub(super) fn decided(&self, command: Command, at: Timestamp) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Register { by, protocol, calibration } => {
                if self.frozen.is_some() {
                    return Err(Refusal::Registered);
                }
                let hash = sound(&protocol, &calibration, at)?;
                Ok(vec![Event::Registered { by, at, protocol, calibration, hash }])
            }
            Command::Amend { by, reason, protocol, calibration } => {
                let frozen = self.standing()?;
                if self.released.is_some() {
                    return Err(Refusal::Released);
                }
                let hash = sound(&protocol, &calibration, at)?;
                if hash == frozen.hash {
                    return Err(Refusal::Unchanged);
                }
                Ok(vec![Event::Amended { by, at, reason: words(&reason)?, protocol, calibration, hash }])
            }
            Command::Report { by, figures, reason } => self.report(by, &figures, reason.as_deref(), at),
            Command::CountCapacity { by, month, posts } => {
                let frozen = self.standing()?;
                over(month, at)?;
                let roster = canonical::hash(&posts).map_err(|_| Refusal::NoNumber)?;
                let count = capacity::count(&frozen.protocol.capacity, &posts, month, roster);
                Ok(vec![Event::CapacityCounted { by, count }])
            }
            Command::ReportBalance { by, name, month, worst } => {
                let frozen = self.standing()?;
                if !frozen.protocol.balancing.iter().any(|balancing| balancing.name == name) {
                    return Err(Refusal::NoSuchMeasure(name));
                }
                over(month, at)?;
                if !worst.is_finite() || worst.abs() > 1e9 || (worst != 0.0 && worst.abs() < 1e-6) {
                    return Err(Refusal::NoNumber);
                }
                Ok(vec![Event::BalanceReported { by, name, month, worst }])
            }
            Command::DeclareChange { by, series, month, what } => {
                let frozen = self.standing()?;
                if !frozen.protocol.series().any(|known| *known == series) {
                    return Err(Refusal::NoSuchSeries(series));
                }
                Ok(vec![Event::RecordingChanged { by, series, month, what: words(&what)? }])
            }
            Command::Look { by, month } => self.look(by, month, at),
            Command::Publish { by } => {
                let (_, hash) = self.looks.last().ok_or(Refusal::NoLookYet)?;
                if self.published.contains_key(hash) {
                    return Err(Refusal::Published);
                }
                Ok(vec![Event::Published { by, at, look: hash.clone() }])
            }
            Command::Sign { by, party } => self.sign(by, party, at),
            Command::Release { by, beds } => self.release(by, beds, at),
            Command::LookForHarm { by, month } => self.look_for_harm(by, month, at),
        }
    }

    fn standing(&self) -> Result<&Frozen, Refusal> {
        self.frozen.as_ref().ok_or(Refusal::NotRegistered)
    }

    fn report(
        &self,
        by: String,
        figures: &[Figure],
        reason: Option<&str>,
        at: Timestamp,
    ) -> Result<Vec<Event>, Refusal> {
        let frozen = self.standing()?;
        for figure in figures {
            let (series, month) = (figure.series.clone(), figure.month);
            if !frozen.protocol.series().any(|known| *known == series) {
                return Err(Unusable::Unknown { series }.into());
            }
            if over(month, at).is_err() {
                return Err(Unusable::NotOver { series, month }.into());
            }
        }
        let (new, changes) = self.book.sorted(figures)?;
        let mut events = Vec::new();
        if !new.is_empty() {
            events.push(Event::Reported { by: by.clone(), figures: new });
        }
        let Some(first) = changes.first() else { return Ok(events) };
        let Some(reason) = reason else {
            return Err(Refusal::Restatement {
                series: first.was.series.clone(),
                month: first.was.month,
                was: first.was.count,
                is: first.is.count,
            });
        };
        let earliest = changes.iter().map(|change| change.is.month).min();
        events.push(Event::Restated { by, reason: words(reason)?, changes });
        // Every past look that the restated months are part of, as it is known now.
        let mut then = self.clone();
        events.iter().for_each(|event| store::Aggregate::apply(&mut then, event));
        let evidence = comparable(frozen.protocol.evidence())?;
        for (before, hash) in self.looks.iter().filter(|(look, _)| Some(look.month) >= earliest) {
            let look = then.known(frozen).look(&evidence, before.month)?;
            events.push(Event::LookedAgain { before: hash.clone(), hash: hashed(&look)?, look: Box::new(look) });
        }
        Ok(events)
    }

    fn look(&self, by: String, month: Month, at: Timestamp) -> Result<Vec<Event>, Refusal> {
        let frozen = self.standing()?;
        over(month, at)?;
        if let Some((last, _)) = self.looks.last() {
            if month < last.month {
                return Err(Refusal::Backwards(last.month));
            }
            if month == last.month && self.is_current(frozen, last) {
                return Err(Refusal::LookedAlready(month));
            }
        }
        let look = self.known(frozen).look(&comparable(frozen.protocol.evidence())?, month)?;
        Ok(vec![Event::LookedAt { by, hash: hashed(&look)?, look: Box::new(look) }])
    }

    fn sign(&self, by: String, party: Party, at: Timestamp) -> Result<Vec<Event>, Refusal> {
        let frozen = self.standing()?;
        if self.released.is_some() {
            return Err(Refusal::Released);
        }
        let (look, hash) = self.looks.last().ok_or(Refusal::NoLookYet)?;
        let side = |party: Party| match party {
            Party::Commissioners => &frozen.protocol.commissioners,
            Party::Providers => &frozen.protocol.providers,
        };
        if !side(party).members.contains(&by) {
            return Err(Refusal::NoVote(by));
        }
        if !self.is_current(frozen, look) {
            return Err(Refusal::Outdated);
        }
        let (yes, said) = answer(&look.states);
        if !yes {
            return Err(Refusal::AnswerIsNo(said));
        }
        let days = frozen.protocol.publication_days;
        let left = self.published.get(hash).map_or(i64::from(days), |published| left_of(*published, at, days));
        if left > 0 {
            return Err(Refusal::NotPublicYet { days, left });
        }
        if self.signed(hash, party).contains(&by.as_str()) {
            return Err(Refusal::Signed(by));
        }
        let mut events = vec![Event::SignedOff { by, party, look: hash.clone() }];
        let mut then = self.clone();
        events.iter().for_each(|event| store::Aggregate::apply(&mut then, event));
        let both = [Party::Commissioners, Party::Providers];
        let quorate =
            |signed: &Self| both.iter().all(|party| signed.signed(hash, *party).len() >= side(*party).quorum as usize);
        if quorate(&then) && !quorate(self) {
            events.push(Event::Agreed { look: hash.clone() });
        }
        Ok(events)
    }

    fn release(&self, by: String, beds: u32, at: Timestamp) -> Result<Vec<Event>, Refusal> {
        let frozen = self.standing()?;
        if self.released.is_some() {
            return Err(Refusal::Released);
        }
        let (yes, said) = self.answer(at);
        if !yes {
            return Err(Refusal::AnswerIsNo(said));
        }
        let (look, hash) = self.looks.last().ok_or(Refusal::NoLookYet)?;
        let most = look.found.as_ref().map_or(0, |found| found.beds).min(frozen.protocol.beds);
        if beds == 0 || beds > most {
            return Err(Refusal::TooManyBeds { asked: beds, most });
        }
        Ok(vec![Event::Released { by, beds, month: Month::of(day(at)), look: hash.clone() }])
    }

    fn look_for_harm(&self, by: String, month: Month, at: Timestamp) -> Result<Vec<Event>, Refusal> {
        let frozen = self.standing()?;
        let (released, beds) = self.released.ok_or(Refusal::NotReleased)?;
        if self.reversed {
            return Err(Refusal::Reversed);
        }
        over(month, at)?;
        if let Some((last, _)) = self.harm.last().filter(|(last, _)| month <= *last) {
            return Err(Refusal::Backwards(*last));
        }
        let protocol = &frozen.protocol;
        let evidence = comparable(harm::evidence(protocol, released, month))?;
        let of_row = |at: &usize| protocol.baseline.plus(i32::try_from(*at).unwrap_or(i32::MAX));
        let months: Vec<Month> = evidence.design().months().iter().map(of_row).collect();
        let comparators: Vec<&str> = protocol.outcome.comparators.iter().map(String::as_str).collect();
        let figures = self.book.compared(&protocol.outcome.area, &comparators, &months, self.book.revision());
        let figures = figures.ok_or(Refusal::FiguresMissing(month))?;
        let log_e = evidence.residuals(&figures).look(evidence.design().horizon()).log_e;
        let mut events = vec![Event::HarmLookedFor { by, month, log_e }];
        if log_e >= protocol.reopen_at.ln() {
            events.push(Event::Reversed { month, beds });
        }
        Ok(events)
    }

    /// Whether nothing that a look rests on has been reported since.
    pub(super) fn is_current(&self, frozen: &Frozen, look: &Look) -> bool {
        self.known(frozen).inputs(look.month).as_ref() == Ok(&look.inputs)
    }
}

/// The hash of a protocol that can be registered now with this threshold.
fn sound(protocol: &Protocol, calibration: &Calibration, at: Timestamp) -> Result<String, Refusal> {
    let faults = protocol.faults();
    if !faults.is_empty() {
        return Err(Refusal::Protocol(faults));
    }
    if !protocol.is_before_start(at) {
        return Err(Refusal::StartHasPassed(protocol.start));
    }
    if calibration.plan != protocol.plan {
        return Err(Refusal::Calibration("its looks, alpha, paths or seed are others"));
    }
    if calibration.quantiles.len() != protocol.grid.memories().len() {
        return Err(Refusal::Calibration("its grid is another"));
    }
    let highest = calibration.quantiles.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if !highest.is_finite() || calibration.log_threshold < highest {
        return Err(Refusal::Calibration("its threshold is below what the worst matrix needs"));
    }
    comparable(protocol.evidence())?;
    protocol::hash(protocol, calibration)
        .map_err(|error| Refusal::Protocol(vec![Fault { field: "protocol", what: error.to_string() }]))
}

fn comparable<T>(result: Result<T, Unproved>) -> Result<T, Refusal> {
    result.map_err(|error| Refusal::Incomparable(error.to_string()))
}

fn hashed(look: &Look) -> Result<String, Refusal> {
    canonical::hash(look).map_err(|_| Refusal::Look(NoLook::Unwritable))
}

fn over(month: Month, at: Timestamp) -> Result<(), Refusal> {
    if month.last_day() < day(at) { Ok(()) } else { Err(Refusal::NotOver(month)) }
}

fn words(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() { Err(Refusal::NoReason) } else { Ok(text.to_owned()) }
}
