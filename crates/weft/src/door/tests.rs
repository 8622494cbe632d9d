//! Each way in which the demonstration's sign-in could stand open over somebody's data, and what the configuration refuses.

use sign_in::Written;
use store::Location;

use super::*;

/// A folder that goes away with the test.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("weft-door-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn settings(&self) -> Settings {
        Settings {
            data: self.0.clone(),
            location: Location::in_folder(&self.0),
            place: None,
            listen: None,
            mllp: None,
            address: None,
            idle_minutes: None,
            sign_in: Vec::new(),
            heads: None,
            head_key: self.0.join("head-key"),
            tls: None,
            client_ids: false,
            proxies: Vec::new(),
            glass_minutes: None,
            telephony: None,
            rates: web::Rates::default(),
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

const HERE: &str = "127.0.0.1:8080";

fn marked(house: &House) -> store::Result<()> {
    house.store.write(|write| access::demonstration::begin(write, jiff::Timestamp::UNIX_EPOCH))
}

fn refusal(house: &House, settings: &Settings, listen: &str, beyond: bool) -> String {
    demonstration(house, settings, listen.parse().unwrap(), beyond).unwrap_err().to_string()
}

fn provider(issuer: &str, test: bool) -> Written {
    let lines = format!(
        "id = \"a\"\nname = \"A\"\nissuer = \"{issuer}\"\nclient-id = \"weft\"\nkind = \"staff\"\nsecret-variable = \"PATH\"\ntest = {test}"
    );
    toml::from_str(&lines).unwrap()
}

#[test]
fn data_that_no_demonstration_made_is_never_open_to_anybody() {
    let folder = Folder::new("real");
    let settings = folder.settings();
    let house = House::open(&settings).unwrap();
    assert!(refusal(&house, &settings, HERE, false).contains("not made by the demonstration"), "an empty database");
    // Anything at all in the log, and the mark comes too late.
    let refused =
        |write: &mut store::Write<'_>| access::session::refused(write, "a", "no-role", jiff::Timestamp::UNIX_EPOCH);
    house.store.write(refused).unwrap();
    assert!(marked(&house).is_err(), "real data are never marked afterwards");
    assert!(refusal(&house, &settings, HERE, true).contains("not made by the demonstration"));
    // A borough's file beside somebody else's database says nothing of it.
    std::fs::write(
        folder.0.join("borough.toml"),
        "people = 1\nseed = 1\nworld = \"effect\"\nfirst_day = \"2026-03-02\"\ntold = 1\nreached = \"2026-03-02T00:00:00Z\"\n",
    )
    .unwrap();
    let elsewhere = Settings { location: Location::Server("postgres://elsewhere".to_owned()), ..settings };
    assert!(refusal(&house, &elsewhere, HERE, false).contains("not made by the demonstration"));
}

#[test]
fn the_demonstrations_own_data_are_open_on_this_machine() {
    let folder = Folder::new("demo");
    let settings = folder.settings();
    let house = House::open(&settings).unwrap();
    marked(&house).unwrap();
    demonstration(&house, &settings, HERE.parse().unwrap(), false).unwrap();
    assert_eq!(of(&house, &settings, true).unwrap().idle, SignedDuration::from_mins(30));
    for everywhere in ["0.0.0.0:8080", "192.0.2.1:80", "[::]:8080"] {
        assert!(refusal(&house, &settings, everywhere, false).contains("--demo-beyond-this-machine"), "{everywhere}");
        demonstration(&house, &settings, everywhere.parse().unwrap(), true).unwrap();
    }
}

#[test]
fn beside_a_real_provider_nobody_comes_in_without_one() {
    let folder = Folder::new("both");
    let house = House::open(&folder.settings()).unwrap();
    marked(&house).unwrap();
    let settings = Settings { sign_in: vec![provider("https://sign-in.example", false)], ..folder.settings() };
    assert!(refusal(&house, &settings, HERE, true).contains("cannot be on together"));
}

#[test]
fn an_address_without_tls_is_for_tests_on_this_machine_alone() {
    let folder = Folder::new("address");
    let house = House::open(&folder.settings()).unwrap();
    let asked = |address: Option<&str>, issuer: &str, test| {
        let sign_in = vec![provider(issuer, test)];
        let address = address.map(str::to_owned);
        of(&house, &Settings { address, sign_in, ..folder.settings() }, false).map_err(|error| format!("{error:#}"))
    };
    let secure = asked(Some("https://record.example"), "https://sign-in.example", false).unwrap();
    assert!(secure.secure && secure.providers.is_some());
    assert_eq!(secure.idle, SignedDuration::from_mins(15));
    let local = asked(Some("http://127.0.0.1:8080"), "http://127.0.0.1:9000", true).unwrap();
    assert!(!local.secure);
    for (address, test) in [
        (None, true),
        (Some("http://record.example"), true),
        (Some("http://127.0.0.1.example"), true),
        (Some("http://127.0.0.1:8080"), false),
    ] {
        assert!(
            asked(address, "https://sign-in.example", test).is_err_and(|words| words.contains("address")),
            "{address:?}"
        );
    }
    let long = Settings { idle_minutes: Some(31), ..folder.settings() };
    assert!(of(&house, &long, false).is_err_and(|error| error.to_string().contains("idle_minutes")));
}
