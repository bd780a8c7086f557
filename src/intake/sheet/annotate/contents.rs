//! What a package says of its parts: the sheets of the workbook, relations, types. The list becomes the first sheet, so
//! whatever names a sheet by its place names the next one.

use super::markup::{Edits, MarkupPiece, escaped, local, namespaces, pieces, prefix, relationships, tag, with};
use crate::intake::sheet::file::package::{DAMAGED, attribute};
use crate::intake::sheet::file::row::SheetFault;
use quick_xml::events::BytesStart;
use std::collections::BTreeSet;

/// A relation that is added: id, the end of its type, path of the part.
pub(super) struct Relation {
    pub(super) id: String,
    pub(super) kind: &'static str,
    pub(super) path: String,
}

/// The sheets of a workbook, as its part names them.
struct Sheets {
    names: Vec<String>,
    highest: u32,
}

impl Sheets {
    fn of(pieces: &[MarkupPiece]) -> Self {
        let sheets = pieces.iter().filter(|piece| piece.name() == Some("sheet")).filter_map(MarkupPiece::element);
        let mut found = Self { names: Vec::new(), highest: 0 };
        for sheet in sheets {
            found.names.push(attribute(sheet, "name").unwrap_or_default().into_owned());
            let id = attribute(sheet, "sheetId").and_then(|id| id.parse().ok());
            found.highest = found.highest.max(id.unwrap_or(0));
        }
        found
    }
    /// Where the sheet of this place stands when the list is the first and these are gone; `None`: it is one of them.
    fn place(&self, at: u32, gone: &[String]) -> Option<u32> {
        let before = self.names.iter().take(at as usize).filter(|name| gone.contains(name)).count() as u32;
        let is_gone = self.names.get(at as usize).is_some_and(|name| gone.contains(name));
        (!is_gone).then(|| at + 1 - before)
    }
    /// The name, or the first free one that begins so.
    fn free(&self, name: &str, gone: &[String]) -> String {
        let taken = |wanted: &str| {
            self.names.iter().any(|known| !gone.contains(known) && known.to_lowercase() == wanted.to_lowercase())
        };
        let numbered = (2..).map(|number| format!("{name} ({number})"));
        std::iter::once(name.to_owned()).chain(numbered).find(|name| !taken(name)).unwrap_or_default()
    }
}

/// The workbook's part with the list as its first sheet, under this relation; the sheets of these names are gone.
pub(super) fn workbook(text: &str, list: &str, relation: &str, gone: &[String]) -> Result<String, SheetFault> {
    let pieces = pieces(text)?;
    let (sheets, mut edits) = (Sheets::of(&pieces), Edits::of(text));
    let root = pieces.iter().find_map(MarkupPiece::element).ok_or(DAMAGED)?;
    let opening = |name: &str| pieces.iter().find(|piece| piece.name() == Some(name) && !piece.is_end());
    let open = opening("sheets").filter(|piece| !piece.is_empty()).ok_or(DAMAGED)?;
    let own = format!(
        "<{}sheet name=\"{}\" sheetId=\"{}\" {}/>",
        prefix(root.name().into_inner()),
        escaped(&sheets.free(list, gone)),
        sheets.highest + 1,
        bound(root, relation)
    );
    edits.insert(open.at.end, own);
    if opening("workbookView").is_none() {
        // Without a view the first sheet is open, and the list is the first now.
        let p = prefix(root.name().into_inner());
        let view = format!("<{p}workbookView activeTab=\"{}\"/>", sheets.place(0, gone).unwrap_or(0));
        match opening("bookViews") {
            Some(views) if views.is_empty() => {
                edits.replace(views.at.clone(), format!("<{p}bookViews>{view}</{p}bookViews>"))
            }
            Some(views) => edits.insert(views.at.end, view),
            None => edits.insert(open.at.start, format!("<{p}bookViews>{view}</{p}bookViews>")),
        }
    }
    let mut leaving: Option<(usize, usize)> = None;
    for piece in &pieces {
        if let Some((begun, depth)) = leaving {
            if piece.is_end() && piece.depth == depth {
                edits.replace(begun..piece.at.end, "");
                leaving = None;
            }
        } else if let Some(element) = piece.element() {
            match changed(piece.name().unwrap_or_default(), element, &sheets, gone) {
                Change::None => (),
                Change::To(element) => edits.replace(piece.at.clone(), tag(&element, piece.is_empty())),
                Change::Away if piece.is_empty() => edits.replace(piece.at.clone(), ""),
                Change::Away => leaving = Some((piece.at.start, piece.depth)),
            }
        }
    }
    Ok(edits.done())
}

