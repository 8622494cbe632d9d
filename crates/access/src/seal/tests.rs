//! Rules of seals.
