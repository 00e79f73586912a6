//! A bundle of kloupe's own as it is written: one folder in a `.tar.zst`. What lies where in it, `docs/bundle.md` says; the readers
//! know it by the same places and contents as what other collectors write.

use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tar::{Builder, Header};
use tempfile::NamedTempFile;
use zstd::stream::write::Encoder;

/// The folder that holds everything.
pub const ROOT: &str = "kloupe-bundle";

/// The document that says what was asked and what was got.
pub const MANIFEST: &str = "manifest.json";

/// The folder of `OpenAPI` documents, each by its path at the API server.
pub const OPENAPI: &str = "openapi";

/// What the manifest calls itself.
pub const KIND: &str = "KloupeBundle";

/// The layout's version; readers refuse newer ones.
pub const VERSION: u64 = 1;

/// How the first line of a saved metrics page begins; the time of the reading follows (RFC 3339). To Prometheus it is a comment.
pub const SCRAPED: &str = "# scraped at ";

/// A bundle that is being written. Until `finish` there is no file of its name.
pub struct Writer {
    tar: Builder<Encoder<'static, NamedTempFile>>,
    path: PathBuf,
    modified: u64,
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Writer {
    /// Begins a bundle; `modified` is the time of all files in it, in seconds.
    pub fn create(path: &Path, modified: u64) -> io::Result<Writer> {
        if path.exists() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let file = tempfile::Builder::new().prefix(".kloupe-").tempfile_in(folder)?;
        Ok(Writer { tar: Builder::new(Encoder::new(file, 0)?), path: path.to_owned(), modified })
    }

    /// Adds a file.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let mut header = Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o600);
        header.set_mtime(self.modified);
        self.tar.append_data(&mut header, format!("{ROOT}/{name}"), bytes)
    }

    /// Ends the bundle and gives it its name; returns its size.
    pub fn finish(self) -> io::Result<u64> {
        let mut file = self.tar.into_inner()?.finish()?;
        file.flush()?;
        let size = file.as_file().metadata()?.len();
        file.persist_noclobber(&self.path).map_err(|error| error.error)?;
        Ok(size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Source, read};

    #[test]
    fn what_is_written_is_read_again_and_nothing_is_written_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.tar.zst");
        let mut writer = Writer::create(&path, 1_700_000_000).expect("it begins");
        let pods =
            br#"{"apiVersion":"v1","kind":"PodList","items":[{"metadata":{"name":"web-0","namespace":"shop"}}]}"#;
        writer.add("namespaces/shop/pods.json", pods).expect("it is added");
        writer
            .add("namespaces/shop/jobs.batch.json", br#"{"apiVersion":"batch/v1","kind":"JobList","items":[]}"#)
            .expect("it is added");
        writer.add("logs/shop/web-0/app.previous.log", b"2026-01-01T00:00:00Z hello\n").expect("it is added");
        let manifest = br#"{"kind":"KloupeBundle","version":1,"capturedAt":"2026-01-01T00:00:01Z",
            "refused":[{"path":"/api/v1/nodes","why":"nodes is forbidden: User \"jane\" cannot list resource \"nodes\" in API group \"\" at the cluster scope"}]}"#;
        writer.add(MANIFEST, manifest).expect("it is added");
        assert!(!path.exists(), "an unfinished bundle has no name");
        assert!(writer.finish().expect("it ends") > 0);
        assert!(Writer::create(&path, 0).is_err());

        let archive = read(&[Source::Path(path)]).expect("it is read");
        assert_eq!(archive.facts.objects.len(), 1);
        assert_eq!(archive.logs[0].pod.as_deref(), Some("web-0"));
        assert!(archive.logs[0].previous);
        let listed = |kind: &str| {
            archive.facts.listed.iter().any(|it| it.kind == kind && it.namespace.as_deref() == Some("shop"))
        };
        assert!(listed("Pod") && listed("Job"), "{:?}", archive.facts.listed);
        assert_eq!(
            archive.facts.captured_at.and_then(kloupe_model::Stamp::rfc3339).as_deref(),
            Some("2026-01-01T00:00:01Z")
        );
        assert_eq!(archive.facts.gaps.len(), 1, "{:?}", archive.facts.gaps);
        assert!(archive.facts.gaps[0].why.get(kloupe_model::Lang::En).contains("nodes is forbidden"));
    }
}
