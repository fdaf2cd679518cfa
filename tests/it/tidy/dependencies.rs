//! What the lock files hold.

use super::assert_none;
use super::files::read;
use sqlx::{Connection, SqliteConnection};

/// Name and version of every package in `Cargo.lock`.
fn locked() -> Vec<(String, String)> {
    let lock: toml::Table = read("Cargo.lock").parse().unwrap();
    let text = |package: &toml::Value, key: &str| package[key].as_str().unwrap().to_owned();
    lock["package"].as_array().unwrap().iter().map(|package| (text(package, "name"), text(package, "version"))).collect()
}

/// A second sqlx would drag SQLite back to an old version (see deny.toml).
#[test]
fn there_is_one_sqlx() {
    let locked = locked();
    for name in ["sqlx", "sqlx-core", "libsqlite3-sys"] {
        let versions: Vec<&str> = locked.iter().filter(|(own, _)| own == name).map(|(_, version)| version.as_str()).collect();
        assert_eq!(versions.len(), 1, "{name}: {versions:?}");
        assert!(name == "libsqlite3-sys" || versions[0].starts_with("0.9."), "{name} {}", versions[0]);
    }
}

#[test]
fn encryption_is_rustls_alone() {
    let others = locked().into_iter().filter(|(name, _)| ["openssl", "openssl-sys", "native-tls"].contains(&name.as_str()));
    assert_none(&others.map(|(name, version)| format!("{name} {version}")).collect::<Vec<_>>(), "These may not be in the tree:");
}

#[tokio::test]
async fn the_sqlite_within_is_recent() {
    let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
    let version: String = sqlx::query_scalar("select sqlite_version()").fetch_one(&mut connection).await.unwrap();
    let numbers: Vec<u32> = version.split('.').map(|part| part.parse().unwrap()).collect();
    assert!(numbers >= vec![3, 51, 0], "SQLite {version}");
}

/// The glue that wasm-bindgen writes must be of the version that the widget was built with.
#[test]
fn wasm_bindgen_and_its_tool_agree() {
    let locked = locked();
    let version = |name: &str| locked.iter().find(|(own, _)| own == name).map(|(_, version)| version.clone());
    assert_eq!(version("wasm-bindgen"), version("wasm-bindgen-cli-support"));
}

#[test]
fn npm_parts_are_pinned_by_hash_and_not_by_host() {
    let lock: serde_json::Value = serde_json::from_str(&read("tests/browser/package-lock.json")).unwrap();
    let packages = lock["packages"].as_object().unwrap();
    assert!(packages.len() > 1, "the lock file is empty");
    for (name, package) in packages.iter().filter(|(name, _)| !name.is_empty()) {
        assert!(package["integrity"].is_string(), "{name} has no hash");
        assert!(package.get("resolved").is_none(), "{name} is bound to a host");
    }
}
