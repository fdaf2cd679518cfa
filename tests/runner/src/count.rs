//! How many checks a step's output speaks of.

use std::ops::AddAssign;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub passed: usize,
    pub failed: usize,
}

impl Count {
    /// One check, by its outcome.
    pub const fn one(passed: bool) -> Self {
        Self { passed: passed as usize, failed: !passed as usize }
    }

    /// From the lines `test result: ok. 5 passed; 0 failed; 1 ignored; …` of Rust's test programs.
    ///
    /// An ignored test counts as failed: nothing is skipped silently.
    pub fn of_rust_tests(output: &str) -> Self {
        let mut count = Self::default();
        for (_, result) in output.lines().filter_map(|line| line.split_once("test result: ")) {
            count.passed += number_before(result, "passed");
            count.failed += number_before(result, "failed") + number_before(result, "ignored");
        }
        count
    }

    /// From lines `ok …` and `not ok …`, as in the Test Anything Protocol.
    pub fn of_lines(output: &str) -> Self {
        let starting = |word: &str| output.lines().filter(|line| line.starts_with(word)).count();
        Self { passed: starting("ok "), failed: starting("not ok ") }
    }

    /// Corrects what was counted by how the program ended: one that fails, or
    /// that ran nothing, has failed even if no line says so.
    pub const fn settled(mut self, succeeded: bool) -> Self {
        let nothing_ran = self.passed == 0 && self.failed == 0;
        if nothing_ran || (!succeeded && self.failed == 0) {
            self.failed += 1;
        }
        self
    }
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// The number before a word: 5 in `5 passed; 0 failed`.
fn number_before(text: &str, word: &str) -> usize {
    let words: Vec<&str> = text.split_whitespace().collect();
    let pairs = words.windows(2);
    pairs.filter(|pair| pair[1].trim_end_matches(';') == word).find_map(|pair| pair[0].parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_results_are_added_and_ignored_tests_fail() {
        let output = "running 2 tests\n\
            test result: ok. 5 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s\n\
            test result: FAILED. 7 passed; 2 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.01s\n";
        assert_eq!(Count::of_rust_tests(output), Count { passed: 12, failed: 3 });
    }

    #[test]
    fn results_are_counted_by_their_lines() {
        let output = "ok - a\nnot ok - b: why\n  ok indented is no result\nok - c\n# 2 passed\n";
        assert_eq!(Count::of_lines(output), Count { passed: 2, failed: 1 });
    }

    #[test]
    fn a_program_that_fails_or_runs_nothing_has_failed() {
        assert_eq!(Count { passed: 3, failed: 0 }.settled(true), Count { passed: 3, failed: 0 });
        assert_eq!(Count { passed: 3, failed: 0 }.settled(false), Count { passed: 3, failed: 1 });
        assert_eq!(Count { passed: 3, failed: 2 }.settled(false), Count { passed: 3, failed: 2 });
        assert_eq!(Count::default().settled(true), Count { passed: 0, failed: 1 });
    }
}
