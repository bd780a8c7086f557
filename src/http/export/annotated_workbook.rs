//! A sheet given back to its sender: his own file with what is to be mended, coloured, noted and listed in it.

use super::issues::IssuePages;
use super::{Export, Pages};
use crate::checks::sheet_facts::StoredFacts;
use crate::error::{Error, Result};
use crate::http::api::submissions::AnsweredSubmission;
use crate::http::export::workbook::MEDIA_TYPE;
use crate::http::request::caller::Caller;
use crate::http::request::negotiation::form;
use crate::http::state::State;
use crate::intake::sheet::annotate::plain::PlainBook;
use crate::intake::sheet::annotate::{AnnotateFault, Annotation, ToMend};
use crate::intake::sheet::file::delimited::Delimited;
use crate::intake::sheet::file::row::SheetFault;
use crate::intake::sheet::file::source::{self, WorkbookForm};
use crate::intake::sheet::records::reading::{Found, Vocabulary};
use crate::model;
use crate::model::issue::Language;
use crate::model::spec::Spec;
use crate::submission::disclosure::Viewer;
use crate::submission::file_store;
use crate::submission::issue_query::IssueFilter;
use crate::submission::issue_store::StoredIssue;
use crate::submission::sheet_store::AroundSheets;
use actix_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::web;
use actix_web::{HttpRequest, HttpResponse};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use uuid::Uuid;

/// Does `Accept` ask for a workbook rather than for JSON?
pub fn wanted(request: &HttpRequest) -> bool {
    form(request, &[("application/json", false), (MEDIA_TYPE, true)]).unwrap_or(false)
}

/// The file of the submission with its issues; `None`: it is not kept, or cannot be given back.
///
/// # Errors
/// Those of the making.
pub async fn answer(state: &web::Data<State>, caller: &Caller, id: Uuid) -> Result<Option<HttpResponse>> {
    let kept = move |connection: &mut _| Ok(file_store::is_kept(connection, id)?);
    if !state.read(caller.client_id, "file", kept).await? {
        return Ok(None);
    }
    let viewer = caller.viewer();
    let make = move |pages: &Pages, folder: &Path| Annotated { pages, folder, id, viewer: &viewer }.make();
    Export::begin(state, caller).await?.file(&format!("submission-{id}.xlsx"), make).await
}

/// The file in the place of the report, with its status and headers.
///
/// # Errors
/// Those of the making.
pub async fn instead_of(report: HttpResponse, state: &web::Data<State>, caller: &Caller) -> Result<HttpResponse> {
    let id = AnsweredSubmission::of(&report)?;
    let Some(mut annotated) = answer(state, caller, id).await? else { return Ok(report) };
    *annotated.status_mut() = report.status();
    let own = [CONTENT_TYPE, CONTENT_LENGTH];
    for (name, value) in report.headers().iter().filter(|(name, _)| !own.contains(name)) {
        annotated.headers_mut().insert(name.clone(), value.clone());
    }
    Ok(annotated)
}

/// A workbook in the making.
struct Annotated<'a> {
    pages: &'a Pages,
    folder: &'a Path,
    id: Uuid,
    viewer: &'a Viewer,
}

