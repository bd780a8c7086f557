//! What can go wrong with a request, said once: the code, the status and the words of every problem.
//!
//! A fault in a *record* is an [`Issue`](crate::model::issue::Issue); this is a fault of the *request* or of the
//! service.

use crate::model::excerpt::clip;
use crate::model::issue::Language;
use crate::model::messages::{Message, message};
use std::fmt;

/// One kind of problem: stable code, HTTP status and title. The problem's `type` is `/problems/{code}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProblemKind {
    /// Stable, kebab-case; part of the `type` URI.
    pub code: &'static str,
    /// HTTP status.
    pub status: u16,
    /// English title, the same for every occurrence.
    pub title: &'static str,
    /// Vietnamese title.
    pub title_vi: &'static str,
}

const fn kind(status: u16, code: &'static str, title: &'static str, title_vi: &'static str) -> ProblemKind {
    ProblemKind { code, status, title, title_vi }
}

/// The request is malformed: an unknown parameter, a bad value, a body that cannot be read.
pub const BAD_REQUEST: ProblemKind =
    kind(400, "bad-request", "The request cannot be understood", "Không hiểu được yêu cầu");
/// No valid token.
pub const UNAUTHENTICATED: ProblemKind =
    kind(401, "unauthenticated", "A valid access token is needed", "Cần mã truy cập hợp lệ");
/// The client may never do this.
pub const FORBIDDEN: ProblemKind = kind(403, "forbidden", "This client may not do that", "Ứng dụng không có quyền này");
/// Not there, or out of the client's sight.
pub const NOT_FOUND: ProblemKind = kind(404, "not-found", "No such resource", "Không tìm thấy");
/// The method does not exist for this path.
pub const METHOD_NOT_ALLOWED: ProblemKind =
    kind(405, "method-not-allowed", "The path does not take this method", "Đường dẫn không nhận phương thức này");
/// None of the media types asked for can be given.
pub const NOT_ACCEPTABLE: ProblemKind =
    kind(406, "not-acceptable", "None of the media types asked for is available", "Không có định dạng được yêu cầu");
/// The body did not come in time.
pub const REQUEST_TIMEOUT: ProblemKind =
    kind(408, "request-timeout", "The request was not sent in time", "Yêu cầu không được gửi kịp thời");
/// The same request is still running, or the state does not allow it.
pub const CONFLICT: ProblemKind =
    kind(409, "conflict", "The request conflicts with the present state", "Yêu cầu mâu thuẫn với trạng thái hiện tại");
/// `If-Match` or `If-None-Match` does not hold.
pub const PRECONDITION_FAILED: ProblemKind = kind(
    412,
    "precondition-failed",
    "The record has changed since it was read",
    "Bản ghi đã thay đổi từ lần đọc trước",
);
/// The body is larger than allowed.
pub const TOO_LARGE: ProblemKind =
    kind(413, "too-large", "The body is larger than allowed", "Nội dung vượt quá dung lượng cho phép");
/// The body's media type or encoding is not taken.
pub const UNSUPPORTED_MEDIA_TYPE: ProblemKind =
    kind(415, "unsupported-media-type", "The media type is not supported", "Không hỗ trợ định dạng này");
/// Records are at fault: `issues` says which and why.
pub const INVALID: ProblemKind =
    kind(422, "invalid", "The record does not keep the sector's rules", "Bản ghi không đúng quy định của ngành");
/// The idempotency key was used for another body.
pub const KEY_REUSED: ProblemKind = kind(
    422,
    "idempotency-key-reused",
    "The idempotency key was used for another request",
    "Khóa idempotency đã dùng cho yêu cầu khác",
);
/// Too many requests of this client.
pub const RATE_LIMITED: ProblemKind = kind(429, "rate-limited", "Too many requests", "Quá nhiều yêu cầu");
/// A fault of the service.
pub const INTERNAL: ProblemKind = kind(500, "internal", "The gateway failed", "Hệ thống gặp lỗi");
/// Overloaded, or the database is out of reach.
pub const UNAVAILABLE: ProblemKind = kind(
    503,
    "unavailable",
    "The gateway is busy or its database is out of reach",
    "Hệ thống đang bận hoặc không kết nối được cơ sở dữ liệu",
);

