//! A span: what one rule makes of what happened, at one moment. Must not repair what happened: what does not fit (a stop before
//! any start, a second start) is left out of the count and told as an oddity.

use jiff::Timestamp;
use jiff::civil::Date;
use place::{BeyondCalendar, ClockVersion};
use serde::Serialize;

use super::amount::Amount;
use super::{Moment, Named, Rule};

/// Where a clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Nothing has started it.
    NotStarted,
    /// It counts.
    Running,
    /// It has started and counts again when its hours open.
    OutOfHours,
    /// It waits for something that somebody has to do or say.
    Paused,
    /// What was to be done is done.
    Stopped,
    /// It does not count.
    Void,
}

impl State {
    /// As a page says it.
    #[must_use]
    pub const fn said(self) -> &'static str {
        match self {
            Self::NotStarted => "not started",
            Self::Running => "running",
            Self::OutOfHours => "waiting for opening hours",
            Self::Paused => "paused",
            Self::Stopped => "stopped",
            Self::Void => "not counted",
        }
    }
}

/// Something that happened and does not fit, and what was made of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "oddity")]
pub enum Oddity {
    /// A word that only a started clock understands came before any start; it was not counted.
    BeforeStart {
        /// The word.
        signal: String,
        /// When.
        at: Timestamp,
    },
    /// It was started again while it counted; the first start counts.
    StartedAgain {
        /// The word.
        signal: String,
        /// When.
        at: Timestamp,
    },
    /// It was paused while paused, or went on while running; the first counts.
    SaidTwice {
        /// The word.
        signal: String,
        /// When.
        at: Timestamp,
    },
    /// A word came after the end; it was not counted.
    AfterEnd {
        /// The word.
        signal: String,
        /// When.
        at: Timestamp,
    },
    /// A word is of a time that has not come; it was not counted yet.
    Ahead {
        /// The word.
        signal: String,
        /// When.
        at: Timestamp,
    },
    /// A word was told after something that happened later; it counts at its own time.
    ToldLate {
        /// The word.
        signal: String,
        /// When it happened.
        at: Timestamp,
        /// When it was told.
        told: Timestamp,
    },
}

/// What a clock says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Span {
    /// The rule by which it was counted.
    pub policy: Named,
    /// Where it stands.
    pub state: State,
    /// When it started.
    pub started: Option<Timestamp>,
    /// When it stopped or became void.
    pub ended: Option<Timestamp>,
    /// What it has counted.
    pub elapsed: Amount,
    /// What is left of its time, below nought where it is over.
    pub left: Amount,
    /// When its time is, or was, up: for a clock of days the midnight with which the first day too many begins. Nobody can say
    /// of a clock that is paused, and not of one that has not started.
    pub due: Option<Timestamp>,
    /// For a clock of days: the last day that is in time.
    pub by: Option<Date>,
    /// Whether it counted more than its time. A void clock breaks nothing.
    pub breached: bool,
    /// Whether it goes on and has used so much of its time that somebody should look.
    pub warns: bool,
    /// What did not fit.
    pub oddities: Vec<Oddity>,
    /// What a reader has to be told of how sure the rule is; empty where nothing.
    pub caution: String,
}

/// What a word does. At one and the same instant they are taken in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Does {
    Start,
    Pause,
    Resume,
    Stop,
    Void,
}

fn does(version: &ClockVersion, signal: &str) -> Option<Does> {
    let lists = [
        (Does::Start, &version.start),
        (Does::Pause, &version.pause),
        (Does::Resume, &version.resume),
        (Does::Stop, &version.stop),
        (Does::Void, &version.void),
    ];
    lists.into_iter().find(|(_, words)| words.iter().any(|word| *word == *signal)).map(|(does, _)| does)
}

/// The moments that mean something to a rule, in the order in which they happened. The order in which they were handed over
/// makes no difference.
fn ordered<'m>(version: &ClockVersion, moments: &'m [Moment]) -> Vec<(Does, &'m Moment)> {
    let mut known: Vec<_> =
        moments.iter().filter_map(|moment| does(version, &moment.signal).map(|does| (does, moment))).collect();
    known.sort_by_key(|(does, moment)| (moment.at, *does, moment.told, &moment.signal));
    known
}

