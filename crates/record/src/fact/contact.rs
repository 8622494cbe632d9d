//! People to contact: next of kin and carers (RelatedPerson), and who is in the team (CareTeam).

use serde_json::Value;

use super::draft::{all_at, concepts_at, joined, name_at, until};
use super::{Fact, Kind};
use crate::resource::{concept_text, each, text};

pub(super) fn related_person(value: &Value) -> Fact {
    let phones = each(value, "telecom").filter(|one| matches!(text(one, "system"), Some("phone" | "sms" | "email")));
    let phones = joined(phones.filter_map(|one| text(one, "value")).map(str::to_owned), ", ");
    let ended = value.get("period").is_some_and(|period| text(period, "end").is_some());
    let mut fact = Fact::titled(Kind::Contact, name_at(value, "name"), "Contact with no name")
        .when(value, &["period.start"])
        .detail([concepts_at(value, "relationship"), phones, until(value, "period.end")]);
    fact.active = !ended && value.get("active").and_then(Value::as_bool).unwrap_or(true);
    fact.status = Some(if fact.active { "current" } else { "ended" }.to_owned());
    fact
}

pub(super) fn care_team(value: &Value) -> Fact {
    let members = all_at(value, "participant").into_iter().filter_map(|participant| {
        let member = participant.get("member").and_then(|member| text(member, "display")).map(str::to_owned);
        let role = each(participant, "role").find_map(concept_text);
        match (role, member) {
            (Some(role), Some(member)) => Some(format!("{member} ({role})")),
            (role, member) => member.or(role),
        }
    });
    let members = joined(members, ", ");
    let title = text(value, "name").map(str::to_owned).or_else(|| concepts_at(value, "category"));
    Fact::titled(Kind::Contact, title, "Care team")
        .when(value, &["period.start"])
        .by(value, &["managingOrganization"])
        .status(value, "status", &["active", "proposed"])
        .detail([members, until(value, "period.end")])
}
