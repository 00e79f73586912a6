//! Nothing that lies in a folder stops a run: compression, encodings, broken and hostile files.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;

use kloupe_sources::{Archive, Error, Source, read};

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: shop-0\n  namespace: ops\n";

const SAMPLE: &str = "$ kubectl get pods -n ops\nNAME     READY   STATUS    RESTARTS   AGE\nshop-0   1/1     Running   0          4d\n\n\
$ kubectl describe pod shop-0 -n ops\nName:         shop-0\nNamespace:    ops\nContainers:\n  manager:\n    State:    Waiting\n      Reason: Error\n      \
Message: x\ny\n    Environment:\n      A:  <set to the key 'k' in secret 's'>\nEvents:\n  Type     Reason   Age                From     Message\n  \
----     ------   ----               ----     -------\n  Warning  BackOff  2s (x3 over 4m)   kubelet  Back-off\n\n```yaml\napiVersion: v1\nkind: List\n\
items:\n- {kind: Pod, apiVersion: v1, metadata: {name: \"a\"}}\n```\n{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"b\"}}\n\
# TYPE up gauge\nup{a=\"b\"} 1\nI0304 05:06:07.000001       1 main.go:7] started\n";

fn one(name: &str, bytes: impl Into<Vec<u8>>) -> Result<Archive, Error> {
    read(&[Source::Memory { name: name.to_owned(), bytes: bytes.into() }])
}

fn folder(root: &Path) -> Result<Archive, Error> {
    read(&[Source::Path(root.to_path_buf())])
}

