//! openssl: the certificate that a server shows, and what stands in one.

use crate::console::machine::Read;
use crate::console::tool::net::{View, view};
use crate::console::tool::reach::{PATIENCE_MS, Reach, connect};
use crate::console::tool::{Ctx, Decl, Step, Words};
use crate::sim::distro::Distro;
use crate::stdx::time::Utc;

pub(crate) const TOOLS: &[Decl] = &[Decl {
    name: "openssl",
    synopsis: "s_client -connect HOST:PORT [-servername NAME] [-showcerts] [-brief] [-quiet] | x509 [-in FILE] [-noout] [-dates] [-startdate] [-enddate] [-subject] [-issuer] [-serial] [-checkend SECONDS] [-ext subjectAltName] [-text] | version",
    about: "look at a server's certificate (`openssl s_client -connect HOST:443 </dev/null | openssl x509 -noout -dates`)",
    subs: &["s_client", "version", "x509"],
    words: Words::Raw,
    missing: &[
        "Keys, requests, signatures, ciphers: a certificate's encoding holds what these commands print and no more.",
    ],
    examples: &[
        ("openssl rsa", "openssl: only s_client, x509 and version are available here\n"),
        ("openssl version", "OpenSSL 3.0.9 30 May 2023 (Library: OpenSSL 3.0.9 30 May 2023)\n"),
        (
            "openssl x509 -noout -dates < notes.txt",
            "Could not find certificate from <stdin>\nUnable to load certificate\n",
        ),
    ],
    step: openssl,
    ..Decl::BLANK
}];

fn openssl(c: &mut Ctx<'_>) -> Step {
    match c.args.at(0).map(str::to_owned).as_deref() {
        Some("s_client") => s_client(c),
        Some("x509") => x509(c),
        Some("version") => {
            c.line(Distro::at(c.host.utc()).openssl);
            Step::Exit(0)
        }
        _ => {
            let odd = c.args.rest.iter().find(|w| w.starts_with("--")).cloned();
            let odd = odd.map_or(String::new(), |o| format!("Invalid command '{o}'; type \"help\" for a list.\n"));
            c.p.err.push_str(&format!("{odd}openssl: only s_client, x509 and version are available here\n"));
            Step::Exit(1)
        }
    }
}

/// The word behind an option.
fn after(words: &[String], name: &str) -> Option<String> {
    words.iter().position(|w| w == name).and_then(|i| words.get(i + 1)).cloned()
}

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn encode(text: &str) -> String {
    let mut out = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let at = |i: usize| u32::from(chunk.get(i).copied().unwrap_or(0));
        let n = at(0) << 16 | at(1) << 8 | at(2);
        for i in 0..4 {
            let letter = LETTERS.get((n >> (18 - 6 * i) & 63) as usize).map_or('A', |b| char::from(*b));
            out.push(if i > chunk.len() { '=' } else { letter });
        }
    }
    out
}

fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let (mut n, mut bits) = (0u32, 0u32);
    for b in text.bytes().filter(|b| !b.is_ascii_whitespace() && *b != b'=') {
        n = n << 6 | u32::try_from(LETTERS.iter().position(|l| *l == b)?).ok()?;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(n >> bits & 255).ok()?);
            n &= (1 << bits) - 1;
        }
    }
    String::from_utf8(bytes).ok()
}

/// A certificate in its armour: its encoding is what the commands here print of it.
fn armour(v: &View) -> String {
    let fields =
        [&v.subject, &v.issuer, &v.from, &v.until, &v.until_s.to_string(), &v.serial.to_string(), &v.names.join(",")];
    let code = encode(&format!("cert\n{}\n", fields.map(String::as_str).join("\n")));
    let lines: Vec<&str> = (0..code.len()).step_by(64).filter_map(|i| code.get(i..(i + 64).min(code.len()))).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}

fn disarm(text: &str) -> Option<View> {
    let (_, rest) = text.split_once("-----BEGIN CERTIFICATE-----")?;
    let (body, _) = rest.split_once("-----END CERTIFICATE-----")?;
    let text = decode(body)?;
    let mut lines = text.lines();
    (lines.next()? == "cert").then_some(())?;
    let mut next = || lines.next().map(str::to_owned);
    Some(View {
        subject: next()?,
        issuer: next()?,
        from: next()?,
        until: next()?,
        until_s: next()?.parse().ok()?,
        serial: next()?.parse().ok()?,
        names: next()?.split(',').map(str::to_owned).collect(),
        ..View::default()
    })
}

