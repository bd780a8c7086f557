//! How a record is put together from columns.

use crate::intake::sheet::headings::columns::{Filled, ValueSource};
use crate::intake::sheet::headings::leaf::{CHOSEN, HeadingStep, Leaf, chosen};
use crate::model::field::{Field, FieldType};

/// How the value of a member is put together.
#[derive(Debug)]
pub(crate) enum Node {
    Value {
        source: ValueSource,
        kind: FieldType,
        field: &'static Field,
        pointer: String,
    },
    Object(Vec<(String, Node)>),
    /// Elements by their numbers; `required`: an empty one is said.
    List {
        items: Vec<(u32, Node)>,
        required: bool,
    },
}

impl Node {
    /// Every value in it: where it stands, and its type.
    pub(crate) fn each_value(&self, take: &mut dyn FnMut(&ValueSource, &FieldType)) {
        match self {
            Self::Value { source, kind, .. } => take(source, kind),
            Self::Object(members) => members.iter().for_each(|(_, node)| node.each_value(take)),
            Self::List { items, .. } => items.iter().for_each(|(_, node)| node.each_value(take)),
        }
    }
}

/// Adds the paths of the members of an object that columns fill, such as `contacts.father.phone`.
pub(crate) fn add_paths(members: &[(String, Node)], fields: &'static [Field], before: &str, paths: &mut Vec<String>) {
    for (name, node) in members {
        let kind = fields.iter().find(|field| field.json == name).map(|field| field.kind);
        let path = format!("{before}{name}");
        match (node, kind) {
            (Node::Object(members), Some(FieldType::Object(inner))) => {
                add_paths(members, inner, &format!("{path}."), paths);
            }
            (Node::List { items, .. }, Some(FieldType::List(FieldType::Object(inner)))) => {
                match chosen_elements(items, inner) {
                    Some(elements) => elements.into_iter().for_each(|(choice, members)| {
                        add_paths(members, inner, &format!("{path}.{choice}."), paths);
                    }),
                    None => paths.push(path),
                }
            }
            _ => paths.push(path),
        }
    }
}

/// An element by its choice, and its members.
type ChosenElement<'n> = (&'static str, &'n [(String, Node)]);

/// The members of elements that headings tell apart by their choice; `None`: some are told apart by a number.
fn chosen_elements<'n>(items: &'n [(u32, Node)], inner: &'static [Field]) -> Option<Vec<ChosenElement<'n>>> {
    let (_, values) = chosen(inner)?;
    let element = |(number, node): &'n (u32, Node)| match node {
        Node::Object(members) => Some((*values.get(number.checked_sub(CHOSEN)? as usize)?, members.as_slice())),
        _ => None,
    };
    items.iter().map(element).collect()
}

/// Of elements that are told apart by a choice, the heading says it.
pub(crate) fn choose(root: &mut Node, leaf: &Leaf, number: &str) {
    let Some(place) = number.parse::<u32>().ok().and_then(|number| number.checked_sub(CHOSEN)) else { return };
    let Some(HeadingStep::Member(name)) = leaf.steps.first() else { return };
    let Some(FieldType::Object(inner)) = leaf.element else { return };
    if let Some((field, value)) = chosen(inner).and_then(|(field, values)| Some((field, values.get(place as usize)?))) {
        let steps = vec![HeadingStep::Member(name), HeadingStep::Item, HeadingStep::Member(field.json)];
        let own = Leaf { steps, kind: field.kind, field, element: leaf.element };
        insert(root, &own, number, &ValueSource::Said((*value).to_owned()));
    }
}

/// Puts a value in its place; the column that is there already, if one is.
pub(crate) fn insert(root: &mut Node, leaf: &Leaf, number: &str, source: &ValueSource) -> Option<u32> {
    let mut node = root;
    let required = leaf.field.required;
    for (at, step) in leaf.steps.iter().enumerate() {
        let rest = &leaf.steps[at + 1..];
        let fresh = || match rest.first() {
            None => Node::Value { source: source.clone(), kind: leaf.kind, field: leaf.field, pointer: String::new() },
            Some(HeadingStep::Item) => Node::List { items: Vec::new(), required },
            Some(_) => Node::Object(Vec::new()),
        };
        let (place, is_new) = match (node, step) {
            (Node::Object(members), HeadingStep::Member(name)) => child(members, (*name).to_owned(), fresh),
            (Node::Object(members), HeadingStep::Code(_)) => child(members, number.to_owned(), fresh),
            (Node::List { items, .. }, HeadingStep::Item) => child(items, number.parse().unwrap_or(u32::MAX), fresh),
            (taken, _) => return first_column(taken),
        };
        if rest.is_empty() && !is_new {
            return first_column(place);
        }
        node = place;
    }
    None
}

fn child<K: PartialEq>(children: &mut Vec<(K, Node)>, name: K, fresh: impl FnOnce() -> Node) -> (&mut Node, bool) {
    match children.iter().position(|(known, _)| *known == name) {
        Some(at) => (&mut children[at].1, false),
        None => {
            children.push((name, fresh()));
            let last = children.len() - 1;
            (&mut children[last].1, true)
        }
    }
}

pub(crate) fn first_column(node: &Node) -> Option<u32> {
    match node {
        Node::Value { source, .. } => source.first_column(),
        Node::Object(members) => members.iter().find_map(|(_, node)| first_column(node)),
        Node::List { items, .. } => items.iter().find_map(|(_, node)| first_column(node)),
    }
}

/// Sorts the elements of lists by their numbers and tells every value its pointer.
pub(crate) fn settle(node: &mut Node, path: &mut String, filled: &mut [Filled]) {
    let length = path.len();
    match node {
        Node::Value { source, pointer, .. } => {
            *pointer = path.clone();
            filled
                .iter_mut()
                .filter(|filled| filled.source == *source)
                .for_each(|filled| filled.pointer.clone_from(path));
        }
        Node::Object(members) => {
            for (name, member) in members {
                path.push('/');
                path.push_str(name);
                settle(member, path, filled);
                path.truncate(length);
            }
        }
        Node::List { items, .. } => {
            items.sort_by_key(|(number, _)| *number);
            for (at, (_, item)) in items.iter_mut().enumerate() {
                path.push_str(&format!("/{at}"));
                settle(item, path, filled);
                path.truncate(length);
            }
        }
    }
}
