//! FHIR messages in, resources out: every refusal with its place, and nothing a message can do makes it panic.
use super::*;
