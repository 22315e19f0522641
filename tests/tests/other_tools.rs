//! Exports that passed through tools nobody here wrote are read as they were, or refused by name.
//!
//! `cargo xtask test -p journeys` installs the tools. What they sent by hand, and their versions, are in
//! `docs/reference/compatibility.md`.
#![expect(clippy::unwrap_used, reason = "a journey that fails says so at once")]

use journeys::demo::run;
use journeys::tools::{EXPORT, FREGATA, PICTURE, Workshop};
use serde_json::Value;

/// What must become of a file.
enum Verdict {
    /// The same pupils, field for field, and nothing to say.
    Read,
    /// The same pupils, and these warnings, once each.
    ReadWith(&'static [&'static str]),
    /// Refused by this code, with this word.
    Refused(&'static str, &'static str),
}

use Verdict::{Read, ReadWith, Refused};

const MISMATCH: Verdict = ReadWith(&["encoding_mismatch"]);

/// What `roster check` says of bytes.
async fn checked(shop: &Workshop, bytes: &[u8]) -> Value {
    let path = shop.path("checked");
    std::fs::write(&path, bytes).unwrap();
    let path = path.display().to_string();
    let mut command = vec!["roster", "check", &path, "--uai", &shop.uai];
    command.extend(["--on", "2026-12-01", "--format", "json"]);
    let (_, out, err) = run(&command, &[]).await;
    serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {err}"))
}

/// The pupils, without their lines, which move.
fn students(said: &Value) -> Vec<Value> {
    let mut students = said["students"].as_array().unwrap().clone();
    for student in &mut students {
        student.as_object_mut().unwrap().remove("line");
    }
    students
}

async fn must_be(shop: &Workshop, tried: Vec<(&str, Vec<u8>, Verdict)>) {
    must_be_as(EXPORT, shop, tried).await;
}

