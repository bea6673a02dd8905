use std::collections::BTreeMap;

/// The environment variables that matter to the configuration. A plain map, so that tests need not touch the process.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environment {
    variables: BTreeMap<String, String>,
}

/// A variable that stands in the place of a key of feeds.toml.
#[derive(Debug)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// The table of the key.
    pub table: &'static str,
    /// The key, whose value is text.
    pub key: &'static str,
}

/// Every such variable: what differs between one machine and the next while feeds.toml stays the same.
pub const VARIABLES: &[Variable] = &[
    Variable { name: "KLIPING_SITE_URL", table: "site", key: "url" },
    Variable { name: "KLIPING_SITE_CONTACT", table: "site", key: "contact" },
    Variable { name: "KLIPING_LISTEN", table: "server", key: "listen" },
    Variable { name: "KLIPING_STORE_PATH", table: "store", key: "path" },
];

impl Environment {
    /// The `KLIPING_…` variables of this process. Those that are not in [`VARIABLES`] are let be: `KLIPING_CONFIG` is
    /// the command line's, and Kubernetes adds some of its own (`KLIPING_PORT`) where a service is named kliping.
    pub fn from_process() -> Self {
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.to_string_lossy().into_owned()))
        };
        std::env::vars_os().filter_map(text).filter(|(name, _)| name.starts_with("KLIPING_")).collect()
    }

    /// The value of a variable. An empty one counts as absent, as compose files leave it.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(variables: I) -> Self {
        Environment { variables: variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect() }
    }
}
