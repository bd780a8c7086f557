//! The workbook to fill in: a sheet of the resource with its headings, drop-downs and formats, and one that explains
//! it. What it gives is read back by the reader of workbooks.

use crate::intake::sheet::records::plan::GUIDE;
use crate::model::field::{Field, FieldType};
use crate::model::lists::{ListEntry, Lists};
use crate::model::schema::text as plain;
use crate::model::spec::Spec;
use chrono::NaiveDate;
use rust_xlsxwriter::{
    Color, DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, Formula, Workbook, Worksheet, XlsxError,
};

/// Rows that have drop-downs.
const ROWS: u32 = 5_000;
/// Elements of a list that get columns: of plain values, of objects, of objects that must be there.
const ELEMENTS: [usize; 3] = [4, 2, 10];
/// The hidden sheet of what the drop-downs offer.
const CHOICES: &str = "_lists";

/// A column of the template.
struct Column {
    title: String,
    name: String,
    kind: FieldType,
    field: &'static Field,
    required: bool,
}

/// The template of a resource with the codes that may be used on this day, as the bytes of the file; the same each
/// time.
///
/// # Errors
/// None that memory would give.
pub fn write(spec: &'static Spec, lists: &Lists, on: NaiveDate) -> Result<Vec<u8>, XlsxError> {
    let mut columns = Vec::new();
    columns_of(spec.fields, "", "", true, lists, on, &mut columns);
    let mut workbook = Workbook::new();
    // Bytes that stay the same are known by their entity tag.
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2025, 1, 1)?));
    let mut choices = Choices::default();
    form(workbook.add_worksheet(), spec, &columns, &mut choices, lists, on)?;
    guide(workbook.add_worksheet(), spec, &columns)?;
    choices.write(workbook.add_worksheet())?;
    workbook.save_to_buffer()
}

fn columns_of(
    fields: &'static [Field],
    title: &str,
    name: &str,
    needed: bool,
    lists: &Lists,
    on: NaiveDate,
    columns: &mut Vec<Column>,
) {
    for field in fields {
        let (title, name) = (format!("{title}{}", field.title()), format!("{name}{}", field.json));
        let required = needed && field.required;
        let mut one = |title: String, name: String, kind: FieldType, required: bool| {
            columns.push(Column { title, name, kind, field, required })
        };
        match field.kind {
            FieldType::Object(inner) => {
                columns_of(inner, &format!("{title} – "), &format!("{name}."), false, lists, on, columns)
            }
            FieldType::List(&FieldType::Object(inner)) => {
                for number in 1..=ELEMENTS[if field.required { 2 } else { 1 }] {
                    columns_of(
                        inner,
                        &format!("{title} {number} – "),
                        &format!("{name}.{number}."),
                        false,
                        lists,
                        on,
                        columns,
                    );
                }
            }
            FieldType::List(element @ (FieldType::Decimal { .. } | FieldType::Integer { .. })) => {
                (1..=ELEMENTS[0])
                    .for_each(|number| one(format!("{title} {number}"), format!("{name}.{number}"), *element, false));
            }
            FieldType::Counts { list } => {
                for entry in usable(lists, list, on) {
                    one(
                        format!("{title} {}", entry.code),
                        format!("{name}.{}", entry.code),
                        FieldType::Integer { min: 0, max: 100_000 },
                        false,
                    );
                }
            }
            kind => one(title, name, kind, required),
        }
    }
}

fn usable<'l>(lists: &'l Lists, list: &str, on: NaiveDate) -> Vec<&'l ListEntry> {
    let entries = lists.list(list).map_or(&[][..], |list| list.entries.as_slice());
    let mut found: Vec<&ListEntry> = Vec::new();
    for entry in entries.iter().filter(|entry| entry.is_valid(on)) {
        // Subjects stand once a level.
        if !found.iter().any(|known| known.code == entry.code) {
            found.push(entry);
        }
    }
    found
}

