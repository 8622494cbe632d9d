//! What holds of the policies for every request there can be, proved by a solver and not tried out: that none of them can go
//! wrong, and the promises that are made to the people of the borough. Each promise is written as a policy that allows more;
//! the proof is that whatever Weft's policies allow, that one allows, too.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop where something is missing")]

use std::future::Future;

use access::policy::{FILES, Policies, SCHEMA};
use cedar_policy::pst::{self, ActionConstraint};
use cedar_policy::{EntityUid, Policy, PolicySet, RequestEnv, Schema};
use cedar_policy_symcc::solver::LocalSolver;
use cedar_policy_symcc::{CedarSymCompiler, CompiledPolicy, CompiledPolicySet};

/// Nothing to do with what is in somebody's record.
const NOT_THE_RECORD: &str = r#"[Class::"identity", Class::"directory", Class::"message", Class::"looks"]"#;
const CARERS: &str =
    r#"[Role::"gp", Role::"consultant", Role::"district-nurse", Role::"therapist", Role::"social-worker"]"#;
const TELLS_WHO: &str = r#"[Class::"identity", Class::"contact", Class::"document", Class::"message", Class::"looks", Class::"booking", Class::"ask"]"#;
const RELATED: &str = "(resource.ties.registration || resource.ties.neighbourhood || resource.ties.episode || \
                       resource.ties.ask || resource.ties.caseload || resource.ties.booking)";
const ASSURANCE: &str = r#"action in [Action::"keep-measures", Action::"govern", Action::"run-challenge", Action::"count-people"] &&
           resource.class == Class::"nobody""#;
const ASKED_BACK: &str = r#"principal.role == Role::"analyst" && action == Action::"ask-back" &&
           context.purpose == Purpose::"planning" && resource.class == Class::"nobody""#;
const THE_RECORD: &str = r#"action in [Action::"whole", Action::"when", Action::"existence"]"#;

type Solver = CedarSymCompiler<LocalSolver>;

fn solver() -> Solver {
    let cvc5 = LocalSolver::cvc5().unwrap_or_else(|error| {
        panic!(
            "the proofs need the solver cvc5, and it is not on this machine ({error}). `cargo xtask test` installs it; so \
             does `apt-get install cvc5`; or set CVC5 to the program's full path"
        )
    });
    CedarSymCompiler::new(cvc5).unwrap()
}

fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

fn policies() -> Policies {
    Policies::read(SCHEMA, &FILES).unwrap()
}

/// Every kind of request: one for each action that is about an entry.
fn kinds(schema: &Schema) -> Vec<RequestEnv> {
    let kinds: Vec<RequestEnv> = schema.request_envs().collect();
    assert_eq!(kinds.len(), 27, "twenty-three actions, two of them with two half measures each");
    kinds
}

/// Whether all that is allowed fulfils this condition, in every kind of request.
async fn holds(solver: &mut Solver, policies: &Policies, condition: &str) -> bool {
    let promised: PolicySet = format!("permit (principal, action, resource) when {{ {condition} }};").parse().unwrap();
    for kind in kinds(policies.schema()) {
        let allowed = CompiledPolicySet::compile(policies.set(), &kind, policies.schema()).unwrap();
        let promised = CompiledPolicySet::compile(&promised, &kind, policies.schema()).unwrap();
        if !solver.check_implies_opt(&allowed, &promised).await.unwrap() {
            return false;
        }
    }
    true
}

fn proved(condition: &str) {
    let policies = policies();
    assert!(wait(async { holds(&mut solver(), &policies, condition).await }), "not so: {condition}");
}

#[test]
fn no_policy_can_go_wrong() {
    let policies = policies();
    wait(async {
        let mut solver = solver();
        let mut asked = 0;
        for kind in kinds(policies.schema()) {
            for policy in policies.set().policies() {
                let compiled = CompiledPolicy::compile(policy, &kind, policies.schema()).unwrap();
                assert!(
                    solver.check_never_errors_opt(&compiled).await.unwrap(),
                    "{} for {:?}",
                    policy.id(),
                    kind.action()
                );
                asked += 1;
            }
        }
        assert_eq!(asked, 27 * policies.stated().len());
    });
}

