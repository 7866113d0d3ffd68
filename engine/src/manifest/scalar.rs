//! What a plain scalar means: YAML 1.1, as the YAML library of kubectl reads it.
//!
//! `yes` is a boolean, `0120` is eighty and `1.10` is a number: which is why a label value that
//! looks like one of these needs quotes. Dates stay strings. And the other way round: how a string
//! is written so that it stays one.

/// The meaning of a scalar, in JSON's terms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Resolved<'t> {
    Null,
    Bool(bool),
    Int(i64),
    /// A positive integer too large for an [`Int`](Resolved::Int).
    Unsigned(u64),
    Float(f64),
    Str(&'t str),
}

/// A string as YAML has it, in brackets or not: as it is where that means this string and nothing
/// else, and else in quotes.
pub fn string(text: &str) -> String {
    let is_usual = |c: char| c.is_ascii_alphanumeric() || "-_./#".contains(c);
    let begins = text.starts_with(|c: char| c.is_ascii_alphabetic());
    if begins && text.chars().all(is_usual) && resolve(text) == Resolved::Str(text) {
        return text.to_owned();
    }
    quoted(text)
}

/// A string as YAML and JSON have it, in quotes.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            // What a text cannot hold as it is, or would not tell from the end of a line.
            c if c.is_control() || "\u{2028}\u{2029}\u{feff}\u{fffe}\u{ffff}".contains(c) => {
                quoted += &format!("\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

/// Resolves the text of a plain scalar.
pub(super) fn resolve(text: &str) -> Resolved<'_> {
    match text.as_bytes().first() {
        None => Resolved::Null,
        Some(b'0'..=b'9' | b'+' | b'-' | b'.') => number(text).unwrap_or(Resolved::Str(text)),
        Some(b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~') => {
            word(text).unwrap_or(Resolved::Str(text))
        }
        Some(_) => Resolved::Str(text),
    }
}

fn word(text: &str) -> Option<Resolved<'static>> {
    Some(match text {
        "~" | "null" | "Null" | "NULL" => Resolved::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Resolved::Bool(true),
        "true" | "True" | "TRUE" => Resolved::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Resolved::Bool(false),
        "false" | "False" | "FALSE" => Resolved::Bool(false),
        _ => return None,
    })
}

fn number(text: &str) -> Option<Resolved<'static>> {
    match text {
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => {
            return Some(Resolved::Float(f64::INFINITY));
        }
        "-.inf" | "-.Inf" | "-.INF" => return Some(Resolved::Float(f64::NEG_INFINITY)),
        ".nan" | ".NaN" | ".NAN" => return Some(Resolved::Float(f64::NAN)),
        _ => {}
    }
    let plain = text.replace('_', "");
    integer(&plain)
        .or_else(|| is_decimal(&plain).then(|| plain.parse().ok().map(Resolved::Float))?)
}

/// An integer with the prefixes of Go's literals: `0x`, `0o`, `0b`, and `0` for octal.
fn integer(plain: &str) -> Option<Resolved<'static>> {
    let (negative, digits) = match plain.as_bytes().first()? {
        b'-' => (true, &plain[1..]),
        b'+' => (false, &plain[1..]),
        _ => (false, plain),
    };
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    if !digits.bytes().all(|digit| digit.is_ascii_alphanumeric()) {
        return None;
    }
    let magnitude = u64::from_str_radix(digits, radix).ok()?;
    match (i64::try_from(magnitude), negative) {
        (Ok(value), false) => Some(Resolved::Int(value)),
        (Ok(value), true) => Some(Resolved::Int(-value)),
        (Err(_), false) => Some(Resolved::Unsigned(magnitude)),
        (Err(_), true) => 0_i64.checked_sub_unsigned(magnitude).map(Resolved::Int),
    }
}

/// Whether the text is a decimal number with an optional fraction and exponent.
fn is_decimal(text: &str) -> bool {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let signed = |text: &str| usize::from(text.starts_with(['+', '-']));
    let mut rest = &text[signed(text)..];
    let whole = digits(rest);
    rest = &rest[whole..];
    let mut fraction = 0;
    if let Some(after) = rest.strip_prefix('.') {
        fraction = digits(after);
        rest = &after[fraction..];
    }
    if whole == 0 && fraction == 0 {
        return false;
    }
    if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
        let exponent = &exponent[signed(exponent)..];
        return !exponent.is_empty() && digits(exponent) == exponent.len();
    }
    rest.is_empty()
}

