//! The subjects of the programme of 2018 by level: how they are assessed and their periods a year by grade, as the
//! sector's list says.

pub struct Subject {
    pub code: &'static str,
    pub scored: bool,
    /// `B` compulsory, `C` to choose, `O` optional.
    pub kind: char,
    first_grade: u8,
    periods: &'static [u16],
}

const fn subject(code: &'static str, mode: char, kind: char, first_grade: u8, periods: &'static [u16]) -> Subject {
    Subject { code, scored: mode == 'S', kind, first_grade, periods }
}

#[rustfmt::skip]
static SUBJECTS: &[Subject] = &[
    subject("TIENGVIET", 'S', 'B', 1, &[420, 350, 245, 245, 245]),
    subject("TOAN", 'S', 'B', 1, &[105, 175, 175, 175, 175]),
    subject("NN1", 'S', 'O', 1, &[70, 70]),
    subject("NN1", 'S', 'B', 3, &[140, 140, 140]),
    subject("DAODUC", 'C', 'B', 1, &[35, 35, 35, 35, 35]),
    subject("TNXH", 'C', 'B', 1, &[70, 70, 70]),
    subject("LSDL", 'S', 'B', 4, &[70, 70]),
    subject("KHOAHOC", 'S', 'B', 4, &[70, 70]),
    subject("THCN", 'S', 'B', 3, &[70, 70, 70]),
    subject("GDTC", 'C', 'B', 1, &[70, 70, 70, 70, 70]),
    subject("NTAN", 'C', 'B', 1, &[35, 35, 35, 35, 35]),
    subject("NTMT", 'C', 'B', 1, &[35, 35, 35, 35, 35]),
    subject("HDTN", 'C', 'B', 1, &[105, 105, 105, 105, 105]),
    subject("TIENGDTTS", 'S', 'O', 1, &[70, 70, 70, 70, 70]),
    subject("NGUVAN", 'S', 'B', 6, &[140, 140, 140, 140]),
    subject("TOAN", 'S', 'B', 6, &[140, 140, 140, 140]),
    subject("NN1", 'S', 'B', 6, &[105, 105, 105, 105]),
    subject("GDCD", 'S', 'B', 6, &[35, 35, 35, 35]),
    subject("LSDL", 'S', 'B', 6, &[105, 105, 105, 105]),
    subject("KHTN", 'S', 'B', 6, &[140, 140, 140, 140]),
    subject("TINHOC", 'S', 'B', 6, &[35, 35, 35, 35]),
    subject("GDTC", 'C', 'B', 6, &[70, 70, 70, 70]),
    subject("NGHETHUAT", 'C', 'B', 6, &[70, 70, 70, 70]),
    subject("HDTNHN", 'C', 'B', 6, &[105, 105, 105, 105]),
    subject("GDDP", 'C', 'B', 6, &[35, 35, 35, 35]),
    subject("CONGNGHE", 'S', 'B', 6, &[35, 35, 52, 52]),
    subject("TIENGDTTS", 'S', 'O', 6, &[105, 105, 105, 105]),
    subject("NN2", 'S', 'O', 6, &[105, 105, 105, 105]),
    subject("NGUVAN", 'S', 'B', 10, &[105, 105, 105]),
    subject("TOAN", 'S', 'B', 10, &[105, 105, 105]),
    subject("NN1", 'S', 'B', 10, &[105, 105, 105]),
    subject("LICHSU", 'S', 'B', 10, &[52, 52, 52]),
    subject("GDTC", 'C', 'B', 10, &[70, 70, 70]),
    subject("GDQPAN", 'S', 'B', 10, &[35, 35, 35]),
    subject("HDTNHN", 'C', 'B', 10, &[105, 105, 105]),
    subject("GDDP", 'C', 'B', 10, &[35, 35, 35]),
    subject("DIALI", 'S', 'C', 10, &[70, 70, 70]),
    subject("GDKTPL", 'S', 'C', 10, &[70, 70, 70]),
    subject("VATLI", 'S', 'C', 10, &[70, 70, 70]),
    subject("HOAHOC", 'S', 'C', 10, &[70, 70, 70]),
    subject("SINHHOC", 'S', 'C', 10, &[70, 70, 70]),
    subject("CONGNGHE", 'S', 'C', 10, &[70, 70, 70]),
    subject("TINHOC", 'S', 'C', 10, &[70, 70, 70]),
    subject("AMNHAC", 'C', 'C', 10, &[70, 70, 70]),
    subject("MITHUAT", 'C', 'C', 10, &[70, 70, 70]),
    subject("TIENGDTTS", 'S', 'O', 10, &[105, 105, 105]),
    subject("NN2", 'S', 'O', 10, &[105, 105, 105]),
];

impl Subject {
    /// Periods a year in the grade; none where it is not taught.
    pub fn periods(&self, grade: u8) -> Option<u16> {
        self.periods.get(usize::from(grade.checked_sub(self.first_grade)?)).copied()
    }

    /// Regular marks a term.
    pub fn regular(&self, grade: u8) -> usize {
        match self.periods(grade) {
            Some(..=35) => 2,
            Some(..=70) => 3,
            _ => 4,
        }
    }
}

/// The programme of 2006, under which the last grades were until 2023-2024; its periods do not matter here.
#[rustfmt::skip]
static SUBJECTS_OF_2006: &[Subject] = &[
    subject("NGUVAN", 'S', 'B', 8, &[140; 5]),
    subject("TOAN", 'S', 'B', 8, &[140; 5]),
    subject("NN1", 'S', 'B', 8, &[105; 5]),
    subject("VATLI", 'S', 'B', 8, &[70; 5]),
    subject("HOAHOC", 'S', 'B', 8, &[70; 5]),
    subject("SINHHOC", 'S', 'B', 8, &[70; 5]),
    subject("LICHSU", 'S', 'B', 8, &[52; 5]),
    subject("DIALI", 'S', 'B', 8, &[52; 5]),
    subject("GDCD", 'S', 'B', 8, &[35; 5]),
    subject("CONGNGHE", 'S', 'B', 8, &[35; 5]),
    subject("GDTC", 'C', 'B', 8, &[70; 5]),
    subject("MITHUAT", 'C', 'B', 8, &[35; 2]),
    subject("GDQPAN", 'S', 'B', 10, &[35; 3]),
];

/// Grades that the programme of 2018 and Circular 22 had not reached in that year.
pub fn old_rules(year: i32, grade: u8) -> bool {
    match year {
        2022 => [8, 9, 11, 12].contains(&grade),
        2023 => [9, 12].contains(&grade),
        _ => false,
    }
}

pub fn of_2006(grade: u8) -> impl Iterator<Item = &'static Subject> {
    SUBJECTS_OF_2006.iter().filter(move |subject| subject.periods(grade).is_some())
}

/// What the list has for a grade.
pub fn of_grade(grade: u8) -> impl Iterator<Item = &'static Subject> {
    SUBJECTS.iter().filter(move |subject| (1..=12).contains(&grade) && subject.periods(grade).is_some())
}
