//! The connection to PostgreSQL is lost, again and again, at the worst moments: nothing is lost, nothing is done twice.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use store::{Location, Refused, Store};
use uuid::Uuid;
use weft_tests::database::views;
use weft_tests::lamp::{Ask, Lamp, lamps};
use weft_tests::people::Said;
use weft_tests::samples::{reader, take};
use weft_tests::{Database, Seeded, at, outside};

use super::proxy::{Cut, Proxy};

#[test]
fn connections_ended_by_the_server_lose_and_double_nothing() {
    const THREADS: usize = 4;
    const EACH: usize = 60;
    let Some(database) = Database::postgres() else { return };
    let store = database.open();
    let done = AtomicBool::new(false);
    let ended = std::thread::scope(|scope| {
        let killer = scope.spawn(|| {
            let mut client = postgres::Client::connect(&database.urls().1, postgres::NoTls).unwrap();
            let name = database.urls().0.rsplit_once('/').unwrap().1.to_owned();
            let mut ended = 0;
            while !done.load(Ordering::Relaxed) && ended < 40 {
                weft_tests::pause(Duration::from_millis(130));
                let words = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = $1";
                ended += client.query_one(words, &[&name]).unwrap().get::<_, i64>(0);
            }
            ended
        });
        let writers: Vec<_> = (0..THREADS)
            .map(|thread| {
                let store = &store;
                scope.spawn(move || {
                    let gp = reader("gp");
                    for number in 0..EACH {
                        let id: &'static str = format!("p{thread}-{number}").leak();
                        let family: &'static str = format!("Spinner{thread}x{number}").leak();
                        let said = Said { id, family, given: "Ada", birth: "1950-01-01", ..Said::default() };
                        let received = take(store, &gp, &said.message(), at(number as i64));
                        assert!(matches!(received.outcome, record::ingest::Outcome::Applied(_)), "{received:?}");
                        let there = store.read(|tx| record::views::message::one(tx, received.message));
                        // A read may meet two ends in a row; what it then says is that the server is away.
                        assert!(!matches!(there, Ok(None)), "an acknowledged message is not there");
                        weft_tests::pause(Duration::from_millis(10));
                    }
                })
            })
            .collect();
        for writer in writers {
            writer.join().unwrap();
        }
        done.store(true, Ordering::Relaxed);
        killer.join().unwrap()
    });
    assert!(ended >= 5, "only {ended} connections were ended");
    drop(store);
    let store = database.open_with(views());
    let all = (THREADS * EACH) as i64;
    let ever = store.read(|tx| record::views::message::tallies(tx, at(0))).unwrap().remove(0).ever;
    assert_eq!((ever.received, ever.applied, ever.duplicates), (all, all, 0), "{ended} connections were ended");
    assert_eq!(outside::number(&database, "SELECT count(*) FROM resource"), all);
    let report = store.verify(None).unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
}

#[test]
fn a_commit_whose_answer_was_lost_is_neither_lost_nor_done_twice() {
    let Some(database) = Database::postgres() else { return };
    let proxy = Proxy::before(&database.urls().0);
    let store = Store::open(Location::Server(proxy.url.clone()), lamps(), Box::new(Seeded::new(77))).unwrap();
    let lamp = Uuid::from_u128(1);
    let mut asks = [Ask::Light, Ask::PutOut].into_iter().cycle();
    let mut expected = 0;
    for cut in [
        Cut::After,
        Cut::Before,
        Cut::Late(Duration::from_millis(700)),
        Cut::After,
        Cut::Late(Duration::from_millis(300)),
        Cut::Before,
    ] {
        proxy.arm(cut);
        let ask = asks.next().unwrap();
        let state = store.write(move |write| write.execute::<Lamp>(lamp, ask, "test", at(0)));
        // Done twice, the second would be refused: the lamp is so already.
        let state = state.unwrap_or_else(|error: Refused<_>| panic!("{cut:?}: {error}"));
        assert!(proxy.is_spent(), "{cut:?} was never made");
        expected += 1;
        assert_eq!(state.burns, expected % 2 == 1, "{cut:?}");
        let history = store.read(|tx| store::log::stream(tx, lamp)).unwrap();
        assert_eq!(history.len(), expected, "{cut:?}");
    }
    let report = store.verify(None).unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
}
