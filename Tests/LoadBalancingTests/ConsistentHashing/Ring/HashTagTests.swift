import LoadBalancing
import Testing

@Suite struct HashTagTests {
    /// twemproxy, notes/recommendation.md and `server_pool_idx`.
    @Test(arguments: [
        (tag: "{}", key: "user:{user1}:ids", part: "user1"),
        (tag: "{}", key: "{a}{b}", part: "a"),
        (tag: "{}", key: "user1", part: "user1"),
        (tag: "{}", key: "user{}1{x}", part: "user{}1{x}"),
        (tag: "{}", key: "user{1", part: "user{1"),
        (tag: "{}", key: "user}{1", part: "user}{1"),
        (tag: "{}", key: "a}{b}", part: "b"),
        (tag: "{}", key: "{{b}}", part: "{b"),
        (tag: "$$", key: "user:$user1$:ids", part: "user1"),
        (tag: "$$", key: "user:$user1", part: "user:$user1"),
        (tag: "{}", key: "", part: ""),
    ])
    func hashesThePartForTheWhole(tag: String, key: String, part: String) throws {
        let backends = (1...20).map { WeightedName("cache\($0)") }
        let hashTag: HashTag = try #require(HashTag(tag))
        let ring = try HashRing(backends, dialect: .twemproxy(hashTag: hashTag))
        let plain = try HashRing(backends, dialect: .twemproxy())
        #expect(ring.hash(ofKey: key) == plain.hash(ofKey: part))
        #expect(ring.backend(forKey: key) == plain.backend(forKey: part))
    }

    @Test(arguments: ["", "{", "{}}", "é}"])
    func aTagIsTwoBytes(text: String) {
        #expect(HashTag(text) == nil)
    }
}
