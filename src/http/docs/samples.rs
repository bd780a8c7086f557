//! `/docs/samples`: the programs of `samples/` to read, copy and download, and the files that they go with.

use crate::http::docs::layout::{self, PageParts};
use crate::http::static_response::StaticResponse;
use crate::model::issue::Language;
use maud::{Markup, html};
use std::sync::LazyLock;

/// A file of `samples/`.
pub struct SampleFile {
    /// Its name.
    pub name: &'static str,
    /// How its language is called.
    language: &'static str,
    /// What it is, in Vietnamese and English.
    about: [&'static str; 2],
    text: &'static str,
}

/// All of them, in the order of the page.
pub const SAMPLES: &[SampleFile] = &[
    SampleFile {
        name: "nightly.py",
        language: "Python",
        about: [
            "python3 nightly.py; chỉ dùng thư viện chuẩn, Python 3.8 trở lên",
            "only the standard library, from 3.8",
        ],
        text: include_str!("../../../samples/nightly.py"),
    },
    SampleFile {
        name: "Nightly.cs",
        language: "C#",
        about: [
            ".NET, .NET Framework từ 4.7 và Mono; chỉ dùng thư viện chuẩn",
            ".NET, .NET Framework from 4.7, and Mono",
        ],
        text: include_str!("../../../samples/Nightly.cs"),
    },
    SampleFile {
        name: "Nightly.java",
        language: "Java",
        about: ["Java 17 trở lên, cùng với Json.java", "Java 17 or newer, with Json.java"],
        text: include_str!("../../../samples/Nightly.java"),
    },
    SampleFile {
        name: "Json.java",
        language: "Java",
        about: [
            "đọc và ghi JSON, vì thư viện chuẩn của Java không có; thay bằng thư viện bạn đang dùng",
            "reads and writes JSON, which Java's own library does not; put the one that you use in its place",
        ],
        text: include_str!("../../../samples/Json.java"),
    },
    SampleFile {
        name: "nightly.php",
        language: "PHP",
        about: ["php nightly.php; PHP 8.0 trở lên, không cần phần mở rộng cURL", "PHP 8.0 or newer, without cURL"],
        text: include_str!("../../../samples/nightly.php"),
    },
    SampleFile {
        name: "units-99.csv",
        language: "CSV",
        about: [
            "đơn vị hành chính của một tỉnh hư cấu, cho reference load",
            "administrative units of an invented province, for reference load",
        ],
        text: include_str!("../../../samples/units-99.csv"),
    },
];

static PAGE: LazyLock<StaticResponse> = LazyLock::new(|| layout::answer(page()));
static FILES: LazyLock<Vec<StaticResponse>> =
    LazyLock::new(|| SAMPLES.iter().map(|sample| layout::plain_text(sample.text)).collect());

/// The page of all.
pub fn all() -> &'static StaticResponse {
    &PAGE
}

/// A file as it is.
pub fn file(name: &str) -> Option<&'static StaticResponse> {
    FILES.get(SAMPLES.iter().position(|sample| sample.name == name)?)
}

/// Where a file of `samples/` is served; the folder itself is the page of all.
pub fn address(name: &str) -> Option<String> {
    match name {
        "" => Some("/docs/samples".to_owned()),
        name => file(name).map(|_| format!("/docs/samples/{name}")),
    }
}

fn page() -> Markup {
    let contents = html! { @for sample in SAMPLES {
        a href={ "#" (sample.name) } { (sample.language) " " span.quiet { (sample.name) } }
    } };
    let body = html! {
        h1 { "Chương trình mẫu · Samples" }
        p { "Mỗi chương trình gửi dữ liệu của một trường như phần mềm của trường làm mỗi đêm: lấy và thay mã truy cập, gửi ở chế độ nền, thử lại an toàn, sửa bản ghi bị từ chối, đọc theo trang, thay mã tạm. Người trong đó đều là hư cấu." }
        p lang="en" { "Each sends the records of a school as its software does every night: a token and the next one, a submission in the background, safe retries, mending what was rejected, paging, official codes for provisional ones. The people in them are invented." }
        @for sample in SAMPLES {
            section {
                h2 id=(sample.name) { (sample.language) " " code { (sample.name) } }
                p { (sample.about[0]) " · " span lang="en" { (sample.about[1]) } " · " a href={ "/docs/samples/" (sample.name) } download { "Tải về · Download" } }
                pre.code data-language=(sample.language) tabindex="0" { code { (sample.text) } }
            }
        }
    };
    layout::page(PageParts {
        title: "School Gateway samples",
        language: Language::Vietnamese,
        here: "/docs/samples",
        search: html! {},
        contents,
        body,
        script: "",
    })
}
