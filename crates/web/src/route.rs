//! Every page's address with what it needs of whoever asks. A route that is not here fails the tests, and so does one here that
//! the router does not have: nobody adds an address without saying by which action it is decided.

use access::Action;

/// What a route needs of whoever asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: it answers anybody, and shows nothing of any person.
    Nothing,
    /// Somebody signed in; it shows nothing of any person.
    SignedIn,
    /// Leave for one of these actions, by the gate of `access`.
    Leave(&'static [Action]),
}

use Action as A;
use Needs::{Leave, Nothing, SignedIn};

/// Every route: method, address, what it needs. The tests walk this list, and hold it against the router.
pub const ROUTES: &[(&str, &str, Needs)] = &[
    ("GET", "/", Nothing),
    ("POST", "/sign-in", Nothing),
    ("POST", "/sign-in/role", Nothing),
    ("GET", "/sign-in/{provider}", Nothing),
    ("GET", "/sign-in/{provider}/return", Nothing),
    ("POST", "/sign-in/{provider}/logout", Nothing),
    ("POST", "/sign-out", SignedIn),
    ("GET", "/signed-out", Nothing),
    ("GET", "/sessions", SignedIn),
    ("POST", "/sessions", SignedIn),
    ("GET", "/lists/{list}", Leave(&[A::SeeWorklist])),
    ("GET", "/me", Leave(&[A::ReadRecord])),
    ("GET", "/me/looks", Leave(&[A::SeeLooks])),
    ("POST", "/me/looks", Leave(&[A::AskWhy])),
    ("GET", "/me/sharing", Leave(&[A::ChooseSharing])),
    ("POST", "/me/sharing", Leave(&[A::ChooseSharing])),
    ("POST", "/me/sharing/people", Leave(&[A::ChooseSharing])),
    ("GET", "/me/proxy", SignedIn),
    ("GET", "/me/proxy/{id}", Leave(&[A::ReadRecord])),
    ("GET", "/privacy/questions", Leave(&[A::SeeWorklist])),
    ("GET", "/privacy/questions/{id}", Leave(&[A::SeeLooks])),
    ("POST", "/privacy/questions/{id}", Leave(&[A::SeeLooks])),
    ("GET", "/me/asks", Leave(&[A::ReadRecord])),
    ("GET", "/asks", Leave(&[A::SeeWorklist])),
    ("GET", "/asks/new", Leave(&[A::MakeAsk, A::FindPeople])),
    ("POST", "/asks/new", Leave(&[A::MakeAsk, A::FindPeople])),
    ("GET", "/asks/new/unknown", Leave(&[A::MakeAsk])),
    ("POST", "/asks/new/form", Leave(&[A::MakeAsk])),
    ("GET", "/asks/draft/{id}", Leave(&[A::MakeAsk])),
    ("POST", "/asks/draft/{id}", Leave(&[A::MakeAsk])),
    ("GET", "/asks/{id}", Leave(&[A::ReadRecord])),
    ("GET", "/asks/{id}/triage", Leave(&[A::ReadRecord])),
    ("POST", "/asks/{id}/triage", Leave(&[A::ReadRecord, A::WorkAsk])),
    ("GET", "/asks/{id}/{deed}", Leave(&[A::ReadRecord])),
    ("POST", "/asks/{id}/{deed}", Leave(&[A::ReadRecord, A::WorkAsk])),
    ("GET", "/people/{id}/asks", Leave(&[A::ReadRecord])),
    ("GET", "/people/{id}/asks/new", Leave(&[A::MakeAsk])),
    ("GET", "/people", Leave(&[A::FindPeople])),
    ("POST", "/people", Leave(&[A::FindPeople])),
    ("GET", "/people/{id}", Leave(&[A::ReadRecord])),
    ("GET", "/people/{id}/timeline", Leave(&[A::ReadRecord])),
    ("GET", "/people/{id}/access", Leave(&[A::SeeLooks])),
    ("GET", "/people/{id}/glass", Leave(&[A::BreakGlass])),
    ("POST", "/people/{id}/glass", Leave(&[A::BreakGlass])),
    ("POST", "/people/{id}/glass/close", Leave(&[A::BreakGlass])),
    ("GET", "/people/{id}/seal/{entry}", Leave(&[A::Seal])),
    ("POST", "/people/{id}/seal/{entry}", Leave(&[A::Seal])),
    ("GET", "/privacy/glass", Leave(&[A::ReviewLooks])),
    ("GET", "/privacy/glass/{id}", Leave(&[A::ReviewLooks])),
    ("POST", "/privacy/glass/{id}", Leave(&[A::ReviewLooks])),
    ("GET", "/pseudonyms", Leave(&[A::ReadPseudonyms])),
    ("GET", "/pseudonyms.csv", Leave(&[A::ReadPseudonyms])),
    ("GET", "/advice", Leave(&[A::SeeWorklist])),
    // Decided in the handler, and by the rota itself: only the team whose line it is. A rota is about nobody who is cared for.
    ("GET", "/advice/rota", SignedIn),
    ("GET", "/advice/rota/{specialty}", SignedIn),
    ("POST", "/advice/rota/{specialty}", SignedIn),
    // Decided in the handler: only clinicians ask, and a general question is about nobody.
    ("GET", "/advice/general", SignedIn),
    ("POST", "/advice/general", SignedIn),
    ("GET", "/advice/calls/{id}", Leave(&[A::ReadRecord])),
    ("POST", "/advice/calls/{id}", Leave(&[A::ReadRecord])),
    ("GET", "/advice/questions/{id}", Leave(&[A::ReadRecord])),
    ("POST", "/advice/questions/{id}", Leave(&[A::ReadRecord])),
    ("GET", "/advice/questions/{id}/files/{number}", Leave(&[A::ReadRecord])),
    ("GET", "/people/{id}/advice", Leave(&[A::ReadRecord])),
    ("POST", "/people/{id}/advice", Leave(&[A::MakeAsk])),
    ("GET", "/people/{id}/advice/{specialty}", Leave(&[A::ReadRecord])),
    ("POST", "/people/{id}/advice/{specialty}", Leave(&[A::MakeAsk])),
    // Opened with the ticket of a page that was decided itself; a number, and nothing of any person.
    ("GET", "/live/{page}/{proof}", SignedIn),
    ("GET", "/feeds", SignedIn),
    ("GET", "/quarantine", SignedIn),
    ("GET", "/quarantine/{id}", Leave(&[A::ReadMessage])),
    ("POST", "/quarantine/{id}", Leave(&[A::MendMessage])),
    ("GET", "/privacy", Leave(&[A::ReviewLooks])),
    ("GET", "/privacy/rules", Leave(&[A::ReviewLooks])),
    ("GET", "/privacy/looks", Leave(&[A::ReviewLooks])),
    ("POST", "/privacy/looks", Leave(&[A::ReviewLooks])),
    ("GET", "/privacy/looks.csv", Leave(&[A::ReviewLooks])),
    ("GET", "/privacy/patterns/{id}", Leave(&[A::ReviewLooks])),
    ("POST", "/privacy/patterns/{id}", Leave(&[A::ReviewLooks])),
    ("GET", "/neighbourhoods", SignedIn),
    ("GET", "/neighbourhoods/{id}", SignedIn),
    ("GET", "/about", Nothing),
    ("GET", "/fhir", Nothing),
    ("GET", "/status", Nothing),
    ("POST", "/telephony/signals", Nothing),
];
