//! Disagreements about what is known of the person's health: allergies, medicines, problems. Lines of two sources speak of
//! the same thing if they share a code or are titled alike.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Aspect, Claim, Disagreement, Told, weigh};
use crate::fact::allergy::{NoneKnown, is_no_medicine, none_known, risk};
use crate::fact::{Fact, Kind};
use crate::patient::fold;

type Line<'a> = &'a Told<'a, Fact>;

pub(super) fn between(facts: &[Told<'_, Fact>]) -> Vec<Disagreement> {
    let of = |kind: Kind| facts.iter().filter(|told| told.says.kind == kind).collect::<Vec<Line<'_>>>();
    let allergies = of(Kind::Allergy);
    let mut found: Vec<Disagreement> = none_against_some(&allergies).into_iter().collect();
    let listed: Vec<Line<'_>> = allergies.into_iter().filter(|told| none_known(told.says).is_none()).collect();
    for group in same(&listed, |_| None) {
        found.extend(judge(Aspect::Allergy, &group, allergy_state, |a, b| {
            a.0 == b.0 && (a.1.is_none() || b.1.is_none() || a.1 == b.1)
        }));
    }
    for group in same(&of(Kind::Problem), |_| None) {
        found.extend(judge(Aspect::Problem, &group, problem_state, |a, b| a == b));
    }
    for group in same(&of(Kind::Medicine), substance) {
        found.extend(judge(Aspect::Medicine, &group, medicine_state, medicines_agree));
    }
    found
}

/// One source says that no allergy is known; another lists some.
fn none_against_some(allergies: &[Line<'_>]) -> Option<Disagreement> {
    let some = |told: &&Line<'_>| none_known(told.says).is_none() && told.says.active;
    let mut clash: BTreeSet<usize> = BTreeSet::new();
    for (at, none) in allergies.iter().enumerate() {
        let Some(what) = none_known(none.says).filter(|_| none.says.active) else { continue };
        for (other, told) in allergies.iter().enumerate().filter(|(_, told)| some(told)) {
            let spoken_of = what == NoneKnown::Any || !is_no_medicine(told.says);
            if told.source != none.source && spoken_of {
                clash.extend([at, other]);
            }
        }
    }
    // Each line in the clash speaks for itself; none agrees with another source's but with its like.
    let claims: Vec<Claim<bool>> = clash
        .into_iter()
        .filter_map(|at| allergies.get(at))
        .map(|told| Claim::new(told, told.says.title.clone(), none_known(told.says).is_some()))
        .collect();
    weigh(Aspect::Allergy.label(), Aspect::Allergy, &claims, |a, b| a == b)
}

/// Weighs what each source says of one thing, if two sources speak of it.
fn judge<K>(
    what: Aspect,
    group: &[Line<'_>],
    state: fn(&[Line<'_>]) -> Option<(String, K)>,
    agree: impl Fn(&K, &K) -> bool,
) -> Option<Disagreement> {
    let mut sources: BTreeMap<&str, Vec<Line<'_>>> = BTreeMap::new();
    for told in group {
        sources.entry(told.source).or_default().push(told);
    }
    if sources.len() < 2 {
        return None;
    }
    let mut claims = Vec::new();
    for lines in sources.values() {
        let Some(newest) = lines.iter().max_by_key(|told| order(told)) else { continue };
        if let Some((says, key)) = state(lines) {
            claims.push(Claim::new(newest, says, key));
        }
    }
    let about = group.iter().map(|told| told.says.title.as_str()).min()?;
    weigh(about, what, &claims, agree)
}

/// A settled order of one source's lines, newest last, that does not depend on how they were given.
fn order<'a>(told: &'a Told<'a, Fact>) -> impl Ord + 'a {
    (told.says.active, told.says.sort, told.as_of, told.arrived, &told.says.title, &told.says.detail, &told.says.status)
}

/// The line that speaks for a source: the newest that stands, else the newest.
fn speaker<'a>(lines: &[Line<'a>]) -> Option<Line<'a>> {
    lines.iter().copied().max_by_key(|told| order(told))
}

/// Status and the words beside it, as shown.
fn shown(fact: &Fact, beside: Option<&str>) -> String {
    let status = fact.status.as_deref().unwrap_or(if fact.active { "active" } else { "not active" });
    beside.map_or_else(|| status.to_owned(), |beside| format!("{status}, {beside}"))
}

fn allergy_state(lines: &[Line<'_>]) -> Option<(String, (bool, Option<&'static str>))> {
    let fact = speaker(lines)?.says;
    Some((shown(fact, risk(fact)), (fact.active, risk(fact))))
}

/// A problem whose source does not say if it stands is no side.
fn problem_state(lines: &[Line<'_>]) -> Option<(String, bool)> {
    let fact = speaker(lines)?.says;
    (fact.active || fact.status.is_some()).then(|| (shown(fact, None), fact.active))
}

/// What a source says of a medicine today.
struct Course {
    stands: bool,
    /// The strengths that stand, by title (a dose is often made up of two); of a course that was stopped, its own.
    strengths: BTreeSet<String>,
    dose: Option<String>,
    /// When it was ordered, and the latest moment the source spoke of it.
    ordered: Option<i64>,
    spoken: Option<i64>,
}

fn medicine_state(lines: &[Line<'_>]) -> Option<(String, Course)> {
    let told = speaker(lines)?;
    let fact = told.says;
    let status = fact.status.as_deref().unwrap_or_default();
    let stopped =
        ["stopped", "on hold", "cancelled", "ended", "entered in error"].iter().any(|word| status.starts_with(word));
    let course = Course {
        stands: fact.active,
        strengths: lines
            .iter()
            .filter(|line| line.says.active || (!fact.active && std::ptr::eq(line.says, fact)))
            .filter_map(|line| strength(&line.says.title))
            .collect(),
        dose: fact.detail.as_deref().map(plain_dose).filter(|dose| !dose.is_empty()),
        ordered: fact.sort,
        spoken: fact.sort.max(told.as_of.map(jiff::Timestamp::as_microsecond)),
    };
    // A course that ran its length is history, not a word against taking it again.
    // With its strength: two sources may title one substance differently.
    let beside = [strength(&fact.title).map(|_| fact.title.as_str()), fact.detail.as_deref()];
    let beside = beside.into_iter().flatten().collect::<Vec<_>>().join(", ");
    (fact.active || stopped).then(|| (shown(fact, (!beside.is_empty()).then_some(beside.as_str())), course))
}

fn medicines_agree(a: &Course, b: &Course) -> bool {
    match (a.stands, b.stands) {
        (true, true) if !a.strengths.is_empty() && !b.strengths.is_empty() && a.strengths != b.strengths => false,
        (true, true) => a.dose.is_none() || b.dose.is_none() || a.dose == b.dose,
        (false, false) => true,
        (true, false) => another_strength(b, a) || stopped_before(b, a),
        (false, true) => another_strength(a, b) || stopped_before(a, b),
    }
}

/// True if what was stopped is not what stands: stopping one strength says nothing against another.
fn another_strength(stopped: &Course, standing: &Course) -> bool {
    !stopped.strengths.is_empty()
        && !standing.strengths.is_empty()
        && stopped.strengths.is_disjoint(&standing.strengths)
}

/// True if the word of stopping is older than the order that stands: then the order is simply a newer course.
fn stopped_before(stopped: &Course, standing: &Course) -> bool {
    matches!((stopped.spoken, standing.ordered), (Some(stopped), Some(ordered)) if stopped < ordered)
}

/// A dose without case, spacing, punctuation, the quantity supplied and the words for what it comes in (`one tablet in the
/// morning` is `One in the morning`); digits and points stay.
fn plain_dose(dose: &str) -> String {
    const FORM: [&str; 6] = ["take", "to", "tablet", "tablets", "capsule", "capsules"];
    let dose = dose.to_lowercase();
    let parts = dose.split(';').filter(|part| !part.trim_start().starts_with("quantity"));
    parts
        .flat_map(|part| part.split(|letter: char| !letter.is_alphanumeric() && letter != '.'))
        .map(|word| word.trim_matches('.'))
        .filter(|word| !FORM.contains(word))
        .collect()
}

/// The words of a medicine's title before its strength: `apixaban` of `Apixaban 2.5 mg tablets`. Sources give one substance
/// another code for each strength, and a difference of strength is the one that harms.
fn substance(told: &Line<'_>) -> Option<String> {
    let title = told.says.title.trim_start();
    let before = title.get(..title.find(|letter: char| letter.is_ascii_digit())?)?;
    let words = fold(before);
    (!words.is_empty()).then(|| format!("substance {words}"))
}

/// The strength in a medicine's title, with its unit: `2.5mg` of `Apixaban 2.5 mg tablets`; `None` where it has none.
fn strength(title: &str) -> Option<String> {
    let from = title.get(title.find(|letter: char| letter.is_ascii_digit())?..)?;
    let digits = from.find(|letter: char| !(letter.is_ascii_digit() || letter == '.')).unwrap_or(from.len());
    let (number, rest) = from.split_at_checked(digits)?;
    let unit: String =
        rest.trim_start().chars().take_while(|letter| letter.is_alphabetic() || *letter == '/').collect();
    Some(format!("{number}{}", unit.to_lowercase()))
}

/// Groups lines that share a code, are titled alike or share a further key, also by way of a third. Groups and order do not
/// depend on input.
fn same<'a>(lines: &[Line<'a>], further: fn(&Line<'a>) -> Option<String>) -> Vec<Vec<Line<'a>>> {
    let mut parent: Vec<usize> = (0..lines.len()).collect();
    let mut first: HashMap<String, usize> = HashMap::new();
    for (at, told) in lines.iter().enumerate() {
        let title = fold_title(&told.says.title);
        let keys = [told.says.code.clone(), (!title.is_empty()).then(|| format!("title {title}")), further(told)];
        for key in keys.into_iter().flatten() {
            let other = *first.entry(key).or_insert(at);
            let (a, b) = (root(&parent, at), root(&parent, other));
            if let Some(slot) = parent.get_mut(a.max(b)) {
                *slot = a.min(b);
            }
        }
    }
    let mut groups: BTreeMap<usize, Vec<Line<'a>>> = BTreeMap::new();
    for (at, told) in lines.iter().enumerate() {
        groups.entry(root(&parent, at)).or_default().push(told);
    }
    groups.into_values().collect()
}

fn root(parent: &[usize], mut at: usize) -> usize {
    while let Some(&up) = parent.get(at).filter(|up| **up != at) {
        at = up;
    }
    at
}

/// A title without case, accents and punctuation, its digits kept (`5 mg` is not `10 mg`).
fn fold_title(title: &str) -> String {
    title
        .split(|letter: char| !letter.is_alphanumeric())
        .map(|word| if word.chars().any(char::is_numeric) { word.to_lowercase() } else { fold(word) })
        .collect()
}
