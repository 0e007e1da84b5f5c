//! A server that knows its limits, and says so where another one would fail.
//!
//! Usage: server-limits PORT reserve|shed

use std::env;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;

use reset_labs::{exhaust, listening, steps};

const BUSY: &[u8] = b"Busy, try again later.\n";
const BUDGET: usize = 64 << 20;

fn reserve(listener: &TcpListener) -> io::Result<()> {
    // Given back when nothing else is left, so that a client can still be told.
    let spare = File::open("/dev/null")?;
    steps::run("leak", exhaust::descriptors)?;
    drop(spare);
    let (client, _) = steps::run("accept", || listener.accept())?;
    read(&client)?;
    send(client)
}

fn shed(listener: &TcpListener) -> io::Result<()> {
    let (client, _) = steps::run("accept", || listener.accept())?;
    read(&client)?;
    steps::run("pause", || io::stdin().read_line(&mut String::new()))?;
    // The work would need more: it is given up, not the server.
    steps::run("grow", || {
        exhaust::memory(BUDGET);
        Ok(())
    })?;
    send(client)
}

fn read(client: &TcpStream) -> io::Result<()> {
    let mut lines = BufReader::new(client).lines();
    steps::run_or_eof("read", || lines.next().transpose())?;
    Ok(())
}

fn send(mut client: TcpStream) -> io::Result<()> {
    steps::run("send", || client.write_all(BUSY))?;
    steps::run("close", || {
        drop(client); // This closes it: there is no close() that could fail.
        Ok(())
    })
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [port, behaviour] = arguments.as_slice() else {
        return usage();
    };
    let serve = match behaviour.as_str() {
        "reserve" => reserve,
        "shed" => shed,
        _ => return usage(),
    };
    let Ok(port) = port.parse() else {
        return usage();
    };
    let served = steps::run("listen", || listening::on(port)).and_then(|listener| serve(&listener));
    if let Err(error) = served {
        eprintln!("Connection failed: {error}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn usage() -> ExitCode {
    eprintln!("Usage: server-limits PORT reserve|shed");
    ExitCode::from(2)
}
