import LoadBalancing
import Testing

@Suite struct BackendTests {
    @Test func identityIsTheEndpointsDescriptionUnlessGiven() {
        #expect(Backend("10.0.0.1:80") == Backend(id: "10.0.0.1:80", endpoint: "10.0.0.1:80", weight: 1))
        #expect(Backend(8_080, weight: 3) == Backend(id: "8080", endpoint: 8_080, weight: 3))
        #expect(Backend(id: "a", endpoint: 1) != Backend(id: "a", endpoint: 2))
        #expect(Backend(id: "a", endpoint: 1) != Backend(id: "a", endpoint: 1, weight: 2))
    }
}
