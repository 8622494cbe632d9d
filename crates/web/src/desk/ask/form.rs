//! What was typed into a form about an ask: each field is read once, and what is wrong with it is said at the field, with what was
//! typed still in it. Must not decide anything: whether an ask may go that way is the ask's own to say.

use care::Team;
use care::words::Words;
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

use crate::pages::ask::decision::{Field, Kind, Offered};
use crate::session::Fields;
use crate::words::london_date;

/// The most characters that are taken of one field before it is looked at: what is longer is refused, never cut in silence.
const MOST: usize = 8_000;

/// A form that is being read.
pub(in crate::desk) struct Form<'t> {
    fields: Vec<Field>,
    typed: &'t Fields,
}

impl<'t> Form<'t> {
    /// The fields with what was typed into them.
    pub(in crate::desk) fn of(mut fields: Vec<Field>, typed: &'t Fields) -> Self {
        for field in &mut fields {
            let values: Vec<String> = typed.all(&field.name).map(|value| value.trim().to_owned()).collect();
            // A field that was not sent keeps what it was offered with.
            if !values.is_empty() || matches!(field.kind, Kind::Checks(_)) {
                field.values = values;
            }
        }
        Self { fields, typed }
    }

    /// The fields, to show again.
    pub(in crate::desk) fn into_fields(self) -> Vec<Field> {
        self.fields
    }

    /// Whether anything is wrong so far.
    pub(in crate::desk) fn is_wrong(&self) -> bool {
        self.fields.iter().any(|field| field.error.is_some())
    }

    /// Says what is wrong at a field; the first thing said stays.
    pub(in crate::desk) fn wrong(&mut self, name: &str, sentence: &str) {
        if let Some(field) = self.fields.iter_mut().find(|field| field.name == name) {
            field.error.get_or_insert_with(|| sentence.to_owned());
        }
    }

    /// Says why something was refused: at the field it is about, where there is such a field; else it comes back, to be said above the form.
    pub(in crate::desk) fn wrong_at(&mut self, field: Option<&str>, sentence: String) -> Option<String> {
        if let Some(field) = field {
            self.wrong(field, &sentence);
        }
        (!self.is_wrong()).then_some(sentence)
    }

    fn text(&self, name: &str) -> &'t str {
        self.typed.get(name)
    }

    /// Words that have to be there.
    pub(in crate::desk) fn words(&mut self, name: &str) -> Option<Words> {
        match Words::try_from(self.text(name)) {
            Ok(words) => Some(words),
            Err(error) => {
                self.wrong(name, &crate::desk::person::capital(&error.to_string()));
                None
            }
        }
    }

    /// Words that may be there. The outer `None` is a field with something wrong in it.
    pub(in crate::desk) fn maybe(&mut self, name: &str) -> Option<Option<Words>> {
        if self.text(name).is_empty() {
            return Some(None);
        }
        self.words(name).map(Some)
    }

    /// What a field says that only some forms have; `Some(None)` where this one has it not.
    pub(in crate::desk) fn if_there<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<Option<T>> {
        if self.fields.iter().any(|field| field.name == name) { read(self).map(Some) } else { Some(None) }
    }

    /// One of the words a field offers.
    pub(in crate::desk) fn chosen<T>(
        &mut self,
        name: &str,
        of: impl Fn(&str) -> Option<T>,
        missing: &str,
    ) -> Option<T> {
        let found = of(self.text(name));
        if found.is_none() {
            self.wrong(name, missing);
        }
        found
    }

    /// A team.
    pub(in crate::desk) fn team(&mut self, name: &str) -> Option<Team> {
        self.chosen(name, |word| Team::try_from(word.to_owned()).ok(), "Choose a team")
    }

    /// A team that may be left out.
    pub(in crate::desk) fn maybe_team(&self, name: &str) -> Option<Team> {
        Team::try_from(self.text(name).to_owned()).ok()
    }

    /// A moment of London's time: `10:41` is today; `22 11 2026 10:41` is that day.
    pub(in crate::desk) fn moment(&mut self, name: &str, now: Timestamp) -> Option<Timestamp> {
        let found = moment(self.text(name), now);
        if found.is_none() {
            self.wrong(name, "Write a time, for example 10:41, or a day and a time, for example 22 11 2026 10:41");
        }
        found
    }

    /// A moment that may be left out.
    pub(in crate::desk) fn maybe_moment(&mut self, name: &str, now: Timestamp) -> Option<Option<Timestamp>> {
        if self.text(name).is_empty() {
            return Some(None);
        }
        self.moment(name, now).map(Some)
    }

    /// A day, as people write it: `22 11 2026`.
    pub(in crate::desk) fn day(&mut self, name: &str) -> Option<Date> {
        let found = day(self.text(name));
        if found.is_none() {
            self.wrong(name, "Write a day, for example 22 11 2026");
        }
        found
    }

    /// Lines of words, one thing a line; at least one.
    pub(in crate::desk) fn lines(&mut self, name: &str) -> Option<Vec<Words>> {
        let lines = self.text(name).lines().filter(|line| !line.trim().is_empty());
        match lines.map(Words::try_from).collect::<Result<Vec<_>, _>>() {
            Ok(lines) if !lines.is_empty() => Some(lines),
            Ok(_) => {
                self.wrong(name, "Write at least one");
                None
            }
            Err(error) => {
                self.wrong(name, &crate::desk::person::capital(&error.to_string()));
                None
            }
        }
    }

    /// Every value of a field that takes several.
    pub(in crate::desk) fn several(&self, name: &str) -> Vec<String> {
        self.typed.all(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty()).collect()
    }

    /// A whole number that may be left out. The outer `None` is a field with something wrong in it.
    pub(in crate::desk) fn maybe_number(&mut self, name: &str, least: u16, most: u16) -> Option<Option<u16>> {
        let typed = self.text(name);
        if typed.is_empty() {
            return Some(None);
        }
        let found = typed.parse().ok().filter(|number| (least..=most).contains(number));
        if found.is_none() {
            self.wrong(name, &format!("Write a whole number between {least} and {most}, or leave it empty"));
        }
        found.map(Some)
    }

    /// Fields that hold more than can be taken; each says so.
    pub(in crate::desk) fn too_long(&mut self) -> bool {
        let long: Vec<String> = self
            .fields
            .iter()
            .filter(|field| self.typed.whole(&field.name).chars().count() > MOST)
            .map(|field| field.name.clone())
            .collect();
        for name in &long {
            self.wrong(name, "Write less: at most 4,000 characters");
        }
        !long.is_empty()
    }
}

