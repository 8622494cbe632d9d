//! Why somebody is on a list, in a sentence made of the entries that the reader may see; and what was decided. Must not open an entry
//! itself.

use finding::list::Because;
use finding::views::list::{Listed, State as Stands};
use jiff::civil::Date;
use record::fact::{Fact, Kind};
use uuid::Uuid;

use crate::desk::person::capital;
use crate::words::{london_date, uk_date};

/// The most different things that a sentence names, unless they are of more different kinds.
const NAMED: usize = 3;
/// Classes of stay of which the title says little.
const STAYS: [&str; 2] = ["Emergency attendance", "Hospital stay"];
/// The most days of one thing that it names.
const DAYS: usize = 3;

/// One entry that says why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reason {
    pub(super) words: String,
    pub(super) day: Option<Date>,
    /// What sort of entry it is; none for what was done here.
    kind: Option<Kind>,
    /// The entry; none for what was done here.
    pub(super) entry: Option<Uuid>,
}

impl Reason {
    /// The words with the day.
    pub(super) fn dated(&self) -> String {
        format!("{} ({})", self.words, self.day.map_or_else(|| "no date given".to_owned(), uk_date))
    }
}

/// The reasons that the reader may see, the latest first.
pub(super) fn reasons<'e>(
    because: &[Because],
    find: impl Fn(Uuid) -> Option<&'e Fact>,
    done_here: bool,
) -> Vec<Reason> {
    let told = |one: &Because| match find(one.record) {
        Some(fact) => {
            let kind = Some(fact.kind);
            Some(Reason { words: self::words(fact), day: one.day, kind, entry: Some(one.record) })
        }
        None if one.done_here && done_here => {
            let words = "An urgent response or a fall, told here".to_owned();
            Some(Reason { words, day: one.day, kind: None, entry: None })
        }
        None => None,
    };
    because.iter().filter_map(told).collect()
}

/// The same words of the same kind of entry, with their days.
type Thing<'r> = (Option<Kind>, &'r str, Vec<Option<Date>>);

/// What an entry is, in words that can stand alone. The title of a stay or an attendance is how somebody was admitted, `Emergency`; what
/// it was and why stands in its second line.
fn words(fact: &Fact) -> String {
    let mut detail = fact.detail.as_deref().unwrap_or_default().split("; ");
    match (fact.kind, detail.next().filter(|class| STAYS.contains(class)), detail.next()) {
        (Kind::Encounter, Some(class), Some(why)) => format!("{class}, {why}"),
        (Kind::Encounter, Some(class), None) => class.to_owned(),
        _ => fact.title.clone(),
    }
}

/// Why somebody is on a list, in a sentence: the same words once, with their days; of each kind of entry at least one, so that three
/// attendances do not hide the condition beside them.
pub(super) fn sentence(reasons: &[Reason]) -> String {
    if reasons.is_empty() {
        return "For reasons in entries that you are not able to see.".to_owned();
    }
    let mut things: Vec<Thing<'_>> = Vec::new();
    for reason in reasons {
        match things.iter_mut().find(|(kind, words, _)| (*kind, *words) == (reason.kind, reason.words.as_str())) {
            Some((.., days)) => days.push(reason.day),
            None => things.push((reason.kind, &reason.words, vec![reason.day])),
        }
    }
    let is_first = |at: usize| things.iter().take(at).all(|other| things.get(at).is_some_and(|one| one.0 != other.0));
    let mut room = NAMED.saturating_sub((0..things.len()).filter(|at| is_first(*at)).count());
    let (mut named, mut rest) = (Vec::new(), 0);
    for (at, (_, words, days)) in things.iter().enumerate() {
        if is_first(at) {
            named.push(thing(words, days));
        } else if room > 0 {
            room -= 1;
            named.push(thing(words, days));
        } else {
            rest += days.len();
        }
    }
    let more = if rest > 0 { format!("; and {rest} more") } else { String::new() };
    format!("{}{more}.", capital(&named.join("; ")))
}

/// A thing and its days, the latest first: `Fell at home (3 November 2026)`, `Attendance, 4 times, last on 3 November 2026`.
fn thing(words: &str, days: &[Option<Date>]) -> String {
    let known: Vec<String> = days.iter().flatten().map(|day| uk_date(*day)).collect();
    match (known.as_slice(), days.len()) {
        ([], 1) => format!("{words} (no date given)"),
        ([], times) => format!("{words}, {times} times (no date given)"),
        ([day], 1) => format!("{words} ({day})"),
        ([latest, ..], times) if times > DAYS || known.len() < times => {
            format!("{words}, {times} times, last on {latest}")
        }
        (known, times) => {
            let (last, others) = known.split_last().map_or(("", known), |(last, others)| (last.as_str(), others));
            format!("{words}, {times} times: {} and {last}", others.join(", "))
        }
    }
}

/// What was decided, in words.
pub(super) fn decided(listed: &Listed) -> Option<String> {
    let when = listed.decided.map(|at| uk_date(london_date(at)))?;
    let (who, words) = (&listed.who, listed.words.trim_end_matches('.'));
    Some(match listed.state {
        Stands::Accepted => format!("Taken on by {who} on {when}"),
        Stands::Declined => format!("Not taken on, {who}, {when}: {words}"),
        Stands::Later => {
            let until = listed.words.parse().map_or_else(|_| words.to_owned(), uk_date);
            format!("Put off until {until} by {who}")
        }
        Stands::Open => return None,
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn reason(words: &str, day: Option<Date>, kind: Option<Kind>) -> Reason {
        Reason { words: words.to_owned(), day, kind, entry: None }
    }

    fn on(words: &str, day: Date, kind: Kind) -> Reason {
        reason(words, Some(day), Some(kind))
    }

    #[test]
    fn the_same_words_stand_once_with_their_days() {
        let fell = |month, day| on("fell at home", date(2026, month, day), Kind::Encounter);
        assert_eq!(sentence(&[fell(11, 3)]), "Fell at home (3 November 2026).");
        assert_eq!(sentence(&[fell(11, 3), fell(5, 12)]), "Fell at home, 2 times: 3 November 2026 and 12 May 2026.");
        assert_eq!(
            sentence(&[fell(11, 9), fell(11, 3), fell(6, 1), fell(5, 12)]),
            "Fell at home, 4 times, last on 9 November 2026."
        );
        let undated = reason("carer", None, Some(Kind::Problem));
        assert_eq!(sentence(std::slice::from_ref(&undated)), "Carer (no date given).");
        assert_eq!(sentence(&[]), "For reasons in entries that you are not able to see.");
    }

    #[test]
    fn many_attendances_do_not_hide_the_condition_that_is_named() {
        let attended = |words, day| on(words, date(2026, 11, day), Kind::Encounter);
        let condition = on("COPD", date(2019, 5, 3), Kind::Problem);
        let reasons =
            [attended("chest", 20), attended("breath", 14), attended("fell", 9), attended("cough", 2), condition];
        assert_eq!(
            sentence(&reasons),
            "Chest (20 November 2026); breath (14 November 2026); COPD (3 May 2019); and 2 more."
        );
        let told = reason("an urgent response or a fall, told here", Some(date(2026, 11, 21)), None);
        let kinds = [
            told,
            attended("chest", 20),
            on("COPD", date(2019, 5, 3), Kind::Problem),
            on("oxygen", date(2018, 1, 1), Kind::Result),
        ];
        assert!(
            sentence(&kinds).ends_with("oxygen (1 January 2018)."),
            "a kind is never left out: {}",
            sentence(&kinds)
        );
    }
}
