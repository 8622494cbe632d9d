//! What an expression is once read: a tree in which a walk along elements is one list of steps.

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expression {
    /// A start and the steps from there.
    Chain(Root, Vec<Step>),
    /// Two sides.
    Binary(Operator, Box<Expression>, Box<Expression>),
    /// Minus.
    Negate(Box<Expression>),
    /// `x is T`.
    Is(Box<Expression>, Box<str>),
}

/// Where a chain starts.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Root {
    /// The focus (`$this`, or nothing written).
    This,
    /// `%resource`.
    Resource,
    /// `%rootResource`.
    Outermost,
    /// `%context`: where the whole expression began.
    Context,
    /// `{}`.
    Nothing,
    /// `'text'`, also `%ucum` and its like.
    Text(Box<str>),
    /// `true`.
    Boolean(bool),
    /// `12`.
    Integer(i64),
    /// `1.5`.
    Decimal(f64),
    /// `(...)`.
    Group(Box<Expression>),
}

/// One step of a chain.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    /// An element by name; a choice (`value[x]`) is reached by its short name.
    Member(Box<str>),
    /// A choice of one known type: `value.ofType(Quantity)`.
    Choice {
        /// `valueQuantity`.
        key: Box<str>,
        /// `Quantity`.
        kind: Box<str>,
    },
    /// A type's name at the start: goes on only from a resource of this type.
    Kind(Box<str>),
    /// `[3]`.
    Index(usize),
    /// `ofType(T)` and `as(T)`.
    OfType(Box<str>),
    /// `where(resolve() is T)`: references to a type.
    Resolves(Box<str>),
    /// `where(...)`.
    Where(Box<Expression>),
    /// Any other function.
    Call(Function, Vec<Expression>),
}

/// Signs between two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Or,
    Xor,
    And,
    Implies,
    Equal,
    NotEqual,
    Equivalent,
    NotEquivalent,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    Contains,
    Union,
    Plus,
    Minus,
    Times,
    Over,
    Div,
    Mod,
    Join,
}

/// Functions by name. Those not here are not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    Exists,
    Empty,
    Not,
    Count,
    All,
    AllTrue,
    AllFalse,
    AnyTrue,
    AnyFalse,
    Select,
    Repeat,
    First,
    Last,
    Tail,
    Skip,
    Take,
    Single,
    Distinct,
    IsDistinct,
    Combine,
    Union,
    Intersect,
    Exclude,
    SubsetOf,
    SupersetOf,
    Children,
    Descendants,
    Is,
    Iif,
    Trace,
    HasValue,
    Extension,
    Resolve,
    StartsWith,
    EndsWith,
    Contains,
    Matches,
    ReplaceMatches,
    Replace,
    Substring,
    IndexOf,
    Length,
    Upper,
    Lower,
    ToText,
    ToInteger,
    ToDecimal,
    ToBoolean,
}

