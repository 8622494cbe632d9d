//! What each condition says, in sentences that a councillor can read. Every number is one that the look has found; must not find
//! any of its own.

use jiff::Timestamp;

use super::super::capacity::{Count, Line};
use super::super::month::Month;
use super::super::protocol::{Protocol, day};
use super::super::refusal::{Gate, State};
use super::Found;

pub(super) fn frozen(protocol: &Protocol, hash: &str, clock: u32, registered: Timestamp) -> State {
    let short = hash.get(..12).unwrap_or(hash);
    if !protocol.is_before_start(registered) {
        return State::unmet(
            Gate::G0,
            format!("The protocol was registered on {}, after the first month that counts had begun.", day(registered)),
            "Register it again with a start in the future. Everything is counted from there.",
        );
    }
    let amended = match clock {
        0 | 1 => String::new(),
        many => format!(" It has been amended {} times; each began a new clock.", many - 1).replace("1 times", "once"),
    };
    State::met(
        Gate::G0,
        format!("The protocol was frozen on {}, before {}, as {short}…{amended}", day(registered), protocol.start),
    )
}

pub(super) fn people_missing(before: bool, month: Month, start: Month, lacking: &[String]) -> State {
    let list = lacking.join("; ");
    if before {
        return State::unmet(
            Gate::G1,
            format!("In {month}, before the start, the extra staff were not there: {list}."),
            format!(
                "Nothing counts until the people have been there for three months. Amend the protocol with a start later than {start}, \
                 when they will have been."
            ),
        );
    }
    State::unmet(
        Gate::G1,
        format!("In {month} the extra staff were not there: {list}."),
        "Fill the posts with people who are on duty, and keep them filled for three months in a row.",
    )
}

pub(super) fn people_there(plan: &[Line], count: Option<&Count>) -> State {
    let planned: u32 = plan.iter().map(|line| line.people).sum();
    let (there, moved, over) = count.map_or((0, 0, 0), |count| {
        let sum = |of: fn(&super::super::capacity::Counted) -> u32| count.lines.iter().map(of).sum::<u32>();
        (sum(|line| line.people), sum(|line| line.moved), count.over_wte)
    });
    let mut sentence = format!(
        "{there} people are in post and on duty, each counted once; the plan asks for {planned}, and each role is filled."
    );
    if moved > 0 {
        sentence.push_str(&format!(" {moved} more came from the hospital and are not counted as gained."));
    }
    if over > 0 {
        sentence.push_str(&format!(
            " {over} hold posts that add up to more than 1.2 of full time; no more than that was counted."
        ));
    }
    State::met(Gate::G1, sentence)
}

pub(super) fn trouble(series: &str, missing: &[Month], incomplete: &[Month], latest: Month, least: u32) -> Vec<String> {
    let mut troubles = Vec::new();
    if let (Some(first), Some(last)) = (missing.first(), missing.last()) {
        let many = missing.len();
        if *last == latest && usize::try_from(latest.since(*first) + 1) == Ok(many) {
            troubles.push(format!("{series} ends before {first}"));
        } else {
            troubles.push(format!("{series} lacks {many} months, the first of them {first}"));
        }
    }
    if let Some(first) = incomplete.first() {
        let percent = f64::from(least) / 10.0;
        troubles.push(format!(
            "{series} is less than {percent}% complete in {} months, the first of them {first}",
            incomplete.len()
        ));
    }
    troubles
}

pub(super) fn quality(troubles: &[String], series: usize, months: usize) -> State {
    if troubles.is_empty() {
        return State::met(Gate::G2, format!("All {months} months of all {series} series are there and complete."));
    }
    let shown: Vec<&str> = troubles.iter().take(5).map(String::as_str).collect();
    let more = troubles.len().saturating_sub(shown.len());
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    State::unmet(
        Gate::G2,
        format!("The figures cannot be relied on: {}{more}.", shown.join("; ")),
        "Report what is missing. Where a series has ended or what it records has changed for good, amend the protocol without it, \
         which begins a new clock.",
    )
}

pub(super) fn no_figures(gate: Gate) -> State {
    State::unmet(gate, "Figures are missing, so that nothing can be said.", "Report the figures that G2 names.")
}

fn per_cent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

fn fall(change: f64) -> String {
    if change < 0.0 { format!("a fall of {}", per_cent(-change)) } else { format!("a rise of {}", per_cent(change)) }
}

pub(super) fn real(found: &Found, protocol: &Protocol, number: u32) -> State {
    let (e, threshold) = (found.log_e.exp(), found.log_threshold.exp());
    let figures = format!(
        "the estimate is {}; the evidence is {e:.2} and must be {threshold:.2} (on the scale that never expires it would have to be {:.0})",
        fall(found.change),
        1.0 / protocol.plan.alpha
    );
    if number < protocol.plan.first {
        return State::not_yet(
            Gate::G3,
            format!("The first registered look is after {} months; this is month {number}.", protocol.plan.first),
            "Wait. Looking sooner would only find what chance puts there.",
        );
    }
    if found.log_e >= found.log_threshold {
        return State::met(Gate::G3, format!("Need has fallen beside the comparators: {figures}."));
    }
    State::unmet(
        Gate::G3,
        format!("It is not proved that need has fallen: {figures}."),
        "More months, if the fall is there. A small fall may never be provable from one borough's monthly totals; a longer baseline, more \
         comparators, or starting in different neighbourhoods at different times would show a smaller one.",
    )
}

