//! The CapabilityStatement: made from the tables that searches and refusals are made from, so that it cannot say what is not
//! so. Must not know the clock or the address: they are arguments.

use serde_json::{Value, json};

use crate::definitions;
use crate::index::points_at;
use crate::parameter::Kind;
use crate::query::offered;

/// What is said of the server itself.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// The address before `/Patient/1`.
    pub base: &'a str,
    /// The software's version.
    pub version: &'a str,
    /// When this statement became true, as FHIR writes a time.
    pub date: &'a str,
    /// Whether a client may give an id to what is not there yet.
    pub client_ids: bool,
    /// What there is to say of some types beside what is said of every type: type, words.
    pub notes: &'a [(&'a str, &'a str)],
}

/// An operation beside reading and writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operation {
    /// Without the dollar sign.
    pub name: &'static str,
    /// The type it is of; `*`: of every type; none: of the whole system.
    pub kind: Option<&'static str>,
    /// HL7's definition of it.
    pub definition: &'static str,
}

impl Operation {
    fn said(&self) -> Value {
        json!({ "name": self.name, "definition": self.definition })
    }
}

/// Those that are there.
pub const OPERATIONS: [Operation; 4] = [
    Operation {
        name: "everything",
        kind: Some("Patient"),
        definition: "http://hl7.org/fhir/OperationDefinition/Patient-everything",
    },
    Operation {
        name: "match",
        kind: Some("Patient"),
        definition: "http://hl7.org/fhir/OperationDefinition/Patient-match",
    },
    Operation {
        name: "validate",
        kind: Some("*"),
        definition: "http://hl7.org/fhir/OperationDefinition/Resource-validate",
    },
    Operation {
        name: "process-message",
        kind: None,
        definition: "http://hl7.org/fhir/OperationDefinition/MessageHeader-process-message",
    },
];

/// A type that can be read and searched and nothing else, with parameters of its own.
#[derive(Debug, Clone, Copy)]
pub struct ReadOnly<'a> {
    /// The type.
    pub kind: &'a str,
    /// Why it is not written, and who reads it.
    pub words: &'a str,
    /// Its parameters: name, FHIR's type of parameter, what it means.
    pub parameters: &'a [(&'a str, &'a str, &'a str)],
}

impl ReadOnly<'_> {
    fn said(&self) -> Value {
        let parameters: Vec<Value> = self
            .parameters
            .iter()
            .map(|(name, sort, words)| json!({ "name": name, "type": sort, "documentation": words }))
            .collect();
        json!({
            "type": self.kind,
            "profile": format!("http://hl7.org/fhir/StructureDefinition/{}", self.kind),
            "documentation": self.words,
            "interaction": [{ "code": "read" }, { "code": "search-type" }],
            "versioning": "no-version",
            "searchParam": parameters,
        })
    }
}

/// What this server does with these types of resource, and with those that can only be read.
#[must_use]
pub fn statement(about: &About<'_>, kinds: &[&str], read_only: &[ReadOnly<'_>]) -> Value {
    let kinds: Vec<&str> = kinds.iter().copied().filter(|kind| definitions::is_resource(kind)).collect();
    // What is kept apart is no way from one type to another.
    let joined = kinds.iter().filter(|kind| !crate::query::is_apart(kind));
    let pointers: Vec<Pointer<'_>> = joined.flat_map(|kind| pointers(kind)).collect();
    let mut resources: Vec<Value> = kinds.iter().map(|kind| resource(about, kind, &kinds, &pointers)).collect();
    resources.extend(read_only.iter().map(ReadOnly::said));
    let whole: Vec<Value> = OPERATIONS.iter().filter(|one| one.kind.is_none()).map(Operation::said).collect();
    json!({
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": about.date,
        "kind": "instance",
        "software": { "name": "Weft", "version": about.version },
        "implementation": { "description": "Weft, a shared health and care record", "url": about.base },
        "fhirVersion": "4.0.1",
        "format": ["json", "application/fhir+json"],
        "patchFormat": ["application/json-patch+json"],
        "rest": [{
            "mode": "server",
            "documentation": "What is not understood is refused: an unknown parameter, modifier, prefix, element or value is answered with an OperationOutcome that names those there are. Every look at somebody's record is written down.",
            "security": {
                "description": "A session, as a cookie or as a bearer token. Nothing is found, counted, chained through or included that its holder may not read."
            },
            "resource": resources,
            "interaction": [{ "code": "transaction" }, { "code": "batch" }],
            "operation": whole
        }]
    })
}

/// A reference by which resources of a type point at others.
struct Pointer<'k> {
    kind: &'k str,
    code: &'static str,
    targets: Vec<&'static str>,
}

