import type { Found, Operation } from "../../shared/domain/registration/registration.ts";
import type { Registrar } from "../../shared/ports/registrar.ts";
import { applied, type State, stateOf } from "../shared/domain/registration/simulated.ts";

/** Dataverse's registrations in memory; every table has every column. */
export class MemoryRegistrar implements Registrar {
  state: State = stateOf({ endpoint: null, steps: [] });
  readonly operations: Operation[] = [];

  async find(): Promise<Found> {
    return this.state.found;
  }

  async columns(): Promise<ReadonlySet<string>> {
    return { has: () => true } as unknown as ReadonlySet<string>;
  }

  async underWay(): Promise<boolean> {
    return false;
  }

  async failing(): Promise<null> {
    return null;
  }

  async apply(operation: Operation): Promise<void> {
    this.operations.push(operation);
    this.state = applied(this.state, operation);
  }
}
