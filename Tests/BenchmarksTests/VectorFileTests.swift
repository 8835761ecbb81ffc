import Foundation
import Testing

@testable import Benchmarks

/// What is read strictly: every malformed file gets a reason, and none ends the process.
@Suite struct VectorFileTests {
    @Test(arguments: [
        ("", "not valid JSON"),
        ("{", "not valid JSON"),
        ("[1, 2]", "Expected to decode"),
        ("{}", "\"program\" is missing"),
        (#"{"program": "nginx 1.22.1"}"#, "\"cases\" is missing"),
        (#"{"program": 7, "cases": []}"#, "program: "),
        (#"{"program": "x", "cases": [{"weights": [1, "2"]}]}"#, "cases[0].weights[1]: "),
        (#"{"program": "x", "cases": [{"weights": [1.5]}]}"#, "not whole"),
        (#"{"program": "x", "cases": [{"weights": [1e30]}]}"#, "too large"),
        (#"{"program": "x", "cases": [{"weights": [true]}]}"#, "cases[0].weights[0]: "),
        (#"{"program": "x", "cases": [{"tables": [{"version": 1}]}]}"#, "\"size\" is missing"),
        (#"{"program": "x", "keys": 3, "cases": []}"#, "keys: "),
    ])
    func malformedFilesHaveAReason(text: String, reason: String) throws {
        let error = try #require(throws: VectorError.self) { try VectorFile(Data(text.utf8)) }
        #expect(error.description.contains(reason), "\(error)")
        #expect(!error.description.contains("\n"))
    }

    @Test func deepNestingIsNoStackOverflow() {
        let text = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
        #expect(throws: VectorError.self) { try VectorFile(Data(text.utf8)) }
    }

    @Test func whatIsNotKnownIsPassedOver() throws {
        let file = try VectorFile(
            Data(#"{"program": "p", "note": [1], "cases": [{"case": "c", "remark": {}, "pick": [null, 2]}]}"#.utf8))
        #expect(file.program == "p")
        #expect(file.keys == nil)
        #expect(file.cases.map(\.case) == ["c"])
        #expect(file.cases.first?.pick == [nil, 2])
    }

    @Test(arguments: [
        (#""keys.json""#, KeySource.file("keys.json")),
        (#"["a", "ä"]"#, KeySource.list(["a", "ä"])),
    ])
    func keysAreNamedOrGiven(text: String, source: KeySource) throws {
        let file = try VectorFile(Data(#"{"program": "p", "cases": [], "keys": \#(text)}"#.utf8))
        #expect(file.keys == source)
    }
}
