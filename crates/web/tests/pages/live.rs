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
