//! What kubectl shows.

use super::{Desk, scenario};

#[test]
fn look() {
    let mut d = Desk::new(scenario(4));
    for line in std::fs::read_to_string("/tmp/kube_lines").unwrap_or_default().lines() {
        let out = d.run(line);
        println!("$ {line}\n{out}");
    }
}
