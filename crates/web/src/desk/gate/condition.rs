//! A condition of the bed gate on its page: how it stands, and the figures of the protocol and of a look that it rests on. Must not
//! judge anything.

use assurance::gate::decision::Frozen;
use assurance::gate::look::Look;
use assurance::gate::refusal::{Gate, State as Stands};

use super::{Read, month, thousands};
use crate::pages::gate::Condition;
use crate::words::uk_datetime;

/// One condition as it stands, with what it rests on.
pub(super) fn condition(state: &Stands, frozen: Option<&Frozen>, look: Option<&Look>, read: &Read) -> Condition {
    Condition {
        name: state.gate.to_string(),
        question: state.gate.question().to_owned(),
        standing: state.standing,
        sentence: state.sentence.clone(),
        change: state.would_change.clone(),
        evidence: frozen.map_or_else(Vec::new, |frozen| evidence(state.gate, frozen, look, read)),
        tables: Vec::new(),
    }
}

/// What a condition rests on, in figures of the look and of the protocol.
fn evidence(gate: Gate, frozen: &Frozen, look: Option<&Look>, read: &Read) -> Vec<(String, String)> {
    let protocol = &frozen.protocol;
    let found = look.and_then(|look| look.found.as_ref());
    let mut rows: Vec<(&str, String)> = Vec::new();
    let per_cent = |share: f64| format!("{:.1}%", share * 100.0);
    match gate {
        Gate::G0 => {
            rows.push(("Frozen on", uk_datetime(frozen.at)));
            rows.push(("Hash of the protocol and its threshold", frozen.hash.clone()));
            rows.push(("First month that counts", month(protocol.start)));
        }
        Gate::G1 => {
            let line = |line: &assurance::gate::capacity::Line| {
                format!(
                    "{}: {} people, {:.1} whole-time",
                    line.role,
                    line.people,
                    f64::from(line.wte_hundredths) / 100.0
                )
            };
            rows.push(("The plan", protocol.capacity.iter().map(line).collect::<Vec<_>>().join("; ")));
            rows.push(("Counted", "each person once across employers, in post all month and on duty; the list itself is kept by its hash alone".to_owned()));
        }
        Gate::G2 => {
            let months = look.map_or(0, |look| look.month.since(protocol.baseline) + 1);
            rows.push(("Series", format!("{} of {months} months each", protocol.series().count())));
            rows.push(("Each month must be", format!("{:.1}% complete", f64::from(protocol.completeness) / 10.0)));
            if let Some(look) = look {
                rows.push(("Known after", format!("{} reports", look.revision)));
                rows.push(("Hash of everything it rests on", look.inputs.clone()));
            }
        }
        Gate::G3 => {
            if let Some(found) = found {
                rows.push(("Estimate", per_cent(found.change)));
                rows.push(("Evidence", format!("{:.3}", found.log_e.exp())));
                rows.push(("It must reach", format!("{:.3}", found.log_threshold.exp())));
            }
            rows.push((
                "Simulated to find that",
                format!(
                    "{} histories without an effect, for each of {} ways in which months hang together",
                    thousands(i64::from(protocol.plan.paths)),
                    protocol.grid.memories().len()
                ),
            ));
        }
        Gate::G4 => {
            if let Some(look) = look {
                rows.push(("Months since the start", look.number.to_string()));
            }
            if let Some(winter) = found.and_then(|found| found.winter) {
                rows.push(("Change in December to February alone", per_cent(winter)));
            }
        }
        Gate::G5 => {
            if let Some(found) = found {
                rows.push((
                    "Latest six months",
                    format!("{:.2} standard errors below; {} asked for", found.latest, protocol.latest),
                ));
                rows.push(("Looks in a row", format!("{} of {}", found.in_a_row, protocol.in_a_row)));
            }
        }
        Gate::G6 => {
            if let Some(found) = found {
                rows.push(("Place among areas", format!("{} of {}", found.rank.0, found.rank.1)));
                rows.push((
                    "Evidence without the month that matters most",
                    format!("{:.3}", found.without_a_month.exp()),
                ));
                rows.push((
                    "Evidence without the comparator that matters most",
                    format!("{:.3}", found.without_a_comparator.exp()),
                ));
                rows.push(("The second measure", format!("{}: {}", protocol.second.name, per_cent(found.second))));
            }
        }
        Gate::G7 => {
            if let Some(found) = found {
                rows.push(("Fall that is proved", found.proven.map_or_else(|| "none".to_owned(), per_cent)));
                rows.push(("Beds set free before reserves", found.beds_before_reserves.to_string()));
                rows.push(("After reserves", found.beds.to_string()));
            }
            rows.push(("Asked for", protocol.beds.to_string()));
            let reserves: Vec<String> =
                protocol.reserves.iter().map(|one| format!("{}: {}", one.name, one.beds)).collect();
            rows.push(("Kept in reserve", if reserves.is_empty() { "none".to_owned() } else { reserves.join("; ") }));
        }
        Gate::G8 => {
            let margin =
                |one: &assurance::gate::protocol::Balancing| format!("{}: at most {} worse", one.name, one.margin);
            rows.push(("Must not get worse", protocol.balancing.iter().map(margin).collect::<Vec<_>>().join("; ")));
            rows.push(("Must be public for", format!("{} days before anybody signs", protocol.publication_days)));
            rows.push((
                "Must sign",
                format!("{} commissioners and {} providers", protocol.commissioners.quorum, protocol.providers.quorum),
            ));
        }
        Gate::G9 => {
            rows.push(("Beds open again at evidence of harm of", protocol.reopen_at.to_string()));
            rows.push(("Looked for harm", format!("{} times", read.harm.len())));
        }
    }
    rows.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}
