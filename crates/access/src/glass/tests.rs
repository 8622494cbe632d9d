//! Rules of the glass.
