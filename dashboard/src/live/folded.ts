import type { AlertView, RiskLevel } from '../api/types.js';

/** Whether another alert of the same incident stands for this one in lists. */
export const isFolded = ({ incident }: AlertView): boolean => incident !== null && !incident.lead;

/** How bad an alert is, with the incident that it stands for. */
export const severityOf = ({ severity, incident }: AlertView): RiskLevel => incident?.severity ?? severity;
