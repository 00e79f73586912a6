//! Runs case files and golden bundles.
