//! A client that asks again when it gets no reply, but never pays twice.
//!
//! Usage: ask-retry HOST PORT [MESSAGE]

use std::env;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, BufRead, BufReader, ErrorKind, Write};
use std::net::TcpStream;
use std::process::ExitCode;
use std::thread::sleep;
use std::time::Duration;

use reset_labs::{steps, sys};

/// Milliseconds after each try; there is nothing to wait for after the last one.
const LONGEST_WAITS: [Option<u64>; 4] = [Some(100), Some(200), Some(400), None];

/// Returns the line that the server answered, or nothing if it gave no answer.
fn ask(host: &str, port: u16, message: &str) -> io::Result<Option<String>> {
    let mut server = steps::run("connect", || TcpStream::connect((host, port)))?;
    // While nothing is said, the system asks whether the server is still there.
    sys::set_keepalive(&server)?;
    println!("Connected to {host}:{port}.");
    // One write for one line: writeln!() would make one of each of its parts.
    let line = format!("{message}\n");
    steps::run("send", || server.write_all(line.as_bytes()))?;
    let mut lines = BufReader::new(&server).lines();
    let reply = steps::run_or_eof("read", || lines.next().transpose())?;
    steps::run("close", || {
        drop(server); // This closes it: there is no close() that could fail.
        Ok(())
    })?;
    Ok(reply)
}

/// The standard library has no random numbers, but a hasher with a random seed.
fn random_wait(longest: u64) -> Duration {
    let random = RandomState::new().hash_one(longest);
    Duration::from_millis(random % (longest + 1))
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (host, port, message) = match arguments.as_slice() {
        [host, port] => (host, port, "Hello Server!"),
        [host, port, message] => (host, port, message.as_str()),
        _ => return usage(),
    };
    let Ok(port) = port.parse() else {
        return usage();
    };
    for longest_wait in LONGEST_WAITS {
        let failure = match ask(host, port, message) {
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
                ErrorKind::BrokenPipe | ErrorKind::TimedOut | ErrorKind::HostUnreachable => {
                    format!("Connection failed: {error}")
                }
                _ => {
                    eprintln!("Connection failed: {error}");
                    break;
                }
            },
        };
        if message.starts_with("Pay") {
            eprintln!("{failure}\nNot repeated: the server may have done it already.");
            break;
        }
        let Some(longest) = longest_wait else {
            eprintln!("{failure}");
            break;
        };
        eprintln!("Trying again: {failure}");
        // A random time, or all clients of a failed server would come back at once.
        let wait = random_wait(longest);
        // Sleeping cannot fail.
        let _ = steps::run("backoff", || {
            sleep(wait);
            Ok(())
        });
    }
    ExitCode::FAILURE
}

fn usage() -> ExitCode {
    eprintln!("Usage: ask-retry HOST PORT [MESSAGE]");
    ExitCode::from(2)
}
