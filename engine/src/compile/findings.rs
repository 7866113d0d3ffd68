//! What is found wrong with one object, and where.

use crate::diagnostic::{Diagnostic, Location, Severity};
use crate::manifest::{Object, Path};

/// Collects what there is to say about an object. One error, and the object is refused.
pub(super) struct Findings<'o> {
    object: &'o Object,
    diagnostics: Vec<Diagnostic>,
}

impl<'o> Findings<'o> {
    pub fn new(object: &'o Object) -> Self {
        Findings { object, diagnostics: Vec::new() }
    }

    /// The object cannot be taken, because of the value at a path.
    pub fn refuse(&mut self, path: &Path, message: String) {
        self.add(self.object.locate(path), Severity::Error, message);
    }

    /// The object cannot be taken, because of the last key of a path.
    pub fn refuse_key(&mut self, path: &Path, message: String) {
        self.add(self.object.locate_key(path), Severity::Error, message);
    }

    /// The value at a path deserves a look.
    pub fn warn(&mut self, path: &Path, message: String) {
        self.add(self.object.locate(path), Severity::Warning, message);
    }

    /// Where the value at a path is.
    pub fn locate(&self, path: &Path) -> Location {
        self.object.locate(path)
    }

    fn add(&mut self, location: Location, severity: Severity, message: String) {
        self.diagnostics.push(Diagnostic { location, severity, message });
    }

    /// Hands over what was found, and keeps what was made of the object if it is not refused.
    pub fn settle<T>(self, made: T, diagnostics: &mut Vec<Diagnostic>) -> Option<T> {
        let refused = self.diagnostics.iter().any(|d| d.severity == Severity::Error);
        diagnostics.extend(self.diagnostics);
        (!refused).then_some(made)
    }
}
