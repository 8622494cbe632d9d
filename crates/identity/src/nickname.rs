//! Names that one person may go by: *Bill* and *William*, *Mohammed* and *Muhammad*. Data in `data/nicknames.txt`.

use std::collections::HashMap;
use std::sync::LazyLock;

const LIST: &str = include_str!("../data/nicknames.txt");

/// At most this many classes a name stands in.
pub const MOST: usize = 4;

/// The classes of a name, 0 where there are no more.
pub type Classes = [u16; MOST];

static CLASSES: LazyLock<HashMap<&'static str, Classes>> = LazyLock::new(|| {
    let mut all: HashMap<&'static str, Classes> = HashMap::new();
    let lines = LIST.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    for (class, line) in (1u16..).zip(lines) {
        for name in line.split(' ') {
            let classes = all.entry(name).or_default();
            if let Some(free) = classes.iter_mut().find(|slot| **slot == 0) {
                *free = class;
            }
        }
    }
    all
});

/// The classes that a cleaned given name stands in.
#[must_use]
pub fn classes(name: &str) -> Classes {
    CLASSES.get(name).copied().unwrap_or_default()
}

/// True where two names share a class.
#[must_use]
pub fn share(one: &Classes, other: &Classes) -> bool {
    one.iter().any(|class| *class != 0 && other.contains(class))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_forms_share_a_class_with_the_whole_name_and_not_with_others() {
        assert!(share(&classes("bill"), &classes("william")));
        assert!(share(&classes("chris"), &classes("christine")) && share(&classes("chris"), &classes("christopher")));
        assert!(!share(&classes("christine"), &classes("christopher")));
        assert!(!share(&classes("zzz"), &classes("zzz")), "a name that is not listed has no class");
    }

    #[test]
    fn no_name_stands_in_more_classes_than_are_kept() {
        let mut lines: HashMap<&str, usize> = HashMap::new();
        for line in LIST.lines().filter(|line| !line.starts_with('#')) {
            line.split(' ').for_each(|name| *lines.entry(name).or_default() += 1);
        }
        assert!(lines.values().all(|count| *count <= MOST), "{lines:?}");
    }
}
