use super::*;

fn note(text: &str) -> String {
    format!("<comment ref=\"B2\"><text>{text}</text></comment>")
}

#[test]
fn ours_is_added_to_a_note_and_taken_away_again() {
    for own in ["<t>Hỏi &amp; xem</t>", "<r><rPr><b/></rPr><t>Lan:</t></r><r><t>Hỏi</t></r>", ""] {
        let added = merged(&note(own), Some("sai\n→ sửa")).unwrap().unwrap();
        assert!(added.contains("School Gateway:\nsai"), "{added}");
        let again = merged(&added, Some("khác")).unwrap();
        let expected = merged(&note(own), Some("khác")).unwrap();
        assert!(again == expected || own.is_empty(), "{again:?}");
        assert_eq!(merged(&added, None).unwrap(), (!own.is_empty()).then(|| note(own)));
    }
    // Some programs make one run of all.
    let one = note("<r><t>Hỏi\n\nSchool Gateway:\nsai</t></r>");
    assert_eq!(merged(&one, None).unwrap(), Some(note("<r><t>Hỏi</t></r>")));
    assert_eq!(merged(&note("<t>School Gateway:\nsai</t>"), None).unwrap(), None);
}

#[test]
fn what_is_said_of_a_cell_with_a_conversation_stands_beside_it() {
    let sent = "<comments><authors><author>tc={1}</author><author>Lan</author></authors><commentList>\
        <comment ref=\"B2\" authorId=\"0\"><text><t>Luồng</t></text></comment>\
        <comment ref=\"C2\" authorId=\"1\"><text><t>Hỏi</t></text></comment></commentList></comments>";
    let passed = |sent: &str, notes: &Notes| {
        let mut out = Vec::new();
        let source = Xml::new(sent.as_bytes(), crate::intake::sheet::file::package::Budget::of(u64::MAX));
        let merged = merge(source, &mut out, notes).unwrap();
        (String::from_utf8(out).unwrap(), merged)
    };
    let notes: Notes = [((2, 1), "sai".to_owned())].into();
    let (text, merged) = passed(sent, &notes);
    assert!(text.contains("<t>Luồng</t></text>") && text.contains("<t>Hỏi</t></text>"), "{text}");
    assert!(text.contains("ref=\"D2\"") && text.contains("B2: sai"), "the next cell has a note already: {text}");
    assert!(drawing(None, &notes, &merged).contains("<x:Column>3</x:Column>"));
    // Sent again, it is known for ours and gone.
    let (again, merged) = passed(&text, &Notes::new());
    assert!(!again.contains("B2: sai") && merged.gone.contains(&(2, 3)), "{again}");
}

#[test]
fn shapes_go_with_their_notes() {
    let notes: Notes = [((3, 1), "a".to_owned()), ((9, 0), "b".to_owned())].into();
    let made = drawing(None, &notes, &Merged::default());
    assert_eq!((made.matches("<v:shape ").count(), made.contains("_x0000_s1026\"")), (2, true), "{made}");
    let merged = Merged { kept: [(9, 0)].into(), gone: [(3, 1)].into(), beside: Notes::new() };
    let made = drawing(Some(&made), &Notes::new(), &merged);
    assert!(made.contains("<x:Row>8</x:Row>") && !made.contains("<x:Row>2</x:Row>"), "{made}");
    let untidy = "<xml><v:shape id=\"_x0000_s2050\"><br></v:shape></xml>";
    let made = drawing(Some(untidy), &notes, &Merged::default());
    assert!(
        made.starts_with("<xml><v:shape id=\"_x0000_s2050\"><br></v:shape>") && made.contains("_x0000_s2052\""),
        "{made}"
    );
}
