import type { AlertStatus, AlertView, RiskLevel } from '../api/types.js';

/** Whether another alert, of the same incident or one that it was merged into, stands for this one in lists. */
export const isFolded = ({ incident, mergedInto }: AlertView): boolean =>
  mergedInto !== null || (incident !== null && !incident.lead);

/** Whether nobody needs to do anything about it any more. */
export const isOver = (status: AlertStatus): boolean => status === 'resolved' || status === 'closed';

/** How bad an alert is, with the incident that it stands for. */
export const severityOf = ({ severity, incident }: AlertView): RiskLevel => incident?.severity ?? severity;
