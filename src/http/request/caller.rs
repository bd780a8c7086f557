//! Who calls: from the Bearer token to the client, its area and rights.

use crate::access::audit::Actor;
use crate::access::proof::Stranger;
use crate::access::snapshot::ClientIdentity;
use crate::access::{Area, ClientKind, Permission};
use crate::error::{Error, Result, UNAUTHENTICATED};
use crate::http::request::context::{KnownClient, RequestContext, bearer};
use crate::http::state::State;
use crate::model::issue::{Language, Reader};
use crate::model::messages::message;
use crate::submission::disclosure::Viewer;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use futures_util::FutureExt;
use futures_util::future::{Either, LocalBoxFuture, Ready, ready};
use uuid::Uuid;

/// The client behind a request. A handler that takes one needs a valid token, and has taken one request from the
/// client's budget.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The client.
    pub client_id: Uuid,
    /// What it is.
    pub kind: ClientKind,
    /// May it see sensitive fields of the records it may read?
    pub sensitive: bool,
    /// The request's id, as answered in `X-Request-Id`.
    pub request_id: String,
    /// The language of messages.
    pub language: Language,
    identity: ClientIdentity,
}

impl Caller {
    /// What people call it.
    pub fn name(&self) -> &str {
        &self.identity.client.name
    }
    /// The schools it is concerned with.
    pub fn area(&self) -> &Area {
        &self.identity.client.area
    }
    /// Lets it pass if its kind may ever do this.
    ///
    /// # Errors
    /// A 403.
    pub fn may(&self, action: Permission) -> Result<()> {
        action.allow(self.kind)
    }
    /// As a reader of messages.
    pub fn reader(&self) -> Reader {
        Reader::new(self.language, self.sensitive)
    }
    /// As one to whom what was said of records is shown.
    pub fn viewer(&self) -> Viewer {
        let is_sender = self.kind == ClientKind::SchoolSoftware;
        Viewer { reader: self.reader(), area: self.area().clone(), is_sender }
    }
    /// For the audit log.
    pub fn actor(&self) -> Actor {
        Actor { client: Some(self.client_id), request_id: Some(self.request_id.clone()) }
    }

    /// The one behind a request, who was told before; takes one request from the client's budget.
    ///
    /// # Errors
    /// A 429 with the seconds to wait.
    pub(in crate::http) fn of(request: &HttpRequest, state: &State, identity: ClientIdentity) -> Result<Self> {
        let client_id = identity.client.id;
        request.extensions_mut().insert(KnownClient(client_id));
        state.access.limits.request(client_id)?;
        let RequestContext { request_id, language, .. } = RequestContext::of(request);
        Ok(Self {
            client_id,
            kind: identity.client.kind,
            sensitive: identity.sensitive,
            request_id,
            language,
            identity,
        })
    }
}

impl FromRequest for Caller {
    type Error = Error;
    type Future = Either<Ready<Result<Self>>, LocalBoxFuture<'static, Result<Self>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let state = match request.app_data::<web::Data<State>>() {
            Some(state) => state.clone(),
            None => return Either::Left(ready(Err(Error::internal("the server has no state")))),
        };
        let token = match token(request) {
            Ok(token) => token,
            Err(error) => return Either::Left(ready(Err(error))),
        };
        match state.access.identify(token) {
            Ok(identity) => Either::Left(ready(Self::of(request, &state, identity))),
            Err(Stranger::Refused(error)) => Either::Left(ready(Err(error))),
            Err(Stranger::Unknown(_)) => {
                let (request, token) = (request.clone(), token.to_owned());
                let again = async move {
                    state.access.settle().await;
                    Self::of(&request, &state, state.access.identify(&token)?)
                };
                Either::Right(again.boxed_local())
            }
        }
    }
}

fn token(request: &HttpRequest) -> Result<&str> {
    bearer(request.headers()).ok_or_else(|| Error::new(UNAUTHENTICATED, message("token-needed")))
}
