//! FHIR API: what it is, how to get a token in the demonstration, calls to try. For the people who write programs for it.

use crate::components::{Cell, Column, Details, Html, Table, WarningCallout};
use crate::layout::Shell;
use askama::Template;

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "api/page.html")]
pub struct View {
    /// Shell.
    pub shell: Shell,
    /// Where it is: `http://127.0.0.1:8080/fhir`.
    pub base: String,
    /// Whether anybody may have a token of one of the demonstration's people.
    pub demo: bool,
    /// How to get one.
    pub token: String,
    /// The word for each of the demonstration's people, their role, what they see.
    pub people: Vec<(String, String, String)>,
    /// What it shows, and the call.
    pub examples: Vec<(String, String)>,
}

impl View {
    fn warning(&self) -> WarningCallout {
        let sentence = "Every person, message and record here is made up. Do not send anything about a real person.";
        WarningCallout { level: 2, ..WarningCallout::new("Demonstration data, not for live care", sentence) }
    }

    fn offers(&self) -> Html {
        Html::bullets(&[
            "read, version read, and the history of a resource or a type",
            "search on the parameters of R4, with chains, _has, includes, sorting and pages that hold still",
            "create, update, patch (JSON Patch) and delete, each also conditional; a write over somebody else’s is refused (ETag, If-Match)",
            "transactions, whole or not at all, and batches",
            "everything about one person ($everything), validation against R4 ($validate), and who a set of demographics may mean ($match)",
            "a referral by message ($process-message), which becomes an ask for help; an ask reads as ServiceRequest, Task and Communication",
        ])
    }

    fn rules(&self) -> Html {
        Html::bullets(&[
            "It is strict. A parameter, modifier, element or value that it does not know is refused with the names that it does, and never passed over.",
            "Put names and NHS numbers in the form of POST …/_search, not in an address: addresses stand in logs and histories.",
            "What your role may not see does not exist for you: it is not found, not counted, and decides no search.",
            "Each look at a person is written down before you are answered. Looks at the same person within ten minutes count as one sitting.",
            "A request holds at most 10 MB, a Bundle at most 5,000 entries.",
            "Everything refused comes as an OperationOutcome that says what is wrong, where, and what to do.",
        ])
    }

    fn personas(&self) -> Details {
        let rows = self
            .people
            .iter()
            .map(|(word, role, sees)| vec![Cell::from(word.as_str()), role.as_str().into(), sees.as_str().into()]);
        let columns = vec![Column::new("persona"), Column::new("Role"), Column::new("Sees")];
        let table = Table::new("Whose token one can have", columns, rows.collect());
        Details::new("Whose token one can have", Html::of(&table))
    }
}

/// The page as HTML.
#[must_use]
pub fn render(view: &View) -> String {
    view.to_string()
}
