//! The refusals: what must be so before a bed may go, one by one, each with where it stands, a sentence, and what would change it.
//! Must not compute anything.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Gate {
    /// The protocol was registered and frozen before the first month.
    G0,
    /// The extra people are there.
    G1,
    /// The figures are complete and mean the same throughout.
    G2,
    /// The evidence reaches the threshold.
    G3,
    /// A whole year with a whole winter.
    G4,
    /// Sustained: now, and at several looks in a row.
    G5,
    /// Not found as strongly where nothing was done; another measure says the same.
    G6,
    /// Enough beds, counted from the lower limit and less reserves.
    G7,
    /// Nothing else got worse; published; signed by both sides.
    G8,
    /// The way back: harm is watched for, and beds open again.
    G9,
}

impl Gate {
    /// All of them, in order.
    pub const ALL: [Self; 10] =
        [Self::G0, Self::G1, Self::G2, Self::G3, Self::G4, Self::G5, Self::G6, Self::G7, Self::G8, Self::G9];

    /// Its question, as a councillor would ask it.
    #[must_use]
    pub fn question(self) -> &'static str {
        match self {
            Self::G0 => "Was it agreed beforehand what would count?",
            Self::G1 => "Are the extra staff there, as actual people?",
            Self::G2 => "Can the figures be relied on?",
            Self::G3 => "Is the fall real?",
            Self::G4 => "Has it been through a whole year and a winter?",
            Self::G5 => "Has it lasted?",
            Self::G6 => "Would we have seen the same where nothing was done?",
            Self::G7 => "Is it enough for the beds asked for?",
            Self::G8 => "Did anything else get worse, and have both sides signed?",
            Self::G9 => "What if it goes wrong?",
        }
    }
}

impl fmt::Display for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

/// Where a condition stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// It is so.
    Met,
    /// It is not so.
    Unmet,
    /// It cannot be so yet; time has to pass.
    NotYet,
}

/// One condition, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Which.
    pub gate: Gate,
    /// Where it stands.
    pub standing: Standing,
    /// In a sentence, with its figures.
    pub sentence: String,
    /// What would change it; nothing where it is met.
    pub would_change: Option<String>,
}

impl State {
    /// It is so.
    #[must_use]
    pub fn met(gate: Gate, sentence: impl Into<String>) -> Self {
        Self { gate, standing: Standing::Met, sentence: sentence.into(), would_change: None }
    }

    /// It is not so.
    #[must_use]
    pub fn unmet(gate: Gate, sentence: impl Into<String>, would_change: impl Into<String>) -> Self {
        let would_change = Some(would_change.into());
        Self { gate, standing: Standing::Unmet, sentence: sentence.into(), would_change }
    }

    /// It cannot be so yet.
    #[must_use]
    pub fn not_yet(gate: Gate, sentence: impl Into<String>, would_change: impl Into<String>) -> Self {
        Self { standing: Standing::NotYet, ..Self::unmet(gate, sentence, would_change) }
    }

    /// Whether it is so.
    #[must_use]
    pub fn is_met(&self) -> bool {
        self.standing == Standing::Met
    }
}

/// How far a decision has come. Each stage needs all before it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// No protocol, or its first month has not come.
    #[default]
    NotStarted,
    /// The extra people are not there.
    CapacityPending,
    /// Months are being gathered.
    Accruing,
    /// The fall is real.
    EvidenceMet,
    /// And lasts, through a winter, and nowhere else.
    Sustained,
    /// And frees enough beds; nothing else got worse.
    QuantityOk,
    /// And both sides have signed.
    Signed,
    /// Beds have gone.
    Released,
    /// And harm has been watched for since.
    Monitored,
    /// Harm was seen: the beds open again.
    Reversed,
}

impl Stage {
    /// The word under which it is stored and shown.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::NotStarted => "not_started",
            Self::CapacityPending => "capacity_pending",
            Self::Accruing => "accruing",
            Self::EvidenceMet => "evidence_met",
            Self::Sustained => "sustained",
            Self::QuantityOk => "quantity_ok",
            Self::Signed => "signed",
            Self::Released => "released",
            Self::Monitored => "monitored",
            Self::Reversed => "reversed",
        }
    }

    /// How far a list of states has come, before anything is released.
    #[must_use]
    pub fn of(states: &[State]) -> Self {
        let met =
            |gates: &[Gate]| gates.iter().all(|gate| states.iter().any(|state| state.gate == *gate && state.is_met()));
        let steps: [(&[Gate], Self); 6] = [
            (&[Gate::G0], Self::CapacityPending),
            (&[Gate::G1], Self::Accruing),
            (&[Gate::G2, Gate::G3], Self::EvidenceMet),
            (&[Gate::G4, Gate::G5, Gate::G6], Self::Sustained),
            (&[Gate::G7], Self::QuantityOk),
            (&[Gate::G8, Gate::G9], Self::Signed),
        ];
        steps.iter().take_while(|(gates, _)| met(gates)).last().map_or(Self::NotStarted, |(_, stage)| *stage)
    }
}

/// The answer to "may the beds go?", in a sentence that begins with it.
#[must_use]
pub fn answer(states: &[State]) -> (bool, String) {
    let missing: Vec<&State> = Gate::ALL
        .iter()
        .filter_map(|gate| states.iter().find(|state| state.gate == *gate))
        .filter(|state| !state.is_met())
        .collect();
    // Fail closed: a condition that nobody looked at is not met.
    let looked_at = Gate::ALL.iter().all(|gate| states.iter().any(|state| state.gate == *gate));
    match missing.first() {
        None if looked_at => (true, "YES: every condition is met.".to_owned()),
        None => (false, "NO: not every condition has been looked at.".to_owned()),
        Some(first) => {
            let rest = match missing.len() - 1 {
                0 => String::new(),
                1 => " One more condition is not met.".to_owned(),
                more => format!(" {more} more conditions are not met."),
            };
            (false, format!("NO: {}{rest}", first.sentence))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_is_no_until_every_condition_is_met() {
        assert!(!answer(&[]).0);
        let all: Vec<State> = Gate::ALL.iter().map(|gate| State::met(*gate, "It is so.")).collect();
        assert!(answer(&all).0);
        assert_eq!(Stage::of(&all), Stage::Signed);
        for gate in Gate::ALL {
            let without: Vec<State> = all.iter().filter(|state| state.gate != gate).cloned().collect();
            assert!(!answer(&without).0, "{gate}");
            let mut unmet = without.clone();
            unmet.push(State::unmet(gate, "It is not so.", "Wait."));
            let (yes, sentence) = answer(&unmet);
            assert!(!yes && sentence == "NO: It is not so.", "{sentence}");
            assert!(Stage::of(&unmet) < Stage::Signed, "{gate}");
        }
    }
}
