use std::fmt;

/// Where a mistake stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The file as a whole: it cannot be read, or something is not in it.
    File,
    /// A line and column of the file, both counted from 1; a column is a character.
    At {
        /// The line.
        line: usize,
        /// The character of the line.
        column: usize,
    },
    /// An environment variable, which stands in the place of a key of the file.
    Variable(&'static str),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::File => f.write_str("the file"),
            Place::At { line, .. } => write!(f, "line {line}"),
            Place::Variable(name) => f.write_str(name),
        }
    }
}

/// The lines of a text, to find the place of a byte in it.
pub struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    /// Finds where each line starts.
    pub fn of(text: &'t str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Lines { text, starts }
    }

    /// The place of the byte `offset`. One past the end is the end.
    pub fn place(&self, offset: usize) -> Place {
        let offset = self.text.floor_char_boundary(offset);
        let line = self.starts.partition_point(|start| *start <= offset);
        let column = self.text[self.starts[line - 1]..offset].chars().count() + 1;
        Place::At { line, column }
    }
}

#[cfg(test)]
mod tests {
    use super::{Lines, Place};

    #[test]
    fn lines_and_columns_count_from_one_and_in_characters() {
        let lines = Lines::of("a = 1\né = 2\n");
        for (offset, line, column) in [(0, 1, 1), (4, 1, 5), (6, 2, 1), (8, 2, 2), (13, 3, 1), (99, 3, 1)] {
            assert_eq!(lines.place(offset), Place::At { line, column }, "byte {offset}");
        }
    }
}
