//! Whose a resource is that a client writes: the person of the Patient it refers to, whichever feed that Patient came by. A
//! reference that decides this must lead to a Patient who is there and whom the caller may see; it must not be guessed.

use access::Tie;
use fhir::issue::{Code, Issue};
use jiff::Timestamp;
use store::{Refused, Write};
use uuid::Uuid;

use super::session::Session;
use super::settle::Planned;
use super::{Failed, Refusal, row_id};
use crate::feed::Subject;
use crate::feed::fhir::subject;
use crate::ingest::{self, Trouble};
use crate::standing::span::through;

/// The leaf a resource belongs to; nil where it is nobody's. Whether the caller may write about that person is asked after; that
/// they may know of a person they only refer to is asked here.
pub(super) fn leaf(write: &mut Write<'_>, session: &mut Session<'_>, planned: &Planned) -> Result<Uuid, Failed> {
    let leaf = match (&planned.subject, &planned.demographics) {
        (_, Some(demographics)) => return session.resolve(write, &planned.logical, demographics),
        (Subject::Nobody, _) => return Ok(Uuid::nil()),
        (Subject::Person(patient), _) => match session.leaves.get(patient) {
            Some(known) => return Ok(*known),
            None => known(write, session, planned, patient)?,
        },
        (Subject::NhsNumber(number), _) => {
            match ingest::by_number(write, super::FEED, *number, &session.actor, session.at) {
                Ok(leaf) => leaf,
                Err(Trouble::Store(error)) => return Err(error.into()),
                Err(Trouble::Message(_)) => return Err(unresolved(planned, NOT_ONE)),
            }
        }
    };
    if session.sight.knows(write.tx(), leaf)?.is_none() {
        // In the words for somebody who is not here at all.
        let by_number = matches!(planned.subject, Subject::NhsNumber(_));
        return Err(unresolved(planned, if by_number { NOT_ONE } else { NOT_HERE }));
    }
    Ok(leaf)
}

/// How long somebody whom a client has made known stays on the caseload of the client's teams, in days.
const TAKEN_ON: i64 = 30;

/// Puts somebody of whom nothing was here before on the caseload of the teams that whoever writes acts for, so that they can go
/// on with the record that they have begun. Nobody is taken on who was here: a number that is guessed opens nothing.
pub(super) fn taken_on(write: &mut Write<'_>, session: &mut Session<'_>, leaf: Uuid) -> Result<(), Failed> {
    let person = crate::views::person::root(write.tx(), leaf)?;
    let ends = Timestamp::from_microsecond(through(session.at.as_microsecond(), TAKEN_ON));
    let until = ends.map_err(|error| store::Error::Backend(format!("no end of a relationship: {error}")))?;
    let by = &session.door.subject;
    let myself = || vec![format!("reader:{}", by.id)];
    let holders = if by.teams.is_empty() { myself() } else { by.teams.clone() };
    for holder in holders {
        let (by, because) = (by.clone(), "they made the person known here".to_owned());
        let open = access::tie::Command::Open { by, person, tie: Tie::Caseload, holder, until, because };
        match access::tie::open(write, open, &session.actor, session.at) {
            Ok(_) => {}
            Err(Refused::Store(error)) => return Err(error.into()),
            Err(Refused::Rules(refusal)) => {
                return Err(Refusal::new(403, Code::Forbidden, refusal.to_string()).into());
            }
        }
    }
    session.sight.forget();
    Ok(())
}

const NOT_ONE: &str = "the NHS number is not that of one person here; create the Patient first, or refer to one by id";

const NOT_HERE: &str = "it refers to a Patient who is not here; create the Patient first, or mend the reference";

/// The leaf of a Patient by the API's id.
fn known(write: &mut Write<'_>, session: &mut Session<'_>, planned: &Planned, patient: &str) -> Result<Uuid, Failed> {
    let found = store::resource::current(write.tx(), row_id("Patient", patient))?;
    let Some(found) = found.filter(|found| found.kind == "Patient" && !found.is_deleted()) else {
        return Err(unresolved(planned, NOT_HERE));
    };
    // A Patient whom the caller may not see is not here.
    if session.sight.sees(write.tx(), &found)?.is_none() {
        return Err(unresolved(planned, NOT_HERE));
    }
    session.leaves.insert(patient.to_owned(), found.person);
    Ok(found.person)
}

fn unresolved(planned: &Planned, words: &str) -> Failed {
    Refusal { status: 422, issues: vec![Issue::error(Code::NotFound, words).at(subject::element(&planned.kind))] }
        .into()
}
