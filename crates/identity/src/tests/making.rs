//! Makes the invented borough. The kinds of error are those of real feeds; their rates are ours.

use crate::text::mix;

/// A row and the truth about it.
#[derive(Debug, Clone, Default)]
pub(super) struct Person {
    pub(super) nhs_number: String,
    pub(super) given_name: String,
    pub(super) surname: String,
    pub(super) sex: String,
    pub(super) dob: String,
    pub(super) address_1: String,
    pub(super) postcode: String,
    pub(super) person: usize,
    pub(super) household: usize,
    pub(super) twins: usize,
    pub(super) is_namesake: bool,
}

pub(super) fn csv(rows: &[Person]) -> String {
    let mut text = "unique_id,nhs_number,given_name,surname,sex,dob,address_1,postcode\n".to_owned();
    for (at, row) in rows.iter().enumerate() {
        let values =
            [&row.nhs_number, &row.given_name, &row.surname, &row.sex, &row.dob, &row.address_1, &row.postcode];
        text.push_str(&format!("r{at}"));
        for value in values {
            text.push(',');
            text.push_str(value);
        }
        text.push('\n');
    }
    text
}

pub(super) struct Making {
    state: u64,
    given: [Vec<String>; 2],
    surnames: Vec<String>,
}

/// Names of syllables: enough that strangers seldom share both.
fn names(begin: &[&str], middle: &[&str], end: &[&str]) -> Vec<String> {
    let pairs = begin.iter().flat_map(|a| middle.iter().map(move |b| format!("{a}{b}")));
    pairs.flat_map(|name| end.iter().map(move |c| format!("{name}{c}"))).collect()
}

const STREETS: [&str; 8] = [
    "high road",
    "mill lane",
    "church street",
    "station drive",
    "park avenue",
    "queens close",
    "moss bank",
    "elm grove",
];

impl Making {
    pub(super) fn new(seed: u64) -> Self {
        let men = [
            "william", "robert", "james", "john", "thomas", "george", "edward", "peter", "david", "michael", "andrew",
            "samuel",
        ];
        let women = [
            "margaret",
            "elizabeth",
            "susan",
            "dorothy",
            "rebecca",
            "jennifer",
            "patricia",
            "victoria",
            "amy",
            "ann",
            "joan",
            "jane",
        ];
        let given = [
            men.iter()
                .map(|name| (*name).to_owned())
                .chain(names(&["al", "br", "ced", "dan", "er", "fab"], &["i", "o", "ar"], &["n", "ck", "ston", "vin"]))
                .collect(),
            women
                .iter()
                .map(|name| (*name).to_owned())
                .chain(names(&["al", "bel", "cor", "del", "el", "fen"], &["i", "an", "or"], &["a", "ne", "lle", "tta"]))
                .collect(),
        ];
        let surnames = names(
            &["ash", "bar", "cole", "den", "elm", "fair", "gold", "hart", "ken", "lang"],
            &["ing", "er", "bur"],
            &["ton", "ley", "field", "man", "wood", "by"],
        );
        Self { state: mix(seed ^ 0xabcd), given, surnames }
    }

    fn draw(&mut self, below: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        usize::try_from(mix(self.state) % u64::try_from(below.max(1)).unwrap_or(1)).unwrap_or(0)
    }

    fn chance(&mut self, in_a_thousand: usize) -> bool {
        self.draw(1000) < in_a_thousand
    }

    fn given(&mut self, sex: usize) -> String {
        // The square of an even draw: some names are common.
        let count = self.given[sex].len();
        let at = self.draw(count) * self.draw(count) / count;
        self.given[sex][at].clone()
    }

    fn home(&mut self) -> (String, String) {
        let street = self.draw(STREETS.len());
        let letter = |at: usize| char::from(b'a' + u8::try_from(at % 26).unwrap_or(0));
        let (number, one, two) = (self.draw(90) + 1, self.draw(12), self.draw(12));
        (
            format!("{number} {}", STREETS[street]),
            format!("sk{} {}{}{}", street % 4 + 1, one % 9 + 1, letter(one), letter(two)),
        )
    }

    fn date(&mut self, from: usize, to: usize) -> (usize, usize, usize) {
        (from + self.draw(to - from), self.draw(12) + 1, self.draw(28) + 1)
    }