/// The sheet to fill in: titles in the first row, the API's names in the second.
fn form(
    sheet: &mut Worksheet,
    spec: &Spec,
    columns: &[Column],
    choices: &mut Choices,
    lists: &Lists,
    on: NaiveDate,
) -> Result<(), XlsxError> {
    sheet.set_name(spec.name)?.set_freeze_panes(2, 0)?;
    let heading = |color: u32| {
        Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top).set_background_color(Color::RGB(color))
    };
    let (must, may) = (heading(0xF8_CB_AD), heading(0xDD_EB_F7));
    let name = Format::new().set_font_size(8).set_font_color(Color::Gray);
    for (at, column) in (0_u16..).zip(columns) {
        let (title, format) =
            if column.required { (format!("{} *", column.title), &must) } else { (column.title.clone(), &may) };
        sheet.set_column_width(at, (title.chars().count() as f64 + 2.0).clamp(12.0, 32.0))?;
        sheet.set_column_format(at, &format_of(&column.kind))?;
        sheet.write_string_with_format(0, at, title, format)?;
        sheet.write_string_with_format(1, at, &column.name, &name)?;
        if let Some(range) = choices.range(column, lists, on) {
            // Who writes a code by hand is not held up: the gateway judges it.
            let list = DataValidation::new().allow_list_formula(Formula::new(range)).show_error_message(false);
            sheet.add_data_validation(2, at, ROWS, at, &list)?;
        }
    }
    Ok(())
}

/// Codes are texts, so that no zero is lost.
fn format_of(kind: &FieldType) -> Format {
    Format::new().set_num_format(match kind {
        FieldType::Date => "dd/mm/yyyy",
        FieldType::Integer { .. } => "0",
        FieldType::Decimal { .. } => "General",
        _ => "@",
    })
}

/// What the drop-downs offer, a column a list.
#[derive(Default)]
struct Choices {
    lists: Vec<(String, Vec<String>)>,
}

impl Choices {
    /// The cells that hold what a column may be, as a formula.
    fn range(&mut self, column: &Column, lists: &Lists, on: NaiveDate) -> Option<String> {
        let shown =
            |code: &str, name: &str| if name.is_empty() { code.to_owned() } else { format!("{code} – {name}") };
        let (name, offered): (String, Vec<String>) = match column.kind {
            FieldType::Code { list } => (
                list.to_owned(),
                usable(lists, list, on).iter().map(|entry| shown(&entry.code, &entry.name_vi)).collect(),
            ),
            FieldType::Choice { values } => {
                let word = |value: &str| {
                    column.field.labels.iter().find(|(known, _)| *known == value).map_or("", |(_, word)| *word)
                };
                (column.name.clone(), values.iter().map(|value| shown(value, word(value))).collect())
            }
            FieldType::Boolean => ("boolean".to_owned(), vec!["Có".to_owned(), "Không".to_owned()]),
            _ => return None,
        };
        let at = self.lists.iter().position(|(known, _)| *known == name).unwrap_or_else(|| {
            self.lists.push((name, offered));
            self.lists.len() - 1
        });
        let (letters, length) = (crate::intake::sheet::file::row::letters(at as u32), self.lists[at].1.len());
        (length > 0).then(|| format!("={CHOICES}!${letters}$1:${letters}${length}"))
    }

    fn write(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        sheet.set_name(CHOICES)?.set_hidden(true);
        for (at, (_, offered)) in (0_u16..).zip(&self.lists) {
            for (row, choice) in (0_u32..).zip(offered) {
                sheet.write_string(row, at, choice)?;
            }
        }
        Ok(())
    }
}

