/** Import arrows of the design: a wrong one fails the build. */
const only = (name, from, to, comment) => ({
  name,
  comment,
  severity: "error",
  from: { path: from },
  to: { path: "^(functions|shared|local|sandbox|test|bench|scripts)/", pathNot: to },
});

const services = "^shared/(services|config)\\.ts$";
const errors = "^shared/errors\\.ts$";

module.exports = {
  forbidden: [
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    only(
      "functions",
      "^functions/",
      ["^functions/", "^shared/(use-cases|wire)/", services],
      "functions → services, use-cases, wire",
    ),
    only(
      "use-cases",
      "^shared/use-cases/",
      ["^shared/(use-cases|domain|stores|ports|wire)/", errors],
      "use-cases → domain, stores, ports, wire, errors",
    ),
    only(
      "stores",
      "^shared/stores/",
      ["^shared/(stores|ports|domain|wire)/", errors],
      "stores → ports, domain, wire, errors",
    ),
    only(
      "adapters",
      "^shared/adapters/",
      ["^shared/adapters/", "^shared/(ports|wire|domain)/", errors],
      "adapters → ports, wire, errors, domain's types",
    ),
    only("ports", "^shared/ports/", ["^shared/(ports|domain|wire)/", errors], "ports → the domain's words"),
    only("wire", "^shared/wire/", ["^shared/(wire|domain)/", errors], "wire → domain"),
    only("domain", "^shared/domain/", ["^shared/domain/", errors], "domain → itself and zod"),
    {
      name: "domain-is-pure",
      comment: "no Azure, no node:, no I/O in the domain",
      severity: "error",
      from: { path: "^shared/domain/" },
      to: { dependencyTypes: ["core", "npm", "npm-dev"], pathNot: "node_modules/zod/" },
    },
    only("local", "^local/", ["^local/"], "local knows the platform's contracts, never the app"),
    only(
      "dataverse-alone",
      "^local/dataverse/",
      ["^local/(dataverse|clock)/"],
      "the stand-in knows Dataverse, nothing else",
    ),
    only("sandbox", "^sandbox/", ["^sandbox/"], "the sandbox speaks HTTP only"),
    {
      name: "open-telemetry-behind-its-port",
      comment: "everybody else measures through shared/ports/measure.ts",
      severity: "error",
      from: { path: "^(functions|shared)/", pathNot: "^shared/adapters/open-telemetry/" },
      to: { path: "node_modules/@(opentelemetry|azure/monitor-opentelemetry)" },
    },
    {
      name: "no-dev-dependency-in-the-product",
      severity: "error",
      from: { path: "^(functions|shared)/" },
      to: { dependencyTypes: ["npm-dev"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: [".ts", ".js"], conditionNames: ["import", "node", "default"] },
  },
};
