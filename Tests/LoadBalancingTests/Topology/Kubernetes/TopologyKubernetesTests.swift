import Testing

@testable import LoadBalancing

@Suite struct TopologyKubernetesTests {
    /// An endpoint in one word: its name, its node, and what it is: r ready, n not ready, s serving while it
    /// terminates, t terminating; hints in capitals for zones, digits for nodes.
    private static func endpoint(_ word: String) -> EndpointSlice.Endpoint {
        let letters = Array(word)
        let conditions: [Character: EndpointSlice.Conditions] = [
            "r": EndpointSlice.Conditions(ready: true, serving: true, terminating: false),
            "n": EndpointSlice.Conditions(ready: false, serving: false, terminating: false),
            "s": EndpointSlice.Conditions(ready: false, serving: true, terminating: true),
            "t": EndpointSlice.Conditions(ready: false, serving: false, terminating: true),
            "?": EndpointSlice.Conditions(),
        ]
        return EndpointSlice.Endpoint(
            addresses: [String(letters[0])], conditions: conditions[letters[2]] ?? .init(),
            nodeName: String(letters[1]),
            zoneHints: letters.dropFirst(3).filter(\.isUppercase).map(String.init),
            nodeHints: letters.dropFirst(3).filter(\.isNumber).map(String.init))
    }

    @Test(arguments: [
        (slice: "a1r b2r c1n", policy: ServiceTraffic.Policy.cluster, chosen: "ab", terminating: false),
        ("a1r b2r c1n", .local, "a", false), ("a1n b2s c1t", .cluster, "b", true), ("a1n b2s c1t", .local, "", false),
        ("a1s b2r", .local, "a", true), ("a1s b2r", .cluster, "b", false), ("a1?", .cluster, "a", false),
        ("a2r b2s", .local, "", false), ("", .cluster, "", false),
        // Hints: all ready ones have some, and one is for zone Z.
        ("a1rZ b2rY c2rZ", .cluster, "ac", false), ("a1rZ b2r c2rZ", .cluster, "abc", false),
        ("a1rY b2rY", .cluster, "ab", false), ("a1rZ b2rY c2n", .cluster, "a", false),
        // Nodes come before zones; an endpoint that only terminates has no say.
        ("a1rZ1 b2rZ2", .cluster, "a", false), ("a1rZ3 b2rZ2", .cluster, "ab", false),
        ("a1sZ b2sY", .cluster, "ab", true),
    ])
    func counts(slice: String, policy: ServiceTraffic.Policy, chosen: String, terminating: Bool) {
        let endpoints = slice.split(separator: " ").map { Self.endpoint(String($0)) }
        let found = ServiceEndpoints(
            [EndpointSlice(endpoints: endpoints)], for: ServiceTraffic(policy: policy, node: "1", zone: "Z"))
        #expect(found.endpoints.compactMap(\.addresses.first).joined() == chosen, "\(found.reason)")
        #expect(found.areTerminating == terminating)
    }

    @Test func slicesAreMergedAndWhoeverIsReadyInOneIsReady() {
        let slices = [
            EndpointSlice(endpoints: [Self.endpoint("a1n"), Self.endpoint("b1r")]),
            EndpointSlice(endpoints: [
                Self.endpoint("a1r"), Self.endpoint("b1t"), EndpointSlice.Endpoint(addresses: []),
            ]),
        ]
        let found = ServiceEndpoints(slices)
        #expect(found.endpoints.count == 2)
        #expect(found.reason == "ready in the cluster")
        #expect(ServiceEndpoints(slices.reversed()) == found)
    }

    @Test func endpointsBecomeBackends() throws {
        let slice = EndpointSlice(endpoints: [
            EndpointSlice.Endpoint(addresses: ["10.0.0.1"], zone: "a"),
            EndpointSlice.Endpoint(addresses: ["2001:db8::1"]),
        ])
        let backends = ServiceEndpoints([slice]).backends(port: 80)
        #expect(backends.map(\.id) == ["10.0.0.1:80", "[2001:db8::1]:80"])
        #expect(backends.map(\.place) == [Place(zone: "a"), Place()])
    }

    /// Slices as words: letters for endpoints, all ready but those in capitals, and the number of each named port.
    @Test(
        arguments: [
            // A new version rolls out that listens elsewhere.
            (
                slices: [("ab", ["http": 8_080]), ("c", ["http": 9_090])], port: "http",
                backends: ["a:8080", "b:8080", "c:9090"]
            ),
            ([("ab", ["http": 8_080]), ("c", ["http": 9_090])], nil, ["a:8080", "b:8080", "c:9090"]),
            // Several ports, in one slice or in several.
            ([("a", ["http": 80, "grpc": 90]), ("b", ["http": 81, "grpc": 91])], "grpc", ["a:90", "b:91"]),
            ([("a", ["http": 80]), ("a", ["grpc": 90])], "grpc", ["a:90"]),
            ([("a", ["http": 80]), ("a", ["grpc": 90])], "http", ["a:80"]),
            // Not said which of several; not known; unnamed.
            ([("a", ["http": 80]), ("a", ["grpc": 90])], nil, []), ([("a", ["http": 80])], "grpc", []),
            ([("ab", ["": 80])], nil, ["a:80", "b:80"]), ([("ab", ["": 80])], "", ["a:80", "b:80"]),
            ([("a", [:]), ("b", ["": 80])], nil, ["b:80"]), ([], "http", []),
            // One that is ready on the old port alone, and one that is ready in either of two slices.
            ([("aB", ["http": 80]), ("Ab", ["http": 90])], "http", ["a:80", "b:90"]),
            ([("AB", ["http": 80]), ("aB", ["http": 80])], "http", ["a:80"]),
            // Each port has endpoints of its own: that one is ready does not help the other.
            ([("a", ["http": 80]), ("B", ["grpc": 90])], "grpc", []),
        ] as [(slices: [(String, [String: Int])], port: String?, backends: [String])])
    func eachEndpointHasItsOwnPort(slices: [(String, [String: Int])], port: String?, backends: [String]) {
        let slices = slices.map { names, ports in
            EndpointSlice(
                endpoints: names.map { name in
                    EndpointSlice.Endpoint(
                        addresses: [name.lowercased()], conditions: .init(ready: name.isLowercase, serving: false))
                }, ports: ports)
        }
        #expect(ServiceEndpoints(slices, port: port).backends.map(\.id) == backends)
        #expect(ServiceEndpoints(slices.reversed(), port: port).backends.map(\.id) == backends)
    }

    @Test func aNumberStandsForAllPorts() {
        let slices = [8_080, 9_090].map { number in
            EndpointSlice(endpoints: [EndpointSlice.Endpoint(addresses: ["a"])], ports: ["http": number])
        }
        #expect(ServiceEndpoints(slices, port: "http").backends.map(\.id) == ["a:8080", "a:9090"])
        #expect(ServiceEndpoints(slices).backends(port: 80).map(\.id) == ["a:80"])
    }
}
