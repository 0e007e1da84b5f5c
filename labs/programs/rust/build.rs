//! Tells the programs by which version of Rust they are compiled: there is no runtime to be asked.

use std::env;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let rustc = env::var_os("RUSTC").expect("cargo names the compiler");
    let output = Command::new(rustc).arg("--version").output();
    let said = String::from_utf8(output.expect("the compiler runs").stdout);
    // "rustc 1.85.0 (4d91de4e4 2025-02-17)"
    let said = said.expect("the compiler speaks UTF-8");
    let version = said.split(' ').nth(1).expect("the compiler has a version");
    println!("cargo::rustc-env=RUST_VERSION={version}");
}
