//! One row through a mapping: header and row apart, values read, resources built. Pure; never panics on any bytes; a row
//! is understood whole or refused with a reason that names the column.

use super::column::Column;
use super::date::Moment;
use super::header::Plan;
use super::mapping::Mapping;
use super::path::tidy;
use super::rows::{Rows, ends_quoted, header_of, trimmed};
use super::template::{Field, Template};
use super::value::{Coding, Otherwise, Reading, Source, Value};
use crate::feed::{Incoming, Mapped, Reason, Subject};
use csv::StringRecord;
use serde_json::{Map, Value as Json, json};
use std::cell::RefCell;
use std::io::{Cursor, SeekFrom};

/// Understands one message made by [`super::messages`]: the header line, `\n`, one row.
///
/// # Errors
/// A [`Reason`] if the message cannot be understood whole; its location is `column X` where one column is to blame.
pub fn map(raw: &[u8], mapping: &Mapping) -> Result<Mapped, Reason> {
    let (header, row) = parts(raw)?;
    let plan = mapping.plan(header);
    if let Some(refusal) = &plan.refusal {
        return Err(refusal.clone());
    }
    if ends_quoted(row) {
        let what =
            "A quotation mark is opened and never closed. Close it, or double the marks that belong to the text.";
        return Err(Reason::new("unclosed-quote", what));
    }
    let record = match std::str::from_utf8(row) {
        Ok(_) => split(row).unwrap_or_default(),
        Err(error) => return Err(not_utf8(row, error.valid_up_to(), &plan)),
    };
    if record.len() != plan.names.len() {
        let what = format!(
            "The row has {} values and the header has {} columns. A comma or a quotation mark is missing or too many.",
            record.len(),
            plan.names.len()
        );
        return Err(Reason::new("wrong-number-of-columns", what));
    }
    let row = Row { mapping, plan: &plan, record: &record };
    row.check_expected()?;
    row.mapped()
}

/// The header and the row of a message.
fn parts(raw: &[u8]) -> Result<(&[u8], &[u8]), Reason> {
    let empty = || Reason::new("no-row", "The message has a header line but no row under it.");
    // The header is rarely quoted; then its end is the first line end, found without copying.
    let first = raw.iter().position(|byte| *byte == b'\n').ok_or_else(empty)?;
    let cut = match raw.get(..first) {
        Some(line) if !line.contains(&b'"') => first + 1,
        _ => first_row(raw),
    };
    let (header, mut row) = raw.split_at_checked(cut).ok_or_else(empty)?;
    // A row that somebody mended in a text box may end in any number of line ends.
    while trimmed(row).len() < row.len() {
        row = trimmed(row);
    }
    if row.is_empty() {
        return Err(empty());
    }
    if row.contains(&b'\n') && !ends_quoted(row) && first_row(row) < row.len() {
        let what = "There is more than one row in this message. Each row is a message of its own.";
        return Err(Reason::new("more-than-one-row", what));
    }
    Ok((header_of(header), row))
}

/// The length of the first row of some bytes, quoted line ends included.
fn first_row(bytes: &[u8]) -> usize {
    Rows::new(bytes).next_row().ok().flatten().map_or(0, |(_, row)| row.len())
}

type Parser = csv::Reader<Cursor<Vec<u8>>>;

thread_local! {
    /// A parser for each thread, set to a new row each time: making one costs more than a row does.
    static PARSER: RefCell<Parser> = RefCell::new(
        csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .terminator(csv::Terminator::Any(b'\n'))
            .from_reader(Cursor::new(Vec::new())),
    );
}

/// The values of one row, by the csv crate. `None` if it is not text.
pub(super) fn split(row: &[u8]) -> Option<StringRecord> {
    PARSER.with_borrow_mut(|parser| {
        let bytes = parser.get_mut().get_mut();
        bytes.clear();
        bytes.extend_from_slice(row);
        parser.seek_raw(SeekFrom::Start(0), csv::Position::new()).ok()?;
        let mut record = StringRecord::new();
        matches!(parser.read_record(&mut record), Ok(true)).then_some(record)
    })
}

fn not_utf8(row: &[u8], good: usize, plan: &Plan) -> Reason {
    let before = row.get(..good).and_then(split).map_or(1, |record| record.len());
    let column = plan.names.get(before.saturating_sub(1)).map_or("?", String::as_str);
    let what =
        format!("The value of `{column}` is not UTF-8 text. The file was saved in an older code page; ask for UTF-8.");
    Reason::new("not-utf8", what).at(format!("column {column}"))
}

