/** What names hold in the public DNS. */
export interface Dns {
  /** The values of a name's records of this type, none where there is no such; null where DNS could not be asked. */
  lookUp(type: string, name: string): Promise<readonly string[] | null>;
}
