//! A client that keeps its connection, and asks again over it when Enter is pressed.
//!
//! Usage: ask-pooled HOST PORT

use std::env;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::process::ExitCode;

use reset_labs::steps;

fn connect(host: &str, port: u16) -> io::Result<BufReader<TcpStream>> {
    let server = steps::run("connect", || TcpStream::connect((host, port)))?;
    println!("Connected to {host}:{port}.");
    // One for all replies: it reads ahead, and what it has read would be lost with it.
    Ok(BufReader::new(server))
}

/// Prints the line that the server answered; says whether it gave an answer.
fn ask(server: &mut BufReader<TcpStream>) -> io::Result<bool> {
    steps::run("send", || server.get_mut().write_all(b"Hello Server!\n"))?;
    let mut lines = server.by_ref().lines();
    let reply = steps::run_or_eof("read", || lines.next().transpose())?;
    if let Some(reply) = &reply {
        println!("The server said: {reply}");
    }
    Ok(reply.is_some())
}

fn ask_twice(host: &str, port: u16) -> io::Result<bool> {
    let mut server = connect(host, port)?;
    let mut is_answered = ask(&mut server)?;
    if is_answered {
        steps::run("pause", || io::stdin().read_line(&mut String::new()))?;
        is_answered = ask(&mut server)?;
    }
    steps::run("close", || {
        drop(server); // This closes it: there is no close() that could fail.
        Ok(())
    })?;
    Ok(is_answered)
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [host, port] = arguments.as_slice() else {
        return usage();
    };
    let Ok(port) = port.parse() else {
        return usage();
    };
    match ask_twice(host, port) {
        Ok(true) => return ExitCode::SUCCESS,
        Ok(false) => eprintln!("The server closed the connection without a reply."),
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
    eprintln!("Usage: ask-pooled HOST PORT");
    ExitCode::from(2)
}
