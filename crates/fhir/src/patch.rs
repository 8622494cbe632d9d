//! JSON Patch (RFC 6902) on a resource: all operations or none. What says which resource it is may not change.

use json_patch::{Patch, PatchErrorKind, PatchOperation};
use serde_json::Value;

use crate::issue::{Code, Issue};

/// More operations than this are a mistake or an attack.
const MOST: usize = 1_000;

/// A patch may not make a resource larger than this by copying it into itself (values counted, not bytes).
const LARGEST: usize = 1_000_000;

/// The resource with the patch applied.
///
/// # Errors
/// The operation, by its place in the patch from 0, that cannot be read or applied and why; or what it may not change.
pub fn apply(resource: &Value, patch: &Value) -> Result<Value, Vec<Issue>> {
    let Some(listed) = patch.as_array() else {
        return Err(vec![Issue::error(Code::Structure, "a JSON Patch is a list of operations, [{\"op\": ...}, ...]")]);
    };
    if listed.len() > MOST {
        return Err(vec![Issue::error(
            Code::TooCostly,
            format!("a patch may have {MOST} operations, not {}", listed.len()),
        )]);
    }
    let mut read = Vec::with_capacity(listed.len());
    let mut issues = Vec::new();
    for (number, operation) in listed.iter().enumerate() {
        match operation_of(operation) {
            Ok(operation) => read.push(operation),
            Err(why) => issues.push(at(number, Code::Structure, &why)),
        }
    }
    if !issues.is_empty() {
        return Err(issues);
    }
    let mut patched = resource.clone();
    let mut size = 0_usize;
    for (number, operation) in read.into_iter().enumerate() {
        if matches!(operation, PatchOperation::Copy(_)) {
            size += values(&patched);
            if size > LARGEST {
                return Err(vec![at(number, Code::TooCostly, "copying makes the resource too large")]);
            }
        }
        let path = operation.path().to_string();
        json_patch::patch(&mut patched, &Patch(vec![operation]))
            .map_err(|error| vec![at(number, code(&error.kind), &words(&error.kind, &path))])?;
    }
    let kept = kept(resource, &patched);
    if kept.is_empty() { Ok(patched) } else { Err(kept) }
}

fn at(number: usize, code: Code, words: &str) -> Issue {
    Issue::error(code, format!("operation {number}: {words}")).at(format!("patch[{number}]"))
}

/// One operation; the words of an error name what is missing.
fn operation_of(written: &Value) -> Result<PatchOperation, String> {
    const OPERATIONS: [(&str, &[&str]); 6] = [
        ("add", &["path", "value"]),
        ("remove", &["path"]),
        ("replace", &["path", "value"]),
        ("move", &["from", "path"]),
        ("copy", &["from", "path"]),
        ("test", &["path", "value"]),
    ];
    let Some(fields) = written.as_object() else { return Err("an operation is an object".to_owned()) };
    let name = fields.get("op").and_then(Value::as_str).unwrap_or_default();
    let Some((_, needed)) = OPERATIONS.iter().find(|(known, _)| *known == name) else {
        let names: Vec<&str> = OPERATIONS.iter().map(|(known, _)| *known).collect();
        return Err(format!("there is no `{name}`; `op` is one of {}", names.join(", ")));
    };
    if let Some(missing) = needed.iter().find(|field| !fields.contains_key(**field)) {
        return Err(format!("`{name}` needs `{missing}`"));
    }
    for pointer in ["path", "from"].iter().filter(|field| needed.contains(field)) {
        let Some(text) = fields.get(*pointer).and_then(Value::as_str) else {
            return Err(format!("`{pointer}` is text"));
        };
        if !text.is_empty() && !text.starts_with('/') {
            return Err(format!("`{pointer}` is a JSON pointer such as /name/0/family, not `{text}`"));
        }
    }
    serde_json::from_value(written.clone()).map_err(|error| error.to_string())
}

fn code(error: &PatchErrorKind) -> Code {
    match error {
        // The test of a patch is there to fail when the resource is not what the sender thought.
        PatchErrorKind::TestFailed => Code::Conflict,
        _ => Code::Invalid,
    }
}

fn words(error: &PatchErrorKind, path: &str) -> String {
    match error {
        PatchErrorKind::TestFailed => format!("the value at `{path}` is not what the test expects"),
        PatchErrorKind::InvalidFromPointer => "there is nothing at `from`".to_owned(),
        PatchErrorKind::CannotMoveInsideItself => "a value cannot be moved into itself".to_owned(),
        _ => format!("there is no such place as `{path}`"),
    }
}

/// Which resource it is, and whose versions.
fn kept(before: &Value, after: &Value) -> Vec<Issue> {
    if !after.is_object() {
        return vec![Issue::error(Code::Structure, "a patch must leave a resource, and left something else")];
    }
    let version = |resource: &Value| resource.get("meta").and_then(|meta| meta.get("versionId")).cloned();
    let mut issues = Vec::new();
    for name in ["resourceType", "id"] {
        if before.get(name) != after.get(name) {
            issues.push(Issue::error(Code::BusinessRule, format!("a patch may not change `{name}`")).at(name));
        }
    }
    if version(before) != version(after) {
        let words = "a patch may not change `meta.versionId`: the server counts versions";
        issues.push(Issue::error(Code::BusinessRule, words).at("meta.versionId"));
    }
    issues
}

fn values(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(values).sum::<usize>(),
        Value::Object(fields) => 1 + fields.values().map(values).sum::<usize>(),
        _ => 1,
    }
}

#[cfg(test)]
mod tests;
