//! The forms of terms: which value of a resource a term stands for. A resource's and a question's must be made alike.

use std::borrow::Cow;

/// A code by itself: `a`.
pub(crate) const CODE: &str = "code";
/// A code of a system: `s|a`.
pub(crate) const CODE_OF: &str = "system-code";
/// A code without a system: `|a`.
pub(crate) const CODE_ALONE: &str = "no-system";
/// Any code of a system: `s|`.
pub(crate) const SYSTEM: &str = "system";
/// Text, exactly.
pub(crate) const EXACT: &str = "exact";
/// An address, exactly.
pub(crate) const URI: &str = "uri";
/// A reference that is not to a resource by type and id, exactly.
pub(crate) const REFERENCE: &str = "reference";

/// The forms of a token, and the same for the identifier of a reference.
pub(crate) struct Forms {
    pub(crate) code: &'static str,
    pub(crate) code_of: &'static str,
    pub(crate) code_alone: &'static str,
    pub(crate) system: &'static str,
}

/// Of a token.
pub(crate) const TOKEN: Forms = Forms { code: CODE, code_of: CODE_OF, code_alone: CODE_ALONE, system: SYSTEM };

/// Of the identifier in a reference (`:identifier`).
pub(crate) const IDENTIFIER: Forms = Forms {
    code: "identifier-code",
    code_of: "identifier-system-code",
    code_alone: "identifier-no-system",
    system: "identifier-system",
};

/// A code as it is compared. R4: when in doubt without regard to case, because finding too much is the safer mistake.
pub(crate) fn code(written: &str) -> Cow<'_, str> {
    let written = written.trim();
    if written.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(written.to_ascii_lowercase())
    } else {
        Cow::Borrowed(written)
    }
}