impl Annotated<'_> {
    /// The file as it was sent, annotated; where that is no package that can be, its cells in a new one.
    fn make(&self) -> Result<Option<File>> {
        let sent = self.sent()?;
        let forms = [|_: &Self, sent: File| Ok(sent), Self::plain];
        for form in forms {
            let file = sent.try_clone().map_err(Error::internal)?;
            match form(self, file).and_then(|file| self.annotated(file)) {
                Ok(file) => return Ok(Some(file)),
                Err(AnnotateFault::Target(error)) => return Err(error),
                Err(AnnotateFault::Source(_)) => (),
            }
        }
        Ok(None)
    }

    fn sent(&self) -> Result<File> {
        let mut file = BufWriter::new(tempfile::tempfile_in(self.folder).map_err(Error::internal)?);
        let mut number = 0;
        while self.pages.read(|connection| file_store::load(connection, self.id, number, &mut file))? {
            number += 1;
        }
        file.flush().map_err(Error::internal)?;
        file.into_inner().map_err(|error| Error::internal(error.into_error()))
    }

    fn annotated(&self, file: File) -> Result<File, AnnotateFault> {
        let (limit, reader) = (self.pages.config().max_body_bytes, self.viewer.reader);
        let mut workbook = Annotation::open(file, limit, reader.language, self.folder)?;
        let mut issues = IssuePages::new(self.id, self.viewer.clone(), IssueFilter::default());
        loop {
            let found = issues.next(self.pages)?;
            if found.is_empty() {
                break;
            }
            found.iter().try_for_each(|entry| self.add(&mut workbook, entry))?;
        }
        workbook.finish(self.folder)
    }

    fn add(&self, workbook: &mut Annotation, entry: &StoredIssue) -> Result<(), AnnotateFault> {
        let (spot, reader) = (entry.spot.as_ref(), self.viewer.reader);
        let letters = spot.and_then(|spot| spot.column.as_deref());
        let heading = spot.and_then(|spot| spot.heading.as_deref()).unwrap_or_default();
        let column = match letters {
            Some(letters) if !heading.is_empty() => format!("{letters} – {heading}"),
            letters => letters.unwrap_or_default().to_owned(),
        };
        let entry = ToMend {
            sheet: spot.and_then(|spot| spot.sheet.as_deref()).unwrap_or_default(),
            row: spot.and_then(|spot| u64::try_from(spot.row).ok()).filter(|row| *row > 0),
            column: &column,
            wrong: &entry.message(reader),
            remedy: &entry.hint(reader),
            severity: entry.severity,
            waits: entry.waits(),
            code: entry.rule.code,
        };
        workbook.add(&entry, letters)
    }

    /// The cells of the file in a workbook of ours.
    fn plain(&self, mut file: File) -> Result<File, AnnotateFault> {
        let (config, mut book) = (self.pages.config(), PlainBook::new(self.folder)?);
        match WorkbookForm::of_file(&mut file)? {
            WorkbookForm::Text => {
                let resources = self.resources()?;
                let mut rows = Delimited::new(file, config.max_record_bytes as usize);
                let work = &self.pages.state.work;
                let around = self.pages.read(|connection| AroundSheets::of(work, connection, self.id))?;
                let facts = StoredFacts::new(&work.pools.work, &around.area);
                let context = around.context(&facts);
                let named = resources.first().copied().filter(|_| resources.len() == 1);
                // What it holds is known: only how its cells are apart is to be found.
                match rows.locate(&Vocabulary::new(&around.lists, context, None), named) {
                    Found::Records(_) => (),
                    Found::Near(_) | Found::Nothing => return Err(AnnotateFault::Source(SheetFault::TooLarge)),
                }
                book.sheet(self.name(&resources), &mut rows)?;
            }
            _ => {
                let mut workbook = source::open(file, config.max_body_bytes)?;
                for (at, sheet) in workbook.sheets().to_vec().into_iter().enumerate() {
                    book.sheet(&sheet.name, &mut *workbook.rows(at)?)?;
                }
            }
        }
        book.into_file(self.folder)
    }

    /// The resources whose records it held.
    fn resources(&self) -> Result<Vec<&'static Spec>> {
        let names = self.pages.read(|connection| Ok(file_store::resources(connection, self.id)?))?;
        Ok(names.iter().filter_map(|name| model::find(name)).collect())
    }

    /// How the sheet of a file without sheets is called: as its resource, by which it is known when it comes back.
    fn name(&self, resources: &[&'static Spec]) -> &'static str {
        match (resources, self.viewer.reader.language) {
            ([spec], Language::Vietnamese) => spec.title.vi,
            ([spec], Language::English) => spec.title.en,
            (_, Language::Vietnamese) => "Dữ liệu",
            (_, Language::English) => "Data",
        }
    }
}
