//! A form to try an operation: its parameters, its body as text or from a file. `trial.js` sends it.

use crate::http::docs::operation::{Shown, bodies, is_required, place};
use crate::http::docs::speech::Speech;
use maud::{Markup, html};
use serde_json::Value;
use utoipa::openapi::path::Parameter;
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{Content, RefOr};

/// What is chosen unless somebody chooses otherwise: who tries a submission does not mean to leave records behind.
const CHOSEN: &[(&str, &str)] = &[("mode", "validate")];
/// What only text is sent as; everything else comes from files too.
const TEXT_ONLY: [&str; 2] = ["application/json", "application/x-www-form-urlencoded"];

/// The form.
pub fn form(shown: &Shown, parameters: &[&Parameter], speech: Speech) -> Markup {
    // The script says how a file is compressed.
    let fields = parameters.iter().filter(|parameter| parameter.name != "Content-Encoding");
    let media: Vec<(&str, &Content)> = bodies(shown.operation).collect();
    html! {
        form.try data-method=(shown.method) data-path=(shown.path) {
            h4 { (speech.of("Thử ngay", "Try it")) }
            div.fields { @for parameter in fields { (field(parameter)) } }
            @if !media.is_empty() { (body(&media, speech)) }
            button type="submit" { (speech.of("Gửi", "Send")) }
            pre.curl {}
            div.outcome aria-live="polite" {}
        }
    }
}

fn body(media: &[(&str, &Content)], speech: Speech) -> Markup {
    html! {
        label { code { "Content-Type" } " " select name="media" { @for (name, content) in media {
            option value=(name) data-example=(example(name, content)) { (name) }
        } } }
        @if media.iter().any(|(name, _)| !TEXT_ONLY.contains(name)) {
            label { (speech.of("Tệp", "File")) input type="file" name="upload"; }
        }
        label { (speech.of("Nội dung", "Body")) textarea name="body" rows="8" spellcheck="false" {
            "\n" @if let Some((name, content)) = media.first() { (example(name, content)) }
        } }
    }
}

fn field(parameter: &Parameter) -> Markup {
    let required = is_required(parameter);
    let chosen = |value: &str| CHOSEN.contains(&(parameter.name.as_str(), value));
    html! {
        label {
            span { code { (parameter.name) } @if required { span.required { "*" } } }
            @match choices(parameter) {
                Some(values) => select name=(parameter.name) data-in=(place(parameter)) {
                    option value="" { "" }
                    @for value in values { option selected[chosen(value)] { (value) } }
                },
                None => input name=(parameter.name) data-in=(place(parameter)) required[required] autocomplete="off" spellcheck="false";,
            }
        }
    }
}

fn choices(parameter: &Parameter) -> Option<Vec<&str>> {
    let Some(RefOr::T(Schema::Object(object))) = &parameter.schema else { return None };
    object.enum_values.as_ref().map(|values| values.iter().filter_map(Value::as_str).collect())
}

/// What the form sends unless it is changed.
fn example(media: &str, content: &Content) -> String {
    match (&content.example, media) {
        (Some(Value::String(text)), _) => text.clone(),
        (Some(Value::Object(members)), "application/x-www-form-urlencoded") => members
            .iter()
            .map(|(name, value)| format!("{name}={}", value.as_str().unwrap_or_default()))
            .collect::<Vec<_>>()
            .join("&"),
        (Some(value), _) => format!("{value:#}"),
        (None, _) => String::new(),
    }
}
