//! Pagination: previous, next and the numbers between, for a list that does not fit on one page.

use super::Icon;
use askama::Template;
use askama::filters::HtmlSafe;

/// One place in the row of numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Page {
    /// A page, where it is, and whether it is this one.
    Number {
        /// From 1.
        number: u32,
        /// Its address.
        href: String,
        /// The page we are on.
        current: bool,
    },
    /// Pages left out.
    Gap,
}

/// The row of numbers with a step back and a step on.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "components/pagination.html")]
pub struct Pagination {
    /// The page before.
    pub previous: Option<String>,
    /// The page after.
    pub next: Option<String>,
    /// The numbers.
    pub pages: Vec<Page>,
}

impl HtmlSafe for Pagination {}

impl Pagination {
    /// The row for page `current` of `last`: first, last, and the neighbours of the current one; nothing for one page.
    pub fn of(current: u32, last: u32, address: impl Fn(u32) -> String) -> Option<Self> {
        if last <= 1 {
            return None;
        }
        let mut pages = Vec::new();
        let mut before = 0;
        // A page past the end is read as the last one.
        let current = current.clamp(1, last);
        let mut shown = vec![1, current.saturating_sub(1).max(1), current, current.saturating_add(1).min(last), last];
        shown.dedup();
        for number in shown {
            match number - before {
                1 => {}
                // A gap of one page is that page.
                2 => pages.push(Page::Number { number: number - 1, href: address(number - 1), current: false }),
                _ => pages.push(Page::Gap),
            }
            pages.push(Page::Number { number, href: address(number), current: number == current });
            before = number;
        }
        Some(Self {
            previous: (current > 1).then(|| address(current - 1)),
            next: (current < last).then(|| address(current + 1)),
            pages,
        })
    }

    fn left(&self) -> Icon {
        Icon::ARROW_LEFT
    }

    fn right(&self) -> Icon {
        Icon::ARROW_RIGHT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(current: u32, last: u32) -> String {
        let row = Pagination::of(current, last, |n| format!("?page={n}")).unwrap();
        let words = row.pages.iter().map(|page| match page {
            Page::Number { number, current: true, .. } => format!("[{number}]"),
            Page::Number { number, .. } => number.to_string(),
            Page::Gap => "…".to_owned(),
        });
        words.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn shows_the_ends_and_the_neighbours() {
        assert_eq!(Pagination::of(1, 1, |n| n.to_string()).map(|row| row.pages), None);
        assert_eq!(shape(1, 3), "[1] 2 3");
        assert_eq!(shape(4, 40), "1 2 3 [4] 5 … 40");
        assert_eq!(shape(10, 40), "1 … 9 [10] 11 … 40");
        assert_eq!(shape(40, 40), "1 … 39 [40]");
        assert_eq!(shape(2, 2), "1 [2]");
        assert_eq!(shape(99, 3), "1 2 [3]");
        assert_eq!(shape(0, 3), "[1] 2 3");
        assert_eq!(shape(5, u32::MAX), "1 … 4 [5] 6 … 4294967295");
    }
}
