//! Light or dark: by the system, or by hand.

use gloo::utils::document_element;

/// What the colours follow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// The system's setting.
    #[default]
    System,
    /// Light, whatever the system says.
    Light,
    /// Dark, whatever the system says.
    Dark,
}

/// Where the choice is kept. `assets/boot.js` reads it before the first paint.
const KEY: &str = "netpol.theme";

impl Theme {
    fn word(self) -> Option<&'static str> {
        match self {
            Theme::System => None,
            Theme::Light => Some("light"),
            Theme::Dark => Some("dark"),
        }
    }

    /// The theme that the page wears now, as chosen earlier.
    pub fn worn() -> Theme {
        match document_element().get_attribute("data-theme").as_deref() {
            Some("light") => Theme::Light,
            Some("dark") => Theme::Dark,
            _ => Theme::System,
        }
    }

    /// Wears the theme, and keeps it for the next time where storage is allowed.
    pub fn wear(self) {
        let storage = super::kept::storage();
        // Nothing is lost when the attribute or the storage cannot be written but the choice itself.
        let _ = match self.word() {
            Some(word) => document_element().set_attribute("data-theme", word),
            None => document_element().remove_attribute("data-theme"),
        };
        if let Some(storage) = storage {
            let _ = match self.word() {
                Some(word) => storage.set_item(KEY, word),
                None => storage.remove_item(KEY),
            };
        }
    }

    /// The next choice of the button: system, light, dark, and around again.
    pub fn next(self) -> Theme {
        match self {
            Theme::System => Theme::Light,
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::System,
        }
    }

    /// The choice in words.
    pub fn label(self) -> &'static str {
        match self {
            Theme::System => "Theme: system",
            Theme::Light => "Theme: light",
            Theme::Dark => "Theme: dark",
        }
    }
}
