//! Signing in by OpenID Connect: a provider of one's own organisation says who somebody is, and what it says becomes a
//! [`access::Subject`] or nothing. This crate must not know what anybody may see, nor how a page looks; time and randomness
//! are arguments.
