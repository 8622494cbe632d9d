//! Identity review: the list of records that may be one person, and one pair side by side with what speaks for and against, the
//! decision and its undoing. No score stands first: the words do, the numbers beneath.

pub mod household;
pub mod waterfall;

use crate::components::{
    BackLink, Button, ButtonKind, Cell, Choice, Choices, Column, ErrorSummary, Html, InsetText, Label, Legend, Link,
    NotificationBanner, Pagination, Problem, Table, Textarea, WarningCallout,
};
use crate::layout::Shell;
use askama::Template;
use household::Home;
use waterfall::Waterfall;

/// A pair on the list.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Address of its page; carries an opaque id.
    pub href: String,
    /// The two, by name: `Margaret Ashworth and Peggy Ashworth`.
    pub who: String,
    /// When they were born, in a few words.
    pub born: String,
    /// Why it waits.
    pub why: String,
    /// What would change.
    pub change: String,
    /// How likely, in words.
    pub likely: String,
}

/// A decision.
#[derive(Debug, Clone, Default)]
pub struct Past {
    /// Address of its page.
    pub href: String,
    /// What was decided.
    pub what: String,
    /// When.
    pub when: String,
    /// By how many people.
    pub by: String,
}

/// One band of certainty.
#[derive(Debug, Clone, Default)]
pub struct Band {
    /// In words.
    pub said: String,
    /// How many were decided.
    pub decided: i64,
    /// How many of them were one person.
    pub same: i64,
    /// The share with its limits, in words.
    pub share: String,
}

/// The list.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "identity/list.html")]
pub struct List {
    /// Shell.
    pub shell: Shell,
    /// Whether anything has been learnt.
    pub learnt: bool,
    /// How many wait, in a sentence.
    pub count: String,
    /// The pairs.
    pub rows: Vec<Row>,
    /// Further pages.
    pub pagination: Option<Pagination>,
    /// The last decisions.
    pub decided: Vec<Past>,
    /// By certainty.
    pub bands: Vec<Band>,
    /// What was just done, in a sentence.
    pub done: Option<String>,
}

impl List {
    fn told(&self) -> Option<NotificationBanner> {
        self.done.as_deref().map(NotificationBanner::success)
    }

    fn table(&self) -> Table {
        let rows = self.rows.iter().map(|row| {
            let who = Html::of(&Link::new(&row.who, &row.href));
            vec![
                Cell::holding(who),
                row.born.as_str().into(),
                row.why.as_str().into(),
                row.change.as_str().into(),
                row.likely.as_str().into(),
            ]
        });
        let columns = ["Who", "Born", "Why it waits", "What a join would move", "How likely one person"];
        Table::new("Pairs that wait", columns.map(Column::new).to_vec(), rows.collect())
    }

    fn decisions(&self) -> Table {
        let rows = self.decided.iter().map(|past| {
            let what = Html::of(&Link::new(&past.what, &past.href));
            vec![Cell::holding(what), past.by.as_str().into(), past.when.as_str().into()]
        });
        let columns = ["Decision", "By", "When"].map(Column::new).to_vec();
        Table { compact: true, caption_size: None, ..Table::new("Decided last", columns, rows.collect()) }
    }

    fn bands_table(&self) -> Table {
        let rows = self.bands.iter().map(|band| {
            let (decided, same) = (band.decided.to_string(), band.same.to_string());
            vec![band.said.as_str().into(), decided.as_str().into(), same.as_str().into(), band.share.as_str().into()]
        });
        let columns = vec![
            Column::new("Certainty by the weights"),
            Column::numeric("Decided"),
            Column::numeric("One person"),
            Column::new("Share (95% limits, Wilson)"),
        ];
        Table { compact: true, caption_size: None, ..Table::new("Decisions by certainty", columns, rows.collect()) }
    }
}

/// A piece of a cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// The text.
    pub text: String,
    /// Whether the other record has something else here.
    pub differs: bool,
}

/// A row of the comparison.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// What.
    pub name: String,
    /// By the first and by the second record.
    pub cells: [Vec<Part>; 2],
}

/// One pair.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "identity/pair.html")]
pub struct Pair {
    /// Shell, with the token of the forms.
    pub shell: Shell,
    /// Address that the forms are sent to.
    pub action: String,
    /// Address of the pair after this one.
    pub next: String,
    /// Why it waits.
    pub why: String,
    /// What was decided or proposed already.
    pub standing: Option<String>,
    /// The two side by side.
    pub lines: Vec<Line>,
    /// How they compare, in a sentence.
    pub sentence: String,
    /// The drawing.
    pub waterfall: Waterfall,
    /// Who else lives at their addresses.
    pub homes: Vec<Home>,
    /// What would change.
    pub changes: Vec<String>,
    /// What makes a join risky.
    pub risks: Vec<String>,
    /// Whether a decision can be taken.
    pub open: bool,
    /// Whether one can be taken back.
    pub undoes: bool,
    /// What was typed.
    pub note: String,
    /// What is wrong: the field, the sentence.
    pub error: Option<(&'static str, String)>,
}

impl Pair {
    fn back(&self) -> BackLink {
        BackLink::to("Back to the list", "/identity")
    }

