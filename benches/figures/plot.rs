//! Pictures of figures, for docs/scale.md.

use std::path::Path;

use plotters::prelude::*;

/// One line.
pub struct Series {
    pub name: &'static str,
    pub points: Vec<(f64, f64)>,
}

const SIZE: (u32, u32) = (720, 400);
const COLOURS: [RGBColor; 3] = [RGBColor(31, 94, 168), RGBColor(194, 84, 10), RGBColor(96, 96, 96)];

/// Writes `docs/images/scale-{name}.svg`; `axes` are what stands below and beside.
pub fn lines(name: &str, axes: (&str, &str), series: &[Series]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/images");
    let file = folder.join(format!("scale-{name}.svg"));
    let all = || series.iter().flat_map(|s| &s.points);
    let (left, right) = all().fold((f64::MAX, f64::MIN), |(a, b), (x, _)| (a.min(*x), b.max(*x)));
    let top = all().fold(0.0_f64, |top, (_, y)| top.max(*y)) * 1.15;
    let area = SVGBackend::new(&file, SIZE).into_drawing_area();
    area.fill(&WHITE).unwrap();
    let mut chart = ChartBuilder::on(&area)
        .margin(16)
        .x_label_area_size(44)
        .y_label_area_size(64)
        .build_cartesian_2d(left..right, 0.0..top)
        .unwrap();
    chart.configure_mesh().x_desc(axes.0).y_desc(axes.1).light_line_style(TRANSPARENT).draw().unwrap();
    for (series, colour) in series.iter().zip(COLOURS) {
        let line = LineSeries::new(series.points.iter().copied(), colour.stroke_width(2)).point_size(3);
        let drawn = chart.draw_series(line).unwrap().label(series.name);
        drawn.legend(move |(x, y)| PathElement::new([(x, y), (x + 16, y)], colour.stroke_width(2)));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE)
        .border_style(BLACK.mix(0.2))
        .draw()
        .unwrap();
    area.present().unwrap();
}
