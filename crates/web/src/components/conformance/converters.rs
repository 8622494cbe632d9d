//! From a fixture's options to our components. An error says which option we do not have.

mod form;

pub(crate) use form::{
    checkboxes, date_input, error_message, error_summary, fieldset, hint, input, label, legend, radios, select,
    textarea,
};

use super::context::Context;
use crate::components::{
    Account, ActionLink, BackLink, Breadcrumbs, Button, ButtonKind, Card, CardKind, Cell, Colour, Column, Details,
    DoList, Footer, Header, Html, InsetText, Link, NotificationBanner, Page, Pagination, Panel, SignOut, SkipLink,
    SummaryAction, SummaryList, SummaryRow, Tab, Table, Tabs, Tag, WarningCallout,
};

/// Renders a fixture's options, or says why it cannot.
pub(crate) type Convert = fn(&Context<'_>) -> Result<String, String>;
type Rendered = Result<String, String>;

/// The fixture's markup as ours should be: our header has neither the NHS logo nor its name.
pub(crate) fn expected(component: &str, markup: &str) -> String {
    if component != "header" {
        return markup.to_owned();
    }
    let (before, after) = markup.split_once("<svg class=\"nhsuk-header__logo\"").unwrap_or((markup, "</svg>"));
    let (_, after) = after.split_once("</svg>").unwrap_or(("", after));
    format!("{before}{after}").replace("aria-label=\"NHS ", "aria-label=\"")
}

fn needed<T>(value: Option<T>, what: &str) -> Result<T, String> {
    value.ok_or_else(|| format!("without `{what}`"))
}

fn reverse(c: &Context<'_>) -> Result<bool, String> {
    match c.text("variant").as_deref() {
        None => Ok(false),
        Some("reverse") => Ok(true),
        Some(other) => Err(format!("variant {other}")),
    }
}

pub(crate) fn action_link(c: &Context<'_>) -> Rendered {
    Ok(ActionLink { text: c.content(), href: needed(c.text("href"), "href")?, reverse: reverse(c)? }.to_string())
}

pub(crate) fn back_link(c: &Context<'_>) -> Rendered {
    Ok(BackLink { text: c.plain()?, href: needed(c.text("href"), "href")?, reverse: reverse(c)? }.to_string())
}

fn links(items: Vec<Context<'_>>) -> Result<Vec<Link>, String> {
    let one = |item: Context<'_>| {
        let current = item.flag("current").or(item.flag("active")).unwrap_or(false);
        let link = Link { text: item.plain()?, href: needed(item.text("href"), "href")?, current };
        item.done().map(|()| link)
    };
    items.into_iter().map(one).collect()
}

pub(crate) fn breadcrumb(c: &Context<'_>) -> Rendered {
    Ok(Breadcrumbs { links: links(c.list("items"))?, reverse: reverse(c)? }.to_string())
}

pub(crate) fn button(c: &Context<'_>) -> Rendered {
    let kind = match c.text("variant").as_deref() {
        None => ButtonKind::Primary,
        Some("secondary") => ButtonKind::Secondary,
        Some("secondary-solid") => ButtonKind::SecondarySolid,
        Some("reverse") => ButtonKind::Reverse,
        Some("login") => ButtonKind::Login,
        Some("warning") => ButtonKind::Warning,
        Some(other) => return Err(format!("variant {other}")),
    };
    let button = Button {
        text: c.plain()?,
        kind,
        small: c.flag("small").unwrap_or(false),
        disabled: c.flag("disabled").unwrap_or(false),
        href: c.text("href"),
        name_value: None,
        prevent_double_click: c.flag("preventDoubleClick"),
    };
    Ok(button.to_string())
}

pub(crate) fn card(c: &Context<'_>) -> Rendered {
    let mut card = Card { href: c.text("href"), clickable: c.flag("clickable").unwrap_or(false), ..Card::default() };
    card.kind = match c.text("variant").as_deref() {
        None => CardKind::Plain,
        Some("feature") => CardKind::Feature,
        Some("secondary") => CardKind::Secondary,
        Some("warning") => CardKind::Warning,
        Some("non-urgent") => CardKind::NonUrgent,
        Some("urgent") => CardKind::Urgent,
        Some("emergency") => CardKind::Emergency,
        Some(other) => return Err(format!("variant {other}")),
    };
    if let Some(heading) = c.part("heading") {
        card.heading = Some(heading.plain()?);
        card.size = heading.size();
        card.level = heading.text("level").map_or(Ok(2), |level| level.parse().map_err(|_| "level".to_owned()))?;
        card.prefix = heading.text("visuallyHiddenText");
        heading.done()?;
    }
    let description = needed(c.part("description"), "description (a call block gives the content)")?;
    match description.text("html") {
        Some(markup) => card.content = Html::trusted(&markup),
        None => card.description = Some(description.plain()?),
    }
    description.done()?;
    Ok(card.to_string())
}

