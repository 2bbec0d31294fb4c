import { app } from "@azure/functions";

app.http("health", {
  route: "api/health",
  methods: ["GET"],
  authLevel: "anonymous",
  handler: () => ({ jsonBody: { status: "up" } }),
});
