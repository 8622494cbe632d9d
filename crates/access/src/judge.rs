//! The decision about one entry, remembered: the questions are finite and small, so an answer is kept under the whole question
//! and asked for again in nanoseconds. A new question is answered by the conditions that are compiled from the policies
//! ([`crate::rules`]), policy by policy; Cedar itself is asked beside them of one in so many, and tests ask it of all they can.
//! Must not decide anything itself.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::decide::{Decision, Level};
use crate::item::Item;
use crate::look::Subject;
use crate::policy::{self, Question, Verdict};
use crate::relationship::Ties;
use crate::role::{Action, Purpose};
use crate::rules;

/// How many answers are remembered: half a megabyte. A question whose place is taken takes it over.
const PLACES: usize = 1 << 16;

/// Questions take 36 bits, so with the answer all fits into one word that is read and written at once: no lock, and no
/// answer to another question.
const QUESTION_BITS: u32 = 36;

/// Of so many new questions one is put to Cedar, too, the first of each start among them. It takes a thousand times as long.
const BESIDE: u64 = 256;

static NEW: AtomicU64 = AtomicU64::new(0);

static REMEMBERED: [AtomicU64; PLACES] = [const { AtomicU64::new(0) }; PLACES];

const NOTHING: &str = "nothing in the policies opens this to your role, for this purpose and this person";

/// How much of an entry of a person who stands to the reader like this may be seen, why, and by which policy. Where the
/// policies cannot be evaluated: nothing. Where Cedar is asked beside and says otherwise: whatever shows less, and an alarm.
#[must_use]
pub fn judge(reader: &Subject, action: Action, purpose: Purpose, item: &Item, ties: &Ties) -> Decision {
    let question = Question::new(reader.role, reader.assured, action, purpose, *item, ties);
    let code = question.code();
    let place = REMEMBERED.get(place(code));
    let kept = place.map_or(0, |place| place.load(Ordering::Relaxed));
    if kept != 0
        && kept & ((1 << QUESTION_BITS) - 1) == code
        && let Some(verdict) = unpacked(kept >> QUESTION_BITS)
    {
        return said(verdict);
    }
    let Some(policies) = policy::policies() else { return said(Verdict { level: Level::Hidden, policy: None }) };
    let before = policies.alarms();
    let mut verdict = rules::compiled(reader, action, purpose).verdict(item, ties);
    if NEW.fetch_add(1, Ordering::Relaxed).is_multiple_of(BESIDE) {
        verdict = policies.beside(&question, verdict);
    }
    // What went wrong is not remembered.
    if policies.alarms() == before
        && let (Some(place), Some(packed)) = (place, packed(verdict))
    {
        place.store(packed << QUESTION_BITS | code, Ordering::Relaxed);
    }
    said(verdict)
}

/// Where an answer is kept: the question's bits, well mixed.
fn place(code: u64) -> usize {
    usize::try_from(code.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 48).unwrap_or_default()
}

/// An answer as a number that is never 0.
fn packed(verdict: Verdict) -> Option<u64> {
    let policy = verdict.policy.map_or(Some(0), |place| u64::try_from(place).ok()?.checked_add(1))?;
    (policy < 1 << 16).then_some(policy << 3 | (verdict.level as u64) << 1 | 1)
}

fn unpacked(number: u64) -> Option<Verdict> {
    let level = match number >> 1 & 3 {
        0 => Level::Hidden,
        1 => Level::ExistenceOnly,
        2 => Level::Masked,
        _ => Level::Full,
    };
    let policy = match number >> 3 {
        0 => None,
        place => Some(usize::try_from(place - 1).ok()?),
    };
    Some(Verdict { level, policy })
}

fn said(verdict: Verdict) -> Decision {
    match verdict.policy.and_then(|place| policy::stated().get(place)) {
        Some(stated) => Decision { level: verdict.level, reason: &stated.because, policy: &stated.id },
        None => Decision { level: verdict.level, reason: NOTHING, policy: "" },
    }
}