pub(crate) fn details(c: &Context<'_>) -> Rendered {
    let expander = match c.text("classes").as_deref() {
        None => false,
        Some("nhsuk-expander") => true,
        Some(other) => return Err(format!("classes {other}")),
    };
    let open = c.flag("open").unwrap_or(false);
    let summary = needed(c.plain_of("summary")?, "summary")?;
    Ok(Details { summary, content: c.content(), open, expander }.to_string())
}

pub(crate) fn do_list(c: &Context<'_>) -> Rendered {
    let dos = match c.text("icon").as_deref() {
        Some("tick") => true,
        Some("cross") => false,
        _ => return Err("no icon".to_owned()),
    };
    let mut items = Vec::new();
    for item in c.list("items") {
        items.push(item.content());
        item.done()?;
    }
    let hidden = c.flag("hidePrefix").unwrap_or(false);
    let prefix = c.text("prefixText").or((!dos && !hidden).then(|| "do not".to_owned()));
    Ok(DoList { heading: needed(c.plain_of("heading")?, "heading")?, dos, prefix, items }.to_string())
}

pub(crate) fn footer(c: &Context<'_>) -> Rendered {
    let mut footer = Footer::default();
    if let Some(meta) = c.part("meta") {
        if meta.is_text() {
            return Err("meta is a text".to_owned());
        }
        footer.links = links(meta.list("items"))?;
        footer.meta = Html::trusted(&meta.text("html").unwrap_or_default());
        meta.done()?;
    }
    // The design system's own owner stands there unless another is named.
    let owner = c.plain_of("copyright")?.unwrap_or_else(|| "© NHS England".to_owned());
    footer.sentences = Some(owner).filter(|owner| !owner.is_empty()).into_iter().collect();
    Ok(footer.to_string())
}

pub(crate) fn header(c: &Context<'_>) -> Rendered {
    let service = needed(c.part("service"), "service")?;
    let mut header = Header {
        service: service.plain()?,
        href: needed(service.text("href"), "service.href")?,
        white: c.text("colour").is_some_and(|colour| colour == "white"),
        ..Header::default()
    };
    service.done()?;
    if let Some(logo) = c.part("logo") {
        if logo.text("href").as_ref() != Some(&header.href) {
            return Err("the logo is a link of its own".to_owned());
        }
        logo.done()?;
    }
    if let Some(navigation) = c.part("navigation") {
        header.navigation = links(navigation.list("items"))?;
        navigation.done()?;
    }
    if let Some(given) = c.part("account") {
        let mut account = Account::default();
        for item in given.list("items") {
            let (text, href, icon) = (item.plain()?, item.text("href"), item.flag("icon").unwrap_or(false));
            match item.text("action") {
                Some(action) => account.sign_out = Some(SignOut { text, action, token: None }),
                None if icon => (account.name, account.href) = (Some(text), href),
                None => account.links.push(Link::new(&text, &needed(href, "href")?)),
            }
            item.done()?;
        }
        header.account = Some(account);
        given.done()?;
    }
    Ok(header.to_string())
}

pub(crate) fn inset_text(c: &Context<'_>) -> Rendered {
    let inset = match c.text("html") {
        Some(markup) => InsetText { content: Html::trusted(&markup) },
        None => InsetText::new(&c.plain()?),
    };
    Ok(inset.to_string())
}

pub(crate) fn notification_banner(c: &Context<'_>) -> Rendered {
    let success = match c.text("variant").as_deref() {
        None => false,
        Some("success") => true,
        Some(other) => return Err(format!("variant {other}")),
    };
    let banner = NotificationBanner {
        title_id: None,
        title: c.plain_of("title")?,
        success,
        text: c.text("text"),
        content: Html::trusted(&c.text("html").unwrap_or_default()),
    };
    Ok(banner.to_string())
}

pub(crate) fn pagination(c: &Context<'_>) -> Rendered {
    let step = |key: &str| -> Result<Option<String>, String> {
        let Some(step) = c.part(key) else { return Ok(None) };
        let href = step.text("href");
        step.done().map(|()| href)
    };
    let mut pages = Vec::new();
    for item in c.list("items") {
        if item.flag("ellipsis").unwrap_or(false) {
            pages.push(Page::Gap);
        } else {
            let number = item.text("number").and_then(|number| number.parse().ok());
            pages.push(Page::Number {
                number: needed(number, "number")?,
                href: needed(item.text("href"), "href")?,
                current: item.flag("current").unwrap_or(false),
            });
        }
        item.done()?;
    }
    if pages.is_empty() {
        return Err("not numbered".to_owned());
    }
    Ok(Pagination { previous: step("previous")?, next: step("next")?, pages }.to_string())
}