/// The moments told after something that happened later.
fn told_late(known: &[(Does, &Moment)]) -> Vec<Oddity> {
    let mut earliest: Option<Timestamp> = None;
    let mut late = Vec::new();
    for (_, moment) in known.iter().rev() {
        if earliest.is_some_and(|earliest| earliest < moment.told) {
            let (signal, at, told) = (moment.signal.clone(), moment.at, moment.told);
            late.push(Oddity::ToldLate { signal, at, told });
        }
        earliest = Some(earliest.map_or(moment.told, |earliest| earliest.min(moment.told)));
    }
    late.reverse();
    late
}

/// What the moments come to: the stretches in which the clock ran, and how it stands.
#[derive(Default)]
struct Walk {
    stretches: Vec<(Timestamp, Timestamp)>,
    running_since: Option<Timestamp>,
    started: Option<Timestamp>,
    ended: Option<(Timestamp, bool)>,
    oddities: Vec<Oddity>,
}

impl Walk {
    fn take(&mut self, does: Does, moment: &Moment) {
        let (signal, at) = (moment.signal.clone(), moment.at);
        if self.ended.is_some() {
            self.oddities.push(Oddity::AfterEnd { signal, at });
            return;
        }
        match (does, self.started, self.running_since) {
            (Does::Start, None, _) => {
                self.started = Some(at);
                self.running_since = Some(at);
            }
            (_, None, _) => self.oddities.push(Oddity::BeforeStart { signal, at }),
            (Does::Start, ..) => self.oddities.push(Oddity::StartedAgain { signal, at }),
            (Does::Pause, _, Some(since)) => {
                self.stretches.push((since, at));
                self.running_since = None;
            }
            (Does::Resume, _, None) => self.running_since = Some(at),
            (Does::Pause | Does::Resume, ..) => self.oddities.push(Oddity::SaidTwice { signal, at }),
            (Does::Stop | Does::Void, _, since) => {
                if let Some(since) = since {
                    self.stretches.push((since, at));
                }
                self.ended = Some((at, does == Does::Void));
                self.running_since = None;
            }
        }
    }
}

pub(super) fn span(rule: &Rule<'_>, moments: &[Moment], now: Timestamp) -> Result<Span, BeyondCalendar> {
    let known = ordered(rule.version, moments);
    let mut walk = Walk::default();
    for (does, moment) in &known {
        if moment.at > now {
            walk.oddities.push(Oddity::Ahead { signal: moment.signal.clone(), at: moment.at });
        } else {
            walk.take(*does, moment);
        }
    }
    let mut stretches = walk.stretches;
    stretches.extend(walk.running_since.map(|since| (since, now)));
    let mut oddities = walk.oddities;
    oddities.extend(told_late(&known));

    let whole = Amount::of(rule.version.within);
    let target = whole.number();
    let mut elapsed = 0;
    let mut up = None;
    for (from, to) in &stretches {
        let counted = rule.between(*from, *to)?;
        if up.is_none() && elapsed + counted > target {
            up = Some((*from, target - elapsed));
        }
        elapsed += counted;
    }
    // Not up yet: it will be, or would have been, if the last stretch goes on.
    let paused = walk.started.is_some() && walk.ended.is_none() && walk.running_since.is_none();
    if up.is_none() && !paused {
        let last = stretches.last().copied();
        up = match last {
            Some((from, to)) => Some((from, target - (elapsed - rule.between(from, to)?))),
            None => None,
        };
    }
    let (due, by) = match up {
        Some((from, need)) => {
            let by = if rule.version.within.unit.is_of_days() { rule.nth_day(from, need)? } else { None };
            (rule.reached(from, need)?, by)
        }
        None => (None, None),
    };
    let state = match (walk.started, walk.ended) {
        (None, _) => State::NotStarted,
        (_, Some((_, true))) => State::Void,
        (_, Some((_, false))) => State::Stopped,
        _ if paused => State::Paused,
        _ if rule.is_open(now)? => State::Running,
        _ => State::OutOfHours,
    };
    let breached = state != State::Void && elapsed > target;
    let goes_on = matches!(state, State::Running | State::OutOfHours | State::Paused);
    let near = i128::from(elapsed) * 100 >= i128::from(target) * i128::from(rule.version.warn_at);
    Ok(Span {
        policy: rule.named(),
        state,
        started: walk.started,
        ended: walk.ended.map(|(at, _)| at),
        elapsed: whole.with(elapsed),
        left: whole.with(target - elapsed),
        due,
        by,
        breached,
        warns: goes_on && near && !breached,
        oddities,
        caution: rule.version.caution(),
    })
}
