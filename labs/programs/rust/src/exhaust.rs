//! Uses up what a process has only so much of; the servers share it.

use std::fs::File;
use std::hint::black_box;
use std::io;
use std::mem::forget;

/// There is no ErrorKind for it yet.
const EMFILE: i32 = 24;
const CHUNK: usize = 8 << 20;

/// Opens files until the process may not have more; they stay open.
pub fn descriptors() -> io::Result<()> {
    loop {
        match File::open("/dev/null") {
            // What is dropped is closed; what is forgotten is not.
            Ok(file) => forget(file),
            Err(error) if error.raw_os_error() == Some(EMFILE) => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}

/// Takes as much memory as the budget allows, and frees it when it returns.
pub fn memory(budget: usize) {
    let mut taken = Vec::new();
    while taken.len() < budget / CHUNK {
        // Zeros would cost nothing: the system gives a page when it is written to. The
        // compiler would leave out what nobody looks at.
        taken.push(black_box(vec![b'x'; CHUNK]));
    }
}
