//! The balls that travel along the ribbons.
//!
//! They are HTML discs that `transform` keyframes move, sampled along the ribbon: the browser's
//! compositor does that alone, so that nothing of the page runs while they travel.

use std::fmt::Write;

use yew::prelude::*;

use super::session::Motion;
use super::stars::is_dense;
use crate::picture::Picture;
use crate::probe::LinkState;
use crate::scene::{BALL_POINTS, Point, Px, Ribbon};

/// A lap, in milliseconds, as the style sheet has it.
const LAP: f64 = 2000.0;

/// A blocked ball is at its break mark after this part of a lap, and gone after that one.
const BROKEN: f64 = 1.0 / 3.0;
const GONE: f64 = 0.42;

/// The golden ratio's fraction: multiples of it never fall together.
const PHASE: f64 = 0.618_034;

/// How many balls travel where the picture is crowded with ribbons. More of them tell nobody more, and
/// every one is a layer, which costs the browser time whenever the page changes: several hundred make
/// typing slow.
const SOME: usize = 24;

/// Of the ribbons that are drawn, those that a ball travels along: all of them, or an even choice that
/// stays the same whatever the verdicts are.
pub fn travelled(picture: &Picture, drawn: &[usize]) -> Vec<usize> {
    let every = picture.ribbons.len().div_ceil(SOME).max(1);
    let is_chosen = |i: &usize| !is_dense(picture) || i.is_multiple_of(every);
    drawn.iter().copied().filter(is_chosen).collect()
}

/// The balls of these ribbons, with the [`keyframes`] of them all.
pub fn balls(picture: &Picture, along: &[usize], keyframes: &AttrValue, motion: Motion) -> Html {
    let ribbon = |i: &usize| (*i, &picture.scene.ribbons[*i], picture.ribbons[*i].state);
    let ball = |(i, ribbon, state): (usize, &Ribbon, LinkState)| {
        let [from, to] = [ribbon.from, ribbon.to].map(|star| &picture.scene.stars[star]);
        let broken = (state == LinkState::Blocked).then_some("broken");
        let colour = from.colour.map(|colour| format!("colour-{colour}"));
        let phase = (LAP * (i as f64 * PHASE).fract()) as u32;
        html! {
            <i
                key={format!("{}>{}", from.id, to.id)}
                class={classes!("ball", colour, broken)}
                style={format!("animation-name:ball-{i};animation-delay:-{phase}ms")}
            />
        }
    };
    let paused = (motion == Motion::Paused).then_some("paused");
    html! {
        <div class={classes!("balls", paused)} aria-hidden="true">
            <style>{ keyframes.clone() }</style>
            { for along.iter().map(ribbon).map(ball) }
        </div>
    }
}

/// The ways of the balls of these ribbons, as a style sheet.
pub fn keyframes(picture: &Picture, along: &[usize]) -> AttrValue {
    let way = |i: &usize| way(*i, &picture.scene.ribbons[*i], picture.ribbons[*i].state);
    along.iter().map(way).collect::<String>().into()
}

fn way(index: usize, ribbon: &Ribbon, state: LinkState) -> String {
    let is_broken = state == LinkState::Blocked;
    let whole = if is_broken { BROKEN } else { 1.0 };
    let mut css = format!("@keyframes ball-{index}{{");
    let ball = ribbon.ball();
    for (i, at) in ball.into_iter().enumerate() {
        let part = 100.0 * whole * i as f64 / (BALL_POINTS - 1) as f64;
        frame(&mut css, part, at, "1", "1");
    }
    if is_broken {
        let last = ball[BALL_POINTS - 1];
        frame(&mut css, 100.0 * GONE, last, "2.4", "0");
        frame(&mut css, 100.0, last, "1", "0");
    }
    css.push('}');
    css
}

fn frame(css: &mut String, part: f64, at: Point, scale: &str, opacity: &str) {
    let Point { x, y } = at;
    // Writing to a string cannot fail.
    let _ = write!(
        css,
        "{}%{{transform:translate({}px,{}px) scale({scale});opacity:{opacity}}}",
        Px(part),
        Px(x),
        Px(y)
    );
}
