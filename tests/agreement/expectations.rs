//! What is written of a state is met by it and by nothing else, and the naive rules say so too.

use netpol_playground::expect::{Expected, Standing};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::engine::Engine;
use crate::generated::{Naming, PORTS, draft};
use crate::naive::World;
use crate::properties::{config, settings};

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_is_written_is_met_and_one_that_is_flipped_is_missed(
        draft in draft(), settings in settings(), flipped in any::<Index>(),
    ) {
        let text = draft.text(Naming("a"));
        let engine = Engine::read(&text, &settings);
        let mut expectations = engine.expectations();
        prop_assume!(!expectations.is_empty());
        for expectation in &expectations {
            prop_assert_eq!(engine.judge(expectation), Standing::Met, "{}\n{}", expectation, text);
        }
        let flipped = flipped.index(expectations.len());
        let verdict = &mut expectations[flipped].verdict;
        *verdict = match verdict {
            Expected::Open => Expected::Blocked,
            Expected::Blocked => Expected::Open,
        };
        for (i, expectation) in expectations.iter().enumerate() {
            let expected = if i == flipped { Standing::Missed } else { Standing::Met };
            prop_assert_eq!(engine.judge(expectation), expected, "{}\n{}", expectation, text);
        }
    }

    #[test]
    fn what_is_written_is_what_the_naive_rules_say(draft in draft(), settings in settings()) {
        let text = draft.text(Naming("a"));
        let world = World::read(&text, settings.clone());
        for expectation in Engine::read(&text, &settings).expectations() {
            let ask = |port: &str| world.ask(&expectation.from, &expectation.to, port).words;
            match expectation.port {
                Some(port) => {
                    let words = ask(&port.to_string());
                    let is_met = match expectation.verdict {
                        Expected::Open => words == "open",
                        Expected::Blocked => words == "blocked" || words == "not resolved",
                    };
                    prop_assert!(is_met, "{}: {}\n{}", expectation, words, text);
                }
                // Of all ports these are asked for: more than nothing passes when one of them does.
                None => {
                    let passes = PORTS.iter().any(|port| ask(&format!("{port}/TCP")) == "open");
                    prop_assert!(
                        !passes || expectation.verdict == Expected::Open,
                        "{}\n{}", expectation, text
                    );
                }
            }
        }
    }
}
