//! What cannot be understood or evaluated is denied.

use super::*;
use crate::decide::Level;
use crate::filter::{Filter, Test};
use crate::role::{Action, Purpose, Role};

fn read(text: &str) -> Result<Policies, Invalid> {
    Policies::read(SCHEMA, &[("some.cedar", text)])
}

const OPEN: &str = "@id(\"open\")\n@because(\"anything\")\npermit (principal, action, resource);\n";

fn question(class: Class) -> Question {
    Question::new(Role::Gp, true, Action::ReadRecord, Purpose::DirectCare, Item::of(class), &Ties::none())
}

#[test]
fn a_set_with_one_doubtful_policy_is_no_set() {
    read(OPEN).unwrap();
    let named = |condition: &str| {
        format!(
            "// Words before.\n{OPEN}\n@id(\"odd\")\n@because(\"why\")\nforbid (principal, action, resource) {condition};\n"
        )
    };
    let wrong = |text: &str, words: &str| {
        let error = read(text).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    };
    wrong(&named("when { resource.classs == Class::\"plan\" }"), "odd at some.cedar:6");
    wrong(&named("when { resource.class == Class::\"plans\" }"), "odd at some.cedar:6");
    wrong(&named("when { principal.role == Role::\"superuser\" }"), "odd at some.cedar:6");
    wrong(&named("when { resource.class == \"plan\" }"), "odd at some.cedar:6");
    wrong(&named("when { resource.ties.friend }"), "odd at some.cedar:6");
    wrong(&named("when { false }"), "odd at some.cedar:6");
    wrong(&named("when { resource.seal >= }"), "some.cedar:6 cannot be used");
    wrong(&format!("{OPEN}\n{OPEN}"), "open at some.cedar:5");
    wrong("permit (principal, action, resource);", "every policy begins with its name");
    wrong("@id(\"silent\")\npermit (principal, action, resource);", "@because");
    let schema = ("odd.cedarschema", "entity Reader = {");
    assert!(Policies::read(schema, &[]).unwrap_err().to_string().contains("odd.cedarschema"));
}

#[test]
fn a_policy_that_goes_wrong_denies_although_cedar_would_pass_over_it() {
    // Strict validation does not see an overflow. Cedar passes over the forbid and would allow.
    let text = format!(
        "{OPEN}\n@id(\"wrong\")\n@because(\"why\")\nforbid (principal, action, resource)\n\
         when {{ resource.seal + 9223372036854775807 + 1 > 0 }};\n"
    );
    let policies = read(&text).unwrap();
    assert_eq!(policies.decide(&question(Class::Plan)).level, Level::Hidden);
    assert_eq!(policies.alarms(), 1);
    let rules = policies.compiled(Role::Gp, true, Action::ReadRecord, Purpose::DirectCare).rules;
    assert!(rules.is_nothing(), "{rules:?}");
    assert_eq!(policies.alarms(), 4, "one for each level");
    // Without the forbid everything would be open: what is denied above is denied because of it.
    let open = read(OPEN).unwrap();
    assert_eq!(open.decide(&question(Class::Plan)).level, Level::Full);
    assert_eq!(open.compiled(Role::Gp, true, Action::ReadRecord, Purpose::DirectCare).rules.full, Filter::Always);
}

#[test]
fn where_the_conditions_and_cedar_differ_less_is_shown_and_it_is_an_alarm() {
    let policies = read(OPEN).unwrap();
    let (open, nothing) =
        (Verdict { level: Level::Full, policy: Some(0) }, Verdict { level: Level::Hidden, policy: None });
    assert_eq!(policies.beside(&question(Class::Plan), open), open);
    assert_eq!(policies.alarms(), 0);
    // Cedar opens it and the conditions do not; then Cedar opens nothing and the conditions do.
    assert_eq!(policies.beside(&question(Class::Plan), nothing), nothing);
    assert_eq!(policies.alarms(), 1);
    assert_eq!(read("").unwrap().beside(&question(Class::Plan), open), nothing);
}

#[test]
fn what_is_left_of_policies_that_go_wrong_says_nothing_of_any_entry() {
    let text = format!(
        "{OPEN}\n@id(\"wrong\")\n@because(\"why\")\nforbid (principal, action == Action::\"read-record-when\", resource)\n\
         when {{ resource.seal + 1 > 0 }};\n"
    );
    let policies = read(&text).unwrap();
    let compiled = policies.compiled(Role::Gp, true, Action::ReadRecord, Purpose::DirectCare);
    let nothing = Verdict { level: Level::Hidden, policy: None };
    assert_eq!(compiled.verdict(&Item::of(Class::Plan), &ties(&Tie::ALL)), nothing);
    assert!(compiled.rules.is_nothing() && policies.alarms() == 1);
}

