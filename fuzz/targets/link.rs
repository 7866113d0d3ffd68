//! The fuzz target `link`.

#![no_main]

netpol_fuzz::target!(link);
