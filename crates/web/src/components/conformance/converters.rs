//! From a fixture's options to our components. An error says which option we do not have.

use super::context::Context;
use crate::components::{Account, SignOut};
use crate::components::{
    ActionLink, BackLink, Breadcrumbs, Button, ButtonKind, Card, CardKind, Cell, Choice, Choices, Colour, Column,
    DateInput, DatePart, Details, DoList, ErrorMessage, ErrorSummary, Fieldset, Footer, Header, Hint, Html, Input,
    InsetText, Label, Legend, Link, NotificationBanner, Page, Pagination, Panel, Problem, Select, SelectOption,
    SkipLink, SummaryAction, SummaryList, SummaryRow, Tab, Table, Tabs, Tag, Textarea, WarningCallout,
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

fn label_part(c: &Context<'_>) -> Result<Label, String> {
    let (text, heading) = headed(c)?;
    let label = Label {
        text,
        heading: heading.or(c.flag("isPageHeading").filter(|yes| *yes).map(|_| 1)),
        size: c.size(),
        caption: c.plain_of("caption")?,
        of: c.text("for"),
        classes: c.text("classes").unwrap_or_default(),
    };
    c.done().map(|()| label)
}

/// The text of a label or legend, and the level of the heading it is.
fn headed(c: &Context<'_>) -> Result<(Html, Option<u8>), String> {
    if c.has("heading") && c.has("text") {
        return Err("both `heading` and `text`".to_owned());
    }
    match c.part("heading") {
        None => Ok((c.content(), None)),
        Some(heading) => {
            let level = heading.text("level").map_or(Ok(1), |level| level.parse().map_err(|_| "level".to_owned()))?;
            let text = heading.content();
            heading.done()?;
            Ok((text, Some(level)))
        }
    }
}

pub(crate) fn label(c: &Context<'_>) -> Rendered {
    if c.has("classes") && c.has("size") {
        return Err("a size class overrides the size".to_owned());
    }
    Ok(label_part(c)?.to_string())
}

fn legend_part(c: &Context<'_>) -> Result<Legend, String> {
    let (text, heading) = headed(c)?;
    let heading = heading.or(c.flag("isPageHeading").filter(|yes| *yes).map(|_| 1));
    let legend = Legend { text, heading, size: c.size(), caption: c.plain_of("caption")? };
    c.done().map(|()| legend)
}

pub(crate) fn legend(c: &Context<'_>) -> Rendered {
    Ok(legend_part(c)?.to_string())
}

fn fieldset_legend(c: &Context<'_>) -> Result<Legend, String> {
    let fieldset = needed(c.part("fieldset"), "fieldset")?;
    let legend = legend_part(&needed(fieldset.part("legend"), "legend")?)?;
    fieldset.done().map(|()| legend)
}

pub(crate) fn fieldset(c: &Context<'_>) -> Rendered {
    let legend = legend_part(&needed(c.part("legend"), "legend")?)?;
    let content = c.text("html").map(|markup| Html::trusted(&markup)).unwrap_or_default();
    Ok(Fieldset { legend: Some(legend), content, ..Fieldset::default() }.to_string())
}

fn choices(c: &Context<'_>, make: fn(&str, Legend, Vec<Choice>) -> Choices) -> Rendered {
    let legend = fieldset_legend(c)?;
    let value = c.text("value");
    let values = c.value("values").map(ToString::to_string).unwrap_or_default();
    let disabled = c.flag("disabled").unwrap_or(false);
    let mut items = Vec::new();
    for item in c.list("items") {
        let divider = item.text("divider");
        let sent = item.text("value").unwrap_or_default();
        let chosen = value.as_ref() == Some(&sent) || values.contains(&format!("\"{sent}\""));
        items.push(Choice {
            text: item.content(),
            hint: item.content_of("hint")?,
            checked: item.flag("checked").unwrap_or(chosen),
            disabled: item.flag("disabled").unwrap_or(disabled),
            value: sent,
            divider,
        });
        item.done()?;
    }
    let name = needed(c.text("name"), "name")?;
    let mut choices = make(&name, legend, items);
    choices.id_prefix = c.text("idPrefix").unwrap_or(name);
    choices.hint = c.content_of("hint")?;
    choices.error = c.content_of("errorMessage")?;
    choices.small = c.flag("small").unwrap_or(false);
    choices.inline = c.flag("inline").unwrap_or(false);
    Ok(choices.to_string())
}

pub(crate) fn radios(c: &Context<'_>) -> Rendered {
    choices(c, Choices::radios)
}

pub(crate) fn checkboxes(c: &Context<'_>) -> Rendered {
    choices(c, Choices::checkboxes)
}

pub(crate) fn date_input(c: &Context<'_>) -> Rendered {
    let mut date = DateInput::new(&needed(c.text("id"), "id")?, fieldset_legend(c)?);
    date.hint = c.content_of("hint")?;
    date.error = c.content_of("errorMessage")?;
    date.name_prefix = c.text("namePrefix");
    date.disabled = c.flag("disabled").unwrap_or(false);
    if let Some(values) = c.part("values") {
        let typed = |part: &str| DatePart { value: values.text(part), wrong: false };
        (date.day, date.month, date.year) = (typed("day"), typed("month"), typed("year"));
        values.done()?;
    }
    Ok(date.to_string())
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

pub(crate) fn error_message(c: &Context<'_>) -> Rendered {
    let prefix = c.text("visuallyHiddenText").unwrap_or_else(|| "Error".to_owned());
    if prefix.is_empty() || c.flag("visuallyHiddenText").is_some() {
        return Err("no hidden word before the message".to_owned());
    }
    Ok(ErrorMessage { text: c.content(), id: None, prefix }.to_string())
}

pub(crate) fn error_summary(c: &Context<'_>) -> Rendered {
    let mut problems = Vec::new();
    for item in c.list("errorList") {
        problems.push(Problem { text: item.content(), href: item.text("href") });
        item.done()?;
    }
    let summary = ErrorSummary {
        heading: needed(c.plain_of("heading")?, "heading")?,
        description: c.plain_of("description")?,
        problems,
        disable_auto_focus: c.flag("disableAutoFocus"),
    };
    Ok(summary.to_string())
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

pub(crate) fn hint(c: &Context<'_>) -> Rendered {
    Ok(Hint { text: c.content(), ..Hint::default() }.to_string())
}

pub(crate) fn input(c: &Context<'_>) -> Rendered {
    let mut input = Input::new(&needed(c.text("name"), "name")?, label_part(&needed(c.part("label"), "label")?)?);
    input.id = c.text("id").unwrap_or(input.id);
    input.hint = c.content_of("hint")?;
    input.error = c.content_of("errorMessage")?;
    input.value = c.text("value");
    input.kind = c.text("type").unwrap_or(input.kind);
    input.width = c.text("width").and_then(|width| width.parse().ok());
    input.code = c.flag("code").unwrap_or(false);
    input.inputmode = c.text("inputmode");
    input.spellcheck = c.flag("spellcheck");
    input.autocomplete = c.text("autocomplete");
    input.disabled = c.flag("disabled").unwrap_or(false);
    input.prefix = c.plain_of("prefix")?;
    input.suffix = c.plain_of("suffix")?;
    input.classes = c.text("classes").unwrap_or_default();
    if input.width.is_some() && input.classes.contains("width-") {
        return Err("a width class overrides the width".to_owned());
    }
    Ok(input.to_string())
}

pub(crate) fn textarea(c: &Context<'_>) -> Rendered {
    let mut area = Textarea::new(&needed(c.text("name"), "name")?, label_part(&needed(c.part("label"), "label")?)?);
    area.id = c.text("id").unwrap_or(area.id);
    area.hint = c.content_of("hint")?;
    area.error = c.content_of("errorMessage")?;
    area.autocomplete = c.text("autocomplete");
    area.disabled = c.flag("disabled").unwrap_or(false);
    Ok(area.to_string())
}

pub(crate) fn select(c: &Context<'_>) -> Rendered {
    let chosen = c.text("value");
    let mut options = Vec::new();
    for item in c.list("items") {
        let value = item.text("value").unwrap_or_default();
        let selected = item.flag("selected").unwrap_or(chosen.as_ref() == Some(&value));
        let disabled = item.flag("disabled").unwrap_or(false);
        options.push(SelectOption { text: item.plain()?, value, selected, disabled });
        item.done()?;
    }
    let label = label_part(&needed(c.part("label"), "label")?)?;
    let mut select = Select::new(&needed(c.text("name"), "name")?, label, options);
    select.id = c.text("id").unwrap_or(select.id);
    select.hint = c.content_of("hint")?;
    select.error = c.content_of("errorMessage")?;
    select.disabled = c.flag("disabled").unwrap_or(false);
    Ok(select.to_string())
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
