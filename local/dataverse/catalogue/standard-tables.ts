import { audit } from "./audit.ts";
import { businessUnit, organization, systemUser, transactionCurrency } from "./organisation.ts";
import { account, contact, lead } from "./people.ts";
import { asyncOperation, sdkMessage, sdkMessageFilter, serviceEndpoint, step, stepImage } from "./platform.ts";
import { opportunity, quote, salesOrder, salesOrderDetail } from "./sales.ts";
import { contract, incident, incidentResolution, team } from "./service.ts";
import type { Table } from "./types.ts";

/** The tables that every environment has, customised or not. */
export const STANDARD_TABLES: readonly Table[] = [
  account,
  contact,
  lead,
  incident,
  incidentResolution,
  contract,
  opportunity,
  quote,
  salesOrder,
  salesOrderDetail,
  systemUser,
  team,
  businessUnit,
  transactionCurrency,
  organization,
  serviceEndpoint,
  sdkMessage,
  sdkMessageFilter,
  step,
  stepImage,
  asyncOperation,
  audit,
];
