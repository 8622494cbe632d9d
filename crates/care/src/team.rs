//! Teams: who can own an ask. The words are those by which `access` knows the holders of relationships, so that owning an ask and
//! being allowed to open the record of the person it is for are one thing said once. Must not know who works in a team.

use place::{OdsCode, Place};
use serde::{Deserialize, Serialize};

/// A team, a desk, a service, a practice, a home or an organisation, as one word: `service:crisis-response`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Team(String);

/// The kinds of team there are, by the part of the word before the colon.
pub const KINDS: [&str; 6] = ["desk", "service", "neighbourhood", "ods", "home", "organisation"];

/// A word that names no team.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no team: write desk:, service:, neighbourhood:, ods:, home: or organisation: and its short name")]
pub struct NoTeam(String);

impl Team {
    /// The desk of the single point of access, which owns whatever nobody else has taken.
    #[must_use]
    pub fn single_point_of_access() -> Self {
        Self("desk:single-point-of-access".to_owned())
    }

    /// The word.
    #[must_use]
    pub fn word(&self) -> &str {
        &self.0
    }

    /// What kind of team it is, and its short name.
    #[must_use]
    pub fn parts(&self) -> (&str, &str) {
        self.0.split_once(':').unwrap_or(("", &self.0))
    }

    /// What it is called in this place; as it is said anyhow where the place does not know it.
    #[must_use]
    pub fn named(&self, place: &Place) -> String {
        let (kind, id) = self.parts();
        let found = match kind {
            "service" => place.service(id).map(|one| one.name.clone()),
            "neighbourhood" => place.neighbourhood(id).map(|one| format!("{} neighbourhood team", one.name)),
            "ods" => OdsCode::parse(id).ok().and_then(|code| place.practice(&code)).map(|one| one.name.clone()),
            "home" => place.care_homes().iter().find(|one| one.id == *id).map(|one| one.name.clone()),
            "organisation" => place.organisation(id).map(|one| one.name.clone()),
            // There is one desk of a name.
            "desk" => Some(capital(&id.replace('-', " "))),
            _ => None,
        };
        found.unwrap_or_else(|| capital(&self.said()))
    }

    /// As it is said where nothing knows its proper name: `crisis response`, `practice P88002`.
    #[must_use]
    pub fn said(&self) -> String {
        let (kind, name) = self.parts();
        let name = name.replace('-', " ");
        match kind {
            "ods" => format!("practice {name}"),
            "neighbourhood" => format!("the {name} neighbourhood team"),
            "home" => format!("the care home {name}"),
            "desk" => format!("the {name}"),
            _ => name,
        }
    }
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

impl std::fmt::Display for Team {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.said())
    }
}

impl TryFrom<String> for Team {
    type Error = NoTeam;

    fn try_from(word: String) -> Result<Self, NoTeam> {
        let known = word.split_once(':').is_some_and(|(kind, name)| {
            KINDS.contains(&kind)
                && (1..=80).contains(&name.len())
                && name.chars().all(|one| one.is_ascii_alphanumeric() || one == '-')
        });
        if known { Ok(Self(word)) } else { Err(NoTeam(word)) }
    }
}

impl From<Team> for String {
    fn from(team: Team) -> Self {
        team.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_team_is_a_kind_and_a_short_name_and_nothing_else() {
        for good in ["desk:single-point-of-access", "service:crisis-response", "ods:P88002", "home:bowerfield-house"] {
            assert_eq!(Team::try_from(good.to_owned()).unwrap().word(), good);
        }
        for bad in ["", "marple", "reader:one", "service:", "service:a b", "gang:a", "service:a:b"] {
            assert_eq!(Team::try_from(bad.to_owned()), Err(NoTeam(bad.to_owned())));
        }
        assert_eq!(Team::single_point_of_access().parts(), ("desk", "single-point-of-access"));
        assert_eq!(Team::single_point_of_access().said(), "the single point of access");
        assert_eq!(Team::try_from("service:crisis-response".to_owned()).unwrap().to_string(), "crisis response");
    }

    #[test]
    fn a_place_calls_its_teams_by_their_names_and_not_by_codes() {
        let place = Place::built_in().unwrap();
        let named = |word: &str| Team::try_from(word.to_owned()).unwrap().named(&place);
        let practice = &place.practices()[0];
        assert_eq!(named(&format!("ods:{}", practice.code)), practice.name);
        let (service, home) = (&place.services()[0], &place.care_homes()[0]);
        assert_eq!(named(&format!("service:{}", service.id)), service.name);
        assert_eq!(named(&format!("home:{}", home.id)), home.name);
        assert_eq!(named("neighbourhood:marple"), "Marple neighbourhood team");
        assert_eq!(named("desk:single-point-of-access"), "Single point of access");
        assert_eq!(named(&format!("organisation:{}", place.organisations()[0].id)), place.organisations()[0].name);
        // Of another place: what can be said.
        assert_eq!(named("ods:Y99999"), "Practice Y99999");
        assert_eq!(named("service:unheard-of"), "Unheard of");
    }
}
