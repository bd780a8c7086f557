//! A client as lean as pgbench's: one connection, requests one after the other.

use crate::Result;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

pub struct Connection {
    stream: BufReader<TcpStream>,
}

impl Connection {
    pub fn open(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::with_capacity(1 << 16, stream) })
    }

    /// Sends a request whose head is whole, and reads the answer: status and body.
    pub fn send(&mut self, head: &[u8], body: &[u8]) -> Result<(u16, Vec<u8>)> {
        let mut answer = Vec::new();
        let status = self.send_to(head, body, &mut answer)?;
        Ok((status, answer))
    }

    /// The same into any writer.
    pub fn send_to(&mut self, head: &[u8], body: &[u8], out: &mut dyn Write) -> Result<u16> {
        self.stream.get_mut().write_all(head)?;
        self.stream.get_mut().write_all(body)?;
        let (mut line, mut status, mut length, mut chunked) = (String::new(), 0, 0, false);
        loop {
            line.clear();
            self.stream.read_line(&mut line)?;
            let lower = line.trim_end().to_ascii_lowercase();
            if let Some(rest) = lower.strip_prefix("http/1.1 ") {
                status = rest.split(' ').next().unwrap_or_default().parse()?;
            } else if let Some(rest) = lower.strip_prefix("content-length: ") {
                length = rest.parse()?;
            } else if lower == "transfer-encoding: chunked" {
                chunked = true;
            } else if lower.is_empty() {
                break;
            }
        }
        if !chunked {
            std::io::copy(&mut (&mut self.stream).take(length), out)?;
            return Ok(status);
        }
        loop {
            line.clear();
            self.stream.read_line(&mut line)?;
            let size = u64::from_str_radix(line.trim(), 16)?;
            std::io::copy(&mut (&mut self.stream).take(size), out)?;
            line.clear();
            self.stream.read_line(&mut line)?;
            if size == 0 {
                return Ok(status);
            }
        }
    }
}