    fn summary(&self) -> Option<ErrorSummary> {
        self.error.as_ref().map(|(field, text)| ErrorSummary::new(vec![Problem::at(field, text)]))
    }

    fn inset(&self, text: &str) -> InsetText {
        InsetText::new(text)
    }

    fn risk(&self) -> Option<WarningCallout> {
        if self.risks.is_empty() {
            return None;
        }
        let text = format!(
            "This is a risky join: {}. Two stewards have to say that they are one person; the second must be somebody else.",
            self.risks.join("; ")
        );
        Some(WarningCallout::new("Two people for this one", &text))
    }

    fn weights_table(&self) -> Table {
        let rows = self.waterfall.steps.iter().map(|step| {
            vec![
                step.name.as_str().into(),
                step.level.as_str().into(),
                Cell::from(waterfall::bits(step.weight).as_str()),
                Cell::from(waterfall::bits(step.after).as_str()),
            ]
        });
        let columns = vec![
            Column::new("What"),
            Column::new("How the two stand"),
            Column::numeric("Bits"),
            Column::numeric("Sum so far"),
        ];
        Table { compact: true, caption_size: None, ..Table::new("The weights in numbers", columns, rows.collect()) }
    }

    fn error_at(&self, id: &str) -> Html {
        let error = self.error.as_ref().filter(|(field, _)| *field == id);
        error.map(|(_, text)| Html::from(text.as_str())).unwrap_or_default()
    }

    fn note_field(&self) -> Textarea {
        Textarea {
            hint: "Whom you asked and what they said. Do not write names or numbers here".into(),
            error: self.error_at("note"),
            value: self.note.clone(),
            rows: 3,
            ..Textarea::new("note", Label::new("How do you know?"))
        }
    }

    fn undo_field(&self) -> Textarea {
        Textarea { error: self.error_at("undo"), rows: 3, ..Textarea::new("undo", Label::new("Why is it taken back?")) }
    }

    fn button(text: &str, value: &str) -> Button {
        Button {
            name_value: Some(("verdict".to_owned(), value.to_owned())),
            prevent_double_click: Some(true),
            kind: ButtonKind::Secondary,
            ..Button::submit(text)
        }
    }

    fn same(&self) -> Button {
        Self::button("Join: one person", "same")
    }

    fn not_same(&self) -> Button {
        Self::button("Not the same person", "not-same")
    }

    fn not_sure(&self) -> Button {
        Self::button("Not sure", "not-sure")
    }

    fn keys_choice(&self) -> Choices {
        let choice = Choice::new("on", "Use keys on these pages", false);
        let mut choices = Choices::checkboxes("keys", Legend::default(), vec![choice]);
        (choices.legend, choices.small) = (None, true);
        choices
    }

    fn undo_button(&self) -> Button {
        Self::button("Take it back", "undo")
    }
}

/// The list as HTML.
#[must_use]
pub fn render_list(view: &List) -> String {
    view.to_string()
}

/// One pair as HTML.
#[must_use]
pub fn render_pair(view: &Pair) -> String {
    view.to_string()
}

/// Two texts in pieces: what they begin and end with alike, and what differs between.
#[must_use]
pub fn marked(one: &str, other: &str) -> [Vec<Part>; 2] {
    let whole = |text: &str, differs: bool| {
        if text.is_empty() { Vec::new() } else { vec![Part { text: text.to_owned(), differs }] }
    };
    // One system writes in capitals: that is how it writes, not what it says.
    let same = |(one, other): &(&char, &char)| one == other || one.to_lowercase().eq(other.to_lowercase());
    let (a, b): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let begin = a.iter().zip(&b).take_while(same).count();
    if one.is_empty() || other.is_empty() || (begin == a.len() && begin == b.len()) {
        return [whole(one, false), whole(other, false)];
    }
    let most = a.len().min(b.len()) - begin;
    let end = a.iter().rev().zip(b.iter().rev()).take(most).take_while(same).count();
    [a, b].map(|text| {
        let part =
            |from: usize, until: usize, differs: bool| Part { text: text[from..until].iter().collect(), differs };
        let parts =
            [part(0, begin, false), part(begin, text.len() - end, true), part(text.len() - end, text.len(), false)];
        parts.into_iter().filter(|part| !part.text.is_empty()).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_differs_between_two_writings_is_marked() {
        let [one, other] = marked("1938-03-14", "1938-03-15");
        assert_eq!(one.last(), Some(&Part { text: "4".to_owned(), differs: true }));
        assert_eq!(other.first(), Some(&Part { text: "1938-03-1".to_owned(), differs: false }));
        assert!(marked("Ashworth", "").iter().flatten().all(|part| !part.differs), "missing is no difference");
        assert!(
            marked("Zieliński", "ZIELIŃSKI").iter().flatten().all(|part| !part.differs),
            "capitals are none either"
        );
    }

    proptest! {
        #[test]
        fn nothing_is_lost_by_marking(one in "[a-cé]{0,8}", other in "[a-cé]{0,8}") {
            let [a, b] = marked(&one, &other);
            let text = |parts: &[Part]| parts.iter().map(|part| part.text.as_str()).collect::<String>();
            prop_assert_eq!(text(&a), one);
            prop_assert_eq!(text(&b), other);
        }
    }
}
