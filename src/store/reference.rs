use crate::model::lists::Lists;
use std::sync::Arc;
#[derive(Default)]
pub struct Current {}
impl Current {
    pub fn current(&self, _: &mut diesel::PgConnection) -> crate::error::Result<Arc<Lists>> {
        Ok(Arc::new(Lists::default()))
    }
}
