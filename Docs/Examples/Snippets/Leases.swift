import LoadBalancing

/// A request by hand: what `withBackend` does in one call.
func fetch(user: String, client: Client, balancer: LoadBalancer<String>) async throws -> Response {
    let lease = try balancer.lease(for: .key(user))
    do {
        let response = try await client.get("http://\(lease.endpoint)/users/\(user)")
        lease.finish(response.status < 500 ? .success : .failure)
        return response
    } catch {
        lease.finish(.failure)
        throw error
    }
}

/// A connection that is kept, and the streams on it.
func exchange(client: Client, balancer: LoadBalancer<String>) async throws -> [Response] {
    let connection = try balancer.connectionLease()
    var responses: [Response] = []
    for path in ["/a", "/b"] {
        let stream = try connection.stream()
        responses.append(try await client.get("http://\(connection.endpoint)\(path)"))
        stream.finish()
    }
    connection.finish()
    return responses
}

/// A long answer: its beginning is what is measured, its end is when the lease ends.
func download(
    from body: @Sendable (String) -> AsyncThrowingStream<String, any Error>, balancer: LoadBalancer<String>
) async throws -> String {
    var lease = try balancer.lease()
    var text = ""
    for try await chunk in body(lease.endpoint) {
        if text.isEmpty { lease.answered() }
        text += chunk
    }
    lease.finish()
    return text
}

/// An answer that is told to callbacks, none of which can own a lease.
func subscribe(
    to open: (String, _ onEnd: @escaping @Sendable ((any Error)?) -> Void) -> Void, balancer: LoadBalancer<String>
) throws {
    let lease = try balancer.lease().share()
    open(lease.backend.endpoint) { error in
        lease.finish(error == nil ? .success : .failure)
    }
}
