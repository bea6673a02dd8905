//! Runs the program on a feeds.toml in a directory of its own.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tempfile::TempDir;

/// A directory with a feeds.toml.
pub struct Program {
    pub directory: TempDir,
}

impl Program {
    pub fn new(sources: &[(&str, String)], more: &str) -> Program {
        let directory = tempfile::tempdir().unwrap();
        let mut text = String::from(
            "[site]\ntitle = \"Uji\"\nurl = \"http://127.0.0.1/\"\n[fetch]\nhost_gap = \"0s\"\nper_host = 4\nallow_private = true\n",
        );
        text.push_str(more);
        text.push_str(include_str!("../benches/support/topics.toml"));
        for (id, url) in sources {
            text.push_str(&format!("[[source]]\nid = \"{id}\"\ntitle = \"Media {id}\"\nurl = \"{url}\"\n"));
        }
        fs::write(directory.path().join("feeds.toml"), text).unwrap();
        Program { directory }
    }

    pub fn config(&self) -> PathBuf {
        self.directory.path().join("feeds.toml")
    }

    pub fn store(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kliping"));
        command.args(arguments).arg("--config").arg(self.config()).env_remove("KLIPING_CONFIG").stdin(Stdio::null());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        Ran(self.command(arguments).output().unwrap())
    }
}

/// What a run of the program left.
pub struct Ran(pub Output);

impl Ran {
    pub fn code(&self) -> i32 {
        self.0.status.code().unwrap_or(-1)
    }

    pub fn out(&self) -> String {
        String::from_utf8_lossy(&self.0.stdout).into_owned()
    }

    pub fn err(&self) -> String {
        String::from_utf8_lossy(&self.0.stderr).into_owned()
    }
}

/// A daemon on a free port, ended with the test.
pub struct Daemon {
    pub child: Child,
    pub address: SocketAddr,
}

impl Daemon {
    pub fn start(program: &Program) -> Daemon {
        let mut child = program.command(&["run", "--listen", "127.0.0.1:0"]).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("listening on http://").map(|address| address.parse().unwrap()))
            .expect("the daemon says where it listens");
        // The log goes on: somebody must read it.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        Daemon { child, address }
    }

    pub fn get(&self, path: &str, headers: &str) -> Answer {
        ask(self.address, "GET", path, headers)
    }

    pub fn stop(mut self) -> i32 {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        self.child.wait().unwrap().code().unwrap_or(-1)
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An answer, as it came.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .find_map(|line| line.split_once(": ").filter(|(key, _)| key.eq_ignore_ascii_case(name)))
            .map(|(_, value)| value)
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// One request by hand, so that every byte of the answer is seen.
pub fn ask(address: SocketAddr, method: &str, path: &str, headers: &str) -> Answer {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    write!(stream, "{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{headers}\r\n").unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    let split = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let head = String::from_utf8_lossy(&bytes[..split]).into_owned();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, head, body: bytes[split + 4..].to_vec() }
}

/// What an outlet answers to a path and the request's head.
pub type Script = dyn Fn(&str, &str) -> Vec<u8> + Send + Sync;

/// An outlet that follows a script and remembers what it was asked.
pub struct Outlet {
    pub address: SocketAddr,
    pub asked: Arc<Mutex<Vec<String>>>,
}

impl Outlet {
    pub fn start(script: impl Fn(&str, &str) -> Vec<u8> + Send + Sync + 'static) -> Outlet {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let (seen, script): (_, Arc<Script>) = (Arc::clone(&asked), Arc::new(script));
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let (seen, script) = (Arc::clone(&seen), Arc::clone(&script));
                std::thread::spawn(move || {
                    let mut reader = BufReader::new(stream.try_clone().unwrap());
                    let mut head = String::new();
                    while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head).is_ok_and(|read| read > 0) {}
                    let path = head.split(' ').nth(1).unwrap_or("/").to_owned();
                    seen.lock().unwrap().push(head.clone());
                    // A client that was killed hears nothing.
                    let _ = stream.write_all(&script(&path, &head));
                });
            }
        });
        Outlet { address, asked }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

pub fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n", body.len());
    [head.as_bytes(), body].concat()
}
