//! The clocks of an ask in words: what is promised, what is left, by which rule. Must not count: the rules do.

use care::clock::{Clocks, Moment, Span, State as Stands, since_last};
use jiff::Timestamp;
use place::Place;

use super::words::when;
use crate::app::Trouble;
use crate::pages::ask::clock::{ClockLine, Standing};
use crate::words::uk_date;

/// The clocks of an ask, by their short names, in their order.
const CLOCKS: [&str; 3] = ["triage", "hop-answer", "answer-to-referrer"];
/// Those of a crisis response.
const OF_CRISIS: [&str; 2] = [care::crisis::RESPONSE, care::crisis::STABILISE];

/// The clocks of an ask; see [`each`].
pub(in crate::desk) fn lines(place: &Place, moments: &[Moment], now: Timestamp) -> Result<Vec<ClockLine>, Trouble> {
    each(&CLOCKS, place, moments, now)
}

/// The clocks of a crisis response; see [`each`].
pub(in crate::desk) fn of_crisis(place: &Place, moments: &[Moment], now: Timestamp) -> Result<Vec<ClockLine>, Trouble> {
    each(&OF_CRISIS, place, moments, now)
}

/// The clocks that have started, those that run first. A rule that cannot be counted in a year whose bank holidays are not listed
/// says so in place of a figure.
fn each(ids: &[&str], place: &Place, moments: &[Moment], now: Timestamp) -> Result<Vec<ClockLine>, Trouble> {
    let clocks = Clocks::of(place).map_err(|error| Trouble::Broken(error.to_string()))?;
    let mut lines = Vec::new();
    for id in ids.iter().copied() {
        let name = clocks.all().iter().find(|clock| clock.id == *id).map_or(id, |clock| clock.name.as_str());
        // Each offer is a clock of its own: the last is the one that waits.
        let heard = if id == "hop-answer" { since_last(moments, "hop-offered") } else { moments };
        match clocks.span(id, heard, now) {
            Ok(Some(span)) if span.state != Stands::NotStarted => lines.push(line(name, &span, now)),
            Ok(_) => {}
            Err(error) => lines.push(ClockLine {
                name: name.to_owned(),
                words: crate::desk::person::capital(&error.to_string()),
                standing: Standing::Void,
                gone: 100,
                ..ClockLine::default()
            }),
        }
    }
    lines.sort_by_key(|line| matches!(line.standing, Standing::Met | Standing::Missed | Standing::Void));
    Ok(lines)
}

/// How a clock stands, for the eye.
pub(in crate::desk) fn standing(span: &Span) -> Standing {
    match span.state {
        Stands::Void | Stands::NotStarted => Standing::Void,
        Stands::Stopped if span.breached => Standing::Missed,
        Stands::Stopped => Standing::Met,
        _ if span.breached => Standing::Late,
        Stands::OutOfHours | Stands::Paused => Standing::Resting,
        Stands::Running if span.warns => Standing::Soon,
        Stands::Running => Standing::Running,
    }
}

/// How much of the time of a clock is gone, of 100.
pub(in crate::desk) fn gone(span: &Span) -> u8 {
    let (elapsed, left) = (span.elapsed.number(), span.left.number());
    let whole = (elapsed + left).max(1);
    u8::try_from((elapsed.max(0) * 100 / whole).min(100)).unwrap_or(100)
}

/// One clock in words.
pub(in crate::desk) fn line(name: &str, span: &Span, now: Timestamp) -> ClockLine {
    let standing = standing(span);
    ClockLine {
        name: name.to_owned(),
        words: words(span, standing, now),
        standing,
        gone: gone(span),
        policy: span.policy.to_string(),
        unverified: !span.caution.is_empty(),
    }
}

fn words(span: &Span, standing: Standing, now: Timestamp) -> String {
    let due = match (span.by, span.due) {
        (Some(day), _) => format!(", until the end of {}", uk_date(day)),
        (None, Some(due)) => format!(", until {}", when(due, now)),
        (None, None) => String::new(),
    };
    // Amounts are said without their sign.
    let (elapsed, left) = (span.elapsed, span.left);
    match standing {
        Standing::Running | Standing::Soon => format!("{left} left{due}"),
        Standing::Late => format!("{left} late"),
        Standing::Resting if span.state == Stands::Paused => format!("Waits for an answer; {left} left"),
        Standing::Resting => format!("Rests outside its hours; {left} left{due}"),
        Standing::Met => format!("Done after {elapsed}"),
        Standing::Missed => format!("Done after {elapsed}, {left} too late"),
        Standing::Void => "Does not count any more".to_owned(),
    }
}