/// What is said at the top of a page whose question was answered.
pub(in crate::desk) fn written_down(fields: Vec<(String, String)>) -> Option<String> {
    (Fields(fields).get("done") == "yes").then(|| "Written down.".to_owned())
}

/// Choices of a field: the word that is sent, the text that is read.
pub(in crate::desk) fn offered(pairs: impl IntoIterator<Item = (&'static str, String)>) -> Vec<Offered> {
    pairs.into_iter().map(|(value, text)| Offered { value: value.to_owned(), text, hint: None }).collect()
}

fn day(typed: &str) -> Option<Date> {
    let parts: Vec<&str> = typed.split([' ', '/', '-', '.']).filter(|part| !part.is_empty()).collect();
    let [day, month, year] = parts.as_slice() else { return None };
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// A moment as people write it, in London's time. A time that the clocks leave out in spring is the one they jump to.
fn moment(typed: &str, now: Timestamp) -> Option<Timestamp> {
    let parts: Vec<&str> = typed.split([' ', '/', '-', '.']).filter(|part| !part.is_empty()).collect();
    let (day, time) = match parts.as_slice() {
        [time] => (london_date(now), *time),
        [on, month, year, time] => (day(&format!("{on} {month} {year}"))?, *time),
        _ => return None,
    };
    let (hour, minute) = time.split_once(':')?;
    let time = Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()?;
    let zone = TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC);
    day.to_datetime(time).to_zoned(zone).ok().map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(moment: &str) -> Timestamp {
        moment.parse().unwrap()
    }

    #[test]
    fn a_time_is_read_as_people_write_it() {
        let now = at("2026-11-22T10:00:00Z");
        assert_eq!(moment("10:41", now), Some(at("2026-11-22T10:41:00Z")));
        assert_eq!(moment("22 11 2026 10:41", now), Some(at("2026-11-22T10:41:00Z")));
        assert_eq!(moment("1/7/2026 09:05", now), Some(at("2026-07-01T08:05:00Z")), "summer time");
        for wrong in ["", "25:00", "10.41", "yesterday", "31 2 2026 10:00", "10:41 22"] {
            assert_eq!(moment(wrong, now), None, "{wrong}");
        }
        // One o'clock in the night of 29 March 2026 there is no half past one.
        assert_eq!(moment("29 3 2026 01:30", now), Some(at("2026-03-29T01:30:00Z")));
    }

    #[test]
    fn what_is_wrong_is_said_at_the_field_and_what_was_typed_stays() {
        let typed = Fields(vec![("because".to_owned(), " ".to_owned()), ("to".to_owned(), "marple".to_owned())]);
        let fields = vec![Field::new("because", "Why?", Kind::Lines(3)), Field::new("to", "To whom?", Kind::Line)];
        let mut form = Form::of(fields, &typed);
        assert_eq!((form.words("because"), form.team("to")), (None, None));
        assert!(form.is_wrong());
        let fields = form.into_fields();
        assert_eq!(fields[1].values, ["marple"]);
        assert!(fields.iter().all(|field| field.error.is_some()));
    }
}
