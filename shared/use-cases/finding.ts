/** One thing that was looked at or done while connecting, and what to do about it. */
export interface Finding {
  readonly what: "environment" | "user" | "privileges" | "settings" | "endpoint" | "test change";
  readonly state: "fine" | "changed" | "wrong" | "skipped";
  readonly says: string;
  readonly todo?: readonly string[];
}