    /// A valid number of the range that nobody is given.
    fn number(at: usize) -> String {
        (0..11)
            .find_map(|skip| {
                let nine = format!("999{:06}", (at * 11 + skip) % 1_000_000);
                (0..10).map(|check| format!("{nine}{check}")).find(|text| place::NhsNumber::parse(text).is_ok())
            })
            .unwrap_or_default()
    }

    pub(super) fn rows(&mut self, count: usize) -> Vec<Person> {
        let mut rows = Vec::new();
        let mut person = 0;
        let mut household = 0;
        while rows.len() < count {
            household += 1;
            let (address_1, postcode) = self.home();
            let surname = self.draw(self.surnames.len());
            let surname = self.surnames[surname].clone();
            let members = self.members();
            for (given_name, sex, (year, month, day), twins, is_namesake) in members {
                person += 1;
                let whole = Person {
                    nhs_number: Self::number(person),
                    given_name,
                    surname: surname.clone(),
                    sex: ["m", "f"][sex].to_owned(),
                    dob: format!("{year:04}-{month:02}-{day:02}"),
                    address_1: address_1.clone(),
                    postcode: postcode.clone(),
                    person,
                    household,
                    twins: if twins { household } else { 0 },
                    is_namesake,
                };
                for nth in 0..1 + self.draw(3) {
                    let row = if nth == 0 { whole.clone() } else { self.slipped(&whole) };
                    rows.push(row);
                }
            }
        }
        // Nobody is registered in the order of their homes.
        let mut order: Vec<(u64, Person)> =
            rows.into_iter().take(count).enumerate().map(|(at, row)| (mix(at as u64 ^ self.state), row)).collect();
        order.sort_by_key(|(place, _)| *place);
        order.into_iter().map(|(_, row)| row).collect()
    }

    #[expect(clippy::type_complexity, reason = "read in one place only")]
    fn members(&mut self) -> Vec<(String, usize, (usize, usize, usize), bool, bool)> {
        let parent = self.date(1940, 1985);
        let father = self.given(0);
        let mut members =
            vec![(father.clone(), 0, parent, false, false), (self.given(1), 1, self.date(1940, 1985), false, false)];
        for nth in 0..self.draw(3) {
            let born = (parent.0 + 22 + nth * 3, self.draw(12) + 1, self.draw(28) + 1);
            let sex = self.draw(2);
            let named_for = sex == 0 && self.chance(30);
            let name = if named_for { father.clone() } else { self.given(sex) };
            let twin = self.chance(25);
            members.push((name.clone(), sex, born, twin, named_for));
            if twin {
                let sex = if self.chance(650) { sex } else { 1 - sex };
                let other = loop {
                    let other = self.given(sex);
                    if other != name {
                        break other;
                    }
                };
                members.push((other, sex, born, true, false));
            }
        }
        members
    }

    fn slipped(&mut self, whole: &Person) -> Person {
        let mut row = whole.clone();
        if self.chance(350) {
            row.nhs_number.clear();
        }
        if self.chance(40) {
            row.given_name = self.typo(&row.given_name);
        }
        if self.chance(40) {
            row.surname = self.typo(&row.surname);
        }
        if self.chance(15) {
            row.dob = format!("{}-01-01", &row.dob[..4]);
        } else if self.chance(15) {
            row.dob.clear();
        }
        if self.chance(100) {
            (row.address_1, row.postcode) = self.home();
        } else if self.chance(30) {
            row.address_1 = self.typo(&row.address_1);
        } else if self.chance(30) {
            row.postcode = "ZZ99 3VZ".into();
        }
        if self.chance(30) {
            row.sex.clear();
        }
        if self.chance(5) {
            std::mem::swap(&mut row.given_name, &mut row.surname);
        }
        row
    }

    fn typo(&mut self, text: &str) -> String {
        let mut letters: Vec<char> = text.chars().collect();
        let at = self.draw(letters.len().saturating_sub(1));
        match self.draw(3) {
            0 => letters.swap(at, at + 1),
            1 => drop(letters.remove(at)),
            _ => letters[at] = char::from(b'a' + u8::try_from(self.draw(26)).unwrap_or(0)),
        }
        letters.into_iter().collect()
    }
}
