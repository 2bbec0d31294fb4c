import { jest } from "@jest/globals";

// Azurite may stall for tens of seconds: every story waits for it.
jest.setTimeout(600_000);
process.env.PARCOURS_TEST_STORE = "azure-tables";

for (const story of ["after-the-case", "several", "operate"]) await import(`../journeys/${story}.test.ts`);