async fn must_be_as(original: &str, shop: &Workshop, tried: Vec<(&str, Vec<u8>, Verdict)>) {
    let original = checked(shop, &shop.bytes(original)).await;
    assert!(students(&original).len() > 30);
    for (tool, bytes, verdict) in tried {
        let said = checked(shop, &bytes).await;
        let warned: Vec<&str> = said["warnings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|warning| warning["code"].as_str().unwrap())
            .collect();
        match verdict {
            Refused(code, word) => {
                assert_eq!(said["refusal"]["code"], code, "{tool}: {said}");
                let message = said["refusal"]["message"].as_str().unwrap();
                assert!(message.contains(word), "{tool}: {message}");
            }
            Read | ReadWith(_) => {
                assert_eq!(said["accepted"], true, "{tool}: {}", said["refusal"]);
                assert!(students(&said) == students(&original), "{tool}");
                let expected = if let ReadWith(codes) = verdict {
                    codes
                } else {
                    &[]
                };
                assert_eq!(warned, expected, "{tool}");
            }
        }
    }
}

const METHOD: &str = "zip_method_unsupported";

#[tokio::test]
async fn archives_of_info_zip_and_of_the_jdk() {
    let shop = Workshop::open();
    let zip = |name: &str, arguments: &[&str]| {
        shop.made(name, "zip", &[&["-q"], arguments, &[name, EXPORT]].concat())
    };
    std::fs::create_dir(shop.path("Élèves été")).unwrap();
    std::fs::copy(shop.path(EXPORT), shop.path("Élèves été/Élèves.XML")).unwrap();
    shop.output("zip", &["-q", "-s", "64k", "parts.zip", EXPORT, PICTURE]);
    shop.output("jar", &["cf", "once.zip", EXPORT]);
    shop.java("java/SaveAgain.java");
    let tried = vec![
        ("zip", zip("a.zip", &[]), Read),
        ("zip -0", zip("b.zip", &["-0"]), Read),
        ("zip -fz", zip("c.zip", &["-fz"]), Read),
        ("zip -", shop.output("zip", &["-q", "-", EXPORT]), Read),
        (
            "zip -r",
            shop.made("d.zip", "zip", &["-qr", "d.zip", "Élèves été"]),
            Read,
        ),
        (
            "zip, beside a picture",
            shop.made("e.zip", "zip", &["-q", "e.zip", EXPORT, PICTURE]),
            Read,
        ),
        (
            "zip -P",
            zip("f.zip", &["-P", "secret"]),
            Refused("zip_encrypted", "mot de passe"),
        ),
        (
            "zip -Z bzip2",
            zip("g.zip", &["-Z", "bzip2"]),
            Refused(METHOD, "(bzip2)"),
        ),
        (
            "zip -s, first",
            shop.bytes("parts.z01"),
            Refused("zip_unreadable", "un morceau d’une archive"),
        ),
        (
            "zip -s, middle",
            shop.bytes("parts.z02"),
            Refused("not_siecle", "un morceau d’une archive"),
        ),
        (
            "zip -s, last",
            shop.bytes("parts.zip"),
            Refused("zip_unreadable", "un morceau d’une archive"),
        ),
        ("jar cf", shop.bytes("once.zip"), Read),
        (
            "jar c0f",
            shop.made("h.zip", "jar", &["c0f", "h.zip", EXPORT]),
            Read,
        ),
        (
            "jar cMf",
            shop.made("i.zip", "jar", &["cMf", "i.zip", EXPORT]),
            Read,
        ),
        (
            "jar in a jar",
            shop.made("j.zip", "jar", &["cf", "j.zip", "once.zip"]),
            Refused("zip_without_roster", "« once.zip »"),
        ),
        ("java.util.zip", shop.bytes("java.zip"), Read),
    ];
    must_be(&shop, tried).await;
}

/// What 7-Zip makes of the export.
fn seven(shop: &Workshop, name: &str, arguments: &[&str]) -> Vec<u8> {
    let command = [&["a", "-bd"], arguments, &[name, EXPORT]].concat();
    shop.made(name, "7zz", &command)
}

/// The same, of the export as it comes through a pipe.
fn piped(shop: &Workshop) -> Vec<u8> {
    let script = format!("7zz a -bd -tzip -si{EXPORT} piped.zip < {EXPORT}");
    shop.made("piped.zip", "sh", &["-c", &script])
}

#[tokio::test]
async fn zip_archives_of_seven_zip() {
    let shop = Workshop::open();
    let zip = |name: &str, more: &[&str]| seven(&shop, name, &[&["-tzip"], more].concat());
    let locked = || Refused("zip_encrypted", "mot de passe");
    let method = |name: &str, option: &str| zip(name, &[&format!("-mm={option}")]);
    let to_output = ["a", "-bd", "-tzip", "-so", "any", EXPORT];
    let tried = vec![
        ("default", zip("a.zip", &[]), Read),
        ("Copy", method("b.zip", "Copy"), Read),
        ("-si", piped(&shop), Read),
        ("-so", shop.output("7zz", &to_output), Read),
        (
            "Deflate64",
            method("c.zip", "Deflate64"),
            Refused(METHOD, "(Deflate64)"),
        ),
        (
            "BZip2",
            method("d.zip", "BZip2"),
            Refused(METHOD, "(bzip2)"),
        ),
        ("LZMA", method("e.zip", "LZMA"), Refused(METHOD, "(LZMA)")),
        ("PPMd", method("f.zip", "PPMd"), Refused(METHOD, "(PPMd)")),
        ("ZipCrypto", zip("g.zip", &["-psecret"]), locked()),
        ("AES", zip("h.zip", &["-psecret", "-mem=AES256"]), locked()),
    ];
    must_be(&shop, tried).await;
}

#[tokio::test]
async fn other_archives_and_parts_of_seven_zip() {
    let shop = Workshop::open();
    let cut = ["a", "-bd", "-tzip", "-v64k", "parts.zip", EXPORT, PICTURE];
    shop.output("7zz", &cut);
    let files = std::fs::read_dir(shop.path("")).unwrap();
    let mut parts: Vec<String> = files
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("parts.zip."))
        .collect();
    parts.sort();
    assert!(parts.len() > 2, "{parts:?}");
    let last = parts.last().unwrap();
    let made = |name: &str, word| (seven(&shop, name, &[]), Refused("not_siecle", word));
    let seven_zip = made("a.7z", "7z");
    let within = ["a", "-bd", "-tzip", "i.zip", "a.7z"];
    let within = shop.made("i.zip", "7zz", &within);
    let part = |name: &str, code, word| (shop.bytes(name), Refused(code, word));
    let tried = [
        ("7z", seven_zip),
        ("tar", made("a.tar", "tar")),
        ("gzip", made("a.gz", "gzip")),
        ("bzip2", made("a.bz2", "bzip2")),
        ("xz", made("a.xz", "xz")),
        (
            "7z in a zip",
            (within, Refused("zip_without_roster", "« a.7z »")),
        ),
        (
            "first part",
            part(&parts[0], "zip_unreadable", "premier morceau d’une archive"),
        ),
        (
            "middle part",
            part(&parts[1], "not_siecle", "un morceau d’une archive"),
        ),
        (
            "last part",
            part(last, "zip_unreadable", "un morceau d’une archive"),
        ),
    ];
    let tried = tried
        .into_iter()
        .map(|(tool, (bytes, verdict))| (tool, bytes, verdict));
    must_be(&shop, tried.collect()).await;
}