#[test]
fn what_is_not_so_is_not_proved() {
    let policies = policies();
    wait(async {
        let mut solver = solver();
        assert!(!holds(&mut solver, &policies, "!resource.ties.registration").await);
        assert!(!holds(&mut solver, &policies, r#"principal.role != Role::"receptionist""#).await);
        assert!(!holds(&mut solver, &policies, "resource.sensitivity < 2 || resource.ours").await, "the citizen's own");
    });
}

#[test]
fn nobody_sees_anything_who_is_not_assured() {
    proved("principal.assured");
}

#[test]
fn planning_sees_nothing_from_which_a_person_can_be_told() {
    proved(&format!(
        r#"context.purpose != Purpose::"planning" || {ASSURANCE} || {ASKED_BACK} ||
           action == Action::"read-pseudonyms" && !{TELLS_WHO}.contains(resource.class)"#
    ));
}

#[test]
fn an_analyst_sees_nothing_of_who_anybody_is_nor_of_who_has_objected() {
    proved(&format!(
        r#"principal.role != Role::"analyst" || {ASSURANCE} || {ASKED_BACK} ||
           !{TELLS_WHO}.contains(resource.class) && action == Action::"read-pseudonyms" &&
           (resource.class == Class::"directory" ||
            !resource.objected && resource.seal < 1 && resource.sensitivity < 1)"#
    ));
}

#[test]
fn what_is_done_with_measures_and_beds_is_about_nobody_and_not_everybodys_to_do() {
    proved(
        r#"!(action in [Action::"keep-measures", Action::"govern", Action::"run-challenge", Action::"count-people"]) ||
           resource.class == Class::"nobody" && context.purpose == Purpose::"planning""#,
    );
    proved(r#"action != Action::"keep-measures" || principal.role == Role::"analyst""#);
    proved(r#"action != Action::"count-people" || [Role::"analyst", Role::"commissioner"].contains(principal.role)"#);
    proved(r#"action != Action::"govern" || [Role::"commissioner", Role::"provider"].contains(principal.role)"#);
    proved(
        r#"![Role::"commissioner", Role::"provider"].contains(principal.role) ||
              action in [Action::"govern", Action::"run-challenge"] ||
              action == Action::"count-people" && principal.role == Role::"commissioner""#,
    );
}

#[test]
fn what_the_law_restricts_stays_with_who_wrote_it_with_the_glass_broken_or_not() {
    proved(&format!(
        r#"resource.sensitivity < 2 || resource.ours || principal.role == Role::"citizen" ||
           {NOT_THE_RECORD}.contains(resource.class)"#
    ));
}

#[test]
fn reception_sees_who_somebody_is_and_when_they_come_and_nothing_else() {
    proved(
        r#"principal.role != Role::"receptionist" ||
           [Class::"identity", Class::"directory"].contains(resource.class) ||
           resource.class == Class::"booking" && !(action in Action::"whole")"#,
    );
}

#[test]
fn officers_see_messages_and_looks_and_nothing_of_a_record() {
    proved(
        r#"![Role::"records-officer", Role::"privacy-officer", Role::"identity-steward"].contains(principal.role) ||
           [Class::"identity", Class::"message", Class::"looks"].contains(resource.class) &&
           !(action in [Action::"reading", Action::"write-record"]) ||
           principal.role == Role::"privacy-officer" && action == Action::"allow-back" && resource.class == Class::"nobody""#,
    );
}

#[test]
fn who_asks_to_go_back_and_who_allows_it_are_not_one_role_and_neither_sees_anybody() {
    proved(&format!(
        r#"!(action in [Action::"ask-back", Action::"allow-back"]) ||
           resource.class == Class::"nobody" &&
           (principal.role == Role::"privacy-officer" && action == Action::"allow-back" || {ASKED_BACK})"#
    ));
}

#[test]
fn who_goes_back_to_a_person_gives_them_care_and_has_a_tie_of_long_standing() {
    proved(
        r#"action != Action::"go-back" || resource.class == Class::"identity" &&
           context.purpose == Purpose::"direct-care" &&
           [Role::"gp", Role::"district-nurse", Role::"therapist", Role::"social-worker"].contains(principal.role) &&
           (resource.ties.registration ||
            !resource.objected && (resource.ties.neighbourhood || resource.ties.caseload))"#,
    );
}

#[test]
fn whose_a_record_is_is_judged_by_stewards_alone_who_see_who_somebody_is_and_nothing_else() {
    proved(
        r#"(action != Action::"judge-identity" || principal.role == Role::"identity-steward") &&
           (principal.role != Role::"identity-steward" ||
            action == Action::"judge-identity" && resource.class == Class::"identity")"#,
    );
}

#[test]
fn a_citizen_sees_nobody_but_themselves_and_who_has_let_them() {
    proved(
        r#"principal.role != Role::"citizen" || resource.class == Class::"directory" || resource.ties.own ||
           resource.ties.proxy && action in [Action::"reading", Action::"make-ask"]"#,
    );
    proved(
        r#"principal.role != Role::"citizen" ||
           action in [Action::"reading", Action::"see-looks", Action::"ask-why", Action::"choose-sharing",
                      Action::"make-ask"]"#,
    );
}

#[test]
fn a_proxy_sees_nothing_sealed_or_sensitive_and_nobody_reads_what_would_harm_them() {
    proved(
        r#"principal.role != Role::"citizen" || resource.class == Class::"directory" || resource.ties.own ||
           resource.seal < 1 && resource.sensitivity < 1 &&
           (!resource.harmful || action == Action::"make-ask")"#,
    );
    proved(
        r#"principal.role != Role::"citizen" || resource.class == Class::"directory" || !resource.harmful ||
           !(action in Action::"reading")"#,
    );
}

#[test]
fn without_a_relationship_or_the_glass_who_gives_care_sees_who_somebody_is_and_nothing_else() {
    proved(&format!(
        r#"!{CARERS}.contains(principal.role) || {RELATED} || resource.ties.glass ||
           resource.class == Class::"directory" || resource.class == Class::"nobody" && resource.ours ||
           resource.class == Class::"identity" && action in [Action::"find-people", Action::"break-glass"] ||
           resource.class == Class::"ask" && action == Action::"make-ask" || {ASSURANCE}"#
    ));
}

#[test]
fn an_ask_is_worked_by_whoever_was_asked_and_its_words_are_neither_receptions_nor_an_analysts() {
    proved(r#"action != Action::"work-ask" || resource.ties.ask && resource.class == Class::"ask""#);
    proved(
        r#"resource.class != Class::"ask" ||
           ![Role::"receptionist", Role::"analyst", Role::"records-officer", Role::"privacy-officer"]
               .contains(principal.role)"#,
    );
    proved(
        r#"resource.class != Class::"ask" || principal.role != Role::"coordinator" || resource.ties.ask ||
              action == Action::"make-ask""#,
    );
}

#[test]
fn what_is_sealed_out_of_sight_is_seen_by_who_sealed_it_the_person_and_through_the_glass() {
    proved(&format!(
        r#"resource.seal < 2 || !({THE_RECORD}) || {NOT_THE_RECORD}.contains(resource.class) || resource.ours ||
           principal.role == Role::"citizen" || {CARERS}.contains(principal.role) && resource.ties.glass"#
    ));
}

#[test]
fn who_has_objected_is_not_seen_by_other_organisations_but_through_the_glass() {
    proved(&format!(
        r#"!resource.objected || !({THE_RECORD}) || {NOT_THE_RECORD}.contains(resource.class) || resource.ours ||
           principal.role == Role::"citizen" || {CARERS}.contains(principal.role) && resource.ties.glass ||
           principal.role == Role::"receptionist" && resource.class == Class::"booking" ||
           resource.class == Class::"ask" && resource.ties.ask"#
    ));
}

/// The policies that are about an action, with nothing left in them of which: to be held against those about another.
fn about(policies: &Policies, action: &str) -> PolicySet {
    let actions = policies.schema().action_entities().unwrap();
    let asked: EntityUid = format!("Action::\"{action}\"").parse().unwrap();
    let is = |of: &pst::EntityUID| {
        let of: EntityUid = of.to_string().parse().unwrap();
        of == asked || actions.is_ancestor_of(&of, &asked)
    };
    let mut about = PolicySet::new();
    for policy in policies.set().policies() {
        let mut body = policy.to_pst().unwrap().body().clone();
        let applies = match &body.action {
            ActionConstraint::Any => true,
            ActionConstraint::Eq(one) => is(one),
            ActionConstraint::In(some) => some.iter().any(is),
        };
        assert!(!body.clauses().iter().any(|clause| clause.to_string().contains("action")), "{}", policy.id());
        if applies {
            body.action = ActionConstraint::Any;
            about.add(Policy::from_pst(pst::Policy::Static(body.try_into().unwrap())).unwrap()).unwrap();
        }
    }
    about
}

#[test]
fn who_sees_the_whole_sees_when_and_who_sees_when_sees_that_it_is_there() {
    let policies = policies();
    let reading: EntityUid = "Action::\"read-record\"".parse().unwrap();
    let kind = kinds(policies.schema()).into_iter().find(|kind| *kind.action() == reading).unwrap();
    let compiled =
        |action: &str| CompiledPolicySet::compile(&about(&policies, action), &kind, policies.schema()).unwrap();
    wait(async {
        let mut solver = solver();
        for action in ["read-record", "see-worklist"] {
            let [whole, when, there] = ["", "-when", "-existence"].map(|level| compiled(&format!("{action}{level}")));
            assert!(solver.check_implies_opt(&whole, &when).await.unwrap(), "{action}: whole, when");
            assert!(solver.check_implies_opt(&when, &there).await.unwrap(), "{action}: when, there");
            assert!(!solver.check_implies_opt(&there, &when).await.unwrap(), "{action}: not upside down");
        }
        let (write, read) = (compiled("write-record"), compiled("read-record"));
        assert!(solver.check_implies_opt(&write, &read).await.unwrap(), "nobody writes what they may not read");
        assert!(!solver.check_implies_opt(&read, &write).await.unwrap());
        let back = compiled("go-back");
        assert!(solver.check_implies_opt(&back, &read).await.unwrap(), "a pseudonym leads to no record that is closed");
        assert!(!solver.check_implies_opt(&read, &back).await.unwrap());
    });
}
