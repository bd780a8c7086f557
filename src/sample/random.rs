//! A small random generator of our own, because the same seed must give the same bytes in every version of the program:
//! SplitMix64.

/// The generator.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// Begins at a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }
    /// One of its own for the part numbered `part`, so that parts do not depend on each other's length.
    pub fn part(seed: u64, part: u64) -> Self {
        let mut mixed = Self(seed ^ part.wrapping_mul(0xd134_2543_de82_ef95));
        Self(mixed.next())
    }
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
    /// A number in `first..=last`.
    pub fn between(&mut self, first: i64, last: i64) -> i64 {
        let span = u64::try_from(last - first).unwrap_or(0) + 1;
        first + i64::try_from(self.next() % span).unwrap_or(0)
    }
    /// True so many times in a hundred.
    pub fn percent(&mut self, times: i64) -> bool {
        self.between(0, 99) < times
    }
    /// One of the choices; there must be one.
    pub fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        let place = usize::try_from(self.between(0, choices.len() as i64 - 1)).unwrap_or(0);
        choices[place]
    }
    /// About `middle`, seldom as far as `spread` away: the sum of three dice.
    pub fn about(&mut self, middle: i64, spread: i64) -> i64 {
        let third = spread / 3;
        middle + (0..3).map(|_| self.between(-third, third)).sum::<i64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_is_the_published_one() {
        // First numbers of SplitMix64 from the seed 1234567, as its reference implementation gives them.
        let mut random = Random::new(1_234_567);
        assert_eq!([random.next(), random.next()], [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]);
    }
    #[test]
    fn numbers_stay_within_their_bounds() {
        let mut random = Random::new(1);
        for _ in 0..10_000 {
            assert!((3..=5).contains(&random.between(3, 5)));
            assert!((40..=60).contains(&random.about(50, 10)));
        }
        assert_eq!(random.between(7, 7), 7);
    }
}
