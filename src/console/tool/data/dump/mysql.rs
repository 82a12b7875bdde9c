//! mysqldump.

use super::postgres::shares;
use super::{MOST_ROWS, Piece, State, archive, create, go_on, milliseconds, target};
use crate::console::tool::data::mysql::{Connection, connect};
use crate::console::tool::{Ctx, Decl, Mind, Operand, Step, Style, flag, value};
use crate::sim::store::TableRow;

pub(super) const TOOL: Decl = Decl {
    name: "mysqldump",
    synopsis: "[OPTIONS] database [tables]",
    about: "dump a MySQL database as SQL",
    opts: &[
        value("h", "host", "NAME", "connect to host"),
        value("u", "user", "NAME", "user for login if not current user"),
        value("p", "password", "[PASSWORD]", "password to use when connecting to server"),
        value("P", "port", "#", "port number to use for connection (3306)"),
        value("r", "result-file", "FILE", "direct output to a given file"),
        flag("d", "no-data", "no row information"),
        flag("t", "no-create-info", "don't write table creation info"),
        flag("", "single-transaction", "dump all tables in a consistent snapshot"),
        flag("q", "quick", "don't buffer query"),
        flag("v", "verbose", "print info about the various stages"),
    ],
    operand: Operand::Free,
    style: Style::Gnu,
    missing: &[
        "Rows of a table of more than 20,000 as text: a dump of the whole database into a file takes their bytes, and is listed by `backup list`.",
        "-A, -B, -w, --routines, --events, --source-data, --compact and tab-separated files.",
    ],
    examples: &[
        (
            "mysqldump -h my-1 -d shop sales | grep -A8 '^CREATE'",
            "CREATE TABLE `sales` (\n  `id` bigint NOT NULL AUTO_INCREMENT,\n  `created_at` datetime NOT NULL,\n  `kind` varchar(255) DEFAULT NULL,\n  `cents` bigint NOT NULL,\n  `paid` tinyint(1) NOT NULL,\n  PRIMARY KEY (`id`)\n) ENGINE=InnoDB AUTO_INCREMENT=2001 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;\n/*!40101 SET character_set_client = @saved_cs_client */;\n",
        ),
        ("mysqldump -h my-1 shop nope", "mysqldump: Couldn't find table: \"nope\"\n"),
    ],
    step,
    ..Decl::BLANK
};

fn fail(c: &mut Ctx<'_>, status: i32, why: &str) -> Step {
    c.p.err.push_str(&format!("mysqldump: {why}\n"));
    Step::Exit(status)
}

