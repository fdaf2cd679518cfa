//! Requests over loopback, as programs of others would make them.

/// A client to be finished.
pub fn client() -> reqwest::ClientBuilder {
    // reqwest asks for a provider of TLS also where there is none; a second one is not taken.
    drop(rustls::crypto::ring::default_provider().install_default());
    reqwest::Client::builder().no_proxy()
}

/// One GET.
///
/// # Errors
/// When there is no answer.
pub async fn get(url: &str) -> reqwest::Result<reqwest::Response> {
    client().build()?.get(url).send().await
}
