//! A network that fails: what comes to it goes on to the gateway, but connections are cut, answered by somebody else,
//! or held up, one after the other as a list says.

use std::{
    collections::VecDeque,
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

/// What becomes of one connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Cut after so many bytes of what is sent.
    Cut(usize),
    /// What is sent arrives, the first answer of so many bytes or more does not.
    Deaf(usize),
    /// Answered at once, with this head and no body.
    Answer(&'static str),
}

struct Shared {
    upstream: Mutex<String>,
    fates: Mutex<VecDeque<Fate>>,
    /// Between parts of what is sent.
    pause: Duration,
}

/// The network; its threads end with the test process.
pub struct Proxy {
    /// `http://127.0.0.1:PORT`
    pub url: String,
    shared: Arc<Shared>,
}

impl Proxy {
    /// To this gateway. Connections that the list does not name fare well.
    pub fn to(url: &str, pause: Duration, fates: &[Fate]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let fates = Mutex::new(fates.iter().copied().collect());
        let shared = Arc::new(Shared { upstream: Mutex::new(url.to_owned()), fates, pause });
        let of_thread = shared.clone();
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let shared = of_thread.clone();
                thread::spawn(move || carry(client, &shared));
            }
        });
        Self { url: address, shared }
    }
    /// The gateway has moved.
    pub fn moved(&self, url: &str) {
        *self.shared.upstream.lock().unwrap() = url.to_owned();
    }
    /// Fates that nobody has met yet.
    pub fn left(&self) -> usize {
        self.shared.fates.lock().unwrap().len()
    }
}

fn carry(mut client: TcpStream, shared: &Shared) {
    let fate = shared.fates.lock().unwrap().pop_front();
    if let Some(Fate::Answer(head)) = fate {
        let mut part = [0; 4096];
        let _ = client.read(&mut part);
        let _ =
            client.write_all(format!("HTTP/1.1 {head}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").as_bytes());
        // What is still on its way is taken in, or the answer would be lost with it.
        let _ = client.set_read_timeout(Some(Duration::from_millis(200)));
        while client.read(&mut part).is_ok_and(|count| count > 0) {}
        return;
    }
    let upstream = shared.upstream.lock().unwrap().trim_start_matches("http://").to_owned();
    let Ok(gateway) = TcpStream::connect(upstream) else { return };
    let (back, answer) = (client.try_clone().unwrap(), gateway.try_clone().unwrap());
    let answering = thread::spawn(move || {
        let limit = if let Some(Fate::Deaf(bytes)) = fate { bytes } else { usize::MAX };
        pump(answer, back, Duration::ZERO, |part, _| part < limit);
    });
    let limit = if let Some(Fate::Cut(bytes)) = fate { bytes } else { usize::MAX };
    pump(client, gateway, shared.pause, |_, total| total < limit);
    let _ = answering.join();
}

/// Moves bytes until either side ends, or a part is not to go on; then both sides are cut.
fn pump(mut from: TcpStream, mut to: TcpStream, pause: Duration, goes_on: impl Fn(usize, usize) -> bool) {
    let (mut part, mut total) = ([0; 1 << 15], 0);
    while let Ok(count) = from.read(&mut part) {
        total += count;
        if count == 0 || !goes_on(count, total) || to.write_all(&part[..count]).is_err() {
            break;
        }
        thread::sleep(pause);
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}
