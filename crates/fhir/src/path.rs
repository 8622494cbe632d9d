//! FHIRPath over parsed JSON: read once, evaluated often, borrowing from the resource and copying no part of it.
//! It covers what the R4 search parameters use and most of what the invariants of R4 use. What it does not know is an error
//! when the expression is read, never an answer. It must not know definitions: the type of a choice (`value[x]`) is read from
//! the element's own name, anything else from the shape of the JSON.

mod evaluate;
mod expression;
mod function;
mod item;
mod lexer;
mod member;
mod operator;
mod parser;
mod pattern;

#[cfg(test)]
mod tests;

use serde_json::Value;

pub use item::{Item, Node};

/// Why an expression could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the FHIRPath `{expression}` cannot be read at character {at}: {why}")]
pub struct PathError {
    /// The whole expression.
    pub expression: String,
    /// Where, counted in bytes from 0.
    pub at: usize,
    /// What was met and what was expected.
    pub why: String,
}

/// Why an expression gives no answer for this resource.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// One value was needed and several are there.
    #[error("{0} needs one value and has several")]
    Several(&'static str),
    /// A function was given something it cannot work with.
    #[error("{0} cannot work with what it was given")]
    Unfit(&'static str),
    /// A step makes more values than a resource can reasonably hold.
    #[error("the expression makes more than {0} values")]
    TooMany(usize),
}

/// An expression, read and ready.
#[derive(Debug, Clone)]
pub struct Path {
    root: expression::Expression,
}

/// What an expression may look at beside its focus.
#[derive(Debug, Clone, Copy)]
pub struct Around<'a> {
    /// `%resource`: the resource that holds the focus (a contained one, where the focus is in one).
    pub resource: &'a Value,
    /// `%rootResource`: the outermost resource.
    pub root: &'a Value,
}

impl<'a> Around<'a> {
    /// A resource by itself.
    #[must_use]
    pub fn of(resource: &'a Value) -> Self {
        Self { resource, root: resource }
    }
}

impl Path {
    /// Reads an expression.
    ///
    /// # Errors
    /// Where it is not FHIRPath, or uses a function this engine does not have; the error says which.
    pub fn parse(expression: &str) -> Result<Self, PathError> {
        parser::parse(expression).map(|root| Self { root })
    }

    /// What the expression finds, seen from a resource.
    ///
    /// # Errors
    /// Where the data does not fit the expression, for example several values where one is needed.
    pub fn of<'a>(&'a self, resource: &'a Value) -> Result<Vec<Item<'a>>, Trouble> {
        self.within(Item::Node(Node::plain(resource)), Around::of(resource))
    }

    /// What the expression finds, seen from an element of a resource.
    ///
    /// # Errors
    /// As [`Path::of`].
    pub fn within<'a>(&'a self, focus: Item<'a>, around: Around<'a>) -> Result<Vec<Item<'a>>, Trouble> {
        let mut found = Vec::new();
        evaluate::Evaluator { around, context: focus.node() }.evaluate(
            &self.root,
            std::slice::from_ref(&focus),
            &mut found,
        )?;
        Ok(found)
    }

    /// The same into a list that is there already, so that a caller who asks often allocates once. What two branches of a
    /// union both find comes twice.
    ///
    /// # Errors
    /// As [`Path::of`].
    pub fn collect<'a>(&'a self, resource: &'a Value, found: &mut Vec<Item<'a>>) -> Result<(), Trouble> {
        let focus = Item::Node(Node::plain(resource));
        let evaluator = evaluate::Evaluator { around: Around::of(resource), context: focus.node() };
        evaluator.branches(&self.root, std::slice::from_ref(&focus), found)
    }

    /// The branches of a union that can find something in a resource of this type: those that name no other type.
    #[must_use]
    pub fn for_kind(self, kind: &str) -> Option<Self> {
        self.root.for_kind(kind).map(|root| Self { root })
    }

    /// The element of the resource at which every walk of this expression begins; `None` where there is not just one.
    pub(crate) fn first(&self) -> Option<&str> {
        self.root.first()
    }

    /// For a reference narrowed to one type by `where(resolve() is T)`: the same without that, and the type.
    pub(crate) fn narrowed(&self) -> Option<(Self, &str)> {
        let (whole, kind) = self.root.narrowed()?;
        Some((Self { root: whole }, kind))
    }

    /// Whether two expressions are the same.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.root == other.root
    }

    /// Whether an invariant holds here: `None` where it gives no answer (dates of different precision, for instance).
    ///
    /// # Errors
    /// As [`Path::of`].
    pub fn holds<'a>(&'a self, focus: Item<'a>, around: Around<'a>) -> Result<Option<bool>, Trouble> {
        let found = self.within(focus, around)?;
        operator::truth(&found)
    }
}
