/** Where a deployment's settings are kept, for the command that connects it. */
export interface DeploymentSettings {
  /** As people call it: `the azd environment test`, `local.settings.json`. */
  readonly where: string;
  read(name: string): Promise<string | undefined>;
  /** Writes and, where it can, brings them into effect. Answers what is left to do, or null. */
  write(values: Readonly<Record<string, string>>): Promise<string | null>;
}
