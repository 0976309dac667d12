// swift-tools-version: 6.2
import PackageDescription

let swift: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
    // Debug builds, which the tests run, check every access; a release need not pay for it at each.
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]
let c: [CSetting] = [.unsafeFlags(["-std=c17", "-Wall", "-Wextra", "-Werror"])]

let package = Package(
    name: "roost",
    products: [.executable(name: "roost", targets: ["roost"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections.git", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1", traits: []),
        .package(url: "https://github.com/LebJe/TOMLKit.git", from: "0.6.0"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "CLua", pkgConfig: "lua5.4", providers: [.apt(["liblua5.4-dev"])]),
        .target(name: "CLuaShim", dependencies: ["CLua"], cSettings: c),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CMalloc"),
        .target(name: "SocketIO", dependencies: ["JSONText"], swiftSettings: swift),
        .target(name: "EntityTags", swiftSettings: swift),
        .target(name: "ProxyAddress", swiftSettings: swift),
        .target(name: "MessageDeflate", dependencies: ["CZlib"], swiftSettings: swift),
        .target(name: "CLineEditor", cSettings: c, linkerSettings: [.linkedLibrary("readline")]),

        .target(name: "LuaSyntax", swiftSettings: swift),
        .target(name: "LuaHost", dependencies: ["CLuaShim"], swiftSettings: swift),
        .target(
            name: "RoomEngine",
            dependencies: [
                "ChatText",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HeapModule", package: "swift-collections"),
            ],
            swiftSettings: swift),
        .target(name: "ChatText", swiftSettings: swift),
        .target(name: "LinearRegex", swiftSettings: swift),
        .target(name: "JSONText", swiftSettings: swift),
        .target(name: "GIFInspection", swiftSettings: swift),
        .target(
            name: "Plugins",
            dependencies: [
                "ChatText", "JSONText", "LinearRegex", "LuaHost", "LuaSyntax", "RoomEngine",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: swift),
        .target(
            name: "OutgoingHTTP",
            dependencies: [
                "Plugins", "ProxyAddress",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPCompression", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: swift),
        .target(
            name: "Journal",
            dependencies: ["RoomEngine", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: swift),
        .target(
            name: "Transports",
            dependencies: [
                "EntityTags", "GIFInspection", "JSONText", "MessageDeflate", "ProxyAddress", "RoomEngine", "SocketIO",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: swift),
        .target(
            name: "Console",
            dependencies: [
                "ChatText", "CLineEditor", "JSONText", "Plugins", "RoomEngine",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: swift),
        .executableTarget(
            name: "roost",
            dependencies: [
                "CMalloc", "Console", "Journal", "JSONText", "OutgoingHTTP", "Plugins", "ProxyAddress", "RoomEngine", "Transports",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "TOMLKit", package: "TOMLKit"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: swift),

        .testTarget(name: "GIFInspectionTests", dependencies: ["GIFInspection"], swiftSettings: swift),
        .testTarget(name: "ChatTextTests", dependencies: ["ChatText"], swiftSettings: swift),
        .testTarget(name: "LinearRegexTests", dependencies: ["LinearRegex"], swiftSettings: swift),
        .testTarget(
            name: "OutgoingHTTPTests",
            dependencies: [
                "OutgoingHTTP", "Plugins", "ProxyAddress",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: swift),
        .testTarget(name: "MessageDeflateTests", dependencies: ["MessageDeflate"], exclude: ["fixtures.py"], swiftSettings: swift),
        .testTarget(name: "EntityTagsTests", dependencies: ["EntityTags"], swiftSettings: swift),
        .testTarget(name: "JournalTests", dependencies: ["Journal", "RoomEngine"], swiftSettings: swift),
        .testTarget(
            name: "TransportsTests",
            dependencies: [
                "JSONText", "RoomEngine", "Transports",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: swift),
        .testTarget(name: "ProxyAddressTests", dependencies: ["ProxyAddress"], swiftSettings: swift),
        .testTarget(name: "RoomEngineTests", dependencies: ["RoomEngine"], swiftSettings: swift),
        .testTarget(name: "SocketIOTests", dependencies: ["JSONText", "SocketIO"], swiftSettings: swift),
        .testTarget(name: "PluginsTests", dependencies: ["Journal", "LuaHost", "Plugins", "RoomEngine"], swiftSettings: swift),
        .testTarget(name: "LuaSyntaxTests", dependencies: ["LuaSyntax"], swiftSettings: swift),
        .testTarget(name: "LuaHostTests", dependencies: ["LuaHost"], swiftSettings: swift),
    ]
)
