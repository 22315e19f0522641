use super::*;

const TEXT: &str = "UAI;Nom\r\n0059900J;Collège « Œuvre » de l’Île\r\n";

fn utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

fn windows_1252(text: &str) -> Vec<u8> {
    let (bytes, _, lost) = WINDOWS_1252.encode(text);
    assert!(!lost);
    bytes.into_owned()
}

#[track_caller]
fn must_be(bytes: &[u8], encoding: &str, text: &str) {
    let decoded = decode(bytes).unwrap();
    assert_eq!((decoded.encoding, &*decoded.text), (encoding, text));
    assert_eq!(decoded.is_official(), encoding == "UTF-8");
}

#[test]
fn each_encoding_gives_the_same_text() {
    must_be(TEXT.as_bytes(), "UTF-8", TEXT);
    must_be(&[b"\xEF\xBB\xBF", TEXT.as_bytes()].concat(), "UTF-8", TEXT);
    let marked = format!("\u{FEFF}{TEXT}");
    must_be(&utf_16(&marked, u16::to_le_bytes), "UTF-16LE", TEXT);
    must_be(&utf_16(&marked, u16::to_be_bytes), "UTF-16BE", TEXT);
    must_be(&utf_16(TEXT, u16::to_le_bytes), "UTF-16LE", TEXT);
    must_be(&utf_16(TEXT, u16::to_be_bytes), "UTF-16BE", TEXT);
    must_be(&windows_1252(TEXT), "windows-1252", TEXT);
    // The mark of UTF-8 before another encoding: an editor kept it.
    let kept = [b"\xEF\xBB\xBF".to_vec(), windows_1252(TEXT)].concat();
    must_be(&kept, "windows-1252", TEXT);
    must_be(b"Sacr\xE9-C\xBDur", "ISO-8859-15", "Sacré-Cœur");
}

#[test]
fn a_damaged_byte_does_not_make_every_other_name_wrong() {
    let mut bytes = "Collège\nCollège\n".as_bytes().to_vec();
    bytes.extend(b"Coll\xE8ge\n");
    must_be(&bytes, "UTF-8", "Collège\nCollège\nColl\u{FFFD}ge\n");
}

#[test]
fn a_name_that_is_wrong_in_the_directory_itself_stops_no_other() {
    let text = "Collège Été\nCollège Hélène\nCollÃ¨ge Gérard\n";
    must_be(text.as_bytes(), "UTF-8", text);
}

#[test]
fn what_would_damage_names_is_refused() {
    use DirectoryRefusal::{Empty, EncodingUnknown, NotCsv, Spreadsheet};
    let utf_32: Vec<u8> = "\u{FEFF}UAI"
        .chars()
        .flat_map(|c| u32::from(c).to_le_bytes())
        .collect();
    let cases: [(&[u8], DirectoryRefusal); 16] = [
        (b"", Empty),
        (b" \r\n\t ", Empty),
        (b"\xEF\xBB\xBF", Empty),
        (b"PK\x03\x04..[Content_Types].xml..", Spreadsheet),
        (b"PK\x03\x04..mimetypeapplication/vnd.oasis..", Spreadsheet),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", Spreadsheet),
        (b"PK\x03\x04..annuaire.csv..", NotCsv),
        (b"\x1F\x8B\x08\x00", NotCsv),
        (b"%PDF-1.7", NotCsv),
        (b" [{\"uai\": 1}]", NotCsv),
        (b"<!DOCTYPE html>", NotCsv),
        // DOS's code page 850, then Mac OS Roman: « Collège ».
        (b"Coll\x8Age", EncodingUnknown),
        (b"Coll\x8Fge", EncodingUnknown),
        (&utf_32, EncodingUnknown),
        // Read twice: « CollÃ¨ge », in UTF-8 and in windows-1252.
        ("CollÃ¨ge".as_bytes(), EncodingUnknown),
        ("LycÃ©e;Ã‰cole;collÃ¨ge".as_bytes(), EncodingUnknown),
    ];
    for (bytes, refusal) in cases {
        assert_eq!(decode(bytes), Err(refusal), "{bytes:?}");
    }
}
