//! The shell of every page: skip link, demonstration banner, header with the way around, whose record it is, feeds that
//! are down, main, footer. Must not know what a page is about.

use crate::components::{Account, Footer, GlassBanner, Header, Link, PersonBanner, SignOut, SkipLink};

/// The part of the service that a page belongs to, marked in the navigation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Section {
    /// None of them.
    #[default]
    None,
    /// The home of a role.
    Home,
    /// A person's own pages: who looked at them.
    Looks,
    /// A person's own pages: how their record is shared.
    Sharing,
    /// What others have let them see.
    Proxy,
    /// Find a person, and pages about a person.
    People,
    /// A neighbourhood team's lists of people who may need help.
    Finding,
    /// Asks for help: where they begin, who has them, the crisis board.
    Asks,
    /// Health of the feeds.
    Feeds,
    /// Messages that could not be applied.
    Quarantine,
    /// The eight neighbourhoods.
    Neighbourhoods,
    /// An identity steward's area: records that may be one person.
    Identity,
    /// A privacy officer's area: who looks.
    Privacy,
    /// Indicators and claims.
    Measures,
    /// Decisions about beds.
    Gate,
    /// 100-day challenges.
    Challenges,
    /// The population in counts.
    Population,
}

/// Who is signed in.
#[derive(Debug, Clone, Default)]
pub struct SignedIn {
    /// Their name.
    pub name: String,
    /// Their role and organisation, in a few words.
    pub role: String,
    /// Their role finds people; without, the way there is not offered.
    pub finds_people: bool,
    /// Their role asks for help for people, or works with asks; without, the way there is not offered.
    pub asks: bool,
    /// Their team has lists that find people; without, the way there is not offered.
    pub finds_cases: bool,
    /// They watch over who looks; without, the way there is not offered.
    pub reviews_looks: bool,
    /// They keep the figures or decide with them.
    pub assures: bool,
    /// They count people; without, the way there is not offered.
    pub counts: bool,
    /// They judge whose a record is; without, the way there is not offered.
    pub judges_identity: bool,
    /// They are here for their own record: the way leads to that and not to anybody's work.
    pub citizen: bool,
    /// Their own record is here.
    pub has_record: bool,
}

/// What every page needs besides its own view.
#[derive(Debug, Clone, Default)]
pub struct Shell {
    /// What the page is, without the service's name: `Find a person`. Never a person's name: titles stay in histories.
    pub title: String,
    /// Where it belongs.
    pub section: Section,
    /// Who is signed in; without, there is no navigation.
    pub signed_in: Option<SignedIn>,
    /// The session's cross-site token, for every form on the page.
    pub token: String,
    /// One sentence for each feed that is down and feeds this page.
    pub feed_sentences: Vec<String>,
    /// Whose record it is, on a page about a person.
    pub person: Option<PersonBanner>,
    /// Where an open page hears that what it shows has changed; empty on a page that stands still.
    pub live: String,
    /// The reader has opened this closed record for a while.
    pub glass: Option<GlassBanner>,
}

/// Name of the hidden field that carries the cross-site token.
pub const TOKEN_FIELD: &str = "token";

impl Shell {
    /// A page with this title in this part of the service, nobody signed in.
    #[must_use]
    pub fn new(title: &str, section: Section) -> Self {
        Self { title: title.to_owned(), section, ..Self::default() }
    }

    pub(crate) fn skip_link(&self) -> SkipLink {
        SkipLink::default()
    }

    pub(crate) fn header(&self) -> Header {
        let link = |text: &str, href: &str, section| Link { current: self.section == section, ..Link::new(text, href) };
        let who = self.signed_in.as_ref();
        let navigation = if who.is_some_and(|who| who.citizen) {
            let mut own = vec![
                link("My record", "/me", Section::Home),
                link("Asks for help", "/me/asks", Section::Asks),
                link("Who looked", "/me/looks", Section::Looks),
                link("Sharing", "/me/sharing", Section::Sharing),
                link("Others’ records", "/me/proxy", Section::Proxy),
            ];
            // Somebody without a record here is here for somebody else's.
            if who.is_some_and(|who| !who.has_record) {
                own.drain(..4);
            }
            own
        } else {
            let mut work = vec![
                link("Home", "/", Section::Home),
                link("Find a person", "/people", Section::People),
                link("Asks", "/asks", Section::Asks),
                link("Feeds", "/feeds", Section::Feeds),
                link("Quarantine", "/quarantine", Section::Quarantine),
                link("Neighbourhoods", "/neighbourhoods", Section::Neighbourhoods),
            ];
            if who.is_some_and(|who| !who.asks) {
                work.remove(2);
            }
            if who.is_some_and(|who| !who.finds_people) {
                work.remove(1);
            }
            if who.is_some_and(|who| who.finds_cases) {
                let at = work.len().saturating_sub(3);
                work.insert(at, link("Case finding", "/finding", Section::Finding));
            }
            if who.is_some_and(|who| who.assures) {
                let at = work.len().min(1);
                work.splice(
                    at..at,
                    [
                        link("Measures", "/measures", Section::Measures),
                        link("Bed gate", "/gate", Section::Gate),
                        link("Challenges", "/challenges", Section::Challenges),
                    ],
                );
            }
            if who.is_some_and(|who| who.counts) {
                let at = work.iter().position(|link| link.href == "/measures").unwrap_or(work.len().min(1));
                work.insert(at, link("Population", "/population", Section::Population));
            }
            if who.is_some_and(|who| who.judges_identity) {
                work.insert(1, link("Identity", "/identity", Section::Identity));
            }
            if who.is_some_and(|who| who.reviews_looks) {
                work.insert(1, link("Privacy", "/privacy", Section::Privacy));
            }
            work
        };
        Header {
            service: "Weft".to_owned(),
            href: "/".to_owned(),
            navigation: if self.signed_in.is_some() { navigation } else { Vec::new() },
            account: self.signed_in.as_ref().map(|who| Account {
                name: Some(if who.role.is_empty() { who.name.clone() } else { format!("{}, {}", who.name, who.role) }),
                sign_out: Some(SignOut {
                    text: "Sign out".to_owned(),
                    action: "/sign-out".to_owned(),
                    token: Some((TOKEN_FIELD.to_owned(), self.token.clone())),
                }),
                ..Account::default()
            }),
            white: false,
        }
    }

    pub(crate) fn footer(&self) -> Footer {
        Footer {
            links: vec![
                Link::new("What everybody may see", "/public"),
                Link::new("About Weft", "/about"),
                Link::new("Service status", "/status"),
            ],
            sentences: vec![
                "Weft is open source under the Apache License 2.0. It is not an NHS service.".to_owned(),
                "Every person, message and record shown here is made up. Places and organisations come from open data."
                    .to_owned(),
            ],
            ..Footer::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_somebody_signed_in_sees_the_way_around_and_can_sign_out() {
        let mut shell = Shell::new("Feeds", Section::Feeds);
        assert!(shell.header().navigation.is_empty() && shell.header().account.is_none());
        shell.signed_in = Some(SignedIn { name: "Ada Sample".to_owned(), finds_people: true, ..SignedIn::default() });
        shell.token = "t0k3n".to_owned();
        let header = shell.header();
        let current: Vec<&str> =
            header.navigation.iter().filter(|link| link.current).map(|link| link.href.as_str()).collect();
        assert_eq!(current, ["/feeds"]);
        let page = header.to_string();
        assert!(
            page.contains("name=\"token\" value=\"t0k3n\"") && page.contains("action=\"/sign-out\" method=\"post\"")
        );
    }
}
