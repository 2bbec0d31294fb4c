/** Tests run as native ES modules: the same files that Node runs, only their types removed. */
export default {
  testEnvironment: "node",
  extensionsToTreatAsEsm: [".ts"],
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { jsc: { target: "es2024", parser: { syntax: "typescript" } }, module: { type: "es6" } },
    ],
  },
  roots: ["<rootDir>/test"],
  testPathIgnorePatterns: ["/node_modules/", "/test/long/"],
  testTimeout: 60_000,
  // A socket that an SDK left open must not keep CI waiting; look for such with --detectOpenHandles.
  forceExit: true,
};