#[tokio::test]
async fn archives_of_bsdtar() {
    let shop = Workshop::open();
    let bsdtar = |name: &str, arguments: &[&str]| {
        shop.made(
            name,
            "bsdtar",
            &[arguments, &["-cf", name, EXPORT]].concat(),
        )
    };
    let stored = ["--format", "zip", "--options", "compression=store"];
    let streamed = ["--format", "zip", "-cf", "-", EXPORT];
    let tried = vec![
        ("zip", bsdtar("a.zip", &["--format", "zip"]), Read),
        ("stored", bsdtar("b.zip", &stored), Read),
        ("streamed", shop.output("bsdtar", &streamed), Read),
        ("tar", bsdtar("a.tar", &[]), Refused("not_siecle", "tar")),
        (
            "tar.gz",
            bsdtar("a.tgz", &["-z"]),
            Refused("not_siecle", "gzip"),
        ),
        (
            "tar.zst",
            bsdtar("a.tzst", &["--zstd"]),
            Refused("not_siecle", "Zstandard"),
        ),
        (
            "cpio",
            bsdtar("a.cpio", &["--format", "cpio"]),
            Refused("not_siecle", "d’un autre format"),
        ),
    ];
    must_be(&shop, tried).await;
}

#[tokio::test]
async fn archives_of_python_and_perl() {
    let shop = Workshop::open();
    let python = |name: &str, method: &str| {
        let script = format!(
            "import zipfile\nwith zipfile.ZipFile('{name}', 'w', zipfile.{method}) as z: z.write('{EXPORT}')"
        );
        shop.made(name, "python3", &["-c", &script])
    };
    // No seek: sizes come after the members.
    let streamed = format!(
        "import sys, zipfile\nclass Pipe:\n    def write(self, data): return sys.stdout.buffer.write(data)\n    \
         def flush(self): pass\nwith zipfile.ZipFile(Pipe(), 'w', zipfile.ZIP_DEFLATED) as z: z.write('{EXPORT}')"
    );
    let perl = |name: &str, more: &str| {
        let script =
            format!("zip '{EXPORT}' => '{name}', Name => '{EXPORT}'{more} or die $ZipError");
        shop.made(name, "perl", &["-MIO::Compress::Zip=:all", "-e", &script])
    };
    let tried = vec![
        ("zipfile deflated", python("a.zip", "ZIP_DEFLATED"), Read),
        ("zipfile stored", python("b.zip", "ZIP_STORED"), Read),
        (
            "zipfile bzip2",
            python("c.zip", "ZIP_BZIP2"),
            Refused(METHOD, "(bzip2)"),
        ),
        (
            "zipfile lzma",
            python("d.zip", "ZIP_LZMA"),
            Refused(METHOD, "(LZMA)"),
        ),
        ("zipfile streamed", shop.python(&streamed), Read),
        ("IO::Compress::Zip", perl("e.zip", ""), Read),
        ("zip64", perl("f.zip", ", Zip64 => 1, Stream => 1"), Read),
    ];
    must_be(&shop, tried).await;
}

