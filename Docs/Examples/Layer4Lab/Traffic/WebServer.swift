import Foundation

/// nginx on a backend, with a page that says who it is and a large file.
final class WebServer {
    private static let programs = ["nginx", "curl", "iperf3"]

    /// The programs that are not installed.
    static var missing: [String] { programs.filter { path(of: $0) == nil } }

    /// How to have them.
    static var remedy: String { "missing: apt-get install -y \(missing.joined(separator: " "))" }

    private let program: Program

    /// Starts nginx; `folder` has the pages, of which one is `large`.
    init(_ host: LabHost, _ folder: String) throws {
        let place = "\(folder)/\(host.name)"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        let configuration = """
            daemon off; master_process off; user root; pid \(place)/pid; error_log stderr crit;
            events { worker_connections 4096; }
            http {
                access_log off; sendfile on; client_body_temp_path \(place)/a; proxy_temp_path \(place)/b;
                fastcgi_temp_path \(place)/c; uwsgi_temp_path \(place)/d; scgi_temp_path \(place)/e;
                server {
                    listen [::]:80 ipv6only=off;
                    location = / { return 200 "\(host.name)\\n"; }
                    location = /large { alias \(folder)/large; }
                }
            }
            """
        try configuration.write(toFile: "\(place)/nginx.conf", atomically: false, encoding: .utf8)
        guard let path = Self.path(of: "nginx") else {
            throw LabError("nginx is missing: apt-get install -y nginx-light")
        }
        program = try host.start(path, ["-c", "\(place)/nginx.conf", "-e", "stderr"])
    }

    func end() { program.end() }

    /// Where a program is; `nil` if it is not installed.
    static func path(of program: String) -> String? {
        ["/usr/sbin/", "/usr/bin/", "/usr/local/bin/", "/sbin/", "/bin/"].map { $0 + program }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
