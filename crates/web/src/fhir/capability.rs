//! `GET /fhir/metadata`: what this API can do, for anybody. Made once and kept; only the address in it is the caller's.

use std::sync::OnceLock;

use axum::http::header;

use super::answer::{Answer, Refusal};

/// Stands in the kept text where the caller's own address of the API goes.
const BASE: &str = "http://base.invalid/fhir";

/// The CapabilityStatement.
pub(super) fn statement(base: &str) -> Result<Answer, Refusal> {
    static MADE: OnceLock<String> = OnceLock::new();
    let made = MADE.get_or_init(|| fhir::capability::statement(BASE, env!("CARGO_PKG_VERSION")).to_string());
    // The same for everybody, so it may be kept for a while; it changes with the program only.
    Ok(Answer::of(made.replace(BASE, base)).header(header::CACHE_CONTROL, "public, max-age=300"))
}
