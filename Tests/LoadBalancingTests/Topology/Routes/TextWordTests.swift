import Testing

@testable import LoadBalancing

@Suite struct TextWordTests {
    private func word(_ bytes: [UInt8]) -> UInt64 { TextWord.words(of: bytes).first ?? 0 }

    /// Each byte alone, and between its neighbours, as a carry would need them.
    @Test(arguments: 0...255 as ClosedRange<UInt8>)
    func lettersAreLowered(byte: UInt8) {
        let bytes = [byte, 0x40, byte, 0x5B, byte, 0xFF, 0, byte]
        let lowered = bytes.map { 0x41...0x5A ~= $0 ? $0 + 0x20 : $0 }
        #expect(TextWord.lowercased(word(bytes)) == word(lowered))
        #expect(HostBytes.lowercased(byte) == lowered[0])
    }

    @Test(arguments: [
        ("", 8), ("abcdefgh", 8), ("/", 0), ("a/?", 1), ("a?/", 1), ("abcdefg/", 7), ("...0", 8), ("\u{2E}\u{3E}/", 2),
    ])
    func marksAreFound(text: String, count: Int) {
        #expect(TextWord.count(of: word(Array(text.utf8)), before: UInt8(ascii: "/"), UInt8(ascii: "?")) == count)
    }

    @Test func wordsEndWhereTextsDo() {
        let bytes = (1...20).map { UInt8($0) }
        withRawSpan(of: bytes) { span in
            #expect((0...2).map { TextWord.read(span, at: 8 * $0) } == TextWord.words(of: bytes))
            #expect(TextWord.read(span, at: 20) == 0)
        }
        #expect(TextWord.first(3, of: word(bytes)) == word([1, 2, 3]))
        #expect(TextWord.first(8, of: word(bytes)) == word(bytes))
    }
}
