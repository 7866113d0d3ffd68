//! The engine against the rules: against cases worked out by hand, and against a second, naive
//! statement of the rules on whatever can be generated.

mod cases;
mod compare;
mod engine;
mod expectations;
mod explanations;
mod exposure;
mod generated;
mod naive;
mod owners;
mod overview;
mod properties;
mod reachability;
mod suggestions;
mod workshop;
