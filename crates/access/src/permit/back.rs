//! The gate where somebody asks to go back from pseudonyms to people, allows it, or goes. Whoever is told of anybody is written down
//! in the same transaction, with the reason that the person reads on their own page; what is refused is written down, too.

use store::{Refused, Write};
use uuid::Uuid;

use super::glass::{look, refused};
use crate::back::{self, Back, Command, Decision, Refusal, TAKEN_ON};
use crate::look::{Event, Subject};
use crate::permit::{Asking, Denied, Gate};
use crate::relationship::Tie;
use crate::role::{Action, Purpose};
use crate::tie::{self, Relationship};
use crate::views::back as rows;

/// Leave to ask whose pseudonyms are, to answer who asks, or to go back. Shows nobody: what it finds are ids, and to see who they are
/// takes a permit for them.
#[derive(Debug)]
pub struct BackPermit {
    by: Subject,
    action: Action,
}

impl BackPermit {
    /// Who has it.
    #[must_use]
    pub fn by(&self) -> &Subject {
        &self.by
    }

    /// What for: [`Action::AskBack`], [`Action::AllowBack`] or [`Action::GoBack`].
    #[must_use]
    pub fn action(&self) -> Action {
        self.action
    }
}

/// What an analyst asks for, in their words.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The pseudonyms, as they were typed.
    pub pseudonyms: Vec<String>,
    /// What for, if it was said.
    pub purpose: Option<Purpose>,
    /// The neighbourhood whose team is to be told; that it is one of the place is the caller's to know.
    pub neighbourhood: String,
    /// What the team will offer.
    pub offer: String,
    /// Why these people.
    pub reason: String,
}

