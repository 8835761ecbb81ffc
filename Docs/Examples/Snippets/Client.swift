/// Stands for the HTTP client that a service has already.
struct Client: Sendable {
    /// What it answers to a request for an address.
    var answer: @Sendable (_ address: String) async throws -> Response

    /// Fetches what is at an address.
    func get(_ address: String) async throws -> Response {
        try await answer(address)
    }
}

/// What a server answered.
struct Response: Sendable {
    var status = 200
    var body = ""
}
