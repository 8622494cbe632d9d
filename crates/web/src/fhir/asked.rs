//! One request on its way to its answer: who asks, how they want it, what they sent, and the ways to the record: a read, a
//! seal opened by the gate, addresses made. Must not know any one interaction.

use access::{Action, Scope, Sealed};
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use fhir::elements::{Keep, only};
use fhir::issue::{Code, Issue};
use fhir::query::Summary;
use jiff::Timestamp;
use record::interaction::{Failed, served};
use record::search::Trouble;
use store::{Resource, Troubled, Tx};

use super::answer::Refusal;
use super::form::encoded;
use super::wish::Wish;
use crate::app::State;
use crate::session::Who;

/// A request.
pub(super) struct Asked<'a> {
    pub(super) state: &'a State,
    pub(super) who: Who,
    /// `https://host/fhir`.
    pub(super) base: String,
    pub(super) headers: &'a HeaderMap,
    pub(super) wish: Wish,
    /// Of the address, without `_format` and `_pretty`.
    pub(super) parameters: Vec<(String, String)>,
    pub(super) body: Bytes,
}

/// The API's own address, as the caller knows it: their `Host`, and `https` where a proxy in front says so.
pub(super) fn base(headers: &HeaderMap) -> String {
    let word = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let host = word("host");
    let sound = !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]_".contains(&byte));
    let scheme = if word("x-forwarded-proto") == "https" { "https" } else { "http" };
    format!("{scheme}://{}/fhir", if sound { host } else { "localhost" })
}

impl Asked<'_> {
    /// What this caller may find.
    pub(super) fn scope(&self) -> Result<Scope, Refusal> {
        Ok(self.state.parts().gate.scope(&self.who.asking())?)
    }

    /// Reads. `quick`: a row or two by their key, which on SQLite takes less time than handing it to another thread.
    pub(super) async fn read<T, E>(
        &self,
        quick: bool,
        run: impl FnMut(&mut dyn Tx) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Refusal>
    where
        T: Send + 'static,
        E: From<store::Error> + Troubled + Send + 'static,
        Refusal: From<E>,
    {
        Ok(self
            .state
            .ask(quick, run)
            .await
            .map_err(|_| Refusal::broken("a read stopped on a fault of the program"))??)
    }

    /// What was sealed, once the look at whom it is about is on the disk.
    pub(super) async fn open<T>(&self, action: Action, sealed: Sealed<T>) -> Result<T, Refusal> {
        Ok(self.state.parts().gate.open(&self.who.asking(), action, sealed).await?)
    }

    /// Refuses every parameter but these.
    pub(super) fn only_parameters(&self, known: &[&str]) -> Result<(), Refusal> {
        let strange = self.parameters.iter().filter(|(name, _)| !known.contains(&name.as_str()));
        let issues: Vec<Issue> = strange
            .map(|(name, _)| {
                let shown: String = name.chars().filter(|letter| !letter.is_control()).take(40).collect();
                let valid = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
                let words = format!("\u{201c}{shown}\u{201d} is no parameter of this request. It takes: {valid}; and _format and _pretty.");
                Issue::error(Code::NotSupported, words)
            })
            .collect();
        if issues.is_empty() { Ok(()) } else { Err(Refusal::of(StatusCode::BAD_REQUEST, issues)) }
    }

    /// The one value of a parameter.
    pub(super) fn parameter(&self, name: &str) -> Result<Option<&str>, Refusal> {
        let mut values = self.parameters.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let first = values.next();
        if values.next().is_some() {
            return Err(Refusal::bad(Code::Value, format!("{name} is given more than once; give it once.")));
        }
        Ok(first)
    }

    /// A whole number from 1, of a parameter.
    pub(super) fn number(&self, name: &str) -> Result<Option<u32>, Refusal> {
        let Some(text) = self.parameter(name)? else { return Ok(None) };
        let number = text.parse().ok().filter(|number| *number > 0);
        number.map(Some).ok_or_else(|| Refusal::bad(Code::Value, format!("{name} is a whole number from 1.")))
    }

    /// An instant, of a parameter.
    pub(super) fn instant(&self, name: &str) -> Result<Option<Timestamp>, Refusal> {
        let Some(text) = self.parameter(name)? else { return Ok(None) };
        // A plus in an address is a blank, and the offset of a time is rarely escaped.
        text.replace(' ', "+")
            .parse()
            .map(Some)
            .map_err(|_| Refusal::bad(Code::Value, format!("{name} is an instant, such as 2026-11-22T09:30:00Z.")))
    }

    /// `_summary` and `_elements` of a read.
    pub(super) fn part(&self) -> Result<Part, Refusal> {
        let summary = match self.parameter("_summary")? {
            None | Some("false") => Summary::False,
            Some("true") => Summary::True,
            Some("text") => Summary::Text,
            Some("data") => Summary::Data,
            Some(_) => return Err(Refusal::bad(Code::Value, "_summary is true, false, text or data.")),
        };
        let elements = self.parameter("_elements")?.unwrap_or_default();
        let elements = elements.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
        Ok(Part { summary, elements })
    }

    /// `http://host/fhir/Patient/1`.
    pub(super) fn url_of(&self, kind: &str, id: &str) -> String {
        format!("{}/{kind}/{id}", self.base)
    }

    /// An address with these parameters.
    pub(super) fn url(&self, path: &str, parameters: &[(String, String)], cursor: Option<&str>) -> String {
        let mut url = format!("{}/{path}", self.base);
        let all = parameters.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        for (index, (name, value)) in all.chain(cursor.map(|cursor| ("_cursor", cursor))).enumerate() {
            url.push(if index == 0 { '?' } else { '&' });
            encoded(name, &mut url);
            url.push('=');
            encoded(value, &mut url);
        }
        url
    }
}

/// How much of each resource is sent.
#[derive(Debug, Clone, Default)]
pub(super) struct Part {
    pub(super) summary: Summary,
    pub(super) elements: Vec<String>,
}

impl Part {
    /// A resource's text, as much of it as was asked for.
    pub(super) fn of(&self, resource: &Resource) -> String {
        self.of_text(served(resource))
    }

    /// The same of the text itself.
    pub(super) fn of_text(&self, whole: String) -> String {
        if !self.elements.is_empty() {
            only(&whole, Keep::Elements(&self.elements))
        } else if self.summary == Summary::False {
            whole
        } else {
            only(&whole, Keep::Summary(self.summary))
        }
    }
}

impl From<record::interaction::Refusal> for Refusal {
    fn from(refusal: record::interaction::Refusal) -> Self {
        let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::BAD_REQUEST);
        Self::of(status, refusal.issues)
    }
}

impl From<Failed> for Refusal {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Refused { refusal, .. } => refusal.into(),
            Failed::Store(error) => error.into(),
        }
    }
}

impl From<Trouble> for Refusal {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Refused(issue) => Self::new(StatusCode::BAD_REQUEST, *issue),
            Trouble::Store(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_is_the_callers_own_word_where_it_is_a_host() {
        let of = |pairs: &[(&'static str, &str)]| {
            base(&pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect())
        };
        assert_eq!(of(&[("host", "127.0.0.1:8080")]), "http://127.0.0.1:8080/fhir");
        assert_eq!(of(&[("host", "weft.example"), ("x-forwarded-proto", "https")]), "https://weft.example/fhir");
        assert_eq!(of(&[("host", "a\"b"), ("x-forwarded-proto", "ftp")]), "http://localhost/fhir");
    }
}
