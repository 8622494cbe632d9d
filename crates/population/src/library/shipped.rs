//! The files that come with Weft, built in: each is in `library/` of this crate, as anybody can read it.

macro_rules! files {
    ($($path:literal),+ $(,)?) => {
        /// Name and text of each.
        pub(crate) const FILES: &[(&str, &str)] = &[$((concat!("library/", $path), include_str!(concat!("../../library/", $path)))),+];
    };
}

files![
    "lists/charlson-quan-2005.toml",
    "lists/charlson-rcs-2010.toml",
    "lists/charlson-shmi-1-60.toml",
    "lists/elixhauser-quan-2005.toml",
    "rules/charlson-1987.toml",
    "rules/charlson-quan-2011.toml",
    "rules/charlson-rcs.toml",
    "rules/charlson-shmi.toml",
    "rules/elixhauser-van-walraven.toml",
    "rules/hfrs.toml",
];
