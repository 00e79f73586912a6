//! The output formats: a new one is a file here and a line in the list.

use kloupe_model::registry;

use crate::Output;

registry! {
    /// Every output, the default first.
    pub ALL: Output = OUTPUT in {
        text,
        json,
        markdown,
    }
}

/// The output of that name.
pub fn output(name: &str) -> Option<&'static Output> {
    ALL.iter().copied().find(|output| output.name == name)
}

#[cfg(test)]
mod tests;
