//! From a fixture's options to our form components.

use super::super::context::Context;
use super::{Rendered, needed};
use crate::components::{
    Choice, Choices, DateInput, DatePart, ErrorMessage, ErrorSummary, Fieldset, Hint, Html, Input, Label, Legend,
    Problem, Select, SelectOption, Textarea,
};

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
