//! The parts every fact is made of, read the same way whatever the resource: when, who, status, a second line. It must
//! not know any one resource type.

use serde_json::Value;

use super::{Fact, Kind};
use crate::resource::{self, concept_text, each, human_name, instant, plain_date, text};

impl Fact {
    /// A fact with a title and nothing else; `otherwise` stands where the source gives no title.
    pub(super) fn titled(kind: Kind, title: Option<String>, otherwise: &str) -> Self {
        Self {
            kind,
            when: None,
            sort: None,
            title: title.unwrap_or_else(|| otherwise.to_owned()),
            value: None,
            detail: None,
            status: None,
            active: false,
            code: None,
            author: None,
            author_reference: None,
        }
    }

    /// A fact named by one of a resource's concepts, with its code.
    pub(super) fn coded(kind: Kind, concept: Option<&Value>, otherwise: &str) -> Self {
        let mut fact = Self::titled(kind, concept.and_then(concept_text), otherwise);
        fact.code = concept.and_then(resource::code_key);
        fact
    }

    /// When, by the first of these paths that has a text.
    pub(super) fn when(mut self, value: &Value, paths: &[&str]) -> Self {
        if let Some(when) = paths.iter().find_map(|path| words_at(value, path)) {
            self.sort = instant(when);
            self.when = Some(when.to_owned());
        }
        self
    }

    /// Who wrote it, by the first of these paths that names somebody; a name and a reference may come from different ones.
    pub(super) fn by(mut self, value: &Value, paths: &[&str]) -> Self {
        let named = paths.iter().flat_map(|path| all_at(value, path));
        for reference in named {
            if self.author.is_none() {
                self.author = text(reference, "display").map(str::to_owned).or_else(|| inside(value, reference));
            }
            if self.author_reference.is_none() {
                self.author_reference =
                    resource::reference(reference, "Practitioner").filter(|(kind, _)| kind != "Patient");
            }
        }
        self
    }

    /// The status under a key, and whether it is one of those that stand today.
    pub(super) fn status(mut self, value: &Value, key: &str, standing: &[&str]) -> Self {
        if let Some(code) = text(value, key) {
            self.active = standing.contains(&code);
            self.status = Some(plain_status(code));
        }
        self
    }

    /// The second line, from what parts there are.
    pub(super) fn detail(mut self, parts: impl IntoIterator<Item = Option<String>>) -> Self {
        let parts: Vec<String> = parts.into_iter().flatten().filter(|part| *part != self.title).collect();
        self.detail = (!parts.is_empty()).then(|| parts.join("; "));
        self
    }
}

/// The name of a practitioner carried inside the resource.
fn inside(value: &Value, reference: &Value) -> Option<String> {
    let id = text(reference, "reference")?.strip_prefix('#')?;
    let found = each(value, "contained").find(|item| text(item, "id") == Some(id))?;
    super::reference_name(text(found, "resourceType")?, found)
}

/// Every value at a path of keys (`participant.individual`), through lists.
pub(super) fn all_at<'a>(value: &'a Value, path: &str) -> Vec<&'a Value> {
    let mut found = vec![value];
    for key in path.split('.') {
        found = found.into_iter().flat_map(|value| each(value, key)).collect();
    }
    found
}

/// The first text at a path of keys.
pub(super) fn words_at<'a>(value: &'a Value, path: &str) -> Option<&'a str> {
    let Some((key, rest)) = path.split_once('.') else { return text(value, path) };
    each(value, key).find_map(|inner| words_at(inner, rest))
}

/// The first concept at a path, in words.
pub(super) fn concept_at(value: &Value, path: &str) -> Option<String> {
    all_at(value, path).into_iter().find_map(concept_text)
}

/// All concepts at a path, in words, joined with commas.
pub(super) fn concepts_at(value: &Value, path: &str) -> Option<String> {
    joined(all_at(value, path).into_iter().filter_map(concept_text), ", ")
}

/// The displays of all references at a path.
pub(super) fn displays_at(value: &Value, path: &str) -> Option<String> {
    joined(all_at(value, path).into_iter().filter_map(|one| text(one, "display")).map(str::to_owned), ", ")
}

/// Texts joined, without repeating one; `None` if there is none.
pub(super) fn joined(texts: impl Iterator<Item = String>, between: &str) -> Option<String> {
    let mut kept: Vec<String> = Vec::new();
    for text in texts {
        if !kept.contains(&text) {
            kept.push(text);
        }
    }
    (!kept.is_empty()).then(|| kept.join(between))
}

/// The notes of a resource.
pub(super) fn notes(value: &Value) -> Option<String> {
    joined(each(value, "note").filter_map(|note| text(note, "text")).map(str::to_owned), " ")
}

/// `until 3 March 2020`, where a period at this path has ended.
pub(super) fn until(value: &Value, path: &str) -> Option<String> {
    words_at(value, path).map(|end| format!("until {}", plain_date(end)))
}

/// A name at a path, read aloud.
pub(super) fn name_at(value: &Value, path: &str) -> Option<String> {
    all_at(value, path).into_iter().find_map(human_name)
}

/// A FHIR status code in plain English.
pub(super) fn plain_status(code: &str) -> String {
    match code {
        "noshow" => "did not attend".to_owned(),
        "onleave" => "on leave".to_owned(),
        "onhold" => "on hold".to_owned(),
        "not-done" => "not done".to_owned(),
        _ => code.replace('-', " ").to_lowercase(),
    }
}
