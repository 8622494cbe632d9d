//! The arithmetic: how much a rule counts between two moments, and when it will have counted so much. Local days and hours are
//! those of the place, so that the night on which clocks change has the hours it has. Must not know signals.

use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp};
use place::BeyondCalendar;

use super::Rule;
use super::amount::Amount;

/// The longest way that is walked to find a moment ahead: a century of days.
const FURTHEST: usize = 36_600;

/// What is open of one local day, from and until.
type Window = (Timestamp, Timestamp);

impl Rule<'_> {
    fn local_date(&self, at: Timestamp) -> Date {
        at.to_zoned(self.zone.clone()).date()
    }

    /// The moment at which a local day reaches a time of day.
    fn at(&self, day: Date, time: Time) -> Option<Timestamp> {
        day.to_datetime(time).to_zoned(self.zone.clone()).ok().map(|zoned| zoned.timestamp())
    }

    fn midnight(&self, day: Date) -> Option<Timestamp> {
        day.to_zoned(self.zone.clone()).ok().map(|zoned| zoned.timestamp())
    }

    /// Whether a local day counts.
    fn counts(&self, day: Date) -> Result<bool, BeyondCalendar> {
        let working = self.version.runs.working_days || self.version.within.unit == place::Unit::WorkingDays;
        if working { self.calendar.is_working_day(day) } else { Ok(true) }
    }

    /// The hours that open on a local day.
    fn window(&self, day: Date) -> Result<Option<Window>, BeyondCalendar> {
        if !self.counts(day)? {
            return Ok(None);
        }
        let next = || day.tomorrow().ok();
        Ok(match self.version.runs.between {
            None => self.midnight(day).zip(next().and_then(|next| self.midnight(next))),
            Some((from, until)) if from < until => self.at(day, from).zip(self.at(day, until)),
            Some((from, until)) => self.at(day, from).zip(next().and_then(|next| self.at(next, until))),
        })
    }

    fn runs_always(&self) -> bool {
        !self.version.runs.working_days && self.version.runs.between.is_none()
    }

    /// Whether its hours are open at a moment.
    pub(super) fn is_open(&self, at: Timestamp) -> Result<bool, BeyondCalendar> {
        if self.version.within.unit.is_of_days() || self.runs_always() {
            return Ok(true);
        }
        let today = self.local_date(at);
        for day in today.yesterday().ok().into_iter().chain([today]) {
            if self.window(day)?.is_some_and(|(from, until)| from <= at && at < until) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// How much is counted from one moment to a later one.
    pub(super) fn between(&self, from: Timestamp, to: Timestamp) -> Result<i64, BeyondCalendar> {
        if to <= from {
            return Ok(0);
        }
        match Amount::of(self.version.within) {
            Amount::Time(_) => self.open_time(from, to),
            Amount::Days(_) => {
                let (first, last) = (self.local_date(from), self.local_date(to));
                Ok((last - first).get_days().into())
            }
            Amount::WorkingDays(_) => {
                let last = self.local_date(to);
                let (mut day, mut count) = (self.local_date(from), 0);
                self.counts(day)?;
                while day < last {
                    let Ok(next) = day.tomorrow() else { break };
                    day = next;
                    count += i64::from(self.counts(day)?);
                }
                Ok(count)
            }
        }
    }

    fn open_time(&self, from: Timestamp, to: Timestamp) -> Result<i64, BeyondCalendar> {
        if self.runs_always() {
            return Ok(to.as_microsecond() - from.as_microsecond());
        }
        let (first, last) = (self.local_date(from), self.local_date(to));
        let mut day = first.yesterday().unwrap_or(first);
        let mut open = 0;
        loop {
            if let Some((opens, shuts)) = self.window(day)? {
                open += (shuts.min(to).as_microsecond() - opens.max(from).as_microsecond()).max(0);
            }
            match day.tomorrow() {
                Ok(next) if next <= last => day = next,
                _ => return Ok(open),
            }
        }
    }

    /// The moment after `from` at which `need` more will have been counted. For days it is the midnight at which the day begins
    /// that is one too many. `None` where that is beyond all calendars of the machine.
    pub(super) fn reached(&self, from: Timestamp, need: i64) -> Result<Option<Timestamp>, BeyondCalendar> {
        match Amount::of(self.version.within) {
            Amount::Time(_) if self.runs_always() => Ok(from.checked_add(SignedDuration::from_micros(need)).ok()),
            Amount::Time(_) => self.open_reached(from, need),
            Amount::Days(_) | Amount::WorkingDays(_) => {
                Ok(self.nth_day(from, need + 1)?.and_then(|day| self.midnight(day)))
            }
        }
    }

    fn open_reached(&self, from: Timestamp, need: i64) -> Result<Option<Timestamp>, BeyondCalendar> {
        let today = self.local_date(from);
        let (mut day, mut left) = (today.yesterday().unwrap_or(today), need);
        for _ in 0..FURTHEST {
            if let Some((opens, shuts)) = self.window(day)? {
                let begins = opens.max(from);
                let open = (shuts.as_microsecond() - begins.as_microsecond()).max(0);
                if open > 0 && open >= left {
                    return Ok(begins.checked_add(SignedDuration::from_micros(left)).ok());
                }
                left -= open;
            }
            let Ok(next) = day.tomorrow() else { break };
            day = next;
        }
        Ok(None)
    }

    /// The `count`th counted day after that of `from`.
    pub(super) fn nth_day(&self, from: Timestamp, count: i64) -> Result<Option<Date>, BeyondCalendar> {
        let (mut day, mut left) = (self.local_date(from), count);
        for _ in 0..FURTHEST {
            if left <= 0 {
                return Ok(Some(day));
            }
            let Ok(next) = day.tomorrow() else { break };
            day = next;
            left -= i64::from(self.counts(day)?);
        }
        Ok(None)
    }
}
