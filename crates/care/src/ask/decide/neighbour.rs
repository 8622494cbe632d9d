//! What the borough next door is asked, and what it says. Whoever has the ask keeps it.

use access::Subject;
use jiff::Timestamp;

use crate::ask::{Ask, Event, Refusal};
use crate::reciprocal::{self, Reciprocal, Reply};

impl Ask {
    /// Asks the borough next door. Whoever has the ask keeps it.
    pub(super) fn ask_neighbour(
        &self,
        by: Subject,
        reciprocal: Box<Reciprocal>,
        at: Timestamp,
    ) -> Result<Vec<Event>, Refusal> {
        let event = Event::ReciprocalAsked { by, reciprocal };
        if self.is_again(&event) {
            return Ok(Vec::new());
        }
        self.mine(event.by())?;
        self.not_closed()?;
        if let Some(asked) = &self.reciprocal {
            return Err(Refusal::NeighbourAsked(asked.named.clone()));
        }
        if let Event::ReciprocalAsked { reciprocal, .. } = &event {
            if reciprocal.neighbour.parts().0 != "organisation" {
                return Err(Refusal::NotANeighbour(reciprocal.neighbour.clone()));
            }
            if reciprocal.by < reciprocal::today(at) {
                return Err(Refusal::OutOfOrder { what: "the day by which they answer", why: "in the past" });
            }
        }
        Ok(vec![event])
    }

    pub(super) fn neighbour_replied(&self, by: Subject, reply: Reply, at: Timestamp) -> Result<Vec<Event>, Refusal> {
        let event = Event::ReciprocalAnswered { by, reply };
        if self.is_again(&event) {
            return Ok(Vec::new());
        }
        self.mine(event.by())?;
        self.not_closed()?;
        if self.reciprocal.is_none() {
            return Err(Refusal::NoNeighbourAsked);
        }
        let long_ago = self.submitted.map_or_else(|| reciprocal::today(at), reciprocal::today);
        if let Event::ReciprocalAnswered { reply: Reply::Accepted { starts, .. }, .. } = &event
            && *starts < long_ago
        {
            return Err(Refusal::OutOfOrder { what: "the day from which they help", why: "before the ask was sent" });
        }
        Ok(vec![event])
    }
}
