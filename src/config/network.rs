//! `[network]`: the way out.
//!
//! Invariant: what is set wins over the usual variables of the environment.

use super::layers::Layers;
use super::values::Wrong;
use crate::messenger::net::Network;
use crate::messenger::proxy::Proxy;

/// An option, and the variables that stand in for it.
const USUAL: [(&str, [&str; 2]); 2] =
    [("network.proxy", ["HTTPS_PROXY", "https_proxy"]), ("network.no_proxy", ["NO_PROXY", "no_proxy"])];

/// Takes the usual variables for defaults.
pub fn lay(layers: &mut Layers, variables: &[(String, String)]) {
    for (path, names) in USUAL {
        let told = variables.iter().find(|(name, text)| names.contains(&name.as_str()) && !text.is_empty());
        if let Some((_, text)) = told
            && layers.raw(path).is_none()
        {
            layers.set(path, text);
        }
    }
}

/// The way out; `None` after a mistake.
pub fn network(layers: &mut Layers) -> Option<Network> {
    let except = layers.get("network.no_proxy", hosts);
    let proxy = layers.get("network.proxy", |text| proxy(text, except.as_deref().unwrap_or_default()));
    let ca = layers.get("network.ca_file", certificates);
    let is_whole = |path: &str, is_there: bool| is_there || layers.raw(path).is_none();
    let sound = is_whole("network.proxy", proxy.is_some())
        && is_whole("network.no_proxy", except.is_some())
        && is_whole("network.ca_file", ca.is_some());
    sound.then(|| Network::new(ca.flatten(), proxy.flatten()))
}

fn hosts(text: &str) -> Result<String, Wrong> {
    let usual = |c: char| c.is_alphanumeric() || "-._*:[]/, ".contains(c);
    match text.chars().all(usual) {
        true => Ok(text.to_owned()),
        false => {
            Err(("is no list of hosts".to_owned(), "write them with commas: a.example, b.example".to_owned()))
        }
    }
}

/// Empty is none, whatever the environment says.
fn proxy(text: &str, except: &str) -> Result<Option<Proxy>, Wrong> {
    if text.is_empty() { Ok(None) } else { Proxy::read(text, except).map(Some) }
}

fn certificates(file: &str) -> Result<Option<String>, Wrong> {
    if file.is_empty() {
        return Ok(None);
    }
    let remedy = "name a PEM file with CERTIFICATE blocks";
    let text = std::fs::read_to_string(file).map_err(|why| (format!("{file}: {why}"), remedy.to_owned()))?;
    let is_usable =
        text.contains("-----BEGIN CERTIFICATE-----") && Network::new(Some(text.clone()), None).tls().is_ok();
    if is_usable { Ok(Some(text)) } else { Err((format!("{file} holds no certificate"), remedy.to_owned())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(options: &[(&str, &str)], variables: &[(&str, &str)]) -> (Option<Network>, usize) {
        let mut layers = Layers::new();
        let text = |pair: &(&str, &str)| (pair.0.to_owned(), pair.1.to_owned());
        lay(&mut layers, &variables.iter().map(text).collect::<Vec<_>>());
        options.iter().for_each(|(path, text)| layers.set(path, text));
        let network = network(&mut layers);
        (network, layers.faults.len())
    }

    fn proxy_of(options: &[(&str, &str)], variables: &[(&str, &str)]) -> Option<String> {
        of(options, variables).0.unwrap().proxy().map(Proxy::address)
    }

    #[test]
    fn what_is_set_wins_over_the_environment_and_empty_is_none() {
        assert_eq!(proxy_of(&[], &[]), None);
        let usual = [("HTTPS_PROXY", "http://usual:1"), ("no_proxy", "direct.example")];
        assert_eq!(proxy_of(&[], &usual), Some("usual:1".to_owned()));
        assert_eq!(proxy_of(&[("network.proxy", "own:2")], &usual), Some("own:2".to_owned()));
        assert_eq!(proxy_of(&[("network.proxy", "")], &usual), None);
        let network = of(&[], &usual).0.unwrap();
        assert!(!network.proxy().unwrap().is_for("direct.example"));
    }

    #[test]
    fn a_wrong_proxy_and_a_file_without_certificates_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ca.pem").display().to_string();
        std::fs::write(&file, "not a certificate").unwrap();
        for option in [
            ("network.proxy", "socks5://x:1"),
            ("network.no_proxy", "a;b"),
            ("network.ca_file", "/none.pem"),
            ("network.ca_file", &file),
        ] {
            let (network, faults) = of(&[option], &[]);
            assert!(network.is_none() && faults == 1, "{option:?}");
        }
    }
}
