//! What one report weighs.

/// Approved comments from which on somebody is known here by their claim. Below
/// that a claim costs no more than a few comments, and the network counts.
pub const KNOWN: i64 = 3;

/// Who reports, as far as it matters for the weight.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Nobody knows them.
    Stranger,
    /// So many comments of theirs were approved.
    Known { approved: i64 },
    /// Trusted by the moderators, or one of them.
    Trusted,
}

/// The weight of a report, in hundredths, from the reporter's standing and from
/// how many of their earlier reports were upheld and dismissed.
///
/// `standing × 2 (upheld + 1) / (upheld + dismissed + 2)`
///
/// The second factor is twice the mean of a Beta(upheld + 1, dismissed + 1):
/// Laplace's rule of succession for the chance that the next report is upheld
/// too. It is 1 for somebody who never reported, goes to 2 for somebody who is
/// always right, and to 0 for somebody who never is, and no single decision
/// moves it far. The standing is ½ for a stranger, `approved / (approved + 3)`
/// for somebody known, and 1½ for somebody trusted: so that however right
/// somebody was, the weight stays below 3, the default of `hide_at_reports`,
/// and nobody hides a comment alone.
pub fn weight(standing: Standing, upheld: i64, dismissed: i64) -> i64 {
    let (upheld, dismissed) = (upheld.max(0) as f64, dismissed.max(0) as f64);
    let standing = match standing {
        Standing::Stranger => 0.5,
        Standing::Known { approved } => {
            let approved = approved.max(KNOWN) as f64;
            approved / (approved + KNOWN as f64)
        }
        Standing::Trusted => 1.5,
    };
    // Rounded down, so that the bound holds after rounding too.
    (100.0 * standing * 2.0 * (upheld + 1.0) / (upheld + dismissed + 2.0)).floor() as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn standing() -> impl Strategy<Value = Standing> {
        prop_oneof![Just(Standing::Stranger), (0..100_000_i64).prop_map(|approved| Standing::Known { approved }), Just(Standing::Trusted)]
    }

    #[test]
    fn weights_that_one_can_reckon_by_hand() {
        use Standing::{Known, Stranger, Trusted};
        assert_eq!([weight(Stranger, 0, 0), weight(Known { approved: 9 }, 0, 0), weight(Trusted, 0, 0)], [50, 75, 150]);
        assert_eq!([weight(Stranger, 1, 0), weight(Stranger, 0, 1), weight(Stranger, 0, 8), weight(Stranger, 3, 3)], [66, 33, 10, 50]);
        assert_eq!([weight(Known { approved: 0 }, 0, 0), weight(Known { approved: 97 }, 8, 0)], [50, 174]);
    }

    proptest! {
        #[test]
        fn one_report_never_reaches_the_default_and_is_never_negative(who in standing(), upheld in 0..1_000_000_i64, dismissed in 0..1_000_000_i64) {
            let weight = weight(who, upheld, dismissed);
            prop_assert!((0..300).contains(&weight), "{weight}");
        }

        #[test]
        fn being_right_raises_and_being_wrong_lowers(who in standing(), upheld in 0..100_i64, dismissed in 0..100_i64) {
            let now = weight(who, upheld, dismissed);
            prop_assert!(weight(who, upheld + 1, dismissed) >= now);
            prop_assert!(weight(who, upheld, dismissed + 1) <= now);
            // Somebody who is mostly wrong weighs less than somebody unknown, and the other way round.
            let fresh = weight(who, 0, 0);
            let fits = if dismissed >= upheld { now <= fresh } else { now >= fresh };
            prop_assert!(fits, "{now} of {fresh}");
        }

        #[test]
        fn standing_never_lowers(approved in 0..10_000_i64, upheld in 0..100_i64, dismissed in 0..100_i64) {
            let of = |who| weight(who, upheld, dismissed);
            let (less, more) = (of(Standing::Known { approved }), of(Standing::Known { approved: approved + 1 }));
            prop_assert!(of(Standing::Stranger) <= less && less <= more && more <= of(Standing::Trusted));
        }
    }
}
