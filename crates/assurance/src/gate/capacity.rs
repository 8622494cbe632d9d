//! Is the extra capacity there? Actual people in post and on duty, each counted once however many employers they have. Must not
//! keep who they are: the record keeps numbers, and the hash of the list that they were counted from.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::month::Month;

/// One line of the plan: so many people of a sort.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// What they are: "community nurses, Marple".
    pub role: String,
    /// How many people.
    pub people: u32,
    /// How much of them, in hundredths of a whole-time equivalent.
    pub wte_hundredths: u32,
}

/// One person's post. Known by an id that is the same with every employer; no name is needed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Post {
    /// Who, as an opaque id.
    pub person: String,
    /// Which line of the plan the post belongs to.
    pub role: String,
    /// With whom.
    pub employer: String,
    /// How much of a whole-time equivalent, in hundredths.
    pub wte_hundredths: u32,
    /// First day in post.
    pub from: Date,
    /// Last day in post, if it is known.
    #[serde(default)]
    pub until: Option<Date>,
    /// At work: not merely recruited, in training away, or on long leave.
    pub on_duty: bool,
    /// Came from a hospital of the borough: a move, not a gain.
    #[serde(default)]
    pub from_hospital: bool,
}

/// The most of one person that counts, in hundredths, over all their posts.
pub const MOST_WTE: u32 = 120;

/// What stands in one line of the plan in one month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// The line.
    pub role: String,
    /// People gained: in post all month and on duty, each once, in the line where they work most.
    pub people: u32,
    /// What they work, in hundredths of a whole-time equivalent.
    pub wte_hundredths: u32,
    /// People who came from a hospital: shown, and not counted as gained.
    pub moved: u32,
}

/// A month's count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// The month.
    pub month: Month,
    /// A line of the plan each.
    pub lines: Vec<Counted>,
    /// Posts set aside: for a role that is not in the plan.
    pub not_in_plan: u32,
    /// Posts set aside: not held all month, or not on duty.
    pub not_on_duty: u32,
    /// People whose posts add up to more than 1.2 of a whole-time equivalent; no more than that was counted.
    pub over_wte: u32,
    /// The hash of the list of posts.
    pub roster: String,
}

/// Counts a list of posts for a month.
#[must_use]
pub fn count(plan: &[Line], posts: &[Post], month: Month, roster: String) -> Count {
    let mut counted: BTreeMap<&str, Counted> = BTreeMap::new();
    for line in plan {
        let empty = Counted { role: line.role.clone(), people: 0, wte_hundredths: 0, moved: 0 };
        counted.insert(&line.role, empty);
    }
    let (mut not_in_plan, mut not_on_duty, mut over_wte) = (0, 0, 0);
    let mut people: BTreeMap<&str, Vec<&Post>> = BTreeMap::new();
    for post in posts {
        let all_month = post.from <= month.first_day() && post.until.is_none_or(|until| until >= month.last_day());
        if !counted.contains_key(post.role.as_str()) {
            not_in_plan += 1;
        } else if !post.on_duty || !all_month {
            not_on_duty += 1;
        } else {
            people.entry(&post.person).or_default().push(post);
        }
    }
    for posts in people.values() {
        let total: u32 = posts.iter().map(|post| post.wte_hundredths).fold(0, u32::saturating_add);
        over_wte += u32::from(total > MOST_WTE);
        let mut roles: BTreeMap<&str, u32> = BTreeMap::new();
        for post in posts {
            let role = roles.entry(&post.role).or_default();
            *role = role.saturating_add(post.wte_hundredths);
        }
        let moved = posts.iter().any(|post| post.from_hospital);
        let mut left = MOST_WTE;
        // In the line where they work most; of two the same, the first by name.
        let mut roles: Vec<(&str, u32)> = roles.into_iter().collect();
        roles.sort_by_key(|(role, wte)| (std::cmp::Reverse(*wte), *role));
        for (at, (role, wte)) in roles.into_iter().enumerate() {
            let Some(line) = counted.get_mut(role) else { continue };
            if moved {
                line.moved += u32::from(at == 0);
                continue;
            }
            line.people += u32::from(at == 0);
            line.wte_hundredths += wte.min(left);
            left -= wte.min(left);
        }
    }
    let lines = plan.iter().filter_map(|line| counted.get(line.role.as_str()).cloned()).collect();
    Count { month, lines, not_in_plan, not_on_duty, over_wte, roster }
}

