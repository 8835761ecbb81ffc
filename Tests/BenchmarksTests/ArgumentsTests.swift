import Testing

@testable import Benchmarks

@Suite struct ArgumentsTests {
    @Test func wordsAndNumbersAreTakenOut() throws {
        var arguments = Arguments(["folder", "--backends", "3,10", "--quick"])
        let isQuick = arguments.flag("--quick")
        let backends = try arguments.numbers("--backends", in: 2...10)
        let words = [arguments.word(), arguments.word()]
        try arguments.finish()
        #expect(isQuick)
        #expect(backends == [3, 10])
        #expect(words == ["folder", nil])
    }

    @Test(arguments: ["", "1", "11", "3,x", "-3", "99999999999999999999"])
    func numbersOutOfRangeAreRefused(list: String) {
        var arguments = Arguments(["--backends", list])
        #expect(throws: UsageError.self) { try arguments.numbers("--backends", in: 2...10) }
    }

    @Test func optionsAreNotWords() {
        var arguments = Arguments(["--json"])
        let word = arguments.word()
        #expect(word == nil)
    }
}
