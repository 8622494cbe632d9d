//! Live pages from outside: who may follow what, what goes over the wire, and how a stream ends.

use std::pin::Pin;
use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::http::{StatusCode, header};
use futures_core::Stream as _;
use jiff::SignedDuration;

use crate::ask::asked;
use crate::house::{House, Visitor};

/// A stream that is being read.
struct Heard<'h> {
    house: &'h House,
    body: BodyDataStream,
}

impl Heard<'_> {
    /// What comes next within a time; `None` where nothing does, or the stream has ended.
    fn within(&mut self, millis: u64) -> Option<String> {
        let body = &mut self.body;
        let next = std::future::poll_fn(|context| Pin::new(&mut *body).poll_next(context));
        let waited = async { tokio::time::timeout(Duration::from_millis(millis), next).await };
        let bytes = self.house.run(waited).ok()??.unwrap();
        Some(String::from_utf8(bytes.to_vec()).unwrap())
    }

    /// Whether it has news within a second; whatever follows at once is the same news.
    fn news(&mut self) -> bool {
        let heard = self.within(1_000).is_some_and(|news| news.contains("data: "));
        while self.within(250).is_some() {}
        heard
    }

    /// Whether it ends within a time.
    fn ends(&mut self, millis: u64) -> bool {
        let body = &mut self.body;
        let next = std::future::poll_fn(|context| Pin::new(&mut *body).poll_next(context));
        let waited = async { tokio::time::timeout(Duration::from_millis(millis), next).await };
        matches!(self.house.run(waited), Ok(None))
    }
}

/// Where a page follows what it shows.
fn ticket(page: &str) -> String {
    page.split("data-live=\"").nth(1).unwrap().split('"').next().unwrap().replace("&#38;", "&")
}

fn answer(house: &House, visitor: &Visitor<'_>, address: &str) -> (StatusCode, BodyDataStream) {
    let response = house.begun(visitor.request("GET", address).body(Body::empty()).unwrap());
    (response.status(), response.into_body().into_data_stream())
}

fn follow<'h>(house: &'h House, visitor: &Visitor<'_>, address: &str) -> Heard<'h> {
    let response = house.begun(visitor.request("GET", address).body(Body::empty()).unwrap());
    assert_eq!(response.status(), StatusCode::OK, "{address}");
    assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
    let mut heard = Heard { house, body: response.into_body().into_data_stream() };
    let first = heard.within(1_000).unwrap();
    assert!(first.starts_with("retry: 2000\nid: ") && !first.contains("data"), "{first}");
    heard
}

#[test]
fn an_open_list_hears_of_its_own_asks_within_a_second_and_another_desk_of_nothing() {
    let house = House::open();
    let (gp, desk, crisis) = (house.sign_in("gp"), house.sign_in("coordinator"), house.sign_in("crisis-responder"));
    let margaret = gp.person("Margaret Ashworth").to_string();
    let mut at_desk = follow(&house, &desk, &ticket(&desk.get("/asks").body));
    let mut at_crisis = follow(&house, &crisis, &ticket(&crisis.get("/asks").body));
    assert_eq!(at_desk.within(300), None, "opening a page is no news");

    let ask = asked(&gp, &margaret);
    let news = at_desk.within(1_000).expect("the desk was offered an ask");
    let (id, number) = news.trim_end().strip_prefix("id: ").unwrap().split_once("\ndata: ").unwrap();
    assert!(id.split_once('-').is_some_and(|(_, count)| count == number), "{news}");
    assert!(number.parse::<u32>().is_ok_and(|number| number > 0), "a number and nothing else: {news}");
    assert_eq!(at_crisis.within(400), None, "what is not offered to the crisis team is not told to it");

    // A page that was made after all that hears nothing of it.
    let mut late = follow(&house, &desk, &ticket(&desk.get("/asks").body));
    assert_eq!(late.within(300), None);

    // The ask's own page hears of its next step, and so does whoever asked.
    let mut at_ask = follow(&house, &gp, &ticket(&gp.get(&ask).body));
    assert_eq!(desk.send(&format!("{ask}/accept"), &[]).status, StatusCode::SEE_OTHER);
    assert!(at_ask.within(1_000).is_some_and(|news| news.contains("data: ")));
    assert_eq!(at_crisis.within(300), None);
}

