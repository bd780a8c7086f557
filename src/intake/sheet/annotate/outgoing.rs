//! The package on its way out: what changes is written anew, everything else is copied as it lies there, compressed.

use super::AnnotateFault;
use super::contents::{Relation, Relations, types, workbook};
use super::notes::{self, Merged, Notes};
use super::sheet::{MarkedCell, SheetPass};
use super::styles::Styles;
use crate::intake::sheet::file::package::{DAMAGED, Package};
use crate::intake::sheet::file::row::SheetFault;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufWriter, Read, Seek, Write};
use std::path::Path;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Bytes of a part that is changed in memory: everything but sheets and their notes.
const LARGEST_PART: u64 = 64 << 20;
/// How hard it is compressed: a quick level, for a sheet may be large.
const LEVEL: i64 = 3;
const SHEET: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml";
const STYLES: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml";
const COMMENTS: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml";
const TYPES: &str = "[Content_Types].xml";

impl Package<File> {
    /// A part whole, without a byte order mark.
    pub(super) fn text(&mut self, path: &str) -> Result<Option<String>, SheetFault> {
        let Some(mut part) = self.bytes(path)? else { return Ok(None) };
        let mut bytes = Vec::new();
        part.by_ref().take(LARGEST_PART + 1).read_to_end(&mut bytes).map_err(|_| SheetFault::TooLarge)?;
        let text = String::from_utf8(bytes).map_err(|_| DAMAGED)?;
        match text.len() as u64 > LARGEST_PART {
            true => Err(SheetFault::TooLarge),
            false => Ok(Some(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))),
        }
    }

    /// The name that a part has, or shall have.
    fn name(&self, path: &str) -> String {
        let found = self.place(path).and_then(|at| self.zip.name_for_index(at));
        found.and_then(|name| Some(name.ok()?.into_owned())).unwrap_or_else(|| path.to_owned())
    }

    fn relations_of(&mut self, path: &str) -> Result<Relations, SheetFault> {
        Ok(Relations::of(self.text(&relations_path(path))?, path))
    }
}

/// The path of the part that holds the relations of this one.
fn relations_path(path: &str) -> String {
    let (folder, file) = path.rsplit_once('/').map_or(("", path), |(folder, file)| (folder, file));
    format!("{folder}/_rels/{file}.rels").trim_start_matches('/').to_owned()
}

/// How a part is known, whatever case and slashes its name has.
fn known(path: &str) -> String {
    path.replace('\\', "/").trim_start_matches('/').to_lowercase()
}

/// A sheet that is written anew.
pub(super) struct SheetPart {
    pub(super) path: String,
    pub(super) cells: Vec<MarkedCell>,
    pub(super) notes: Notes,
    relations: Relations,
    /// Where its notes are: the relation, if there is one, and the path of those that were sent.
    sent: Option<(String, String)>,
    /// Where they will be.
    path_of_notes: String,
}

/// A package on its way out.
pub(super) struct Outgoing<'p> {
    package: &'p mut Package<File>,
    length: u64,
    zip: ZipWriter<BufWriter<File>>,
    /// What is written anew, or gone.
    written: BTreeSet<String>,
    names: BTreeSet<String>,
    /// How many sheets have the part as theirs.
    owners: BTreeMap<String, usize>,
    strict: bool,
}

