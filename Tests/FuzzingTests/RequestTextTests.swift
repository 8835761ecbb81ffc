import Testing

@testable import Fuzzing

/// What a fuzzer begins with, and what it might make of it, so that the target is seen to work without one.
struct RequestTextTests {
    private static let pieces = [
        "lb=", "v1.k.", "AAAA", ".", "; ", "x=1", "JSON {", "\"eps\"", ": 1", "}", "TEXT ", "eps=", "BIN ",
        "OQAAAAAAAPA/", "10.0.0.0",
        "/8", "a.b", "x.A.B", ":80", "\n", "/a", "/bcdefgh", "/", "?", "q=1", "+2", "%202", "&x", "PUT", "\u{0}",
        "\u{1}",
        "\u{18}", "é", ",", "[", "]", "\\", "::1",
    ]

    @Test(arguments: [
        "", "lb=v1.k.AAAA.AAAA; x=1", "lb=; lb=1", "JSON {\"eps\": 1}", "10.0.0.0/8",
        "a.b\n/a/bcdefgh/?q=1%202&x\nPUT", "x.a.b:80\n/a//b?q=1+2", "\u{0}\u{1}\u{18}\u{0}\u{C0}\u{0}\u{2}",
    ])
    func nothingIsWrong(text: String) {
        #expect(FuzzTarget.requests.faults(Array(text.utf8)) == [])
    }

    /// Pieces of what is understood, in any order, with a byte changed now and then.
    @Test(arguments: 0..<20 as Range<UInt64>)
    func norWithWhatItIsMadeOf(seed: UInt64) {
        var state = seed
        func draw(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % count
        }
        for _ in 0..<300 {
            var bytes = (0..<draw(12)).flatMap { _ in Array(Self.pieces[draw(Self.pieces.count)].utf8) }
            if !bytes.isEmpty, draw(3) == 0 { bytes[draw(bytes.count)] = UInt8(truncatingIfNeeded: draw(256)) }
            #expect(FuzzTarget.requests.faults(bytes) == [], "seed \(seed)")
        }
    }
}
