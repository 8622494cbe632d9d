//! Reads the table that the build made (its lines are described in `build/types.rs` and `build/parameters.rs`).
//! Text is borrowed from the program itself. What the build wrote is trusted: a line that makes no sense is passed over,
//! and the tests count what must be there.

use std::collections::HashMap;

use super::shape::{Allowed, Codes, Constraint, Element, Form, Primitive, Severity, Shape, Sort, Type};
use super::tables::{Keys, ShapeId, Tables};
use crate::parameter::{Component, Kind, Parameter};

static TEXT: &str = include_str!(concat!(env!("OUT_DIR"), "/definitions.tsv"));

/// The beginning of a digest of the text.
pub(super) fn edition() -> u32 {
    static EDITION: std::sync::LazyLock<u32> = std::sync::LazyLock::new(|| {
        use sha2::{Digest, Sha256};
        let digest: [u8; 32] = Sha256::digest(TEXT.as_bytes()).into();
        u32::from_le_bytes([digest[0], digest[1], digest[2], digest[3]])
    });
    *EDITION
}

/// Decodes everything.
pub(super) fn all() -> Tables {
    let ids = shape_ids();
    let mut sort_now = Sort::Primitive;
    let mut tables = Tables {
        types: Vec::new(),
        by_name: HashMap::new(),
        shapes: vec![Shape { path: "", elements: Vec::new(), keys: Keys::default() }],
        codes: Vec::new(),
        parameters: HashMap::new(),
        compartment: HashMap::new(),
    };
    for line in TEXT.lines() {
        let mut parts = line.split('\t');
        let tag = parts.next().unwrap_or_default();
        let parts: Vec<&'static str> = parts.collect();
        match (tag, parts.as_slice()) {
            ("T", [name, sort, base, is_abstract, ..]) => {
                let sort = match *sort {
                    "primitive-type" => Sort::Primitive,
                    "resource" => Sort::Resource,
                    _ => Sort::Complex,
                };
                sort_now = sort;
                tables.by_name.insert(name, tables.types.len());
                tables.types.push(Type {
                    name,
                    sort,
                    base: some(base),
                    is_abstract: !is_abstract.is_empty(),
                    constraints: Vec::new(),
                    shape: ids.get(name).copied().unwrap_or(ShapeId(0)),
                });
            }
            ("S", [path, ..]) => tables.shapes.push(Shape { path, elements: Vec::new(), keys: Keys::default() }),
            ("E", parts) => {
                if let Some(shape) = tables.shapes.last_mut()
                    && let Some(element) = element(shape.path, sort_now, parts, &ids)
                {
                    shape.elements.push(element);
                }
            }
            ("K", [path, key, severity, expression, words, ..]) => {
                let severity = if *severity == "warning" { Severity::Warning } else { Severity::Error };
                if let Some(owner) = tables.types.last_mut() {
                    owner.constraints.push(Constraint { path, key, severity, expression, words });
                }
            }
            ("V", [url, ..]) => tables.codes.push(Codes { url, systems: Vec::new() }),
            ("C", [system, codes @ ..]) => {
                if let Some(set) = tables.codes.last_mut() {
                    set.systems.push((system, codes.to_vec()));
                }
            }
            ("P", parts) => parameter(parts, &mut tables.parameters),
            ("M", [kind, by @ ..]) => {
                tables.compartment.insert(kind, by.to_vec());
            }
            _ => {}
        }
    }
    for shape in &mut tables.shapes {
        let keys = shape.elements.iter().zip(0..).flat_map(|(element, at)| {
            element.types.iter().zip(0..).map(move |(allowed, which)| (allowed.key, at, which))
        });
        shape.keys = Keys::new(keys.collect());
    }
    tables
}

/// The number of every shape, before they are read: elements point forward as well as back.
fn shape_ids() -> HashMap<&'static str, ShapeId> {
    let paths = TEXT.lines().filter_map(|line| line.strip_prefix("S\t"));
    paths.zip(1..).map(|(path, number)| (path, ShapeId(number))).collect()
}

/// An element of the shape at `owner`, which is in a type of this sort.
fn element(owner: &str, sort: Sort, parts: &[&'static str], ids: &HashMap<&'static str, ShapeId>) -> Option<Element> {
    let [name, min, max, flags, types, codes, content] = parts else { return None };
    let (bare, is_choice) = match name.strip_suffix("[x]") {
        Some(bare) => (bare, true),
        None => (*name, false),
    };
    let mut allowed: Vec<Allowed> = Vec::new();
    for kind in types.split('|').filter(|kind| !kind.is_empty()) {
        let (kind, targets) = kind.split_once('>').unwrap_or((kind, ""));
        let kind = plain(sort == Sort::Resource && !owner.contains('.'), bare, kind);
        let within = ids.get(format!("{owner}.{name}").as_str());
        let form = match Primitive::of(kind) {
            Some(primitive) => Form::Primitive(primitive),
            None if kind == "Resource" => Form::Resource,
            None => Form::Complex(within.or_else(|| ids.get(kind)).copied()?),
        };
        let key = if is_choice { choice_key(bare, kind) } else { bare };
        let targets = targets.split(',').filter(|target| !target.is_empty()).collect();
        allowed.push(Allowed { name: kind, key, form, targets });
    }
    if !content.is_empty() {
        let form = Form::Complex(*ids.get(content)?);
        allowed.push(Allowed { name: "BackboneElement", key: bare, form, targets: Vec::new() });
    }
    Some(Element {
        name: bare,
        is_choice,
        min: min.parse().unwrap_or(0),
        is_list: *max == "*",
        is_prohibited: *max == "0",
        is_summary: flags.contains('s'),
        is_modifier: flags.contains('m'),
        types: allowed,
        codes: codes.parse().ok(),
    })
}

/// HL7 gives ids and the values of primitives as types of FHIRPath. The id of a whole resource is an id, an element's any
/// string.
fn plain(is_resource: bool, name: &str, kind: &'static str) -> &'static str {
    match (kind, name) {
        ("System.String", "url") => "uri",
        ("System.String", "id") if is_resource => "id",
        ("System.String", _) => "string",
        ("System.Boolean", _) => "boolean",
        ("System.Integer", _) => "integer",
        ("System.Decimal", _) => "decimal",
        ("System.Date", _) => "date",
        ("System.DateTime", _) => "dateTime",
        ("System.Time", _) => "time",
        _ => kind,
    }
}

/// `value` and `dateTime` make `valueDateTime`. Made once for the life of the program.
fn choice_key(name: &str, kind: &str) -> &'static str {
    let mut key = String::with_capacity(name.len() + kind.len());
    key.push_str(name);
    let mut letters = kind.chars();
    key.extend(letters.next().map(|first| first.to_ascii_uppercase()));
    key.push_str(letters.as_str());
    key.leak()
}

fn parameter(parts: &[&'static str], to: &mut HashMap<&'static str, Vec<Parameter>>) {
    let [kind, code, sort, expression, targets, components, url] = parts else { return };
    let Some(sort) = Kind::of(sort) else { return };
    let list = to.entry(kind).or_default();
    let Ok(bit) = u8::try_from(list.len()) else { return };
    let components = components.split(';').filter_map(|part| part.split_once('='));
    list.push(Parameter {
        code,
        kind: sort,
        expression,
        targets: targets.split(',').filter(|target| !target.is_empty()).collect(),
        bit,
        multiple_or: sort != Kind::Composite,
        components: components.map(|(code, expression)| Component { code, expression }).collect(),
        url,
    });
}

fn some(text: &'static str) -> Option<&'static str> {
    (!text.is_empty()).then_some(text)
}
