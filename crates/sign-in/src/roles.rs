//! What the words of a provider mean here, as data: `places/PLACE/sign-in.toml`. A word that is not there means nothing, and
//! gives nothing.

use access::Role;
use place::{OdsCode, Place};
use serde::Deserialize;

/// The file's name in a place.
pub const FILE: &str = "sign-in.toml";

/// The map of one place.
#[derive(Debug, Clone, Default)]
pub struct RoleMap {
    staff: Vec<Staff>,
    groups: Vec<Group>,
    teams: Vec<Team>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    #[serde(default)]
    staff: Vec<Staff>,
    #[serde(default)]
    group: Vec<Group>,
    #[serde(default)]
    team: Vec<Team>,
}

/// A role code of the national directory.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Staff {
    code: String,
    role: String,
    /// An activity that they must have been given, too.
    activity: Option<String>,
    #[expect(dead_code, reason = "for whoever reads the file")]
    name: String,
}

/// A word in the role claim of an organisation's own provider.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    organisation: String,
    value: String,
    role: String,
    #[serde(default)]
    teams: Vec<String>,
    name: Option<String>,
}

/// A workgroup of an organisation's staff that is a team of the place.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Team {
    organisation: String,
    workgroup: String,
    team: String,
}

/// What is wrong with the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{FILE}: {0}")]
pub struct Wrong(String);

/// One role that somebody may take for a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The role.
    pub role: Role,
    /// The organisation, in words.
    pub organisation: String,
    /// What holds their relationships.
    pub teams: Vec<String>,
}

impl RoleMap {
    /// The map of a place; an empty one where it has none.
    ///
    /// # Errors
    /// [`Wrong`], with the place of the mistake.
    pub fn of(place: &Place) -> Result<Self, Wrong> {
        place.file(FILE).map_or_else(|| Ok(Self::default()), |text| Self::read(text, place))
    }

    /// The map that a text says.
    ///
    /// # Errors
    /// [`Wrong`].
    pub fn read(text: &str, place: &Place) -> Result<Self, Wrong> {
        let file: File = toml::from_str(text).map_err(|error| Wrong(error.to_string()))?;
        if file.version != 1 {
            return Err(Wrong(format!("version {} is not known; this Weft reads version 1", file.version)));
        }
        for word in file.staff.iter().map(|one| &one.role).chain(file.group.iter().map(|one| &one.role)) {
            match Role::from_word(word) {
                Some(Role::Citizen) => return Err(Wrong("nobody becomes a citizen by a role of staff".to_owned())),
                Some(_) => {}
                None => return Err(Wrong(format!("there is no role {word}"))),
            }
        }
        for group in &file.group {
            if place.organisation(&group.organisation).is_none() {
                return Err(Wrong(format!("the place has no organisation {}", group.organisation)));
            }
        }
        let teams = file.group.iter().flat_map(|group| &group.teams).chain(file.team.iter().map(|one| &one.team));
        for team in teams {
            if !is_team(team, place) {
                return Err(Wrong(format!("the place has no team {team}")));
            }
        }
        Ok(Self { staff: file.staff, groups: file.group, teams: file.team })
    }

    /// The profile of a role of NHS staff at an organisation; `None` where either is not known.
    pub(crate) fn staff(
        &self,
        place: &Place,
        organisation: &str,
        code: &str,
        activities: &[String],
        workgroups: &[String],
    ) -> Option<Profile> {
        // `S8000:G8000:R8001` is the job role `R8001` of a staff group; a map may name either.
        let job = code.rsplit(':').next().unwrap_or(code);
        let known = self.staff.iter().find(|one| {
            (one.code == code || one.code == job)
                && one.activity.as_ref().is_none_or(|activity| activities.contains(activity))
        })?;
        let ods = OdsCode::parse(organisation).ok()?;
        let (words, holder) = match (place.practice(&ods), place.organisation_by_code(&ods)) {
            (Some(practice), _) => (practice.name.clone(), format!("ods:{}", ods.as_str())),
            (None, Some(trust)) => (trust.name.clone(), format!("organisation:{}", trust.id.as_str())),
            (None, None) => return None,
        };
        let more =
            self.teams.iter().filter(|team| team.organisation == organisation && workgroups.contains(&team.workgroup));
        let teams = std::iter::once(holder).chain(more.map(|team| team.team.clone())).collect();
        Some(Profile { role: Role::from_word(&known.role)?, organisation: words, teams })
    }