#[tokio::test]
async fn xml_saved_again_by_libxml2_and_the_jdk() {
    let shop = Workshop::open();
    let xmllint = |arguments: &[&str]| shop.output("xmllint", &[arguments, &[EXPORT]].concat());
    let xmlstarlet =
        |arguments: &[&str]| shop.output("xmlstarlet", &[arguments, &[EXPORT]].concat());
    shop.java("java/SaveAgain.java");
    let mut tried = vec![
        ("xmllint --format", xmllint(&["--format"]), Read),
        ("xmllint --noblanks", xmllint(&["--noblanks"]), Read),
        ("xmllint --c14n", xmllint(&["--c14n"]), Read),
        (
            "xmllint UCS-4",
            xmllint(&["--encode", "UCS-4"]),
            Refused("not_siecle", "pas du texte"),
        ),
        ("xmlstarlet fo", xmlstarlet(&["fo"]), Read),
        ("xmlstarlet fo -e", xmlstarlet(&["fo", "-e", "utf-8"]), Read),
        (
            "xmlstarlet sel",
            xmlstarlet(&["sel", "-t", "-c", "/"]),
            Read,
        ),
        (
            "xmlstarlet ed",
            xmlstarlet(&["ed", "-u", "//nothing", "-v", "2"]),
            Read,
        ),
        ("xmlstarlet c14n", xmlstarlet(&["c14n"]), Read),
        ("Transformer", shop.bytes("transformer.xml"), Read),
        // It declares the UTF-16 of a Java text.
        ("LSSerializer", shop.bytes("serializer.xml"), MISMATCH),
    ];
    for encoding in [
        "UTF-8",
        "UTF-16",
        "UTF-16LE",
        "UTF-16BE",
        "ISO-8859-1",
        "ISO-8859-15",
        "ASCII",
        "windows-1252",
    ] {
        tried.push((encoding, xmllint(&["--encode", encoding]), Read));
    }
    must_be(&shop, tried).await;
}

#[tokio::test]
async fn xml_saved_again_by_lxml() {
    let shop = Workshop::open();
    let lxml = |how: &str| {
        shop.python(&format!(
            "import sys\nfrom lxml import etree\ntree = etree.parse('{EXPORT}')\n\
             sys.stdout.buffer.write(etree.tostring(tree{how}))"
        ))
    };
    let doctype = lxml(", doctype='<!DOCTYPE BEE_ELEVES>'");
    let tried = vec![
        ("default", lxml(""), Read),
        ("UTF-8", lxml(", encoding='utf-8', pretty_print=True"), Read),
        ("ISO-8859-15", lxml(", encoding='ISO-8859-15'"), Read),
        ("UTF-16", lxml(", encoding='UTF-16'"), Read),
        ("cp1252", lxml(", encoding='cp1252'"), Read),
        ("c14n", lxml(", method='c14n'"), Read),
        ("doctype", doctype, Refused("doctype_forbidden", "DOCTYPE")),
    ];
    must_be(&shop, tried).await;
}

#[tokio::test]
async fn xml_saved_again_by_python() {
    let shop = Workshop::open();
    let python = |how: &str| {
        shop.python(&format!(
            "import sys\nimport xml.etree.ElementTree as ET\nfrom xml.dom import minidom\n\
             file = '{EXPORT}'\nroot = ET.parse(file).getroot()\nsys.stdout.buffer.write({how})"
        ))
    };
    let as_windows = python("ET.tostring(root, encoding='unicode').encode('cp1252')");
    let tried = vec![
        ("ElementTree", python("ET.tostring(root)"), Read),
        ("UTF-8", python("ET.tostring(root, encoding='utf-8')"), Read),
        ("as Windows writes text", as_windows, MISMATCH),
        (
            "minidom",
            python("minidom.parse(file).toxml().encode()"),
            Read,
        ),
        (
            "indented",
            python("minidom.parse(file).toprettyxml(encoding='utf-8')"),
            Read,
        ),
    ];
    must_be(&shop, tried).await;
}

