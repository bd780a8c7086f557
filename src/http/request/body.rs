//! Bodies that are read whole: JSON in UTF-8, by the letter of its media type, and typed, with every fault of one told
//! at once. Nothing of a body is read before the handler asks for it, so that whoever may not do something is told so
//! first.

use super::body_schema::BodySchema;
use super::fault::Fault;
use super::json_tree::JsonTree;
use super::media;
use crate::error::{BAD_REQUEST, Error, MemberFault, Result, TOO_LARGE};
use crate::http::announced::WHOLE_BODY;
use crate::model::messages::message;
use actix_web::dev;
use actix_web::web::{Bytes, Payload};
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;
use std::future::{Ready, ready};
use std::marker::PhantomData;
use utoipa::ToSchema;

/// A JSON body that is still to be read.
pub struct JsonBody {
    request: HttpRequest,
    payload: Payload,
}

impl FromRequest for JsonBody {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        let payload = Payload::from_request(request, payload).into_inner();
        ready(payload.map(|payload| Self { request: request.clone(), payload }).map_err(Error::internal))
    }
}

impl JsonBody {
    /// The body's text.
    ///
    /// # Errors
    /// A 415 for another media type, charset or coding, a 413, a 400 for a body that breaks off or is no UTF-8.
    pub async fn text(self) -> Result<String> {
        media::json(self.request.headers())?;
        let limit = WHOLE_BODY;
        let too_large = |_| Error::new(TOO_LARGE, message("body-too-large").with("limit", limit));
        let cut = |_| Error::new(BAD_REQUEST, message("body-unreadable"));
        let bytes: Bytes = self.payload.to_bytes_limited(limit).await.map_err(too_large)?.map_err(cut)?;
        String::from_utf8(bytes.into()).map_err(|_| Error::new(BAD_REQUEST, message("body-not-utf8")))
    }
}

/// What an endpoint takes as its body. Its schema is both what the OpenAPI document shows and what a body is held
/// against.
pub trait RequestBody: DeserializeOwned + ToSchema {
    /// Adds the faults that a schema cannot say, such as those of members that depend on each other.
    fn check(&self, _faults: &mut Vec<MemberFault>) {}
}

/// A JSON body of type `T` that is still to be read and to be held against the type's schema.
pub struct ValidatedJson<T> {
    body: JsonBody,
    of: PhantomData<T>,
}

impl<T> FromRequest for ValidatedJson<T> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        let body = JsonBody::from_request(request, payload).into_inner();
        ready(body.map(|body| Self { body, of: PhantomData }))
    }
}

impl<T: RequestBody> ValidatedJson<T> {
    /// The body, once it is known to keep its schema.
    ///
    /// # Errors
    /// Those of [`JsonBody::text`]; a 400 whose `errors` name each fault by its JSON pointer.
    pub async fn read(self) -> Result<T> {
        validated(&self.body.text().await?)
    }
}

fn validated<T: RequestBody>(text: &str) -> Result<T> {
    let tree = JsonTree::parse(text)?;
    let faults = BodySchema::of::<T>().faults(&tree);
    Error::of_members(faults.into_iter().map(Fault::of_member).collect())?;
    let body = T::deserialize(&tree).map_err(Fault::of_body)?;
    let mut faults = Vec::new();
    body.check(&mut faults);
    Error::of_members(faults)?;
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::issue::Language;
    use crate::model::moment::Moment;
    use serde::Deserialize;

    #[derive(Debug, Deserialize, ToSchema)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    struct Sent {
        name: String,
        opens_on: Moment,
        schools: Option<Vec<String>>,
    }
    impl RequestBody for Sent {
        fn check(&self, faults: &mut Vec<MemberFault>) {
            if self.name == "nobody" {
                faults.push(MemberFault::new("/name", message("plain-text-expected")));
            }
        }
    }

    fn fault(body: &str) -> String {
        let error = validated::<Sent>(body).unwrap_err();
        let several =
            error.member_faults().iter().map(|fault| fault.message.in_language(Language::English)).collect::<Vec<_>>();
        if several.is_empty() { error.detail() } else { several.join(" ") }
    }

    #[test]
    fn what_is_wrong_is_named_by_its_pointer_in_our_words() {
        let sent: Sent = validated(r#"{"name":"a","opensOn":"2026-01-15","schools":["b"]}"#).unwrap();
        assert_eq!(
            (sent.name.as_str(), sent.opens_on.text().as_str(), sent.schools.map(|schools| schools.len())),
            ("a", "2026-01-15", Some(1))
        );
        for (body, expected) in [
            (r#"{"name":"a","#, "The body is not JSON; it goes wrong in line 1, column 12."),
            ("[]", "The body is an array; expected is an object."),
            (r#"{"name":7,"opensOn":"2026-01-15"}"#, "“/name” is a number; expected is text."),
            (r#"{"name":"a","name":"b","opensOn":"2026-01-15"}"#, "“/name” is given twice."),
            (r#"{"name":"a"}"#, "The body lacks “/opensOn”."),
            (
                r#"{"name":"a","opensOn":"2026-01-15","nam":1}"#,
                "The body's member “/nam” is not known here. “name” was perhaps meant. These are: name, opensOn, schools.",
            ),
            (
                r#"{"name":"nobody","opensOn":"2026-01-15","schools":["a",null]}"#,
                "“/schools/1” is nothing (null); expected is text.",
            ),
            (r#"{"name":"nobody","opensOn":"2026-01-15"}"#, "text without control characters is expected"),
            (
                r#"{"name":"a\u0000"}"#,
                "The body lacks “/opensOn”. “a\\0” is no value of “/name”: no stored text holds a NUL character.",
            ),
            (
                r#"{"name":"a","opensOn":"15/01/2026"}"#,
                "“15/01/2026” is no value of “/opensOn”: a day (YYYY-MM-DD, in Vietnam) or an instant (RFC 3339) is expected.",
            ),
        ] {
            assert_eq!(fault(body), expected);
        }
    }
}
