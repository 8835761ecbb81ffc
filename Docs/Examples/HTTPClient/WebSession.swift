import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Sends requests by `URLSession`, which keeps connections and heeds cancellation.
struct WebSession: Sendable {
    private let session: URLSession

    init() {
        let settings = URLSessionConfiguration.ephemeral
        // Cookies are the visitors', not this program's.
        settings.httpCookieStorage = nil
        settings.httpShouldSetCookies = false
        settings.urlCache = nil
        settings.httpMaximumConnectionsPerHost = 32
        // Who says nothing for so long counts as failed, and another server is asked.
        settings.timeoutIntervalForRequest = 10
        session = URLSession(configuration: settings)
    }

    func fetch(_ method: String, _ url: URL) async throws -> Page {
        var request = URLRequest(url: url)
        request.httpMethod = method
        let (body, response) = try await session.answer(to: request)
        guard let response = response as? HTTPURLResponse else { throw URLError(.badServerResponse) }
        return Page(status: response.statusCode, body: String(decoding: body, as: UTF8.self))
    }
}
