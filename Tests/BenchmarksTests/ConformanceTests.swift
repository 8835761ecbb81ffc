import Foundation
import Testing

@testable import Benchmarks

/// Folders of vectors, whole and broken: agreement, difference and what cannot be read are three things.
@Suite struct ConformanceTests {
    private static let wrr = #"{"program": "nginx 1.25, default upstream balancing", "cases": [CASE]}"#
    private static let ring = #"{"program": "libmemcached 1.1.4", "keys": KEYS, "cases": [CASE]}"#
    private static let one = #"{"mode": "ketama_weighted", "endpoints": ["a:1"], "weights": [1], "pick": [0, 0]}"#

    private func check(_ files: [String: String]) throws -> [FileConformance] {
        let folder = try TemporaryFolder(files)
        return try withExtendedLifetime(folder) { try ConformanceCommand.check(folder.path) }
    }

    private func check(_ text: String) throws -> FileConformance {
        try #require(try check(["file.json": text]).first)
    }

    private func order(_ vector: String) throws -> FileConformance {
        try check(Self.wrr.replacingOccurrences(of: "CASE", with: vector))
    }

    private func keyed(_ vector: String, keys: String = #"["k", "l"]"#) throws -> FileConformance {
        try check(
            Self.ring.replacingOccurrences(of: "KEYS", with: keys).replacingOccurrences(of: "CASE", with: vector))
    }