#[test]
fn the_stays_of_a_service_and_the_places_of_a_clinic_are_followed_like_the_lists_of_asks() {
    let house = House::open();
    let (beds, crisis, unit) =
        (house.sign_in("recovery-therapist"), house.sign_in("crisis-responder"), house.sign_in("ambulatory-nurse"));
    let mut at_stays = follow(&house, &beds, &ticket(&beds.get("/stays").body));
    let mut elsewhere = follow(&house, &crisis, &ticket(&crisis.get("/stays").body));
    let mut at_places = follow(&house, &unit, &ticket(&unit.get("/slots").body));
    let mut at_services = follow(&house, &crisis, &ticket(&crisis.get("/services").body));
    let (_, stay) = crate::stay::taken(&house);
    assert!(at_stays.news(), "they took somebody over");
    let mut at_stay = follow(&house, &beds, &ticket(&beds.get(&stay).body));
    let admitted = beds.send(&format!("{stay}/admit"), &[("step", "up"), ("goals", "Walk to the shop")]);
    assert_eq!(admitted.status, StatusCode::SEE_OTHER, "{}", admitted.body);
    assert!(at_stay.news() && at_stays.news());
    assert_eq!(elsewhere.within(300), None, "a stay elsewhere is nobody\u{2019}s news here");
    assert_eq!(at_services.within(100), None);
    beds.send("/services/active-recovery-beds", &[("free", "7"), ("of", "60"), ("when", "")]);
    assert!(at_services.news());
    assert_eq!(at_stays.within(200), None, "of a figure the list of stays shows nothing");

    assert_eq!(at_places.within(100), None);
    let ask = crate::stay::triaged(&house);
    let slots = crate::stay::published(&house, &ask);
    assert!(at_places.news(), "places were offered");
    let nurse = house.sign_in("triage-nurse");
    let mut at_offers = follow(&house, &nurse, &ticket(&nurse.get(&format!("{ask}/slots")).body));
    let mut at_ask = follow(&house, &nurse, &ticket(&nurse.get(&ask).body));
    assert_eq!(nurse.send(&format!("{ask}/slots"), &[("slot", &slots[0])]).status, StatusCode::SEE_OTHER);
    for (heard, page) in [(&mut at_places, "the day"), (&mut at_offers, "what can be booked"), (&mut at_ask, "the ask")]
    {
        assert!(heard.news(), "{page}");
    }
    drop((at_offers, at_ask));
    assert_eq!(unit.send(&format!("{ask}/accept"), &[]).status, StatusCode::SEE_OTHER);
    let visit = format!("/slots/{}", slots[0]);
    let mut at_visit = follow(&house, &unit, &ticket(&unit.get(&visit).body));
    house.pass(SignedDuration::from_mins(1));
    assert_eq!(unit.send(&format!("{visit}/arrive"), &[]).status, StatusCode::SEE_OTHER);
    assert!(at_visit.news(), "they came");
}

#[test]
fn a_response_and_a_fall_are_followed_with_the_ask_they_belong_to() {
    let house = House::open();
    let (ask, crisis, fall) = crate::crisis::taken(&house);
    let (joel, gp) = (house.sign_in("crisis-responder"), house.sign_in("gp"));
    let mut at_crisis = follow(&house, &joel, &ticket(&joel.get(&crisis).body));
    let mut at_fall = follow(&house, &joel, &ticket(&joel.get(&fall).body));
    let mut at_ask = follow(&house, &gp, &ticket(&gp.get(&ask).body));
    let flagged = ["lost_consciousness", "head", "blood_thinner"].map(|name| (name, "no"));
    let answers = [&flagged[..], &[("injury", "none"), ("can_get_up", "no")]].concat();
    assert_eq!(joel.send(&format!("{fall}/questions"), &answers).status, StatusCode::SEE_OTHER);
    for (heard, page) in [(&mut at_crisis, "the response"), (&mut at_fall, "the fall"), (&mut at_ask, "the ask")] {
        assert!(heard.news(), "{page} hears of the fall");
    }
    assert_eq!(joel.send(&format!("{crisis}/assign"), &[("responder", "T. Shah")]).status, StatusCode::SEE_OTHER);
    for (heard, page) in [(&mut at_crisis, "the response"), (&mut at_fall, "the fall"), (&mut at_ask, "the ask")] {
        assert!(heard.news(), "{page} hears of the response");
    }
}

#[test]
fn a_page_that_was_made_before_a_change_hears_of_it_at_once_and_a_browser_that_comes_back_from_where_it_was() {
    let house = House::open();
    let (gp, desk) = (house.sign_in("gp"), house.sign_in("coordinator"));
    let margaret = gp.person("Margaret Ashworth").to_string();
    let before = ticket(&desk.get("/asks").body);
    asked(&gp, &margaret);
    let mut heard = follow(&house, &desk, &before);
    let news = heard.within(1_000).expect("it was made before the ask was sent");
    let id = news.split("id: ").nth(1).unwrap().split('\n').next().unwrap().to_owned();
    // The same address, with what was heard last: nothing is told twice.
    let again = desk.request("GET", &before).header("last-event-id", &id).body(Body::empty()).unwrap();
    let mut again = Heard { house: &house, body: house.begun(again).into_body().into_data_stream() };
    assert!(again.within(1_000).unwrap().contains(&id));
    assert_eq!(again.within(300), None);
}

