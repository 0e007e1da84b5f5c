//! A server that finishes what it has begun when it is told to end with SIGTERM.
//!
//! Usage: server-graceful PORT

use std::env;
use std::ffi::c_int;
use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::process::ExitCode;
use std::sync::OnceLock;

use reset_labs::{listening, steps, sys};

static BELL: OnceLock<UnixStream> = OnceLock::new();

/// SIGTERM becomes a byte that stays until somebody waits for it: a signal that comes just
/// before the wait begins is not missed. The standard library goes on after a signal by itself
/// (accept() say), so it must be told in another way.
extern "C" fn ring(_: c_int) {
    if let Some(mut bell) = BELL.get() {
        let _ = bell.write(b"!");
    }
}

struct Server {
    /// None after SIGTERM.
    listener: Option<TcpListener>,
    alarm: UnixStream,
    keyboard: File,
}

struct Client {
    socket: TcpStream,
    received: Vec<u8>,
}

impl Server {
    fn serve(&mut self) -> io::Result<()> {
        while let Some(listener) = &self.listener {
            let accepted = steps::run("accept", || {
                self.wait_for(listener)?;
                listener.accept()
            });
            let (socket, _) = match accepted {
                Err(error) if error.kind() == ErrorKind::Interrupted => return self.stop(),
                accepted => accepted?,
            };
            let received = Vec::new();
            let mut client = Client { socket, received };
            // After an error it is closed, too, and the next client is served.
            let _ = self.attend(&mut client);
            steps::run("close", || {
                drop(client); // This closes it: there is no close() that could fail.
                Ok(())
            })?;
        }
        Ok(())
    }

    fn attend(&mut self, client: &mut Client) -> io::Result<()> {
        match self.answer(client) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            result => result?,
        }
        if self.listener.is_none() {
            steps::run("shutdown", || client.socket.shutdown(Shutdown::Write))?;
            steps::run("drain", || io::copy(&mut client.socket, &mut io::sink()))?;
        }
        Ok(())
    }

    /// Answers each line until the end of file, or until SIGTERM.
    fn answer(&mut self, client: &mut Client) -> io::Result<()> {
        while self.listener.is_some() {
            self.run(client, |it, _| steps::run("work", || it.work()))?;
            let read = |it: &Self, client: &mut _| steps::run_or_eof("read", || it.read(client));
            if self.run(client, read)?.is_none() {
                break;
            }
            steps::run("send", || client.socket.write_all(b"Hello Client!\n"))?;
        }
        Ok(())
    }

    /// Runs a step that waits. After SIGTERM it is run again if a request has come.
    fn run<T>(
        &mut self,
        client: &mut Client,
        step: impl Fn(&Self, &mut Client) -> io::Result<T>,
    ) -> io::Result<T> {
        match step(self, client) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {
                self.stop()?;
                if !client.has_request()? {
                    return Err(error);
                }
                step(self, client)
            }
            result => result,
        }
    }

    fn stop(&mut self) -> io::Result<()> {
        steps::run("stop", || {
            self.listener = None; // This closes it.
            Ok(())
        })
    }

    fn wait_for(&self, source: &impl AsFd) -> io::Result<()> {
        if self.listener.is_none() {
            return sys::wait_for([source.as_fd()]).map(|_| ());
        }
        let [_, is_told] = sys::wait_for([source.as_fd(), self.alarm.as_fd()])?;
        if is_told {
            return Err(ErrorKind::Interrupted.into());
        }
        Ok(())
    }

    /// Waits for Enter, byte by byte: the system does not know of lines that are read ahead.
    fn work(&self) -> io::Result<()> {
        let mut byte = [0];
        loop {
            self.wait_for(&self.keyboard)?;
            if (&self.keyboard).read(&mut byte)? == 0 || byte == *b"\n" {
                return Ok(());
            }
        }
    }

    fn read(&self, client: &mut Client) -> io::Result<Option<()>> {
        let mut data = [0; 4096];
        loop {
            if let Some(end) = client.received.iter().position(|&byte| byte == b'\n') {
                client.received.drain(..=end);
                return Ok(Some(()));
            }
            self.wait_for(&client.socket)?;
            match client.socket.read(&mut data)? {
                0 => return Ok(None),
                count => client.received.extend_from_slice(&data[..count]),
            }
        }
    }
}

impl Client {
    /// Whether a request has come, or its beginning; the end of file is none.
    fn has_request(&self) -> io::Result<bool> {
        if !self.received.is_empty() {
            return Ok(true);
        }
        self.socket.set_nonblocking(true)?;
        let come = self.socket.peek(&mut [0]);
        self.socket.set_nonblocking(false)?;
        match come {
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(false),
            come => Ok(come? > 0),
        }
    }
}

fn serve(port: u16) -> io::Result<()> {
    let (alarm, bell) = UnixStream::pair()?;
    bell.set_nonblocking(true)?;
    // Before the signal can come, which would end the process without a handler.
    BELL.get_or_init(|| bell);
    sys::on_sigterm(ring)?;
    let keyboard = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    let listener = Some(steps::run("listen", || listening::on(port))?);
    let mut server = Server {
        listener,
        alarm,
        keyboard,
    };
    server.serve()
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [port] = arguments.as_slice() else {
        return usage();
    };
    let Ok(port) = port.parse() else {
        return usage();
    };
    if let Err(error) = serve(port) {
        eprintln!("Connection failed: {error}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn usage() -> ExitCode {
    eprintln!("Usage: server-graceful PORT");
    ExitCode::from(2)
}
