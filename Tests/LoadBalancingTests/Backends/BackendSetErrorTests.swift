import Testing

@testable import LoadBalancing

@Suite struct BackendSetErrorTests {
    static func error(in set: [(String, Int)]) -> BackendSetError? {
        do throws(BackendSetError) {
            try BackendSetError.check(set.map { WeightedName($0.0, weight: $0.1) })
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [[], [("a", 1)], [("a", 0), ("b", 1 << 31)], [("a", 1), ("A", 1), ("", 1)]])
    func allThatIsUniqueAndInRangeIsAccepted(set: [(String, Int)]) {
        #expect(Self.error(in: set) == nil)
    }

    @Test(
        arguments: [
            (
                set: [("a", 1), ("b", 1), ("a", 2)],
                reason: .duplicateIdentity, id: "a",
                text: "backend \"a\" stands twice in the set; give every backend an id of its own"
            ),
            (
                set: [("a", 1), ("b", -1)],
                reason: .weightOutOfRange(-1), id: "b",
                text: "backend \"b\" has weight -1; weights go from 0 to 2147483648"
            ),
            (
                set: [("c", 1 << 31 + 1)],
                reason: .weightOutOfRange(1 << 31 + 1), id: "c",
                text: "backend \"c\" has weight 2147483649; weights go from 0 to 2147483648"
            ),
            (
                set: [("", .min)],
                reason: .weightOutOfRange(.min), id: "",
                text: "backend \"\" has weight -9223372036854775808; weights go from 0 to 2147483648"
            ),
        ] as [(set: [(String, Int)], reason: BackendSetError.Reason, id: String, text: String)])
    func saysWhatIsWrongAndWhatToDo(set: [(String, Int)], reason: BackendSetError.Reason, id: String, text: String) {
        let error = Self.error(in: set)
        #expect(error?.reason == reason)
        #expect(error?.id == id)
        #expect(error?.description == text)
    }

    @Test func theLargestWeightIsAPowerOfTwo() {
        #expect(BackendSetError.maximumWeight == 2_147_483_648)
    }

    @Test func aSetTooLargeHasNoBackendToBlame() {
        let error = BackendSetError(.tooManyBackends(3_000_000_000))
        #expect(error.description == "the set has 3000000000 backends; at most 2147483648 are possible")
    }

    @Test func aPolicySaysWhatItCannotWorkWith() {
        let error = BackendSetError(.unsuitable("names must be HOST:PORT"), id: "web-1")
        #expect(error.description == "backend \"web-1\" does not suit the policy: names must be HOST:PORT")
        #expect(
            BackendSetError(.unsuitable("it is too large")).description
                == "the set does not suit the policy: it is too large")
    }
}