/// A value that could not be read and is kept beside the resource's own elements.
struct Unread {
    column: String,
    path: String,
    text: String,
}

struct Row<'r> {
    mapping: &'r Mapping,
    plan: &'r Plan,
    record: &'r StringRecord,
}

impl<'r> Row<'r> {
    /// What a column says; `None` if the file lacks it, or it is empty or one of the words for nothing.
    fn said(&self, column: Column) -> Option<&'r str> {
        let text = self.record.get(self.plan.place(column)?)?.trim();
        (!text.is_empty() && !self.mapping.nulls.iter().any(|null| null == text)).then_some(text)
    }

    fn column(&self, column: Column) -> &'r str {
        self.mapping.columns.name(column)
    }

    fn check_expected(&self) -> Result<(), Reason> {
        let Some(broken) = self.mapping.expect.iter().find(|expected| !expected.holds(self.said(expected.column)))
        else {
            return Ok(());
        };
        let name = self.column(broken.column);
        let what = match self.said(broken.column) {
            Some(text) => {
                format!("`{name}` says \"{text}\", which the mapping \"{}\" does not know.", self.mapping.title)
            }
            None => format!("`{name}` is empty, and the mapping \"{}\" needs it.", self.mapping.title),
        };
        let code = if self.said(broken.column).is_some() { "unknown-value" } else { "missing-value" };
        Err(Reason::new(code, what).at(format!("column {name}")))
    }

    fn mapped(&self) -> Result<Mapped, Reason> {
        let mapping = self.mapping;
        let person = &mapping.person;
        let Some(local) = self.id(&person.id, &person.id_prefix) else {
            let names: Vec<_> = person.id.iter().map(|column| self.column(*column)).collect();
            let what = format!("The row does not say whose it is: `{}` is empty.", names.join("`, `"));
            return Err(Reason::new("no-identifier", what).at(format!("column {}", names.first().unwrap_or(&"?"))));
        };
        let mut resources = vec![self.patient(&local)?];
        for template in &mapping.templates {
            if template.when.iter().all(|condition| condition.holds(self.said(condition.column))) {
                resources.push(self.resource(template, &local)?);
            }
        }
        if resources.len() == 1 && !person.alone {
            let what =
                format!("No rule of the mapping \"{}\" applies to this row, so it would say nothing.", mapping.title);
            return Err(Reason::new("nothing-applies", what));
        }
        let message_id = self.message_id();
        let as_of = match &mapping.as_of {
            Some(value) => self.as_of(value)?,
            None => None,
        };
        Ok(Mapped { message_id, kind: mapping.title.clone(), as_of, resources, in_passing: false, merges: Vec::new() })
    }

    /// The source's time for the row. One that cannot be read refuses the row: it decides which version is newer.
    fn as_of(&self, value: &Value) -> Result<Option<jiff::Timestamp>, Reason> {
        let (Source::Column(column), Reading::Date { patterns, time, .. }) = (&value.source, &value.reading) else {
            return Ok(None);
        };
        let Some(text) = self.said(*column).filter(|text| !value.nulls.iter().any(|null| null == text)) else {
            return if value.required { Err(self.missing(*column)) } else { Ok(None) };
        };
        let moment = self.moment(text, patterns, time.as_ref());
        match moment.as_ref().and_then(|moment| moment.instant(&self.mapping.zone)) {
            Some(instant) => Ok(Some(instant)),
            None => Err(self.refused("bad-date", "is not a date in the form the mapping expects", *column, Some(text))),
        }
    }

    /// The source's own id of the row, if all its columns say something. A stroke within a value is marked, so that two
    /// ids are never made one.
    fn message_id(&self) -> Option<String> {
        let part = |column: &Column| self.said(*column).map(|text| text.replace('\\', "\\\\").replace('|', "\\|"));
        let parts: Vec<_> = self.mapping.message_id.iter().map(part).collect::<Option<_>>()?;
        (!parts.is_empty()).then(|| parts.join("|"))
    }

    /// An id from columns; `None` if one of them is empty. Other signs than letters, digits and `-` are written as their
    /// code between points, so that the id is valid in FHIR and two ids are never made one.
    fn id(&self, columns: &[Column], prefix: &str) -> Option<String> {
        let mut id = prefix.to_owned();
        for (at, column) in columns.iter().enumerate() {
            if at > 0 {
                id.push('-');
            }
            for sign in self.said(*column)?.chars() {
                if sign.is_ascii_alphanumeric() || sign == '-' && columns.len() == 1 {
                    id.push(sign);
                } else {
                    id.push_str(&format!(".{:x}.", u32::from(sign)));
                }
            }
        }
        Some(id)
    }

    fn patient(&self, local: &str) -> Result<Incoming, Reason> {
        let person = &self.mapping.person;
        let said = self.id_words(&person.id);
        let nhs_number = person.nhs_number.and_then(|column| self.said(column));
        let mut value = json!({"resourceType": "Patient", "id": local});
        value["identifier"] = person.identifiers(&said, nhs_number);
        self.fill(&mut value, &person.fields, true)?;
        Ok(incoming("Patient", local.to_owned(), local, value))
    }

    /// The person's local id in the source's own signs, for people to read.
    fn id_words(&self, columns: &[Column]) -> String {
        columns.iter().filter_map(|column| self.said(*column)).collect::<Vec<_>>().join(" ")
    }

    fn resource(&self, template: &Template, local: &str) -> Result<Incoming, Reason> {
        let Some(id) = self.id(&template.id, &template.id_prefix) else {
            let column = template.id.iter().copied().find(|column| self.said(*column).is_none());
            let name = column.map_or("?", |column| self.column(column));
            let what = format!("`{name}` is empty, so this {} has no id of its own.", template.resource_type);
            return Err(Reason::new("no-identifier", what).at(format!("column {name}")));
        };
        let mut value = template.base.clone();
        value["id"] = Json::String(id.clone());
        template.subject.put(&mut value, json!({"reference": format!("Patient/{local}")}));
        self.fill(&mut value, &template.fields, false)?;
        Ok(incoming(&template.resource_type, id, local, value))
    }

    /// Fills the fields of a resource; what could not be read is kept in an extension.
    fn fill(&self, resource: &mut Json, fields: &[Field], private: bool) -> Result<(), Reason> {
        let mut unread = Vec::new();
        for field in fields {
            let before = unread.len();
            if let Some(value) = self.read(&field.value, &field.name, private, &mut unread)? {
                field.path.put(resource, value);
            }
            if let Some(path) = &field.value.or_text {
                for left in unread.drain(before..) {
                    path.put(resource, Json::String(left.text));
                }
            }
        }
        tidy(resource);
        if !unread.is_empty() {
            let kept = unread.into_iter().map(|one| {
                json!({"url": "https://weft.example/fhir/unread-value", "extension": [
                    {"url": "column", "valueString": one.column},
                    {"url": "element", "valueString": one.path},
                    {"url": "text", "valueString": one.text},
                ]})
            });
            match resource.get_mut("extension").and_then(Json::as_array_mut) {
                Some(extensions) => extensions.extend(kept),
                None => resource["extension"] = kept.collect(),
            }
        }
        Ok(())
    }

    /// Reads one value. `Ok(None)` if the row says nothing, or says something unreadable that is now in `unread`.
    fn read(&self, value: &Value, name: &str, private: bool, unread: &mut Vec<Unread>) -> Result<Option<Json>, Reason> {
        if !value.when.iter().all(|condition| condition.holds(self.said(condition.column))) {
            return Ok(None);
        }
        let said = |column: Column| self.said(column).filter(|text| !value.nulls.iter().any(|null| null == text));
        let column = match &value.source {
            Source::Constant(constant) => return Ok(Some(constant.clone())),
            Source::Presence { column, filled, empty } => {
                let word = if said(*column).is_some() { filled } else { empty };
                return Ok(word.clone().map(Json::String));
            }
            Source::Text(text) => {
                return match text.say(said) {
                    None if value.required => Err(missing_text(name)),
                    words => Ok(words.map(Json::String)),
                };
            }
            Source::Coding(coding) => {
                return match self.coding(coding, name, private, unread)? {
                    None if value.required => Err(missing_text(name)),
                    code => Ok(code),
                };
            }
            Source::Column(column) => *column,
        };
        let Some(text) = said(column) else {
            return if value.required { Err(self.missing(column)) } else { Ok(None) };
        };
        let mut at_time = String::new();
        let (found, code, what) = match &value.reading {
            Reading::AsIs => return Ok(Some(Json::String(text.to_owned()))),
            Reading::Form(form) => return Ok(Some(Json::String(form.write(text)))),
            Reading::Number => (serde_json::from_str(text).ok().map(Json::Number), "bad-number", "is not a number"),
            Reading::Values { known, otherwise, or_as_is } => {
                let word = match (known.get(&text.to_lowercase()), otherwise) {
                    (Some(word), _) | (None, Some(Otherwise::Word(word))) => Some(word.clone()),
                    (None, Some(Otherwise::Text(sentence))) => sentence.say(said),
                    (None, None) => or_as_is.then(|| text.to_owned()),
                };
                (word.map(Json::String), "unknown-value", "is not one of the values the mapping knows")
            }
            Reading::Date { patterns, only, time } => {
                let time = time.as_ref().filter(|(column, _)| said(*column).is_some());
                let moment = self.moment(text, patterns, time);
                at_time = time.and_then(|(column, _)| said(*column)).map(|time| format!(" {time}")).unwrap_or_default();
                let written =
                    moment.map(|moment| if *only { moment.date() } else { moment.date_time(&self.mapping.zone) });
                (written.map(Json::String), "bad-date", "is not a date in the form the mapping expects")
            }
        };
        if found.is_none() {
            let shown = if private { None } else { Some(text) };
            if value.required {
                return Err(self.refused(code, what, column, shown));
            }
            let text = format!("{text}{at_time}");
            unread.push(Unread { column: self.column(column).to_owned(), path: name.to_owned(), text });
        }
        Ok(found)
    }

    /// A date by the first pattern that fits, with the time of another column if there is one.
    fn moment(
        &self,
        text: &str,
        patterns: &[super::date::Pattern],
        time: Option<&(Column, Vec<super::date::Pattern>)>,
    ) -> Option<Moment> {
        let date = patterns.iter().find_map(|pattern| pattern.read(text)).filter(Moment::has_date)?;
        let Some((column, patterns)) = time else { return Some(date) };
        match self.said(*column) {
            None => Some(date),
            Some(text) => patterns.iter().find_map(|pattern| pattern.read(text)).map(|time| date.with_time(&time)),
        }
    }

    fn coding(
        &self,
        coding: &Coding,
        name: &str,
        private: bool,
        unread: &mut Vec<Unread>,
    ) -> Result<Option<Json>, Reason> {
        let mut part = |value: &Option<Value>| match value {
            Some(value) => self.read(value, name, private, unread),
            None => Ok(None),
        };
        let (system, code) = (part(&coding.system)?, part(&coding.code)?);
        let (display, text) = (part(&coding.display)?, part(&coding.text)?);
        let mut one = Map::new();
        if code.is_some() {
            let parts = [("system", system), ("code", code), ("display", display.clone())];
            one.extend(parts.into_iter().filter_map(|(key, part)| Some((key.to_owned(), part?))));
        }
        if coding.bare {
            let words = display.or(text).filter(|_| one.is_empty());
            one.extend(words.map(|words| ("display".to_owned(), words)));
            return Ok((!one.is_empty()).then_some(Json::Object(one)));
        }
        let mut concept = Map::new();
        if !one.is_empty() {
            concept.insert("coding".to_owned(), Json::Array(vec![Json::Object(one)]));
        }
        concept.extend(text.or(display).map(|text| ("text".to_owned(), text)));
        Ok((!concept.is_empty()).then_some(Json::Object(concept)))
    }

    fn missing(&self, column: Column) -> Reason {
        self.refused("missing-value", "is empty, and the mapping needs it", column, None)
    }

    /// A refusal that names its column, and repeats the text unless it is about who the person is.
    fn refused(&self, code: &str, what: &str, column: Column, text: Option<&str>) -> Reason {
        let name = self.column(column);
        let shown = text.map(|text| format!(" (\"{text}\")")).unwrap_or_default();
        Reason::new(code, format!("`{name}`{shown} {what}. Mend the value or the mapping, then replay."))
            .at(format!("column {name}"))
    }
}

fn missing_text(name: &str) -> Reason {
    Reason::new("missing-value", format!("None of the columns for `{name}` says anything, and the mapping needs it."))
}

fn incoming(resource_type: &str, source_id: String, local: &str, value: Json) -> Incoming {
    // A `Value` always has JSON text: its keys are strings.
    let body = serde_json::to_string(&value).unwrap_or_default();
    let subject = Subject::Person(local.to_owned());
    Incoming { resource_type: resource_type.to_owned(), source_id, subject, as_of: None, value, body }
}
