//! Invented names: common given names of each generation and common family names, put together by chance. Any likeness to
//! a living person is by chance. Must not follow from anything about a person but sex, birth year and ethnic category.

mod lists;

use lists::List;

use crate::draw::Draw;
use crate::person::Sex;

/// The tradition from which names are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tradition {
    British,
    Irish,
    Polish,
    Pakistani,
    Indian,
    Chinese,
    African,
    Arab,
    European,
}

/// The tradition of an ethnic category of the census.
pub(crate) fn tradition(ethnicity: &str, draw: &mut Draw) -> Tradition {
    let has = |part: &str| ethnicity.contains(part);
    let chance = draw.unit();
    match () {
        () if has("White: Irish") || has("Traveller") => Tradition::Irish,
        () if has("Other White") || has("Roma") => {
            if chance < 0.45 {
                Tradition::Polish
            } else {
                Tradition::European
            }
        }
        () if has("Mixed") => match () {
            () if has("Asian") && chance < 0.5 => Tradition::Pakistani,
            () if has("African") && chance < 0.5 => Tradition::African,
            () => Tradition::British,
        },
        () if has("Pakistani") || has("Bangladeshi") => Tradition::Pakistani,
        () if has("Indian") || has("Other Asian") => Tradition::Indian,
        () if has("Chinese") => Tradition::Chinese,
        () if has("Black African") || has("African: African") || has("Other Black") => Tradition::African,
        () if has("Arab") => Tradition::Arab,
        // Irish family names are common in the borough, whatever the category.
        () if chance < 0.06 => Tradition::Irish,
        () => Tradition::British,
    }
}

/// A family name.
pub(crate) fn family(tradition: Tradition, sex_of_polish: Option<Sex>, draw: &mut Draw) -> String {
    let list: &List = match tradition {
        Tradition::British => &lists::BRITISH,
        Tradition::Irish => &lists::IRISH,
        Tradition::Polish => &lists::POLISH,
        Tradition::Pakistani => &lists::PAKISTANI,
        Tradition::Indian => &lists::INDIAN,
        Tradition::Chinese => &lists::CHINESE,
        Tradition::African => &lists::AFRICAN,
        Tradition::Arab => &lists::ARAB,
        Tradition::European => &lists::EUROPEAN,
    };
    let list = list.names();
    // Common names are much commoner than the others.
    let skewed = (draw.unit().powf(1.6) * list.len() as f64) as usize;
    let name = list.get(skewed).copied().unwrap_or("Smith");
    if tradition == Tradition::British && draw.chance(0.022) {
        let other = draw.pick(lists::BRITISH.names()).copied().unwrap_or("Jones");
        if other != name {
            return format!("{name}-{other}");
        }
    }
    match (tradition, sex_of_polish, name.strip_suffix("ski")) {
        (Tradition::Polish, Some(Sex::Female), Some(stem)) => format!("{stem}ska"),
        _ => name.to_owned(),
    }
}

/// Given names, one or two.
pub(crate) fn given(tradition: Tradition, sex: Sex, born: i16, draw: &mut Draw) -> Vec<String> {
    let one = |draw: &mut Draw| -> String {
        let list: &List = match (tradition, sex) {
            (Tradition::British, _) => british(sex, born),
            (Tradition::Irish, _) if draw.chance(0.6) => british(sex, born),
            (Tradition::Irish, Sex::Female) => &lists::IRISH_WOMEN,
            (Tradition::Irish, Sex::Male) => &lists::IRISH_MEN,
            (Tradition::Polish, Sex::Female) => &lists::POLISH_WOMEN,
            (Tradition::Polish, Sex::Male) => &lists::POLISH_MEN,
            (Tradition::Pakistani | Tradition::Arab, Sex::Female) => &lists::MUSLIM_WOMEN,
            (Tradition::Pakistani | Tradition::Arab, Sex::Male) => &lists::MUSLIM_MEN,
            (Tradition::Indian, Sex::Female) => &lists::INDIAN_WOMEN,
            (Tradition::Indian, Sex::Male) => &lists::INDIAN_MEN,
            (Tradition::Chinese, _) if draw.chance(0.5) => british(sex, born),
            (Tradition::Chinese, Sex::Female) => &lists::CHINESE_WOMEN,
            (Tradition::Chinese, Sex::Male) => &lists::CHINESE_MEN,
            (Tradition::African, _) if draw.chance(0.4) => british(sex, born),
            (Tradition::African, Sex::Female) => &lists::AFRICAN_WOMEN,
            (Tradition::African, Sex::Male) => &lists::AFRICAN_MEN,
            (Tradition::European, Sex::Female) => &lists::EUROPEAN_WOMEN,
            (Tradition::European, Sex::Male) => &lists::EUROPEAN_MEN,
        };
        let list = list.names();
        let skewed = (draw.unit().powf(1.4) * list.len() as f64) as usize;
        list.get(skewed).copied().unwrap_or("Alex").to_owned()
    };
    let first = one(draw);
    let mut names = vec![first];
    if draw.chance(0.62) {
        let second = one(draw);
        if second != names[0] {
            names.push(second);
        }
    }
    names
}

fn british(sex: Sex, born: i16) -> &'static List {
    let women = [&lists::WOMEN_1925, &lists::WOMEN_1945, &lists::WOMEN_1965, &lists::WOMEN_1985, &lists::WOMEN_2005];
    let men = [&lists::MEN_1925, &lists::MEN_1945, &lists::MEN_1965, &lists::MEN_1985, &lists::MEN_2005];
    let generation = match born {
        ..=1941 => 0,
        1942..=1961 => 1,
        1962..=1981 => 2,
        1982..=2001 => 3,
        _ => 4,
    };
    match sex {
        Sex::Female => women[generation],
        Sex::Male => men[generation],
    }
}
