//! Colours and styles of what a terminal shows: the "select graphic rendition" sequences of ECMA-48, as xterm reads them.

use serde::{Deserialize, Serialize};

/// A colour that a program asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Color {
    /// A place in the palette of 256: 0–7 the plain colours, 8–15 the bright ones, then a cube of 6×6×6 and 24 greys.
    Indexed(u8),
    /// Red, green, blue.
    Rgb(u8, u8, u8),
}

/// How a character is drawn. The default is the terminal's own ink on its own ground.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ink {
    /// Colour of the character; the terminal's own if none.
    pub fore: Option<Color>,
    /// Colour behind it; the terminal's own if none.
    pub back: Option<Color>,
    /// Heavier.
    pub bold: bool,
    /// Fainter.
    pub dim: bool,
    /// Slanted.
    pub italic: bool,
    /// With a line below.
    pub underline: bool,
    /// Both colours change places.
    pub inverse: bool,
}

impl Ink {
    /// Obeys the parameters of one sequence, such as `1;31` or `38;5;208`. Unknown ones change nothing.
    pub(super) fn select(&mut self, parameters: &str) {
        let mut codes =
            parameters.split([';', ':']).map(|c| if c.is_empty() { Some(0) } else { c.parse::<u16>().ok() });
        while let Some(code) = codes.next() {
            match code {
                Some(0) => *self = Ink::default(),
                Some(1) => self.bold = true,
                Some(2) => self.dim = true,
                Some(3) => self.italic = true,
                Some(4) => self.underline = true,
                Some(7) => self.inverse = true,
                Some(22) => (self.bold, self.dim) = (false, false),
                Some(23) => self.italic = false,
                Some(24) => self.underline = false,
                Some(27) => self.inverse = false,
                Some(n @ 30..=37) => self.fore = plain(n - 30),
                Some(38) => self.fore = extended(&mut codes).or(self.fore),
                Some(39) => self.fore = None,
                Some(n @ 40..=47) => self.back = plain(n - 40),
                Some(48) => self.back = extended(&mut codes).or(self.back),
                Some(49) => self.back = None,
                Some(n @ 90..=97) => self.fore = plain(n - 90 + 8),
                Some(n @ 100..=107) => self.back = plain(n - 100 + 8),
                _ => {}
            }
        }
    }
}

fn plain(n: u16) -> Option<Color> {
    u8::try_from(n).ok().map(Color::Indexed)
}

/// `5;N` or `2;R;G;B` after 38 or 48.
fn extended(codes: &mut impl Iterator<Item = Option<u16>>) -> Option<Color> {
    let byte = |codes: &mut dyn Iterator<Item = Option<u16>>| u8::try_from(codes.next()??).ok();
    match codes.next()?? {
        5 => byte(codes).map(Color::Indexed),
        2 => Some(Color::Rgb(byte(codes)?, byte(codes)?, byte(codes)?)),
        _ => None,
    }
}
