//! The people who work in the services: invented names, the same ones for the same practice or team. Numbers are of no
//! register.

use super::chance::Chance;

const FAMILY: [&str; 48] = [
    "Thistlewood",
    "Fernsby",
    "Quillfeather",
    "Ravensdale",
    "Okonjo-Whitlock",
    "Fallowfield",
    "Pricklewood",
    "Maddermarket",
    "Shuttleborough",
    "Weaverham-Ngozi",
    "Larkrise",
    "Tenterfield",
    "Hollinsbrook",
    "Sedgemire",
    "Alderthwaite",
    "Brackenby",
    "Chandrasekhar-Lowe",
    "Dovecote",
    "Elderflower-Khan",
    "Foxglade",
    "Gossamer",
    "Heatherleigh",
    "Inglethorpe",
    "Jessamine",
    "Kestrelby",
    "Loomworth",
    "Millrace",
    "Nettlebed",
    "Oakapple",
    "Pennyroyal",
    "Quarrybank",
    "Rushbearer",
    "Spindleford",
    "Tweedale-Osei",
    "Umberslade",
    "Velveteen",
    "Warpenden",
    "Yarrowby",
    "Ashgrain",
    "Bobbinsworth",
    "Calicoe",
    "Damaskin",
    "Embrey-Patelson",
    "Flaxmere",
    "Ginnelgate",
    "Heddleston",
    "Indigoe",
    "Jacquardson",
];
const GIVEN: [&str; 24] = [
    "Imogen",
    "Alistair",
    "Bryony",
    "Tobias",
    "Wilhelmina",
    "Rohan",
    "Saoirse",
    "Ifeoma",
    "Gwilym",
    "Parveen",
    "Lucasz",
    "Henrietta",
    "Dmitri",
    "Asha",
    "Fergus",
    "Noor",
    "Cordelia",
    "Emeka",
    "Rosalind",
    "Yusuf",
    "Thea",
    "Barnaby",
    "Meilin",
    "Orlando",
];

/// Somebody who works in a service.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member {
    pub(super) given: &'static str,
    pub(super) family: &'static str,
    /// A number that no register has.
    pub(super) number: u64,
}

/// The member of a team that a draw gives.
pub(super) fn member(draw: Chance) -> Member {
    let given = draw.and("given").pick(&GIVEN);
    Member { given, family: draw.and("family").pick(&FAMILY), number: draw.and("number").below(9_000) }
}

/// A given name, for somebody who is named in passing (a daughter, a neighbour).
pub(super) fn given(draw: Chance) -> &'static str {
    draw.pick(&GIVEN)
}

impl Member {
    /// `C9990101^Thistlewood^Imogen^^^Dr^^^GMC`.
    pub(super) fn hl7(self) -> String {
        format!("C99{:05}^{}^{}^^^Dr^^^GMC", self.number, self.family, self.given)
    }

    /// `Imogen Thistlewood`.
    pub(super) fn plain(self) -> String {
        format!("{} {}", self.given, self.family)
    }
}
