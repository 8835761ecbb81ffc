import Testing

@testable import LoadBalancing

@Suite struct RingTextTests {
    static func text(_ name: String, _ form: RingText) -> String? {
        (try? form.bytes(of: name)).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(arguments: [
        ("10.0.0.1:11211", "10.0.0.1"),
        ("10.0.0.1:11212", "10.0.0.1:11212"),
        ("10.0.0.1:1121", "10.0.0.1:1121"),
        ("10.0.0.1:111211", "10.0.0.1:111211"),
        ("10.0.0.1", "10.0.0.1"),
        ("cache.example:11211", "cache.example"),
        ("/tmp/memcached.sock", "/tmp/memcached.sock:0"),
        ("[::1]:11211", "[::1]"),
        (":11211", ""),
        ("", ""),
    ])
    func libmemcachedLeavesOutTheDefaultPort(name: String, text: String) {
        #expect(Self.text(name, .libmemcached) == text)
    }

    @Test(arguments: [
        ("10.0.0.1:11211", "/10.0.0.1:11211"),
        ("10.0.0.1:80", "/10.0.0.1:80"),
        ("cache", "/cache:11211"),
        ("/tmp/memcached.sock", "//tmp/memcached.sock:0"),
    ])
    func libmemcachedSpyHasThePortAlways(name: String, text: String) {
        #expect(Self.text(name, .libmemcachedSpy) == text)
    }

    @Test(arguments: [
        ("/10.0.0.1:11211", "10.0.0.1:11211"),
        ("10.0.0.1:11211", "10.0.0.1:11211"),
        ("cache/10.0.0.1:11211", "cache/10.0.0.1:11211"),
        ("/0:0:0:0:0:0:0:1:11211", "0:0:0:0:0:0:0:1:11211"),
        ("10.0.0.1", nil),
        ("cache:", nil),
        ("", nil),
    ])
    func spymemcachedNeedsAPort(name: String, text: String?) {
        #expect(Self.text(name, .socketAddress) == text)
    }

    /// ngx_http_upstream_init_chash.
    @Test(arguments: [
        ("10.0.0.1:80", "10.0.0.1\u{0}80"),
        ("backend", "backend\u{0}"),
        ("backend:", "backend\u{0}"),
        ("backend:80a", "backend:80a\u{0}"),
        ("[::1]:80", "[::1]\u{0}80"),
        ("[::1]", "[::1]\u{0}"),
        ("unix:/tmp/a.sock", "/tmp/a.sock\u{0}"),
        ("UNIX:/tmp/a:80", "/tmp/a:80\u{0}"),
        ("unix", "unix\u{0}"),
        (":80", "\u{0}80"),
        ("80", "80\u{0}"),
        ("", "\u{0}"),
    ])
    func nginxSplitsAtTheLastColonBeforeDigits(name: String, text: String) {
        #expect(Self.text(name, .nginx) == text)
    }

    @Test(arguments: [
        ("10.0.0.1:80", "10.0.0.1\u{0}80"),
        ("[0:0::1]:080", "::1\u{0}80"),
        ("backend:80", nil),
    ])
    func pingoraHashesAddresses(name: String, text: String?) {
        #expect(Self.text(name, .ipAddress) == text)
    }
}
