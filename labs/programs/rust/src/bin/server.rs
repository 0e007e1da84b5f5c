//! A server that accepts one connection and then behaves as it is told.
//!
//! Usage: server PORT BEHAVIOUR

use std::env;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{ExitCode, exit};

use reset_labs::{exhaust, listening, steps, sys};

const BEHAVIOURS: [&str; 13] = [
    "reply",
    "close",
    "abort",
    "never-read",
    "never-reply",
    "late-reply",
    "early-reply",
    "slow-reply",
    "serve",
    "leak",
    "accept-leak",
    "grow",
    "read-grow",
];

fn behave(behaviour: &str, client: TcpStream) -> io::Result<()> {
    match behaviour {
        "reply" => {
            read(&client)?;
            send(&client)?;
        }
        "close" => read(&client)?,
        "abort" => {
            read(&client)?;
            return abort(client);
        }
        "never-read" => wait()?,
        "never-reply" => {
            read(&client)?;
            wait()?;
        }
        "late-reply" => {
            read(&client)?;
            wait()?;
            send(&client)?;
        }
        "early-reply" => {
            send(&client)?;
            wait()?;
        }
        "slow-reply" => answer_heartbeats(&client)?,
        "accept-leak" => {
            read(&client)?;
            steps::run("leak", exhaust::descriptors)?;
            wait()?;
            exit(0); // Nothing is closed here: the system does that.
        }
        "grow" => grow()?,
        _ => {
            read(&client)?;
            grow()?;
        }
    }
    close(client)
}

fn read(client: &TcpStream) -> io::Result<()> {
    let mut lines = BufReader::new(client).lines();
    steps::run_or_eof("read", || lines.next().transpose())?;
    Ok(())
}

fn send(mut client: &TcpStream) -> io::Result<()> {
    steps::run("send", || client.write_all(b"Hello Client!\n"))
}

fn close(client: TcpStream) -> io::Result<()> {
    steps::run("close", || {
        drop(client); // This closes it: there is no close() that could fail.
        Ok(())
    })
}

fn abort(client: TcpStream) -> io::Result<()> {
    steps::run("abort", || {
        // Lingering for 0 seconds makes the close throw the connection away: a reset.
        sys::set_linger(&client, 0)?;
        drop(client);
        Ok(())
    })
}

fn wait() -> io::Result<()> {
    steps::run("wait", || io::copy(&mut io::stdin(), &mut io::sink()))?;
    Ok(())
}

fn grow() -> io::Result<()> {
    steps::run("pause", || io::stdin().read_line(&mut String::new()))?;
    steps::run("grow", || {
        exhaust::memory(usize::MAX);
        Ok(())
    })
}

fn answer_heartbeats(client: &TcpStream) -> io::Result<()> {
    let mut lines = BufReader::new(client).lines();
    steps::run_or_eof("read", || lines.next().transpose())?;
    let answered = steps::run_or_eof("read", || eight_heartbeats(client, &mut lines))?;
    if answered.is_some() {
        send(client)?;
        steps::run_or_eof("read", || lines.by_ref().find(Result::is_err).transpose())?;
    }
    Ok(())
}

/// Returns nothing if the end of file comes before.
fn eight_heartbeats(
    mut client: &TcpStream,
    lines: &mut impl Iterator<Item = io::Result<String>>,
) -> io::Result<Option<()>> {
    let mut beats = 0;
    while beats < 8 {
        let Some(line) = lines.next().transpose()? else {
            return Ok(None);
        };
        if line == "Heartbeat" {
            client.write_all(b"Heartbeat\n")?;
            beats += 1;
        }
    }
    Ok(Some(()))
}

fn serve(listener: &TcpListener) -> io::Result<()> {
    loop {
        let (client, _) = steps::run("accept", || listener.accept())?;
        // After an error, too, the next client is served.
        let _ = answer(&client);
        close(client)?;
    }
}

fn answer(client: &TcpStream) -> io::Result<()> {
    let mut lines = BufReader::new(client).lines();
    while steps::run_or_eof("read", || lines.next().transpose())?.is_some() {
        send(client)?;
    }
    Ok(())
}

fn leak(listener: &TcpListener) -> io::Result<()> {
    steps::run("leak", exhaust::descriptors)?;
    if steps::run("accept", || listener.accept()).is_err() {
        wait()?;
    }
    exit(0); // Nothing is closed here: the system does that.
}

fn run(port: u16, behaviour: &str) -> io::Result<()> {
    let listener = steps::run("listen", || listening::on(port))?;
    match behaviour {
        "serve" => serve(&listener),
        "leak" => leak(&listener),
        _ => {
            let (client, _) = steps::run("accept", || listener.accept())?;
            behave(behaviour, client)
        }
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [port, behaviour] = arguments.as_slice() else {
        return usage();
    };
    let Ok(port) = port.parse() else {
        return usage();
    };
    if !BEHAVIOURS.contains(&behaviour.as_str()) {
        eprintln!("Unknown behaviour: {behaviour}");
        return ExitCode::from(127);
    }
    if let Err(error) = run(port, behaviour) {
        eprintln!("Connection failed: {error}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn usage() -> ExitCode {
    eprintln!("Usage: server PORT {}", BEHAVIOURS.join("|"));
    ExitCode::from(2)
}
