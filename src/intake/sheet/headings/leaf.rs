//! What the columns of a resource may hold: its members, those of its objects, and the elements of its lists.

use crate::model::field::{Field, FieldType};

/// A step of the way from a record to a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeadingStep {
    /// A member of an object.
    Member(&'static str),
    /// An element of a list; the heading says its number.
    Item,
    /// A code of the list; the heading says which.
    Code(&'static str),
}

/// What a column may hold: a single value, or a whole list or object in one cell.
#[derive(Debug, Clone)]
pub struct Leaf {
    /// The way to it.
    pub steps: Vec<HeadingStep>,
    /// Its type.
    pub kind: FieldType,
    /// The innermost member.
    pub field: &'static Field,
    /// Of what is in a list, the kind of its elements.
    pub element: Option<FieldType>,
}

/// From this number on, the elements of a list are told apart by a choice: father, mother, guardian.
pub const CHOSEN: u32 = 100;

/// The member of elements that tells them apart, and its values: the first choice that every element needs.
pub(crate) fn chosen(fields: &'static [Field]) -> Option<(&'static Field, &'static [&'static str])> {
    fields.iter().find_map(|field| match field.kind {
        FieldType::Choice { values } if field.required => Some((field, values)),
        _ => None,
    })
}

pub(crate) fn fields_of(fields: &'static [Field], name: &str) -> &'static [Field] {
    match fields.iter().find(|field| field.json == name).map(|field| field.kind) {
        Some(FieldType::Object(inner) | FieldType::List(&FieldType::Object(inner))) => inner,
        _ => &[],
    }
}

pub(crate) fn leaves_of(
    fields: &'static [Field],
    element: Option<FieldType>,
    steps: &mut Vec<HeadingStep>,
    leaves: &mut Vec<Leaf>,
) {
    for field in fields {
        steps.push(HeadingStep::Member(field.json));
        leaves.push(Leaf { steps: steps.clone(), kind: field.kind, field, element });
        match field.kind {
            FieldType::Object(inner) => leaves_of(inner, element, steps, leaves),
            FieldType::List(item) => {
                steps.push(HeadingStep::Item);
                match item {
                    FieldType::Object(inner) => leaves_of(inner, Some(*item), steps, leaves),
                    scalar => {
                        leaves.push(Leaf { steps: steps.clone(), kind: *scalar, field, element: Some(*scalar) });
                    }
                }
                steps.pop();
            }
            FieldType::Counts { list } => {
                steps.push(HeadingStep::Code(list));
                let kind = FieldType::Integer { min: 0, max: 100_000 };
                leaves.push(Leaf { steps: steps.clone(), kind, field, element });
                steps.pop();
            }
            _ => (),
        }
        steps.pop();
    }
}
