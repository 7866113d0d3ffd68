//! What a container's arguments say of the probe that runs in it: the workshop's small server,
//! which calls the URLs of `--urls=` and listens on the port of `--http-port=`.

use crate::manifest::PartialContainer;

/// The port that a probe listens on when it is not told one.
const DEFAULT_PORT: u16 = 9000;

/// The URLs that the container's probe calls; none when it runs no probe.
pub(super) fn targets(container: &PartialContainer) -> Vec<String> {
    let urls = flag(container, "--urls").into_iter().flat_map(|list| list.split(','));
    urls.map(str::trim).filter(|url| !url.is_empty()).map(str::to_owned).collect()
}

/// The port that the container's probe listens on; none when it runs no probe.
pub(super) fn listening(container: &PartialContainer) -> Option<u16> {
    flag(container, "--urls")?;
    match flag(container, "--http-port") {
        Some(port) => port.parse().ok().filter(|port| *port > 0),
        None => Some(DEFAULT_PORT),
    }
}

/// The value of a flag, which stands after `=` or in the next argument.
fn flag<'c>(container: &'c PartialContainer, name: &str) -> Option<&'c str> {
    let mut arguments = container.command.iter().chain(&container.args).map(String::as_str);
    while let Some(argument) = arguments.next() {
        match argument.strip_prefix(name).map(|rest| rest.split_at_checked(1)) {
            Some(None) => return arguments.next(),
            Some(Some(("=", value))) => return Some(value),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_of_a_probe() {
        let check = |command: &[&str], args: &[&str], urls: &[&str], port: Option<u16>| {
            let owned = |list: &[&str]| list.iter().map(|word| word.to_string()).collect();
            let container = PartialContainer {
                command: owned(command),
                args: owned(args),
                ..PartialContainer::default()
            };
            assert_eq!(targets(&container), urls, "{args:?}");
            assert_eq!(listening(&container), port, "{args:?}");
        };
        check(
            &[],
            &["--urls=http://a.b:80/status,http://c.d"],
            &["http://a.b:80/status", "http://c.d"],
            Some(9000),
        );
        check(&["probe", "--urls", "a, b,"], &["--http-port", "80"], &["a", "b"], Some(80));
        check(&["probe", "--http-port=6379"], &["--urls="], &[], Some(6379));
        check(&["probe"], &["--http-port=80"], &[], None);
        check(&["probe"], &["--urlset=x"], &[], None);
        check(&[], &["--urls=a", "--http-port=none"], &["a"], None);
    }
}
