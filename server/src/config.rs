//! Settings, parsed once. `config.default.toml` is compiled in: it holds the
//! defaults and is the manual. The only file that reads the environment.

use std::{collections::BTreeMap, fmt, net::SocketAddr, path::PathBuf, time::Duration};

/// The defaults, which are the manual.
pub const DEFAULTS: &str = include_str!("../config.default.toml");

/// Everything that can be set.
#[derive(Clone)]
pub struct Config {
    pub data_dir: PathBuf,
    pub listen: SocketAddr,
    /// Without a slash at the end.
    pub public_url: String,
    pub database_url: String,
    pub database_connections: u32,
    pub database_wait: Duration,
    pub secret: Option<String>,
    pub trusted_proxies: Vec<Network>,
    pub cache_bytes: u64,
    pub writes_per_minute: u32,
    pub reads_per_minute: u32,
    pub max_connections: usize,
    pub connections_per_network: usize,
    pub max_requests: usize,
    pub max_listeners: usize,
    pub listeners_per_network: usize,
    pub slow_client: Duration,
    pub request_timeout: Duration,
    pub network_days: u32,
    /// Where webhooks may go.
    pub outgoing_reach: crate::outgoing::Reach,
    /// How long a call to another server may take.
    pub outgoing_timeout: Duration,
    /// Where Akismet is, without a slash at the end.
    pub akismet_url: String,
    /// How long a comment waits for a judge outside of this server.
    pub judge_timeout: Duration,
    /// The minute of the day (UTC) of the backup in `serve`.
    pub backup_at: Option<u32>,
    pub backups_kept: u32,
    pub log: String,
    pub log_json: bool,
    /// Where each value came from, for `config --explain`.
    pub origins: BTreeMap<String, (String, &'static str)>,
}

/// Secrets and passwords stay out of every print.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config").field("data_dir", &self.data_dir).field("listen", &self.listen).field("public_url", &self.public_url).finish_non_exhaustive()
    }
}

/// A setting that will not do, in a sentence for the admin.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Wrong(String);

/// An address with the number of bits that count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: std::net::IpAddr,
    bits: u8,
}

impl Network {
    pub fn parse(text: &str) -> Option<Self> {
        let (address, bits) = text.split_once('/').map_or((text, None), |(a, b)| (a, Some(b)));
        let address: std::net::IpAddr = address.parse().ok()?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Some(width), |b| b.parse().ok().filter(|b| *b <= width))?;
        Some(Self { address, bits })
    }

    pub fn contains(&self, other: std::net::IpAddr) -> bool {
        fn bytes(a: std::net::IpAddr) -> Vec<u8> {
            match a.to_canonical() {
                std::net::IpAddr::V4(a) => a.octets().to_vec(),
                std::net::IpAddr::V6(a) => a.octets().to_vec(),
            }
        }
        let (mine, other) = (bytes(self.address), bytes(other));
        mine.len() == other.len()
            && mine.iter().zip(&other).enumerate().all(|(i, (a, b))| {
                let bits = usize::from(self.bits).saturating_sub(i * 8).min(8);
                bits == 0 || (a ^ b) >> (8 - bits) == 0
            })
    }
}

/// Where settings may come from.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The text of the admin's file.
    pub file: Option<String>,
    pub environment: BTreeMap<String, String>,
    /// From the command line, by key.
    pub flags: BTreeMap<String, String>,
}

impl Sources {
    /// The environment of this process, and the file that it or the command line names.
    pub fn from_process(file: Option<PathBuf>, flags: BTreeMap<String, String>) -> Result<Self, Wrong> {
        let environment: BTreeMap<String, String> = std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?))).collect();
        let file = match file.or_else(|| environment.get("JIWAR_CONFIG").map(PathBuf::from)) {
            Some(path) => Some(std::fs::read_to_string(&path).map_err(|e| Wrong(format!("cannot read {}: {e}", path.display())))?),
            None => None,
        };
        Ok(Self { file, environment, flags })
    }
}

impl Config {
    /// The defaults alone.
    pub fn defaults() -> Result<Self, Wrong> {
        Self::from_sources(&Sources::default())
    }

