//! Sentences made from columns: `{Service Type}[: {Service Component}]`. A part in square brackets is left out when one
//! of its columns is empty; the whole is left out when a column outside brackets is. Must not change what a column says.

use super::column::{Column, Scope};
use super::table::Located;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Words(String),
    Column(Column),
    Maybe(Vec<Piece>),
}

/// A parsed sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Text(Vec<Piece>);

impl Text {
    /// Reads a sentence; its mistakes go into the scope's notes.
    pub(super) fn parse(text: &Located, scope: &mut Scope<'_, '_>) -> Self {
        let filled = Located { text: scope.filled(text), span: text.span.clone() };
        let mut pieces = Vec::new();
        let mut rest = filled.text.as_str();
        while let Some(at) = rest.find(['[', ']']) {
            let (before, bracket) = rest.split_at(at);
            pieces.extend(flat(before, &filled, scope));
            let inside = bracket.strip_prefix('[').and_then(|inner| inner.split_once(']'));
            let Some((inner, after)) = inside else {
                scope.notes.add(&filled.span, "the square brackets of this text do not pair up");
                return Self(pieces);
            };
            pieces.push(Piece::Maybe(flat(inner, &filled, scope)));
            rest = after;
        }
        pieces.extend(flat(rest, &filled, scope));
        Self(pieces)
    }

    /// The sentence for one row.
    pub(super) fn say<'r>(&self, get: impl Fn(Column) -> Option<&'r str> + Copy) -> Option<String> {
        let said = join(&self.0, get)?;
        let trimmed = said.trim();
        (!trimmed.is_empty()).then(|| trimmed.to_owned())
    }
}

/// The pieces one after another; `None` if a column says nothing outside brackets, or no column says anything.
fn join<'r>(pieces: &[Piece], get: impl Fn(Column) -> Option<&'r str> + Copy) -> Option<String> {
    let mut said = String::new();
    let mut spoke = false;
    for piece in pieces {
        match piece {
            Piece::Words(words) => said.push_str(words),
            Piece::Column(column) => {
                said.push_str(get(*column)?);
                spoke = true;
            }
            Piece::Maybe(pieces) => {
                if let Some(part) = join(pieces, get) {
                    said.push_str(&part);
                    spoke = true;
                }
            }
        }
    }
    spoke.then_some(said)
}

/// Words and columns, no brackets.
fn flat(text: &str, whole: &Located, scope: &mut Scope<'_, '_>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((words, after)) = rest.split_once('{') {
        if !words.is_empty() {
            pieces.push(Piece::Words(words.to_owned()));
        }
        let Some((name, after)) = after.split_once('}') else {
            scope.notes.add(&whole.span, "a { of this text has no }");
            return pieces;
        };
        let name = Located { text: name.to_owned(), span: whole.span.clone() };
        pieces.push(Piece::Column(scope.column(&name)));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Words(rest.to_owned()));
    }
    pieces
}