/// Why nobody was gone back to.
#[derive(Debug, thiserror::Error)]
pub enum NotBack {
    /// The rules say no; the words are for whoever asked.
    #[error(transparent)]
    Rules(#[from] Refusal),
    /// There is no leave.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// It could not be written down, so it did not happen.
    #[error("it could not be written down, so nobody was told of anybody: {0}")]
    Store(#[from] store::Error),
}

impl From<Refused<Refusal>> for NotBack {
    fn from(refused: Refused<Refusal>) -> Self {
        match refused {
            Refused::Rules(refusal) => Self::Rules(refusal),
            Refused::Store(error) => Self::Store(error),
        }
    }
}

impl store::Troubled for NotBack {
    fn trouble(&self) -> Option<&store::Error> {
        match self {
            Self::Rules(_) => None,
            Self::Denied(denied) => store::Troubled::trouble(denied),
            Self::Store(error) => Some(error),
        }
    }
}

/// Why a pseudonym leads nobody to anybody; the same where it is nobody's.
const NOWHERE: &str = "a pseudonym opens nothing that is not open to them";

impl Gate {
    /// Leave to ask to go back, to answer who asks, or to go. Nothing is shown yet, so nothing is written yet; a refusal is.
    ///
    /// # Errors
    /// [`Denied`]: any other action is refused.
    pub async fn back(&self, asking: &Asking<'_>, action: Action) -> Result<BackPermit, Denied> {
        if !matches!(action, Action::AskBack | Action::AllowBack | Action::GoBack) {
            return Err(Denied::Policy("this does not lead from a pseudonym to a person"));
        }
        self.offered(asking, action).await?;
        Ok(BackPermit { by: asking.subject.clone(), action })
    }

    /// Asks that a team be told; the request's id.
    ///
    /// # Errors
    /// [`NotBack`].
    pub async fn ask_back(&self, asking: &Asking<'_>, wanted: Wanted) -> Result<Uuid, NotBack> {
        self.back(asking, Action::AskBack).await?;
        let (by, at, actor) = (asking.subject.clone(), asking.at, asking.subject.actor());
        self.store
            .write_async(move |write| {
                let waiting = rows::waiting_of(write.tx(), &by.id, at)?;
                let Wanted { pseudonyms, purpose, neighbourhood, offer, reason } = wanted.clone();
                let by = by.clone();
                let asked = back::Asking { by, pseudonyms, purpose, neighbourhood, offer, reason, waiting };
                let id = write.new_id(at);
                write.begin::<Back>(id, Command::Ask(asked), None, &actor, at)?;
                Ok::<_, NotBack>(id)
            })
            .await
    }

    /// Takes a request of one's own back.
    ///
    /// # Errors
    /// [`NotBack`].
    pub async fn withdraw_back(&self, asking: &Asking<'_>, id: Uuid) -> Result<(), NotBack> {
        self.back(asking, Action::AskBack).await?;
        self.executed(asking, id, Command::Withdraw { by: asking.subject.clone() }).await
    }

    /// Allows a request, or refuses it.
    ///
    /// # Errors
    /// [`NotBack`].
    pub async fn answer_back(
        &self,
        asking: &Asking<'_>,
        id: Uuid,
        allowed: bool,
        words: String,
    ) -> Result<(), NotBack> {
        self.back(asking, Action::AllowBack).await?;
        let by = asking.subject.clone();
        let command = if allowed { Command::Allow { by, words } } else { Command::Refuse { by, words } };
        self.executed(asking, id, command).await
    }

    async fn executed(&self, asking: &Asking<'_>, id: Uuid, command: Command) -> Result<(), NotBack> {
        let (at, actor) = (asking.at, asking.subject.actor());
        self.store
            .write_async(move |write| {
                write.execute::<Back>(id, command.clone(), &actor, at)?;
                Ok::<_, NotBack>(())
            })
            .await
    }

    /// Tells a team who the people of a request are: of these, whom the policies let this reader go back to. The telling and a look
    /// at each of them, with the reason, are on the disk when this answers, or nobody is told.
    ///
    /// # Errors
    /// [`NotBack`].
    pub async fn hand_over(&self, asking: &Asking<'_>, id: Uuid, found: Vec<Uuid>) -> Result<(), NotBack> {
        self.back(asking, Action::GoBack).await?;
        let judged = self.judge(asking, Action::GoBack, found).await?;
        let people: Vec<Uuid> = judged.iter().filter(|one| one.verdict.is_ok()).map(|one| one.sight.person()).collect();
        let (by, purpose, at, actor) = (asking.subject.clone(), asking.purpose, asking.at, asking.subject.actor());
        self.store
            .write_async(move |write| {
                let request = rows::by_id(write.tx(), id)?.ok_or(Refusal::NotAsked)?;
                let command = Command::HandOver { by: by.clone(), people: people.clone() };
                write.execute::<Back>(id, command, &actor, at)?;
                if !people.is_empty() {
                    let because = because(&request);
                    let (by, action, people) = (by.clone(), Action::GoBack, people.clone());
                    look(write, Event::Looked { by, action, purpose, people, because, sitting: false }, &actor, at)?;
                }
                Ok::<_, NotBack>(())
            })
            .await
    }

    /// Writes down what a team decided about somebody of whom it was told, by their root then and now; taking them on opens a
    /// relationship of the team's in the same transaction.
    ///
    /// # Errors
    /// [`NotBack`]: where the reader may not open the record, too.
    pub async fn decide_back(
        &self,
        asking: &Asking<'_>,
        id: Uuid,
        (told, person): (Uuid, Uuid),
        reason: Option<String>,
    ) -> Result<(), NotBack> {
        self.back(asking, Action::GoBack).await?;
        self.one(asking, Action::ReadRecord, person).await?;
        let (by, at, actor) = (asking.subject.clone(), asking.at, asking.subject.actor());
        self.store
            .write_async(move |write| {
                let request = rows::by_id(write.tx(), id)?.ok_or(Refusal::NotAsked)?;
                let relationship = write.new_id(at);
                let decision = match reason.clone() {
                    Some(reason) => Decision::NotTakenOn { reason },
                    None => Decision::TakenOn { relationship },
                };
                let takes_on = reason.is_none();
                let command = Command::Decide { by: by.clone(), person: told, decision };
                write.execute::<Back>(id, command, &actor, at)?;
                if takes_on {
                    taken_on(write, relationship, (&by, person), &request, at)?;
                }
                Ok::<_, NotBack>(())
            })
            .await
    }

    /// Goes back from one pseudonym to whoever it is of, if it is anybody's whom the policies let this reader go back to: then their
    /// root. Whatever comes of it is written down; where nothing does, it is the same whether the pseudonym is somebody's or not.
    ///
    /// # Errors
    /// [`NotBack`].
    pub async fn go_back(
        &self,
        asking: &Asking<'_>,
        person: Option<Uuid>,
        reason: &str,
    ) -> Result<Option<Uuid>, NotBack> {
        self.back(asking, Action::GoBack).await?;
        let reason = back::reason(reason)?;
        // Nobody is judged like somebody: the work is the same.
        let judged = self.judge(asking, Action::GoBack, vec![person.unwrap_or(Uuid::nil())]).await?;
        let allowed = judged.first().is_some_and(|one| one.verdict.is_ok());
        let (by, purpose, people) = (asking.subject.clone(), asking.purpose, person.into_iter().collect());
        let led = person.filter(|_| allowed);
        let event = if led.is_some() {
            let because = format!("they held a pseudonym and gave this reason: \u{201c}{reason}\u{201d}");
            Event::Looked { by, action: Action::GoBack, purpose, people, because, sitting: false }
        } else {
            refused(by, Action::GoBack, purpose, people, NOWHERE)
        };
        self.write_down(event, asking).await?;
        Ok(led)
    }
}

/// Why a team was told of somebody, as they read it.
fn because(request: &rows::Request) -> String {
    format!(
        "an analyst ({}, {}) asked that the neighbourhood team be told, to offer this: \u{201c}{}\u{201d}; {}, a privacy officer, \
         allowed it",
        request.name, request.organisation, request.offer, request.officer
    )
}

fn taken_on(
    write: &mut Write<'_>,
    relationship: Uuid,
    (by, person): (&Subject, Uuid),
    request: &rows::Request,
    at: jiff::Timestamp,
) -> Result<(), NotBack> {
    let open = tie::Command::Open {
        by: by.clone(),
        person,
        tie: Tie::Caseload,
        holder: back::team(&request.neighbourhood),
        until: back::after(at, TAKEN_ON),
        because: "taken on after the team was told of them at an analyst\u{2019}s request".to_owned(),
    };
    match write.begin::<Relationship>(relationship, open, None, &by.actor(), at) {
        Ok(_) => Ok(()),
        // The request has decided that they are of the team; whoever is can take somebody on.
        Err(Refused::Rules(_)) => Err(Refusal::NotTheirTeam.into()),
        Err(Refused::Store(error)) => Err(error.into()),
    }
}
