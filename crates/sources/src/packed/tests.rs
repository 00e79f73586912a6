use std::io::{Cursor, Write};

use kloupe_model::Lang;

use super::*;

const LOG: &[u8] = b"I0304 05:06:07.000001       1 main.go:7] started\n";

fn entry(kind: ::tar::EntryType, name: &[u8], content: &[u8]) -> Vec<u8> {
    let mut header = ::tar::Header::new_gnu();
    header.set_entry_type(kind);
    header.set_size(content.len() as u64);
    header.set_mode(0o644);
    header.as_mut_bytes()[..name.len()].copy_from_slice(name);
    header.set_cksum();
    let mut bytes = header.as_bytes().to_vec();
    bytes.extend(content);
    bytes.resize(bytes.len().div_ceil(512) * 512, 0);
    bytes
}

fn tar_of(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes: Vec<u8> =
        entries.iter().flat_map(|(name, content)| entry(::tar::EntryType::Regular, name.as_bytes(), content)).collect();
    bytes.extend([0; 1024]);
    bytes
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

fn zip_of(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ::zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        writer.start_file(*name, ::zip::write::SimpleFileOptions::default()).expect("memory");
        writer.write_all(content).expect("memory");
    }
    writer.finish().expect("memory").into_inner()
}

fn input(name: &str, bytes: Vec<u8>) -> Input {
    Input { file: name.to_owned(), path: vec![name.to_owned()], bytes: Arc::new(Bytes::Memory(bytes.into())) }
}

/// The names of the files, and the gaps.
fn expanded(name: &str, bytes: Vec<u8>) -> (Vec<String>, Vec<String>) {
    let mut gaps = Vec::new();
    let inputs = expand(input(name, bytes), &mut Budget::default(), &mut gaps);
    let gaps = gaps.iter().map(|gap| format!("{}: {}", gap.what, gap.why.get(Lang::En))).collect();
    (inputs.into_iter().map(|input| input.file).collect(), gaps)
}

#[test]
fn every_packing_is_known_by_its_content() {
    let files: &[(&str, &[u8])] = &[("./ops/b.log", LOG), ("ops/a.log", LOG), ("ops/.hidden", LOG)];
    let packings = [
        tar_of(files),
        gzip(&tar_of(files)),
        zstd::encode_all(&tar_of(files)[..], 1).expect("memory"),
        zip_of(&files[1..]).clone(),
    ];
    for (at, bytes) in packings.into_iter().enumerate() {
        let expected: &[&str] = if at == 3 { &["x.log:ops/a.log"] } else { &["x.log:ops/a.log", "x.log:ops/b.log"] };
        let hidden = vec!["x.log:ops/.hidden: not read: hidden files".to_owned()];
        assert_eq!(
            expanded("x.log", bytes),
            (expected.iter().map(|name| (*name).to_owned()).collect(), hidden),
            "{at}"
        );
    }
    // The near miss: text that is named like an archive.
    assert_eq!(expanded("x.tar.gz", LOG.to_vec()), (vec!["x.tar.gz".to_owned()], vec![]));
}

#[test]
fn an_archive_in_an_archive_is_unpacked_once() {
    let inner = gzip(&tar_of(&[("a.log", LOG)]));
    let middle = tar_of(&[("inner.tar.gz", &inner)]);
    assert_eq!(expanded("x.tar", middle.clone()).0, ["x.tar:inner.tar.gz:a.log"]);
    let (files, gaps) = expanded("y.tar", tar_of(&[("x.tar", &middle)]));
    assert!(files.is_empty());
    assert_eq!(gaps, ["y.tar:x.tar:inner.tar.gz: an archive in an archive in an archive; unpack it first"]);
}