impl Function {
    /// Every function with its name and how many arguments it takes (at least, at most).
    pub(super) const NAMED: &[(&'static str, Self, usize, usize)] = &[
        ("exists", Self::Exists, 0, 1),
        ("empty", Self::Empty, 0, 0),
        ("not", Self::Not, 0, 0),
        ("count", Self::Count, 0, 0),
        ("all", Self::All, 1, 1),
        ("allTrue", Self::AllTrue, 0, 0),
        ("allFalse", Self::AllFalse, 0, 0),
        ("anyTrue", Self::AnyTrue, 0, 0),
        ("anyFalse", Self::AnyFalse, 0, 0),
        ("select", Self::Select, 1, 1),
        ("repeat", Self::Repeat, 1, 1),
        ("first", Self::First, 0, 0),
        ("last", Self::Last, 0, 0),
        ("tail", Self::Tail, 0, 0),
        ("skip", Self::Skip, 1, 1),
        ("take", Self::Take, 1, 1),
        ("single", Self::Single, 0, 0),
        ("distinct", Self::Distinct, 0, 0),
        ("isDistinct", Self::IsDistinct, 0, 0),
        ("combine", Self::Combine, 1, 1),
        ("union", Self::Union, 1, 1),
        ("intersect", Self::Intersect, 1, 1),
        ("exclude", Self::Exclude, 1, 1),
        ("subsetOf", Self::SubsetOf, 1, 1),
        ("supersetOf", Self::SupersetOf, 1, 1),
        ("children", Self::Children, 0, 0),
        ("descendants", Self::Descendants, 0, 0),
        ("is", Self::Is, 1, 1),
        ("iif", Self::Iif, 2, 3),
        ("trace", Self::Trace, 1, 2),
        ("hasValue", Self::HasValue, 0, 0),
        ("extension", Self::Extension, 1, 1),
        ("resolve", Self::Resolve, 0, 0),
        ("startsWith", Self::StartsWith, 1, 1),
        ("endsWith", Self::EndsWith, 1, 1),
        ("contains", Self::Contains, 1, 1),
        ("matches", Self::Matches, 1, 1),
        ("replaceMatches", Self::ReplaceMatches, 2, 2),
        ("replace", Self::Replace, 2, 2),
        ("substring", Self::Substring, 1, 2),
        ("indexOf", Self::IndexOf, 1, 1),
        ("length", Self::Length, 0, 0),
        ("upper", Self::Upper, 0, 0),
        ("lower", Self::Lower, 0, 0),
        ("toString", Self::ToText, 0, 0),
        ("toInteger", Self::ToInteger, 0, 0),
        ("toDecimal", Self::ToDecimal, 0, 0),
        ("toBoolean", Self::ToBoolean, 0, 0),
    ];
}

/// Names of types that every resource is.
pub(super) const ABSTRACT: [&str; 2] = ["Resource", "DomainResource"];

impl Expression {
    /// The element at which every walk begins.
    pub(super) fn first(&self) -> Option<&str> {
        match self {
            Self::Chain(Root::This, steps) => match steps.first()? {
                Step::Member(name) => Some(name),
                Step::Choice { key, kind } => key.strip_suffix(&**kind),
                _ => None,
            },
            Self::Chain(Root::Group(inner), _) => inner.first(),
            Self::Binary(Operator::Union, left, right) => left.first().filter(|first| right.first() == Some(first)),
            _ => None,
        }
    }

    /// Without a last step that narrows references to one type, and that type.
    pub(super) fn narrowed(&self) -> Option<(Self, &str)> {
        let Self::Chain(root, steps) = self else { return None };
        let (Step::Resolves(kind), whole) = steps.split_last()? else { return None };
        Some((Self::Chain(root.clone(), whole.to_vec()), kind))
    }

    /// Without the branches of a union that start at another type; `None` where none is left.
    pub(super) fn for_kind(self, kind: &str) -> Option<Self> {
        match self {
            Self::Binary(Operator::Union, left, right) => match (left.for_kind(kind), right.for_kind(kind)) {
                (Some(left), Some(right)) => Some(Self::Binary(Operator::Union, Box::new(left), Box::new(right))),
                (Some(one), None) | (None, Some(one)) => Some(one),
                (None, None) => None,
            },
            Self::Chain(Root::Group(inner), steps) => {
                let inner = inner.for_kind(kind)?;
                match inner {
                    inner if steps.is_empty() => Some(inner),
                    // A walk in brackets that goes on outside them is one walk.
                    Self::Chain(root, mut first) => {
                        first.extend(steps);
                        Some(Self::Chain(root, first))
                    }
                    other => Some(Self::Chain(Root::Group(Box::new(other)), steps)),
                }
            }
            Self::Chain(Root::This, mut steps) => {
                if let Some(Step::Kind(named)) = steps.first() {
                    if **named != *kind && !ABSTRACT.contains(&&**named) {
                        return None;
                    }
                    // The caller knows the type; testing it again for every resource would be waste.
                    steps.remove(0);
                }
                Some(Self::Chain(Root::This, steps))
            }
            other => Some(other),
        }
    }
}
