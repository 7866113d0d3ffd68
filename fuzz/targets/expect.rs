//! The fuzz target `expect`.

#![no_main]

netpol_fuzz::target!(expect);
