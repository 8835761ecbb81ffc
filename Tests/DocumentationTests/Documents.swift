import Foundation
import Testing

/// The package's folder, found from this file's place in it.
let packageFolder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

/// A text file of the package.
struct TextFile: Sendable, CustomTestStringConvertible {
    /// Where it lies, from the package's folder.
    let path: String
    let lines: [String]

    init(path: String, lines: [String]) {
        self.path = path
        self.lines = lines
    }

    init(_ path: String) throws {
        self.path = path
        let text = try String(contentsOf: packageFolder.appending(path: path), encoding: .utf8)
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    var testDescription: String { path }

    /// The files below a folder whose names end in `suffix`.
    static func all(under folder: String, suffix: String) throws -> [TextFile] {
        let names = try FileManager.default.subpathsOfDirectory(
            atPath: packageFolder.appending(path: folder).path(percentEncoded: false))
        return try names.filter { $0.hasSuffix(suffix) }.sorted().map { try TextFile("\(folder)/\($0)") }
    }

    /// The README, the guides and the articles.
    static func documents() throws -> [TextFile] {
        let articles = try all(under: "Sources", suffix: ".md").filter { $0.path.contains(".docc/") }
        return try [TextFile("README.md")] + all(under: "Docs", suffix: ".md") + articles
    }

    /// The programs that documents quote.
    static func examples() throws -> [TextFile] {
        try all(under: "Docs/Examples", suffix: ".swift")
    }
}
