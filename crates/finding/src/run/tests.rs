//! Whom a list finds: for a reason that somebody can read, in its own neighbourhood, alive.

use population::library::Library;
use population::people::Sex;
use proptest::prelude::*;
use record::whole::Choices;

use super::*;
use crate::coded::Coded;
use crate::held::Gathered;
use crate::list::tests::definition;
use crate::make::{Counted, Made};

const AS_OF: Day = Day(46_000);

fn library(rule: &str) -> Library {
    let mut library = Library::default();
    let head = "version = \"1\"\nkind = \"register\"\nsource = \"ours\"\nlicence = \"ours\"\nnot_for = [\"judging\"]\n";
    library.add("rule.toml", &format!("id = \"rule\"\ntitle = \"Rule\"\n{head}when = {rule}\n")).unwrap();
    library.add("lists.csv", "list,system,code\nplace/fall,local,fall\n").unwrap();
    library
}

#[derive(Debug, Clone)]
struct Somebody {
    age: u16,
    fell: bool,
    lives: bool,
    marple: bool,
    objects: bool,
}

fn somebody() -> impl Strategy<Value = Somebody> {
    let bits = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (0u16..100, bits).prop_map(|(age, (fell, lives, marple, objects))| Somebody { age, fell, lives, marple, objects })
}

fn held(rule: &str, people: &[Somebody]) -> Held {
    let mut gathered = Gathered::default();
    let mut choices = Choices::default();
    for (number, one) in (1u128..).zip(people) {
        let root = Uuid::from_u128(number);
        let fall = Coded {
            system: System::Local,
            code: "fall".to_owned(),
            day: Day(AS_OF.0 - 10),
            value: None,
            unit: String::new(),
            source: "gp".to_owned(),
            record: Uuid::from_u128(1_000 + number),
        };
        let traits = Counted {
            birth: population::people::born_by(AS_OF, u8::try_from(one.age).unwrap()),
            sex: Sex::Female,
            neighbourhood: if one.marple { "Marple" } else { "Victoria" }.to_owned(),
            deceased: !one.lives,
            ..Counted::default()
        };
        let coded = if one.fell { vec![fall] } else { Vec::new() };
        gathered.take(root, Made { traits: Some(traits), coded, ..Made::default() }).unwrap();
        if one.objects {
            choices.objected.push(root);
        }
    }
    Held::of(gathered, library(rule), choices, Vec::new(), 1).unwrap()
}

fn found(rule: &str, people: &[Somebody]) -> Run {
    let definition = Definition { instrument: "rule".to_owned(), ..definition() };
    held(rule, people).find(&definition, "Marple", AS_OF).unwrap()
}

proptest! {
    #[test]
    fn a_list_finds_the_living_of_its_neighbourhood_who_do_not_object_and_nobody_for_their_age(
        people in prop::collection::vec(somebody(), 0..40)
    ) {
        // Everybody of eighty and over, and whoever has fallen.
        let run = found("{ any = [{ age = { from = 80 } }, { list = \"place/fall\" }] }", &people);
        let eligible = |one: &Somebody| one.lives && one.marple && !one.objects;
        let fell = people.iter().filter(|one| eligible(one) && one.fell).count();
        let old = people.iter().filter(|one| eligible(one) && !one.fell && one.age >= 80).count();
        prop_assert_eq!((run.found.len(), run.by_age_alone as usize), (fell.min(MOST), old));
        for one in &run.found {
            let somebody = &people[one.person.as_u128() as usize - 1];
            prop_assert!(eligible(somebody) && somebody.fell && !one.because.is_empty());
        }
    }

    #[test]
    fn a_rule_of_age_alone_finds_nobody(people in prop::collection::vec(somebody(), 0..20)) {
        let run = found("{ age = { from = 0 } }", &people);
        prop_assert!(run.found.is_empty());
    }
}

#[test]
fn a_rule_that_is_not_here_finds_nobody_and_says_so() {
    let definition = Definition { instrument: "other".to_owned(), ..definition() };
    let held = held("{ list = \"place/fall\" }", &[]);
    assert!(matches!(held.find(&definition, "Marple", AS_OF), Err(NotRun::NoRule(rule)) if rule == "other"));
}