impl<'p> Outgoing<'p> {
    /// Of a package of so many bytes with these sheets.
    pub(super) fn begin<'s>(
        package: &'p mut Package<File>,
        length: u64,
        sheets: impl Iterator<Item = &'s str>,
        folder: &Path,
        strict: bool,
    ) -> Result<Self, AnnotateFault> {
        let zip = ZipWriter::new(BufWriter::new(tempfile::tempfile_in(folder)?));
        let names = package.zip.file_names().flatten().map(|name| known(&name)).collect();
        let mut owners = BTreeMap::new();
        for sheet in sheets {
            for (.., path) in package.relations_of(sheet)?.all()? {
                *owners.entry(known(&path)).or_default() += 1;
            }
        }
        Ok(Self { package, length, zip, written: BTreeSet::new(), names, owners, strict })
    }

    /// Prepares a sheet that is to be written anew.
    pub(super) fn prepare(
        &mut self,
        path: &str,
        cells: Vec<MarkedCell>,
        notes: Notes,
    ) -> Result<SheetPart, AnnotateFault> {
        let relations = self.package.relations_of(path)?;
        let sent = relations.all()?.into_iter().find(|(_, kind, _)| kind.ends_with("/comments"));
        let sent = sent.map(|(id, _, path)| (id, path)).filter(|(_, path)| self.names.contains(&known(path)));
        let path_of_notes = match &sent {
            Some((_, path)) if !self.is_shared(path) => path.clone(),
            _ => self.free(|number| format!("xl/comments{number}.xml")),
        };
        Ok(SheetPart { path: path.trim_start_matches('/').to_owned(), cells, notes, relations, sent, path_of_notes })
    }

    /// Writes what says which parts there are: the types, the workbook with the sheet of the list, its relations. Gives
    /// the paths of list and styles.
    pub(super) fn contents(
        &mut self,
        main: &str,
        list: &str,
        gone: &[(String, String)],
        styles: Option<&str>,
        parts: &[SheetPart],
    ) -> Result<(String, String), AnnotateFault> {
        let (names, paths): (Vec<String>, Vec<String>) =
            gone.iter().map(|(name, path)| (name.clone(), path.trim_start_matches('/').to_owned())).unzip();
        self.written.extend(paths.iter().flat_map(|path| [known(path), known(&relations_path(path))]));
        let list_path = self.free(|number| format!("xl/worksheets/sheet{number}.xml"));
        let styles_path = styles.map_or_else(
            || self.free(|number| format!("xl/styles{number}.xml")),
            |path| path.trim_start_matches('/').to_owned(),
        );
        let mut added = vec![(list_path.clone(), SHEET), (styles_path.clone(), STYLES)];
        added.extend(
            parts.iter().filter(|part| !part.notes.is_empty()).map(|part| (part.path_of_notes.clone(), COMMENTS)),
        );
        let text = self.package.text(TYPES)?.ok_or(DAMAGED)?;
        self.put(TYPES, &types(&text, &added, &paths)?)?;
        let relations = self.package.relations_of(main)?;
        let id = relations.free();
        let text = self.package.text(main)?.ok_or(DAMAGED)?;
        self.put(main, &workbook(&text, list, &id, &names)?)?;
        let mut own = vec![Relation { id, kind: "/worksheet", path: list_path.clone() }];
        if styles.is_none() {
            own.push(Relation { id: relations.free() + "s", kind: "/styles", path: styles_path.clone() });
        }
        self.put(&relations_path(main), &relations.changed(&own, &paths, &[], self.strict)?)?;
        Ok((list_path, styles_path))
    }

    /// Writes a sheet anew, and its notes.
    pub(super) fn sheet(&mut self, part: SheetPart, styles: &mut Styles, returned: bool) -> Result<(), AnnotateFault> {
        if !self.start(&part.path)? {
            return Ok(());
        }
        let drawing = part.relations.free();
        let source = self.package.part(&part.path)?.ok_or(DAMAGED)?;
        let wanted = Some(drawing.as_str()).filter(|_| !part.notes.is_empty());
        let passed = SheetPass::new(source, &mut self.zip, styles, &part.cells, wanted, returned).run()?;
        if part.notes.is_empty() && !(returned && part.sent.is_some()) {
            return Ok(());
        }
        self.notes(&part, passed.drawing.unwrap_or(drawing))
    }

    /// Writes the notes of a sheet, their drawing, and what leads to both.
    fn notes(&mut self, part: &SheetPart, drawing: String) -> Result<(), AnnotateFault> {
        let merged = self.merge(part)?;
        let (mut added, mut led) = (Vec::new(), Vec::new());
        match &part.sent {
            None => added.push(Relation {
                id: part.relations.free() + "n",
                kind: "/comments",
                path: part.path_of_notes.clone(),
            }),
            Some((id, path)) if *path != part.path_of_notes => led.push((id.clone(), part.path_of_notes.clone())),
            Some(_) => (),
        }
        let sent = part.relations.all()?.into_iter().find(|(id, ..)| *id == drawing).map(|(.., path)| path);
        let text = sent.as_deref().map(|path| self.package.text(path)).transpose()?.flatten();
        let path = match &sent {
            Some(path) if !self.is_shared(path) => path.clone(),
            _ => self.free(|number| format!("xl/drawings/vmlDrawing{number}.vml")),
        };
        match sent {
            None => added.push(Relation { id: drawing, kind: "/vmlDrawing", path: path.clone() }),
            Some(sent) if sent != path => led.push((drawing, path.clone())),
            Some(_) => (),
        }
        self.put(&path, &notes::drawing(text.as_deref(), &part.notes, &merged))?;
        let relations = part.relations.changed(&added, &[], &led, self.strict)?;
        self.put(&relations_path(&part.path), &relations)
    }

    fn merge(&mut self, part: &SheetPart) -> Result<Merged, AnnotateFault> {
        if !self.start(&part.path_of_notes)? {
            return Err(DAMAGED.into());
        }
        match &part.sent {
            None => notes::write(&mut self.zip, &part.notes, self.strict),
            Some((_, path)) => {
                let source = self.package.part(path)?.ok_or(DAMAGED)?;
                notes::merge(source, &mut self.zip, &part.notes)
            }
        }
    }

    /// Writes a part that is made elsewhere.
    pub(super) fn part(
        &mut self,
        path: &str,
        write: impl FnOnce(&mut ZipWriter<BufWriter<File>>) -> Result<(), AnnotateFault>,
    ) -> Result<(), AnnotateFault> {
        if self.start(path)? { write(&mut self.zip) } else { Err(DAMAGED.into()) }
    }

    /// Copies all other parts as they are, and gives the package back from its beginning.
    pub(super) fn finish(mut self) -> Result<File, AnnotateFault> {
        let mut copied = 0;
        for at in 0..self.package.zip.len() {
            let part = self.package.zip.by_index_raw(at).map_err(|_| DAMAGED)?;
            if self.written.contains(&known(&part.name().map_err(|_| DAMAGED)?)) {
                continue;
            }
            // Parts that lie over each other would come to more than the whole.
            copied += part.compressed_size();
            if copied > self.length {
                return Err(DAMAGED.into());
            }
            self.zip.raw_copy_file(part).map_err(|_| DAMAGED)?;
        }
        let mut file = self.zip.finish()?.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        file.rewind()?;
        Ok(file)
    }

    fn put(&mut self, path: &str, text: &str) -> Result<(), AnnotateFault> {
        if !self.start(path)? {
            return Err(DAMAGED.into());
        }
        Ok(self.zip.write_all(text.as_bytes())?)
    }

    /// Begins a part; `false`: it is written already, or two sheets say that it is theirs.
    fn start(&mut self, path: &str) -> Result<bool, AnnotateFault> {
        if !self.written.insert(known(path)) {
            return Ok(false);
        }
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        self.zip.start_file(self.package.name(path), options.compression_level(Some(LEVEL)))?;
        Ok(true)
    }

    fn is_shared(&self, path: &str) -> bool {
        self.owners.get(&known(path)).is_some_and(|owners| *owners > 1)
    }

    /// The first path that no part has.
    fn free(&mut self, path: impl Fn(u32) -> String) -> String {
        let free = (1..).map(path).find(|path| !self.names.contains(&known(path))).unwrap_or_default();
        self.names.insert(known(&free));
        free
    }
}