fn resource(about: &About<'_>, kind: &str, kinds: &[&str], pointers: &[Pointer<'_>]) -> Value {
    let codes =
        ["read", "vread", "update", "patch", "delete", "history-instance", "history-type", "create", "search-type"];
    let interactions: Vec<Value> = codes.iter().map(|code| json!({ "code": code })).collect();
    let operations =
        OPERATIONS.iter().filter(|operation| operation.kind.is_some_and(|only| only == "*" || only == kind));
    let operations: Vec<Value> = operations.map(Operation::said).collect();
    let mut said = json!({
        "type": kind,
        "profile": format!("http://hl7.org/fhir/StructureDefinition/{kind}"),
        "interaction": interactions,
        "versioning": "versioned-update",
        "readHistory": true,
        "updateCreate": about.client_ids,
        "conditionalCreate": true,
        "conditionalRead": "not-supported",
        "conditionalUpdate": true,
        "conditionalDelete": "single",
        "referencePolicy": ["literal", "logical", "local"],
        "searchInclude": includes(kind, kinds, pointers),
        "searchParam": parameters(kind),
        "operation": operations,
    });
    let reverse = reverse_includes(kind, pointers);
    if let Some((_, words)) = about.notes.iter().find(|(of, _)| *of == kind) {
        said["documentation"] = json!(words);
    }
    // An empty list is no FHIR.
    if !reverse.is_empty() {
        said["searchRevInclude"] = json!(reverse);
    }
    said
}

fn parameters(kind: &str) -> Vec<Value> {
    let each = offered(kind).map(|offered| {
        let parameter = offered.parameter;
        let mut modifiers: Vec<String> = offered.modifiers.iter().map(|modifier| format!(":{modifier}")).collect();
        if !parameter.targets.is_empty() {
            modifiers.push(":[type]".to_owned());
        }
        let mut words = match modifiers.is_empty() {
            true => "No modifiers.".to_owned(),
            false => format!("Modifiers: {}.", modifiers.join(", ")),
        };
        match parameter.kind {
            Kind::Reference => words.push_str(&format!(" May be chained. Points at {}.", targets(&points_at(kind, parameter)))),
            sort if sort.has_prefixes() => {
                words.push_str(&format!(" Prefixes: {}.", crate::parameter::PREFIXES.join(", ")));
            }
            _ => {}
        }
        json!({ "name": parameter.code, "definition": parameter.url, "type": parameter.kind.word(), "documentation": words })
    });
    each.collect()
}

fn targets(targets: &[&str]) -> String {
    if targets.len() > 20 { "any type".to_owned() } else { targets.join(", ") }
}

fn pointers(kind: &str) -> impl Iterator<Item = Pointer<'_>> {
    let references =
        offered(kind).map(|offered| offered.parameter).filter(|parameter| parameter.kind == Kind::Reference);
    references.map(move |parameter| Pointer { kind, code: parameter.code, targets: points_at(kind, parameter) })
}

fn includes(kind: &str, kinds: &[&str], pointers: &[Pointer<'_>]) -> Vec<String> {
    let own = pointers.iter().filter(|pointer| pointer.kind == kind);
    let named = own.filter(|pointer| pointer.targets.iter().any(|target| kinds.contains(target)));
    std::iter::once("*".to_owned()).chain(named.map(|pointer| format!("{kind}:{}", pointer.code))).collect()
}

fn reverse_includes(kind: &str, pointers: &[Pointer<'_>]) -> Vec<String> {
    let to = pointers.iter().filter(|pointer| pointer.targets.contains(&kind));
    to.map(|pointer| format!("{}:{}", pointer.kind, pointer.code)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::{Limits, parse};

    #[test]
    fn what_it_says_is_so() {
        let kinds: Vec<&str> = definitions::resources().collect();
        let about = About {
            base: "https://here.example/fhir",
            version: "1",
            date: "2024-06-01",
            client_ids: true,
            notes: &[("Patient", "Somebody.")],
        };
        let looks = ReadOnly { kind: "AuditEvent", words: "Read only.", parameters: &[("date", "date", "When.")] };
        let with_looks = statement(&about, &["Patient"], &[looks]);
        assert_eq!(crate::validate::resource(&with_looks), [], "with a type that is only read, too");
        assert_eq!(with_looks["rest"][0]["resource"][1]["interaction"].as_array().map(Vec::len), Some(2));
        let statement = statement(&about, &kinds, &[]);
        assert_eq!(crate::validate::resource(&statement), [], "it is sound R4 itself");
        let limits = Limits::new(None, "2024-06-01T00:00:00Z".parse().unwrap());
        let ask = |kind: &str, name: &str, value: &str| {
            parse(kind, &[(name.to_owned(), value.to_owned())], &limits)
                .unwrap_or_else(|issues| panic!("{kind} {name}: {issues:?}"))
        };
        assert_eq!(with_looks["rest"][0]["resource"][0]["documentation"], "Somebody.");
        assert_eq!(with_looks["rest"][0]["operation"][0]["name"], "process-message");
        let resources = statement["rest"][0]["resource"].as_array().unwrap();
        assert_eq!(resources.len(), kinds.len());
        for resource in resources {
            let kind = resource["type"].as_str().unwrap();
            for parameter in resource["searchParam"].as_array().unwrap() {
                let name = parameter["name"].as_str().unwrap();
                let value = match parameter["type"].as_str().unwrap() {
                    "date" => "2024",
                    "number" | "quantity" => "1",
                    "reference" => "urn:uuid:1",
                    _ => "a",
                };
                ask(kind, name, value);
                let said = parameter["documentation"].as_str().unwrap();
                if said.contains(":missing") {
                    ask(kind, &format!("{name}:missing"), "true");
                }
            }
            for (name, field) in [("_include", "searchInclude"), ("_revinclude", "searchRevInclude")] {
                for value in resource[field].as_array().into_iter().flatten() {
                    ask(kind, name, value.as_str().unwrap());
                }
            }
        }
    }
}
