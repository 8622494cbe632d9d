//! Whose a resource is that a client writes: the person of the Patient it refers to, whichever feed that Patient came by. A
//! reference that decides this must lead to a Patient who is there and whom the caller may see; it must not be guessed.

use fhir::issue::{Code, Issue};
use store::Write;
use uuid::Uuid;

use super::session::Session;
use super::settle::Planned;
use super::{Failed, Refusal, row_id};
use crate::feed::Subject;
use crate::feed::fhir::subject;
use crate::ingest::{self, Trouble};

/// The leaf a resource belongs to; nil where it is nobody's. Whether the caller may write about that person is asked after; that
/// they may know of a person they only refer to is asked here.
pub(super) fn leaf(write: &mut Write<'_>, session: &mut Session<'_>, planned: &Planned) -> Result<Uuid, Failed> {
    let leaf = match (&planned.subject, &planned.demographics) {
        (_, Some(demographics)) => return Ok(session.resolve(write, &planned.logical, demographics)?),
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