    @Test func everyVectorOfThePackageAgrees() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "LoadBalancingTests/Vectors")
        let files = try ConformanceCommand.check(folder.path(percentEncoded: false))
        #expect(files.count >= 11)
        for file in files {
            #expect(file.outcome == .agrees, "\(file.file): \(file.reason ?? "") \(file.mismatches)")
            #expect(file.picks > 0)
        }
    }

    @Test func picksAreComparedOneByOne() throws {
        let file = try order(#"{"case": "x", "weights": [5, 1, 1], "order": [0, 0, 1, 0, 1, 0, 0]}"#)
        #expect(file.outcome == .differs)
        #expect(file.picks == 7)
        #expect(file.mismatchCount == 1)
        #expect(file.mismatches == [Mismatch(case: "x (case 0)", key: "pick 4", expected: "1", got: "2")])
    }

    @Test func onlyTheFirstMismatchesAreShown() throws {
        let file = try order(#"{"weights": [1, 1], "order": [1, 0, 1, 0, 1, 0, 1, 0]}"#)
        #expect(file.mismatchCount == 8)
        #expect(file.mismatches.map(\.key) == (0..<Comparison.shown).map { "pick \($0)" })
    }

    @Test(arguments: [
        #"{"order": []}"#,
        #"{"weights": [1]}"#,
        #"{"weights": [1], "order": [1]}"#,
        #"{"weights": [1], "order": [-1]}"#,
        #"{"weights": [-1], "order": [0]}"#,
        #"{"weights": [4294967296], "order": [0]}"#,
        #"{"weights": [9223372036854775807], "order": [0]}"#,
        #"{"weights": [99999999999999999999], "order": [0]}"#,
        #"{"weights": [1], "order": ["a"]}"#,
        #"7"#,
    ])
    func ordersThatMakeNoSenseAreUnreadable(vector: String) throws {
        let file = try order(vector)
        #expect(file.outcome == .unreadable)
        #expect(file.reason?.isEmpty == false)
    }

    @Test(arguments: [#"{"weights": [], "order": []}"#, #"{"weights": [0, 0], "order": [null, null]}"#])
    func nobodyIsAnAnswer(vector: String) throws {
        #expect(try order(vector).outcome == .agrees)
    }

    @Test(arguments: [
        (#"{"mode": "ketama_weighted", "endpoints": ["a:1"], "weights": [1], "pick": [0]}"#, "2 keys, but 1 picks"),
        (#"{"mode": "ketama_weighted", "endpoints": ["a:1"], "weights": [1, 2], "pick": [0, 0]}"#, "2 weights"),
        (#"{"mode": "modula", "endpoints": ["a:1"], "weights": [1], "pick": [0, 0]}"#, "\"modula\" is not known"),
        (#"{"endpoints": ["a:1"], "weights": [1], "pick": [0, 0]}"#, "\"mode\" is missing"),
        (#"{"mode": "ketama_weighted", "weights": [1], "pick": [0, 0]}"#, "\"endpoints\" is missing"),
        (#"{"mode": "ketama_weighted", "endpoints": ["a:1"], "pick": [0, 0]}"#, "\"weights\" is missing"),
        (#"{"mode": "ketama_weighted", "endpoints": ["a:1"], "weights": [1]}"#, "\"pick\" is missing"),
        (#"{"mode": "ketama_weighted", "endpoints": ["a:1"], "weights": [1], "pick": [0, 1]}"#, "server 1 was picked"),
        (#"{"mode": "ketama_weighted", "endpoints": ["a:1"], "weights": [-5], "pick": [0, 0]}"#, "weight -5"),
        (#"{"mode": "ketama_weighted", "endpoints": ["a:1"], "weights": [1], "pick": [0, 0], "down": [0]}"#, "down"),
        (#"{"mode": "ketama_weighted", "endpoints": ["a:1", "a:1"], "weights": [1, 1], "pick": [0, 0]}"#, "twice"),
    ])
    func casesThatDoNotFitAreUnreadable(vector: String, reason: String) throws {
        let file = try keyed(vector)
        #expect(file.outcome == .unreadable)
        #expect(file.reason?.contains(reason) == true, "\(file.reason ?? "")")
    }

    @Test func keysStandAnywhere() throws {
        #expect(try keyed(Self.one).outcome == .agrees)
        #expect(try keyed(Self.one, keys: #""none.json""#).reason?.contains("none.json cannot be read") == true)
        #expect(try keyed(Self.one, keys: #""../keys.json""#).reason?.contains("not beside the file") == true)
        let own = Self.one.dropLast() + #", "keys": ["m", "n"]}"#
        #expect(try keyed(String(own), keys: "[]").outcome == .agrees)
        let bare = #"{"program": "libmemcached", "cases": [\#(Self.one)]}"#
        #expect(try check(["a.json": bare, "keys.json": #"["k", "l"]"#]).map(\.outcome) == [.agrees])
        #expect(try check(["a.json": bare]).map(\.outcome) == [.unreadable])
        #expect(try check(["a.json": bare, "keys.json": "{"]).map(\.outcome) == [.unreadable, .unreadable])
    }

    @Test func whatIsNoFileIsUnreadableAndSaysWhy() throws {
        let folder = try TemporaryFolder(["keys.json": #"["k", "l"]"#])
        try FileManager.default.createDirectory(atPath: folder.path + "/folder.json", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/link.json", withDestinationPath: folder.path + "/nowhere.json")
        let files = try ConformanceCommand.check(folder.path)
        #expect(files.map(\.file) == ["folder.json", "link.json"])
        #expect(files.map(\.reason) == ["it is a folder", "it is a link to a file that is not there"])
    }

    /// In the modes that end in `key` libmemcached was given no weights, so those of the case do not count.
    @Test func modesWithoutWeightsIgnoreThem() throws {
        func picks(_ mode: String, _ weights: [Int]) throws -> Int {
            let keys = (0..<40).map { "\"key \($0)\"" }.joined(separator: ", ")
            let picks = Array(repeating: "0", count: 40).joined(separator: ", ")
            return try keyed(
                #"{"mode": "\#(mode)", "endpoints": ["a:1", "b:1"], "weights": \#(weights), "pick": [\#(picks)]}"#,
                keys: "[\(keys)]"
            ).mismatchCount
        }
        #expect(try picks("ketama_md5key", [9, 1]) == picks("ketama_md5key", [1, 1]))
        #expect(try picks("ketama_md5", [1, 1]) == picks("ketama_md5key", [1, 1]))
        #expect(try picks("ketama_md5", [9, 1]) == picks("ketama_weighted", [9, 1]))
        #expect(try picks("ketama_md5", [9, 1]) != picks("ketama_md5", [1, 1]))
    }

    @Test func oneBadFileLeavesTheOthers() throws {
        let good = Self.wrr.replacingOccurrences(of: "CASE", with: #"{"weights": [2, 1], "order": [0, 1, 0]}"#)
        let files = try check(["b.json": good, "a.json": "nothing", "note.txt": "not read"])
        #expect(files.map(\.file) == ["a.json", "b.json"])
        #expect(files.map(\.outcome) == [.unreadable, .agrees])
    }

    @Test(arguments: [
        #"{"program": "Varnish 7", "cases": [{}]}"#,
        #"{"program": "nginx 1.22.1, ip_hash", "cases": [{}]}"#,
        #"{"program": "", "cases": [{}]}"#,
        #"{"program": "Envoy, MAGLEV", "cases": []}"#,
    ])
    func unknownProgramsAndNoCasesAreUnreadable(text: String) throws {
        #expect(try check(text).outcome == .unreadable)
    }

    @Test func foldersWithoutVectorsFail() throws {
        #expect(throws: CommandFailure.self) { try ConformanceCommand.check("/nowhere/at/all") }
        #expect(throws: CommandFailure.self) { try check(["keys.json": "[]"]) }
        #expect(throws: CommandFailure.self) { try check([:]) }
    }

    /// Settings that would take memory or time without bound, or that the table cannot have.
    @Test(
        arguments: [
            #"{"program": "Envoy, MAGLEV", "keys": [], "cases": [{"endpoints": ["a"], "weights": [1], "pick": [], "table_size": SIZE}]}"#,
            #"{"program": "Envoy, RING_HASH", "keys": [], "cases": [{"endpoints": ["a"], "weights": [1], "pick": [], "hash_function": "XX_HASH", "minimum_ring_size": SIZE}]}"#,
        ], ["0", "-1", "1000000000000", "9223372036854775807"])
    func sizesAreBounded(text: String, size: String) throws {
        #expect(try check(text.replacingOccurrences(of: "SIZE", with: size)).outcome == .unreadable)
    }

    @Test func ringsOfTooManyPointsAreUnreadable() throws {
        let vector = #"{"endpoints": ["a"], "weights": [2147483648], "pick": []}"#
        #expect(
            try check(#"{"program": "nginx, hash $k consistent", "keys": [], "cases": [\#(vector)]}"#).outcome
                == .unreadable)
    }

    /// Cut anywhere, a good file is unreadable, and nothing else happens.
    @Test func everyBeginningOfAFileIsRead() throws {
        let text = Self.ring.replacingOccurrences(of: "KEYS", with: #"["k", "l"]"#)
            .replacingOccurrences(of: "CASE", with: Self.one)
        for length in 0..<text.count {
            #expect(throws: VectorError.self, "\(length)") { try VectorFile(Data(text.utf8.prefix(length))) }
        }
    }
}
