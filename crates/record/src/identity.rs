//! Who a person is, for the banner and for lists: one source's words, chosen and named, never a mixture. The source is the
//! one that verifies NHS numbers and spoke last; failing that, the one that spoke last.

use jiff::Timestamp;
use jiff::civil::Date;
use place::NhsNumber;
use store::{Result, Tx};
use uuid::Uuid;

use crate::patient::{Deceased, Demographics, NhsNumberStatus};
use crate::views::demographic::{self, Stated};

/// Who a person is, as one source says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The person.
    pub person: Uuid,
    /// Family name, as written.
    pub family: String,
    /// Given names, as written.
    pub given: String,
    /// Birth date, where the whole day is known.
    pub birth_date: Option<Date>,
    /// The NHS number, from whichever source has one.
    pub nhs_number: Option<NhsNumber>,
    /// Whether a source says that it was traced.
    pub nhs_verified: bool,
    /// `male`, `female`, `other`, `unknown`.
    pub sex: Option<String>,
    /// Address on one line; `None` where it is withheld or not known.
    pub address: Option<String>,
    /// True where a source marks the address as not to be shown.
    pub address_withheld: bool,
    /// Postcode, unless withheld.
    pub postcode: Option<String>,
    /// Telephone, unless withheld.
    pub phone: Option<String>,
    /// ODS code of the practice.
    pub practice: Option<String>,
    /// The practice's name as the source writes it.
    pub practice_name: Option<String>,
    /// True where any source says the person has died.
    pub deceased: bool,
    /// The date of death, where one is given.
    pub deceased_on: Option<String>,
    /// The feed whose words these are.
    pub feed: String,
    /// Its own time for them.
    pub as_of: Timestamp,
}

/// Who a person is; `None` where no source has said.
pub(crate) fn of(tx: &mut dyn Tx, root: Uuid) -> Result<Option<Identity>> {
    Ok(chosen(root, &demographic::stated(tx, root)?))
}

/// The source whose words stand on the banner.
pub(crate) fn best(stated: &[Stated]) -> Option<&Stated> {
    stated.iter().max_by_key(|one| {
        let verified = one.demographics.nhs_number_status == NhsNumberStatus::Verified;
        (verified, one.as_of, one.arrived)
    })
}

pub(crate) fn chosen(person: Uuid, stated: &[Stated]) -> Option<Identity> {
    let best = best(stated)?;
    let words = &best.demographics;
    let name = words.name();
    let number = std::iter::once(best).chain(stated).find_map(|one| one.demographics.nhs_number);
    let of_number = |one: &Stated| {
        one.demographics.nhs_number == number && one.demographics.nhs_number_status == NhsNumberStatus::Verified
    };
    // One source asking for silence is enough, and one source knowing of a death is enough.
    let withheld = stated.iter().any(|one| one.demographics.restricted);
    let deaths = stated.iter().filter_map(|one| one.demographics.deceased.as_ref());
    let deceased_on =
        deaths.clone().find_map(|death| if let Deceased::On(day) = death { Some(day.clone()) } else { None });
    let address = words.address().filter(|_| !withheld);
    Some(Identity {
        person,
        family: name.and_then(|name| name.family.clone()).unwrap_or_else(|| whole_name(words)),
        given: name.map(|name| name.given.join(" ")).unwrap_or_default(),
        birth_date: words.birth_date,
        nhs_number: number,
        nhs_verified: number.is_some() && stated.iter().any(of_number),
        sex: words.gender.clone(),
        address: address.map(crate::patient::Address::plain).filter(|text| !text.is_empty()),
        address_withheld: withheld,
        postcode: address.and_then(|address| address.postcode.clone()),
        phone: words.phone.clone().filter(|_| !withheld),
        practice: words.practice_ods.clone().filter(|_| !withheld),
        practice_name: words.practice_name.clone().filter(|_| !withheld),
        deceased: deceased_on.is_some() || deaths.clone().any(|death| *death != Deceased::No),
        deceased_on,
        feed: best.feed.clone(),
        as_of: best.as_of,
    })
}

fn whole_name(words: &Demographics) -> String {
    words.name().and_then(|name| name.text.clone()).unwrap_or_else(|| "Name not given".to_owned())
}
