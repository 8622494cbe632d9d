//! Heads against what may be done to a log and to the heads themselves.

use std::path::Path;
use std::sync::{Arc, Mutex};

use super::keeper::Work;
use super::*;
use crate::clock::Clock;
use crate::settings::Settings;

fn signing() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn taken(seq: i64) -> Taken {
    let hash = store::blob::sha256(&seq.to_le_bytes());
    Taken { head: Head { seq, hash }, at: "2026-11-22T09:30:00Z".parse().unwrap() }
}

#[test]
fn a_head_is_read_as_it_was_signed_and_nothing_else_is() {
    let (key, public) = (signing(), signing().verifying_key());
    let line = taken(42).line(&key);
    assert_eq!(Taken::read(&line, &public), Ok(taken(42)));
    let other = SigningKey::from_bytes(&[8; 32]).verifying_key();
    assert!(Taken::read(&line, &other).unwrap_err().contains("not signed with this key"));
    // Whatever letter is changed, the line is refused: none of it stands outside the signature.
    for at in 0..line.len() {
        let mut forged = line.clone().into_bytes();
        forged[at] = if forged[at] == b'1' { b'2' } else { b'1' };
        assert!(Taken::read(&String::from_utf8(forged).unwrap(), &public).is_err(), "{at}");
    }
    for wrong in ["", "weft-head-1", "weft-head-2 1 2 3 4", &line[..line.len() - 1], &format!("{line} more")] {
        assert!(Taken::read(wrong, &public).is_err(), "{wrong}");
    }
}

#[test]
fn a_forged_line_and_a_log_that_shrank_are_named_by_their_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("heads.txt");
    let key = signing();
    for seq in [1, 5, 3] {
        add(&file, &taken(seq), &key).unwrap();
    }
    let forged = taken(9).line(&SigningKey::from_bytes(&[8; 32]));
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{text}{forged}\n")).unwrap();
    let kept = read(&file, &key.verifying_key()).unwrap();
    assert_eq!(kept.heads.len(), 3);
    let lines: Vec<usize> = kept.wrong.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [3, 4]);
    assert!(kept.wrong[0].1.contains("shorter") && kept.wrong[1].1.contains("not signed with this key"));
}

#[test]
fn a_key_is_made_once_and_only_its_owner_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("head-key");
    let made = key(&file).unwrap();
    assert_eq!(key(&file).unwrap().to_bytes(), made.to_bytes());
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&file).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
    }
    assert_eq!(published(&public(&made.verifying_key())).unwrap(), made.verifying_key());
    assert!(published("12").is_err());
    std::fs::write(&file, "no key").unwrap();
    assert!(key(&file).unwrap_err().to_string().contains("64 hexadecimal digits"));
}

fn settings(folder: &Path) -> Settings {
    Settings {
        data: folder.to_path_buf(),
        location: store::Location::in_folder(folder),
        place: None,
        listen: None,
        mllp: None,
        address: None,
        idle_minutes: None,
        sign_in: Vec::new(),
        heads: Some(folder.join("second")),
        head_key: folder.join("head-key"),
        tls: None,
        client_ids: false,
        proxies: Vec::new(),
        glass_minutes: None,
        telephony: None,
        rates: web::Rates::default(),
    }
}

/// Somebody's look, so that the log grows.
fn grow(house: &crate::house::House) {
    let subject = access::Subject {
        id: "test".to_owned(),
        name: "Test".to_owned(),
        role: access::Role::Analyst,
        organisation: String::new(),
        own: None,
        teams: Vec::new(),
        assured: true,
    };
    let asking = access::Asking { subject: &subject, purpose: access::Purpose::DirectCare, at: house.clock.now() };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    assert!(runtime.block_on(house.gate.search(&asking)).is_err(), "an analyst finds nobody; the refusal is written");
}

fn work(house: &crate::house::House, folder: &Path) -> Work {
    Work {
        store: house.store.clone(),
        clock: Arc::new(Clock::default()),
        key: signing(),
        folder: folder.to_path_buf(),
        stands: Arc::new(Mutex::new(web::Heads::Nowhere)),
        last: None,
        broken: None,
    }
}

fn stands(work: &Work) -> web::Heads {
    work.stands.lock().unwrap().clone()
}

#[test]
fn a_head_is_kept_when_the_log_has_grown_and_only_then() {
    let folder = tempfile::tempdir().unwrap();
    let house = crate::house::House::open(&settings(folder.path())).unwrap();
    let second = folder.path().join("second");
    let mut work = work(&house, &second);
    let file = file_in(&second, &work.key.verifying_key());
    work.keep();
    assert!(!file.exists(), "an empty log has no head");
    for expected in 1..=3 {
        grow(&house);
        work.keep();
        work.keep();
        assert_eq!(read(&file, &work.key.verifying_key()).unwrap().heads.len(), expected);
    }
    assert!(matches!(stands(&work), web::Heads::Kept { seq: 3, .. }));
    let heads: Vec<Head> =
        read(&file, &work.key.verifying_key()).unwrap().heads.iter().map(|taken| taken.head).collect();
    assert!(house.store.verify_against(&heads).unwrap().findings.is_empty());
}

#[test]
fn a_log_that_is_not_the_one_that_was_kept_is_an_alarm_and_gets_no_new_head() {
    let folder = tempfile::tempdir().unwrap();
    let second = folder.path().join("second");
    let file = file_in(&second, &signing().verifying_key());
    {
        let house = crate::house::House::open(&settings(&folder.path().join("one"))).unwrap();
        let mut work = work(&house, &second);
        for _ in 0..3 {
            grow(&house);
            work.keep();
        }
    }
    let before = std::fs::read_to_string(&file).unwrap();
    // Another log altogether, shorter than the one whose heads are kept.
    let house = crate::house::House::open(&settings(&folder.path().join("two"))).unwrap();
    grow(&house);
    let mut work = work(&house, &second);
    work.look_back();
    work.keep();
    assert!(matches!(stands(&work), web::Heads::Disagree { what } if what.contains("seq 3")));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), before);
    let heads: Vec<Head> =
        read(&file, &signing().verifying_key()).unwrap().heads.iter().map(|taken| taken.head).collect();
    let found = house.store.verify_against(&heads).unwrap().findings;
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].row == "seq 1" && found[0].what.contains("written anew"), "{found:?}");
    assert!(found[1].row == "seq 2" && found[1].what.contains("cut short"), "{found:?}");
}

#[test]
fn a_second_place_that_cannot_be_written_to_is_an_alarm_and_no_crash() {
    let folder = tempfile::tempdir().unwrap();
    let house = crate::house::House::open(&settings(folder.path())).unwrap();
    grow(&house);
    // A file stands where the folder should be.
    let second = folder.path().join("second");
    std::fs::write(&second, "in the way").unwrap();
    let mut work = work(&house, &second);
    work.look_back();
    work.keep();
    assert!(matches!(stands(&work), web::Heads::Failing { .. }));
    std::fs::remove_file(&second).unwrap();
    work.keep();
    assert!(matches!(stands(&work), web::Heads::Kept { seq: 1, .. }), "and it goes on trying");
}
