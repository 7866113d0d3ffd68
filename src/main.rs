//! Mounts the page, and nothing else.

use netpol_playground::app::App;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// Shows that the program stopped, and a way to reload: see `assets/boot.js`.
    #[wasm_bindgen(js_name = netpolFailed)]
    fn netpol_failed(message: &str);
}

fn main() {
    // Yew's own, not the standard library's: Yew would replace that one.
    yew::set_custom_panic_hook(Box::new(|panic| netpol_failed(&panic.to_string())));
    let root = gloo::utils::document().get_element_by_id("app");
    yew::Renderer::<App>::with_root(root.expect("index.html has #app")).render();
}
