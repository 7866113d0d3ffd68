//! The fuzz target `manifest`.

#![no_main]

netpol_fuzz::target!(manifest);
