//! Patterns among the looks that are worth a look. The rules that go by counts stand here, as one pure function; those that
//! need to know whose record it was are the record's. A pattern accuses nobody: most have a good reason, and only somebody who
//! asks can know it. Every one names the looks behind it ([`Pattern::behind`]), so that each number can be taken apart.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::role::{Action, Role};
use crate::views::audit::{Query, Reader};

/// How far back patterns are looked for.
pub const WINDOW: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Fewer records than this in an hour are no pattern.
pub const HOUR_LEAST: i64 = 30;
/// Nor are fewer than so many times what is usual for the role.
pub const HOUR_TIMES: i64 = 4;
/// More than this in an hour are one, whatever is usual.
pub const HOUR_MOST: i64 = 120;
/// The same for a day: each record counted once in every hour in which it was opened.
pub const DAY_LEAST: i64 = 100;
/// See [`HOUR_TIMES`].
pub const DAY_TIMES: i64 = 4;
/// See [`HOUR_MOST`].
pub const DAY_MOST: i64 = 400;
/// So many refusals of one reader in a day.
pub const REFUSALS: i64 = 5;
/// So many looks by reception outside the hours in which practices are open.
pub const OUT_OF_HOURS: i64 = 3;
/// So many different readers of one record in the window.
pub const READERS: i64 = 12;
/// More broken glass than this in the window.
pub const GLASS: i64 = 3;
/// Reception works from this hour until that one, Monday to Saturday.
pub const OPEN: (i8, i8) = (7, 20);

/// The microseconds of an hour.
pub(crate) const HOUR: i64 = 3_600_000_000;

/// What kind of pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Staff have opened the record of themselves.
    OwnRecord,
    /// The record of somebody at the reader's own address.
    Household,
    /// The record of somebody with the reader's family name.
    SameName,
    /// The record of somebody named like a colleague.
    Colleague,
    /// Far more records in an hour than is usual for the role.
    ManyInAnHour,
    /// Far more in a day.
    ManyInADay,
    /// Many refusals in a day.
    Refusals,
    /// Glass broken often.
    Glass,
    /// Reception, outside its hours.
    OutOfHours,
    /// One record, opened by unusually many.
    ManyReaders,
}

impl Kind {
    /// Every kind, in the order of the list.
    pub const ALL: [Self; 10] = [
        Self::OwnRecord,
        Self::Household,
        Self::SameName,
        Self::Colleague,
        Self::ManyInAnHour,
        Self::ManyInADay,
        Self::Refusals,
        Self::Glass,
        Self::OutOfHours,
        Self::ManyReaders,
    ];

    /// Its word in the log. Never changed once given.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::OwnRecord => "own-record",
            Self::Household => "household",
            Self::SameName => "same-name",
            Self::Colleague => "colleague",
            Self::ManyInAnHour => "many-in-an-hour",
            Self::ManyInADay => "many-in-a-day",
            Self::Refusals => "refusals",
            Self::Glass => "glass",
            Self::OutOfHours => "out-of-hours",
            Self::ManyReaders => "many-readers",
        }
    }

    /// The kind of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// One pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// What kind.
    pub kind: Kind,
    /// Whose looks, where they are one reader's.
    pub reader: Option<Reader>,
    /// Whose record, where it is one person's.
    pub person: Option<Uuid>,
    /// How many: records, refusals, looks or readers.
    pub count: i64,
    /// What is usual for the role, where that is compared.
    pub usual: Option<i64>,
    /// From when.
    pub from: Timestamp,
    /// Until when, not included.
    pub until: Timestamp,
}

impl Pattern {
    /// Its id: the same reader, person and kind are the same pattern, so that a review of it is found again.
    #[must_use]
    pub fn id(&self) -> Uuid {
        id(self.kind, self.reader.as_ref().map(|reader| reader.reader.as_str()), self.person)
    }

    /// The looks that it is made of.
    #[must_use]
    pub fn behind(&self) -> Query {
        let (allowed, actions) = match self.kind {
            Kind::Refusals => (Some(false), Vec::new()),
            Kind::OutOfHours => (None, Vec::new()),
            Kind::Glass => (Some(true), vec![Action::BreakGlass]),
            _ => (Some(true), vec![Action::ReadRecord, Action::WriteRecord]),
        };
        Query {
            readers: self.reader.as_ref().map(|reader| vec![reader.reader.clone()]),
            people: self.person.map(|person| vec![person]),
            role: self.reader.as_ref().and_then(|reader| reader.role),
            actions,
            allowed,
            from: Some(self.from),
            until: Some(self.until),
            ..Query::default()
        }
    }
}

