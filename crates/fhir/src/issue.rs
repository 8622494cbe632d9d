//! What is wrong with a resource or a request, where, and what to do: the lines of an OperationOutcome.

use serde_json::{Value, json};

/// How bad (FHIR IssueSeverity).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// Nothing was done.
    Error,
    /// Done, but look at it.
    Warning,
    /// For information.
    Information,
}

/// What sort of trouble (FHIR IssueType, the ones used here).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words are FHIR's own, see http://hl7.org/fhir/R4/valueset-issue-type.html")]
pub enum Code {
    Invalid,
    Structure,
    Required,
    Value,
    Invariant,
    Login,
    Forbidden,
    NotSupported,
    NotFound,
    Deleted,
    TooLong,
    TooCostly,
    Throttled,
    CodeInvalid,
    Extension,
    BusinessRule,
    Conflict,
    Duplicate,
    MultipleMatches,
    Exception,
    Informational,
    Incomplete,
}

impl Code {
    /// FHIR's word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Structure => "structure",
            Self::Required => "required",
            Self::Value => "value",
            Self::Invariant => "invariant",
            Self::Login => "login",
            Self::Forbidden => "forbidden",
            Self::NotSupported => "not-supported",
            Self::NotFound => "not-found",
            Self::Deleted => "deleted",
            Self::TooLong => "too-long",
            Self::TooCostly => "too-costly",
            Self::Throttled => "throttled",
            Self::CodeInvalid => "code-invalid",
            Self::Extension => "extension",
            Self::BusinessRule => "business-rule",
            Self::Conflict => "conflict",
            Self::Duplicate => "duplicate",
            Self::MultipleMatches => "multiple-matches",
            Self::Exception => "exception",
            Self::Informational => "informational",
            Self::Incomplete => "incomplete",
        }
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// How bad.
    pub severity: Severity,
    /// What sort.
    pub code: Code,
    /// One plain sentence: what is wrong and what to do.
    pub words: String,
    /// Where, as a FHIRPath expression: `Bundle.entry[3].resource.birthDate`.
    pub at: Option<String>,
}

impl Issue {
    /// An error without a place.
    pub fn error(code: Code, words: impl Into<String>) -> Self {
        Self { severity: Severity::Error, code, words: words.into(), at: None }
    }

    /// The same, saying where.
    #[must_use]
    pub fn at(mut self, place: impl Into<String>) -> Self {
        self.at = Some(place.into());
        self
    }
}

/// The OperationOutcome of some issues.
#[must_use]
pub fn outcome(issues: &[Issue]) -> Value {
    let issues: Vec<Value> = issues
        .iter()
        .map(|issue| {
            let severity = match issue.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Information => "information",
            };
            let mut line = json!({
                "severity": severity,
                "code": issue.code.word(),
                "details": { "text": issue.words },
                "diagnostics": issue.words,
            });
            if let (Some(at), Some(fields)) = (&issue.at, line.as_object_mut()) {
                fields.insert("expression".to_owned(), json!([at]));
            }
            line
        })
        .collect();
    json!({ "resourceType": "OperationOutcome", "issue": issues })
}
