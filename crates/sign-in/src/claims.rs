//! From verified claims to somebody here: roles by the place's map, a citizen by a proved NHS number. What is missing or not
//! known gives nothing.

use access::{Role, Subject};
use place::{NhsNumber, Place};
use serde_json::Value;

use crate::provider::{Kind, Provider};
use crate::refusal::Refusal;
use crate::roles::{Profile, RoleMap};

/// Somebody whom a provider has signed in.
#[derive(Debug, Clone)]
pub struct Arrived {
    /// The provider's word.
    pub provider: String,
    /// Who they are to it (`sub`).
    pub sub: String,
    /// Its own session (`sid`), where it says one.
    pub sid: Option<String>,
    /// Who they are here.
    pub person: Person,
}

/// Who somebody is here.
#[derive(Debug, Clone)]
pub enum Person {
    /// Somebody who works here, in each of the roles they may take.
    Staff(Vec<Subject>),
    /// Somebody who lives here; whose record is theirs is for the record to say.
    Citizen {
        /// Them, without their record yet.
        subject: Subject,
        /// The number that was proved to be theirs.
        number: NhsNumber,
    },
}

/// The longest name that is shown.
const NAME: usize = 100;

/// Who somebody with these claims is here.
pub(crate) fn arrived(provider: &Provider, map: &RoleMap, place: &Place, claims: &Value) -> Result<Arrived, Refusal> {
    let written = &provider.written;
    let sub = text(claims, "sub").ok_or(Refusal::Token)?;
    // The issuer and its word for them, never an address of theirs: those are given to others in time.
    let id = format!("{}|{sub}", written.issuer);
    let name = name(claims);
    let subject = |profile: Profile| Subject {
        id: id.clone(),
        name: name.clone(),
        role: profile.role,
        organisation: profile.organisation,
        own: None,
        teams: profile.teams,
        assured: true,
    };
    let person = match written.kind {
        Kind::Citizen => {
            let number = text(claims, "nhs_number").and_then(|number| NhsNumber::parse(&number).ok());
            let profile = Profile { role: Role::Citizen, organisation: place.about().name.clone(), teams: Vec::new() };
            Person::Citizen { subject: subject(profile), number: number.ok_or(Refusal::NoNumber)? }
        }
        Kind::Staff | Kind::Council => {
            let profiles = if written.kind == Kind::Staff {
                staff(map, place, claims)
            } else {
                groups(provider, map, place, claims)
            };
            let mut found: Vec<Profile> = Vec::new();
            for profile in profiles {
                if !found.contains(&profile) {
                    found.push(profile);
                }
            }
            if found.is_empty() {
                return Err(Refusal::NoRole);
            }
            Person::Staff(found.into_iter().map(subject).collect())
        }
    };
    Ok(Arrived { provider: written.id.clone(), sub, sid: text(claims, "sid"), person })
}

fn staff(map: &RoleMap, place: &Place, claims: &Value) -> Vec<Profile> {
    let roles = claims.get("nhsid_nrbac_roles").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let profile = |role: &Value| {
        let (organisation, code) = (text(role, "org_code")?, text(role, "role_code")?);
        map.staff(place, &organisation, &code, &words(role.get("activity_codes")), &words(role.get("workgroups")))
    };
    roles.iter().filter_map(profile).collect()
}

fn groups(provider: &Provider, map: &RoleMap, place: &Place, claims: &Value) -> Vec<Profile> {
    let (Some(organisation), Some(claim)) = (&provider.written.organisation, &provider.written.role_claim) else {
        return Vec::new();
    };
    words(claims.get(claim)).iter().filter_map(|value| map.group(place, organisation, value)).collect()
}

/// The texts of a claim that is one or several.
fn words(claim: Option<&Value>) -> Vec<String> {
    match claim {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

fn text(claims: &Value, name: &str) -> Option<String> {
    claims.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn name(claims: &Value) -> String {
    let parts = ["given_name", "family_name"].map(|part| text(claims, part));
    let whole = text(claims, "name").unwrap_or_else(|| parts.into_iter().flatten().collect::<Vec<_>>().join(" "));
    let shown: String = whole.chars().filter(|letter| !letter.is_control()).take(NAME).collect();
    if shown.trim().is_empty() { "Somebody whose name was not said".to_owned() } else { shown.trim().to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn who(kind: &str, claims: &Value) -> Result<Arrived, Refusal> {
        let lines = format!(
            "id = \"a\"\nname = \"A\"\nissuer = \"https://a.example\"\nclient-id = \"weft\"\nsecret-variable = \"S\"\n\
             kind = \"{kind}\"\norganisation = \"stockport-council\"\nrole-claim = \"roles\""
        );
        let provider = Provider::of(toml::from_str(&lines).unwrap(), &|_| Some("x".to_owned())).unwrap();
        let place = Place::built_in().unwrap();
        arrived(&provider, &RoleMap::of(&place).unwrap(), &place, claims)
    }

    #[test]
    fn each_role_that_is_known_is_one_to_choose_and_the_key_is_issuer_and_subject() {
        let role = |org: &str, code: &str| json!({ "org_code": org, "role_code": code, "activity_codes": ["B0570"] });
        let roles =
            [role("P88002", "S:G:R0260"), role("P88003", "R0260"), role("P88003", "R0260"), role("P88002", "R1")];
        let claims = json!({ "sub": "123", "name": "Dr A", "email": "a@example.org", "nhsid_nrbac_roles": roles });
        let found = who("staff", &claims).unwrap();
        let Person::Staff(all) = found.person else { panic!("staff") };
        let teams: Vec<_> = all.iter().map(|one| (one.id.as_str(), one.teams.join(" "))).collect();
        assert_eq!(
            teams,
            [("https://a.example|123", "ods:P88002".to_owned()), ("https://a.example|123", "ods:P88003".to_owned())]
        );
        for none in [
            json!({ "sub": "1" }),
            json!({ "sub": "1", "nhsid_nrbac_roles": "R0260" }),
            json!({ "sub": "1", "nhsid_nrbac_roles": [{ "role_code": "R0260" }] }),
        ] {
            assert_eq!(who("staff", &none).unwrap_err(), Refusal::NoRole, "{none}");
        }
    }

    #[test]
    fn a_citizen_is_one_by_a_proved_number() {
        let found = who(
            "citizen",
            &json!({ "sub": "9", "given_name": "Ada", "family_name": "Sample", "nhs_number": "9990001006" }),
        );
        assert!(
            matches!(found.unwrap().person, Person::Citizen { subject, .. } if subject.name == "Ada Sample" && subject.own.is_none())
        );
        for wrong in ["", "9990001007", "x"] {
            let refused = who("citizen", &json!({ "sub": "9", "nhs_number": wrong })).unwrap_err();
            assert_eq!(refused, Refusal::NoNumber, "{wrong}");
        }
    }

    #[test]
    fn a_word_of_a_council_counts_and_those_of_others_do_not() {
        let claims = |roles: Value| json!({ "sub": "1", "roles": roles, "nhsid_nrbac_roles": [{ "org_code": "P88002", "role_code": "R0260" }] });
        assert!(who("council", &claims(json!("weft-analyst"))).is_ok());
        assert_eq!(who("council", &claims(json!(["gp"]))).unwrap_err(), Refusal::NoRole);
    }
}
