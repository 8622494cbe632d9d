//! What may follow from what in a challenge. Must not write anything down itself.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};

use super::{Challenge, Charter, Command, DAYS, Event, HALF, Refusal};
use crate::gate::protocol::day;
use crate::known::Said;

impl Challenge {
    pub(super) fn decided(&self, command: Command, at: Timestamp) -> Result<Event, Refusal> {
        if let Command::Charter { by, charter } = command {
            if self.charter.is_some() {
                return Err(Refusal::Chartered);
            }
            sound(&charter)?;
            return Ok(Event::Chartered { by, at, charter });
        }
        let charter = self.charter.as_ref().ok_or(Refusal::NoCharter)?;
        if self.ended.is_some() {
            return Err(Refusal::Over);
        }
        if !charter.has(command.by()) {
            return Err(Refusal::NotOfTheTeam);
        }
        let number = charter.number(day(at));
        if number < 0 {
            return Err(Refusal::NotBegun(charter.start));
        }
        match command {
            Command::Charter { .. } => Err(Refusal::Chartered),
            Command::Predict { by, change, prediction } => {
                if number > DAYS {
                    return Err(Refusal::TooLate);
                }
                let change = words(&change, "say what is changed, for whom")?;
                let prediction = words(&prediction, "say what you expect to happen, before you try it")?;
                Ok(Event::Predicted { by, at, change, prediction })
            }
            Command::Find { by, test, result, as_predicted, learnt, next } => {
                let found = self.tests.get(test as usize).ok_or(Refusal::NoSuchTest)?;
                if found.result.is_some() {
                    return Err(Refusal::HasResult);
                }
                if at <= found.predicted {
                    return Err(Refusal::NotBefore);
                }
                let result = words(&result, "say what happened")?;
                let learnt = words(&learnt, "say what was learnt")?;
                Ok(Event::Found { by, at, test, result, as_predicted, learnt, next })
            }
            Command::Measure { by, week, value, reason } => self.measured(charter, by, (week, value), reason, at),
            Command::Pause { by, words: said } => {
                if self.middle.is_some() {
                    return Err(Refusal::Held);
                }
                if number < HALF {
                    return Err(Refusal::NotHalf(charter.on(HALF)));
                }
                Ok(Event::Paused { by, at, words: words(&said, "say what goes on, what stops and what is needed")? })
            }
            Command::Judge { by, verdict, words: said } => {
                if by != charter.sponsor.id {
                    return Err(Refusal::NotTheSponsor);
                }
                if number < DAYS {
                    return Err(Refusal::NotOver(charter.end()));
                }
                if self.middle.is_none() {
                    return Err(Refusal::NoMiddle);
                }
                if self.tests.is_empty() {
                    return Err(Refusal::NothingTried);
                }
                if let Some(open) = self.tests.iter().position(|test| test.result.is_none()) {
                    return Err(Refusal::Unfinished(open + 1));
                }
                Ok(Event::Judged {
                    by,
                    at,
                    verdict,
                    words: words(&said, "say on what evidence, and what others should know")?,
                })
            }
        }
    }

    fn measured(
        &self,
        charter: &Charter,
        by: String,
        (week, value): (Date, f64),
        reason: Option<String>,
        at: Timestamp,
    ) -> Result<Event, Refusal> {
        let over = charter.number(day(at)) - charter.number(week) >= 7;
        // The week in which it began is a week of it.
        if week.weekday() != Weekday::Monday || !(-6..=DAYS).contains(&charter.number(week)) || !over {
            return Err(Refusal::NotAWeek);
        }
        if !value.is_finite() || value.abs() > 1e12 {
            return Err(Refusal::NoNumber);
        }
        match self.weeks.beside(&week, &value) {
            Said::Same => Err(Refusal::Same),
            Said::Changed(was) => {
                let reason = reason.filter(|reason| !reason.trim().is_empty());
                let reason = reason.ok_or(Refusal::Restatement { was, is: value })?;
                Ok(Event::Remeasured { by, at, week, was, is: value, reason: reason.trim().to_owned() })
            }
            Said::New => {
                let before = |span: i32| week.checked_add(jiff::Span::new().days(span)).unwrap_or(week);
                let known: BTreeSet<Date> = self.weeks().into_keys().collect();
                if !known.is_empty() && !known.contains(&before(-7)) && !known.contains(&before(7)) {
                    return Err(Refusal::Gap(before(-7)));
                }
                Ok(Event::Measured { by, at, week, value })
            }
        }
    }
}

fn sound(charter: &Charter) -> Result<(), Refusal> {
    for (text, why) in [
        (&charter.title, "say in a few words what it is about"),
        (&charter.aim, "say by how much and by when"),
        (&charter.why, "say why"),
        (&charter.measure, "say what is counted every week"),
    ] {
        words(text, why)?;
    }
    if charter.target.is_some_and(|target| !target.is_finite()) {
        return Err(Refusal::NoNumber);
    }
    let all: BTreeSet<&str> = charter.team.iter().chain([&charter.sponsor]).map(|member| member.id.trim()).collect();
    if charter.team.len() < 2 || all.len() != charter.team.len() + 1 || all.contains("") {
        return Err(Refusal::Team);
    }
    Ok(())
}

fn words(text: &str, why: &'static str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() { Err(Refusal::NoWords(why)) } else { Ok(text.to_owned()) }
}
