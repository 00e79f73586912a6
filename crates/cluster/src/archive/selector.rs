//! Label and field selectors of a list.

mod fields;
mod labels;

pub(super) use fields::Fields;
pub(super) use labels::Labels;
