//! `resource!`: a resource's members, written once as a list of fields with their docstrings. It yields the constant
//! `FIELDS` and a typed view of a row whose methods carry the members' names, so that rules read like the circular they
//! come from.
//!
//! A `serde` struct would stop at a record's first fault; a row keeps what is sound, and every other rule is still
//! judged.

/// Defines a view and its fields:
///
/// ```ignore
/// resource! {
///     /// A student.
///     Student {
///         /// Ten digits, for life.
///         student_code: identifier(10), required, filter;
///     }
/// }
/// ```
///
/// gives `Student::FIELDS`, `Student(&row).student_code() -> Option<&str>` and `At::student_code`, the field's place.
/// The word after the colon is both the constructor in [`Field`](crate::model::field::Field) and the accessor in
/// [`Row`](crate::model::value::Row).
#[macro_export]
macro_rules! resource {
    ($(#[doc = $doc:literal])* $view:ident { $( $(#[doc = $text:literal])* $field:ident : $kind:ident ( $($argument:expr),* ) $(, $flag:ident $(($given:expr))?)* ; )* }) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy)]
        pub struct $view<'a>(pub &'a $crate::model::value::Row);

        /// Places of the fields in a row.
        #[allow(non_camel_case_types, missing_docs, dead_code)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum At { $($field),* }

        impl From<At> for usize {
            fn from(at: At) -> usize { at as usize }
        }

        impl<'a> $view<'a> {
            /// Name of one: `Student`.
            pub const NAME: &'static str = stringify!($view);
            /// What the resource is.
            pub const DESCRIPTION: &'static str = concat!($($doc, "\n"),*);
            /// The members, in the order of the columns.
            pub const FIELDS: &'static [$crate::model::field::Field] = &[ $({
                const NAME: &str = stringify!($field);
                const JSON: &[u8; $crate::model::field::camel_length(NAME)] = &$crate::model::field::camel(NAME);
                const TEXT: &str = match core::str::from_utf8(JSON) { Ok(text) => text, Err(_) => "" };
                $crate::model::field::Field::$kind($($argument),*)$(.$flag($($given)?))*
                    .named($crate::model::field::plain(NAME), TEXT, concat!($($text, "\n"),*))
            }),* ];
            $( $(#[doc = $text])* #[allow(dead_code)] pub fn $field(&self) -> $crate::model::value::access::$kind<'a> { self.0.$kind(At::$field as usize) } )*
        }
    };
}
