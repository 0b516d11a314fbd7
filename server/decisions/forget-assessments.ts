import type { Queryable } from '../platform/database/data-source.js';
import { deleteAssessments } from './store/assessments.js';

/** How long an outcome may be reported after the decision, in hours. */
const KEPT_HOURS = 24;

export const forgetAssessments = (database: Queryable): Promise<void> => deleteAssessments(database, KEPT_HOURS);
