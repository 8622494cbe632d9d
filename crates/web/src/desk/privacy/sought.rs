//! What a privacy officer asked of the looks: a form's fields, kept in the session so that no name that was typed stands in an
//! address, and read into a query.

use access::views::audit::{Query, Reader};
use access::{Action, Purpose, Role};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::pages::privacy::Form;
use crate::session::Fields;
use crate::words::{day_begins, london_date, uk_date};

/// How far back looks are searched where no day is given.
const BACK: SignedDuration = SignedDuration::from_hours(30 * 24);
/// The most readers one name may mean.
pub(super) const MOST_READERS: usize = 20;

/// What was asked.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sought {
    pub(super) reader: String,
    /// Opaque.
    pub(super) person: String,
    role: String,
    organisation: String,
    action: String,
    purpose: String,
    outcome: String,
    from: [String; 3],
    until: [String; 3],
}

impl Sought {
    pub(super) fn of(fields: &Fields) -> Self {
        let typed = |name: &str| fields.get(name).chars().take(200).collect::<String>();
        let date = |name: &str| ["day", "month", "year"].map(|part| typed(&format!("{name}[{part}]")));
        Self {
            reader: typed("reader"),
            person: typed("person"),
            role: typed("role"),
            organisation: typed("organisation"),
            action: typed("action"),
            purpose: typed("purpose"),
            outcome: typed("outcome"),
            from: date("from"),
            until: date("until"),
        }
    }

    /// One person's looks, and nothing else asked.
    pub(super) fn about(person: &str) -> Self {
        Self { person: person.chars().take(200).collect(), ..Self::default() }
    }

    /// The form as it was filled in.
    pub(super) fn form(&self, organisations: Vec<String>) -> Form {
        let chosen = |value: &str, text: String, now: &str| (value.to_owned(), text, value == now);
        Form {
            reader: self.reader.clone(),
            organisations: organisations
                .into_iter()
                .map(|name| chosen(&name.clone(), name, &self.organisation))
                .collect(),
            roles: Role::ALL
                .into_iter()
                .map(|role| chosen(role.word(), crate::personas::role_words(role).to_owned(), &self.role))
                .collect(),
            actions: Action::ALL
                .into_iter()
                .map(|action| chosen(&word(serde_json::to_value(action)), super::did(action).to_owned(), &self.action))
                .collect(),
            purposes: Purpose::ALL
                .into_iter()
                .map(|purpose| {
                    chosen(
                        &word(serde_json::to_value(purpose)),
                        crate::desk::person::capital(purpose.said()),
                        &self.purpose,
                    )
                })
                .collect(),
            outcomes: [("allowed", "Allowed"), ("refused", "Refused")]
                .into_iter()
                .map(|(value, text)| chosen(value, text.to_owned(), &self.outcome))
                .collect(),
            from: self.from.clone(),
            until: self.until.clone(),
            ..Form::default()
        }
    }

    /// The query, as far as it can be read; what cannot be is said in the form.
    pub(super) fn query(&self, form: &mut Form, readers: Option<Vec<Reader>>, now: Timestamp) -> Query {
        let readers = readers.map(|found| {
            let mut ids: Vec<String> = found.into_iter().map(|reader| reader.reader).collect();
            ids.sort();
            ids.dedup();
            if ids.is_empty() {
                form.reader_error = Some("Nobody of this name or id has looked at anything".to_owned());
            } else if ids.len() > MOST_READERS {
                form.reader_error =
                    Some(format!("More than {MOST_READERS} readers fit: type more of the name, or the id"));
            }
            ids
        });
        let mut day = |typed: &[String; 3], slot: fn(&mut Form) -> &mut Option<String>| match date(typed) {
            Ok(day) => day,
            Err(what) => {
                *slot(form) = Some(what.to_owned());
                None
            }
        };
        let from = day(&self.from, |form| &mut form.from_error);
        let until = day(&self.until, |form| &mut form.until_error);
        if let (Some(from), Some(until)) = (from, until)
            && from > until
        {
            form.until_error = Some("The last day is before the first".to_owned());
        }
        let until = until.and_then(|day| day.tomorrow().ok()).map(day_begins);
        let back = until.unwrap_or(now).saturating_sub(BACK).unwrap_or(Timestamp::UNIX_EPOCH);
        Query {
            readers,
            people: None,
            role: Role::from_word(&self.role),
            organisation: (!self.organisation.is_empty()).then(|| self.organisation.clone()),
            // An unknown word asks for nothing.
            actions: serde_json::from_value(self.action.as_str().into()).into_iter().collect(),
            purpose: serde_json::from_value(self.purpose.as_str().into()).ok(),
            allowed: match self.outcome.as_str() {
                "allowed" => Some(true),
                "refused" => Some(false),
                _ => None,
            },
            from: Some(from.map_or(back, day_begins)),
            until,
            before: None,
        }
    }

