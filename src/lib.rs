//! The fronts of [`netpol_engine`]: the page and the command `netpol`.
//!
//! ```text
//!  the engine  Analysis     all that is known about some texts
//!    ├─ presets             what there is to play with, read when the program is built
//!    └─ picture ─ scene     stars and ribbons: geometry, no pixels, no time
//!    ▼
//!  the page    app          the command `netpol`: cli
//! ```
//!
//! # Modules, in reading order
//!
//! | module | question |
//! |---|---|
//! | all of [`netpol_engine`] | what do policies do, and why? |
//! | [`presets`] | which scenarios and tours are there? |
//! | [`scene`], [`picture`] | where are the stars and ribbons? what do they stand for? |
//! | [`project`] | what does a link or a project file hold? |
//! | [`address`] | what does an address say? |
//! | [`message`], `reader` | what do the page and its worker say? what do own manifests hold? |
//! | `app`, `cli` | the page and the command, each behind the feature of its name |

pub use netpol_engine::*;

pub mod presets;
pub mod scene;
pub mod picture;
pub mod project;
pub mod address;
pub mod message;
#[cfg(any(feature = "reader", test))]
pub mod reader;
#[cfg(feature = "app")]
pub mod app;
#[cfg(feature = "cli")]
pub mod cli;
