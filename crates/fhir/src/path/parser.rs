//! Reads an expression: the precedence of FHIRPath, from `implies` (loosest) to the dot.

use super::PathError;
use super::expression::{Expression, Function, Operator, Root, Step};
use super::lexer::{Token, tokens};

type Parsed<T> = Result<T, (usize, String)>;

/// How deep brackets may nest: expressions come from definitions, but a stack is a stack.
const DEEPEST: usize = 64;

/// Reads the whole of it.
pub(super) fn parse(expression: &str) -> Result<Expression, PathError> {
    let whole = || -> Parsed<Expression> {
        let mut parser = Parser { tokens: tokens(expression)?, next: 0, end: expression.len(), depth: 0 };
        let parsed = parser.level(0)?;
        match parser.tokens.get(parser.next) {
            None => Ok(parsed),
            Some((at, token)) => Err((*at, format!("{token:?} cannot follow here"))),
        }
    };
    whole().map_err(|(at, why)| PathError { expression: expression.to_owned(), at, why })
}

/// Operators from the loosest level to the tightest. `is` and `as` stand between the comparisons and the sums.
const LEVELS: [&[(&str, Operator)]; 8] = [
    &[("implies", Operator::Implies)],
    &[("or", Operator::Or), ("xor", Operator::Xor)],
    &[("and", Operator::And)],
    &[("in", Operator::In), ("contains", Operator::Contains)],
    &[("=", Operator::Equal), ("!=", Operator::NotEqual), ("~", Operator::Equivalent), ("!~", Operator::NotEquivalent)],
    &[("<=", Operator::LessOrEqual), (">=", Operator::GreaterOrEqual), ("<", Operator::Less), (">", Operator::Greater)],
    &[("|", Operator::Union)],
    &[("is", Operator::Equal), ("as", Operator::Equal)],
];
const TYPES: usize = 7;

const SUMS: [&[(&str, Operator)]; 2] = [
    &[("+", Operator::Plus), ("-", Operator::Minus), ("&", Operator::Join)],
    &[("*", Operator::Times), ("/", Operator::Over), ("div", Operator::Div), ("mod", Operator::Mod)],
];

