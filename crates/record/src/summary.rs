//! One person's record: who they are, what every source says, where sources disagree, and what the reader may not see. Read
//! only with a permit; what the permit does not cover does not leave this module.

use std::collections::BTreeMap;

use access::views::seal::{Against, against};
use access::{Class, Item, Level, Permit, Sensitivity, Sight, Tie};
use jiff::Timestamp;
use store::{Result, Tx};
use uuid::Uuid;

use crate::disagreement::{Aspect, Disagreement, Told, disagreements};
use crate::fact::Kind;
use crate::identity::{self, Identity};
use crate::views::demographic::{self, Stated};
use crate::views::fact::{self, Line};
use crate::views::person;

/// Everything about one person that the reader may see.
#[derive(Debug, Clone)]
pub struct Record {
    /// Who they are.
    pub identity: Identity,
    /// What is said of them, the latest first, undated last.
    pub lines: Vec<Line>,
    /// The sorts of which the reader may know that there is something, with how many.
    pub withheld: BTreeMap<Kind, usize>,
    /// Where sources say different things. The sources have no names here for a reader who may not know which services
    /// know the person.
    pub disagreements: Vec<Disagreement>,
    /// Why this may not be one person, or why two records may be: sentences for the banner.
    pub disputes: Vec<String>,
    /// The newest word of each feed on this person: the source's time and the arrival. Empty for the same reader.
    pub sources: BTreeMap<String, (Timestamp, Timestamp)>,
    /// True where the person has chosen not to share, and so only what the reader's own service wrote is here.
    pub objected: bool,
    levels: [Level; Class::ALL.len()],
}

impl Record {
    /// How much the reader may see of ordinary entries of a class: whether there is room for them on a page at all.
    #[must_use]
    pub fn level(&self, class: Class) -> Level {
        self.levels.get(class as usize).copied().unwrap_or(Level::Hidden)
    }
}

/// One entry, as far as access goes, as it stands to a reader.
pub(crate) fn item(
    sight: &Sight,
    class: Class,
    feed: &str,
    sensitivity: Sensitivity,
    sealed: Option<&Against>,
) -> Item {
    let sealed = sealed.copied().unwrap_or_default();
    Item { class, ours: sight.ours(feed, class), sensitivity, seal: sealed.seal, harmful: sealed.harmful }
}

/// The class of item that a sort of fact belongs to.
#[must_use]
pub fn class(kind: Kind) -> Class {
    match kind {
        Kind::Alert => Class::Alert,
        Kind::Problem => Class::Problem,
        Kind::Allergy => Class::Allergy,
        Kind::Medicine => Class::Medicine,
        Kind::Result => Class::Result,
        Kind::Encounter => Class::Encounter,
        Kind::Procedure | Kind::Immunisation => Class::Procedure,
        Kind::Document => Class::Document,
        Kind::SocialCare => Class::SocialCare,
        Kind::Plan => Class::Plan,
        Kind::Contact => Class::Contact,
        Kind::Other => Class::Other,
    }
}

