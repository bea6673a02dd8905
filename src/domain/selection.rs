use crate::domain::Slug;

/// One property by which items are selected; each has an index in the store.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Facet {
    /// Labelled with this topic.
    Topic(Slug),
    /// Labelled with this region.
    Region(Slug),
    /// Carried by this source.
    Source(Slug),
}

/// Which items a feed or page carries. The default selects all.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Selection {
    /// Every group must hold; a group holds where any of its facets does. No group is empty.
    pub all_of: Vec<Vec<Facet>>,
    /// Words that must all stand in the title or text, lower case (with `-` before it: must not); empty = no condition.
    pub words: Vec<String>,
    /// Whether it carries every item, also those whose story it has shown already.
    pub every_item: bool,
}

impl Selection {
    /// The items with this one property.
    pub fn of(facet: Facet) -> Self {
        Selection { all_of: vec![vec![facet]], ..Selection::default() }
    }

    /// These items, narrowed to those with any of `facets`; an empty list narrows nothing.
    pub fn and_any(mut self, facets: Vec<Facet>) -> Self {
        if !facets.is_empty() {
            self.all_of.push(facets);
        }
        self
    }

    /// The group in whose order the items stand, and the others: a source's, whose order is its own; then a topic's, which has fewer
    /// items than a region's.
    pub fn leading(&self) -> (&[Facet], Vec<&[Facet]>) {
        let rank = |group: &Vec<Facet>| match group.first() {
            Some(Facet::Source(_)) => 0,
            Some(Facet::Topic(_)) => 1,
            _ => 2,
        };
        let first = self.all_of.iter().enumerate().min_by_key(|(_, group)| rank(group)).map(|(at, _)| at);
        let rest = self.all_of.iter().enumerate().filter(|(at, _)| Some(*at) != first);
        (first.map_or(&[], |at| &self.all_of[at]), rest.map(|(_, group)| group.as_slice()).collect())
    }
}