    /// What was asked of the time, in a sentence.
    pub(super) fn said(query: &Query) -> String {
        let day = |at: Timestamp| uk_date(london_date(at));
        let from = query.from.map(day).unwrap_or_default();
        match query.until {
            Some(until) => {
                let last = london_date(until).yesterday().unwrap_or_else(|_| london_date(until));
                format!("Looks from {from} to {}, the newest first.", uk_date(last))
            }
            None => format!("Looks since {from}, the newest first."),
        }
    }
}

fn word(value: serde_json::Result<serde_json::Value>) -> String {
    value.ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn date([day, month, year]: &[String; 3]) -> Result<Option<Date>, &'static str> {
    if day.is_empty() && month.is_empty() && year.is_empty() {
        return Ok(None);
    }
    let parse = || {
        let year: i16 = year.parse().ok().filter(|year| (2000..=2200).contains(year))?;
        Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
    };
    parse().map(Some).ok_or("Type a real day, for example 22 11 2026")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sought(fields: &[(&str, &str)]) -> (Query, Form) {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let sought = Sought::of(&Fields(fields));
        let mut form = sought.form(vec!["Marple Bridge Surgery".to_owned()]);
        let query = sought.query(&mut form, None, "2026-11-22T09:30:00Z".parse().unwrap());
        (query, form)
    }

    #[test]
    fn what_is_chosen_is_asked_and_what_is_unknown_is_not() {
        let (query, form) = sought(&[
            ("role", "gp"),
            ("action", "read-record"),
            ("purpose", "direct-care"),
            ("outcome", "refused"),
            ("organisation", "Marple Bridge Surgery"),
        ]);
        assert_eq!(
            (query.role, query.purpose, query.allowed),
            (Some(Role::Gp), Some(Purpose::DirectCare), Some(false))
        );
        assert_eq!(query.actions, [Action::ReadRecord]);
        assert!(form.roles.iter().any(|(word, _, chosen)| word == "gp" && *chosen));
        assert!(form.organisations[0].2 && !form.wrong());
        let (query, _) = sought(&[("role", "root"), ("action", "x"), ("outcome", "")]);
        assert_eq!((query.role, query.actions.len(), query.allowed), (None, 0, None));
    }

    #[test]
    fn days_are_whole_days_here_and_a_month_where_none_is_given() {
        let (query, _) = sought(&[]);
        assert_eq!(query.from, Some("2026-10-23T09:30:00Z".parse().unwrap()));
        let day = [("from[day]", "1"), ("from[month]", "7"), ("from[year]", "2026")];
        let to = [("until[day]", "1"), ("until[month]", "7"), ("until[year]", "2026")];
        let (query, form) = sought(&[day, to].concat());
        assert!(!form.wrong());
        assert_eq!(query.from, Some("2026-06-30T23:00:00Z".parse().unwrap()), "summer time");
        assert_eq!(query.until, Some("2026-07-01T23:00:00Z".parse().unwrap()));
        assert_eq!(Sought::said(&query), "Looks from 1 July 2026 to 1 July 2026, the newest first.");
        let (_, form) = sought(&[("from[day]", "31"), ("from[month]", "2"), ("from[year]", "2026")]);
        assert!(form.from_error.is_some());
        let (_, form) =
            sought(&[&day[..], &[("until[day]", "1"), ("until[month]", "6"), ("until[year]", "2026")]].concat());
        assert!(form.until_error.is_some());
    }
}
