import { api } from '../../api/api.js';
import { PagedList, Resource } from '../../api/resource.svelte.js';
import { Submission } from '../../api/submission.svelte.js';
import type { AllowedSource, DetectionPolicyVersion, DetectionPolicyView, DetectionSettings } from '../../api/types.js';
import { levels } from '../../live/levels.svelte.js';

/** Every setting with its value in force: what the form shows. */
export type Draft = {
  levels: Record<'medium' | 'high' | 'critical', number>;
  decisions: Record<'challengeFrom' | 'denyFrom', number>;
  weights: Record<string, number>;
  alerts: Record<string, { on: boolean; count?: number; windowMinutes?: number }>;
  allowed: AllowedSource[];
  responses: Record<
    RespondedSeverity,
    Record<'endSessions' | 'throttleSource' | 'challengeNext', boolean> &
      Record<'throttleMinutes' | 'challengeHours', number>
  >;
};
type Responses = NonNullable<DetectionSettings['responses']>;
export type RespondedSeverity = keyof Responses;

/** What holds: what was set over what Gatehouse comes with. */
export function draftOf(settings: DetectionSettings, defaults: DetectionSettings): Draft {
  const alerts = Object.entries(defaults.alerts ?? {}).map(([kind, usual]) => [
    kind,
    { ...usual, ...settings.alerts?.[kind as keyof NonNullable<DetectionSettings['alerts']>] },
  ]);
  return structuredClone({
    levels: { ...defaults.levels, ...settings.levels },
    decisions: { ...defaults.decisions, ...settings.decisions },
    weights: { ...defaults.weights, ...settings.weights },
    alerts: Object.fromEntries(alerts) as Draft['alerts'],
    allowed: settings.allowed ?? [],
    responses: Object.fromEntries(
      Object.entries(defaults.responses ?? {}).map(([severity, usual]) => [
        severity,
        { ...usual, ...settings.responses?.[severity as RespondedSeverity] },
      ]),
    ),
  }) as Draft;
}

/** The detection policy as it stands, as it is being changed, and as it was. */
export class DetectionPolicy {
  readonly stored = new Resource(api.detectionPolicy);
  readonly versions = new PagedList<DetectionPolicyVersion>((cursor) =>
    api.detectionPolicyVersions({ cursor, limit: 10 }),
  );
  readonly saving = new Submission();
  /** Null before the policy was loaded. */
  draft = $state<Draft | null>(null);
  reason = $state('');
  readonly inForce = $derived(this.stored.value && draftOf(this.stored.value.settings, this.stored.value.defaults));
  readonly usual = $derived(this.stored.value && draftOf({}, this.stored.value.defaults));
  readonly changed = $derived(JSON.stringify(this.draft) !== JSON.stringify(this.inForce));

  load = async (): Promise<void> => {
    await Promise.all([this.stored.load(), this.versions.load()]);
    this.reset();
  };

  reset(): void {
    this.draft = this.stored.value && draftOf(this.stored.value.settings, this.stored.value.defaults);
  }

  /** What the server is sent; it stores only what differs. */
  get settings(): DetectionSettings {
    return $state.snapshot(this.draft) as DetectionSettings;
  }

  /** @returns whether it was saved */
  save(): Promise<boolean> {
    return this.saving.run(async () => {
      const { settings, reason } = this;
      await this.take(await api.setDetectionPolicy({ settings, reason, basedOn: this.version }));
    });
  }

  /** Puts the settings of an earlier version in force again. @returns whether it was done */
  restore(version: number, reason: string): Promise<boolean> {
    return this.saving.run(async () => {
      await this.take(await api.restoreDetectionPolicy(version, { reason, basedOn: this.version }));
    });
  }

  get version(): number {
    return this.stored.value?.version ?? 0;
  }

  private async take(view: DetectionPolicyView): Promise<void> {
    this.stored.value = view;
    this.reason = '';
    this.reset();
    levels.take(view);
    await this.versions.load();
  }
}