    /// Later sources win: defaults, file, environment, command line.
    pub fn from_sources(sources: &Sources) -> Result<Self, Wrong> {
        let mut values: BTreeMap<String, (String, &'static str)> = table(DEFAULTS)?.into_iter().map(|(k, v)| (k, (v, "default"))).collect();
        let known: Vec<String> = values.keys().cloned().collect();
        let mut set = |key: String, value: String, from: &'static str| match values.get_mut(&key) {
            Some(slot) => {
                *slot = (value, from);
                Ok(())
            }
            None => Err(Wrong(unknown(&key, &known, from))),
        };
        for (key, value) in sources.file.as_deref().map(table).transpose()?.unwrap_or_default() {
            set(key, value, "file")?;
        }
        for (name, value) in &sources.environment {
            match (name.as_str(), name.strip_prefix("JIWAR_")) {
                ("DATABASE_URL", _) if !sources.environment.contains_key("JIWAR_DATABASE_URL") => set("database_url".into(), value.clone(), "environment")?,
                (_, Some(key)) if !NOT_SETTINGS.iter().any(|n| key.starts_with(n)) => {
                    let key = key.to_ascii_lowercase();
                    match key.strip_suffix("_file") {
                        Some(key) => {
                            let text = std::fs::read_to_string(value).map_err(|e| Wrong(format!("{name}: cannot read {value}: {e}")))?;
                            set(key.into(), text.trim().into(), "environment")?;
                        }
                        None => set(key, value.clone(), "environment")?,
                    }
                }
                _ => {}
            }
        }
        if let Some(port) = sources.environment.get("PORT").filter(|_| !sources.environment.contains_key("JIWAR_LISTEN")) {
            set("listen".into(), format!("0.0.0.0:{port}"), "environment")?;
        }
        for (key, value) in &sources.flags {
            set(key.clone(), value.clone(), "command line")?;
        }
        Self::read(values)
    }