/// A number with a fraction or an exponent as JSON has it for a key: `1.1` for `1.10`, `80` for
/// `8e1`. The digits are those that are written: to print a double takes ten kilobytes of code.
pub(super) fn spelled(value: f64, text: &str) -> String {
    let sign = if value.is_sign_negative() { "-" } else { "" };
    if value == 0.0 || !value.is_finite() {
        let word = match (value.is_nan(), value.is_infinite()) {
            (true, _) => return "NaN".to_owned(),
            (_, true) => "inf",
            (_, false) => "0",
        };
        return format!("{sign}{word}");
    }
    let plain = text.replace('_', "");
    let unsigned = plain.trim_start_matches(['+', '-']);
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = [whole, fraction].concat();
    // How many of the digits stand before the point; as the number is finite and not zero, it is
    // not much beyond them.
    let point = whole.len() as i64 + exponent.parse::<i64>().unwrap_or_default();
    let missing = |count: i64| "0".repeat(usize::try_from(count).unwrap_or_default());
    let padded = [missing(-point), digits.clone(), missing(point - digits.len() as i64)].concat();
    let (whole, fraction) = padded.split_at(usize::try_from(point).unwrap_or_default());
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    let whole = if whole.is_empty() { "0" } else { whole };
    let dot = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{whole}{dot}{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_spelled_as_their_values_are_printed() {
        for text in [
            "1.10",
            "-1.10",
            "+1.1",
            "80.0",
            "80.",
            "8e1",
            "8E+1",
            "800e-1",
            "1e-3",
            "-.5",
            "0.5",
            "089",
            "1_0.5_0",
            "1e21",
            "12.5e1",
            "12.5e-4",
            "0.0",
            "-0.0",
            "0e5",
            "1e400",
            "-1e400",
            "1e-400",
            "1e999999999999",
            ".inf",
            "-.inf",
            ".nan",
            "00.1e2",
            "5e-324",
            "1e300",
        ] {
            let Resolved::Float(value) = resolve(text) else { panic!("{text} is no number") };
            assert_eq!(spelled(value, text), value.to_string(), "{text}");
        }
    }

    #[test]
    fn plain_scalars_resolve_as_kubectl_resolves_them() {
        let check = |texts: &[&str], expected: Resolved| {
            for text in texts {
                assert_eq!(resolve(text), expected, "{text}");
            }
        };
        check(&["", "~", "null", "Null", "NULL"], Resolved::Null);
        check(&["y", "Y", "yes", "Yes", "YES", "on", "On", "ON"], Resolved::Bool(true));
        check(&["true", "True", "TRUE"], Resolved::Bool(true));
        check(&["n", "N", "no", "No", "NO", "off", "Off", "OFF"], Resolved::Bool(false));
        check(&["80", "+80", "0x50", "0X50", "0120", "0o120", "0b1010000"], Resolved::Int(80));
        check(&["1_000", "1__000_"], Resolved::Int(1000));
        check(&["0", "00", "-0"], Resolved::Int(0));
        check(&["-9223372036854775808"], Resolved::Int(i64::MIN));
        check(&["18446744073709551615"], Resolved::Unsigned(u64::MAX));
        check(&["8e1", "80.0", "80.", "+8.0e+1", "800e-1"], Resolved::Float(80.0));
        check(&["089"], Resolved::Float(89.0));
        check(&["1.10", "1.1"], Resolved::Float(1.1));
        check(&[".5", "0.5"], Resolved::Float(0.5));
        check(&[".inf", "+.INF"], Resolved::Float(f64::INFINITY));
        check(&["-.Inf"], Resolved::Float(f64::NEG_INFINITY));
        assert!(matches!(resolve(".nan"), Resolved::Float(nan) if nan.is_nan()));
        for text in [
            "2024-01-01",
            "10.0.0.0",
            "1.2.3",
            "yEs",
            "tRUE",
            "nULL",
            "1:30",
            "0x",
            "0b2",
            "-",
            "+",
            ".",
            "..",
            "1e",
            "e1",
            "inf",
            "nan",
            "_1",
            "--1",
            "0x-5",
            "+-5",
            "no way",
            "1 000",
            "é",
        ] {
            check(&[text], Resolved::Str(text));
        }
    }

    #[test]
    fn strings_are_quoted_where_they_must_be() {
        let check = |text: &str, expected: &str| assert_eq!(string(text), expected);
        check("frontend/client", "frontend/client");
        check("stock.shop", "stock.shop");
        check("a/y#2", "a/y#2");
        check("no", "\"no\"");
        check("1.10", "\"1.10\"");
        check("fd00::1", "\"fd00::1\"");
        check("a/x[Pod]", "\"a/x[Pod]\"");
        check("a, b", "\"a, b\"");
        check("", "\"\"");
        check("a\"\\\n\u{85}é", "\"a\\\"\\\\\\u000a\\u0085é\"");
    }
}