#[test]
fn names_that_climb_and_links_are_left_out() {
    let mut bytes = entry(::tar::EntryType::Regular, b"../../evil.log", LOG);
    bytes.extend(entry(::tar::EntryType::Regular, b"/etc/evil.log", LOG));
    bytes.extend(entry(::tar::EntryType::Symlink, b"link.log", b""));
    bytes.extend(entry(::tar::EntryType::Link, b"hard.log", b""));
    bytes.extend(entry(::tar::EntryType::Fifo, b"pipe", b""));
    bytes.extend(entry(::tar::EntryType::Directory, b"folder/", b""));
    bytes.extend(tar_of(&[("folder/a..log", LOG)]));
    let (files, gaps) = expanded("x.tar", bytes);
    assert_eq!(files, ["x.tar:folder/a..log"]);
    assert_eq!(gaps.len(), 5, "{gaps:?}");
    assert_eq!(gaps[0], "x.tar:../../evil.log: left out: its name leads out of the archive");
    assert_eq!(gaps[4], "x.tar:hard.log: left out: it is a link, and links in archives are not followed");
    let (files, gaps) = expanded("x.zip", zip_of(&[("..\\evil.log", LOG), ("ops\\a.log", LOG)]));
    assert_eq!((files, gaps.len()), (vec!["x.zip:ops/a.log".to_owned()], 1));
}

/// A link as tar writes it.
fn link(kind: ::tar::EntryType, name: &str, target: &str) -> Vec<u8> {
    let mut header = ::tar::Header::new_gnu();
    header.set_entry_type(kind);
    header.set_size(0);
    header.set_path(name).expect("short");
    header.as_mut_bytes()[157..157 + target.len()].copy_from_slice(target.as_bytes());
    header.set_cksum();
    header.as_bytes().to_vec()
}

#[test]
fn links_are_never_followed() {
    use ::tar::EntryType::{Link, Symlink};
    let out = tempfile::tempdir().expect("a folder");
    let secret = out.path().join("secret.log");
    std::fs::write(&secret, LOG).expect("a file");
    let outside = secret.to_string_lossy().into_owned();
    // A link to a folder outside, and a file that is written through it; links in, out, and to nothing.
    let mut bytes = link(Symlink, "out", &out.path().to_string_lossy());
    bytes.extend(entry(::tar::EntryType::Regular, b"out/planted.log", LOG));
    bytes.extend(link(Symlink, "a/steal.log", &outside));
    bytes.extend(link(Link, "hard.log", &outside));
    bytes.extend(link(Symlink, "a/climb.log", "../../../../../../etc/hostname"));
    bytes.extend(link(Symlink, "a/in.log", "../pods/x.log"));
    bytes.extend(link(Link, "same.log", "pods/x.log"));
    bytes.extend(tar_of(&[("pods/x.log", LOG)]));
    let (files, gaps) = expanded("x.tar", bytes);
    assert_eq!(files, ["x.tar:out/planted.log", "x.tar:pods/x.log"]);
    let why = "left out: it is a link, and links in archives are not followed";
    let expected = ["out", "a/steal.log", "hard.log", "a/climb.log"].map(|name| format!("x.tar:{name}: {why}"));
    assert_eq!(gaps, expected);
    assert_eq!(std::fs::read_dir(out.path()).expect("a folder").count(), 1, "nothing was written outside");

    let mut writer = ::zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = ::zip::write::SimpleFileOptions::default();
    writer.add_symlink("steal.log", &outside, options).expect("memory");
    writer.add_symlink("a/in.log", "../x.log", options).expect("memory");
    writer.start_file("x.log", options).expect("memory");
    writer.write_all(LOG).expect("memory");
    let (files, gaps) = expanded("x.zip", writer.finish().expect("memory").into_inner());
    assert_eq!((files, gaps), (vec!["x.zip:x.log".to_owned()], vec![format!("x.zip:steal.log: {why}")]));
}

#[test]
fn a_million_entries_end() {
    // Folders, of which none is unpacked: what counts is how many there are. Packed, they are some kilobytes.
    let folder = entry(::tar::EntryType::Directory, b"folder/", b"");
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 1).expect("memory");
    encoder.write_all(&tar_of(&[("a.log", LOG)])[..1024]).expect("memory");
    for _ in 0..1_100_000 / 64 {
        encoder.write_all(&folder.repeat(64)).expect("memory");
    }
    let bytes = encoder.finish().expect("memory");
    let (files, gaps) = expanded("x.tar.zst", bytes);
    assert_eq!(files, ["x.tar.zst:a.log"]);
    assert_eq!(gaps.len(), 1, "{gaps:?}");
    assert!(gaps[0].starts_with("x.tar.zst: "), "{gaps:?}");

    let mut zip = zip_of(&[("a.log", LOG)]);
    let end = zip.len() - 22;
    zip[end + 8..end + 12].copy_from_slice(&[0xff; 4]);
    let (files, gaps) = expanded("x.zip", zip);
    assert!(files.is_empty());
    assert_eq!(gaps, ["x.zip: a zip archive of more than 65,534 files; unpack it first"]);
}

