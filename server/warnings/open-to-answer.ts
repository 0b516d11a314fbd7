/**
 * As `warned`: people below, of the table `below` that the statement has already, about whom an alert waits for an answer, with the worst of
 * their alerts.
 */
export const withWarned = `
  warned AS (
    SELECT w.person_id, max(a.severity) AS severity, (array_agg(a.id ORDER BY a.severity DESC, a.raised_at DESC))[1] AS alert_id
    FROM warnings w JOIN alerts a ON a.id = w.alert_id JOIN below b ON b.id = w.person_id
    WHERE a.status NOT IN ('resolved', 'closed') AND NOT EXISTS (SELECT FROM warning_answers n WHERE n.alert_id = a.id AND n.answer <> 'asking')
    GROUP BY w.person_id)`;
