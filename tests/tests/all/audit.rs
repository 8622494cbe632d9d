//! Looks are searched alike on both databases, by anything and by everything at once, and the fast way finds what a plain walk
//! of the log finds.

use access::look::{Event, Subject};
use access::views::audit::{Cursor, Query, Size, own, search};
use access::{Action, Asking, Purpose, Role};
use weft_tests::{Database, at, on_both};

fn subject(id: &str, role: Role, purpose: Purpose) -> (Subject, Purpose) {
    let subject = Subject {
        id: id.to_owned(),
        name: format!("Dr {id}"),
        role,
        organisation: format!("Surgery {}", id.len()),
        own: None,
        teams: vec!["ods:P88002".to_owned()],
        assured: true,
    };
    (subject, purpose)
}

#[test]
fn a_search_of_the_looks_finds_what_a_walk_of_the_log_finds() {
    on_both(|database: &Database| {
        let store = std::sync::Arc::new(database.open());
        let gate = weft_tests::samples::gate(&store);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let readers = [
            subject("nair", Role::Gp, Purpose::DirectCare),
            subject("osei", Role::Gp, Purpose::DirectCare),
            subject("speight", Role::Analyst, Purpose::Planning),
        ];
        let people: Vec<uuid::Uuid> = (1..=3).map(uuid::Uuid::from_u128).collect();
        for number in 0..40_usize {
            let (subject, purpose) = &readers[number % 3];
            let asking = Asking { subject, purpose: *purpose, at: at(60 * (number as i64 % 17)) };
            let about: Vec<_> = people.iter().copied().take(1 + number % 3).collect();
            // Allowed or refused: both are looks.
            let _ = runtime.block_on(gate.list(&asking, about));
        }
        let (officer, purpose) = subject("marchbank", Role::PrivacyOfficer, Purpose::Privacy);
        let asking = Asking { subject: &officer, purpose, at: at(5_000) };
        let permit = runtime.block_on(gate.audit(&asking)).unwrap();
        let mut walked = Vec::new();
        store
            .read(|tx| {
                store::log::walk(tx, 1, &mut |_, entry| {
                    walked.extend(access::look::of(&entry)?.map(|event| (entry.at, entry.seq, event)));
                    Ok(())
                })
            })
            .unwrap();
        walked.sort_by_key(|(at, seq, _)| std::cmp::Reverse((*at, *seq)));
        let queries = [
            Query::default(),
            Query { readers: Some(vec!["nair".to_owned(), "osei".to_owned()]), ..Query::default() },
            Query { people: Some(vec![people[2], people[1]]), ..Query::default() },
            Query { role: Some(Role::Gp), allowed: Some(true), ..Query::default() },
            Query { allowed: Some(false), ..Query::default() },
            Query { organisation: Some("Surgery 7".to_owned()), ..Query::default() },
            Query {
                actions: vec![Action::FindPeople, Action::Seal],
                purpose: Some(Purpose::DirectCare),
                ..Query::default()
            },
            Query { from: Some(at(120)), until: Some(at(600)), ..Query::default() },
            Query {
                readers: Some(vec!["nair".to_owned()]),
                people: Some(vec![people[0]]),
                role: Some(Role::Gp),
                organisation: Some("Surgery 4".to_owned()),
                actions: vec![Action::FindPeople],
                purpose: Some(Purpose::DirectCare),
                allowed: Some(true),
                from: Some(at(0)),
                until: Some(at(900)),
                before: None,
            },
        ];
        for query in queries {
            let wanted: Vec<i64> =
                walked.iter().filter(|(at, _, event)| fits(&query, *at, event)).map(|(_, seq, _)| *seq).collect();
            let (mut found, mut before): (Vec<i64>, Option<Cursor>) = (Vec::new(), None);
            loop {
                let asked = Query { before, ..query.clone() };
                let sealed = store.read(|tx| search(tx, &permit, &asked, Size { rows: 7, people: 2 })).unwrap();
                let (_, page) = runtime.block_on(gate.review(&asking, sealed)).unwrap();
                assert!(page.rows.iter().all(|row| row.people.len() <= 2 && row.count <= 3));
                found.extend(page.rows.iter().map(|row| row.seq));
                let Some(next) = page.next else { break };
                before = Some(next);
            }
            // The officer's own searches are newer than all that was walked.
            let end = walked.iter().map(|(_, seq, _)| *seq).max().unwrap_or_default();
            found.retain(|seq| *seq <= end);
            assert_eq!(found, wanted, "{query:?}");
            assert!(!wanted.is_empty(), "{query:?}");
        }
        let permit = runtime.block_on(gate.looks(&asking, people[1], vec![people[2]])).unwrap();
        let page = store.read(|tx| own(tx, &permit, &Query::default(), 500)).unwrap();
        assert!(page.rows.len() > 10 && page.rows.iter().all(|row| row.people == [people[1]] && row.count == 1));
        assert!(store.verify(None).unwrap().findings.is_empty(), "made again it is the same");
    });
}

/// Whether a look answers a query, said slowly.
fn fits(query: &Query, at: jiff::Timestamp, event: &Event) -> bool {
    let (by, action, purpose, people, allowed) = match event {
        Event::Looked { by, action, purpose, people, .. } => (by, *action, *purpose, people, true),
        Event::Refused { by, action, purpose, people, .. } => (by, *action, *purpose, people, false),
    };
    query.readers.as_ref().is_none_or(|readers| readers.contains(&by.id))
        && query.people.as_ref().is_none_or(|asked| asked.iter().any(|person| people.contains(person)))
        && query.role.is_none_or(|role| role == by.role)
        && query.organisation.as_ref().is_none_or(|organisation| *organisation == by.organisation)
        && (query.actions.is_empty() || query.actions.contains(&action))
        && query.purpose.is_none_or(|asked| asked == purpose)
        && query.allowed.is_none_or(|asked| asked == allowed)
        && query.from.is_none_or(|from| at >= from)
        && query.until.is_none_or(|until| at < until)
}
