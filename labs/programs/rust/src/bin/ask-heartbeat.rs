//! A client that asks for signs of life while it waits, and asks once more.
//!
//! Usage: ask-heartbeat HOST PORT

use std::env;
use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use reset_labs::steps;

const INTERVAL: Duration = Duration::from_millis(250);
const PATIENCE: Duration = Duration::from_secs(1);

/// Returns the first line that is no heartbeat, or nothing at the end of file.
fn read(server: &mut TcpStream) -> io::Result<Option<String>> {
    let mut received = Vec::new();
    let mut data = [0; 4096];
    let mut heard = Instant::now();
    let mut beat = heard + INTERVAL;
    loop {
        let next = beat.min(heard + PATIENCE);
        let wait = next.saturating_duration_since(Instant::now());
        // No time at all would be an error.
        server.set_read_timeout(Some(wait.max(Duration::from_millis(1))))?;
        match server.read(&mut data) {
            Ok(0) => return Ok((!received.is_empty()).then(|| text(&received))),
            Ok(count) => {
                received.extend_from_slice(&data[..count]);
                while let Some(end) = received.iter().position(|&byte| byte == b'\n') {
                    let line: Vec<u8> = received.drain(..=end).collect();
                    if line != b"Heartbeat\n" {
                        return Ok(Some(text(&line[..end])));
                    }
                }
                heard = Instant::now();
                beat = heard + INTERVAL;
            }
            Err(error) => match error.kind() {
                // The time is over: no TimedOut, but what the system says (EAGAIN).
                ErrorKind::WouldBlock => {
                    if heard.elapsed() >= PATIENCE {
                        let silence = "no sign of life from the server";
                        return Err(io::Error::new(ErrorKind::TimedOut, silence));
                    }
                    if Instant::now() >= beat {
                        server.write_all(b"Heartbeat\n")?;
                        beat += INTERVAL;
                    }
                }
                // With a timeout, Linux ends the read of a process that was stopped and goes on.
                ErrorKind::Interrupted => {}
                _ => return Err(error),
            },
        }
    }
}

fn text(line: &[u8]) -> String {
    String::from_utf8_lossy(line).into_owned()
}

/// Returns the line that the server answered, or nothing if it gave no answer.
fn ask(host: &str, port: u16) -> io::Result<Option<String>> {
    let mut server = steps::run("connect", || TcpStream::connect((host, port)))?;
    println!("Connected to {host}:{port}.");
    steps::run("send", || server.write_all(b"Hello Server!\n"))?;
    let reply = steps::run_or_eof("read", || read(&mut server))?;
    steps::run("close", || {
        drop(server); // This closes it: there is no close() that could fail.
        Ok(())
    })?;
    Ok(reply)
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [host, port] = arguments.as_slice() else {
        return usage();
    };
    let Ok(port) = port.parse() else {
        return usage();
    };
    for is_last in [false, true] {
        let failure = match ask(host, port) {
            Ok(Some(reply)) => {
                println!("The server said: {reply}");
                return ExitCode::SUCCESS;
            }
            Ok(None) => "The server closed the connection without a reply.".to_string(),
            Err(error) => match error.kind() {
                ErrorKind::ConnectionRefused => {
                    format!("Connection refused: nothing listens on {host}:{port}.")
                }
                ErrorKind::ConnectionReset => {
                    "Connection reset: the server or something on the way aborted the connection."
                        .to_string()
                }
                // What the system tells when its own patience ends has a number.
                ErrorKind::TimedOut if error.raw_os_error().is_none() => {
                    "No sign of life from the server.".to_string()
                }
                _ => format!("Connection failed: {error}"),
            },
        };
        if is_last {
            eprintln!("{failure}");
        } else {
            eprintln!("Trying again: {failure}");
        }
    }
    ExitCode::FAILURE
}

fn usage() -> ExitCode {
    eprintln!("Usage: ask-heartbeat HOST PORT");
    ExitCode::from(2)
}
