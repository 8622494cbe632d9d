//! Reading the policies: every one has its name and its words, and all pass the strict validator without an error or a
//! warning. Must not pass over anything: a set with one doubtful policy in it is no set.

use std::collections::HashMap;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};

use cedar_policy::{
    ActionConstraint, Authorizer, Effect, Entities, EntityTypeName, EntityUid, Policy, PolicyId, PolicySet, Schema,
    ValidationMode, Validator,
};

use super::question::uid;
use super::words;
use crate::decide::Level;
use crate::role::Action;

/// Why the policies cannot be used.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Invalid {
    /// The schema cannot be read.
    #[error("the schema of the policies, {file}, cannot be used: {words}")]
    Schema {
        /// Its file.
        file: String,
        /// What Cedar says.
        words: String,
    },
    /// A policy cannot be read, or has no name.
    #[error("the policy at {file}:{line} cannot be used: {words}")]
    Policy {
        /// Its file.
        file: String,
        /// The line it begins on.
        line: usize,
        /// What is wrong.
        words: String,
    },
    /// A policy does not pass the validator.
    #[error("the policy {id} at {file}:{line} does not hold against the schema: {words}")]
    Validation {
        /// Its name.
        id: String,
        /// Its file.
        file: String,
        /// The line it begins on.
        line: usize,
        /// What Cedar says.
        words: String,
    },
}

/// What a policy says of itself, and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// Its name: the annotation `@id`.
    pub id: String,
    /// Why, for the reader and the person: the annotation `@because`.
    pub because: String,
    /// Its file.
    pub file: String,
    /// The line it begins on.
    pub line: usize,
    /// Whether it closes what others open.
    pub forbids: bool,
}

/// A set of policies that has passed the validator.
#[derive(Debug)]
pub struct Policies {
    pub(super) schema: Schema,
    pub(super) set: PolicySet,
    /// By the action of the policies, those that say anything of it.
    slices: HashMap<&'static str, Slice>,
    pub(super) stated: Vec<Stated>,
    pub(super) authorizer: Authorizer,
    /// The actions and the groups they are in.
    pub(super) actions: Entities,
    pub(super) types: Types,
    alarms: AtomicU64,
}

/// What the policies say of one action. A policy of another action never applies, so leaving it out changes no answer, and most
/// are of others.
#[derive(Debug, Default)]
pub(super) struct Slice {
    pub(super) set: PolicySet,
    /// Those that open, without those that close: to tell what is closed from what was never open.
    pub(super) permits: PolicySet,
}

/// The names of the schema's types.
#[derive(Debug)]
pub(super) struct Types {
    pub(super) reader: EntityTypeName,
    pub(super) entry: EntityTypeName,
    pub(super) action: EntityTypeName,
    pub(super) role: EntityTypeName,
    pub(super) class: EntityTypeName,
    pub(super) purpose: EntityTypeName,
}

impl Types {
    fn new() -> Option<Self> {
        let name = |word| EntityTypeName::from_str(word).ok();
        Some(Self {
            reader: name("Reader")?,
            entry: name("Entry")?,
            action: name("Action")?,
            role: name("Role")?,
            class: name("Class")?,
            purpose: name("Purpose")?,
        })
    }
}

/// An action that nobody does: what is asked about it is denied.
#[derive(Debug, thiserror::Error)]
#[error("there is no action {0}")]
pub(super) struct Unknown(String);

/// The actions of the policies, each once.
fn every_action() -> Vec<&'static str> {
    let levels = [Level::Full, Level::Masked, Level::ExistenceOnly];
    let mut words: Vec<&'static str> = Action::ALL
        .into_iter()
        .flat_map(|action| levels.into_iter().filter_map(move |level| words::action(action, level)))
        .collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// Whether a policy says anything of an action: it names it, or a group that it is in, or none.
fn is_of(policy: &Policy, action: &EntityUid, actions: &Entities) -> bool {
    let covers = |named: &EntityUid| named == action || actions.is_ancestor_of(named, action);
    match policy.action_constraint() {
        ActionConstraint::Any => true,
        ActionConstraint::Eq(named) => covers(&named),
        ActionConstraint::In(named) => named.iter().any(covers),
    }
}

/// A policy's own text begins with its name at the beginning of a line.
const BEGINS: &str = "@id(";

/// The policies of a file with the line each begins on; what is before the first comes first, with line 1.
fn pieces(text: &str) -> Vec<(usize, String)> {
    let mut pieces = vec![(1, String::new())];
    for (number, line) in text.lines().enumerate() {
        if line.starts_with(BEGINS) {
            pieces.push((number + 1, String::new()));
        }
        if let Some((_, piece)) = pieces.last_mut() {
            piece.push_str(line);
            piece.push('\n');
        }
    }
    pieces
}