pub(super) fn year(found: &Found, protocol: &Protocol, number: u32, winters: bool) -> State {
    if number < protocol.plan.first.max(12) || !winters {
        return State::not_yet(
            Gate::G4,
            format!(
                "{number} months have gone by since the start{}.",
                if winters { "" } else { ", without a whole winter from December to February among them" }
            ),
            "Wait until there are twelve months and a whole winter.",
        );
    }
    match found.winter {
        Some(winter) if winter <= 0.0 => State::met(
            Gate::G4,
            format!("{number} months have gone by, with a winter in which there was {}.", fall(winter)),
        ),
        Some(winter) => State::unmet(
            Gate::G4,
            format!("In the winter months there was {}.", fall(winter)),
            "A winter in which need does not rise. Beds are needed most then.",
        ),
        None => State::unmet(Gate::G4, "The winter cannot be told apart from the rest.", "More months."),
    }
}

pub(super) fn lasting(found: &Found, protocol: &Protocol, number: u32) -> State {
    let figures = format!(
        "the latest six months lie {:.1} standard errors below the baseline, and must lie {:.1}; they did at {} looks in a row, and must \
         at {}",
        found.latest, protocol.latest, found.in_a_row, protocol.in_a_row
    );
    if found.in_a_row >= protocol.in_a_row {
        return State::met(Gate::G5, format!("It has lasted: {figures}."));
    }
    if number < protocol.plan.first + protocol.in_a_row - 1 {
        return State::not_yet(Gate::G5, format!("It is too soon to say: {figures}."), "Wait for the next looks.");
    }
    State::unmet(
        Gate::G5,
        format!("It has not lasted, or not long enough: {figures}."),
        "Further months in which the fall is still there. One month's improvement, or a good half-year that is over, is not enough.",
    )
}

pub(super) fn elsewhere(found: &Found, protocol: &Protocol) -> State {
    let (rank, of) = found.rank;
    let limit = protocol.plan.alpha * f64::from(of) + 1e-9;
    let figures = format!(
        "of {of} areas, {} the area is number {rank} by strength of evidence; without the month that matters most the evidence is {:.2}, \
         without the comparator that matters most {:.2}",
        if of > 1 { "nearly all of which did nothing," } else { "" },
        found.without_a_month.exp(),
        found.without_a_comparator.exp()
    );
    if f64::from(rank) > limit {
        return State::unmet(
            Gate::G6,
            format!("Areas where nothing was done show as much: {figures}."),
            format!(
                "The area must be among the first {} of {of}. That takes a larger fall, or a steadier one.",
                limit.floor().max(1.0)
            ),
        );
    }
    if found.second >= 0.0 {
        return State::unmet(
            Gate::G6,
            format!("\"{}\" says the opposite: {}.", protocol.second.name, fall(found.second)),
            "Find out why one measure fell and the other did not, before any bed goes.",
        );
    }
    State::met(
        Gate::G6,
        format!("It is not seen elsewhere: {figures}; \"{}\" shows {} too.", protocol.second.name, fall(found.second)),
    )
}

pub(super) fn enough(found: &Found, protocol: &Protocol, tight: &[u32]) -> State {
    let Some(proven) = found.proven else {
        return State::unmet(
            Gate::G7,
            format!("No fall is proved, so no bed is set free; {} are asked for.", protocol.beds),
            "First the evidence (G3). Beds are counted from what is proved, never from the estimate.",
        );
    };
    let kept: u32 = protocol.reserves.iter().map(|reserve| reserve.beds).fold(0, u32::saturating_add);
    let figures = format!(
        "a fall of at least {} is proved; in the month that frees the fewest ({}) that is {} beds, less {kept} kept in reserve leaves {}; \
         {} are asked for",
        per_cent(proven),
        found.tightest.map_or("none", month_name),
        found.beds_before_reserves,
        found.beds,
        protocol.beds
    );
    if found.beds < protocol.beds {
        return State::unmet(
            Gate::G7,
            format!("It is not enough: {figures}."),
            match found.beds {
                0 => "A larger fall, or more months to prove the same one more closely.".to_owned(),
                fewer => {
                    format!("Ask for no more than {fewer} beds in a new protocol, or wait for a larger proven fall.")
                }
            },
        );
    }
    if let Some(first) = tight.first() {
        return State::unmet(
            Gate::G7,
            format!("An emergency would find a bed less often than before in {}: {figures}.", month_name(*first)),
            "Ask for fewer beds in a new protocol.",
        );
    }
    State::met(Gate::G7, format!("It is enough: {figures}."))
}

pub(super) fn balance(troubles: &[String]) -> State {
    if troubles.is_empty() {
        // Whether it is public and signed is said by the decision, which knows.
        return State::met(Gate::G8, "Nothing that was to be watched has got worse by more than was agreed.");
    }
    State::unmet(
        Gate::G8,
        format!("It cannot be said that nothing else got worse: {}.", troubles.join("; ")),
        "Report each measure for one of the latest three months; none may have got worse by more than its margin.",
    )
}

pub(super) fn way_back(reopen_at: f64) -> State {
    State::met(
        Gate::G9,
        format!(
            "Once beds have gone, harm is looked for every month; at evidence of {reopen_at:.0} they are opened again."
        ),
    )
}

fn month_name(month: u32) -> &'static str {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    usize::try_from(month).ok().and_then(|month| NAMES.get(month.checked_sub(1)?)).copied().unwrap_or("none")
}