/// What is missing in a month's count, line by line, in words; empty where the plan is filled.
#[must_use]
pub fn missing(plan: &[Line], count: &Count) -> Vec<String> {
    let short = |line: &Line| {
        let found = count.lines.iter().find(|counted| counted.role == line.role);
        let (people, wte) = found.map_or((0, 0), |found| (found.people, found.wte_hundredths));
        let lacking = people < line.people || wte < line.wte_hundredths;
        lacking.then(|| {
            format!(
                "{}: {people} of {} people, {} of {} whole-time equivalents",
                line.role,
                line.people,
                hundredths(wte),
                hundredths(line.wte_hundredths)
            )
        })
    };
    plan.iter().filter_map(short).collect()
}

fn hundredths(value: u32) -> String {
    format!("{}.{:02}", value / 100, value % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(person: &str, role: &str, wte: u32) -> Post {
        let from = "2026-01-01".parse().unwrap();
        Post {
            person: person.to_owned(),
            role: role.to_owned(),
            employer: "A".to_owned(),
            wte_hundredths: wte,
            from,
            until: None,
            on_duty: true,
            from_hospital: false,
        }
    }

    fn plan() -> Vec<Line> {
        vec![
            Line { role: "nurses".to_owned(), people: 2, wte_hundredths: 150 },
            Line { role: "carers".to_owned(), people: 1, wte_hundredths: 50 },
        ]
    }

    #[test]
    fn somebody_with_two_employers_is_one_person() {
        let posts = [post("p1", "nurses", 60), Post { employer: "B".to_owned(), ..post("p1", "nurses", 40) }];
        let count = count(&plan(), &posts, "2026-04".parse().unwrap(), String::new());
        assert_eq!((count.lines[0].people, count.lines[0].wte_hundredths), (1, 100));
        assert_eq!(missing(&plan(), &count).len(), 2);
        assert!(missing(&plan(), &count)[0].contains("1 of 2 people"), "{:?}", missing(&plan(), &count));
    }

    #[test]
    fn nobody_counts_twice_nor_for_more_than_they_can_work() {
        let posts = [post("p1", "nurses", 100), post("p1", "carers", 100), post("p2", "nurses", 50)];
        let count = count(&plan(), &posts, "2026-04".parse().unwrap(), String::new());
        let people: u32 = count.lines.iter().map(|line| line.people).sum();
        let wte: u32 = count.lines.iter().map(|line| line.wte_hundredths).sum();
        assert_eq!((people, wte, count.over_wte), (2, 170, 1));
    }

    #[test]
    fn who_is_not_there_all_month_or_only_moved_is_no_gain() {
        let month: Month = "2026-04".parse().unwrap();
        let posts = [
            Post { until: Some("2026-04-29".parse().unwrap()), ..post("left", "nurses", 100) },
            Post { from: "2026-04-02".parse().unwrap(), ..post("late", "nurses", 100) },
            Post { on_duty: false, ..post("away", "nurses", 100) },
            Post { from_hospital: true, ..post("moved", "nurses", 100) },
            post("other", "drivers", 100),
            Post { until: Some("2026-04-30".parse().unwrap()), ..post("there", "nurses", 100) },
        ];
        let count = count(&plan(), &posts, month, String::new());
        assert_eq!((count.lines[0].people, count.lines[0].moved), (1, 1));
        assert_eq!((count.not_on_duty, count.not_in_plan), (3, 1));
    }

    proptest::proptest! {
        /// However posts are split among employers and lines, there are never more people than ids.
        #[test]
        fn there_are_never_more_people_than_there_are(
            posts in proptest::collection::vec((0_u8..5, 0_u8..3, 0_u32..200, proptest::bool::ANY), 0..30)
        ) {
            let posts: Vec<Post> = posts.iter().map(|(person, role, wte, moved)| Post {
                from_hospital: *moved,
                ..post(&person.to_string(), ["nurses", "carers", "others"][usize::from(*role)], *wte)
            }).collect();
            let ids: std::collections::BTreeSet<&str> = posts.iter().map(|post| post.person.as_str()).collect();
            let count = count(&plan(), &posts, "2026-04".parse().unwrap(), String::new());
            let people: u32 = count.lines.iter().map(|line| line.people + line.moved).sum();
            let wte: u32 = count.lines.iter().map(|line| line.wte_hundredths).sum();
            proptest::prop_assert!(people as usize <= ids.len());
            proptest::prop_assert!(wte <= people * MOST_WTE);
        }
    }
}
