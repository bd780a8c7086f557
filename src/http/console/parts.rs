//! A form with a file (`multipart/form-data`, RFC 7578), as it comes: the members before the file are read, the file
//! itself is handed on as it arrives and is never held whole.

use crate::error::{BAD_REQUEST, Error, REQUEST_TIMEOUT, Result, TOO_LARGE, UNSUPPORTED_MEDIA_TYPE};
use crate::http::console::FORM;
use crate::http::request::parameters::Pairs;
use crate::model::messages::message;
use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::error::PayloadError;
use actix_web::http::header::HeaderMap;
use actix_web::web::{Bytes, Payload};
use futures_util::stream::LocalBoxStream;
use futures_util::{StreamExt, stream};
use std::time::Duration;

/// Name of the member that is the file. Those after it are not read.
pub const FILE: &str = "file";
/// Members of a form at most.
const MEMBERS: usize = 32;
/// Characters of a file's name that are kept.
const LONGEST_NAME: usize = 150;
/// What stands before the file is sent at once.
const FORM_TIMEOUT: Duration = Duration::from_secs(10);
/// So long the first bytes of the file may take.
const FIRST_TIMEOUT: Duration = Duration::from_secs(60);
/// Bytes of the file that tell what it is.
const TELLING: usize = 512;

/// The file, part by part.
pub type FileBody = LocalBoxStream<'static, std::result::Result<Bytes, PayloadError>>;

/// A form, as far as it was read.
pub struct UploadForm {
    multipart: Multipart,
    file: Field,
    /// The members before the file.
    pub fields: Pairs,
    /// The file's name, without folders.
    pub file_name: String,
}

impl UploadForm {
    /// Reads up to the file.
    ///
    /// # Errors
    /// A 400, 408, 413 or 415 for what is no such form.
    pub async fn read(headers: &HeaderMap, payload: Payload) -> Result<Self> {
        let read = tokio::time::timeout(FORM_TIMEOUT, up_to_file(Multipart::new(headers, payload)));
        let slow = |_| Error::new(REQUEST_TIMEOUT, message("body-too-slow").with("seconds", FORM_TIMEOUT.as_secs()));
        read.await.map_err(slow)?
    }

    /// The first bytes of the file, and the whole of it as a body.
    ///
    /// # Errors
    /// A 400 when none was chosen, 408 when it does not come.
    pub async fn open(mut self) -> Result<(Vec<u8>, FileBody)> {
        let (mut begun, mut head) = (Vec::new(), Vec::new());
        let begin = async {
            while head.len() < TELLING
                && let Some(part) = self.file.next().await
            {
                let part = part.map_err(fault)?;
                head.extend_from_slice(&part[..part.len().min(TELLING)]);
                begun.push(Ok(part));
            }
            Ok::<(), Error>(())
        };
        let slow = |_| Error::new(REQUEST_TIMEOUT, message("body-too-slow").with("seconds", FIRST_TIMEOUT.as_secs()));
        tokio::time::timeout(FIRST_TIMEOUT, begin).await.map_err(slow)??;
        if head.is_empty() {
            return Err(Error::new(BAD_REQUEST, message("file-missing")));
        }
        let rest = stream::unfold((self.multipart, self.file), |(multipart, mut file)| async {
            // A form that breaks off in its file is a body that does.
            let part = file.next().await?.map_err(|_| PayloadError::Incomplete(None));
            Some((part, (multipart, file)))
        });
        Ok((head, stream::iter(begun).chain(rest).boxed_local()))
    }
}

async fn up_to_file(mut multipart: Multipart) -> Result<UploadForm> {
    let (mut fields, mut left) = (Pairs::new(), FORM);
    while let Some(member) = multipart.next().await {
        let mut member = member.map_err(fault)?;
        let name = member.name().unwrap_or_default().to_owned();
        if name == FILE {
            let file_name = plain_name(member.content_disposition().and_then(|given| given.get_filename()));
            return Ok(UploadForm { multipart, file: member, fields, file_name });
        }
        let mut value = Vec::new();
        while let Some(part) = member.next().await {
            let part: Bytes = part.map_err(fault)?;
            left = left.checked_sub(part.len()).ok_or_else(too_long)?;
            value.extend_from_slice(&part);
        }
        let value = String::from_utf8(value).ok().filter(|text| !text.contains('\0') && fields.len() < MEMBERS);
        fields.push((name, value.ok_or_else(unreadable)?));
    }
    Err(Error::new(BAD_REQUEST, message("file-missing")))
}

fn too_long() -> Error {
    Error::new(TOO_LARGE, message("form-too-long").with("most", FORM))
}

fn unreadable() -> Error {
    Error::new(BAD_REQUEST, message("form-unreadable"))
}

fn fault(error: MultipartError) -> Error {
    match error {
        MultipartError::ContentTypeMissing | MultipartError::ContentTypeIncompatible => {
            Error::new(UNSUPPORTED_MEDIA_TYPE, message("form-unreadable"))
        }
        _ => unreadable(),
    }
}

/// A name as it is shown: without folders and characters that steer; one that is none becomes a dash.
fn plain_name(given: Option<&str>) -> String {
    let name = given.unwrap_or_default().rsplit(['/', '\\']).next().unwrap_or_default();
    let steers = |letter: &char| {
        letter.is_control()
            || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let name: String = name.chars().filter(|letter| !steers(letter)).take(LONGEST_NAME).collect();
    if name.trim().is_empty() { "–".into() } else { name.trim().to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_called_as_people_see_it() {
        for (given, expected) in [
            (Some("Điểm 6A.xlsx"), "Điểm 6A.xlsx"),
            (Some("C:\\Users\\van thu\\diem.xls"), "diem.xls"),
            (Some("../../etc/passwd"), "passwd"),
            (Some("a\u{202e}xslx.exe"), "axslx.exe"),
            (Some(" \r\n "), "–"),
            (None, "–"),
        ] {
            assert_eq!(plain_name(given), expected);
        }
        assert_eq!(plain_name(Some(&"a".repeat(1_000))).len(), LONGEST_NAME);
    }
}
