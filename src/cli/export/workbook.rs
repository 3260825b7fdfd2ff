//! An export as an XLSX workbook of one sheet.
//!
//! Invariant: texts are text cells, whatever they begin with: a workbook of ours holds no formula and no link.

use std::io::Write;

use anyhow::anyhow;
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use serde_json::{Map, Value};

use super::Pages;
use crate::cli::{Done, Failure};

/// Characters that a cell holds, of the format's own limits.
const LONGEST: usize = 32_767;
/// Whole numbers that a spreadsheet keeps exactly.
const EXACT: i64 = 1 << 53;

/// Writes all pages; the sheet is put together in memory, so this is for exports that a spreadsheet can hold.
pub(super) async fn write(mut pages: Pages<'_>, mut out: impl Write) -> Done {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let mut head: Vec<String> = Vec::new();
    let mut at = 0_u32;
    while let Some(rows) = pages.next().await? {
        for row in rows {
            if head.is_empty() {
                head = row.keys().cloned().collect();
                titles(sheet, &head)?;
            }
            at += 1;
            fill(sheet, at, &head, &row)?;
        }
    }
    out.write_all(&book.save_to_buffer()?)?;
    out.flush()?;
    Ok(())
}

fn titles(sheet: &mut Worksheet, head: &[String]) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    for (column, name) in (0_u16..).zip(head) {
        sheet.write_string_with_format(0, column, name, &bold)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

fn fill(sheet: &mut Worksheet, at: u32, head: &[String], row: &Map<String, Value>) -> Result<(), Failure> {
    for (column, name) in (0_u16..).zip(head) {
        let text = match row.get(name) {
            None | Some(Value::Null) => continue,
            Some(Value::Bool(flag)) => {
                sheet.write_boolean(at, column, *flag)?;
                continue;
            }
            Some(value) => match exact(value) {
                Some(number) => {
                    sheet.write_number(at, column, number)?;
                    continue;
                }
                None => value.as_str().map_or_else(|| value.to_string(), str::to_owned),
            },
        };
        if text.chars().count() > LONGEST {
            let row = at + 1;
            return Err(
                anyhow!("row {row}, {name}: longer than a cell of a workbook; csv and json hold it").into()
            );
        }
        sheet.write_string(at, column, text).map_err(|why| match why {
            XlsxError::RowColumnLimitError => anyhow!("more rows than a sheet holds; csv and json hold them"),
            other => other.into(),
        })?;
    }
    Ok(())
}

/// A number that arrives as it is; larger ones are written as texts.
fn exact(value: &Value) -> Option<f64> {
    let number = value.as_i64().filter(|n| n.abs() <= EXACT)?;
    number.to_string().parse().ok()
}
