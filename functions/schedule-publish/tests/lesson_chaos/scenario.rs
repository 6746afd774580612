//! What happens in a run, drawn from its seed. Times are milliseconds from the
//! slot's begin.

use fastrand::Rng;

/// One wake.
#[derive(Debug, Clone)]
pub struct WakePlan {
    /// When its trigger comes.
    pub comes: i64,
    /// When it is killed.
    pub killed: Option<i64>,
    /// How far its time of day is off, in s.
    pub clock: i64,
}

/// What becomes of a lesson.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Cancel,
    /// To this instant of the slot.
    Within(i64),
    /// Out of the slot.
    Away,
    /// A new one, for this instant of the slot.
    Add(i64),
}

#[derive(Debug, Clone)]
pub struct Scenario {
    pub seed: u64,
    /// Lessons by the instant at which they open.
    pub lessons: Vec<(i64, usize)>,
    /// Lessons that have to be linked first.
    pub unlinked: usize,
    pub wakes: Vec<WakePlan>,
    /// When the database crashes.
    pub crash: Option<i64>,
    /// When, which of the lessons, what.
    pub edits: Vec<(i64, usize, Change)>,
}

impl Scenario {
    pub fn of(seed: u64) -> Self {
        let mut random = Rng::with_seed(seed);
        let instants = [0, random.i64(1..900), random.i64(1..900)];
        let lessons: Vec<_> = instants[..random.usize(1..=3)]
            .iter()
            .map(|instant| (*instant, random.usize(1..3_000)))
            .collect();
        let mut wakes = vec![wake(&mut random, -2_000..-1_300), wake(&mut random, -1_300..-300)];
        // Neither, the first, the second, both.
        let killed = random.u8(0..4);
        wakes[0].killed = (killed & 1 != 0).then(|| moment(&mut random));
        wakes[1].killed = (killed & 2 != 0).then(|| moment(&mut random));
        if random.u8(0..4) == 0 {
            let twin = wakes[random.usize(0..2)].clone();
            wakes.push(WakePlan {
                comes: twin.comes + random.i64(0..200),
                ..twin
            });
        }
        let crash = (random.u8(0..8) == 0).then(|| random.i64(-300..60));
        let total: usize = lessons.iter().map(|(_, count)| count).sum();
        let edits = (0..random.usize(0..30))
            .map(|_| {
                let change = match random.u8(0..4) {
                    0 => Change::Cancel,
                    1 => Change::Within(random.i64(0..900)),
                    2 => Change::Away,
                    _ => Change::Add(random.i64(0..900)),
                };
                (random.i64(-1_800..100), random.usize(0..total), change)
            })
            .collect();
        Self {
            seed,
            lessons,
            unlinked: random.usize(0..300),
            wakes,
            crash,
            edits,
        }
    }

    /// Whether a wake lives to the end.
    pub fn survives(&self) -> bool {
        self.wakes.iter().any(|wake| wake.killed.is_none())
    }
}

fn wake(random: &mut Rng, comes: std::ops::Range<i64>) -> WakePlan {
    WakePlan {
        comes: random.i64(comes),
        killed: None,
        clock: [-5, 0, 5][random.usize(0..3)],
    }
}

/// As often in the middle of firing as anywhere else.
fn moment(random: &mut Rng) -> i64 {
    match random.bool() {
        true => random.i64(-10..80),
        false => random.i64(-1_900..900),
    }
}