fn step(c: &mut Ctx<'_>) -> Step {
    if let Some(step) = go_on(c) {
        return step;
    }
    let a = c.args.clone();
    let Some(schema) = a.at(0) else {
        c.p.err.push_str("Usage: mysqldump [OPTIONS] database [tables]\nFor more options, use mysqldump --help\n");
        return Step::Exit(1);
    };
    let host = a.get("h").unwrap_or("localhost").to_owned();
    let tells = |line: String| if a.has("v") { format!("-- {line}\n") } else { String::new() };
    c.p.err.push_str(&tells(format!("Connecting to {host}...")));
    let server = match connect(c, schema) {
        Ok(server) => server,
        Err((code, text)) if code == 1049 => {
            return fail(c, 2, &format!("Got error: {code}: {text} when selecting the database"));
        }
        Err((code, text)) => return fail(c, 2, &format!("Got error: {code}: {text} when trying to connect")),
    };
    let names: Vec<&str> = a.rest.iter().skip(1).map(String::as_str).collect();
    let info = server.info();
    if let Some(n) = names.iter().find(|n| !info.tables.iter().any(|t| t.name == **n)) {
        return fail(c, 6, &format!("Couldn't find table: \"{n}\""));
    }
    let tables: Vec<TableRow> =
        info.tables.iter().filter(|t| names.is_empty() || names.contains(&t.name.as_str())).cloned().collect();
    if let Some(t) = tables.iter().find(|t| t.rows > MOST_ROWS && !a.has("d")) {
        let whole = names.is_empty() && !a.has("t");
        let Some(file) = target(c, a.get("r")).filter(|_| whole) else {
            let said = format!(
                "Error: 'Out of memory' when dumping table `{}`: its {} rows are not written as text here; -r FILE of the whole database takes their bytes",
                t.name, t.rows
            );
            return fail(c, 3, &said);
        };
        let told = shares(&tables, |t| tells(format!("Retrieving rows of table {}...", t.name)));
        let store = info.name.clone();
        return match archive(c, &store, file, told) {
            Ok(step) => step,
            Err(why) => fail(c, 2, &format!("Got error: {why}")),
        };
    }
    let file = a.get("r").map(|f| c.full(f));
    if let Some(full) = &file
        && let Err(why) = create(c, full)
    {
        return fail(c, 1, &format!("Can't create/write to file '{}' ({why})", a.get("r").unwrap_or_default()));
    }
    let version = server.version();
    let head = format!(
        "-- MySQL dump 10.13  Distrib {version}, for Linux (x86_64)\n--\n-- Host: {host}    Database: {schema}\n-- ------------------------------------------------------\n-- Server version\t{version}\n\n{HEAD}\n"
    );
    let mut pieces = vec![Piece { text: head, ..Piece::default() }];
    for t in &tables {
        let n = &t.name;
        if !a.has("t") {
            let told = tells(format!("Retrieving table structure for table {n}..."));
            let text = format!(
                "--\n-- Table structure for table `{n}`\n--\n\nDROP TABLE IF EXISTS `{n}`;\n/*!40101 SET @saved_cs_client     = @@character_set_client */;\n/*!50503 SET character_set_client = utf8mb4 */;\n{};\n/*!40101 SET character_set_client = @saved_cs_client */;\n\n",
                server.definition(n)
            );
            pieces.push(Piece { told, text, ms: 0 });
        }
        if !a.has("d") {
            let text = match rows(&server, n) {
                Ok(text) => text,
                Err(why) => return fail(c, 2, &why),
            };
            let told = tells("Sending SELECT query...".to_owned()) + &tells("Retrieving rows...".to_owned());
            pieces.push(Piece { told, text, ms: milliseconds(t.bytes, info.copy_rate) });
        }
    }
    let now = c.host.utc().iso().replace('T', " ").replace('Z', "");
    pieces.push(Piece { text: format!("{TAIL}\n-- Dump completed on {now}\n"), ..Piece::default() });
    pieces.reverse();
    c.tool.mind = Some(Box::new(Mind::Dump(Box::new(State { pieces, file, total: 0, told: Vec::new() }))));
    Step::More
}

const HEAD: &str = "/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
/*!40101 SET @OLD_CHARACTER_SET_RESULTS=@@CHARACTER_SET_RESULTS */;
/*!40101 SET @OLD_COLLATION_CONNECTION=@@COLLATION_CONNECTION */;
/*!50503 SET NAMES utf8mb4 */;
/*!40103 SET @OLD_TIME_ZONE=@@TIME_ZONE */;
/*!40103 SET TIME_ZONE='+00:00' */;
/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;
/*!40111 SET @OLD_SQL_NOTES=@@SQL_NOTES, SQL_NOTES=0 */;
";

const TAIL: &str = "/*!40103 SET TIME_ZONE=@OLD_TIME_ZONE */;

/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
/*!40014 SET UNIQUE_CHECKS=@OLD_UNIQUE_CHECKS */;
/*!40101 SET CHARACTER_SET_CLIENT=@OLD_CHARACTER_SET_CLIENT */;
/*!40101 SET CHARACTER_SET_RESULTS=@OLD_CHARACTER_SET_RESULTS */;
/*!40101 SET COLLATION_CONNECTION=@OLD_COLLATION_CONNECTION */;
/*!40111 SET SQL_NOTES=@OLD_SQL_NOTES */;
";

fn rows(server: &Connection, n: &str) -> Result<String, String> {
    let rows = server.rows(n)?;
    let mut out = format!(
        "--\n-- Dumping data for table `{n}`\n--\n\nLOCK TABLES `{n}` WRITE;\n/*!40000 ALTER TABLE `{n}` DISABLE KEYS */;\n"
    );
    if !rows.is_empty() {
        out.push_str(&format!("INSERT INTO `{n}` VALUES {};\n", rows.join(",")));
    }
    out.push_str(&format!("/*!40000 ALTER TABLE `{n}` ENABLE KEYS */;\nUNLOCK TABLES;\n"));
    Ok(out)
}
