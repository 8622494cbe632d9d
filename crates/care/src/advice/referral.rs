//! The referral that advice becomes: everything that an ask needs, taken from what was written already, so that nobody types
//! anything twice. It keeps the number of the journey. Must not hold anything that the question and its answer did not.

use access::Subject;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::attachment::Attachment;
use super::{Advice, Kind};
use crate::team::Team;

/// What a referral needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Referral {
    /// The journey, the same door to door.
    pub journey: Uuid,
    /// Who is referred.
    pub person: Uuid,
    /// Who asked.
    pub asked_by: Subject,
    /// For which team they asked: it gets the answer.
    pub asked_for: Team,
    /// The specialty's short name.
    pub specialty: String,
    /// The team that is asked to take it on.
    pub to: Team,
    /// What kind of question it was.
    pub kind: Kind,
    /// What was asked.
    pub question: String,
    /// What had been tried.
    pub tried: String,
    /// What was written since, in order, by whom.
    pub said: Vec<(String, String)>,
    /// The plan of the answer, where there was one.
    pub advice: Option<String>,
    /// Pictures and letters, all of them.
    pub attachments: Vec<Attachment>,
    /// Who decided that it is a referral.
    pub decided_by: Subject,
    /// Why.
    pub because: String,
    /// Since when leave to refer stood; `None` where whoever asked decided it themselves.
    pub authorised: Option<Timestamp>,
    /// When it was decided.
    pub at: Timestamp,
}

impl Referral {
    /// The referral that a question becomes; `None` where nothing was asked.
    pub(super) fn of(advice: &Advice, by: &Subject, because: String, at: Timestamp) -> Option<Self> {
        let (question, _) = advice.question()?;
        Some(Self {
            journey: question.journey,
            person: question.person,
            asked_by: question.by.clone(),
            asked_for: question.team.clone(),
            specialty: question.specialty.clone(),
            to: question.to.clone(),
            kind: question.kind,
            question: question.question.clone(),
            tried: question.tried.clone(),
            said: advice.said().iter().map(|said| (said.by.name.clone(), said.words.clone())).collect(),
            advice: advice.answer().map(|(answer, _)| answer.plan.clone()),
            attachments: advice.attachments().cloned().collect(),
            decided_by: by.clone(),
            because,
            authorised: advice.authorised,
            at,
        })
    }
}
