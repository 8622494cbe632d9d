//! Words that come again and again, numbered in the order in which they first came.

use std::collections::HashMap;

/// Words and their numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    list: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Words {
    /// The number of a word, new or known.
    pub fn number(&mut self, word: &str) -> u32 {
        if let Some(number) = self.numbers.get(word) {
            return *number;
        }
        let number = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.list.push(word.to_owned());
        self.numbers.insert(word.to_owned(), number);
        number
    }

    /// The number of a word that is known.
    #[must_use]
    pub fn find(&self, word: &str) -> Option<u32> {
        self.numbers.get(word).copied()
    }

    /// The word of a number; empty where there is none.
    #[must_use]
    pub fn word(&self, number: u32) -> &str {
        self.list.get(number as usize).map_or("", String::as_str)
    }

    /// All of them in the order of their numbers.
    #[must_use]
    pub fn list(&self) -> &[String] {
        &self.list
    }

    /// As they were written down before.
    #[must_use]
    pub fn of(words: &[String]) -> Self {
        let mut all = Self::default();
        for word in words {
            all.number(word);
        }
        all
    }
}