/// Every kind of problem, for the documentation and its tests.
pub const KINDS: &[ProblemKind] = &[
    BAD_REQUEST,
    UNAUTHENTICATED,
    FORBIDDEN,
    NOT_FOUND,
    METHOD_NOT_ALLOWED,
    NOT_ACCEPTABLE,
    REQUEST_TIMEOUT,
    CONFLICT,
    PRECONDITION_FAILED,
    TOO_LARGE,
    UNSUPPORTED_MEDIA_TYPE,
    INVALID,
    KEY_REUSED,
    RATE_LIMITED,
    INTERNAL,
    UNAVAILABLE,
];

/// A fault of one member of a request's body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberFault {
    /// JSON pointer from the root of the body (RFC 6901).
    pub pointer: String,
    /// What is wrong, and what was expected.
    pub message: Message,
}

impl MemberFault {
    /// The fault of the member at the pointer.
    pub fn new(pointer: impl Into<String>, message: Message) -> Self {
        Self { pointer: pointer.into(), message }
    }
}

#[derive(Debug, Clone)]
struct MemberFaults(Vec<MemberFault>);

/// A problem on its way to the client.
#[derive(Debug, Clone)]
pub struct Error {
    /// Which kind.
    pub kind: ProblemKind,
    /// What happened, what was expected, what to do; never a secret, personal data, SQL or a path.
    pub message: Message,
    /// Seconds after which to try again, for 429 and 503.
    pub retry_after: Option<u32>,
    /// Faults of the records, for 422.
    pub issues: Vec<crate::model::issue::Issue>,
    /// Faults of the members of the body, for 400; apart, for few errors have any.
    members: Option<Box<MemberFaults>>,
}

/// What fallible functions of the crate return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A problem of `kind`, and what it says.
    pub fn new(kind: ProblemKind, message: Message) -> Self {
        Self { kind, message, retry_after: None, issues: Vec::new(), members: None }
    }
    /// What only the operator reads, on the terminal or in the log of a start: one English sentence. It is no answer of
    /// the API.
    pub fn for_operator(kind: ProblemKind, sentence: impl ToString) -> Self {
        Self::new(kind, message("for-operator").with("sentence", sentence))
    }
    /// A 400 for the faults of a body's members, unless there are none.
    ///
    /// # Errors
    /// The 400.
    pub fn of_members(faults: Vec<MemberFault>) -> Result<()> {
        let detail = match faults.as_slice() {
            [] => return Ok(()),
            [only] => only.message.clone(),
            several => message("body-of-several-faults").with("count", several.len()),
        };
        Err(Self { members: Some(Box::new(MemberFaults(faults))), ..Self::new(BAD_REQUEST, detail) })
    }
    /// A 400 for the fault of one member of a body.
    pub fn of_member(fault: MemberFault) -> Self {
        let error = Self::new(BAD_REQUEST, fault.message.clone());
        Self { members: Some(Box::new(MemberFaults(vec![fault]))), ..error }
    }
    /// The faults of the members of the body.
    pub fn member_faults(&self) -> &[MemberFault] {
        self.members.as_ref().map_or(&[], |members| &members.0)
    }
    /// A parameter or member whose value is none; `expected` is a part such as “a whole number is expected”.
    pub fn no_value(name: &str, value: &str, expected: Message) -> Self {
        Self::new(
            BAD_REQUEST,
            message("no-value").with("value", clip(value)).with("name", name).with("expected", expected),
        )
    }
    /// What it says, in English: for the terminal and the log.
    pub fn detail(&self) -> String {
        self.message.in_language(Language::English)
    }
    /// Says when to try again, in seconds.
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds.try_into().unwrap_or(u32::MAX));
        self
    }
    /// Adds the faults of the records.
    pub fn issues(mut self, issues: Vec<crate::model::issue::Issue>) -> Self {
        self.issues = issues;
        self
    }
    /// A fault of the service: the cause goes to the log, not to the client.
    pub fn internal(cause: impl fmt::Display) -> Self {
        tracing::error!(%cause, "internal error");
        Self::new(INTERNAL, message("gateway-failed"))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.title, self.detail())
    }
}
impl std::error::Error for Error {}