const WORDS: [&str; 6] = [
    "Điền mỗi bản ghi một hàng, từ hàng 3 của trang đầu. Cột có dấu * là bắt buộc. Có thể đổi thứ tự cột, bỏ cột không dùng, thêm cột của phần tử tiếp theo (… 5).",
    "Ô mã ở dạng văn bản để giữ chữ số 0 ở đầu; ô chọn có danh sách, ghi mã hay tên đều được. Nhiều giá trị trong một ô cách nhau bằng dấu chấm phẩy.",
    "Ngày ghi theo ngày/tháng/năm. Điểm có thể dùng dấu phẩy hoặc dấu chấm thập phân. Ô để trống nghĩa là không có giá trị: giá trị đã lưu trước đó sẽ bị xóa.",
    "One record a row, from row 3 of the first sheet. Columns with * are needed; their order is free, those of no use may be deleted, further elements (… 5) added.",
    "Codes are texts, so that their zeros stay; where a list is offered, the code or the name will do. Several values in a cell are separated by semicolons.",
    "Dates are day/month/year; a decimal comma is taken as a point is. An empty cell says that there is no value: what was stored before goes.",
];

/// The sheet that explains the columns.
fn guide(sheet: &mut Worksheet, spec: &Spec, columns: &[Column]) -> Result<(), XlsxError> {
    let example: serde_json::Value = serde_json::from_str(spec.example).unwrap_or_default();
    let (title, bold) = (Format::new().set_bold().set_font_size(14), Format::new().set_bold());
    sheet.set_name(GUIDE)?.write_string_with_format(0, 0, format!("{} – {}", spec.title.vi, spec.title.en), &title)?;
    for (row, words) in (1_u32..).zip(WORDS) {
        sheet.write_string(row, 0, words)?;
    }
    let top = WORDS.len() as u32 + 2;
    for (at, (heading, width)) in (0_u16..).zip([
        ("Cột", 44.0),
        ("Tên trong API", 32.0),
        ("Bắt buộc", 10.0),
        ("Giá trị", 34.0),
        ("Ví dụ", 30.0),
        ("Giải thích", 90.0),
    ]) {
        sheet.set_column_width(at, width)?.write_string_with_format(top, at, heading, &bold)?;
    }
    for (row, column) in (top + 1..).zip(columns) {
        let values = [
            column.title.clone(),
            column.name.clone(),
            if column.required { "x".to_owned() } else { String::new() },
            takes(&column.kind),
            example_of(&example, &column.name),
            plain(column.field.description),
        ];
        for (at, value) in (0_u16..).zip(values) {
            sheet.write_string(row, at, value)?;
        }
    }
    Ok(())
}

/// What a column takes, in few words.
fn takes(kind: &FieldType) -> String {
    match kind {
        FieldType::Text { max, .. } => format!("văn bản, đến {max} ký tự"),
        FieldType::Code { list } => format!("danh mục {list}"),
        FieldType::Choice { values } => values.join(" | "),
        FieldType::Integer { min, max } => format!("số nguyên {min}–{max}"),
        FieldType::Decimal { scale, .. } => format!("số, {scale} chữ số thập phân"),
        FieldType::Boolean => "Có | Không".into(),
        FieldType::Date => "ngày/tháng/năm".into(),
        FieldType::SchoolYear => "năm học, 2025-2026".into(),
        FieldType::List(element) => format!("{}; …", takes(element)),
        FieldType::Object(_) | FieldType::Counts { .. } => "JSON".into(),
    }
}

/// The example's value under a name such as `contacts.1.fullName`.
fn example_of(example: &serde_json::Value, name: &str) -> String {
    let step = |value: &serde_json::Value, part: &str| match value {
        serde_json::Value::Array(items) => {
            part.parse::<usize>().ok().and_then(|number| items.get(number.checked_sub(1)?)).cloned()
        }
        other => other.get(part).cloned(),
    };
    let found = name.split('.').try_fold(example.clone(), |value, part| step(&value, part));
    match found {
        None => String::new(),
        Some(serde_json::Value::String(text)) => text,
        Some(serde_json::Value::Bool(truth)) => if truth { "Có" } else { "Không" }.into(),
        Some(serde_json::Value::Array(items)) => items
            .iter()
            .map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned))
            .collect::<Vec<_>>()
            .join("; "),
        Some(other) => other.to_string(),
    }
}
