//! Many workloads: which files can be turned on and off without putting everything together again.
//!
//! Those that hold policies and nothing else, as long as no two of them declare the same one: then what is on
//! does not decide which of two stands.

use std::collections::{BTreeMap, BTreeSet};

use super::crowd::Crowd;
use super::{File, Reader, model};
use crate::analysis;
use crate::assemble::assemble;
use crate::evaluate::{Model, Plugin};
use crate::fragment::Declared;
use crate::owners::By;
use crate::policy::Policy;

impl Reader {
    /// The applied files as a crowd, with the policies of the files that are not, if these are nothing else.
    pub(super) fn gather(&self) -> Crowd {
        let switches = self.switches();
        let off = self.off_of(&switches);
        let all = (!off.is_empty()).then(|| self.all_policies(&switches));
        let whole = all.as_ref().unwrap_or(&self.model);
        // Where two files declare one policy, what is on decides which of them stands.
        let of_whole = self.order.iter().filter(|(id, on)| *on || switches.contains(id));
        let objects = of_whole.filter_map(|(id, _)| self.files.get(id)).flat_map(File::objects);
        let is_policy = |object: &&Declared| {
            let is_deleted = object.namespace().is_some_and(|name| self.deleted.contains(name));
            matches!(object, Declared::Policy(_)) && !is_deleted
        };
        let is_plain = objects.filter(is_policy).count() == whole.policies.len();
        let ids: BTreeMap<&str, u32> =
            self.files.iter().map(|(id, file)| (&*file.path, *id)).collect();
        let file = |policy: &Policy| ids.get(&*policy.location.file).copied();
        let mentions = self.mentions.clone();
        match is_plain {
            true => Crowd::new(whole, switches, off, mentions, file),
            false => Crowd::new(&self.model, BTreeSet::new(), BTreeSet::new(), mentions, file),
        }
    }

    /// What the applied files come to, with the policies of these files, applied or not.
    fn all_policies(&self, files: &BTreeSet<u32>) -> Model {
        let order = self.order.iter().filter(|(id, on)| *on || files.contains(id));
        let fragments = order.filter_map(|(id, _)| self.files.get(id)).flat_map(File::fragments);
        model(analysis::group(assemble(fragments, &self.deleted), By::Workload, &Plugin::default()))
    }

    /// The files that declare policies and nothing else.
    fn switches(&self) -> BTreeSet<u32> {
        self.files.iter().filter(|(_, file)| file.is_policies()).map(|(id, _)| *id).collect()
    }

    /// Those of these files that are not applied.
    fn off_of(&self, switches: &BTreeSet<u32>) -> BTreeSet<u32> {
        let off = self.order.iter().filter(|(id, on)| !on && switches.contains(id));
        off.map(|(id, _)| *id).collect()
    }

    pub(super) fn off(&self) -> BTreeSet<u32> {
        self.crowd.as_ref().map_or_else(BTreeSet::new, |crowd| self.off_of(crowd.switches()))
    }

    /// Whether nothing is other in this order than the switches of files that are policies.
    pub(super) fn is_turned(&self, order: &[(u32, bool)]) -> bool {
        let Some(crowd) = &self.crowd else { return false };
        let is_alike = |((a, was), (b, is)): (&(u32, bool), &(u32, bool))| {
            a == b && (was == is || crowd.switches().contains(a))
        };
        self.order.len() == order.len() && self.order.iter().zip(order).all(is_alike)
    }
}
