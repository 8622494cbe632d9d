//! What a decision is asked: how every condition stands at a moment, who has signed, what is still lacking. Must not change it.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::super::capacity::Count;
use super::super::look::{Known, Look};
use super::super::month::Month;
use super::super::protocol::{Side, day};
use super::super::refusal::{Gate, Stage, State, answer};
use super::{Decision, Frozen, Party};

impl Decision {
    /// What was agreed.
    #[must_use]
    pub fn frozen(&self) -> Option<&Frozen> {
        self.frozen.as_ref()
    }

    /// The looks of the present clock, as known now, each with its hash.
    #[must_use]
    pub fn looks(&self) -> &[(Look, String)] {
        &self.looks
    }

    /// The people as they were counted last, month by month.
    #[must_use]
    pub fn counts(&self) -> &BTreeMap<Month, Count> {
        &self.capacity
    }

    /// The balancing measures as they were reported last: by name, the month and how much worse it may have got at most.
    #[must_use]
    pub fn balances(&self) -> &BTreeMap<String, (Month, f64)> {
        &self.balances
    }

    /// What was said to have changed in what a series records: which, since when, what.
    #[must_use]
    pub fn declared(&self) -> &[(String, Month, String)] {
        &self.declared
    }

    /// The series that lack a month of the baseline or after it up to a month, or have one that is less complete than agreed: each
    /// with the months that are missing and those that are not complete.
    #[must_use]
    pub fn lacking(&self, until: Month) -> Vec<(String, Vec<Month>, Vec<Month>)> {
        let Some(frozen) = &self.frozen else { return Vec::new() };
        let protocol = &frozen.protocol;
        let months: Vec<Month> = (0..=until.since(protocol.baseline))
            .map(|at| protocol.baseline.plus(at))
            .filter(|month| !protocol.breaks.contains(month))
            .collect();
        let mut lacking = Vec::new();
        for series in protocol.series() {
            let known = lacking.iter().any(|(known, ..): &(String, Vec<Month>, Vec<Month>)| known == series);
            let (missing, incomplete) = self.book.lacking(series, &months, protocol.completeness, self.book.revision());
            let lacks = !missing.is_empty() || !incomplete.is_empty();
            if lacks && !known {
                lacking.push((series.clone(), missing, incomplete));
            }
        }
        lacking
    }

    /// What harm has been looked for since beds went: the month and the evidence, as a natural logarithm.
    #[must_use]
    pub fn harm(&self) -> &[(Month, f64)] {
        &self.harm
    }

    /// Every condition as it stands at a moment, signatures among them.
    #[must_use]
    pub fn states(&self, at: Timestamp) -> Vec<State> {
        let Some((look, hash)) = self.looks.last() else {
            let nothing = "No month has been looked at yet.";
            let what =
                if self.frozen.is_none() { "Register a protocol." } else { "Look at the first month when it is over." };
            return Gate::ALL.iter().map(|gate| State::not_yet(*gate, nothing, what)).collect();
        };
        let mut states = look.states.clone();
        if let (Some(state), Some(frozen)) = (states.iter_mut().find(|state| state.gate == Gate::G8), &self.frozen)
            && state.is_met()
        {
            *state = self.assured(frozen, look, hash, at);
        }
        states
    }

    /// How far it has come at a moment.
    #[must_use]
    pub fn stage(&self, at: Timestamp) -> Stage {
        match (self.reversed, &self.released, self.harm.is_empty()) {
            (true, ..) => Stage::Reversed,
            (_, Some(_), false) => Stage::Monitored,
            (_, Some(_), true) => Stage::Released,
            _ => Stage::of(&self.states(at)),
        }
    }

    /// May the beds go? And why, or why not, in a sentence.
    #[must_use]
    pub fn answer(&self, at: Timestamp) -> (bool, String) {
        answer(&self.states(at))
    }

    /// Who has signed a look for a side.
    #[must_use]
    pub fn signed(&self, look: &str, party: Party) -> Vec<&str> {
        let all = self.signatures.get(look).into_iter().flatten();
        all.filter(|(side, _)| *side == party).map(|(_, by)| by.as_str()).collect()
    }

    pub(super) fn known<'a>(&'a self, frozen: &'a Frozen) -> Known<'a> {
        Known {
            protocol: &frozen.protocol,
            calibration: &frozen.calibration,
            hash: &frozen.hash,
            clock: frozen.clock,
            registered: frozen.at,
            book: &self.book,
            revision: self.book.revision(),
            capacity: &self.capacity,
            balances: &self.balances,
            declared: &self.declared,
        }
    }

    /// Publication and signatures, where nothing else got worse.
    fn assured(&self, frozen: &Frozen, look: &Look, hash: &str, at: Timestamp) -> State {
        let protocol = &frozen.protocol;
        let days = protocol.publication_days;
        if !self.is_current(frozen, look) {
            return State::unmet(
                Gate::G8,
                "Something has been reported since the latest look.",
                "Look again, publish that, and sign it.",
            );
        }
        let Some(published) = self.published.get(hash) else {
            return State::unmet(
                Gate::G8,
                "Nothing else got worse, but the latest look has not been made public.",
                format!("Make it public; both sides can sign {days} days later."),
            );
        };
        let left = left_of(*published, at, days);
        if left > 0 {
            return State::not_yet(
                Gate::G8,
                format!("Nothing else got worse; the look has been public since {}.", day(*published)),
                format!("It can be signed in {left} days."),
            );
        }
        let lacking = |party: Party, side: &Side| {
            let signed = self.signed(hash, party).len();
            (signed < side.quorum as usize).then(|| format!("{signed} of at least {}", side.quorum))
        };
        let sides = [
            ("commissioners", lacking(Party::Commissioners, &protocol.commissioners)),
            ("providers", lacking(Party::Providers, &protocol.providers)),
        ];
        let missing: Vec<String> = sides
            .iter()
            .filter_map(|(name, lacking)| lacking.as_ref().map(|lacking| format!("{lacking} {name}")))
            .collect();
        if missing.is_empty() {
            return State::met(Gate::G8, "Nothing else got worse, and commissioners and providers have both signed.");
        }
        State::unmet(
            Gate::G8,
            format!("Nothing else got worse, but it is not signed: {} have signed.", missing.join(" and ")),
            "Each side's voting members sign this very look; one side cannot sign for the other.",
        )
    }
}

/// How many of so many days are left since a publication.
pub(super) fn left_of(published: Timestamp, at: Timestamp, days: u32) -> i64 {
    let gone = day(published).until(day(at)).map_or(0, |span| i64::from(span.get_days()));
    i64::from(days) - gone
}