    fn read(values: BTreeMap<String, (String, &'static str)>) -> Result<Self, Wrong> {
        let text = |key: &str| values.get(key).map_or("", |(v, _)| v.as_str()).trim();
        fn number<T: std::str::FromStr>(key: &str, value: &str) -> Result<T, Wrong> {
            value.parse().map_err(|_| Wrong(format!("{key}: expected a whole number, found \"{value}\"")))
        }
        let listen: SocketAddr =
            text("listen").parse().map_err(|_| Wrong(format!("listen: expected an address and port such as 127.0.0.1:8080, found \"{}\"", text("listen"))))?;
        let public_url = match text("public_url").trim_end_matches('/') {
            "" => format!("http://{listen}"),
            url => url.to_owned(),
        };
        if jiwar_wire::input::page_url(&public_url).is_none() {
            return Err(Wrong(format!("public_url: expected http:// or https:// and a host, found \"{public_url}\"")));
        }
        let akismet_url = text("akismet_url").trim_end_matches('/').to_owned();
        if jiwar_wire::input::page_url(&akismet_url).is_none() {
            return Err(Wrong(format!("akismet_url: expected http:// or https:// and a host, found \"{akismet_url}\"")));
        }
        let trusted_proxies = text("trusted_proxies")
            .split(',')
            .map(str::trim)
            .filter(|t| !t.is_empty())
            .map(|t| Network::parse(t).ok_or_else(|| Wrong(format!("trusted_proxies: expected networks such as 10.0.0.0/8, found \"{t}\""))))
            .collect::<Result<_, _>>()?;
        let log_json = match text("log_format") {
            "text" => false,
            "json" => true,
            other => return Err(Wrong(format!("log_format: expected text or json, found \"{other}\""))),
        };
        let int = |key: &str| number::<u64>(key, text(key));
        Ok(Self {
            data_dir: text("data_dir").into(),
            listen,
            public_url,
            database_url: text("database_url").into(),
            database_connections: number("database_connections", text("database_connections"))?,
            database_wait: Duration::from_millis(int("database_wait_ms")?),
            secret: Some(text("secret").to_owned()).filter(|s| !s.is_empty()),
            trusted_proxies,
            cache_bytes: int("cache_mib")?.saturating_mul(1024 * 1024),
            writes_per_minute: number("writes_per_minute", text("writes_per_minute"))?,
            reads_per_minute: number("reads_per_minute", text("reads_per_minute"))?,
            max_connections: number("max_connections", text("max_connections"))?,
            connections_per_network: number("connections_per_network", text("connections_per_network"))?,
            max_requests: number("max_requests", text("max_requests"))?,
            max_listeners: number("max_listeners", text("max_listeners"))?,
            listeners_per_network: number("listeners_per_network", text("listeners_per_network"))?,
            slow_client: Duration::from_millis(int("slow_client_ms")?),
            request_timeout: Duration::from_millis(int("request_timeout_ms")?),
            network_days: number("network_days", text("network_days"))?,
            outgoing_reach: reach(text("outgoing_inward"))?,
            outgoing_timeout: Duration::from_millis(int("outgoing_timeout_ms")?.max(1)),
            akismet_url,
            judge_timeout: Duration::from_millis(int("judge_timeout_ms")?.max(1)),
            backup_at: minute_of_day(text("backup_at"))?,
            backups_kept: number("backups_kept", text("backups_kept"))?,
            log: text("log").into(),
            log_json,
            origins: values,
        })
    }

    /// SQLite in the data folder, unless another database is named.
    pub fn database(&self) -> crate::store::Address {
        let address = if self.database_url.is_empty() { format!("sqlite:{}", self.data_dir.join("jiwar.sqlite").display()) } else { self.database_url.clone() };
        crate::store::Address(address)
    }
}

fn reach(text: &str) -> Result<crate::outgoing::Reach, Wrong> {
    match text {
        "true" => Ok(crate::outgoing::Reach::Everywhere),
        "false" => Ok(crate::outgoing::Reach::Outward),
        other => Err(Wrong(format!("outgoing_inward: expected true or false, found \"{other}\""))),
    }
}

/// `03:30`; nothing for never.
fn minute_of_day(text: &str) -> Result<Option<u32>, Wrong> {
    if text.is_empty() {
        return Ok(None);
    }
    let parts = text.split_once(':').and_then(|(h, m)| Some((h.parse::<u32>().ok()?, m.parse::<u32>().ok()?)));
    match parts {
        Some((hour, minute)) if hour < 24 && minute < 60 => Ok(Some(hour * 60 + minute)),
        _ => Err(Wrong(format!("backup_at: expected a time of the day such as 03:30, found \"{text}\""))),
    }
}

/// Names that begin like settings and belong to the build, the tests and the demo.
const NOT_SETTINGS: &[&str] = &["BIN", "CONFIG", "WIDGET", "SKIP", "TEST", "DEMO", "SHARED", "BENCH", "BROWSER", "CRASH", "SOAK"];

fn table(text: &str) -> Result<BTreeMap<String, String>, Wrong> {
    let table: toml::Table = text.parse().map_err(|e: toml::de::Error| Wrong(format!("the settings file is not TOML: {}", e.message())))?;
    table
        .into_iter()
        .map(|(key, value)| match value {
            toml::Value::String(s) => Ok((key, s)),
            toml::Value::Integer(n) => Ok((key, n.to_string())),
            toml::Value::Boolean(b) => Ok((key, b.to_string())),
            _ => Err(Wrong(format!("{key}: expected a text, a number, true or false"))),
        })
        .collect()
}

fn unknown(key: &str, known: &[String], from: &str) -> String {
    let near = known.iter().min_by_key(|k| distance(k, key)).filter(|k| distance(k, key) <= 3);
    match near {
        Some(near) => format!("there is no setting \"{key}\" ({from}); did you mean \"{near}\"?"),
        None => format!("there is no setting \"{key}\" ({from}); `jiwar config --explain` lists them all"),
    }
}

/// Levenshtein's distance.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.bytes().enumerate() {
            let next = (corner + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
            corner = row[j + 1];
            row[j + 1] = next;
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(environment: &[(&str, &str)]) -> Result<Config, Wrong> {
        Config::from_sources(&Sources { environment: environment.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect(), ..Sources::default() })
    }

    #[test]
    fn no_settings_at_all_serve_sqlite_on_localhost() {
        let config = Config::defaults().unwrap();
        assert_eq!(config.public_url, "http://127.0.0.1:8080");
        assert!(!config.database().is_postgres());
    }

    #[test]
    fn a_misspelt_name_is_refused_with_a_suggestion() {
        assert!(with(&[("JIWAR_LISTN", "x")]).unwrap_err().0.contains("did you mean \"listen\"?"));
        let file = Sources { file: Some("lissten = \"x\"".into()), ..Sources::default() };
        assert!(Config::from_sources(&file).unwrap_err().0.contains("did you mean"));
    }

    #[test]
    fn later_sources_win() {
        let mut sources = Sources { file: Some("listen = \"127.0.0.1:1\"\ncache_mib = 1".into()), ..Sources::default() };
        sources.environment.insert("JIWAR_LISTEN".into(), "127.0.0.1:2".into());
        sources.flags.insert("listen".into(), "127.0.0.1:3".into());
        let config = Config::from_sources(&sources).unwrap();
        assert_eq!((config.listen.port(), config.cache_bytes), (3, 1024 * 1024));
        assert_eq!(config.origins["listen"].1, "command line");
        assert_eq!(with(&[("PORT", "9000")]).unwrap().listen.to_string(), "0.0.0.0:9000");
        assert!(with(&[("DATABASE_URL", "postgres://x/y")]).unwrap().database().is_postgres());
    }

    #[test]
    fn the_hour_of_the_backup() {
        assert_eq!(Config::defaults().unwrap().backup_at, Some(3 * 60));
        assert_eq!(with(&[("JIWAR_BACKUP_AT", "23:59")]).unwrap().backup_at, Some(23 * 60 + 59));
        assert_eq!(with(&[("JIWAR_BACKUP_AT", "")]).unwrap().backup_at, None);
        for wrong in ["24:00", "3", "3:60", "03:00:00", "-1:00"] {
            assert!(with(&[("JIWAR_BACKUP_AT", wrong)]).unwrap_err().0.contains("03:30"), "{wrong}");
        }
    }

    #[test]
    fn networks() {
        let n = |t: &str| Network::parse(t).unwrap();
        assert!(n("10.0.0.0/8").contains("10.255.0.1".parse().unwrap()));
        assert!(!n("10.0.0.0/8").contains("11.0.0.1".parse().unwrap()));
        assert!(n("10.0.0.0/8").contains("::ffff:10.1.1.1".parse().unwrap()));
        assert!(n("2001:db8::/33").contains("2001:db8:7fff::".parse().unwrap()));
        assert!(!n("2001:db8::/33").contains("2001:db8:8000::".parse().unwrap()));
        assert_eq!(Network::parse("10.0.0.0/33"), None);
    }
}
