//! Tables: as tables while the platform takes more of them, then as a paragraph for each row.
//!
//! Invariant: a row has exactly the cells of the columns; an unknown cell would make the whole card fail.

use super::limit::{Density, MOST_TABLES};
use super::shape::{Element, HeaderStyle, Table, TableColumn};
use super::{Pen, block, text};

/// Columns that the platform takes.
const MOST_COLUMNS: usize = 50;
/// Rows on one page of a table.
const PAGE: usize = 10;

/// `drawn` counts the tables of the card so far.
pub fn draw(columns: &[String], rows: &[Vec<String>], drawn: &mut usize, pen: &Pen) -> Vec<Element> {
    if columns.is_empty() || rows.is_empty() {
        return Vec::new();
    }
    if *drawn >= MOST_TABLES {
        return paragraphs(columns, rows, pen);
    }
    *drawn += 1;
    let rows = pen.few(rows, pen.fit.rows);
    let named = |at: usize| format!("c{}", at + 1);
    let heads = columns.iter().take(MOST_COLUMNS).enumerate().map(|(at, head)| TableColumn {
        name: named(at),
        display_name: text::line(head, 60),
        data_type: "text",
        width: "auto",
    });
    let heads: Vec<_> = heads.collect();
    let cells = rows.iter().map(|row| {
        let cells = row.iter().take(heads.len()).enumerate();
        cells.map(|(at, cell)| (named(at), pen.short(cell, pen.fit.longest))).collect()
    });
    vec![Element::Table(Table {
        page_size: rows.len().clamp(1, PAGE),
        row_height: "auto",
        header_style: HeaderStyle { text_align: "left", background_style: "grey", bold: true, lines: 1 },
        rows: cells.collect(),
        columns: heads,
    })]
}

/// Each row as a paragraph: one cell a line, after the head of its column. Where components are short, one for all.
fn paragraphs(columns: &[String], rows: &[Vec<String>], pen: &Pen) -> Vec<Element> {
    let row = |row: &&Vec<String>| {
        let cells = columns.iter().zip(row.iter());
        let lines: Vec<_> = cells.map(|(head, cell)| format!("{head}: {cell}")).collect();
        pen.short(&lines.join("\n"), pen.fit.longest)
    };
    let rows: Vec<_> = pen.few(rows, pen.fit.rows).iter().map(row).collect();
    match pen.fit.density {
        Density::Airy => rows.iter().map(|row| block::paragraph(row)).collect(),
        Density::Close | Density::Dense => vec![block::paragraph(&rows.join("\n\n"))],
    }
}