#[test]
fn many_of_a_kind_are_counted() {
    let bytes: Vec<u8> =
        (0..50).flat_map(|at| entry(::tar::EntryType::Symlink, format!("l{at}").as_bytes(), b"")).collect();
    let (_, gaps) = expanded("x.tar", bytes);
    assert_eq!(gaps.len(), MAX_NAMED + 1);
    assert!(gaps[MAX_NAMED].starts_with("x.tar: +40: left out: it is a link"), "{gaps:?}");
}

#[test]
fn a_cut_archive_gives_what_came_before() {
    let noise: Vec<u8> = (0..200_000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    for bytes in [tar_of(&[("a.log", LOG), ("b.log", &noise)]), gzip(&tar_of(&[("a.log", LOG), ("b.log", &noise)]))] {
        let (files, gaps) = expanded("x.tar", bytes[..bytes.len() / 2].to_vec());
        assert_eq!(files[0], "x.tar:a.log");
        assert!(gaps.iter().any(|gap| gap.starts_with("x.tar:b.log: only a part can be read")), "{gaps:?}");
    }
    let zip = zip_of(&[("a.log", LOG)]);
    let (files, gaps) = expanded("x.zip", zip[..zip.len() - 30].to_vec());
    assert!(files.is_empty() && gaps[0].starts_with("x.zip: the archive is damaged or cut off"), "{gaps:?}");
    assert_eq!(expanded("x.zip", zip_of(&[])).1, ["x.zip: the archive holds no file"]);
}

#[test]
fn a_bomb_stops() {
    let zeros = vec![0; 70 << 20];
    for bytes in [gzip(&tar_of(&[("a.log", LOG), ("zeros", &zeros)])), zip_of(&[("a.log", LOG), ("zeros", &zeros)])] {
        let (files, gaps) = expanded("x", bytes);
        assert_eq!(files[0], "x:a.log");
        assert!(gaps.iter().any(|gap| gap.contains("unpacks to far more than")), "{gaps:?}");
    }
}

#[test]
fn long_names_and_many_files() {
    let name = "d/".repeat(90) + "a.log";
    let mut bytes = entry(::tar::EntryType::GNULongName, b"././@LongLink", format!("{name}\0").as_bytes());
    bytes.extend(entry(::tar::EntryType::Regular, b"short", LOG));
    let endless = vec![b'n'; MAX_NAME * 3];
    bytes.extend(entry(::tar::EntryType::GNULongName, b"././@LongLink", &endless));
    bytes.extend(tar_of(&[("short", LOG), ("b\x1b[31m.log", LOG)]));
    let (files, gaps) = expanded("x", bytes.clone());
    assert_eq!(files, ["x:b\u{fffd}[31m.log".to_owned(), format!("x:{name}")]);
    assert!(gaps.len() == 1 && gaps[0].ends_with("left out: its name is too long"), "{gaps:?}");
    let mut gaps = Vec::new();
    let mut budget = Budget { files: 1, bytes: MAX_TOTAL };
    let files = expand(input("x", bytes), &mut budget, &mut gaps);
    assert_eq!(files.len(), 1);
    assert!(gaps.iter().any(|gap| gap.why.get(Lang::Zh).contains("超过")), "{gaps:?}");
}

#[test]
fn the_files_go_with_the_last_that_reads_them() {
    let mut inputs = expand(input("x", tar_of(&[("a.log", LOG)])), &mut Budget::default(), &mut Vec::new());
    let kept = Arc::clone(&inputs[0].bytes);
    inputs.clear();
    let Bytes::Unpacked { path, .. } = &*kept else { panic!("an unpacked file") };
    let path = path.clone();
    assert!(path.exists());
    drop(kept);
    assert!(!path.exists());
}
