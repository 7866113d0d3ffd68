//! What is a document that is no Kubernetes object?
//!
//! Other files lie among manifests: they are named, and left alone. Whether that is a mistake depends on
//! how a document was come by, which is for others to say.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, Location, Severity};

/// A document that is no Kubernetes object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stray {
    /// Where it is; of a template, where its first action is.
    pub location: Location,
    /// What it is.
    pub what: Kind,
}

/// What a document is that is no object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// Something without `apiVersion` and `kind`.
    Unknown,
    /// A template of manifests, such as those of Helm: no YAML before it is rendered.
    Template,
    /// A `kustomization.yaml` without `kind`.
    Kustomization,
    /// The `values.yaml` of a Helm chart.
    HelmValues,
    /// The `Chart.yaml` of a Helm chart.
    HelmChart,
}

impl Kind {
    /// What a file without `kind` is, by its name.
    pub fn of_file(path: &str) -> Kind {
        let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
        match name.split(['.', '-']).next().unwrap_or_default() {
            "kustomization" | "Kustomization" => Kind::Kustomization,
            "values" => Kind::HelmValues,
            "Chart" => Kind::HelmChart,
            _ => Kind::Unknown,
        }
    }
}

impl fmt::Display for Kind {
    /// What it is, and what to do about it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Unknown => "the document has no `apiVersion` and no `kind`",
            Kind::Template => "a template, which has to be rendered first, as with `helm template`",
            Kind::Kustomization => {
                "a kustomization, which has to be built first, with `kubectl kustomize`"
            }
            Kind::HelmValues => {
                "values of a Helm chart, which `helm template` makes manifests with"
            }
            Kind::HelmChart => "a Helm chart, of which `helm template` makes manifests",
        })
    }
}

impl Stray {
    /// What is said of it: a warning where it was not asked for, as in a folder with other files, and
    /// else an error.
    pub fn diagnostic(&self, severity: Severity) -> Diagnostic {
        let message = format!("not a Kubernetes object: {}", self.what);
        Diagnostic { location: self.location.clone(), severity, message }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_their_names() {
        let check = |path, expected| assert_eq!(Kind::of_file(path), expected, "{path}");
        check("base/kustomization.yaml", Kind::Kustomization);
        check("values.yaml", Kind::HelmValues);
        check("chart/values-prod.yaml", Kind::HelmValues);
        check("chart/Chart.yaml", Kind::HelmChart);
        check("values/app.yaml", Kind::Unknown);
        check("valuesettings.yaml", Kind::Unknown);
    }
}