    /// The profile of a word in the role claim of an organisation's own provider.
    pub(crate) fn group(&self, place: &Place, organisation: &str, value: &str) -> Option<Profile> {
        let known = self.groups.iter().find(|one| one.organisation == organisation && one.value == value)?;
        let whole = place.organisation(organisation)?;
        let teams =
            std::iter::once(format!("organisation:{organisation}")).chain(known.teams.iter().cloned()).collect();
        let words = known.name.clone().unwrap_or_else(|| whole.name.clone());
        Some(Profile { role: Role::from_word(&known.role)?, organisation: words, teams })
    }
}

fn is_team(word: &str, place: &Place) -> bool {
    match word.split_once(':') {
        Some(("neighbourhood", id)) => place.neighbourhood(id).is_some(),
        Some(("organisation", id)) => place.organisation(id).is_some(),
        Some(("home", id)) => place.care_homes().iter().any(|home| home.id.as_str() == id),
        Some(("ods", code)) => OdsCode::parse(code).is_ok_and(|code| place.practice(&code).is_some()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stockport() -> (Place, RoleMap) {
        let place = Place::built_in().unwrap();
        let map = RoleMap::of(&place).unwrap();
        (place, map)
    }

    #[test]
    fn a_known_role_at_a_known_organisation_is_a_profile_and_nothing_else_is() {
        let (place, map) = stockport();
        let gp = map.staff(&place, "P88002", "S8000:G8000:R0260", &[], &[]).unwrap();
        assert_eq!((gp.role, gp.organisation.as_str()), (Role::Gp, "Marple Bridge Surgery"));
        assert_eq!(gp.teams, ["ods:P88002"]);
        let nurse = map.staff(&place, "RWJ", "S8000:G8000:R8001", &[], &["Marple neighbourhood".to_owned()]).unwrap();
        assert_eq!(nurse.teams, ["organisation:stockport-ft", "neighbourhood:marple"]);
        for (organisation, code) in
            [("P88002", "R9999"), ("P88002", ""), ("ZZZ99", "R0260"), ("", "R0260"), ("P88002", "R0260:")]
        {
            assert_eq!(map.staff(&place, organisation, code, &[], &[]), None, "{organisation} {code}");
        }
    }

    #[test]
    fn a_group_counts_only_from_its_own_organisation() {
        let (place, map) = stockport();
        let found = map.group(&place, "stockport-council", "weft-social-worker-marple").unwrap();
        assert_eq!(found.role, Role::SocialWorker);
        assert_eq!(found.teams, ["organisation:stockport-council", "neighbourhood:marple"]);
        assert_eq!(map.group(&place, "stockport-ft", "weft-social-worker-marple"), None);
        assert_eq!(map.group(&place, "stockport-council", "weft-gp"), None);
    }

    #[test]
    fn a_map_that_means_nothing_here_is_refused() {
        let place = Place::built_in().unwrap();
        let group = "version = 1\n[[group]]\norganisation = \"stockport-council\"\nvalue = \"x\"\nrole = \"analyst\"\n";
        assert!(RoleMap::read(group, &place).is_ok());
        for (from, to) in [
            ("analyst", "wizard"),
            ("analyst", "citizen"),
            ("stockport-council", "atlantis"),
            ("version = 1", "version = 2"),
            ("\"x\"", "\"x\"\nteams = [\"neighbourhood:atlantis\"]"),
            ("\"x\"", "\"x\"\nrank = 1"),
        ] {
            assert!(RoleMap::read(&group.replace(from, to), &place).is_err(), "{to}");
        }
    }
}