fn s_client(c: &mut Ctx<'_>) -> Step {
    if c.tool.phase == 1 {
        if c.asleep() {
            return Step::Wait;
        }
        let text = std::mem::take(&mut c.tool.text);
        c.p.err.push_str(&text);
        return Step::Exit(1);
    }
    if c.tool.phase == 2 {
        // It holds the connection until its input ends, or says Q.
        return match c.con.read(c.p) {
            Read::Later => Step::Wait,
            Read::Bytes(t) if !t.starts_with('Q') => Step::More,
            _ => {
                c.p.err.push_str("DONE\n");
                Step::Exit(0)
            }
        };
    }
    let words = c.args.rest.clone();
    const WITH_VALUE: &[&str] =
        &["-connect", "-servername", "-CAfile", "-CApath", "-verify", "-starttls", "-alpn", "-port", "-host"];
    const ALONE: &[&str] = &[
        "-showcerts",
        "-brief",
        "-quiet",
        "-ign_eof",
        "-tls1_2",
        "-tls1_3",
        "-status",
        "-prexit",
        "-verify_return_error",
        "-no_ign_eof",
    ];
    let mut at = words.iter().skip(1);
    let mut target = None;
    while let Some(w) = at.next() {
        match w.as_str() {
            w if WITH_VALUE.contains(&w) => drop(at.next()),
            w if ALONE.contains(&w) => {}
            w if w.starts_with('-') => {
                c.p.err.push_str(&format!("s_client: Unknown option: {w}\ns_client: Use -help for summary.\n"));
                return Step::Exit(1);
            }
            w => target = Some(w.to_owned()),
        }
    }
    let has = |n: &str| words.iter().any(|w| w == n);
    let Some(target) = after(&words, "-connect").or(target) else {
        c.p.err.push_str("s_client: Use -connect HOST:PORT\n");
        return Step::Exit(1);
    };
    let (address, port) = target.split_once(':').unwrap_or((&target, "4433"));
    let name = after(&words, "-servername").unwrap_or_else(|| address.to_owned());
    let number = port.parse::<u16>().unwrap_or(if port == "https" { 443 } else { 0 });
    let late = |c: &mut Ctx<'_>, text: String, ms: u64| {
        c.tool.text = text;
        c.tool.phase = 1;
        c.sleep_ms(ms);
        Step::More
    };
    match connect(c, address, number) {
        Reach::Unresolved => {
            let text = format!(
                "40C7A1F2B77F0000:error:10080002:BIO routines:BIO_lookup_ex:system lib:../crypto/bio/bio_addr.c:738:Name or service not known\nconnect:errno=22\nBIO_lookup_ex: {address}: Name or service not known\n"
            );
            return late(c, text, 0);
        }
        Reach::Refused(_) => {
            let text = "40C7A1F2B77F0000:error:8000006F:system library:BIO_connect:Connection refused:../crypto/bio/bio_sock2.c:125:calling connect()\n40C7A1F2B77F0000:error:10000067:BIO routines:BIO_connect:connect error:../crypto/bio/bio_sock2.c:127:\nconnect:errno=111\n".to_owned();
            return late(c, text, 0);
        }
        Reach::Silent(_) => {
            let text = "40C7A1F2B77F0000:error:8000006E:system library:BIO_connect:Connection timed out:../crypto/bio/bio_sock2.c:125:calling connect()\n40C7A1F2B77F0000:error:10000067:BIO routines:BIO_connect:connect error:../crypto/bio/bio_sock2.c:127:\nconnect:errno=110\n".to_owned();
            return late(c, text, PATIENCE_MS);
        }
        Reach::Open(_) => {}
    }
    let speaks = |v: &View| number != 80 && (v.declared || number == 443);
    let Some(v) = view(c, &name).or_else(|| view(c, address)).filter(speaks) else {
        c.line("CONNECTED(00000003)\n---\nno peer certificate available\n---");
        return Step::Exit(1);
    };
    let code = match v.problem.as_str() {
        "" | "hostname mismatch" => 0,
        "certificate is not yet valid" => 9,
        "certificate has expired" => 10,
        "unable to get local issuer certificate" => 20,
        _ => 62,
    };
    let (first, issuer) = (&v.subject, &v.issuer);
    let chain = if v.chain { format!("depth=1 CN = {issuer}\nverify return:1\n") } else { String::new() };
    c.p.err.push_str(&chain);
    if code != 0 {
        c.p.err.push_str(&format!("depth=0 CN = {first}\nverify error:num={code}:{}\n", v.problem));
        if code == 10 {
            c.p.err.push_str(&format!("notAfter={}\n", v.until));
        }
    }
    c.p.err.push_str(&format!("depth=0 CN = {first}\nverify return:1\n"));
    let ok = if code == 0 { "ok" } else { v.problem.as_str() };
    let mut out = String::from("CONNECTED(00000003)\n---\nCertificate chain\n");
    out.push_str(&format!(" 0 s:CN = {first}\n   i:CN = {issuer}\n   a:PKEY: id-ecPublicKey, 256 (bit); sigalg: RSA-SHA256\n   v:NotBefore: {}; NotAfter: {}\n", v.from, v.until));
    if has("-showcerts") {
        out.push_str(&armour(&v));
    }
    if v.chain {
        out.push_str(&format!(" 1 s:CN = {issuer}\n   i:CN = Example Trust Root\n"));
    }
    out.push_str(&format!(
        "---\nServer certificate\n{}subject=CN = {first}\n\nissuer=CN = {issuer}\n",
        if has("-showcerts") { String::new() } else { armour(&v) }
    ));
    let verification =
        if code == 0 { "Verification: OK".to_owned() } else { format!("Verification error: {}", v.problem) };
    out.push_str(&format!("\n---\nNo client certificate CA names sent\n---\nSSL handshake has read 3048 bytes and written 387 bytes\n{verification}\n---\nNew, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384\nServer public key is 256 bit\nVerify return code: {code} ({ok})\n---\n"));
    if has("-brief") {
        out = format!(
            "CONNECTION ESTABLISHED\nProtocol version: TLSv1.3\nCiphersuite: TLS_AES_256_GCM_SHA384\nPeer certificate: CN = {first}\n{verification}\n"
        );
    }
    if !has("-quiet") {
        c.print(&out);
    }
    c.tool.phase = 2;
    Step::More
}

