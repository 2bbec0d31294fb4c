/** Closes a run with one plain line that any CI can read, after everything else that is said. */
export default class ClosingLine {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    process.on("exit", () => console.log(`\n${results.numPassedTests} passed, ${failed} failed`));
  }
}
