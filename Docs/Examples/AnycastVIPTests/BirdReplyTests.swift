import Testing

@testable import AnycastVIP

/// What comes over BIRD's control socket.
@Suite struct BirdReplyTests {
    @Test(arguments: [
        (text: "0001 BIRD 2.0.12 ready.\n", code: 1, lines: ["BIRD 2.0.12 ready."], isError: false),
        ("0011-vip: enabled\n0000 \n", 0, ["vip: enabled", ""], false),
        ("0009-vip: disabled\n0000 \n", 0, ["vip: disabled", ""], false),
        (
            "2002-Name Proto\n1002-vip Static\n more of it\n0000 \n", 0,
            ["Name Proto", "vip Static", "more of it", ""], false
        ),
        ("8003 No protocols match\n", 8003, ["No protocols match"], true),
        ("9001 syntax error, unexpected CF_SYM_UNDEFINED\n", 9001, ["syntax error, unexpected CF_SYM_UNDEFINED"], true),
    ])
    func answersAreRead(text: String, code: Int, lines: [String], isError: Bool) throws {
        let bytes = Array(text.utf8)
        let (reply, byteCount) = try #require(try BirdReply.parse(bytes))
        #expect(reply == BirdReply(code: code, lines: lines))
        #expect(reply.isError == isError)
        #expect(byteCount == bytes.count)
        // What follows belongs to the next answer.
        #expect(try BirdReply.parse(bytes + bytes)?.byteCount == bytes.count)
        // Until the last byte is there, the answer is not.
        for count in 0..<bytes.count { #expect(try BirdReply.parse(Array(bytes.prefix(count))) == nil) }
    }

    @Test(arguments: [
        "\n", "hello\n", "0000\n", "000 x\n", "0000x\n", "00a0 x\n", " more\n", "0011-vip\n\n", "+ asynchronous\n",
        "0001\tx\n", "\u{0}\n",
    ])
    func whatIsNoAnswerIsRefused(text: String) {
        #expect(throws: BirdError.self) { try BirdReply.parse(Array(text.utf8)) }
    }

    @Test func bytesThatAreNoTextAreRefused() {
        for byte in UInt8.min...UInt8.max {
            #expect(throws: BirdError.self) {
                try BirdReply.parse([
                    0x30, 0x30, 0x30, 0x30, byte == 0x20 ? 0xFF : byte == 0x2D ? 0xFE : byte, 0x0A, 0x0A,
                ])
            }
        }
    }

    @Test func endlessAnswersAreRefused() {
        let line = Array("0011-vip: enabled\n".utf8)
        let endless = Array(repeatElement(line, count: BirdReply.longest / line.count + 1).joined())
        #expect(throws: BirdError.self) { try BirdReply.parse(endless) }
    }
}
