//! A subscriber, a hub or an outlet that follows a script and remembers every request with its body.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};

use crate::program::answer;

/// A request as it was heard.
#[derive(Debug, Clone)]
pub struct Heard {
    pub method: String,
    pub path: String,
    pub head: String,
    pub body: Vec<u8>,
}

impl Heard {
    pub fn header(&self, name: &str) -> Option<&str> {
        crate::politeness::town::header(&self.head, name)
    }

    /// A parameter of its query or form.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let query = self.path.split_once('?').map_or("", |(_, query)| query).as_bytes();
        let all = url::form_urlencoded::parse(query).chain(url::form_urlencoded::parse(&self.body));
        all.into_iter().find(|(own, _)| own == name).map(|(_, value)| value.into_owned())
    }
}

type Script = dyn Fn(&Heard) -> Vec<u8> + Send + Sync;

pub struct Peer {
    pub address: SocketAddr,
    heard: Arc<Mutex<Vec<Heard>>>,
}

/// Says yes to every challenge, and to every delivery.
pub fn willing(heard: &Heard) -> Vec<u8> {
    answer("200 OK", "", heard.parameter("hub.challenge").unwrap_or_default().as_bytes())
}

impl Peer {
    pub fn start(script: impl Fn(&Heard) -> Vec<u8> + Send + Sync + 'static) -> Peer {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let heard: Arc<Mutex<Vec<Heard>>> = Arc::default();
        let (list, script): (_, Arc<Script>) = (Arc::clone(&heard), Arc::new(script));
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let (list, script) = (Arc::clone(&list), Arc::clone(&script));
                std::thread::spawn(move || {
                    let mut reader = BufReader::new(stream.try_clone().unwrap());
                    let mut head = String::new();
                    while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head).is_ok_and(|read| read > 0) {}
                    let head = head.replace("\r\n", "\n");
                    let length = crate::politeness::town::header(&head, "content-length");
                    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
                    if reader.read_exact(&mut body).is_err() {
                        return;
                    }
                    let mut words = head.split(' ').map(str::to_owned);
                    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
                    let one = Heard { method, path, head, body };
                    list.lock().unwrap().push(one.clone());
                    let _ = stream.write_all(&script(&one));
                });
            }
        });
        Peer { address, heard }
    }

    /// Its address under a name.
    pub fn at(&self, name: &str, path: &str) -> String {
        format!("http://{name}.example:{}{path}", self.address.port())
    }

    pub fn heard(&self, method: &str) -> Vec<Heard> {
        self.heard.lock().unwrap().iter().filter(|one| one.method == method).cloned().collect()
    }
}