enum Change {
    None,
    To(BytesStart<'static>),
    Away,
}

/// What becomes of an element of the workbook's part.
fn changed(name: &str, element: &BytesStart, sheets: &Sheets, gone: &[String]) -> Change {
    let number = |name| attribute(element, name).and_then(|at| at.parse::<u32>().ok());
    match name {
        "workbookView" => {
            let active = sheets.place(number("activeTab").unwrap_or(0), gone).unwrap_or(0).to_string();
            // The first tab is in sight, for it is the list's.
            let first = number("firstSheet").map(|_| "0");
            let mut changes = vec![("activeTab", Some(active.as_str()))];
            changes.extend(first.map(|first| ("firstSheet", Some(first))));
            Change::To(with(element, &changes))
        }
        "definedName" => match number("localSheetId").map(|at| sheets.place(at, gone)) {
            None => Change::None,
            Some(Some(at)) => Change::To(with(element, &[("localSheetId", Some(&at.to_string()))])),
            Some(None) => Change::Away,
        },
        "sheet" if attribute(element, "name").is_some_and(|name| gone.iter().any(|gone| *gone == name)) => Change::Away,
        _ => Change::None,
    }
}

/// The attribute that names a relation, with its prefix.
fn bound(root: &BytesStart, relation: &str) -> String {
    let said = namespaces(root);
    let strict = said.iter().any(|(_, namespace)| super::markup::is_strict(namespace));
    let found = said.iter().find(|(prefix, namespace)| !prefix.is_empty() && namespace == relationships(strict));
    match found {
        Some((prefix, _)) => format!("{prefix}:id=\"{relation}\""),
        None => format!("xmlns:r=\"{}\" r:id=\"{relation}\"", relationships(strict)),
    }
}

/// The relations of a part, as its relations' part says them.
pub(super) struct Relations {
    text: String,
    folder: String,
}

impl Relations {
    /// Of the part at this path; nothing where it has none.
    pub(super) fn of(text: Option<String>, path: &str) -> Self {
        const NONE: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
             <Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"></Relationships>";
        let folder = path.rsplit_once('/').map(|(folder, _)| folder.to_owned()).unwrap_or_default();
        Self { text: text.unwrap_or_else(|| NONE.to_owned()), folder }
    }

    /// Id, type and path of those within the package.
    pub(super) fn all(&self) -> Result<Vec<(String, String, String)>, SheetFault> {
        let pieces = pieces(&self.text)?;
        let inner = pieces
            .iter()
            .filter_map(MarkupPiece::element)
            .filter(|element| local(element.name().into_inner()) == "Relationship");
        let inner = inner.filter(|element| attribute(element, "TargetMode").is_none_or(|mode| mode != "External"));
        let text = |element: &BytesStart, name| attribute(element, name).unwrap_or_default().into_owned();
        Ok(inner
            .map(|element| (text(element, "Id"), text(element, "Type"), self.path(&text(element, "Target"))))
            .collect())
    }

    /// A target seen from the package's root.
    fn path(&self, target: &str) -> String {
        let mut parts: Vec<&str> = if target.starts_with('/') { Vec::new() } else { self.folder.split('/').collect() };
        for part in target.split('/') {
            match part {
                "" | "." => (),
                ".." => drop(parts.pop()),
                part => parts.push(part),
            }
        }
        parts.retain(|part| !part.is_empty());
        parts.join("/")
    }

    /// An id that no relation has.
    pub(super) fn free(&self) -> String {
        (1..)
            .map(|number| format!("rIdSg{number}"))
            .find(|id| !self.text.contains(&format!("\"{id}\"")))
            .unwrap_or_default()
    }

