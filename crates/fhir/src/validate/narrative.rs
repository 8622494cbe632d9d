//! The XHTML of a narrative: basic formatting only. Somebody's page will show it, so nothing in it may run or load.

use super::words;

/// What FHIR allows: the formatting part of HTML, links, images.
const TAGS: &[&str] = &[
    "a",
    "abbr",
    "acronym",
    "address",
    "b",
    "big",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "ol",
    "p",
    "pre",
    "q",
    "samp",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
];

/// What is wrong with the text of a `div`.
pub(super) fn check(found: &str) -> Result<(), String> {
    let found = found.trim();
    if !found.starts_with("<div") || !(found.ends_with("</div>") || found.ends_with("/>")) {
        return Err("must be XHTML within one <div>".to_owned());
    }
    let mut open: Vec<&str> = Vec::new();
    let mut rest = found;
    while let Some((before, after)) = rest.split_once('<') {
        if open.is_empty() && !before.trim().is_empty() {
            return Err("must be XHTML within one <div>: there is text after it".to_owned());
        }
        if let Some(comment) = after.strip_prefix("!--") {
            rest = comment.split_once("-->").map(|(_, rest)| rest).ok_or("has a comment that does not end")?;
            continue;
        }
        let end = tag_end(after).ok_or("has a tag that does not end with >")?;
        let (tag, after) = after.split_at(end);
        rest = after.get(1..).unwrap_or_default();
        if let Some(name) = tag.strip_prefix('/') {
            let name = name.trim();
            if open.pop() != Some(name) {
                return Err(format!("closes <{}>, which is not the tag open there", words::clipped(name)));
            }
            continue;
        }
        let (tag, is_closed) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let name = tag.split(|letter: char| letter.is_whitespace()).next().unwrap_or_default();
        if !TAGS.contains(&name) {
            return Err(format!(
                "has <{}>, which a narrative may not have: only plain formatting",
                words::clipped(name)
            ));
        }
        attributes(tag.get(name.len()..).unwrap_or_default())?;
        if !is_closed {
            open.push(name);
        }
        if open.len() > 200 {
            return Err("has more than 200 tags in one another".to_owned());
        }
    }
    match open.last() {
        None => Ok(()),
        Some(name) => Err(format!("does not close <{name}>")),
    }
}

/// The `>` that is not within quotation marks.
fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    text.char_indices().find_map(|(at, letter)| {
        match (quote, letter) {
            (None, '>') => return Some(at),
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            _ => {}
        }
        None
    })
}

/// No attribute may run a script, by its name or by its address.
fn attributes(text: &str) -> Result<(), String> {
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=').ok_or("has an attribute without a value")?;
        let name = name.trim();
        let after = after.trim_start();
        let quote = after.chars().next().filter(|quote| matches!(quote, '"' | '\''));
        let quote = quote.ok_or("has an attribute without quotation marks")?;
        let (value, after) = after
            .get(1..)
            .and_then(|value| value.split_once(quote))
            .ok_or("has an attribute without its second quotation mark")?;
        let address: String = value
            .chars()
            .filter(|letter| !letter.is_whitespace() && !letter.is_control())
            .take(24)
            .collect::<String>()
            .to_ascii_lowercase();
        let runs = ["javascript:", "vbscript:", "data:text"].iter().any(|scheme| address.starts_with(scheme));
        // A scheme written with entities (`java&#115;cript:`) has no honest reason.
        let is_hidden = matches!(name, "href" | "src" | "cite")
            && value.split(':').next().is_some_and(|scheme| scheme.contains("&#"));
        if name.to_ascii_lowercase().starts_with("on") || runs || is_hidden {
            return Err(format!("has the attribute `{}`, which could run a script: take it out", words::clipped(name)));
        }
        rest = after.trim_start();
    }
    Ok(())
}
