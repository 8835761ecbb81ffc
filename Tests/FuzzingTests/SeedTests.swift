import Testing

@testable import Fuzzing

struct SeedTests {
    @Test func x() throws { #expect(try Seed.all().count > 100) }
}
