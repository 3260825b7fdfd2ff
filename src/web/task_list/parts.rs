//! The parts of a posted form with a file: `multipart/form-data` (RFC 7578), as browsers write it.
//!
//! Invariant: the body is bounded by the server before it comes here; what is not such a body is none, in no part.

/// Parts that a form of ours has at most.
const MOST: usize = 8;
/// Characters of a boundary (RFC 2046, 5.1.1).
const LONGEST: usize = 70;

/// One field.
#[derive(Debug, PartialEq, Eq)]
pub struct Part<'a> {
    /// Its name.
    pub name: String,
    /// What it holds: a text, or the bytes of a file.
    pub bytes: &'a [u8],
}

/// The parts of a body; `None` if it is no such body.
pub fn parts<'a>(content_type: &str, body: &'a [u8]) -> Option<Vec<Part<'a>>> {
    let delimiter = format!("--{}", boundary(content_type)?);
    let mut rest = body.strip_prefix(delimiter.as_bytes())?;
    let delimiter = format!("\r\n{delimiter}");
    let mut parts = Vec::new();
    while !rest.starts_with(b"--") {
        let inside = rest.strip_prefix(b"\r\n")?;
        let end = find(inside, delimiter.as_bytes())?;
        parts.push(part(&inside[..end])?);
        if parts.len() > MOST {
            return None;
        }
        rest = &inside[end + delimiter.len()..];
    }
    Some(parts)
}

fn boundary(content_type: &str) -> Option<&str> {
    let (kind, parameters) = content_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let named = parameters.split(';').filter_map(|parameter| parameter.trim().split_once('='));
    let (_, value) = named.into_iter().find(|(name, _)| name.eq_ignore_ascii_case("boundary"))?;
    let value = value.trim_matches('"');
    (1..=LONGEST).contains(&value.len()).then_some(value)
}

fn part(bytes: &[u8]) -> Option<Part<'_>> {
    let end = find(bytes, b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let line = head.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-disposition").then_some(value)
    })?;
    let (_, named) = line.split_once(" name=\"")?;
    let (name, _) = named.split_once('"')?;
    Some(Part { name: name.to_owned(), bytes: &bytes[end + 4..] })
}

fn find(bytes: &[u8], sought: &[u8]) -> Option<usize> {
    bytes.windows(sought.len()).position(|window| window == sought)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KIND: &str = "multipart/form-data; boundary=----X1";

    fn posted(file: &[u8]) -> Vec<u8> {
        let head = "------X1\r\nContent-Disposition: form-data; name=\"_submission\"\r\n\r\nabc\r\n------X1\r\n\
                    Content-Disposition: form-data; name=\"file\"; filename=\"任务.csv\"\r\nContent-Type: text/csv\r\n\r\n";
        [head.as_bytes(), file, b"\r\n------X1--\r\n"].concat()
    }

    #[test]
    fn fields_and_the_bytes_of_a_file_come_apart() {
        let body = posted(b"a,b\r\n--\r\n\0");
        let parts = parts(KIND, &body).unwrap();
        let found: Vec<_> = parts.iter().map(|part| (part.name.as_str(), part.bytes)).collect();
        assert_eq!(found, [("_submission", &b"abc"[..]), ("file", b"a,b\r\n--\r\n\0")]);
    }

    #[test]
    fn what_is_no_such_body_is_none() {
        let body = posted(b"x");
        assert_eq!(parts("application/x-www-form-urlencoded", &body), None);
        assert_eq!(parts("multipart/form-data; boundary=", &body), None);
        assert_eq!(parts("multipart/form-data; boundary=other", &body), None);
        assert_eq!(parts(KIND, &body[..body.len() - 14]), None, "cut off");
        assert_eq!(parts(KIND, b"------X1\r\nno head\r\n\r\nx\r\n------X1--"), None);
        let many = "------X1\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n".repeat(9);
        assert_eq!(parts(KIND, format!("{many}------X1--").as_bytes()), None);
    }

    proptest! {
        #[test]
        fn whatever_is_posted_nothing_breaks(body in proptest::collection::vec(any::<u8>(), 0..200), cut in 0_usize..250) {
            let mut whole = posted(&body);
            prop_assert_eq!(parts(KIND, &whole).unwrap()[1].bytes, body.as_slice());
            whole.truncate(cut);
            let _ = parts(KIND, &whole);
        }
    }
}
