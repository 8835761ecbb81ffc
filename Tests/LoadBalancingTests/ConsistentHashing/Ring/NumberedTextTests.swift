import Testing

@testable import LoadBalancing

@Suite struct NumberedTextTests {
    @Test func countsUp() {
        var text = NumberedText(Array("node".utf8), separator: "-")
        for number in 0...1100 {
            #expect(String(decoding: text.bytes, as: UTF8.self) == "node-\(number)")
            text.next()
        }
    }

    /// Eight at once are what one by one are, whatever the length: a block holds 55 bytes.
    @Test(arguments: [0, 1, 3, 14, 50, 51, 52, 53, 54, 60, 130])
    func digestsAreThoseOfTheTexts(length: Int) {
        let name = String(repeating: "x", count: length)
        for count in [0, 1, 7, 8, 9, 17, 120] {
            var text = NumberedText(Array(name.utf8), separator: "-")
            var digests: [MD5.Digest] = []
            text.forEachMD5(count) { digests.append($0) }
            #expect(digests == (0..<count).map { MD5.hash("\(name)-\($0)") }, "\(length) bytes, \(count) texts")
            // The next one goes on from there.
            text.forEachMD5(1) { #expect($0 == MD5.hash("\(name)-\(count)")) }
        }
    }
}
