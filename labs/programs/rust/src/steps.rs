//! Reports the steps of a program to the file named by LAB_STEPS; without it, to nobody.
//!
//! `run(step, operation)` runs the operation and returns what it returned. The lines are
//! described in docs/programs.md.

use std::env;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::sync::LazyLock;
use std::time::{SystemTime, UNIX_EPOCH};

static REPORT: LazyLock<Option<File>> = LazyLock::new(|| {
    let path = env::var_os("LAB_STEPS").filter(|path| !path.is_empty())?;
    let report = OpenOptions::new().append(true).create(true).open(path);
    let report = report.expect("LAB_STEPS names a file that can be written");
    write(&report, &["runtime", "ok", env!("RUST_VERSION")]);
    Some(report)
});

pub fn run<T>(step: &str, operation: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    report(step, operation, |_| false)
}

/// Runs an operation that returns `None` at the end of file.
pub fn run_or_eof<T>(
    step: &str,
    operation: impl FnOnce() -> io::Result<Option<T>>,
) -> io::Result<Option<T>> {
    report(step, operation, Option::is_none)
}

fn report<T>(
    step: &str,
    operation: impl FnOnce() -> io::Result<T>,
    is_eof: fn(&T) -> bool,
) -> io::Result<T> {
    say(&[step, "begin"]);
    let result = operation();
    match &result {
        Ok(value) if is_eof(value) => say(&[step, "eof"]),
        Ok(_) => say(&[step, "ok"]),
        Err(error) => {
            // All errors are of one type, io::Error: what tells them apart is the kind.
            let kind = format!("{:?}", error.kind());
            say(&[step, "error", &kind, errno(error), &error.to_string()]);
        }
    }
    result
}

/// Rust tells an error's number, not its name.
fn errno(error: &io::Error) -> &'static str {
    match error.raw_os_error() {
        Some(4) => "EINTR",
        Some(24) => "EMFILE",
        Some(32) => "EPIPE",
        Some(98) => "EADDRINUSE",
        Some(103) => "ECONNABORTED",
        Some(104) => "ECONNRESET",
        Some(110) => "ETIMEDOUT",
        Some(111) => "ECONNREFUSED",
        Some(113) => "EHOSTUNREACH",
        _ => "-",
    }
}

fn say(fields: &[&str]) {
    if let Some(report) = &*REPORT {
        write(report, fields);
    }
}

fn write(mut report: &File, fields: &[&str]) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let mut line = now.expect("it is later than 1970").as_micros().to_string();
    for field in fields {
        line.push('\t');
        line.push_str(&escape(field));
    }
    line.push('\n');
    // A file has no buffer: each line is one write, also to a pipe.
    let written = report.write_all(line.as_bytes());
    written.expect("the steps can be written");
}

fn escape(field: &str) -> String {
    field
        .replace('\\', r"\\")
        .replace('\t', r"\t")
        .replace('\n', r"\n")
        .replace('\r', r"\r")
}
