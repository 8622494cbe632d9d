//! Teams: who can own an ask. The words are those by which `access` knows the holders of relationships, so that owning an ask and
//! being allowed to open the record of the person it is for are one thing said once. Must not know who works in a team.

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
    }
}
