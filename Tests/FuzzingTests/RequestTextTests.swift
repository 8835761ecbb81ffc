import Testing

@testable import Fuzzing

/// What a fuzzer begins with, so that it is seen to work without one.
struct RequestTextTests {
    @Test(arguments: [
        "", "lb=v1.k.AAAA.AAAA; x=1", "lb=; lb=1", "JSON {\"eps\": 1}", "10.0.0.0/8", "a.b\n/a/bcdefgh/?q=1%202&x\nPUT",
        "x.a.b:80\n/a//b?q=1+2", "\u{0}\u{1}\u{18}\u{0}\u{C0}\u{0}\u{2}",
    ])
    func nothingIsWrong(text: String) {
        #expect(FuzzTarget.requests.faults(Array(text.utf8)) == [])
    }
}
