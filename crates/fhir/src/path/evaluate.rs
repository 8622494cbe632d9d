//! Walks an expression over a resource.

use std::borrow::Cow;

use super::expression::{ABSTRACT, Expression, Operator, Root, Step};
use super::item::{Item, Node};
use super::{Around, Trouble, function, member, operator};

/// No honest resource yields more in one step; an expression that does is stopped.
pub(super) const MOST: usize = 200_000;

/// What stays the same during one evaluation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Evaluator<'a> {
    pub(super) around: Around<'a>,
    /// Where the whole expression began, where that is a place in the resource.
    pub(super) context: Option<Node<'a>>,
}

impl<'a> Evaluator<'a> {
    /// Adds to `found` what `expression` finds from `focus`.
    pub(super) fn evaluate(
        &self,
        expression: &'a Expression,
        focus: &[Item<'a>],
        found: &mut Vec<Item<'a>>,
    ) -> Result<(), Trouble> {
        match expression {
            Expression::Chain(root, steps) => self.chain(root, steps, focus, found),
            Expression::Binary(sign, left, right) => operator::binary(self, *sign, left, right, focus, found),
            Expression::Negate(inner) => {
                match self.list(inner, focus)?.as_slice() {
                    [] => {}
                    [Item::Integer(value)] => found.push(Item::Integer(value.saturating_neg())),
                    [one] => match one.number() {
                        Some(value) => found.push(Item::Decimal(-value)),
                        None => return Err(Trouble::Unfit("the minus sign")),
                    },
                    _ => return Err(Trouble::Several("the minus sign")),
                }
                Ok(())
            }
            Expression::Is(inner, kind) => {
                match self.list(inner, focus)?.as_slice() {
                    [] => {}
                    [one] => found.push(Item::Boolean(one.is(kind))),
                    _ => return Err(Trouble::Several("is")),
                }
                Ok(())
            }
        }
    }

    /// The same, each branch of a union by itself.
    pub(super) fn branches(
        &self,
        expression: &'a Expression,
        focus: &[Item<'a>],
        found: &mut Vec<Item<'a>>,
    ) -> Result<(), Trouble> {
        if let Expression::Binary(Operator::Union, left, right) = expression {
            self.branches(left, focus, found)?;
            return self.branches(right, focus, found);
        }
        self.evaluate(expression, focus, found)
    }

    /// The same as a list of its own.
    pub(super) fn list(&self, expression: &'a Expression, focus: &[Item<'a>]) -> Result<Vec<Item<'a>>, Trouble> {
        let mut found = Vec::new();
        self.evaluate(expression, focus, &mut found)?;
        Ok(found)
    }

    /// Whether a condition holds; no answer counts as no.
    pub(super) fn holds(&self, condition: &'a Expression, focus: Item<'a>) -> Result<bool, Trouble> {
        let found = self.list(condition, std::slice::from_ref(&focus))?;
        Ok(operator::truth(&found)?.unwrap_or(false))
    }

    fn chain(
        &self,
        root: &'a Root,
        steps: &'a [Step],
        focus: &[Item<'a>],
        found: &mut Vec<Item<'a>>,
    ) -> Result<(), Trouble> {
        // Steps that need to see only one item at a time are taken without lists in between.
        let split =
            steps.iter().position(|step| matches!(step, Step::Index(_) | Step::Call(..))).unwrap_or(steps.len());
        let (walk, rest) = steps.split_at(split);
        if rest.is_empty() {
            return self.start(root, walk, focus, found);
        }
        let mut current = Vec::new();
        self.start(root, walk, focus, &mut current)?;
        for step in rest {
            let mut next = Vec::new();
            match step {
                Step::Index(at) => next.extend(current.into_iter().nth(*at)),
                Step::Call(name, arguments) => function::call(self, *name, arguments, current, focus, &mut next)?,
                walked => {
                    for item in current {
                        self.walk(item, std::slice::from_ref(walked), &mut next)?;
                    }
                }
            }
            if next.len() > MOST {
                return Err(Trouble::TooMany(MOST));
            }
            current = next;
        }
        found.append(&mut current);
        Ok(())
    }

    fn start(
        &self,
        root: &'a Root,
        walk: &'a [Step],
        focus: &[Item<'a>],
        found: &mut Vec<Item<'a>>,
    ) -> Result<(), Trouble> {
        let item = match root {
            Root::This => {
                for item in focus {
                    self.walk(item.clone(), walk, found)?;
                }
                return Ok(());
            }
            Root::Group(inner) => {
                if walk.is_empty() {
                    return self.evaluate(inner, focus, found);
                }
                for item in self.list(inner, focus)? {
                    self.walk(item, walk, found)?;
                }
                return Ok(());
            }
            Root::Nothing => return Ok(()),
            Root::Context => match self.context {
                Some(node) => Item::Node(node),
                None => return Ok(()),
            },
            Root::Resource => Item::Node(Node::plain(self.around.resource)),
            Root::Outermost => Item::Node(Node::plain(self.around.root)),
            Root::Text(text) => Item::Text(Cow::Borrowed(text)),
            Root::Boolean(value) => Item::Boolean(*value),
            Root::Integer(value) => Item::Integer(*value),
            Root::Decimal(value) => Item::Decimal(*value),
        };
        self.walk(item, walk, found)
    }

    fn walk(&self, item: Item<'a>, steps: &'a [Step], found: &mut Vec<Item<'a>>) -> Result<(), Trouble> {
        let Some((step, rest)) = steps.split_first() else {
            found.push(item);
            return Ok(());
        };
        match step {
            Step::Member(name) => {
                let Some(node) = item.node() else { return Ok(()) };
                let mut outcome = Ok(());
                member::named(node, name, &mut |child| {
                    if outcome.is_ok() {
                        outcome = self.walk(Item::Node(child), rest, found);
                    }
                });
                outcome
            }
            Step::Choice { key, kind } => {
                let Some(node) = item.node() else { return Ok(()) };
                let mut outcome = Ok(());
                member::chosen(node, key, kind, &mut |child| {
                    if outcome.is_ok() {
                        outcome = self.walk(Item::Node(child), rest, found);
                    }
                });
                outcome
            }
            Step::Kind(kind) => match item.node().and_then(|node| node.value.get("resourceType")?.as_str()) {
                Some(own) if own == &**kind || ABSTRACT.contains(&&**kind) => self.walk(item, rest, found),
                _ => Ok(()),
            },
            Step::OfType(kind) => {
                if item.is(kind) {
                    return self.walk(item, rest, found);
                }
                Ok(())
            }
            Step::Resolves(kind) => {
                if function::resolved(self, &item).is_some_and(|target| target.is(kind)) {
                    return self.walk(item, rest, found);
                }
                Ok(())
            }
            Step::Where(condition) => {
                if self.holds(condition, item.clone())? {
                    return self.walk(item, rest, found);
                }
                Ok(())
            }
            // Taken by `chain`.
            Step::Index(_) | Step::Call(..) => Ok(()),
        }
    }
}
