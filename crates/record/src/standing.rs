//! How people stand to readers: which ties a person has to somebody who acts for an organisation, a team, a home, and which
//! feeds are that reader's own. Answers the gate; must not decide what a tie opens.

pub(crate) mod span;

use std::collections::BTreeMap;

use access::{Feeds, Subject, Tie, Ties};
use jiff::Timestamp;
use place::{OrganisationKind, Place};
use store::{Result, Tx};
use uuid::Uuid;

use crate::interaction::written_for;
use crate::views::{person, standing as rows};

/// What holds the relationships of an organisation of the place.
pub(crate) fn organisation(id: &str) -> String {
    format!("organisation:{id}")
}

/// How the name of what holds a practice's relationships begins.
const PRACTICE: &str = "ods:";

/// What holds those of a practice.
pub(crate) fn practice(code: &str) -> String {
    format!("{PRACTICE}{code}")
}

/// The one organisation that each feed speaks for. A feed of many at once (the practices, a partnership, national statistics)
/// speaks for none of them: what it says of a stay does not say whose it was.
pub(crate) fn senders(place: &Place) -> BTreeMap<String, String> {
    let alone = |feed: &&place::Feed| {
        !feed.pseudonymous
            && place.organisation(&feed.organisation).is_some_and(|one| {
                !matches!(
                    one.kind,
                    OrganisationKind::GeneralPractice | OrganisationKind::Partnership | OrganisationKind::National
                )
            })
    };
    place.feeds().iter().filter(alone).map(|feed| (feed.id.to_string(), organisation(&feed.organisation))).collect()
}

/// The standing of everybody in the record.
#[derive(Debug, Clone)]
pub struct Standings {
    senders: BTreeMap<String, String>,
    /// The feeds of the general practices, of which each practice sends what it has of the people on its list.
    practices: Vec<String>,
}

impl Standings {
    /// For the organisations of a place.
    #[must_use]
    pub fn of(place: &Place) -> Self {
        let practices = place.feeds().iter().filter(|feed| {
            let sender = place.organisation(&feed.organisation);
            sender.is_some_and(|one| one.kind == OrganisationKind::GeneralPractice)
        });
        Self { senders: senders(place), practices: practices.map(|feed| feed.id.to_string()).collect() }
    }
}

/// The ties of a person (by the root) to whoever holds these relationships, and is `own`. The one place where they are read:
/// the gate and the API ask here, and the searches' statements are held against it.
pub(crate) fn ties(
    tx: &mut dyn Tx,
    person: Uuid,
    holders: &[String],
    own: Option<Uuid>,
    at: Timestamp,
) -> Result<Ties> {
    let mut ties = Ties::none();
    for row in rows::at(tx, person, at)? {
        if row.tie == rows::OBJECTION {
            ties = ties.objecting();
        } else if let Some(tie) = Tie::from_word(&row.tie).filter(|_| holders.contains(&row.holder)) {
            ties = ties.with(tie, row.classes);
        }
    }
    if let Some(own) = own
        && person::root(tx, own)? == person
    {
        ties = ties.with(Tie::Own, access::Classes::ALL);
    }
    Ok(ties)
}

impl access::Standing for Standings {
    fn of(&self, tx: &mut dyn Tx, person: Uuid, reader: &Subject, at: Timestamp) -> Result<Ties> {
        let holders: Vec<String> = reader.holders().collect();
        ties(tx, person, &holders, reader.own, at)
    }

    fn feeds(&self, reader: &Subject) -> Feeds {
        let sent =
            self.senders.iter().filter(|(_, holder)| reader.teams.contains(holder)).map(|(feed, _)| feed.clone());
        let written = reader.teams.iter().map(|team| written_for(team));
        let in_practice = reader.teams.iter().any(|team| team.starts_with(PRACTICE));
        Feeds {
            own: sent.chain(written).collect(),
            of_registered: self.practices.iter().filter(|_| in_practice).cloned().collect(),
        }
    }
}
