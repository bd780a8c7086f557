//! A file on its way in: checked first, and sent for good when it is sound. It goes the way of every submission, within
//! the same bounds.

use crate::access::Permission;
use crate::error::{BAD_REQUEST, Error, Result};
use crate::http::api::submissions::{AnsweredSubmission, Order, SubmissionParameters, submit};
use crate::http::console::cookies::SESSION;
use crate::http::console::frame::see;
use crate::http::console::offered::OFFERED;
use crate::http::console::parts::UploadForm;
use crate::http::console::session::{FORM_TOKEN, SignedIn, is_own, value};
use crate::http::console::{UPLOADS, home};
use crate::http::request::parameters::{Pairs, Parameters};
use crate::http::state::State;
use crate::intake::sniff::Content;
use crate::model::messages::message;
use crate::submission::upload::{self, Upload};
use actix_web::http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use uuid::Uuid;

/// What the file holds, where neither its sheets nor its headings say so.
pub const RESOURCE: &str = "resource";

/// `POST /console/submissions`: a file to be checked. What is no submission at all is said on the page that it came from.
///
/// # Errors
/// A 403 for the form of another page or a client that sends nothing.
pub async fn take(
    request: HttpRequest,
    state: web::Data<State>,
    person: SignedIn,
    payload: web::Payload,
) -> Result<HttpResponse> {
    person.caller.may(Permission::WriteRecords)?;
    let form = UploadForm::read(request.headers(), payload).await?;
    is_own(request.headers(), &[SESSION], value(&form.fields, FORM_TOKEN))?;
    let said = said(&form.fields);
    let upload = Upload { file_name: form.file_name.clone(), fields: said.iter().cloned().collect() };
    match send(&state, &person, form, said).await {
        Ok(id) => {
            let kept = upload;
            let keep = move |connection: &mut _| Ok(upload::keep(connection, id, &kept)?);
            state.write(person.caller.client_id, "submission", keep).await?;
            Ok(see(&format!("{UPLOADS}/{id}")))
        }
        Err(error) => home::answer(&state, &person, Some((&error, &upload))).await,
    }
}

/// The members that say something of the file.
fn said(fields: &Pairs) -> Pairs {
    let known = |name: &str| name == RESOURCE || OFFERED.iter().any(|field| field.name == name);
    let said = fields.iter().filter(|(name, value)| known(name) && !value.trim().is_empty());
    said.map(|(name, value)| (name.clone(), value.trim().to_owned())).collect()
}

/// Takes the file in as a program's body would be; answers with the submission.
async fn send(state: &web::Data<State>, person: &SignedIn, form: UploadForm, said: Pairs) -> Result<Uuid> {
    let file_name = form.file_name.clone();
    let (head, payload) = form.open().await?;
    let content = content(&file_name, &head);
    if content == Content::Csv && value(&said, RESOURCE).is_empty() {
        return Err(Error::new(BAD_REQUEST, message("csv-of-what")));
    }
    let mut parameters = said;
    parameters.push(("mode".into(), "validate".into()));
    if content.form().is_none() {
        parameters.push(("fileName".into(), file_name));
    }
    let parameters: SubmissionParameters = Parameters::of_pairs(&parameters)?.0;
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content.media_type()));
    headers.insert(HeaderName::from_static("prefer"), HeaderValue::from_static("respond-async"));
    let order = Order::of(&person.caller, &parameters, &headers)?;
    AnsweredSubmission::of(&submit(state, &person.caller, order, payload).await?)
}

/// What the file is. Whatever is neither a workbook nor JSON is taken for a table.
fn content(name: &str, head: &[u8]) -> Content {
    let begin = head.iter().find(|byte| !byte.is_ascii_whitespace());
    match Content::of(name, head) {
        Content::Lines if begin != Some(&b'{') => Content::Csv,
        told => told,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_told_by_what_it_is_and_not_by_its_name() {
        for (name, head, expected) in [
            ("diem.csv", &b"PK\x03\x04"[..], Content::Workbook),
            ("diem.xlsx", b"M\xc3\xa3 tr\xc6\xb0\xe1\xbb\x9dng;L\xe1\xbb\x9bp", Content::Csv),
            ("diem.txt", b"schoolCode,classCode", Content::Csv),
            ("diem.txt", b" {\"resource\"", Content::Lines),
        ] {
            assert_eq!(content(name, head), expected, "{name}");
        }
    }
}
