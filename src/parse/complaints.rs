use crate::domain::Complaint;

/// Kinds of complaints of one document, at most.
const MOST: usize = 20;

/// What should be mended in a document, each kind once, however often it occurs.
#[derive(Debug, Default)]
pub struct Complaints {
    all: Vec<(Complaint, usize)>,
}

impl Complaints {
    /// Something that could be read all the same.
    pub fn mended(&mut self, what: &str, place: &str) {
        self.note(what, place, true);
    }

    /// Something that was lost.
    pub fn lost(&mut self, what: &str, place: &str) {
        self.note(what, place, false);
    }

    /// The complaints, each with its first place and how many more there are.
    pub fn into_list(self) -> Vec<Complaint> {
        let told = |(complaint, times): (Complaint, usize)| match times {
            1 => complaint,
            _ => Complaint { place: format!("{} and {} more", complaint.place, times - 1), ..complaint },
        };
        self.all.into_iter().map(told).collect()
    }

    fn note(&mut self, what: &str, place: &str, mended: bool) {
        if let Some((_, times)) = self.all.iter_mut().find(|(one, _)| one.what == what && one.mended == mended) {
            *times += 1;
        } else if self.all.len() < MOST {
            let what: String = what.chars().take(300).collect();
            let place: String = place.chars().take(100).collect();
            self.all.push((Complaint { what, place, mended }, 1));
        }
    }
}
