//! `GET /v1/templates/{resource}.xlsx`: the workbook to fill in.

use crate::error::{Error, NOT_FOUND, Result};
use crate::http::export::workbook::MEDIA_TYPE;
use crate::http::request::caller::Caller;
use crate::http::state::State;
use crate::http::static_response::StaticResponse;
use crate::intake::sheet::layouts::template;
use crate::model;
use crate::model::lists::Lists;
use crate::model::messages::message;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::NaiveDate;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// A template, with the day and the code lists that it was made by.
struct Made {
    on: NaiveDate,
    lists: Arc<Lists>,
    answer: Arc<StaticResponse>,
}

/// The templates made last, by resource.
static MADE: LazyLock<Mutex<HashMap<&'static str, Made>>> = LazyLock::new(Mutex::default);

/// The template, for every client that has a token.
///
/// # Errors
/// A 404 for a resource that there is not.
pub async fn read(
    request: HttpRequest,
    state: web::Data<State>,
    caller: Caller,
    name: web::Path<String>,
) -> Result<HttpResponse> {
    let spec = model::find(&name).ok_or_else(|| {
        let names = model::all().iter().map(|spec| spec.name).collect::<Vec<_>>().join(", ");
        Error::new(NOT_FOUND, message("templates-of").with("known", names))
    })?;
    let (work, on) = (state.work.clone(), state.work.today());
    let lists = state.read(caller.client_id, "template", move |connection| work.lists(connection)).await?;
    let known = MADE
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .get(spec.name)
        .and_then(|made| (made.on == on && Arc::ptr_eq(&made.lists, &lists)).then(|| made.answer.clone()));
    let answer = match known {
        Some(answer) => answer,
        None => {
            let by = lists.clone();
            let bytes = web::block(move || template::write(spec, &by, on))
                .await
                .map_err(Error::internal)?
                .map_err(Error::internal)?;
            let answer = Arc::new(StaticResponse::compressed_already(MEDIA_TYPE, bytes));
            MADE.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(spec.name, Made { on, lists, answer: answer.clone() });
            answer
        }
    };
    let file = format!("attachment; filename=\"{}.xlsx\"", spec.name);
    answer.answer(&request, |response| {
        response.insert_header((CONTENT_DISPOSITION, file.as_str()));
    })
}
