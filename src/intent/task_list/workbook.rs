//! The first sheet of an XLSX workbook, cell by cell.
//!
//! Invariant: read as a stream and only as far as a task list goes: a cell far out or a sheet of a million rows costs
//! nothing, and what unpacks to more than a workbook of tasks ever is, is not unpacked.

use std::io::Cursor;

use calamine::{DataRef, Reader, Xlsx};

use super::{Cell, MOST_COLUMNS};

/// Bytes, unpacked.
const MOST_UNPACKED: u64 = 64 << 20;

const UNSOUND: &str = "unsound";

/// The cells of no more than `most` rows that say something; the mistake when it is no sound workbook.
pub(super) fn cells(bytes: &[u8], most: usize) -> Result<Vec<Cell>, &'static str> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| UNSOUND)?;
    let mut unpacked = 0_u64;
    for part in 0..archive.len() {
        let size = archive.by_index_raw(part).map_err(|_| UNSOUND)?.size();
        unpacked = unpacked.saturating_add(size);
    }
    if unpacked > MOST_UNPACKED {
        return Err("unpacks");
    }
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| UNSOUND)?;
    let name = book.sheet_names().into_iter().next().ok_or(UNSOUND)?;
    let mut reader = book.worksheet_cells_reader(&name).map_err(|_| UNSOUND)?;
    let (mut cells, mut rows, mut last): (Vec<Cell>, usize, usize) = (Vec::new(), 0, 0);
    while let Some(found) = reader.next_cell_with_formula().map_err(|_| UNSOUND)? {
        let (row, column) = (usize::try_from(found.pos.0), usize::try_from(found.pos.1));
        let (Ok(row), Ok(column)) = (row.map(|row| row + 1), column) else { continue };
        let text = match found.formula {
            Some(_) => None,
            None => Some(words(&found.value).trim().to_owned()),
        };
        if text.as_ref().is_some_and(String::is_empty) || column >= MOST_COLUMNS {
            continue;
        }
        rows += usize::from(row != last);
        last = row;
        if rows > most {
            break;
        }
        cells.push(Cell { row, column, text });
    }
    Ok(cells)
}

/// A value as people would type it.
fn words(value: &DataRef<'_>) -> String {
    match value {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(flag) => if *flag { "yes" } else { "no" }.to_owned(),
        DataRef::DateTime(day) => {
            let (year, month, date, ..) = day.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{date:02}")
        }
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}
