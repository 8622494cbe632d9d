//! Makes the design system's style sheet ours: without its fonts (Frutiger is licensed for NHS services only and would be
//! fetched from another host, which the content security policy forbids; Arial is the design system's own fallback),
//! with image addresses that carry the content's hash. Must not change any other rule.

/// Takes out every `@font-face { … }` rule and the pointer to the source map.
pub(crate) fn without_fonts(css: &str) -> Result<String, String> {
    let mut kept = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, after)) = rest.split_once("@font-face") {
        kept.push_str(before);
        let (_, tail) =
            after.split_once('}').ok_or("nhsuk-frontend's style sheet has an @font-face that never closes")?;
        rest = tail;
    }
    kept.push_str(rest);
    if let Some((rules, _)) = kept.rsplit_once("/*# sourceMappingURL=") {
        kept.truncate(rules.len());
    }
    if kept.contains("https://assets.nhs.uk") {
        return Err("nhsuk-frontend's style sheet still calls another host after its fonts were taken out".to_owned());
    }
    Ok(kept)
}

/// Replaces `from` by `to` for each pair.
pub(crate) fn readdressed(text: &str, pairs: &[(String, String)]) -> String {
    pairs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}
