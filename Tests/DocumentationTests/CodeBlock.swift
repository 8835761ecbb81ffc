/// A block of code in a document.
struct CodeBlock {
    /// What stands after the opening fence.
    let language: String
    /// The line of the opening fence, counted from 1.
    let lineNumber: Int
    let lines: [String]

    /// The blocks of a document between fences of three backticks.
    static func all(in document: TextFile) -> [CodeBlock] {
        var blocks: [CodeBlock] = []
        var start: Int?
        for (index, line) in document.lines.enumerated() {
            let trimmed = line.drop { $0 == " " }
            guard trimmed.hasPrefix("```") else { continue }
            guard let opening = start else {
                start = index
                continue
            }
            let language = document.lines[opening].drop { $0 == " " || $0 == "`" }
            blocks.append(
                CodeBlock(
                    language: String(language), lineNumber: opening + 1,
                    lines: document.lines[(opening + 1)..<index].withoutCommonIndentation))
            start = nil
        }
        return blocks
    }

    /// Whether the block stands in `file`: its imports anywhere, the rest in one piece, indented as it may be.
    func stands(in file: TextFile) -> Bool {
        let imports = lines.prefix { $0.hasPrefix("import ") }
        let body = Array(lines.dropFirst(imports.count).drop { $0.isEmpty })
        guard imports.allSatisfy(file.lines.contains), let first = body.first else { return false }
        return file.lines.indices.contains { start in
            guard start + body.count <= file.lines.count, file.lines[start].hasSuffix(first) else { return false }
            return file.lines[start..<(start + body.count)].withoutCommonIndentation == body
        }
    }
}

extension Collection<String> {
    /// The lines without the spaces that all of them begin with; empty lines do not count.
    var withoutCommonIndentation: [String] {
        let indentation = filter { !$0.isEmpty }.map { $0.prefix { $0 == " " }.count }.min() ?? 0
        return map { String($0.dropFirst(indentation)) }
    }
}