/// The root of the person an address names; `None` where there is nobody of that id. Gives nothing about them.
///
/// # Errors
/// What the database says.
pub fn root(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Uuid>> {
    person::known_root(tx, id)
}

/// Reads the record a permit is for.
///
/// # Errors
/// What the database says. `None`: no source has said who this is.
pub fn record(tx: &mut dyn Tx, permit: &Permit) -> Result<Option<Record>> {
    if permit.level_of(Class::Identity) != Level::Full {
        return Ok(None);
    }
    let (root, sight) = (permit.person(), permit.sight());
    let mut stated = demographic::stated(tx, root)?;
    let Some(identity) = identity::chosen(root, &stated) else { return Ok(None) };
    let mut lines = Vec::new();
    let mut withheld = BTreeMap::new();
    let mut sources: BTreeMap<String, (Timestamp, Timestamp)> = BTreeMap::new();
    // Who somebody is, everybody with a relationship is told; which services know them, only where that is shared.
    let held = |tie: Tie| sight.ties().has(tie, Class::Identity);
    let objected = sight.ties().objected && !held(Tie::Own) && !held(Tie::Glass);
    stated.retain(|one| !objected || sight.ours(&one.feed, Class::Identity));
    // That a service knows somebody says why they come: whoever may not see contacts with services is not told which.
    let told_which = sight.most_of(Class::Encounter) != Level::Hidden;
    for one in stated.iter().filter(|_| told_which) {
        newest(&mut sources, &one.feed, one.as_of, one.arrived);
    }
    let unseen = if identity.address_withheld { demographic::related(tx, root)? } else { Vec::new() };
    let mut said = fact::of_person(tx, root)?;
    said.retain(|line| !unseen.contains(&line.id));
    let ids: Vec<Uuid> = said.iter().map(|line| line.id).collect();
    let sealed = against(tx, &ids, sight.holders())?;
    for line in said {
        match permit.level(&item(sight, class(line.fact.kind), &line.feed, line.sensitivity, sealed.get(&line.id))) {
            Level::Full => {
                newest(&mut sources, &line.feed, line.as_of, line.arrived);
                lines.push(line);
            }
            Level::Masked | Level::ExistenceOnly => *withheld.entry(line.fact.kind).or_default() += 1,
            Level::Hidden => {}
        }
    }
    let mut disagreements = differing(&stated, &lines, identity.address_withheld);
    if !told_which {
        disagreements.iter_mut().flat_map(|one| &mut one.sides).for_each(|side| side.source.clear());
    }
    let disputes = person::disputes(tx, root)?.into_iter().map(|(_, about)| about).collect();
    let levels = Class::ALL.map(|class| sight.most_of(class));
    Ok(Some(Record { identity, lines, withheld, disagreements, disputes, sources, objected, levels }))
}

fn newest(sources: &mut BTreeMap<String, (Timestamp, Timestamp)>, feed: &str, as_of: Timestamp, arrived: Timestamp) {
    let entry = sources.entry(feed.to_owned()).or_insert((as_of, arrived));
    entry.0 = entry.0.max(as_of);
    entry.1 = entry.1.max(arrived);
}

/// Only over what the reader may see: a disagreement must not betray a line that is withheld.
fn differing(stated: &[Stated], lines: &[Line], address_withheld: bool) -> Vec<Disagreement> {
    let people: Vec<Told<'_, _>> = stated
        .iter()
        .map(|one| Told { source: &one.feed, says: &one.demographics, as_of: Some(one.as_of), arrived: one.arrived })
        .collect();
    let facts: Vec<Told<'_, _>> = lines
        .iter()
        .map(|line| Told { source: &line.feed, says: &line.fact, as_of: Some(line.as_of), arrived: line.arrived })
        .collect();
    let mut found = disagreements(&people, &facts);
    if address_withheld {
        found.retain(|one| !matches!(one.what, Aspect::Address | Aspect::Practice));
    }
    found
}

/// What to show of the timeline.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only these sources; empty for all.
    pub feeds: Vec<String>,
    /// Only these sorts; empty for all.
    pub kinds: Vec<Kind>,
}

impl Filter {
    /// Whether a line is let through.
    #[must_use]
    pub fn passes(&self, line: &Line) -> bool {
        (self.feeds.is_empty() || self.feeds.contains(&line.feed))
            && (self.kinds.is_empty() || self.kinds.contains(&line.fact.kind))
    }
}

/// The people a message is known to be about, for the permit to read it.
///
/// # Errors
/// What the database says.
pub fn people_of_message(tx: &mut dyn Tx, message: Uuid) -> Result<Vec<Uuid>> {
    let history = store::log::stream(tx, message)?;
    let mut people = Vec::new();
    for entry in &history {
        if let crate::message::Event::Applied { brought, .. } =
            store::aggregate::read::<crate::message::Message>(entry)?
        {
            for leaf in brought.people {
                people.push(person::root(tx, leaf)?);
            }
        }
    }
    people.sort_unstable();
    people.dedup();
    Ok(people)
}
