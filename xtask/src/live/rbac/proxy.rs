//! The API server over `kubectl proxy`: plain HTTP on this machine, one connection a thread.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// A running `kubectl proxy`; it ends with this value.
pub(super) struct Proxy {
    child: Child,
    address: String,
}

impl Proxy {
    pub(super) fn start(kubectl: &Path, kubeconfig: &Path) -> Result<Proxy, String> {
        let mut child = Command::new(kubectl)
            .arg("--kubeconfig")
            .arg(kubeconfig)
            .args(["proxy", "--port=0"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("cannot run {}: {error}", kubectl.display()))?;
        let mut line = String::new();
        if let Some(stdout) = child.stdout.as_mut() {
            BufReader::new(stdout).read_line(&mut line).map_err(|error| error.to_string())?;
        }
        // Starting to serve on 127.0.0.1:36725
        let address = line.trim().rsplit(' ').next().unwrap_or_default().to_owned();
        let proxy = Proxy { child, address };
        if proxy.address.contains(':') { Ok(proxy) } else { Err(format!("kubectl proxy does not serve: {line}")) }
    }

    pub(super) fn connect(&self) -> Result<Connection, String> {
        let stream = TcpStream::connect(&self.address).map_err(|error| format!("{}: {error}", self.address))?;
        stream.set_nodelay(true).map_err(|error| error.to_string())?;
        Ok(Connection { stream: BufReader::new(stream) })
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // It may have ended by itself; there is nobody to tell.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One connection, used again and again.
pub(super) struct Connection {
    stream: BufReader<TcpStream>,
}

impl Connection {
    /// Asks and gives the HTTP code and the answer.
    pub(super) fn ask(&mut self, method: &str, path: &str, body: Option<&Value>) -> Result<(u16, Value), String> {
        let body = body.map_or_else(String::new, Value::to_string);
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let answer = self
            .stream
            .get_mut()
            .write_all((head + &body).as_bytes())
            .and_then(|()| self.answer())
            .map_err(|error| format!("{method} {path}: {error}"))?;
        let value = serde_json::from_slice(&answer.1).map_err(|error| format!("{method} {path}: {error}"))?;
        Ok((answer.0, value))
    }

    /// The objects of a list, with the kind that the list implies.
    pub(super) fn list(&mut self, path: &str) -> Result<Vec<Value>, String> {
        let (code, mut answer) = self.ask("GET", path, None)?;
        let (kind, version) = (answer["kind"].as_str().unwrap_or_default().to_owned(), answer["apiVersion"].clone());
        let Value::Array(mut items) = answer["items"].take() else { return Err(format!("{path}: {code} {answer}")) };
        for item in &mut items {
            item["kind"] = Value::from(kind.trim_end_matches("List"));
            item["apiVersion"] = version.clone();
        }
        Ok(items)
    }

    fn answer(&mut self) -> std::io::Result<(u16, Vec<u8>)> {
        let status = self.line()?;
        let code = status.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or_default();
        let (mut length, mut chunked) = (0, false);
        loop {
            let line = self.line()?.to_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(text) = line.strip_prefix("content-length:") {
                length = text.trim().parse().unwrap_or_default();
            }
            chunked |= line.starts_with("transfer-encoding:") && line.contains("chunked");
        }
        let mut body = Vec::new();
        if chunked {
            loop {
                let size = usize::from_str_radix(self.line()?.trim(), 16).unwrap_or_default();
                self.take(size, &mut body)?;
                self.line()?;
                if size == 0 {
                    break;
                }
            }
        } else {
            self.take(length, &mut body)?;
        }
        Ok((code, body))
    }

    fn line(&mut self) -> std::io::Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end().to_owned())
    }

    fn take(&mut self, length: usize, body: &mut Vec<u8>) -> std::io::Result<()> {
        let from = body.len();
        body.resize(from + length, 0);
        self.stream.read_exact(&mut body[from..])
    }
}
