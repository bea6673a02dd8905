use maud::{Markup, html};

/// A bar of a chart over time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// What it stands for, for who points at it.
    pub name: String,
    /// How much.
    pub many: u64,
}

/// A place on the map of tiles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    /// The region's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How much.
    pub many: u64,
    /// Where it leads.
    pub link: String,
}

/// Height of a bar chart in its own units; a bar is 10 wide.
const HIGH: u64 = 100;

/// A column for each, the highest as high as `top`. It is stretched to the width that there is, so that it holds no text: what the axes say
/// stands beside it.
pub fn bars(bars: &[Bar], top: u64, title: &str) -> Markup {
    let top = top.max(1);
    // What is not nothing is seen.
    let height = |many: u64| if many == 0 { 0 } else { (many * HIGH).div_ceil(top).clamp(3, HIGH) };
    html! {
        svg .bars viewBox={ "0 0 " (bars.len().max(1) * 10) " " (HIGH) } preserveAspectRatio="none" role="img" aria-label=(title) {
            @for (at, bar) in bars.iter().enumerate() {
                @if bar.many > 0 {
                    rect x=(at * 10 + 1) y=(HIGH - height(bar.many)) width="8" height=(height(bar.many)) {
                        title { (bar.name) ": " (bar.many) }
                    }
                }
            }
        }
    }
}

/// A part of a whole as a line, for a table's row: the number stands beside it.
pub fn share(many: u64, top: u64) -> Markup {
    html! {
        svg .share viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" {
            rect .ground width="100" height="4" {}
            rect width=(many * 100 / top.max(1)) height="4" {}
        }
    }
}

/// Where the kabupaten and kota lie to each other, as tiles: column and row. North is above.
const PLACES: [(&str, u32, u32); 10] = [
    ("mahakam-ulu", 0, 0),
    ("berau", 2, 0),
    ("kutai-barat", 0, 1),
    ("kutai-kartanegara", 1, 1),
    ("kutai-timur", 2, 1),
    ("samarinda", 1, 2),
    ("bontang", 2, 2),
    ("paser", 0, 3),
    ("penajam-paser-utara", 1, 3),
    ("balikpapan", 2, 3),
];
/// A tile's size and the gap between two.
const WIDTH: u32 = 108;
const HEIGHT: u32 = 66;
const GAP: u32 = 4;
/// Shades that a tile may have.
const SHADES: u64 = 4;

/// The kabupaten and kota as a map of tiles, darker where there is more; each has its number and leads to its channel. Regions that the
/// operator added have no place on it.
pub fn tiles(tiles: &[Tile], title: &str) -> Markup {
    let top = tiles.iter().map(|tile| tile.many).max().unwrap_or(0).max(1);
    let shade = |many: u64| if many == 0 { 0 } else { (many * SHADES).div_ceil(top) };
    let placed = PLACES.iter().filter_map(|(id, column, row)| {
        let tile = tiles.iter().find(|tile| tile.id == *id)?;
        Some((tile, column * (WIDTH + GAP), row * (HEIGHT + GAP)))
    });
    html! {
        svg .tiles viewBox={ "0 0 " (3 * (WIDTH + GAP) - GAP) " " (4 * (HEIGHT + GAP) - GAP) } role="group" aria-label=(title) {
            @for (tile, x, y) in placed {
                @let lines = lines(&tile.name);
                a href=(tile.link) aria-label={ (tile.name) ": " (tile.many) } .{ "shade" (shade(tile.many)) } {
                    rect x=(x) y=(y) width=(WIDTH) height=(HEIGHT) rx="6" {}
                    @for (at, line) in lines.iter().enumerate() {
                        text x=(x + WIDTH / 2) y=(y + 18 + 14 * u32::try_from(at).unwrap_or(0)) { (line) }
                    }
                    text .many x=(x + WIDTH / 2) y=(y + HEIGHT - 10) { (tile.many) }
                }
            }
        }
    }
}

/// A name in two lines where it is long.
fn lines(name: &str) -> Vec<&str> {
    match name.split_once(' ').filter(|_| name.chars().count() > 13) {
        Some((first, rest)) => vec![first, rest],
        None => vec![name],
    }
}
