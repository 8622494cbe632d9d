//! Every page with made-up view models: what must hold of each, and a snapshot. Each is also written to
//! `target/previews`, to look at in a browser.

use super::samples;
use crate::assets;
use std::collections::BTreeSet;
use std::path::Path;

/// What must hold of every page, whatever it shows.
fn holds(name: &str, page: &str) {
    assert!(page.contains("<html lang=\"en-GB\">"), "{name}: language");
    assert!(page.contains(" – Weft</title>"), "{name}: title");
    assert!(page.contains("<strong>Demonstration data.</strong> Not for live care."), "{name}: banner");
    assert!(page.contains("href=\"#maincontent\"") && page.contains("id=\"maincontent\""), "{name}: skip link");
    assert_eq!(page.matches("<h1").count(), 1, "{name}: one first heading");
    assert!(!page.contains(" style="), "{name}: a style attribute, which the policy forbids");
    let scripts = page.matches("<script").count();
    let ours =
        page.matches("<script src=\"/assets/").count() + page.matches("<script type=\"module\" src=\"/assets/").count();
    assert_eq!(scripts, ours, "{name}: scripts by address");
    let wanted = 2 + page.matches(" data-draft=").count() + page.matches(" data-live=").count();
    assert_eq!(scripts, wanted, "{name}: a script that nothing on the page asks for, or one that is missing");
    assert!(!page.contains(" onclick") && !page.contains("javascript:"), "{name}: script in line");
    let mut ids = BTreeSet::new();
    for id in page.split(" id=\"").skip(1).filter_map(|after| after.split('"').next()) {
        assert!(ids.insert(id), "{name}: the id {id} stands twice");
    }
    for key in [" for=\"", " aria-labelledby=\"", " aria-describedby=\"", " href=\"#"] {
        for targets in page.split(key).skip(1).filter_map(|after| after.split('"').next()) {
            for id in targets.split_whitespace() {
                assert!(ids.contains(id), "{name}:{key}{id} points at nothing");
            }
        }
    }
    for address in page.split("\"/assets/").skip(1).filter_map(|after| after.split('"').next()) {
        assert!(assets::all().iter().any(|asset| asset.address.ends_with(address)), "{name}: {address}");
    }
    for address in page.split("href=\"").chain(page.split("action=\"")).filter_map(|after| after.split('"').next()) {
        let digits = address.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or(0);
        assert!(digits < 10, "{name}: ten digits in the address {address}");
    }
}

fn preview(name: &str, page: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/previews");
    std::fs::create_dir_all(folder.join("assets")).unwrap();
    for asset in assets::all() {
        std::fs::write(folder.join(asset.address.trim_start_matches('/')), asset.plain).unwrap();
    }
    std::fs::write(folder.join(format!("{name}.html")), page).unwrap();
}

#[test]
fn every_page_holds_and_is_as_it_was() {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"\.[0-9a-f]{12}\.", ".HASH.");
    // The outlines of icons are the design system's, and belong to its package.
    settings.add_filter(r#" d="[^"]+""#, r#" d="…""#);
    settings.set_snapshot_path("../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let guard = settings.bind_to_scope();
    for (name, page) in samples::pages() {
        preview(name, &page);
        holds(name, &page);
        // One tag a line, so that a change shows as the line it is.
        insta::assert_snapshot!(name, page.replace("><", ">\n<"));
    }
    drop(guard);
}

#[test]
fn what_people_typed_is_escaped() {
    let mut view = samples::find_with_errors();
    view.name = "O'Brien <script>alert(1)</script>\"".to_owned();
    let page = super::find::render(&view);
    assert!(page.contains("O&#39;Brien &#60;script&#62;alert(1)&#60;/script&#62;&#34;"));
    holds("find", &page);
}

#[test]
fn error_pages_give_nothing_away() {
    let page = super::problem::render(&super::problem::View::broken("0198f0c2"));
    assert!(page.contains("0198f0c2") && !page.contains("/src/") && !page.contains("SELECT"));
}
