//! `GET /fhir/metadata`: what this API can do, for anybody. Made once and kept; only the address in it is the caller's.

use std::sync::OnceLock;

use axum::http::header;
use fhir::capability::About;

use super::answer::{Answer, Refusal};

/// Stands in the kept text where the caller's own address of the API goes.
const BASE: &str = "http://base.invalid/fhir";
/// When what is stated last changed; to be moved with it.
const SINCE: &str = "2026-11-22";
/// Types that carry other things and are not kept themselves.
pub(super) const NOT_KEPT: [&str; 3] = ["Bundle", "OperationOutcome", "Parameters"];

/// The CapabilityStatement.
pub(super) fn statement(base: &str) -> Result<Answer, Refusal> {
    static MADE: OnceLock<String> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let kinds: Vec<&str> = fhir::definitions::resources().filter(|kind| !NOT_KEPT.contains(kind)).collect();
        let about = About { base: BASE, version: env!("CARGO_PKG_VERSION"), date: SINCE };
        fhir::capability::statement(&about, &kinds).to_string()
    });
    // The same for everybody, so it may be kept for a while; it changes with the program only.
    Ok(Answer::of(made.replace(BASE, base)).header(header::CACHE_CONTROL, "public, max-age=300"))
}
