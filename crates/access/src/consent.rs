//! The consent list: what a person can let somebody else see, in plain words, and the classes of entry behind each line. Must
//! not offer what cannot be shared: raw messages, who looked, nobody's directory.

use crate::relationship::Classes;
use crate::role::Class;

/// One line of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Its word in a form.
    pub word: &'static str,
    /// What it says.
    pub said: &'static str,
    /// The classes behind it.
    pub classes: &'static [Class],
}

/// The lines, in the order in which they are offered. Together they are everything that can be shared.
pub static PARTS: &[Part] = &[
    Part { word: "appointments", said: "Appointments, visits and stays", classes: &[Class::Encounter, Class::Booking] },
    Part { word: "medicines", said: "Medicines and allergies", classes: &[Class::Medicine, Class::Allergy] },
    Part {
        word: "plans",
        said: "Plans, wishes and people to contact",
        classes: &[Class::Plan, Class::Contact, Class::Alert],
    },
    Part { word: "conditions", said: "Conditions and operations", classes: &[Class::Problem, Class::Procedure] },
    Part { word: "results", said: "Results and measurements", classes: &[Class::Result] },
    Part { word: "letters", said: "Letters and documents", classes: &[Class::Document] },
    Part { word: "social-care", said: "Social care", classes: &[Class::SocialCare] },
    Part { word: "asks", said: "Requests for help, and to ask for help", classes: &[Class::Ask] },
    Part { word: "rest", said: "Anything else that is written down", classes: &[Class::Other] },
];

/// Who somebody is goes with every line: without a name nobody knows whose record they read.
const ALWAYS: [Class; 1] = [Class::Identity];

/// The classes of some lines of the list, by their words; a word that is no line is passed over. Nothing chosen is nothing.
#[must_use]
pub fn classes<'w>(words: impl IntoIterator<Item = &'w str>) -> Classes {
    let chosen: Vec<&str> = words.into_iter().collect();
    let parts = PARTS.iter().filter(|part| chosen.contains(&part.word));
    let chosen = parts.flat_map(|part| part.classes).fold(Classes::NONE, |all, class| all.and(Classes::of([*class])));
    if chosen == Classes::NONE { chosen } else { chosen.and(Classes::of(ALWAYS)) }
}

/// Everything that can be shared.
#[must_use]
pub fn everything() -> Classes {
    classes(PARTS.iter().map(|part| part.word))
}

/// Whether everything in a set can be shared at all.
#[must_use]
pub fn can_be_shared(classes: Classes) -> bool {
    everything().and(classes) == everything()
}

/// The lines that a set holds whole, in words; one line for everything.
#[must_use]
pub fn said(classes: Classes) -> Vec<&'static str> {
    if can_be_shared(classes) && classes.and(everything()) == classes {
        return vec!["Everything but what is sealed or marked as sensitive"];
    }
    PARTS.iter().filter(|part| part.classes.iter().all(|class| classes.has(*class))).map(|part| part.said).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_holds_every_class_but_those_that_cannot_be_shared() {
        for class in Class::ALL {
            let kept = matches!(class, Class::Message | Class::Looks | Class::Directory);
            assert_eq!(everything().has(class), !kept, "{class:?}");
            assert_eq!(can_be_shared(Classes::of([class])), !kept, "{class:?}");
        }
        assert!(!can_be_shared(Classes::ALL), "a set that is open to classes yet to come is not on the list");
    }

    #[test]
    fn what_is_said_of_a_set_is_what_was_chosen() {
        for part in PARTS {
            let classes = classes([part.word]);
            assert_eq!(said(classes), [part.said]);
            assert!(classes.has(Class::Identity));
        }
        assert_eq!(classes(["nothing", ""]), Classes::NONE);
        assert_eq!(said(everything()).len(), 1);
        assert!(said(Classes::NONE).is_empty());
    }
}
