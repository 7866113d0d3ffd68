//! Expectations against the files that lie open.

use crate::compile::Defaults;
use crate::evaluate::Model;
use crate::expect::{self, Expectation, Reading};
use crate::manifest::Source;
use crate::message::Checked;

/// What the text is called where it is spoken of: the page knows which one it has sent.
const NAME: &str = "expectations";

/// Judges the expectations of a text.
pub(super) fn check(model: &Model, text: String) -> Checked {
    let Reading { expectations, diagnostics } = expect::read(&Source::new(NAME, text));
    let namespace = Defaults::default().namespace;
    let judged = |expectation: Expectation| {
        let judgement = expect::judge(model, &expectation, &namespace);
        (expectation, judgement)
    };
    Checked { items: expectations.into_iter().map(judged).collect(), diagnostics }
}

/// The most workloads of which every call is written: the worker answers one question at a time.
const MOST_WRITTEN: usize = 200;

/// The text of a file of expectations that are all met.
///
/// # Errors
///
/// A sentence, when there are too many.
pub(super) fn written(model: &Model) -> Result<String, String> {
    match model.cluster.workloads.len() {
        0..=MOST_WRITTEN => Ok(expect::of(model, None)),
        many => Err(format!(
            "there are {many} workloads, too many to write what is expected of every call: \
             {MOST_WRITTEN} at most"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Reader;
    use super::*;
    use crate::expect::Standing;
    use crate::message::{Answer, Ask, Files, Tell, Text, decode, encode};

    const SHOP: &str = "
{kind: Pod, apiVersion: v1, metadata: {name: till, namespace: shop}}
---
{kind: Pod, apiVersion: v1, metadata: {name: stock, namespace: shop, labels: {app: stock}}}
---
kind: NetworkPolicy
apiVersion: networking.k8s.io/v1
metadata: {name: shut, namespace: shop}
spec: {podSelector: {matchLabels: {app: stock}}}
";

    /// Asks as the page does, by way of bytes.
    fn ask(reader: &mut Reader, ask: Ask) -> Tell {
        let asked = decode(&encode(&ask, 0)).unwrap();
        decode(&encode(&reader.answer(asked), 0)).unwrap()
    }

    fn read(reader: &mut Reader, files: &[(&str, &str)]) -> Answer {
        let texts = (1..).zip(files).map(|(id, (path, text))| Text {
            id,
            path: (*path).to_owned(),
            text: (*text).into(),
        });
        let changed: Vec<_> = texts.collect();
        let order = changed.iter().map(|text| (text.id, true)).collect();
        match ask(reader, Ask::Read(Files { changed, order, ..Files::default() })) {
            Tell::Read(answer) => *answer,
            other => panic!("{other:?}"),
        }
    }

    fn checked(reader: &mut Reader, text: &str) -> Checked {
        match ask(reader, Ask::Check(text.to_owned())) {
            Tell::Checked(checked) => checked,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn expectations_are_judged_by_the_files_that_lie_open() {
        let mut reader = Reader::default();
        read(&mut reader, &[("shop.yaml", SHOP)]);
        let text = "expect:\n\
                    - {from: shop/till, to: shop/stock, port: 80, verdict: open}\n\
                    - {from: shop/stock, to: shop/till, verdict: open}\n\
                    - {from: shop/stock, to: shop/tlil, verdict: open}\n\
                    - {from: shop/stock, verdict: open}\n";
        let Checked { items, diagnostics } = checked(&mut reader, text);
        let places = items.iter().map(|(expectation, _)| expectation.location.to_string());
        assert!(places.eq(["expectations:2:3", "expectations:3:3", "expectations:4:3"]));
        let judged: Vec<_> =
            items.iter().map(|(_, found)| (found.standing, found.sentence.as_str())).collect();
        assert_eq!(
            judged,
            [
                (
                    Standing::Missed,
                    "blocked at stock: its ingress is isolated by shut, and no rule admits till"
                ),
                (Standing::Met, "open: nothing isolates stock's egress or till's ingress"),
                (
                    Standing::Failed,
                    "no workload of the input is called `shop/tlil`; there is shop/stock[Pod], \
                     shop/till[Pod]"
                ),
            ]
        );
        let [wrong] = &diagnostics[..] else { panic!("{diagnostics:?}") };
        assert_eq!((wrong.location.line, wrong.location.column), (5, 3));
        // What lies open counts, not what lay open before.
        read(&mut reader, &[("shop.yaml", SHOP.split("---\nkind").next().unwrap())]);
        let standings = checked(&mut reader, text).items;
        assert_eq!(standings[0].1.standing, Standing::Met);
    }

    #[test]
    fn what_is_written_is_met() {
        let mut reader = Reader::default();
        read(&mut reader, &[("shop.yaml", SHOP)]);
        let Tell::Expected(Ok(text)) = ask(&mut reader, Ask::Expect) else { panic!("no text") };
        let list = "expect:\n  \
                    - {from: shop/stock, to: shop/till, verdict: open}\n  \
                    - {from: shop/till, to: shop/stock, verdict: blocked}\n";
        assert!(text.ends_with(list), "{text}");
        let Checked { items, diagnostics } = checked(&mut reader, &text);
        assert_eq!((items.len(), diagnostics.len()), (2, 0));
        assert!(items.iter().all(|(_, found)| found.standing == Standing::Met));
    }

    #[test]
    fn of_too_many_workloads_nothing_is_written() {
        let mut reader = Reader::default();
        let pod = |n: usize| format!("{{kind: Pod, apiVersion: v1, metadata: {{name: p{n}}}}}\n");
        let pods: Vec<String> = (0..MOST_WRITTEN).map(pod).collect();
        read(&mut reader, &[("pods.yaml", &pods.join("---\n"))]);
        // The cluster DNS is one more.
        let Tell::Expected(Err(why)) = ask(&mut reader, Ask::Expect) else { panic!("a text") };
        assert!(why.starts_with("there are 201 workloads"), "{why}");
    }

    #[test]
    fn a_file_of_expectations_is_known_and_in_order() {
        let mut reader = Reader::default();
        let expect = "# as it was\nexpect: []\n";
        let both = format!("{SHOP}---\n{expect}");
        let answer = read(
            &mut reader,
            &[("shop.yaml", &both), ("expect.yaml", expect), ("settings.yaml", "expect: []\na: 1")],
        );
        let told = answer.said.expect("few files are told of at once");
        assert_eq!(told.expectations, [2]);
        let said: Vec<_> = told.diagnostics.iter().map(ToString::to_string).collect();
        let note = "info: expectations are checked, not applied: the document is passed over";
        assert_eq!(
            said,
            [
                format!("shop.yaml:12:1: {note}"),
                format!("expect.yaml:2:1: {note}"),
                "settings.yaml:1:1: warning: not a Kubernetes object: the document has no \
                 `apiVersion` and no `kind`"
                    .to_owned(),
            ]
        );
    }
}
