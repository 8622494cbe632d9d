//! The policies: Cedar files of this crate, read and validated strictly before anything is decided. Where they cannot be
//! used, everything is denied and the program does not start. Must not say itself who may see what: that is in the files.

mod load;
mod question;
mod residual;
mod simple;
mod words;

use std::sync::OnceLock;

use sha2::{Digest, Sha256};

pub use load::{Invalid, Policies, Stated};
pub use question::Question;
pub(crate) use question::Verdict;
pub(crate) use residual::Compiled;

/// The schema: the words in which the policies are written.
pub const SCHEMA: (&str, &str) = ("weft.cedarschema", include_str!("../policies/weft.cedarschema"));

/// The policies, one file for each kind of reader, and what nobody may see.
pub const FILES: [(&str, &str); 12] = [
    ("clinicians.cedar", include_str!("../policies/clinicians.cedar")),
    ("social-care.cedar", include_str!("../policies/social-care.cedar")),
    ("single-point-of-access.cedar", include_str!("../policies/single-point-of-access.cedar")),
    ("reception.cedar", include_str!("../policies/reception.cedar")),
    ("care-homes.cedar", include_str!("../policies/care-homes.cedar")),
    ("officers.cedar", include_str!("../policies/officers.cedar")),
    ("citizens.cedar", include_str!("../policies/citizens.cedar")),
    ("asks.cedar", include_str!("../policies/asks.cedar")),
    ("analysts.cedar", include_str!("../policies/analysts.cedar")),
    ("assurance.cedar", include_str!("../policies/assurance.cedar")),
    ("going-back.cedar", include_str!("../policies/going-back.cedar")),
    ("forbids.cedar", include_str!("../policies/forbids.cedar")),
];

fn loaded() -> &'static Result<Policies, Invalid> {
    static LOADED: OnceLock<Result<Policies, Invalid>> = OnceLock::new();
    LOADED.get_or_init(|| {
        let read = Policies::read(SCHEMA, &FILES);
        if let Err(invalid) = &read {
            tracing::error!(%invalid, "the policies cannot be used, so everything is denied");
        }
        read
    })
}

/// The policies of this program; `None` where they cannot be used, and then nothing is allowed.
pub(crate) fn policies() -> Option<&'static Policies> {
    loaded().as_ref().ok()
}

/// Whether the policies can be used; asked at the start, which fails where they cannot.
///
/// # Errors
/// What is wrong, with file and line.
pub fn check() -> Result<(), Invalid> {
    loaded().as_ref().map(|_| ()).map_err(Clone::clone)
}

/// Every policy in the order of the files: its name, what it says of itself, where it is.
#[must_use]
pub fn stated() -> &'static [Stated] {
    policies().map_or(&[], Policies::stated)
}

/// How often a decision was denied because the policies could not be evaluated. Anything but 0 is an alarm.
#[must_use]
pub fn alarms() -> u64 {
    policies().map_or(0, Policies::alarms)
}

/// The SHA-256 of the schema and every policy, so that two installations can be told to decide alike.
#[must_use]
pub fn fingerprint() -> String {
    let mut hash = Sha256::new();
    for (name, text) in std::iter::once(SCHEMA).chain(FILES) {
        for part in [name, text] {
            // Its length first, so that no two sets of files come to the same bytes.
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(part.as_bytes());
        }
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
