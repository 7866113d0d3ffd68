//! The balls that travel along the ribbons.
//!
//! They are HTML discs that `transform` keyframes move, sampled along the ribbon: the browser's
//! compositor does that alone, so that nothing of the page runs while they travel.

use std::fmt::Write;
use std::rc::Rc;

use yew::prelude::*;

use super::session::Motion;
use crate::picture::Picture;
use crate::probe::LinkState;
use crate::scene::{BALL_POINTS, Point, Ribbon};

#[derive(PartialEq, Properties)]
pub struct Props {
    pub picture: Rc<Picture>,
    /// The ribbons that are drawn.
    pub drawn: Rc<Vec<usize>>,
    pub motion: Motion,
}

/// A lap, in seconds.
const LAP: f64 = 2.0;

/// A blocked ball is at its break mark after this part of a lap, and gone after that one.
const BROKEN: f64 = 1.0 / 3.0;
const GONE: f64 = 0.42;

/// The golden ratio's fraction: multiples of it never fall together.
const PHASE: f64 = 0.618_034;

#[component]
pub fn Balls(props: &Props) -> Html {
    let Props { picture, drawn, motion } = props;
    let ribbon = |i: &usize| (*i, &picture.scene.ribbons[*i], picture.ribbons[*i].state);
    let keyframes: String =
        drawn.iter().map(ribbon).map(|(i, ribbon, state)| keyframes(i, ribbon, state)).collect();
    let ball = |(i, ribbon, state): (usize, &Ribbon, LinkState)| {
        let [from, to] = [ribbon.from, ribbon.to].map(|star| &picture.scene.stars[star]);
        let broken = (state == LinkState::Blocked).then_some("broken");
        let colour = from.colour.map(|colour| format!("colour-{colour}"));
        let phase = -LAP * (i as f64 * PHASE).fract();
        html! {
            <i
                key={format!("{}>{}", from.id, to.id)}
                class={classes!("ball", colour, broken)}
                style={format!("animation-name:ball-{i};animation-delay:{phase:.2}s")}
            />
        }
    };
    let paused = (*motion == Motion::Paused).then_some("paused");
    html! {
        <div class={classes!("balls", paused)} aria-hidden="true">
            <style>{ keyframes }</style>
            { for drawn.iter().map(ribbon).map(ball) }
        </div>
    }
}

fn keyframes(index: usize, ribbon: &Ribbon, state: LinkState) -> String {
    let is_broken = state == LinkState::Blocked;
    let whole = if is_broken { BROKEN } else { 1.0 };
    let mut css = format!("@keyframes ball-{index}{{");
    for (i, at) in ribbon.ball.iter().enumerate() {
        let part = 100.0 * whole * i as f64 / (BALL_POINTS - 1) as f64;
        frame(&mut css, part, *at, 1.0, 1.0);
    }
    if is_broken {
        let last = ribbon.ball[BALL_POINTS - 1];
        frame(&mut css, 100.0 * GONE, last, 2.4, 0.0);
        frame(&mut css, 100.0, last, 1.0, 0.0);
    }
    css.push('}');
    css
}

fn frame(css: &mut String, part: f64, at: Point, scale: f64, opacity: f64) {
    let Point { x, y } = at;
    // Writing to a string cannot fail.
    let _ = write!(
        css,
        "{part:.1}%{{transform:translate({x:.1}px,{y:.1}px) scale({scale});opacity:{opacity}}}"
    );
}
