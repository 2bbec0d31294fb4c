import { z } from "zod";

/** What we read of Dataverse's answers about registrations. */

const endpoint = z.object({
  serviceendpointid: z.string(),
  url: z.string().nullish(),
  authtype: z.number().nullish(),
  description: z.string().nullish(),
});
export type EndpointAnswer = z.infer<typeof endpoint>;

export const endpointsAnswer = z.object({ value: z.array(endpoint) });

const image = z.object({
  sdkmessageprocessingstepimageid: z.string(),
  entityalias: z.string().nullish(),
  imagetype: z.number().nullish(),
  messagepropertyname: z.string().nullish(),
  attributes: z.string().nullish(),
});
export type ImageAnswer = z.infer<typeof image>;

const step = z.object({
  sdkmessageprocessingstepid: z.string(),
  mode: z.number().nullish(),
  stage: z.number().nullish(),
  filteringattributes: z.string().nullish(),
  statecode: z.number(),
  modifiedon: z.string().nullish(),
  "_modifiedby_value@OData.Community.Display.V1.FormattedValue": z.string().nullish(),
  sdkmessageid: z.object({ name: z.string().nullish() }).nullish(),
  sdkmessagefilterid: z.object({ primaryobjecttypecode: z.string().nullish() }).nullish(),
  sdkmessageprocessingstepid_sdkmessageprocessingstepimage: z.array(image).default([]),
});
export type StepAnswer = z.infer<typeof step>;

export const stepsAnswer = z.object({ value: z.array(step) });

export const filtersAnswer = z.object({
  value: z.array(z.object({ sdkmessagefilterid: z.string(), _sdkmessageid_value: z.string() })),
});

export const tablesAnswer = z.object({
  value: z.array(z.object({ Attributes: z.array(z.object({ LogicalName: z.string() })) })),
});

export const jobsAnswer = z.object({ value: z.array(z.object({ asyncoperationid: z.string() })) });

export const failedJobsAnswer = z.object({
  value: z.array(
    z.object({
      completedon: z.string().nullish(),
      message: z.string().nullish(),
      friendlymessage: z.string().nullish(),
    }),
  ),
});
