//! Whether a change is real, sustained and enough to act on: measures with honest intervals, control charts, and the gate before
//! any bed is closed.
//!
//! The arithmetic here is pure: no database, no clock, no randomness but from a seed that is an argument. It never decides for
//! people: the gate's own answer is NO until every refusal is answered, and says what would change it.

pub mod gate;
