//! NK1 as a FHIR RelatedPerson: next of kin, carer, whom to call. Must not take a contact for a patient.

use serde_json::{Map, json};

use super::datatype::{address, codeable_concept, each, human_name, put, telecom};
use super::message::Segment;
use super::patient::gender;
use super::statement::{Statement, derived_id};
use super::time::moment;
use crate::feed::Reason;

/// Adds the contact that one NK1 names; one without a name says nothing that could be used.
pub(super) fn add_related_person(statement: &mut Statement<'_>, nk1: &Segment<'_>) -> Result<(), Reason> {
    let name = nk1.field(2).repetition(0);
    let names = each(nk1.field(2), human_name);
    if names.is_empty() {
        return Ok(());
    }
    let mut out = Map::new();
    put(&mut out, "active", Some(true));
    put(&mut out, "patient", Some(statement.subject()));
    let relationship = codeable_concept(nk1.field(3).repetition(0));
    let role = codeable_concept(nk1.field(7).repetition(0));
    put(&mut out, "relationship", Some(relationship.into_iter().chain(role).collect::<Vec<_>>()));
    put(&mut out, "name", Some(names));
    let mut telecoms = each(nk1.field(5), telecom);
    telecoms.extend(each(nk1.field(6), telecom).into_iter().map(|mut contact| {
        if let Some(object) = contact.as_object_mut() {
            object.entry("use").or_insert_with(|| "work".into());
        }
        contact
    }));
    put(&mut out, "telecom", Some(telecoms));
    put(&mut out, "gender", nk1.first(15).map(|sex| gender(&sex)));
    put(&mut out, "birthDate", moment(nk1, 16)?.map(|born| born.date));
    put(&mut out, "address", Some(each(nk1.field(4), address)));
    let (start, end) = (moment(nk1, 8)?, moment(nk1, 9)?);
    if start.is_some() || end.is_some() {
        let mut period = json!({});
        if let Some(object) = period.as_object_mut() {
            put(object, "start", start.map(|moment| moment.text));
            put(object, "end", end.map(|moment| moment.text));
        }
        put(&mut out, "period", Some(period));
    }
    let part = |number: usize| name.component(number).value().unwrap_or_default();
    let relationship = nk1.first(3).unwrap_or_default();
    let id = derived_id("related", &[&statement.local, &part(1), &part(2), &relationship]);
    statement.add("RelatedPerson", &id, out);
    Ok(())
}
