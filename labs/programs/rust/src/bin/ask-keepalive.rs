//! A client that sends one line and reads one line, with TCP keepalive.
//!
//! Usage: ask-keepalive HOST PORT

use std::env;
use std::io::{self, BufRead, BufReader, ErrorKind, Write};
use std::net::TcpStream;
use std::process::ExitCode;

use reset_labs::{steps, sys};

/// Returns the line that the server answered, or nothing if it gave no answer.
fn ask(host: &str, port: u16) -> io::Result<Option<String>> {
    let mut server = steps::run("connect", || TcpStream::connect((host, port)))?;
    // While nothing is said, the system asks whether the server is still there.
    sys::set_keepalive(&server)?;
    println!("Connected to {host}:{port}.");
    steps::run("send", || server.write_all(b"Hello Server!\n"))?;
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
    let [host, port] = arguments.as_slice() else {
        return usage();
    };
    let Ok(port) = port.parse() else {
        return usage();
    };
    match ask(host, port) {
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
    eprintln!("Usage: ask-keepalive HOST PORT");
    ExitCode::from(2)
}