struct Parser {
    tokens: Vec<(usize, Token)>,
    next: usize,
    end: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|(_, token)| token)
    }

    fn place(&self) -> usize {
        self.tokens.get(self.next).map_or(self.end, |(at, _)| *at)
    }

    fn wrong<T>(&self, why: impl Into<String>) -> Parsed<T> {
        Err((self.place(), why.into()))
    }

    fn takes(&mut self, sign: &str) -> bool {
        let is = matches!(self.peek(), Some(Token::Sign(found)) if *found == sign);
        self.next += usize::from(is);
        is
    }

    fn needs(&mut self, sign: &str) -> Parsed<()> {
        if self.takes(sign) { Ok(()) } else { self.wrong(format!("`{sign}` is missing")) }
    }

    fn operator(&self, level: &[(&str, Operator)]) -> Option<Operator> {
        let written = match self.peek()? {
            Token::Sign(sign) => *sign,
            Token::Name(name) => name.as_str(),
            _ => return None,
        };
        level.iter().find(|(name, _)| *name == written).map(|(_, operator)| *operator)
    }

    fn level(&mut self, level: usize) -> Parsed<Expression> {
        if level == TYPES {
            return self.typed();
        }
        let mut left = self.level(level + 1)?;
        while let Some(operator) = self.operator(LEVELS[level]) {
            self.next += 1;
            let right = self.level(level + 1)?;
            left = Expression::Binary(operator, Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    fn typed(&mut self) -> Parsed<Expression> {
        let mut left = self.sum(0)?;
        loop {
            let is = match self.peek() {
                Some(Token::Name(name)) if name == "is" => true,
                Some(Token::Name(name)) if name == "as" => false,
                _ => return Ok(left),
            };
            self.next += 1;
            let kind = self.kind()?;
            left = if is { Expression::Is(Box::new(left), kind) } else { cast(left, kind) };
        }
    }

    fn sum(&mut self, level: usize) -> Parsed<Expression> {
        let Some(operators) = SUMS.get(level) else { return self.signed() };
        let mut left = self.sum(level + 1)?;
        while let Some(operator) = self.operator(operators) {
            self.next += 1;
            let right = self.sum(level + 1)?;
            left = Expression::Binary(operator, Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    fn signed(&mut self) -> Parsed<Expression> {
        if self.takes("-") {
            return Ok(Expression::Negate(Box::new(self.chain()?)));
        }
        self.takes("+");
        self.chain()
    }

    fn chain(&mut self) -> Parsed<Expression> {
        let mut steps = Vec::new();
        let root = self.root(&mut steps)?;
        loop {
            if self.takes(".") {
                let Some(Token::Name(name)) = self.peek().cloned() else {
                    if matches!(self.peek(), Some(Token::Special(_))) {
                        // `$this` after a dot says nothing new.
                        self.next += 1;
                        continue;
                    }
                    return self.wrong("the name of an element or function is missing");
                };
                self.next += 1;
                self.step(name, &mut steps)?;
            } else if self.takes("[") {
                let Some(Token::Number(digits)) = self.peek().cloned() else {
                    return self.wrong("only a number can stand in square brackets");
                };
                self.next += 1;
                self.needs("]")?;
                let Ok(index) = digits.parse() else { return self.wrong("this number is too large") };
                steps.push(Step::Index(index));
            } else {
                return Ok(Expression::Chain(root, steps));
            }
        }
    }

    fn root(&mut self, steps: &mut Vec<Step>) -> Parsed<Root> {
        let Some(token) = self.peek().cloned() else { return self.wrong("the expression ends too early") };
        let at = self.place();
        self.next += 1;
        Ok(match token {
            Token::Text(text) => Root::Text(text.into()),
            Token::Number(digits) => match digits.parse::<i64>() {
                Ok(whole) => Root::Integer(whole),
                Err(_) => Root::Decimal(digits.parse().map_err(|_| (at, "this is not a number".to_owned()))?),
            },
            Token::Special(name) if name == "this" => Root::This,
            Token::Variable(name) => variable(&name).ok_or_else(|| (at, format!("%{name} is not known here")))?,
            Token::Sign("{}") => Root::Nothing,
            Token::Sign("{") => {
                self.needs("}")?;
                Root::Nothing
            }
            Token::Sign("(") => Root::Group(Box::new(self.nested()?)),
            Token::Name(name) => {
                if !matches!(self.peek(), Some(Token::Sign("("))) {
                    match name.as_str() {
                        "true" => return Ok(Root::Boolean(true)),
                        "false" => return Ok(Root::Boolean(false)),
                        _ => {}
                    }
                    if name.as_bytes().first().is_some_and(u8::is_ascii_uppercase) {
                        steps.push(Step::Kind(name.into()));
                        return Ok(Root::This);
                    }
                }
                self.step(name, steps)?;
                Root::This
            }
            other => return Err((at, format!("{other:?} cannot begin a value"))),
        })
    }

    /// What stands in brackets, and the bracket that closes it.
    fn nested(&mut self) -> Parsed<Expression> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return self.wrong("brackets are nested too deep");
        }
        let inner = self.level(0)?;
        self.depth -= 1;
        self.needs(")")?;
        Ok(inner)
    }

    fn step(&mut self, name: String, steps: &mut Vec<Step>) -> Parsed<()> {
        if !self.takes("(") {
            steps.push(Step::Member(name.into()));
            return Ok(());
        }
        let at = self.place();
        match name.as_str() {
            "ofType" | "as" => {
                let kind = self.kind()?;
                self.needs(")")?;
                of_type(steps, kind);
            }
            "is" => {
                let kind = self.kind()?;
                self.needs(")")?;
                let kind = Expression::Chain(Root::Text(kind), Vec::new());
                steps.push(Step::Call(Function::Is, vec![kind]));
            }
            "where" => {
                let condition = self.nested()?;
                steps.push(match resolves(&condition) {
                    Some(kind) => Step::Resolves(kind),
                    None => Step::Where(Box::new(condition)),
                });
            }
            _ => {
                let Some((_, function, least, most)) = Function::NAMED.iter().find(|(known, ..)| *known == name) else {
                    return Err((at, format!("the function {name}() is not known here")));
                };
                let mut arguments = Vec::new();
                if !self.takes(")") {
                    loop {
                        arguments.push(self.level(0)?);
                        if !self.takes(",") {
                            break;
                        }
                    }
                    self.needs(")")?;
                }
                if arguments.len() < *least || arguments.len() > *most {
                    return Err((at, format!("{name}() takes {least} to {most} arguments")));
                }
                steps.push(Step::Call(*function, arguments));
            }
        }
        Ok(())
    }

    /// A type: `Quantity`, `FHIR.Quantity`, `System.String`.
    fn kind(&mut self) -> Parsed<Box<str>> {
        loop {
            let Some(Token::Name(name)) = self.peek().cloned() else {
                return self.wrong("the name of a type is missing");
            };
            self.next += 1;
            if matches!(name.as_str(), "FHIR" | "System") && self.takes(".") {
                continue;
            }
            return Ok(name.into());
        }
    }
}

fn variable(name: &str) -> Option<Root> {
    Some(match name {
        "resource" => Root::Resource,
        "rootResource" => Root::Outermost,
        "context" => Root::Context,
        "ucum" => Root::Text("http://unitsofmeasure.org".into()),
        "sct" => Root::Text("http://snomed.info/sct".into()),
        "loinc" => Root::Text("http://loinc.org".into()),
        _ => return None,
    })
}

fn cast(left: Expression, kind: Box<str>) -> Expression {
    match left {
        Expression::Chain(root, mut steps) => {
            of_type(&mut steps, kind);
            Expression::Chain(root, steps)
        }
        other => Expression::Chain(Root::Group(Box::new(other)), vec![Step::OfType(kind)]),
    }
}

/// `value.ofType(Quantity)` is one look-up of `valueQuantity`, where that is how the choice is written.
fn of_type(steps: &mut Vec<Step>, kind: Box<str>) {
    if let Some(Step::Member(name)) = steps.last()
        && let Some(suffix) = super::member::suffix(&kind)
    {
        let key = format!("{name}{suffix}");
        steps.pop();
        steps.push(Step::Choice { key: key.into(), kind: suffix.into() });
        return;
    }
    steps.push(Step::OfType(kind));
}

/// The type in `resolve() is T`.
fn resolves(condition: &Expression) -> Option<Box<str>> {
    let Expression::Is(left, kind) = condition else { return None };
    match &**left {
        Expression::Chain(Root::This, steps) => {
            matches!(&**steps, [Step::Call(Function::Resolve, _)]).then(|| kind.clone())
        }
        _ => None,
    }
}
