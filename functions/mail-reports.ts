import { app, type InvocationContext } from "@azure/functions";
import { services } from "../shared/services.ts";
import { consume } from "../shared/use-cases/consume.ts";
import { receiveReport } from "../shared/use-cases/receive-report.ts";
import { mailReport } from "../shared/wire/mail-report.ts";
import { deliveryOf } from "./bus-delivery.ts";

/** Event Grid's events of Communication Services: another type of event is none of ours, and no fault. */
export async function mailReports(message: unknown, context: InvocationContext, deps = services()): Promise<void> {
  const report = mailReport.safeParse(message);
  if (!report.success) return;
  await consume(
    { source: "mail-reports", body: message, ...deliveryOf(context) },
    async () => {
      const outcome = await receiveReport(report.data, deps);
      deps.measure.count("parcours.mail.reports", { outcome });
      context.log("mail report", { operation: report.data.operation, status: report.data.status, outcome });
    },
    deps,
  );
}

app.serviceBusTopic("mail-reports", {
  connection: "ServiceBus",
  topicName: "mail-reports",
  subscriptionName: "deliveries",
  handler: (message, context) => mailReports(message, context),
});
