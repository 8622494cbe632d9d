//! `GET /fhir/metadata`: what this API can do, for anybody. Made once and kept; only the address in it is the caller's.

use std::sync::OnceLock;

use axum::http::header;
use fhir::capability::{About, ReadOnly};

use super::answer::{Answer, Refusal};
use super::ask;
use super::audit;

/// Stands in the kept text where the caller's own address of the API goes.
const BASE: &str = "http://base.invalid/fhir";
/// When what is stated last changed; to be moved with it.
const SINCE: &str = "2026-11-22";
/// Types that carry other things and are not kept themselves.
pub(super) const NOT_KEPT: [&str; 3] = ["Bundle", "OperationOutcome", "Parameters"];

/// The CapabilityStatement.
pub(super) fn statement(base: &str, client_ids: bool) -> Result<Answer, Refusal> {
    static MADE: [OnceLock<String>; 2] = [const { OnceLock::new() }; 2];
    let [without, with] = &MADE;
    let made = if client_ids { with } else { without };
    let made = made.get_or_init(|| {
        let kept = |kind: &&str| !NOT_KEPT.contains(kind) && *kind != audit::KIND;
        let kinds: Vec<&str> = fhir::definitions::resources().filter(kept).collect();
        let notes = care::ask::fhir::KINDS.map(|kind| (kind, ask::NOTE));
        let about = About { notes: &notes, base: BASE, version: env!("CARGO_PKG_VERSION"), date: SINCE, client_ids };
        let looks = ReadOnly {
            kind: audit::KIND,
            words: "Every look at a record. Weft writes them itself, before anything is shown; nobody else can. A privacy officer reads all, a person those at themselves.",
            parameters: &audit::PARAMETERS,
        };
        fhir::capability::statement(&about, &kinds, &[looks]).to_string()
    });
    // The same for everybody, so it may be kept for a while; it changes with the program only.
    Ok(Answer::of(made.replace(BASE, base)).header(header::CACHE_CONTROL, "public, max-age=300"))
}
