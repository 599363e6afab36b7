//! Refuses a theme whose text could not be read, or whose watermark could be overlooked.

use super::contrast::Contrast;
use super::page::Colour;
use super::theme::Palette;
use super::theme_reader::{Reader, child};

/// A watermark paler than this would let SAMPLE or UNOFFICIAL be overlooked.
const WATERMARK: Contrast = Contrast::hundredths(115);
const WHITE: Colour = Colour(0xFF, 0xFF, 0xFF);

impl Reader {
    /// Everything that is text against everything it may stand on; every pair that fails is told.
    pub(super) fn contrasts(&mut self, palette: &Palette) {
        let inks = [("text", palette.text), ("muted", palette.muted), ("accent", palette.accent)];
        let grounds = [("the white page", WHITE), ("the tint", palette.tint), ("the watermark", palette.watermark)];
        for (key, ink) in inks {
            for (ground, behind) in grounds {
                let contrast = Contrast::between(ink, behind);
                if contrast < Contrast::TEXT {
                    let message = format!("has a contrast of {contrast} on {ground}; text needs {}", Contrast::TEXT);
                    self.note("low-contrast", &child("colours", key), message);
                }
            }
        }
        let contrast = Contrast::between(palette.watermark, WHITE);
        if contrast < WATERMARK {
            let message = format!("has a contrast of {contrast} on the white page; to be seen it needs {WATERMARK}");
            self.note("low-contrast", "colours.watermark", message);
        }
    }
}
