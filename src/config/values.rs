//! How the values of settings are read; an error says what is wrong and what was expected.

/// Reads `1024`, `256KiB`, `16MiB` or `2GiB`.
pub(super) fn bytes(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let factor = match &text[digits.len()..] {
        "" | "B" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        other => return Err(format!("unknown unit '{other}': give bytes, or use KiB, MiB or GiB")),
    };
    let number: u64 = digits.trim().parse().map_err(|_| "not a whole number of bytes".to_owned())?;
    number.checked_mul(factor).ok_or_else(|| "too large".to_owned())
}

/// Levels of log lines, and `off`.
const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

/// Reads `info`, or directives such as `school_gateway=debug,info`. A word that is no level would silence the log.
pub(super) fn log_level(text: &str) -> Result<String, String> {
    let is_level = |word: &str| LEVELS.iter().any(|level| level.eq_ignore_ascii_case(word));
    let wrong =
        text.split(',').map(|directive| directive.rsplit_once('=').map_or(directive, |(_, level)| level).trim());
    match wrong.into_iter().find(|word| !is_level(word)) {
        Some(word) => Err(format!("'{word}' is no level: use one of {}", LEVELS.join(", "))),
        None => Ok(text.to_owned()),
    }
}

/// Reads the address by which clients know the gateway.
pub(super) fn public_url(text: &str) -> Result<String, String> {
    let wrong = |what: &str| format!("{what}; expected is an address such as https://gateway.example.vn");
    let (scheme, rest) = text.split_once("://").ok_or_else(|| wrong("it has no scheme"))?;
    if !["http", "https"].contains(&scheme) {
        return Err(wrong("its scheme is neither http nor https"));
    }
    let host = rest.split('/').next().unwrap_or_default();
    if host.is_empty()
        || host.contains('@')
        || rest.contains(['?', '#'])
        || !rest.bytes().all(|byte| byte.is_ascii_graphic())
    {
        return Err(wrong("it needs a host, and has no user, query, fragment or space"));
    }
    Ok(text.trim_end_matches('/').to_owned())
}

pub(super) fn at_least_one(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|number| *number > 0).ok_or_else(|| "a whole number of at least 1 is expected".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_with_and_without_units() {
        assert_eq!(bytes("1024"), Ok(1024));
        assert_eq!(bytes("256KiB"), Ok(262_144));
        assert_eq!(bytes("2GiB"), Ok(2_147_483_648));
        assert!(bytes("2GB").is_err() && bytes("").is_err() && bytes("99999999999GiB").is_err());
    }

    #[test]
    fn a_level_is_a_level() {
        for right in ["info", "WARN", "school_gateway=debug,info", "a::b=off"] {
            assert!(log_level(right).is_ok(), "{right}");
        }
        for wrong in ["wran", "", "info,", "school_gateway=loud", "school_gateway"] {
            assert!(log_level(wrong).unwrap_err().contains("off, error, warn, info, debug, trace"), "{wrong}");
        }
    }

    #[test]
    fn a_public_address_is_whole() {
        assert_eq!(public_url("https://gateway.example.vn/"), Ok("https://gateway.example.vn".to_owned()));
        assert_eq!(public_url("http://127.0.0.1:8080/cong"), Ok("http://127.0.0.1:8080/cong".to_owned()));
        for wrong in
            ["gateway.example.vn", "ftp://a", "https://", "https:///a", "https://u:p@a", "https://a?b", "https://a b"]
        {
            assert!(public_url(wrong).is_err(), "{wrong}");
        }
    }
}
