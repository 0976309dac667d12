import ArgumentParser
import Foundation
import Journal

/// `roost journal …`
struct JournalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal", abstract: "Look after what is kept.", subcommands: [Check.self, Restore.self])

    /// `roost journal check [--data DIR]`
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Find out whether what is kept is sound.",
            discussion: """
                Checks the database's structure page by page, and that numbers run without holes, that joins and exits pair, that \
                nothing belongs to rooms that are gone, and that every GIF has its file. Changes nothing; a server may be running. \
                Exits with 0 if all is well, else with 1.
                """)

        @Option(help: "The data folder, or a backup.")
        var data = ProcessInfo.processInfo.environment["ROOST_DATA"] ?? "./data"

        func run() async throws {
            let path = "\(data)/\(DataArchive.database)"
            do {
                let check = try JournalCheck(path: path, files: "\(data)/\(DataArchive.files)")
                for problem in check.problems { print("✘ \(problem)") }
                print("\(check.rooms) rooms, \(check.events) events, \(check.people) people: \(check.problems.isEmpty ? "all is well" : "\(check.problems.count) problems")")
                if !check.problems.isEmpty { throw ExitCode(1) }
            } catch let problem as JournalProblem {
                fail("\(path): \(problem)", code: 1)
            }
        }
    }

    /// `roost journal restore BACKUP [--data DIR]`
    struct Restore: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put a backup in the place of a data folder.",
            discussion: """
                The data folder must not be there, or be empty: move an old one away first. The backup stays as it is. What came \
                after the backup is not in it: members who saw more start anew from the latest page.
                """)

        @Option(help: "The data folder that is to be.")
        var data = ProcessInfo.processInfo.environment["ROOST_DATA"] ?? "./data"

        @Argument(help: "A folder that the console's 'backup' has made.")
        var backup: String

        func run() async throws {
            if let there = try? FileManager.default.contentsOfDirectory(atPath: data), !there.isEmpty {
                fail("\(data) is not empty, and was left as it is: move it away first", code: 1)
            }
            let unfinished = data + ".unfinished"
            do {
                let check = try JournalCheck(path: "\(backup)/\(DataArchive.database)", files: "\(backup)/\(DataArchive.files)")
                if let problem = check.problems.first { fail("\(backup) is not sound, and was not restored: \(problem)", code: 1) }
                try FileManager.default.copyItem(atPath: backup, toPath: unfinished)
                for name in DataArchive.passing { unlink("\(unfinished)/\(name)") }
                chmod(unfinished, 0o700)
                try SQLiteJournal.mark("\(unfinished)/\(DataArchive.database)")
                rmdir(data)
                guard rename(unfinished, data) == 0 else { fail("\(data) cannot be made: \(String(cString: strerror(errno)))", code: 1) }
                print("Restored to \(data): \(check.rooms) rooms, \(check.events) events, \(check.people) people. Start the server with --data \(data).")
            } catch let problem as JournalProblem {
                fail("\(backup)/\(DataArchive.database): \(problem)", code: 1)
            } catch {
                try? FileManager.default.removeItem(atPath: unfinished)
                fail("\(backup) was not restored: \(error.localizedDescription)", code: 1)
            }
        }
    }
}
