//! `netpol expect`: what passes now, as expectations.

use std::io::Write;

use super::Failure;
use super::args::Expect;
use super::load::{Loaded, load};
use crate::expect;

/// Writes the expectations.
pub(super) fn run(args: &Expect, out: &mut impl Write) -> Result<(), Failure> {
    let Loaded { model, .. } = load(&args.input, args.by.into())?;
    let text = expect::of(&model, None);
    Ok(out.write_all(text.as_bytes())?)
}
