import { Generations } from './generations.js';
import type { Profile } from './profile.js';

/** A profile that changed since it was last taken. */
export interface DirtyProfile {
  subjectKey: string;
  profile: Profile;
}

/**
 * Profiles near at hand. Before a batch is judged the caller asks `has` for each subject and `put`s what the database
 * has (null = nothing there); afterwards it stores what `takeDirty` gives. Changed profiles stay until taken.
 */
export class ProfileStore {
  private readonly held: Generations<string, Profile>;
  /** Apart from the profiles, so that a flood of invented names can't push real ones out. */
  private readonly absent: Generations<string, true>;
  private dirty = new Map<string, Profile>();

  /** @param capacity profiles of one generation (at most twice as many are held, about 3 kB each) */
  constructor(capacity: number) {
    this.held = new Generations(capacity);
    this.absent = new Generations(capacity);
  }

  has(subjectKey: string): boolean {
    return this.held.has(subjectKey) || this.dirty.has(subjectKey) || this.absent.has(subjectKey);
  }

  get(subjectKey: string): Profile | undefined {
    return this.held.get(subjectKey) ?? this.dirty.get(subjectKey);
  }

  put(subjectKey: string, profile: Profile | null): void {
    if (profile === null) this.absent.set(subjectKey, true);
    else this.held.set(subjectKey, profile);
  }

  /** Notes that a profile is new or was changed in place. */
  changed(subjectKey: string, profile: Profile): void {
    if (!this.dirty.has(subjectKey)) {
      this.dirty.set(subjectKey, profile);
      this.absent.delete(subjectKey);
      this.held.set(subjectKey, profile);
    }
  }

  /** Puts another profile, or none, in the place of the one at hand; storing it is up to the caller. */
  replace(subjectKey: string, profile: Profile | undefined): void {
    this.dirty.delete(subjectKey);
    this.held.delete(subjectKey);
    this.absent.delete(subjectKey);
    this.put(subjectKey, profile ?? null);
  }

  takeDirty(): DirtyProfile[] {
    const taken = Array.from(this.dirty, ([subjectKey, profile]) => ({ subjectKey, profile }));
    this.dirty = new Map();
    return taken;
  }
}
