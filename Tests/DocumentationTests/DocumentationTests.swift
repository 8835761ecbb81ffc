import Foundation
import Testing

/// What README, guides and articles show and refer to is there.
@Suite struct DocumentationTests {
    @Test(arguments: try TextFile.documents())
    func codeIsCompiled(document: TextFile) throws {
        let examples = try TextFile.examples()
        for block in CodeBlock.all(in: document) where block.language == "swift" {
            let place: Comment = "\(document.path):\(block.lineNumber)"
            if block.lines.first == "// Package.swift" {
                #expect(try isAboutThisPackage(block), "\(place) names a package or a product that is not this one")
            } else {
                #expect(
                    examples.contains { block.stands(in: $0) },
                    "\(place) shows code that is in no file of Docs/Examples:\n\(block.lines.joined(separator: "\n"))")
            }
        }
    }

    /// Whether what a block adds to a reader's `Package.swift` are this package's names.
    private func isAboutThisPackage(_ block: CodeBlock) throws -> Bool {
        let manifest = try TextFile("Package.swift").lines.joined(separator: "\n")
        let allowed = [
            "// Package.swift", "dependencies: [", "],", "]",
            #".package(path: "../swift-load-balancing")"#,
            #".executableTarget(name: "MyService", dependencies: ["#,
            #".product(name: "LoadBalancing", package: "swift-load-balancing")"#,
        ]
        return manifest.contains(#"name: "swift-load-balancing""#)
            && manifest.contains(#".library(name: "LoadBalancing""#)
            && block.lines.allSatisfy { line in
                let text = line.trimmingCharacters(in: .whitespaces)
                return text.isEmpty || allowed.contains(text) || allowed.contains { $0 + "," == text }
                    || text == "]),"
            }
    }

    @Test(arguments: try TextFile.documents())
    func linksLeadSomewhere(document: TextFile) throws {
        let folder = packageFolder.appending(path: document.path).deletingLastPathComponent()
        for (index, line) in document.lines.enumerated() {
            for match in line.matches(of: /\]\(([^)\s]+)\)/) {
                let target = match.1.prefix { $0 != "#" }
                guard !target.isEmpty, !target.contains(":") else { continue }
                let file = folder.appending(path: String(target)).path(percentEncoded: false)
                #expect(
                    FileManager.default.fileExists(atPath: file),
                    "\(document.path):\(index + 1) links to \(target), which is not there")
            }
        }
    }

    @Test func blocksAreFoundWhereverTheyAreIndented() {
        let lines = ["import A", "", "func f() {", "    if x {", "        y()", "    }", "}"]
        let file = TextFile(path: "Example.swift", lines: lines)
        func stands(_ lines: [String]) -> Bool {
            CodeBlock(language: "swift", lineNumber: 1, lines: lines).stands(in: file)
        }
        #expect(stands(["if x {", "    y()", "}"]))
        #expect(stands(["import A", "", "if x {", "    y()", "}"]))
        #expect(!stands(["import B", "", "if x {", "    y()", "}"]))
        #expect(!stands(["if x {", "  y()", "}"]))
        #expect(!stands(["if x {", "}"]))
        #expect(!stands([]))
    }
}