#[test]
fn packed_and_encoded_files_are_read() {
    let gzip = |text: &str| {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(text.as_bytes()).expect("memory writes");
        gzip.finish().expect("memory writes")
    };
    let utf16: Vec<u8> = [0xfeff].into_iter().chain(POD.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let packed = [
        gzip(POD),
        zstd::encode_all(POD.as_bytes(), 1).expect("memory writes"),
        utf16,
        [b"\xef\xbb\xbf", POD.as_bytes()].concat(),
        POD.replace('\n', "\r\n").into_bytes(),
        POD.replace("kind", "\x1b[31mkind\x1b[0m").into_bytes(),
        format!("> {}", POD.replace('\n', "\n> ")).into_bytes(),
        format!("      {}", POD.replace('\n', "\n      ")).into_bytes(),
    ];
    for bytes in packed {
        let archive = one("pod", bytes.clone()).expect("a pod");
        assert_eq!(archive.facts.objects.len(), 1, "{}", String::from_utf8_lossy(&bytes));
        assert_eq!(archive.facts.objects[0].reference.name, "shop-0");
    }
}

#[test]
fn a_packed_paste_is_taken_apart() {
    let utf16: Vec<u8> = [0xfeff].into_iter().chain(SAMPLE.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let packed = [zstd::encode_all(SAMPLE.as_bytes(), 1).expect("memory writes"), utf16];
    let plain = format!("{:?}", one("paste.txt", SAMPLE).expect("objects").facts);
    for bytes in packed {
        assert_eq!(format!("{:?}", one("paste.txt", bytes).expect("objects").facts), plain);
    }
}

#[test]
fn a_broken_archive_says_so() {
    let tar = [vec![b'a'; 40], vec![0; 217], b"ustar\x0000".to_vec(), vec![0; 300]].concat();
    for (bytes, word) in
        [(tar, "damaged tar"), (b"PK\x03\x04\x00\x00\x01\x02\x03\x00\x00\x00".to_vec(), "archive is damaged")]
    {
        let error = one("all.bin", bytes).expect_err("nothing to read");
        assert!(error.to_string().contains(word), "{error}");
    }
}

#[test]
fn errors_are_clear() {
    let root = tempfile::tempdir().expect("a folder");
    assert!(matches!(read(&[]), Err(Error::NoSource)));
    assert!(matches!(read(&[Source::Path(root.path().join("nowhere"))]), Err(Error::Missing { .. })));
    assert!(matches!(folder(root.path()), Err(Error::Empty { .. })));
    fs::write(root.path().join("empty.yaml"), "").expect("a file");
    assert!(matches!(folder(root.path()), Err(Error::Nothing { .. })));
    let error = one("issue.md", "It does not work.\n```go\nfunc main() {}\n```\nWhy?\n").expect_err("only prose");
    assert!(error.to_string().starts_with("nothing usable in what was given: \"issue.md\""), "{error}");
}

#[cfg(unix)]
#[test]
fn one_bad_file_is_a_gap() {
    let root = tempfile::tempdir().expect("a folder");
    fs::write(root.path().join("pod.yaml"), POD).expect("a file");
    fs::write(root.path().join("image.bin"), [0u8, 1, 2, 3, 4, 0xff]).expect("a file");
    fs::write(root.path().join("cut.gz"), [0x1f, 0x8b, 8, 0, 1]).expect("a file");
    fs::write(root.path().join("cut.zst"), [0x28, 0xb5, 0x2f, 0xfd, 9]).expect("a file");
    std::os::unix::fs::symlink("self", root.path().join("self")).expect("a link");
    let archive = folder(root.path()).expect("a pod");
    assert_eq!(archive.facts.objects.len(), 1);
    let mut gaps: Vec<_> = archive.facts.gaps.iter().map(|gap| gap.what.as_str()).collect();
    gaps.sort_unstable();
    assert_eq!(gaps, ["cut.gz", "cut.zst", "image.bin", "self"]);
}

#[test]
fn strange_texts_are_logs() {
    let long = "x".repeat(3_000_000);
    for bytes in [
        long.clone().into_bytes(),
        b"a\0b\nI0304 05:06:07.000001  1 x.go:1] y\n".to_vec(),
        b"caf\xe9 started\n".to_vec(),
    ] {
        let archive = one("controller.log", bytes.clone()).expect("a log");
        let mut read = Vec::new();
        archive.logs[0].open().expect("opens").read_to_end(&mut read).expect("bytes");
        assert_eq!(read, bytes);
    }
    assert_eq!(one("x.yaml", format!("{POD}  note: {long}\n")).expect("a pod").facts.objects.len(), 1);
}

#[test]
fn a_bomb_is_not_unpacked() {
    // 80 MiB of blanks behind an object, in some kilobytes.
    let mut zstd = zstd::stream::write::Encoder::new(Vec::new(), 1).expect("memory writes");
    zstd.write_all(br#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"shop-0"}}"#).expect("memory writes");
    let blanks = vec![b' '; 1 << 20];
    for _ in 0..80 {
        zstd.write_all(&blanks).expect("memory writes");
    }
    let bytes = zstd.finish().expect("memory writes");
    assert!(bytes.len() < 100_000);
    let archive = one("bomb.json.zst", bytes.clone()).expect("an object");
    assert!(
        archive.facts.gaps[0].why.get(kloupe_model::Lang::En).contains("unpacks to far more"),
        "{:?}",
        archive.facts.gaps
    );
    let mut log = one("logs/ops/shop-0/manager.log", bytes).expect("a log").logs[0].open().expect("opens");
    assert!(std::io::copy(&mut log, &mut std::io::sink()).is_err());
}

#[test]
fn a_long_log_is_not_read() {
    let root = tempfile::tempdir().expect("a folder");
    let path = root.path().join("controller.log");
    let line = b"I0304 05:06:07.000001       1 main.go:7] started\n".repeat(4096);
    let mut file = fs::File::create(&path).expect("a file");
    for _ in 0..500 {
        file.write_all(&line).expect("disk writes");
    }
    drop(file);
    let start = std::time::Instant::now();
    let archive = folder(root.path()).expect("a log");
    assert_eq!(archive.logs.len(), 1);
    assert!(start.elapsed().as_millis() < 500, "{:?}", start.elapsed());
}

/// A small generator of numbers that are the same on every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit.max(1)).expect("small")).expect("small")
    }
}

fn mutated(sample: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = sample.to_vec();
    for _ in 0..=numbers.below(6) {
        let at = numbers.below(bytes.len());
        match numbers.below(6) {
            0 => bytes.truncate(at),
            1 => bytes.insert(at, u8::try_from(numbers.below(256)).expect("a byte")),
            2 if at < bytes.len() => bytes[at] = u8::try_from(numbers.below(256)).expect("a byte"),
            3 => {
                bytes.drain(at..(at + numbers.below(40)).min(bytes.len()));
            }
            4 => bytes.splice(at..at, "é🚀\u{301}\t\x1b[".bytes()).for_each(drop),
            _ => {
                let from = numbers.below(bytes.len());
                let copy = bytes[from..(from + numbers.below(200)).min(bytes.len())].to_vec();
                bytes.splice(at..at, copy).for_each(drop);
            }
        }
        if bytes.is_empty() {
            break;
        }
    }
    bytes
}

#[test]
fn broken_texts_never_panic_and_read_the_same_twice() {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let lines: Vec<&str> = SAMPLE.lines().collect();
    for round in 0..1500 {
        let start = numbers.below(lines.len());
        let sample = if round % 3 == 0 { SAMPLE.to_owned() } else { lines[start..].join("\n") };
        let bytes = mutated(sample.as_bytes(), &mut numbers);
        let show = |result: Result<Archive, Error>| {
            result.map(|archive| format!("{:?}", (archive.facts, archive.logs.len()))).map_err(|it| it.to_string())
        };
        let (first, second) = (show(one("notes.txt", bytes.clone())), show(one("notes.txt", bytes)));
        assert_eq!(first, second);
    }
}

#[test]
fn a_folder_reads_the_same_twice() {
    let root = tempfile::tempdir().expect("a folder");
    for number in 0..40 {
        fs::write(root.path().join(format!("{number}.yaml")), POD.replace("shop-0", &format!("shop-{number}")))
            .expect("a file");
        fs::write(root.path().join(format!("{number}.txt")), SAMPLE).expect("a file");
    }
    let show = || format!("{:?}", folder(root.path()).expect("objects").facts);
    assert_eq!(show(), show());
}
