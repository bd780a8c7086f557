//! The idempotency key of a submission: the same for the same content, gateway, client and parameters, whenever and
//! however often it is sent.

use crate::intake::encoding::hexadecimal;
use sha2::{Digest, Sha256};

/// A key of these parts.
pub fn of(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    format!("push-{}", &hexadecimal(&hash.finalize())[..40])
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn the_same_parts_give_the_same_key_and_no_others_do() {
        assert_eq!(of(&["a", "b"]), of(&["a", "b"]));
        assert_ne!(of(&["a", "b"]), of(&["ab", ""]));
        assert_ne!(of(&["a", "b"]), of(&["b", "a"]));
    }
}
