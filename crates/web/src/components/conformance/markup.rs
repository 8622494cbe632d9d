//! Markup in a normal form, to compare two renderings: tags and texts one after another, white space collapsed,
//! attributes and classes sorted, entities decoded. Not a parser: good enough for markup that is well formed.

/// The pieces of the markup.
pub(crate) fn normal(markup: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut rest = markup;
    while let Some(start) = rest.find('<') {
        push_text(&mut pieces, &rest[..start]);
        let end = start + rest[start..].find('>').expect("a tag that closes") + 1;
        pieces.push(tag(&rest[start + 1..end - 1]));
        rest = &rest[end..];
    }
    push_text(&mut pieces, rest);
    pieces
}

fn push_text(pieces: &mut Vec<String>, text: &str) {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if !text.is_empty() {
        pieces.push(decoded(&text));
    }
}

fn tag(inner: &str) -> String {
    let inner = inner.trim().trim_end_matches('/').trim();
    let (name, mut rest) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
    let mut attributes = Vec::new();
    while !rest.trim().is_empty() {
        rest = rest.trim_start();
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let key = &rest[..end];
        rest = &rest[end..];
        let Some(after) = rest.strip_prefix('=') else {
            attributes.push(key.to_owned());
            continue;
        };
        let quote = after.chars().next().unwrap();
        let (value, tail) = after[1..].split_once(quote).expect("a quoted value that closes");
        rest = tail;
        let mut value = decoded(value);
        if key == "class" {
            let mut list: Vec<&str> = value.split_whitespace().collect();
            list.sort_unstable();
            value = list.join(" ");
        }
        attributes.push(format!("{key}=\"{value}\""));
    }
    attributes.sort();
    format!("<{name} {}>", attributes.join(" ")).replace(" >", ">")
}

fn decoded(text: &str) -> String {
    [("&#60;", "<"), ("&lt;", "<"), ("&#62;", ">"), ("&gt;", ">"), ("&#34;", "\""), ("&quot;", "\""), ("&#39;", "'")]
        .into_iter()
        .chain([("&#38;", "&"), ("&amp;", "&")])
        .fold(text.to_owned(), |text, (entity, character)| text.replace(entity, character))
}

#[test]
fn order_and_space_do_not_matter_but_words_do() {
    assert_eq!(
        normal("<a  href='x' class=\"b a\">\n A &amp; B </a>"),
        normal("<a class=\"a b\" href=\"x\">A &#38; B</a>")
    );
    assert_ne!(normal("<p>one</p>"), normal("<p>two</p>"));
    assert_ne!(normal("<p class=\"a\">one</p>"), normal("<p>one</p>"));
}