/// The id of a pattern.
#[must_use]
pub fn id(kind: Kind, reader: Option<&str>, person: Option<Uuid>) -> Uuid {
    let person = person.map(|person| person.to_string()).unwrap_or_default();
    let words = format!("weft-pattern-1\n{}\n{person}\n{}", kind.word(), reader.unwrap_or_default());
    let digest = store::blob::sha256(words.as_bytes());
    let mut bytes = [0; 16];
    for (byte, from) in bytes.iter_mut().zip(digest) {
        *byte = from;
    }
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// What one reader did in one hour, in one role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hour {
    /// Hours since 1970, UTC.
    pub hour: i64,
    /// Who.
    pub reader: String,
    /// In which role.
    pub role: Role,
    /// Records opened, each once.
    pub opened: i64,
    /// Looks of any sort, allowed or not.
    pub looks: i64,
    /// Refusals.
    pub refused: i64,
    /// Glass broken.
    pub glass: i64,
    /// The last look of the hour.
    pub last: Timestamp,
}

/// A stretch of time with what happened in it.
#[derive(Debug, Clone, Copy)]
struct Span {
    count: i64,
    from: Timestamp,
    until: Timestamp,
    last: Timestamp,
}

/// The patterns that counts show. `reviewed` says when each was last looked into: what is older than that shows no more.
/// `who` gives a reader's name and organisation.
#[must_use]
pub fn of_hours(
    hours: &[Hour],
    reviewed: &HashMap<Uuid, Timestamp>,
    who: &dyn Fn(&str, Role) -> Reader,
) -> Vec<Pattern> {
    let staff: Vec<&Hour> = hours.iter().filter(|hour| hour.role != Role::Citizen).collect();
    let each = |count: fn(&Hour) -> i64| {
        let mut spans: BTreeMap<(&str, Role), Vec<Span>> = BTreeMap::new();
        for hour in &staff {
            let from = start(hour.hour);
            let span = Span { count: count(hour), from, until: end(from), last: hour.last };
            spans.entry((hour.reader.as_str(), hour.role)).or_default().push(span);
        }
        spans
    };
    let by_day = |count: fn(&Hour) -> i64| {
        let mut days: BTreeMap<(&str, Role), BTreeMap<jiff::civil::Date, Span>> = BTreeMap::new();
        for hour in &staff {
            let from = start(hour.hour);
            let day = local(from).date();
            let new = Span { count: 0, from, until: end(from), last: hour.last };
            let span = days.entry((hour.reader.as_str(), hour.role)).or_default().entry(day).or_insert(new);
            span.count += count(hour);
            (span.from, span.until) = (span.from.min(from), span.until.max(end(from)));
            span.last = span.last.max(hour.last);
        }
        days.into_iter().map(|(key, days)| (key, days.into_values().collect::<Vec<_>>())).collect::<BTreeMap<_, _>>()
    };
    let hourly = each(|hour| hour.opened);
    let daily = by_day(|hour| hour.opened);
    let (usual_hour, usual_day) = (medians(&hourly), medians(&daily));
    let far_more = |usual: Option<&i64>, (least, times, most): (i64, i64, i64)| {
        let usual = usual.copied().unwrap_or_default();
        move |count: i64| count > most || (count >= least && count > times * usual)
    };
    let mut found = Vec::new();
    let mut take = |kind: Kind, key: (&str, Role), spans: &[Span], usual: Option<i64>, holds: &dyn Fn(i64) -> bool| {
        let seen = reviewed.get(&id(kind, Some(key.0), None));
        let new = spans.iter().filter(|span| seen.is_none_or(|seen| span.last > *seen));
        let worst = new.filter(|span| holds(span.count)).max_by_key(|span| (span.count, span.from));
        found.extend(worst.map(|span| Pattern {
            kind,
            reader: Some(who(key.0, key.1)),
            person: None,
            count: span.count,
            usual,
            from: span.from,
            until: span.until,
        }));
    };
    for (key, spans) in &hourly {
        let usual = usual_hour.get(&key.1);
        let holds = far_more(usual, (HOUR_LEAST, HOUR_TIMES, HOUR_MOST));
        take(Kind::ManyInAnHour, *key, spans, usual.copied(), &holds);
    }
    for (key, spans) in &daily {
        let usual = usual_day.get(&key.1);
        take(Kind::ManyInADay, *key, spans, usual.copied(), &far_more(usual, (DAY_LEAST, DAY_TIMES, DAY_MOST)));
    }
    for (key, spans) in &by_day(|hour| hour.refused) {
        take(Kind::Refusals, *key, spans, None, &|count| count >= REFUSALS);
    }
    // These are counted over the whole window, of what is newer than the last review.
    let mut whole = |kind: Kind, key: (&str, Role), spans: &[Span], least: i64| {
        let seen = reviewed.get(&id(kind, Some(key.0), None));
        let new: Vec<&Span> =
            spans.iter().filter(|span| span.count > 0 && seen.is_none_or(|seen| span.last > *seen)).collect();
        let (Some(first), Some(last)) = (new.first(), new.last()) else { return };
        let count: i64 = new.iter().map(|span| span.count).sum();
        if count >= least {
            found.push(Pattern {
                kind,
                reader: Some(who(key.0, key.1)),
                person: None,
                count,
                usual: None,
                from: first.from,
                until: last.until,
            });
        }
    };
    for (key, spans) in &each(|hour| hour.glass) {
        whole(Kind::Glass, *key, spans, GLASS + 1);
    }
    for (key, spans) in &each(|hour| if is_open(hour.hour) { 0 } else { hour.looks }) {
        if key.1 == Role::Receptionist {
            whole(Kind::OutOfHours, *key, spans, OUT_OF_HOURS);
        }
    }
    found
}

