//! Where in an object a value is: `spec.ingress[0].ports[1].endPort`.
//!
//! A path is a chain of borrowed steps, built on the stack while an object is walked, so that
//! walking costs nothing until there is something to complain about.

use std::fmt;

/// A place in an object, in the API's own names.
#[derive(Clone, Copy, Debug)]
pub struct Path<'p> {
    parent: Option<&'p Path<'p>>,
    step: Step<'p>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Step<'p> {
    Root,
    Key(&'p str),
    Index(usize),
}

impl<'p> Path<'p> {
    /// The object itself.
    pub const ROOT: Path<'static> = Path { parent: None, step: Step::Root };

    /// The value of a field or key of this one.
    pub const fn key<'c>(&'c self, key: &'c str) -> Path<'c>
    where
        'p: 'c,
    {
        Path { parent: Some(self), step: Step::Key(key) }
    }

    /// An item of this list, counted from 0.
    pub const fn index<'c>(&'c self, index: usize) -> Path<'c>
    where
        'p: 'c,
    {
        Path { parent: Some(self), step: Step::Index(index) }
    }

    /// The list or map that the value is in; none of the object itself.
    pub fn parent(&self) -> Option<&'p Path<'p>> {
        self.parent
    }

    pub(super) fn step(&self) -> Step<'p> {
        self.step
    }

    /// Whether this is the object itself.
    pub fn is_root(&self) -> bool {
        self.parent.is_none()
    }
}

impl fmt::Display for Path<'_> {
    /// As the API server writes it; a key with a dot in it stands in brackets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
        }
        match self.step {
            Step::Root => Ok(()),
            Step::Index(index) => write!(f, "[{index}]"),
            Step::Key(key) if key.contains('.') => write!(f, "[{key}]"),
            Step::Key(key) if self.parent.is_none_or(Path::is_root) => f.write_str(key),
            Step::Key(key) => write!(f, ".{key}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_read_as_the_api_server_writes_them() {
        let spec = Path::ROOT.key("spec");
        let ports = spec.key("ports");
        assert_eq!(ports.index(1).key("endPort").to_string(), "spec.ports[1].endPort");
        let labels = Path::ROOT.key("labels");
        assert_eq!(labels.key("example.com/app").to_string(), "labels[example.com/app]");
        assert_eq!(Path::ROOT.to_string(), "");
    }
}
