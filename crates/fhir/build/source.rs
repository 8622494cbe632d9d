//! Reads single definitions out of the package. Must not know what they mean.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The folder of definitions.
pub(crate) struct Source {
    dir: PathBuf,
}

impl Source {
    /// Those in a folder.
    pub(crate) fn new(dir: &Path) -> Self {
        Self { dir: dir.to_owned() }
    }

    /// The definition in `{kind}-{id}.json`; none if there is no such file.
    pub(crate) fn get(&self, kind: &str, id: &str) -> Result<Option<Value>, String> {
        let path = self.dir.join(format!("{kind}-{id}.json"));
        if path.is_file() { read(&path).map(Some) } else { Ok(None) }
    }

    /// The same, which must be there.
    pub(crate) fn must(&self, kind: &str, id: &str) -> Result<Value, String> {
        self.get(kind, id)?.ok_or_else(|| format!("the package has no {kind}-{id}.json: is it complete?"))
    }

    /// The ids of all of a kind, in order.
    pub(crate) fn ids(&self, kind: &str) -> Result<Vec<String>, String> {
        let listing =
            fs::read_dir(&self.dir).map_err(|error| format!("cannot list {}: {error}", self.dir.display()))?;
        let mut ids: Vec<String> = listing
            .filter_map(|entry| {
                let name = entry.ok()?.file_name().into_string().ok()?;
                Some(name.strip_prefix(kind)?.strip_prefix('-')?.strip_suffix(".json")?.to_owned())
            })
            .collect();
        ids.sort_unstable();
        Ok(ids)
    }
}

/// One file of JSON.
pub(crate) fn read(path: &Path) -> Result<Value, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    text.parse().map_err(|error| format!("{} is not JSON: {error}", path.display()))
}

/// A text member, or nothing.
pub(crate) fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// A list member, or an empty one.
pub(crate) fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The part of an address after its last slash, without a version.
pub(crate) fn tail(address: &str) -> &str {
    let address = address.split('|').next().unwrap_or(address);
    address.rsplit('/').next().unwrap_or(address)
}

/// Words on one line: the table has a line for each thing and tabs between its parts.
pub(crate) fn flat(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}