/// The middle of what the readers of each role do in a stretch in which they do anything.
fn medians(spans: &BTreeMap<(&str, Role), Vec<Span>>) -> HashMap<Role, i64> {
    let mut counts: HashMap<Role, Vec<i64>> = HashMap::new();
    for ((_, role), spans) in spans {
        counts.entry(*role).or_default().extend(spans.iter().map(|span| span.count).filter(|count| *count > 0));
    }
    counts
        .into_iter()
        .filter_map(|(role, mut counts)| {
            counts.sort_unstable();
            // The lower middle of an even number: the stricter one.
            counts.get(counts.len().saturating_sub(1) / 2).map(|median| (role, *median))
        })
        .collect()
}

/// The moment at which an hour (counted since 1970, UTC) begins.
#[must_use]
pub fn start(hour: i64) -> Timestamp {
    Timestamp::from_microsecond(hour.saturating_mul(HOUR)).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn end(from: Timestamp) -> Timestamp {
    from.saturating_add(SignedDuration::from_hours(1)).unwrap_or(Timestamp::MAX)
}

fn local(at: Timestamp) -> jiff::Zoned {
    at.to_zoned(TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC))
}

/// Whether practices are open in this hour.
fn is_open(hour: i64) -> bool {
    let at = local(start(hour));
    at.weekday() != Weekday::Sunday && (OPEN.0..OPEN.1).contains(&at.hour())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hour(hour: i64, reader: &str, role: Role, opened: i64) -> Hour {
        let last = start(hour) + SignedDuration::from_mins(59);
        Hour { hour, reader: reader.to_owned(), role, opened, looks: opened, refused: 0, glass: 0, last }
    }

    fn found(hours: &[Hour], reviewed: &HashMap<Uuid, Timestamp>) -> Vec<Pattern> {
        of_hours(hours, reviewed, &|reader, role| Reader {
            reader: reader.to_owned(),
            role: Some(role),
            organisation: String::new(),
            name: String::new(),
        })
    }

    /// Sunday 22 November 2026, 09:00.
    const SUNDAY: i64 = 498_705;

    #[test]
    fn far_more_than_is_usual_for_the_role_shows_and_a_busy_role_does_not() {
        let mut hours: Vec<Hour> = (0..5).map(|n| hour(SUNDAY + n, "usual", Role::Gp, 6)).collect();
        hours.push(hour(SUNDAY, "busy", Role::Gp, 31));
        hours.extend((0..5).map(|n| hour(SUNDAY + n, "ward", Role::Consultant, 31)));
        let patterns = found(&hours, &HashMap::new());
        assert_eq!(patterns.len(), 1, "{patterns:?}");
        let [Pattern { kind: Kind::ManyInAnHour, count: 31, usual: Some(6), .. }] = patterns.as_slice() else {
            panic!("{patterns:?}")
        };
        let behind = patterns[0].behind();
        assert_eq!(behind.readers, Some(vec!["busy".to_owned()]));
        assert_eq!((behind.from, behind.until), (Some(start(SUNDAY)), Some(start(SUNDAY + 1))));
    }

    #[test]
    fn what_was_looked_into_shows_again_only_for_something_newer() {
        let hours = [hour(SUNDAY, "a", Role::Gp, HOUR_MOST + 1)];
        let pattern = found(&hours, &HashMap::new()).remove(0);
        let later = HashMap::from([(pattern.id(), start(SUNDAY + 1))]);
        assert_eq!(found(&hours, &later), []);
        let again = [hours[0].clone(), hour(SUNDAY + 30, "a", Role::Gp, HOUR_MOST + 1)];
        let patterns = found(&again, &later);
        assert_eq!((patterns.len(), patterns[0].from), (1, start(SUNDAY + 30)));
        assert_eq!(patterns[0].id(), pattern.id());
    }

    #[test]
    fn reception_on_a_sunday_and_a_nurse_at_night_are_not_the_same() {
        let hours = [hour(SUNDAY, "desk", Role::Receptionist, 3), hour(SUNDAY - 7, "nurse", Role::DistrictNurse, 9)];
        let patterns = found(&hours, &HashMap::new());
        assert_eq!(patterns.iter().map(|pattern| pattern.kind).collect::<Vec<_>>(), [Kind::OutOfHours]);
        let monday = [hour(SUNDAY + 24, "desk", Role::Receptionist, 3)];
        assert_eq!(found(&monday, &HashMap::new()), []);
    }

    #[test]
    fn the_person_themselves_is_no_pattern() {
        let mut own = hour(SUNDAY, "me", Role::Citizen, HOUR_MOST + 1);
        own.refused = 100;
        assert_eq!(found(&[own], &HashMap::new()), []);
    }

    #[test]
    fn every_kind_has_a_word_of_its_own_and_an_id_of_its_own() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_word(kind.word()), Some(kind));
        }
        let ids: std::collections::HashSet<Uuid> = Kind::ALL
            .into_iter()
            .flat_map(|kind| [id(kind, Some("a"), None), id(kind, Some("b"), None), id(kind, None, Some(Uuid::nil()))])
            .collect();
        assert_eq!(ids.len(), Kind::ALL.len() * 3);
    }

    /// The same rule for an hour, said slowly.
    fn slowly(hours: &[Hour]) -> Vec<String> {
        let mut readers = Vec::new();
        for one in hours {
            let mut same: Vec<i64> = hours
                .iter()
                .filter(|other| other.role == one.role && other.opened > 0)
                .map(|other| other.opened)
                .collect();
            same.sort_unstable();
            let usual = if same.is_empty() { 0 } else { same[(same.len() - 1) / 2] };
            let many = one.opened > HOUR_MOST || one.opened >= HOUR_LEAST && one.opened > HOUR_TIMES * usual;
            if many && !readers.contains(&one.reader) {
                readers.push(one.reader.clone());
            }
        }
        readers.sort();
        readers
    }

    proptest! {
        #[test]
        fn many_in_an_hour_is_what_the_slow_rule_says(
            drawn in proptest::collection::vec((0_i64..3, 0_usize..5, 0_i64..160), 0..40)
        ) {
            let mut hours: Vec<Hour> = Vec::new();
            for (at, reader, opened) in drawn {
                let role = if reader < 3 { Role::Gp } else { Role::Therapist };
                let one = hour(SUNDAY + 24 + at, &format!("r{reader}"), role, opened);
                if !hours.iter().any(|other| other.hour == one.hour && other.reader == one.reader) {
                    hours.push(one);
                }
            }
            let mut fast: Vec<String> = found(&hours, &HashMap::new())
                .into_iter()
                .filter(|pattern| pattern.kind == Kind::ManyInAnHour)
                .filter_map(|pattern| pattern.reader.map(|reader| reader.reader))
                .collect();
            fast.sort();
            prop_assert_eq!(fast, slowly(&hours));
        }
    }
}
