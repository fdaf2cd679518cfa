//! An address to send to, as somebody typed it, made safe to keep.

use super::address::is_public;
use jiwar_wire::{FieldCode, limits};
use std::net::IpAddr;
use url::{Host, Url};

/// Ports of https where people run what receives.
const PORTS: [u16; 2] = [443, 8443];

/// Whether calls may go into one's own network, by any port and in clear.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reach {
    /// Only to everybody's internet, by https.
    Outward,
    /// To wherever this machine gets: the setting `outgoing_inward`.
    Everywhere,
}

/// Where a call may go: checked as text. What its name stands for is checked at each call.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Target(Url);

impl Target {
    /// Reads an address. The parser of the URL standard turns every spelling of an IPv4
    /// address (octal, hexadecimal, shortened, full-width digits) into the same one.
    pub fn parse(text: &str, reach: Reach) -> Result<Self, FieldCode> {
        if text.len() > limits::URL_BYTES {
            return Err(FieldCode::TooLong);
        }
        let url = Url::parse(text.trim()).map_err(|_| FieldCode::NotAUrl)?;
        let by_tls = url.scheme() == "https";
        if !(by_tls || reach == Reach::Everywhere && url.scheme() == "http") || !url.username().is_empty() || url.password().is_some() {
            return Err(FieldCode::NotAUrl);
        }
        let literal = match url.host() {
            None => return Err(FieldCode::NotAUrl),
            Some(Host::Domain(_)) => None,
            Some(Host::Ipv4(v4)) => Some(IpAddr::V4(v4)),
            Some(Host::Ipv6(v6)) => Some(IpAddr::V6(v6)),
        };
        if reach == Reach::Outward {
            let port = url.port_or_known_default().unwrap_or(0);
            let local_name = url.domain().is_some_and(|name| !name.trim_end_matches('.').contains('.') || name.trim_end_matches('.').ends_with(".localhost"));
            if !PORTS.contains(&port) || local_name || literal.is_some_and(|address| !is_public(address)) {
                return Err(FieldCode::OutOfRange);
            }
        }
        Ok(Self(url))
    }

    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    pub(super) fn url(&self) -> Url {
        self.0.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::net::Ipv4Addr;

    fn outward(text: &str) -> Result<Target, FieldCode> {
        Target::parse(text, Reach::Outward)
    }

    #[test]
    fn no_spelling_of_an_inward_address_gets_by() {
        for host in [
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0177.0.0.1",
            "0x7f.1",
            "127.0.0.1.",
            "%31%32%37.0.0.1",
            "１２７.0.0.1",
            "①②⑦.⓪.⓪.①",
            "169.254.169.254",
            "2852039166",
            "0xa9fea9fe",
            "10.0.0.1",
            "192.168.1",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[fe80::1]",
            "[fd00:ec2::254]",
            "[64:ff9b::7f00:1]",
            "localhost",
            "LOCALHOST.",
            "a.localhost",
            "metadata",
        ] {
            assert_eq!(outward(&format!("https://{host}/hook")), Err(FieldCode::OutOfRange), "{host}");
        }
    }

    #[test]
    fn only_https_without_a_password_on_its_ports() {
        for wrong in
            ["http://blog.example/", "ftp://blog.example/", "https://a:b@blog.example/", "https://a@blog.example/", "https:///", "nothing", "", "file:///etc"]
        {
            assert_eq!(outward(wrong), Err(FieldCode::NotAUrl), "{wrong}");
        }
        assert_eq!(outward("https://blog.example:22/"), Err(FieldCode::OutOfRange));
        assert_eq!(outward(&format!("https://blog.example/{}", "a".repeat(2000))), Err(FieldCode::TooLong));
        for right in ["https://blog.example/hook?x=1", "https://8.8.8.8/", "https://blog.example:8443/", "https://مدونة.example/"] {
            assert!(outward(right).is_ok(), "{right}");
        }
        assert!(Target::parse("http://127.0.0.1:9/", Reach::Everywhere).is_ok());
        assert!(Target::parse("ftp://127.0.0.1:9/", Reach::Everywhere).is_err());
    }

    proptest! {
        #[test]
        fn anything_is_read_or_refused_and_reading_twice_changes_nothing(text in "\\PC{0,60}") {
            for text in [text.clone(), format!("https://{text}")] {
                if let Ok(target) = outward(&text) {
                    prop_assert_eq!(outward(target.as_str()), Ok(target.clone()));
                    prop_assert!(target.as_str().starts_with("https://"));
                }
            }
        }

        #[test]
        fn numbers_are_addresses_in_every_base(bits in any::<u32>()) {
            let right = is_public(Ipv4Addr::from_bits(bits).into());
            for host in [format!("{bits}"), format!("{bits:#x}"), format!("0{bits:o}"), format!("{}.{}", bits >> 24, bits & 0xff_ffff)] {
                prop_assert_eq!(outward(&format!("https://{}/", host)).is_ok(), right, "{}", host);
            }
        }
    }
}
