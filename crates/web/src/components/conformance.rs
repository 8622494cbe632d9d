//! Compares our components with the design system's own fixtures: for each fixture whose options we have, our markup
//! must be theirs. A new release of nhsuk-frontend shows here as a list of what changed. Tests only.

mod context;
mod converters;
mod markup;

use context::Context;
use std::fmt::Write as _;
use std::path::Path;

/// A component: its folder in the package, our conversion, and how many fixtures we support at least. Fixtures beyond
/// the number use options that Weft has no need of; the test prints which option each of them uses.
const COMPONENTS: [(&str, converters::Convert, usize); 27] = [
    ("action-link", converters::action_link, 4),
    ("back-link", converters::back_link, 2),
    ("breadcrumb", converters::breadcrumb, 2),
    ("button", converters::button, 42),
    ("card", converters::card, 8),
    ("checkboxes", converters::checkboxes, 31),
    ("date-input", converters::date_input, 14),
    ("details", converters::details, 9),
    ("do-dont-list", converters::do_list, 8),
    ("error-message", converters::error_message, 4),
    ("error-summary", converters::error_summary, 11),
    ("fieldset", converters::fieldset, 3),
    ("footer", converters::footer, 7),
    ("header", converters::header, 2),
    ("hint", converters::hint, 2),
    ("input", converters::input, 37),
    ("inset-text", converters::inset_text, 2),
    ("label", converters::label, 12),
    ("legend", converters::legend, 11),
    ("notification-banner", converters::notification_banner, 5),
    ("pagination", converters::pagination, 5),
    ("panel", converters::panel, 12),
    ("radios", converters::radios, 33),
    ("select", converters::select, 15),
    ("skip-link", converters::skip_link, 3),
    ("summary-list", converters::summary_list, 10),
    ("tables", converters::tables, 38),
];

/// The rest, kept apart so that the two lists stay readable.
const MORE: [(&str, converters::Convert, usize); 4] = [
    ("tabs", converters::tabs, 2),
    ("tag", converters::tag, 24),
    ("textarea", converters::textarea, 14),
    ("warning-callout", converters::warning_callout, 4),
];

/// Fixtures that we could convert but do not claim: component, fixture, and why.
const NOT_CLAIMED: [(&str, &str, &str); 0] = [];

#[test]
fn our_components_are_the_design_systems() {
    let package = Path::new(env!("WEFT_NHSUK_DIR")).join("dist/nhsuk/components");
    let (mut table, mut wrong, mut skipped) = (String::new(), String::new(), String::new());
    for (name, convert, least) in COMPONENTS.into_iter().chain(MORE) {
        let path = package.join(name).join("fixtures.json");
        let file = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let fixtures: serde_json::Value = serde_json::from_str(&file).unwrap();
        let fixtures = fixtures["fixtures"].as_array().unwrap();
        let mut supported = 0;
        for (number, fixture) in fixtures.iter().enumerate() {
            let label = fixture["name"].as_str().unwrap();
            if NOT_CLAIMED.iter().any(|(component, which, _)| (*component, *which) == (name, label)) {
                continue;
            }
            let context = Context::new(name, &fixture["context"]);
            let ours =
                if label.contains("call block") { Err("uses a call block".to_owned()) } else { convert(&context) };
            match ours.and_then(|markup| context.done().map(|()| markup)) {
                Err(reason) => writeln!(skipped, "  {name} {number} ({label}): {reason}").unwrap(),
                Ok(ours) => {
                    supported += 1;
                    let theirs = markup::normal(&converters::expected(name, fixture["html"].as_str().unwrap()));
                    let ours = markup::normal(&ours);
                    if ours != theirs {
                        let at = ours.iter().zip(&theirs).take_while(|(a, b)| a == b).count();
                        let show =
                            |lines: &[String]| lines.iter().skip(at).take(3).cloned().collect::<Vec<_>>().join(" ");
                        writeln!(
                            wrong,
                            "{name} {number} ({label})\n  ours:   {}\n  theirs: {}",
                            show(&ours),
                            show(&theirs)
                        )
                        .unwrap();
                    }
                }
            }
        }
        writeln!(table, "{name:20} {supported:3} of {:3}", fixtures.len()).unwrap();
        if supported < least {
            writeln!(wrong, "{name}: {supported} fixtures supported, {least} are promised").unwrap();
        }
    }
    println!("{table}\nNot claimed:\n{skipped}");
    assert!(wrong.is_empty(), "{wrong}");
}