#[test]
fn a_ticket_is_for_the_session_that_was_shown_the_page_and_for_that_page() {
    let house = House::open();
    let (gp, nurse) = (house.sign_in("gp"), house.sign_in("triage-nurse"));
    let margaret = gp.person("Margaret Ashworth").to_string();
    let ask = asked(&gp, &margaret);
    let mine = ticket(&gp.get(&ask).body);
    let status = |visitor: &Visitor<'_>, address: &str| answer(&house, visitor, address).0;
    assert_eq!(status(&gp, &mine), StatusCode::OK);
    assert_eq!(status(&nurse, &mine), StatusCode::NOT_FOUND, "another session");
    assert_eq!(status(&house.anybody(), &mine), StatusCode::SEE_OTHER, "nobody");
    let lists = ticket(&gp.get("/asks").body);
    let proof = lists.split('/').nth(3).unwrap().split('?').next().unwrap();
    let id = ask.trim_start_matches("/asks/");
    for wrong in
        [format!("/live/ask.{id}/{proof}"), format!("/live/advice/{proof}"), format!("/live/asks/{}", "0".repeat(64))]
    {
        assert_eq!(status(&gp, &wrong), StatusCode::NOT_FOUND, "{wrong}");
    }
    // No page, no ticket: whoever may not open an ask finds no stream in what they are told.
    let other = house.sign_in("receptionist").get(&ask);
    assert!(!other.body.contains("data-live"), "{}", other.body);
}

#[test]
fn a_session_follows_five_pages_and_no_more_and_what_it_leaves_is_free() {
    let house = House::open();
    let desk = house.sign_in("coordinator");
    let address = ticket(&desk.get("/asks").body);
    let mut open: Vec<Heard<'_>> = (0..5).map(|_| follow(&house, &desk, &address)).collect();
    assert_eq!(answer(&house, &desk, &address).0, StatusCode::TOO_MANY_REQUESTS);
    drop(open.pop());
    // Whoever has gone is noticed without a word being sent.
    house.run(async { tokio::time::sleep(Duration::from_millis(50)).await });
    follow(&house, &desk, &address);
}

#[test]
fn a_stream_ends_with_its_session_and_says_so() {
    let house = House::open();
    let desk = house.sign_in("coordinator");
    let mut heard = follow(&house, &desk, &ticket(&desk.get("/asks").body));
    desk.send("/sign-out", &[]);
    assert_eq!(heard.within(1_000).as_deref(), Some("event: over\ndata: 0\n\n"));
    assert!(heard.ends(1_000));
}

#[test]
fn every_stream_ends_at_once_when_the_service_stops() {
    let house = House::open();
    let (desk, gp) = (house.sign_in("coordinator"), house.sign_in("gp"));
    let mut open = [&desk, &gp].map(|one| follow(&house, one, &ticket(&one.get("/asks").body)));
    house.state.close();
    assert!(open.iter_mut().all(|heard| heard.ends(200)));
}

#[test]
fn what_a_page_does_by_itself_keeps_no_session_alive() {
    let house = House::open();
    let desk = house.sign_in("coordinator");
    let address = ticket(&desk.get("/asks").body);
    for _ in 0..2 {
        house.pass(SignedDuration::from_mins(14));
        let by_itself = desk.request("GET", "/asks").header("weft-by-itself", "yes").body(Body::empty()).unwrap();
        assert_eq!(house.send(by_itself).status, StatusCode::OK);
    }
    house.pass(SignedDuration::from_mins(3));
    let again = desk.request("GET", &address).header("last-event-id", "1-1").body(Body::empty()).unwrap();
    assert_eq!(house.begun(again).status(), StatusCode::SEE_OTHER, "nobody has touched anything for half an hour");
    assert_eq!(desk.get("/asks").location(), "/");
}

#[test]
fn a_look_by_the_page_itself_is_written_down_like_any_other() {
    let house = House::open();
    let (gp, desk) = (house.sign_in("gp"), house.sign_in("coordinator"));
    let margaret = gp.person("Margaret Ashworth").to_string();
    asked(&gp, &margaret);
    let before = house.happened();
    let by_itself = desk.request("GET", "/asks").header("weft-by-itself", "yes").body(Body::empty()).unwrap();
    assert!(house.send(by_itself).body.contains("Margaret Ashworth"));
    assert!(house.happened() > before);
}
