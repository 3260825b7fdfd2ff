//! The task list of a request as a sheet to take away: XLSX, or CSV with the mark that spreadsheets need for Chinese.
//!
//! Invariant: a text is a text, whatever it begins with: no sheet of ours holds a formula.

use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use rust_xlsxwriter::{Format, Workbook, XlsxError};

use super::super::Web;
use super::super::board::{page, put_off, reader};
use crate::app::Trouble;
use crate::domain::RequestId;
use crate::intent::task_list::marked;

/// What stands behind the `?` of an address that asks for the heads alone, to be filled in.
const BLANK: &str = "blank";

/// `GET /requests/{no}/tasks.xlsx`
pub async fn xlsx(
    web: State<Web>,
    number: Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    const KIND: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let write = if query.as_deref() == Some(BLANK) { blank } else { workbook };
    taken(&web, &number, (&headers, "xlsx", KIND), write).await
}

/// `GET /requests/{no}/tasks.csv`
pub async fn csv(web: State<Web>, number: Path<String>, headers: HeaderMap) -> Response {
    taken(&web, &number, (&headers, "csv", "text/csv; charset=utf-8"), table).await
}

type Written = Result<Vec<u8>, String>;

async fn taken(
    web: &Web,
    number: &str,
    (headers, ending, kind): (&HeaderMap, &str, &'static str),
    write: fn(&[Vec<String>]) -> Written,
) -> Response {
    let reader = match reader(web, headers, &format!("/requests/{number}")).await {
        Ok(reader) => reader,
        Err(closed) => return *closed,
    };
    let rows = match web.engine.list_sheet(&reader, &RequestId::new(number)).await {
        Ok(Some(rows)) => rows,
        Ok(None) => return page::not_found(&reader),
        Err(trouble) => return put_off(reader.lang, &trouble),
    };
    match write(&rows) {
        Ok(bytes) => {
            let name: String = number.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
            let attachment = format!("attachment; filename=\"{name}-tasks.{ending}\"");
            let attachment = HeaderValue::from_str(&attachment);
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
                (header::CONTENT_DISPOSITION, attachment.unwrap_or(HeaderValue::from_static("attachment"))),
                (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            ];
            (headers, bytes).into_response()
        }
        Err(why) => put_off(reader.lang, &Trouble::broken(why)),
    }
}

fn table(rows: &[Vec<String>]) -> Written {
    let mut table = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        table.write_record(row.iter().map(|text| marked(text))).map_err(|why| why.to_string())?;
    }
    let written = table.into_inner().map_err(|why| why.to_string())?;
    Ok(["\u{feff}".as_bytes(), &written].concat())
}

fn blank(rows: &[Vec<String>]) -> Written {
    workbook(rows.get(..1).unwrap_or_default())
}

fn workbook(rows: &[Vec<String>]) -> Written {
    filled(rows).map_err(|why| why.to_string())
}

fn filled(rows: &[Vec<String>]) -> Result<Vec<u8>, XlsxError> {
    let (mut book, bold) = (Workbook::new(), Format::new().set_bold());
    let sheet = book.add_worksheet();
    for (row, texts) in (0..).zip(rows) {
        for (column, text) in (0..).zip(texts) {
            match row {
                0 => sheet.write_string_with_format(row, column, text, &bold)?,
                _ => sheet.write_string(row, column, text)?,
            };
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.autofit();
    book.save_to_buffer()
}
