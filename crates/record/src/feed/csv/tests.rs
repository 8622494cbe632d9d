//! Tests of mappings as a whole.
