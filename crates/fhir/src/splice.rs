//! Turns the text of a stored resource into the text that is sent, in one pass and without a tree: its own id, version and
//! time of change put in, references rewritten. Digits, order, white space and everything else stay as they came.
//! Must be given JSON; what is not an object of JSON comes back as it is.

use std::borrow::Cow;

use jiff::Timestamp;

use self::scan::Cursor;

mod scan;

pub use crate::elements::{Keep, only};

/// The body with top-level `id`, `meta.versionId` and `meta.lastUpdated` set (the rest of `meta` stays), and every
/// `"reference": "..."` at any depth that `reference` has another text for replaced by that. References to contained
/// resources (`#...`) are left alone.
#[must_use]
pub fn served(
    body: &str,
    id: &str,
    version: i64,
    updated: Timestamp,
    reference: &dyn Fn(&str) -> Option<String>,
) -> String {
    let mut writer = Writer { body, out: String::with_capacity(body.len() + 160), copied: 0 };
    let stamp = Stamp { id: quoted(id), version: format!("\"{version}\""), updated: format!("\"{updated}\"") };
    match rewrite(&mut writer, &stamp, reference) {
        Some(()) => writer.finish(),
        None => body.to_owned(),
    }
}

/// The same JSON without the white space between its parts.
#[must_use]
pub fn compact(body: &str) -> String {
    let bytes = body.as_bytes();
    let mut out = String::with_capacity(body.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let from = at;
        match byte {
            b'"' => at = scan::string_end(bytes, at),
            b' ' | b'\n' | b'\r' | b'\t' => {
                at += 1;
                continue;
            }
            _ => {
                while bytes.get(at).is_some_and(|byte| !matches!(byte, b'"' | b' ' | b'\n' | b'\r' | b'\t')) {
                    at += 1;
                }
            }
        }
        out.push_str(body.get(from..at).unwrap_or_default());
    }
    out
}

/// What is put in, as JSON.
struct Stamp {
    id: String,
    version: String,
    updated: String,
}

/// Copies the body up to each change.
struct Writer<'a> {
    body: &'a str,
    out: String,
    copied: usize,
}

impl Writer<'_> {
    /// Copies everything before `to`; the next copy begins there.
    fn copy_to(&mut self, to: usize) {
        self.out.push_str(self.body.get(self.copied..to).unwrap_or_default());
        self.copied = to;
    }

    /// Writes `text` in place of `from..to`.
    fn replace(&mut self, from: usize, to: usize, text: &str) {
        self.copy_to(from);
        self.out.push_str(text);
        self.copied = to;
    }

    fn finish(mut self) -> String {
        self.copy_to(self.body.len());
        self.out
    }
}

/// Goes through the top level, whose few members are known; the rest is one walk that looks for references only.
fn rewrite(writer: &mut Writer<'_>, stamp: &Stamp, reference: &dyn Fn(&str) -> Option<String>) -> Option<()> {
    let mut cursor = Cursor::new(writer.body);
    let open = cursor.open_object()?;
    // Where, in what is written, an id or meta that is missing goes: after `resourceType`, else at the beginning.
    let (mut place, mut after_type) = (None, false);
    let (mut has_id, mut has_meta, mut is_empty) = (false, false, true);
    while let Some(key) = cursor.key()? {
        is_empty = false;
        match &*key {
            "id" => {
                let value = cursor.skip_value()?;
                writer.replace(value.start, value.end, &stamp.id);
                has_id = true;
            }
            "meta" => {
                meta(writer, &mut cursor, stamp)?;
                has_meta = true;
            }
            "resourceType" if !after_type => {
                let value = cursor.skip_value()?;
                writer.copy_to(value.end);
                (place, after_type) = (Some(writer.out.len()), true);
            }
            "reference" if cursor.is_at_string() => {
                let value = cursor.skip_value()?;
                one_reference(writer, value, reference);
            }
            _ => references(writer, &mut cursor, reference)?,
        }
    }
    let mut missing = Vec::new();
    if !has_id {
        missing.push(format!("\"id\":{}", stamp.id));
    }
    if !has_meta {
        missing.push(format!("\"meta\":{{\"versionId\":{},\"lastUpdated\":{}}}", stamp.version, stamp.updated));
    }
    if missing.is_empty() {
        return Some(());
    }
    let missing = missing.join(",");
    match place {
        Some(place) => writer.out.insert_str(place, &format!(",{missing}")),
        None => {
            // Nothing before the end of the brace has changed, so the output begins with the same bytes.
            writer.copy_to(writer.copied.max(open));
            let comma = if is_empty { "" } else { "," };
            writer.out.insert_str(open, &format!("{missing}{comma}"));
        }
    }
    Some(())
}

/// `meta`: its other members stay.
fn meta(writer: &mut Writer<'_>, cursor: &mut Cursor<'_>, stamp: &Stamp) -> Option<()> {
    let Some(open) = cursor.clone().open_object() else {
        // Not an object: no member of it could stay.
        let value = cursor.skip_value()?;
        let whole = format!("{{\"versionId\":{},\"lastUpdated\":{}}}", stamp.version, stamp.updated);
        writer.replace(value.start, value.end, &whole);
        return Some(());
    };
    cursor.open_object()?;
    writer.copy_to(open);
    let place = writer.out.len();
    let (mut has_version, mut has_updated, mut is_empty) = (false, false, true);
    while let Some(key) = cursor.key()? {
        is_empty = false;
        let value = cursor.skip_value()?;
        let new = match &*key {
            "versionId" => {
                has_version = true;
                &stamp.version
            }
            "lastUpdated" => {
                has_updated = true;
                &stamp.updated
            }
            _ => continue,
        };
        writer.replace(value.start, value.end, new);
    }
    let mut missing = String::new();
    if !has_version {
        missing.push_str(&format!("\"versionId\":{},", stamp.version));
    }
    if !has_updated {
        missing.push_str(&format!("\"lastUpdated\":{},", stamp.updated));
    }
    if is_empty {
        missing.pop();
    }
    writer.out.insert_str(place, &missing);
    Some(())
}

/// Rewrites the references within one value.
fn references(
    writer: &mut Writer<'_>,
    cursor: &mut Cursor<'_>,
    reference: &dyn Fn(&str) -> Option<String>,
) -> Option<()> {
    cursor.walk(|value| one_reference(writer, value, reference))
}

fn one_reference(writer: &mut Writer<'_>, value: std::ops::Range<usize>, reference: &dyn Fn(&str) -> Option<String>) {
    let Some(text) = writer.body.get(value.clone()).and_then(plain) else { return };
    if text.starts_with('#') {
        return;
    }
    if let Some(new) = reference(&text) {
        writer.replace(value.start, value.end, &quoted(&new));
    }
}

/// The text of a JSON string with its quotes; none for anything else.
fn plain(json: &str) -> Option<Cow<'_, str>> {
    let inner = json.strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\\') { serde_json::from_str(json).ok().map(Cow::Owned) } else { Some(Cow::Borrowed(inner)) }
}

/// As a JSON string.
fn quoted(text: &str) -> String {
    serde_json::Value::String(text.to_owned()).to_string()
}

#[cfg(test)]
mod tests;
