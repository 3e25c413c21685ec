/** Which alerts are about a monitor. */
export type AlertRule =
  /** Those that carry all of these labels. */
  | { by: 'labels'; labels: Readonly<Record<string, string>> }
  /** Those whose labels name the model, and that name the monitor. */
  | {
      by: 'names';
      model: string;
      namespace: string;
      environment: string;
      monitor: string;
    };

export type Labels = Readonly<Record<string, string>>;

/** Whether an alert with these labels is about the monitor. */
export function isAbout(rule: AlertRule, labels: Labels): boolean {
  if (rule.by === 'labels') {
    return Object.entries(rule.labels).every(
      ([label, value]) => labels[label] === value,
    );
  }
  return (
    isSame(labels.model, rule.model) &&
    isSameIfSaid(labels.namespace, rule.namespace) &&
    isSameIfSaid(labels.environment, rule.environment) &&
    (labels.monitor !== undefined
      ? isSame(labels.monitor, rule.monitor)
      : holdsWords(labels.alertname ?? '', rule.monitor))
  );
}

function isSame(said: string | undefined, due: string): boolean {
  return said?.toLocaleLowerCase('en-US') === due.toLocaleLowerCase('en-US');
}

function isSameIfSaid(said: string | undefined, due: string): boolean {
  return said === undefined || isSame(said, due);
}

/** Whether `ModelLatencyP95High` holds the words of `latency-p95`, in this order. */
function holdsWords(alert: string, monitor: string): boolean {
  return ` ${words(alert)} `.includes(` ${words(monitor)} `);
}

function words(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .filter(word => word !== '')
    .join(' ')
    .toLocaleLowerCase('en-US');
}
