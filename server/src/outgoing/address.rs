//! Which addresses belong to everybody's internet, and which to somebody's own network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Ranges of IPv4 that are no place to send anything to: first address, and bits that count
/// (IANA's registry of special-purpose addresses, RFC 6890 and its updates).
const INWARD: &[(Ipv4Addr, u32)] = &[
    (Ipv4Addr::new(0, 0, 0, 0), 8),       // this network
    (Ipv4Addr::new(10, 0, 0, 0), 8),      // private
    (Ipv4Addr::new(100, 64, 0, 0), 10),   // behind a carrier's translation
    (Ipv4Addr::new(127, 0, 0, 0), 8),     // this machine
    (Ipv4Addr::new(169, 254, 0, 0), 16),  // link-local; clouds answer there with their secrets
    (Ipv4Addr::new(172, 16, 0, 0), 12),   // private
    (Ipv4Addr::new(192, 0, 0, 0), 24),    // protocol assignments
    (Ipv4Addr::new(192, 0, 2, 0), 24),    // documentation
    (Ipv4Addr::new(192, 88, 99, 0), 24),  // relays of 6to4
    (Ipv4Addr::new(192, 168, 0, 0), 16),  // private
    (Ipv4Addr::new(198, 18, 0, 0), 15),   // measuring
    (Ipv4Addr::new(198, 51, 100, 0), 24), // documentation
    (Ipv4Addr::new(203, 0, 113, 0), 24),  // documentation
    (Ipv4Addr::new(224, 0, 0, 0), 4),     // multicast
    (Ipv4Addr::new(240, 0, 0, 0), 4),     // reserved, and broadcast
];

/// Ranges within 2000::/3, the only part of IPv6 that is routed everywhere, that are special.
const INWARD_V6: &[(Ipv6Addr, u32)] = &[
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),     // Teredo and other protocols; IPv4 may hide in them
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32), // documentation
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),     // 6to4: an IPv4 address in other clothes
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),     // documentation
];

/// Whether an address is one of everybody's internet.
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => !INWARD.iter().any(|(first, bits)| (v4.to_bits() ^ first.to_bits()) >> (32 - bits) == 0),
        IpAddr::V6(v6) => v6.to_bits() >> 125 == 1 && !INWARD_V6.iter().any(|(first, bits)| (v6.to_bits() ^ first.to_bits()) >> (128 - bits) == 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn is(text: &str) -> bool {
        is_public(text.parse().unwrap())
    }

    #[test]
    fn the_edges_of_each_range_lie_where_the_registry_has_them() {
        let pairs = [
            ("0.255.255.255", "1.0.0.0"),
            ("10.0.0.0", "9.255.255.255"),
            ("10.255.255.255", "11.0.0.0"),
            ("100.64.0.0", "100.63.255.255"),
            ("100.127.255.255", "100.128.0.0"),
            ("127.0.0.1", "128.0.0.0"),
            ("169.254.169.254", "169.253.255.255"),
            ("172.16.0.0", "172.15.255.255"),
            ("172.31.255.255", "172.32.0.0"),
            ("192.168.255.255", "192.169.0.0"),
            ("198.19.255.255", "198.20.0.0"),
            ("224.0.0.1", "223.255.255.255"),
            ("255.255.255.255", "8.8.8.8"),
            ("2001:db8::1", "2001:db9::1"),
            ("2002:7f00:1::", "2003::1"),
            ("fe80::1", "2a00::1"),
            ("fd00:ec2::254", "3ffe::1"),
        ];
        for (inward, outward) in pairs {
            assert!(!is(inward), "{inward}");
            assert!(is(outward), "{outward}");
        }
        for inward in ["::", "::1", "ff02::1", "64:ff9b::7f00:1", "::ffff:10.0.0.1", "::127.0.0.1", "fc00::1", "100::1", "2001::1", "4000::1"] {
            assert!(!is(inward), "{inward}");
        }
        assert!(is("::ffff:8.8.8.8"));
    }

    proptest! {
        /// The standard library's own classes, where it has any, are never called public.
        #[test]
        fn what_the_library_calls_special_is_never_public(bits in any::<u32>()) {
            let v4 = Ipv4Addr::from_bits(bits);
            let special = v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_multicast() || v4.is_broadcast() || v4.is_documentation() || v4.is_unspecified();
            prop_assert!(!(special && is_public(v4.into())), "{v4}");
            prop_assert_eq!(is_public(v4.into()), is_public(v4.to_ipv6_mapped().into()));
            // An IPv4 address does not get out in the clothes of another protocol.
            let hidden = Ipv6Addr::from_bits((0x2002_u128 << 112) | (u128::from(bits) << 80));
            prop_assert!(!is_public(hidden.into()));
        }

        #[test]
        fn only_global_unicast_is_public(bits in any::<u128>()) {
            let v6 = Ipv6Addr::from_bits(bits);
            let special = v6.is_loopback() || v6.is_multicast() || v6.is_unique_local() || v6.is_unicast_link_local() || v6.is_unspecified();
            prop_assert!(!(special && is_public(v6.into())), "{v6}");
        }
    }
}