impl Policies {
    /// Reads a schema and files of policies, each a name and a text.
    ///
    /// # Errors
    /// [`Invalid`], with the file and the line.
    pub fn read(schema: (&str, &str), files: &[(&str, &str)]) -> Result<Self, Invalid> {
        let (file, text) = schema;
        let wrong = |words: String| Invalid::Schema { file: file.to_owned(), words };
        let (schema, warnings) = Schema::from_cedarschema_str(text).map_err(|error| wrong(error.to_string()))?;
        let warnings: Vec<String> = warnings.map(|warning| warning.to_string()).collect();
        if !warnings.is_empty() {
            return Err(wrong(warnings.join("; ")));
        }
        let mut policies = Vec::new();
        for (file, text) in files {
            for (line, piece) in pieces(text) {
                let wrong = |words: String| Invalid::Policy { file: (*file).to_owned(), line, words };
                if !piece.starts_with(BEGINS) {
                    let set = PolicySet::from_str(&piece).map_err(|error| wrong(error.to_string()))?;
                    if !set.is_empty() {
                        return Err(wrong(
                            "every policy begins with its name: @id(\"…\") on a line of its own".to_owned(),
                        ));
                    }
                    continue;
                }
                let policy = Policy::parse(None, &piece).map_err(|error| wrong(error.to_string()))?;
                let stated = |name: &str| {
                    let words = policy.annotation(name).filter(|words| !words.trim().is_empty());
                    words.map(ToOwned::to_owned).ok_or_else(|| wrong(format!("it has no words in @{name}(\"…\")")))
                };
                let forbids = policy.effect() == Effect::Forbid;
                let stated =
                    Stated { id: stated("id")?, because: stated("because")?, file: (*file).to_owned(), line, forbids };
                policies.push((policy.new_id(PolicyId::new(&stated.id)), stated));
            }
        }
        Self::of(schema, policies)
    }

    /// A set of policies, each with what it says of itself; every one is held against the schema.
    ///
    /// # Errors
    /// [`Invalid`].
    pub(super) fn of(schema: Schema, policies: Vec<(Policy, Stated)>) -> Result<Self, Invalid> {
        let whole = |words: String| Invalid::Schema { file: "weft.cedarschema".to_owned(), words };
        let actions = schema.action_entities().map_err(|error| whole(error.to_string()))?;
        let types = Types::new().ok_or_else(|| whole("the names of its types are none".to_owned()))?;
        let validator = Validator::new(schema.clone());
        let words = every_action();
        let mut slices: HashMap<&'static str, Slice> = words.iter().map(|word| (*word, Slice::default())).collect();
        let (mut set, mut all) = (PolicySet::new(), Vec::new());
        for (policy, stated) in policies {
            let wrong = |words: String| Invalid::Validation {
                id: stated.id.clone(),
                file: stated.file.clone(),
                line: stated.line,
                words,
            };
            let mut alone = PolicySet::new();
            alone.add(policy.clone()).map_err(|error| wrong(error.to_string()))?;
            let result = validator.validate(&alone, ValidationMode::Strict);
            let found: Vec<String> = result
                .validation_errors()
                .map(ToString::to_string)
                .chain(result.validation_warnings().map(ToString::to_string))
                .collect();
            if !found.is_empty() {
                return Err(wrong(found.join("; ")));
            }
            // Two of one name are refused here.
            set.add(policy.clone()).map_err(|error| wrong(error.to_string()))?;
            for (word, slice) in &mut slices {
                if !is_of(&policy, &uid(&types.action, word), &actions) {
                    continue;
                }
                slice.set.add(policy.clone()).map_err(|error| wrong(error.to_string()))?;
                if !stated.forbids {
                    slice.permits.add(policy.clone()).map_err(|error| wrong(error.to_string()))?;
                }
            }
            all.push(stated);
        }
        Ok(Self {
            schema,
            set,
            slices,
            stated: all,
            authorizer: Authorizer::new(),
            actions,
            types,
            alarms: AtomicU64::new(0),
        })
    }

    /// The policies that say anything of an action.
    pub(super) fn of_action(&self, action: &str) -> Result<&Slice, Unknown> {
        self.slices.get(action).ok_or_else(|| Unknown(action.to_owned()))
    }

    /// Every policy in the order of the files.
    #[must_use]
    pub fn stated(&self) -> &[Stated] {
        &self.stated
    }

    /// The policies as Cedar has them.
    #[must_use]
    pub fn set(&self) -> &PolicySet {
        &self.set
    }

    /// The schema as Cedar has it.
    #[must_use]
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// How often something could not be evaluated for certain, and was denied.
    #[must_use]
    pub fn alarms(&self) -> u64 {
        self.alarms.load(Ordering::Relaxed)
    }

    /// Something could not be evaluated, or was answered in two ways, and is denied.
    pub(super) fn alarm(&self, words: &dyn std::fmt::Display) {
        self.alarms.fetch_add(1, Ordering::Relaxed);
        tracing::error!(%words, "a policy could not be evaluated for certain, so what it was asked about is denied");
    }
}
