use crate::domain::Pace;

/// Successes in a row that change the stride.
const ENOUGH: i8 = 2;
/// The longest stride.
const LONGEST: u8 = 4;

/// Adapts to what a poll brought (POLLING 25): where under a third of the document was known, the next poll comes sooner; where over
/// two thirds were, later. A 304 is a document of which everything was known.
pub fn paced(pace: Pace, known: u32, entries: u32) -> Pace {
    let (known, entries) = (u64::from(known), u64::from(entries));
    let streak = if known * 3 > entries * 2 || entries == 0 {
        pace.streak.max(0) + 1
    } else if known * 3 < entries {
        pace.streak.min(0) - 1
    } else {
        0
    };
    match streak {
        ENOUGH.. => Pace { stride: (pace.stride + 1).min(LONGEST), streak: 0 },
        ..=-2 => Pace { stride: (pace.stride / 2).max(1), streak: 0 },
        _ => Pace { streak, ..pace },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_successes_in_a_row_change_the_stride() {
        let check = |polls: &[(u32, u32)], stride: u8| {
            let pace = polls.iter().fold(Pace::default(), |pace, (known, entries)| paced(pace, *known, *entries));
            assert_eq!(pace.stride, stride, "{polls:?}");
        };
        let (quiet, busy, middling) = ((9, 10), (3, 10), (5, 10));
        check(&[quiet], 1);
        check(&[quiet, quiet], 2);
        check(&[quiet, middling, quiet], 1);
        check(&[quiet, busy, quiet], 1);
        check(&[quiet; 4], 3);
        check(&[quiet; 20], 4);
        check(&[quiet, quiet, quiet, quiet, quiet, quiet, busy, busy], 2);
        check(&[quiet, quiet, quiet, quiet, quiet, quiet, busy], 4);
        check(&[busy; 20], 1);
        check(&[(0, 0), (0, 0)], 2);
    }
}
