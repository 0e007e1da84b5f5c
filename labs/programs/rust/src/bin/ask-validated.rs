//! A client that looks at the connection that it kept before it asks again over it.
//!
//! Usage: ask-validated HOST PORT [MAX_IDLE_MS]

use std::env;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::process::ExitCode;
use std::time::{Duration, Instant};

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

/// Returns something if nothing has come unasked: no data, and not the end of file.
fn look(server: &BufReader<TcpStream>) -> io::Result<Option<()>> {
    if !server.buffer().is_empty() {
        return Ok(None);
    }
    let socket = server.get_ref();
    socket.set_nonblocking(true)?;
    let unasked = socket.peek(&mut [0]);
    socket.set_nonblocking(false)?;
    match unasked {
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(Some(())),
        unasked => unasked.map(|_| None),
    }
}

fn is_usable(server: &BufReader<TcpStream>) -> bool {
    let looked = steps::run_or_eof("validate", || look(server));
    matches!(looked, Ok(Some(())))
}

fn ask_twice(host: &str, port: u16, max_idle: Duration) -> io::Result<bool> {
    let mut server = connect(host, port)?;
    let mut is_answered = ask(&mut server)?;
    if is_answered {
        let used = Instant::now();
        steps::run("pause", || io::stdin().read_line(&mut String::new()))?;
        if used.elapsed() > max_idle || !is_usable(&server) {
            close(server)?;
            server = connect(host, port)?;
        }
        is_answered = ask(&mut server)?;
    }
    close(server)?;
    Ok(is_answered)
}

fn close(server: BufReader<TcpStream>) -> io::Result<()> {
    steps::run("close", || {
        drop(server); // This closes it: there is no close() that could fail.
        Ok(())
    })
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (host, port, max_idle) = match arguments.as_slice() {
        [host, port] => (host, port, Ok(Duration::MAX)),
        [host, port, max] => (host, port, max.parse().map(Duration::from_millis)),
        _ => return usage(),
    };
    let (Ok(port), Ok(max_idle)) = (port.parse(), max_idle) else {
        return usage();
    };
    match ask_twice(host, port, max_idle) {
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
    eprintln!("Usage: ask-validated HOST PORT [MAX_IDLE_MS]");
    ExitCode::from(2)
}
