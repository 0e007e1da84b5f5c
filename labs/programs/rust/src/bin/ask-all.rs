//! A client that sends one line and reads lines until there are no more.
//!
//! Usage: ask-all HOST PORT

use std::env;
use std::io::{self, BufRead, BufReader, ErrorKind, Write};
use std::net::TcpStream;
use std::process::ExitCode;

use reset_labs::steps;

/// Prints the lines that the server answered, and returns how many there were.
fn ask(host: &str, port: u16) -> io::Result<usize> {
    let mut server = steps::run("connect", || TcpStream::connect((host, port)))?;
    println!("Connected to {host}:{port}.");
    steps::run("send", || server.write_all(b"Hello Server!\n"))?;
    let mut lines = BufReader::new(&server).lines();
    let mut replies = 0;
    while let Some(reply) = steps::run_or_eof("read", || lines.next().transpose())? {
        println!("The server said: {reply}");
        replies += 1;
    }
    steps::run("close", || {
        drop(server); // This closes it: there is no close() that could fail.
        Ok(())
    })?;
    Ok(replies)
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
        Ok(0) => eprintln!("The server closed the connection without a reply."),
        Ok(_) => return ExitCode::SUCCESS,
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
    eprintln!("Usage: ask-all HOST PORT");
    ExitCode::from(2)
}