fn x509(c: &mut Ctx<'_>) -> Step {
    let words = c.args.rest.clone();
    let file = after(&words, "-in");
    const WITH_VALUE: &[&str] = &["-in", "-checkend", "-ext", "-inform", "-nameopt", "-certopt"];
    const ALONE: &[&str] = &[
        "-noout",
        "-dates",
        "-startdate",
        "-enddate",
        "-subject",
        "-issuer",
        "-serial",
        "-text",
        "-fingerprint",
        "-sha256",
    ];
    let mut at = words.iter().skip(1);
    while let Some(w) = at.next() {
        if WITH_VALUE.contains(&w.as_str()) {
            at.next();
        } else if !ALONE.contains(&w.as_str()) {
            c.p.err.push_str(&format!("x509: Unknown option: {w}\nx509: Use -help for summary.\n"));
            return Step::Exit(1);
        }
    }
    let files: Vec<String> = file.iter().cloned().collect();
    if let Some(step) = c.gather(&files) {
        return step;
    }
    let text = c.tool.lines.join("\n");
    let Some(v) = disarm(&text) else {
        let from = file.unwrap_or_else(|| "<stdin>".to_owned());
        c.p.err.push_str(&format!("Could not find certificate from {from}\nUnable to load certificate\n"));
        return Step::Exit(1);
    };
    let names: Vec<String> = v.names.iter().map(|n| format!("DNS:{n}")).collect();
    let names = names.join(", ");
    for w in words.iter().skip(1) {
        match w.as_str() {
            "-subject" => c.line(&format!("subject=CN = {}", v.subject)),
            "-issuer" => c.line(&format!("issuer=CN = {}", v.issuer)),
            "-dates" => c.line(&format!("notBefore={}\nnotAfter={}", v.from, v.until)),
            "-startdate" => c.line(&format!("notBefore={}", v.from)),
            "-enddate" => c.line(&format!("notAfter={}", v.until)),
            "-serial" => c.line(&format!("serial={:016X}", u64::from(v.serial) + 0x03a1_7c00_0000)),
            "-ext" => c.line(&format!("X509v3 Subject Alternative Name: \n    {names}")),
            "-fingerprint" => {
                let hex = crate::stdx::digest::of_bytes(text.as_bytes()).to_uppercase();
                let pairs: Vec<&str> = (0..hex.len()).step_by(2).filter_map(|i| hex.get(i..i + 2)).collect();
                c.line(&format!("sha256 Fingerprint={}", pairs.join(":")));
            }
            "-text" => c.line(&format!(
                "Certificate:\n    Data:\n        Version: 3 (0x2)\n        Serial Number: {} (0x{:x})\n        Signature Algorithm: sha256WithRSAEncryption\n        Issuer: CN = {}\n        Validity\n            Not Before: {}\n            Not After : {}\n        Subject: CN = {}\n        X509v3 extensions:\n            X509v3 Subject Alternative Name: \n                {names}",
                v.serial, v.serial, v.issuer, v.from, v.until, v.subject
            )),
            _ => {}
        }
    }
    if let Some(n) = after(&words, "-checkend") {
        let now: Utc = c.host.utc();
        let left = n.parse::<i64>().unwrap_or(0);
        let expires = v.until_s <= now.0.saturating_add(left);
        c.line(if expires { "Certificate will expire" } else { "Certificate will not expire" });
        return Step::Exit(i32::from(expires));
    }
    if !words.iter().any(|w| w == "-noout") {
        let pem = armour(&v);
        c.print(&pem);
    }
    Step::Exit(0)
}