#[test]
fn a_policy_decides_only_for_the_actions_that_it_names() {
    let policies = policies().unwrap();
    for action in ["read-record", "see-worklist-when", "seal"] {
        let slice = policies.of_action(action).unwrap();
        assert!(slice.set.policies().count() < policies.set.policies().count() / 2, "{action}");
        assert!(slice.permits.policies().all(|policy| policy.effect() == cedar_policy::Effect::Permit));
    }
    policies.of_action("read-minds").unwrap_err();
}

#[test]
fn a_permit_that_cannot_be_a_condition_opens_nothing_and_leaves_the_others() {
    let text = "@id(\"sum\")\n@because(\"why\")\npermit (principal, action, resource)\n\
                when { resource.seal * resource.sensitivity == 0 };\n\
                @id(\"plans\")\n@because(\"why\")\npermit (principal, action, resource)\n\
                when { resource.class == Class::\"plan\" };\n";
    let policies = read(text).unwrap();
    let rules = policies.compiled(Role::Gp, true, Action::FindPeople, Purpose::DirectCare).rules;
    assert_eq!(rules.full, Filter::Is(Test::Class(Class::Plan)));
    assert_eq!(policies.alarms(), 1);
}

#[test]
fn a_word_that_the_schema_does_not_know_is_denied() {
    let policies = read(OPEN).unwrap();
    let uid = |of: &str, word: &str| {
        cedar_policy::RestrictedExpression::new_entity_uid(question::uid(&of.parse().unwrap(), word))
    };
    let ask = |role: &str, class: &str| {
        let reader = [("role".to_owned(), uid("Role", role)), ("assured".to_owned(), "true".parse().unwrap())].into();
        let mut entry = policies.entry(&question(Class::Plan)).unwrap();
        entry.insert("class".to_owned(), uid("Class", class));
        policies.ask(&policies.set, "read-record", policies.context(Purpose::DirectCare).unwrap(), reader, entry)
    };
    assert_eq!(ask("gp", "plan").unwrap().decision(), cedar_policy::Decision::Allow);
    ask("superuser", "plan").unwrap_err();
    ask("gp", "secret").unwrap_err();
}

#[test]
fn every_operator_is_understood_as_cedar_understands_it() {
    let conditions = [
        "resource.seal == 0",
        "resource.seal == 1",
        "resource.seal == 2",
        "resource.seal != 1",
        "resource.seal < 1",
        "resource.seal <= 1",
        "resource.seal > 0",
        "resource.seal >= 2",
        "resource.seal > 2",
        "resource.seal >= 0",
        "resource.sensitivity >= 1",
        "resource.sensitivity < 2",
        "resource.class != Class::\"plan\"",
        "Class::\"plan\" == resource.class",
        "![Class::\"plan\", Class::\"alert\"].contains(resource.class)",
        "resource.ours && !resource.harmful",
        "resource.objected || resource.ties.proxy",
        "!(resource.ours || resource.seal >= 1 && !resource.ties.glass)",
    ];
    let mut standings = vec![Ties::none(), ties(&[Tie::Proxy]), ties(&[Tie::Glass])];
    standings.push(ties(&[Tie::Glass]).objecting());
    for condition in conditions {
        let text =
            format!("@id(\"one\")\n@because(\"why\")\npermit (principal, action, resource)\nwhen {{ {condition} }};\n");
        let policies = read(&text).unwrap();
        let rules = policies.compiled(Role::Gp, true, Action::FindPeople, Purpose::DirectCare).rules;
        let some = |item: &Item| matches!(item.class, Class::Plan | Class::Other) && !(item.harmful && item.ours);
        for (number, item) in every_item().into_iter().filter(some).enumerate() {
            // Not every pair of the two: each entry with two of them.
            for standing in [&standings[number % 4], &standings[(number + 1) % 4]] {
                let asked = Question::new(Role::Gp, true, Action::FindPeople, Purpose::DirectCare, item, standing);
                let says = policies.decide(&asked).level;
                assert_eq!(rules.level(&item, standing), says, "{condition}: {item:?} {standing:?}");
            }
        }
        assert_eq!(policies.alarms(), 0, "{condition}");
    }
}