    /// The part with these relations added, those to these paths left out, and others led elsewhere: their
    /// ids, their paths.
    pub(super) fn changed(
        &self,
        added: &[Relation],
        gone: &[String],
        led: &[(String, String)],
        strict: bool,
    ) -> Result<String, SheetFault> {
        let pieces = pieces(&self.text)?;
        let mut edits = Edits::of(&self.text);
        let root = pieces.iter().find(|piece| piece.element().is_some()).ok_or(DAMAGED)?;
        let name = root.element().map(|root| root.name().into_inner().to_owned()).unwrap_or_default();
        let p = prefix(&name);
        for piece in &pieces {
            let Some(element) = piece.element().filter(|_| piece.name() == Some("Relationship")) else { continue };
            let text = |name| attribute(element, name).unwrap_or_default().into_owned();
            if gone.contains(&self.path(&text("Target"))) {
                edits.replace(piece.at.clone(), "");
            } else if let Some((_, path)) = led.iter().find(|(id, _)| *id == text("Id")) {
                edits.replace(
                    piece.at.clone(),
                    tag(&with(element, &[("Target", Some(&format!("/{path}")))]), piece.is_empty()),
                );
            }
        }
        let own = added.iter().map(|Relation { id, kind, path }| {
            format!(
                "<{p}Relationship Id=\"{id}\" Type=\"{}{kind}\" Target=\"/{}\"/>",
                relationships(strict),
                escaped(path)
            )
        });
        let own: String = own.collect();
        let end = pieces.iter().rev().find(|piece| piece.is_end() && piece.depth == 0);
        match end {
            Some(end) => edits.insert(end.at.start, own),
            None if !own.is_empty() => {
                edits.replace(root.at.clone(), format!("{}{own}</{name}>", tag(root.element().ok_or(DAMAGED)?, false)))
            }
            None => (),
        }
        Ok(edits.done())
    }
}

/// The types of a package's parts, with those of these paths added where they are not said, and of those left out;
/// drawings of notes have theirs by their ending.
pub(super) fn types(text: &str, added: &[(String, &str)], gone: &[String]) -> Result<String, SheetFault> {
    let pieces = pieces(text)?;
    let mut edits = Edits::of(text);
    let root = pieces.iter().find_map(MarkupPiece::element).ok_or(DAMAGED)?;
    let end = pieces.iter().rev().find(|piece| piece.is_end() && piece.depth == 0).ok_or(DAMAGED)?;
    let p = prefix(root.name().into_inner());
    let (mut said, mut drawings) = (BTreeSet::new(), false);
    for piece in &pieces {
        let Some(element) = piece.element() else { continue };
        drawings |= attribute(element, "Extension").is_some_and(|ending| ending.eq_ignore_ascii_case("vml"));
        let Some(part) = attribute(element, "PartName") else { continue };
        let part = part.trim_start_matches('/').to_lowercase();
        if gone.iter().any(|path| path.to_lowercase() == part) {
            edits.replace(piece.at.clone(), "");
        }
        said.insert(part);
    }
    let own = added.iter().filter(|(path, _)| !said.contains(&path.to_lowercase()));
    let own = own.map(|(path, kind)| format!("<{p}Override PartName=\"/{}\" ContentType=\"{kind}\"/>", escaped(path)));
    let mut own: String = own.collect();
    if !drawings {
        let kind = "application/vnd.openxmlformats-officedocument.vmlDrawing";
        own = format!("<{p}Default Extension=\"vml\" ContentType=\"{kind}\"/>{own}");
    }
    edits.insert(end.at.start, own);
    Ok(edits.done())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOOK: &str = "<x:workbook xmlns:x=\"urn:x\" xmlns:q=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><x:bookViews><x:workbookView firstSheet=\"1\" activeTab=\"2\"/></x:bookViews>\
         <x:sheets><x:sheet name=\"A\" sheetId=\"4\" q:id=\"a\"/><x:sheet name=\"Old\" sheetId=\"9\" q:id=\"b\"></x:sheet><x:sheet name=\"to MEND\" sheetId=\"2\" q:id=\"c\"/></x:sheets>\
         <x:definedNames><x:definedName name=\"p\" localSheetId=\"0\">A!$A$1</x:definedName><x:definedName name=\"p\" localSheetId=\"1\">Old!$A$1</x:definedName><x:definedName name=\"p\" localSheetId=\"2\">1</x:definedName></x:definedNames></x:workbook>";

    #[test]
    fn whatever_names_a_sheet_by_its_place_names_it_still() {
        let made = workbook(BOOK, "To mend", "rIdSg1", &["Old".to_owned()]).unwrap();
        assert!(
            made.contains(
                "<x:sheets><x:sheet name=\"To mend (2)\" sheetId=\"10\" q:id=\"rIdSg1\"/><x:sheet name=\"A\""
            ),
            "{made}"
        );
        assert!(made.contains("<x:workbookView firstSheet=\"0\" activeTab=\"2\"/>"), "{made}");
        let names = made.split_once("<x:definedNames>").unwrap().1;
        assert!(names.starts_with("<x:definedName name=\"p\" localSheetId=\"1\">A!$A$1</x:definedName><x:definedName name=\"p\" localSheetId=\"2\">1<"), "{names}");
        let made = workbook("<workbook><sheets><sheet name=\"A\"/></sheets></workbook>", "L", "i", &[]).unwrap();
        assert!(made.starts_with("<workbook><bookViews><workbookView activeTab=\"1\"/></bookViews><sheets><sheet name=\"L\" sheetId=\"1\" xmlns:r="), "{made}");
    }

    #[test]
    fn targets_lead_to_parts_wherever_they_begin() {
        let relations = Relations::of(
            Some("<Relationships><Relationship Id=\"a\" Type=\"t/comments\" Target=\"../c.xml\"/><Relationship Id=\"b\" Target=\"../../../../etc/x\"/><Relationship Id=\"c\" Target=\"/xl/d.xml\"/><Relationship Id=\"d\" Target=\"file:///etc\" TargetMode=\"External\"/></Relationships>".into()),
            "xl/worksheets/sheet1.xml",
        );
        let paths: Vec<String> = relations.all().unwrap().into_iter().map(|(.., path)| path).collect();
        assert_eq!(paths, ["xl/c.xml", "etc/x", "xl/d.xml"]);
        let added = [Relation { id: relations.free(), kind: "/comments", path: "xl/n.xml".into() }];
        let made = relations.changed(&added, &["etc/x".into()], &[("a".into(), "xl/e.xml".into())], false).unwrap();
        assert!(
            made.contains("Target=\"/xl/e.xml\"")
                && !made.contains("etc/x")
                && made.contains("Target=\"/xl/n.xml\"")
                && made.contains("External"),
            "{made}"
        );
        assert!(
            Relations::of(Some("<Relationships/>".into()), "a")
                .changed(&added, &[], &[], true)
                .unwrap()
                .ends_with("\"/></Relationships>")
        );
    }
}
