//! `limit` and `cursor`, the same for every list.

use crate::model::messages::{Expected, message};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Items of a page that does not say, and at most.
const ITEMS: (i64, i64) = (100, 1000);

/// Items of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Limit(i64);

impl Default for Limit {
    fn default() -> Self {
        Self(ITEMS.0)
    }
}

impl TryFrom<String> for Limit {
    type Error = Expected;
    fn try_from(text: String) -> Result<Self, Expected> {
        text.as_str().try_into()
    }
}

impl TryFrom<&str> for Limit {
    type Error = Expected;
    /// An error says what was expected.
    fn try_from(text: &str) -> Result<Self, Expected> {
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
        let limit = text.parse().ok().filter(|limit| is_number && (1..=ITEMS.1).contains(limit));
        limit.map(Self).ok_or_else(|| Expected(message("number-up-to-expected").with("most", ITEMS.1)))
    }
}

impl Limit {
    /// Items of the page.
    pub fn items(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
    /// Rows of a whole result that is bounded.
    pub fn most(self) -> i64 {
        self.0
    }
    /// Rows to ask the database for: one more tells whether there is a next page.
    pub fn rows(self) -> i64 {
        self.0 + 1
    }
}

/// A place in a list, opaque to the client.
pub fn encode(place: &impl Serialize) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(place).unwrap_or_default())
}

/// The place that a cursor names; `None`: it was not made by [`encode`].
pub fn decode<T: DeserializeOwned>(cursor: &str) -> Option<T> {
    URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok())
}
