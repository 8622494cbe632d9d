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
    "lists/primary-care-2021.toml",
    "rules/cambridge-multimorbidity.toml",
    "rules/charlson-1987.toml",
    "rules/charlson-quan-2011.toml",
    "rules/charlson-rcs.toml",
    "rules/charlson-shmi.toml",
    "rules/efi.toml",
    "rules/elixhauser-van-walraven.toml",
    "rules/hfrs.toml",
    "rules/lace.toml",
    "rules/list-carers.toml",
    "rules/list-falls.toml",
    "rules/list-frequent-contact.toml",
    "rules/list-homeless.toml",
    "rules/list-housebound.toml",
    "rules/news2.toml",
    "rules/parr-30.toml",
    "rules/register-asthma.toml",
    "rules/register-atrial-fibrillation.toml",
    "rules/register-cancer.toml",
    "rules/register-care-home.toml",
    "rules/register-copd.toml",
    "rules/register-coronary-heart-disease.toml",
    "rules/register-dementia.toml",
    "rules/register-depression.toml",
    "rules/register-diabetes.toml",
    "rules/register-epilepsy.toml",
    "rules/register-heart-failure.toml",
    "rules/register-hypertension.toml",
    "rules/register-kidney-disease.toml",
    "rules/register-learning-disability.toml",
    "rules/register-osteoporosis.toml",
    "rules/register-palliative-care.toml",
    "rules/register-peripheral-arterial-disease.toml",
    "rules/register-rheumatoid-arthritis.toml",
    "rules/register-severe-mental-illness.toml",
    "rules/register-stroke.toml",
    "rules/segments.toml",
];