pub(crate) fn panel(c: &Context<'_>) -> Rendered {
    let heading = needed(c.part("heading"), "heading")?;
    let level = heading.text("level").map_or(Ok(1), |level| level.parse().map_err(|_| "level".to_owned()))?;
    let size = heading.size();
    let panel = Panel { heading: heading.plain()?, level, size, content: c.content(), variant: c.text("variant") };
    heading.done()?;
    Ok(panel.to_string())
}

pub(crate) fn skip_link(c: &Context<'_>) -> Rendered {
    Ok(SkipLink { text: c.plain()?, href: needed(c.text("href"), "href")? }.to_string())
}

pub(crate) fn summary_list(c: &Context<'_>) -> Rendered {
    let mut rows = Vec::new();
    for row in c.list("rows") {
        let mut actions = Vec::new();
        if let Some(given) = row.part("actions") {
            if given.is_bare() {
                return Err("actions without options".to_owned());
            }
            for action in given.list("items") {
                let about = action.text("visuallyHiddenText");
                actions.push(SummaryAction {
                    text: action.plain()?,
                    about,
                    href: needed(action.text("href"), "href")?,
                });
                action.done()?;
            }
            given.done()?;
        }
        rows.push(SummaryRow { key: row.content_of("key")?, value: row.content_of("value")?, actions });
        row.done()?;
    }
    let list = SummaryList {
        rows,
        borderless: c.flag("border") == Some(false),
        last_borderless: c.flag("lastRowBorder") == Some(false),
    };
    Ok(list.to_string())
}

pub(crate) fn tables(c: &Context<'_>) -> Rendered {
    let mut table = Table {
        first_cell_is_header: c.flag("firstCellIsHeader").unwrap_or(false),
        responsive: c.flag("responsive").unwrap_or(false),
        compact: c.flag("compact").unwrap_or(false),
        striped: c.flag("striped").unwrap_or(false),
        reverse: reverse(c)?,
        borderless: c.flag("border") == Some(false),
        last_borderless: c.flag("lastRowBorder") == Some(false),
        ..Table::default()
    };
    if let Some(caption) = c.part("caption") {
        (table.caption, table.caption_size) = (caption.content(), caption.size());
        caption.done()?;
    }
    for column in c.list("head") {
        let numeric = match column.text("format").as_deref() {
            None => false,
            Some("numeric") => true,
            Some(other) => return Err(format!("format {other}")),
        };
        let classes = column.text("classes").unwrap_or_default();
        table.columns.push(Column { text: column.content(), numeric, classes });
        column.done()?;
    }
    for row in c.value("rows").and_then(|rows| rows.as_array()).into_iter().flatten() {
        let mut cells = Vec::new();
        for cell in row.as_array().into_iter().flatten().filter(|cell| cell.is_object() || cell.is_string()) {
            let cell = Context::new("tables.rows", cell);
            cells.push(Cell { content: cell.content(), classes: cell.text("classes").unwrap_or_default() });
            cell.done()?;
        }
        if row.is_array() {
            table.rows.push(cells);
        }
    }
    match c.flag("card") {
        Some(true) => Ok(Card { content: Html::of(&table), ..Card::default() }.to_string()),
        Some(false) => Err("card false".to_owned()),
        None if c.has("card") => Err("a card with options".to_owned()),
        None => Ok(table.to_string()),
    }
}

pub(crate) fn tabs(c: &Context<'_>) -> Rendered {
    let mut tabs = Vec::new();
    for item in c.list("items") {
        tabs.push(Tab { label: needed(item.text("label"), "label")?, content: item.content_of("panel")? });
        item.done()?;
    }
    Ok(Tabs::new(&needed(c.text("idPrefix"), "idPrefix")?, tabs).to_string())
}

pub(crate) fn tag(c: &Context<'_>) -> Rendered {
    let colour = match c.text("colour") {
        None => None,
        Some(word) => Some(needed(Colour::named(&word), "a colour we know")?),
    };
    if c.value("colour").is_some_and(|colour| !colour.is_string()) {
        return Err("no colour at all".to_owned());
    }
    Ok(Tag { text: c.content(), colour, borderless: c.flag("border") == Some(false) }.to_string())
}

pub(crate) fn warning_callout(c: &Context<'_>) -> Rendered {
    let heading = needed(c.part("heading"), "heading")?;
    let level = heading.text("level").map_or(Ok(3), |level| level.parse().map_err(|_| "level".to_owned()))?;
    let callout = WarningCallout {
        heading: heading.plain()?,
        text: c.text("text"),
        content: Html::trusted(&c.text("html").unwrap_or_default()),
        level,
    };
    heading.done()?;
    Ok(callout.to_string())
}
