//! A client that sends a line, waits for Enter, sends the next one, and then reads one line.
//!
//! Usage: ask-twice HOST PORT [MESSAGE ...]

use std::env;
use std::io::{self, BufRead, BufReader, ErrorKind, Write};
use std::net::TcpStream;
use std::process::ExitCode;

use reset_labs::steps;

/// Returns the line that the server answered, or nothing if it gave no answer.
fn ask(host: &str, port: u16, messages: &[String]) -> io::Result<Option<String>> {
    let mut server = steps::run("connect", || TcpStream::connect((host, port)))?;
    println!("Connected to {host}:{port}.");
    for (number, message) in messages.iter().enumerate() {
        if number > 0 {
            steps::run("pause", || io::stdin().read_line(&mut String::new()))?;
        }
        // One write for one line: writeln!() would make one of each of its parts.
        let line = format!("{message}\n");
        match steps::run("send", || server.write_all(line.as_bytes())) {
            // An error and no signal: Rust ignores SIGPIPE from the start, and sends with
            // MSG_NOSIGNAL. Nothing can be sent any more, but an answer may have come before.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                eprintln!("Broken pipe: the server has closed the connection.");
                break;
            }
            sent => sent?,
        }
    }
    let mut lines = BufReader::new(&server).lines();
    let reply = steps::run_or_eof("read", || lines.next().transpose())?;
    steps::run("close", || {
        drop(server); // This closes it: there is no close() that could fail.
        Ok(())
    })?;
    Ok(reply)
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [host, port, messages @ ..] = arguments.as_slice() else {
        return usage();
    };
    let Ok(port) = port.parse() else {
        return usage();
    };
    let default = ["Hello Server!", "Are you still there?"].map(String::from);
    let messages = if messages.is_empty() {
        &default
    } else {
        messages
    };
    match ask(host, port, messages) {
        Ok(Some(reply)) => {
            println!("The server said: {reply}");
            return ExitCode::SUCCESS;
        }
        Ok(None) => eprintln!("The server closed the connection without a reply."),
        Err(error) => match error.kind() {
            ErrorKind::ConnectionRefused => {
                eprintln!("Connection refused: nothing listens on {host}:{port}.")
            }
            ErrorKind::ConnectionReset => eprintln!(
                "Connection reset: the server or something on the way aborted the connection."
            ),
            _ => eprintln!("Connection failed: {error}"),
        },
    }
    ExitCode::FAILURE
}

fn usage() -> ExitCode {
    eprintln!("Usage: ask-twice HOST PORT [MESSAGE ...]");
    ExitCode::from(2)
}
