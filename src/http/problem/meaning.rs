//! What the kinds of problems mean: why they arise and what to do, for the pages `/problems/{code}`.

use crate::error::ProblemKind;
use crate::model::issue::Text;

/// Why a kind of problem arises, and what to do about it.
#[derive(Debug, Clone, Copy)]
pub struct ProblemMeaning {
    /// Why it arises.
    pub cause: Text,
    /// What to do.
    pub remedy: Text,
}

const fn meaning(
    cause_vi: &'static str,
    cause: &'static str,
    remedy_vi: &'static str,
    remedy: &'static str,
) -> ProblemMeaning {
    ProblemMeaning { cause: Text { vi: cause_vi, en: cause }, remedy: Text { vi: remedy_vi, en: remedy } }
}

/// By the code of the kind; a test holds that none lacks.
const MEANINGS: &[(&str, ProblemMeaning)] = &[
    (
        "bad-request",
        meaning(
            "Yêu cầu có tham số, giá trị hoặc nội dung mà hệ thống không hiểu.",
            "The request has a parameter, a value or a body that the gateway does not understand.",
            "Đọc “detail” và “errors” của câu trả lời: đó là chỗ sai và giá trị cần có. Sửa rồi gửi lại; gửi lại y nguyên sẽ gặp đúng lỗi này.",
            "Read “detail” and “errors” of the answer: they name the place and what is expected there. Mend it and send it again; the same request would fail again.",
        ),
    ),
    (
        "unauthenticated",
        meaning(
            "Yêu cầu không kèm mã truy cập, hoặc mã đã hết hạn, hoặc ứng dụng đã bị thu hồi quyền.",
            "The request has no access token, or one that has expired, or the client has lost its access.",
            "Lấy mã mới tại /oauth/token bằng mã ứng dụng và mật khẩu, gửi trong header Authorization. Nếu không lấy được mã, liên hệ Sở.",
            "Ask /oauth/token for a new token with the client's id and secret, and send it in the header Authorization. If none is given, ask the department.",
        ),
    ),
    (
        "forbidden",
        meaning(
            "Loại ứng dụng này không bao giờ được làm việc đó, ví dụ ứng dụng tra cứu không được ghi dữ liệu.",
            "Clients of this kind may never do that: one that reads, for example, does not write.",
            "Dùng ứng dụng đúng loại; nếu cần thêm quyền, đề nghị Sở.",
            "Use a client of the right kind; for more rights ask the department.",
        ),
    ),
    (
        "not-found",
        meaning(
            "Không có gì ở đường dẫn này, hoặc bản ghi thuộc trường mà ứng dụng không được giao.",
            "There is nothing at this path, or the record is of a school that is not granted to the client.",
            "Kiểm tra đường dẫn và mã; các đường dẫn có ở /docs. Nếu bản ghi thuộc trường của mình, đề nghị Sở giao trường đó cho ứng dụng.",
            "Check the path and the codes; /docs lists the paths. If the record is of your school, ask the department to grant it.",
        ),
    ),
    (
        "method-not-allowed",
        meaning(
            "Đường dẫn có, nhưng không nhận phương thức HTTP đã gửi.",
            "The path is there, but does not take this HTTP method.",
            "Dùng một phương thức ghi trong header Allow của câu trả lời.",
            "Use a method that the header Allow of the answer names.",
        ),
    ),
    (
        "not-acceptable",
        meaning(
            "Header Accept chỉ nhận những định dạng mà nội dung này không có.",
            "The header Accept takes only media types in which this is not given.",
            "Ghi vào Accept một định dạng mà “detail” nêu, hoặc bỏ header đó.",
            "Let Accept name a media type that “detail” lists, or leave the header out.",
        ),
    ),
    (
        "request-timeout",
        meaning(
            "Nội dung không đến đủ trong thời gian cho phép; thường do đường truyền chậm hoặc bị ngắt.",
            "The body did not come whole in the time there is; most often the line was slow or broke.",
            "Gửi lại với cùng Idempotency-Key. Nếu còn lặp lại, nén nội dung hoặc chia nhỏ lần gửi.",
            "Send it again under the same Idempotency-Key. If it happens again, compress the body or send it in parts.",
        ),
    ),
    (
        "conflict",
        meaning(
            "Cùng yêu cầu đang được xử lý, hoặc trạng thái hiện tại không cho phép việc này.",
            "The same request is still at work, or the present state does not allow this.",
            "Đọc “detail”; chờ việc đang chạy xong, hoặc đọc lại trạng thái rồi quyết định.",
            "Read “detail”; wait for what is running, or read the state again and decide anew.",
        ),
    ),
    (
        "precondition-failed",
        meaning(
            "Bản ghi đã được nơi khác sửa sau lần đọc trước, nên điều kiện If-Match hoặc If-None-Match không còn đúng.",
            "Someone changed the record after it was read, so that If-Match or If-None-Match no longer holds.",
            "Đọc lại bản ghi, xem thay đổi, rồi gửi với ETag mới.",
            "Read the record again, look at what changed, and send yours with the new ETag.",
        ),
    ),
    (
        "too-large",
        meaning(
            "Nội dung hoặc tệp vượt dung lượng cho phép.",
            "The body or file is larger than is taken.",
            "Chia thành nhiều lần gửi, ví dụ mỗi lần một trường hoặc một loại dữ liệu.",
            "Send it in several submissions, a school or a resource at a time for example.",
        ),
    ),
    (
        "unsupported-media-type",
        meaning(
            "Header Content-Type, Content-Encoding hoặc bảng mã không phải loại mà đường dẫn nhận.",
            "Content-Type, Content-Encoding or the charset is none that the path takes.",
            "Ghi đúng định dạng mà “detail” nêu; văn bản luôn ở UTF-8.",
            "Name a media type that “detail” lists; text is always in UTF-8.",
        ),
    ),
    (
        "invalid",
        meaning(
            "Bản ghi không đúng quy định của ngành nên không được lưu.",
            "The record does not keep the sector's rules and was not stored.",
            "Mỗi mục của “issues” nêu chỗ sai, quy tắc và cách sửa; mọi quy tắc có ở /docs/rules. Sửa ở phần mềm nguồn rồi gửi lại.",
            "Each of “issues” names the place, the rule and what to do; /docs/rules explains every rule. Mend it in your program and send it again.",
        ),
    ),
    (
        "idempotency-key-reused",
        meaning(
            "Idempotency-Key này đã đi với nội dung hoặc tham số khác.",
            "This Idempotency-Key went with another body or other parameters before.",
            "Mỗi yêu cầu mới dùng một khóa mới, ví dụ UUID; chỉ dùng lại khóa khi gửi lại y nguyên.",
            "Take a new key, such as a UUID, for each new request; use one again only to send the same again.",
        ),
    ),
    (
        "rate-limited",
        meaning(
            "Ứng dụng đã gửi quá nhiều yêu cầu trong một thời gian ngắn.",
            "The client sent too many requests in a short time.",
            "Chờ số giây ghi trong header Retry-After rồi tiếp tục; gửi nhiều bản ghi trong một lần thay vì từng bản ghi.",
            "Wait the seconds that Retry-After says, then go on; send many records at once rather than one by one.",
        ),
    ),
    (
        "internal",
        meaning(
            "Hệ thống gặp lỗi; dữ liệu đã gửi không phải là nguyên nhân.",
            "The gateway failed; what was sent is not the cause.",
            "Gửi lại với cùng Idempotency-Key. Nếu vẫn lỗi, báo “requestId” cho đơn vị vận hành.",
            "Send it again under the same Idempotency-Key. If it fails again, tell the operator the “requestId”.",
        ),
    ),
    (
        "unavailable",
        meaning(
            "Hệ thống đang quá tải, đang khởi động lại hoặc không kết nối được cơ sở dữ liệu.",
            "The gateway is overloaded, restarting, or out of reach of its database.",
            "Chờ số giây ghi trong header Retry-After rồi gửi lại với cùng Idempotency-Key.",
            "Wait the seconds that Retry-After says, then send it again under the same Idempotency-Key.",
        ),
    ),
];

/// What this kind of problem means.
pub fn of(kind: ProblemKind) -> Option<ProblemMeaning> {
    MEANINGS.iter().find(|(code, _)| *code == kind.code).map(|(_, meaning)| *meaning)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::KINDS;

    #[test]
    fn every_kind_has_its_cause_and_its_remedy_in_both_languages() {
        for kind in KINDS {
            let Some(ProblemMeaning { cause, remedy }) = of(*kind) else {
                panic!("nothing explains “{}”", kind.code)
            };
            for text in [cause.vi, cause.en, remedy.vi, remedy.en] {
                assert!(text.ends_with('.') && text.chars().count() > 20, "{}: {text}", kind.code);
            }
        }
        assert_eq!(MEANINGS.len(), KINDS.len(), "a kind stands twice, or there is none such");
    }
}