#[tokio::test]
async fn xml_saved_again_by_xml_twig() {
    let shop = Workshop::open();
    let twig = |options: &str, before: &str| {
        let script = format!(
            "{before} my $t = XML::Twig->new({options}); $t->parsefile('{EXPORT}'); $t->print"
        );
        shop.output("perl", &["-MXML::Twig", "-e", &script])
    };
    let utf8 = "binmode STDOUT, ':utf8';";
    let declared = "output_encoding => 'UTF-8'";
    let tried = vec![
        ("default", twig("", ""), Read),
        ("as UTF-8", twig("", utf8), MISMATCH),
        ("indented", twig("pretty_print => 'indented'", ""), Read),
        ("keep_encoding", twig("keep_encoding => 1", ""), Read),
        // It declares the encoding, and leaves the bytes to the script.
        ("output_encoding", twig(declared, ""), MISMATCH),
        ("output_encoding, as UTF-8", twig(declared, utf8), Read),
        ("safe", twig("output_filter => 'safe'", ""), Read),
    ];
    must_be(&shop, tried).await;
}

#[tokio::test]
async fn tables_of_python() {
    let shop = Workshop::open();
    let python = |write: &str| {
        shop.python(&format!(
            "import csv, io, sys\n\
             rows = list(csv.reader(open('{FREGATA}', encoding='utf-8-sig', newline=''), delimiter=';'))\n\
             out = io.StringIO()\n\
             {write}\n"
        ))
    };
    let tried = vec![
        (
            "Python, excel",
            python(
                "csv.writer(out).writerows(rows); sys.stdout.buffer.write(out.getvalue().encode())",
            ),
            Read,
        ),
        (
            "Python, QUOTE_ALL, windows-1252",
            python(
                "csv.writer(out, delimiter=';', quoting=csv.QUOTE_ALL).writerows(rows); \
                 sys.stdout.buffer.write(out.getvalue().encode('cp1252'))",
            ),
            Read,
        ),
        (
            "Python, excel-tab, UTF-16",
            python(
                "csv.writer(out, 'excel-tab').writerows(rows); \
                 sys.stdout.buffer.write(out.getvalue().encode('utf-16'))",
            ),
            Read,
        ),
        (
            "Python, a row for a cell",
            python(
                "csv.writer(out).writerows([';'.join(row)] for row in rows); \
                 sys.stdout.buffer.write(out.getvalue().encode())",
            ),
            Read,
        ),
        (
            "Python, ASCII",
            python(
                "csv.writer(out, delimiter=';').writerows(rows); \
                 sys.stdout.buffer.write(out.getvalue().encode('ascii', 'replace'))",
            ),
            Refused("accents_lost", "accents"),
        ),
    ];
    must_be_as(FREGATA, &shop, tried).await;
}

#[tokio::test]
async fn tables_of_miller_and_csvkit() {
    let shop = Workshop::open();
    let columns: Vec<String> = (1..=15).rev().map(|column| column.to_string()).collect();
    let columns = columns.join(",");
    let mlr = |more: &[&str]| {
        let read = ["--icsv", "--ifs", ";"];
        shop.output("mlr", &[&read, more, &["cat", FREGATA]].concat())
    };
    let tried = vec![
        ("Miller", mlr(&["--ocsv", "--ofs", ","]), Read),
        ("Miller, tabs", mlr(&["--otsv"]), Read),
        (
            "Miller, JSON",
            mlr(&["--ojson"]),
            Refused("not_siecle", "c’est du texte"),
        ),
        (
            "csvformat -U 1",
            shop.output("csvformat", &["-d", ";", "-U", "1", FREGATA]),
            Read,
        ),
        (
            "csvcut",
            shop.output("csvcut", &["-d", ";", "-c", &columns, FREGATA]),
            Read,
        ),
        (
            "zip",
            shop.made("a.zip", "zip", &["-q", "a.zip", FREGATA]),
            Read,
        ),
    ];
    must_be_as(FREGATA, &shop, tried).await;
}
