//! Names a person may have meant: the nearest by letters first.

/// A sentence that names what there is, the closest first.
pub(super) fn among<'n>(written: &str, names: impl IntoIterator<Item = &'n str>) -> String {
    let mut names: Vec<(usize, &str)> = names.into_iter().map(|name| (distance(written, name), name)).collect();
    if names.is_empty() {
        return "There are none.".to_owned();
    }
    names.sort_unstable();
    names.dedup();
    let near = names.first().filter(|(distance, _)| *distance <= written.chars().count().div_ceil(3).max(1));
    let meant = near.map_or(String::new(), |(_, name)| format!("Did you mean `{name}`? "));
    let all: Vec<&str> = names.iter().map(|(_, name)| *name).collect();
    format!("{meant}There are: {}.", all.join(", "))
}

/// How many letters must change to make one name of the other (Levenshtein), with a limit on what a stranger can cost.
fn distance(one: &str, other: &str) -> usize {
    let one: Vec<char> = one.chars().take(64).flat_map(char::to_lowercase).collect();
    let mut row: Vec<usize> = (0..=one.len()).collect();
    for (line, letter) in other.chars().flat_map(char::to_lowercase).enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (at, own) in one.iter().enumerate() {
            let changed = diagonal + usize::from(*own != letter);
            diagonal = row[at + 1];
            row[at + 1] = changed.min(row[at] + 1).min(diagonal + 1);
        }
    }
    row[one.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_comes_first_and_far_ones_are_not_suggested() {
        let names = ["code", "category", "combo-code"];
        assert_eq!(among("cod", names), "Did you mean `code`? There are: code, category, combo-code.");
        assert!(!among("zzzzzz", names).contains("mean"));
        assert_eq!(among("x", []), "There are none.");
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
