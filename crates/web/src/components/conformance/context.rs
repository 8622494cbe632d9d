//! A fixture's options, read once each: an option that nobody read is one that our component does not have.

use crate::components::{Html, Size};
use serde_json::{Map, Value};
use std::cell::RefCell;
use std::collections::BTreeSet;

/// Options of a component or of a part of it.
pub(crate) struct Context<'a> {
    path: String,
    options: Option<&'a Map<String, Value>>,
    /// A text in place of options: `label: "Name"` is short for `label: { text: "Name" }`.
    alone: Option<&'a str>,
    read: RefCell<BTreeSet<String>>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(path: &str, value: &'a Value) -> Self {
        Self { path: path.to_owned(), options: value.as_object(), alone: value.as_str(), read: RefCell::default() }
    }

    /// The option's value; `null` is the same as not there.
    pub(crate) fn value(&self, key: &str) -> Option<&'a Value> {
        self.read.borrow_mut().insert(key.to_owned());
        self.options?.get(key).filter(|value| !value.is_null())
    }

    pub(crate) fn text(&self, key: &str) -> Option<String> {
        match self.value(key)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    pub(crate) fn flag(&self, key: &str) -> Option<bool> {
        self.value(key)?.as_bool()
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.options.is_some_and(|options| options.contains_key(key))
    }

    pub(crate) fn part(&self, key: &str) -> Option<Context<'a>> {
        self.value(key).map(|value| Context::new(&format!("{}.{key}", self.path), value))
    }

    /// The parts of a list; empty ones (`false`) are left out.
    pub(crate) fn list(&self, key: &str) -> Vec<Context<'a>> {
        let items = self.value(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let kept = items.iter().filter(|item| item.is_object() || item.is_array() || item.is_string());
        kept.map(|item| Context::new(&format!("{}.{key}", self.path), item)).collect()
    }

    pub(crate) fn size(&self) -> Option<Size> {
        match self.text("size")?.as_str() {
            "s" => Some(Size::S),
            "m" => Some(Size::M),
            "l" => Some(Size::L),
            "xl" => Some(Size::Xl),
            _ => None,
        }
    }

    /// The text or the markup of this part itself.
    pub(crate) fn content(&self) -> Html {
        if let Some(text) = self.alone {
            return text.into();
        }
        match (self.text("html"), self.text("text")) {
            (Some(markup), _) => Html::trusted(&markup),
            (None, Some(text)) => text.into(),
            (None, None) => Html::default(),
        }
    }

    /// The plain text of this part; markup is refused.
    pub(crate) fn plain(&self) -> Result<String, String> {
        self.alone
            .map(str::to_owned)
            .or_else(|| self.text("text"))
            .ok_or_else(|| format!("{}: markup or nothing", self.path))
    }

    /// The content of a part that has nothing else in it.
    pub(crate) fn content_of(&self, key: &str) -> Result<Html, String> {
        match self.part(key) {
            None => Ok(Html::default()),
            Some(part) if part.is_bare() => Err(format!("{} is neither text nor options", part.path)),
            Some(part) => {
                let content = part.content();
                part.done()?;
                Ok(content)
            }
        }
    }

    /// The plain text of a part that has nothing else in it.
    pub(crate) fn plain_of(&self, key: &str) -> Result<Option<String>, String> {
        let Some(part) = self.part(key) else { return Ok(None) };
        let text = part.plain()?;
        part.done()?;
        Ok(Some(text))
    }

    /// A bare `true`, a number or a list.
    pub(crate) fn is_bare(&self) -> bool {
        self.options.is_none() && self.alone.is_none()
    }

    /// True if it is a text in place of options.
    pub(crate) fn is_text(&self) -> bool {
        self.alone.is_some()
    }

    /// Everything has been read.
    pub(crate) fn done(&self) -> Result<(), String> {
        let read = self.read.borrow();
        let left = self.options.into_iter().flat_map(Map::keys).find(|key| !read.contains(*key));
        left.map_or(Ok(()), |key| Err(format!("{} has `{key}`", self.path)))
    }
}
